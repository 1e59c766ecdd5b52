"""The screening inbox."""

from publicmeeting.domain.stages import Action as A  # noqa: N817  (the letter of the table)
from publicmeeting.domain.stages import OrderAction as O

TITLE = "صندوق بررسی"
SEARCH = "جست‌وجو در موضوع، متن یا کد رهگیری"
TABS_LABEL = "بخش‌های صندوق"
TABS = (
    ("submitted", "تازه"),
    ("needs_info", "نیازمند تکمیل"),
    ("objections", "اعتراض"),
    ("late", "دیرکرد"),
    ("all", "همه"),
)
DUE = "مهلت: {day}"
LATE = "مهلت {day} بود"
LINKED = "{count} درخواست مرتبط"
STAGE_AND = "{stage}\u00a0· {due}"
DAYS_LABEL = "{passed} روز کاری از {all} روز مهلت گذشته است"
EMPTY = "همهٔ درخواست‌ها بررسی شده است."
EMPTY_LEAD = "درخواست تازه همین‌جا می‌آید."
NOTHING = "در این بخش درخواستی نیست."
NOTHING_LEAD = "بخش دیگری را انتخاب کنید."
CHOOSE = "درخواستی را از فهرست انتخاب کنید."
CHOOSE_LEAD = "نخستین درخواست فهرست، نزدیک‌ترین مهلت را دارد."

ASSISTED = "با کمک کارشناس ثبت شد"
HIDDEN = "نام و شماره پنهان است"
CODE = "کد رهگیری"
FACTS = "{subject}\u00a0· ثبت: {moment}"
CASE_DUE = "مهلت: {until}"
BEFORE_ONE = "یک درخواست پیشین از همین شهروند"
BEFORE = "{count} درخواست پیشین از همین شهروند"
BEFORE_LINE = "{month}، {subject}، {stage}."
BEFORE_SAME = "همین موضوع"
BEFORE_OBJECTED = "شهروند اعتراض کرده بود."
BEFORE_WHY = "متن و نام آن درخواست‌ها هنگام بررسی دیده نمی‌شود."
ROAD = "راه این درخواست"
DECISION = "تصمیم شما"
DECISION_LEAD = "شهروند دلیل را به همین زبان می‌خواند."
SENT = "ثبت شد. پرونده به مرحلهٔ «{stage}» رفت."
SENT_AWAY = "ثبت شد. این پرونده دیگر در فهرست شما نیست."
NEXT = "پروندهٔ بعدی: {title}"
NO_NEXT = "پروندهٔ دیگری در این فهرست نمانده است."
ALSO_OPEN = (
    "همکار شما، «{name}»، {moment} این پرونده را باز کرد و شاید همین حالا روی آن کار می‌کند. "
    "اگر او زودتر ثبت کند، همین‌جا می‌بینید."
)
NO_STEPS = "اکنون کاری برای شما در این پرونده نیست."
PHOTOS = "عکس‌های شهروند"
NO_PHOTOS = "شهروند عکسی نفرستاده است."

TEMPLATES: dict[A | O, tuple[str, ...]] = {
    A.ASK_INFO: (
        "نشانی دقیق محل را با نام کوچه و پلاک بنویسید.",
        "از محل، در روشنایی روز، یک عکس بفرستید.",
        "شمارهٔ پرونده یا نامهٔ پیشین شهرداری را بنویسید.",
    ),
    A.ANSWER: (
        "این کار در برنامهٔ این هفته است و بدون ملاقات انجام می‌شود.",
        "میز خدمت منطقه همین کار را انجام می‌دهد. با کارت ملی بیایید؛ نوبت لازم نیست.",
    ),
    A.OFFER_ANSWER: (
        "کار را دیدیم و بدون ملاقات هم انجام می‌شود. اگر بس است، این پاسخ را بپذیرید.",
    ),
    A.REDIRECT: ("این نشانی در محدودهٔ منطقهٔ دیگری است.",),
    A.DECLINE: (
        "این کار با شهرداری نیست. دستگاه مسئول را در ادامه نوشته‌ایم.",
        "دربارهٔ این پرونده رأی داده شده است. راه آن، اعتراض در همان دادگاه یا کمیسیون است.",
    ),
}
"""Beginnings an officer may take and finish; each is read by the citizen as it stands."""
