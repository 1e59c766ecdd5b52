"""Ten dice: announced before the freeze, rolled once, typed before anybody has shown a value."""

from datetime import timedelta
from typing import Any

import pytest
from support.line import MONDAY, Line
from support.witnesses import Witness

from publicmeeting.domain.errors import Denied, Invalid
from publicmeeting.turns.announced import DEFAULT_RULES, check_rules
from publicmeeting.turns.formulas import seed
from publicmeeting.turns.verification import verify

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
TUESDAY, WEDNESDAY = MONDAY - 6 * DAY, MONDAY - 5 * DAY
DIGITS = "4161352263"


@pytest.fixture
def press(line: Line) -> Witness:
    return Witness(line, "press")


@pytest.fixture
def with_dice(line: Line) -> Line:
    """The rules of every Monday opened from now on announce dice; the first of them is ahead."""
    rules = check_rules({**DEFAULT_RULES, "version": 2, "dice": True})
    with line.city.application.store.unit_of_work(line.clock()) as uow:
        uow.city.announce_rules(rules, MONDAY + WEEK, line.clock())
    line.until(MONDAY - WEEK)
    assert line.draw(ROLLED).file["rules"]["dice"] is True
    return line


ROLLED = MONDAY + 2 * WEEK
BEFORE = ROLLED - 5 * DAY


def test_dice_become_part_of_the_seed(with_dice: Line, press: Witness) -> None:
    with_dice.file(3)
    with_dice.until(BEFORE, "11:30")
    assert press.rolls("۴۱۶۱۳ ۵۲۲۶۳", ROLLED) == DIGITS
    with_dice.until(BEFORE, "12:00")
    file = with_dice.draw(ROLLED).file
    assert file["late_value"] == DIGITS
    assert file["seed"] == seed(
        *(file[key] for key in ("draw", "pool_root", "commitments", "reveals")),
        file["late_day"],
        DIGITS,
    )
    assert verify(file) == ()
    assert verify({**file, "late_value": DIGITS[::-1]}) != ()
    entries = with_dice.entries("dice")
    assert entries == [{"monday": "1405-09-23", "party": "press", "digits": DIGITS}]


def test_dice_nobody_announced_are_refused(line: Line, press: Witness) -> None:
    line.until(WEDNESDAY, "11:30")
    with pytest.raises(Denied, match="dice_not_announced"):
        press.rolls(DIGITS)


def test_dice_have_their_hour(with_dice: Line, press: Witness) -> None:
    with_dice.until(BEFORE - DAY, "11:59")
    with pytest.raises(Denied, match="dice_not_announced"):
        press.rolls(DIGITS, ROLLED)
    with_dice.until(BEFORE, "11:29")
    with pytest.raises(Denied, match="dice_not_yet"):
        press.rolls(DIGITS, ROLLED)


def test_dice_after_a_reveal_are_refused_and_the_draw_has_none(
    with_dice: Line, press: Witness
) -> None:
    """Whoever knows the city's value could roll until the outcome pleases."""
    press.commits(ROLLED)
    with_dice.until(BEFORE, "12:00")
    with pytest.raises(Denied, match="dice_late"):
        press.rolls(DIGITS, ROLLED)
    press.shows(ROLLED)
    with_dice.worker.tick()
    assert with_dice.draw(ROLLED).file["late_value"] == "none"


@pytest.mark.on_postgresql
def test_dice_are_rolled_once_by_whoever_comes_first(with_dice: Line, press: Witness) -> None:
    with_dice.until(BEFORE, "11:30")
    press.rolls(DIGITS, ROLLED)
    with pytest.raises(Denied, match="dice_given"):
        Witness(with_dice, "council").rolls("1" * 10, ROLLED)


@pytest.mark.parametrize("digits", ["", "123456123", "12345612345", "1234561237", "123456123a"])
def test_exactly_ten_digits_from_one_to_six(line: Line, press: Witness, digits: str) -> None:
    with pytest.raises(Invalid, match="dice_form"):
        press.rolls(digits)


@pytest.mark.parametrize("dice", [1, "true", None])
def test_rules_say_yes_or_no_to_dice(dice: Any) -> None:
    with pytest.raises(Invalid, match="rules_malformed"):
        check_rules({**DEFAULT_RULES, "dice": dice})
