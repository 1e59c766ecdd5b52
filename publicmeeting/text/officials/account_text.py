"""An official's own account: the page of its invitation, and `/account/`."""

from publicmeeting.domain.roles import Role

TITLE = "حساب من"
WORK = "بازگشت به کار"
NAME, USERNAME, MOBILE = "نام", "نام کاربری", "موبایل"
NO_MOBILE = "موبایلی ثبت نشده است؛ مدیر سامانه آن را ثبت می‌کند."
ROLES = "نقش‌های من"
KEYS = "گام دوم و کلیدهای ورود"
SESSIONS = "دستگاه‌هایی که با آن‌ها وارد شده‌ام"
HISTORY = "چه چیزی از حساب من عوض شده است"
NEW = "از بار پیش که این صفحه را دیدید، {count} چیز در حساب شما عوض شده است."
NEW_WHAT = "فهرست پایین صفحه را ببینید. اگر چیزی را نمی‌شناسید، به مدیر سامانه بگویید."
CHOOSE = "گذرواژه"
OLD, FRESH, AGAIN = "گذرواژهٔ کنونی", "گذرواژهٔ تازه", "همان گذرواژهٔ تازه، دوباره"
CHANGE = "عوض کردن گذرواژه"
ENDS = "ورودهای شما در دستگاه‌های دیگر بسته می‌شود؛ این‌جا می‌مانید."

DONE: dict[str, str] = {
    "password": "گذرواژه عوض شد. ورودهای دیگر بسته شد.",
    "session": "آن ورود بسته شد.",
    "others": "همهٔ ورودهای دیگر بسته شد.",
}
"""By the query's word of what has just been done."""

# The page that a one-time link opens: whose account it is, what it may do, and her password.

INVITED_TITLE = "حساب کاری شما"
INVITED_FIRST = (
    "به سامانهٔ ملاقات مردمی خوش آمدید. گذرواژهٔ خود را انتخاب کنید؛ هیچ‌کس دیگر آن را نمی‌داند."
)
INVITED_RESET = "گذرواژهٔ پیشین دیگر باز نمی‌کند. گذرواژهٔ تازهٔ خود را انتخاب کنید."
INVITED_WHO, INVITED_USERNAME = "نام", "نام کاربری"
INVITED_MAY = "این حساب چه می‌کند"
INVITED_NO_ROLE = "هنوز نقشی به این حساب داده نشده است."
INVITED_PASSWORD, INVITED_AGAIN = "گذرواژهٔ تازه", "همان گذرواژه، دوباره"
INVITED_HINT = (
    "دست‌کم {least} حرف یا رقم. چند واژهٔ بی‌ربط کنار هم از همه بهتر است و به یاد می‌ماند؛ "
    "نام خودتان و نام شهر نباشد."
)
INVITED_CHOOSE = "انتخاب این گذرواژه"
INVITED_UNTIL = "این لینک یک بار و تا {until} باز می‌شود."
INVITED_NOT_YOU = "اگر این نام شما نیست، صفحه را ببندید و به مدیر سامانه بگویید."
INVITED_NOT_OPEN = "این لینک باز نمی‌شود"
INVITED_SIGN_IN = "ورود کارکنان"
INVITED_CHOSEN = "گذرواژه انتخاب شد."
INVITED_CHOSEN_THEN = "اکنون با نام کاربری و همین گذرواژه وارد شوید."

DUTY: dict[Role, str] = {
    Role.DESK: "درخواست‌های مردم را می‌خواند، می‌پذیرد یا رد می‌کند و به آن‌ها زنگ می‌زند.",
    Role.RECEPTION: "دوشنبه‌ها مردم را با کارت می‌پذیرد و به اتاق ملاقات می‌فرستد.",
    Role.PHONE: "پشت خط ۱۳۷ برای مردم درخواست می‌نویسد و مرحله را می‌گوید.",
    Role.UNIT: "دستورهای شهردار را انجام می‌دهد و گزارش می‌نویسد.",
    Role.MAYOR: "با مردم ملاقات می‌کند، دستور می‌نویسد و امضا می‌کند.",
    Role.DEPUTY: "به جای شهردار ملاقات می‌کند و دستور می‌نویسد.",
    Role.OVERSEER: "قول‌های دیرشده و اعتراض‌های همهٔ شهر را می‌بیند و تصمیم می‌گیرد.",
    Role.ADMINISTRATOR: "کارکنان، قاعده‌ها و تقویم شهر را اداره می‌کند.",
}
"""What each role does, in one sentence."""
