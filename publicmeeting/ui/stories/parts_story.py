"""Stories of small components: tiles, buttons, badges, fields, choices, messages, icons."""

import reflex as rx

from publicmeeting.domain.orders.ink import Dot, Stroke, ink_text
from publicmeeting.ui.design.controls import (
    action_tiles,
    button,
    dialog,
    icon_button,
    open_dialog,
    pair,
)
from publicmeeting.ui.design.fields import area, chips, field, pressed_chips, segment, select, tick
from publicmeeting.ui.design.figures import (
    code_groups,
    digit_cells,
    strip_with_words,
    tile,
)
from publicmeeting.ui.design.icons import SIGNS, icon
from publicmeeting.ui.design.models import Badge, Choice, Photo, Row, Tile
from publicmeeting.ui.design.sheets import (
    badge,
    notice,
    offline_bar,
    photo_pairs,
    quote,
    rows,
    stepper,
)
from publicmeeting.ui.design.states import empty, loading
from publicmeeting.ui.design.tehran import mark
from publicmeeting.ui.mayor.ink.pad import ink_pad, tools_place
from publicmeeting.ui.stories.showing import page, story

_TILES = (
    ("raw", "۹", "در راه"),
    ("half", "", "نیمه"),
    ("foot", "۱۱", "جانشین"),
    ("glazed", "۹", "گذشته"),
    ("now", "۹", "اکنون، شما"),
    ("late", "", "دیرکرد"),
    ("off", "", "برگزار نشد"),
    ("cancelled", "", "لغو با اعلام"),
    ("plain", "۹", "انتخاب‌پذیر"),
    ("candidate", "۹", "نامزد"),
    ("end", "۹", "پایان مهلت"),
    ("s1", "۱", "۱ هفته"),
    ("s2", "۲", "۲ هفته"),
    ("s3", "۳", "۳ هفته"),
    ("s4", "۴", "۴ هفته"),
    ("s5", "۵", "۵ هفته"),
)
_PROMISES = [
    Row(
        "پیاده‌روی خیابان ایتالیا ترمیم و هم‌سطح شود.",
        "فنی و عمران\u00a0· ۱۴۰۵۰۹۰۹۰۶۷",
        "/stories/",
        thumb="/stories/ink.svg",
        tags=(Badge("فوری", "neutral", "bell"), Badge("به شهردار رسید", "brick", "flag")),
        end="۳ روز کاری دیرکرد",
        late=True,
        badge=Badge("در دست اقدام", "glaze"),
    ),
    Row(
        "سه چراغ کوچهٔ نسترن روشن شود.",
        "فنی و عمران\u00a0· ۱۴۰۵۰۹۰۹۰۶۸",
        "/stories/",
        thumb="/stories/ink.svg",
        tags=(Badge("واحد مهلت خواست", "saffron", "chat"),),
        end="۵ روز کاری مانده",
        badge=Badge("تصمیم شما", "saffron", "pen"),
    ),
    Row("درخت خشک بریده شود.", "فضای سبز", "/stories/", badge=Badge("شهروند گفت انجام شد", "leaf")),
]
_UNITS = [
    Choice("tech", "فنی و عمران"),
    Choice("services", "خدمات شهری"),
    Choice("plan", "شهرسازی"),
    Choice("traffic", "ترافیک"),
]
_FILTERS = [
    Choice("new", "بررسی‌نشده", "۱۴"),
    Choice("info", "نیازمند تکمیل", "۵"),
    Choice("objected", "اعتراض", "۲"),
    Choice("late", "دیرکرد", "۱"),
]


