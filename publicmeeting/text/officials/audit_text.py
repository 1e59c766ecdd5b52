"""The city's audit: who did what."""

from publicmeeting.domain.districts.texts import TextState as T
from publicmeeting.domain.officials.audit import AuditKind as K
from publicmeeting.domain.officials.audit import OfficeAct as A

TITLE = "دفتر رویدادها"
LEAD = (
    "هر کاری که کارکنان کرده‌اند، تازه‌ترین بالا. نام و شمارهٔ شهروند اینجا نیست. "
    "جست‌وجوی شما هم نوشته می‌شود و هیچ‌کس نمی‌تواند آن را بردارد."
)
PERSON, PERSON_HINT = (
    "نام یا نام کاربری کارمند",
    "خالی: همه. در فهرست هم می‌توانید روی یک نام بزنید.",
)
CASE, CASE_HINT = "کد رهگیری", "خالی: همهٔ پرونده‌ها."
SINCE, UNTIL = "از روز", "تا روز"
DAY_HINT = "مانند ۱۴۰۵/۱۲/۲۹؛ خالی: همهٔ روزها."
KINDS = "کدام رویدادها"
ALL = "همه"
SEARCH = "جست‌وجو"
CLEAR = "دیدن همه"
FOUND_OF = "رویدادهای {name}"
FOUND_CASE = "پروندهٔ {code}"
NEWEST, OLDER = "به تازه‌ترین‌ها", "قدیمی‌ترها"
NONE = "چیزی پیدا نشد"
NONE_WHY = "با این صافی‌ها رویدادی نیست. روز یا نام دیگری را ببینید."
EXPORT = "دریافت جدول (CSV)"
EXPORT_WHY = (
    "همین جست‌وجو، تا {most} سطر، با شناسه و کد و بی‌نام و متن. دریافت آن هم در دفتر نوشته می‌شود."
)
COMMAND_LINE = "فرمان سرور"
WHO_ROLE = "{name}، {role}"
ABOUT = "حساب {username}"
ORDER = "دستور {number}"
SHEET = "برگهٔ {number}"
DISTRICT = "منطقهٔ {district}"
LOOKED_FOR = "جست‌وجو: {what}"
EVERYTHING = "همه"

KIND: dict[K, str] = {
    K.STEP: "اقدام‌ها",
    K.OPENING: "باز کردن پرونده",
    K.DOCUMENT: "برگه‌ها",
    K.TEXTS: "متن‌های منطقه",
    K.OFFICE: "دوشنبه‌ها و قاعده‌ها",
    K.ACCOUNT: "حساب‌ها",
    K.COMMAND: "فرمان‌ها",
    K.READING: "جست‌وجوها",
}
OPENED, OPENED_WITH_NAME = "پرونده را باز کرد، بی‌نام", "پرونده را با نام شهروند باز کرد"
COMMAND = "فرمانی در سرور اجرا شد"
UNKNOWN, UNKNOWN_ROLE = "کاری که این نسخه نمی‌شناسد", "نقشی که این نسخه نمی‌شناسد"
TEXTS: dict[T, str] = {
    T.PROPOSED: "متن‌های تازه‌ای برای منطقه پیشنهاد کرد",
    T.APPROVED: "متن‌های منطقه را به اجرا گذاشت",
    T.IN_FORCE: "متن‌های منطقه را به اجرا گذاشت",
    T.REPLACED: "متن‌های منطقه را به اجرا گذاشت",
    T.REFUSED: "پیشنهاد متن‌های منطقه را رد کرد",
    T.WITHDRAWN: "پیشنهاد خود را پس گرفت",
    T.UNKNOWN: "با متن‌های منطقه کاری کرد که این نسخه نمی‌شناسد",
}
ACT: dict[A, str] = {
    A.MONDAY_CLOSED: "یک دوشنبه را بست",
    A.HOLDER_NAMED: "برگزارکنندهٔ یک دوشنبه را تعیین کرد",
    A.PLACE_SET: "مکان یا مهمان یک دوشنبه را نوشت",
    A.AUDIENCES_STATED: "شمار دیدارهای بیرون از نوبت را اعلام کرد",
    A.VALUE_ENTERED: "عدد قرعه را ثبت کرد",
    A.RULES_PROPOSED: "قاعده‌های تازه‌ای پیشنهاد کرد",
    A.RULES_ANNOUNCED: "قاعده‌های تازه‌ای اعلام کرد",
    A.RULES_REJECTED: "پیشنهاد قاعده‌ها را رد کرد یا پس گرفت",
    A.UNKNOWN: "کاری که این نسخه نمی‌شناسد",
}
HEADS = (
    "time",
    "kind",
    "what",
    "by",
    "role",
    "about",
    "case",
    "order",
    "district",
    "with_name",
    "key",
)
"""Of the exported table; programs read it."""
