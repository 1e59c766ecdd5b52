"""What a citizen keeps: the order, the promise, the pass, and the proof of the draw."""

import reflex as rx

from publicmeeting.ui.design.controls import button, pair
from publicmeeting.ui.design.figures import code_groups, ltr
from publicmeeting.ui.design.frames import (
    back_link,
    brand,
    page_title,
    phone_page,
    section,
    site_bar,
)
from publicmeeting.ui.design.models import (
    Badge,
    OrderPaper,
    Pass,
    PassLine,
    Photo,
    PromiseClock,
    RoadStep,
    Tile,
)
from publicmeeting.ui.design.paper import order_paper, order_sheet
from publicmeeting.ui.design.photos import photo_thumbs
from publicmeeting.ui.design.promise import promise_clock
from publicmeeting.ui.design.road import road
from publicmeeting.ui.design.sheets import badge, live_sign, row_static, rows_of, sheet
from publicmeeting.ui.design.ticket import fingerprint, pass_sheet
from publicmeeting.ui.design.tiles import icon_tile, legend, strip
from publicmeeting.ui.stories import city
from publicmeeting.ui.stories.showing import page, story

ORDER_TEXT = (
    "معاون محترم فنی و عمران\nپیاده‌روی خیابان ایتالیا، از فلسطین تا وصال، تا پایان آذر ترمیم و "
    "هم‌سطح شود. از پیش و پس از کار عکس گرفته شود."
)
WRITTEN = OrderPaper(
    kind="written",
    unit_name="شهرداری منطقهٔ ۶",
    title="دستور ملاقات مردمی",
    date="دوشنبه ۹ آذر ۱۴۰۵",
    number="۱۴۰۵۰۹۰۹۰۶۷",
    district=6,
    image="/stories/ink.svg",
    image_says="دستور دست‌نویس شهردار؛ متن آن را در «خواندن متن» بخوانید.",
    text=ORDER_TEXT,
    foot="نسخهٔ شهروند، بی‌کم‌وکاست",
    log="7c1e90ab",
)
CLOCK = PromiseClock(
    lead="مهلت انجام",
    due="دوشنبه ۳۰ آذر ۱۴۰۵",
    number="۹",
    number_says="روز کاری مانده",
    days=city.promise_days(17),
    sentence="هر کاشی یک روز کاری است. قلم روز دستور است، زعفرانی امروز و قاب پررنگ پایان مهلت.",
    unit="واحد مسئول: فنی و عمران منطقهٔ ۶",
)
LATE_CLOCK = PromiseClock(
    **{
        **vars(CLOCK),
        "number": "۳",
        "number_says": "روز کاری دیرکرد",
        "days": city.promise_days(33, 28),
        "due": "شنبه ۲۸ آذر ۱۴۰۵",
        "late": True,
    }
)
AFTER = [
    RoadStep("past", "ملاقات انجام شد", "دوشنبه ۹ آذر، از ۹:۵۲ تا ۱۰:۰۱"),
    RoadStep("past", "شهردار دستور داد", "دوشنبه ۹ آذر، ۱۰:۰۰"),
    RoadStep(
        "past",
        "واحد کار را پذیرفت",
        "چهارشنبه ۱۱ آذر، ۸:۴۰ · فنی و عمران",
        quote="پیمانکار را فرستادیم. کفپوش از شنبه ۲۱ آذر عوض می‌شود؛ راه عبور صندلی چرخ‌دار باز "
        "می‌ماند.",
        quote_by="فنی و عمران، شنبه ۱۴ آذر",
    ),
    RoadStep(
        "now",
        "در دست اقدام",
        meaning="واحد تا ۳۰ آذر گزارش و عکس می‌فرستد. اگر نفرستد، این‌جا دیرکرد دیده می‌شود و شهر "
        "خبردار می‌شود.",
        icon="clock",
        badge=Badge("اکنون", "saffron"),
    ),
    RoadStep("ahead", "گزارش واحد با عکس", "تا دوشنبه ۳۰ آذر"),
    RoadStep("ahead", "پرسش از شما: انجام شد؟", "اگر نشده باشد، دستور با مهلت تازه بازمی‌گردد."),
]


def order() -> rx.Component:
    return phone_page(
        page_title(
            "پیاده‌روی شکستهٔ خیابان ایتالیا",
            rx.fragment(
                "منطقهٔ ۶ · کد رهگیری ", code_groups("۰۵۰۶۱۲۳۴۵۷", "font-semibold text-ink")
            ),
        ),
        rx.el.div(
            rx.el.h2("دستور شهردار", class_name="text-h2"),
            badge(Badge("در دست اقدام", "glaze")),
            class_name="mb-2 flex items-center justify-between",
        ),
        order_sheet(WRITTEN),
        rx.el.div(promise_clock(CLOCK), class_name="mt-6"),
        section("پس از ملاقات", road(AFTER, "پس از ملاقات", extra=_write_to_unit)),
        bar=site_bar(back_link("درخواست‌های من", "/stories/"), live_sign()),
    )


def _write_to_unit(step: RoadStep) -> rx.Component:
    if step.kind != "now":
        return rx.fragment()
    return button("نوشتن برای واحد", kind="secondary", size="sm", sign="chat", class_name="mt-2")


