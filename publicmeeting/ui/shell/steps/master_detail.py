"""A page with a list, the open case beside it and its decision bar: the same for every office."""

from collections.abc import Sequence
from typing import Any

import reflex as rx

from publicmeeting.text.officials import staff_text
from publicmeeting.ui.design.flow import any_of
from publicmeeting.ui.design.frames import LINES, desk_frame
from publicmeeting.ui.design.icons import icon
from publicmeeting.ui.design.links import anchor
from publicmeeting.ui.design.models import Row
from publicmeeting.ui.design.sheets import notice, rows
from publicmeeting.ui.shell.navigation import at_work, auth_guard, staff_rail
from publicmeeting.ui.shell.steps.keys import DONE, NEXT, DeskKeys
from publicmeeting.ui.shell.steps.parts import FormEvents, decision
from publicmeeting.ui.shell.steps.state import MasterDetailState


def desk_page(
    S: type[MasterDetailState],
    path: str,
    title: str,
    *,
    list_: Sequence[rx.Component],
    detail: Sequence[rx.Component],
    bar: rx.Component,
    has_detail: Any,
    opened: Any = "",
    rail: str = "",
) -> rx.Component:
    """The whole page.

    `rail` is the marked entry of the navigation, if it is not the page's own path. `opened` is the
    title of the open case: a screen reader announces it when it has opened beside the list.
    """
    comes = rx.cond(S.form.action, "", opened)
    return auth_guard(
        S,
        rx.fragment(
            DeskKeys.create(),
            desk_frame(
                staff_rail(rail or path),
                title=title,
                list_=[rx.cond(S.unread, notice(S.unread, tone="neutral")), *list_],
                detail=detail,
                decision=bar,
                has_detail=has_detail,
                has_lines=True,
                announcement=rx.cond(
                    S.done,
                    S.done,
                    rx.cond(S.refused, S.refused, rx.cond(S.stale, S.stale, comes)),
                ),
                answers=S.answers,
            ),
        ),
    )


def decision_bar(
    S: type[MasterDetailState],
    is_open: Any,
    title: str,
    lead: str,
    *,
    none: str,
    sender: rx.Component | None = None,
) -> rx.Component:
    """The decision bar of the open case."""
    events = FormEvents(S.choose, S.send, S.cancel, S.keep_note, S.take_template)
    return rx.cond(
        is_open,
        decision(
            title,
            lead,
            S.buttons,
            S.form,
            S.errors,
            S.answers,
            events,
            refused=S.refused,
            stale=S.stale,
            busy=S.busy,
            sender=sender,
            none=none,
        ),
    )


def list_part(
    title: str,
    above: Sequence[rx.Component],
    lines: Sequence[Row],
    nothing: rx.Component,
    *,
    drawn: rx.Component | None = None,
    below: Sequence[rx.Component] = (),
) -> list[rx.Component]:
    """The list with its head. `above` are filters; `drawn` are the lines if they are not the usual
    rows."""
    return [
        at_work(title),
        rx.el.div(
            *above,
            rx.el.div(
                rx.cond(
                    any_of(lines), rows(lines, dense=True) if drawn is None else drawn, nothing
                ),
                id=LINES,
                tab_index=-1,
            ),
            *below,
            class_name="mt-3 grid gap-3",
        ),
    ]


def open_part(
    back: str,
    S: type[MasterDetailState],
    is_open: Any,
    opened: rx.Component,
    refused: str,
    nothing: rx.Component,
) -> list[rx.Component]:
    """The open case, under the notice of what was done and the link to the next case.

    If no case is open, it says why it cannot be opened, or how to open one.
    """
    return [
        rx.el.div(
            anchor(icon("back"), staff_text.BACK_TO_LIST, href=back, class_name="back"),
            class_name="desk-only-narrow mb-3",
        ),
        rx.cond(
            S.done,
            rx.el.div(notice(S.done, action=_onward(S)), id=DONE, tab_index=-1, class_name="mb-4"),
        ),
        # An open form shows the refusal above its fields.
        rx.cond(
            S.refused & ~S.form.action,
            rx.el.div(notice(S.refused, tone="brick"), class_name="mb-4"),
        ),
        rx.cond(is_open, opened, rx.cond(refused, notice(refused, tone="brick"), nothing)),
    ]


def _onward(S: type[MasterDetailState]) -> rx.Component:
    """The link to the next case after a step was taken."""
    return rx.cond(
        S.onward.href,
        anchor(S.onward.title, href=S.onward.href, id=NEXT, class_name="link nav-link"),
        rx.el.p(S.onward.title),
    )
