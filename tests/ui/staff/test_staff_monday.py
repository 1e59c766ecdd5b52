"""Reception's Monday in one tab: cards, calls, who goes in, and standbys in drawn order."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest
from support.citizens import shows_card, someone
from support.city import SEATS, City
from support.clock import FixedClock
from support.each import in_one_city
from support.hall import TECHNICAL, Hall
from support.line import MONDAY, Line
from support.staff_tab import Tab, do

from publicmeeting.application import Application
from publicmeeting.domain.lifecycle.tables import STEP_FOR
from publicmeeting.domain.stages import Action, Need, Stage
from publicmeeting.kit.clock import at_tehran
from publicmeeting.kit.digits import persian
from publicmeeting.kit.jalali import clock_words
from publicmeeting.text.lifecycle import needs_text
from publicmeeting.text.meetings import reception_text
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.ui.mayor.agenda import views as agenda_views
from publicmeeting.ui.staff.monday import views
from publicmeeting.ui.staff.monday.state import MondayState
from publicmeeting.usecases.lifecycle.payloads import TakeStep
from publicmeeting.usecases.lifecycle.steps import take_step
from publicmeeting.usecases.meetings.agenda import ADay, agenda, monday_list
from publicmeeting.usecases.meetings.in_hall import passes
from publicmeeting.usecases.meetings.in_hall.standby import (
    STANDBYS_SHOWN,
    Standby,
    StandbyPerson,
    note_present,
    shown_first,
)


def opened(hall: Hall, who: str = "reception") -> MondayState:
    return opened_by(hall.application, who)


def opened_by(application: Application, who: str) -> MondayState:
    return Tab(application, who).opens(MondayState, "/monday/")


def press(state: MondayState, code: str, action: str) -> None:
    asyncio.run(do(state, MondayState.press, code, action))


def send(state: MondayState, **typed: object) -> None:
    asyncio.run(do(state, MondayState.send, typed))


def arrive(hall: Hall, state: MondayState, at: int) -> None:
    press(state, hall.guests[at].code, Action.ARRIVE)
    send(state, identity=hall.card(hall.guests[at]))


@in_one_city("who", ["desk", "technical", "overseer", "administrator"])
def test_another_role_finds_nothing_here(hall: Hall, who: str) -> None:
    assert opened(hall, who).missing


def test_names_are_shown_to_the_reception_and_each_is_written_down(hall: Hall) -> None:
    state = opened(hall)
    assert {row.name for row in state.day.visitors} == {"مریم احمدی"}
    assert {row.badge.word for row in state.day.visitors} == {""}, "their heading says it once"
    account = hall.as_("reception").account_id
    assert all(account in guest.request.name_seen_by for guest in hall.guests)


@pytest.mark.parametrize("digits", [persian])
def test_she_arrives_with_her_card_in_any_digits(hall: Hall, digits) -> None:
    state = opened(hall)
    press(state, hall.guests[0].code, Action.ARRIVE)
    send(state, identity=digits(hall.card(hall.guests[0])))
    assert hall.guests[0].request.stage is Stage.ARRIVED
    assert state.done
    assert state.day.visitors[0].is_next


def test_another_card_is_refused_under_the_field_and_the_form_stays(hall: Hall) -> None:
    state = opened(hall)
    press(state, hall.guests[0].code, Action.ARRIVE)
    send(state, identity=hall.card(hall.guests[1]))
    assert state.errors == {"identity": refusal("identity_mismatch")}
    assert state.form.identity
    assert hall.guests[0].request.stage is Stage.CONFIRMED
    send(state, identity="")
    assert state.errors == {"identity": refusal("need_identity")}


def test_a_form_whose_visitor_another_clerk_has_received_says_so(hall: Hall) -> None:
    slower, faster = opened(hall), opened(hall)
    press(slower, hall.guests[0].code, Action.ARRIVE)
    arrive(hall, faster, 0)
    asyncio.run(slower._reread())
    assert slower.form.action == Action.ARRIVE
    assert slower.stale == slower.day.visitors[0].came != ""


@pytest.mark.parametrize("digits", [persian])
def test_her_card_alone_opens_her_line(hall: Hall, digits) -> None:
    state = opened(hall)
    asyncio.run(do(state, MondayState.seek, {"seek": digits(hall.card(hall.guests[1]))}))
    assert (state.open_code, state.form.action) == (hall.guests[1].code, Action.ARRIVE)


def test_what_was_pasted_out_of_a_message_opens_her_line(hall: Hall) -> None:
    """With invisible direction marks, and the dashes between the groups of a code."""
    state = opened(hall)
    shows_card(hall.application, hall.guests[1].request)
    pasted = ("\u2066{}{}\u2069", "\u200e{} {}", "{}\u200c{}", "{}-{}", "{}\u2013{}")
    numbers = (hall.guests[1].code, hall.card(hall.guests[1]))
    for form, number in product(pasted, numbers):
        written = persian(form.format(number[:4], number[4:]))
        asyncio.run(do(state, MondayState.seek, {"seek": written}))
        assert (state.open_code, state.form.action) == (hall.guests[1].code, Action.ARRIVE)
    send(state, identity=f"\u200e{persian(hall.card(hall.guests[1])[-4:])}\u200f")
    assert hall.guests[1].request.stage is Stage.ARRIVED


def test_of_whom_nobody_has_proved_the_line_asks_for_the_whole_number(hall: Hall) -> None:
    shows_card(hall.application, hall.guests[0].request)
    state = opened(hall)
    proved, typed = (row for row in state.day.visitors if row.code in codes(hall))
    assert reception_text.WHOLE_CARD not in proved.status
    assert reception_text.WHOLE_CARD in typed.status
    number = hall.card(hall.guests[1])
    then = asyncio.run(do(state, MondayState.seek, {"seek": number}))
    assert persian(number[-4:]) not in str(then), "its end would not be enough"
    assert state.form.identity == reception_text.WHOLE_CARD
    assert not state.form.reads_title, "she stands before the officer"
    press(state, proved.code, Action.ARRIVE)
    assert state.form.identity == needs_text.LABEL[Need.IDENTITY]


def test_of_a_standby_whom_nobody_has_proved_the_whole_number_is_asked_for_too(hall: Hall) -> None:
    """Otherwise the last digits would be filled in and refused: a wasted press for each."""
    code = opened(hall).day.standby[0].code
    with hall.reading() as uow:
        request = uow.requests.find(code)
        assert request is not None
        identity = uow.people.get(request.person_id).identity

    def looked_for() -> tuple[views.StandbyRow, str]:
        state = opened(hall)
        then = asyncio.run(do(state, MondayState.seek, {"seek": identity}))
        asyncio.run(do(state, MondayState.press_standby, code))
        is_whole = state.day.standby[0].whole_card
        label = reception_text.WHOLE_CARD if is_whole else needs_text.LABEL[Need.IDENTITY]
        assert state.form.identity == label
        return state.day.standby[0], str(then)

    row, then = looked_for()
    assert row.whole_card
    assert persian(identity[-4:]) not in then
    shows_card(hall.application, request)
    row, then = looked_for()
    assert not row.whole_card
    assert persian(identity[-4:]) in then


def codes(hall: Hall) -> set[str]:
    return {guest.code for guest in hall.guests[:2]}


def test_a_card_s_number_is_typed_once_and_its_last_four_digits_are_enough(hall: Hall) -> None:
    for guest in hall.guests[:2]:
        shows_card(hall.application, guest.request)
    state, number = opened(hall), hall.card(hall.guests[1])
    then = asyncio.run(do(state, MondayState.seek, {"seek": number}))
    filled = [one for one in then if "identity" in str(one)]
    assert any(persian(number[-4:]) in str(one) for one in filled), (
        "its end stands in the form already"
    )
    assert not any(persian(number) in str(one) for one in filled), "a spoken number proves nothing"
    then = asyncio.run(do(state, MondayState.seek, {"seek": hall.guests[0].code}))
    assert not [one for one in then if hall.guests[0].code in str(one)]
    send(state, identity=persian(hall.card(hall.guests[0])[-4:]))
    assert hall.guests[0].request.stage is Stage.ARRIVED


def test_a_card_whose_number_is_a_tracking_code_as_well_opens_her_line(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The check digit of every tenth card fits both."""
    monkeypatch.setattr(passes, "is_tracking_code", lambda digits: digits.isdecimal())
    state = opened(hall)
    asyncio.run(do(state, MondayState.seek, {"seek": hall.card(hall.guests[1])}))
    assert (state.open_code, state.form.action) == (hall.guests[1].code, Action.ARRIVE)
    asyncio.run(do(state, MondayState.seek, {"seek": hall.guests[0].code}))
    assert state.open_code == hall.guests[0].code


