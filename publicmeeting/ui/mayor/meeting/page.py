"""`/mayor/meeting/[code]`: one visitor, her order sheet, and the dialogs."""

import reflex as rx

from publicmeeting.domain.stages import Action, Need
from publicmeeting.kit.digits import persian
from publicmeeting.text.common import chrome_text
from publicmeeting.text.lifecycle.actions_text import ACTION
from publicmeeting.text.lifecycle.needs_text import HINT
from publicmeeting.text.meetings import agenda_text, meeting_text
from publicmeeting.text.tracking import road_text
from publicmeeting.ui.design.controls import anchor, button, dialog, open_dialog, pair
from publicmeeting.ui.design.fields import (
    answer_chip,
    area,
    error_line,
    error_summary,
    pressed_chip,
    saving,
)
from publicmeeting.ui.design.figures import strip, tile
from publicmeeting.ui.design.flow import any_of, each, in_browser, shown
from publicmeeting.ui.design.frames import tablet_frame
from publicmeeting.ui.design.icons import icon
from publicmeeting.ui.design.models import Photo, Row
from publicmeeting.ui.design.sheets import notice, quote, row_static, rows, spoken
from publicmeeting.ui.design.states import loading
from publicmeeting.ui.mayor.days import DAYS, day_dialog
from publicmeeting.ui.mayor.ink.pad import ink_pad
from publicmeeting.ui.mayor.meeting.sheet import (
    EACH,
    END,
    UNITS,
    due_chip,
    foot,
    other_chip,
    owner,
    sheet,
    tools,
    unit_chip,
)
from publicmeeting.ui.mayor.meeting.state import MeetingState as S
from publicmeeting.ui.mayor.meeting.views import (
    BriefView,
    DueChip,
    Earlier,
    UnitChip,
    UnitDay,
    UnitDue,
)
from publicmeeting.ui.mayor.offline.table import offline_table
from publicmeeting.ui.mayor.profile import stock_dialog
from publicmeeting.ui.mayor.table import (
    ZOOM,
    for_the_mayor,
    refusals,
    table_head,
    thumbs,
    to_agenda,
)
from publicmeeting.usecases.base import MAX_TEXT

STAYS = "mt-auto grid gap-3 bg-ground py-3 min-[56rem]:sticky min-[56rem]:-bottom-4"
"""CSS classes: the buttons that end the meeting stay visible however long the column is."""
REFUSE, REFER, BACK = "refuse", "refer", "send-back"


def side() -> list[rx.Component]:
    """The side column; other ways to end the meeting are at its foot."""
    return [
        rx.el.div(
            rx.el.div(
                _who(),
                shown(S.table.changed, notice(road_text.CHANGED, S.table.changed, tone="brick")),
                shown(
                    S.table.begun_by,
                    notice(S.table.begun_by, meeting_text.BEGUN_BY_REST, tone="saffron"),
                ),
                _matter(),
                _briefs_and_earlier(),
                _orders_so_far(),
                class_name="grid content-start gap-3",
            ),
            rx.el.div(_time(), _otherwise(), class_name=STAYS),
            class_name="flex min-h-full flex-col gap-4",
        ),
        dialog(
            ZOOM,
            chrome_text.ZOOM,
            rx.el.img(src=S.photo.full, alt=S.photo.alt, class_name="mx-auto max-h-full"),
            full=True,
        ),
    ]


def _who() -> rx.Component:
    return rx.el.div(
        tile(S.table.tile, "size-16 shrink-0 text-hero"),
        rx.el.div(
            rx.el.h1(S.table.name, class_name="text-h2 wrap-anywhere"),
            rx.el.p(S.table.line, class_name="text-meta text-ink2"),
            class_name="min-w-0",
        ),
        class_name="flex items-center gap-3",
    )


def _matter() -> rx.Component:
    return rx.fragment(
        rx.el.div(
            rx.el.p(
                rx.el.strong(S.table.title, ". "), S.table.text, class_name="whitespace-pre-line"
            ),
            rx.el.p(S.table.about, class_name="text-meta text-ink2"),
        ),
        thumbs(S.table.photos, S.zoom),
    )


def _briefs_and_earlier() -> rx.Component:
    return rx.fragment(
        shown(
            ~any_of(S.table.briefs),
            rx.el.p(meeting_text.NO_BRIEF, class_name="text-meta text-ink2"),
        ),
        rx.el.div(
            each(S.table.briefs, _brief),
            each(S.table.earlier, _earlier),
            class_name="rows empty:hidden",
        ),
    )


def _brief(brief: BriefView) -> rx.Component:
    return row_static(
        rx.el.div(
            rx.el.p(brief.by, class_name="text-meta text-ink2"),
            rx.el.p(brief.text, class_name="whitespace-pre-line"),
        )
    )


