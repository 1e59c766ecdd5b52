"""A page in headless Chromium over the files of a folder, driven without a test library."""

import json
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from typing import Any

import httpx2
from simple_websocket import Client

from publicmeeting.cli.machine.debian import find_chromium
from publicmeeting.cli.stop import StopError

_HOST = "127.0.0.1"
_PATIENCE, _BREATH = 30, 0.05
"""Seconds."""
_QUIET = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--remote-debugging-port=0",
)


class Tab:
    """One tab; `evaluate` runs JavaScript, `slow_down` makes its processor slower by a factor."""

    def __init__(self, socket: Client) -> None:
        self._socket = socket
        self._numbers = count(1)

    def slow_down(self, times: int) -> None:
        self._ask("Emulation.setCPUThrottlingRate", rate=times)

    def hold_line(self, latency_ms: float, bytes_a_second: float) -> None:
        """Simulate a line as slow as this from now on, both ways."""
        self._ask("Network.enable")
        self._ask(
            "Network.emulateNetworkConditions",
            offline=False,
            latency=latency_ms,
            downloadThroughput=bytes_a_second,
            uploadThroughput=bytes_a_second,
        )

    def be_phone(self, width: int, height: int) -> None:
        self._ask(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=2,
            mobile=True,
        )

    def forget_all(self) -> None:
        """Delete cookies and cache, as on a first visit."""
        self._ask("Network.enable")
        self._ask("Network.clearBrowserCache")
        self._ask("Network.clearBrowserCookies")

    def run_first(self, script: str) -> None:
        """Run a script in every page from now on, before the page's own scripts."""
        self._ask("Page.enable")
        self._ask("Page.addScriptToEvaluateOnNewDocument", source=script)

    def go(self, address: str) -> None:
        """Begin to open a page."""
        self._ask("Page.navigate", url=address)

    def evaluate(self, expression: str) -> object:
        """Return the awaited value of an expression; raise `StopError` for what it throws."""
        answer = self._ask(
            "Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True
        )
        if "exceptionDetails" in answer:
            raise StopError(f"The browser refused: {answer['exceptionDetails']}")
        return answer["result"].get("value")

    def trace(self, do: Callable[[], None]) -> list[dict[str, Any]]:
        """Return the browser's own trace of its threads during an action."""
        kinds = ["loading", "disabled-by-default-devtools.timeline", "blink.user_timing"]
        config = {"includedCategories": kinds}
        self._ask("Tracing.start", transferMode="ReportEvents", traceConfig=config)
        do()
        self._socket.send(json.dumps({"id": next(self._numbers), "method": "Tracing.end"}))
        events: list[dict[str, Any]] = []
        while True:
            answer = json.loads(self._socket.receive())
            if answer.get("method") == "Tracing.dataCollected":
                events += answer["params"]["value"]
            elif answer.get("method") == "Tracing.tracingComplete":
                return events

    def _ask(self, method: str, **params: object) -> dict[str, Any]:
        number = next(self._numbers)
        self._socket.send(json.dumps({"id": number, "method": method, "params": params}))
        while True:
            answer = json.loads(self._socket.receive())
            if answer.get("id") == number:
                return dict(answer.get("result", {}))


def _folder() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(ignore_cleanup_errors=True)


@contextmanager
def open_tab(folder: Path) -> Iterator[Tab]:
    """Open a tab on an empty page; the files of `folder` are its site.

    Raises `StopError` if there is no Chromium.
    """
    program = find_chromium()
    if program is None:
        raise StopError("This bench needs Chromium and none was found: apt install chromium.")
    # The browser may write a last file while its folder is being removed.
    with _site(folder) as origin, _folder() as profile:
        command = [program, *_QUIET, f"--user-data-dir={profile}"]
        quiet = subprocess.DEVNULL
        with subprocess.Popen(command, stdout=quiet, stderr=quiet) as browser:
            try:
                yield _tab(_debugging_port(Path(profile)), f"{origin}/empty.html")
            finally:
                browser.terminate()


@contextmanager
def _site(folder: Path) -> Iterator[str]:
    (folder / "empty.html").write_text("<!doctype html>", encoding="utf-8")
    with ThreadingHTTPServer((_HOST, 0), partial(_Silent, directory=str(folder))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://{_HOST}:{server.server_port}"
        server.shutdown()


class _Silent(SimpleHTTPRequestHandler):
    def log_message(self, *_words: object) -> None:
        """Say nothing: the bench prints a table."""


def _debugging_port(profile: Path) -> int:
    port_file = profile / "DevToolsActivePort"
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        if port_file.exists() and (lines := port_file.read_text().split()):
            return int(lines[0])
        time.sleep(_BREATH)
    raise StopError("Chromium did not start.")


def _tab(port: int, page: str) -> Tab:
    opened = httpx2.put(f"http://{_HOST}:{port}/json/new?{page}", timeout=_PATIENCE)
    tab = Tab(Client.connect(opened.json()["webSocketDebuggerUrl"]))
    while tab.evaluate("document.readyState + location.href") != f"complete{page}":
        time.sleep(_BREATH)
    return tab
