"""Form fields: label above, hint and counter below, an error with an icon and what to do.

All fields are uncontrolled: they take their first value when they appear, and the browser keeps
what is typed. A text field still follows its state until the user touches it. Lists, chips and
ticks do not. So draw a form whose values come from the server inside `states.unless_loading`.
"""

from collections.abc import Callable, Sequence
from typing import Any, Literal

import reflex as rx

from publicmeeting.kit.digits import persian
from publicmeeting.text.common import chrome_text
from publicmeeting.ui.design.flow import (
    Handler,
    each,
    filled,
    in_browser,
    is_plain,
    may_hold,
    persian_in_browser,
    pick,
    shown,
)
from publicmeeting.ui.design.icons import icon
from publicmeeting.ui.design.models import Choice
from publicmeeting.ui.design.tehran import touch
from publicmeeting.ui.reflex.scripts import link_script

FieldKind = Literal["text", "number", "tel", "code", "search", "password"]

# Digits are typed left to right; any digits are accepted, so never type=number.
_KINDS: dict[str, dict[str, str]] = {
    "text": {"type": "text"},
    # The browser of a shared computer must not offer the numbers of others.
    "number": {"type": "text", "input_mode": "numeric", "dir": "ltr", "auto_complete": "off"},
    "tel": {"type": "tel", "dir": "ltr", "auto_complete": "tel"},
    "code": {
        "type": "text",
        "input_mode": "numeric",
        "dir": "ltr",
        "auto_complete": "one-time-code",
    },
    "search": {"type": "search"},
    "password": {"type": "password", "dir": "ltr"},
}


def field(
    label: str,
    name: str,
    *,
    kind: FieldKind = "text",
    value: str = "",
    hint: str = "",
    error: str = "",
    sign: str = "",
    note: str = "",
    read_only: bool = False,
    max_length: int = 0,
    **props: Any,
) -> rx.Component:
    """One line of text.

    The field is uncontrolled: `value` is what it starts with; save it on blur. The input's id is
    `name`, so `rx.set_focus(name)` leads to the first error. `note` is the id of an element
    elsewhere whose text describes the field too.
    """
    attributes = {**_KINDS[kind], **filled(read_only=read_only, max_length=max_length), **props}
    box = rx.el.input(
        id=name,
        name=name,
        default_value=value,
        class_name="input",
        **_voice(name, hint, error, note),
        **attributes,
    )
    return _framed(label, name, _with_sign(sign, box), hint=hint, error=error)


def password_field(*, error: str = "") -> rx.Component:
    """An official's password, with a button that shows it; hidden at first."""
    name = "password"
    show = rx.el.button(
        chrome_text.SHOW_PASSWORD,
        type="button",
        aria_pressed="false",
        aria_controls=name,
        custom_attrs={"onClick": touch("reveal")},
        class_name="chip justify-self-start",
    )
    box = field(
        chrome_text.PASSWORD,
        name,
        kind="password",
        error=error,
        auto_complete="current-password",
    )
    return rx.el.div(box, show, class_name="grid gap-2")


REST_MS = 600
"""Pause in typing after which a text is saved, in milliseconds."""


def saving(save: Callable[[Any], Handler]) -> dict[str, Handler]:
    """Return the events that save a field: at each pause in typing, and when the field loses focus.

    A pause saves because the tab may close at any moment. The blur event is needed too: if the
    pause begins after she has gone on to another field, only that field is saved.
    """
    return {"on_change": lambda value: save(value).debounce(REST_MS), "on_blur": save}


def area(
    label: str,
    name: str,
    *,
    value: str = "",
    hint: str = "",
    error: str = "",
    limit: int = 0,
    limit_words: str = "",
    cut: bool = True,
    rows: int = 5,
    **props: Any,
) -> rx.Component:
    """A text of several lines, with a counter below if it has a `limit`.

    `limit_words` is the limit in Persian digits. Without `cut` the user may type or paste more than
    the limit; the server then answers by how much it is too long.
    """
    counting = {"custom_attrs": {"onInput": touch("count")}} if limit else {}
    counting |= filled(max_length=limit if cut else 0)
    box = rx.el.textarea(
        id=name,
        name=name,
        default_value=value,
        rows=str(rows),
        class_name="input",
        **_voice(name, hint, error),
        **counting,
        **props,
    )
    counter = _counter(name, value, limit_words) if limit else rx.fragment()
    return _framed(label, name, box, hint=hint, error=error, counter=counter)


