"""An older dump is restored and the log is filled from a copy (docs/operations.md).

What happened in the lost hours is applied again: the weeks go on, and the log accuses nobody.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest
from support.line import INDEX, MONDAY, Citizen, Line
from support.restored import DAY, accused, dumped, filled, live_on, now_at, restored
from support.witnesses import Witness

from publicmeeting.domain.errors import Refusal
from publicmeeting.domain.line.history import is_out
from publicmeeting.domain.roles import Actor
from publicmeeting.domain.stages import Action, Stage
from publicmeeting.kit.clock import at_tehran
from publicmeeting.store.unit_of_work import Store
from publicmeeting.text.filing import filing_text
from publicmeeting.turns.formulas import CITY
from publicmeeting.turns.kinds import Kind
from publicmeeting.turns.log import Entry
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.filing.lost import SHOWN_FOR, lost_filings
from publicmeeting.usecases.screening.calls import calls
from publicmeeting.worker import recovery

NONE: tuple[int, ...] = ()
LONGEST = -9
"""Days from a Monday to a dump that lacks everything from the close of its line on."""


@pytest.mark.parametrize(
    ("day", "hour"),
    [(LONGEST, "12:00"), (-5, "19:00")],
    ids=["before an opening", "before the draw"],
)
def test_a_draw_is_held_as_the_log_has_it(line: Line, tmp_path: Path, day: int, hour: str) -> None:
    people = line.file(9)
    line.until(MONDAY + day * DAY, hour)
    before = dict[str, tuple[str, int]]()

    def hours() -> None:
        line.until(MONDAY - 5 * DAY, "20:05")
        before.update({person.code: (person.stage, person.waited) for person in people})

    back, found = restored(line, tmp_path, hours)
    people = now_at(back, people)
    assert {person.code: (person.stage, person.waited) for person in people} == before
    assert found.in_log_alone == NONE
    if day == LONGEST:
        live_on(back, people)
    assert accused(back) == []


def test_what_a_witness_said_is_in_the_draw(line: Line, tmp_path: Path) -> None:
    line.file(9)
    council = Witness(line, "council")

    def hours() -> None:
        council.commits()
        line.until(MONDAY - 6 * DAY, "20:00")
        council.shows()
        line.until(MONDAY - 5 * DAY, "19:00")
        council.enters(INDEX)
        line.until(MONDAY - 5 * DAY, "20:05")

    back, found = restored(line, tmp_path, hours)
    assert found.in_log_alone == NONE
    assert set(back.draw().file["reveals"]) == {CITY, "council"}
    assert accused(back) == []


NEXT = {"monday": (MONDAY + 7 * DAY).isoformat()}
DONE: dict[Action, tuple[dict[str, str], str]] = {
    Action.CONFIRM: ({}, "confirmed"),
    Action.GIVE_UP_SEAT: ({}, "waiting"),
    Action.MOVE_ONCE: (NEXT, "waiting"),
    Action.WITHDRAW: ({}, "withdrawn"),
}
"""What a guest does, with which fields, and her stage afterwards."""


def test_what_they_did_with_their_seats_is_done(line: Line, tmp_path: Path) -> None:
    people = line.drawn(9)
    guests = [person for person in people if person.stage == "invited"]
    did = dict(zip(DONE, guests, strict=False))

    def hours() -> None:
        for action, guest in did.items():
            guest.does(action, **DONE[action][0])

    back, found = restored(line, tmp_path, hours)
    assert found.in_log_alone == NONE
    stages = {action: replace(guest, line=back).stage for action, guest in did.items()}
    assert stages == {action: stage for action, (_, stage) in DONE.items()}
    live_on(back, now_at(back, people))
    assert accused(back) == []


def test_a_monday_she_left_out_stays_so(line: Line, tmp_path: Path) -> None:
    people = line.file(9)
    back, found = restored(line, tmp_path, lambda: people[0].does(Action.EXCLUDE, **NEXT))
    assert found.in_log_alone == NONE
    assert is_out(replace(people[0], line=back).request, MONDAY + 7 * DAY)


def test_whose_request_is_lost_has_its_place_until_a_desk_ends_it(
    line: Line, tmp_path: Path
) -> None:
    """The log has her in the lists: her seat lapses, and goes to a standby like every other."""
    people = line.file(9)
    back, found = restored(line, tmp_path, lambda: line.file(1))
    assert found.in_log_alone == NONE
    people = now_at(back, people)
    back.until(MONDAY - 4 * DAY, "12:00")
    live_on(back, people)
    assert accused(back) == []


def test_citizens_read_of_filings_that_were_lost(line: Line, tmp_path: Path) -> None:
    def hours() -> None:
        for _ in range(2):
            line.file(1)
            line.clock.forward(hours=1)

    back, _ = restored(line, tmp_path, hours)
    application = back.city.application
    found = application.query_as(Actor(), lost_filings, Nothing())
    assert found is not None
    assert (found.number, found.last - found.first) == (2, timedelta(hours=1))
    back.clock.set(found.last + SHOWN_FOR - timedelta(seconds=1))
    assert application.query_as(Actor(), lost_filings, Nothing()) is not None
    back.clock.set(found.last + SHOWN_FOR)
    assert application.query_as(Actor(), lost_filings, Nothing()) is None


def test_a_desk_ends_what_stands_in_for_a_lost_request(line: Line, tmp_path: Path) -> None:
    back, _ = restored(line, tmp_path, lambda: line.file(1))
    with back.reading() as uow:
        (code,) = [request.name for request in uow.inspection.requests()]
        found = uow.requests.find(code)
    assert found is not None
    assert found.title == filing_text.LOST_TITLE
    stand_in = Citizen(back, Actor(person_id=found.person_id), code)
    back.official("desk", stand_in, Action.DECLINE, reason="other_body", note="پرونده از دست رفت.")
    back.until(MONDAY + 8 * DAY, "12:00")
    assert back.entries("draw")[0]["seated"] == 0
    assert accused(back) == []
    waiting = back.city.application.query_as(back.city.as_("phone"), calls, Nothing()).waiting
    assert waiting == (), "nobody could make these calls"


def test_no_card_opens_what_stands_in_for_a_lost_request(line: Line, tmp_path: Path) -> None:
    """Its ticket is public, and neither the ticket nor its end is a number of a card."""
    back, _ = restored(line, tmp_path, lambda: line.file(1))
    back.until(MONDAY - 4 * DAY, "12:00")
    with back.reading() as uow:
        (row,) = uow.inspection.requests()
        request = uow.requests.by_id(row.id)
    assert request.stage is Stage.INVITED
    stand_in = Citizen(back, Actor(person_id=request.person_id), request.code)
    back.clock.set(at_tehran(MONDAY, "08:50"))
    for typed in (request.ticket, request.ticket.upper(), request.ticket[-4:]):
        with pytest.raises(Refusal):
            back.official("reception", stand_in, Action.ARRIVE, identity=typed)


def test_a_fill_that_was_killed_goes_on_from_where_it_came_to(
    line: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = line.file(9)
    line.until(MONDAY - 6 * DAY, "11:00")
    back, copy = dumped(line, tmp_path, lambda: line.until(MONDAY - 5 * DAY, "20:05"))
    real, entries = recovery._count_redone, count()

    def dies(store: Store, lost: Sequence[Entry]) -> int:
        if next(entries) == 3:
            raise KeyboardInterrupt
        return real(store, lost)

    monkeypatch.setattr(recovery, "_count_redone", dies)
    with pytest.raises(KeyboardInterrupt):
        filled(back, copy)
    assert filled(back, copy).in_log_alone == NONE
    people = now_at(back, people)
    assert {person.stage for person in people} == {"invited", "waiting"}
    assert accused(back) == []


def test_doctor_names_whose_answer_is_in_the_log_alone(
    line: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = line.drawn(9)
    hers = next(person for person in people if person.stage == "invited")
    monkeypatch.setattr(recovery, "_count_redone", lambda *_: 0)
    back, _ = restored(line, tmp_path, lambda: hers.does(Action.CONFIRM))
    assert [one for one in accused(back) if "is invited, by the log confirmed" in one]
    line.expected.add("is invited, by the log confirmed")


def test_what_cannot_be_done_again_is_written_by_no_clock_a_second_time(
    line: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Otherwise the log would accuse the city for ever; the clock logs what it could not do."""
    line.file(9)
    line.until(MONDAY - 6 * DAY, "11:00")
    monkeypatch.setattr(recovery, "_count_redone", lambda *_: 0)
    back, found = restored(line, tmp_path, lambda: line.until(MONDAY - 5 * DAY, "20:05"))
    assert found.in_log_alone
    back.worker.run_due()
    kinds = Counter((entry.kind, entry.body.get("draw")) for entry in back.log())
    assert {kinds[kind, back.draw().id] for kind in (Kind.FREEZE, Kind.DRAW)} == {1}
    assert [one for one in accused(back) if "public log" in one] == []
    line.overlooked.add("")
