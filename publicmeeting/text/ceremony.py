"""The draw as everybody may watch it: what happens now, who has shown a value, who got a seat."""

ONLY_CITY = "در این قرعه فقط رمز شهرداری بود؛ شهرداری می‌توانست نتیجه را از پیش بداند."
"""Stands on every page that shows a draw without a witness's reveal (fairness.md 2)."""

TITLE = "قرعهٔ {day}"
TITLES = "قرعه‌ها"
LEAD = "هر هفته میان کسانی که به یک اندازه منتظر مانده‌اند، قرعهٔ علنی ترتیب را معلوم می‌کند."
CITY = "شهرداری"

NOW = {
    "open": "شاهدان تعهد می‌دهند",
    "frozen": "فهرست‌ها بسته شده است",
    "revealing": "رمز شهرداری آشکار شد",
    "drawing": "قرعه انجام می‌شود",
    "drawn": "قرعه انجام شد",
}
NEXT = {
    "open": "تا بسته‌شدن فهرست‌ها",
    "dice": "تا ریختن تاس",
    "frozen": "تا آشکار شدن رمز شهرداری",
    "revealing": "تا پایان مهلت شاهدان",
    "moved": "تا قرعهٔ جابه‌جاشده",
}
AT = "{what}: {moment}"
WHY = {
    "open": "هر شاهد رمزی می‌سازد و فقط مهر آن را می‌دهد. خود رمز نزد شاهد می‌ماند.",
    "frozen": "هیچ‌کس دیگر به فهرست‌ها افزوده یا از آن‌ها کم نمی‌شود.",
    "revealing": "وقتی همهٔ شاهدان رمزشان را آشکار کنند، قرعه بی‌درنگ انجام می‌شود.",
    "drawing": "ترتیب از فهرست و رمزها حساب می‌شود. هر کس می‌تواند دوباره حساب کند.",
    "drawn": "ترتیب از فهرست و رمزها حساب شد. هر کس می‌تواند دوباره حساب کند.",
}
DAY = "روز و"

PARTIES = "رمزها"
COMMITTED = "تعهد داده است"
SHOWN = "رمز آشکار شد"
SILENT = "رمز را آشکار نکرد"
NO_WITNESS = "هنوز شاهدی تعهد نداده است."
NO_WITNESS_LATE = "شاهدی تعهد نداده است."
MARK = "مهر تعهد"
VALUE = "رمز"

DICE = "ده تاس"
DICE_AT = "ده تاس، {moment} جلوی دوربین ریخته می‌شود."
DICE_SAYS = "تاس‌ها: {digits}"
NO_DICE = "تاس اعلام شده بود، ولی پیش از آشکار شدن رمزها ریخته نشد."

DISTRICTS = "منطقه به منطقه"
DISTRICT = "منطقهٔ {district}"
MAP_SAYS = "نقشهٔ ۲۲ منطقه: {done} منطقه قرعه شده است"
FIGURE = "{seated} از {requests}"
FIGURE_SAYS = "شمار نوبت‌ها از شمار درخواست‌ها"
LINE_OPEN = "{seats} نوبت"
LINE_FROZEN = "{requests} درخواست برای {seats} نوبت"
LINE_DRAWN = "{seated} نوبت برای {requests} درخواست"
LINE_NONE = "بدون درخواست"
LINE_CLOSED = "ملاقات ندارد؛ {requests} درخواست یک هفته جلوتر رفت"
LINE_MOVED = "قرعه به {moment} رفت"
ALL_SEATED = "همه نوبت گرفتند"
TILE_SAYS = "منطقهٔ {district}: {line}"
COUNT = "{done} منطقه از ۲۲"

CHOOSE = "برای دیدن نوبت‌ها یک منطقه را برگزینید."
RESULT = "نتیجهٔ منطقهٔ {district}"
SEATED = "نوبت‌ها"
STANDBY = "{count} نفر در فهرست ذخیره"
NOBODY = "کسی در این فهرست نبود."
ROOT, SEED = "مهر فهرست", "بذر قرعه"
NOT_FROZEN = "فهرست این منطقه هنوز باز است."
WHY_SEAT = {"debt": "بدهی شهر", "line": "نوبت انتظار", "access": "سهم دسترسی", "urgent": "سهم فوری"}

OBJECT = "در فهرست نیستم"
OBJECT_LEAD = (
    "فهرست منطقهٔ شما دوباره از روی دفتر ساخته می‌شود و کسی داوری نمی‌کند. "
    "اگر فرق کند، قرعهٔ آن منطقه به پنجشنبه ظهر می‌رود."
)
OBJECT_UNTIL = "مهلت اعتراض {until}"
TICKET = "نشان شما در قرعه"
TICKET_HINT = "دست‌کم ۸ نویسهٔ نخست، از روی رسید"
OBJECT_SEND = "بررسی فهرست"
OBJECT_MINE = "بررسی درخواست من"
CHECKING = "بررسی می‌شود"
LISTED = "این نشان در فهرست منطقهٔ {district} هست."
LISTED_WHY = "در قرعهٔ {day} شرکت داده می‌شود."
CHANGED = "فهرست منطقهٔ {district} درست نبود و درست شد."
CHANGED_WHY = "این نشان اکنون در آن هست. قرعهٔ آن {moment} انجام می‌شود."
CHANGED_OTHERS = "این نشان در آن نیست، ولی قرعهٔ آن {moment} انجام می‌شود."
SAME = "فهرست منطقهٔ {district} درست است و این نشان در آن نیست."
SAME_LATE = "این درخواست پس از شنبه ثبت شده است و در فهرست هفتهٔ بعد است."
SAME_WHY = "هنگام بستن فهرست، این درخواست در نوبت انتظار این دوشنبه نبود."
COUNTED = "اعتراض شمارهٔ {number} در دفتر عمومی نوشته شد."
OBJECTIONS = "{raised} اعتراض به فهرست‌ها؛ {right} فهرست درست شد."

LOG = "نشان دفتر عمومی: {log}"
ALL_DRAWS = "همهٔ قرعه‌ها"
WATCH = "تماشای قرعه"
ROW_OPEN = "تعهد شاهدان تا {moment}"
ROW_DRAWN = "{seated} نوبت برای {requests} درخواست در {count} منطقه"
ROW_WITNESSES = "با رمز {count} شاهد"
EMPTY = "هنوز قرعه‌ای نیست."
EMPTY_LEAD = "نخستین دوشنبه سه هفته پیش از ملاقات باز می‌شود."
FOR_WITNESS = "ورود شاهدان"
