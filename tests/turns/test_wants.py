"""Who wants a seat that becomes free is offered it in an order that nobody can choose.

All three auditors must name each other way at the same entry.
"""

from functools import cache
from types import SimpleNamespace

from small_city import honest
from test_line_attacks import extended, found_by_all

_SEEDS = range(80)
_NOTHING = set()


def tickets_of(entry):
    return {entry["body"].get(key) for key in ("ticket", "old", "new")}


def place(case, ticket):
    """Return her place among those who want a seat: the standby as drawn, the others as filed."""
    standby, filed = case.standby, case.filed
    return (standby.index(ticket) if ticket in standby else len(standby), filed[ticket])


def cases():
    """Yield offers made to who wanted one, while another one waited for the same."""
    for seed in _SEEDS:
        city = honest(seed)
        entries = city.decoded()
        filed, wants = {}, {}
        for entry in entries:
            body, kind = entry["body"], entry["kind"]
            if kind == "filed":
                filed[body["ticket"]] = entry["seq"]
            elif kind == "redirected":
                filed[body["new"]] = filed[body["old"]]
            mine = [(draw, one) for draw, one in wants if draw == body.get("draw")]
            first = (body.get("draw"), body.get("ticket"))
            others = [one for _, one in mine if one != body.get("ticket")]
            if kind == "offered" and first in wants and others:
                standby = city.files[body["draw"]]["standby"]
                yield SimpleNamespace(
                    entries=entries,
                    before=entries[entry["seq"] - 2],
                    offer=entry,
                    first=body["ticket"],
                    others=others,
                    standby=standby,
                    filed=dict(filed),
                    draw=body["draw"],
                )
            wants = {key: seq for key, seq in wants.items() if key[1] not in tickets_of(entry)}
            if kind == "free_wanted":
                wants[first] = entry["seq"]


@cache
def some(is_right=None):
    return next(one for one in cases() if is_right is None or is_right(one))


def found(scripts, case, *added):
    """Return the faults of a log that ends with these instead of the offer."""
    made = extended(case.entries, case.before, *added)
    return {code for code, _ in found_by_all(scripts, made)}


def offer_to(case, ticket):
    return "offered", {**case.offer["body"], "ticket": ticket}, case.offer["at"]


def test_a_seller_frees_a_seat_and_his_buyer_who_presses_first_does_not_have_it(scripts):
    case = some()
    body = {key: case.offer["body"][key] for key in ("draw", "time")}
    for buyer in (case.others[0], case.first):
        pressed = ("taken_free", {**body, "ticket": buyer}, case.offer["at"])
        assert found(scripts, case, pressed) == {"free_before_asked"}
    assert found(scripts, case, offer_to(case, case.first)) == _NOTHING


def test_the_standby_comes_first_and_then_who_filed_first(scripts):
    def is_mixed(case):
        return case.first in case.standby and not set(case.others) <= set(case.standby)

    def is_of_others(case):
        return not {case.first, *case.others} & set(case.standby)

    for is_right in (is_mixed, is_of_others):
        case = some(is_right)
        assert case.first == min([case.first, *case.others], key=lambda one: place(case, one))
        for other in case.others:
            assert found(scripts, case, offer_to(case, other)) == {"offer_out_of_order"}


def test_who_never_wanted_is_offered_nothing(scripts):
    def has_a_stranger(case):
        return bool(stranger(case))

    def stranger(case):
        seen = case.entries[: case.offer["seq"] - 1]
        named = [name for entry in seen for name in tickets_of(entry)]
        return next(
            (
                entry["body"]["ticket"]
                for entry in seen
                if entry["kind"] == "filed"
                and entry["body"]["district"] == int(case.draw[1:3])
                and named.count(entry["body"]["ticket"]) == 1
                and entry["body"]["ticket"] not in case.standby
            ),
            "",
        )

    case = some(has_a_stranger)
    assert found(scripts, case, offer_to(case, stranger(case))) == {"offer_to_stranger"}


def test_a_want_ends_with_the_line_and_with_its_offer_and_comes_once(scripts):
    case = some()
    at = case.offer["at"]
    gone = ("taken_out", {"ticket": case.first, "why": "withdrawn", "officer": ""}, at)
    second = min(case.others, key=lambda one: place(case, one))
    assert found(scripts, case, gone, offer_to(case, case.first)) == {"offer_to_stranger"}
    assert found(scripts, case, gone, offer_to(case, second)) == _NOTHING
    again = ("free_wanted", {"ticket": case.first, "draw": case.draw}, at)
    assert found(scripts, case, again) == {"step_not_allowed"}
    body = {key: case.offer["body"][key] for key in ("ticket", "draw", "time")}
    refused = ("offer_refused", body, at)
    offered = offer_to(case, case.first)
    assert found(scripts, case, offered, refused, again) == {"step_not_allowed"}

    def then(ticket):
        kind, body, _ = offer_to(case, ticket)
        return kind, {**body, "because": [case.offer["seq"] + 1]}, at

    used_up = {"offer_out_of_order" if case.first in case.standby else "offer_to_stranger"}
    assert found(scripts, case, offered, refused, then(case.first)) == used_up
    assert found(scripts, case, offered, refused, then(second)) == _NOTHING


def test_a_want_is_hers_who_waits_in_that_district_without_seat_or_offer(scripts):
    def wanting(entries, entry, ticket):
        body = {"ticket": ticket, "draw": entry["body"]["draw"]}
        made = extended(entries, entry, ("free_wanted", body))
        return {code for code, _ in found_by_all(scripts, made)}

    city = honest(3)
    entries = city.decoded()
    drawn = next(
        entry
        for entry in entries
        if entry["kind"] == "draw" and len(city.files[entry["body"]["draw"]]["standby"]) > 1
    )
    file = city.files[drawn["body"]["draw"]]
    refused = {"step_not_allowed"}
    assert wanting(entries, drawn, file["standby"][0]) == refused, "she is asked without it"
    assert wanting(entries, drawn, file["seated"][0]["ticket"]) == refused
    filed = [entry for entry in entries[: drawn["seq"]] if entry["kind"] == "filed"]
    district = int(file["draw"][1:3])
    other = next(one for one in filed if one["body"]["district"] != district)
    assert wanting(entries, drawn, other["body"]["ticket"]) == refused
    assert wanting(entries, drawn, "0" * 64) == {"never_filed"}
    offered = next(entry for entry in entries if entry["kind"] == "offered")
    assert wanting(entries, offered, offered["body"]["ticket"]) == refused
