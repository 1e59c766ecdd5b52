"""Pictures we made, as they are: a folder of files named by what is in them."""

import hashlib
import re
from collections.abc import Set as AbstractSet
from datetime import datetime
from pathlib import Path

from publicmeeting.media.folder import PrivateFolder

_NAME = re.compile(r"[0-9a-f]{64}")


class Blobs:
    """A `Storage` in a local folder."""

    def __init__(self, folder: Path) -> None:
        self._files = PrivateFolder(folder, _NAME)
        self.folder = folder

    def put(self, data: bytes) -> str:
        name = hashlib.sha256(data).hexdigest()
        if not self._files.renewed(name):
            self._files.keep(name, data)
        return name

    def get(self, name: str) -> bytes:
        return self._files.read(name)

    def exists(self, name: str) -> bool:
        return self.path(name).is_file()

    def path(self, name: str) -> Path:
        """Where the file lies or would lie; KeyError for anything that is not a SHA-256 in hex."""
        return self._files.path(name)

    def names(self) -> dict[str, datetime]:
        return self._files.names()

    def sweep(self, keep: AbstractSet[str], before: datetime) -> list[str]:
        return self._files.sweep(keep, before)