def test_whoever_is_in_the_hall_is_lit_with_where_she_is_and_nothing_opens(hall: Hall) -> None:
    state = opened(hall)
    arrive(hall, state, 0)
    hall.clock.forward(minutes=4)
    asyncio.run(state._reread())
    guest, line = hall.guests[0], state.day.visitors[0]
    for typed in (hall.card(hall.guests[0]), guest.code):
        asyncio.run(do(state, MondayState.seek, {"seek": typed}))
        assert (state.open_code, state.form.action) == (guest.code, "")
        assert (state.done, state.found) == (line.came, "")
    hall.act("mayor", guest, Action.CALL_IN)
    asyncio.run(state._reread())
    asyncio.run(do(state, MondayState.seek, {"seek": guest.code}))
    time = clock_words(hall.clock.now)
    assert state.done == reception_text.IN_ROOM_NOW.format(number=persian(1), time=time)
    asyncio.run(do(state, MondayState.seek, {"seek": hall.guests[1].code}))
    assert (state.open_code, state.form.action) == (hall.guests[1].code, Action.ARRIVE)


def test_whoever_was_absent_and_comes_is_received_late(hall: Hall) -> None:
    for _ in range(2):
        hall.act("reception", hall.guests[0], Action.CALL)
    hall.clock.forward(minutes=15)
    hall.act("reception", hall.guests[0], Action.NO_SHOW)
    state = opened(hall)
    asyncio.run(do(state, MondayState.seek, {"seek": hall.guests[0].code}))
    assert state.form.action == Action.COME_LATE


