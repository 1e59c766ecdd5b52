"""A meeting by telephone: her choice until the evening before, two rings, same line and log."""

from datetime import timedelta
from typing import Any

import pytest
from support.citizens import Someone, citizen, code_on, file, shows_card, someone
from support.hall import Hall
from support.line import DISTRICT, MONDAY, Line
from support.together import together

from publicmeeting.domain.errors import Denied
from publicmeeting.domain.people import Level
from publicmeeting.domain.roles import NOBODY
from publicmeeting.domain.stages import Action, Stage
from publicmeeting.kit.clock import at_tehran
from publicmeeting.kit.digits import persian
from publicmeeting.text.lifecycle.actions_text import already_done
from publicmeeting.text.notices.sms_text import COME_IN_PERSON, SMS_MOST, sms_length
from publicmeeting.text.tracking import case_text
from publicmeeting.ui.citizen.timeline.turn import pass_lines, turn_view
from publicmeeting.ui.mayor.agenda import views as agenda_views
from publicmeeting.ui.staff.monday.views import day_view
from publicmeeting.usecases.accounts.person.card_in_hand import AcceptCard, accept_card
from publicmeeting.usecases.accounts.person.correcting import (
    AskMobileChange,
    ConfirmMobileChange,
    ask_mobile_change,
    confirm_mobile_change,
)
from publicmeeting.usecases.base import Nothing, OneCase
from publicmeeting.usecases.districts.board import city_board
from publicmeeting.usecases.filing.drafting import SpeakFor, speak_for, speak_for_another
from publicmeeting.usecases.lifecycle.payloads import TakeStep
from publicmeeting.usecases.lifecycle.steps import take_step
from publicmeeting.usecases.meetings.agenda import ADay, agenda, open_monday
from publicmeeting.usecases.meetings.in_hall.passes import seat_pass
from publicmeeting.usecases.meetings.on_paper.paper_entry import print_day
from publicmeeting.usecases.tracking.timeline import timeline_page
from publicmeeting.usecases.tracking.turn import my_turn
from publicmeeting.web.routes.papers import pass_slip
from publicmeeting.web.routes.tables import day_list

NEW = "+989350000007"


@pytest.fixture
def called(hall: Hall) -> Hall:
    """Monday, 8:50: the first guest asked on Sunday to be telephoned."""
    hall.clock.set(at_tehran(MONDAY - timedelta(days=1), "18:00"))
    hers(hall, 0, Action.ASK_CALL)
    hall.clock.set(at_tehran(MONDAY, "08:50"))
    return hall


def hers(hall: Hall, at: int, action: Action, *, card: bool = True) -> None:
    """Take her own step, after a desk has seen her card."""
    guest = hall.guests[at]
    if card:
        shows_card(hall.application, guest.request)
    hall.execute(guest.actor, take_step, TakeStep(code=guest.code, action=action))


def board(hall: Hall) -> Any:
    return hall.execute("reception", open_monday, ADay())


def mobile(hall: Hall, at: int) -> str:
    with hall.reading() as uow:
        found = uow.people.get(hall.guests[at].request.person_id).mobile
    assert found is not None
    return "0" + found[3:]


def test_she_chooses_and_takes_it_back_until_the_evening_before(hall: Hall) -> None:
    hall.clock.set(at_tehran(MONDAY - timedelta(days=1), "23:59"))
    hers(hall, 0, Action.ASK_CALL)
    with pytest.raises(Denied, match="telephone_already"):
        hers(hall, 0, Action.ASK_CALL)
    hers(hall, 0, Action.ASK_VISIT)
    with pytest.raises(Denied, match="not_by_telephone"):
        hers(hall, 0, Action.ASK_VISIT)
    hall.clock.set(at_tehran(MONDAY, "00:00"))
    with pytest.raises(Denied, match="telephone_late"):
        hers(hall, 0, Action.ASK_CALL)


