"""The form of the words that enter a hash: what is let in here can be read in one way only."""

import re
from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise

from publicmeeting.kit.hashing import MOST_COUNTED

_HEX = re.compile(r"[0-9a-f]{64}")
_NAME = re.compile(r"[a-z][a-z0-9_-]*")
_PARTY = re.compile(r"[a-z][a-z0-9-]*")
_START = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]")
_DRAW = re.compile(r"d[0-9]{2}-[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT = re.compile(r"20[0-9]{2}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z")
_END_OF_DAY = "24:00"


def is_hash(value: object) -> bool:
    """64 lower-case hex digits."""
    return isinstance(value, str) and _HEX.fullmatch(value) is not None


def is_name(value: object) -> bool:
    """The name of a lane or a window: no `|`, which separates the fields of a row's text."""
    return isinstance(value, str) and _NAME.fullmatch(value) is not None


def is_party(value: object) -> bool:
    """The name of one who commits: no `:`, which separates it from the value in the seed."""
    return isinstance(value, str) and _PARTY.fullmatch(value) is not None


def is_draw(value: object) -> bool:
    """`dDD-YYYY-MM-DD`; whether the calendar has that day is not looked at."""
    return isinstance(value, str) and _DRAW.fullmatch(value) is not None


def is_start(value: object) -> bool:
    """`HH:MM`, the time a seat begins."""
    return isinstance(value, str) and _START.fullmatch(value) is not None


def is_border(value: object) -> bool:
    """`HH:MM` or `24:00`, an end of a window."""
    return value == _END_OF_DAY or is_start(value)


def is_moment(value: object) -> bool:
    """`YYYY-MM-DDTHH:MM:SSZ` of an instant that exists, of this century: no system's calendar ends
    in it, whatever is added to one."""
    if not isinstance(value, str) or _MOMENT.fullmatch(value) is None:
        return False
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return True


def is_count(value: object) -> bool:
    """A whole number from 0; `true` is none, although Python counts it as 1."""
    return type(value) is int and 0 <= value <= MOST_COUNTED


def is_plain(value: object) -> bool:
    """Text that can be a part of a hash: Unicode, without a line feed."""
    if not isinstance(value, str) or "\n" in value:
        return False
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def is_ascending(times: Sequence[str]) -> bool:
    """Every time is later than the one before, so none is there twice."""
    return all(before < after for before, after in pairwise(times))
