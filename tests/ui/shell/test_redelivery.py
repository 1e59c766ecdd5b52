"""An event that a browser sends twice is executed once, by whichever process gets it first."""

import asyncio
import json
from pathlib import Path
from typing import Any

import fakeredis
import pytest
from reflex.istate.manager.redis import StateManagerRedis
from reflex_base.event import Event
from support.browser_scripts import Scripts
from support.each import for_each

from publicmeeting.kit.process.context import Press
from publicmeeting.ui.reflex.sending import SendingLess
from publicmeeting.ui.shell.connection import redelivery
from publicmeeting.ui.shell.connection.redelivery import (
    ANSWERED,
    KEY,
    KEY_LETTERS,
    REMEMBERED_SECONDS,
    Done,
    Seen,
    has_key,
    key_of,
)

ONE, OTHER = "a" * KEY_LETTERS, "b" * KEY_LETTERS


def event(key: Any) -> Event:
    return Event(name="x", router_data={KEY: key, "pathname": "/"})


def test_the_key_is_taken_out_of_what_the_state_keeps() -> None:
    sent = event(ONE)
    assert has_key(sent)
    assert key_of(sent) == ONE
    assert sent.router_data == {"pathname": "/"}
    assert key_of(sent) == ""
    assert not has_key(sent)


@for_each(["", "a", "a" * 25, "ب" * 24, "-" * 24, 24, None, ["a"] * 24, {"a": 1}])
def test_a_key_that_no_page_has_made_is_none(key: Any) -> None:
    assert key_of(event(key)) == ""


def test_a_key_is_first_once_for_two_minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0
    seen = Seen(monotonic=lambda: now)
    monkeypatch.setattr(redelivery, "_REMEMBERED_MOST", 2)

    def is_first(key: str) -> bool:
        return asyncio.run(seen.claim(None, Press(key))) is None

    assert [is_first(ONE), is_first(ONE), is_first(OTHER), is_first(ONE)] == [
        True,
        False,
        True,
        False,
    ]
    now = REMEMBERED_SECONDS
    assert is_first(ONE)
    assert [is_first(f"{n:024}") for n in range(9)] == [True] * 9
    assert len(seen._claimed) <= 3


class Page:
    """What an app sends to the sockets of its pages."""

    def __init__(self) -> None:
        self.event_namespace: Any = self
        self.told: list[tuple[str, str, str]] = []
        self.has_told = asyncio.Event()

    async def emit(self, message: str, key: str, *, to: str) -> None:
        self.told.append((message, key, to))
        self.has_told.set()


async def answer_before(
    page: Page, manager: Any, *, leads_to: str = "", ended: asyncio.Event | None = None
) -> Done | None:
    """Send an event with this key in a new process; return the answer it had before, if any."""
    seen, pressed = Seen(), Press(ONE)
    seen.answer_when_done(page, manager, pressed, "tab", "socket")
    before = await seen.claim(manager, pressed)
    pressed.leads_to = leads_to
    if ended:
        await ended.wait()
    return before


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redelivery, "_ENDING_SECONDS", 0.1)


def manager() -> StateManagerRedis:
    return StateManagerRedis(redis=fakeredis.FakeAsyncRedis())


@pytest.mark.usefixtures("quick")
def test_of_two_processes_that_share_a_redis_one_carries_it_out() -> None:
    async def sent_twice() -> tuple[list[Done | None], Page, list[int]]:
        shared, page = manager(), Page()
        first = await asyncio.create_task(answer_before(page, shared, leads_to="/receipt/"))
        later = await asyncio.create_task(answer_before(page, shared))
        await page.has_told.wait()
        lasting = [await shared.redis.ttl(key) for key in await shared.redis.keys()]
        return [first, later], page, lasting

    answers, page, lasting = asyncio.run(sent_twice())
    assert answers == [None, Done("/receipt/")]
    assert page.told[0] == (ANSWERED, ONE, "socket")
    assert lasting == [REMEMBERED_SECONDS]


@for_each(
    ["https://evil.example/", "//evil.example/", "/\\evil.example/", "/\t/evil.example/", "/\xff"]
)
def test_nobody_is_led_away_by_what_stands_in_redis(written: str) -> None:
    async def asked() -> Done | None:
        shared = manager()
        await shared.redis.set(f"{redelivery._PREFIX}{ONE}", f"done{written}".encode("latin-1"))
        return await Seen().claim(shared, Press(ONE))

    assert asyncio.run(asked()) == Done("")