def papers() -> rx.Component:
    """The order in its other conditions, and a promise that was not kept."""
    typed = OrderPaper(**{**vars(WRITTEN), "kind": "typed"})
    photo = OrderPaper(**{**vars(WRITTEN), "kind": "photo", "image": "/stories/photo-1.svg"})
    waiting = OrderPaper(**{**vars(WRITTEN), "kind": "waiting"})
    late_road = [
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
    return page(
        "کاغذ و قول",
        story("تایپ‌شده", order_paper(typed)),
        story("عکس کاغذ", order_paper(photo)),
        story("پیش از شناختن شما", order_paper(waiting)),
        story("قول دیرشده", promise_clock(LATE_CLOCK)),
        story("راه دیرشده", road(late_road, "راه دیرشده")),
        story(
            "عکس‌ها",
            photo_thumbs(
                [
                    Photo("/stories/photo-1.svg", "/stories/photo-1.svg", "پیاده‌روی شکسته"),
                    Photo("/stories/photo-2.svg", "/stories/photo-2.svg", "کنار درخت"),
                ]
            ),
        ),
    )


PASS = Pass(
    title="برگهٔ نوبت",
    district_name="منطقهٔ ۶",
    district=6,
    weekday="دوشنبه",
    date="۹ آذر ۱۴۰۵",
    time_label="ساعت",
    time="۹:۴۵",
    seats=city.PASS_SEATS,
    seats_says="نفر ۷ از ۱۲ نفر این دوشنبه",
    name_label="نام",
    name="مریم احمدی",
    identity_label="کد ملی",
    identity="۰۴۹•••••۸۹۹",
    code_label="کد رهگیری",
    code="۰۵۰۶۱۲۳۴۵۷",
    qr="/stories/qr.svg",
    qr_says="رمزینهٔ نوبت؛ در پذیرش نشان دهید.",
)


def day_pass() -> rx.Component:
    return phone_page(
        rx.el.h1("برگهٔ نوبت", class_name="sr-only"),
        pass_sheet(
            PASS,
            [
                PassLine("pin", "خیابان دکتر فاطمی، شهرداری منطقهٔ ۶، طبقهٔ همکف، سالن ملاقات"),
                PassLine("wheelchair", "ورودی بی‌پله از کوچهٔ شرقی"),
                PassLine("doc", "و اصل مدارک را بیاورید. ۱۵ دقیقه زودتر بیایید.", "کارت ملی"),
            ],
        ),
        rx.el.div(
            *(
                button(word, kind="secondary", sign=sign, stacked=True)
                for sign, word in (
                    ("calendar", "ثبت در تقویم"),
                    ("download", "ذخیرهٔ تصویر"),
                    ("print", "چاپ برگه"),
                )
            ),
            class_name="pair my-4",
        ),
        rx.el.div(
            fingerprint("7c1e90ab", "نقش ۷c۱e۹۰ab"),
            rx.el.p(
                rx.el.span("نشان دفتر عمومی در لحظهٔ نوبت:", class_name="block text-ink2"),
                ltr("7c1e90ab", "font-semibold"),
            ),
            class_name="flex items-center gap-4",
        ),
        bar=site_bar(
            back_link("درخواست", "/stories/timeline/"),
            badge(Badge("حضور تأیید شد", "glaze", "check")),
        ),
    )


def verify() -> rx.Component:
    row_tiles = [Tile("glazed")] * 6 + [Tile("now")] + [Tile("glazed")] * 5 + [Tile("raw")] * 29
    return phone_page(
        page_title("ترتیب نوبت‌ها درست است.", "منطقهٔ ۶ · قرعهٔ چهارشنبه ۴ آذر ۱۴۰۵"),
        rows_of(
            *(
                row_static(
                    icon_tile("check"),
                    rx.el.div(
                        rx.el.p(title, class_name="row-title font-bold"),
                        rx.el.p(meta, class_name="row-meta"),
                    ),
                )
                for title, meta in (
                    ("فهرست پیش از قرعه بسته شد", "سه‌شنبه ۳ آذر، ۱۲:۰۰ · ۴۱ ردیف"),
                    ("دو ناظر رمز خود را پیش‌تر سپردند", "شورای شهر و بازرسی"),
                    ("مرورگر شما همان نتیجه را حساب کرد", "۱۲ نوبت و ۲۹ ذخیره، بی‌اختلاف"),
                )
            )
        ),
        rx.el.div(
            sheet(
                rx.el.div(
                    rx.el.div(
                        rx.el.h2("ردیف شما", class_name="text-h3"),
                        rx.el.p(
                            "نشان ",
                            ltr("a41f…09c2", "font-semibold text-ink"),
                            class_name="text-ink2",
                        ),
                        class_name="flex items-center justify-between",
                    ),
                    strip(row_tiles, "نفر ۷ از ۴۱ ردیف", "wrap"),
                    rx.el.p(
                        "با ",
                        rx.el.strong("۲ هفته انتظار"),
                        " نفر ۷ شدید. هیچ‌کس با انتظار کمتر جلوتر از شما نیست.",
                    ),
                    legend(
                        [Tile("glazed"), Tile("raw"), Tile("now")], ["نوبت گرفت", "ذخیره", "شما"]
                    ),
                    class_name="grid gap-4",
                )
            ),
            rx.el.div(
                fingerprint("7c1e90ab41f709c2d3", "نقش این قرعه: ۷c۱e۹۰ab", cells=32, large=True),
                rx.el.div(
                    rx.el.h2("نقش این قرعه", class_name="text-h3"),
                    rx.el.p(
                        "همین نقش روی رسید همهٔ شرکت‌کنندگان است. اگر فرق داشت، به بازرسی خبر دهید.",
                        class_name="text-ink2",
                    ),
                    class_name="flex-1 basis-32",
                ),
                class_name="flex flex-wrap gap-4",
            ),
            pair(
                button("دوباره حساب کنید", size="sm"),
                button("دریافت پرونده", kind="secondary", size="sm", sign="download"),
            ),
            class_name="mt-4 grid gap-4",
        ),
        bar=site_bar(brand(6), badge(Badge("اعتبارسنجی", "glaze", "shield"))),
    )
