"""Extreme values that languages read differently: all three auditors name them alike."""

import copy

import pytest
from agreement import first_faults, names_alike, offline_found, product_found
from small_city import honest

CITY = honest(3, weeks=2, filings=3)
DAYS = ("1300-10-19", "1389-10-19", "1500-10-15", "1501-10-21", "0001-01-05")
MOMENTS = (
    "0000-01-01T00:00:00Z",
    "0999-01-01T00:00:00Z",
    "1969-12-31T23:59:59Z",
    "2100-01-01T00:00:00Z",
    "9999-12-31T23:59:59Z",
    "2026-13-45T99:99:99Z",
    "2026-02-30T10:00:00Z",
    "2026-11-28T24:00:00Z",
)


def of_kind(entries, kind):
    return next(entry for entry in entries if entry["kind"] == kind)


def nested(depth):
    value = []
    for _ in range(depth - 1):
        value = [value]
    return value


def named(scripts, entry, entries):
    """Return the codes by which all three name this entry, if it is the first faulty one."""
    found = names_alike(scripts, entries)
    assert {place for _, place in found} <= {str(entry["seq"])}
    return {code for code, _ in found}


@pytest.mark.parametrize("at", MOMENTS)
def test_an_entry_of_a_time_that_no_calendar_has_or_of_another_century(scripts, at):
    entries = CITY.decoded()
    entries[0]["at"] = at
    assert named(scripts, entries[0], entries) == {"malformed"}


@pytest.mark.parametrize("at", MOMENTS)
def test_such_a_time_inside_an_entry_ends_no_auditor(scripts, at):
    entries = CITY.decoded()
    entry = of_kind(entries, "offered")
    entry["body"]["ends"] = at
    assert named(scripts, entry, entries) == {"keys_differ"}


@pytest.mark.parametrize("day", DAYS)
def test_a_day_of_another_century(scripts, day):
    entries = CITY.decoded()
    ticket = of_kind(entries, "filed")["body"]["ticket"]
    body = {"ticket": ticket, "monday": day}
    entry = {**entries[-1], "seq": len(entries) + 1, "kind": "monday_excluded", "body": body}
    assert named(scripts, entry, [*entries, entry]) == {"keys_differ"}


@pytest.mark.parametrize("depth", [197, 198, 300, 700])
def test_lists_in_lists_are_an_entry_to_all_or_to_none(scripts, depth):
    entries = CITY.decoded()
    entry = of_kind(entries, "rules_announced")
    entry["body"]["rules"]["more"] = nested(depth)
    code = "rules_hash_differs" if depth <= 197 else "malformed"
    assert named(scripts, entry, entries) == {code}


@pytest.mark.parametrize("text", ["x", "a 0 " + "A" * 43 + "=", "a 1 b"])
def test_what_a_log_continues_is_the_head_of_a_log(scripts, text):
    entries = CITY.decoded()
    entries[0]["body"]["continues"] = text
    assert named(scripts, entries[0], entries) == {"keys_differ"}
    entries[0]["body"]["continues"] = "a.ir/log 12 " + "A" * 43 + "="
    assert names_alike(scripts, entries) == set()


def test_a_second_first_entry_and_rules_with_another_hash_are_one_fault_each(scripts):
    entries = CITY.decoded()
    body = {"origin": "another.ir/log", "continues": ""}
    again = {**entries[-1], "seq": len(entries) + 1, "kind": "log_opened", "body": body}
    assert named(scripts, again, [*entries, again]) == {"step_not_allowed"}
    rules = copy.deepcopy(of_kind(entries, "rules_announced")["body"])
    late = {**again, "kind": "rules_announced", "body": {**rules, "hash": "0" * 64}}
    assert named(scripts, late, [*entries, late]) == {"rules_hash_differs"}
    assert first_faults(product_found(entries)) == first_faults(offline_found(entries)) == set()
