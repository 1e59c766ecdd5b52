"""`bench first`: time to the first picture of public pages on a slow phone.

It also measures the same pages without scripts, a second visit, and a step from one page to
another.
"""

import re
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import brotli
import httpx2
from support.served_city import served_city

from bench.figures import Measured
from bench.tab import Tab, open_tab
from publicmeeting.cli.stop import StopError
from publicmeeting.ui.first.late_start import PICTURED

RUNS = 3
LATENCY_MS, BYTES_A_SECOND = 562.5, 1_474_560 / 8
"""Slow 4G as Lighthouse simulates it: 150 ms and 1.6 Mbit/s, with the overhead that it adds."""
SLOWER = 4
PHONE = (412, 823)
LIMIT_MS = {"/": 1200}
LIMIT_OTHERS_MS = 1100
LONG_TASK_MS, BLOCKED_MOST_MS = 50, 200
"""A longer task delays a touch; and the limit for the sum, which Lighthouse calls good."""
SHIFTED_MOST, TIMES_FLOOR_MOST, STEP_MS_MOST = 0.01, 1.15, 100
STEPS = (("/", "/track/"), ("/", "/request/"), ("/verify/", "/rules/"))
_PATIENCE, _BREATH, _REST = 30, 0.05, 1.5
"""Seconds."""
_WATCH = """
window.painted = 0; window.shifted = 0;
new PerformanceObserver((list) => list.getEntries().forEach((one) => (painted = one.startTime)))
  .observe({type: "largest-contentful-paint", buffered: true});
new PerformanceObserver((list) => list.getEntries().forEach((one) => (shifted += one.value)))
  .observe({type: "layout-shift", buffered: true});
"""
_ASKED = re.compile(r'(?:href|url\()="?(/(?:fonts|icon)[^")]*)')
_ALIVE = """(() => {
  const page = document.querySelector(".page");
  return Boolean(page && Object.keys(page).some((name) => name.startsWith("__reactFiber")));
})()"""
_MARKS = ("step-begins", "step-is-there")
_WHOLE = 'document.readyState === "complete" && painted > 0'
_STEP = """(async () => {
  const before = document.querySelector("main h1");
  const link = document.querySelector('a[href="%s"]');
  link.scrollIntoView();
  await new Promise((done) => setTimeout(done, 2000)); // nobody presses what she has not seen
  const begun = performance.now();
  performance.mark("step-begins");
  link.click();
  const frame = () => new Promise(requestAnimationFrame);
  while (document.querySelector("main h1") === before || !document.querySelector("main h1"))
    if (performance.now() - begun > 10000) return -1; else await frame();
  performance.mark("step-is-there");
  await frame();
  return performance.now() - begun;
})()"""


@dataclass(frozen=True, slots=True)
class Visit:
    """Milliseconds until a page's largest part was painted, and how much the layout shifted."""

    painted: float
    shifted: float


def measure(runs: int) -> list[Measured]:
    """Return medians of this many visits to each page; raise `StopError` without Chromium."""
    with served_city() as served, tempfile.TemporaryDirectory() as scratch, _standing() as floor:
        for page in PICTURED:
            floor.take_over(served.origin, page)
        with open_tab(Path(scratch)) as tab:
            tab.be_phone(*PHONE)
            tab.run_first(_WATCH)
            tab.hold_line(LATENCY_MS, BYTES_A_SECOND)
            figures = [_blocked(tab, served.origin, page, runs) for page in PICTURED]
            figures += [_worked(tab, served.origin, *step, runs) for step in STEPS]
            tab.slow_down(SLOWER)
            figures += [
                figure
                for page in PICTURED
                for figure in _visits(tab, served.origin, floor.origin, page, runs)
            ]
            return figures + [_step(tab, served.origin, *step, runs) for step in STEPS]


def _visits(tab: Tab, origin: str, floor: str, page: str, runs: int) -> list[Measured]:
    first, again, bare = [], [], []
    for _ in range(runs):
        tab.forget_all()
        bare.append(_visit(tab, f"{floor}{page}", _WHOLE))
        tab.forget_all()
        first.append(_visit(tab, f"{origin}{page}", _ALIVE))
        again.append(_visit(tab, f"{origin}{page}", _ALIVE))
    painted, least = _median(first, _painted), _median(bare, _painted)
    shifted = max(visit.shifted for visit in (*first, *again))
    return [
        Measured(f"{page}  largest paint", painted, "ms", LIMIT_MS.get(page, LIMIT_OTHERS_MS)),
        Measured(f"{page}  the same bytes without a script", least, "ms"),
        Measured(f"{page}  times that", painted / least, "", TIMES_FLOOR_MOST),
        Measured(f"{page}  largest paint, second visit", _median(again, _painted), "ms"),
        Measured(f"{page}  moved, most of all visits", shifted * 100, "%", SHIFTED_MOST * 100),
    ]


def _visit(tab: Tab, address: str, is_there: str) -> Visit:
    tab.go("about:blank")
    tab.go(address)
    _until(tab, f'location.href.startsWith("{address}") && {is_there}')
    time.sleep(_REST)  # until the socket has answered and the page has drawn the answer
    painted, shifted = (_number(tab.evaluate(name)) for name in ("painted", "shifted"))
    return Visit(painted, shifted)


