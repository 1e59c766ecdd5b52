"""The public log: what each kind of entry means, the page that finds one, and its archive."""

from publicmeeting.turns.kinds import Kind

KIND: dict[Kind, str] = {
    Kind.LOG_OPENED: "این دفتر باز شد",
    Kind.RULES_PROPOSED: "قاعده‌های تازه پیشنهاد شد",
    Kind.RULES_AGREED: "نفر دومی پیشنهاد قاعده‌ها را تأیید کرد",
    Kind.RULES_SIGNED: "شاهدی پیشنهاد قاعده‌ها را امضا کرد",
    Kind.RULES_ANNOUNCED: "قاعده‌های تازه اعلام شد",
    Kind.MONDAY_OPENED: "یک دوشنبه باز شد",
    Kind.MONDAY_CLOSED: "یک دوشنبه بسته شد",
    Kind.COMMITMENT: "رمز قرعه، مهرشده سپرده شد",
    Kind.FILED: "درخواستی ثبت شد",
    Kind.TAKEN_IN: "درخواستی وارد نوبت شد",
    Kind.TAKEN_OUT: "درخواستی از نوبت بیرون رفت",
    Kind.MONDAY_EXCLUDED: "شهروندی یک دوشنبه را کنار گذاشت",
    Kind.MONDAY_INCLUDED: "شهروندی یک دوشنبه را برگرداند",
    Kind.LINE_CLOSED: "ثبت برای یک دوشنبه بسته شد",
    Kind.FREEZE: "فهرست یک قرعه بسته شد",
    Kind.OBJECTION: "کسی به فهرست اعتراض کرد",
    Kind.REVEAL: "رمزی آشکار شد",
    Kind.REVEALS_CLOSED: "مهلت باز کردن رمزها پایان یافت",
    Kind.VALUE: "کسی عدد روز را نوشت",
    Kind.VALUE_STANDS: "عدد قرعه معلوم شد",
    Kind.DRAW: "قرعه انجام شد",
    Kind.SEAT_CONFIRMED: "نوبتی تأیید شد",
    Kind.SEAT_GIVEN_UP: "نوبتی پس داده شد",
    Kind.SEAT_LAPSED: "نوبتی بی‌پاسخ ماند",
    Kind.OFFERED: "نوبت آزادشده به نفر بعدی پیشنهاد شد",
    Kind.OFFER_ACCEPTED: "پیشنهاد پذیرفته شد",
    Kind.OFFER_REFUSED: "پیشنهاد رد شد",
    Kind.OFFER_UNANSWERED: "پیشنهاد بی‌پاسخ ماند",
    Kind.FREE_WANTED: "کسی خواست اگر نوبتی خالی شد، به او پیشنهاد شود",
    Kind.TAKEN_FREE: "نوبت بازمانده‌ای برداشته شد",
    Kind.REDIRECTED: "درخواستی به منطقهٔ دیگری رفت",
    Kind.VERIFIED: "هویت کسی با کارت یا حساب شهروندی روشن شد",
    Kind.LANE_ASKED: "کسی سهمیه خواست",
    Kind.LANE_JUDGED: "کارشناسی دربارهٔ سهمیه نظر داد",
    Kind.LANE_GRANTED: "سهمیه‌ای با نظر دو کارشناس داده شد",
    Kind.PRESENT: "کسی در سالن حاضر شد",
    Kind.STOOD_IN: "نوبت آزاد همان روز به نفر حاضر رسید",
    Kind.ARRIVAL: "پذیرش کارت کسی را دید",
    Kind.ARRIVAL_UNDONE: "پذیرش دیدن کارتی را پس گرفت؛ به اشتباه ثبت شده بود",
    Kind.NO_SHOW_UNDONE: "پذیرش «نیامد» را پس گرفت؛ به اشتباه ثبت شده بود",
    Kind.CAME_LATE: "کسی با تأخیر آمد",
    Kind.MET: "ملاقاتی انجام شد",
    Kind.MEETING_RECORDED: "آغاز، پایان و نتیجهٔ ملاقاتی نوشته شد",
    Kind.NOT_RECEIVED: "کسی را نپذیرفتند و یک نوبت به او بدهکار شدند",
    Kind.NOT_CALLED: "نوبتی بی‌پذیرش گذشت",
    Kind.MONDAY_ENDED: "ملاقات‌های یک دوشنبه به پایان رسید",
    Kind.SKIP: "کسی پیش از نفر جلوتر صدا شد",
    Kind.NO_SHOW: "کسی نیامد",
    Kind.CONTESTED: "کسی به از دست رفتن هفته‌هایش اعتراض کرد",
    Kind.CONTEST_JUDGED: "کارشناسی دربارهٔ هفته‌های ازدست‌رفته نظر داد",
    Kind.WEEKS_BACK: "هفته‌های کسی با نظر دو کارشناس برگشت",
    Kind.MONDAY_HELD: "ملاقات یک دوشنبه برگزار شد",
    Kind.MONDAY_NOT_HELD: "ملاقات یک دوشنبه برگزار نشد",
    Kind.AUDIENCE_OFF_SYSTEM: "ملاقات بیرون از سامانه شمرده شد",
    Kind.OUTAGE: "سامانهٔ شهرداری مدتی خاموش بود",
    Kind.AUDITED: "همهٔ دفتر از نو حساب شد",
    Kind.BOOKS_DIFFER: "جدول‌های شهرداری با دفتر نمی‌خواند",
}
"""What happened, without a person: everybody may read it."""

