"""Stories of papers in each condition: the order, the promise, the pass, and a draw's hash as
tiles."""

import reflex as rx

from publicmeeting.ui.design.models import OrderPaper, Pass, PassLine, Photo, PromiseClock
from publicmeeting.ui.design.paper import (
    fingerprint,
    order_paper,
    order_sheet,
    pass_sheet,
    promise_clock,
)
from publicmeeting.ui.design.sheets import photo_thumbs
from publicmeeting.ui.stories import showing
from publicmeeting.ui.stories.showing import page, story

ORDER_TEXT = (
    "معاون محترم فنی و عمران\nپیاده‌روی خیابان ایتالیا، از فلسطین تا وصال، تا پایان آذر ترمیم و "
    "هم‌سطح شود. از پیش و پس از کار عکس گرفته شود."
)
_WRITTEN = OrderPaper(
    kind="written",
    unit_name="شهرداری منطقهٔ ۶",
    title="دستور ملاقات مردمی",
    date="دوشنبه ۹ آذر ۱۴۰۵",
    number="۱۴۰۵۰۹۰۹۰۶۷",
    district=6,
    image="/stories/ink.svg",
    image_alt="دستور دست‌نویس شهردار؛ متن آن را در «خواندن متن» بخوانید.",
    text=ORDER_TEXT,
    foot="نسخهٔ شهروند، بی‌کم‌وکاست",
    log="7c1e90ab",
)
CLOCK = PromiseClock(
    lead="مهلت انجام",
    due="دوشنبه ۳۰ آذر ۱۴۰۵",
    number="۹",
    number_caption="روز کاری مانده",
    days=showing.promise_days(17),
    sentence="هر کاشی یک روز کاری است. قلم روز دستور است، زعفرانی امروز و قاب پررنگ پایان مهلت.",
    unit="واحد مسئول: فنی و عمران منطقهٔ ۶",
)
LATE_CLOCK = PromiseClock(
    **{
        **vars(CLOCK),
        "number": "۳",
        "number_caption": "روز کاری دیرکرد",
        "days": showing.promise_days(33, 28),
        "due": "شنبه ۲۸ آذر ۱۴۰۵",
        "late": True,
    }
)
_PASS = Pass(
    title="برگهٔ نوبت",
    district_name="منطقهٔ ۶",
    district=6,
    weekday="دوشنبه",
    date="۹ آذر ۱۴۰۵",
    time_label="ساعت",
    time="۹:۴۵",
    seats=showing.PASS_SEATS,
    seats_caption="نفر ۷ از ۱۲ نفر این دوشنبه",
    name_label="نام",
    name="مریم احمدی",
    identity_label="کد ملی",
    identity="۰۴۹•••••۸۹۹",
    code_label="کد رهگیری",
    code="۰۵۰۶۱۲۳۴۵۷",
    qr="/stories/qr.svg",
    qr_alt="رمزینهٔ نوبت؛ در پذیرش نشان دهید.",
)


def papers() -> rx.Component:
    """The order in its conditions, a promise that runs and one that is late."""
    typed = OrderPaper(**{**vars(_WRITTEN), "kind": "typed"})
    photo = OrderPaper(**{**vars(_WRITTEN), "kind": "photo", "image": "/stories/photo-1.svg"})
    waiting = OrderPaper(**{**vars(_WRITTEN), "kind": "waiting"})
    return page(
        "کاغذ و قول",
        story("دست‌نویس", order_sheet(_WRITTEN)),
        story("تایپ‌شده", order_paper(typed)),
        story("عکس کاغذ", order_paper(photo)),
        story("پیش از شناختن شما", order_paper(waiting)),
        story("قول", promise_clock(CLOCK)),
        story("قول دیرشده", promise_clock(LATE_CLOCK)),
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


def day_pass() -> rx.Component:
    """The pass for the day, and the hashes that people compare by eye."""
    return page(
        "برگهٔ نوبت",
        story(
            "برگه",
            pass_sheet(
                _PASS,
                [
                    PassLine("pin", "خیابان دکتر فاطمی، شهرداری منطقهٔ ۶، طبقهٔ همکف، سالن ملاقات"),
                    PassLine("wheelchair", "ورودی بی‌پله از کوچهٔ شرقی"),
                    PassLine("doc", "و اصل مدارک را بیاورید. ۱۵ دقیقه زودتر بیایید.", "کارت ملی"),
                ],
            ),
        ),
        story("نقش رسید", fingerprint("7c1e90ab", "نقش ۷c۱e۹۰ab")),
        story(
            "نقش قرعه",
            fingerprint("7c1e90ab41f709c2d3", "نقش این قرعه: ۷c۱e۹۰ab", cells=32, large=True),
        ),
    )
