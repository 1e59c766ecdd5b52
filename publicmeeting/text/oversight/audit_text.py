"""The city's audit: who did what."""

from publicmeeting.domain.account_events import AccountEventKind as E
from publicmeeting.domain.audit import AuditKind as K
from publicmeeting.domain.district_texts import TextState as T

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
DAY_HINT = "مانند {day}"
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
    "همین جست‌وجو، تا {most} سطر، با شناسه و کد و بی نام و متن. برداشتن آن هم در دفتر نوشته می‌شود."
)
COMMAND_LINE = "فرمان سرور"
WHO_ROLE = "{name}، {role}"
ABOUT = "حساب {username}"
ROLES = {"roles": "نقش: {roles}", "added": "افزوده: {roles}", "removed": "گرفته: {roles}"}
"""By the name of the list in an account event."""
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
    K.ACCOUNT: "حساب‌ها",
    K.COMMAND: "فرمان‌های سرور",
    K.READING: "جست‌وجو در دفتر",
}
OPENED, OPENED_WITH_NAME = "پرونده را باز کرد، بی نام", "پرونده را با نام شهروند باز کرد"
COMMAND = "فرمانی در سرور اجرا شد"
TEXTS: dict[T, str] = {
    T.PROPOSED: "متن‌های تازه‌ای برای منطقه پیشنهاد کرد",
    T.APPROVED: "متن‌های منطقه را به اجرا گذاشت",
    T.IN_FORCE: "متن‌های منطقه را به اجرا گذاشت",
    T.REPLACED: "متن‌های منطقه را به اجرا گذاشت",
    T.REFUSED: "پیشنهاد متن‌های منطقه را رد کرد",
    T.WITHDRAWN: "پیشنهاد خود را پس گرفت",
}
EVENT: dict[E, str] = {
    E.ADDED: "حساب ساخته شد",
    E.RENAMED: "نام کاربری عوض شد",
    E.INVITED: "پیوند ورود فرستاده شد",
    E.INVITATION_USED: "با پیوند، گذرواژه گذاشته شد",
    E.PASSWORD_CHANGED: "گذرواژه عوض شد",
    E.ROLES_CHANGED: "نقش‌ها عوض شد",
    E.MOBILE_CHANGED: "موبایل حساب عوض شد",
    E.SUSPENDED: "حساب موقتاً بسته شد",
    E.LIFTED: "حساب دوباره باز شد",
    E.ENDED: "حساب پایان یافت",
    E.SESSIONS_ENDED: "همهٔ ورودهای حساب پایان یافت",
    E.PROPOSED: "کاری پیشنهاد شد که دو مدیر می‌خواهد",
    E.AGREED: "مدیر دوم پذیرفت",
    E.REJECTED: "مدیر دوم نپذیرفت",
    E.SECOND_STEP_ON: "ورود دو مرحله‌ای روشن شد",
    E.SECOND_STEP_OFF: "ورود دو مرحله‌ای خاموش شد",
    E.RECOVERY_CODES_MADE: "رمزهای بازیابی تازه ساخته شد",
    E.RECOVERY_CODE_USED: "با رمز بازیابی وارد شد",
    E.PASSKEY_ADDED: "کلید ورود افزوده شد",
    E.PASSKEY_REMOVED: "کلید ورود برداشته شد",
    E.DEVICE_REMEMBERED: "دستگاهی به خاطر سپرده شد",
    E.DEVICE_FORGOTTEN: "دستگاه‌ها از یاد برده شد",
    E.SECOND_STEP_RESET: "ورود دو مرحله‌ای از نو شد",
    E.AUDIT_SEARCHED: "در این دفتر جست‌وجو کرد",
    E.AUDIT_EXPORTED: "جدول این دفتر را برداشت",
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
