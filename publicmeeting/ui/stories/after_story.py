"""Stories after the meeting: a citizen's orders, the questions to her, papers in each condition.

The papers are the order, the promise, the pass, and a draw's hash as tiles.
"""

from dataclasses import replace

import reflex as rx

from publicmeeting.domain.stages import Action, OrderAction
from publicmeeting.text.lifecycle.actions_text import ACTION
from publicmeeting.text.orders import sheet_text
from publicmeeting.text.tracking import citizen_orders_text
from publicmeeting.ui.citizen.timeline.asked import OfferView, offer_card
from publicmeeting.ui.citizen.timeline.forms import question_card
from publicmeeting.ui.citizen.timeline.moves import Move, QuestionView
from publicmeeting.ui.citizen.timeline.orders import OrderView, SheetView, orders
from publicmeeting.ui.citizen.timeline.page import TimelineState
from publicmeeting.ui.citizen.timeline.paper import CustodyLine, CustodyView
from publicmeeting.ui.design.models import (
    Badge,
    OrderPaper,
    Pass,
    PassLine,
    Photo,
    PromiseClock,
    RoadStep,
)
from publicmeeting.ui.design.paper import (
    fingerprint,
    order_paper,
    order_sheet,
    pass_sheet,
    promise_clock,
)
from publicmeeting.ui.design.road import road
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
    date="دوشنبه ۹ آذر ۱۴۰۵",
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
    due="دوشنبه ۳۰ آذر ۱۴۰۵",
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
        "due": "شنبه ۲۸ آذر ۱۴۰۵",
        "late": True,
    }
)
_PASS = Pass(
    title="برگهٔ نوبت",
    district_name="منطقهٔ ۶",
    district=6,
    weekday="دوشنبه",
    date="۹ آذر ۱۴۰۵",
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
    qr_alt="کد مربعی نوبت؛ در پذیرش نشان دهید.",
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


UNIT, OTHER = "واحد مسئول: فنی و عمران", "واحد مسئول: خدمات شهری و محیط زیست"
PROMISE = "پیاده‌روی خیابان ایتالیا، از فلسطین تا وصال، تا پایان آذر ترمیم و هم‌سطح شود."
NEWS = Move(key="1/ask_news", action="ask_news", number="1", place="1", label="خبری شد؟")
RUNNING = Badge("در دست اقدام", "glaze")
FILES = (
    ("با دست نوشته شد", "41d09a7e"),
    ("برگهٔ رسمی ساخته شد", "7c1e90ab"),
    ("تصویر کوچک ساخته شد", "b2f0663d"),
    ("نسخهٔ چاپی ساخته شد", "0e55c1d8"),
)
LINES = tuple(
    CustodyLine(word, "دوشنبه ۹ آذر، ۱۰:۴۲\u00a0· شهردار منطقهٔ ۶", mark) for word, mark in FILES
)
SOUND = CustodyView(
    sound=sheet_text.SOUND.format(day="دوشنبه ۹ آذر", time="۱۰:۴۲"),
    mark="7c1e90ab",
    mark_label="نشان این تصویر",
    lines=LINES,
)
BROKEN = replace(
    SOUND,
    sound="",
    broken=sheet_text.BROKEN_LEAD.format(parts="برگهٔ رسمی ساخته شد"),
    lines=(LINES[0], replace(LINES[1], wrong=sheet_text.CHANGED), *LINES[2:]),
)
ORDER = OrderView(number="s1", unit=UNIT, badge=RUNNING, clock=CLOCK, moves=(NEWS,))
SHEET = SheetView(
    number="14050909061",
    promise=PROMISE,
    image="/stories/photo-1.svg",
    image_alt="دستور دست‌نویس شهردار",
    text=ORDER_TEXT,
    pdf="/stories/",
    custody=SOUND,
    orders=(replace(ORDER, urgent=Badge(citizen_orders_text.URGENT, "neutral", "flag")),),
)
DONE = Move(key="s5/yes", action="confirm_done", number="s5", place="s5", label="بله، انجام شد")
CONTEST = Move(key="s5/no", action="contest", number="s5", place="s5", label="نه، انجام نشد")
DONE_QUESTION = QuestionView(
    move=Move(key="s6/say_done", action="say_done", number="s6", place="said-s6"),
    title="کار انجام شد؟",
    basis=citizen_orders_text.DONE_BASIS.format(day="دوشنبه ۳۰ آذر"),
    yes="بله، انجام شد",
    no="نه، انجام نشد",
    hint=(
        f"{citizen_orders_text.SENTENCE_READ_BY[OrderAction.SAY_DONE]} "
        f"{citizen_orders_text.SENTENCE_HINT}"
    ),
)
HEARD_QUESTION = QuestionView(
    move=Move(key="/say_heard", action="say_heard", place="said"),
    title="شهردار حرف شما را شنید؟",
    basis=citizen_orders_text.HEARD_BASIS.format(day="دوشنبه ۹ آذر"),
    yes="بله، شنید",
    no="نه، نشنید",
    hint=(
        f"{citizen_orders_text.SENTENCE_READ_BY[Action.SAY_HEARD]} "
        f"{citizen_orders_text.SENTENCE_HINT}"
    ),
)
BEFORE = (Photo("/stories/photo-1.svg", "/stories/photo-1.svg", "پیش از کار، عکس ۱"),)
AFTER = (Photo("/stories/photo-2.svg", "/stories/photo-2.svg", "پس از کار، عکس ۱"),)
TYPED = OrderPaper(
    kind="typed",
    unit_name="شهرداری منطقهٔ ۶",
    title=sheet_text.TITLE,
    date="دوشنبه ۹ آذر ۱۴۰۵",
    number="۱۴۰۵۰۹۰۹۰۶۷",
    district=6,
    text=ORDER_TEXT,
)


def _sheet(number: str, order: OrderView, **changed: object) -> rx.Component:
    return orders(TimelineState, [replace(SHEET, number=number, orders=(order,), **changed)])  # type: ignore[arg-type]


def sheets() -> rx.Component:
    """An order's paper with its promise: unchanged, changed, shared by two units, typed."""
    shared = replace(
        SHEET,
        number="14050909062",
        shared=citizen_orders_text.SHARED.format(count="۲"),
        orders=(
            replace(
                ORDER,
                number="s2",
                shared=True,
                due_line="مهلت: دوشنبه ۳۰ آذر\u00a0· ۹ روز کاری مانده",
            ),
            replace(
                ORDER,
                number="s3",
                unit=OTHER,
                shared=True,
                badge=Badge("۳ روز کاری دیرکرد", "brick", "flag"),
                due_line="مهلت: شنبه ۲۸ آذر\u00a0· ۳ روز کاری دیرکرد",
                late="",
                clock=LATE_CLOCK,
                moves=(),
            ),
        ),
    )
    return page(
        "برگهٔ دستور",
        story("یک واحد، فوری، برگه سالم", orders(TimelineState, [SHEET])),
        story("برگه‌ای که دیگر همان نیست", _sheet("14050909063", ORDER, custody=BROKEN)),
        story("یک برگه برای دو واحد", orders(TimelineState, [shared])),
        story("بی‌تصویر", _sheet("14050909064", ORDER, image="", paper=TYPED)),
    )


def promises() -> rx.Component:
    """An order's due date in each condition, and what the citizen is asked."""
    paused = replace(
        ORDER,
        number="s4",
        pause=citizen_orders_text.PAUSED.format(day="جمعه ۲۷ آذر"),
        pause_then=citizen_orders_text.PAUSED_THEN.format(day="شنبه ۱۲ دی"),
        question="پلاک خانه‌ای که جلوی آن گود است کدام است؟",
        question_by="کارشناس واحد فنی و عمران\u00a0· منطقهٔ ۶، سه‌شنبه ۱۷ آذر، ۹:۱۰",
    )
    extended = replace(
        ORDER,
        number="s7",
        notes=(
            citizen_orders_text.FIRST_DUE.format(day="دوشنبه ۳۰ آذر"),
            citizen_orders_text.EXTENDED.format(day="شنبه ۱۲ دی", times="۱ بار"),
            citizen_orders_text.WHY_EXTENDED.format(why="بتن در سرما نمی‌گیرد."),
            (
                f"{citizen_orders_text.NEWS_FROM.format(moment='شنبه ۲۸ آذر، ۱۱:۰۰')} "
                f"{citizen_orders_text.NEWS_WAITS}"
            ),
        ),
        moves=(),
    )
    reported = replace(
        ORDER,
        number="s5",
        badge=Badge("پاسخ شما لازم است", "saffron", "bell"),
        clock=OrderView("").clock,
        basis="گزارش واحد: سه‌شنبه ۲۴ آذر، ۱۰:۱۲، با ۲ عکس.",
        report="کفپوش عوض و با جدول هم‌سطح شد.",
        before_photos=BEFORE,
        report_photos=AFTER,
        answer_until=citizen_orders_text.ANSWER_UNTIL.format(until="تا پایان جمعه ۴ دی"),
        done=DONE,
        contest=CONTEST,
        moves=(),
    )
    late = replace(
        ORDER,
        number="s6",
        badge=Badge("۳ روز کاری دیرکرد", "brick", "flag"),
        late="این دیرکرد به شهر رسید.",
        clock=LATE_CLOCK,
        done_question=DONE_QUESTION,
        done_question_place="said-s6",
    )
    ended = replace(
        ORDER,
        number="s8",
        badge=Badge("انجام شد", "leaf", "check"),
        clock=OrderView("").clock,
        notes=(citizen_orders_text.REOPEN_UNTIL.format(day="چهارشنبه ۲۳ دی"),),
        moves=(),
    )
    bare = {"image": "", "paper": TYPED}
    return page(
        "قول، مهلت و پرسش",
        story("ساعت ایستاده", _sheet("14050909065", paused, **bare)),
        story("مهلت بیشتر، خبر خواسته", _sheet("14050909066", extended, **bare)),
        story("گزارش با عکس پیش و پس", _sheet("14050909067", reported, **bare)),
        story("مهلت گذشت", _sheet("14050909068", late, **bare)),
        story("انجام شد، تا ۳۰ روز", _sheet("14050909069", ended, **bare)),
    )


def questions() -> rx.Component:
    """Questions with two answers, and the answer that she may accept instead of the meeting."""
    offer = OfferView(
        head=citizen_orders_text.OFFERED.format(unit="فنی و عمران"),
        quote="این پیاده‌رو در برنامهٔ آذر است و تا ۲۵ آذر ترمیم می‌شود. لازم نیست بیایید.",
        quote_by="کارشناس واحد فنی و عمران\u00a0· منطقهٔ ۶، شنبه ۷ آذر، ۸:۲۰",
        costs=(
            citizen_orders_text.OFFER_CLOSES,
            citizen_orders_text.OFFER_COSTS_SEAT.format(day="دوشنبه ۹ آذر", time="۹:۴۵"),
            citizen_orders_text.OFFER_COSTS_WAIT,
        ),
        accept=Move(
            key="/accept", action="accept_answer", place="offer", label=ACTION[Action.ACCEPT_ANSWER]
        ),
    )
    wrote = [
        RoadStep(
            "past",
            citizen_orders_text.WROTE_UNIT,
            "شنبه ۱۴ آذر، ۱۰:۰۰\u00a0· واحد مسئول در منطقهٔ ۶",
            quote="پیمانکار را فرستادیم. کفپوش از شنبه ۲۱ آذر عوض می‌شود.",
            quote_by="کارشناس واحد فنی و عمران\u00a0· منطقهٔ ۶",
        ),
        RoadStep(
            "past",
            citizen_orders_text.WROTE_MAYOR,
            "یکشنبه ۱۵ آذر، ۸:۳۰\u00a0· شهردار منطقهٔ ۶",
            quote="راه عبور صندلی چرخ‌دار باز بماند.",
            quote_by="شهردار منطقهٔ ۶",
        ),
    ]
    return page(
        "پرسش، پیشنهاد و نوشته",
        story("شنیده شدید؟", question_card(TimelineState, HEARD_QUESTION)),
        story("پیشنهاد پیش از ملاقات", offer_card(TimelineState, offer)),
        story("نوشته‌های مسئولان", road(wrote, sheet_text.CHECK_TITLE)),
    )
