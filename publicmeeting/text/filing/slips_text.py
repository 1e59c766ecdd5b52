"""Words of what a citizen takes with her: receipt, pass, calendar entry, proof sheet.

Her page shows the pass in the same words.
"""

from publicmeeting.domain.choices import AccessNeed
from publicmeeting.kit.digits import persian

PLACE = "منطقهٔ {district}"
LOG = "رسید دفتر عمومی"

RECEIPT = "رسید درخواست ملاقات"
SUBJECT = "موضوع"
FILED = "زمان ثبت"
STEP_MEETING_WHEN = "با پیامک خبر می‌دهیم"
STEP_MEETING_CALL = "میز خدمت تلفنی خبر می‌دهد"

PASS = "برگهٔ نوبت"  # noqa: S105  (the card she shows at the door)
TIME = "ساعت"
SEAT = "شمارهٔ {number} در این دوشنبه"
NAME = "نام"
IDENTITY = {
    "national": "کد ملی",
    "foreign": "شناسهٔ فراگیر",
    "passport": "گذرنامه",
}
NEED: dict[AccessNeed, str] = {
    AccessNeed.STEP_FREE: "از پذیرش بخواهید ورودی بی‌پله را نشان دهد.",
    AccessNeed.SIGN_LANGUAGE: "مترجم زبان اشاره خواسته‌اید.",
    AccessNeed.COMPANION: "با همراه می‌آیید؛ پذیرش می‌داند.",
    AccessNeed.HARD_OF_HEARING: "صدایتان نمی‌زنند؛ متصدی پذیرش پیش شما می‌آید.",
    AccessNeed.LOW_VISION: "لازم نیست تابلو را ببینید؛ متصدی پذیرش پیش شما می‌آید.",
}
"""What the pass says about each of her needs on the day."""
_MUNICIPALITY = "شهرداری منطقهٔ {district}"
BRING = "کارت شناسایی و اصل مدارک را بیاورید. ۱۵ دقیقه زودتر بیایید."

CALENDAR = "ملاقات با شهردار منطقهٔ {district}"
CALENDAR_BY_PHONE = "ملاقات تلفنی با شهردار منطقهٔ {district}"
CALENDAR_NOTES = "کد رهگیری: {code}\n{bring}"

PROOF = """برگهٔ محرمانهٔ قرعه
این برگه برای وقتی است که بخواهید ثابت کنید نشانی که در قرعه آمده برای شماست.
لازم نیست از آن سر در بیاورید و نوبت شما به آن نیازی ندارد. فقط آن را نگه دارید.
اگر گم شود، در صفحهٔ درخواستتان دوباره هست.
آن را به کسی ندهید؛ با رمز و نشان می‌توان کد ملی شما را حدس زد.

کد رهگیری:
{code}

نشان شما در قرعه:
{ticket}

رمز برگه:
{salt}

رسید دفتر عمومی:
{log}

اگر روزی خواستید ثابت کنید، خودتان یا کسی که کمکتان می‌کند:
چهار سطر زیر را بی سطر خالی بنویسید و به‌جای سطر سوم شناسهٔ خود را با رقم لاتین بگذارید.
نتیجهٔ {method} آن‌ها همان نشان بالاست. پس از سطر چهارم، سطر تازه‌ای نباشد.

{formula}
{salt}
<شناسهٔ شما>
{district}
"""
"""A file of plain text: what it is for and that she need not understand it, then the warning.
`formula` is the first line that is hashed, `method` the hash's name."""


def where(district: int, address: str, hall: str) -> str:
    """Return where she is received; a Monday that is held elsewhere has an address and no hall."""
    return f"{sought(district, address, hall)}، {hall}" if hall else address


def sought(district: int, address: str, hall: str) -> str:
    """Return a text that a map finds; it does not find the name of a hall."""
    if not hall:
        return address
    municipality = _MUNICIPALITY.format(district=persian(district))
    return f"{municipality}، {address}" if address else municipality
