"""HTML elements of plain pages, with the CSS classes of the site."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from markupsafe import Markup

from publicmeeting.kit.digits import persian
from publicmeeting.store.accounts.sessions import OwnSession
from publicmeeting.text.common import chrome_text, dates_text
from publicmeeting.text.tracking import my_data_text

NOTHING = Markup()
INVALID = Markup('aria-invalid="true"')
"""Attribute of a field with an error."""
FIRST_INVALID = INVALID + Markup(" autofocus")
SESSIONS_IN_SIGHT = 3
"""Number of sessions that are shown without unfolding."""
_VOID = {"input", "img", "link", "meta", "path"}


class Choice(NamedTuple):
    value: str
    label: str


class Ours(str):
    """Text of our own script or drawing that is not escaped; never text that a user typed."""

    __slots__ = ()

    def __html__(self) -> str:
        return str(self)


def el(name: str, /, *inside: str, **attributes: str | bool) -> Markup:
    """Return an element; arguments that are not `Markup` are escaped.

    In attribute names `_` becomes `-`, and a trailing one is dropped (`class_`). True makes an
    attribute without a value, False none.
    """
    written = join(*(_attribute(key, value) for key, value in attributes.items()))
    if name in _VOID:
        return Markup("<{}{}>").format(name, written)
    return Markup("<{}{}>{}</{}>").format(name, written, join(*inside), name)


def join(*parts: str) -> Markup:
    """Join parts; those that are not `Markup` are escaped."""
    return NOTHING.join(parts)


def _attribute(key: str, value: str | bool) -> Markup:  # noqa: FBT001 (an attribute may be a yes)
    name = key.rstrip("_").replace("_", "-")
    if isinstance(value, bool):
        return Markup(" {}").format(name) if value else NOTHING
    return Markup(' {}="{}"').format(name, value)


_FORWARD = el(
    "svg",
    el("path", d="M15 4l-8 8 8 8"),
    viewBox="0 0 24 24",
    aria_hidden="true",
    class_="icon icon-sm",
)


def listed(lines: Iterable[str]) -> Markup:
    return el("ul", *(el("li", line) for line in lines), class_="list-disc ps-5 grid gap-2")


def title(text: str) -> Markup:
    return el("h1", text, class_="text-h1 mb-4")


def dead_end(head: str, why: str, *onward: str) -> Markup:
    """Denied, missing or failed, with a way on; as `ui.design.states.dead_end` draws it."""
    mark = el("img", src="/icon.svg", alt="", width="56", height="56")
    first = el("h1", head, class_="text-h1"), el("p", why, class_="max-w-read")
    return el("div", mark, *first, *onward, class_="grid justify-items-start gap-4 py-8")


def muted(text: str) -> Markup:
    return el("p", text, class_="text-ink2")


def section(head: str, *content: str) -> Markup:
    inside = el("div", *content, class_="mt-3 grid gap-4")
    return el("section", el("h2", head, class_="text-h2"), inside, class_="section")


def notice(first: str, *rest: str, tone: str = "brick") -> Markup:
    """Return a message box; nothing without a first sentence."""
    if not first:
        return NOTHING
    strong = el("p", el("strong", first))
    return el("div", strong, *rest, role="alert", class_=f"notice notice-{tone}")


def link(word: str, href: str) -> Markup:
    return el("a", word, href=href, class_="link nav-link")


def button(word: str, *, kind: str = "primary", name: str = "", value: str = "") -> Markup:
    named = {"name": name, "value": value} if name else {}
    return el("button", word, type="submit", class_=f"btn btn-{kind}", **named)


def hidden(**fields: str) -> Markup:
    return join(*(el("input", type="hidden", name=k, value=v) for k, v in fields.items()))


def form(action: str, *content: str, files: bool = False) -> Markup:
    sent_as = {"enctype": "multipart/form-data"} if files else {}
    inside = {"method": "post", "action": action, "class_": "grid gap-6"}
    return el("form", *content, **inside, **sent_as)


def field(
    label: str, name: str, value: str = "", *, hint: str = "", error: str = "", **more: str | bool
) -> Markup:
    """One line of text; `more` are further attributes of the input."""
    box = el(
        "input",
        id=name,
        name=name,
        value=value,
        class_="input",
        **_aria(name, hint, error),
        **{"type": "text", **more},
    )
    return _framed(label, name, box, hint, error)


def password_field(
    label: str, name: str, complete: str = "new-password", *, hint: str = "", error: str = ""
) -> Markup:
    """Field for a password; `complete` says whether the browser fills in a stored or a new one."""
    return field(
        label,
        name,
        hint=hint,
        error=error,
        type="password",
        dir="ltr",
        autocomplete=complete,
        required=True,
    )


def show_passwords(*names: str) -> Markup:
    """Button that shows the passwords of these fields; the page's script makes it visible."""
    return el(
        "button",
        chrome_text.SHOW_PASSWORD,
        type="button",
        hidden=True,
        aria_pressed="false",
        aria_controls=" ".join(names),
        class_="chip justify-self-start",
    )


