"""The home page: what this is, the map, how turns are given."""

from publicmeeting.domain.mondays import How

HEADLINE = "هر دوشنبه، شهردار روبه‌روی شما می‌نشیند."
LEAD = (
    "نوبت بگیرید، دستور دست‌نویس شهردار را ببینید و تا انجام کار دنبالش کنید. "
    "نه آشنا لازم است، نه واسطه."
)
SOONEST = "اگر امروز درخواست بدهید، زودترین ملاقات در خلوت‌ترین منطقه‌ها {day} است."
CLOSED_BEFORE = "ثبت برای {day} بسته شده است."
REQUEST = "درخواست ملاقات"
TRACK = "پیگیری"
SIGN_IN = "ورود"
DISTRICT = "منطقهٔ شما"
DISTRICT_LEAD = "روی منطقه بزنید. هر خانهٔ پر یک هفته انتظار است."
TILE_LABEL = "منطقهٔ {district}، {weeks} انتظار"
TILE_LABEL_LONG = "منطقهٔ {district}، {weeks} انتظار یا بیشتر"
DISTRICT_LINE = "برای {day}\u00a0· {seats} نوبت\u00a0· {waiting} منتظر"
NO_MONDAY_LINE = "{waiting} منتظر"
ESTIMATE = "اگر امروز درخواست بدهید:"
NAME = "منطقهٔ {district}"
HOURS = "میز خدمت:"
MAP = "نقشهٔ جای ملاقات"
BETWEEN = "احتمالاً تا دوشنبه {likely}. زودترین: {first}؛ دیرترین: {last}."
ON = "احتمالاً دوشنبه {day}."
FROM = "احتمالاً تا دوشنبه {likely}. زودترین: {first}؛ دیرترین دورتر از یک سال است."
FROM_FAR = "از {first} به بعد؛ صف این منطقه بلند است."
FAR = "دورتر از یک سال؛ صف این منطقه بلند است."
BEFORE = "{before} پیش از شما هستند."
ONE_BEFORE = "۱ نفر پیش از شماست."
NOBODY_BEFORE = "هیچ‌کس پیش از شما نیست."
ALIKE = "حدود {alike} با شما برابرند و قرعه میانشان ترتیب را معلوم می‌کند."
ONE_ALIKE = "حدود ۱ نفر با شما برابر است و قرعه میان شما دو نفر ترتیب را معلوم می‌کند."
SERVED = "این منطقه هر دوشنبه حدود {seats} نوبت می‌دهد."
LIST_CLOSED = "فهرست این قرعه بسته شده است: {rows} و {seats} نوبت."
LIST_LANES = "{taken} نوبت از آن به سهمیهٔ معلولان و فوری می‌رسد."
LIST_LANES_UP_TO = "تا {taken} نوبت از آن به سهمیهٔ معلولان و فوری می‌رسد."
LANES = "دیرترین روز برای وقتی است که هر دوشنبه {quota} نوبت به سهمیهٔ معلولان و فوری برسد"
LANES_TOOK = "{so}؛ در {draws} قرعهٔ گذشتهٔ آن، {taken} نوبت رسید."
LANES_TOOK_NONE = "{so}؛ در {draws} قرعهٔ گذشتهٔ آن، هیچ نوبتی نرسید."
GUESS = "این برآورد است، نه قول."
HOW_GUESSED = "چگونه حساب شد؟"
RECENT = (
    "آنچه گذشت: در ۸ هفتهٔ گذشته {met} شهردار را دیدند؛ "
    "نیمی تا {half} پس از ثبت و ۹ نفر از هر ۱۰ نفر تا {most}. صف امروز همان صف نیست."
)
GAP = "…"
"""Mondays that are not shown, between two tiles."""
WITHOUT_SCRIPT = "با زدن هر کاشی، ثبت درخواست برای همان منطقه آغاز می‌شود."
MAP_LABEL = "نقشهٔ منطقه‌ها و هفته‌های انتظار"
LEGEND = ("۱ هفته", "۲ هفته", "۳ هفته", "۴ و بیشتر")
HOW = "نوبت چگونه داده می‌شود؟"
WEEKS_FIRST = (
    "هر که هفته‌های بیشتری منتظر مانده، جلوتر است. فقط سهمیهٔ معلولان و فوری، و کسی که شهرداری به او "
    "نوبت بدهکار است، پیش از او می‌آید."
)
THEN_THE_DRAW = "میان کسانی که از یک هفته منتظرند، قرعهٔ علنی ترتیب را معلوم می‌کند."
NOBODY_UNSEEN = "هیچ‌کس نمی‌تواند پنهانی کسی را جابه‌جا کند؛ نه شهردار، نه کارمند، نه مدیر سامانه."
"""Stands only where others than the city sign the log, and no fault is known."""
IN_THE_LOG = "هر چه بر نوبت شما بگذرد، سطری از دفتر عمومی است؛ رسید آن را نگه دارید."
"""Stands everywhere else."""
COUNT_AGAIN = "هر کس می‌تواند ترتیب نوبت‌ها را خودش دوباره حساب کند."
JUMPED = "آیا کسی جلو زده است؟ خودتان ببینید"
"""To the page that counts again."""
LAST_MONDAY = "دوشنبهٔ گذشته، {day}"
MAYORS_CAME = "منطقه با خود شهردار"
HELD_OTHERWISE: dict[How, str] = {
    How.DEPUTY: "{count} منطقه با جانشین",
    How.BOTH: "{count} منطقه بخشی با شهردار و بخشی با جانشین",
    How.CUT_SHORT: "{count} منطقه نیمه‌کاره",
    How.PAPER: "{count} منطقه به گفتهٔ خودش روی کاغذ",
    How.NO_VISITORS: "{count} منطقه مراجعه‌ای نداشت",
}
NOT_HELD = "{districts} برگزار نکرد و خبری نداد"
NOT_HELD_SEVERAL = "{districts} برگزار نکردند و خبری ندادند"
CALLED_OFF = "تعطیل در {districts}{why}"
IN_DISTRICTS = "منطقهٔ {districts}"
WHOLE_CITY = "همهٔ شهر"
TODAY = "امروز"
_ON_PAPER = (
    "{day} ملاقاتی در سامانه ثبت نشد. برگزارکننده می‌گوید {noted} را روی کاغذ پذیرفته است؛ "
    "{confirmed}."
)
CONFIRMED, CONFIRMED_BY_NOBODY = "{count} آن را تأیید کردند", "هنوز کسی آن را تأیید نکرده است"
HELD: dict[How, str] = {
    How.MAYOR: "{day} شهردار خودش پذیرفت.",
    How.DEPUTY: "{day} جانشین شهردار پذیرفت.",
    How.BOTH: "{day} بخشی را شهردار پذیرفت و بخشی را جانشین.",
    How.CLOSED: "{day} ملاقات نبود{why}.",
    How.CUT_SHORT: "{day} بخشی از ملاقات‌ها انجام شد و بقیه لغو شد{why}.",
    How.NO_VISITORS: "{day} کسی نوبت نداشت.",
    How.SILENT: "{day} ملاقات برگزار نشد و دلیلی اعلام نشد.",
    How.PAPER: _ON_PAPER,
}
HELD_TODAY: dict[How, str] = {
    How.MAYOR: "{day} شهردار خودش می‌پذیرد.",
    How.DEPUTY: "{day} جانشین شهردار می‌پذیرد.",
    How.BOTH: "{day} بخشی را شهردار پذیرفت و بخشی را جانشین.",
    How.CLOSED: "{day} ملاقات نیست{why}.",
    How.CUT_SHORT: "{day} بخشی از ملاقات‌ها انجام شد و بقیه لغو شد{why}.",
    How.NO_VISITORS: "{day} کسی نوبت ندارد.",
    How.SILENT: "{day} ملاقات برگزار نشد و دلیلی اعلام نشده است.",
    How.PAPER: _ON_PAPER,
}
TIMES_OF: dict[How, str] = {
    How.MAYOR: "شهردار {count} بار",
    How.DEPUTY: "جانشین {count} بار",
    How.BOTH: "هر دو {count} بار",
    How.CUT_SHORT: "نیمه‌کاره {count} بار",
    How.CLOSED: "تعطیل {count} بار",
    How.SILENT: "بی‌خبر برگزار نشد {count} بار",
    How.PAPER: "به گفتهٔ خودش روی کاغذ {count} بار",
}
NOTED_BESIDE = "{count} ملاقات دیگر به گفتهٔ برگزارکننده روی کاغذ"
"""Beside meetings that the log knows: nobody but their holder says that these took place."""
TELEPHONED = "{count} ملاقات با تلفن"
WITHOUT_ARRIVAL = "{count} نوبت بی‌ثبت آمدن شهروند"
SENT_AWAY = "{count} نفر آمدند و پذیرفته نشدند"
SENT_AWAY_AGAIN = "{count} بار کسی آمد و پذیرفته نشد ({again} بار همان کس)"
"""If it happened to one visitor more than once, which may be a mayor's favour."""
EIGHT_WEEKS = "هشت هفتهٔ گذشته: {parts}."
LAST_CAPTION = "دوشنبهٔ گذشته: {count} منطقه با خود شهردار"
MINE = "درخواست‌های من"
STAFF = "ورود کارکنان"
DRAWS = "قرعه‌ها"
VERIFY = "اعتبارسنجی"
RULES_OF = "قاعده‌های نوبت"
