"""Calendar for choosing a working day: one Jalali month at a time, Saturday to Wednesday."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import reflex as rx

from publicmeeting.domain.calendar import holiday_name, is_working_day, working_days_between
from publicmeeting.domain.orders import promises
from publicmeeting.kit.digits import persian
from publicmeeting.kit.jalali import day_words, from_parts, month_name, parts
from publicmeeting.text.common import chrome_text
from publicmeeting.text.meetings import meeting_text
from publicmeeting.ui.design.controls import close_dialog, dialog, icon_button
from publicmeeting.ui.design.flow import each
from publicmeeting.ui.reflex.view_model import ViewModel

DAYS = "more-days"
"""Id of the dialog with the calendar."""
MONTHS_AHEAD = 14
"""How many months the calendar goes ahead."""
_THURSDAY, _FRIDAY, _WEEK = 3, 4, 7
_MONTHS = 12


@dataclass(frozen=True)
class Day:
    """One tile; `column` is 1 (Saturday) to 5 (Wednesday), `value` an ISO date."""

    value: str
    text: str
    label: str
    kind: str
    column: int
    free: bool


@dataclass(frozen=True)
class Month(ViewModel):
    """One month; `at` counts months from the current one."""

    name: str = ""
    days: tuple[Day, ...] = ()
    at: int = 0


@dataclass(frozen=True)
class Due(ViewModel):
    """The chosen due date as an ISO date.

    `other` is the date in words if it is not among those offered. `far`: it needs a reason.
    `apart`: units have different due dates.
    """

    on: str = ""
    other: str = ""
    far: bool = False
    apart: bool = False


def month(today: date, at: int) -> Month:
    """Return the month `at` months after today's. Past days and holidays cannot be chosen."""
    at = min(max(at, 0), MONTHS_AHEAD)
    year, number, _ = parts(today)
    year, number = year + (number - 1 + at) // _MONTHS, (number - 1 + at) % _MONTHS + 1
    day = from_parts(year, number, 1)
    days = []
    while parts(day)[1] == number:
        if day.weekday() not in (_THURSDAY, _FRIDAY):
            days.append(_day(day, today))
        day += timedelta(days=1)
    return Month(f"{month_name(number)} {persian(year)}", tuple(days), at)


def _day(day: date, today: date) -> Day:
    free = day > today and is_working_day(day)
    kind = "plain" if free else "now" if day == today else "raw"
    label = meeting_text.DAY_LABEL.format(
        day=day_words(day), days=persian(working_days_between(today, day))
    )
    if holiday_name(day):
        kind, label = "cancelled", meeting_text.FREE_DAY.format(day=day_words(day))
    column = (day.weekday() + 2) % _WEEK + 1
    return Day(day.isoformat(), persian(parts(day)[2]), label, kind, column, free)


def is_far(value: str, today: date) -> bool:
    """Return whether the due date needs a reason that the citizen reads; False for an invalid
    date."""
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return False
    return promises.is_far(day, today)


def day_dialog(shown: Month, chosen: str, on_choose: Any, on_turn: Any) -> rx.Component:
    """The dialog `DAYS`; its events are `on_choose(ISO date)` and `on_turn(month to show)`."""
    lead = rx.el.p(meeting_text.OTHER_DAY_LEAD, class_name="text-ink2")
    month_shown = _calendar(
        shown, chosen, lambda day: [on_choose(day), close_dialog(DAYS)], on_turn
    )
    content = rx.el.div(lead, month_shown, class_name="grid gap-4")
    return dialog(DAYS, meeting_text.OTHER_DAY, content)


def _calendar(shown: Month, chosen: str, on_choose: Any, on_turn: Any) -> rx.Component:
    def day(this: Day) -> rx.Component:
        is_chosen = this.value == chosen
        classes = rx.cond(is_chosen, "t-glazed", f"t-{this.kind}")
        place = f"tile min-h-12 c{this.column}"
        return rx.cond(
            this.free,
            rx.el.button(
                this.text,
                type="button",
                aria_label=this.label,
                aria_pressed=rx.cond(is_chosen, "true", "false"),
                on_click=on_choose(this.value),
                class_name=f"{place} {classes}",
            ),
            rx.el.span(
                rx.el.span(this.text),
                role="img",
                aria_label=this.label,
                class_name=f"{place} t-{this.kind}",
            ),
        )

    return rx.el.div(
        rx.el.div(
            icon_button("back", meeting_text.MONTH_BEFORE, on_turn(shown.at - 1)),
            rx.el.p(shown.name, role="status", class_name="text-h3"),
            icon_button("forward", meeting_text.MONTH_AFTER, on_turn(shown.at + 1)),
            class_name="flex items-center justify-between",
        ),
        rx.el.div(
            *(
                rx.el.span(letter, aria_hidden="true", class_name="text-meta text-ink2")
                for letter in chrome_text.WEEK[:5]
            ),
            each(shown.days, day),
            class_name="promise-days",
        ),
        class_name="grid gap-3",
    )
