"""Encrypted storage of pictures and originals, by the hash of their content.

A photograph shows where and when it was taken and by whose phone, a document for a lane shows its
owner's illness, an order is a legal paper. A copy of the folder or bucket reveals nothing, and no
file can replace another: each is sealed for its own hash.

Code refers to a file by the SHA-256 of its plain bytes. In the store even this name is sealed.
Otherwise a person with the names could test whether a certain photograph was sent in.
"""

import hashlib
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from publicmeeting.media.objects import TRASH, ObjectStore, Stored
from publicmeeting.store.database.vault import Vault, WrongKey

_SHA = re.compile(r"[0-9a-f]{64}")
_SEALED = re.compile(r"[0-9a-f]{96}")


def is_sha(name: str) -> bool:
    """Whether a file's name is a plain SHA-256; files of other keys have other names."""
    return bool(_SHA.fullmatch(name))


@dataclass(frozen=True, slots=True)
class Discarded:
    """A file in the trash; its name is a SHA-256, or the sealed name of another key."""

    name: str
    on: date
    key: str


class SealedStorage:
    """Files in one area of an object store, for one master key; they never change.

    Methods block: call them in a thread. They raise OSError if the store is unreachable.
    """

    def __init__(self, objects: ObjectStore, area: str, vault: Vault) -> None:
        self.objects = objects
        self.area = area
        self._vault = vault

    def put(self, data: bytes) -> str:
        """Store the bytes and return their SHA-256; after it returns they survive a power cut."""
        sha = hashlib.sha256(data).hexdigest()
        key = self.key(sha)
        if not (self.objects.renew(key) and self._is_whole(sha)):
            self.objects.write(key, self._vault.seal_file(sha, data))
        return sha

    def get(self, name: str) -> bytes:
        """Return the bytes; raises KeyError without such a file, or if its hash is another."""
        try:
            data = self._vault.open_file(name, self.objects.read(self.key(name)))
        except WrongKey:
            raise KeyError(name) from None
        if hashlib.sha256(data).hexdigest() != name:
            raise KeyError(name)
        return data

    def exists(self, name: str) -> bool:
        """Whether the file exists; raises KeyError for a name that is not a SHA-256 in hex."""
        return self.objects.exists(self.key(name))

    def names(self) -> dict[str, datetime]:
        """Return name → time of the last put; a file of another key has a sealed name."""
        return {self._opened(name): stored.written_at for name, stored in self._all(self.area)}

    def key(self, sha: str) -> str:
        """Return the key of a file; raises KeyError for a name that is not a SHA-256 in hex."""
        if not is_sha(sha):
            raise KeyError(sha)
        return self._key(self.area, self._vault.seal_name(sha))

    # Unreferenced files --------------------------------------------------------------------------

    def discard(self, names: Collection[str], on: date, before: datetime) -> list[str]:
        """Move files into the trash of this day, except those put again since `before`."""
        moved = [sha for sha in names if self._into_trash(sha, on, before)]
        self.objects.tidy(self.area, before)
        return moved

    def discarded(self) -> Iterator[Discarded]:
        """Yield the files in the trash of every day."""
        for name, stored in self._all(TRASH):
            _, day, area, *_ = stored.key.split("/")
            if area == self.area:
                yield Discarded(self._opened(name), date.fromisoformat(day), stored.key)

    def bring_back(self, discarded: Discarded) -> bool:
        """Move a file from the trash back, as if put now; False if it exists there already."""
        name = discarded.key.rpartition("/")[2]
        there = self._key(self.area, name)
        if self.objects.exists(there):
            return False
        return self.objects.move(discarded.key, there) and self.objects.renew(there)

    def purge(self, discarded: Discarded) -> None:
        """Delete a file of the trash permanently."""
        self.objects.delete(discarded.key)

    # Change of the key --------------------------------------------------------------------------

    def reseal(self, new: "SealedStorage") -> int:
        """Store every file, those in the trash too, under another key as well; return how many.

        Safe to repeat: existing files are not sealed again. Raises KeyError for a file that does
        not open; in the trash it is skipped.
        """
        own = [sha for sha in self.names() if is_sha(sha)]
        fresh = sum(not new.exists(sha) and bool(new.put(self.get(sha))) for sha in own)
        for file in self._own_in_trash():
            there = new.trash_key(file)
            if not self.objects.exists(there):
                try:
                    data = self._vault.open_file(file.name, self.objects.read(file.key))
                except WrongKey:
                    continue
                self.objects.write(there, new.sealed(file.name, data))
        return fresh

    def leave_to(self, new: "SealedStorage") -> int:
        """Delete every file that exists under another key now; return how many."""
        own = [sha for sha in self.names() if is_sha(sha) and new.exists(sha)]
        for sha in own:
            self.objects.delete(self.key(sha))
        for file in self._own_in_trash():
            if self.objects.exists(new.trash_key(file)):
                self.objects.delete(file.key)
        return len(own)

    def discard_unopened(self, on: date) -> int:
        """Move files that this key does not open into the trash of this day; return how many.

        A change to yet another key, interrupted and not finished, leaves a copy of every file.
        """
        place = f"{TRASH}/{on.isoformat()}/{self.area}"
        strange = [
            (name, stored.key)
            for name, stored in self._all(self.area)
            if not is_sha(self._opened(name))
        ]
        return sum(self.objects.move(key, self._key(place, name)) for name, key in strange)

    def sealed(self, sha: str, data: bytes) -> bytes:
        """Return the bytes as stored."""
        return self._vault.seal_file(sha, data)

    def trash_key(self, discarded: Discarded) -> str:
        """Return the key of a discarded file under this master key."""
        place = f"{TRASH}/{discarded.on.isoformat()}/{self.area}"
        return self._key(place, self._vault.seal_name(discarded.name))

    # ---------------------------------------------------------------------------------------------

    def _into_trash(self, sha: str, on: date, before: datetime) -> bool:
        place = f"{TRASH}/{on.isoformat()}/{self.area}"
        there = self._key(place, self._vault.seal_name(sha))
        return self.objects.move(self.key(sha), there, before=before)

    def _own_in_trash(self) -> list[Discarded]:
        return [file for file in self.discarded() if is_sha(file.name)]

    def _is_whole(self, sha: str) -> bool:
        try:
            self.get(sha)
        except KeyError:
            return False
        return True

    def _all(self, place: str) -> Iterator[tuple[str, Stored]]:
        """Yield name and object of each sealed file."""
        for stored in self.objects.listing(place):
            name = stored.key.rpartition("/")[2]
            if _SEALED.fullmatch(name):
                yield name, stored

    def _opened(self, name: str) -> str:
        try:
            return self._vault.open_name(name)
        except WrongKey:
            return name

    @staticmethod
    def _key(place: str, name: str) -> str:
        return f"{place}/{name[:2]}/{name}"
