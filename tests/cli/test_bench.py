"""Helpers of the benches: percentiles, the files a page loads by itself, and foreign hosts."""

import asyncio
import json
import os
import re
from pathlib import Path

import pytest
from bench.__main__ import BENCHES as MEASURING
from bench.bundle import closure, compiled_hashes, compiled_names, foreign
from bench.figures import Measured, percentile, table
from bench.first import blocked_ms, worked_ms
from reflex_base.event import Event
from support.open_page import OpenPage, Update
from support.served_city import Served

from publicmeeting.cli.commands.bench import BENCHES, refuse_without_tests
from publicmeeting.cli.stop import StopError
from publicmeeting.config import PROJECT
from publicmeeting.ui.shell.connection.redelivery import ANSWERED, KEY, key_of


def test_every_bench_the_command_names_is_beside_the_tests():
    assert tuple(sorted(MEASURING)) == BENCHES


def test_every_bench_is_among_the_commands_and_has_its_figures():
    commands, measured = (
        (PROJECT / "docs" / page).read_text(encoding="utf-8")
        for page in ("commands.md", "measured.md")
    )
    (named,) = re.findall(r"`bench ([a-z|\\]+)`", commands)
    assert sorted(named.split(r"\|")) == list(BENCHES)
    assert {name for name in BENCHES if f"`bench {name}" not in measured} == set()


def test_a_release_which_has_no_tests_says_where_the_benches_are(tmp_path):
    with pytest.raises(StopError, match="tests/bench, which a release does not bring"):
        refuse_without_tests(tmp_path)
    refuse_without_tests(PROJECT / "tests")


@pytest.mark.parametrize(
    ("values", "share", "expected"),
    [
        ([3.0], 0.95, 3.0),
        ([4.0, 1.0, 3.0, 2.0], 0.5, 2.0),
        ([float(n) for n in range(1, 101)], 0.95, 95.0),
        ([float(n) for n in range(1, 101)], 1.0, 100.0),
    ],
)
def test_a_percentile_is_one_of_the_values_by_nearest_rank(values, share, expected):
    assert percentile(values, share) == expected


def test_a_percentile_of_nothing_is_an_error():
    with pytest.raises(ValueError, match="nothing was measured"):
        percentile([], 0.5)


@pytest.mark.parametrize(
    ("value", "limit", "is_over"),
    [(175.0, 175.0, False), (175.1, 175.0, True), (0.0, 0.0, False), (9.9, None, False)],
)
def test_a_figure_at_its_limit_keeps_it(value, limit, is_over):
    figure = Measured("scripts", value, "KB", limit)
    assert figure.is_over is is_over
    assert table([figure]).endswith("OVER") is is_over


@pytest.mark.parametrize(("value", "is_over"), [(60.0, False), (59.9, True)])
def test_a_limit_from_below_is_kept_by_what_is_larger(value, is_over):
    figure = Measured("filings a second", value, "", 60, at_least=True)
    assert figure.is_over is is_over
    assert "at least 60" in table([figure])


def test_a_message_of_the_socket_says_where_it_leads_and_whether_the_page_is_loaded():
    loaded = {"reflex___state____state": {"is_hydrated_rx_state_": True}}
    led = {"delta": {}, "events": [{"name": "_redirect", "payload": {"path": "/request/?step=2"}}]}
    updates = [
        Update(0.0, 1, ["event", body]) for body in ({"delta": loaded}, led, {"delta": None})
    ]
    assert [update.is_loaded for update in updates] == [True, False, False]
    assert [update.leads_to for update in updates] == [None, "/request/?step=2", None]
    assert updates[0].changes("reflex___state____state") == {"is_hydrated_rx_state_": True}


def test_what_a_server_takes_is_counted_over_its_whole_group_of_processes():
    us = Served("", None, Path(), (), (os.getpgid(0),))
    before = us.processor_seconds
    sum(range(10**7))
    assert us.memory_mib > 10
    assert us.processor_seconds > before
    assert Served("", None, Path(), (), ()).memory_mib == 0


def test_a_page_loads_what_it_names_and_what_that_imports_but_nothing_at_will(tmp_path: Path):
    assets = tmp_path / "assets"
    assets.mkdir()
    files = {
        "entry-1.js": 'import{a}from"./shared-2.js";import"./side-3.js";()=>import("./late-4.js")',
        "shared-2.js": 'export{x}from"./deep-5.js";',
        "side-3.js": "1",
        "late-4.js": "2",
        "deep-5.js": 'import"/assets/shared-2.js"',
        "look-6.css": "a{}",
        "other-page-7.js": "3",
    }
    for name, text in files.items():
        (assets / name).write_text(text)
    html = (
        '<link rel="stylesheet" href="/assets/look-6.css">'
        '<link rel="modulepreload" href="/assets/entry-1.js">'
    )
    assert {file.name for file in closure(tmp_path, html)} == {
        *("entry-1.js", "shared-2.js", "side-3.js", "deep-5.js", "look-6.css"),
    }