@pytest.mark.usefixtures("quick")
def test_a_press_is_answered_when_it_is_carried_out_and_not_before() -> None:
    async def asked() -> tuple[int, int]:
        page, ended = Page(), asyncio.Event()
        task = asyncio.create_task(answer_before(page, manager(), ended=ended))
        await asyncio.sleep(0.05)
        before = len(page.told)
        ended.set()
        await task
        await page.has_told.wait()
        return before, len(page.told)

    assert asyncio.run(asked()) == (0, 1)


@pytest.mark.usefixtures("quick")
def test_what_a_process_that_is_gone_had_begun_is_carried_out_by_another() -> None:
    async def asked() -> Done | None:
        shared, gone, page = manager(), Page(), Page()
        begun = asyncio.create_task(answer_before(gone, shared, ended=asyncio.Event()))
        await asyncio.sleep(0.05)
        begun.cancel()
        again = await asyncio.create_task(answer_before(page, shared))
        assert not gone.told
        return again

    assert asyncio.run(asked()) is None


class Answering(SendingLess):
    """A namespace that sends the key with the last update."""

    def __init__(self) -> None:
        self.has_told = asyncio.Event()

    async def send_answer(self, token: str, task: "asyncio.Task[Any]", key: str) -> bool:
        assert (token, key, task.done()) == ("tab", ONE, True)
        self.has_told.set()
        return True


def test_she_does_not_wait_for_a_redis_that_hangs(monkeypatch: pytest.MonkeyPatch) -> None:
    async def asked() -> None:
        shared, page = manager(), Page()
        page.event_namespace = answering = Answering()
        await asyncio.create_task(answer_before(page, shared))

        async def hang(*_: object, **__: object) -> None:
            await asyncio.Event().wait()

        monkeypatch.setattr(shared.redis, "set", hang)
        await answering.has_told.wait()
        assert not page.told

    asyncio.run(asyncio.wait_for(asked(), 10))


STUB = """
export const sentAgain = [];
export const eventLoop = { addEvents: (events) => sentAgain.push(...events) };
"""
PRESS = """({ wall, tick, answer }) => {
  globalThis.window = { event: { type: "click" } };
  globalThis.clocks = { wall: 0, tick: 0 };
  Date.now = () => clocks.wall;
  performance.now = () => clocks.tick;
  watchConnection();
  const heard = {};
  const withKey = { event: (then, key) => then({}, key), answered: (then, key) => then(key) };
  const socket = { on: (name, then) => (heard[name] = (key) => withKey[name](then, key)) };
  const event = { name: "state.say", router_data: {} };
  mark([event], {});
  window.__redelivery(event, socket);
  const [message, key] = answer ?? [];
  if (key) heard[message](key === "its own" ? event.router_data.press : key);
  Object.assign(clocks, { wall, tick });
  window.__reflex_otel.onSocketConnect();
  return sentAgain.length;
}"""
SECOND, MINUTE = 1_000, 60_000


@pytest.mark.parametrize(
    ("wall", "tick", "again"),
    [
        (20 * SECOND, 20 * SECOND, 1),
        (5 * MINUTE, 5 * MINUTE, 0),
        (-5 * MINUTE, 5 * MINUTE, 0),  # its clock was set back while it was offline
        (5 * MINUTE, 20 * SECOND, 0),  # the device slept, and its monotonic clock stopped
    ],
)
def test_a_telephone_sends_again_only_what_the_server_still_remembers(
    wall: int, tick: int, again: int, tmp_path: Path
) -> None:
    assert sent_again(tmp_path, {"wall": wall, "tick": tick}) == again


def sent_again(folder: Path, pressed: dict[str, Any]) -> int:
    (folder / "utils").mkdir()
    (folder / "utils" / "context-registry.js").write_text(STUB, encoding="utf-8")
    paths = {"compilerOptions": {"paths": {"$/*": ["./*"]}}}
    (folder / "tsconfig.json").write_text(json.dumps(paths), encoding="utf-8")
    with Scripts(folder, "shell/connection/redelivery.js", "utils/context-registry.js") as scripts:
        return int(scripts.run(PRESS, pressed))


@pytest.mark.parametrize("message", ["answered", "event"])
@pytest.mark.parametrize(("key", "again"), [("its own", 0), ("b" * 24, 1)])
def test_a_telephone_sends_nothing_again_that_was_carried_out(
    message: str, key: str, again: int, tmp_path: Path
) -> None:
    answer = [message, key]
    pressed = {"wall": SECOND, "tick": SECOND, "answer": answer}
    assert sent_again(tmp_path, pressed) == again
