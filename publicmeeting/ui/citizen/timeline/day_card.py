"""The card of the meeting day on a citizen's page, and the alarm when she is called."""

import reflex as rx
from reflex_base.vars.number import BooleanVar

from publicmeeting.text.tracking import case_text, day_text
from publicmeeting.ui.citizen.timeline.forms import answer_line
from publicmeeting.ui.citizen.timeline.moves import DAY
from publicmeeting.ui.citizen.timeline.state import TimelineState as S
from publicmeeting.ui.citizen.timeline.status import DayView, StatusView
from publicmeeting.ui.design.controls import button
from publicmeeting.ui.design.figures import digit_cells
from publicmeeting.ui.design.flow import Handler, pick, shown
from publicmeeting.ui.design.icons import icon
from publicmeeting.ui.design.sheets import notice
from publicmeeting.ui.reflex.scripts import link_script
from publicmeeting.ui.shell.trouble import is_offline


class CallAlarm(rx.Component):
    """Component of call_alarm.js. It draws nothing, and reads the call from the page."""

    library = link_script(__name__, "call_alarm.js")
    tag = "CallAlarm"

    title: rx.Var[str]


def call_alarm() -> rx.Component:
    return CallAlarm.create(title=day_text.CALLED_TITLE)


def status_part(status: StatusView, call: str) -> rx.Component:
    """The heading about what happened. A call into the room is an alert, which is announced at
    once.

    `call` is the identity of the call.
    """
    head = rx.el.h2(status.head, class_name="text-h3")
    meaning = shown(status.means, rx.el.p(status.means))
    called = rx.el.div(
        rx.el.div(icon("bell"), head, class_name="call-head"),
        rx.el.div(meaning, class_name="call-body"),
        role="alert",
        custom_attrs={"data-call": call},
        class_name="call",
    )
    return rx.el.div(
        pick(status.is_called, called, rx.fragment(head, meaning)),
        class_name="mb-4 grid gap-1",
    )


def day_card() -> rx.Component:
    """The day's card, above the rest of her turn; the result of her answer is beside its button."""
    day = S.case.day
    return rx.fragment(
        answer_line(DAY),
        rx.cond(
            day.coming.key,
            coming_button(day.answer, day.answer_why, S.tap(day.coming.key), busy=S.busy),
        ),
        shown(day.number, day_sheet(day, is_stale=is_offline)),
    )


def coming_button(
    answer: str, why: str, on_click: Handler = None, *, busy: bool = False
) -> rx.Component:
    """Her answer to a call, while it is open."""
    return rx.el.div(
        button(
            answer,
            size="lg",
            on_click=on_click,
            busy=busy,
            busy_label=case_text.SENDING,
        ),
        rx.el.p(why, class_name="text-ink2"),
        class_name="mb-4 grid gap-2",
    )


def day_sheet(day: DayView, *, is_stale: BooleanVar | bool = False) -> rx.Component:
    """Her number, then who is in, then when she goes in, and the time of this information."""
    number = rx.el.div(
        rx.el.span(day_text.NUMBER, class_name="text-meta"),
        rx.el.span(digit_cells(day.number), class_name="text-num-xl"),
        class_name="tile t-now day-number shrink-0",
    )
    going_on = rx.el.div(
        shown(day.before, rx.el.p(day.before, class_name="text-h3")),
        rx.el.p(day.inside),
        class_name="grid content-center gap-1",
    )
    as_of = rx.el.p(day_text.NOW, " · ", day.as_of, class_name="text-meta text-ink2")
    return rx.el.section(
        rx.el.div(number, going_on, class_name="flex items-center gap-4"),
        shown(
            day.entry,
            rx.el.div(
                rx.el.p(day.entry, class_name="font-semibold"),
                shown(day.right, rx.el.p(day.right, class_name="text-meta text-ink2")),
            ),
        ),
        shown(day.passed, rx.el.p(day.passed)),
        rx.cond(is_stale, notice(day.stale, tone="brick"), as_of),
        aria_label=day_text.NUMBER,
        class_name="sheet",
    )
