"""Names of what has changed, as one process sends them to the others: no data, only topics."""

import json
from collections.abc import Collection, Iterator

EVERYTHING = "*"
"""The topic of every page: read again, whatever you show."""

LARGEST = 7_500
"""Bytes of a message; PostgreSQL carries less than 8,000."""

MOST = 500
"""Topics of one transaction; above that everybody reads again."""


def hall_topic(district: int) -> str:
    """Of what happens in a district's hall, for its screens and its officials: few listen to it, so
    they read before the telephones of everybody who waits there."""
    return f"hall:{district}"


_EVENT, _DIGITS = "event:", 19


def event_topic(event_id: int) -> str:
    """Of one event, to which no page listens: whoever has received it need not look for it."""
    return f"{_EVENT}{event_id}"


def event_ids(topics: Collection[str]) -> Iterator[int]:
    """The events that have been published with these topics; none in what is no number, which only
    a message that is not ours brings."""
    for topic in topics:
        number = topic.removeprefix(_EVENT)
        if number != topic and number.isascii() and number.isdecimal() and len(number) <= _DIGITS:
            yield int(number)


_FRAME = 100
"""Bytes around the topics of a message, and more than that."""


def messages(sender: str, topics: Collection[str]) -> Iterator[str]:
    """The texts that carry these topics, each at most `LARGEST` bytes of ASCII; none for none."""
    part: list[str] = []
    size = _FRAME
    for topic in [EVERYTHING] if len(topics) > MOST else sorted(topics):
        more = len(json.dumps(topic)) + 1
        if part and size + more > LARGEST:
            yield _message(sender, part)
            part, size = [], _FRAME
        part.append(topic)
        size += more
    if part:
        yield _message(sender, part)


def topics_in(message: str | bytes, but_of: str) -> frozenset[str]:
    """The topics that another process has published; none in what `but_of` has, or in a broken
    message."""
    try:
        content = json.loads(message)
        if content["from"] == but_of:
            return frozenset()
        return frozenset(str(topic) for topic in content["topics"])
    except (ValueError, TypeError, KeyError, RecursionError):
        return frozenset()


def _message(sender: str, topics: list[str]) -> str:
    return json.dumps({"from": sender, "topics": topics}, separators=(",", ":"))
