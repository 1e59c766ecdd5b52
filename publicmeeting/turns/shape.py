"""Form checks of what enters a hash, so that each value can be read in one way only."""

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
    """Whether it is 64 lower-case hex digits."""
    return isinstance(value, str) and _HEX.fullmatch(value) is not None


def is_name(value: object) -> bool:
    """Whether it is the name of a lane or window.

    It has no `|`, which separates the fields of a row's text.
    """
    return isinstance(value, str) and _NAME.fullmatch(value) is not None


def is_party(value: object) -> bool:
    """Whether it is the name of a party: no `:`, which separates it from the value in the seed."""
    return isinstance(value, str) and _PARTY.fullmatch(value) is not None


def is_draw(value: object) -> bool:
    """Whether it has the form `dDD-YYYY-MM-DD`; the calendar is not checked."""
    return isinstance(value, str) and _DRAW.fullmatch(value) is not None


def is_start(value: object) -> bool:
    """Whether it is `HH:MM`, the time a seat begins."""
    return isinstance(value, str) and _START.fullmatch(value) is not None


def is_border(value: object) -> bool:
    """Whether it is `HH:MM` or `24:00`, the border of a window."""
    return value == _END_OF_DAY or is_start(value)


def is_moment(value: object) -> bool:
    """Whether it is an existing instant of this century in the form `YYYY-MM-DDTHH:MM:SSZ`.

    Within this century no calendar implementation overflows, even if a span is added.
    """
    if not isinstance(value, str) or _MOMENT.fullmatch(value) is None:
        return False
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return True


def is_count(value: object) -> bool:
    """Whether it is an integer from 0; `true` is none, although Python treats it as 1."""
    return type(value) is int and 0 <= value <= MOST_COUNTED


def is_plain(value: object) -> bool:
    """Whether it is text that can be part of a hash: valid Unicode without a line feed."""
    if not isinstance(value, str) or "\n" in value:
        return False
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def is_ascending(times: Sequence[str]) -> bool:
    """Whether every time is later than the one before, so that none occurs twice."""
    return all(before < after for before, after in pairwise(times))
