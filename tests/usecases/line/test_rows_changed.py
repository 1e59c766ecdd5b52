"""A database owner changes rows: the list follows the log, and the log reports the difference."""

import logging
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import col, text, update
from support.citizens import someone
from support.city import KEY
from support.line import DISTRICT, MATTER, MONDAY, Citizen, Line
from support.triggers import change_past_the_program, drop_triggers, write

from publicmeeting.domain.errors import Denied, Invalid, Unavailable
from publicmeeting.domain.records import Filing
from publicmeeting.domain.roles import Actor, Grant, Role
from publicmeeting.domain.stages import Action, Stage
from publicmeeting.kit.clock import at_tehran
from publicmeeting.store.database.rows.cases import RequestRow
from publicmeeting.store.database.rows.city import SeatRow
from publicmeeting.store.line import shared_book
from publicmeeting.store.unit_of_work import Store
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.turns.formulas import ticket
from publicmeeting.turns.kinds import Kind
from publicmeeting.turns.log import canonical
from publicmeeting.usecases.filing.submitting import file_request
from publicmeeting.usecases.oversight.books import tables_follow, tickets_are_hers
from publicmeeting.usecases.oversight.findings import Finding

DAY = timedelta(days=1)
SEATS = 8
SATURDAY, TUESDAY = MONDAY - 9 * DAY, MONDAY - 6 * DAY


def change(line: Line, who: Citizen, **what: object) -> None:
    """Change her row by an UPDATE, without the program."""
    with line.city.application.store.unit_of_work(line.clock.now) as uow:
        uow.connection.execute(
            update(RequestRow).where(col(RequestRow.code) == who.code).values(**what)
        )


def listed(line: Line) -> dict[str, dict[str, object]]:
    return {row["ticket"]: row for row in line.draw().file["pool"]}


def test_weeks_debts_and_wishes_in_a_row_give_nothing(line: Line) -> None:
    friends = line.file(3)
    cells = (("waited", 40, 0), ("debt", 1, 0), ("prefers", "early", "any"))
    expected = set()
    for friend, (key, changed, logged) in zip(friends, cells, strict=True):
        change(line, friend, **{key: changed})
        what = f"has {key} {changed}, the log says {logged}"
        expected.add(Finding(f"request {friend.code}", what))
    line.until(TUESDAY, "12:00")
    for friend, (key, _, logged) in zip(friends, cells, strict=True):
        assert listed(line)[friend.request.ticket][key] == logged
    with line.reading() as uow:
        assert set(tables_follow(uow, line.clock())) == expected
    line.expected.update(map(str, expected))
    assert [entry["draw"] for entry in line.entries(Kind.BOOKS_DIFFER)] == [line.draw().id]


