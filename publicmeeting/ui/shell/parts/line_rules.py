"""How seats are assigned, in four sentences; the third depends on whether the log has witnesses."""

import reflex as rx

from publicmeeting.kit.digits import persian
from publicmeeting.text.districts import home_text
from publicmeeting.ui.design.figures import tile
from publicmeeting.ui.design.models import Tile


def four_rules(*, is_watched: bool) -> rx.Component:
    """The four sentences as a numbered list.

    The strong third sentence is shown if others than the city sign the log and no fault is known.
    Otherwise, and until that is known, a weaker sentence is shown.
    """
    return numbered(
        rx.el.p(home_text.WEEKS_FIRST),
        rx.el.p(home_text.THEN_THE_DRAW),
        rx.el.p(rx.cond(is_watched, home_text.NOBODY_UNSEEN, home_text.IN_THE_LOG)),
        rx.el.p(home_text.COUNT_AGAIN),
    )


def numbered(*parts: rx.Component) -> rx.Component:
    """A list with each part beside its number in a tile."""
    return rx.el.ol(
        *(
            rx.el.li(
                tile(Tile("glazed", persian(at)), "size-9 shrink-0"), part, class_name="flex gap-4"
            )
            for at, part in enumerate(parts, 1)
        ),
        class_name="grid gap-4",
    )
