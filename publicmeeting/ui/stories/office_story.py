"""The inbox of the desk officer, with one case open."""

import reflex as rx

from publicmeeting.ui.design.choices import segment
from publicmeeting.ui.design.controls import ButtonKind, button
from publicmeeting.ui.design.desks import RailItem, desk_frame, rail
from publicmeeting.ui.design.fields import field
from publicmeeting.ui.design.figures import code_groups
from publicmeeting.ui.design.icons import icon
from publicmeeting.ui.design.models import Badge, Choice, Photo, Row, Tile
from publicmeeting.ui.design.photos import photo_thumbs
from publicmeeting.ui.design.sheets import (
    badge,
    live_sign,
    notice,
    rows,
)

_RAIL = [
    RailItem("بررسی", "inbox", "/stories/inbox/", "۱۴", here=True),
    RailItem("دوشنبه", "calendar", "/stories/"),
    RailItem("دستورها", "doc", "/stories/", "۳"),
    RailItem("جریان", "road", "/stories/"),
    RailItem("جستجو", "search", "/stories/"),
]
_FRESH = (Tile("glazed"), Tile("half"), Tile("raw"))
_TODAY = (Tile("glazed"), Tile("glazed"), Tile("now"))
_LATE = (Tile("glazed"), Tile("glazed"), Tile("late"))
_INBOX = [
    Row(
        "سد معبر روبه‌روی مدرسه",
        "هر روز از ساعت ۷ صبح دست‌فروش‌ها تمام پیاده‌رو را می‌گیرند",
        end="مهلت دیروز بود",
        late=True,
        strip=_LATE,
        strip_says="دیر شد",
        note="اعتراض",
    ),
    Row(
        "پیاده‌روی شکستهٔ خیابان وصال",
        "مادرم با صندلی چرخ‌دار نمی‌تواند از خانه تا داروخانه برود",
        end="مهلت: امروز",
        strip=_TODAY,
        strip_says="روز آخر",
        note="۱ درخواست مرتبط",
        chosen=True,
    ),
    Row(
        "پایان کار ساختمان سه‌طبقه",
        "پرونده از خرداد در نوبت بازدید است و پاسخ روشنی نمی‌دهند",
        end="مهلت: امروز",
        strip=_TODAY,
        strip_says="روز آخر",
    ),
    Row(
        "درخت چنار خشک، خطر ریزش",
        "چنار جلوی پلاک ۱۲ از تابستان خشک شده و شاخه‌هایش می‌ریزد",
        end="فوریت در بررسی",
        strip=_FRESH,
        strip_says="یک روز مانده",
    ),
    Row(
        "بوی فاضلاب کوچهٔ نسترن",
        "سه بار با ۱۳۷ تماس گرفته‌ام. هر بار بسته شده است",
        end="مهلت: یکشنبه ۸ آذر",
        strip=_FRESH,
        strip_says="یک روز مانده",
        note="۲ درخواست مرتبط",
    ),
    Row(
        "مجوز تغییر کاربری مغازه",
        "می‌خواهم بدانم چرا پروندهٔ همسایه پذیرفته شد",
        end="مهلت: یکشنبه ۸ آذر",
        strip=_FRESH,
        strip_says="یک روز مانده",
    ),
]
_PHOTOS = [
    Photo("/stories/photo-1.svg", "/stories/photo-1.svg", "پیاده‌روی شکسته"),
    Photo("/stories/photo-2.svg", "/stories/photo-2.svg", "کنار درخت"),
]


