"""An upload's bytes: counted while they come, kept off the memory, never more than allowed."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import IO

from starlette.requests import Request

from publicmeeting.domain.errors import Invalid
from publicmeeting.media.intake.photo import DEFAULT, MIB
from publicmeeting.media.objects import on_disk

MOST_BYTES = DEFAULT.file_bytes
READ_ON = 10 * MOST_BYTES
"""An answer given while a browser still sends is lost on most of them, so a file that is too large
is read to its end and thrown away, up to this size."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A raw body in a file that forgets itself; `size` counts what was thrown away, too."""

    file: IO[bytes]
    size: int

    def whole(self) -> IO[bytes]:
        """The file, from its beginning. Raises Invalid("photo_too_large")."""
        if self.size > MOST_BYTES:
            raise Invalid("photo_too_large", field="photos", megabytes=MOST_BYTES // MIB)
        self.file.seek(0)
        return self.file


@asynccontextmanager
async def receive(request: Request) -> AsyncIterator[Upload]:
    """The raw body, whatever its head said of it."""
    with SpooledTemporaryFile(max_size=MIB) as spooled:
        came = 0
        async for chunk in request.stream():
            came += len(chunk)
            if came <= MOST_BYTES:
                with on_disk():
                    spooled.write(chunk)
        yield Upload(spooled, came)
