"""Entries by which a database owner with the city's key could seat a friend next Monday.

All three auditors must name each as a fault, at the same entry.
"""

from datetime import datetime, timedelta

import pytest
from agreement import (
    browser_found,
    first_faults,
    offline_found,
    product_found,
)
from city_line import SLOT, moment, stamp
from small_city import HOUR, LATE, honest
from support.audited import replay

from publicmeeting.turns.formulas import place_of

CITIES = range(80)


def found_by_all(scripts, entries):
    """Return what all three name of the first faulty entry; they must agree."""
    one, other, browser = (
        first_faults(found)
        for found in (
            product_found(entries),
            offline_found(entries),
            browser_found(scripts, entries),
        )
    )
    assert one == other == browser
    return one


def some(kind, is_right=lambda _entries, _entry: True):
    """Return an honest log, and an entry of a kind in it."""
    for seed in CITIES:
        entries = honest(seed).decoded()
        for entry in entries:
            if entry["kind"] == kind and is_right(entries, entry):
                return entries, entry
    raise AssertionError(f"no city has {kind}")


def extended(entries, behind, *added):
    """Return the log up to an entry, followed by the added ones.

    Each added entry is kind, body and time; without a time it has that of the entry before.
    """
    made = entries[: behind["seq"]]
    for kind, body, *at in added:
        when = at[0] if at else made[-1]["at"]
        made.append({"at": when, "body": body, "kind": kind, "seq": len(made) + 1})
    return made


def opened(entries, draw):
    return next(
        entry["body"]
        for entry in entries
        if entry["kind"] == "monday_opened" and entry["body"]["draw"] == draw
    )


def evening(entries, draw, late=HOUR):
    """Return the time this long after the last seat's end."""
    last = moment(place_of(draw)[1], opened(entries, draw)["seats"][-1])
    return stamp(last + SLOT + late)


def seat(entry):
    return {key: entry["body"][key] for key in ("ticket", "draw", "time")}


def until(entries, at):
    """Return the newest entry by that time."""
    return [entry for entry in entries if entry["at"] <= at][-1]


@pytest.mark.parametrize(("late", "is_right"), [(LATE, True), (LATE + 1, False)])
def test_a_friend_who_stayed_at_home_arrives_in_the_evening_and_is_owed_a_seat(
    scripts, late, is_right
):
    entries, friend = some("not_called", lambda all_, one: held(all_, one["body"]["draw"]))
    at = evening(entries, friend["body"]["draw"], late)
    body = {**seat(friend), "officer": "reception-06/00000000"}
    made = extended(entries, until(entries, at), ("arrival", body, at))
    expected = set() if is_right else {("step_not_allowed", str(len(made)))}
    assert found_by_all(scripts, made) == expected


def held(entries, draw):
    return any(
        entry["kind"] == "monday_held" and entry["body"]["draw"] == draw for entry in entries
    )


@pytest.mark.parametrize(("late", "is_right"), [(LATE, True), (LATE + 1, False)])
def test_a_monday_is_closed_in_the_evening_so_that_a_friend_is_owed_a_seat(scripts, late, is_right):
    entries, friend = some("not_called")
    draw = friend["body"]["draw"]
    at = evening(entries, draw, late)
    closing = ("monday_closed", {"draw": draw, "why": "closure"}, at)
    made = extended(entries, until(entries, at), closing)
    expected = set() if is_right else {("step_not_allowed", str(len(made)))}
    assert found_by_all(scripts, made) == expected


def test_a_friend_who_missed_his_seat_comes_late_in_the_evening(scripts):
    def is_free(all_, one):
        later = all_[one["seq"] :]
        same = [e for e in later if e["body"].get("time") == one["body"]["time"]]
        same = [e for e in same if e["body"].get("draw") == one["body"]["draw"]]
        ended = [e for e in later if e["kind"] == "monday_ended"]
        return not same and any(e["body"]["draw"] == one["body"]["draw"] for e in ended)

    entries, missed = some("no_show", is_free)
    at = evening(entries, missed["body"]["draw"], LATE + 1)
    body = {**seat(missed), "officer": "reception-06/00000000", "because": [missed["seq"]]}
    made = extended(entries, until(entries, at), ("came_late", body, at))
    assert found_by_all(scripts, made) == {("step_not_allowed", str(len(made)))}


