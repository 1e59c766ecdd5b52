"""The order sheet and its foot: content, units, due date, and the button that issues it."""

from typing import Any

import reflex as rx

from publicmeeting.domain.orders.promises import FAR_DAYS, PROMISE_MOST
from publicmeeting.domain.records import PictureKind
from publicmeeting.kit.digits import persian
from publicmeeting.text.common import chrome_text
from publicmeeting.text.meetings import meeting_text
from publicmeeting.ui.design.controls import button, open_dialog
from publicmeeting.ui.design.fields import error_line, error_summary, field, pressed_chip
from publicmeeting.ui.design.figures import ltr
from publicmeeting.ui.design.flow import any_of, each, shown
from publicmeeting.ui.design.icons import icon
from publicmeeting.ui.design.models import Badge
from publicmeeting.ui.design.paper import letterhead
from publicmeeting.ui.design.sheets import badge
from publicmeeting.ui.mayor.days import DAYS
from publicmeeting.ui.mayor.ink.pad import corners, ink_pad, tools_place
from publicmeeting.ui.mayor.meeting.draft import PEN, PHOTO, TYPE
from publicmeeting.ui.mayor.meeting.state import MeetingState as S
from publicmeeting.ui.mayor.meeting.views import DueChip, UnitChip, UnitDue
from publicmeeting.ui.mayor.profile import opener
from publicmeeting.ui.shell.photos import photo_sender
from publicmeeting.usecases.base import MAX_TEXT
from publicmeeting.usecases.orders.paper.drafts import WORDS

FORM, UNITS, EACH = "order", "more-units", "each-unit"
END = "end-meeting"


def foot() -> rx.Component:
    """Unit, due date, promise, and the buttons that decide."""
    return rx.el.form(
        _hidden("page", S.initial.page),
        owner(),
        error_summary(S.errors, S.answers),
        # here it is always visible; on the sheet it might not be
        error_line("text", S.errors["note"]),
        _to_whom(),
        shown(S.desk.due.far, _reason()),
        _promise(),
        rx.el.div(
            button(
                rx.cond(S.table.from_paper, meeting_text.ISSUE, meeting_text.FINISH),
                size="lg",
                submit=True,
                on_click=S.stays("end"),
                busy=S.busy,
                busy_label=meeting_text.FINISHING,
                class_name="flex-[3_1_14rem]",
            ),
            shown(
                ~S.table.from_paper,
                button(
                    meeting_text.ANOTHER,
                    kind="secondary",
                    size="lg",
                    sign="plus",
                    submit=True,
                    on_click=S.stays("another"),
                    class_name="flex-[1_1_10rem] whitespace-nowrap",
                ),
            ),
            class_name="flex flex-wrap gap-1",
        ),
        id=FORM,
        on_submit=S.record,
        method="post",
        class_name="sheet-foot",
    )


def owner() -> rx.Component:
    """A hidden field with the account whose sheet this is, because another may have signed in
    since."""
    return _hidden("owner", S.initial.owner)


def _hidden(name: str, value: Any) -> rx.Component:
    return rx.el.input(type="hidden", name=name, value=value, read_only=True)


def _to_whom() -> rx.Component:
    """Units and due date. On a low screen one line replaces them until they are to be changed.

    The paper then has more space.
    """
    line = rx.el.label(
        # Drawn again for each sheet, and therefore closed.
        rx.el.input(
            type="checkbox",
            key=S.initial.sheet,
            class_name="fold-switch sr-only",
        ),
        rx.el.span(S.desk.recap, class_name="font-semibold"),
        rx.el.span(meeting_text.CHANGE, class_name="fold-open link"),
        rx.el.span(meeting_text.CHANGED, class_name="fold-shut link"),
        class_name="fold-line chip relative",
    )
    rows = rx.el.div(
        _row(meeting_text.UNIT, "units", *_unit_chips()),
        _row(meeting_text.DUE, "due_on", *_due_chips()),
        class_name="fold-rows",
    )
    return rx.el.div(line, rows, class_name="fold")


def _row(label: str, name: str, *choices: rx.Component) -> rx.Component:
    return rx.el.div(
        rx.el.p(label, id=f"{name}-label", class_name="font-semibold"),
        rx.el.div(
            rx.el.div(*choices, role="group", aria_labelledby=f"{name}-label", class_name="chips"),
            error_line(name, S.errors[name]),
        ),
        class_name="grid items-center gap-2 sm:grid-cols-[3rem_1fr]",
    )


def _promise() -> rx.Component:
    """One sentence, and whether it is urgent."""
    box = rx.el.input(
        key=S.initial.sheet,
        id="promise",
        name="promise",
        default_value=S.initial.promise,
        max_length=PROMISE_MOST,
        placeholder=meeting_text.PROMISE_HINT,
        aria_describedby="promise-error",
        aria_invalid=rx.cond(S.errors["promise"], "true", "false"),
        class_name="input min-w-0 flex-1",
    )
    urgent = rx.el.button(
        icon("flag", "sm"),
        meeting_text.URGENT,
        type="button",
        aria_pressed=rx.cond(S.desk.urgent, "true", "false"),
        on_click=S.toggle_urgent,
        class_name="chip",
    )
    return rx.el.div(
        rx.el.label(meeting_text.PROMISE, html_for="promise", class_name="font-semibold"),
        rx.el.div(
            rx.el.div(box, urgent, class_name="flex gap-1"),
            error_line("promise", S.errors["promise"]),
            class_name="grid gap-1",  # space for the field's focus ring
        ),
        class_name="sheet-promise grid items-center gap-2",
    )


def _reason() -> rx.Component:
    return field(
        meeting_text.LONG_DUE.format(limit=persian(FAR_DAYS)),
        "reason",
        value=S.initial.reason,
        error=S.errors["reason"],
        key=S.initial.sheet,
    )


