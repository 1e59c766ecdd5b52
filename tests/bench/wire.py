"""`bench filing --wire`: many signed-in citizens file at once, from the page to the receipt.

This process plays all their browsers. The server is a process of its own, started as `run` starts
it.
"""

import asyncio
import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from support.open_page import OpenPage, Update
from support.served_city import Served, one_or_two
from support.visitors import Visitor, cookies, visitors

from bench.bundle import BROWSER, CLIENT, compiled_hashes
from bench.figures import Measured, percentile
from bench.filing import filed
from publicmeeting.application import open_application
from publicmeeting.ui.citizen.request.state import BookingState

SIZES = (100, 200)
"""Citizens at once, for the limits of a visit's 95th percentile and of filings a second."""
SECONDS = {100: 2.0, 200: 4.0}
SLOWEST = 2
"""Factor by which the slowest visit may exceed that limit: a percentile hides one in a hundred."""
A_SECOND = 60
DISTRICTS = 22
PATIENCE = 60.0
_STATE = BookingState.get_full_name()
_PAGE = "/request/"
_RECEIPT = "/receipt/"


async def measure(sizes: tuple[int, ...], *, shared: bool) -> list[Measured]:
    """Measure visits: page, socket, first state, four steps, and the press.

    Signing in is not part of it. Afterwards everybody presses again: nothing may be filed twice.
    """
    with one_or_two(shared=shared) as served:
        people = await asyncio.to_thread(_sign_in, served, sum(sizes))
        figures = [Measured("server processes", len(served.processes), "")]
        for many in sizes:
            figures += await _herd(served, [people.pop() for _ in range(many)])
    return figures


def _sign_in(served: Served, many: int) -> list[Visitor]:
    application = open_application(served.settings)
    people = visitors(application, many)
    application.store.close()
    return people


async def _herd(served: Served, people: list[Visitor]) -> list[Measured]:
    many = len(people)
    before, memory = await asyncio.to_thread(_count, served), served.memory_mib
    holds = compiled_hashes(CLIENT)
    computed, begun = served.processor_seconds, time.monotonic()
    ours = time.process_time()
    visits = await asyncio.gather(
        *(_Visit(served, person, at).run(holds) for at, person in enumerate(people))
    )
    seconds = time.monotonic() - begun
    computed, ours = served.processor_seconds - computed, time.process_time() - ours
    again = await asyncio.gather(*(visit.press_again() for visit in visits))
    there = await asyncio.to_thread(_count, served) - before
    codes = {visit.code for visit in visits}
    unlike = sum(visit.code != code for visit, code in zip(visits, again, strict=True))
    memory = served.memory_mib - memory
    await asyncio.gather(*(visit.page.close() for visit in visits))
    took = [visit.seconds for visit in visits]
    last = max(visits, key=lambda visit: visit.seconds)
    longest, waited = max(last.waits, key=lambda one: one[1])
    limit = SECONDS.get(many)
    return [
        Measured("citizens at once", many, ""),
        Measured("a visit, p50", percentile(took, 0.5), "s"),
        Measured("a visit, p95", percentile(took, 0.95), "s", limit),
        Measured("the slowest visit", last.seconds, "s", limit and limit * SLOWEST),
        Measured(f"its longest wait, {longest}", waited, "s"),
        Measured("filings a second", many / seconds, "", A_SECOND, at_least=True),
        Measured("processor time of the server, each", computed / many * 1000, "ms"),
        Measured("and of all their browsers, here", ours / many * 1000, "ms"),
        Measured("memory of the server", served.memory_mib, "MB"),
        Measured("more than before they came", memory, "MB"),
        Measured("lost", many - len(codes), "", 0),
        Measured("doubled", max(there - many, 0) + unlike, "", 0),
    ]


def _count(served: Served) -> int:
    application = open_application(served.settings)
    try:
        return filed(application)
    finally:
        application.store.close()


