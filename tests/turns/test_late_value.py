"""Which late value stands: a quorum's, else the one all entered, else the next day's, else none."""

from datetime import date, timedelta

import pytest
from support.each import for_each

from publicmeeting.kit.clock import at_tehran
from publicmeeting.kit.jalali import iso
from publicmeeting.turns.rules.announced import DEFAULT_RULES
from publicmeeting.turns.rules.late_value import (
    Awaited,
    Source,
    Standing,
    Typed,
    counted_days,
    is_of_form,
    settle,
)
from publicmeeting.turns.rules.week import Week

MONDAY = date(2026, 11, 30)
WED, SAT, SUN = (MONDAY - timedelta(days=days) for days in (5, 2, 1))
CLOSED = (7, at_tehran(MONDAY - timedelta(days=6), "22:00"))
AT_NOON, IN_THE_EVENING = at_tehran(WED, "14:30"), at_tehran(WED, "20:00")


def week(*witnesses):
    parties = [{"party": party, "org": "example.ir", "vkey": "", "url": ""} for party in witnesses]
    return Week(MONDAY, {**DEFAULT_RULES, "witnesses": parties})


def typed(*words, day=WED, first=10):
    found = (word.split() for word in words)
    return [Typed(first + n, iso(day), party, value) for n, (party, value) in enumerate(found)]


THREE = week("council", "press", "bar")
"""A week with three witnesses, whose quorum is two."""


def test_what_a_quorum_entered_alike_stands_at_once():
    words = typed("city 1", "press 2", "council 2")
    assert settle(THREE, CLOSED, words[:2], AT_NOON) == Awaited(WED, IN_THE_EVENING)
    assert settle(THREE, CLOSED, words, AT_NOON) == Standing(iso(WED), "2", (11, 12))


@for_each(
    [
        ((), False),
        (("city 2",), True),
        (("press 2",), True),
        (("city 2", "press 2"), True),
        (("city 1", "press 2"), False),
        (("city 1", "press 2", "city 2"), True),
        (("press 1", "council 2", "bar 3"), False),
        (("stranger 1", "other 1", "press 2"), False),
        (("none none",), False),
    ]
)
def test_without_a_quorum_all_must_be_alike_when_the_hours_are_over(words, stands):
    """Silence blocks nothing; a party's last entry counts; others than witnesses make no quorum."""
    found = typed(*words)
    assert isinstance(settle(THREE, CLOSED, found, AT_NOON), Awaited)
    evening = settle(THREE, CLOSED, found, IN_THE_EVENING)
    if stands:
        last = {one.party: one.seq for one in found}
        assert evening == Standing(iso(WED), "2", tuple(sorted(last.values())))
    else:
        assert evening == Awaited(SAT, at_tehran(SAT, "20:00"))


def test_a_quorum_that_saw_nothing_printed_waits_for_the_next_day():
    words = typed("press none", "council none", "city 9")
    assert settle(THREE, CLOSED, words, AT_NOON) == Awaited(SAT, at_tehran(SAT, "20:00"))
    words += typed("press 5", "bar 5", day=SAT, first=20)
    assert settle(THREE, CLOSED, words, at_tehran(SAT, "15:00")).value == "5"


@for_each(
    [
        ((), (7,)),
        (("city 1", "press 2"), (20, 21)),
        (("city 1", "press none", "council 3"), (21,)),
        (("press none", "council none"), (20, 21)),
    ]
)
def test_after_the_last_day_there_is_none(words, because):
    """The causes are entries of `none`, else all entries of that day, else `reveals_closed`."""
    words = typed("city 1", "press 2") + typed(*words, day=SUN, first=20)
    found = settle(THREE, CLOSED, words, at_tehran(SUN, "20:00"))
    assert found == Standing(iso(SUN), "none", because)


def test_a_day_counts_only_where_its_session_begins_after_the_reveals_were_closed():
    late = at_tehran(WED, "09:00")
    assert counted_days(THREE, CLOSED[1]) == (WED, SAT, SUN)
    assert counted_days(THREE, late) == (SAT, SUN)
    words = typed("press 2", "council 2", "city 2")
    assert settle(THREE, (7, late), words, AT_NOON) == Awaited(SAT, at_tehran(SAT, "20:00"))
    too_late = at_tehran(SUN, "09:00")
    assert settle(THREE, (7, too_late), words, too_late) == Standing(iso(SUN), "none", (7,))


def test_a_monday_without_seats_waits_for_nothing():
    found = settle(THREE, CLOSED, [], CLOSED[1], has_seats=False)
    assert found == Standing(iso(WED), "none", (7,))


def test_one_of_two_witnesses_is_no_quorum_and_none_never_is():
    words = typed("press 2")
    assert isinstance(settle(week("press", "council"), CLOSED, words, AT_NOON), Awaited)
    assert isinstance(settle(week(), CLOSED, typed("city 2"), AT_NOON), Awaited)
    assert settle(week("press"), CLOSED, words, AT_NOON).value == "2"


@pytest.mark.parametrize(
    ("kind", "value", "is_right"),
    [
        (Source.PUBLISHED, "2185979", True),
        (Source.PUBLISHED, "0", True),
        (Source.PUBLISHED, "none", True),
        (Source.PUBLISHED, "02185979", False),
        (Source.PUBLISHED, "2185979.4", False),
        (Source.PUBLISHED, "۲۱۸۵۹۷۹", False),
        (Source.PUBLISHED, "1" * 16, False),
        (Source.PUBLISHED, "", False),
        (Source.DICE, "1234561234", True),
        (Source.DICE, "none", True),
        (Source.DICE, "1234567234", False),
        (Source.DICE, "123456123", False),
        (Source.DICE, "12345612345", False),
    ],
)
def test_a_value_has_the_form_the_rules_announce(kind, value, is_right):
    assert is_of_form(kind, value) is is_right
