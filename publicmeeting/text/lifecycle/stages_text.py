"""Names of the stages of a request and of an order, and what each means for the citizen now."""

from publicmeeting.domain.calendar import LateIn, Lateness
from publicmeeting.domain.lifecycle.climbing import Level
from publicmeeting.domain.stages import Action, OrderAction
from publicmeeting.domain.stages import OrderStage as P
from publicmeeting.domain.stages import Stage as S  # noqa: N817  (the letter of the table)
from publicmeeting.text.common import dates_text
from publicmeeting.text.tracking import road_text

STAGE: dict[S, str] = {
    S.SUBMITTED: "ثبت شد",
    S.NEEDS_INFO: "نیازمند تکمیل",
    S.ANSWERED: "پاسخ بدون ملاقات",
    S.WAITING: "در نوبت انتظار",
    S.INVITED: "نوبت داده شد",
    S.CONFIRMED: "حضور تأیید شد",
    S.ARRIVED: "پذیرش شد",
    S.IN_ROOM: "در حال ملاقات",
    S.FOLLOW_UP: "در دست اقدام",
    S.CLOSED: "بسته شد",
    S.DECLINED: "رد شد",
    S.WITHDRAWN: "پایان بدون ملاقات",
}

ORDER_STAGE: dict[P, str] = {
    P.ISSUED: "صادر شد",
    P.IN_ACTION: "در دست اقدام",
    P.RETURNED: "بازگشت به شهردار",
    P.REPORTED: "گزارش شد",
    P.CONTESTED: "اعتراض شهروند",
    P.DONE: "انجام شد",
    P.VOID: "باطل شد",
}

OWN_ORDER_STAGE = {**ORDER_STAGE, P.CONTESTED: "اعتراض شما"}
"""The same for its citizen."""

STAGE_MEANING: dict[S | P, str] = {
    S.SUBMITTED: "کارشناس منطقه درخواست را می‌خواند و پاسخ می‌دهد.",
    S.NEEDS_INFO: "کارشناس برای بررسی چیزی از شما خواسته است. آن را بنویسید.",
    S.ANSWERED: "پاسخ بدون ملاقات رسیده است. آن را بپذیرید یا بنویسید چرا ملاقات لازم است.",
    S.WAITING: "هر هفته انتظار، شما را جلوتر می‌آورد.",
    S.INVITED: "نوبت شما رسیده است. بگویید می‌آیید یا نه.",
    S.CONFIRMED: "نوبت را برای شما نگه داشته‌ایم. کارت شناسایی و اصل مدارک را بیاورید.",
    S.ARRIVED: "رسیدن شما ثبت شد. در سالن بنشینید تا شمارهٔ شما را صدا بزنند.",
    S.IN_ROOM: "اکنون ملاقات شما در جریان است.",
    S.FOLLOW_UP: "دستور داده شده است. واحد مسئول باید گزارش بدهد.",
    S.CLOSED: "کار این درخواست به پایان رسیده است. می‌توانید درخواست تازه‌ای ثبت کنید.",
    S.DECLINED: "این درخواست به ملاقات نمی‌رسد. دلیل را بخوانید؛ تا ده روز پس از رد، "
    "یک بار می‌توانید اعتراض کنید.",
    S.WITHDRAWN: "این درخواست دیگر دنبال نمی‌شود. هر وقت بخواهید درخواست تازه‌ای ثبت کنید.",
    P.ISSUED: "واحد مسئول دو روز کاری وقت دارد که کار را بپذیرد.",
    P.IN_ACTION: "واحد مسئول گزارش و عکس می‌فرستد. دیرکرد همین‌جا دیده می‌شود.",
    P.RETURNED: "واحد کار را نپذیرفت. شهردار واحد دیگری انتخاب می‌کند.",
    P.REPORTED: "واحد گزارش داده است. بگویید کار انجام شد یا نه.",
    P.CONTESTED: "گفته‌اید کار انجام نشده است. دربارهٔ اعتراض شما تصمیم می‌گیرند.",
    P.DONE: "کار این دستور به پایان رسیده است. تا ۳۰ روز می‌توانید آن را دوباره باز کنید.",
    P.VOID: "این دستور به اشتباه برای شما ثبت شده بود و باطل شد.",
}

OTHERWISE: dict[Action | OrderAction | S | P, str] = {
    S.FOLLOW_UP: "دستوری که به اشتباه ثبت شده بود باطل شد. دستور ملاقات خودتان را شهردار هنوز باید "
    "بنویسد. اگر ننوشت، به ۱۳۷ بگویید.",
    Action.DISPLACE: "تا کد ملی با این موبایل ثابت نشود، از این‌جا چیزی ثبت نمی‌شود.",
}
"""What a stage means after these actions, or where it goes on without an open order, if that is not
what it means otherwise."""

YOUR_ANSWER = "پاسخ شما لازم است"
NOW = "اکنون"

LEVEL: dict[Level, str] = {
    Level.NONE: "",
    Level.UNIT: "واحد دیر کرده است",
    Level.MAYOR: "به شهردار رسید",
    Level.CITY: "به شهر رسید",
}
"""Beside the days of lateness; nothing where nobody is late."""

_LATE_IN: dict[LateIn, str] = {
    LateIn.WORK: "",
    LateIn.TAKING_ON: " در پذیرش",
    LateIn.DECISION: " در تصمیم",
    LateIn.ANSWER: " در پاسخ به شهروند",
    LateIn.RIGHT_ORDER: " در نوشتن دستور درست",
}
"""After the days, where another deadline than that of the work has passed."""
_DAYS_LATE = "روز کاری دیرکرد"


def late_words(late: Lateness) -> str:
    """«۷ روز کاری دیرکرد», «۲۰ روز کاری دیرکرد در پذیرش»."""
    return f"{dates_text.late_words(late.days)}{_LATE_IN[late.of]}"


def late_meaning(late: Lateness) -> str:
    """Whose lateness it is, on a citizen's road."""
    is_right_order = late.of is LateIn.RIGHT_ORDER
    sentence = road_text.LATE_RIGHT_ORDER if is_right_order else road_text.LATE
    return sentence.format(late=late_words(late))


def late_caption(late: Lateness) -> str:
    """The same below a number that stands alone."""
    return f"{_DAYS_LATE}{_LATE_IN[late.of]}"
