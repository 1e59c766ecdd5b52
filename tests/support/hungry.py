"""Files sent through the real route all at once, in a process that reports its memory.

    python -m support.hungry FOLDER FILE... [, FOLDER FILE...]

For each batch it prints a line: the keys or statuses of the answers, and by how many megabytes the
memory grew at most. Each batch has a fork of the process that has imported the program. The kernel
counts a fork's peak of memory anew.
"""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from itertools import groupby
from pathlib import Path

import httpx2
from starlette.types import ASGIApp

from publicmeeting.application import Application
from publicmeeting.config import Settings
from publicmeeting.store.database.migrate import upgrade_url
from publicmeeting.web.app import routes
from support.citizens import own_visit
from support.city import open_application
from support.clock import SATURDAY, FixedClock

_CHUNK = 64 * 1024


def main(*words: str) -> None:
    """Run one batch after the other; the first that fails ends all."""
    for is_end, batch in groupby(words, ",".__eq__):
        if is_end:
            continue
        number = os.fork()
        if number == 0:
            _batch(*batch)
            return
        if os.waitpid(number, 0)[1]:
            sys.exit(1)


def _batch(folder: str, *files: str) -> None:
    url = f"sqlite:///{folder}/city.sqlite3"
    upgrade_url(url)
    application = open_application(url, Path(folder) / "images", FixedClock(SATURDAY))
    app = routes(lambda: application, Settings.from_environment({"PUBLICMEETING_ENV": "test"}))
    before = _memory("VmRSS")
    answers = asyncio.run(_all(application, app, files))
    grown = (_memory("VmHWM") - before) // 1024
    sys.stdout.write(json.dumps({"answers": answers, "grown": grown}) + "\n")


async def _all(application: Application, app: ASGIApp, files: tuple[str, ...]) -> list[str]:
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://localhost") as client:
        sent = [
            _send(client, own_visit(application, f"visit {at}"), file)
            for at, file in enumerate(files)
        ]
        return await asyncio.gather(*sent)


async def _send(client: httpx2.AsyncClient, visit: str, file: str) -> str:
    headers = {"cookie": f"visit={visit}", "content-type": "application/octet-stream"}
    answer = await client.post("/photos?kind=photo", content=_chunks(file), headers=headers)
    return str(answer.json().get("key", answer.status_code))


async def _chunks(file: str) -> AsyncIterator[bytes]:
    with Path(file).open("rb") as opened:  # noqa: ASYNC230  (a file of this machine)
        while chunk := opened.read(_CHUNK):
            yield chunk
            await asyncio.sleep(0)


def _memory(what: str) -> int:
    """Return kilobytes; `VmHWM` is the peak."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(what))


if __name__ == "__main__":
    main(*sys.argv[1:])
