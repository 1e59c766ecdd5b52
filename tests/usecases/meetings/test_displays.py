"""Screens of a hall: who makes and ends them, what opens them, and what they show."""

from datetime import timedelta

import pytest
from support.hall import Hall
from support.line import DISTRICT

from publicmeeting.domain.errors import Denied
from publicmeeting.domain.roles import Actor
from publicmeeting.domain.stages import Action
from publicmeeting.kit.digits import persian
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.meetings.agenda import ADay, monday_list, open_monday
from publicmeeting.usecases.meetings.in_hall.displays import (
    DISPLAYS_MOST,
    STAYS,
    HallKey,
    OneDisplay,
    OneHall,
    end_display,
    hall_news,
    hall_settings,
    make_display,
    open_display,
)

NOBODY = Actor()


def made(hall: Hall, who: str = "reception") -> str:
    return hall.execute(who, make_display, OneHall()).key


def opens(hall: Hall, key: str, district: int = DISTRICT) -> str:
    """Return the refusal's key, or "" if the screen opens."""
    command = HallKey(district=district, key=key)
    words = []
    for ask, usecase in ((hall.execute, open_display), (hall.query, hall_news)):
        try:
            ask(NOBODY, usecase, command)
        except Denied as word:
            words.append(word.key)
        else:
            words.append("")
    assert words[0] == words[1]
    return words[0]


def test_a_key_opens_its_hall_however_it_is_typed(hall: Hall) -> None:
    key = made(hall)
    assert len(key) == 20
    assert key.isdecimal()
    for typed in (key, persian(key), f" {key[:4]} {key[4:]} ", "-".join((key[:10], key[10:]))):
        assert opens(hall, typed) == ""


@pytest.mark.on_postgresql
def test_every_other_key_is_refused_with_one_word(hall: Hall) -> None:
    key = made(hall)
    wrong = key[:-1] + str((int(key[-1]) + 1) % 10)
    for district, typed in (
        (DISTRICT, wrong),
        (DISTRICT, ""),
        (DISTRICT, key[:-1]),
        (DISTRICT, f"{key}1"),
        (DISTRICT, "x" * 5000),
        (DISTRICT, f"{key[:10]}\n{key[10:-1]}"),
        (DISTRICT + 1, key),
        (0, key),
        (-1, key),
    ):
        assert opens(hall, typed, district) == "hall_key_unknown"
    hall.clock.forward(days=STAYS.days)
    assert opens(hall, key) == "hall_key_unknown"


def test_an_ended_screen_opens_nothing_and_is_no_longer_listed(hall: Hall) -> None:
    key, other = made(hall), made(hall)
    first, _ = hall.query("reception", hall_settings, Nothing()).displays
    assert key not in str(first)
    hall.execute("reception", end_display, OneDisplay(display=first.id))
    words = {opens(hall, key), opens(hall, other)}
    assert words == {"", "hall_key_unknown"}
    assert len(hall.query("reception", hall_settings, Nothing()).displays) == 1


@pytest.mark.parametrize("who", ["mayor"])
def test_nobody_but_the_reception_sets_a_hall_up(hall: Hall, who: str) -> None:
    made(hall)
    display = hall.query("reception", hall_settings, Nothing()).displays[0].id
    for usecase, command in (
        (make_display, OneHall()),
        (end_display, OneDisplay(display=display)),
        (hall_settings, Nothing()),
    ):
        with pytest.raises(Denied, match="not_your_role"):
            hall.execute(who, usecase, command)
        with pytest.raises(Denied, match="session_ended"):
            hall.execute(NOBODY, usecase, command)
    assert len(hall.query("reception", hall_settings, Nothing()).displays) == 1


def test_a_screen_of_nowhere_is_not_ended(hall: Hall) -> None:
    with pytest.raises(Denied, match="not_found"):
        hall.execute("reception", end_display, OneDisplay(display="0" * 64))


def test_a_hall_has_so_many_screens_and_no_more(hall: Hall) -> None:
    for _ in range(DISPLAYS_MOST):
        made(hall)
    with pytest.raises(Denied, match="displays_many"):
        made(hall)
    hall.clock.forward(days=(STAYS + timedelta(days=1)).days)
    assert opens(hall, made(hall)) == "", "an expired one makes room"


def test_it_sees_numbers_and_no_name(hall: Hall) -> None:
    """Not even after reception has opened the names of its board."""
    hall.execute("reception", open_monday, ADay())
    board = hall.query("reception", monday_list, ADay())
    assert all(visitor.name for visitor in board.visitors)
    hall.arrive(hall.guests[0])
    hall.act("reception", hall.guests[0], Action.CALL)
    seen = hall.query(NOBODY, hall_news, HallKey(district=DISTRICT, key=made(hall)))
    assert [call.number for call in seen.calls] == [1]
    assert all(visitor.name is None for visitor in seen.board.visitors)