def test_nobody_chooses_for_her_and_she_needs_a_mobile(hall: Hall) -> None:
    hall.clock.set(at_tehran(MONDAY - timedelta(days=1), "18:00"))
    command = TakeStep(code=hall.guests[0].code, action=Action.ASK_CALL)
    for who in ("reception", "mayor", "desk", hall.guests[1].actor):
        with pytest.raises(Denied, match=r"not_found|not_your_role"):
            hall.execute(who, take_step, command)
    with hall.application.store.unit_of_work(hall.clock.now) as uow:
        row = uow.people._row(hall.guests[0].request.person_id)
        row.mobile = row.mobile_hash = None
    with pytest.raises(Denied, match="telephone_without_mobile"):
        hers(hall, 0, Action.ASK_CALL)


def test_it_stands_on_pass_list_board_and_agenda(called: Hall) -> None:
    guest = called.guests[0]
    seen = called.query(guest.actor, seat_pass, OneCase(code=guest.code))
    assert seen.by_telephone
    notes = [words for _, words in pass_slip(seen, "https://example.org").notes]
    assert case_text.BY_TELEPHONE in notes
    number = persian(mobile(called, 0))
    row = day_view(board(called), None).visitors[0]
    assert number in row.status
    assert number not in day_view(board(called), None).visitors[1].status
    printed = day_list(called.execute("reception", print_day, ADay()))
    assert number in printed.lines[0].marks[0]
    called.execute("mayor", open_monday, ADay())
    day = agenda_views.day(called.query("mayor", agenda, ADay()))
    assert number in day.guests[0].state


def test_her_number_is_seen_on_that_day_only(hall: Hall) -> None:
    hall.clock.set(at_tehran(MONDAY - timedelta(days=1), "18:00"))
    hers(hall, 0, Action.ASK_CALL)
    assert board(hall).visitors[0].mobile == ""


def test_she_is_rung_at_her_time_reached_and_met_in_the_same_line(called: Hall) -> None:
    first = called.guests[0]
    for action in (Action.RING, Action.REACH):
        with pytest.raises(Denied, match="not_her_time"):
            called.act("reception", first, action)
    with pytest.raises(Denied, match="ring_instead"):
        called.act("reception", first, Action.CALL)
    called.clock.set(at_tehran(MONDAY, "09:00"))
    assert board(called).next.code == first.code, "her time has come: nobody is before her"
    called.act("mayor", first, Action.REACH)
    called.act("mayor", first, Action.CALL_IN)
    called.order(first)
    called.finish(first)
    assert first.request.stage is Stage.FOLLOW_UP
    shown = called.query(NOBODY, city_board, Nothing()).telephoned
    assert shown == {}, "beside her arrival in the log it would say that she sat at home"
    with called.reading() as uow:
        kinds = [one.kind for one in uow.log.after(0, 10_000) if _of(one, first.request.ticket)]
    assert kinds[-3:] == ["arrival", "met", "meeting_recorded"]
    called.clock.set(at_tehran(MONDAY + timedelta(days=5)))
    assert called.query(NOBODY, city_board, Nothing()).telephoned == {DISTRICT: 1}


def _of(entry: Any, ticket: str) -> bool:
    return entry.body.get("ticket") == ticket


def test_two_unanswered_rings_are_as_two_calls(called: Hall) -> None:
    first = called.guests[0]
    called.clock.set(at_tehran(MONDAY, "09:02"))
    called.act("reception", first, Action.RING)
    called.clock.set(at_tehran(MONDAY, "09:11"))
    with pytest.raises(Denied, match="ring_twice"):
        called.act("reception", first, Action.NO_SHOW)
    called.act("mayor", first, Action.RING)
    called.act("reception", first, Action.NO_SHOW)
    assert first.request.stage is Stage.WAITING
    assert first.request.count(Action.NO_SHOW) == 1


@pytest.mark.parametrize(("rings", "weeks"), [(0, 1), (2, 0)])
def test_whoever_was_not_rung_on_a_day_that_was_held_has_waited_a_week_more(
    called: Hall, rings: int, weeks: int
) -> None:
    """Nobody rang her twice; a citizen who was rung twice only keeps her weeks."""
    first, other = called.guests[0], called.guests[2]
    before = first.request.waited, other.request.waited
    called.receive(called.guests[1])
    called.order(called.guests[1])
    called.finish(called.guests[1])
    called.clock.set(at_tehran(MONDAY, "09:20"))
    for _ in range(rings):
        called.act("reception", first, Action.RING)
    Line(called.city, called.clock).until(MONDAY + timedelta(days=1), "01:00")
    assert first.request.stage is Stage.WAITING
    assert (first.request.waited, other.request.waited) == (before[0] + weeks, before[1])


