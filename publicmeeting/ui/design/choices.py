"""Choosing one or several: chips, segments of a mode or a filter, and a box to tick."""

from collections.abc import Sequence

import reflex as rx

from publicmeeting.ui.design.fields import error_line
from publicmeeting.ui.design.flow import Handler, each, pick, shown
from publicmeeting.ui.design.icons import icon
from publicmeeting.ui.design.models import Choice


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
) -> rx.Component:
    """A question with its answers in sight; radio buttons, or check boxes if `several`.

    Uncontrolled: `value` is what is chosen at first (with `several`, values joined by commas).
    `takes_focus`: `rx.set_focus(name)` leads here, and the next Tab to the first answer.
    """

    def chip(option: Choice) -> rx.Component:
        return rx.el.label(
            rx.el.input(
                type="checkbox" if several else "radio",
                name=name,
                value=option.value,
                default_checked=_holds(value, option.value, several=several),
                class_name="peer sr-only",
            ),
            rx.el.span(icon("check", "sm"), option.label, class_name="chip"),
            class_name="relative",
        )

    focus = {"tab_index": -1} if takes_focus else {}
    return rx.el.fieldset(
        rx.el.legend(label, class_name="field-label mb-2"),
        shown(hint, rx.el.p(hint, class_name="mb-2 text-meta text-ink2")),
        rx.el.div(each(options, chip), class_name="chips", id=name, **focus),
        error_line(name, error),
        class_name="grid min-w-0",
    )


def _holds(value: str, one: str, *, several: bool) -> bool:
    if isinstance(value, rx.Var) or isinstance(one, rx.Var):
        whole = rx.Var.create(value)
        return whole.split(",").contains(one) if several else whole == one
    return one in value.split(",") if several else value == one


def pressed_chips(
    says: str, options: Sequence[Choice], chosen: str, on_choose: Handler = None
) -> rx.Component:
    """Chips that act at once: `on_choose(value)`; `chosen` is the value that holds now."""

    def chip(option: Choice) -> rx.Component:
        return _pressable(option, chosen, on_choose, icon("check", "sm"), option.label)

    return rx.el.div(each(options, chip), role="group", aria_label=says, class_name="chips")


def segment(
    says: str, options: Sequence[Choice], chosen: str, on_choose: Handler = None
) -> rx.Component:
    """A switch of mode or filter; the chosen one is ink. `count` stands after the word."""

    def part(option: Choice) -> rx.Component:
        return _pressable(
            option,
            chosen,
            on_choose,
            rx.el.span(option.label),
            shown(option.count, rx.el.span(option.count)),
        )

    return rx.el.div(each(options, part), role="group", aria_label=says, class_name="segment")


def _pressable(
    option: Choice, chosen: str, on_choose: Handler, *face: rx.Component | str
) -> rx.Component:
    return rx.el.button(
        *face,
        type="button",
        aria_pressed=pick(option.value == chosen, "true", "false"),
        class_name="chip",
        **({"on_click": on_choose(option.value)} if on_choose is not None else {}),
    )


def tick(label: str, name: str, *, value: bool = False, hint: str = "") -> rx.Component:
    """A box to tick; the label says what is true once it is ticked."""
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
