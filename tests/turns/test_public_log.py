"""The chain of the public log: whole, or broken where it was touched."""

import copy
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.each import for_each

from publicmeeting.turns.finding import Finding, FindingCode
from publicmeeting.turns.kinds import Kind
from publicmeeting.turns.log import GENESIS, entry, verify_chain

NOON = datetime(2026, 11, 25, 8, 30, tzinfo=UTC)


def a_log(length=6):
    entries, prev = [], GENESIS
    for n in range(length):
        kind = list(Kind)[n % len(Kind)]
        body = {"ticket": "ab" * 32, "district": n + 1, "note": "شنبه"}
        entries.append(entry(n + 1, NOON + timedelta(minutes=n), kind, body, prev))
        prev = entries[-1].hash
    return entries


def published(length=6):
    return [copy.deepcopy(one.published) for one in a_log(length)]


def test_an_entry_has_the_known_hash():
    first = entry(1, NOON, Kind.FILED, {"ticket": "ab", "district": 6}, GENESIS)
    assert first.at == "2026-11-25T08:30:00Z"
    # Computed with `printf 'publicmeeting/log/v1\n1\n…' | sha256sum`.
    assert first.hash == "4c12ad54737e71136dd1711f16a23dcf870a964fe8da94bbfb6c3347ddaeb199"


def test_a_whole_log_has_no_fault_as_entries_and_as_published():
    assert verify_chain(a_log(len(Kind))) == ()
    assert verify_chain(published(len(Kind))) == ()
    assert verify_chain([]) == ()


def test_a_stretch_is_verified_from_the_hash_before_it():
    log = a_log()
    assert verify_chain(log[3:], first=4, prev=log[2].hash) == ()
    assert verify_chain(log[3:], first=4, prev=log[1].hash) == (
        Finding(FindingCode.LINK_BROKEN, "4"),
    )


CHANGES = [
    ("seq", 99),
    ("at", "2026-11-25T09:30:00Z"),
    ("kind", "skip"),
    ("body", {}),
    ("body", {"ticket": "ab" * 32, "district": 22, "note": "شنبه"}),
    ("prev", "f" * 64),
    ("hash", "f" * 64),
]


@for_each((place, *change) for place in range(6) for change in CHANGES)
def test_any_changed_field_is_found(place, key, value):
    log = published()
    log[place][key] = value
    assert verify_chain(log)


def test_a_changed_entry_whose_hash_was_mended_breaks_the_link_after_it():
    log = a_log()
    log[2] = entry(3, NOON + timedelta(minutes=2), Kind.SKIP, {}, log[1].hash)
    assert verify_chain(log) == (Finding(FindingCode.LINK_BROKEN, "4"),)


def test_a_time_that_goes_back_is_found_at_the_entry_that_follows_an_equal_one_is_not():
    log, prev = [], GENESIS
    for number, minute in enumerate([5, 5, 3, 4, 9], start=1):
        log.append(entry(number, NOON + timedelta(minutes=minute), Kind.SKIP, {}, prev))
        prev = log[-1].hash
    assert verify_chain(log) == (Finding(FindingCode.TIME_GOES_BACK, "3"),)
    rest = {"first": 3, "prev": log[1].hash}
    assert verify_chain(log[2:], **rest) == ()
    assert verify_chain(log[2:], **rest, since=log[1].at) == (
        Finding(FindingCode.TIME_GOES_BACK, "3"),
    )


@pytest.mark.parametrize("place", range(5))
def test_an_entry_left_out_or_repeated_is_found(place):
    log = a_log()
    assert verify_chain(log[:place] + log[place + 1 :])
    assert verify_chain(log[: place + 1] + log[place:])


def test_two_entries_that_changed_places_are_found():
    log = a_log()
    log[1], log[2] = log[2], log[1]
    assert verify_chain(log)


@for_each(
    [
        ({"seq": "1"}, "1.seq"),
        ({"seq": True}, "1.seq"),
        ({"at": "2026-02-30T00:00:00Z"}, "1.at"),
        ({"at": "2026-1-5T00:00:00Z"}, "1.at"),
        ({"at": None}, "1.at"),
        ({"kind": "coup"}, "1.kind"),
        ({"kind": []}, "1.kind"),
        ({"body": []}, "1.body"),
        ({"body": {"share": 0.5}}, "1.body"),
        ({"prev": ""}, "1.prev"),
        ({"hash": "F" * 64}, "1.hash"),
        ({"name": "Sara"}, "1.entry"),
    ]
)
def test_an_entry_out_of_shape_is_named(change, place):
    (log,) = published(1)
    assert verify_chain([{**log, **change}]) == (Finding(FindingCode.MALFORMED, place),)


@given(st.lists(st.none() | st.integers() | st.text() | st.dictionaries(st.text(), st.text())))
def test_junk_gives_faults_and_no_exception(junk):
    assert bool(verify_chain(junk)) == bool(junk)


def test_the_time_of_an_entry_is_utc_to_the_second():
    tehran = timezone(timedelta(hours=3, minutes=30))
    at = datetime(2026, 11, 25, 12, 0, 59, 999_999, tzinfo=tehran)
    assert entry(1, at, Kind.DRAW, {}, GENESIS).at == "2026-11-25T08:30:59Z"


@pytest.mark.parametrize(
    ("seq", "at", "body", "prev"),
    [
        (0, NOON, {}, GENESIS),
        (1, NOON.replace(tzinfo=None), {}, GENESIS),
        (1, NOON, {"share": 0.5}, GENESIS),
        (1, NOON, {}, "0"),
    ],
)
def test_an_entry_that_could_not_be_verified_is_not_made(seq, at, body, prev):
    with pytest.raises(ValueError):
        entry(seq, at, Kind.DRAW, body, prev)


def test_an_entry_keeps_its_body_when_the_caller_changes_hers():
    body = {"tickets": ["a"]}
    made = entry(1, NOON, Kind.DRAW, body, GENESIS)
    body["tickets"].append("b")
    assert verify_chain([made]) == ()
