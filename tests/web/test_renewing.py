"""Pages that could not be read reload when they can: all of them, and not at the same moment."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from publicmeeting.live.sockets import Page, Sockets
from publicmeeting.web import renewing
from publicmeeting.web.checkup import MISSING, Finding, Part, Verdict
from publicmeeting.web.renewing import PAUSE_SECONDS, SHORT_PAUSE_SECONDS, Renewal

WELL = dict.fromkeys(Part, Finding(Verdict.OK))
AWAY = {**WELL, Part.DATABASE: MISSING}
LATE = {**WELL, Part.WORKER: MISSING}


class Parts:
    """What the current check finds."""

    def __init__(self) -> None:
        self.found: Mapping[Part, Finding] = WELL

    async def findings(self) -> Mapping[Part, Finding]:
        return self.found


class Pages:
    def __init__(self) -> None:
        self.now = 0.0
        self.sockets = Sockets(monotonic=lambda: self.now)
        self.open: dict[str, asyncio.Future[int]] = {}
        self.parts: Any = Parts()
        self.renewal = Renewal(self.sockets, self.parts)

    def stale(self, *names: str, part_missing: bool = False) -> None:
        for name in names:
            self.open[name] = asyncio.get_running_loop().create_future()
            self.sockets.open(name, Page(token=name, closing=self.open[name]))
            self.sockets.mark_stale(name, part_missing=part_missing)

    @property
    def ended(self) -> list[str]:
        return [name for name, closing in self.open.items() if closing.done()]

    async def query(self, *found: Mapping[Part, Finding]) -> None:
        for one in found:
            self.parts.found = one
            await self.renewal.step()


def test_after_a_part_was_missing_pages_are_read_anew_as_soon_as_it_is_back() -> None:
    async def check() -> None:
        pages = Pages()
        pages.stale("a", "b")
        await pages.query(AWAY, AWAY)
        assert pages.ended == []
        await pages.query(AWAY, LATE)
        assert pages.ended == ["a", "b"]
        assert pages.open["a"].result() == 1012

    asyncio.run(check())


def test_a_fault_that_is_of_no_part_is_tried_again_after_a_while() -> None:
    async def check() -> None:
        pages = Pages()
        pages.stale("a")
        await pages.query(WELL, WELL, WELL)
        assert pages.ended == []
        pages.now += PAUSE_SECONDS
        await pages.query(WELL)
        assert pages.ended == ["a"]

    asyncio.run(check())


def test_a_part_that_was_back_before_anybody_looked_keeps_no_page_waiting_for_long() -> None:
    async def check() -> None:
        pages = Pages()
        pages.stale("of a fault")
        pages.stale("of an outage", part_missing=True)
        await pages.query(WELL)
        assert pages.ended == []
        pages.now += SHORT_PAUSE_SECONDS
        await pages.query(WELL)
        assert pages.ended == ["of an outage"]

    asyncio.run(check())


def test_not_all_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(renewing, "AT_ONCE", 2)

    async def check() -> None:
        pages = Pages()
        pages.stale("a", "b", "c")
        await pages.query(AWAY, WELL)
        assert pages.ended == ["a", "b"]
        await pages.query(WELL)
        assert pages.ended == ["a", "b", "c"]

    asyncio.run(check())


def test_a_page_that_has_gone_by_itself_waits_for_nothing() -> None:
    async def check() -> None:
        pages = Pages()
        pages.stale("a")
        pages.sockets.close("a")
        pages.sockets.mark_stale("a")
        assert pages.sockets.stale() == 0

    asyncio.run(check())
