"""Stories of a citizen's way to her turn: map, estimate, seat, road, and her day in each state."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import reflex as rx

from publicmeeting.domain.meetings.estimate import DayState, MyDay, Pace, entry_range
from publicmeeting.domain.stages import Action
from publicmeeting.kit.clock import at_tehran
from publicmeeting.kit.jalali import clock_words
from publicmeeting.text.tracking import road_text
from publicmeeting.text.tracking.day_words import words_of
from publicmeeting.ui.citizen.timeline.moves import NO_MOVE
from publicmeeting.ui.citizen.timeline.status import (
    NO_WAY,
    StatusView,
    coming_button,
    day_sheet,
    day_view,
    status_part,
)
from publicmeeting.ui.design.controls import button
from publicmeeting.ui.design.figures import strip
from publicmeeting.ui.design.models import Badge, Invitation, RoadStep, Tile
from publicmeeting.ui.design.paper import estimate, invitation
from publicmeeting.ui.design.road import road
from publicmeeting.ui.design.tehran import tile_map, waits_legend
from publicmeeting.ui.stories import showing
from publicmeeting.ui.stories.showing import page, story

_INVITED = Invitation(
    head="نوبت شما",
    left="۳ روز برای پاسخ",
    day="۹",
    month="آذر",
    date="دوشنبه ۹ آذر ۱۴۰۵",
    time="۹:۴۵",
    place="شهرداری منطقهٔ ۶، خیابان دکتر فاطمی، طبقهٔ همکف، سالن ملاقات",
    deadline_before="تا",
    deadline="شنبه ۷ آذر، ساعت ۲۰:۰۰",
    deadline_after="پاسخ دهید. پس از آن، نوبت به نفر بعدی می‌رسد.",
    reassurance="اگر نمی‌آیید و پیش از مهلت بگویید، هفته‌های انتظارتان می‌ماند.",
)
_NEEDS_NO_ANSWER = replace(
    _INVITED,
    head=road_text.TURN_KEPT_HEAD,
    left="",
    deadline="",
    deadline_after=road_text.TURN_KEPT,
)
"""The invitation after an outage of the city during her deadline: no answer is needed."""
_STEPS = [
    RoadStep("past", "درخواست ثبت شد", "شنبه ۱۶ آبان، ۲۱:۱۲\u00a0· شما"),
    RoadStep(
        "past",
        "کارشناس درخواست را پذیرفت",
        "دوشنبه ۱۸ آبان، ۱۰:۰۴\u00a0· میز خدمت منطقهٔ ۶",
        "کار در اختیار شهرداری است و ملاقات لازم دارد.",
    ),
    RoadStep(
        "past",
        "در نوبت انتظار: ۲ هفته",
        "از ۱۸ آبان تا ۴ آذر",
        "در دو قرعه نوبت به شما نرسید؛ همین دو هفته شما را جلو آورد.",
        strip=(Tile("glazed", "۲۵ آبان"), Tile("glazed", "۲ آذر"), Tile("now", "۹ آذر")),
        strip_label="دو دوشنبه گذشت؛ نوبت ۹ آذر.",
        link="قرعهٔ ۴ آذر را ببینید",
        href="/stories/",
    ),
    RoadStep(
        "now",
        "نوبت داده شد",
        "امروز، چهارشنبه ۴ آذر، ۱۲:۰۱\u00a0· قرعهٔ علنی",
        "نفر ۷ از ۱۲ نفر این دوشنبه‌اید. اکنون فقط پاسخ شما لازم است.",
        icon="bell",
        badge=Badge("اکنون", "saffron"),
    ),
    RoadStep("ahead", "یادآوری با پیامک", "یکشنبه ۸ آذر"),
    RoadStep("ahead", "ملاقات با شهردار", "دوشنبه ۹ آذر، ۹:۴۵\u00a0· با کارت ملی"),
    RoadStep("ahead", "تصویر دستور شهردار", "همان روز، پیش از پایان ملاقات"),
    RoadStep("ahead", "انجام کار و پرسش از شما", "مهلت را شهردار می‌نویسد؛ معمولاً ۱۵ روز کاری"),
]
_LATE = [
    RoadStep("past", "شهردار دستور داد", "دوشنبه ۹ آذر، ۱۰:۰۰"),
    RoadStep(
        "late",
        "در دست اقدام",
        "مهلت دوشنبه ۳۰ آذر بود.",
        icon="clock",
        badge=Badge("۳ روز کاری دیرکرد", "brick", "flag"),
    ),
    RoadStep("ahead", "گزارش واحد با عکس"),
]
_MONDAYS = [
    Tile("raw", "۳ اردیبهشت"),
    Tile("s2", "۱۰ اردیبهشت"),
    Tile("glazed", "۱۷ اردیبهشت"),
    Tile("s2", "۲۴ اردیبهشت"),
    Tile("raw", "۳۱ اردیبهشت"),
]
"""Five Mondays of the month with the longest name."""
_WEEK = [Tile("now", "۳ اردیبهشت") if day == "د" else Tile("plain", day) for day in "شیدسچپج"]


def turn() -> rx.Component:
    return page(
        "راه تا نوبت",
        story(
            "نقشهٔ انتظار",
            tile_map(
                showing.waits_map(), "نقشهٔ منطقه‌ها و هفته‌های انتظار", mode="waits", name="waits"
            ),
            waits_legend(["۱ هفته", "۲ هفته", "۳ هفته", "۴ هفته"]),
        ),
        story(
            "گزینش منطقه",
            tile_map(
                showing.choose_map(14, (5, 15, 17)),
                "منطقه را روی نقشه انتخاب کنید",
                name="district",
            ),
        ),
        story(
            "دوشنبهٔ گذشته",
            tile_map(showing.held_map(), "دوشنبهٔ گذشته در ۲۲ منطقه", mode="held", small=True),
        ),
        story(
            "تخمین",
            estimate(
                _MONDAYS,
                "احتمالاً تا دوشنبه ۱۷ اردیبهشت. زودترین: ۱۰ اردیبهشت؛ دیرترین: ۲۴ اردیبهشت.",
                lead="اگر امروز درخواست بدهید:",
            ),
        ),
        story("هفتهٔ زودترین ملاقات", strip(_WEEK, "زودترین ملاقات: دوشنبه ۳ اردیبهشت")),
        story(
            "نوبت پیشنهادشده",
            invitation(
                _INVITED,
                button("می‌آیم، نوبت را نگه دارید"),
                button("نمی‌توانم بیایم", kind="secondary", size="sm"),
                button("جابه‌جایی (یک بار)", kind="secondary", size="sm"),
            ),
        ),
        story(
            "نوبتی که بی پاسخ مانده است",
            invitation(
                _NEEDS_NO_ANSWER,
                button("می‌آیم، نوبت را نگه دارید"),
                button("نمی‌توانم بیایم", kind="secondary", size="sm"),
            ),
        ),
        story("راه درخواست", road(_STEPS, "راه درخواست شما")),
        story("راه دیرشده", road(_LATE, "راه دیرشده")),
    )


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
_MISSED = replace(_OF_SEVEN, state=DayState.MISSED, contest=Action.NO_SHOW)
_CONTESTED = replace(_MISSED, state=DayState.MISSED_OVER)
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
    ("پاسخ ندادن نوشته شد", replace(_MISSED, was_rung=True)),
    ("پشت خط", replace(_OF_SEVEN, state=DayState.ON_THE_LINE, inside=7)),
    ("نیامدن نوشته شد", _MISSED),
    ("نیامدن، نوبت به دیگری رسید", replace(_MISSED, state=DayState.MISSED_TAKEN)),
    ("نیامدن، پس از وقت", _CONTESTED),
    ("نیامدن، پس از اعتراض", replace(_CONTESTED, contest=Action.CONTEST_NO_SHOW)),
    ("نیامدن، پس از نتیجه", replace(_CONTESTED, contest=Action.DECIDE_NO_SHOW)),
    ("وقت تمام شد", replace(_OF_SEVEN, state=DayState.OVER)),
    ("پذیرش ننوشت", replace(_OF_SEVEN, state=DayState.UNSEEN)),
)


def day() -> rx.Component:
    shown = (story(title, *_parts(my_day)) for title, my_day in _STATES)
    stale = day_sheet(day_view(words_of(_HERE), NO_MOVE, clock_words(_at("10:10"))), is_stale=True)
    return page("روز ملاقات", *shown, story("بی اتصال", stale))


def _parts(my_day: MyDay) -> list[rx.Component]:
    words = words_of(my_day)
    view = day_view(words, NO_MOVE, clock_words(_at("10:10")))
    status = StatusView(words.head, words.means, is_called=my_day.is_called)
    parts = [status_part(status, NO_WAY, "")]
    if my_day.is_called:
        parts.append(coming_button(words.answer, words.answer_why))
    return [*parts, day_sheet(view)] if view.number else parts