def _earlier(earlier: Earlier) -> rx.Component:
    stage = rx.el.strong(earlier.stage, class_name=rx.cond(earlier.failed, "text-brick", ""))
    return anchor(
        rx.el.span(
            rx.el.span(
                rx.cond(earlier.failed, icon("flag", "sm")),
                earlier.head,
                class_name="flex gap-2 text-meta text-ink2",
            ),
            rx.el.span(earlier.line, " ", stage, class_name="block"),
            class_name="row-body",
        ),
        href=earlier.href,
        class_name="row row-static",
    )


def _time() -> rx.Component:
    return shown(
        S.table.inside,
        rx.el.div(
            rx.el.p(
                rx.el.span(meeting_text.TIME_USED, class_name="text-ink2"),
                rx.el.strong(
                    S.table.minutes_sentence,
                    class_name=rx.cond(S.table.over_time, "text-brick", ""),
                ),
                class_name="flex justify-between",
            ),
            strip(S.table.minutes, S.table.minutes_sentence, "sm", spoken=False),
            class_name="grid gap-2",
        ),
    )


def _otherwise() -> rx.Component:
    refuse = rx.cond(
        S.table.may_finish,
        button(meeting_text.END, kind="secondary", on_click=S.end(""), id=END),
        button(meeting_text.REFUSE, kind="secondary", on_click=open_dialog(REFUSE)),
    )
    refer = button(meeting_text.REFER, kind="secondary", on_click=open_dialog(REFER))
    back = button(
        ACTION[Action.SEND_BACK], kind="quiet", size="sm", sign="undo", on_click=open_dialog(BACK)
    )
    return shown(
        S.table.may_order & ~S.table.from_paper,
        rx.el.div(
            # Below the buttons if there is one column: above them, it would move its answer under a
            # second tap.
            rx.el.div(_unissued(), class_name="max-sm:order-last"),
            pair(refuse, refer),
            shown(S.table.may_send_back, back),
            class_name="grid gap-1",
        ),
    )


def _orders_so_far() -> rx.Component:
    """Orders that are recorded while she is still in the room."""
    return shown(
        any_of(S.table.orders) & ~S.table.met,
        rx.el.section(
            rx.el.h2(meeting_text.ISSUED_HERE, class_name="mb-1 text-meta text-ink2"),
            rx.el.ul(each(S.table.orders, _order), class_name="rows"),
        ),
    )


def _order(row: Row) -> rx.Component:
    return rx.el.li(
        anchor(
            rx.el.span(
                rx.el.span(row.title, class_name="block font-semibold"),
                rx.el.span(row.meta, class_name="row-meta block"),
                class_name="row-body",
            ),
            href=row.href,
            class_name="row",
        )
    )


def dialogs() -> list[rx.Component]:
    """One dialog per subject. They are native elements, so the sheet behind them keeps its
    strokes."""
    return [
        dialog(
            UNITS,
            meeting_text.OTHER_UNITS,
            rx.el.div(
                rx.el.p(meeting_text.OTHER_UNITS_LEAD, class_name="text-ink2"),
                rx.el.div(each(S.table.units, unit_chip), class_name="chips"),
                _done(),
                class_name="grid gap-4",
            ),
        ),
        dialog(
            EACH,
            meeting_text.EACH_UNIT,
            rx.el.div(
                rx.el.p(meeting_text.EACH_UNIT_LEAD, class_name="text-ink2"),
                _all_units(),
                each(S.desk.dues, _each_unit),
                _done(),
                class_name="grid gap-4",
            ),
        ),
        day_dialog(S.month, S.desk.due.on, S.pick_day, S.turn_month),
        dialog(REFUSE, meeting_text.REFUSE, _refuse()),
        dialog(BACK, agenda_text.BACK_TITLE, _back()),
        dialog(REFER, meeting_text.REFER, _refer()),
        stock_dialog(S.initial.owner, owner()),
    ]


def _done() -> rx.Component:
    close = rx.el.button(meeting_text.CHOSEN, class_name="btn btn-primary")
    return rx.el.form(close, method="dialog", on_submit=None)


def _each_unit(due: UnitDue) -> rx.Component:
    def chip(day: UnitDay) -> rx.Component:
        return pressed_chip(day.label, day.chosen, S.pick_due_of(day.unit, day.value))

    other = other_chip(due.other, [S.aim_at(due.unit), open_dialog(DAYS)])
    return _days(due.name, each(due.days, chip), other)


def _all_units() -> rx.Component:
    """One due date for all units again."""

    def chip(due: DueChip) -> rx.Component:
        chosen = ~S.desk.due.apart & (S.desk.due.on == due.value)
        return due_chip(due, chosen, S.pick_due(due.value))

    other = other_chip(S.desk.due.other, [S.aim_at(""), open_dialog(DAYS)])
    return _days(meeting_text.ALL_UNITS, each(S.table.dues, chip), other)


