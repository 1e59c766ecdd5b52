"""Words of what a citizen takes with her: receipt, pass, calendar entry, proof sheet."""

PLACE = "منطقهٔ {district}"
LOG = "نشان دفتر عمومی"

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
WHERE = "شهرداری منطقهٔ {district}، {address}، {hall}"
BRING = "کارت شناسایی و اصل مدارک را بیاورید. ۱۵ دقیقه زودتر بیایید."

CALENDAR = "ملاقات با شهردار منطقهٔ {district}"
CALENDAR_BY_PHONE = "ملاقات تلفنی با شهردار منطقهٔ {district}"
CALENDAR_NOTES = "کد رهگیری: {code}\n{bring}"

PROOF = """برگهٔ اثبات
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

نشان دفتر عمومی:
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