def tiles_and_signs() -> rx.Component:
    return page(
        "کاشی‌ها و نشانه‌ها",
        story(
            "نشان",
            rx.el.div(
                mark(6, "lg"),
                mark(14),
                mark(),
                rx.el.div(mark(6), "ملاقات مردمی", class_name="on-band brand px-4 py-2"),
                class_name="flex flex-wrap items-center gap-4",
            ),
        ),
        story("حالت‌های کاشی", _tile_states()),
        story(
            "نوار",
            strip_with_words(
                [Tile("glazed", "۲۵ آبان"), Tile("glazed", "۲ آذر"), Tile("now", "۹ آذر")],
                "دو دوشنبه گذشت؛ نوبت شما ۹ آذر است.",
            ),
            strip_with_words(
                [Tile("glazed")] * 2 + [Tile("raw")] * 13, "۲ دقیقه از ۱۵ دقیقه گذشت.", "sm"
            ),
        ),
        story(
            "رقم‌ها",
            rx.el.p(digit_cells("۹:۵۴"), class_name="text-num-xl"),
            rx.el.p("کد رهگیری ", code_groups("۰۵۰۶۱۲۳۴۵۷", "text-h2")),
        ),
        story(
            "نشانه‌ها",
            rx.el.ul(
                *(rx.el.li(icon(name, aria_label=name), class_name="p-2") for name in SIGNS),
                class_name="flex flex-wrap",
            ),
        ),
    )


def _tile_states() -> rx.Component:
    return rx.el.ul(
        *(
            rx.el.li(
                tile(Tile(kind, text), "size-12"),
                rx.el.span(word, class_name="text-tiny font-normal"),
                class_name="grid w-20 justify-items-center gap-1",
            )
            for kind, text, word in _TILES
        ),
        class_name="flex flex-wrap gap-3",
    )


def controls() -> rx.Component:
    return page(
        "دکمه و خانهٔ ورود",
        story(
            "دکمه",
            rx.el.div(
                button("ثبت درخواست"),
                button("ثبت درخواست", busy=True, busy_label="در حال ثبت"),
                button("نمی‌توانم بیایم", kind="secondary"),
                button("لغو نوبت", kind="danger"),
                button("خواندن متن دستور", kind="quiet"),
                button("ثبت درخواست", why_not="برای ادامه، منطقه را انتخاب کنید"),
                button("ادامه", sign_end="forward"),
                icon_button("undo", "پس گرفتن"),
                class_name="flex flex-wrap items-center gap-2",
            ),
            pair(
                button("دیدن بزرگ‌تر", kind="secondary", sign="zoom"),
                button("خواندن متن", kind="secondary", sign="doc"),
            ),
            action_tiles(
                [
                    ("meet", "درخواست ملاقات", "/stories/"),
                    ("road", "پیگیری", "/stories/turn/"),
                ]
            ),
            button("باز کردن پنجره", kind="secondary", on_click=open_dialog("sample")),
            dialog(
                "sample",
                "انصراف از درخواست",
                rx.el.p("با انصراف، هفته‌های انتظارتان از میان می‌رود."),
            ),
        ),
        story(
            "خانهٔ ورود",
            field("نام محله", "place", kind="search", sign="search", value="ابوذر"),
            field(
                "کد ملی",
                "identity",
                kind="number",
                value="۰۴۹۹۳۷۰۸۹",
                error="کد ملی ۱۰ رقم است؛ ۹ رقم نوشته‌اید.",
            ),
            field("کد پیامک", "code", kind="code", hint="۶ رقم. تا ۱:۴۲ معتبر است."),
            field("نام و نام خانوادگی", "name", value="مریم احمدی", read_only=True),
            area(
                "چه شده است؟",
                "what",
                value="پیاده‌رو شکسته است.",
                hint="کوتاه و روشن بنویسید.",
                limit=1500,
                limit_words="۱۵۰۰",
            ),
            select("واحد", "unit", _UNITS, value="plan"),
        ),
        story(
            "گزینش",
            chips(
                "مهلت",
                "due",
                [
                    Choice("5", "۵ روز"),
                    Choice("10", "۱۰ روز"),
                    Choice("15", "۱۵ روز کاری: دوشنبه ۳۰ آذر"),
                ],
                value="15",
            ),
            chips(
                "نیاز شما در ملاقات",
                "needs",
                [
                    Choice("step", "ورودی بی‌پله"),
                    Choice("sign", "زبان اشاره"),
                    Choice("with", "همراه"),
                ],
                value="step,with",
                several=True,
            ),
            pressed_chips("واحد", _UNITS, "tech"),
            segment("صندوق", _FILTERS, "new"),
            tick("قانون نوبت را خوانده‌ام.", "read", value=True, hint="یک دقیقه وقت می‌برد."),
        ),
    )


