"""The sheet: what is written by hand, typed and photographed on it, and the tools for that."""

from typing import Any

import reflex as rx

from publicmeeting.text.common import chrome_text
from publicmeeting.text.meetings import meeting_text
from publicmeeting.ui.design.controls import button
from publicmeeting.ui.design.fields import error_line
from publicmeeting.ui.design.figures import ltr
from publicmeeting.ui.design.flow import any_of, shown
from publicmeeting.ui.design.icons import icon
from publicmeeting.ui.design.models import Badge
from publicmeeting.ui.design.paper import letterhead
from publicmeeting.ui.design.sheets import badge
from publicmeeting.ui.mayor.ink.corners import corners
from publicmeeting.ui.mayor.ink.pad import ink_pad, tools_place
from publicmeeting.ui.mayor.meeting.draft import PEN, PHOTO, TYPE
from publicmeeting.ui.mayor.meeting.foot import FORM
from publicmeeting.ui.mayor.meeting.state import MeetingState as S
from publicmeeting.ui.mayor.meeting.stock import opener
from publicmeeting.ui.shell.send import photo_sender
from publicmeeting.usecases.base import MAX_TEXT
from publicmeeting.usecases.orders.paper.drafts import WORDS

LINES = (
    "bg-[repeating-linear-gradient(transparent_0_calc(2.1em-1px),"
    "var(--paperline)_calc(2.1em-1px)_2.1em)] bg-local"
)
"""Ruled like the paper; the lines go with the text."""
_WAYS = (
    (PEN, meeting_text.PEN, "pen"),
    (TYPE, meeting_text.TYPE, "keyboard"),
    (PHOTO, meeting_text.PHOTO, "camera"),
)


def tools() -> rx.Component:
    """How one writes at the start, what one writes with at the end."""
    return rx.el.div(
        rx.el.div(
            *(_way(*one) for one in _WAYS),
            role="group",
            aria_label=meeting_text.HOW,
            class_name="segment flex-nowrap",
        ),
        tools_place(),
        shown(S.desk.way == TYPE, opener()),
        # Over the letterhead: the sheet must not move under the hand.
        shown(
            S.done,
            rx.el.div(
                badge(Badge(meeting_text.SAVED_SHORT, "glaze", "check")), class_name="sheet-said"
            ),
        ),
        class_name="relative flex flex-wrap items-center justify-between gap-x-3 gap-y-1",
    )


def _way(way: str, word: str, sign: str) -> rx.Component:
    return rx.el.button(
        icon(sign, "sm shown"),
        word,
        type="button",
        aria_pressed=rx.cond(S.desk.way == way, "true", "false"),
        on_click=S.write_by(way),
        class_name="chip !px-2.5",
    )


def sheet() -> rx.Component:
    """The letterhead; below it the photograph, the handwriting and the text, as they will stand
    on the composed sheet. What is chosen is ready to take more, what is empty is not in the way.
    """
    return rx.el.article(
        letterhead(S.table.paper),
        rx.cond(
            S.desk.way == PHOTO, _photographing(), shown(any_of(S.desk.papers), _photographed())
        ),
        rx.el.div(
            ink_pad(
                action=S.table.ink,
                page=S.laid.page,
                owner=S.laid.owner,
                way=S.desk.way,
                form=FORM,
                kept=sorted(WORDS),
                live=(S.desk.way == PEN) & S.table.may_order,
                empty_says=meeting_text.PEN_EMPTY,
                on_change=lambda strokes: rx.cond(S.errors["note"], S.begun(strokes), rx.noop()),
            ),
            error_line("ink", S.errors["ink"]),
            id=f"part-{PEN}",
        ),
        rx.el.div(
            rx.el.label(meeting_text.TEXT, html_for="text", class_name="sr-only"),
            _writing(),
            class_name=rx.cond(
                S.desk.way == TYPE, "paper-ink flex flex-col gap-1", "px-4 pb-2 sm:px-6"
            ),
            id=f"part-{TYPE}",
        ),
        rx.el.div(
            rx.el.span(S.table.paper.foot),
            rx.el.span(chrome_text.ORDER_LOG, " ", ltr(S.table.paper.log)),
            class_name="paper-foot mt-auto",
        ),
        aria_label=meeting_text.LETTERHEAD_SUB,
        class_name="paper paper-desk relative min-h-full",
    )


def _writing() -> rx.Component:
    """Seen whenever something stands in it; it takes the whole sheet while one types."""
    typing = f"paper-typed w-full flex-1 resize-none bg-transparent {LINES}"
    resting = "paper-typed field-sizing-content w-full resize-none bg-transparent"
    return rx.el.textarea(
        key=S.laid.page,
        id="text",
        name="text",
        form=FORM,
        default_value=S.laid.text,
        placeholder=" ",
        max_length=MAX_TEXT,
        rows="3",
        read_only=S.table.inside & ~S.table.may_order,
        aria_invalid=rx.cond(S.errors["note"], "true", "false"),
        on_change=lambda _: rx.cond(S.errors["note"], S.begun(1), rx.noop()),
        aria_describedby="text-error",
        class_name=rx.cond(S.desk.way == TYPE, typing, f"{resting} placeholder-shown:hidden"),
    )


def _photographing() -> rx.Component:
    """The way to send the paper; then its corners, or the straightened paper and the way back."""
    sender = photo_sender(kind="paper", photos=S.desk.papers, limit=1, on_change=S.paper_sent)
    page: Any = S.laid.page
    return rx.el.div(
        rx.cond(
            any_of(S.desk.papers),
            rx.cond(
                S.desk.is_straight,
                rx.el.div(
                    _paper("mx-auto max-h-[60dvh] w-auto"),
                    button(
                        meeting_text.AS_IT_WAS,
                        kind="secondary",
                        size="sm",
                        sign="undo",
                        on_click=S.as_it_was,
                    ),
                    class_name="grid justify-items-start gap-3",
                ),
                corners(S.desk.papers[0].full, S.straightened),
            ),
            rx.el.p(meeting_text.PAPER_LEAD),
        ),
        # Drawn anew for another picture: it would still show the one it has sent.
        rx.el.div(sender, key=rx.cond(S.desk.is_straight, "made", page), class_name="relative"),
        id=f"part-{PHOTO}",
        class_name="mx-4 mt-4 grid scroll-mt-32 gap-3",
    )


def _photographed() -> rx.Component:
    """On the sheet while one writes below it: small, so that the writing is in sight."""
    return rx.el.div(_paper("mx-auto max-h-32 w-auto"), class_name="border-b border-line px-4 py-3")


def _paper(look: str) -> rx.Component:
    return rx.el.img(
        src=S.desk.papers[0].full, alt=meeting_text.PAPER_SAYS, decoding="async", class_name=look
    )
