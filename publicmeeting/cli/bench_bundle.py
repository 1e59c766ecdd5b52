"""`bench bundle`: what a citizen's first visit costs, read from the built pages and one socket."""

import gzip
import re
import secrets
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlsplit

from publicmeeting.cli.bench import Measured
from publicmeeting.cli.bench_city import served_city
from publicmeeting.cli.bench_socket import OpenPage
from publicmeeting.config import PROJECT

PAGES = ("/", "/request/", "/track/")
CLIENT = PROJECT / ".web" / "build" / "client"
KIB = 1024
SCRIPTS_AND_STYLES, FONT, FIRST_STATE = 175, 50, 6
"""KiB, each page."""

_ATTRIBUTE = re.compile(r"\b(?:href|src|srcset|action|poster)=\"([^\"]+)\"")
_STYLED = re.compile(r"url\(\s*['\"]?([^'\")]+)|@import\s*['\"]([^'\"]+)")
_IMPORTED = re.compile(r"(?:\bfrom|\bimport)\s*[\"'`](\.{1,2}/[^\"'`]+|/assets/[^\"'`]+)[\"'`]")
_ASSET = re.compile(r"/assets/[\w.~-]+\.(?:js|css)\b")


async def measure() -> list[Measured]:
    """Every page's figures. Raises `FileNotFoundError` for a page that was not built."""
    with served_city() as served:
        figures = [figure for path in PAGES for figure in _files_of(path)]
        for path in PAGES:
            page = await OpenPage.open(served.origin, path, token=secrets.token_hex(8))
            await page.settle(1)
            await page.close()
            sizes = [told.size / KIB for told in page.told]
            figures.append(Measured(f"{path}  first state", sizes[0], "KB", FIRST_STATE))
            figures.append(Measured(f"{path}  all it is told on opening", sum(sizes), "KB"))
    return figures


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
    """Every script and style sheet a page loads by itself: those it names, and their imports."""
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
    """Hosts other than the page's own that it would ask."""
    named = _ATTRIBUTE.findall(html)
    named += [one for text in styles for pair in _STYLED.findall(text) for one in pair]
    return {host for name in named if (host := urlsplit(name).netloc)}


def _beside(client: Path, file: Path, name: str) -> Path:
    return client / name.lstrip("/") if name.startswith("/") else (file.parent / name).resolve()


def _packed(file: Path) -> int:
    """Bytes on the wire with gzip; the copy made by the build, where there is one."""
    packed = file.with_name(f"{file.name}.gz")
    return packed.stat().st_size if packed.exists() else len(gzip.compress(file.read_bytes()))