def test_a_friend_takes_back_a_seat_that_another_gave_up(scripts):
    entries, given_up = some("seat_given_up")
    other = next(
        entry["body"]["ticket"]
        for entry in entries[: given_up["seq"]]
        if entry["kind"] == "filed" and entry["body"]["ticket"] != given_up["body"]["ticket"]
    )
    body = {"ticket": other, "why": "undone", "because": [given_up["seq"]]}
    made = extended(entries, given_up, ("taken_in", body))
    assert {place for _, place in found_by_all(scripts, made)} == {str(len(made))}


def test_a_seat_is_taken_back_once_and_is_no_more_hers_after_it_was_offered(scripts):
    def is_seat(all_, one):
        because = one["body"]["because"]
        return one["body"]["why"] == "undone" and all_[because[0] - 1]["kind"] == "seat_given_up"

    entries, back = some("taken_in", is_seat)
    made = extended(entries, back, ("taken_in", back["body"]))
    assert {place for _, place in found_by_all(scripts, made)} == {str(len(made))}

    def is_of_a_seat(all_, one):
        return all_[one["body"]["because"][0] - 1]["kind"] == "seat_given_up"

    entries, offer = some("offered", is_of_a_seat)
    (seq,) = offer["body"]["because"]
    given_up = entries[seq - 1]["body"]
    denied = ("taken_in", {"ticket": given_up["ticket"], "why": "undone", "because": [seq]})
    place = {key: given_up[key] for key in ("ticket", "draw", "time")}
    made = extended(entries, offer, denied, ("seat_confirmed", place))
    assert found_by_all(scripts, made) == {("step_not_allowed", str(len(made)))}, "another's now"


def test_a_no_show_that_was_taken_back_gives_no_weeks_by_a_contest(scripts):
    entries, undone = some("no_show_undone")
    body = {"ticket": undone["body"]["ticket"], "because": undone["body"]["because"]}
    made = extended(entries, undone, ("contested", body))
    assert found_by_all(scripts, made) == {("cause_wrong", str(len(made)))}


def test_weeks_that_came_back_come_back_once(scripts):
    entries, back = some("weeks_back")
    made = extended(entries, back, ("weeks_back", back["body"]))
    assert {place for _, place in found_by_all(scripts, made)} == {str(len(made))}
    contested = entries[back["body"]["because"][0] - 1]
    made = extended(entries, back, ("contested", contested["body"]))
    assert found_by_all(scripts, made) == {("cause_wrong", str(len(made)))}


def lost_by(entries, back):
    """Return the entry whose weeks came back."""
    contested = entries[back["body"]["because"][0] - 1]
    return entries[contested["body"]["because"][0] - 1]


def is_of_giving_up(entries, back):
    return lost_by(entries, back)["kind"] == "seat_given_up"


def test_a_seat_that_was_given_up_in_time_gives_a_friend_no_weeks(scripts):
    def keeps_her_weeks(all_, one):
        books = [replay(all_[: one["seq"] + more])[0].tickets for more in (-1, 0)]
        before, after = (tickets[one["body"]["ticket"]].waited for tickets in books)
        return before == after > 0

    entries, given_up = some("seat_given_up", keeps_her_weeks)
    body = {"ticket": given_up["body"]["ticket"], "because": [given_up["seq"]]}
    made = extended(entries, given_up, ("contested", body))
    assert found_by_all(scripts, made) == {("cause_wrong", str(len(made)))}


def test_a_friend_who_gave_up_late_gets_his_weeks_once_and_no_more_of_them(scripts):
    entries, back = some("weeks_back", is_of_giving_up)
    more = {**back["body"], "waited": back["body"]["waited"] + 1}
    made = extended(entries, {"seq": back["seq"] - 1}, ("weeks_back", more))
    assert found_by_all(scripts, made) == {("weeks_back_wrong", str(len(made)))}
    made = extended(entries, back, ("weeks_back", back["body"]))
    assert found_by_all(scripts, made) == {("cause_wrong", str(len(made)))}
    made = extended(entries, back, ("contested", entries[back["body"]["because"][0] - 1]["body"]))
    assert found_by_all(scripts, made) == {("cause_wrong", str(len(made)))}