def _unit_chips() -> list[rx.Component]:
    """The suggested units of the subject and the chosen ones; a button opens the rest."""

    def near(chip: UnitChip) -> rx.Component:
        return shown(chip.suggested | is_chosen(chip), unit_chip(chip))

    others = rx.el.button(
        icon("plus", "sm"),
        meeting_text.OTHER_UNITS,
        type="button",
        on_click=open_dialog(UNITS),
        class_name="chip",
    )
    return [each(S.table.units, near), others]


def is_chosen(chip: UnitChip) -> Any:
    chosen: Any = S.desk.units
    return chosen.contains(chip.value)


def unit_chip(chip: UnitChip) -> rx.Component:
    """A unit that gets an order, or may get one."""
    return pressed_chip(chip.label, is_chosen(chip), S.pick_unit(chip.value))


def _due_chips() -> list[rx.Component]:
    """One due date for all units if they share it; else each unit's own in words."""

    def chip(due: DueChip) -> rx.Component:
        return due_chip(due, S.desk.due.on == due.value, S.pick_due(due.value))

    def own(due: UnitDue) -> rx.Component:
        return pressed_chip(
            rx.el.span(due.name, ": ", due.day), S.desk.due.apart, open_dialog(EACH)
        )

    other = other_chip(S.desk.due.other, [S.aim_at(""), open_dialog(DAYS)])
    apart = rx.el.button(
        icon("list", "sm"),
        meeting_text.EACH_UNIT,
        type="button",
        on_click=open_dialog(EACH),
        class_name="chip",
    )
    several = any_of(S.desk.dues)
    return [
        rx.cond(
            S.desk.due.apart,
            each(S.desk.dues, own),
            rx.fragment(
                each(S.table.dues, chip),
                # With several units the other day is in the dialog, beside each unit's own.
                shown(~several | S.desk.due.other, other),
                shown(several, apart),
            ),
        )
    ]


def due_chip(chip: DueChip, chosen: Any, on_click: Any) -> rx.Component:
    """A due date that is offered; the chosen one shows its date."""
    return pressed_chip(rx.cond(chosen, chip.whole, chip.label), chosen, on_click)


def other_chip(day: Any, on_click: Any) -> rx.Component:
    """A date from the calendar; `day` is the chosen one in words."""
    return pressed_chip(rx.cond(day, day, meeting_text.OTHER_DAY), day, on_click)


LINES = (
    "bg-[repeating-linear-gradient(transparent_0_calc(2.1em-1px),"
    "var(--paperline)_calc(2.1em-1px)_2.1em)] bg-local"
)
"""CSS classes for ruled lines that scroll with the text."""
_WAYS = (
    (PEN, meeting_text.PEN, "pen"),
    (TYPE, meeting_text.TYPE, "keyboard"),
    (PHOTO, meeting_text.PHOTO, "camera"),
)


def tools() -> rx.Component:
    """The ways of writing at the start, the pad's tools at the end."""
    return rx.el.div(
        rx.el.div(
            *(_way(*way) for way in _WAYS),
            role="group",
            aria_label=meeting_text.HOW,
            class_name="segment flex-nowrap",
        ),
        tools_place(),
        shown(S.desk.way == TYPE, opener()),
        # Over the letterhead, because the sheet must not move under the hand.
        shown(
            S.done,
            rx.el.div(
                badge(Badge(meeting_text.SAVED_SHORT, "glaze", "check")), class_name="sheet-saved"
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
    """The letterhead, and below it photo, handwriting and text as on the composed sheet.

    The chosen part is open for more, and empty parts take no space.
    """
    return rx.el.article(
        letterhead(S.table.paper),
        rx.cond(
            S.desk.way == PHOTO, _photographing(), shown(any_of(S.desk.papers), _photographed())
        ),
        rx.el.div(
            ink_pad(
                action=S.table.ink,
                page=S.initial.page,
                owner=S.initial.owner,
                way=S.desk.way,
                form=FORM,
                end=END,
                saved=sorted(WORDS),
                live=(S.desk.way == PEN) & S.table.may_order,
                busy=S.busy,
                empty_text=meeting_text.PEN_EMPTY,
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
    """The text field, visible if it is not empty; it fills the sheet while the mayor types."""
    # In portrait orientation the page is as high as its content: eight lines of the paper.
    typing = (
        f"paper-typed w-full flex-1 resize-none bg-transparent max-[56rem]:min-h-[16.8em] {LINES}"
    )
    resting = "paper-typed field-sizing-content w-full resize-none bg-transparent"
    return rx.el.textarea(
        key=S.initial.sheet,
        id="text",
        name="text",
        form=FORM,
        default_value=S.initial.text,
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
    """The upload of the paper, then its corners, or the straightened paper with a button to undo
    it."""
    sender = photo_sender(
        PictureKind.PAPER, photos=S.desk.papers, limit=1, on_change=S.paper_sent, form=FORM
    )
    sheet: Any = S.initial.sheet
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
        # Drawn again for another picture, because it would still show the one it has sent.
        rx.el.div(sender, key=rx.cond(S.desk.is_straight, "made", sheet), class_name="relative"),
        id=f"part-{PHOTO}",
        class_name="mx-4 mt-4 grid scroll-mt-32 gap-3",
    )


def _photographed() -> rx.Component:
    """The photo while the mayor writes below it, small so that the writing is visible."""
    return rx.el.div(_paper("mx-auto max-h-32 w-auto"), class_name="border-b border-line px-4 py-3")


def _paper(classes: str) -> rx.Component:
    return rx.el.img(
        src=S.desk.papers[0].full, alt=meeting_text.PAPER_ALT, decoding="async", class_name=classes
    )
