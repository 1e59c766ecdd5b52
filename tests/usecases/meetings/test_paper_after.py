"""A Monday on paper entered on later days: the mayor notes it, the citizen confirms it."""

from datetime import timedelta

import pytest
from support.each import in_one_city
from support.hall import SERVICES, Guest, Hall
from support.line import DISTRICT, MONDAY, WEDNESDAY, Line
from support.together import together
from support.triggers import change_past_the_program

from publicmeeting.domain.errors import Denied, FormError, Refusal
from publicmeeting.domain.lifecycle.paper import noted_open
from publicmeeting.domain.mondays import How
from publicmeeting.domain.records import PAPER, PAPER_UNTIL
from publicmeeting.domain.roles import NOBODY, Role
from publicmeeting.domain.stages import Action, OrderStage, Stage
from publicmeeting.kit.clock import at_tehran
from publicmeeting.text.districts import home_text
from publicmeeting.turns.kinds import Kind
from publicmeeting.ui.citizen.home import held_words, last_monday
from publicmeeting.usecases.base import Nothing, OneCase
from publicmeeting.usecases.districts.board import city_board
from publicmeeting.usecases.line.objections.undoing import undo_leaving
from publicmeeting.usecases.meetings.agenda import ADay, monday_list
from publicmeeting.usecases.meetings.on_paper.paper_entry import (
    NotePaper,
    PaperLeft,
    note_paper,
    paper_left,
)
from publicmeeting.usecases.oversight.books import audit_holds, tables_follow

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
PROMISED = "پیاده‌رو تا پایان آذر ترمیم می‌شود."


@pytest.fixture
def unheld(hall: Hall) -> Hall:
    """Tuesday, nine: the server was down, so by the log the Monday was not held."""
    hall.ends(is_checked=True)
    hall.clock.set(at_tehran(MONDAY + DAY, "09:00"))
    return hall


def noted(hall: Hall, guest: Guest, who: str = "mayor", **fields: str) -> None:
    typed = {"begun": "۹:۰۰", "ended": "9.20", "note": PROMISED, **fields}
    hall.execute(who, note_paper, NotePaper(code=guest.code, **typed))


def left(hall: Hall) -> PaperLeft:
    found = hall.query("mayor", paper_left, Nothing())
    assert isinstance(found, PaperLeft)
    return found


def kinds(hall: Hall) -> list[str]:
    with hall.reading() as uow:
        return [entry.kind for entry in uow.log.after(0, 100_000)]


def state_met(hall: Hall, guest: Guest) -> None:
    hall.act(guest.actor, guest, Action.SAY_MET)


def test_a_case_that_cannot_be_read_ends_the_list_of_nobody_else(unheld: Hall) -> None:
    whole = {one.code for one in left(unheld).left}
    spoiled = unheld.guests[0]
    statement = "UPDATE request SET title = :it WHERE code = :code"
    change_past_the_program(
        unheld.application.store.engine, statement, it=b"damaged", code=spoiled.code
    )
    assert {one.code for one in left(unheld).left} == whole - {spoiled.code} != set()


def test_the_mayor_s_later_word_takes_nothing_from_her(unheld: Hall) -> None:
    guest = unheld.guests[0]
    before, log = guest.request, kinds(unheld)
    assert (before.stage, before.debt) == (Stage.WAITING, 1)
    noted(unheld, guest)
    after = guest.request
    assert (after.stage, after.debt, after.waited) == (before.stage, 1, before.waited)
    assert kinds(unheld) == log, "the log says nothing of what only the mayor says"
    event = after.last(Action.NOTE_PAPER)
    assert event is not None
    assert (event.payload[PAPER], event.payload[PAPER_UNTIL]) == ("09:00", "09:20")
    assert (event.note, event.role) == (PROMISED, Role.MAYOR)


def test_her_own_word_ends_her_waiting_and_the_log_says_that_it_is_hers(unheld: Hall) -> None:
    guest = unheld.guests[0]
    noted(unheld, guest)
    (order,) = unheld.order(guest)
    assert order.stage is OrderStage.ISSUED, "what was promised does not wait for her"
    assert guest.request.stage is Stage.WAITING
    state_met(unheld, guest)
    assert guest.request.stage is Stage.FOLLOW_UP
    with unheld.reading() as uow:
        newest = uow.log.after(0, 100_000)[-1]
        waiting = uow.draws.waiting(DISTRICT, MONDAY)
    assert newest.kind == Kind.TAKEN_OUT
    assert (newest.body["why"], newest.body["officer"]) == ("accepted", "")
    assert guest.request.ticket not in waiting


