"""«My data»: what is held, who has looked, where she is signed in, and what she may change."""

from publicmeeting.domain.identity import Door, Level

TITLE = "اطلاعات من"
LEAD = "آنچه شهرداری از شما نگه می‌دارد، چه کسی آن را دیده است، و چه چیزی را می‌توانید عوض کنید."
WHO = "شما را چگونه می‌شناسیم"
NAME, IDENTITY, MOBILE, LEVEL = "نام", "کد ملی یا شناسه", "موبایل", "شناخت"
NO_MOBILE = "ثبت نشده"
SHOW = "نمایش کامل"
LEVELS: dict[Level, str] = {
    Level.TYPED: "با کد پیامکی موبایل؛ کد ملی را خودتان نوشته‌اید",
    Level.MATCHED: "این موبایل به نام همین کد ملی است",
    Level.VERIFIED: "هویت شما ثابت شده است",
}
PROVEN_BY = {
    "sso": "با ورود از حساب شهروندی",
    "desk": "با کارت شناسایی در میز خدمت",
    "matching": "با پرسش از سامانهٔ تطبیق موبایل و کد ملی",
}
"""By what stands before the colon of `proven_by`."""
PROVEN = "{by}، {moment}"
SINCE = "از {day} در این سامانه"
SESSIONS = "دستگاه‌هایی که با آن‌ها وارد شده‌اید"
SESSIONS_LEAD = "اگر دستگاهی را نمی‌شناسید، آن را ببندید؛ صفحه‌های بازش همان دم بسته می‌شود."
DEVICE_UNKNOWN = "دستگاه ناشناخته"
THIS = "همین دستگاه"
DOORS: dict[str, str] = {
    Door.CODE: "ورود با کد پیامکی",
    Door.SSO: "ورود از حساب شهروندی",
    Door.PASSWORD: "ورود با گذرواژه",
    Door.PASSKEY: "ورود با کلید دستگاه",
    Door.DEMO: "ورود نمایشی",
}
SIGNED_IN, USED = "ورود: {moment}", "آخرین استفاده: {moment}"
END = "بستن این ورود"
END_SAYS = "بستن ورود: {device}"
END_OTHERS = "بستن همهٔ ورودهای دیگر"
ONLY_THIS = "جای دیگری وارد نشده‌اید."
CASES = "درخواست‌های من"
NO_CASES = "هنوز درخواستی ثبت نکرده‌اید."
CASE = "منطقهٔ {district} · {stage} · ثبت: {moment}"
OPENINGS = "چه کسی پرونده‌های مرا باز کرده است"
OPENINGS_LEAD = (
    "هر بار که کسی از شهرداری پرونده‌ای از شما را باز کند، در همان روز این‌جا نوشته می‌شود."
)
NO_OPENINGS = "هنوز کسی پرونده‌ای از شما را باز نکرده است."
WITH_NAME, WITHOUT_NAME = "نام شما را می‌دید", "نام شما را نمی‌دید"
OPENED = "{moment} · {title}"
OLDER = "{count} بار پیش از این‌ها"
TAKE = "نسخه‌ای برای خودتان"
TAKE_LEAD = "همهٔ آنچه نوشته‌اید، پاسخ‌ها، دستورها و این فهرست‌ها، یک‌جا."
JSON = "دریافت فایل (JSON)"
READ = "نسخهٔ خواندنی و چاپی"
DONE = {
    "session": "آن ورود بسته شد.",
    "others": "همهٔ ورودهای دیگر بسته شد.",
}
"""What has just been done, by the word in the address."""

READ_TITLE = "همهٔ اطلاعات من"
READ_AT = "تهیه: {moment}"
READ_HINT = "برای چاپ یا ذخیره، «چاپ» مرورگر را بزنید."
TICKET, FILED, STAGE, NEEDS, ASSISTED = "شمارهٔ بی‌نام", "ثبت", "مرحله", "نیازها", "ثبت‌کننده"
BY_OFFICER = "میز خدمت یا ۱۳۷ به نام شما"
ROAD = "آنچه گذشت"
ORDER = "دستور {number}"
PROMISE, DUE = "قول", "مهلت"
BACK = "بازگشت به اطلاعات من"