@pytest.mark.on_postgresql
def test_an_entry_whose_row_is_changed_makes_no_list(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database owner does it with the triggers off, and leaves the hash of the entry."""
    monkeypatch.setattr(shared_book, "RETRY_SECONDS", 0.0)
    friend, *_ = line.file(3)
    line.until(TUESDAY, "11:00")
    ticket, name = friend.request.ticket, line.draw().id
    filed = next(one for one in line.entries(Kind.FILED) if one["ticket"] == ticket)
    body, changed = canonical(filed), canonical({**filed, "district": 4})
    url = str(line.city.application.store.engine.url.render_as_string(hide_password=False))

    def rewrite(before: str, after: str) -> None:
        with line.city.application.store.unit_of_work(line.clock.now) as uow:
            drop_triggers(uow)
            values = {"before": before, "after": after}
            statement = "UPDATE public_log SET body = :after WHERE body = :before"
            assert uow.connection.execute(text(statement), values).rowcount == 1

    def rows() -> set[str]:
        with store.unit_of_work(line.clock.now) as uow:
            return {row.ticket for row in uow.line_book.first_list(name)[1]}

    with closing(Store(url, KEY)) as store:  # a process that has read nothing yet
        rewrite(body, changed)
        with pytest.raises(Unavailable, match="log_behind"):
            rows()
        rewrite(changed, body)
        assert ticket in rows(), "nothing of the changed row stays"


def test_a_kind_that_is_changed_makes_no_list_and_the_clock_says_one_sentence(
    line: Line, caplog: pytest.LogCaptureFixture
) -> None:
    """Other work goes on, and so does the line once the row is as it was."""
    store = line.city.application.store
    line.file(2)
    line.until(TUESDAY, "11:00")
    (was,) = {entry.kind for entry in line.log() if entry.seq == 2}
    change_past_the_program(store.engine, "UPDATE public_log SET kind = 'none' WHERE seq = 2")
    store._shared_book = shared_book.SharedBook()  # a process that has read nothing yet
    line.clock.set(at_tehran(TUESDAY, "12:00"))
    with caplog.at_level(logging.ERROR):
        line.worker.run_due()
    logged = [record for record in caplog.records if "the line" in record.getMessage()]
    assert logged
    assert {record.exc_info for record in logged} == {None}
    assert {record.getMessage().partition(": ")[2] for record in logged} == {
        "a row or the end of the public log is not what this city has signed; run doctor"
    }
    assert line.draw().state == "open"
    line.file(1, accepted=False)
    as_it_was = "UPDATE public_log SET kind = :was WHERE seq = 2"
    change_past_the_program(store.engine, as_it_was, was=was.value)
    store._shared_book = shared_book.SharedBook()  # the minute is over
    line.clock.forward(minutes=2)
    line.worker.run_due()
    assert line.draw().state == "frozen"


def test_a_request_that_is_in_no_row_any_more_is_missed(line: Line) -> None:
    """Deleted by hand, or lost with an old backup: her place is in the log."""
    gone, *_ = line.file(2)
    hers, other = gone.request.ticket, "0" * 64
    change(line, gone, ticket=other)
    with line.reading() as uow:
        found = set(map(str, tables_follow(uow, line.clock())))
    lost = Finding(f"ticket {hers[:8]}", "is in by the log, without a request")
    strange = Finding(f"request {gone.code}", "the log knows nothing of its ticket")
    assert found == {str(lost), str(strange)}
    line.expected.update({*found, str(_of_another(gone))})


def _of_another(who: Citizen) -> Finding:
    return Finding(f"request {who.code}", "belongs to another person than its ticket")


def test_a_seat_whose_row_leads_to_a_friend_gives_him_no_meeting(line: Line) -> None:
    """The robbed person is often an invented name of a broker, so nobody complains."""
    robbed = next(citizen for citizen in line.drawn(SEATS + 1) if citizen.stage == "invited")
    who = someone(51_001)
    with line.city.application.store.unit_of_work(line.clock.now) as uow:
        mobile = f"+98{who.mobile[1:]}"
        friend = uow.people.add("national", who.identity, who.name, mobile)
    change(line, robbed, person_id=friend.id, live_person=friend.id)
    with line.reading() as uow:
        assert list(tickets_are_hers(uow, line.clock())) == [_of_another(robbed)]
    line.expected.add(str(_of_another(robbed)))
    his = replace(robbed, actor=Actor(person_id=friend.id, grants=(Grant(Role.CITIZEN),)))
    his.does(Action.CONFIRM)
    seat = his.request.seat
    assert seat is not None
    line.until(MONDAY, seat.time)
    for typed, word in ((who.identity, "ticket_of_another"), (who.identity[-4:], "card_unproved")):
        with pytest.raises(Invalid, match=word):
            line.official("reception", his, Action.ARRIVE, identity=typed)
    with pytest.raises(Invalid, match="identity_mismatch"):
        line.official("reception", his, Action.ARRIVE, identity=robbed.identity)
    assert his.stage == "confirmed"


def filed_at_a_desk(line: Line) -> Citizen:
    """Return a citizen without a mobile."""
    who, desk = someone(51_001), line.city.as_("second_desk")
    with line.city.application.store.unit_of_work(line.clock.now) as uow:
        person = uow.people.add("national", who.identity, who.name, None)
        filing = Filing(person=person, district=DISTRICT, matter=MATTER)
        request = file_request(uow, desk, Role.DESK, line.clock.now, filing)
    hers = Actor(person_id=person.id, grants=(Grant(Role.CITIZEN),))
    return Citizen(line, hers, request.code, who.identity)


@pytest.mark.parametrize("is_by_desk", [False, True])
def test_weeks_are_not_washed_by_a_new_ticket_in_another_district(
    line: Line, *, is_by_desk: bool
) -> None:
    """After one UPDATE, an ordinary redirect would make every ticket fit its person.

    A citizen with many weeks could sell them, and no auditor would see to whom.
    """
    seller, other = line.file(2, accepted=False)
    seller = filed_at_a_desk(line) if is_by_desk else seller
    old, who = seller.request.ticket, someone(51_002)
    with line.city.application.store.unit_of_work(line.clock.now) as uow:
        mobile = f"+98{who.mobile[1:]}"
        friend = uow.people.add("national", who.identity, who.name, mobile)
    change(line, seller, person_id=friend.id, live_person=friend.id)
    with pytest.raises(Denied, match="redirect_of_another") as refused:
        line.official("desk", seller, Action.REDIRECT, district="4", note="این خیابان آنجاست.")
    assert "آمدنش" not in refusal(refused.value.key), "nobody has come to a desk's redirect"
    salt, number = "5" * 64, 4
    sealed = line.city.application.store.vault.seal("request.salt", seller.request.id, salt)
    made = ticket(salt, who.identity, number)
    change(line, seller, salt=sealed, district=number, ticket=made)  # the same without the program
    line.official("desk", other, Action.REDIRECT, district="4", note="این خیابان آنجاست.")
    with line.city.application.store.unit_of_work(line.clock.now) as uow:
        (body,) = (entry.body for entry in uow.log.of_kind(Kind.REDIRECTED, line.clock.now - DAY))
        filed = uow.log_index.of_ticket(old, Kind.FILED)
        names = {"old": old, "new": made, "because": filed}
        uow.log.append(Kind.REDIRECTED, {**body, **names}, line.clock.now)
    with line.reading() as uow:
        (finding,) = tickets_are_hers(uow, line.clock())
    what = "was filed by another person than its own"
    assert finding == Finding(f"request {seller.code}", what)
    line.expected.update({str(finding)})


def test_a_filing_time_in_a_row_lets_nobody_in_and_nobody_out(line: Line) -> None:
    rival, *_ = line.file(2)
    line.until(SATURDAY + DAY, "09:00")
    (friend,) = line.file(1)
    change(line, friend, filed_at=line.clock.now - 3 * DAY)
    change(line, rival, filed_at=line.clock.now)
    line.until(TUESDAY, "12:00")
    assert rival.request.ticket in listed(line)
    assert friend.request.ticket not in listed(line)
    assert line.entries(Kind.BOOKS_DIFFER)


@pytest.mark.parametrize("stage", [Stage.WITHDRAWN])
def test_a_stage_in_a_row_takes_no_rival_out_of_the_list(line: Line, stage: Stage) -> None:
    rival, *_ = line.file(2)
    ticket = rival.request.ticket
    change(line, rival, stage=stage.value)
    line.expected.add(f"is {stage.value}, by the log in the line")
    line.until(TUESDAY, "12:00")
    assert ticket in listed(line)
    assert line.entries(Kind.BOOKS_DIFFER)


def test_an_honest_city_says_nothing_of_books_that_differ(line: Line) -> None:
    line.file(3)
    line.until(TUESDAY, "12:00")
    assert len(listed(line)) == 3
    assert line.entries(Kind.BOOKS_DIFFER) == []
    assert line.draw().district == DISTRICT


def test_a_seat_in_a_row_is_not_the_friends(line: Line) -> None:
    """His events lead to no seat, so he takes no step on it."""
    citizens = line.drawn(SEATS + 1)
    friend = next(citizen for citizen in citizens if citizen.stage == "waiting")
    robbed = next(citizen for citizen in citizens if citizen.stage == "invited")
    seat = robbed.request.seat
    assert seat is not None
    with line.city.application.store.unit_of_work(line.clock.now) as uow:
        uow.connection.execute(
            update(SeatRow)
            .where(col(SeatRow.request_id) == robbed.request.id)
            .values(request_id=friend.request.id)
        )
    change(line, friend, stage=Stage.INVITED.value)
    change(line, robbed, stage=Stage.WAITING.value)
    by = f"is held by {friend.request.ticket[:8]}, by the log by {robbed.request.ticket[:8]}"
    with line.reading() as uow:
        (found,) = tables_follow(uow, line.clock())
    assert found == Finding(f"seat {line.draw().id} {seat.time}", by)
    with pytest.raises(Denied, match="stage_moved"):
        friend.does(Action.CONFIRM)
    line.expected.add(str(found))


def test_whom_only_a_row_seats_is_not_received(line: Line) -> None:
    (visitor,) = line.drawn(1)
    (friend,) = line.file(1)
    visitor.does(Action.CONFIRM)
    line.until(MONDAY, "08:45")
    case = friend.request.id
    seat = (
        "INSERT INTO seat (district, monday, time, request_id, why, answer_by, state, assigned_at)"
        " SELECT district, monday, '10:00', :id, why, answer_by, state, assigned_at FROM seat"
        " WHERE state = 'held'"
    )
    write(line, seat, id=case)
    write(line, "UPDATE request SET stage = 'confirmed' WHERE id = :id", id=case)
    with pytest.raises(Denied, match="stage_moved"):
        line.official("reception", friend, Action.ARRIVE, identity=friend.identity)
    # His row is believed once an event of his is damaged; the door asks the log.
    write(line, "UPDATE event SET tag = 'x' || tag WHERE request_id = :id", id=case)
    with pytest.raises(Denied, match="no_seat"):
        line.official("reception", friend, Action.ARRIVE, identity=friend.identity)
    write(line, "UPDATE event SET tag = substr(tag, 2) WHERE request_id = :id", id=case)
    line.official("reception", visitor, Action.ARRIVE, identity=visitor.identity)
    write(line, "UPDATE request SET stage = 'waiting' WHERE id = :id", id=case)
    write(line, "DELETE FROM seat WHERE request_id = :id", id=case)
