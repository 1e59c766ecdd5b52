"""`bench live`: how long an official's step takes to reach her open page, among many open pages."""

import asyncio
import secrets
import time
from itertools import cycle, islice

from support.open_page import OpenPage
from support.served_city import Served, one_or_two
from support.visitors import cookies, file_now, visitors

from bench.figures import Measured, percentile
from publicmeeting.application import open_application
from publicmeeting.domain.people import Door
from publicmeeting.store.accounts.sessions import Keys
from publicmeeting.store.lifecycle.lists import Filter
from publicmeeting.ui.staff.desk.state import DeskState

LIMIT_MS = 300
CHANGES = 40
DISTRICT = 6
PATIENCE = 10.0
_AT_ONCE = 20
"""Pages opened side by side; real browsers do not all arrive at one instant."""


async def measure(many: int, *, shared: bool = False) -> list[Measured]:
    """Return the time from the desk's press to the first message at her page, over `CHANGES` cases.

    With `shared` the desk is at one process and all pages at the other.
    """
    with one_or_two(shared=shared) as served:
        cases, others, desk = await asyncio.to_thread(_prepare, served)
        rest = islice(cycle(others), max(many - len(cases), 0))
        pages = await _open(served, [*cases, *rest])
        watching = zip(cases, pages, strict=False)
        times = [await _change(served, desk, code, page) for (code, _), page in watching]
        closed = sum(page.closed for page in pages)
        for page in pages:
            await page.close()
    came = [one * 1000 for one in times if one is not None]
    return [
        Measured("server processes", len(served.processes), ""),
        Measured("open timelines", len(pages), ""),
        Measured("changes", len(times), ""),
        Measured("to her page, p50", percentile(came, 0.5), "ms"),
        Measured("to her page, p95", percentile(came, 0.95), "ms", LIMIT_MS),
        Measured("to her page, slowest", max(came), "ms"),
        Measured("never came", len(times) - len(came), "", 0),
        Measured("pages that lost their socket", closed, "", 0),
    ]


Case = tuple[str, Keys]
"""A request's code and the cookies of its citizen's browser."""


def _prepare(served: Served) -> tuple[list[Case], list[Case], Keys]:
    """Return fresh requests, everybody else's requests, and the cookies of a desk officer."""
    application = open_application(served.settings)
    with application.store.unit_of_work(application.clock()) as uow:
        lines = uow.lists.requests(Filter(), limit=1000)
        mobiles = [(line.code, uow.people.get(line.person_id).mobile) for line in lines]
        others = [(c, Keys(uow.sessions.open_for_mobile(m, Door.CODE))) for c, m in mobiles if m]
    people = visitors(application, CHANGES)
    cases = [(file_now(application, person, DISTRICT).code, person.keys) for person in people]
    with application.store.unit_of_work(application.clock()) as uow:
        account = uow.accounts.by_username(f"desk{DISTRICT}")
        if account is None:
            raise RuntimeError("the demo city has no such desk")
        key = uow.sessions.open_for_account(account, Door.PASSWORD)
    application.store.close()
    return cases, others, Keys(session=key)


async def _open(served: Served, cases: list[Case]) -> list[OpenPage]:
    gate = asyncio.Semaphore(_AT_ONCE)

    async def one(code: str, keys: Keys) -> OpenPage:
        async with gate:
            page = await OpenPage.open(
                served.origins[-1],
                f"/mine/{code}/",
                token=secrets.token_hex(8),
                cookies=cookies(keys),
                code=code,
            )
            await page.settle(1)
            return page

    return await asyncio.gather(*(one(code, keys) for code, keys in cases))


async def _change(served: Served, desk: Keys, code: str, page: OpenPage) -> float | None:
    """Return the seconds until her page learned of a step, or None if it did not."""
    officer = await OpenPage.open(
        served.origin, f"/desk/?case={code}", token=secrets.token_hex(8), cookies=cookies(desk)
    )
    await officer.settle()
    await officer.press(f"{DeskState.get_full_name()}.choose", {"action": "accept"})
    await officer.settle()
    await page.settle(0.1)
    seen = len(page.updates)
    begun = time.monotonic()
    await officer.press(f"{DeskState.get_full_name()}.send", {"form": {}})
    update = await page.next_update(seen, PATIENCE)
    await officer.close()
    return update.at - begun if update else None