def messages() -> rx.Component:
    return page(
        "پیام‌ها و ردیف‌ها",
        story("گام‌ها", stepper(["منطقه", "موضوع", "شما", "مرور"], 2, "گام‌های درخواست")),
        story(
            "نشان وضعیت",
            rx.el.div(
                badge(Badge("ثبت شد")),
                badge(Badge("در دست اقدام", "glaze", "clock")),
                badge(Badge("پاسخ شما لازم است", "saffron", "bell")),
                badge(Badge("انجام شد", "leaf", "check")),
                badge(Badge("۳ روز کاری دیرکرد", "brick", "flag")),
                class_name="flex flex-wrap gap-2",
            ),
        ),
        story(
            "پیام",
            offline_bar("ارتباط قطع شد؛ دوباره تلاش می‌کنیم. نوشته‌هایتان مانده است."),
            notice(
                "این نوبت دیگر آزاد نیست.",
                "مهلت پاسخ ساعت ۲۰:۰۰ بود. هفته‌های انتظار شما مانده است.",
                tone="brick",
            ),
            notice("درخواست شما ثبت شد.", "کد رهگیری را نگه دارید."),
            notice("پاسخ شما لازم است.", "تا شنبه ۷ آذر، ساعت ۲۰:۰۰.", tone="saffron"),
            notice("یک درخواست پیشین دارید.", "آبان ۱۴۰۴، همین موضوع."),
        ),
        story(
            "ردیف‌ها",
            rows(
                [
                    Row("متن و عکس‌های درخواست", href="/stories/", icon="doc"),
                    Row("چه کسی پرونده را دید؟", meta="۳ بار", href="/stories/", chosen=True),
                    Row("منطقهٔ ۱۴", tile=Tile("candidate", "۱۴"), end="۲ هفته", href="/stories/"),
                    Row("انصراف از درخواست", href="/stories/", danger=True),
                ]
            ),
        ),
        story("قول با تصویر برگه", rows(_PROMISES)),
        story(
            "پیش و پس از کار",
            photo_pairs(
                [Photo("/stories/photo-1.svg", "/stories/photo-1.svg", "پیاده‌روی شکسته")],
                [Photo("/stories/photo-2.svg", "/stories/photo-2.svg", "همان‌جا پس از کار")],
                ("پیش از کار", "پس از کار"),
            ),
        ),
        story(
            "نقل",
            quote("فنی و عمران، شنبه ۱۴ آذر", "پیمانکار را فرستادیم."),
            quote("یادداشت", "با ناحیهٔ ۲ هماهنگ شد.", inside=True),
        ),
        story(
            "حالت خالی و در حال آمدن",
            empty(
                "هنوز درخواستی ندارید.",
                "نخستین درخواست را ثبت کنید؛ حدود سه دقیقه وقت می‌برد.",
                button("درخواست ملاقات", href="/stories/"),
                district=6,
            ),
            loading(),
        ),
    )


# The ink pad: empty, written on, and read-only.

_WAVE = tuple(Dot(1000 - 8 * n, 50 + (n % 20 - 10) * 2, 0.3 + (n % 10) / 20) for n in range(90))
_WRITTEN = ink_text([Stroke(_WAVE)])


def hand() -> rx.Component:
    return page(
        "نوشتن با قلم",
        story("ابزار قلم", tools_place()),
        story("برگهٔ خالی", rx.el.div(ink_pad(), class_name="paper")),
        story("نوشته‌شده", rx.el.div(ink_pad(start=_WRITTEN, live=False), class_name="paper")),
    )