def select(
    label: str,
    name: str,
    options: Sequence[Choice],
    *,
    value: str = "",
    hint: str = "",
    error: str = "",
    **props: Any,
) -> rx.Component:
    """The browser's own list, for more than about seven choices."""
    box = rx.el.div(
        rx.el.select(
            each(options, lambda option: rx.el.option(option.label, value=option.value)),
            id=name,
            name=name,
            default_value=value,
            class_name="input",
            **_voice(name, hint, error),
            **props,
        ),
        rx.el.span(icon("forward", "sm"), class_name="select-sign"),
        class_name="input-box",
    )
    return _framed(label, name, box, hint=hint, error=error)


def _framed(
    label: str,
    name: str,
    box: rx.Component,
    *,
    hint: str,
    error: str,
    counter: rx.Component | None = None,
) -> rx.Component:
    below = (is_plain(hint) and not hint) and counter is None
    return rx.el.div(
        rx.el.label(label, html_for=name, class_name="field-label"),
        box,
        error_line(name, error),
        rx.fragment()
        if below
        else rx.el.div(
            rx.el.span(hint, id=f"{name}-hint"),
            counter or rx.fragment(),
            class_name="hint",
        ),
        class_name="field",
    )


def error_line(name: str, error: str) -> rx.Component:
    """The error of a field: what is wrong and what to do. Screen readers announce it when it
    appears.

    The field refers to it by the id `{name}-error`.
    """
    return rx.el.div(
        shown(error, rx.el.p(icon("flag"), rx.el.span(error), class_name="error")),
        id=f"{name}-error",
        role="alert",
        class_name=pick(error, "", "hidden"),
    )


def _voice(name: str, hint: str, error: str, note: str = "") -> dict[str, Any]:
    described_by = f"{note} {_described_by(name, hint, error)}".strip()
    return {
        **filled(aria_describedby=described_by),
        **({"aria_invalid": pick(error, "true", "false")} if may_hold(error) else {}),
    }


def _described_by(name: str, hint: str, error: str) -> str:
    return " ".join(
        f"{name}-{part}" for part, text in (("error", error), ("hint", hint)) if may_hold(text)
    )


def _with_sign(sign: str, box: rx.Component) -> rx.Component:
    return rx.el.div(icon(sign), box, class_name="input-box") if sign else box


def _counter(name: str, value: str, limit_words: str) -> rx.Component:
    return rx.el.span(
        rx.el.span(_length(value), id=f"{name}-count"),
        f" {chrome_text.COUNT_OF} {limit_words}",
        class_name="whitespace-nowrap",
    )


def _length(value: str) -> str:
    if not isinstance(value, rx.Var):
        return persian(len(value))
    length: Any = in_browser(persian_in_browser("([...({} ?? '')].length)"), value)
    return length


def chips(
    label: str,
    name: str,
    options: Sequence[Choice],
    *,
    value: str = "",
    several: bool = False,
    error: str = "",
    hint: str = "",
    takes_focus: bool = False,
    on_choose: Handler = None,
) -> rx.Component:
    """A question with all its answers visible: radio buttons, or check boxes if `several`.

    Uncontrolled: `value` is the first choice; with `several`, values joined by commas. With
    `takes_focus`, `rx.set_focus(name)` leads here, and the next Tab to the first answer.
    `on_choose` is called at each change with what is chosen, in the form of `value`.
    """
    chosen = f"[...document.querySelectorAll('[name={name}]:checked')].map((o) => o.value).join()"
    hears = {} if on_choose is None else {"on_change": lambda: on_choose(rx.Var(chosen).to(str))}

    def chip(option: Choice) -> rx.Component:
        return answer_chip(
            option.label,
            type="checkbox" if several else "radio",
            name=name,
            value=option.value,
            default_checked=_holds(value, option.value, several=several),
            **hears,
        )

    focus = {"tab_index": -1} if takes_focus else {}
    return rx.el.fieldset(
        rx.el.legend(label, class_name="field-label mb-2"),
        shown(hint, rx.el.p(hint, id=f"{name}-hint", class_name="mb-2 text-meta text-ink2")),
        rx.el.div(each(options, chip), class_name="chips", id=name, **focus),
        error_line(name, error),
        class_name="grid min-w-0",
        **filled(aria_describedby=_described_by(name, hint, error)),
    )


