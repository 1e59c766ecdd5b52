"""What filing and looking up share: the two addresses, and a field with the question beside it."""

from collections.abc import Sequence
from typing import Any

import reflex as rx

from publicmeeting.text.filing import assist_text
from publicmeeting.ui.design.controls import anchor, button
from publicmeeting.ui.design.fields import field
from publicmeeting.ui.design.flow import Handler, each, pick
from publicmeeting.ui.design.icons import icon

HERE, FOLLOW = (href for href, _ in assist_text.TABS)


def tabs(here: str) -> rx.Component:
    return rx.el.nav(
        *(
            anchor(
                word, href=href, class_name="chip", aria_current=pick(href == here, "true", "false")
            )
            for href, word in assist_text.TABS
        ),
        aria_label=assist_text.TABS_LABEL,
        class_name="segment mt-3",
    )


def with_question(question: str, *content: rx.Component) -> rx.Component:
    """A field with the question to ask beside it, or above it in a narrow window."""
    return rx.el.div(
        rx.el.div(*content, class_name="min-w-0"),
        spoken_question(question),
        class_name=(
            "flex flex-col-reverse gap-x-6 gap-y-2 md:grid "
            "md:grid-cols-[minmax(0,1fr)_minmax(0,17rem)] md:items-start"
        ),
    )


def identity_fields(kind: rx.Component, label: str, **field_props: Any) -> rx.Component:
    """Type and number of an identity document; the browser must not offer earlier numbers."""
    number = field(label, "identity", kind="number", **field_props)
    return rx.el.div(kind, number, class_name="grid gap-4 sm:grid-cols-[11rem_minmax(0,1fr)]")


def spoken_question(question: str) -> rx.Component:
    return rx.el.p(
        icon("chat", "sm"),
        rx.el.span(rx.el.span(assist_text.SAY, class_name="sr-only"), question),
        class_name="with-icon border-s-4 border-glaze ps-3 md:mt-7",
    )


def debounced(event: Handler) -> Handler:
    """Delay the event until typing has paused for 0.25 seconds."""
    return event.debounce(250)


def sentences(title: str, lines: Sequence[str]) -> rx.Component:
    """What to say now, one sentence a line; printed, she takes them home."""
    return rx.el.section(
        rx.el.h3(icon("chat"), title, class_name="with-icon no-print text-h3"),
        rx.el.ul(
            each(lines, lambda line: rx.el.li(rx.el.p(line), class_name="py-1")),
            class_name="mt-2 grid gap-1 border-s-4 border-glaze ps-4",
        ),
    )


def submit(word: str) -> rx.Component:
    """The submit button of a form in a call."""
    return button(word, submit=True, class_name="md:justify-self-start")
