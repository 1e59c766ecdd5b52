"""`bench filing`: many citizens press «file» at the same moment, and then all press it again."""

import asyncio
import shutil
import tempfile
import time
from pathlib import Path

from support.served_city import seeded_city, settings_for
from support.visitors import Visitor, visitors

from bench.figures import Measured, percentile
from publicmeeting.application import Application, open_application
from publicmeeting.store.lifecycle.lists import Filter
from publicmeeting.usecases.filing.submitting import submit

LIMIT_MS = 500
DISTRICTS = 22


async def measure(many: int) -> list[Measured]:
    """Return the time from press to tracking code, and whether every request is there once."""
    with tempfile.TemporaryDirectory(prefix="publicmeeting-") as parent:
        folder = Path(parent) / "data"
        shutil.copytree(seeded_city(), folder)
        application = open_application(settings_for(folder))
        people = visitors(application, many)
        before = filed(application)
        begun = time.monotonic()
        first = await _all_press(application, people)
        seconds = time.monotonic() - begun
        second = await _all_press(application, people)
        there = filed(application) - before
        application.store.close()
    codes = {code for _, code in first}
    unlike = sum(one[1] != other[1] for one, other in zip(first, second, strict=True))
    times = [waited * 1000 for waited, _ in first]
    return [
        Measured("citizens at once", many, ""),
        Measured("to her tracking code, p50", percentile(times, 0.5), "ms"),
        Measured("to her tracking code, p95", percentile(times, 0.95), "ms", LIMIT_MS),
        Measured("all together", seconds * 1000, "ms"),
        Measured("lost", many - len(codes), "", 0),
        Measured("doubled", max(there - many, 0) + unlike, "", 0),
    ]


async def _all_press(application: Application, people: list[Visitor]) -> list[tuple[float, str]]:
    return await asyncio.gather(
        *(_press(application, person, at) for at, person in enumerate(people))
    )


async def _press(application: Application, visitor: Visitor, at: int) -> tuple[float, str]:
    begun = time.monotonic()
    filed = await application.execute(submit, visitor.keys, visitor.command(at % DISTRICTS + 1))
    return time.monotonic() - begun, filed.code


def filed(application: Application) -> int:
    """Return the number of requests in the city."""
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        return uow.lists.count(Filter())
