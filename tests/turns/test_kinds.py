"""Every kind of entry has exactly one form."""

import pytest

from publicmeeting.turns.kinds import BODIES, Check, Kind, fits, wrong_keys

TICKET, DRAW = "a" * 64, "d06-1405-09-16"


def test_every_kind_has_a_form_and_no_other_has():
    assert set(BODIES) == set(Kind)


def test_a_body_has_exactly_its_keys():
    body = {"ticket": TICKET, "draw": DRAW, "time": "09:00"}
    assert wrong_keys(Kind.MET, body) == ()
    assert wrong_keys(Kind.MET, {**body, "note": "x"}) == ("note",)
    assert wrong_keys(Kind.MET, {"ticket": TICKET, "time": "9:00"}) == ("draw", "time")


@pytest.mark.parametrize(
    ("rule", "right", "wrong"),
    [
        (Check.MONDAY, "1405-09-16", "1405-09-15"),
        (Check.MONDAY, "1405-09-16", "1405-13-16"),
        (Check.MONDAY, "1405-09-16", "۱۴۰۵-۰۹-۱۶"),
        (Check.MONDAY_OR_EMPTY, "", " "),
        (Check.DRAW, DRAW, "d06-1405-09-15"),
        (Check.VALUE, "2185979", "2185979.4"),
        (Check.VALUE, "none", "02185979"),
        (Check.VALUE, "0", "۲۱۸۵۹۷۹"),
        (Check.CAUSES, [1, 5], []),
        (Check.CAUSES, [1], [5, 1]),
        (Check.CAUSES, [2, 3], [2, 2]),
        (Check.PARTIES, ["city", "council"], ["council", "city"]),
        (Check.COUNT, 0, True),
        (Check.SEATS, ["09:00", "09:15"], ["09:15", "09:00"]),
        (Check.OFFICER, "desk-06/0a1b2c3d", "desk/0A1B2C3D"),
        (Check.INSTANT, "2026-11-28T20:30:00Z", "2026-11-28T20:30:00"),
        (BODIES[Kind.TAKEN_OUT].keys["why"], "declined", "friend"),
        (BODIES[Kind.TAKEN_OUT].keys["why"], "declined", ["declined"]),
    ],
)
def test_what_may_stand_under_a_key(rule, right, wrong):
    assert fits(rule, right)
    assert not fits(rule, wrong)