def test_whoever_was_absent_and_comes_after_her_seat_was_given_on_is_told_why(hall: Hall) -> None:
    absent = hall.guests[0]
    for _ in range(2):
        hall.act("reception", absent, Action.CALL)
    hall.clock.forward(minutes=11)
    standby = opened(hall).day.standby[0].code
    with hall.reading() as uow:
        card = uow.people.get(uow.requests.find(standby).person_id).identity
    hall.execute("reception", note_present, Standby(code=standby, identity=card))
    hall.act("reception", absent, Action.NO_SHOW)
    hall.clock.set(at_tehran(MONDAY, "09:30"))
    hall.application.worker.tick()
    state = opened(hall)
    asyncio.run(do(state, MondayState.seek, {"seek": absent.code}))
    assert state.form.action == ""
    assert state.done == reception_text.GIVEN_ON_TODAY.format(number=persian(1))
    line = next(row for row in state.day.visitors if row.code == absent.code)
    assert line.status.endswith(reception_text.GIVEN_ON)


def test_a_card_of_nobody_who_is_expected_tells_nothing(hall: Hall) -> None:
    """Neither who else has filed, nor whether the number belongs to anybody."""
    state = opened(hall)
    for number in (someone(90_001).identity, "0000000000"):
        asyncio.run(do(state, MondayState.seek, {"seek": number}))
        assert (state.found, state.open_code) == (reception_text.NOT_HERE, "")