def inbox() -> rx.Component:
    return desk_frame(
        rail(_RAIL, "بخش‌ها", 6),
        title="صندوق بررسی",
        list_=[
            rx.el.div(
                rx.el.h2("صندوق بررسی", class_name="text-h1"),
                live_sign(),
                class_name="flex items-center justify-between",
            ),
            rx.el.div(
                field("جستجو در موضوع، متن یا کد رهگیری", "find", kind="search", sign="search"),
                segment(
                    "صندوق",
                    [
                        Choice("new", "بررسی‌نشده", "۱۴"),
                        Choice("info", "نیازمند تکمیل", "۵"),
                        Choice("objected", "اعتراض", "۲"),
                        Choice("late", "دیرکرد", "۱"),
                    ],
                    "new",
                ),
                rows(_INBOX, dense=True),
                class_name="mt-3 grid gap-3",
            ),
        ],
        detail=_case(),
        decision=_decision(),
        has_detail=True,
    )


def _case() -> list[rx.Component]:
    return [
        rx.el.div(
            badge(Badge("مهلت: امروز، پایان وقت اداری", "saffron", "clock")),
            badge(Badge("نام و شماره پنهان است", "neutral", "mask")),
            badge(Badge("ورودی بی‌پله", "glaze", "wheelchair")),
            class_name="flex flex-wrap gap-2",
        ),
        rx.el.h2("پیاده‌روی شکستهٔ خیابان وصال", class_name="mt-3 text-h1"),
        rx.el.p(
            "کد رهگیری ",
            code_groups("۰۵۰۶۲۲۱۸۰۴", "font-semibold text-ink"),
            " · معابر و پیاده‌رو · ثبت: یکشنبه ۱ آذر، ۲۱:۱۲",
            class_name="text-meta text-ink2",
        ),
        rx.el.p(
            "مادرم با صندلی چرخ‌دار نمی‌تواند از خانه تا داروخانه برود. سنگ‌فرش از نبش داروخانه تا "
            "ایستگاه اتوبوس شکسته و در دو جا گود است. سال گذشته هم نوشتم؛ پاسخ آمد که ترمیم شد، "
            "ولی نشده است.",
            class_name="my-4 max-w-read",
        ),
        rx.el.div(photo_thumbs(_PHOTOS), class_name="max-w-lg"),
        rx.el.div(
            notice(
                "یک درخواست پیشین از همین شهروند.",
                "آبان ۱۴۰۴، همین موضوع، پاسخ بدون ملاقات. شهروند اعتراض نکرده بود.",
            ),
            rx.el.div(
                rx.el.p(
                    icon("eye"),
                    "با «پذیرش در نوبت»، شهروند این را می‌خواند:",
                    class_name="flex gap-2 text-ink2",
                ),
                rx.el.p(
                    "کارشناس درخواست شما را پذیرفت. کار در اختیار شهرداری است و ملاقات لازم دارد. "
                    "نوبت شما به احتمال زیاد میان ۱۶ تا ۳۰ آذر است.",
                    class_name="mt-2",
                ),
                class_name="rounded-sheet border border-line bg-ground p-4",
            ),
            class_name="mt-4 grid gap-4",
        ),
    ]


def _decision() -> rx.Component:
    others: tuple[tuple[str, str, ButtonKind], ...] = (
        ("پاسخ بدون ملاقات", "۲", "secondary"),
        ("خواستن مدرک", "۳", "secondary"),
        ("تغییر منطقه", "۴", "secondary"),
        ("رد با دلیل", "۵", "danger"),
    )
    return rx.el.div(
        rx.el.div(
            rx.el.h2("تصمیم شما", class_name="text-h3"),
            rx.el.p("شهروند دلیل را به همین زبان می‌خواند.", class_name="text-ink2"),
            class_name="mb-3 flex flex-wrap items-center justify-between gap-x-4",
        ),
        rx.el.div(
            button(
                "پذیرش در نوبت",
                meta="نوبت احتمالی: ۱۶ تا ۳۰ آذر",
                key="۱",
                class_name="lg:row-span-2",
            ),
            *(
                button(word, kind=kind, size="sm", key=key, class_name="!justify-between")
                for word, key, kind in others
            ),
            class_name="grid gap-1 sm:grid-cols-2 lg:grid-cols-[1.3fr_1fr_1fr]",
        ),
    )
