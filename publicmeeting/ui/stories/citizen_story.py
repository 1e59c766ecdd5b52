"""Whole citizen pages from the parts, with invented people and true dates."""

import reflex as rx

from publicmeeting.ui.design.controls import action_tiles, button
from publicmeeting.ui.design.fields import field
from publicmeeting.ui.design.figures import code_groups
from publicmeeting.ui.design.frames import (
    back_link,
    band_head,
    band_page,
    brand,
    page_title,
    phone_page,
    section,
    site_bar,
    site_foot,
)
from publicmeeting.ui.design.icons import icon
from publicmeeting.ui.design.invitation import estimate, invitation
from publicmeeting.ui.design.links import text_link
from publicmeeting.ui.design.models import Badge, Invitation, RoadStep, Row, Tile
from publicmeeting.ui.design.road import road
from publicmeeting.ui.design.sheets import live_sign, row, rows, rows_of, sheet, stepper
from publicmeeting.ui.design.tehran import tile_map, waits_legend
from publicmeeting.ui.design.tiles import legend, strip_with_words, tile
from publicmeeting.ui.stories import city

_RULES = (
    "هر که هفته‌های بیشتری منتظر مانده، جلوتر است.",
    "میان کسانی که از یک هفته منتظرند، قرعهٔ علنی ترتیب را معلوم می‌کند.",
    "هیچ‌کس نمی‌تواند کسی را جابه‌جا کند؛ نه شهردار، نه کارمند، نه مدیر سامانه.",
    "هر کس می‌تواند ترتیب نوبت‌ها را خودش دوباره حساب کند.",
)


def home() -> rx.Component:
    head = band_head(
        rx.el.div(
            rx.el.div(
                rx.el.h1("هر دوشنبه، شهردار روبه‌روی شما می‌نشیند.", class_name="text-hero"),
                rx.el.p(
                    "نوبت بگیرید، دستور دست‌نویس شهردار را ببینید و تا انجام کار دنبالش کنید. "
                    "نه آشنا لازم است، نه واسطه.",
                    class_name="mt-2 text-ink2",
                ),
            ),
            rx.el.div(
                strip_with_words(city.WEEK, "دوشنبهٔ بعدی: ۹ آذر ۱۴۰۵ · ۲۶۴ نوبت در ۲۲ منطقه"),
                action_tiles(
                    [
                        ("meet", "درخواست ملاقات", "/stories/district/"),
                        ("road", "پیگیری", "/stories/timeline/"),
                    ]
                ),
                class_name="grid gap-5",
            ),
            class_name="grid items-end gap-5 lg:grid-cols-2 lg:gap-16",
        ),
        bar=rx.fragment(brand(6), text_link("ورود", "/stories/")),
        with_ridge=True,
        wide=True,
    )
    return band_page(
        head,
        section(
            "منطقهٔ شما",
            rx.el.div(
                rx.el.div(
                    tile_map(
                        city.waits_map(),
                        "نقشهٔ منطقه‌ها و هفته‌های انتظار",
                        mode="waits",
                        name="district",
                    ),
                    waits_legend(["۱ هفته", "۲ هفته", "۳ هفته", "۴ هفته"]),
                    class_name="grid gap-3",
                ),
                _district_card(),
                class_name="grid items-start gap-6 lg:grid-cols-2 lg:gap-16",
            ),
            lead="روی کاشی بزنید. هر نقطه یک هفته انتظار است.",
        ),
        rx.el.div(
            _how(),
            section("دوشنبهٔ گذشته، ۲ آذر", _last_monday()),
            class_name="grid items-start lg:grid-cols-2 lg:gap-16",
        ),
        site_footer=site_foot(
            [("اعتبارسنجی", "/stories/"), ("آمار", "/stories/"), ("دسترس‌پذیری", "/stories/")],
            wide=True,
        ),
        wide=True,
    )


def _how() -> rx.Component:
    return section(
        "نوبت چگونه داده می‌شود؟",
        rx.el.ol(
            *(
                rx.el.li(
                    tile(Tile("glazed", "۱۲۳۴"[at]), "size-9 shrink-0"),
                    rx.el.p(rule),
                    class_name="flex gap-4",
                )
                for at, rule in enumerate(_RULES)
            ),
            class_name="grid gap-4",
        ),
        text_link("خودتان ببینید و حساب کنید", "/stories/", class_name="justify-self-start"),
    )


