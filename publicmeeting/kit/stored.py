"""What a row or a file stores: enums, and JSON that may be damaged or not of this program."""

import json
import math
from enum import StrEnum
from typing import Any, Self

DEEP_MOST = 32
"""Maximum nesting of lists and objects. The program writes far less."""
_DIGITS_MOST = 18


def read_object(text: str) -> dict[str, Any]:
    """Parse a JSON object.

    Raises ValueError for everything that later code could not handle: a cell that is no text, which
    SQLite stores in any column, another value, numbers that are no numbers or too large, and
    nesting that exhausts the stack.
    """
    if not isinstance(text, str):
        raise ValueError("no text")  # noqa: TRY004  (a caller handles damaged text)
    try:
        found = _DECODER.decode(text)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if not isinstance(found, dict):
        raise ValueError("no JSON object")  # noqa: TRY004  (a caller handles damaged text)
    if text.count("[") + text.count("{") > DEEP_MOST and _is_deep(found):
        raise ValueError("nested too deeply")
    return found


def _is_deep(found: dict[str, Any]) -> bool:
    level: list[Any] = [found]
    for _ in range(DEEP_MOST):
        level = [
            item
            for part in level
            for item in (part.values() if isinstance(part, dict) else part)
            if isinstance(item, dict | list)
        ]
    return bool(level)


def _whole(digits: str) -> int:
    if len(digits) > _DIGITS_MOST:
        raise ValueError("a number is too large")
    return int(digits)


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError("a number is not finite")
    return number


_DECODER = json.JSONDecoder(parse_int=_whole, parse_float=_finite, parse_constant=_finite)


class StoredEnum(StrEnum):
    """An enumeration stored as text; each subclass has a member `UNKNOWN`.

    A value that this release does not know is read as `unknown`, on which no action is allowed. One
    such row therefore does not break a page or a list.
    """

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        return cls("unknown") if isinstance(value, str) and value != "unknown" else None
