"""Canonical JSON: a value has exactly one text, and a text one hash."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.each import for_each

from publicmeeting.kit.hashing import canonical_json, sha, sha_bytes


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"b": 1, "a": [True, None, "x"]}, '{"a":[true,null,"x"],"b":1}'),
        ({"نام": "منطقهٔ ۶"}, '{"نام":"منطقهٔ ۶"}'),
        ((), "[]"),
        ("a\n\"'/\x7f", '"a\\n\\"\'/\x7f"'),
    ],
)
def test_a_value_has_one_text(value, text):
    assert canonical_json(value) == text


any_text = st.text(st.characters(exclude_categories=["Cs"]))
any_whole = st.integers(1 - 2**53, 2**53 - 1)


@given(st.dictionaries(any_text, any_whole))
def test_the_order_of_keys_does_not_matter(facts):
    assert canonical_json(facts) == canonical_json(dict(reversed(facts.items())))


@for_each(
    [
        1.0,
        2**53,
        {"a": -(2**53)},
        {"a": [1, {"b": 0.5}]},
        float("nan"),
        {1: "a"},
        {None: 1},
        b"a",
        {1, 2},
        "\ud800",
        object(),
    ]
)
def test_a_value_with_two_spellings_is_refused(value):
    with pytest.raises(ValueError):
        canonical_json(value)


def test_parts_are_joined_with_one_line_feed():
    assert sha("a", "ب", "") == hashlib.sha256("a\nب\n".encode()).hexdigest()
    assert sha("a") == sha_bytes(b"a")
    assert sha("ab", "c") != sha("a", "bc")


@pytest.mark.parametrize("parts", [("a\nb",), ("a", "\n"), ("a", "b\n", "c")])
def test_a_part_may_not_hide_a_line_feed(parts):
    with pytest.raises(ValueError, match="line feed"):
        sha(*parts)
