"""Orders of a citizen whose identity somebody else has proved.

Nobody answers in her name, nothing ends by silence, and by her card she has them back.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest
from support.city import City
from support.once import once
from support.together import refusal
from support.walk import WalkedCase, a_request

from publicmeeting.domain.people import IdentityKind, Level
from publicmeeting.domain.records import Order, Person
from publicmeeting.domain.roles import Actor, Grant, Role
from publicmeeting.domain.stages import OrderAction, OrderStage, Stage
from publicmeeting.notify.wording import about, notice_text
from publicmeeting.text.notices.citizen_notices_text import DISPLACED
from publicmeeting.text.tracking import case_text
from publicmeeting.ui.citizen.timeline.moves import open_moves
from publicmeeting.ui.citizen.timeline.status import status_view
from publicmeeting.usecases.accounts.signing_in.proven import displace
from publicmeeting.usecases.base import OneCase
from publicmeeting.usecases.identity import Proof
from publicmeeting.usecases.line.objections.undoing import undo_leaving
from publicmeeting.usecases.orders.steps import TakeOrderStep, take_order_step
from publicmeeting.usecases.tracking.timeline import timeline_page
from publicmeeting.usecases.tracking.turn import my_turn

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
OTHER = "+989350000077"


@pytest.fixture
def promised(city: City) -> WalkedCase:
    """A case with one order, which its unit has taken on."""
    walked = a_request(city, Stage.FOLLOW_UP)
    by_unit(walked, "take_on")
    return walked


def by_unit(walked: WalkedCase, action: str, **fields: object) -> None:
    command = TakeOrderStep.model_validate(
        {"number": order(walked).number, "action": action, **fields}
    )
    walked.city.application.execute_as(walked.city.as_("technical"), take_order_step, command)


def order(walked: WalkedCase) -> Order:
    application = walked.city.application
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        return uow.orders.of_request(walked.request.id)[0]


def says(walked: WalkedCase, action: str, **fields: object) -> Order:
    command = TakeOrderStep.model_validate(
        {"number": order(walked).number, "action": action, **fields}
    )
    return walked.city.application.execute_as(herself(walked), take_order_step, command)


def herself(walked: WalkedCase) -> Actor:
    """Return the citizen, signed in by a code on her phone at any time."""
    return Actor(person_id=walked.request.person_id, grants=(Grant(Role.CITIZEN),))


def is_displaced(walked: WalkedCase) -> Person:
    """Prove her identity from another mobile, whose owner says that the request is not his."""
    application, now = walked.city.application, walked.city.application.clock()
    identity = walked.who.identity
    proof = Proof(IdentityKind.NATIONAL, identity, Level.VERIFIED, "sso:my", "نام کارت", OTHER)
    with application.store.unit_of_work(now) as uow:
        holder = uow.people.get(walked.request.person_id)
        return displace(uow, holder, proof, now)


def comes_back(walked: WalkedCase, owner: Person) -> None:
    """Bring her back by her card at a desk and the mobile of her request, then by its page."""
    application = walked.city.application
    with application.store.unit_of_work(application.clock()) as uow:
        uow.people.set_mobile(owner.id, uow.people.get(walked.request.person_id).mobile)
    application.execute_as(herself(walked), undo_leaving, OneCase(code=walked.code))


ANSWERS = {
    OrderAction.REPORT: (
        (OrderAction.CONFIRM_DONE, {}),
        (OrderAction.CONTEST, {"note": "هنوز خراب است."}),
    ),
    OrderAction.ASK_CITIZEN: (
        (OrderAction.TELL_UNIT, {"note": "پلاک ۱۲"}),
        (OrderAction.ASK_NEWS, {"note": "چه خبر؟"}),
        (OrderAction.COMMENT, {"note": "یادداشت", "audience": "unit"}),
    ),
}


@pytest.mark.on_postgresql
@pytest.mark.parametrize("asked", ANSWERS)
def test_nobody_answers_in_her_name_and_she_has_it_back(
    promised: WalkedCase, asked: OrderAction
) -> None:
    by_unit(promised, asked, note="درخت کدام است؟")
    before = order(promised)
    owner = is_displaced(promised)
    words = {refusal(lambda s=step: says(promised, s[0], **s[1])).key for step in ANSWERS[asked]}
    assert words == {"person_displaced"}
    assert order(promised).history == before.history
    comes_back(promised, owner)
    action, fields = ANSWERS[asked][-1]
    assert says(promised, action, **fields).count(action) == 1
    with promised.line.reading() as uow:
        hers = uow.people.get(promised.request.person_id)
    assert (hers.identity, hers.level) == (promised.who.identity, Level.VERIFIED)


@dataclass(frozen=True, slots=True)
class Silent:
    """Seven weeks after she was displaced, with a report that nobody has answered."""

    case: WalkedCase
    owner: Person
    due_at: datetime
    """When her silence would have been a yes."""


def seven_weeks_later(city: City) -> Silent:
    walked = a_request(city, Stage.FOLLOW_UP)
    by_unit(walked, "take_on")
    by_unit(walked, "report", note="ترمیم شد.")
    due_at = order(walked).due_at
    assert due_at is not None
    owner = is_displaced(walked)
    walked.line.until((due_at + 7 * WEEK).date(), "12:00")
    return Silent(walked, owner, due_at)


@pytest.fixture
def silent(city: City) -> Silent:
    found = once(city.application, (__name__, "silent"), lambda: seven_weeks_later(city))
    return replace(found, case=replace(found.case, city=city))


def test_silence_says_no_yes_of_whoever_may_not_answer(silent: Silent) -> None:
    case, line = silent.case, silent.case.line
    assert order(case).stage is OrderStage.REPORTED
    with line.reading() as uow:
        notices = uow.outbox.of_request(case.request.id, "citizen")
        (notice,) = [one for one in notices if one.action == OrderAction.STAY_OPEN.value]
        text = notice_text(about(uow, notice, notice.at)).text
    assert text.startswith(DISPLACED[OrderAction.STAY_OPEN][1].partition("{")[0])
    comes_back(case, silent.owner)
    line.until((silent.due_at + 8 * WEEK).date(), "12:00")
    assert order(case).stage is OrderStage.REPORTED, "all the days of the table again"
    assert says(case, "contest", note="هنوز خراب است.").stage is OrderStage.CONTESTED


def test_after_eight_weeks_it_is_settled_as_every_report(silent: Silent) -> None:
    silent.case.line.until((silent.due_at + 8 * WEEK + 2 * DAY).date(), "12:00")
    assert order(silent.case).count(OrderAction.SETTLE) == 1
    assert order(silent.case).count(OrderAction.STAY_OPEN) == 1


def test_what_is_done_comes_back_while_she_may_open_it_again(promised: WalkedCase) -> None:
    by_unit(promised, "report", note="ترمیم شد.")
    says(promised, "confirm_done")
    assert promised.request.stage is Stage.CLOSED
    owner = is_displaced(promised)
    word = refusal(lambda: says(promised, "reopen", note="باز خراب شد."))
    assert word.key == "person_displaced"
    comes_back(promised, owner)
    assert says(promised, "reopen", note="باز خراب شد.").stage is OrderStage.CONTESTED


def test_its_page_offers_the_way_back_and_no_answer(promised: WalkedCase) -> None:
    by_unit(promised, "report", note="ترمیم شد.")
    is_displaced(promised)
    command, query = OneCase(code=promised.code), promised.city.application.query_now
    page = query(timeline_page, promised.keys, command)
    moves = open_moves(page, query(my_turn, promised.keys, command))
    assert [move.label for move in moves.request] == [case_text.RECLAIM_BUTTON]
    assert not any(moves.orders.values())
    assert status_view(page, None).head == case_text.STATUS_DISPLACED
