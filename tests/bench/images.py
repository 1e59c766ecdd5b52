"""`bench images`: phones' photographs through the upload route, one by one, then together."""

import asyncio
import os
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import httpx2
from support.served_city import settings_for

from bench.figures import Measured, percentile
from bench.phone_photos import FORMATS, phone_photo
from publicmeeting.application import Application, open_application
from publicmeeting.store.database.migrate import upgrade
from publicmeeting.usecases.accounts.credentials import VISIT
from publicmeeting.web.app import routes

LIMIT_S, LIMIT_BLOCK_MS = 1.5, 50
TOGETHER = 8
_TICK = 0.005
_CHUNK = 64 * 1024
"""Bytes of a piece in which a server hands a body on."""
_KEPT = 201


async def measure(many: int) -> list[Measured]:
    """Return seconds from first byte to answer, and how long nothing else could be answered."""
    photos = {kind: phone_photo(kind, 1) for kind in FORMATS}
    figures = [
        Measured(f"a {kind} of 12 MP", len(data) / 1e6, "MB") for kind, data in photos.items()
    ]
    with tempfile.TemporaryDirectory(prefix="publicmeeting-") as folder:
        settings = settings_for(Path(folder))
        upgrade(settings)
        application = open_application(settings)
        app = routes(lambda: application, settings)
        transport = httpx2.ASGITransport(app=app)
        async with httpx2.AsyncClient(transport=transport, base_url=settings.public_url) as client:
            await _send(application, client, photos["JPEG"])  # the first one loads the decoders
            with _one_core():
                for kind, data in photos.items():
                    figures += await _one_by_one(application, client, kind, data, many)
            figures += await _together(application, client, list(photos.values()))
        application.store.close()
    return figures


async def _one_by_one(
    application: Application, client: httpx2.AsyncClient, kind: str, data: bytes, many: int
) -> list[Measured]:
    seconds = []
    async with _heart() as gaps:
        for _ in range(many):
            _forget(application)
            began = time.perf_counter()
            if not await _send(application, client, data):
                raise RuntimeError(f"a {kind} was refused")
            seconds.append(time.perf_counter() - began)
    return [
        Measured(f"{kind} on one core, p50", percentile(seconds, 0.5), "s"),
        Measured(f"{kind} on one core, p95", percentile(seconds, 0.95), "s", LIMIT_S),
        Measured(f"{kind} on one core, longest block", max(gaps) * 1000, "ms", LIMIT_BLOCK_MS),
    ]


async def _together(
    application: Application, client: httpx2.AsyncClient, photos: list[bytes]
) -> list[Measured]:
    _forget(application)
    async with _heart() as gaps:
        began = time.perf_counter()
        sent = [_send(application, client, photos[at % len(photos)]) for at in range(TOGETHER)]
        answers = await asyncio.gather(*sent)
        seconds = time.perf_counter() - began
    return [
        Measured(f"{TOGETHER} at once", seconds, "s"),
        Measured(f"{TOGETHER} at once, failed", answers.count(False), "", 0),
        Measured(f"{TOGETHER} at once, longest block", max(gaps) * 1000, "ms", LIMIT_BLOCK_MS),
    ]


async def _send(application: Application, client: httpx2.AsyncClient, data: bytes) -> bool:
    """Send a photograph from a browser of its own."""
    headers = {
        "cookie": f"{VISIT}={application.cookies.new_visit()}",
        "content-type": "application/octet-stream",
    }
    answer = await client.post("/photos?kind=photo", content=_chunks(data), headers=headers)
    return answer.status_code == _KEPT


async def _chunks(data: bytes) -> AsyncIterator[bytes]:
    for at in range(0, len(data), _CHUNK):
        yield data[at : at + _CHUNK]
        await asyncio.sleep(0)


def _forget(application: Application) -> None:
    """Delete all files, because a file that exists is not written again."""
    for files in application.files.all:
        for name in files.names():
            files.objects.delete(files.key(name))


@asynccontextmanager
async def _heart() -> AsyncIterator[list[float]]:
    """Measure by how many seconds each beat of the event loop comes late."""
    late = [0.0]

    async def tick() -> None:
        while True:
            due = time.perf_counter() + _TICK
            await asyncio.sleep(_TICK)
            late.append(time.perf_counter() - due)

    beating = asyncio.create_task(tick())
    try:
        yield late
    finally:
        beating.cancel()


@contextmanager
def _one_core() -> Iterator[None]:
    """Bind this process to one core, if the system can."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(before)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)
