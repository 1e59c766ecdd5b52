"""Buttons, confirmation before an action, dialogs, and the two large tiles of the home page.

Links to another page: inside the app without a reload, elsewhere by the browser.

`rx.el.a` is the router's link in this version of Reflex. It would open a route of the server (a
picture, a download, signing out) as if it were a page. Use `anchor` with `native`.
"""

from collections.abc import Sequence
from typing import Any, Literal

import reflex as rx
from reflex_components_core.el.elements.inline import (  # type: ignore[import-untyped]  # ships no types
    A,
)
from reflex_components_core.react_router import (  # type: ignore[import-untyped]  # ships no types
    link as router_link,
)

from publicmeeting.text.common import chrome_text
from publicmeeting.ui.design.flow import Handler, filled, is_plain, may_hold, pick
from publicmeeting.ui.design.icons import icon
from publicmeeting.ui.reflex.scripts import link_script

_OUTSIDE = (
    "http:",
    "https:",
    "tel:",
    "sms:",
    "#",
    "/auth",
    "/images",
    "/draws",
    "/api",
    "/privacy",
)


def anchor(
    *children: rx.Component | str,
    href: str,
    native: bool = False,
    **props: Any,
) -> rx.Component:
    """A link. The browser loads the target itself if `native`, or if a plain address is outside the
    pages."""
    outside = is_plain(href) and (not href or href.startswith(_OUTSIDE))
    if native or outside:
        return A.create(*children, href=href, **props)
    return router_link(*children, to=href, **props)


def door_from_here(door: str) -> Any:
    """Return the address of the sign-in page `door` that leads back to the current page.

    The browser computes it, so draw such a link only where the browser draws it.
    """
    here = (
        "(({pathname, search}) => encodeURIComponent(pathname + search))(globalThis.location ?? {})"
    )
    return rx.Var(f'("{door}?next=" + {here})').to(str)


def track_from_here() -> Any:
    """Return the address of the search by tracking code, with this page's code already in the
    field.

    The browser takes the code from its own address.
    """
    code = '((globalThis.location?.pathname.match(/[0-9]{10}/) ?? [""])[0])'
    return rx.Var(f'("/track/?code=" + {code})').to(str)


def text_link(word: str, href: str, *, native: bool = False) -> rx.Component:
    """An underlined link on its own line, with a touch target around it."""
    return anchor(word, href=href, native=native, class_name="link nav-link")


ButtonKind = Literal["primary", "secondary", "danger", "good", "soft", "quiet"]
ButtonSize = Literal["", "sm", "lg"]


def button(
    label: str,
    *,
    kind: ButtonKind = "primary",
    size: ButtonSize = "",
    sign: str = "",
    sign_end: str = "",
    on_click: Handler = None,
    href: str = "",
    native: bool = False,
    saved_as: str = "",
    submit: bool = False,
    name: str = "",
    value: str = "",
    form: str = "",
    busy: bool = False,
    busy_label: str = "",
    why_not: str = "",
    key: str = "",
    meta: str = "",
    stacked: bool = False,
    class_name: str = "",
    aria_label: str = "",
    id: str = "",
) -> rx.Component:
    """A verb to press: a link with `href`, a submit button with `submit`, else an event.

    - `why_not` (a text or a var) makes the button unavailable. It stays focusable, does nothing and
      shows this reason as its label.
    - `busy` shows three moving tiles and `busy_label` in the same width.
    - `key` is the hint of a keyboard shortcut, `meta` a small second line.
    - `saved_as` is the file name of a link whose target is saved, not opened.
    - `kind`: one "primary" per screen; "good" only for the citizen's «done»; "soft" for tools.
    """
    classes = " ".join(
        part
        for part in (
            "btn",
            f"btn-{kind}",
            f"btn-{size}" if size else "",
            "btn-stack" if stacked else "",
            class_name,
        )
        if part
    )
    word = rx.el.span(label) if is_plain(why_not) else rx.el.span(pick(why_not, why_not, label))
    if is_plain(why_not) and why_not:
        word = rx.el.span(why_not)
    rest = [
        icon(sign) if sign else rx.fragment(),
        rx.el.span(word, rx.el.span(meta, class_name="block text-meta font-normal"))
        if meta
        else word,
        icon(sign_end) if sign_end else rx.fragment(),
        rx.el.span(key, aria_hidden="true", class_name="key") if key else rx.fragment(),
    ]
    named = filled(aria_label=aria_label, id=id)
    if not is_plain(href) or href:
        download = filled(download=saved_as)
        return anchor(*rest, href=href, native=native, class_name=classes, **download, **named)
    face = _busy_face(rest, busy_label) if busy_label else rest
    unavailable = filled(aria_disabled=pick(why_not, "true", "false")) if may_hold(why_not) else {}
    working = filled(aria_busy=pick(busy, "true", "false")) if may_hold(busy) else {}
    event = _unless(busy, _unless(why_not, on_click))
    return rx.el.button(
        *face,
        type=pick(why_not, "button", "submit") if submit else "button",
        class_name=classes,
        **filled(name=name, value=value, form=form),
        **({"on_click": event} if event is not None else {}),
        **unavailable,
        **working,
        **named,
    )


