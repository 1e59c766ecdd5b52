"""The section of her ask for a lane."""

import reflex as rx

from publicmeeting.text.line import lanes_text
from publicmeeting.ui.citizen.timeline.forms import answered, move_button, open_form
from publicmeeting.ui.citizen.timeline.lanes import LaneView
from publicmeeting.ui.citizen.timeline.moves import LANE
from publicmeeting.ui.citizen.timeline.state import TimelineState as S
from publicmeeting.ui.design.flow import any_of, each
from publicmeeting.ui.design.frames import section
from publicmeeting.ui.design.sheets import badge, sheet


def lane_card(lane: LaneView) -> rx.Component:
    """Quiet, below the Mondays: most need no lane."""
    reasons = rx.el.div(
        rx.el.p(lanes_text.REASONS, class_name="text-ink2"),
        rx.el.ul(
            each(lane.reasons, lambda one: rx.el.li(one)),  # noqa: PLW0108 (a var passes two)
            class_name="list-disc ps-5",
        ),
    )
    standing = sheet(
        rx.el.div(
            rx.el.div(
                rx.el.h3(lane.head, class_name="text-h3"),
                badge(lane.badge),
                class_name="flex flex-wrap items-center justify-between gap-2",
            ),
            rx.el.p(lane.text),
            rx.cond(lane.more, rx.el.p(lane.more, class_name="text-ink2")),
            rx.cond(any_of(lane.reasons), reasons),
            class_name="grid gap-3",
        )
    )
    return rx.cond(
        lane.shown | (S.move.place == LANE),
        section(
            lanes_text.TITLE,
            rx.cond(lane.head, standing),
            answered(LANE),
            rx.cond(lane.why_not, rx.el.p(lane.why_not, class_name="text-ink2")),
            rx.cond(lane.ask.key, rx.el.div(move_button(lane.ask), class_name="grid")),
            open_form(LANE),
            lead=rx.cond(lane.head, "", lanes_text.LEAD),
        ),
        answered(LANE),
    )
