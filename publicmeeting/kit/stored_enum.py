"""Enumerations that are stored as text."""

from enum import StrEnum
from typing import Self


class StoredEnum(StrEnum):
    """An enumeration stored as text; each subclass has a member `UNKNOWN`.

    A value that this release does not know is read as `unknown`, on which no action is allowed. One
    such row therefore does not break a page or a list.
    """

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        return cls("unknown") if isinstance(value, str) and value != "unknown" else None