def _district_card() -> rx.Component:
    return sheet(
        rx.el.div(
            tile(Tile("now", "۶"), "size-16 text-h1"),
            rx.el.div(
                rx.el.h3("منطقهٔ ۶", class_name="text-h3"),
                rx.el.p("برای ۹ آذر · ۱۲ نوبت · ۴۱ نفر منتظر", class_name="text-ink2"),
            ),
            class_name="flex items-center gap-4",
        ),
        estimate(
            "اگر امروز درخواست بدهید؛ روز پررنگ، دوشنبهٔ مورد انتظار است.",
            city.mondays(
                ("raw", "۹ آذر"),
                ("s2", "۱۶ آذر"),
                ("glazed", "۲۳ آذر"),
                ("s2", "۳۰ آذر"),
                ("raw", "۷ دی"),
            ),
            "دوشنبهٔ مورد انتظار: ۲۳ آذر. بازه: ۱۶ آذر تا ۳۰ آذر.",
        ),
    )


def _last_monday() -> rx.Component:
    return sheet(
        rx.el.div(
            tile_map(city.held_map(), "دوشنبهٔ گذشته در ۲۲ منطقه", mode="held", small=True),
            rx.el.div(
                rx.el.p(rx.el.span("۱۹", class_name="text-num-l"), " شهردار خودش آمد."),
                legend([Tile("foot"), Tile("off")], ["۲ منطقه با جانشین", "منطقهٔ ۱۷ برگزار نکرد"]),
                class_name="flex-1 basis-32",
            ),
            class_name="flex flex-wrap items-center gap-4",
        )
    )


def district() -> rx.Component:
    places = rows_of(
        *(
            row(Row(f"منطقهٔ {word}", tile=Tile(kind, word), href="/stories/"))
            for word, kind in (
                ("۵", "candidate"),
                ("۱۴", "now"),
                ("۱۵", "candidate"),
                ("۱۷", "candidate"),
            )
        ),
        two=True,
    )
    return phone_page(
        stepper(["منطقه", "موضوع", "شما", "مرور"], 1, "گام‌های درخواست"),
        rx.el.h1("مشکل در کدام منطقه است؟", class_name="mt-3 text-h1"),
        rx.el.div(
            field("نام محله", "place", kind="search", sign="search", value="ابوذر"),
            rx.el.p("«ابوذر» در ۴ منطقه هست. کدام یکی؟"),
            places,
            tile_map(
                city.choose_map(14, (5, 15, 17)), "منطقه را روی نقشه انتخاب کنید", name="district"
            ),
            class_name="mt-2 grid gap-4",
        ),
        bar=site_bar(
            brand(14),
            rx.el.span(
                icon("check", "sm"),
                "پیش‌نویس ذخیره شد",
                class_name="flex items-center gap-2 text-meta text-ink2",
            ),
        ),
        foot=button("ادامه با منطقهٔ ۱۴", sign_end="forward"),
    )


def timeline() -> rx.Component:
    return phone_page(
        page_title(
            "پیاده‌روی شکستهٔ خیابان ایتالیا",
            rx.fragment(
                "منطقهٔ ۶ · کد رهگیری ", code_groups("۰۵۰۶۱۲۳۴۵۷", "font-semibold text-ink")
            ),
        ),
        invitation(
            INVITED,
            button("می‌آیم، نوبت را نگه دارید"),
            button("نمی‌توانم بیایم", kind="secondary", size="sm"),
            button("جابه‌جایی (یک بار)", kind="secondary", size="sm"),
        ),
        section("راه درخواست شما", road(STEPS, "راه درخواست شما")),
        rx.el.div(
            rows(
                [
                    Row("متن و عکس‌های درخواست", href="/stories/"),
                    Row("چه کسی پرونده را دید؟", end="۳ بار", href="/stories/"),
                    Row("انصراف از درخواست", href="/stories/", danger=True),
                ]
            ),
            class_name="mt-8 border-t border-line pt-6",
        ),
        bar=site_bar(back_link("درخواست‌های من", "/stories/"), live_sign()),
        says="نوبت شما داده شد.",
    )


INVITED = Invitation(
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

STEPS = [
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
        strip_says="دو دوشنبه گذشت؛ نوبت ۹ آذر.",
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