def _days(name: str, *chips: rx.Component) -> rx.Component:
    return rx.el.div(
        rx.el.p(name, class_name="mb-1 font-semibold"),
        rx.el.div(*chips, role="group", aria_label=name, class_name="chips"),
    )


def _refuse() -> rx.Component:
    return rx.el.form(
        owner(),
        error_summary(S.errors, S.answers),
        area(
            meeting_text.REFUSE_LABEL,
            "refusal",
            value=S.initial.refusal,
            hint=meeting_text.REFUSE_HINT,
            rows=4,
            error=S.errors["refusal"],
            limit=MAX_TEXT,
            limit_words=persian(MAX_TEXT),
        ),
        button(meeting_text.REFUSE_DO, kind="danger", submit=True),
        on_submit=S.refuse,
        method="post",
        key=S.initial.sheet,
        class_name="grid gap-4",
    )


def _back() -> rx.Component:
    return rx.el.form(
        error_summary(S.errors, S.answers),
        area(
            agenda_text.BACK_LABEL,
            "back",
            value=S.back,
            rows=3,
            hint=HINT[Need.NOTE],
            error=S.errors["back"],
            **saving(lambda note: S.keep_back(note, S.table.code)),
        ),
        button(agenda_text.BACK_DO, kind="danger", submit=True),
        on_submit=S.send_back,
        method="post",
        class_name="grid gap-4",
    )


def _refer() -> rx.Component:
    def unit(chip: UnitChip) -> rx.Component:
        return answer_chip(
            chip.label,
            type="checkbox",
            name="refer_to",
            value=chip.value,
            default_checked=chip.suggested,
        )

    return rx.el.form(
        owner(),
        error_summary(S.errors, S.answers),
        rx.el.fieldset(
            rx.el.legend(meeting_text.UNIT, class_name="field-label mb-2"),
            rx.el.div(each(S.table.units, unit), class_name="chips"),
            error_line("refer_to", S.errors["refer_to"]),
        ),
        area(
            meeting_text.REFER_LABEL,
            "referral",
            value=S.initial.referral,
            hint=S.table.refer_hint,
            rows=3,
            error=S.errors["referral"],
        ),
        button(meeting_text.REFER_DO, submit=True, busy=S.busy, busy_label=meeting_text.FINISHING),
        on_submit=S.refer,
        method="post",
        key=S.initial.sheet,
        class_name="grid gap-4",
    )


def page() -> rx.Component:
    """The page: visitor and request at the side, the sheet in the middle, the decision at the
    foot.

    It opens with the case that this tab has shown last, perhaps another visitor's, until the server
    has answered; without a network, for as long as there is none. Nothing is written on that sheet.
    """
    loaded = S.ready & S.head.date
    is_hers = in_browser("location.pathname.includes({})", S.table.code).to(bool)
    loaded_here = loaded & is_hers
    return for_the_mayor(
        S,
        tablet_frame(
            head=table_head(S.head, to_agenda()),
            side=[rx.cond(loaded_here, rx.fragment(*side()), loading("card"))],
            tools=rx.cond(
                loaded,
                rx.el.div(
                    refusals(S),
                    shown(is_hers, _whose()),
                    offline_table(
                        owner=S.initial.owner,
                        code=S.table.code,
                        table=S.table,
                        initial=S.initial,
                        day=S.people,
                        clock=S.head.clock,
                    ),
                    shown(is_hers, _state_of_sheet()),
                    class_name="sheet-tools grid gap-3",
                ),
            ),
            paper=[
                rx.cond(
                    loaded_here,
                    rx.cond(S.table.met, _over(), sheet()),
                    loading("lines"),
                )
            ],
            foot=rx.cond(loaded_here, _last_part()),
            announcement=S.done,
            answers=S.answers,
            # The drawer contains the buttons that end a meeting. It must close, or it would cover
            # the result.
            drawer=rx.cond(S.table.may_order, "shut-before", "shut-after"),
        ),
        rx.fragment(_left_behind(), offline_table(owner=S.initial.owner)),
        meeting_text.ENTER_AND_GO_ON,
    )


def _state_of_sheet() -> rx.Component:
    """The tools of the sheet, or why it is not written on."""
    return rx.fragment(
        shown(S.done & ~S.table.met & ~S.table.may_order, notice(S.done)),
        shown(S.table.may_order, tools()),
        _why_not(),
        shown(
            S.ended.left_over & ~S.table.may_order & ~S.table.met,
            quote(meeting_text.LEFT, S.ended.left_over, inside=True),
        ),
        shown(S.table.met, rx.el.h2(meeting_text.FINISHED, class_name="text-h2")),
    )


