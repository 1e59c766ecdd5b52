"""The demo bar: a movable clock and one tap to be somebody else. Closed it is one line."""

import reflex as rx

from publicmeeting.text.common import demo_text
from publicmeeting.ui.design.controls import button
from publicmeeting.ui.design.figures import ltr
from publicmeeting.ui.design.flow import any_of, each
from publicmeeting.ui.design.icons import icon
from publicmeeting.ui.design.sheets import notice, spoken
from publicmeeting.ui.shell.demo_state import DemoState as D
from publicmeeting.ui.shell.demo_state import Jump, Part, Shown


def demo_bar() -> rx.Component:
    """At the end of every page of the demo; nothing at all in a real city."""
    return rx.cond(
        D.clock,
        rx.el.details(
            rx.el.summary(
                icon("clock"),
                rx.el.span(demo_text.WORD, class_name="font-semibold"),
                rx.el.span(D.clock),
                class_name="demo-head",
                on_click=D.look_in,
            ),
            rx.el.div(
                rx.el.p(demo_text.LEAD, class_name="text-ink2"),
                spoken(rx.cond(D.refused, notice(D.refused, tone="brick"))),
                _group(demo_text.ADVANCE, each(D.offer.jumps, _jump)),
                rx.cond(any_of(D.offer.cards), _cards()),
                _group(demo_text.AS, each(D.offer.parts, _part)),
                rx.cond(any_of(D.offer.texts), _group(demo_text.SMS, each(D.offer.texts, _text))),
                class_name="demo-body",
            ),
            class_name="demo no-print",
        ),
        _not_yet(),
    )


def _not_yet() -> rx.Component:
    """The closed bar before the clock is known: as high, so that nothing moves when it comes."""
    return rx.el.div(
        rx.el.div(
            icon("clock"),
            rx.el.span(demo_text.WORD, class_name="font-semibold"),
            class_name="demo-head !cursor-default",
        ),
        class_name="demo no-print",
    )


def _group(title: str, *content: rx.Component) -> rx.Component:
    return rx.el.section(
        rx.el.h2(title, class_name="text-h3"),
        rx.el.div(*content, class_name="flex flex-wrap gap-1"),
        class_name="grid gap-2",
    )


def _jump(one: Jump) -> rx.Component:
    return rx.el.button(
        rx.el.span(one.label, class_name="block"),
        rx.el.span(one.when, class_name="block text-meta font-normal"),
        type="button",
        on_click=D.jump(one.at),
        # The list is read anew when the bar opens: no button may become another under a finger.
        key=one.label,
        class_name="btn btn-secondary btn-sm text-start",
    )


def _part(one: Part) -> rx.Component:
    return rx.el.form(
        rx.el.input(type="hidden", name="who", value=one.who),
        button(one.label, kind="secondary", size="sm", submit=True),
        method="post",
        action="/auth/demo",
        on_submit=None,
    )


def _cards() -> rx.Component:
    """Whose card reception would be shown; in the pretend city nobody brings one."""
    return rx.el.section(
        rx.el.h2(demo_text.CARDS, class_name="text-h3"),
        rx.el.p(demo_text.CARDS_LEAD, class_name="hint"),
        rx.el.ul(
            each(D.offer.cards, _card),
            class_name="grid gap-x-6 gap-y-1 sm:grid-cols-2 lg:grid-cols-3",
        ),
        class_name="grid gap-2",
    )


def _card(one: Shown) -> rx.Component:
    return rx.el.li(
        rx.el.span(one.time, class_name="num"),
        rx.el.span(one.name, class_name="grow"),
        ltr(one.identity, "select-all font-semibold"),
        class_name="flex flex-wrap items-center gap-x-3 border-s-4 border-edge ps-3",
    )


def _text(text: str) -> rx.Component:
    return rx.el.p(text, class_name="w-full whitespace-pre-line border-s-4 border-edge ps-3")