def test_every_host_a_page_or_its_styles_name_is_a_stranger():
    html = '<script src="//cdn.example/a.js"></script><a href="/mine/">x</a><img src="data:,">'
    styles = ['@import "https://fonts.example/a.css"; p { background: url("/fonts/a.woff2") }']
    assert foreign(html, styles) == {"cdn.example", "fonts.example"}
    assert foreign('<link href="/assets/a.css">', ["a { color: red }"]) == set()


def test_the_hashes_a_page_holds_are_read_from_its_scripts_in_their_order(tmp_path: Path):
    (tmp_path / "assets").mkdir()
    with pytest.raises(LookupError):
        compiled_hashes(tmp_path)
    first, second = "0123456789abcdef", "fedcba9876543210"
    script = f"a=`{first}`,h=[`{second}`,`{first}`],b={{}}"
    (tmp_path / "assets" / "context-1.js").write_text(script)
    assert compiled_hashes(tmp_path) == [second, first]
    script = f"a=`{first}`,h=`{second}.{first}`.split(`.`),b={{}}"
    (tmp_path / "assets" / "context-1.js").write_text(script)
    assert compiled_hashes(tmp_path) == [second, first]


def test_what_a_page_says_of_its_defaults_is_read_from_its_scripts(tmp_path: Path):
    (tmp_path / "assets").mkdir()
    with pytest.raises(LookupError):
        compiled_names(tmp_path)
    file, named = tmp_path / "assets" / "context-1.js", ["0123456789", "9876543210"]
    hashes = "h=[`0123456789abcdef`,`fedcba9876543210`]"
    for script in ("n=`0123456789 9876543210`;", "n=[`0123456789`,`9876543210`],b"):
        file.write_text(f"{hashes},{script}")
        assert compiled_names(tmp_path) == named
        assert len(compiled_hashes(tmp_path)) == 2


def _task(milliseconds: float, at: int, thread: int = 2) -> dict[str, object]:
    task = {"name": "RunTask", "pid": 1, "tid": thread, "ts": at, "args": {}}
    return {**task, "tdur": milliseconds * 1000}


_PAINTED = [
    {"name": "thread_name", "pid": 1, "tid": 2, "ts": 0, "args": {"name": "CrRendererMain"}},
    {"name": "firstContentfulPaint", "pid": 1, "tid": 2, "ts": 100, "args": {}},
]


def test_what_keeps_a_touch_waiting_are_long_tasks_of_the_page_behind_its_first_picture():
    tasks = [_task(40, 50), _task(20, 150), _task(12, 160), _task(15, 170), _task(40, 180, 3)]
    assert blocked_ms([*_PAINTED, *tasks]) == pytest.approx((80 - 50) + (60 - 50))


def test_a_steps_work_is_the_pages_own_between_the_press_and_the_new_heading():
    marks = [
        {"name": name, "pid": 1, "tid": 2, "ts": at, "args": {}}
        for name, at in (("step-begins", 1000), ("step-is-there", 9000))
    ]
    during = [_task(10, at) for at in (900, 5000)]
    other = [_task(10, 100), _task(10, 9500), _task(10, 5000, 3)]
    tasks = [{**one, "dur": 300} for one in (*during, *other)]
    assert worked_ms([*marks, *tasks]) == pytest.approx(2 * 4 * 10)
    with pytest.raises(StopError, match="no step"):
        worked_ms([marks[0], *tasks])


def test_a_record_without_tasks_is_no_figure():
    with pytest.raises(StopError, match="no task"):
        blocked_ms([*_PAINTED, _task(40, 50)])


def test_a_press_brings_the_key_a_browser_puts_on_it_and_waits_for_its_answer():
    async def pressed() -> None:
        socket = _Socket()
        page = OpenPage(socket, "/request/", {})
        await page.call("state.read", {})
        await page.press("state.file", {"form": {}})
        read, filed = (json.loads(frame.partition(",")[2])[1] for frame in socket.sent)
        assert KEY not in read["router_data"], "no hand has done it"
        key = filed["router_data"][KEY]
        assert key_of(Event(name="state.file", router_data={KEY: key})) == key

        with pytest.raises(TimeoutError):
            await page.until_answered(0)
        socket.comes.put_nowait(f'42/_event,["{ANSWERED}","{key}"]')
        await page.until_answered(30)
        assert page.updates == [], "an answer changes nothing on the page"
        await page.close()

    asyncio.run(pressed())


class _Socket:
    def __init__(self) -> None:
        self.sent: list[str] = []
        self.comes: asyncio.Queue[str] = asyncio.Queue()

    async def send(self, data: str) -> None:
        self.sent.append(data)

    async def receive(self) -> str:
        return await self.comes.get()

    async def close(self) -> None:
        """Do nothing: there is no other end."""
