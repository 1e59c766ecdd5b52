"""Who can be a witness, what counts as signed, and how many are a quorum."""

import copy
from base64 import b64encode
from datetime import UTC, datetime, timedelta

import pytest

from publicmeeting.domain.errors import Invalid
from publicmeeting.turns.rules.witness import (
    check_witnesses,
    is_signed_in_time,
    is_statement_signed,
    quorum,
    sign_statement,
    signed_at,
    statement_text,
    witnesses_of,
)
from publicmeeting.turns.tree.checkpoint import city_key
from publicmeeting.turns.tree.note import Key, KeyType

ORIGIN = "city.example/log"
CITY, RESERVE, COUNCIL, PRESS = (bytes([number]) * 32 for number in (1, 3, 2, 4))


def vkey(name: str, seed: bytes, type_: KeyType = KeyType.COSIGNATURE) -> str:
    return Key.of(name, type_, seed).vkey


def rules(**changed: object) -> dict[str, object]:
    keys = [city_key(ORIGIN, CITY).vkey, city_key(ORIGIN, RESERVE).vkey]
    listed = [
        {"party": "press", "org": "press.ir", "vkey": vkey("press.ir/w", PRESS), "url": ""},
        {
            "party": "council",
            "org": "example.ir",
            "vkey": vkey("example.ir/council", COUNCIL),
            "url": "https://witness.example.ir/w",
        },
    ]
    listed[1] |= changed
    return {"log": {"origin": ORIGIN, "keys": keys}, "witnesses": listed}


def test_two_organisations_with_keys_of_their_own() -> None:
    check_witnesses(rules())
    assert [witness.party for witness in witnesses_of(rules())] == ["council", "press"]
    check_witnesses({})
    assert witnesses_of({}) == ()


@pytest.mark.parametrize(
    ("changed", "key"),
    [
        ({"party": "city"}, "witness_party"),
        ({"party": "Council"}, "witness_party"),
        ({"party": "شورا"}, "witness_party"),
        ({"party": "a" * 33}, "witness_party"),
        ({"party": "press"}, "witness_twice"),
        ({"org": "press.ir"}, "witness_twice"),
        ({"vkey": vkey("press.ir/w", COUNCIL)}, "witness_twice"),
        ({"vkey": vkey("other.ir/w", PRESS)}, "witness_twice"),
        ({"org": "city.example"}, "witness_city"),
        ({"org": "sub.city.example"}, "witness_city"),
        ({"vkey": vkey("example.ir/council", CITY)}, "witness_city"),
        ({"vkey": vkey("example.ir/council", RESERVE)}, "witness_city"),
        ({"vkey": vkey(ORIGIN, COUNCIL)}, "witness_city"),
        ({"vkey": vkey("example.ir/council", COUNCIL, KeyType.NOTE)}, "witness_key"),
        ({"vkey": "example.ir/council+00000000+AAAA"}, "witness_key"),
        ({"vkey": ""}, "witness_key"),
        ({"org": "Example"}, "witness_malformed"),
        ({"org": "شورا.ایران"}, "witness_malformed"),
        ({"org": 5}, "witness_malformed"),
        ({"more": ""}, "witness_malformed"),
        ({"url": "http://witness.example.ir"}, "witness_url"),
        ({"url": "https://user:word@example.ir/"}, "witness_url"),
        ({"url": "https://example.ir/?next=1"}, "witness_url"),
        ({"url": "https:///x"}, "witness_url"),
        ({"url": "https://example.ir:0/"}, "witness_url"),
        ({"url": "https://[::1"}, "witness_url"),
        ({"url": "file:///etc/passwd"}, "witness_url"),
    ],
)
def test_what_is_no_witness(changed: dict[str, object], key: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_witnesses(rules(**changed))
    assert (refused.value.key, refused.value.field) == (key, "witnesses")


@pytest.mark.parametrize("listed", [None, {}, "x", [1], [{}], [None] * 32])
def test_a_list_that_is_none(listed: object) -> None:
    with pytest.raises(Invalid):
        check_witnesses({"witnesses": listed})


def test_words_are_signed_for_one_log_kind_monday_party_and_value() -> None:
    key = Key.of("example.ir/council", KeyType.COSIGNATURE, COUNCIL)
    words = (ORIGIN, "value", "1405-09-16", "council", "1405-09-11", "2185979")
    lines = statement_text(*words)
    assert lines == (
        b"publicmeeting/said/v1\ncity.example/log\nvalue\n1405-09-16\ncouncil\n1405-09-11\n2185979\n"
    )
    signature = sign_statement(COUNCIL, lines)
    assert is_statement_signed(key, lines, signature)
    for at in range(len(words)):
        other = [*words]
        other[at] += "0"
        assert not is_statement_signed(key, statement_text(*other), signature)
    assert not is_statement_signed(Key.of(key.name, key.type, PRESS), lines, signature)
    for wrong in ("", "=", signature[:-2], signature + "\n", " " + signature, "é", signature[::-1]):
        assert not is_statement_signed(key, lines, wrong)


@pytest.mark.parametrize(("count", "needed"), [(0, 1), (1, 1), (2, 2), (3, 2), (4, 3), (5, 3)])
def test_a_quorum_is_more_than_half(count: int, needed: int) -> None:
    assert quorum(count) == needed
    if count > 1:
        assert 2 * needed > count


AT = datetime(2026, 12, 1, 18, 30, tzinfo=UTC)


def minutes(count: int) -> datetime:
    return AT + timedelta(minutes=count)


def test_a_moment_is_signed_by_one_note_of_a_quorum() -> None:
    parties = ["council", "press", "union"]
    early = (4, {"council": AT, "press": AT, "union": AT})
    split = [(5, {"council": AT}), (6, {"press": AT}), (7, {"stranger": AT, "union": AT})]
    assert signed_at(5, [early, *split], parties) is None
    one = (8, {"council": minutes(3), "press": minutes(1)})
    assert signed_at(5, [early, *split, one], parties) == minutes(3)
    assert signed_at(9, [one], parties) is None
    whole = (8, {"council": minutes(3), "press": minutes(1), "union": minutes(2)})
    assert signed_at(8, [whole], parties) == minutes(2)
    assert is_signed_in_time(8, minutes(2), [whole], parties)
    assert not is_signed_in_time(8, minutes(1), [whole], parties)


def test_without_a_witness_nothing_is_ever_signed() -> None:
    assert signed_at(1, [(9, {"council": AT})], []) is None


def test_a_signature_is_spelled_one_way() -> None:
    key = Key.of("example.ir/council", KeyType.COSIGNATURE, COUNCIL)
    lines = statement_text(ORIGIN, "commitment", "1405-09-16", "council", "ab" * 32)
    signature = sign_statement(COUNCIL, lines)
    assert len(signature) == len(b64encode(bytes(64)))
    assert is_statement_signed(key, copy.copy(lines), signature)