def test_a_seat_that_was_taken_back_gives_no_weeks_by_a_contest(scripts):
    def is_late(all_, one):
        act = all_[one["body"]["because"][0] - 1]
        return act["kind"] == "seat_given_up" and act["seq"] in replay(all_[: act["seq"]])[0].taken

    entries, undone = some("taken_in", is_late)
    body = {"ticket": undone["body"]["ticket"], "because": undone["body"]["because"]}
    made = extended(entries, undone, ("contested", body))
    assert found_by_all(scripts, made) == {("cause_wrong", str(len(made)))}


def test_weeks_that_a_contest_gave_back_do_not_come_back_with_the_seat_too(scripts):
    entries = honest(6, weeks=7).decoded()
    backs = [one for one in entries if one["kind"] == "weeks_back"]
    came_back = [lost_by(entries, back)["seq"] for back in backs]
    taken_in = [one["body"]["because"][0] for one in entries if one["kind"] == "taken_in"]
    assert set(came_back) & set(taken_in), "she is in a list afterwards, which shows her weeks"
    assert found_by_all(scripts, entries) == set()


def test_a_giving_up_is_no_missed_meeting_that_somebody_comes_late_to(scripts):
    entries, back = some("weeks_back", is_of_giving_up)
    act = lost_by(entries, back)
    late = {**seat(act), "officer": "reception-06/00000000", "because": [act["seq"]]}
    made = extended(entries, act, ("came_late", late))
    assert found_by_all(scripts, made) == {("step_not_allowed", str(len(made)))}


def test_a_rival_s_arrival_is_not_taken_back_by_another_desk_or_later(scripts):
    entries, undone = some("arrival_undone")
    other = {**undone["body"], "officer": "reception-22/00000000"}
    made = extended(entries, {"seq": undone["seq"] - 1}, ("arrival_undone", other, undone["at"]))
    assert found_by_all(scripts, made) == {("by_wrong", str(len(made)))}
    entries, arrived = some("arrival")
    body = {**arrived["body"], "because": [arrived["seq"]]}
    at = stamp(seconds_of(arrived["at"]) + 11)
    made = extended(entries, arrived, ("arrival_undone", body, at))
    assert found_by_all(scripts, made) == {("answered_late", str(len(made)))}


def seconds_of(text):
    return int(datetime.fromisoformat(text).timestamp())


def test_a_friend_is_met_on_paper_without_a_seat_of_his(scripts):
    entries, record = some("meeting_recorded")
    friend = next(
        entry["body"]["ticket"]
        for entry in entries[: record["seq"]]
        if entry["kind"] == "filed" and entry["body"]["ticket"] != record["body"]["ticket"]
    )
    met = {**seat(record), "ticket": friend}
    made = extended(entries, record, ("met", met))
    assert found_by_all(scripts, made) == {("step_not_allowed", str(len(made)))}
    paper = {**record["body"], "ticket": friend, "source": "paper"}
    made = extended(entries, record, ("meeting_recorded", paper))
    assert {place for _, place in found_by_all(scripts, made)} == {str(len(made))}


@pytest.mark.parametrize("level", ["typed", "matched", "verified"])
def test_rivals_are_not_displaced_where_nobody_can_have_proved_more(scripts, level):
    """`displaced` names no cause, because the person who proved the identity is in no log."""
    entries, rival = some("filed", lambda _, one: one["body"]["level"] == level)
    body = {"ticket": rival["body"]["ticket"], "why": "displaced", "officer": ""}
    made = extended(entries, rival, ("taken_out", body))
    is_sure = level == "verified"
    assert found_by_all(scripts, made) == (
        {("step_not_allowed", str(len(made)))} if is_sure else set()
    )
    proved = ("verified", {"ticket": rival["body"]["ticket"], "by": "desk"})
    made = extended(entries, rival, proved, ("taken_out", body))
    assert found_by_all(scripts, made) == {("step_not_allowed", str(len(made)))}


