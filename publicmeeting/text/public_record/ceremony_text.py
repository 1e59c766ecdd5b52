"""The draw as everybody may watch it: what happens now, who has shown a value, who got a seat."""

ONLY_CITY_ON = "در قرعهٔ دوشنبه {day} فقط رمز شهرداری بود؛ شهرداری می‌توانست نتیجه را از پیش بداند."
ONLY_CITY = "در این قرعه فقط رمز شهرداری بود؛ شهرداری می‌توانست نتیجه را از پیش بداند."
"""Stands on every page that shows a draw without a witness's reveal (docs/turns.md 2)."""

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

DICE = "ده تاس"
DICE_AT = "ده تاس، {moment} جلوی دوربین ریخته می‌شود."
DICE_SAYS = "تاس‌ها: {digits}"
NO_DICE = "تاس اعلام شده بود، ولی پیش از آشکار شدن رمزها ریخته نشد."

DISTRICTS = "منطقه به منطقه"
A_DISTRICT = "منطقهٔ"
MAP_SAYS = "نقشهٔ منطقه‌ها: {done} منطقه قرعه شده است"
FIGURE = "{seated} از {requests}"
FIGURE_SAYS = "شمار نوبت‌ها از شمار درخواست‌ها"
LINE_OPEN = "{seats} نوبت"
LINE_FROZEN = "{requests} درخواست برای {seats} نوبت"
LINE_DRAWN = "{seated} نوبت برای {requests} درخواست"
LINE_NONE = "بدون درخواست"
LINE_CLOSED = "ملاقات ندارد؛ {requests} درخواست یک هفته جلوتر رفت"
LINE_MOVED = "قرعه به {moment} رفت"
COUNT = "{done} منطقه از ۲۲"

RESULT = "نتیجهٔ منطقهٔ {district}"
SEATED = "نوبت‌ها"
STANDBY = "{count} نفر در فهرست ذخیره"
OFF_SYSTEM = "ملاقات بیرون از نوبت در این دوشنبه: {said}"
NOBODY = "کسی در این فهرست نبود."
ROOT, SEED = "مهر فهرست", "بذر قرعه"
NOT_FROZEN = "فهرست این منطقه هنوز باز است."
WHY_SEAT = {
    "debt": "بدهی شهر",
    "line": "نوبت انتظار",
    "access": "سهمیهٔ معلولان",
    "urgent": "سهمیهٔ فوری",
}

FOUND_LATE = "{count} بار دیر معلوم شد کسی در فهرست جا افتاده است؛ شهر به او یک نوبت بدهکار است."
OBJECTIONS = "{raised} اعتراض به فهرست‌ها؛ {right} فهرست درست شد."

LOG = "نشان دفتر عمومی: {log}"
ALL_DRAWS = "همهٔ قرعه‌ها"
WATCH = "تماشای قرعه"
ROW_DRAWN = "{seated} نوبت برای {requests} درخواست در {count} منطقه"
ROW_WITNESSES = "با رمز {count} شاهد"
EMPTY = "هنوز قرعه‌ای نیست."
EMPTY_LEAD = "نخستین دوشنبه سه هفته پیش از ملاقات باز می‌شود."
FOR_WITNESS = "ورود شاهدان"
