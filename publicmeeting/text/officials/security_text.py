"""Security events in words, for the administrator."""

from publicmeeting.domain.officials.audit import SecurityKind as K

TITLE = "رویدادهای امنیتی"
LEAD = "تلاش‌های ناموفق، درهای بسته و فرمان‌های مدیریتی {days} روز نگه داشته می‌شود."
FILTER = "نوع رویداد"
CHOSEN = "نوع رویداد: {kind}"
ALL = "همه"
NONE = "رویدادی از این نوع نیست."
NONE_WHY = "هر تلاش ناموفق و هر فرمان مدیریتی این‌جا می‌آید."
NEWER, OLDER = "تازه‌تر", "کهنه‌تر"
PAGE = "صفحهٔ {page}"
NOBODY = "ناشناس"
MANY = "کسان بسیار، از جاهای بسیار"
WHERE, BROWSER = "از", "مرورگر"
COUNTED = "{times}، از {first} تا {last}"

KIND: dict[K, str] = {
    K.SIGN_IN_FAILED: "گذرواژهٔ نادرست",
    K.CODE_WRONG: "کد پیامک نادرست",
    K.TRACKING_WRONG: "پیگیری نادرست",
    K.IDENTITY_REFUSED: "شناسهٔ شخص دیگر",
    K.DISPLACED: "کنارگذاشتن درخواست با کد دیگری",
    K.SSO_REFUSED: "پاسخ نادرست درگاه ورود",
    K.MOBILE_CHANGED: "تغییر موبایل شهروند",
    K.CARD_SEEN: "کارت شناسایی دیده شد",
    K.LANE_AT_DESK: "سهمیه از میز خدمت خواسته شد",
    K.LIMIT_REACHED: "سقف تلاش پر شد",
    K.ROLE_REFUSED: "کار نقش دیگر",
    K.OBJECT_REFUSED: "پروندهٔ دیگران",
    K.JUDGE_REFUSED: "نظر ساختگی کارشناس داور",
    K.FORGED: "نوشته‌ای بیرون از سامانه در پایگاه داده",
    K.SECOND_STEP_WRONG: "کد ورود نادرست",
    K.PASSKEY_REFUSED: "کلید دستگاه رد شد",
    K.PASSKEY_COPIED: "نسخهٔ دوم کلید دستگاه",
    K.MATCH_BUDGET: "سقف تطبیق موبایل روز",
    K.SMS_BUDGET: "سقف پیامک روز",
    K.COMMAND: "فرمان مدیریتی",
    K.UNKNOWN: "رویدادی که این نسخه نمی‌شناسد",
}

OF_CARD = {
    "look": "دیدن پرونده",
    "keep": "با همان موبایل",
    "mobile": "با موبایل دیگر",
    "none": "بدون موبایل، با رمز رسید",
    "door": "پذیرش روز ملاقات",
    "file": "ثبت درخواست، بدون موبایل",
}
"""What followed where a card was seen; what other events name stays as the program calls it."""

WHO: dict[str, str] = {
    "account": "حساب {name}",
    "mobile": "موبایل با نشان {name}",
    "person": "شهروند با نشان {name}",
    "command": "فرمان در سرور، {name}",
    "clock": "سامانه",
}
"""By what stands before the colon in an event."""
