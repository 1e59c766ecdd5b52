"""Looking a request up by its code."""

from datetime import datetime

from publicmeeting.kit.digits import persian
from publicmeeting.text.common.dates_text import moment

TITLE = "پیگیری درخواست"
LEAD = "کد رهگیری روی رسید و در پیامک است."
CODE = "کد رهگیری"
CODE_HINT = "۱۰ رقم"
LAST_FOUR = "چهار رقم آخر موبایل"
LAST_FOUR_HINT = (
    "موبایلی که پیامک این درخواست به آن می‌رسد. موبایل ندارید؟ رمز ۶ رقمی رسید را بنویسید."
)
WRONG_BOTH = {
    "code": "کد را از روی رسید یا پیامک دوباره ببینید.",
    "last_four": "چهار رقم آخر موبایل یا رمز رسید را دوباره ببینید.",
}
"""Which of the two is wrong is shown to nobody."""
FIND = "دیدن درخواست"
STAGES_ONLY = (
    "این‌جا فقط مرحله‌ها دیده می‌شود. برای متن، عکس و پاسخ وارد شوید. موبایل ندارید؟ با رمز رسید به "
    "۱۳۷ زنگ بزنید."
)
SIGN_IN = "ورود با موبایل"
MY_ROW = "ردیف من در قرعه"
_LOST_FILINGS = "با خرابی سامانه {number} درخواست از دست رفت."
_LOST_BETWEEN = "از {first} تا {last}"
_LOST_WHOSE = (
    "{when} ثبت شده بود. اگر درخواست شما در این زمان بود و پیدا نمی‌شود، "
    "دوباره ثبت کنید. رسید قبلی را به میز خدمت منطقه نشان دهید."
)
LOST = "کد را گم کرده‌اید؟ با موبایل وارد شوید؛ همهٔ درخواست‌ها همان‌جاست."
DIED = "صاحب این درخواست درگذشته است؟"
DIED_FACTS = (
    "اگر همان کار برای شما مانده است، به نام خودتان درخواست بدهید.",
    "لازم نیست چیزی را ببندید: نوبت بی‌پاسخ به نفر بعدی می‌رسد.",
    "دستوری که شهردار داده است می‌ماند و واحد باید آن را انجام دهد.",
)
"""What is true of her request, for her family, on the page and by telephone."""
DIED_LINES = (
    "تسلیت می‌گوییم. درخواست و نوبت او به کس دیگری نمی‌رسد.",
    *DIED_FACTS,
    "اگر گفته بود می‌آید و موبایلش نزد شماست، با کد پیامک وارد شوید و نوبت را پس بدهید.",
)


def lost_words(number: int, first: datetime, last: datetime) -> tuple[str, str]:
    """Return what citizens read of filings that were lost with the hours after a backup."""
    begin, end = moment(first), moment(last)
    when = begin if begin == end else _LOST_BETWEEN.format(first=begin, last=end)
    return _LOST_FILINGS.format(number=persian(number)), _LOST_WHOSE.format(when=when)
