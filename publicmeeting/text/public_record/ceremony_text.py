"""The draw as everybody may watch it: what happens now, who has shown a value, who got a seat."""

from datetime import date

from publicmeeting.kit.digits import grouped, persian
from publicmeeting.kit.jalali import iso

ONLY_CITY_ON = "فهرست قرعهٔ {monday} را شاهدان پیش از عدد امضا نکردند."
ONLY_CITY = "این فهرست را شاهدان پیش از عدد امضا نکردند."
"""Stands on every page that shows a draw whose list a quorum did not sign (docs/turns.md 2)."""
SIGNED = "این فهرست را شاهدان پیش از عدد امضا کردند."

TITLE = "قرعهٔ {day}"
TITLES = "قرعه‌ها"
LEAD = "هر هفته میان کسانی که به یک اندازه منتظر مانده‌اند، قرعهٔ علنی ترتیب را معلوم می‌کند."

NOW = {
    "open": "شاهدان تعهد می‌دهند",
    "frozen": "فهرست‌ها بسته شده است",
    "revealing": "رمزها باز می‌شود",
    "sealed": "در انتظار عدد",
    "drawing": "قرعه انجام می‌شود",
    "drawn": "قرعه انجام شد",
}
NEXT = {
    "open": "تا بسته‌شدن فهرست‌ها",
    "frozen": "تا باز شدن رمزها",
    "revealing": "تا پایان باز کردن رمزها",
    "sealed": "تا نوشتن عدد",
    "entering": "تا پایان نوشتن عدد",
}
AT = "{what}: {moment}"
WHY = {
    "open": "هر شاهد رمزی می‌سازد و فقط مهر آن را می‌دهد. خود رمز نزد شاهد می‌ماند.",
    "frozen": "تا باز شدن رمزها فقط کسی افزوده می‌شود که جا افتاده باشد.",
    "revealing": "شهرداری و شاهدان رمزهای مهرشده را آشکار می‌کنند.",
    "sealed": "فهرست و رمزها دیگر عوض نمی‌شود. نتیجه به عددی بسته است که هنوز کسی نمی‌داند.",
    "drawing": "ترتیب از فهرست، رمزها و عدد حساب می‌شود. هر کس می‌تواند دوباره حساب کند.",
    "drawn": "ترتیب از فهرست، رمزها و عدد حساب شد. هر کس می‌تواند دوباره حساب کند.",
}
DAY = "روز و"

PARTIES = "رمزها"
COMMITTED = "تعهد داده است"
SHOWN = "رمز آشکار شد"
SILENT = "رمز را آشکار نکرد"
NO_WITNESS = "هنوز شاهدی تعهد نداده است."
NO_WITNESS_LATE = "شاهدی تعهد نداده است."

VALUE = "عدد {day}"
VALUE_COMES = {
    "published": "شاخص کل بورس تهران، {moment} به بعد نوشته می‌شود.",
    "dice": "ده تاس، {moment} به بعد نوشته می‌شود.",
}
VALUE_STANDS = {
    "published": "بخش صحیح شاخص کل بورس تهران؛ آن را در روزنامه ببینید.",
    "dice": "ده تاس که جلوی دوربین ریخته شد.",
}
VALUE_AWAITED = "عدد هنوز نیامده است"
VALUE_DEMO = "در این شهر نمایشی عدد ساختگی است و در روزنامه نیست."
DISPUTED = "عددهایی که نوشته‌اند یکی نیست. آن را با روزنامه بسنجید."
NO_VALUE = "در روزهای تعیین‌شده عددی به دست نیامد؛ قرعه بی عدد انجام شد."
NO_VALUE_NEEDED = "این دوشنبه ملاقات ندارد؛ عددی لازم نیست."
ENTERED = "عدد روز: {value}"
NOTHING_PRINTED = "منتشر نشد"
SECOND_LISTS = "{count} فهرست، پیش از باز شدن رمزها دوباره نوشته می‌شود."

DISTRICTS = "منطقه به منطقه"
EACH_DISTRICT = "فهرست منطقه‌ها"
A_DISTRICT = "منطقهٔ"
MAP_LABEL = "نقشهٔ منطقه‌ها: {done} منطقه قرعه شده است"
FIGURE = "{seated} از {requests}"
FIGURE_LABEL = "شمار نوبت‌ها از شمار درخواست‌ها"
LINE_OPEN = "{seats} نوبت"
LINE_FROZEN = "{requests} درخواست برای {seats} نوبت"
LINE_DRAWN = "{seated} نوبت برای {requests} درخواست"
LINE_NONE = "بدون درخواست"
LINE_CLOSED = "ملاقات ندارد؛ {requests} درخواست یک هفته جلوتر رفت"
COUNT = "{done} منطقه از ۲۲"

RESULT = "نتیجهٔ منطقهٔ {district}"
SEATED = "نوبت‌ها"
STANDBY = "{count} نفر در فهرست ذخیره"
OFF_SYSTEM = "ملاقات بیرون از نوبت در این دوشنبه: {statement}"
NOBODY = "کسی در این فهرست نبود."
ROOT, SEED = "مهر فهرست", "بذر قرعه"
NOT_FROZEN = "فهرست این منطقه هنوز باز است."
WHY_SEAT = {
    "debt": "بدهی شهرداری",
    "line": "نوبت انتظار",
    "access": "سهمیهٔ معلولان",
    "urgent": "سهمیهٔ فوری",
}

FOUND_LATE = (
    "{count} بار دیر معلوم شد کسی در فهرست جا افتاده است؛ شهرداری به او یک نوبت بدهکار است."
)
OBJECTIONS = "{raised} اعتراض به فهرست‌ها؛ {right} فهرست درست شد."

LOG = "رسید دفتر عمومی: {log}"
ALL_DRAWS = "همهٔ قرعه‌ها"
WATCH = "تماشای قرعه"
_ROW_DRAWN = "{seated} نوبت برای {requests} درخواست در {count} منطقه"
_ROW_WITNESSES = "با رمز {count} شاهد"
OLDER = "دوشنبه‌های پیش‌تر"
NONE_OLDER = "پیش از این قرعه‌ای نبوده است."
EMPTY = "هنوز قرعه‌ای نیست."
EMPTY_LEAD = "نخستین دوشنبه سه هفته پیش از ملاقات باز می‌شود."
NOT_THAT_DAY = "برای این روز قرعه‌ای نیست."
NOT_THAT_DAY_LEAD = "شاید هنوز باز نشده یا نشانی درست نیست. روز را در فهرست قرعه‌ها پیدا کنید."
FOR_WITNESS = "ورود شاهدان"


OLDER_ADDRESS = "/plain/draws/"


def older_address(before: date | None) -> str:
    """Return the address of the Mondays before a Monday; empty for None."""
    return f"{OLDER_ADDRESS}?before={iso(before)}" if before else ""


def drawn_words(
    requests: int, seated: int, districts: int, witnesses: int, *, is_signed: bool | None
) -> str:
    """Return the result of a Monday's draws in one line of a list."""
    drawn = _ROW_DRAWN.format(
        seated=grouped(seated), requests=grouped(requests), count=persian(districts)
    )
    if is_signed is False:
        return f"{drawn}. {ONLY_CITY}"
    return f"{drawn}، {_ROW_WITNESSES.format(count=persian(witnesses))}" if witnesses else drawn