def answer_chip(label: str, **of_input: Any) -> rx.Component:
    """One answer of a question: a radio button or a check box that looks like a chip."""
    return rx.el.label(
        rx.el.input(class_name="peer sr-only", **of_input),
        rx.el.span(icon("check", "sm"), label, class_name="chip"),
        class_name="relative",
    )


def _holds(value: str, one: str, *, several: bool) -> bool:
    if isinstance(value, rx.Var) or isinstance(one, rx.Var):
        whole = rx.Var.create(value)
        return whole.split(",").contains(one) if several else whole == one
    return one in value.split(",") if several else value == one


def pressed_chips(
    aria_label: str, options: Sequence[Choice], chosen: str, on_choose: Handler = None
) -> rx.Component:
    """Filters of a list: chips that act at once, with `on_choose(value)`. `chosen` is the current
    value."""

    def chip(option: Choice) -> rx.Component:
        return _pressable(option, chosen, on_choose, icon("check", "sm"))

    return rx.el.div(each(options, chip), role="group", aria_label=aria_label, class_name="chips")


def pressed_chip(face: Any, chosen: Any, on_click: Handler) -> rx.Component:
    """A chip that acts at once."""
    return rx.el.button(
        icon("check", "sm"),
        face,
        type="button",
        aria_pressed=pick(chosen, "true", "false"),
        on_click=on_click,
        class_name="chip",
    )


def segment(
    aria_label: str, options: Sequence[Choice], chosen: str, on_choose: Handler = None
) -> rx.Component:
    """A switch between two pages or forms. The chosen part is dark."""

    def part(option: Choice) -> rx.Component:
        return _pressable(option, chosen, on_choose)

    return rx.el.div(each(options, part), role="group", aria_label=aria_label, class_name="segment")


def _pressable(
    option: Choice, chosen: str, on_choose: Handler, *sign: rx.Component
) -> rx.Component:
    """A button of a choice; its `count` follows its word."""
    return rx.el.button(
        *sign,
        rx.el.span(option.label),
        shown(option.count, rx.el.span(option.count)),
        type="button",
        aria_pressed=pick(option.value == chosen, "true", "false"),
        class_name="chip",
        **({"on_click": on_choose(option.value)} if on_choose is not None else {}),
    )


def tick(label: str, name: str, *, value: bool = False, hint: str = "") -> rx.Component:
    """A check box. Its label says what is true when it is ticked."""
    return rx.el.label(
        rx.el.input(
            type="checkbox",
            name=name,
            id=name,
            default_checked=value,
        ),
        rx.el.span(label, shown(hint, rx.el.span(hint, class_name="block text-meta text-ink2"))),
        class_name="check",
    )


class FirstFocus(rx.Component):
    """Component of first_focus.js."""

    library = link_script(__name__, "first_focus.js")
    tag = "FirstFocus"

    field: rx.Var[str]


def takes_first_focus(name: str) -> rx.Component:
    """Give this field of an official's page the focus when it is drawn; place it beside the field.

    With the browser's own `auto_focus`, a field that is drawn late takes the cursor from somebody
    who has gone on.
    """
    return FirstFocus.create(field=name)


class ErrorSummary(rx.Component):
    """Component of error_summary.js, which reads labels and errors from the form around it."""

    library = link_script(__name__, "error_summary.js")
    tag = "ErrorSummary"

    errors: rx.Var[dict[str, str]]
    answers: rx.Var[int]
    title: rx.Var[str]
    at_once: rx.Var[bool]


def error_summary(
    errors: Any,
    answers: Any = 0,
    *,
    title: Any = chrome_text.WRONG,
    at_once: bool = False,
) -> rx.Component:
    """Draw the focus after a refusal in its form, before the fields.

    If one field is wrong, it gets the focus, and its own line says why. If several are wrong, a
    list at the head of the form gets the focus. It names each field with its error and links to it.

    `answers` grows with each answer that has errors, even if they are the same as before. With
    `at_once` the first drawing counts as an answer, as when the browser posts a native form and the
    answer is the page that opens.
    """
    return ErrorSummary.create(errors=errors, answers=answers, title=title, at_once=at_once)