def test_a_meeting_without_an_order_is_over_with_her_word(unheld: Hall) -> None:
    guest = unheld.guests[1]
    noted(unheld, guest)
    state_met(unheld, guest)
    assert guest.request.stage is Stage.CLOSED
    assert guest.request.count(Action.CONCLUDE) == 0, "no order of hers was done"
    unheld.order(guest)
    assert guest.request.stage is Stage.FOLLOW_UP, "he may still write what he promised"


@pytest.mark.on_postgresql
@pytest.mark.parametrize("with_order", [False, True], ids=["closed", "following an order"])
def test_it_is_told_her_at_once_and_one_tap_makes_it_as_if_it_had_not_been(
    unheld: Hall, *, with_order: bool
) -> None:
    """Somebody with her phone for a minute could confirm a meeting in her name.

    She would lose her turn and the owed seat, and an unheld Monday would look held.
    """
    guest = unheld.guests[0]
    noted(unheld, guest)
    if with_order:
        unheld.order(guest)
    before = guest.request
    state_met(unheld, guest)
    with unheld.reading() as uow:
        told = uow.outbox.of_request(guest.request.id, Role.CITIZEN.value)[-1]
    assert told.action == Action.SAY_MET
    assert [note.is_confirmed for note in left(unheld).noted] == [True]
    assert confirmed(unheld) == 1
    unheld.execute(guest.actor, undo_leaving, OneCase(code=guest.code))
    after = guest.request
    assert (after.stage, after.debt, after.waited) == (Stage.WAITING, 1, before.waited)
    assert kinds(unheld)[-1] == Kind.TAKEN_IN
    assert [note.is_confirmed for note in left(unheld).noted] == [False]
    assert confirmed(unheld) == 0
    with unheld.reading() as uow:
        checks = (audit_holds, tables_follow)
        assert [str(finding) for check in checks for finding in check(uow, unheld.clock())] == []
    state_met(unheld, guest)
    assert confirmed(unheld) == 1, "it was she, after all"


def test_an_order_that_is_done_leaves_her_the_way_back(unheld: Hall) -> None:
    guest = unheld.guests[1]
    noted(unheld, guest)
    state_met(unheld, guest)
    unheld.order(guest)
    assert guest.request.stage is Stage.FOLLOW_UP
    unheld.execute(guest.actor, undo_leaving, OneCase(code=guest.code))
    assert guest.request.stage is Stage.WAITING


def test_her_word_stands_once_the_next_list_can_no_longer_be_changed(unheld: Hall) -> None:
    guest = unheld.guests[0]
    noted(unheld, guest)
    state_met(unheld, guest)
    worker = unheld.application.worker
    for day, hour in ((6, "24:00"), (8, "12:01"), (8, "20:00")):
        unheld.clock.set(at_tehran(MONDAY + day * DAY, hour))
        worker.run_due()
    unheld.clock.forward(minutes=1)
    with pytest.raises(Denied, match="undo_late"):
        unheld.execute(guest.actor, undo_leaving, OneCase(code=guest.code))


def confirmed(hall: Hall) -> int:
    """Return the confirmed meetings on paper of the Monday, by the public figures."""
    with hall.reading() as uow:
        return uow.seats.noted_on_paper(MONDAY)[DISTRICT, MONDAY][1]


def test_nobody_says_so_for_her_nor_before_it_was_noted(unheld: Hall) -> None:
    guest, other = unheld.guests[:2]
    with pytest.raises(Denied, match="paper_not_noted"):
        state_met(unheld, guest)
    noted(unheld, guest)
    for who in ("mayor", "reception", "desk", other.actor):
        with pytest.raises(Denied, match=r"not_found|not_your_role"):
            unheld.act(who, guest, Action.SAY_MET)


def test_whoever_was_seated_on_paper_from_the_standby_is_noted_too(unheld: Hall) -> None:
    standby = next(out for out in left(unheld).left if out.place)
    with unheld.reading() as uow:
        request = uow.requests.find(standby.code)
    assert request is not None
    guest = unheld.guest_of(request)
    noted(unheld, guest, begun="9:45", ended="10:00")
    state_met(unheld, guest)
    assert guest.request.stage is Stage.CLOSED


