"""`bench bundle`: the bytes of a first visit, from the built pages and their sockets."""

import gzip
import json
import re
import secrets
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from support.open_page import OpenPage, Update
from support.served_city import served_city

from bench.figures import Measured
from publicmeeting.config import PROJECT
from publicmeeting.ui.reflex.bundle import AGAIN

PAGES = ("/", "/request/", "/track/")
CLIENT = PROJECT / ".web" / "build" / "client"
KIB = 1024
SCRIPTS_AND_STYLES, FONT, FIRST_STATE = 175, 50, 6
"""KiB of each page: scripts and styles, font, first state."""
BUILT_OTHERWISE = 10
"""Of the states, how many have other defaults than in an earlier build: a fifth of them."""
LARGEST = 6
"""How many states are printed with their size."""
BROWSER = {
    "User-Agent": "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/140.0.0.0 Mobile Safari/537.36",
    "Accept-Encoding": "gzip, deflate, br, zstd",
    "Accept-Language": "fa-IR,fa;q=0.9,en-US;q=0.8,en;q=0.7",
    "Cache-Control": "no-cache",
    "Pragma": "no-cache",
    "Sec-WebSocket-Extensions": "permessage-deflate; client_max_window_bits",
}
"""Headers of a phone's socket, which Reflex sends back to the page."""

_ATTRIBUTE = re.compile(r"\b(?:href|src|srcset|action|poster)=\"([^\"]+)\"")
_STYLED = re.compile(r"url\(\s*['\"]?([^'\")]+)|@import\s*['\"]([^'\"]+)")
_IMPORTED = re.compile(r"(?:\bfrom|\bimport)\s*[\"'`](\.{1,2}/[^\"'`]+|/assets/[^\"'`]+)[\"'`]")
_HASH = re.compile(r"[0-9a-f]{16}")
_HASHES = re.compile(r"(?:[0-9a-f]{16}[\"'`.,]{1,3}){2,}")
"""A list of texts, or one text that is split at its dots: the bundler chooses."""
_NAME = re.compile(r"(?<![0-9a-f])[0-9a-f]{10}(?![0-9a-f])")
_NAMED = re.compile(r"(?:(?<![0-9a-f])[0-9a-f]{10}[\"'`., ]{1,3}){2,}")
_ASSET = re.compile(r"/assets/[\w.~-]+\.(?:js|css)\b")


async def measure() -> list[Measured]:
    """Return the figures of every page; raise `FileNotFoundError` for a page that was not built."""
    with served_city() as served:
        figures = [figure for path in PAGES for figure in _files_of(path)]
        for path in PAGES:
            holds = compiled_hashes(CLIENT)
            first = await _updates(served.origin, path, holds)
            named = compiled_names(CLIENT)
            again = await _updates(served.origin, path, [AGAIN, *named])
            earlier = await _updates(served.origin, path, [AGAIN, *named[BUILT_OTHERWISE:]])
            whole = await _updates(served.origin, path)
            sizes = [update.size / KIB for update in first]
            figures += [
                Measured(f"{path}  first state", sizes[0], "KB", FIRST_STATE),
                Measured(f"{path}  all it is told on opening", sum(sizes), "KB"),
                Measured(
                    f"{path}  first state when told again", again[0].size / KIB, "KB", FIRST_STATE
                ),
                Measured(
                    f"{path}  the same to an earlier build, {BUILT_OTHERWISE} states otherwise",
                    earlier[0].size / KIB,
                    "KB",
                    FIRST_STATE,
                ),
                Measured(f"{path}  to one that names no states", whole[0].size / KIB, "KB"),
            ]
        return figures + _largest(whole[0].body)


async def _updates(origin: str, path: str, holds: Sequence[str] = ()) -> list[Update]:
    token = secrets.token_hex(8)
    page = await OpenPage.open(origin, path, token=token, browser=BROWSER, holds=holds)
    await page.settle(1)
    await page.close()
    return page.updates


def _largest(body: Any) -> list[Measured]:
    """Return the largest states of a whole first message, by the last part of their names."""
    states = body[1]["delta"]
    sizes = {name.rpartition("____")[2]: _bytes(state) for name, state in states.items()}
    largest = sorted(sizes, key=lambda name: -sizes[name])[:LARGEST]
    return [
        *(Measured(f"of it {name}", sizes[name], "B") for name in largest),
        Measured(f"of it {len(states)} names of states", _bytes(list(states)), "B"),
    ]


def _bytes(state: object) -> int:
    return len(json.dumps(state, ensure_ascii=False, separators=(",", ":")).encode())


def compiled_hashes(client: Path) -> list[str]:
    """Return the hashes of the states' defaults in the built scripts, in their order.

    Raises `LookupError` if no script has any.
    """
    for script in (client / "assets").glob("context-*.js"):
        found = _HASHES.search(script.read_text(encoding="utf-8"))
        if found:
            return _HASH.findall(found.group())
    raise LookupError("no script of the pages carries the hashes of their states")


def compiled_names(client: Path) -> list[str]:
    """Return what the built scripts send about the states' defaults when they connect again.

    Raises `LookupError` if no script has it.
    """
    for script in (client / "assets").glob("context-*.js"):
        if found := _NAMED.search(script.read_text(encoding="utf-8")):
            return _NAME.findall(found.group())
    raise LookupError("no script of the pages names the defaults of its states")


def _files_of(path: str) -> list[Measured]:
    document = CLIENT / path.strip("/") / "index.html"
    html = document.read_text(encoding="utf-8")
    files = closure(CLIENT, html)
    scripts = sum(_packed(file) for file in files if file.suffix == ".js") / KIB
    styles = [file for file in files if file.suffix == ".css"]
    looks = sum(map(_packed, styles)) / KIB
    fonts = max((file.stat().st_size for file in (CLIENT / "fonts").glob("*")), default=0) / KIB
    strangers = foreign(html, (file.read_text(encoding="utf-8") for file in styles))
    return [
        Measured(f"{path}  scripts", scripts, "KB"),
        Measured(f"{path}  styles", looks, "KB"),
        Measured(f"{path}  scripts and styles", scripts + looks, "KB", SCRIPTS_AND_STYLES),
        Measured(f"{path}  largest font", fonts, "KB", FONT),
        Measured(f"{path}  requests to others", len(strangers), "", 0),
    ]


def closure(client: Path, html: str) -> set[Path]:
    """Return every script and style sheet that a page loads by itself, with their imports."""
    found: set[Path] = set()
    waiting = {client / name.lstrip("/") for name in _ASSET.findall(html)}
    while waiting:
        file = waiting.pop()
        found.add(file)
        if file.suffix == ".js":
            text = file.read_text(encoding="utf-8")
            imported = {_beside(client, file, name) for name in _IMPORTED.findall(text)}
            waiting |= imported - found
    return found


def foreign(html: str, styles: Iterable[str]) -> set[str]:
    """Return other hosts that the page would ask."""
    named = _ATTRIBUTE.findall(html)
    named += [one for text in styles for pair in _STYLED.findall(text) for one in pair]
    return {host for name in named if (host := urlsplit(name).netloc)}


def _beside(client: Path, file: Path, name: str) -> Path:
    return client / name.lstrip("/") if name.startswith("/") else (file.parent / name).resolve()


def _packed(file: Path) -> int:
    """Return the bytes on the wire with gzip, of the build's compressed file if there is one."""
    packed = file.with_name(f"{file.name}.gz")
    return packed.stat().st_size if packed.exists() else len(gzip.compress(file.read_bytes()))
