"""Photos sent through the real route in a process of its own, killed with SIGKILL at the last one.

    main URL FOLDER VISIT POINT PICTURE…

Prints of each answer the status and the picture's id, as soon as it is given.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2
from sqlalchemy import event
from starlette.types import ASGIApp

from publicmeeting.config import Settings
from publicmeeting.office import Office
from publicmeeting.web.app import routes
from support.citizens import own_visit
from support.city import open_office
from support.clock import SATURDAY, FixedClock

NEVER, HALF_A_FILE, A_FILE, ALL_FILES, BEFORE_COMMIT, AFTER_COMMIT = POINTS = (
    "never",
    "half a file",
    "a file",
    "all files",
    "before the commit",
    "after the commit",
)
_COMMITS = 2
"""May she send (its count of tries), and the row."""


def main(url: str, folder: str, visit: str, point: str, *pictures: str) -> None:
    office = open_office(url, Path(folder), FixedClock(SATURDAY))
    app = routes(lambda: office, Settings.from_environment({"PUBLICMEETING_ENV": "test"}))
    for at, picture in enumerate(pictures, 1):
        if at == len(pictures):
            _set(office, point)
        status, key = asyncio.run(_send(app, own_visit(office, visit), Path(picture).read_bytes()))
        sys.stdout.write(f"{status} {key}\n")
        sys.stdout.flush()


def _set(office: Office, point: str) -> None:
    commits = 0

    def before(*_: object) -> None:
        nonlocal commits
        commits += 1
        if commits == _COMMITS and point == BEFORE_COMMIT:
            _die()

    event.listen(office.store.engine, "commit", before)
    if point == HALF_A_FILE:
        os.fsync = _die
    elif point == A_FILE:
        office.images.put = _then_die(office.images.put)  # type: ignore[method-assign]
    elif point == ALL_FILES:
        office.originals.put = _then_die(office.originals.put)  # type: ignore[method-assign]
    elif point == AFTER_COMMIT:
        perform = office.perform

        async def performed(usecase: Any, keys: Any, command: Any) -> Any:
            result = await perform(usecase, keys, command)
            if commits == _COMMITS:
                _die()
            return result

        office.perform = performed  # type: ignore[method-assign]


def _then_die(put: Callable[[bytes], str]) -> Callable[[bytes], str]:
    def dying(data: bytes) -> str:
        put(data)
        _die()
        return ""

    return dying


def _die(*_: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


async def _send(app: ASGIApp, visit: str, picture: bytes) -> tuple[int, str]:
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://localhost") as client:
        headers = {"cookie": f"visit={visit}", "content-type": "application/octet-stream"}
        answer = await client.post("/photos?kind=photo", content=picture, headers=headers)
    return answer.status_code, answer.json().get("id", "")
