"""The late value: who may enter it, in which form, and what corrects a wrong entry."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from support.audited import against_log, all_draws
from support.each import in_one_city
from support.line import DRAWN, INDEX, MONDAY, Line

from publicmeeting.domain.errors import Denied, Invalid
from publicmeeting.domain.roles import NOBODY, Actor
from publicmeeting.kit.clock import at_tehran
from publicmeeting.turns.log import verify_chain
from publicmeeting.turns.rules.late_value import Source
from publicmeeting.turns.verification import verify
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.line.ceremony.late_value import (
    EnterValue,
    ValueDesk,
    enter_value,
    preview_value,
    read_value,
    value_desk,
)

DAY = timedelta(days=1)
TUESDAY, WEDNESDAY = MONDAY - 6 * DAY, MONDAY - 5 * DAY
SATURDAY, SUNDAY = MONDAY - 2 * DAY, MONDAY - DAY
THIS, WED = "1405-09-09", "1405-09-04"


@pytest.fixture
def silent(line: Line) -> Line:
    """A city that enters nothing by itself, with two waiting citizens."""
    line.file(2)
    return replace(line, prints=False)


def enters(line: Line, value: str = INDEX, *, day: str = WED, monday: str = THIS) -> str:
    command = EnterValue(monday=monday, day=day, value=value)
    return line.city.application.execute_as(line.city.as_("administrator"), enter_value, command)


def desk(line: Line) -> ValueDesk:
    found = line.city.application.query_as(line.city.as_("administrator"), value_desk, Nothing())
    assert found is not None
    return found


def agrees(line: Line) -> bool:
    with line.reading() as uow:
        files = [one.file for one in all_draws(uow)]
    entries = [entry.published for entry in line.log()]
    return verify_chain(line.log()) == () and against_log(files, entries).faults == {}


def test_what_the_city_alone_entered_stands_when_the_hours_are_over(silent: Line) -> None:
    silent.until(WEDNESDAY, "14:00")
    assert enters(silent, "۲٬۱۸۵٬۹۷۹") == INDEX
    silent.until(WEDNESDAY, "19:59")
    assert silent.entries("value_stands") == []
    silent.until(WEDNESDAY, DRAWN)
    word = {"monday": THIS, "day": WED, "value": INDEX}
    assert silent.entries("value") == [{**word, "party": "city", "sig": ""}]
    assert silent.entries("value_stands") == [{**word, "because": silent.seqs("value")}]
    file = silent.draw().file
    assert (file["late_day"], file["late_value"]) == (WED, INDEX)
    assert silent.entries("draw")[0]["because"] == silent.seqs("value_stands")
    assert verify(file) == ()
    assert agrees(silent)


@in_one_city(
    "at, day, word",
    [
        ((TUESDAY, "13:00"), WED, "late_value_early"),
        ((TUESDAY, "22:30"), WED, "late_value_early"),
        ((WEDNESDAY, "13:59"), WED, "late_value_early"),
        ((WEDNESDAY, "15:00"), "1405-09-07", "late_value_early"),
        ((WEDNESDAY, "15:00"), "1405-09-05", "late_value_day"),
        ((WEDNESDAY, "15:00"), "soon", "monday_unknown"),
        ((WEDNESDAY, "20:00"), WED, "late_value_late"),
    ],
)
def test_a_value_has_its_day_and_its_hours(
    silent: Line, at: tuple[date, str], day: str, word: str
) -> None:
    silent.until(*at)
    with pytest.raises(Denied, match=word):
        enters(silent, day=day)
    assert silent.entries("value") == []


def test_a_slip_of_the_pen_is_put_right_until_it_stands(silent: Line) -> None:
    silent.until(WEDNESDAY, "14:10")
    enters(silent, "2185797")
    enters(silent)
    enters(silent)  # pressed twice
    assert [entry["value"] for entry in silent.entries("value")] == ["2185797", INDEX]
    silent.until(WEDNESDAY, DRAWN)
    assert silent.draw().file["late_value"] == INDEX
    with pytest.raises(Denied, match="late_value_stands"):
        enters(silent, "1")


def test_nothing_printed_leads_to_the_next_day(silent: Line) -> None:
    silent.until(WEDNESDAY, "15:00")
    enters(silent, "none")
    silent.until(WEDNESDAY, "21:00")
    assert silent.draw().state == "frozen"
    assert desk(silent).day == SATURDAY
    silent.until(SATURDAY, "14:30")
    enters(silent, day="1405-09-07")
    silent.until(SATURDAY, "20:00")
    assert (silent.draw().file["late_day"], silent.draw().state) == ("1405-09-07", "drawn")
    assert agrees(silent)


def test_a_city_that_is_silent_on_all_days_draws_by_what_was_sealed_alone(silent: Line) -> None:
    """No draw is ever skipped; the log says that there was no value."""
    silent.until(SUNDAY, "19:59")
    assert silent.draw().state == "frozen"
    silent.until(SUNDAY, "20:00")
    closed = silent.seqs("reveals_closed")
    assert silent.entries("value_stands") == [
        {"monday": THIS, "day": "1405-09-08", "value": "none", "because": closed}
    ]
    assert silent.draw().file["late_value"] == "none"
    assert agrees(silent)


def test_a_monday_without_seats_is_drawn_as_soon_as_the_values_are_opened(line: Line) -> None:
    line.file(1)
    line.close(district="")
    line.until(TUESDAY, "22:00")
    assert line.draw().state == "drawn"
    (stands,) = line.entries("value_stands")
    assert (stands["value"], stands["because"]) == ("none", line.seqs("reveals_closed"))


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("2185979", INDEX),
        (" ۲۱۸۵۹۷۹ ", INDEX),
        ("۲٬۱۸۵٬۹۷۹", INDEX),
        ("2,185,979", INDEX),
        ("٢ ١٨٥ ٩٧٩", INDEX),
        ("۲،۱۸۵،۹۷۹", INDEX),
        ("0", "0"),
    ],
)
def test_a_figure_is_read_as_newspapers_print_it(typed: str, value: str) -> None:
    assert read_value(Source.PUBLISHED, typed) == value


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("", "late_value_missing"),
        ("   ", "late_value_missing"),
        ("2185979.45", "late_value_decimals"),
        ("۲٬۱۸۵٬۹۷۹٫۴۵", "late_value_decimals"),
        ("2185979/45", "late_value_decimals"),
        ("2185979,45", "late_value_form"),
        ("21,85,979", "late_value_form"),
        (",185,979", "late_value_form"),
        ("02185979", "late_value_form"),
        ("-2185979", "late_value_form"),
        ("2185979²", "late_value_form"),
        ("1" * 16, "late_value_form"),
        ("دو میلیون", "late_value_form"),
        ("None", "late_value_form"),
    ],
)
def test_what_is_no_printed_integer_is_refused(typed: str, word: str) -> None:
    with pytest.raises(Invalid) as refusal:
        read_value(Source.PUBLISHED, typed)
    assert (refusal.value.key, refusal.value.field) == (word, "value")


@pytest.mark.parametrize("typed", ["123456123", "1234567123", "12345.1234", "none"])
def test_ten_dice_are_ten_digits_from_one_to_six(typed: str) -> None:
    assert read_value(Source.DICE, "۱۲۳۴۵ ۶۱۲۳۴") == "1234561234"
    with pytest.raises(Invalid, match="late_value_dice"):
        read_value(Source.DICE, typed)


def test_a_preview_writes_nothing(silent: Line) -> None:
    silent.until(WEDNESDAY, "15:00")
    administrator = silent.city.as_("administrator")
    command = EnterValue(monday=THIS, day=WED, value="۲٬۱۸۵٬۹۷۹")
    assert silent.city.application.query_as(administrator, preview_value, command) == INDEX
    assert silent.entries("value") == []


def test_the_administrator_sees_what_is_awaited_and_what_was_entered(silent: Line) -> None:
    silent.until(TUESDAY, "13:00")
    seen = desk(silent)
    assert (seen.monday, seen.day, seen.closed_at) == (MONDAY, WEDNESDAY, None)
    assert seen.opens_at == at_tehran(WEDNESDAY, "14:00")
    silent.until(WEDNESDAY, "15:00")
    enters(silent)
    seen = desk(silent)
    assert seen.until == at_tehran(WEDNESDAY, "20:00")
    assert [(word.party, word.value) for word in seen.words if word.value] == [("city", INDEX)]
    assert seen.standing is None


@in_one_city("username", ["desk", "mayor", "overseer", "reception"])
@in_one_city("usecase", [enter_value, preview_value])
def test_nobody_but_the_administrator_enters_the_citys_value(line, username, usecase) -> None:
    command = EnterValue(monday=THIS, day=WED, value=INDEX)
    for actor in (line.city.as_(username), NOBODY, Actor(visit="a visit")):
        with pytest.raises(Denied, match=r"not_your_role|session_ended"):
            line.city.application.execute_as(actor, usecase, command)


@in_one_city(
    "about, word",
    [
        ({"monday": "1405-09-10", "day": WED}, "monday_unknown"),
        ({"monday": "1400-01-02", "day": WED}, "monday_unknown"),
        ({"monday": "\x00", "day": "\x00"}, "monday_unknown"),
        ({"monday": THIS, "day": "1" * 400}, "monday_unknown"),
    ],
)
def test_a_day_that_is_none_is_refused(silent: Line, about: dict[str, str], word: str) -> None:
    silent.until(WEDNESDAY, "15:00")
    with pytest.raises(Denied, match=word):
        enters(silent, **about)
