"""HTML page of a hall's screen, rendered on the server.

It shows its content before any script runs, and reloads itself on browsers without scripts. It is
not a Reflex page: a television's browser is old and runs for ten hours, so the page has one small
script, one small style sheet and no framework.
"""

import base64
import functools
import hashlib
import json
import re
from datetime import UTC, datetime

from markupsafe import Markup
from starlette.responses import HTMLResponse

from publicmeeting.config import PROJECT
from publicmeeting.domain.districts.city import DISTRICTS, District
from publicmeeting.domain.meetings.voice import CLIPS
from publicmeeting.kit.clock import in_tehran
from publicmeeting.kit.digits import persian
from publicmeeting.kit.jalali import clock_words
from publicmeeting.text.common import chrome_text
from publicmeeting.text.meetings import hall_text
from publicmeeting.web.hall.view import News, mark_of
from publicmeeting.web.plain.elements import NOTHING, Ours, el

_HERE = PROJECT / "publicmeeting" / "web" / "hall"
_TOKENS = PROJECT / "assets" / "look" / "tokens.css"
_FACE = re.compile(r"@font-face \{\s*font-family: Vazirmatn;.*?\}", re.DOTALL)
_LIGHT = re.compile(r"^:root \{.*?^\}", re.DOTALL | re.MULTILINE)
_EVERY = "15"
"""Reload interval of a browser without scripts, in seconds."""
_STEP = 10
"""Grid of the city's mark, in units of its drawing: 9 for a tile and 1 between two."""
_WORDS = {
    "silent": hall_text.SILENT,
    "calledAt": hall_text.CALLED_AT,
    "clips": list(CLIPS),
}


@functools.cache
def sheet() -> str:
    """Return the style sheet: the site's colours and fonts, in the light theme only."""
    tokens = _TOKENS.read_text(encoding="utf-8")
    light = _LIGHT.search(tokens)
    assert light is not None
    own = (_HERE / "display.css").read_text(encoding="utf-8")
    return "\n".join((*_FACE.findall(tokens), light[0], own))


@functools.cache
def script() -> str:
    return (_HERE / "display.js").read_text(encoding="utf-8")


@functools.cache
def build() -> str:
    """Return a hash of page, style, script and words; screens reload when it changes."""
    parts = (sheet(), script(), json.dumps(_WORDS), (_HERE / "page.py").read_text(encoding="utf-8"))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