def test_on_the_day_itself_the_standby_is_noted_while_the_seats_are_entered(hall: Hall) -> None:
    hall.clock.set(at_tehran(MONDAY, "10:50"))
    found = left(hall).left
    assert {out.number for out in found} == {0}
    assert not {guest.code for guest in hall.guests} & {out.code for out in found}
    with pytest.raises(Denied, match="not_found"):
        noted(hall, hall.guests[0])


def test_until_thursday_and_not_on_friday(unheld: Hall) -> None:
    unheld.clock.set(at_tehran(MONDAY + 3 * DAY, "23:59"))
    noted(unheld, unheld.guests[0])
    unheld.clock.set(at_tehran(MONDAY + 4 * DAY, "00:00"))
    assert unheld.query("mayor", paper_left, Nothing()) is None
    with pytest.raises(Denied, match="paper_late"):
        noted(unheld, unheld.guests[1])
    with pytest.raises(Denied, match="stage_moved"):
        unheld.order(unheld.guests[0])


def test_twice_is_refused(unheld: Hall) -> None:
    noted(unheld, unheld.guests[0])
    assert unheld.guests[0].code not in {out.code for out in left(unheld).left}
    with pytest.raises(Denied, match="paper_noted"):
        noted(unheld, unheld.guests[0], begun="10:00", ended="10:20")


@pytest.mark.on_postgresql
def test_once_for_each_monday_whatever_was_noted_of_another(line: Line) -> None:
    """After a wrong note, or a «yes» that she undid, she may really be met on paper later."""
    application, mayor = line.city.application, line.city.as_("mayor")
    citizen, *_ = line.drawn(3)
    citizen.does(Action.CONFIRM)
    hours = [("09:00", "09:15"), ("09:30", "09:50")]
    for week, (begun, ended) in enumerate(hours):
        line.until(MONDAY + week * WEEK + DAY, "09:00")
        note = NotePaper(code=citizen.code, begun=begun, ended=ended, note="آسفالت تا دی.")
        page = application.query_as(mayor, paper_left, Nothing())
        assert citizen.code in {left.code for left in page.left}
        assert page.noted == ()
        application.execute_as(mayor, note_paper, note)
        with pytest.raises(Denied, match="paper_noted"):
            application.execute_as(mayor, note_paper, note)
        assert noted_open(citizen.request, MONDAY + week * WEEK + DAY) is not None
        if week == 0:
            citizen.does(Action.SAY_MET)
            application.execute_as(citizen.actor, undo_leaving, OneCase(code=citizen.code))
            line.until(WEDNESDAY + WEEK, "20:01")
            citizen.does(Action.CONFIRM)
    citizen.does(Action.SAY_MET)
    page = application.query_as(mayor, paper_left, Nothing())
    assert [(noted.begun, noted.is_confirmed) for noted in page.noted] == [("09:30", True)]
    with line.reading() as uow:
        figures = uow.seats.noted_on_paper(MONDAY)
    assert figures == {(DISTRICT, MONDAY): (1, 0), (DISTRICT, MONDAY + WEEK): (1, 1)}


def test_a_leaving_that_was_undone_takes_no_yes_away(unheld: Hall) -> None:
    guest = unheld.guests[0]
    noted(unheld, guest)
    unheld.act(guest.actor, guest, Action.WITHDRAW)
    unheld.execute(guest.actor, undo_leaving, OneCase(code=guest.code))
    state_met(unheld, guest)
    assert confirmed(unheld) == 1
    assert [note.is_confirmed for note in left(unheld).noted] == [True]


def test_everything_wrong_on_it_is_said_at_once(unheld: Hall) -> None:
    with pytest.raises(FormError) as refused:
        noted(unheld, unheld.guests[0], begun="25:00", ended="نه", note="  ")
    found = {error.field: error.key for error in refused.value.errors}
    assert found == {"begun": "paper_time", "ended": "paper_time", "note": "need_note"}
    with pytest.raises(FormError):
        noted(unheld, unheld.guests[0], begun="9:20", ended="9:20")


@in_one_city("who", ["reception", "desk", "deputy", "overseer", "administrator"])
def test_only_who_held_the_day_notes(unheld: Hall, who: str) -> None:
    with pytest.raises(Refusal):
        noted(unheld, unheld.guests[0], who=who)
    if who == "deputy":
        assert unheld.query(who, paper_left, Nothing()) is None