def test_a_rival_who_was_sent_on_is_as_sure_as_before(scripts):
    def is_sure(all_, one):
        return all_[one["body"]["because"][0] - 1]["body"]["level"] == "verified"

    entries, sent = some("redirected", is_sure)
    body = {"ticket": sent["body"]["new"], "why": "displaced", "officer": ""}
    made = extended(entries, sent, ("taken_out", body))
    assert found_by_all(scripts, made) == {("step_not_allowed", str(len(made)))}


def test_rivals_are_not_sent_on_once_their_line_has_closed(scripts):
    """Otherwise an officer could leave a friend alone in a line minutes before its list."""
    entries, freeze, rival = next(found for seed in CITIES for found in quiet_rivals(seed))
    draw, made = freeze["body"]["draw"], entries[: freeze["seq"] - 1]
    ticket = rival["body"]["ticket"]
    elsewhere = 15 if draw.startswith("d06") else 6
    body = {"old": ticket, "new": "a" * 64, "district": elsewhere, "officer": "desk-06/00000000"}
    sent = ("redirected", {**body, "because": [rival["seq"]]})
    made = extended(entries, made[-1], sent)
    assert found_by_all(scripts, made) == {("taken_out_late", str(len(made)))}


def quiet_rivals(seed):
    """Yield long lists with tickets that were only filed."""
    entries = honest(seed).decoded()
    for freeze in filter(is_long, entries):
        file = honest(seed).files.get(freeze["body"]["draw"], {"pool": []})
        rows = {row["ticket"] for row in file["pool"]}
        before = [e for e in entries[: freeze["seq"] - 1] if e["body"].get("ticket") in rows]
        for filed in (e for e in before if e["kind"] == "filed"):
            if [e for e in before if e["body"]["ticket"] == filed["body"]["ticket"]] == [filed]:
                yield entries, freeze, filed


def is_long(entry):
    return entry["kind"] == "freeze" and entry["body"]["rows"] > 2


def untouched(entries, entry, at):
    """Return whether no entry is about her or this seat up to a moment."""
    body = entry["body"]
    later = [one["body"] for one in entries[entry["seq"] :] if one["at"] <= at]
    place = (body["draw"], body["time"])
    return not any(
        one.get("ticket") == body["ticket"] or (one.get("draw"), one.get("time")) == place
        for one in later
    )


def offer_of(entries, refused):
    return next(
        entry["body"]
        for entry in reversed(entries[: refused["seq"]])
        if entry["kind"] == "offered" and entry["body"]["ticket"] == refused["body"]["ticket"]
    )


@pytest.mark.parametrize(("late", "is_right"), [(0, True), (1, False)])
def test_a_refusal_is_not_taken_back_for_nothing(scripts, late, is_right):
    """The offer is open again until its end; nothing is owed for one that nobody else got."""

    def when(all_, one):
        return stamp(seconds_of(offer_of(all_, one)["ends"]) + late)

    def is_alone(all_, one):
        week = place_of(one["body"]["draw"])[1]
        closed = {e["body"]["draw"] for e in all_ if e["kind"] == "monday_closed"}
        at = when(all_, one)
        return (
            one["body"]["draw"] not in closed
            and at < stamp(moment(week, "00:00") - 4 * HOUR)
            and untouched(all_, one, at)
        )

    entries, refused = some("offer_refused", is_alone)
    at = when(entries, refused)
    body = {"ticket": refused["body"]["ticket"], "why": "undone", "because": [refused["seq"]]}
    made = extended(entries, until(entries, at), ("taken_in", body, at))
    expected = set() if is_right else {("step_not_allowed", str(len(made)))}
    assert found_by_all(scripts, made) == expected