def _whose() -> rx.Component:
    """The visitor's name above the sheet, because in portrait orientation her file is in a
    drawer."""
    return rx.el.p(
        rx.el.strong(S.table.name),
        "\u00a0· ",
        S.table.title,
        class_name="hidden truncate sm:max-[56rem]:block",
    )


def _unissued() -> rx.Component:
    """A question before a meeting ends while its sheet is not issued.

    A mayor in a hurry may think that ending the meeting issues the order.
    """
    without = button(
        meeting_text.END_WITHOUT, kind="secondary", size="sm", on_click=S.end(S.unissued)
    )
    is_asked = S.unissued & (S.unissued == S.initial.sheet) & S.table.may_order
    return spoken(
        shown(
            is_asked,
            notice(
                meeting_text.UNISSUED, meeting_text.UNISSUED_REST, tone="saffron", action=without
            ),
        )
    )


def _why_not() -> rx.Component:
    """Why no order can be issued now; what was typed stays on the sheet."""
    why = rx.cond(
        S.table.inside,
        notice(S.table.not_yours, meeting_text.NOT_YOURS_REST, tone="neutral"),
        notice(meeting_text.NOT_INSIDE, meeting_text.NOT_INSIDE_REST, tone="neutral"),
    )
    return spoken(shown(~S.table.may_order & ~S.table.met, why))


def _last_part() -> rx.Component:
    return rx.cond(
        S.table.may_order,
        rx.fragment(foot(), *dialogs()),
        rx.cond(
            S.table.may_call_in,
            button(
                agenda_text.CALL_IN,
                size="lg",
                sign="meet",
                on_click=S.call_in,
                class_name="w-full",
            ),
            rx.cond(
                S.table.met & S.people.next.code,
                _next_one(),
                button(
                    rx.cond(S.table.met, meeting_text.NEXT_ONE, meeting_text.TO_AGENDA),
                    size="lg",
                    href="/mayor/",
                    class_name="w-full",
                ),
            ),
        ),
    )


def _next_one() -> rx.Component:
    """Whom to call in next, or the agenda."""
    guest = S.people.next
    return rx.el.div(
        button(
            meeting_text.CALL_NEXT,
            size="lg",
            sign="meet",
            meta=f"{guest.tile.text}\u00a0· {guest.name}",
            on_click=S.call_next(guest.code),
            class_name="flex-[3_1_14rem]",
        ),
        button(
            meeting_text.AGENDA,
            kind="secondary",
            size="lg",
            href="/mayor/",
            class_name="flex-[1_1_8rem]",
        ),
        class_name="flex flex-wrap gap-1",
    )


def _over() -> rx.Component:
    """The result of the meeting."""
    drawn = ink_pad(action=S.table.ink, page=S.initial.page, owner=S.initial.owner, live=False)
    return rx.el.div(
        notice(
            rx.cond(S.done, S.done, meeting_text.FINISHED_REST),
            rx.cond(S.done, meeting_text.FINISHED_REST, rx.cond(S.refused, "", S.table.ended_by)),
        ),
        shown(S.table.refused_with, quote(meeting_text.REFUSED_HERE, S.table.refused_with)),
        shown(S.ended.left_over, quote(meeting_text.LEFT, S.ended.left_over, inside=True)),
        shown(S.ended.is_drawn, _left_drawn(drawn)),
        shown(any_of(S.table.orders), rows(S.table.orders)),
        each(S.ended.sheets, _sheet),
        class_name="grid gap-4",
    )


def _left_behind() -> rx.Component:
    """What the writer has left for a visitor who is another's by now."""
    drawn = ink_pad(name="left", start=S.ended.ink, live=False)
    return shown(
        S.ended.left_over | S.ended.ink,
        rx.el.section(
            rx.el.p(meeting_text.LEFT_BEHIND),
            shown(S.ended.left_over, quote(meeting_text.LEFT, S.ended.left_over, inside=True)),
            shown(S.ended.ink, _left_drawn(drawn)),
            class_name="grid gap-4",
        ),
    )


def _left_drawn(drawn: rx.Component) -> rx.Component:
    """Handwriting that became no order; it is shown, not lost."""
    return rx.el.section(
        rx.el.p(meeting_text.LEFT_DRAWN, class_name="text-meta text-ink2"),
        rx.el.div(drawn, class_name="paper !min-h-0 mx-auto w-full max-w-page"),
        class_name="quote quote-inside grid gap-2",
    )


def _sheet(photo: Photo) -> rx.Component:
    picture = rx.el.img(src=photo.full, alt=photo.alt, decoding="async")
    return rx.el.div(picture, class_name="paper !min-h-0 mx-auto w-full max-w-page")
