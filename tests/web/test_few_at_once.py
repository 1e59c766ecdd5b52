"""Requests of one address wait for each other, and nobody else waits for them."""

import asyncio
from collections.abc import Awaitable, Callable

from starlette.types import Message, Receive, Scope, Send

from publicmeeting.live.at_once import AtOnce
from publicmeeting.web.layers.few_at_once import FewAtOnce

BUSY, OTHER = "192.0.2.7", "192.0.2.8"
LONG = 3600.0
Work = Callable[[Receive, Send], Awaitable[None]]


class Town:
    """An app behind the layer, with one place for each address."""

    def __init__(self, work: Work) -> None:
        self.begun = list[str]()
        self.goes_on = asyncio.Event()
        self._work = work
        self._layer = FewAtOnce(self._app, AtOnce(1, LONG))

    async def _app(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.begun.append(scope["client"][0])
        await self._work(receive, send)

    async def asks(self, address: str) -> asyncio.Task[None]:
        async def whole() -> Message:
            await self.goes_on.wait()
            return {"type": "http.request"}

        async def taken(_message: Message) -> None:
            await self.goes_on.wait()

        scope = {"type": "http", "client": (address, 1)}
        asked = asyncio.create_task(self._layer(scope, whole, taken))
        for _ in range(5):
            await asyncio.sleep(0)
        return asked


def test_the_second_of_an_address_waits_for_the_first_and_nobody_else_does() -> None:
    async def check() -> None:
        async def works(_receive: Receive, _send: Send) -> None:
            await town.goes_on.wait()

        town = Town(works)
        asked = [await town.asks(address) for address in (BUSY, BUSY, OTHER)]
        assert town.begun == [BUSY, OTHER]
        town.goes_on.set()
        await asyncio.wait(asked)
        assert town.begun == [BUSY, OTHER, BUSY]

    asyncio.run(check())


def test_whoever_sends_or_reads_slowly_holds_no_place() -> None:
    async def check() -> None:
        async def reads(receive: Receive, _send: Send) -> None:
            await receive()

        async def answers(_receive: Receive, send: Send) -> None:
            await send({"type": "http.response.start", "status": 200})

        for work in (reads, answers):
            town = Town(work)
            asked = [await town.asks(BUSY) for _ in range(3)]
            assert town.begun == [BUSY] * 3
            town.goes_on.set()
            await asyncio.wait(asked)

    asyncio.run(check())
