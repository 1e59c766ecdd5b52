"""Messages of topics between processes stay small, whatever the topics are."""

import json

import pytest
from support.each import for_each

from publicmeeting.kit.topics import EVERYTHING, LARGEST, MOST, messages, topics_in


@pytest.mark.parametrize("name", ["request:{}", "شهر:{}", 'a"\\{}', "x" * 200 + "{}"])
def test_every_topic_arrives_and_no_message_is_too_large_for_postgresql(name: str) -> None:
    topics = {name.format(number) for number in range(MOST)}
    texts = list(messages("one", topics))
    assert all(len(text.encode()) <= LARGEST for text in texts)
    assert frozenset().union(*(topics_in(text, "other") for text in texts)) == topics


def test_no_topics_are_no_message_and_too_many_are_everything() -> None:
    assert list(messages("one", set())) == []
    (text,) = messages("one", {f"request:{number}" for number in range(MOST + 1)})
    assert topics_in(text, "other") == {EVERYTHING}


def test_nobody_hears_herself() -> None:
    (text,) = messages("one", {"log"})
    assert topics_in(text, "one") == frozenset()


@for_each(
    ["", "{", "7", "[]", "null", "{}", '{"from":"x"}', '{"from":"x","topics":7}', b"\xff\xfe"]
)
def test_what_is_no_message_of_ours_names_nothing(text: str | bytes) -> None:
    assert topics_in(text, "one") == frozenset()


def test_a_topic_is_a_text_whatever_was_sent() -> None:
    assert topics_in(json.dumps({"from": "x", "topics": [1, None]}), "one") == {"1", "None"}


def test_a_topic_of_a_changed_row_keeps_no_other_from_being_published() -> None:
    (message,) = messages("a", {"request:" + "7" * 8_000, "district:6"})
    assert topics_in(message, "b") == {"district:6"}