def digits(
    label: str,
    name: str,
    value: str = "",
    *,
    hint: str = "",
    error: str = "",
    complete: str = "off",
    is_first: bool = False,
) -> Markup:
    """Field for digits of any script, typed from left to right.

    `is_first`: the page is there for this field, so it has the focus.
    """
    return field(
        label,
        name,
        value,
        hint=hint,
        error=error,
        dir="ltr",
        inputmode="numeric",
        autocomplete=complete,
        autofocus=is_first,
    )


def area(label: str, name: str, value: str, *, hint: str = "", error: str = "") -> Markup:
    # The first line end inside a textarea is not part of its text (HTML, section 13.1.2.5).
    box = el(
        "textarea",
        f"\n{value}",
        id=name,
        name=name,
        rows="8",
        class_="input",
        **_aria(name, hint, error),
    )
    return _framed(label, name, box, hint, error)


def select(
    label: str, name: str, options: Sequence[Choice], value: str, *, error: str = ""
) -> Markup:
    def one(option: Choice) -> Markup:
        return el("option", option.label, value=option.value, selected=option.value == value)

    listed = el(
        "select", *map(one, options), id=name, name=name, class_="input", **_aria(name, "", error)
    )
    box = el("div", listed, el("span", _FORWARD, class_="select-sign"), class_="input-box")
    return _framed(label, name, box, "", error)


def tick(label: str, name: str, *, hint: str = "", is_checked: bool = False) -> Markup:
    """A checkbox; its label states what is true when it is checked."""
    note = el("span", hint, class_="block text-meta text-ink2") if hint else NOTHING
    box = el("input", type="checkbox", name=name, id=name, value="1", checked=is_checked)
    return el("label", box, el("span", label, note), class_="check")


def chips(
    label: str,
    name: str,
    options: Sequence[Choice],
    chosen: Collection[str],
    *,
    several: bool = False,
    hint: str = "",
) -> Markup:
    """A question with all its answers visible, as radio buttons or checkboxes."""

    def one(option: Choice) -> Markup:
        box = el(
            "input",
            type="checkbox" if several else "radio",
            name=name,
            value=option.value,
            checked=option.value in chosen,
            class_="peer sr-only",
        )
        return el("label", box, el("span", option.label, class_="chip"), class_="relative")

    note = el("p", hint, class_="mb-2 text-meta text-ink2") if hint else NOTHING
    legend = el("legend", label, class_="field-label mb-2")
    answers = el("div", *map(one, options), class_="chips")
    return el("fieldset", legend, note, answers, class_="grid min-w-0")


def stepper(names: Sequence[str], aria_label: str, current: int) -> Markup:
    def one(number: int, name: str) -> Markup:
        kind = "glazed" if number < current else "now" if number == current else "raw"
        return el(
            "li",
            el("span", el("span", persian(number)), class_=f"tile t-{kind}"),
            el(
                "span",
                f"{name}{chrome_text.STEP_DONE}" if number < current else name,
                class_="" if number == current else "sr-only",
            ),
            aria_current="step" if number == current else "false",
        )

    steps = (one(number, name) for number, name in enumerate(names, 1))
    return el("ol", *steps, aria_label=aria_label, class_="stepper mb-4")


