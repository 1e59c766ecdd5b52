"""Frame of every plain page, in the look of the site, and its 404 page.

Its only script prevents sending a form twice, also by Back, and shows a password while it is typed;
everything else works without it.
"""

import base64
import functools
import hashlib
import re
from collections.abc import Mapping, Sequence

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response

from publicmeeting.config import PROJECT
from publicmeeting.text.common import chrome_text
from publicmeeting.text.filing import receipt_text
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.web.plain import elements
from publicmeeting.web.plain.elements import Ours, el, link

ENTER = "/plain/enter/"
MINE = "/plain/mine/"
RECEIPT = "/plain/receipt/"
REFUSED = 422
"""Status of a form that is shown again with its errors."""
SHEET = "/flat.css"
"""Style sheet that also works without cascade layers (`ui/reflex/flat_sheet.js`)."""
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
"""Stricter than on other pages: only the page's own script runs."""
_COMMENT = re.compile(r"^//.*\n", re.MULTILINE)
_DOCTYPE = Markup("<!DOCTYPE html>")
_TWICE = PROJECT / "publicmeeting" / "ui" / "shell" / "connection" / "twice.js"
"""Reflex pages bundle this script; plain pages with a form contain it."""
_WATCH = """
addEventListener("submit", (event) => {
  const isSent = event.target.method === "post" && !event.defaultPrevented;
  if (isSent && isTwice(event)) event.preventDefault();
});
addEventListener("pageshow", mayPressAgain);
"""
_REVEAL = """
for (const show of document.querySelectorAll("button[aria-pressed][aria-controls]")) {
  const names = show.getAttribute("aria-controls").split(" ");
  const fields = names.map((name) => document.getElementById(name));
  const set = (isShown) => {
    for (const field of fields) field.type = isShown ? "text" : "password";
    show.setAttribute("aria-pressed", isShown);
  };
  show.hidden = false;
  show.addEventListener("click", () => set(fields[0].type === "password"));
  show.form.addEventListener("submit", () => set(false));
}
"""
"""Script of `elements.show_passwords`. They are hidden again before the form is sent, so that no
browser stores them as earlier values of a text field."""
_AS_READ = 'history.replaceState(null, "", "{address}");'
"""Script of the answer to a form: Back and reload ask for `address` instead.

Otherwise the browser shows a page of its own, which asks whether to send the form again.
"""
_ONCE_LEFT = (
    f'addEventListener("click", (event) => {{{{ if (event.target.closest("a")) {_AS_READ} }}}});'
)
"""The same from the first link that is pressed. Until then a reload still asks before it loses what
is shown once."""


def page(
    title: str,
    *content: str,
    status: int = 200,
    beside: Markup | None = None,
    script: str = "",
    address: str = "",
    is_shown_once: bool = False,
) -> HTMLResponse:
    """Return a whole page.

    `content` is below the bar. `beside` is next to the brand in the bar; the default is the
    citizen's requests. `status` is 422 for refused input. `script` is the text of a module of ours;
    the page's policy allows it and no other. `address` is a page of ours that Back and reload ask
    for instead of sending a form again; by default they send it, with all her input.
    `is_shown_once` is for an answer that no reload brings back.
    """
    asks = "; connect-src 'self'" if script else ""
    if address:
        script = (_ONCE_LEFT if is_shown_once else _AS_READ).format(address=address) + script
    if any("<form" in part for part in content):
        script = _once() + script
    if status == REFUSED:
        content = _at_first_error(content)
    head = el(
        "head",
        el("meta", charset="utf-8"),
        el("meta", name="viewport", content="width=device-width, initial-scale=1"),
        el("meta", name="robots", content="noindex"),
        el("meta", name="description", content=chrome_text.PLAIN_LEAD),
        el("meta", name="color-scheme", content="light dark"),
        el("link", rel="icon", href="/icon.svg", type="image/svg+xml"),
        el("link", rel="stylesheet", href=SHEET),
        el("title", f"{title}\u00a0· {chrome_text.SITE}"),
    )
    link_ = link(receipt_text.MINE, MINE) if beside is None else beside
    bar = el("div", _brand(), link_, class_="bar-in")
    body = el(
        "body",
        el("a", chrome_text.SKIP, href="#page-text", class_="skip"),
        el(
            "div",
            el("header", bar, class_="bar"),
            el("main", *content, id="page-text", tabindex="-1", class_="content"),
            class_="page",
        ),
        el("script", Ours(script), type="module") if script else "",
    )
    html = _DOCTYPE + el("html", head, body, lang="fa", dir="rtl")
    return HTMLResponse(html, status, headers={"Content-Security-Policy": _policy(script, asks)})


def _at_first_error(content: Sequence[str]) -> tuple[str, ...]:
    """Return the content with the focus in its first refused field, as a page with scripts has it.

    The browser scrolls there, and a screen reader reads the field with its error.
    """
    at = next((at for at, one in enumerate(content) if elements.INVALID in one), None)
    return tuple(
        one.replace(elements.INVALID, elements.FIRST_INVALID, 1) if place == at else one
        for place, one in enumerate(content)
    )


@functools.cache
def _once() -> str:
    """Return the script that prevents sending a form twice and shows passwords."""
    return f"{_COMMENT.sub('', _TWICE.read_text(encoding='utf-8')).strip()}{_WATCH}{_REVEAL}"


def _policy(script: str, asks: str) -> str:
    if not script:
        return POLICY
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return f"{POLICY}; script-src 'sha256-{digest}'{asks}"


def _brand() -> Markup:
    mark = el("img", src="/icon.svg", alt="", width="32", height="32")
    return el("a", mark, chrome_text.SITE, href="/", class_="brand")


def not_found(request: Request, headers: Mapping[str, str] | None = None) -> Response:
    """Return the 404 for missing, forbidden and impossible; all have the same bytes.

    `headers` are for the plain-text answer; a page has its own.
    """
    if "text/html" not in request.headers.get("accept", ""):
        return PlainTextResponse(refusal("not_found"), 404, headers=headers)
    home = el("a", chrome_text.HOME, href="/", class_="btn btn-primary")
    inside = elements.dead_end(chrome_text.NOT_FOUND, chrome_text.NOT_FOUND_WHY, home)
    return page(chrome_text.NOT_FOUND, inside, status=404)
