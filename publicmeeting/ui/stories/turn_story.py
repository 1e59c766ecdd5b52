"""A citizen's way to her turn, part by part: the map, the honest guess, the seat, the road."""

from dataclasses import replace

import reflex as rx

from publicmeeting.text.tracking import road_text
from publicmeeting.ui.design.controls import button
from publicmeeting.ui.design.models import Badge, Invitation, RoadStep, Tile
from publicmeeting.ui.design.paper import estimate, invitation
from publicmeeting.ui.design.road import road
from publicmeeting.ui.design.tehran import tile_map, waits_legend
from publicmeeting.ui.stories import city
from publicmeeting.ui.stories.showing import page, story

_INVITED = Invitation(
    head="نوبت شما",
    left="۳ روز برای پاسخ",
    day="۹",
    month="آذر",
    date="دوشنبه ۹ آذر ۱۴۰۵",
    time="۹:۴۵",
    place="شهرداری منطقهٔ ۶، خیابان دکتر فاطمی، طبقهٔ همکف، سالن ملاقات",
    deadline_before="تا",
    deadline="شنبه ۷ آذر، ساعت ۲۰:۰۰",
    deadline_after="پاسخ دهید. پس از آن، نوبت به نفر بعدی می‌رسد.",
    reassurance="اگر نمی‌آیید و پیش از مهلت بگویید، هفته‌های انتظارتان می‌ماند.",
)
_KEPT = replace(
    _INVITED,
    head=road_text.TURN_KEPT_HEAD,
    left="",
    deadline="",
    deadline_after=road_text.TURN_KEPT,
)
"""The city was away when she had to answer."""
_STEPS = [
    RoadStep("past", "درخواست ثبت شد", "شنبه ۱۶ آبان، ۲۱:۱۲ · شما"),
    RoadStep(
        "past",
        "کارشناس درخواست را پذیرفت",
        "دوشنبه ۱۸ آبان، ۱۰:۰۴ · میز خدمت منطقهٔ ۶",
        "کار در اختیار شهرداری است و ملاقات لازم دارد.",
    ),
    RoadStep(
        "past",
        "در نوبت انتظار: ۲ هفته",
        "از ۱۸ آبان تا ۴ آذر",
        "در دو قرعه نوبت به شما نرسید؛ همین دو هفته شما را جلو آورد.",
        strip=(Tile("glazed", "۲۵ آبان"), Tile("glazed", "۲ آذر"), Tile("now", "۹ آذر")),
        strip_label="دو دوشنبه گذشت؛ نوبت ۹ آذر.",
        link="قرعهٔ ۴ آذر را ببینید",
        href="/stories/",
    ),
    RoadStep(
        "now",
        "نوبت داده شد",
        "امروز، چهارشنبه ۴ آذر، ۱۲:۰۱ · قرعهٔ علنی",
        "نفر ۷ از ۱۲ نفر این دوشنبه‌اید. اکنون فقط پاسخ شما لازم است.",
        icon="bell",
        badge=Badge("اکنون", "saffron"),
    ),
    RoadStep("ahead", "یادآوری با پیامک", "یکشنبه ۸ آذر"),
    RoadStep("ahead", "ملاقات با شهردار", "دوشنبه ۹ آذر، ۹:۴۵ · با کارت ملی"),
    RoadStep("ahead", "تصویر دستور شهردار", "همان روز، پیش از پایان ملاقات"),
    RoadStep("ahead", "انجام کار و پرسش از شما", "مهلت را شهردار می‌نویسد؛ معمولاً ۱۵ روز کاری"),
]
_LATE = [
    RoadStep("past", "شهردار دستور داد", "دوشنبه ۹ آذر، ۱۰:۰۰"),
    RoadStep(
        "late",
        "در دست اقدام",
        "مهلت دوشنبه ۳۰ آذر بود.",
        icon="clock",
        badge=Badge("۳ روز کاری دیرکرد", "brick", "flag"),
    ),
    RoadStep("ahead", "گزارش واحد با عکس"),
]
_MONDAYS = [
    Tile("raw", "۹ آذر"),
    Tile("s2", "۱۶ آذر"),
    Tile("glazed", "۲۳ آذر"),
    Tile("s2", "۳۰ آذر"),
    Tile("raw", "۷ دی"),
]


def turn() -> rx.Component:
    return page(
        "راه تا نوبت",
        story(
            "نقشهٔ انتظار",
            tile_map(city.waits_map(), "نقشهٔ منطقه‌ها و هفته‌های انتظار", mode="waits", name="waits"),
            waits_legend(["۱ هفته", "۲ هفته", "۳ هفته", "۴ هفته"]),
        ),
        story(
            "گزینش منطقه",
            tile_map(
                city.choose_map(14, (5, 15, 17)), "منطقه را روی نقشه انتخاب کنید", name="district"
            ),
        ),
        story(
            "دوشنبهٔ گذشته",
            tile_map(city.held_map(), "دوشنبهٔ گذشته در ۲۲ منطقه", mode="held", small=True),
        ),
        story(
            "تخمین",
            estimate(
                "اگر امروز درخواست بدهید؛ روز پررنگ، دوشنبهٔ مورد انتظار است.",
                _MONDAYS,
                "دوشنبهٔ مورد انتظار: ۲۳ آذر. بازه: ۱۶ آذر تا ۳۰ آذر.",
            ),
        ),
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
                _KEPT,
                button("می‌آیم، نوبت را نگه دارید"),
                button("نمی‌توانم بیایم", kind="secondary", size="sm"),
            ),
        ),
        story("راه درخواست", road(_STEPS, "راه درخواست شما")),
        story("راه دیرشده", road(_LATE, "راه دیرشده")),
    )
