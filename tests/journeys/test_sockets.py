"""Sockets over time: quiet pages, closed ones, frames that are too long.

The state of a closed page lives for ten minutes; here it lives for seconds.
"""

import asyncio
import json
import secrets
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest
from deciding_steps import as_official
from redis import Redis
from simple_websocket import AioClient, ConnectionClosed
from support.open_page import OpenPage
from support.served_city import Served, served_city
from support.services import redis_server
from support.visitors import cookies

from publicmeeting.application import Application, open_application
from publicmeeting.domain.people import Door
from publicmeeting.domain.records import Request
from publicmeeting.domain.stages import Action, Stage
from publicmeeting.live.sockets import FRAME_BYTES
from publicmeeting.store.accounts.sessions import Keys
from publicmeeting.store.lifecycle.lists import Filter
from publicmeeting.usecases.lifecycle.payloads import TakeStep
from publicmeeting.usecases.lifecycle.steps import take_step

DISTRICT = 6
LIFE = 4
PATIENCE = 30.0
SIGNED_OUT = '"signed_out": true'
SAYS = "reflex___state____state.home_state.choose"


@pytest.fixture(scope="module", params=["memory", "redis"])
def short_lived(request: pytest.FixtureRequest) -> Iterator[Served]:
    """A server that forgets a closed page after four seconds."""
    life = {"REFLEX_REDIS_TOKEN_EXPIRATION": str(LIFE)}
    if request.param == "memory":
        with served_city(life) as served:
            yield served
        return
    with (
        tempfile.TemporaryDirectory(prefix="pm-") as folder,
        redis_server(Path(folder)) as address,
        served_city({**life, "REDIS_URL": address}) as served,
    ):
        yield served


@pytest.fixture(scope="module")
def application(short_lived: Served) -> Iterator[Application]:
    application = open_application(short_lived.settings)
    yield application
    application.store.close()


def in_thread(work: Callable[[], Awaitable[None]]) -> None:
    """Run work in a thread whose event loop is not the browsers'."""

    async def run() -> None:
        await work()

    with ThreadPoolExecutor(1) as thread:
        thread.submit(lambda: asyncio.run(run())).result()


def submitted(application: Application) -> tuple[Request, Keys]:
    """Return a case that waits for its desk, and a session of its citizen."""
    with application.store.unit_of_work(application.clock()) as work:
        wanted = Filter(districts=frozenset({DISTRICT}), stages=(Stage.SUBMITTED,))
        case = work.requests.find(work.lists.requests(wanted, limit=1)[0].code)
        assert case is not None
        mobile = work.people.get(case.person_id).mobile or ""
        keys = Keys(
            work.sessions.open_for_mobile(mobile, Door.CODE), application.cookies.new_visit()
        )
    return case, keys


@asynccontextmanager
async def opened(
    served: Served, path: str, token: str = "", keys: Keys | None = None, **route: str
) -> AsyncIterator[OpenPage]:
    page = await OpenPage.open(
        served.origin,
        path,
        token=token or secrets.token_hex(8),
        cookies=cookies(keys) if keys else "",
        **route,
    )
    await page.settle(1.0)
    yield page
    await page.close()


def answers(page: OpenPage, since: int = 0) -> str:
    return json.dumps([update.body for update in page.updates[since:]], ensure_ascii=False)


async def hears(page: OpenPage, word: str, since: int = 0) -> None:
    """Wait until a message after the first `since` ones contains this text."""
    while word not in answers(page, since):
        assert await page.next_update(len(page.updates), PATIENCE), f"{word} was not told"


async def silence(page: OpenPage, seconds: float) -> None:
    """Wait while nobody does anything at this page; the demo's bar may update the time."""
    until = asyncio.get_running_loop().time() + seconds
    while (left := until - asyncio.get_running_loop().time()) > 0:
        await page.next_update(len(page.updates), left)


def test_a_page_that_was_silent_for_long_is_still_hers(
    short_lived: Served, application: Application
) -> None:
    case, keys = submitted(application)

    async def all_() -> None:
        path = f"/mine/{case.code}/"
        async with opened(short_lived, path, keys=keys, code=case.code) as page:
            await hears(page, case.title)
            await page.settle(1.0)
            await silence(page, 3 * LIFE)
            seen = len(page.updates)
            accept = TakeStep(code=case.code, action=Action.ACCEPT.value)
            application.execute_as(as_official(application, f"desk{DISTRICT}"), take_step, accept)
            await hears(page, "timeline_state", seen)
            assert SIGNED_OUT not in answers(page, seen)

    in_thread(all_)


@pytest.mark.parametrize("short_lived", ["redis"], indirect=True)
def test_a_closed_page_is_found_for_a_while_and_then_forgotten(
    short_lived: Served, application: Application
) -> None:
    """A phone that changes network finds its page; one that stays away leaves nothing behind.

    It can be counted in Redis; the manager in memory obeys the same setting.
    """
    case, keys = submitted(application)
    redis = Redis.from_url(short_lived.settings.redis_url or "")

    def states() -> int:
        return sum(b"_lock" not in key for key in redis.scan_iter("*timeline_state"))

    async def all_() -> None:
        async with opened(short_lived, f"/mine/{case.code}/", keys=keys, code=case.code) as page:
            await hears(page, case.title)
            await silence(page, 2 * LIFE)
            assert states() >= 1
        until = asyncio.get_running_loop().time() + PATIENCE
        while states():
            assert asyncio.get_running_loop().time() < until, "the state outlives its page"
            await asyncio.sleep(0.2)

    in_thread(all_)


def test_a_frame_that_is_too_long_ends_its_socket_and_a_long_form_passes(
    short_lived: Served,
) -> None:
    async def all_() -> None:
        async with opened(short_lived, "/") as page:
            seen = len(page.updates)
            await page.call(SAYS, {"district": "ش" * 8000})
            await page.next_update(seen, 2.0)
            assert not page.closed
            await page.call(SAYS, {"district": "x" * FRAME_BYTES})
            async with asyncio.timeout(PATIENCE):
                while not page.closed:  # noqa: ASYNC110 (a socket closes without an event)
                    await asyncio.sleep(0.05)

    in_thread(all_)


def test_whoever_answers_no_ping_keeps_no_socket() -> None:
    """A telephone that is gone without a word, or a stranger who sends half a message."""
    pace = {"REFLEX_SOCKET_INTERVAL": "1", "REFLEX_SOCKET_TIMEOUT": "1"}

    async def waits(origin: str) -> None:
        address = f"ws{origin.removeprefix('http')}/_event/?token=a&EIO=4&transport=websocket"
        socket = await AioClient.connect(address, headers={"Origin": origin})
        with suppress(ConnectionClosed):
            while await socket.receive(timeout=PATIENCE) is not None:
                pass
        assert not socket.connected

    with served_city(pace) as served:
        in_thread(lambda: waits(served.origin))