def code(text: str) -> Markup:
    """Show a tracking code as 3-3-4 by margins only, so that copying gives ten digits.

    A screen reader reads it digit by digit (`code_groups` in `ui/design/figures.py`).
    """
    shown = persian(text)
    spoken = el("bdi", " ".join(shown), dir="ltr", class_="sr-only select-none")
    groups = (el("span", part) for part in (shown[:3], shown[3:6], shown[6:]))
    return spoken + el("bdi", *groups, dir="ltr", aria_hidden="true", class_="code-groups")


def _framed(label: str, name: str, box: Markup, hint: str, error: str) -> Markup:
    wrong = el("p", error, class_="error", id=f"{name}-error") if error else NOTHING
    note = el("div", el("span", hint, id=f"{name}-hint"), class_="hint") if hint else NOTHING
    head = el("label", label, for_=name, class_="field-label")
    return el("div", head, box, wrong, note, class_="field")


def _aria(name: str, hint: str, error: str) -> dict[str, str | bool]:
    described_by = [f"{name}-error"] if error else []
    described_by += [f"{name}-hint"] if hint else []
    aria: dict[str, str | bool] = (
        {"aria_describedby": " ".join(described_by)} if described_by else {}
    )
    return {**aria, "aria_invalid": "true"} if error else aria


# Sessions of an account: device and time of each, with a button that ends it.


def folded(rows: Sequence[Markup], in_sight: int, more: str) -> Iterable[Markup]:
    """Return a list that shows its first rows, and the others when unfolded.

    `more` names the others, with their `{count}`.
    """
    yield el("ul", *rows[:in_sight], class_="rows")
    if others := rows[in_sight:]:
        words = more.format(count=persian(len(others)))
        yield unfolding(words, el("ul", *others, class_="rows mt-2"))


def unfolding(words: str, *inside: str, is_open: bool = False) -> Markup:
    """Return words that unfold what most readers do not need."""
    return el("details", el("summary", words, class_="disclosure link"), *inside, open=is_open)


def session_list(
    sessions: Sequence[OwnSession], now: datetime, machine_now: datetime, action: str
) -> Iterable[Markup]:
    """Return the list, and a form that ends all other sessions; forms are sent to `action`.

    The reader's own device comes first; all but the first few are folded. Sessions are stored in
    machine time and shown in the city's, which is `now`.
    """
    ahead = now - machine_now
    own_first = sorted(sessions, key=lambda session: not session.is_this)
    rows = [_session(session, now, ahead, action) for session in own_first]
    yield muted(my_data_text.SESSIONS_LEAD)
    yield from folded(rows, SESSIONS_IN_SIGHT, my_data_text.MORE_SESSIONS)
    if len(sessions) > 1:
        others = button(my_data_text.END_OTHERS, kind="danger", name="others", value="1")
        yield form(action, others)
    else:
        yield muted(my_data_text.ONLY_THIS)


def _session(session: OwnSession, now: datetime, ahead: timedelta, action: str) -> Markup:
    device = session.device or my_data_text.DEVICE_UNKNOWN
    mark = el("span", my_data_text.THIS, class_="badge badge-glaze") if session.is_this else ""
    created, last = (
        dates_text.near_moment(at + ahead, now) for at in (session.created_at, session.used_at)
    )
    signed_in = my_data_text.SIGNED_IN.format(moment=created)
    used = my_data_text.USED.format(moment=last)
    end: Markup | str = ""
    if not session.is_this:
        press = el(
            "button",
            my_data_text.END,
            type="submit",
            name="session",
            value=session.handle,
            aria_label=my_data_text.END_LABEL.format(device=device),
            class_="btn btn-secondary",
        )
        end = form(action, press)
    name = el("bdi", device, dir="ltr") if session.device else device
    body = el(
        "span",
        el("span", name, mark, class_="row-title flex flex-wrap gap-2"),
        el("span", my_data_text.DOORS.get(session.door, ""), class_="row-meta block"),
        el("span", signed_in, class_="row-meta block"),
        el("span", used, class_="row-meta block"),
        class_="row-body",
    )
    return el("li", body, end, class_="grid gap-2 py-3")
