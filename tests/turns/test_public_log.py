"""An entry of the public log to the byte, and a range of entries."""

import copy
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.each import for_each

from publicmeeting.turns.finding import Finding, FindingCode
from publicmeeting.turns.kinds import Kind
from publicmeeting.turns.log import canonical, entry, read_entry, verify_chain

NOON = datetime(2026, 11, 25, 8, 30, tzinfo=UTC)
FIRST = (
    b'{"at":"2026-11-25T08:30:00Z","body":{"district":6,"note":"a \\"b\\" \\\\","ticket":"ab"},'
    b'"kind":"filed","seq":1}'
)


def a_log(length=6):
    return [
        entry(
            n + 1,
            NOON + timedelta(minutes=n),
            list(Kind)[n % len(Kind)],
            {"ticket": "ab" * 32, "district": n + 1, "note": "Saturday"},
        )
        for n in range(length)
    ]


def published(length=6):
    return [copy.deepcopy(one.published) for one in a_log(length)]


def test_an_entry_has_the_known_bytes_and_is_read_back():
    body = {"ticket": "ab", "district": 6, "note": 'a "b" \\'}
    first = entry(1, NOON, Kind.FILED, body)
    assert first.data == FIRST
    assert read_entry(FIRST) == first


@for_each(
    [
        b"",
        b"{",
        b"[]",
        FIRST[:-1],
        FIRST + b"\n",
        b" " + FIRST,
        FIRST.replace(b'"at":', b'"at": '),
        FIRST.replace(b'"seq":1', b'"seq":1.0'),
        FIRST.replace(b'"seq":1', b'"seq":01'),
        FIRST.replace(b'"seq":1', b'"seq":-1'),
        FIRST.replace(b'"seq":1', b'"seq":0'),
        FIRST.replace(b'"seq":1', b'"seq":true'),
        FIRST.replace(b'"seq":1', b'"seq":1,"seq":1'),
        FIRST.replace(b'"kind":"filed"', b'"kind":"coup"'),
        FIRST.replace(b'"ab"', b"null"),
        FIRST.replace(b'"ab"', b'"\\u0061b"'),
        FIRST.replace(b'"ab"', '"شنبه"'.encode()),
        FIRST.replace(b'"ab"', b'"a\\tb"'),
        FIRST.replace(b'"ab"', b'"a\x7fb"'),
        FIRST.replace(b'"ab"', b'"a\\/b"'),
        FIRST.replace(b"district", b"zdistrict"),
        b"[" * 100_000,
        b"\xff" + FIRST,
    ]
)
def test_any_other_spelling_of_an_entry_is_refused(data):
    with pytest.raises(ValueError):
        read_entry(data)


def test_a_whole_log_has_no_fault_as_entries_and_as_published():
    assert verify_chain(a_log(len(Kind))) == ()
    assert verify_chain(published(len(Kind))) == ()
    assert verify_chain([]) == ()


def test_a_stretch_is_verified_from_its_first_number():
    log = a_log()
    assert verify_chain(log[3:], first=4) == ()
    assert verify_chain(log[3:], first=3) == (Finding(FindingCode.SEQ_BROKEN, "4"),)


CHANGES = [
    ("seq", 99),
    ("at", "2026-11-25T09:30:00Z"),
    ("kind", "skip"),
    ("body", {}),
    ("body", {"ticket": "ab" * 32, "district": 22, "note": "Saturday"}),
]


@for_each((place, *change) for place in range(6) for change in CHANGES)
def test_any_changed_field_is_another_leaf(place, key, value):
    log = published()
    log[place][key] = value


def test_a_time_that_goes_back_is_found_at_the_entry_that_follows_an_equal_one_is_not():
    log = [
        entry(number, NOON + timedelta(minutes=minute), Kind.SKIP, {})
        for number, minute in enumerate([5, 5, 3, 4, 9], start=1)
    ]
    assert verify_chain(log) == (Finding(FindingCode.TIME_GOES_BACK, "3"),)
    assert verify_chain(log[2:], first=3) == ()
    assert verify_chain(log[2:], first=3, since=log[1].at) == (
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
        ({"seq": 0}, "1.seq"),
        ({"at": "2026-02-30T00:00:00Z"}, "1.at"),
        ({"at": "2026-1-5T00:00:00Z"}, "1.at"),
        ({"at": None}, "1.at"),
        ({"kind": "coup"}, "1.kind"),
        ({"kind": []}, "1.kind"),
        ({"body": []}, "1.body"),
        ({"body": {"share": 0.5}}, "1.body"),
        ({"body": {"late": True}}, "1.body"),
        ({"body": {"why": None}}, "1.body"),
        ({"body": {"name": "سارا"}}, "1.body"),
        ({"body": {"count": -1}}, "1.body"),
        ({"prev": ""}, "1.entry"),
        ({"name": "Sara"}, "1.entry"),
    ]
)
def test_an_entry_out_of_shape_is_named(change, place):
    (log,) = published(1)
    assert verify_chain([{**log, **change}]) == (Finding(FindingCode.MALFORMED, place),)


@given(st.lists(st.none() | st.integers() | st.text() | st.dictionaries(st.text(), st.text())))
def test_junk_gives_faults_and_no_exception(junk):
    assert bool(verify_chain(junk)) == bool(junk)


@given(st.binary())
def test_junk_is_no_entry(data):
    with pytest.raises(ValueError):
        read_entry(data)


def test_the_time_of_an_entry_is_utc_to_the_second():
    tehran = timezone(timedelta(hours=3, minutes=30))
    at = datetime(2026, 11, 25, 12, 0, 59, 999_999, tzinfo=tehran)
    assert entry(1, at, Kind.DRAW, {}).at == "2026-11-25T08:30:59Z"


@pytest.mark.parametrize(
    ("seq", "at", "body"),
    [
        (0, NOON, {}),
        (1, NOON.replace(tzinfo=None), {}),
        (1, NOON, {"share": 0.5}),
        (1, NOON, {"late": False}),
        (1, NOON, {"why": None}),
        (1, NOON, {"why": "a\nb"}),
        (1, NOON, {"name": "سارا"}),
        (1, NOON, {6: "district"}),
        (1, NOON, {"count": 2**53}),
        (1, NOON, {"why": "x" * 65_535}),
    ],
)
def test_an_entry_that_could_not_be_verified_is_not_made(seq, at, body):
    with pytest.raises(ValueError):
        entry(seq, at, Kind.DRAW, body)


def test_an_entry_keeps_its_body_when_the_caller_changes_hers():
    body = {"tickets": ["a"]}
    made = entry(1, NOON, Kind.DRAW, body)
    body["tickets"].append("b")
    assert canonical(made.body) == '{"tickets":["a"]}'