@dataclass
class _Visit:
    """One citizen on her way through the four steps."""

    served: Served
    who: Visitor
    at: int
    code: str = ""
    seconds: float = 0.0
    waits: list[tuple[str, float]] = field(default_factory=list)
    """What she waited for, each with its seconds."""
    page: OpenPage = field(init=False)

    async def run(self, holds: list[str]) -> "_Visit":
        begun = time.monotonic()
        origin = self.served.origins[self.at % len(self.served.origins)]
        brings = cookies(self.who.keys)
        with self._waiting("page"):
            await _fetch(origin, brings)
        token = secrets.token_hex(8)
        with self._waiting("socket"):
            self.page = await OpenPage.open(
                origin, _PAGE, token=token, cookies=brings, browser=BROWSER, holds=holds
            )
        with self._waiting("first state"):
            await self.page.until(0, lambda update: update.is_loaded, PATIENCE)
        request = self.who.command(self.at % DISTRICTS + 1)
        await self._do("choose", {"district": int(request.district)}, _is_chosen)
        await self._leave("leave_district", {})
        texts = {"subject": request.subject, "title": request.title, "text": request.text}
        await self._leave("leave_matter", texts)
        herself = {"kind": request.kind, "identity": request.identity, "name": request.name}
        await self._leave("leave_herself", {**herself, "prefers": request.prefers})
        self.code = await self._press()
        self.seconds = time.monotonic() - begun
        return self

    async def press_again(self) -> str:
        code = await self._press()
        await self.page.until_answered(PATIENCE)
        return code

    async def _press(self) -> str:
        update = await self._do("file", {}, _is_decided)
        if refused := _refusal(update):
            raise RuntimeError(f"an invented citizen was refused: {refused}")
        path = update.leads_to or ""
        if not path.startswith(_RECEIPT):
            raise RuntimeError(f"an invented citizen was led to {path} instead of her receipt")
        return path.removeprefix(_RECEIPT)

    async def _leave(self, handler: str, form: Mapping[str, str]) -> None:
        """Press the step's button, and wait until the next step is open."""
        update = await self._do(handler, {"form": form}, lambda update: update.leads_to is not None)
        address = update.leads_to or _PAGE
        if update.is_shown_there:
            self.page.stand_at(address)
            return
        seen = len(self.page.updates)
        with self._waiting(f"load after {handler}"):
            await self.page.navigate(address)
            await self.page.until(seen, lambda update: update.is_loaded, PATIENCE)

    async def _do(
        self, handler: str, payload: Mapping[str, object], fits: Callable[[Update], bool]
    ) -> Update:
        seen = len(self.page.updates)
        with self._waiting(handler):
            await self.page.press(f"{_STATE}.{handler}", payload)
            return await self.page.until(seen, fits, PATIENCE)

    @contextmanager
    def _waiting(self, what: str) -> Iterator[None]:
        begun = time.monotonic()
        yield
        self.waits.append((what, time.monotonic() - begun))


def _is_decided(update: Update) -> bool:
    return update.leads_to is not None or bool(_refusal(update))


def _refusal(update: Update) -> str:
    refused: str = update.changes(_STATE).get("answer_rx_state_", {}).get("refused", "")
    return refused


def _is_chosen(update: Update) -> bool:
    return "draft_rx_state_" in update.changes(_STATE)


async def _fetch(origin: str, brings: str) -> None:
    """Ask for the page itself as a browser does that has its scripts cached.

    Raises `RuntimeError` for any other answer than the page.
    """
    parts = urlsplit(origin)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    asks = {"Host": parts.netloc, **BROWSER, "Cookie": brings, "Connection": "close"}
    lines = [f"GET {_PAGE} HTTP/1.1", *(f"{name}: {value}" for name, value in asks.items())]
    writer.write("\r\n".join([*lines, "", ""]).encode())
    answer = await reader.read()
    writer.close()
    if not answer.startswith(b"HTTP/1.1 200 "):
        raise RuntimeError(f"the page was answered with {answer[:100]!r}")
