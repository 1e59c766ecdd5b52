"""Files as they came from outside, apart from what we made of them, and never readable on disk.

A photograph out of a camera says where and when it was taken and by whose phone. It is kept because
an order's paper must be provable to the last byte, and opened by nobody but the chain of custody.

Everybody speaks of a file by the SHA-256 of its plain bytes. On disk even that is sealed: whoever
got hold of the folder could otherwise try whether a certain photograph was ever sent in.
"""

import hashlib
import re
from collections.abc import Set as AbstractSet
from datetime import datetime
from pathlib import Path

from publicmeeting.media.folder import PrivateFolder
from publicmeeting.store.vault import Vault, WrongKey

_NAME = re.compile(r"[0-9a-f]{96}")
_SHA = re.compile(r"[0-9a-f]{64}")


class Originals:
    """A `Storage` in a local folder whose files and file names are sealed."""

    def __init__(self, folder: Path, vault: Vault) -> None:
        self._files = PrivateFolder(folder, _NAME)
        self._vault = vault
        self.folder = folder

    def put(self, data: bytes) -> str:
        sha = hashlib.sha256(data).hexdigest()
        name = self._vault.seal_name(sha)
        if not self._files.renewed(name):
            self._files.keep(name, self._vault.seal_file(sha, data))
        return sha

    def get(self, name: str) -> bytes:
        sealed = self._files.read(self._sealed(name))
        try:
            return self._vault.open_file(name, sealed)
        except WrongKey:
            raise KeyError(name) from None

    def exists(self, name: str) -> bool:
        return self.path(name).is_file()

    def path(self, name: str) -> Path:
        """Where the sealed file lies or would lie; KeyError for what is not a SHA-256 in hex."""
        return self._files.path(self._sealed(name))

    def names(self) -> dict[str, datetime]:
        """A file of another key is told by its name on disk, which is no SHA-256."""
        return {self._opened(name): at for name, at in self._files.names().items()}

    def sweep(self, keep: AbstractSet[str], before: datetime) -> list[str]:
        """Files of another key stay: with a wrong key nothing would be named."""
        names = {name: self._opened(name) for name in self._files.names()}
        spared = {name for name, sha in names.items() if sha == name or sha in keep}
        return sorted(map(self._opened, self._files.sweep(spared, before)))

    def reseal(self, new: "Originals") -> int:
        """Keep every file under another key as well; how many came to it.

        Safe to repeat: what is there is not sealed again. KeyError for a file that does not open.
        """
        mine = [sha for sha in self.names() if _SHA.fullmatch(sha)]
        return sum(not new.exists(sha) and bool(new.put(self.get(sha))) for sha in mine)

    def leave_to(self, new: "Originals") -> int:
        """Delete every file that another key has now; how many went."""
        mine = [sha for sha in self.names() if _SHA.fullmatch(sha) and new.exists(sha)]
        for sha in mine:
            self._files.drop(self._sealed(sha))
        return len(mine)

    def _sealed(self, sha: str) -> str:
        if not _SHA.fullmatch(sha):
            raise KeyError(sha)
        return self._vault.seal_name(sha)

    def _opened(self, name: str) -> str:
        try:
            return self._vault.open_name(name)
        except WrongKey:
            return name
