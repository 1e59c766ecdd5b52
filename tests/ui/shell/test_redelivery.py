"""What a browser sends twice is carried out once, by whichever process sees it first."""

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

from publicmeeting.ui.shell import event_guard
from publicmeeting.ui.shell.event_guard import KEY, KEY_LETTERS, REMEMBERED_SECONDS, Seen, key_of

ONE, OTHER = "a" * KEY_LETTERS, "b" * KEY_LETTERS


def event(key: Any) -> Event:
    return Event(name="x", router_data={KEY: key, "pathname": "/"})


def test_the_key_is_taken_out_of_what_the_state_keeps() -> None:
    sent = event(ONE)
    assert key_of(sent) == ONE
    assert sent.router_data == {"pathname": "/"}
    assert key_of(sent) == ""


@for_each(["", "a", "a" * 25, "ب" * 24, "-" * 24, 24, None, ["a"] * 24, {"a": 1}])
def test_a_key_that_no_page_has_made_is_none(key: Any) -> None:
    assert key_of(event(key)) == ""


def test_a_key_is_first_once_for_two_minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0
    seen = Seen(monotonic=lambda: now)
    monkeypatch.setattr(event_guard, "_REMEMBERED_MOST", 2)

    def is_first(key: str) -> bool:
        return asyncio.run(seen.is_first(None, key))

    assert [is_first(ONE), is_first(ONE), is_first(OTHER), is_first(ONE)] == [
        True,
        False,
        True,
        False,
    ]
    now = REMEMBERED_SECONDS
    assert is_first(ONE)
    assert [is_first(f"{n:024}") for n in range(9)] == [True] * 9
    assert len(seen._until) <= 3


def test_of_two_processes_that_share_a_redis_one_carries_it_out() -> None:
    async def asked() -> tuple[list[bool], list[int]]:
        redis = fakeredis.FakeAsyncRedis()
        manager = StateManagerRedis(redis=redis)
        one, other = Seen(), Seen()
        answers = await asyncio.gather(*(by.is_first(manager, ONE) for by in (one, other, one)))
        lasting = [await redis.ttl(key) for key in await redis.keys()]
        return answers, lasting

    answers, lasting = asyncio.run(asked())
    assert answers.count(True) == 1
    assert lasting == [REMEMBERED_SECONDS]


STUB = """
export const sentAgain = [];
export const eventLoop = { addEvents: (events) => sentAgain.push(...events) };
"""
PRESS = """({ wall, tick }) => {
  globalThis.window = { event: { type: "click" } };
  globalThis.clocks = { wall: 0, tick: 0 };
  Date.now = () => clocks.wall;
  performance.now = () => clocks.tick;
  watchConnection();
  const event = { name: "state.say", router_data: {} };
  mark([event], {});
  window.__redelivery(event);
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
        (-5 * MINUTE, 5 * MINUTE, 0),  # its clock was put back while it had no network
        (5 * MINUTE, 20 * SECOND, 0),  # it slept, and that clock with it
    ],
)
def test_a_telephone_sends_again_only_what_the_server_still_remembers(
    wall: int, tick: int, again: int, tmp_path: Path
) -> None:
    (tmp_path / "utils").mkdir()
    (tmp_path / "utils" / "context-registry.js").write_text(STUB, encoding="utf-8")
    paths = {"compilerOptions": {"paths": {"$/*": ["./*"]}}}
    (tmp_path / "tsconfig.json").write_text(json.dumps(paths), encoding="utf-8")
    with Scripts(tmp_path, "shell/redelivery.js", "utils/context-registry.js") as scripts:
        assert scripts.run(PRESS, {"wall": wall, "tick": tick}) == again
