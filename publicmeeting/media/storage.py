"""Where files lie: one small interface, whatever holds the bytes."""

from collections.abc import Collection, Iterator
from datetime import date, datetime
from typing import Protocol

from publicmeeting.media.sealed import Discarded


class Storage(Protocol):
    """Files named by the SHA-256 of what is in them; nothing in it is ever changed.

    Every method blocks: call it in a thread. Raises `OSError` when the store is out of reach.
    """

    def put(self, data: bytes) -> str:
        """Keep the bytes and return their SHA-256; on return they outlast a power cut."""

    def get(self, name: str) -> bytes:
        """Return the bytes; KeyError when there are none by that name, or they cannot be read."""

    def exists(self, name: str) -> bool:
        """Whether a file lies there by that name; KeyError for what is no SHA-256 in hex."""

    def names(self) -> dict[str, datetime]:
        """Every kept file and when it was last put."""

    def discard(self, names: Collection[str], on: date, before: datetime) -> list[str]:
        """Move files into the trash of this day, but for those put again since `before`."""

    def discarded(self) -> Iterator[Discarded]:
        """What lies in the trash."""

    def bring_back(self, discarded: Discarded) -> bool:
        """Move a file out of the trash to where it lay; False when it was there again."""

    def purge(self, discarded: Discarded) -> None:
        """Delete a file of the trash for good."""