def print_button(label: str, kind: ButtonKind = "secondary") -> rx.Component:
    return button(label, kind=kind, sign="print", on_click=rx.run_script("window.print()"))


def _unless(claim: object, event: Handler) -> Handler:
    """Return the event, or one that does nothing while the claim holds."""
    if event is None or (is_plain(claim) and not claim):
        return event
    return None if is_plain(claim) else rx.cond(claim, rx.noop(), event)


def _busy_face(rest: list[rx.Component], busy_label: str) -> list[rx.Component]:
    return [
        rx.el.span(
            rx.el.span(*rest, class_name="is-rest"),
            rx.el.span(dots(), busy_label, class_name="is-busy"),
            class_name="btn-face",
        )
    ]


def dots() -> rx.Component:
    """Three tiles that light up one after another: work is in progress."""
    return rx.el.span(*(rx.el.i() for _ in range(3)), aria_hidden="true", class_name="dots")


def pair(*buttons: rx.Component) -> rx.Component:
    """Buttons of the same weight side by side, or stacked on a narrow screen."""
    return rx.el.div(*buttons, class_name="pair")


def action_tiles(actions: Sequence[tuple[str, str, str]]) -> rx.Component:
    """The two joined tiles of the home page, in the ratio 3:2. Each is (icon, word, address)."""
    return rx.el.div(
        *(
            anchor(icon(sign), rx.el.span(word), href=href, class_name="action-tile")
            for sign, word, href in actions
        ),
        class_name="action-tiles no-print",
    )


def icon_button(
    sign: str,
    aria_label: str,
    on_click: Handler = None,
) -> rx.Component:
    """A button with an icon alone, for back, undo and close only. `aria_label` is its name."""
    return rx.el.button(
        icon(sign),
        type="button",
        aria_label=aria_label,
        class_name="btn btn-soft btn-sm px-2.5",
        **({"on_click": on_click} if on_click is not None else {}),
    )


_CLOSE = "document.querySelectorAll('details.sure[open]').forEach((one) => { one.open = false; })"


def sure(
    label: str,
    question: str,
    on_yes: Handler,
    *,
    aria_label: str = "",
    size: ButtonSize = "",
    sign: str = "trash",
    class_name: str = "",
) -> rx.Component:
    """A button that asks before it acts: `label` opens `question` with a yes and a no button.

    What it takes away has the trash as its sign and the colour of danger, in every size. If a page
    has several, `aria_label` names what this one is about.
    """
    close = rx.run_script(_CLOSE)
    classes = f"btn btn-{'danger' if sign == 'trash' else 'secondary'}"
    classes = f"{classes} btn-{size}" if size else classes
    return rx.el.details(
        rx.el.summary(
            icon(sign, "sm") if sign else rx.fragment(),
            label,
            class_name=f"{classes} w-full",
            **filled(aria_label=aria_label),
        ),
        rx.el.div(
            rx.el.p(question),
            pair(
                button(label, kind="danger", size="sm", on_click=[close, on_yes]),
                button(chrome_text.NO, kind="secondary", size="sm", on_click=close),
            ),
            class_name="grid gap-2 pt-2",
        ),
        class_name=f"sure {class_name}".strip(),
    )


class DialogBack(rx.Component):
    """Component of dialog_back.js, beside every dialog. It draws nothing."""

    library = link_script(__name__, "dialog_back.js")
    tag = "DialogBack"


def dialog(
    id: str,
    title: str,
    *content: rx.Component,
    full: bool = False,
) -> rx.Component:
    """A dialog that `open_dialog(id)` opens; its close button and Back close it."""
    head = rx.el.div(
        rx.el.h2(title, class_name="text-h2"),
        rx.el.form(
            rx.el.button(icon("close"), chrome_text.CLOSE, class_name="btn btn-secondary btn-sm"),
            method="dialog",
            on_submit=None,
        ),
        class_name="flex items-center justify-between gap-4 p-4",
    )
    if full:
        body = rx.el.div(
            *content, tab_index=0, role="region", aria_label=title, class_name="zoom-body"
        )
    else:
        body = rx.el.div(*content, class_name="px-4 pb-6")
    classes = "zoom" if full else "dialog"
    return rx.fragment(
        rx.el.dialog(head, body, id=id, aria_label=title, class_name=classes), DialogBack.create()
    )


def open_dialog(id: str) -> Handler:
    """Return the event that opens a dialog of this page. It runs in the browser, without the
    server."""
    return rx.run_script(f"document.getElementById('{id}').showModal()")


def close_dialog(id: str) -> Handler:
    """Return the event that closes a dialog, for use beside the event that does the work."""
    return rx.run_script(f"document.getElementById('{id}').close()")