@pytest.mark.parametrize("need", ["sign_language"])
def test_whoever_cannot_hear_and_has_a_seat_by_telephone_is_not_absent_by_rings(
    called: Hall, need: str
) -> None:
    """She chose it while it was still offered: she keeps her weeks, and may answer."""
    first = called.guests[0]
    with called.application.store.unit_of_work(called.clock.now) as uow:
        row = uow.requests._row(first.request)
        row.needs = uow.vault.seal_word("request.needs", row.id, need)
    called.clock.set(at_tehran(MONDAY, "09:12"))
    for _ in range(2):
        with pytest.raises(Denied, match="ring_in_vain"):
            called.act("reception", first, Action.RING)
    with pytest.raises(Denied, match="ring_twice"):
        called.act("reception", first, Action.NO_SHOW)
    called.act("reception", first, Action.REACH)
    assert first.request.stage is Stage.ARRIVED


def test_whoever_comes_in_person_is_not_telephoned(called: Hall) -> None:
    called.clock.set(at_tehran(MONDAY, "09:30"))
    for who in ("reception", "mayor"):
        for action in (Action.RING, Action.REACH):
            with pytest.raises(Denied, match="not_by_telephone"):
                called.act(who, called.guests[1], action)


def test_strangers_do_not_ring(called: Hall) -> None:
    called.clock.set(at_tehran(MONDAY, "09:00"))
    command = TakeStep(code=called.guests[0].code, action=Action.REACH)
    for who in ("desk", "overseer", "deputy", called.guests[0].actor):
        with pytest.raises(Denied, match=r"not_found|not_your_role"):
            called.execute(who, take_step, command)


def test_her_page_of_the_day_says_that_she_is_rung(called: Hall) -> None:
    guest = called.guests[0]
    turn = called.query(guest.actor, my_turn, OneCase(code=guest.code))
    assert turn.day is not None
    assert turn.day.state.value == "by_phone"
    called.clock.set(at_tehran(MONDAY, "09:01"))
    called.act("reception", guest, Action.RING)
    turn = called.query(guest.actor, my_turn, OneCase(code=guest.code))
    assert turn.day.state.value == "rung"


def test_her_page_and_pass_send_nobody_to_the_hall_who_is_telephoned(called: Hall) -> None:
    turn = called.query(called.guests[0].actor, my_turn, OneCase(code=called.guests[0].code))
    assert turn.hall is None
    assert turn.seat_pass is not None
    assert [line.text for line in pass_lines(turn.seat_pass)] == [case_text.BY_TELEPHONE]
    other = called.query(called.guests[1].actor, my_turn, OneCase(code=called.guests[1].code))
    assert other.hall is not None
    pages = [
        called.query(guest.actor, timeline_page, OneCase(code=guest.code))
        for guest in called.guests
    ]
    maps = [turn_view(pages[0], turn, ()).map, turn_view(pages[1], other, ()).map]
    assert [bool(map_) for map_ in maps] == [False, True]


def test_two_officers_ring_once_and_the_second_reads_who_rang(called: Hall) -> None:
    guest = called.guests[0]
    called.clock.set(at_tehran(MONDAY, "09:01"))
    called.act("mayor", guest, Action.RING, calls="0")
    with pytest.raises(Denied, match="rung_already") as late:
        called.act("reception", guest, Action.RING, calls="0")
    assert "ساعت ۹:۰۱ به شمارهٔ ۱ زنگ زد" in already_done(late.value.facts)
    assert day_view(board(called), None).visitors[0].calls == 1, "what the page shows is sent"
    called.act("reception", guest, Action.RING, calls="1")
    assert guest.request.count(Action.RING) == 2


@pytest.mark.on_postgresql
def test_two_who_ring_at_one_instant_write_one_ring(called: Hall) -> None:
    guest = called.guests[0]
    called.clock.set(at_tehran(MONDAY, "09:01"))
    done, refused = together(
        lambda: called.act("mayor", guest, Action.RING, calls="0"),
        lambda: called.act("reception", guest, Action.RING, calls="0"),
    )
    assert (len(done), [refusal.key for refusal in refused]) == (1, ["rung_already"])