@pytest.mark.parametrize(("late", "is_right"), [(0, True), (1, False)])
def test_a_giving_up_is_denied_in_time_and_once(scripts, late, is_right):
    """Until the next list of her district can no longer be changed."""

    def end(all_, one):
        draw = one["body"]["draw"]
        lists = (e for e in all_[one["seq"] :] if e["kind"] == "freeze")
        mine = (e for e in lists if e["body"]["draw"][:3] == draw[:3])
        first = next(mine, None)
        if first is None:
            return ""
        monday = place_of(first["body"]["draw"])[1]
        return stamp(moment(monday - timedelta(days=6), "20:00") + late)

    def went_on(all_, one):
        at = end(all_, one)
        later = [e for e in all_[one["seq"] :] if e["at"] <= at]
        mine = one["body"]["ticket"]
        return (
            at
            and any(e["kind"] == "offered" and e["body"]["because"] == [one["seq"]] for e in later)
            and not any(mine in (e["body"].get("ticket"), e["body"].get("old")) for e in later)
        )

    entries, given_up = some("seat_given_up", went_on)
    at = end(entries, given_up)
    body = {"ticket": given_up["body"]["ticket"], "why": "undone", "because": [given_up["seq"]]}
    denied = ("taken_in", body, at)
    made = extended(entries, until(entries, at), denied)
    assert found_by_all(scripts, made) == (
        set() if is_right else {("step_not_allowed", str(len(made)))}
    )
    if is_right:
        made = extended(entries, until(entries, at), denied, denied)
        assert found_by_all(scripts, made) == {("step_not_allowed", str(len(made)))}


@pytest.mark.parametrize(
    ("kind", "other"), [("not_called", "not_received"), ("not_received", "not_called")]
)
def test_a_closing_owes_nothing_to_who_stayed_at_home(scripts, kind, other):
    """Nor can a seat be refused to somebody who could still have come."""

    def is_of_a_closing(all_, one):
        because = one["body"]["because"]
        return len(because) == 1 and all_[because[0] - 1]["kind"] == "monday_closed"

    entries, ended = some(kind, is_of_a_closing)
    made = extended(entries, {"seq": ended["seq"] - 1}, (other, ended["body"], ended["at"]))
    assert found_by_all(scripts, made) == {("step_not_allowed", str(len(made)))}


def test_who_is_sent_on_can_still_deny_that_she_gave_her_seat_up(scripts):
    """Otherwise a redirect written after it would take her weeks for good."""

    def sent(all_, one):
        filed = next(e for e in all_ if e["body"].get("ticket") == one["body"]["ticket"])
        district = 15 if one["body"]["draw"].startswith("d06") else 6
        body = {"old": one["body"]["ticket"], "new": "a" * 64, "district": district}
        return ("redirected", {**body, "officer": "desk-06/00000000", "because": [filed["seq"]]})

    def is_free(all_, one):
        filed = [e for e in all_ if e["body"].get("ticket") == one["body"]["ticket"]]
        return filed[0]["kind"] == "filed" and not product_found(
            extended(all_, one, sent(all_, one))
        )

    entries, given_up = some("seat_given_up", is_free)
    hers = {"ticket": "a" * 64, "why": "undone", "because": [given_up["seq"]]}
    made = extended(entries, given_up, sent(entries, given_up), ("taken_in", hers))
    assert found_by_all(scripts, made) == set()
    made = extended(made, made[-1], ("taken_in", hers))
    assert found_by_all(scripts, made) == {("step_not_allowed", str(len(made)))}


def test_a_leaving_between_the_list_and_the_draw_costs_its_winner_nothing(scripts):
    """Nobody was offered the seat that she would have won, so it is hers."""

    def won(seed):
        history = honest(seed)
        entries = history.decoded()
        for drawn in (entry for entry in entries if entry["kind"] == "draw"):
            seated = history.files[drawn["body"]["draw"]]["seated"]
            after = entries[drawn["seq"]]["body"]
            for one in seated:
                mine = [
                    e for e in entries[: drawn["seq"]] if e["body"].get("ticket") == one["ticket"]
                ]
                is_left = mine and mine[-1]["body"].get("why") == "withdrawn"
                if is_left and after.get("time") != one["time"]:
                    yield entries, drawn, mine[-1]["seq"], one

    entries, drawn, left, one = next(found for seed in CITIES for found in won(seed))
    back = ("taken_in", {"ticket": one["ticket"], "why": "undone", "because": [left]})
    place = {"ticket": one["ticket"], "draw": drawn["body"]["draw"], "time": one["time"]}
    confirmed = ("seat_confirmed", place)
    assert found_by_all(scripts, extended(entries, drawn, back, confirmed)) == set()
    made = extended(entries, drawn, confirmed)
    assert found_by_all(scripts, made) == {("step_not_allowed", str(len(made)))}