@functools.cache
def policy() -> str:
    return (
        f"default-src 'none'; script-src {_hash(script())}; style-src {_hash(sheet())}; "
        "img-src 'self'; font-src 'self'; media-src 'self' blob:; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


def _hash(text: str) -> str:
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return f"'sha256-{digest}'"


def display_page(district: int, news: News, sample: dict[str, str] | None = None) -> HTMLResponse:
    """Return the page of a screen; with `sample` it shows one state and asks for no news."""
    data = {
        "data_address": f"/hall/{district}/",
        "data_build": build(),
        "data_words": _json(_WORDS),
        "data_first": _json({"news": news, "mark": mark_of(news)}),
        **({"data_sample": "yes", **sample} if sample is not None else {}),
    }
    main = el(
        "main",
        _head(district, news),
        _now(news),
        _code(news),
        _foot(news),
        _bars(),
        el("p", id="live", class_="sr", role="status", aria_live="assertive"),
        el("audio", id="voice", preload="auto"),
        id="hall",
        class_="hall",
        **data,
    )
    again = el("meta", http_equiv="refresh", content=_EVERY)
    return _page(hall_text.KEY_TITLE, el("noscript", again), main)


def key_page(district: int, refused: str = "", status: int = 200) -> HTMLResponse:
    """Return the page where a key is typed; the same page for every wrong key."""
    form = el(
        "form",
        el("label", hall_text.KEY, for_="key"),
        el(
            "input",
            id="key",
            name="key",
            dir="ltr",
            inputmode="numeric",
            autocomplete="off",
            required=True,
            aria_describedby="key-hint",
        ),
        el("p", hall_text.KEY_HINT, id="key-hint", class_="soft"),
        el("button", hall_text.KEY_OPEN, type="submit"),
        id="open",
        method="post",
        action=f"/hall/{district}/open",
    )
    main = el(
        "main",
        el("h1", hall_text.KEY_TITLE),
        el("p", hall_text.UNIT.format(district=persian(district)), class_="soft"),
        el("p", refused, role="alert", class_="refused") if refused else NOTHING,
        el("p", hall_text.KEY_LEAD),
        form,
        class_="ask",
    )
    return _page(hall_text.KEY_TITLE, NOTHING, main, status)


def _page(title: str, more: Markup, main: Markup, status: int = 200) -> HTMLResponse:
    head = el(
        "head",
        el("meta", charset="utf-8"),
        el("meta", name="viewport", content="width=device-width, initial-scale=1"),
        el("meta", name="robots", content="noindex"),
        more,
        el("link", rel="icon", href="/icon.svg", type="image/svg+xml"),
        el("title", f"{title}\u00a0· {chrome_text.SITE}"),
        el("style", Ours(sheet())),
    )
    body = el("body", main, el("script", Ours(script())))
    html = Markup("<!DOCTYPE html>") + el("html", head, body, lang="fa", dir="rtl")
    headers = {"Content-Security-Policy": policy()}
    return HTMLResponse(html, status, headers=headers)


def _head(district: int, news: News) -> Markup:
    names = el(
        "div",
        el("p", chrome_text.SITE, class_="site"),
        el(
            "p",
            el("span", news["unit"], id="unit"),
            " ",
            el("span", news["presence"], id="presence", class_="presence"),
            class_="soft",
        ),
    )
    at = datetime.fromtimestamp(news["now"] / 1000, UTC)
    when = el(
        "div",
        el("p", clock_words(in_tehran(at)), id="clock", class_="clock"),
        el("p", news["date"], id="date", class_="soft"),
        class_="when",
    )
    return el("header", el("div", _mark(district), names, class_="row"), when, class_="row")


def _mark(lit: int) -> Markup:
    """Draw the city's mark with the tile of this district highlighted."""
    side = 6 * _STEP - 1
    tiles = (
        f'<path class="{"lit" if district.number == lit else ""}" d="{_square(district)}"/>'
        for district in DISTRICTS
    )
    drawn = Ours("".join(tiles))
    return el("svg", drawn, viewBox=f"0 0 {side} {side}", aria_hidden="true", class_="mark")


def _square(district: District) -> str:
    tile = district.tile
    x, y = (tile.column - 1) * _STEP, (tile.row - 1) * _STEP
    width, height = tile.column_span * _STEP - 1, tile.row_span * _STEP - 1
    return f"M{x} {y}h{width}v{height}h-{width}z"


def _now(news: News) -> Markup:
    shown = news["shown"]
    words = el(
        "div",
        el("h1", shown["title"], id="title"),
        el("span", shown["where"], id="where", class_="where"),
        el("span", id="nth", class_="nth", hidden=True),
        el(
            "div",
            _list(
                "next",
                hall_text.NEXT,
                el("p", news["absent"], id="absent", class_="absent soft"),
            ),
            _list("before", hall_text.BEFORE),
            class_="lists",
        ),
        class_="words",
    )
    tile = el("div", el("span", shown["number"]), id="number", aria_hidden="true", class_="number")
    return el("section", tile, words, class_="now")


def _list(name: str, title: str, *more: Markup) -> Markup:
    inside = el("h2", title), el("ol", id=name, class_="tiles"), *more
    return el("section", *inside, id=f"{name}-box", class_=name, hidden=True)


def _code(news: News) -> Markup:
    code = news["code"]
    digits, lead = (code["digits"], code["lead"]) if code else ("", "")
    return el(
        "section",
        el("h2", hall_text.CODE),
        el("bdi", digits, id="digits", dir="ltr", aria_hidden="true", class_="digits"),
        el("span", digits, id="digits-text", class_="sr"),
        el(
            "div",
            el("p", lead, id="code-lead"),
            el("p", hall_text.CODE_NO_PHONE, class_="soft"),
            class_="lead",
        ),
        el("img", src=code["qr"] if code else "/qr/mine.svg", id="code-qr", alt=hall_text.QR_ALT),
        id="code",
        class_="code",
        hidden=not digits,
    )


def _foot(news: News) -> Markup:
    lines = (
        el("p", news["late"], id="late"),
        el("p", news["summary"], id="summary", class_="soft"),
    )
    seats = el("div", id="seats", aria_hidden="true", class_="seats")
    return el("footer", el("div", *lines, class_="row"), seats, class_="foot")


def _bars() -> Markup:
    silent = el(
        "p",
        el("b", id="silent-since"),
        el("span", hall_text.SILENT_LEAD),
        id="silent",
        role="status",
        class_="bar",
        hidden=True,
    )
    mute = el(
        "button",
        el("b", hall_text.MUTE),
        el("span", hall_text.MUTE_LEAD),
        id="mute",
        type="button",
        class_="bar",
        hidden=True,
    )
    return el("div", mute, silent, class_="bars")


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