NO_TELEPHONE = {"kind": "national", "reach": "none", "whose": "mine"}


def loses_her_telephone(hall: Hall, at: int) -> None:
    """Let her show her card at a desk that has not seen her request."""
    with hall.reading() as uow:
        her = uow.people.get(hall.guests[at].request.person_id)
    command = AcceptCard(identity=her.identity, name=her.name, **NO_TELEPHONE)
    assert hall.execute("second_desk", accept_card, command).pin


@pytest.mark.parametrize("time", ["09:05"])
def test_whoever_has_no_telephone_any_more_comes_in_person_and_is_not_rung_in_vain(
    called: Hall, time: str
) -> None:
    """Also on the day: two rings that nobody could hear would cost all her weeks."""
    first = called.guests[0]
    called.clock.set(at_tehran(MONDAY, time))
    loses_her_telephone(called, 0)
    assert first.request.history[-1].action is Action.ASK_VISIT
    called.clock.set(at_tehran(MONDAY, "09:06"))
    row = next(visitor for visitor in board(called).visitors if visitor.code == first.code)
    assert not row.by_telephone
    with pytest.raises(Denied, match="not_by_telephone"):
        called.act("reception", first, Action.RING)
    called.act("reception", first, Action.CALL)
    assert first.request.stage is Stage.CONFIRMED


def test_a_number_that_is_gone_is_not_rung(called: Hall) -> None:
    """Without a number, a ring is refused, and so is the absence after it."""
    first = called.guests[0]
    with called.application.store.unit_of_work(called.clock.now) as uow:
        row = uow.people._row(first.request.person_id)
        row.mobile = row.mobile_hash = None
    called.clock.set(at_tehran(MONDAY, "09:12"))
    for _ in range(2):
        with pytest.raises(Denied, match="ring_without_mobile"):
            called.act("reception", first, Action.RING)
    with pytest.raises(Denied, match="ring_twice"):
        called.act("reception", first, Action.NO_SHOW)
    assert first.request.stage is Stage.CONFIRMED


def test_whoever_never_asked_for_it_has_no_word_of_it_in_her_history(called: Hall) -> None:
    loses_her_telephone(called, 1)
    assert called.guests[1].request.count(Action.ASK_VISIT) == 0


@pytest.mark.on_postgresql
def test_whose_card_nobody_has_seen_comes_with_it(line: Line) -> None:
    """One phone could serve three invented numbers with valid check digits."""
    one = line.drawn(1)[0]
    one.does(Action.CONFIRM)
    application, code = line.city.application, OneCase(code=one.code)
    page = application.query_as(one.actor, timeline_page, code)
    assert page.proves_first
    assert Action.ASK_CALL not in {step.action for step in page.steps}
    with pytest.raises(Denied, match="telephone_unproved"):
        one.does(Action.ASK_CALL)
    with line.reading() as uow:
        her = uow.people.get(one.request.person_id)
    card = AcceptCard(
        identity=her.identity, name=her.name, kind="national", whose="mine", reach="keep"
    )
    application.execute_as(line.city.as_("desk4"), accept_card, card)  # any desk of the city
    page = application.query_as(one.actor, timeline_page, code)
    assert not page.proves_first
    assert Action.ASK_CALL in {step.action for step in page.steps}
    assert one.does(Action.ASK_CALL).count(Action.ASK_CALL) == 1


def test_a_match_of_the_nation_stands_for_the_card(hall: Hall) -> None:
    hall.clock.set(at_tehran(MONDAY - timedelta(days=1), "18:00"))
    with hall.application.store.unit_of_work(hall.clock.now) as uow:
        uow.people.prove(hall.guests[0].request.person_id, Level.MATCHED, "matching")
    hers(hall, 0, Action.ASK_CALL, card=False)
    assert hall.guests[0].request.count(Action.ASK_CALL) == 1


