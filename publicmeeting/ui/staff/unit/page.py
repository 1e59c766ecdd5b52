"""`/unit/` and `/unit/[number]/`: the orders of a unit, and one of them beside the list."""

import reflex as rx

from publicmeeting.text.orders import unit_text
from publicmeeting.ui.shell.send import photo_sender
from publicmeeting.ui.shell.steps.beside import decision_bar, desk_page
from publicmeeting.ui.staff.unit import parts
from publicmeeting.ui.staff.unit.state import EACH_MOST
from publicmeeting.ui.staff.unit.state import UnitState as S
from publicmeeting.usecases.filing.pictures import BEFORE, REPORT


def page() -> rx.Component:
    bar = decision_bar(
        S,
        S.order.number,
        unit_text.DECISION,
        unit_text.DECISION_LEAD,
        none=unit_text.NO_STEPS,
        sender=_senders(),
    )
    return desk_page(
        S,
        "/unit/",
        unit_text.TITLE,
        list_=parts.the_list(),
        detail=parts.the_order(),
        bar=bar,
        has_detail=S.order.number | S.order.refused,
    )


def _senders() -> rx.Component:
    """One for each side of the work. Another order, other senders: they remember what arrived."""
    sides = (
        (BEFORE, unit_text.BEFORE_ADD, S.sent.before, S.before_changed),
        (REPORT, unit_text.AFTER_ADD, S.sent.after, S.photos_changed),
    )
    return rx.el.fieldset(
        rx.el.legend(unit_text.PHOTOS, class_name="field-label"),
        rx.el.p(unit_text.PHOTOS_LEAD, class_name="hint mb-2 max-sm:hidden"),
        rx.el.div(
            *(
                photo_sender(
                    kind,
                    about=S.order.number,
                    photos=photos,
                    on_change=changed,
                    limit=EACH_MOST,
                    choose_says=says,
                )
                for kind, says, photos, changed in sides
            ),
            class_name="grid items-start gap-3 sm:grid-cols-2",
        ),
        key=S.order.number,
    )
