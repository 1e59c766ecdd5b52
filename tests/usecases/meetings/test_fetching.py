"""Visitors who cannot hear or see the call are fetched, and no call makes them absent."""

import pytest
from support.line import DISTRICT, MONDAY, Citizen, Line

from publicmeeting.domain.choices import FETCHED
from publicmeeting.domain.errors import Denied
from publicmeeting.domain.meetings.estimate import DayState
from publicmeeting.domain.stages import Action
from publicmeeting.text.meetings import agenda_text
from publicmeeting.text.tracking import day_text, day_words
from publicmeeting.ui.mayor.agenda.views import day
from publicmeeting.usecases.base import OneCase
from publicmeeting.usecases.estimate import seated_on
from publicmeeting.usecases.meetings.agenda import ADay, agenda, monday_list
from publicmeeting.usecases.meetings.coming.her_day import her_day
from publicmeeting.usecases.meetings.in_hall.hall import day_calls
from publicmeeting.usecases.screening.inbox import open_case

FOUR = (("hard_of_hearing",), ("low_vision", "companion"), ("sign_language",), ("step_free",))


@pytest.fixture
def guests(line: Line) -> dict[tuple[str, ...], Citizen]:
    """Monday, 8:45: need → a holder of a seat with that need; there are four."""
    return dict(zip(FOUR, line.begun(_guests), strict=True))


def _guests(line: Line) -> list[Citizen]:
    filed = [line.file(1, needs=needs)[0] for needs in FOUR]
    line.until(MONDAY.replace(day=26), "00:00")
    for citizen in filed:
        citizen.does(Action.CONFIRM)
    line.until(MONDAY, "08:45")
    return filed


def buttons(line: Line, citizen: Citizen, who: str = "reception") -> set[Action]:
    board = line.city.application.query_as(line.city.as_(who), monday_list, ADay(district=DISTRICT))
    (row,) = (each for each in board.visitors if each.code == citizen.code)
    return {step.action for step in row.steps} & {Action.CALL, Action.FETCH}


def test_reception_goes_to_her_and_calls_everybody_else(
    line: Line, guests: dict[tuple[str, ...], Citizen]
) -> None:
    for needs, guest in guests.items():
        is_fetched = not FETCHED.isdisjoint(needs)
        assert buttons(line, guest) == {Action.FETCH if is_fetched else Action.CALL}
        assert buttons(line, guest, "mayor") == (set() if is_fetched else {Action.CALL})


@pytest.mark.parametrize("who", ["reception", "mayor"])
def test_she_is_never_absent_by_a_call_that_she_cannot_notice(
    line: Line, guests: dict[tuple[str, ...], Citizen], who: str
) -> None:
    deaf = guests["hard_of_hearing",]
    line.until(MONDAY, "11:00")
    with pytest.raises(Denied, match="fetch_instead"):
        line.official(who, deaf, Action.CALL)
    with pytest.raises(Denied, match="fetch_twice"):
        line.official("reception", deaf, Action.NO_SHOW)


def test_who_was_looked_for_twice_is_absent_and_her_phone_was_told_once(
    line: Line, guests: dict[tuple[str, ...], Citizen]
) -> None:
    blind = guests["low_vision", "companion"]
    line.until(MONDAY, "11:00")
    line.official("reception", blind, Action.FETCH)
    with pytest.raises(Denied, match="fetch_twice"):
        line.official("reception", blind, Action.NO_SHOW)
    line.official("reception", blind, Action.FETCH)
    with line.reading() as uow:
        texts = [one.action for one in uow.outbox.due(50) if one.request_id == blind.request.id]
    assert texts.count(Action.FETCH) == 1
    assert line.official("reception", blind, Action.NO_SHOW).missed == 1


def test_another_is_not_fetched_and_nobody_but_reception_fetches(
    line: Line, guests: dict[tuple[str, ...], Citizen]
) -> None:
    with pytest.raises(Denied, match="call_instead"):
        line.official("reception", guests["step_free",], Action.FETCH)
    for who in ("mayor", "desk", "overseer"):
        with pytest.raises(Denied, match=r"not_found|not_your_role"):
            line.official(who, guests["hard_of_hearing",], Action.FETCH)
    with pytest.raises(Denied, match="not_your_role"):
        guests["hard_of_hearing",].does(Action.FETCH)


def test_how_she_is_called_is_in_no_log_and_before_no_desk(
    line: Line, guests: dict[tuple[str, ...], Citizen]
) -> None:
    deaf, before = guests["hard_of_hearing",], len(line.log())
    line.official("reception", deaf, Action.FETCH)
    assert len(line.log()) == before
    with line.reading() as uow:
        day = uow.city.monday(DISTRICT, MONDAY)
        assert day is not None
        (call,) = day_calls(day, seated_on(uow, day).seated)
        assert (call.nth, call.is_announced) == (1, True), "her number shows as everybody's"
    seen = line.city.application.execute_as(
        line.city.as_("second_desk"), open_case, OneCase(code=deaf.code)
    )
    assert Action.FETCH not in {mark.action for mark in seen.marks}


def test_the_mayor_reads_that_reception_goes_to_her(
    line: Line, guests: dict[tuple[str, ...], Citizen]
) -> None:
    mayor = line.city.as_("mayor")
    seen = day(line.city.application.query_as(mayor, agenda, ADay()))
    fetched = {guest.code for guest in seen.guests if agenda_text.IS_FETCHED in guest.line}
    assert fetched == {
        guest.code for needs, guest in guests.items() if not FETCHED.isdisjoint(needs)
    }
    assert not any(guest.may_call for guest in seen.guests if guest.code in fetched)


def test_she_only_says_that_she_is_outside_and_goes_to_no_room(
    line: Line, guests: dict[tuple[str, ...], Citizen]
) -> None:
    """Nobody waits for a deaf visitor in the room: reception comes to her."""
    deaf = guests["hard_of_hearing",]
    line.official("reception", deaf, Action.FETCH)
    day = line.city.application.query_as(deaf.actor, her_day, OneCase(code=deaf.code))
    assert day is not None
    assert (day.state, day_words.coming_words(day)) == (
        DayState.FETCHED,
        (day_text.OUTSIDE, day_text.OUTSIDE_WHY),
    )
    deaf.does(Action.COMING)
    answered = line.city.application.query_as(deaf.actor, her_day, OneCase(code=deaf.code))
    assert answered is not None
    words = f"{day_words.head_words(answered)} {day_words.means_words(answered)}"
    assert day_text.OUTSIDE_HEAD in words
    assert "اتاق ملاقات" not in words


def test_whoever_is_called_by_her_number_says_that_she_is_coming(
    line: Line, guests: dict[tuple[str, ...], Citizen]
) -> None:
    citizen = guests["step_free",]
    line.official("reception", citizen, Action.CALL)
    day = line.city.application.query_as(citizen.actor, her_day, OneCase(code=citizen.code))
    assert day is not None
    assert day_words.coming_words(day) == (day_text.COMING, day_text.COMING_WHY)