def hand_over(hall: Hall, who: str) -> None:
    account = hall.as_(who).account_id
    assert account is not None
    with hall.application.store.unit_of_work(hall.clock.now) as uow:
        uow.city.set_monday(DISTRICT, MONDAY, held_by=account)


def test_the_deputy_who_held_it_notes_and_writes_what_he_promised(unheld: Hall) -> None:
    hand_over(unheld, "deputy")
    first, second = unheld.guests[:2]
    assert first.code in {one.code for one in unheld.query("deputy", paper_left, Nothing()).left}
    noted(unheld, first, "deputy")
    event = first.request.last(Action.NOTE_PAPER)
    assert event is not None
    assert event.role is Role.DEPUTY
    (order,) = unheld.order(first, who="deputy")
    assert order.stage is OrderStage.ISSUED
    state_met(unheld, first)
    assert first.request.stage is Stage.FOLLOW_UP
    noted(unheld, second)
    with pytest.raises(Denied, match="not_your_role"):
        unheld.order(second, who="deputy")
    with pytest.raises(Refusal):
        noted(unheld, unheld.guests[2], "deputy4")


def test_the_figures_call_it_silent_until_it_is_noted_and_then_say_whose_word_it_is(
    unheld: Hall,
) -> None:
    def shown() -> tuple[How, str]:
        past = unheld.query(NOBODY, city_board, Nothing()).past[DISTRICT]
        return past[0].how, held_words(past, MONDAY + DAY)[0]

    assert shown()[0] is How.SILENT
    noted(unheld, unheld.guests[0])
    noted(unheld, unheld.guests[1])
    how, words = shown()
    assert how is How.PAPER
    assert "می‌گوید ۲ نفر را" in words
    assert home_text.CONFIRMED_BY_NOBODY in words
    state_met(unheld, unheld.guests[0])
    assert home_text.CONFIRMED.format(count="۱ نفر") in shown()[1]
    board = unheld.query(NOBODY, city_board, Nothing())
    assert not [one for one in board.held if one.how is How.SILENT]
    notes = last_monday(board).notes
    assert home_text.HELD_OTHERWISE[How.PAPER].format(count="۱") in notes


def test_whom_the_mayor_notes_beside_a_monday_that_was_held_everybody_reads(hall: Hall) -> None:
    """She had no seat and was not in the hall; by his word she passes everybody in the line."""
    hall.met(hall.guests[0], SERVICES)
    hall.clock.set(at_tehran(MONDAY + DAY, "09:00"))

    def weeks() -> str:
        past = hall.query(NOBODY, city_board, Nothing()).past[DISTRICT]
        assert past[0].how is How.MAYOR
        return held_words(past, MONDAY + DAY)[1]

    assert home_text.NOTED_BESIDE.format(count="۰") not in weeks()
    assert home_text.NOTED_BESIDE.partition(" ")[2] not in weeks()
    standby = next(one for one in left(hall).left if one.place)
    with hall.reading() as uow:
        request = uow.requests.find(standby.code)
    assert request is not None
    noted(hall, hall.guest_of(request))
    assert home_text.NOTED_BESIDE.format(count="۱") in weeks()


def test_a_case_of_another_day_is_not_his(unheld: Hall) -> None:
    with pytest.raises(Refusal):
        unheld.execute(
            "mayor", note_paper, NotePaper(code="0600000000", begun="9:00", ended="9:20", note="x")
        )


def test_the_list_of_that_day_says_who_entered_it_and_when(unheld: Hall) -> None:
    noted(unheld, unheld.guests[0])
    board = unheld.query("reception", monday_list, ADay(monday=MONDAY.isoformat()))
    entered = board.visitors[0].from_paper
    assert entered is not None
    assert (entered.role, entered.at) == (Role.MAYOR, unheld.clock.now)
    assert entered.by
    assert board.visitors[1].from_paper is None


@pytest.mark.on_postgresql
def test_two_presses_note_once(unheld: Hall) -> None:
    guest = unheld.guests[0]
    done, refused = together(lambda: noted(unheld, guest), lambda: noted(unheld, guest))
    assert (len(done), len(refused)) == (1, 1)
    assert guest.request.count(Action.NOTE_PAPER) == 1
