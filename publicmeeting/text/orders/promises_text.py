"""What waits for the overseer of the city, and the districts' promises in numbers."""

from publicmeeting.domain.stages import Action as A  # noqa: N817  (the letter of the table)
from publicmeeting.domain.stages import OrderAction as O
from publicmeeting.domain.stages import OrderStage

TITLE = "در انتظار شهر"
TABS_LABEL = "بخش‌های کار ناظر"
TABS = (
    ("contests", "اعتراض دوم"),
    ("climbed", "دیرکرد"),
    ("refusals", "رد"),
    ("redirects", "منطقه"),
    ("voids", "ثبت اشتباه"),
)
LEADS = {
    "contests": "شهروند بار دوم گفته است کار انجام نشد. تصمیم شما جای تصمیم شهردار را می‌گیرد.",
    "climbed": "این دستورها از مهلت گذشته و به شهردار یا شهر رسیده‌اند، و هنوز مانده‌اند.",
    "refusals": "شهردار درخواست را نپذیرفته و شهروند اعتراض کرده است. پاسخ شما پایانی است.",
    "redirects": "شهروند می‌گوید منطقه درست نبود. آن را برگردانید یا بگویید چرا می‌ماند.",
    "voids": "شهردار می‌گوید دستور از آن شهروند دیگری است. پس از سه روز کاری دوباره دیده می‌شود.",
}
SEARCH = "جست‌وجو در درخواست، کد رهگیری یا شمارهٔ دستور"
LATE_TABLE = "جدول دیرکردها (CSV)"
LATE_HEADS = (
    "منطقه",
    "شمارهٔ دستور",
    "واحد",
    "موضوع",
    "دیرکرد (روز کاری)",
    "تا کجا رسیده",
    "تاریخ رسیدن",
)
EMPTY = "چیزی در این بخش منتظر شما نیست."
EMPTY_LEAD = "هرچه به شهر برسد همین‌جا می‌آید."
ROW = "منطقهٔ {district}\u00a0· {subject}"
ROW_UNIT = "منطقهٔ {district}\u00a0· {unit}"
DISTRICT = "منطقهٔ {district}"
CAME = "رسیده: {moment}"
BOTH_SIDES = "دو سوی این پرونده"
NUMBER = "دستور {number}"
CODE = "درخواست {code}"
NO_NAME = "نام شهروند پنهان است"
PROMISE = "قول شهردار"
REQUEST = "درخواست شهروند"
ROAD = "راه این پرونده"
SHEET = "دستور شهردار"
PICTURES = "عکس‌های گزارش و اعتراض"
UNIT = "واحد مسئول: {unit}"
DUE_ON = "مهلت: {day}\u00a0· مهلت نخست: {first}"
RIGHT_DUE = "مهلت دستور درست: {until}"
DECISION = "تصمیم شما"
NO_DECISION = "وضع این پرونده"
DECISION_LEAD = "شهروند دلیل را به همین زبان می‌خواند."
NO_STEPS = "اکنون تصمیمی برای شما در این پرونده نیست."
NO_STEPS_LATE = "این‌جا تصمیم با شما نیست. {who} دیرکرد در آمار منطقه می‌ماند."
WHO_ACTS: dict[OrderStage, str] = {
    OrderStage.ISSUED: (
        "اکنون واحد باید کار را بپذیرد یا بازگرداند، یا شهردار آن را به واحد دیگری بسپارد."
    ),
    OrderStage.IN_ACTION: "اکنون واحد باید کار را انجام دهد و گزارش بنویسد.",
    OrderStage.RETURNED: "اکنون شهردار باید تصمیم بگیرد که کار با کدام واحد است.",
    OrderStage.CONTESTED: "اکنون شهردار باید دربارهٔ اعتراض شهروند تصمیم بگیرد.",
}
"""Whose move it is on an order that is late, where it is not the overseer's own."""
RIGHT_ORDER_LATE = "این‌جا تصمیم با شما نیست. اکنون شهردار باید دستور درست این شهروند را بنویسد."
DECIDED = "{what}. در این پرونده چیز دیگری منتظر شما نیست."
WHAT_IT_DOES = "تصمیم شما چه می‌کند؟"
MOVES_BACK = (
    "اگر حق با شهروند است، با «{redirect}» درخواست را به منطقهٔ {district} برگردانید. اگر تا امروز "
    "هفته‌ای منتظر مانده باشد، به جای آن هفته‌ها، تا نوبت بگیرد، آن‌جا پیش از دیگران است."
)
STAYS = (
    "وضع درخواست اکنون «{stage}» است و منطقهٔ آن دیگر عوض نمی‌شود. "
    "پاسخ شما را شهروند در پروندهٔ خود می‌خواند."
)
SENT = "ثبت شد: {what}."
FIGURES = "دستورهای شهر به تفکیک منطقه"
FIGURES_LEAD = "سکوت تأیید نیست و توضیح هم نیست؛ هر پایان جدا شمرده می‌شود."
FIGURES_OF = "منطقهٔ {district} در یک نگاه"
FIGURES_EMPTY = "هنوز دستوری در شهر صادر نشده است."
HEADS = (
    "منطقه",
    "دستور",
    "دیرکرد",
    "سر مهلت نخست",
    "تأیید شهروند",
    "بی‌پاسخ",
    "با توضیح",
    "باطل شد",
    "شنیده شد",
    "پس از مهلت: انجام شد",
    "بازهٔ ورود درست بود",
    "مهلت گذشت و خبر نرسید",
    "دوشنبهٔ بسته",
)
OF = "{count}\N{NO-BREAK SPACE}از\N{NO-BREAK SPACE}{all}"
YES_NO = "{yes}\N{NO-BREAK SPACE}بله، {no}\N{NO-BREAK SPACE}نه"
NONE = "—"
ON_TIME = "سر مهلت نخست گزارش شد: {count} دستور از {all}."
ENDED = (
    "پایان‌یافته: {confirmed} با تأیید شهروند، {settled} بی‌پاسخ، {upheld} با توضیح. "
    "باطل‌شده: {voided}."
)
HEARD = "«شهردار حرف شما را شنید؟» {answers}."
RANGES = "بازهٔ ورود که در پذیرش گفته شد، در ۸ هفتهٔ گذشته: {answers} درست بود."
UNREACHED = "مهلت گذشته و شهروند هنوز خبر ندارد: {count} پرونده که میز خدمت باید خبر دهد."
CLOSED = "مدیر سامانه در ۸ هفتهٔ گذشته و پیش رو {count} دوشنبهٔ این منطقه را بسته است."
FOLDED_LATE = "{count} دیرکرد"
FOLDED_UNREACHED = "{count} بی‌خبر"
LATE_HERE = "دیرکردی که به شهردار یا شهر رسیده است: {count} دستور."
PAPERS = "مدرک سهمیه به شهروند ربطی نداشت: {districts}."
PAPERS_OF = "منطقهٔ {district}، {count} بار"
NOT_HERS = "پذیرش {count} بار نوشت که مدرک سهمیه به شهروند و کارش ربطی ندارد."
DONE = "«کار انجام شد؟» پس از مهلت: {answers}."

TEMPLATES: dict[A | O, tuple[str, ...]] = {
    O.RETRY: ("گزارش با آنچه شهروند نشان داده است نمی‌خواند؛ کار باید کامل شود.",),
    O.UPHOLD: ("بازدید کردیم؛ کار همان‌گونه که گزارش شد انجام شده است.",),
    A.ANSWER_OBJECTION: (
        "پرونده را دیدیم. رد شهردار درست است؛ راه قانونی شما در ادامه آمده است.",
        "پرونده را دیدیم. حق با شماست. درخواست تازه‌ای ثبت کنید؛ این پاسخ را در آن بنویسید.",
    ),
    A.KEEP_DISTRICT: ("این نشانی در محدودهٔ همین منطقه است.",),
}
"""Beginnings the overseer may take and finish; the citizen reads them as they stand."""
