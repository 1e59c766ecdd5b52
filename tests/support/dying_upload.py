"""Photos sent through the real route in a process of its own, killed with SIGKILL at the last one.

    main URL FOLDER VISIT POINT PICTURE...

It prints the status and the picture's id of each answer as soon as the answer is there.
"""

import asyncio
import os
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2
from sqlalchemy import event
from starlette.types import ASGIApp

from publicmeeting.application import Application
from publicmeeting.config import Settings
from publicmeeting.usecases.filing.pictures import keep_photo
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
_FILES = 3
"""Files of one upload."""


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
    """Arrange the death. The files, stored beside each other, wait here for one another."""
    one_by_one, stored, is_row = threading.Lock(), 0, False

    def storing(put: Callable[[bytes], str]) -> Callable[[bytes], str]:
        def stores(data: bytes) -> str:
            nonlocal stored
            with one_by_one:
                name = put(data)
                stored += 1
                if stored == {A_FILE: 1, ALL_FILES: _FILES}.get(point):
                    _die()
            return name

        return stores

    def before(*_: object) -> None:
        if is_row and point == BEFORE_COMMIT:
            _die()

    execute = application.execute

    async def performed(usecase: Any, keys: Any, command: Any) -> Any:
        nonlocal is_row
        is_row = usecase is keep_photo
        result = await execute(usecase, keys, command)
        if is_row and point == AFTER_COMMIT:
            _die()
        return result

    event.listen(application.store.engine, "commit", before)
    application.images.put = storing(application.images.put)
    application.originals.put = storing(application.originals.put)
    application.execute = performed
    if point == HALF_A_FILE:
        os.fsync = _die


def _die(*_: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


async def _send(app: ASGIApp, visit: str, picture: bytes) -> tuple[int, str]:
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://localhost") as client:
        headers = {"cookie": f"visit={visit}", "content-type": "application/octet-stream"}
        answer = await client.post("/photos?kind=photo", content=picture, headers=headers)
    return answer.status_code, answer.json().get("id", "")
