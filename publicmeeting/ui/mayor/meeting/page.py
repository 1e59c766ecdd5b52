"""`/mayor/meeting/[code]`: one visitor, one sheet."""

import reflex as rx

from publicmeeting.text.meetings import agenda_text, meeting_text
from publicmeeting.ui.design.controls import button
from publicmeeting.ui.design.flow import any_of, each, shown
from publicmeeting.ui.design.frames import tablet_frame
from publicmeeting.ui.design.models import Photo
from publicmeeting.ui.design.sheets import notice, quote, rows, spoken
from publicmeeting.ui.design.states import loading
from publicmeeting.ui.mayor.meeting.sheet import foot, sheet, tools
from publicmeeting.ui.mayor.meeting.side import dialogs, side
from publicmeeting.ui.mayor.meeting.state import MeetingState as S
from publicmeeting.ui.mayor.offline.table import offline_table
from publicmeeting.ui.mayor.table import for_the_mayor, refusals, table_head, to_agenda


def page() -> rx.Component:
    """Who and what at the side, the sheet in the middle, the decision at the foot."""
    loaded = S.ready & S.head.date
    return for_the_mayor(
        S,
        tablet_frame(
            head=table_head(S.head, to_agenda()),
            side=[rx.cond(loaded, rx.fragment(*side()), loading("card"))],
            tools=rx.cond(
                loaded,
                rx.el.div(
                    refusals(S),
                    offline_table(
                        owner=S.initial.owner,
                        code=S.table.code,
                        table=S.table,
                        initial=S.initial,
                        day=S.people,
                        clock=S.head.clock,
                    ),
                    shown(S.done & ~S.table.met & ~S.table.may_order, notice(S.done)),
                    shown(S.table.may_order, tools()),
                    _why_not(),
                    shown(S.table.met, rx.el.h2(meeting_text.FINISHED, class_name="text-h2")),
                    class_name="sheet-tools grid gap-3",
                ),
            ),
            paper=[
                rx.cond(
                    loaded,
                    rx.cond(S.table.met, _over(), sheet()),
                    loading("lines"),
                )
            ],
            foot=rx.cond(loaded, _last_part()),
            announcement=S.done,
        ),
        offline_table(owner=S.initial.owner),
    )


def _why_not() -> rx.Component:
    """Why no order can be given now; what was typed stays on the sheet."""
    why = rx.cond(
        S.table.inside,
        notice(meeting_text.NOT_YOURS, meeting_text.NOT_YOURS_REST, tone="neutral"),
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
            button(
                rx.cond(S.table.met, meeting_text.NEXT_ONE, meeting_text.TO_AGENDA),
                size="lg",
                href="/mayor/",
                class_name="w-full",
            ),
        ),
    )


def _over() -> rx.Component:
    """What the meeting has led to."""
    return rx.el.div(
        notice(
            rx.cond(S.done, S.done, meeting_text.FINISHED_REST),
            rx.cond(S.done, meeting_text.FINISHED_REST, ""),
        ),
        shown(S.table.refused_with, quote(meeting_text.REFUSED_HERE, S.table.refused_with)),
        shown(S.ended.left_over, quote(meeting_text.LEFT, S.ended.left_over, inside=True)),
        shown(any_of(S.table.orders), rows(S.table.orders)),
        each(S.ended.sheets, _sheet),
        class_name="grid gap-4",
    )


def _sheet(one: Photo) -> rx.Component:
    picture = rx.el.img(src=one.full, alt=one.alt, decoding="async")
    return rx.el.div(picture, class_name="paper !min-h-0 mx-auto w-full max-w-2xl")
