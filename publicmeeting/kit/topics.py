"""Topics of what has changed, and their messages between processes; they contain no data."""

import json
from collections.abc import Collection, Iterator

from publicmeeting.kit.digits import is_number

EVERYTHING = "*"
"""The topic of every page: read again, whatever it shows."""

LARGEST = 7_500
"""Maximum bytes of a message; PostgreSQL allows less than 8,000."""

LONGEST = 1_000
"""Maximum letters of a topic. A longer one names a row that somebody changed, and no page.

PostgreSQL would refuse its message, and with it the whole transaction.
"""

MOST = 500
"""Maximum topics of one transaction; with more, every page reads again."""


def hall_topic(district: int) -> str:
    """Return the topic of a district's hall, for its screens and its officials.

    It has few subscribers, so they are refreshed before the phones of everybody who waits there.
    """
    return f"hall:{district}"


_EVENT, _DIGITS = "event:", 19


def event_topic(event_id: int) -> str:
    """Return the topic of one event: a process that receives it need not poll for the event.

    No page follows such a topic.
    """
    return f"{_EVENT}{event_id}"


def event_ids(topics: Collection[str]) -> Iterator[int]:
    """Yield the events published with these topics.

    Text without a number, which only a foreign message has, is ignored.
    """
    for topic in topics:
        number = topic.removeprefix(_EVENT)
        if number != topic and is_number(number, _DIGITS):
            yield int(number)


_FRAME = 100
"""Upper bound of a message's bytes beside its topics."""


def messages(sender: str, topics: Collection[str]) -> Iterator[str]:
    """Yield messages with these topics, each at most `LARGEST` bytes of ASCII."""
    part: list[str] = []
    size = _FRAME
    known = sorted(topic for topic in topics if len(topic) <= LONGEST)
    for topic in [EVERYTHING] if len(topics) > MOST else known:
        more = len(json.dumps(topic)) + 1
        if part and size + more > LARGEST:
            yield _message(sender, part)
            part, size = [], _FRAME
        part.append(topic)
        size += more
    if part:
        yield _message(sender, part)


def topics_in(message: str | bytes, but_of: str) -> frozenset[str]:
    """Return the topics that another process published.

    Empty for a message of the process `but_of` itself, and for a malformed one.
    """
    try:
        content = json.loads(message)
        if content["from"] == but_of:
            return frozenset()
        return frozenset(str(topic) for topic in content["topics"])
    except (ValueError, TypeError, KeyError, RecursionError):
        return frozenset()


def _message(sender: str, topics: list[str]) -> str:
    return json.dumps({"from": sender, "topics": topics}, separators=(",", ":"))
