"""Displaced tickets: when `displaced` is not allowed, and how the citizen undoes it.

`displaced` names no cause, because the person who proved the identity is in no log. Therefore it is
allowed only while the citizen has days to answer it, and if she proves the identity herself, she
gets everything back (docs/turns.md 1).
"""

from datetime import timedelta

import pytest
from city_line import moment, stamp
from small_city import DAY, honest
from test_line_attacks import CITIES, extended, found_by_all, seconds_of, some, until

from publicmeeting.turns.formulas import place_of

EIGHT_WEEKS = 56 * DAY


def displaced(ticket):
    return "taken_out", {"ticket": ticket, "why": "displaced", "officer": ""}


def back(ticket, cause, at):
    return "taken_in", {"ticket": ticket, "why": "undone", "because": [cause]}, at


def proved(ticket, at):
    return "verified", {"ticket": ticket, "by": "desk"}, at


def is_hers_alone(all_, one):
    """Return whether an entry files a typed request that no other entry is about."""
    ticket = one["body"]["ticket"]
    mine = [e for e in all_ if ticket in (e["body"].get("ticket"), e["body"].get("old"))]
    return one["body"]["level"] == "typed" and mine == [one]


def at_fault(made):
    return {("step_not_allowed", str(len(made)))}


def test_who_proves_the_identity_has_her_place_back_and_is_displaced_no_more(scripts):
    entries, filed = some("filed", is_hers_alone)
    ticket, at = filed["body"]["ticket"], filed["at"]
    out = filed["seq"] + 1
    made = extended(entries, filed, displaced(ticket), back(ticket, out, at))
    assert found_by_all(scripts, made) == at_fault(made), "whoever has her mobile has no card"
    made = extended(entries, filed, displaced(ticket), proved(ticket, at), back(ticket, out, at))
    assert found_by_all(scripts, made) == set()
    assert found_by_all(scripts, twice := extended(made, made[-1], displaced(ticket))) == at_fault(
        twice
    )


def test_a_proof_brings_back_nobody_who_left_otherwise(scripts):
    entries, filed = some("filed", is_hers_alone)
    ticket, at = filed["body"]["ticket"], filed["at"]
    left = ("taken_out", {"ticket": ticket, "why": "withdrawn", "officer": ""})
    made = extended(entries, filed, left, proved(ticket, at))
    assert found_by_all(scripts, made) == at_fault(made)


@pytest.mark.parametrize(("late", "is_right"), [(0, True), (1, False)])
def test_eight_weeks_are_enough_to_go_to_a_desk(scripts, late, is_right):
    entries, filed = some("filed", is_hers_alone)
    ticket, end = filed["body"]["ticket"], stamp(seconds_of(filed["at"]) + EIGHT_WEEKS + late)
    out = ("taken_out", displaced(ticket)[1], filed["at"])
    made = extended(entries, filed, out, proved(ticket, end), back(ticket, filed["seq"] + 1, end))
    assert (at_fault(made) <= found_by_all(scripts, made)) is not is_right


def in_a_list(is_right):
    """Return a log, a freeze and a typed rival in its list."""
    for seed in CITIES:
        history = honest(seed)
        entries = history.decoded()
        typed = {
            e["body"]["ticket"]
            for e in entries
            if e["kind"] == "filed" and e["body"]["level"] == "typed"
        }
        typed -= {e["body"]["ticket"] for e in entries if e["kind"] == "verified"}
        for freeze in (e for e in entries if e["kind"] == "freeze"):
            file = history.files.get(freeze["body"]["draw"])
            rows = {row["ticket"] for row in file["pool"]} if file else set()
            for rival in sorted(rows & typed):
                if is_right(entries, freeze, rival):
                    return entries, freeze, rival
    raise AssertionError("no city has one")


def test_no_rival_is_displaced_from_the_close_of_her_line_until_its_draw(scripts):
    """Shortly before the list, or before the draw, nobody could answer it in time."""
    entries, freeze, rival = in_a_list(lambda *_: True)
    for behind in (freeze["seq"] - 1, freeze["seq"]):
        made = extended(entries, {"seq": behind}, displaced(rival))
        assert found_by_all(scripts, made) == {("taken_out_late", str(len(made)))}


def seated(late):
    """Return a typed ticket seated by the draw, some time before or after the offers end."""

    def when(entry):
        monday = place_of(entry["body"]["draw"])[1]
        return stamp(moment(monday - timedelta(days=1), "20:00") + late)

    def is_typed(all_, one):
        ticket = one["body"]["ticket"]
        mine = [e for e in all_ if ticket in (e["body"].get("ticket"), e["body"].get("old"))]
        later = [e for e in mine if one["at"] < e["at"] <= when(one)]
        return (
            mine[0]["body"].get("level") == "typed"
            and not later
            and not any(e["kind"] in ("verified", "redirected") for e in mine)
        )

    entries, confirmed = some("seat_confirmed", is_typed)
    return entries, confirmed, when(confirmed)


def test_nobody_is_displaced_from_the_evening_before_her_monday_on(scripts):
    entries, confirmed, at = seated(0)
    made = extended(entries, until(entries, at), (*displaced(confirmed["body"]["ticket"]), at))
    assert found_by_all(scripts, made) == {("taken_out_late", str(len(made)))}


def owed_lists():
    """Yield rows of the first list after a reclaimed seat that had gone to somebody else."""
    for seed in CITIES:
        history = honest(seed)
        entries = history.decoded()
        out = {e["seq"]: e for e in entries if e["body"].get("why") == "displaced"}
        for undone in entries:
            because = undone["body"].get("because", [0])
            if undone["kind"] != "taken_in" or because[0] not in out:
                continue
            between = entries[because[0] : undone["seq"] - 1]
            if not any(e["body"].get("because") == because for e in between):
                continue
            for later in entries[undone["seq"] :]:
                if later["body"].get("ticket") == undone["body"]["ticket"]:
                    break
                file = history.files.get(later["body"].get("draw"), {"pool": []})
                for row in file["pool"] if later["kind"] == "freeze" else ():
                    if row["ticket"] == undone["body"]["ticket"]:
                        yield entries, row


def test_a_seat_that_went_on_is_owed_to_who_was_displaced(scripts):
    entries, row = next(owed_lists())
    assert row["debt"] == 1
    assert found_by_all(scripts, entries) == set()
