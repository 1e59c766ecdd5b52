"""Photos sent through the real route in a process of its own, killed with SIGKILL at the last one.

    main URL FOLDER VISIT POINT PICTURE...

It prints the status and the picture's id of each answer as soon as the answer is there.
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

from publicmeeting.application import Application
from publicmeeting.config import Settings
from publicmeeting.web.app import routes
from support.citizens import own_visit
from support.city import open_application
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
"""Commits of one upload: the rate limit's count, and the row of the picture."""


def main(url: str, folder: str, visit: str, point: str, *pictures: str) -> None:
    application = open_application(url, Path(folder), FixedClock(SATURDAY))
    app = routes(lambda: application, Settings.from_environment({"PUBLICMEETING_ENV": "test"}))
    for at, picture in enumerate(pictures, 1):
        if at == len(pictures):
            _set(application, point)
        status, key = asyncio.run(
            _send(app, own_visit(application, visit), Path(picture).read_bytes())
        )
        sys.stdout.write(f"{status} {key}\n")
        sys.stdout.flush()


def _set(application: Application, point: str) -> None:
    commits = 0

    def before(*_: object) -> None:
        nonlocal commits
        commits += 1
        if commits == _COMMITS and point == BEFORE_COMMIT:
            _die()

    event.listen(application.store.engine, "commit", before)
    if point == HALF_A_FILE:
        os.fsync = _die
    elif point == A_FILE:
        application.images.put = _then_die(application.images.put)
    elif point == ALL_FILES:
        application.originals.put = _then_die(application.originals.put)
    elif point == AFTER_COMMIT:
        execute = application.execute

        async def performed(usecase: Any, keys: Any, command: Any) -> Any:
            result = await execute(usecase, keys, command)
            if commits == _COMMITS:
                _die()
            return result

        application.execute = performed


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
