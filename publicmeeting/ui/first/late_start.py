"""Build step: change public pages to paint from their first bytes and start their scripts
afterwards.

React hydrates head and body by position, but skips elements that it does not expect. So the starter
takes the place of React Router's module script, and the link of the style sheet is added again
before the framework starts.
"""

import gzip
import json
import re
from pathlib import Path

import brotli

from publicmeeting.ui.first.critical import Sheet, names_in

PICTURED = ("/", "/request/", "/track/", "/verify/", "/rules/", "/draws/")
"""The public pages that paint from their first bytes."""
STYLE = '<style id="first-look">'
"""Start tag of the style element with the rules that a page needs until the whole sheet is
loaded."""
_STARTER = Path(__file__).with_name("starter.js")
_MODULE = re.compile(r'<script type="module" async="">(.*?)</script>', re.DOTALL)
_FIRST = re.compile(r'^\s*import "([^"]+)";')
_PART = re.compile(r'import \* as (\w+) from "([^"]+)";')
_NAMES = re.compile(r'"([^"]+)":\s*(\w+)')
_ENTRY = re.compile(r'import\("([^"]+)"\);')
_PRELOAD = re.compile(r'<link rel="modulepreload" href="([^"]+)"/>')
_SHEET = re.compile(r'<link href="(/assets/[^"]+\.css)" rel="stylesheet"[^>]*/>')
_SHEET_EARLY = re.compile(r'<link as="style" href="/assets/[^"]+" rel="preload"/>')
_COMMENT = re.compile(r"/\*.*?\*/\s*|^\s*//[^\n]*\n", re.DOTALL | re.MULTILINE)
_COMPRESSED = {
    ".br": brotli.compress,
    ".gz": lambda raw: gzip.compress(raw, mtime=0),
}


def start_after_paint(client: Path) -> None:
    """Change the built pages and their compressed copies in place.

    Raises `ValueError` if a later Reflex or React Router writes its pages in another way.
    """
    for page in PICTURED:
        bare = page.strip("/")
        for file in {client / bare / "index.html", client / f"{bare or 'index'}.html"}:
            if file.exists():
                _rewrite(client, file)


def sheet_of(html: str) -> str:
    """Return the file of the whole style sheet that a changed page links."""
    return _only(re.compile(r'<link rel="stylesheet" href="/([^"]+)"/>'), html)[1]


def _rewrite(client: Path, file: Path) -> None:
    html = file.read_text(encoding="utf-8")
    sheet = _only(_SHEET, html)[1]
    css = (client / sheet.strip("/")).read_text(encoding="utf-8")
    preloads = _PRELOAD.findall(html)
    starter = _starter(_only(_MODULE, html)[1], sheet, preloads)
    html = _MODULE.sub(lambda _: f"<script>{starter}</script>", html)
    html = _SHEET_EARLY.sub("", _PRELOAD.sub("", html))
    used = Sheet(css).used_by(names_in(html))
    plain = f'<noscript><link rel="stylesheet" href="{sheet}"/></noscript>'
    html = _SHEET.sub(lambda _: f"{STYLE}{used}</style>{plain}", html)
    file.write_text(html, encoding="utf-8")
    for ending, compress in _COMPRESSED.items():
        file.with_name(file.name + ending).write_bytes(compress(html.encode()))


def _starter(module: str, sheet: str, preloads: list[str]) -> str:
    """Return the script that imports the same modules in the same order, after the first paint."""
    files = dict(_PART.findall(module))
    modules = _only(re.compile(r"__reactRouterRouteModules = \{(.*?)\};"), module)[1]
    parts = {name: files[part] for name, part in _NAMES.findall(modules)}
    first, entry = _only(_FIRST, module)[1], _only(_ENTRY, module)[1]
    if len(parts) != len(files):
        raise ValueError("React Router starts its pages in another way now")
    arguments = ",".join(json.dumps(one) for one in (sheet, first, parts, entry, preloads))
    code = _COMMENT.sub("", _STARTER.read_text(encoding="utf-8")).strip()
    lines = (line.strip() for line in code.splitlines())
    return f"{' '.join(lines)}({arguments})"


def _only(wanted: re.Pattern[str], text: str) -> re.Match[str]:
    found = list(wanted.finditer(text))
    if len(found) != 1:
        raise ValueError(f"«{wanted.pattern}» does not stand exactly once in a built page")
    return found[0]