def _blocked(tab: Tab, origin: str, page: str, runs: int) -> Measured:
    found = []
    for _ in range(runs):
        tab.forget_all()
        found.append(blocked_ms(tab.trace(lambda: _open(tab, f"{origin}{page}"))))
    what = f"{page}  a touch kept waiting, by processor time"
    return Measured(what, statistics.median(found), "ms", BLOCKED_MOST_MS)


def _worked(tab: Tab, origin: str, here: str, there: str, runs: int) -> Measured:
    found = []
    for _ in range(runs):
        _open(tab, f"{origin}{here}")
        found.append(worked_ms(tab.trace(lambda: _take(tab, there))))
    what = f"{here} → {there}  to the new heading, by processor time"
    return Measured(what, statistics.median(found), "ms", STEP_MS_MOST)


def worked_ms(events: Sequence[Mapping[str, Any]]) -> float:
    """Return the processor time of the page's thread between the press and the new heading.

    It is scaled to a processor `SLOWER` times as slow. Waiting and other programs do not count.
    """
    at = {event["name"]: event for event in events if event["name"] in _MARKS}
    if len(at) < len(_MARKS):
        raise StopError("The browser recorded no step.")
    begun, there = (at[name] for name in _MARKS)
    thread = begun["pid"], begun["tid"], "RunTask"
    tasks = [
        event["tdur"] / 1000 * SLOWER
        for event in events
        if (event["pid"], event["tid"], event["name"]) == thread
        and "tdur" in event
        and begun["ts"] < event["ts"] + event["dur"]
        and event["ts"] < there["ts"]
    ]
    return float(sum(tasks))


def _take(tab: Tab, there: str) -> None:
    tab.evaluate(_STEP % there)


def _open(tab: Tab, address: str) -> None:
    _visit(tab, address, _ALIVE)


def blocked_ms(events: Sequence[Mapping[str, Any]]) -> float:
    """Return how long tasks after the first picture took beyond `LONG_TASK_MS` each.

    It is scaled to a processor `SLOWER` times as slow, and counts processor time of the thread, so
    other programs do not count.
    """
    first = [event for event in events if event["name"] == "firstContentfulPaint"][-1]
    process = first["pid"]
    thread = next(
        event["tid"]
        for event in events
        if event["pid"] == process
        and event["name"] == "thread_name"
        and event["args"]["name"] == "CrRendererMain"
    )
    tasks = [
        event["tdur"] / 1000 * SLOWER
        for event in events
        if (event["pid"], event["tid"], event["name"]) == (process, thread, "RunTask")
        and event["ts"] > first["ts"]
        and "tdur" in event
    ]
    if not tasks:
        raise StopError("The browser recorded no task after its first picture.")
    return float(sum(max(took - LONG_TASK_MS, 0) for took in tasks))


def _step(tab: Tab, origin: str, here: str, there: str, runs: int) -> Measured:
    taken = []
    for _ in range(runs):
        _visit(tab, f"{origin}{here}", _ALIVE)
        time.sleep(_REST)
        taken.append(_number(tab.evaluate(_STEP % there)))
    what = f"{here} → {there}  to the new heading"
    return Measured(what, statistics.median(taken), "ms", STEP_MS_MOST)


def _until(tab: Tab, claim: str) -> None:
    until = time.monotonic() + _PATIENCE
    while tab.evaluate(claim) is not True:
        if time.monotonic() > until:
            raise StopError(f"«{claim}» never became true in the browser.")
        time.sleep(_BREATH)


def _painted(visit: Visit) -> float:
    return visit.painted


def _median(visits: list[Visit], of: Callable[[Visit], float]) -> float:
    return statistics.median(map(of, visits))


def _number(value: object) -> float:
    assert isinstance(value, int | float)
    return float(value)


@dataclass(slots=True)
class Standing:
    """A site of pages copied from another one, with every script left unread."""

    origin: str = ""
    files: dict[str, tuple[Mapping[str, str], bytes]] = field(default_factory=dict)

    def take_over(self, origin: str, page: str) -> None:
        """Copy a page and everything that its first picture needs, with their headers."""
        answer = httpx2.get(f"{origin}{page}", headers={"Accept-Encoding": "identity"})
        html = unread(answer.text)
        headers = {"Content-Type": "text/html; charset=utf-8", "Content-Encoding": "br"}
        self.files[page] = (headers, brotli.compress(html.encode(), quality=5))
        for name in _ASKED.findall(html):
            if name not in self.files:
                file = httpx2.get(f"{origin}{name}")
                self.files[name] = ({"Content-Type": file.headers["content-type"]}, file.content)


def unread(html: str) -> str:
    """Return the same page with its scripts in place but never run."""
    return html.replace("<script", '<script type="text/plain"')


@contextmanager
def _standing() -> Iterator[Standing]:
    site = Standing()

    class Answers(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            found = site.files.get(self.path)
            headers, body = found or ({}, b"")
            self.send_response(HTTPStatus.OK if found else HTTPStatus.NOT_FOUND)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_words: object) -> None:
            """Say nothing: the bench prints a table."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        site.origin = f"http://127.0.0.1:{server.server_port}"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield site
        server.shutdown()
