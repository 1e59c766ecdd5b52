"""Her day, in each of its states: what she reads first, and the sheet with her number."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import reflex as rx

from publicmeeting.domain.estimate import Pace, entry_range
from publicmeeting.domain.my_day import DayState, MyDay
from publicmeeting.kit.clock import at_tehran
from publicmeeting.kit.jalali import clock_words
from publicmeeting.text.tracking.day_words import words_of
from publicmeeting.ui.citizen.timeline.day_card import coming_button, day_sheet, status_part
from publicmeeting.ui.citizen.timeline.moves import NO_MOVE
from publicmeeting.ui.citizen.timeline.status import StatusView, day_view
from publicmeeting.ui.stories.showing import page, story

_MONDAY = date(2026, 11, 30)
_SLOT = timedelta(minutes=15)


def _at(clock: str) -> datetime:
    return at_tehran(_MONDAY, clock)


_OF_SEVEN = MyDay(DayState.DUE, 7, _at("10:30"), _at("12:00"))
_WAITS = replace(
    _OF_SEVEN,
    inside=4,
    before=2,
    entry=entry_range(
        Pace(_SLOT, (_SLOT,) * 3, timedelta(minutes=6)), 2, _at("10:30"), _at("10:10")
    ),
)
_HERE = replace(_WAITS, state=DayState.HERE, came_at=_at("10:04"))
_CALLED = replace(_HERE, state=DayState.CALLED, before=0, inside=0, calls=1, call_id=1, entry=None)
_STATES = (
    ("زود است", replace(_WAITS, state=DayState.EARLY, inside=0, before=6, begins_at=_at("09:00"))),
    ("وقت آمدن", _WAITS),
    ("دیر شده", replace(_WAITS, state=DayState.LATE, before=None, entry=None)),
    ("نوبت آزاد گرفت", replace(_WAITS, state=DayState.GIVEN, before=None, entry=None)),
    ("در سالن", _HERE),
    ("کسی پیش از او رفت", replace(_HERE, is_passed=True, before=0, inside=8)),
    ("صدا زدند", _CALLED),
    ("بار دوم", replace(_CALLED, calls=2)),
    ("سراغ او می‌آیند", replace(_CALLED, state=DayState.FETCHED, is_fetched=True)),
    (
        "بیرون سالن است",
        replace(
            _CALLED, state=DayState.COMING, is_fetched=True, calls=1, waited_until=_at("10:50")
        ),
    ),
    ("دارد می‌آید", replace(_CALLED, state=DayState.COMING, waited_until=_at("10:50"))),
    ("در اتاق", replace(_OF_SEVEN, state=DayState.INSIDE, inside=7)),
    ("تلفنی", replace(_WAITS, state=DayState.BY_PHONE)),
    ("زنگ زدند", replace(_WAITS, state=DayState.RUNG)),
    ("تماس برقرار شد", replace(_WAITS, state=DayState.REACHED, before=0, inside=6, entry=None)),
    ("پاسخ ندادن نوشته شد", replace(_OF_SEVEN, state=DayState.MISSED, was_rung=True)),
    ("پشت خط", replace(_OF_SEVEN, state=DayState.ON_THE_LINE, inside=7)),
    ("نیامدن نوشته شد", replace(_OF_SEVEN, state=DayState.MISSED)),
    ("نیامدن، پس از وقت", replace(_OF_SEVEN, state=DayState.MISSED_OVER)),
    ("وقت تمام شد", replace(_OF_SEVEN, state=DayState.OVER)),
    ("پذیرش ننوشت", replace(_OF_SEVEN, state=DayState.UNSEEN)),
)


def day() -> rx.Component:
    shown = (story(title, *_parts(one)) for title, one in _STATES)
    stale = day_sheet(day_view(words_of(_HERE), NO_MOVE, clock_words(_at("10:10"))), is_stale=True)
    return page("روز ملاقات", *shown, story("بی اتصال", stale))


def _parts(one: MyDay) -> list[rx.Component]:
    words = words_of(one)
    view = day_view(words, NO_MOVE, clock_words(_at("10:10")))
    parts = [status_part(StatusView(words.head, words.means, is_called=one.is_called), "")]
    if one.is_called:
        parts.append(coming_button(words.answer, words.answer_why))
    return [*parts, day_sheet(view)] if view.number else parts
