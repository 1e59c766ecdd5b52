"""`/witness/`: what a witness of the draw does, Monday by Monday."""

import reflex as rx

from publicmeeting.text.line import witness_text
from publicmeeting.ui.city.witness.state import WitnessState as S
from publicmeeting.ui.city.witness.value import kept_value
from publicmeeting.ui.city.witness.views import MondayCard
from publicmeeting.ui.design.figures import ltr
from publicmeeting.ui.design.flow import any_of, each, shown
from publicmeeting.ui.design.frames import board_frame
from publicmeeting.ui.design.links import anchor
from publicmeeting.ui.design.sheets import badge, notice, sheet
from publicmeeting.ui.design.states import empty
from publicmeeting.ui.shell.navigation import at_work, auth_guard, staff_rail


def page() -> rx.Component:
    return auth_guard(
        S,
        board_frame(
            staff_rail("/witness/"),
            rx.el.h1(witness_text.TITLE, class_name="sr-only"),
            at_work(witness_text.TITLE),
            rx.el.div(
                _lead(),
                _result(),
                rx.cond(
                    any_of(S.cards),
                    rx.el.ul(each(S.cards, _card), class_name="grid gap-4"),
                    empty(witness_text.NONE, witness_text.NONE_LEAD),
                ),
                class_name="mt-4 grid max-w-page gap-4",
            ),
            says=rx.cond(S.done, S.done, S.refused),
        ),
    )


def _lead() -> rx.Component:
    return rx.el.div(
        rx.el.p(witness_text.LEAD),
        rx.el.p(witness_text.WHY, class_name="text-ink2"),
        rx.el.p(
            witness_text.PARTY,
            " ",
            rx.el.strong(ltr(S.desk.party)),
            " · ",
            anchor(witness_text.WATCH, href="/ceremony/", class_name="link"),
        ),
        class_name="grid gap-1",
    )


def _result() -> rx.Component:
    return rx.el.div(
        rx.cond(S.done, notice(S.done)),
        rx.cond(S.refused, notice(S.refused, tone="brick")),
        class_name="grid gap-2 empty:hidden",
    )


def _card(one: MondayCard) -> rx.Component:
    """One Monday: what is so, and below it the value while there is one to look after."""
    return rx.el.li(
        sheet(
            rx.el.div(
                rx.el.div(
                    rx.el.h2(one.title, class_name="text-h3"),
                    badge(one.badge),
                    class_name="flex flex-wrap items-center justify-between gap-x-4",
                ),
                rx.el.p(one.status),
                shown(
                    one.mark,
                    rx.el.p(
                        witness_text.MARK, " ", ltr(one.mark), class_name="text-meta text-ink2"
                    ),
                ),
                rx.cond(
                    one.active,
                    kept_value(
                        S.desk.party, one.monday, one.mode, one.commitment, S.commit, S.show
                    ),
                ),
                class_name="grid gap-3",
            )
        ),
        key=one.monday,
    )
