"""The list of a Monday, at the reception."""

from publicmeeting.domain.choices import LaneReason, Original
from publicmeeting.domain.stages import Stage

LIST = "فهرست این دوشنبه"
SCAN = "یافتن با کد رهگیری، شمارهٔ کارت یا نام"
SCAN_HINT = "بنویسید، یا با دستگاه کد روی برگهٔ نوبت را بخوانید."
FIND = "یافتن"
NOT_SENT = "آخرین کار شما ثبت نشد؛ فهرست را ببینید."
NOT_HERE = "این شماره در فهرست این دوشنبه نیست. تاریخ نوبت را روی برگه ببینید."
NOT_HERE_OF = (
    "این شماره در فهرست این دوشنبه نیست. اگر کد رهگیری است، برای منطقهٔ {district} است؛ "
    "نشانی روی برگه را ببینید."
)
TOO_SHORT = "کد رهگیری و شمارهٔ کارت ملی ۱۰ رقم دارد. همهٔ رقم‌ها را بنویسید."
NO_NAME = "کسی با این نام میان نام‌های بازشدهٔ این دوشنبه نیست. کد یا شمارهٔ کارت را بنویسید."
SEVERAL = "چند نفر با این نام آمده‌اند: شماره‌های {numbers}. کد یا شمارهٔ کارت را بنویسید."
SCAN_OPEN = "خواندن برگه با دوربین"
SCAN_STOP = "بستن دوربین"
SCAN_READY = "کد روی برگه را جلوی دوربین بگیرید."
SCAN_LIGHT = "چراغ"
SCAN_REFUSED = "مرورگر اجازهٔ دوربین نداد. اجازه را در تنظیم صفحه بدهید یا کد را بالا بنویسید."
SCAN_MISSING = "دوربینی پیدا نشد. کد روی برگه را بالا بنویسید."
SCAN_LOST = "تصویر خوانده نشد. ارتباط را ببینید یا کد را بالا بنویسید."
SCAN_UNKNOWN = "این کد برگهٔ نوبت این دوشنبه نیست. تاریخ و منطقهٔ برگه را ببینید."
SCAN_OF_DAY = "نوبت این برگه {day} است، نه امروز."
SCAN_OF_DISTRICT = "این برگه از منطقهٔ {district} است. نشانی روی برگه را به او نشان دهید."
FINISH_FIRST = "نخست کار {line} را تمام کنید یا ببندید."
JUST_CAME = "شمارهٔ {number} همین حالا ثبت شد، {time}."
CAME_BEFORE = "شمارهٔ {number} از {time} ثبت شده است."
IN_ROOM_NOW = "شمارهٔ {number} از {time} در اتاق است."
GIVEN_ON = "نوبتش به نفر دیگری رسیده است"
GIVEN_ON_TODAY = (
    "نوبت شمارهٔ {number} پس از ثبت نیامدن به نفر دیگری رسید. "
    "امروز پذیرفته نمی‌شود؛ تا سه روز می‌تواند در صفحهٔ خود اعتراض کند."
)
MET_TODAY = "ملاقات شمارهٔ {number} امروز تمام شده است."
NO_STEP = "برای شمارهٔ {number} اکنون کاری باز نیست."
HERE, IN_ROOM = "در سالن", "در اتاق"
MET, ABSENT, SKIPPED = "ملاقات شد", "نیامد", "جا ماند"
HALL_NEWS = {
    Stage.ARRIVED: HERE,
    Stage.IN_ROOM: IN_ROOM,
    Stage.FOLLOW_UP: MET,
    Stage.CLOSED: MET,
}
"""Spoken of a number once others have changed it."""
CAME = "در سالن از {time}"
COMING = "از {time} گفته دارد می‌آید"
CAME_LATE = "با تأخیر آمد، در سالن از {time}"
INSIDE_SINCE = "در اتاق از {time}"
CALLED = "{times} صدا زده شد"
FETCHED = "{times} سراغش رفته‌اند"
ABSENT_FROM = "ثبت نیامدن از ساعت {time}"
ABSENT_CALLS = "ثبت نیامدن پس از دو بار صدا زدن در وقت نوبت"
ABSENT_FETCHES = "ثبت نیامدن پس از دو بار سراغ رفتن در وقت نوبت"
"""What is missing until an absence may be noted: calls before her time do not count."""
WHOLE_CARD = "همهٔ شمارهٔ کارت"
NEEDS_WHOLE_CARD = "برای پذیرش، همهٔ شمارهٔ کارت لازم است."
"""Of whom nobody has proved yet who she is."""
IS_FETCHED = "با شماره صدا نزنید؛ پیش او بروید"
PAPER: dict[LaneReason, str] = {
    LaneReason.CERTIFIED: "گواهی معلولیت",
    LaneReason.DANGER_TO_LIFE: "مدرک خطر جانی",
    LaneReason.DANGER_TO_BUILDING: "مدرک خطر ساختمان",
    LaneReason.DATE_NEAR: "برگهٔ دادگاه یا تخریب",
}
"""What gave her a lane, by the reason of whoever agreed."""
OR = " یا "
ORIGINAL_OPEN = "با سهمیه آمده؛ اصل مدرک را ببینید: {papers}"
ORIGINAL: dict[Original, str] = {
    Original.SEEN: "اصل مدرک دیده شد",
    Original.NOT_SHOWN: "اصل مدرک همراهش نیست",
    Original.NOT_HERS: "مدرک به او ربطی ندارد",
}
NEXT = "نفر بعدی"
GROUP_ROOM = "در اتاق"
GROUP_HALL = "در سالن: {count} نفر"
GROUP_AWAY = "نیامده: {count} نفر"
GROUP_SKIPPED = "جا مانده: {count} نفر"
GROUP_DONE = "ملاقات‌شده: {count} نفر"
UNDO = "برگرداندن"
OF_NUMBER = " شمارهٔ "
NAME_UNSEEN = "نام هنوز باز نشده است"
SEE_NAMES = "باز کردن نام‌ها"
NAMES_WHY = "باز کردن نام در پروندهٔ هر شهروند نوشته می‌شود."
SUM_MET, SUM_INSIDE, SUM_HERE = "ملاقات شد: {count}", "در اتاق: {count}", "در سالن: {count}"
SUM_ABSENT, SUM_LEFT, SUM_SKIPPED = "نیامد: {count}", "هنوز نرسیده: {count}", "جا ماند: {count}"
SEATS = "نوبت‌های این دوشنبه"
STANDBY = "فهرست ذخیره، به ترتیب قرعه"
STANDBY_LEAD = (
    "هر که آمد، کد نمایشگر سالن را در صفحهٔ خود می‌نویسد، یا شما حضورش را ثبت می‌کنید. نوبت آزاد، ده "
    "دقیقه پیش از شروع، خودبه‌خود به نخستین نفر حاضر می‌رسد و نام او بالا می‌آید."
)
STANDBY_MORE = (
    "پس از این‌ها {count} نفر دیگر در همین قرعه‌اند. هر که از آنان آمد، با کد رهگیری یا شمارهٔ کارت "
    "پیدا می‌شود."
)
STANDBY_EMPTY = "کسی در فهرست ذخیرهٔ امروز نمانده است."
STANDBY_OVER = "امروز دیگر نوبتی داده نمی‌شود."
STANDBY_OTHER_DAY = "فهرست ذخیره روز ملاقات همین‌جا می‌آید."
PRESENT = "حاضر از {time}"
NOTE_PRESENT = "ثبت حضور"
NOTED_PRESENT = "از {time} با کد سالن حاضر است"
TELEPHONE_BADGE = "تلفنی"
TELEPHONE = "تلفنی؛ نمی‌آید"
TELEPHONE_AT = "تلفنی؛ به {mobile} زنگ بزنید"
RUNG = "{times} زنگ زدند و پاسخ نداد"
STOOD_IN = "از فهرست ذخیره"
SEAT_FREE = "نوبت آزاد: {times}"
NO_SEAT_FREE = "اکنون نوبت آزادی نیست."
LINE = "شمارهٔ {number}، {name}، ساعت {time}"
STANDBY_PLACE = "ذخیرهٔ {place}"
STANDBY_LINE = "{place}، {code}"
DONE_LINE = "شمارهٔ {number}: {what}."
DONE_STANDBY = "درخواست {code}: {what}."
PRESENT_ALREADY = "{place}: {status}. نوبت آزاد خودبه‌خود به نخستین نفر حاضر می‌رسد."
PRESENT_NOTED = "حضور ثبت شد"
HOLDS = "{role} می‌پذیرد: {name}"
NO_HOLDER = "این دوشنبه برگزارکننده ندارد."
NO_HOLDER_LEAD = (
    "شهردار فعالی نیست و جانشینی برای این روز انتخاب نشده است. کسی صدا زده نمی‌شود؛ "
    "به مدیر سامانه خبر دهید."
)
NOT_TODAY = "امروز روز ملاقات نیست."
NOT_TODAY_LEAD = "فهرست {day} را می‌بینید؛ کارهای پذیرش همان روز باز می‌شود."
EMPTY = "این دوشنبه نوبتی داده نشده است."
ALL_FREED = "هر که این دوشنبه نوبت داشت، آن را پس داد یا پاسخ نداد."
ALL_FREED_LEAD = {
    True: "نوبت‌ها آزاد است و به نخستین نفر حاضر فهرست ذخیره می‌رسد.",
    False: "از فهرست ذخیره هم کسی نمانده است.",
}
"""By whether anybody is left among the standbys."""
EMPTY_LEAD = "قرعهٔ هر دوشنبه چند روز پیش از آن است؛ ساعتش در صفحهٔ قاعده‌های نوبت است."
NO_MONDAY = "هنوز دوشنبه‌ای برای این منطقه باز نشده است."
NO_MONDAY_LEAD = (
    "دوشنبه‌ها چند هفته پیش از ملاقات خودبه‌خود باز می‌شوند. اگر تا فردا خبری نشد، به مدیر سامانه "
    "بگویید ساعت شهر و قاعده‌های نوبت را ببیند."
)
CLOSED = "این دوشنبه ملاقاتی نیست."


# What reception prepares for visitors who need something on the day.

PREPARE_TITLE = "برای این دوشنبه آماده کنید"
PREPARE_PROGRESS = "{ready} از {all} آماده است"
PREPARE_TICK = "آماده شد"
TAKE_BACK = "هنوز نه"
READY = "آماده: {name}، {at}"
