"""The page of a displaced citizen: how the request comes back, and what happens to her seat."""

import pytest
from support.line import Line

from publicmeeting.domain.people import IdentityKind, Level
from publicmeeting.domain.stages import Action
from publicmeeting.text.lifecycle.stages_text import STAGE
from publicmeeting.text.tracking import case_text, my_page_text
from publicmeeting.ui.citizen.mine import page_view
from publicmeeting.ui.citizen.timeline.asked import ask_view
from publicmeeting.ui.citizen.timeline.moves import open_moves, request_moves
from publicmeeting.ui.citizen.timeline.status import status_view
from publicmeeting.ui.citizen.timeline.turn import turn_view
from publicmeeting.usecases.accounts.signing_in.proven import displace
from publicmeeting.usecases.base import Nothing, OneCase
from publicmeeting.usecases.identity import Proof
from publicmeeting.usecases.tracking.my_page import my_page
from publicmeeting.usecases.tracking.timeline import timeline_page
from publicmeeting.usecases.tracking.turn import my_turn

OTHER = "+989350000077"


def test_she_reads_what_to_do(line: Line) -> None:
    citizen = next(one for one in line.drawn(4) if one.stage == "invited")
    proof = Proof(
        IdentityKind.NATIONAL, citizen.identity, Level.VERIFIED, "sso:my", "نام کارت", OTHER
    )
    with line.city.application.store.unit_of_work(line.clock.now) as uow:
        displace(uow, uow.people.get(citizen.request.person_id), proof, line.clock.now)
    command = OneCase(code=citizen.code)
    page = line.city.application.query_as(citizen.actor, timeline_page, command)
    turn = line.city.application.query_as(citizen.actor, my_turn, command)
    moves = request_moves(page.steps, turn)
    shown = ask_view(page, moves)
    assert Action.UNDO in {move.action for move in shown.moves}
    assert shown.until.startswith(case_text.RECLAIM)


@pytest.mark.parametrize("action", [Action.ASK_INFO, Action.DECLINE])
def test_while_something_is_asked_of_her_she_reads_it_too(line: Line, action: Action) -> None:
    (citizen,) = line.file(1, accepted=False)
    fields = {"reason": "other_body"} if action is Action.DECLINE else {}
    line.official("desk", citizen, action, note="نشانی دقیق کجاست؟", **fields)
    proof = Proof(
        IdentityKind.NATIONAL, citizen.identity, Level.VERIFIED, "sso:my", "نام کارت", OTHER
    )
    with line.city.application.store.unit_of_work(line.clock.now) as uow:
        displace(uow, uow.people.get(citizen.request.person_id), proof, line.clock.now)
    command = OneCase(code=citizen.code)
    page = line.city.application.query_as(citizen.actor, timeline_page, command)
    turn = line.city.application.query_as(citizen.actor, my_turn, command)
    shown = ask_view(page, open_moves(page, turn).request)
    (move,) = shown.moves
    assert (move.action, move.label) == (Action.UNDO, case_text.RECLAIM_BUTTON)
    # Her silence ends nothing at this deadline, so no text says that it does.
    assert (shown.until, shown.left) == (case_text.RECLAIM_ASKED, "")
    assert status_view(page, None).head == case_text.STATUS_DISPLACED
    # The request is in no line, so there is no estimate of its turn.
    assert turn_view(page, turn, ()).wait.sentence == ""


@pytest.mark.parametrize("action", [Action.DECLINE, None])
def test_her_list_says_so_too_and_asks_her_nothing(line: Line, action: Action | None) -> None:
    (citizen,) = line.file(1, accepted=False)
    if action:
        fields = {"reason": "other_body"} if action is Action.DECLINE else {}
        line.official("desk", citizen, action, note="نشانی دقیق کجاست؟", **fields)
    before = page_view(line.city.application.query_as(citizen.actor, my_page, Nothing()))
    (row,) = (*before.open_rows, *before.past_rows)
    assert row.badge.word in {my_page_text.YOUR_ANSWER, *STAGE.values()}
    proof = Proof(
        IdentityKind.NATIONAL, citizen.identity, Level.VERIFIED, "sso:my", "نام کارت", OTHER
    )
    with line.city.application.store.unit_of_work(line.clock.now) as uow:
        displace(uow, uow.people.get(citizen.request.person_id), proof, line.clock.now)
    page = page_view(line.city.application.query_as(citizen.actor, my_page, Nothing()))
    (row,) = (*page.open_rows, *page.past_rows)
    assert (row.badge.word, row.note) == (my_page_text.DISPLACED, my_page_text.DISPLACED_NOTE)
    assert row.tile.kind == "glazed"
