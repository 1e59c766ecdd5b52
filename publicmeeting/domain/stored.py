"""What a column holds that has few words: text in the database, an enumeration in the program."""

from enum import StrEnum
from typing import Self


class StoredEnum(StrEnum):
    """A word of a row; its class has a member `UNKNOWN`.

    A word that this release does not know reads as `unknown`, of which nothing may be done, so that
    one strange row takes no page or list with it.
    """

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        return cls("unknown") if isinstance(value, str) and value != "unknown" else None