TITLE = "دفتر عمومی نوبت‌ها"
LEAD = (
    "هر اتفاقی که به نوبت‌ها مربوط است، یک سطر این دفتر است. "
    "پس از هر سطر، شهرداری همهٔ دفتر را امضا می‌کند؛ سطری که عوض یا پاک شود، با امضای پیشین نمی‌خواند."
)
FIND = "رسید شما کجای دفتر است؟"
MARK = "رسید دفتر"
MARK_HINT = "پایین رسید یا در پیامک؛ شمارهٔ پیش از خط تیره هم کافی است."
LOOK = "پیدا کردن در دفتر"
FOUND = "سطر {seq} دفتر"
FOUND_AT = "{kind}\u00a0· {at}"
SINCE = "از آن پس {count} سطر دیگر به همین دفتر افزوده شده است."
IS_NEWEST = "این تازه‌ترین سطر دفتر است."
NEWEST = "تازه‌ترین سطرها"
NEWEST_LEAD = "سطرهای تازه خودشان می‌آیند."
WHOLE = "دریافت همهٔ دفتر"
SEAL = "مهر دفتر تا این سطر"
EMPTY = "دفتر هنوز سطری ندارد."
EMPTY_WHY = "نخستین سطر با اعلام قاعده‌ها نوشته می‌شود."
BACK = "اعتبارسنجی"


# What lies in the archive of the whole public log for whoever unpacks it.

_COMMAND = "\n       python3 verify_draw.py . --lang fa\n"
_OPTIONS = "       --receipt FILE   --ticket TICKET   --key KEY\n"
_PROGRAM = "       SHA-256: {program}\n"
_ENGLISH = """\
-----------------------------------------------------------------------------

The public log of Tehran's public meetings ({origin}), up to entry {size}.

1. You need Python 3.8 or newer; no network, nothing to install.
2. In this folder (on Windows write py instead of python3):

       python3 verify_draw.py .

3. FINE: nothing was changed, left out or put in another order, and every seat
   follows from the rule. WRONG: the lines above name the entry or the draw, and why.

Also: --receipt FILE, --ticket TICKET, --key KEY, --lang fa.
Compare the SHA-256 of verify_draw.py with what witnesses say: {program}

checkpoint          what the city and witnesses signed of it
notes, note/SIZE    earlier signed notes
tile/entries/...    the entries (C2SP tlog-tiles)
draws/ID.json       lists, values and seats of each draw
reports/HASH.json   what the city's own audits found
verify_draw.py      the auditor; its rule is in docs/turns.md of the program's source
"""
_LINES = (
    "دفتر عمومی نوبت‌های دیدار با شهرداران مناطق.\n",
    "این بسته همهٔ دفتر {origin} تا سطر {size} است. فایل قرعه‌ها هم در آن هست،",
    "و برنامه‌ای که همه را از نو حساب می‌کند. نام و شمارهٔ کسی در آن نیست.\n",
    "۱. رایانه‌ای با پایتون ۳٫۸ یا تازه‌تر لازم است. اینترنت و نصب چیز دیگری لازم نیست.",
    "۲. پایانهٔ رایانه را در همین پوشه باز کنید و این فرمان را بنویسید.",
    "در ویندوز نخستین کلمهٔ فرمان را py بنویسید.",
    _COMMAND,
    "۳. اگر سطر آخر «درست» است، هیچ سطری عوض، کم یا جابه‌جا نشده است.",
    "هر نوبت هم به حکم قاعده داده شده است.",
    "اگر «نادرست» است، سطرهای بالای آن می‌گوید کدام ثبت یا قرعه و چرا.",
    "آن سطرها و همین بسته را نگه دارید. به شورای شهر، بازرسی یا روزنامه بدهید.\n",
    "رسید، نشان یا کلید شهر را هم می‌توانید در پایان فرمان بنویسید تا سنجیده شود:",
    _OPTIONS,
    "به این برنامه هم اعتماد نکنید. اثر آن باید همان باشد که شاهدان می‌گویند:",
    _PROGRAM,
    _ENGLISH,
)
README = "\n".join(_LINES)
"""`{origin}` names the log, `{size}` is its last entry, `{program}` the verifier's hash."""
