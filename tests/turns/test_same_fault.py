"""One change to an entry of each kind: all three auditors name the same fault at that entry.

Random changes (`test_agreement.py`) do not meet every refusal in every choice of cities.
"""

from datetime import datetime, timedelta
from functools import cache

import pytest
from agreement import names_alike
from city_line import stamp
from small_city import honest
from support.audited import replay
from support.each import for_each

from publicmeeting.turns.kinds import Kind

NOT_ALLOWED = "step_not_allowed"
REPEATED = {
    "freeze": "frozen_twice",
    "draw": "drawn_twice",
    "filed": "filed_twice",
    "redirected": "filed_twice",
    "monday_opened": "opened_twice",
    "commitment": "commitment_twice",
    "objection": "objection_wrong",
    "offered": "offer_without_seat",
    **dict.fromkeys(("taken_in", "lane_granted", "weeks_back"), "cause_wrong"),
}
"""Kind of an entry → fault of the same entry again, if it is another one."""
MAY_REPEAT = {
    *("audience_off_system", "audited", "books_differ", "monday_excluded", "present", "skip"),
    *("contested", "contest_judged", "lane_judged", "value", "verified"),
    *("rules_announced", "rules_proposed", "rules_signed", "rules_agreed"),
}
"""Kinds of which the same entry again changes nothing, or is another one."""


@cache
def shortest():
    """Return kind → the shortest log that ends with an entry of it; treat the logs as constant."""
    found = {}
    for seed in range(12):
        entries = honest(seed).decoded()
        for at, entry in enumerate(entries, 1):
            if len(found.get(entry["kind"], entries)) >= at:
                found[entry["kind"]] = entries[:at]
    return found


def ending(log, **changes):
    """Return the log with another last entry."""
    return [*log[:-1], {**log[-1], **changes}]


def with_body(log, **keys):
    return ending(log, body={**log[-1]["body"], **keys})


def found_at_end(scripts, log):
    """Return the codes that all three name first, which are about the last entry."""
    found = names_alike(scripts, log)
    assert {place for _, place in found} <= {str(len(log))}
    return {code for code, _ in found}


def test_every_kind_of_entry_repeated_at_once(scripts):
    @for_each(sorted(Kind))
    def repeated(kind):
        log = shortest()[kind.value]
        log = [*log, {**log[-1], "seq": len(log) + 1}]
        code = REPEATED.get(kind, NOT_ALLOWED)
        assert found_at_end(scripts, log) == (set() if kind in MAY_REPEAT else {code})

    repeated()


def test_a_value_that_a_party_shows_after_its_time(scripts):
    log = shortest()["reveals_closed"]
    closed = datetime.fromisoformat(log[-1]["at"])
    last = max(at for at, entry in enumerate(log, 1) if entry["kind"] == "reveal")
    for minutes, codes in ((9, set()), (11, {"reveal_late"})):
        late = stamp((closed + timedelta(minutes=minutes)).timestamp())
        assert found_at_end(scripts, ending(log[:last], at=late)) == codes


def test_a_free_seat_for_somebody_who_has_one(scripts):
    log = shortest()["stood_in"]
    book, _ = replay(log[:-1])
    holder = next(name for name, ticket in book.tickets.items() if book.has_seat(ticket))
    assert found_at_end(scripts, with_body(log, ticket=holder)) == {"seat_twice"}


def test_a_seat_of_the_hall_for_whoever_gave_one_up_today(scripts):
    log = shortest()["stood_in"]
    last, given_up = log[-1], len(log) + 1
    at = datetime.fromisoformat(last["at"]).timestamp()
    place = {key: last["body"][key] for key in ("ticket", "draw", "time")}
    letting_go = {**place, "why": "citizen", "until": ""}
    again = {**place, "because": [given_up]}
    log = [
        *log,
        entry_of(given_up, at + 60, "seat_given_up", letting_go),
        entry_of(given_up + 1, (at // 900 + 1) * 900, "stood_in", again),
    ]
    assert found_at_end(scripts, log) == {"stood_in_out_of_order"}


def entry_of(seq, at, kind, body):
    return {"at": stamp(at), "body": body, "kind": kind, "seq": seq}


def test_a_commitment_that_its_party_has_not_signed(scripts):
    log = honest(3, weeks=2, filings=3).decoded()
    of_parties = [one for one in log if one["kind"] == "commitment" and one["body"]["sig"]]
    one, other = of_parties[:2]
    changed = with_body(log[: one["seq"]], sig=other["body"]["sig"])
    assert found_at_end(scripts, changed) == {"signature_wrong"}


@pytest.mark.parametrize("kind", ["arrival_undone", "no_show_undone", "meeting_recorded"])
def test_an_officer_for_a_step_that_none_takes(scripts, kind):
    changed = with_body(shortest()[kind], officer="desk/00000000")
    assert found_at_end(scripts, changed) == {"by_wrong"}


def test_no_officer_for_a_step_that_one_takes(scripts):
    changed = with_body(shortest()["taken_out"], officer="")
    assert found_at_end(scripts, changed) == {"by_wrong"}
