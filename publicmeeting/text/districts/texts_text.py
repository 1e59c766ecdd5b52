"""What a district says of itself: the page on which two officials change it."""

from publicmeeting.domain.districts.texts import TextField, TextState

TITLE = "نشانی، ساعت‌ها و واحدهای منطقه"
LEAD = "شهروند این‌ها را روی نوبت، تقویم و صفحهٔ منطقه می‌خواند. هر تغییر را دو نفر می‌بینند."
DISTRICT = "منطقهٔ {district}"
OTHERS = "منطقهٔ دیگر"

FIELD: dict[TextField, str] = {
    TextField.ADDRESS: "نشانی ساختمان",
    TextField.HALL: "محل ملاقات در ساختمان",
    TextField.HOURS: "روز و ساعت کار میز خدمت",
    TextField.BRING: "چه همراه بیاورند",
    TextField.POINT: "نقطه روی نقشه",
    TextField.SEATS: "وقت‌های معمول دوشنبه",
}
HINT: dict[TextField, str] = {
    TextField.ADDRESS: "همان‌گونه که راننده پیدایش کند.",
    TextField.HALL: "ساختمان، طبقه و سالن.",
    TextField.HOURS: "برای نمونه: شنبه تا چهارشنبه، ۸ تا ۱۴",
    TextField.BRING: "در یک یا دو جمله، برای همهٔ مراجعان.",
    TextField.POINT: "دو عدد از نقشه، برای نمونه ۳۵٫۷۰۱۲۲، ۵۱٫۴۰۰۱۳. خالی هم می‌شود.",
    TextField.SEATS: "با فاصله و از زود به دیر. دوشنبه‌های بازشده عوض نمی‌شوند؛ نخستین: {day}.",
}
ASK_137 = "تأیید نشده است؛ از ۱۳۷ بپرسید"
"""In place of an address or a text that somebody has changed past the program."""
UNITS = "نام واحدها"
UNITS_WHY = "واحد حذف نمی‌شود، چون دستورها و پرونده‌ها به آن می‌رسند. نامش را می‌توان عوض کرد."
NEW_UNIT = "واحد تازه"
NEW_UNIT_HINT = "خالی بماند اگر واحد تازه‌ای نیست. پس از اجرا، مدیر سامانه برایش کارشناس می‌گذارد."
UNIT = "واحد «{name}»"
UNIT_ADDED = "واحد تازه"
FROM = "از چه روزی؟"
FROM_HINT = "اگر وقت‌های دوشنبه را عوض می‌کنید، {day} یا پس از آن."
TODAY = "امروز، {day}"
EMPTY = "خالی"

IN_FORCE = "آنچه اکنون می‌گوید"
COMING = "آنچه از {day} می‌گوید"
WAITING = "پیشنهادی که چشم دوم می‌خواهد"
WAITING_WHO = "{name}\u00a0· {when}\u00a0· اجرا از {day}"
MOVED = "جای ملاقات {day} عوض می‌شود و به {count} که نوبت دارند و به نخستین ذخیره‌ها پیام می‌رسد."
OWN_WAITS = "پیشنهاد شما نزد همکاران است. یکی از آنان باید ببیند و به اجرا بگذارد."
PUT_IN_FORCE = "اجرا از {day}"
REFUSE = "رد پیشنهاد"
REFUSE_NOTE = "چرا رد می‌شود؟"
WITHDRAW = "پس گرفتن پیشنهاد"
EDIT = "ویرایش متن‌ها"
EDIT_ANYWAY = "دیدن فرم"
EDIT_WAITS = "تا پیشنهاد بالا بررسی نشود، پیشنهاد دیگری ثبت نمی‌شود. نوشته‌تان همین‌جا می‌ماند."
COMPARE = "سنجیدن تغییرها"
CHANGES = "چه عوض می‌شود؟"
COMPARE_FIRST = "نخست متن‌ها را بنویسید و دکمهٔ «سنجیدن تغییرها» را بزنید."
BEFORE, AFTER = "پیش‌تر: ", "از این پس: "
PROPOSE = "ثبت پیشنهاد، اجرا از {day}"
PROPOSED = "پیشنهاد شما ثبت شد. یک همکار دیگر باید آن را ببیند و به اجرا بگذارد."
DONE_IN_FORCE = "این متن‌ها از {day} خوانده می‌شود."
DONE_MOVED = "این متن‌ها از {day} خوانده می‌شود. {when} پیام جای تازه می‌رود."
DONE_REFUSED = "پیشنهاد رد شد. دلیل شما در تاریخچه ماند."
DONE_WITHDRAWN = "پیشنهادتان را پس گرفتید."
HISTORY = "تاریخچه"
NO_HISTORY = "هنوز چیزی عوض نشده است."
FOUNDED = "هنگام راه‌اندازی ثبت شد."
PAST_PROPOSED = "پیشنهاد: {name}، {when}"
PAST_DECIDED = "تصمیم: {name}، {when}"
PAST_NOTE = "دلیل: {note}"

STATE: dict[TextState, str] = {
    TextState.PROPOSED: "در انتظار چشم دوم",
    TextState.APPROVED: "پذیرفته، از {day}",
    TextState.IN_FORCE: "در حال اجرا، از {day}",
    TextState.REPLACED: "جایگزین شد؛ از {day} اجرا شده بود",
    TextState.REFUSED: "رد شد",
    TextState.WITHDRAWN: "پس گرفته شد",
    TextState.UNKNOWN: "این نسخه نمی‌شناسدش",
}
