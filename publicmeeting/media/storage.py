"""Where files lie: one small interface; an object store may take the place of the folders."""

from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import Protocol


class Storage(Protocol):
    """Files named by the SHA-256 of what is in them; nothing in it is ever changed."""

    def put(self, data: bytes) -> str:
        """Keep the bytes and return their SHA-256; on return they outlast a power cut."""

    def get(self, name: str) -> bytes:
        """Return the bytes; KeyError when there are none by that name, or they cannot be read."""

    def exists(self, name: str) -> bool:
        """Whether a file lies there by that name; KeyError for what is no SHA-256 in hex."""

    def names(self) -> dict[str, datetime]:
        """Every kept file and when it was last put."""

    def sweep(self, keep: AbstractSet[str], before: datetime) -> list[str]:
        """Delete every file not named in `keep` and last put before this instant; the names."""