@pytest.mark.on_postgresql(rows=(0,))
@pytest.mark.parametrize("when", ["the evening before", "on the day", "matched anew"])
def test_who_has_another_mobile_that_proves_nothing_comes_with_her_card(
    hall: Hall, when: str
) -> None:
    """A broker could be matched by her mobile, and then enter a customer's phone."""
    application, guest = hall.application, hall.guests[0]
    hall.clock.set(at_tehran(MONDAY - timedelta(days=1), "18:00"))
    with hall.reading() as uow:
        her = uow.people.get(guest.request.person_id)
    keys = citizen(application, her.mobile)
    with application.store.unit_of_work(hall.clock.now) as uow:
        uow.people.prove(her.id, Level.MATCHED, "matching")
    hers(hall, 0, Action.ASK_CALL, card=False)
    if when == "on the day":
        hall.clock.set(at_tehran(MONDAY, "08:50"))
    changes = AskMobileChange(mobile=NEW, digits=her.identity[-4:], host="localhost")
    sealed, _ = application.execute_now(ask_mobile_change, keys, changes)
    command = ConfirmMobileChange(sealed=sealed, code=code_on(application, NEW))
    assert application.execute_now(confirm_mobile_change, keys, command) == ""
    assert guest.request.history[-1].action is Action.ASK_VISIT
    assert application.phone.texts(NEW)[-1] == COME_IN_PERSON
    if when == "matched anew":
        with application.store.unit_of_work(hall.clock.now) as uow:
            uow.people.prove(her.id, Level.MATCHED, "matching")
        hers(hall, 0, Action.ASK_CALL, card=False)
        return
    page = application.query_now(timeline_page, keys, OneCase(code=guest.code))
    assert page.proves_first is (when == "the evening before")
    hall.clock.set(at_tehran(MONDAY, "09:00"))
    with pytest.raises(Denied, match="not_by_telephone"):
        hall.act("reception", guest, Action.RING)
    hall.act("reception", guest, Action.ARRIVE, identity=her.identity)
    assert guest.request.stage is Stage.ARRIVED


@pytest.mark.parametrize("who", ["reception"])
def test_whose_proof_has_gone_however_is_not_rung_and_loses_nothing(hall: Hall, who: str) -> None:
    guest = hall.guests[0]
    hall.clock.set(at_tehran(MONDAY - timedelta(days=1), "18:00"))
    hers(hall, 0, Action.ASK_CALL)
    with hall.application.store.unit_of_work(hall.clock.now) as uow:
        uow.people.prove(guest.request.person_id, Level.TYPED, "")
    hall.clock.set(at_tehran(MONDAY, "09:12"))
    for action in (Action.RING, Action.RING, Action.REACH):
        with pytest.raises(Denied, match="ring_unproved"):
            hall.act(who, guest, action)
    with pytest.raises(Denied, match=r"not_your_role|ring_twice"):
        hall.act(who, guest, Action.NO_SHOW)
    with hall.reading() as uow:
        identity = uow.people.get(guest.request.person_id).identity
    hall.act("reception", guest, Action.ARRIVE, identity=identity)
    assert guest.request.stage is Stage.ARRIVED


def test_what_she_is_told_of_it_fits_into_two_messages() -> None:
    assert sms_length(COME_IN_PERSON) <= SMS_MOST


def test_three_numbers_of_one_telephone_are_not_three_conversations(line: Line) -> None:
    application, first = line.city.application, someone(50)
    line.file(3)
    her, codes = citizen(application, first.mobile), []
    for number in (901, 902, 903):
        who = Someone(first.mobile, someone(number).identity, first.name)
        if codes:
            application.execute_now(speak_for_another, her, Nothing())
        request = file(application, who, her)
        codes.append(request.code)
        accept = TakeStep(code=request.code, action=Action.ACCEPT)
        application.execute_as(line.city.as_("desk"), take_step, accept)
    line.until(MONDAY - timedelta(days=5), "20:01")
    for code in codes:
        with line.reading() as uow:
            person = uow.requests.find(code).person_id
        application.execute_now(speak_for, her, SpeakFor(person=person))
        with pytest.raises(Denied, match="telephone_unproved"):
            application.execute_now(take_step, her, TakeStep(code=code, action=Action.ASK_CALL))