def test_a_standby_far_down_the_line_is_not_listed_and_found_all_the_same(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = opened(hall).day.standby
    monkeypatch.setattr(views, "shown_first", lambda line: shown_first(line, 1))
    state = opened(hall)
    assert [row.code for row in state.day.standby] == [whole[0].code]
    assert state.day.standby_more == reception_text.STANDBY_MORE.format(
        count=persian(len(whole) - 1)
    )
    last = whole[-1]
    with hall.reading() as uow:
        identity = uow.people.get(uow.requests.find(last.code).person_id).identity
    for typed in (last.code, identity, f"https://city.example/t/{last.code}/"):
        then = asyncio.run(do(state, MondayState.seek, {"seek": typed}))
        assert then[1].args[0][1]._decode() == last.code
    asyncio.run(do(state, MondayState.press_standby, last.code))
    assert (state.open_code, state.form.action) == (last.code, Action.PRESENT)
    send(state, identity=identity)
    assert [row.code for row in state.day.standby] == [whole[0].code, last.code], "she is there"
    for code in (hall.guests[0].code, "0506000000", ""):
        asyncio.run(do(state, MondayState.press_standby, code))
        assert (state.open_code, state.form.action) == ("", "")
        assert state.found == reception_text.NOT_HERE


def test_an_opened_name_leads_to_its_line_and_several_are_told(hall: Hall) -> None:
    state = opened(hall)
    first, *others = state.day.visitors
    state.day = replace(state.day, visitors=(replace(first, name="علی‌رضا کریمی"), *others))
    asyncio.run(do(state, MondayState.seek, {"seek": "عليرضا"}))
    assert state.open_code == first.code
    asyncio.run(do(state, MondayState.seek, {"seek": "احمدی"}))
    assert (state.open_code, state.found) == (
        "",
        reception_text.SEVERAL.format(numbers="، ".join(one.number for one in others)),
    )
    asyncio.run(do(state, MondayState.seek, {"seek": "رستمی"}))
    assert state.found == reception_text.NO_NAME


@in_one_city("form", ["{code}", "http://localhost/track/{code}", "{spaced}"])
def test_a_pass_that_is_read_opens_its_line(hall: Hall, form: str) -> None:
    state = opened(hall)
    code = hall.guests[1].code
    text = form.format(code=code, spaced=persian(f"{code[:3]} {code[3:6]} {code[6:]}"))
    asyncio.run(do(state, MondayState.seek, {"seek": text}))
    assert (state.open_code, state.form.action) == (code, Action.ARRIVE)


def test_a_passport_that_is_typed_opens_its_line(hall: Hall) -> None:
    number, guest = "K1234567", hall.guests[1].request.person_id
    with hall.application.store.unit_of_work(hall.clock.now) as uow:
        card = replace(uow.people.get(guest), kind="passport", identity=number)
        uow.people.give_identity_back(guest, card)
    state = opened(hall)
    asyncio.run(do(state, MondayState.seek, {"seek": "k۱۲۳ ۴۵۶۷"}))
    assert (state.open_code, state.form.action) == (hall.guests[1].code, Action.ARRIVE)
    asyncio.run(do(state, MondayState.seek, {"seek": "K7654321"}))
    assert (state.found, state.open_code) == (reception_text.NOT_HERE, "")


@in_one_city(
    "typed, sentence",
    [
        ("0506000000", reception_text.NOT_HERE),
        ("", reception_text.TOO_SHORT),
        ("۰۵۰۶", reception_text.TOO_SHORT),
    ],
)
def test_a_code_that_leads_nowhere_closes_whoever_was_open(
    hall: Hall, typed: str, sentence: str
) -> None:
    state = opened(hall)
    asyncio.run(do(state, MondayState.seek, {"seek": hall.guests[1].code}))
    assert state.form.action == Action.ARRIVE
    asyncio.run(do(state, MondayState.seek, {"seek": typed}))
    assert (state.found, state.open_code, state.form.action) == (sentence, "", "")


def test_the_next_goes_in_at_once_and_another_only_with_a_reason(hall: Hall) -> None:
    state = opened(hall)
    arrive(hall, state, 0)
    arrive(hall, state, 1)
    press(state, hall.guests[1].code, Action.CALL_IN)
    assert state.form.skips
    send(state)
    assert state.refused == refusal("need_skip")
    send(state, skip="away")
    assert hall.guests[1].request.stage is Stage.IN_ROOM
    press(state, hall.guests[0].code, Action.CALL_IN)
    assert hall.guests[0].request.stage is Stage.ARRIVED


def test_whoever_is_in_the_room_is_not_counted_in_the_hall(hall: Hall) -> None:
    state = opened(hall)
    for at in (0, 1):
        arrive(hall, state, at)
    assert "در سالن: ۲ نفر" in state.day.summary
    press(state, hall.guests[0].code, Action.CALL_IN)
    assert "در اتاق: ۱ نفر، در سالن: ۱ نفر" in state.day.summary


def test_a_no_show_is_a_button_only_when_the_table_opens_it(hall: Hall) -> None:
    state, code = opened(hall), hall.guests[0].code
    for _ in range(2):
        press(state, code, Action.CALL)
    assert Action.NO_SHOW not in {button.action for button in state.day.visitors[0].buttons}
    hall.clock.forward(minutes=15)
    asyncio.run(state._reread())
    assert Action.NO_SHOW in {button.action for button in state.day.visitors[0].buttons}
    press(state, code, Action.NO_SHOW)
    assert hall.guests[0].request.stage is Stage.CONFIRMED  # the page asks first
    send(state)
    assert hall.guests[0].request.stage is Stage.WAITING
    press(state, code, Action.COME_LATE)
    send(state, identity=hall.card(hall.guests[0]))
    assert hall.guests[0].request.stage is Stage.ARRIVED


def test_the_list_offers_what_reception_does_and_counts_whoever_need_not_answer(hall: Hall) -> None:
    """In a small district one account is reception and desk. Unanswered seats are expected too."""
    board = hall.query("reception", monday_list, ADay())
    first = board.visitors[0]
    both = replace(first, stage=Stage.INVITED, steps=(*first.steps, STEP_FOR[Action.OFFER_ANSWER]))
    seen = views.day_view(replace(board, visitors=(both, *board.visitors[1:])), None)
    shown = [button.action for button in seen.visitors[0].buttons]
    assert Action.ARRIVE in shown
    assert Action.OFFER_ANSWER not in shown
    assert seen.summary == "هنوز نرسیده: ۳ نفر", "nothing is counted of nobody"
    hall.met(hall.guests[0])
    seen = views.day_view(hall.query("reception", monday_list, ADay()), None)
    assert seen.summary == "ملاقات شد: ۱ نفر، هنوز نرسیده: ۲ نفر"


@pytest.mark.parametrize("is_met", [True, False])
def test_after_the_last_meeting_no_seat_is_free_and_no_button_notes_a_standby(
    hall: Hall, *, is_met: bool
) -> None:
    """Her press would be refused, whether somebody was met on that day or nobody."""
    state = opened(hall)
    assert state.day.standby
    assert state.day.free
    if is_met:
        hall.met(hall.guests[0], TECHNICAL)
    Line(hall.city, hall.clock).until(MONDAY, "16:00")
    state = opened(hall)
    assert (list(state.day.standby), state.day.free) == ([], "")
    assert state.day.standby_none == reception_text.STANDBY_OVER


def test_whoever_was_called_in_vain_has_beside_her_what_is_missing_until_she_is_absent(
    hall: Hall,
) -> None:
    """A call at nine for a seat at a quarter past does not count, and the page says so."""
    state, code = opened(hall), hall.guests[1].code

    def status() -> str:
        asyncio.run(state._reread())
        return next(row.status for row in state.day.visitors if row.code == code)

    assert reception_text.ABSENT_CALLS not in status()
    for _ in range(2):
        press(state, code, Action.CALL)
    assert reception_text.ABSENT_FROM.format(time="۹:۲۵") in status()
    hall.clock.forward(minutes=25)
    assert reception_text.ABSENT_CALLS in status()
    for _ in range(2):
        press(state, code, Action.CALL)
    assert reception_text.ABSENT_CALLS not in status()
    assert Action.NO_SHOW in {button.action for button in state.day.visitors[1].buttons}


def test_beside_whoever_waits_in_the_hall_stands_from_when_she_may_be_noted_as_absent(
    hall: Hall,
) -> None:
    """The mayor is late; she has ten minutes from the first call."""
    state, code = opened(hall), hall.guests[0].code
    arrive(hall, state, 0)
    hall.clock.forward(minutes=25)
    for _ in range(2):
        press(state, code, Action.CALL)
    row = next(row for row in state.day.visitors if row.code == code)
    assert reception_text.ABSENT_FROM.format(time="۹:۳۵") in row.status
    assert Action.NO_SHOW not in {button.action for button in row.buttons}
    hall.clock.forward(minutes=10)
    asyncio.run(state._reread())
    row = next(row for row in state.day.visitors if row.code == code)
    assert reception_text.ABSENT_FROM[:12] not in row.status
    assert Action.NO_SHOW in {button.action for button in row.buttons}


def absent(hall: Hall, state: MondayState, at: int) -> None:
    """Call a visitor twice, wait, and note her as absent."""
    code = hall.guests[at].code
    for _ in range(2):
        press(state, code, Action.CALL)
    hall.clock.forward(minutes=15)
    asyncio.run(state._reread())
    press(state, code, Action.NO_SHOW)
    send(state)
    assert hall.guests[at].request.stage is Stage.WAITING


def written(hall: Hall, at: int) -> int:
    with hall.reading() as uow:
        return len(uow.requests.openings(hall.guests[at].request))


def test_a_name_that_was_opened_stays_open_for_whoever_comes_late(hall: Hall) -> None:
    state = opened(hall)
    name, before = state.day.visitors[0].name, written(hall, 0)
    absent(hall, state, 0)
    assert state.day.visitors[0].name == name
    assert not state.day.unseen, "nothing is offered that is open already"
    press(state, hall.guests[0].code, Action.COME_LATE)
    send(state, identity=hall.card(hall.guests[0]))
    assert state.day.visitors[0].name == name
    assert written(hall, 0) == before, "one entry a day in her file"


def test_who_opens_the_list_later_in_the_day_opens_her_name_too(hall: Hall) -> None:
    """A colleague takes over the counter, and her file records that."""
    first = opened(hall)
    absent(hall, first, 0)
    before = written(hall, 0)
    state = opened(hall, "mayor")
    assert state.day.visitors[0].name == first.day.visitors[0].name
    assert written(hall, 0) == before + 1


def test_the_day_after_the_name_of_whoever_was_absent_is_closed(hall: Hall) -> None:
    absent(hall, opened(hall), 0)
    hall.clock.forward(days=1)
    state = Tab(hall.application, "reception").opens(MondayState, f"/monday/?day={MONDAY}")
    assert state.day.visitors[0].name == ""
    assert state.day.visitors[1].name


def test_a_standby_who_has_come_takes_the_free_seat_and_nobody_before_her(
    application: Application, city: City, clock: FixedClock
) -> None:
    line = Line(city, clock)
    line.worker.tick()
    by_ticket = {one.request.ticket: one for one in line.file(len(SEATS) + 2)}
    line.until(MONDAY - timedelta(days=5), "20:00")
    seated = [one for one in by_ticket.values() if one.stage == Stage.INVITED]
    for citizen in seated:
        citizen.does(Action.CONFIRM)
    line.until(MONDAY, "08:50")
    first, second = (by_ticket[ticket] for ticket in line.draw().file["standby"])
    state = opened_by(application, "reception")
    assert [row.code for row in state.day.standby] == [first.code, second.code]

    asyncio.run(do(state, MondayState.press_standby, second.code))
    send(state, identity=first.identity)
    assert state.errors == {"identity": refusal("identity_mismatch")}
    send(state, identity=second.identity)
    assert [row.place for row in state.day.standby] == ["ذخیرهٔ ۱", "ذخیرهٔ ۲"], "no seat's number"
    assert state.day.standby[1].badge.word.startswith("حاضر از")
    assert state.day.standby[0].badge.word == ""
    asyncio.run(do(state, MondayState.press_standby, second.code))
    assert state.form.action == ""
    assert state.found.startswith("ذخیرهٔ ۲: حاضر از")

    nine = next(one for one in seated if one.request.seat.time == "09:00")
    nine.does(Action.GIVE_UP_SEAT)
    line.until(MONDAY, "09:00")  # freed too late, the seat waits for the next quarter hour
    asyncio.run(do(state, MondayState.load))
    (row,) = (row for row in state.day.visitors if row.code == second.code)
    assert row.name == "مریم احمدی"
    assert row.status.startswith(reception_text.STOOD_IN)
    assert [standby_row.code for standby_row in state.day.standby] == [first.code]


def test_a_day_whose_seats_all_came_back_says_so_and_not_that_none_was_given(
    application: Application, city: City, clock: FixedClock
) -> None:
    line = Line(city, clock)
    line.worker.tick()
    line.until(MONDAY - timedelta(days=9), "10:00")
    (only,) = line.drawn(1)
    assert only.stage == Stage.INVITED
    line.until(MONDAY, "09:00")
    day = opened_by(application, "reception").day
    assert day.visitors == ()
    assert day.freed_lead == reception_text.ALL_FREED_LEAD[False]
    assert day.free.startswith("نوبت آزاد")
    mayors = agenda_views.day(application.query_as(city.as_("mayor"), agenda, ADay()))
    assert (mayors.empty, mayors.empty_lead) == (
        reception_text.ALL_FREED,
        reception_text.ALL_FREED_LEAD[False],
    )


@pytest.mark.on_postgresql
def test_a_day_nobody_was_drawn_for_has_had_no_seats_to_come_back(
    application: Application, city: City, clock: FixedClock
) -> None:
    line = Line(city, clock)
    line.worker.tick()
    line.until(MONDAY, "09:00")
    assert opened_by(application, "reception").day.freed_lead == ""


def test_a_button_that_is_not_there_does_nothing(hall: Hall) -> None:
    state = opened(hall)
    press(state, hall.guests[0].code, Action.CALL_IN)
    press(state, "0506000000", Action.ARRIVE)
    asyncio.run(do(state, MondayState.press_standby, hall.guests[0].code))
    assert (state.open_code, state.form.action) == ("", "")


def test_of_a_line_of_thousands_those_who_are_there_and_the_first_of_the_others_are_listed(
    hall: Hall,
) -> None:
    there = {7, 1_500, 3_000}
    line = [
        StandbyPerson(f"{place:010}", place, hall.clock.now if place in there else None)
        for place in range(1, 3_001)
    ]
    listed = [person.place for person in shown_first(line)]
    assert listed == sorted(there | set(range(1, STANDBYS_SHOWN + 2)))


def test_of_whoever_sits_beside_her_telephone_it_stands_out_that_she_has_answered(
    hall: Hall,
) -> None:
    first = hall.guests[0]
    hall.clock.set(at_tehran(MONDAY - timedelta(days=1), "18:00"))
    shows_card(hall.application, first.request)
    hall.execute(first.actor, take_step, TakeStep(code=first.code, action=Action.ASK_CALL))
    hall.clock.set(at_tehran(MONDAY, "09:01"))
    looks = [(button.action, button.kind) for button in opened(hall).day.visitors[0].buttons]
    assert looks[:3] == [
        (Action.REACH, "primary"),
        (Action.RING, "secondary"),
        (Action.ARRIVE, "secondary"),
    ]
    others = opened(hall).day.visitors[1].buttons
    assert others[0].action == Action.ARRIVE
    assert others[0].kind == "primary"
