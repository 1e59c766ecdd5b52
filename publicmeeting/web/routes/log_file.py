"""The whole public log as one file, compressed once: what was packed grows by the new entries.

The log is only added to, so its compressed text is too. Whoever asks gets what lies ready, and a
reader who has the newest gets nothing but that word.
"""

import asyncio
import zlib
from collections.abc import AsyncIterator
from dataclasses import dataclass

import anyio.to_thread

from publicmeeting.application import Application
from publicmeeting.turns.log import Entry
from publicmeeting.usecases.accounts.credentials import Keys
from publicmeeting.usecases.public_record.log import PAGE, After, log_page

_LEVEL, _GZIP = 6, 31
_OPENS, _CLOSES = b"[", b"\n]\n"


@dataclass(frozen=True, slots=True)
class LogCopy:
    """The file as of one entry; `parts` together are its gzip form."""

    mark: str
    """Number of the newest entry in it: another one is another file."""
    parts: tuple[bytes, ...]

    @property
    def size(self) -> int:
        """Bytes."""
        return sum(map(len, self.parts))

    async def packed(self) -> AsyncIterator[bytes]:
        for part in self.parts:
            yield part

    async def plain(self) -> AsyncIterator[bytes]:
        """For a reader who cannot unpack."""
        opened = zlib.decompressobj(_GZIP)
        for part in self.parts:
            yield await anyio.to_thread.run_sync(opened.decompress, part)


class LogFile:
    """One per process: some megabytes that all readers share. One call at a time makes it grow."""

    def __init__(self) -> None:
        self._growing = asyncio.Lock()
        self._packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, _GZIP)
        self._parts: list[bytes] = []
        self._seq = 0

    async def copy(self, application: Application) -> LogCopy:
        """The file with everything that is in the log by now."""
        # A reader who leaves must not stop it between packing a page and noting that it is packed.
        return await asyncio.shield(asyncio.ensure_future(self._grown(application)))

    async def _grown(self, application: Application) -> LogCopy:
        async with self._growing:
            while page := await application.query(log_page, Keys(), After(seq=self._seq)):
                self._parts.append(await anyio.to_thread.run_sync(self._packed, page))
                self._seq = page[-1].seq
                if len(page) < PAGE:
                    break
            ending = self._packer.copy()
            end = ending.compress(_CLOSES if self._seq else _OPENS + b"]\n") + ending.flush()
            return LogCopy(str(self._seq), (*self._parts, end))

    def _packed(self, page: tuple[Entry, ...]) -> bytes:
        text = b",".join(map(_line, page))
        before = b"," if self._seq else _OPENS
        return self._packer.compress(before + text) + self._packer.flush(zlib.Z_SYNC_FLUSH)


def _line(entry: Entry) -> bytes:
    return b"\n" + entry.data
