"""Where files lie, by their hash, so that nobody can read them there: ours and originals.

A photograph out of a camera says where and when it was taken and by whose phone, a document for a
lane says what its owner suffers from, an order is a legal paper. Whoever takes the folder or the
bucket away learns nothing, and no file passes for another: each is sealed for its own hash.

Everybody speaks of a file by the SHA-256 of its plain bytes. Where it lies even that is sealed:
whoever got hold of the names could otherwise try whether a certain photograph was ever sent in.
"""

import hashlib
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from publicmeeting.media.objects import TRASH, ObjectStore, Stored
from publicmeeting.store.database.vault import Vault, WrongKey

_SHA = re.compile(r"[0-9a-f]{64}")
_SEALED = re.compile(r"[0-9a-f]{96}")


def is_sha(name: str) -> bool:
    """Whether a file's name was made by this key (or none): other keys' files have no other."""
    return bool(_SHA.fullmatch(name))


@dataclass(frozen=True, slots=True)
class Discarded:
    """A file in the trash. Its name is a SHA-256, or what another key has made of one."""

    name: str
    on: date
    key: str


class SealedStorage:
    """A `Storage` in one area of an object store, for one master key."""

    def __init__(self, objects: ObjectStore, area: str, vault: Vault) -> None:
        self.objects = objects
        self.area = area
        self._vault = vault

    def put(self, data: bytes) -> str:
        sha = hashlib.sha256(data).hexdigest()
        key = self.key(sha)
        if not (self.objects.renew(key) and self._is_whole(sha)):
            self.objects.write(key, self._vault.seal_file(sha, data))
        return sha

    def get(self, name: str) -> bytes:
        """Immutable by its hash, whatever the store promises: what has changed is not there."""
        try:
            data = self._vault.open_file(name, self.objects.read(self.key(name)))
        except WrongKey:
            raise KeyError(name) from None
        except KeyError:
            data = self.objects.read(self._clear_key(name))
        if hashlib.sha256(data).hexdigest() != name:
            raise KeyError(name)
        return data

    def exists(self, name: str) -> bool:
        return self.objects.exists(self.key(name)) or self.objects.exists(self._clear_key(name))

    def names(self) -> dict[str, datetime]:
        """A file of another key is recognised by its name in the store, which is no SHA-256."""
        return {self._opened(name): stored.written_at for name, stored in self._all(self.area)}

    def key(self, sha: str) -> str:
        """Where the file lies or would lie; KeyError for what is not a SHA-256 in hex."""
        if not is_sha(sha):
            raise KeyError(sha)
        return self._key(self.area, self._vault.seal_name(sha))

    # What nothing names any more -----------------------------------------------------------------

    def discard(self, names: Collection[str], on: date, before: datetime) -> list[str]:
        """Move files into the trash of this day, but for those put again since `before`."""
        moved = [sha for sha in names if self._into_trash(sha, on, before)]
        self.objects.tidy(self.area, before)
        return moved

    def discarded(self) -> Iterator[Discarded]:
        """What lies in the trash of every day."""
        for name, stored in self._all(TRASH):
            _, day, area, *_ = stored.key.split("/")
            if area == self.area:
                yield Discarded(self._opened(name), date.fromisoformat(day), stored.key)

    def bring_back(self, discarded: Discarded) -> bool:
        """Move a file out of the trash to where it lay, as if put now; False when it is there."""
        name = discarded.key.rpartition("/")[2]
        there = self._key(self.area, name)
        if self.objects.exists(there):
            return False
        return self.objects.move(discarded.key, there) and self.objects.renew(there)

    def purge(self, discarded: Discarded) -> None:
        """Delete a file of the trash for good."""
        self.objects.delete(discarded.key)

    # Another key ---------------------------------------------------------------------------------

    def seal_clear(self) -> int:
        """Seal what an earlier program has left readable; how many were sealed. Safe to repeat.

        One that has changed since it was put stays, for `doctor` to report.
        """
        clear = [name for name, _ in self._all(self.area) if is_sha(name)]
        sealed = 0
        for sha in clear:
            data = self.objects.read(self._clear_key(sha))
            if hashlib.sha256(data).hexdigest() == sha:
                self.put(data)
                self.objects.delete(self._clear_key(sha))
                sealed += 1
        return sealed

    def count_clear(self) -> int:
        """How many files can be read by whoever sees the store."""
        return sum(is_sha(name) for name, _ in self._all(self.area))

    def reseal(self, new: "SealedStorage") -> int:
        """Keep every file under another key as well, those in the trash too; how many came to it.

        Safe to repeat: what is there is not sealed again. KeyError for a file that does not open;
        one in the trash that does not is left.
        """
        self.seal_clear()
        mine = [sha for sha in self.names() if is_sha(sha)]
        fresh = sum(not new.exists(sha) and bool(new.put(self.get(sha))) for sha in mine)
        for one in self._mine_in_trash():
            there = new.trash_key(one)
            if not self.objects.exists(there):
                try:
                    data = self._vault.open_file(one.name, self.objects.read(one.key))
                except WrongKey:
                    continue
                self.objects.write(there, new.sealed(one.name, data))
        return fresh

    def leave_to(self, new: "SealedStorage") -> int:
        """Delete every file that another key has now; how many went."""
        mine = [sha for sha in self.names() if is_sha(sha) and new.exists(sha)]
        for sha in mine:
            self.objects.delete(self.key(sha))
        for one in self._mine_in_trash():
            if self.objects.exists(new.trash_key(one)):
                self.objects.delete(one.key)
        return len(mine)

    def sealed(self, sha: str, data: bytes) -> bytes:
        """The bytes as they lie in the store."""
        return self._vault.seal_file(sha, data)

    def trash_key(self, discarded: Discarded) -> str:
        """Where a discarded file lies under this key."""
        place = f"{TRASH}/{discarded.on.isoformat()}/{self.area}"
        return self._key(place, self._vault.seal_name(discarded.name))

    # ---------------------------------------------------------------------------------------------

    def _into_trash(self, sha: str, on: date, before: datetime) -> bool:
        place = f"{TRASH}/{on.isoformat()}/{self.area}"
        for key, name in ((self.key(sha), self._vault.seal_name(sha)), (self._clear_key(sha), sha)):
            if self.objects.move(key, self._key(place, name), before=before):
                return True
        return False

    def _mine_in_trash(self) -> list[Discarded]:
        return [one for one in self.discarded() if is_sha(one.name)]

    def _is_whole(self, sha: str) -> bool:
        try:
            self.get(sha)
        except KeyError:
            return False
        return True

    def _clear_key(self, sha: str) -> str:
        if not is_sha(sha):
            raise KeyError(sha)
        return self._key(self.area, sha)

    def _all(self, place: str) -> Iterator[tuple[str, Stored]]:
        """Name in the store and what lies there: sealed files, and readable ones of before."""
        for stored in self.objects.listing(place):
            name = stored.key.rpartition("/")[2]
            if _SEALED.fullmatch(name) or is_sha(name):
                yield name, stored

    def _opened(self, name: str) -> str:
        if is_sha(name):
            return name
        try:
            return self._vault.open_name(name)
        except WrongKey:
            return name

    @staticmethod
    def _key(place: str, name: str) -> str:
        return f"{place}/{name[:2]}/{name}"


# Where files lie: one small interface, whatever holds the bytes.


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
        """Every stored file and when it was last put."""

    def discard(self, names: Collection[str], on: date, before: datetime) -> list[str]:
        """Move files into the trash of this day, but for those put again since `before`."""

    def discarded(self) -> Iterator[Discarded]:
        """What lies in the trash."""

    def bring_back(self, discarded: Discarded) -> bool:
        """Move a file out of the trash to where it lay; False when it was there again."""

    def purge(self, discarded: Discarded) -> None:
        """Delete a file of the trash for good."""
