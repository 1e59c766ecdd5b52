"""The part of the agenda that sums up the last Monday from its evening on, with its sheet to
print."""

from dataclasses import dataclass

import reflex as rx

from publicmeeting.kit.digits import persian
from publicmeeting.kit.jalali import weekday_day
from publicmeeting.text.common import dates_text
from publicmeeting.text.lifecycle.reasons_text import because
from publicmeeting.text.meetings import agenda_text
from publicmeeting.ui.design.flow import each, shown
from publicmeeting.ui.design.sheets import sheet
from publicmeeting.ui.reflex.view_model import ViewModel
from publicmeeting.ui.shell.parts.monday import entry_link, print_sheet
from publicmeeting.usecases.meetings.held import DaySummary

_MINUTE = 60


@dataclass(frozen=True)
class Figure(ViewModel):
    """A number and what it counts."""

    number: str = ""
    of: str = ""


@dataclass(frozen=True)
class Evening(ViewModel):
    """The summary of the last Monday; empty if there was none."""

    title: str = ""
    on: str = ""
    how: str = ""
    more: str = ""
    figures: tuple[Figure, ...] = ()
    is_paper_open: bool = False
    district: str = ""


def evening(seen: DaySummary | None, district: int = 0) -> Evening:
    if seen is None:
        return Evening()
    average = agenda_text.SUMMARY_NONE
    if seen.average is not None:
        average = dates_text.minutes(max(1, round(seen.average.total_seconds() / _MINUTE)))
    more = []
    if seen.refused:
        more.append(agenda_text.SUMMARY_REFUSED.format(count=dates_text.people(seen.refused)))
    if seen.telephoned:
        more.append(agenda_text.SUMMARY_TELEPHONED.format(count=dates_text.people(seen.telephoned)))
    return Evening(
        title=agenda_text.SUMMARY_TITLE.format(day=weekday_day(seen.monday)),
        on=seen.monday.isoformat(),
        district=str(district),
        how=agenda_text.HELD[seen.how].format(why=because(seen.why)),
        more=" ".join(more),
        is_paper_open=seen.is_paper_open,
        figures=(
            Figure(persian(seen.met), agenda_text.MET),
            Figure(persian(seen.missed), agenda_text.MISSED),
            Figure(persian(seen.left), agenda_text.LEFT),
            Figure(persian(seen.orders), agenda_text.ORDERS),
            Figure(average, agenda_text.AVERAGE),
            Figure(persian(seen.due), agenda_text.DUE),
        ),
    )


def evening_card(one: Evening) -> rx.Component:
    """Six numbers, who held the day, and its sheet."""

    def figure(this: Figure) -> rx.Component:
        return rx.el.div(
            rx.el.dd(this.number, class_name="text-h2 font-bold"),
            rx.el.dt(this.of, class_name="text-meta text-ink2"),
            class_name="flex flex-col-reverse justify-end",
        )

    return shown(
        one.title,
        sheet(
            rx.el.section(
                rx.el.div(
                    rx.el.h2(one.title, class_name="text-h2"),
                    rx.el.div(
                        print_sheet(one.on, one.district),
                        shown(one.is_paper_open, entry_link()),
                        class_name="flex flex-wrap items-center gap-x-4 gap-y-1",
                    ),
                    class_name="flex flex-wrap items-center justify-between gap-x-4 gap-y-2",
                ),
                rx.el.p(one.how, " ", one.more, class_name="text-ink2"),
                rx.el.dl(each(one.figures, figure), class_name="grid grid-cols-3 items-end gap-3"),
                class_name="grid gap-3",
            )
        ),
    )
