"""What a citizen may do on her own request, and what the page answers."""

from publicmeeting.domain.lifecycle.tables import AnyAction
from publicmeeting.domain.stages import Action as A  # noqa: N817  (the letter of the table)
from publicmeeting.domain.stages import OrderAction as O
from publicmeeting.text.line import lanes_text

PLACE = "منطقهٔ {district} · کد رهگیری"
SIGN_IN = "ورود"
ASKED = "پاسخ شما لازم است"
OPEN_TO_YOU = "کاری که می‌توانید بکنید"
UNTIL = "{until} پاسخ دهید."
INFO_UNTIL = "اگر {until} پاسخی نرسد، درخواست بسته می‌شود."
SEAT_BACK = (
    "نوبت {day} ساعت {time} هنوز آزاد است. اگر پس دادنش اشتباه بود، با یک دکمه دوباره برای شماست."
)
UNDO_OWED = (
    "نوبت ملاقاتتان دیگر آزاد نیست. با برگشتن، شهرداری در قرعهٔ بعد یک نوبت به شما بدهکار است."
)
DENY_OWED = (
    "این نوبت به دیگری رسیده است. اگر شما آن را پس ندادید، با یک دکمه هفته‌هایتان می‌ماند و در "
    "قرعهٔ بعد پیش از دیگران نوبت می‌گیرید."
)
DENY_WEEKS = (
    "اگر شما نوبت را پس ندادید، با یک دکمه هفته‌های انتظارتان را پس می‌گیرید. "
    "یک بار پس دادن شمرده می‌شود."
)
DENY_DEBT = (
    "اگر شما نوبت را پس ندادید، با یک دکمه دوباره پیش از دیگران نوبت می‌گیرید. "
    "یک بار پس دادن شمرده می‌شود."
)
UNDO_COSTS = "نوبت ملاقاتتان دیگر آزاد نیست. با برگشتن، یک بار پس دادن شمرده می‌شود."
UNDO_COSTS_WEEKS = (
    "نوبت ملاقاتتان دیگر آزاد نیست. با برگشتن، سومین پس دادن شمرده می‌شود و هفته‌ها از نو آغاز می‌شود."
)
UNDO_COSTS_DEBT = "نوبتی که شهرداری به شما بدهکار است نیز از میان می‌رود."
KEEPS_LIST = "اگر {until} بگویید ملاقات لازم است، در فهرست همین قرعه می‌مانید."
LEFT = "{left} برای پاسخ"
BEFORE_MEETING = "پیش از ملاقات"
WHERE = "شهرداری منطقهٔ {district}"
WAIT = "چه وقت نوبت می‌رسد؟"
WAIT_LEAD = "روز پررنگ، دوشنبهٔ مورد انتظار شماست."
MONDAYS = "کدام دوشنبه‌ها می‌توانید بیایید؟"
MONDAYS_LEAD = "روی دوشنبه‌ای که نمی‌توانید بیایید بزنید. هفته‌های انتظارتان می‌ماند."
CAN_COME, CANNOT_COME = "می‌آیم", "نمی‌آیم"
FREE = "نوبت آزاد هست"
FREE_ON = "{day}. از همهٔ فهرست ذخیره پرسیده‌ایم. ساعت را انتخاب کنید."
FREE_UNTIL = "{until} می‌شود گرفت."
FREE_TIME = "ساعت {time}"
FREE_SURE = "این ساعت همان دم برای شما می‌شود. می‌آیید؟"
FREE_TAKE = "بله، این نوبت را می‌گیرم"
PAPER_ASKED = "شهردار یا جانشین او نوشته است که روی کاغذ ملاقات شدید. درست است؟"
OFFER_HEAD_BY_PHONE = "می‌توانید در این ساعت با تلفن حرف بزنید؟"
OFFER_HEAD = "می‌توانید بیایید؟"
OFFER_WHY = "کسی نوبتش را پس داد و در فهرست ذخیره نوبت شماست. نپذیرفتن هیچ هزینه‌ای ندارد."
DECLINE_OFFER = "نه، نمی‌توانم"
LANE = "{name}: {hint}"
SEAT_OF = "شمارهٔ {number} در این دوشنبه"
ORDER_IMAGE = "تصویر دستور شهردار؛ متن آن را در «خواندن متن» بخوانید."
OF_UNIT = "{when} · {unit}"
DAYS_LEFT, LAST_DAY = "روز کاری مانده", "آخرین روز مهلت"
REPORTED = "گزارش واحد: {moment}"
WITH_PHOTOS = "{report}، با {count} عکس"
PHOTO = "عکس {at} از {count}"
FILED = "ثبت: {moment}"
OPENINGS = "{times} بار"
OPENINGS_WHY = "هر بار که کسی از شهرداری این پرونده را باز کند، همین‌جا نوشته می‌شود."
CANCEL, SENDING = "نه، برگرد", "در حال فرستادن"
TAKEN = "پاسخ شما ثبت شد."
LOG = "نشان دفتر عمومی"
RECEIPT = "رسید درخواست"
PROOF = "برگهٔ اثبات"
QR_SAYS = "رمزینهٔ کد رهگیری؛ در پذیرش نشان دهید."
STEP_FREE = "از پذیرش بخواهید ورودی بی‌پله را نشان دهد."
SIGN_LANGUAGE = "مترجم زبان اشاره خواسته‌اید."
COMPANION = "با همراه می‌آیید؛ پذیرش می‌داند."
HARD_OF_HEARING = "صدایتان نمی‌زنند؛ متصدی پذیرش پیش شما می‌آید."
LOW_VISION = "لازم نیست تابلو را ببینید؛ متصدی پذیرش پیش شما می‌آید."
BY_TELEPHONE = "ملاقات شما تلفنی است: در ساعت نوبت به شمارهٔ همراه شما زنگ می‌زنند."
GUEST = "در کنار شهردار: {name}"
ANOTHER = "پیگیری درخواست دیگر"
CHANGED = "این صفحه تازه شد: {what}"

REFUSED = "شهردار این درخواست را نپذیرفت"
REFUSED_MAY = "یک بار می‌توانید اعتراض کنید، {until}. ناظر شهر پاسخ می‌دهد."
REFUSED_OVER = "مهلت اعتراض گذشته است."
REFUSED_OBJECTED = "اعتراض شما ثبت شده است. ناظر شهر {until} پاسخ می‌دهد."
REFUSED_LATE = "اعتراض شما ثبت شده است. ناظر شهر باید {until} پاسخ می‌داد؛ این دیرکرد شهرداری است."
REFUSED_ANSWERED = "شهردار نپذیرفت و ناظر شهر به اعتراض شما پاسخ داد"
REFUSED_FINAL = "این پاسخ پایانی است."

THANKS: dict[AnyAction, str] = {
    A.GIVE_INFO: "توضیح شما ثبت شد.",
    A.OBJECT: "اعتراض شما ثبت شد.",
    A.OBJECT_REDIRECT: "اعتراض شما ثبت شد.",
    A.OBJECT_REFUSAL: "اعتراض شما ثبت شد.",
    A.CONTEST_NO_SHOW: "اعتراض شما ثبت شد.",
    A.ASK_LANE: "درخواست سهمیه ثبت شد.",
    A.WITHDRAW: "انصراف شما ثبت شد.",
    A.UNDO: "درخواست برگشت.",
    A.UNDO_GIVE_UP: "نوبت برگشت.",
    A.DENY_GIVE_UP: "گفتهٔ شما ثبت شد.",
    A.COMING: "به پذیرش گفتیم.",
    O.TELL_UNIT: "پاسخ شما به واحد رسید.",
    O.ASK_NEWS: "پرسش شما ثبت شد.",
    O.REOPEN: "باز کردن دوباره ثبت شد.",
    O.COMMENT: "نوشتهٔ شما به واحد رسید.",
}
"""What has been done, where it was not an answer (`TAKEN`)."""

LEAD: dict[AnyAction, str] = {
    A.GIVE_INFO: "آنچه کارشناس خواسته است این‌جا بنویسید.",
    A.OBJECT: "بنویسید چرا این کار با شهرداری است. کارشناس دیگری تصمیم می‌گیرد.",
    A.OBJECT_REDIRECT: "بنویسید چرا این درخواست باید در منطقهٔ پیشین بماند.",
    A.OBJECT_REFUSAL: "بنویسید چرا پاسخ شهردار را نمی‌پذیرید. ناظر شهر پاسخ می‌دهد.",
    A.CONTEST_NO_SHOW: (
        "بنویسید آن روز چه شد، بدون نام و شمارهٔ خود. دو کارمند از دو واحد، بی آنکه نام شما را "
        "ببینند، تا پنج روز کاری نظر می‌دهند. اگر هر دو موافق باشند، هفته‌ها را پس می‌گیرید."
    ),
    A.INSIST: "بنویسید چرا با این پاسخ، ملاقات هنوز لازم است.",
    A.ACCEPT_ANSWER: "پرونده با همین پاسخ بسته می‌شود و ملاقاتی در کار نیست.",
    A.SAY_MET: (
        "پس از این در نوبت ملاقات نیستید و نوبتی که دارید آزاد می‌شود. این کار برگشت ندارد. "
        "اگر ملاقات نشدید، کاری نکنید: جای شما همان است."
    ),
    A.GIVE_UP_SEAT: "نوبت به نفر بعدی می‌رسد و شما در نوبت انتظار می‌مانید.",
    A.MOVE_ONCE: "این نوبت به نفر بعدی می‌رسد و هفته‌های انتظارتان می‌ماند. "
    "نوبت تازه با قرعه است و از پیش نگه داشته نمی‌شود.",
    A.ASK_LANE: lanes_text.HOW,
    A.WITHDRAW: "درخواست بسته می‌شود و هفته‌های انتظارش از میان می‌رود.",
    O.TELL_UNIT: "واحد از شما پرسیده است. تا پاسخ شما، مهلت واحد ایستاده است.",
    O.ASK_NEWS: "بنویسید چه می‌خواهید بدانید. واحد تا پنج روز کاری پاسخ می‌دهد.",
    O.CONTEST: "بنویسید چه مانده است و اگر شد عکس بفرستید. دستور دوباره باز می‌شود.",
    O.REOPEN: "بنویسید چه شده است. تا پنج روز کاری دربارهٔ آن تصمیم می‌گیرند.",
    O.COMMENT: "شهردار و واحد این نوشته را می‌خوانند. مهلت را عوض نمی‌کند.",
}
"""Over the form of a step: what it does and what she is asked to write."""

BUTTON: dict[AnyAction, str] = {
    A.GIVE_INFO: "فرستادن توضیح",
    A.OBJECT: "ثبت اعتراض",
    A.OBJECT_REDIRECT: "ثبت اعتراض",
    A.OBJECT_REFUSAL: "ثبت اعتراض",
    A.CONTEST_NO_SHOW: "ثبت اعتراض",
    A.INSIST: "خواستن ملاقات",
    A.ACCEPT_ANSWER: "پذیرفتن پاسخ و بستن پرونده",
    A.SAY_MET: "بله، روی کاغذ ملاقات شدم",
    A.GIVE_UP_SEAT: "پس دادن نوبت",
    A.MOVE_ONCE: "جابه‌جا کردن نوبت",
    A.ASK_LANE: lanes_text.SEND,
    A.WITHDRAW: "انصراف می‌دهم",
    O.TELL_UNIT: "فرستادن پاسخ",
    O.ASK_NEWS: "پرسیدن از واحد",
    O.CONTEST: "ثبت «انجام نشد»",
    O.REOPEN: "باز کردن دوباره",
    O.COMMENT: "فرستادن نوشته",
}
"""The verb at the form's foot."""

OPENER: dict[AnyAction, str] = {
    A.ASK_LANE: lanes_text.ASK,
    O.COMMENT: "نوشتن برای واحد",
    A.OBJECT: "اعتراض می‌کنم",
    A.INSIST: "ملاقات لازم است",
    A.SAY_MET: "بله، ملاقات شدم",
    A.ACCEPT_ANSWER: "پاسخ را می‌پذیرم",
}
"""Where the button that opens the form has a word of her own; else the table's verb."""

OWN: dict[AnyAction, str] = {
    A.INSIST: "ملاقات خواستید",
    A.GIVE_INFO: "توضیح شما رسید",
    A.ASK_LANE: "سهمیه خواستید",
    A.CONFIRM: "گفتید می‌آیید",
    A.SAY_MET: "گفتید روی کاغذ ملاقات شدید",
    A.CALL: "شما را صدا زدند",
    A.FETCH: "پذیرش سراغ شما آمد",
    A.COMING: "گفتید دارید می‌آیید",
    A.PRESENT: "گفتید در سالن هستید",
    A.GIVE_UP_SEAT: "نوبت را پس دادید",
    A.MOVE_ONCE: "نوبت را جابه‌جا کردید",
    A.WITHDRAW: "از درخواست انصراف دادید",
    A.UNDO: "درخواست را به نوبت برگرداندید",
    A.UNDO_GIVE_UP: "نوبت را پس گرفتید",
    A.DENY_GIVE_UP: "گفتید پس دادن نوبت کار شما نبود",
    A.CORRECT_NAME: "نام خود را تصحیح کردید",
    A.ERASE: "متن و عکس‌ها به خواست شما پاک شد",
    O.ASK_CITIZEN: "واحد از شما پرسید",
    O.TELL_UNIT: "پاسخ شما به واحد رسید",
    A.SAY_HEARD: "دربارهٔ ملاقات پاسخ دادید",
    O.SAY_DONE: "پس از مهلت از وضع کار گفتید",
    O.ASK_NEWS: "از وضع کار پرسیدید",
    O.CONFIRM_DONE: "گفتید کار انجام شد",
    O.CONTEST: "گفتید کار انجام نشد",
    O.REOPEN: "کار را دوباره باز کردید",
}
"""Titles of past steps where the page speaks to the one who took them."""

OFFER_REFUSED = "پیشنهاد نوبت را نپذیرفتید"
OFFER_REFUSED_MEANING = "چیزی از شما کم نشد. در نوبت انتظار می‌مانید."
"""Instead of a seat given up, where it was an offer."""

NOTE: dict[AnyAction, str] = {
    A.GIVE_UP_SEAT: "چرا؟ (اختیاری)",
    A.WITHDRAW: "چرا؟ (اختیاری)",
    O.CONTEST: "چه مانده است؟",
    O.REOPEN: "چه شده است؟",
    O.ASK_NEWS: "پرسش شما",
    O.TELL_UNIT: "پاسخ شما",
}

PHOTOS: dict[AnyAction, str] = {A.ASK_LANE: lanes_text.DOCUMENT_HINT}
"""Over the sender of pictures, where they are not just any."""

# Her Monday is not held.
IS_OFF = "ملاقات {day} برگزار نمی‌شود{why}."
WAS_OFF = "ملاقات {day} برگزار نشد{why}."
STAY_AWAY = "نیایید."
NOT_RUNG = "به شما زنگ نمی‌زنیم."
OWED = "یک نوبت به شما بدهکاریم: در قرعهٔ بعدی پیش از همه نوبت می‌گیرید و لازم نیست کاری کنید."

HALL_HEAD = "در سالن هستید؟"
HALL_LEAD = "پنج رقم روی نمایشگر سالن را این‌جا بنویسید تا حضورتان در دفتر عمومی ثبت شود."
HALL_SEATED = "پس از آن کسی نمی‌تواند بنویسد نیامدید. سپس کارت شناسایی را به پذیرش نشان دهید."
HALL_STANDBY = "نوبت آزاد، ده دقیقه پیش از شروع، به نخستین نفر حاضر فهرست ذخیره می‌رسد."
HALL_EARLY = "از ساعت {time} می‌توانید بگویید که رسیده‌اید."
HALL_EARLY_LEAD = "در آن ساعت، کد نمایشگر سالن را همین‌جا بنویسید یا رمزینه‌اش را بخوانید."
HALL_LATE = "همین حالا به پذیرش بروید."
HALL_LATE_LEAD = "وقت ثبت با کد سالن گذشته است. کارت شناسایی را نشان دهید تا آمدنتان ثبت شود."
HALL_CODE = "کد سالن"
HALL_SEND = "در سالن هستم"
HALL_NO_PHONE = "اگر نشد، کارت را به پذیرش نشان دهید تا او ثبت کند."
HALL_NOTED = "حضور شما از ساعت {time} ثبت است."
HALL_NOTED_SEATED = "کارت شناسایی را به پذیرش نشان دهید و بنشینید تا شماره‌تان را بخوانند."
HALL_NEXT = (
    "نفر {place} فهرست ذخیره‌اید. ساعت {time} معلوم می‌شود نوبت آزاد بعدی به شما می‌رسد یا نه. "
    "همین صفحه و پیامک خبر می‌دهند."
)
HALL_NONE_FREE = (
    "نفر {place} فهرست ذخیره‌اید و اکنون نوبت آزادی نیست. اگر نوبتی آزاد شود، در همان ربع ساعت "
    "معلوم می‌شود؛ تا ساعت {until}. همین صفحه و پیامک خبر می‌دهند."
)
STATUS_OUTSIDE = "تا شناسایی شما در فهرست قرعه نیستید"
STATUS_OUTSIDE_MEANS = (
    "دو بار نوبت داشتید و نیامدید. با کارت شناسایی به میز خدمت هر منطقه بروید "
    "یا با ورود یکپارچهٔ شهر وارد شوید. از فهرست بعدی دوباره در قرعه هستید."
)
STATUS_NEEDS_INFO = "تا پاسخ ندهید در قرعه نیستید"
STATUS_NEEDS_INFO_LINE = (
    "کارشناس چیزی از شما خواسته است. برای قرعهٔ این هفته، آن را {until} بفرستید."
)
STATUS_NEEDS_INFO_DUE = "کارشناس چیزی از شما خواسته است. آن را {until} بفرستید."
STATUS_DECLINED = "کارشناس این درخواست را رد کرد"
STATUS_REDIRECTED = "درخواست شما از منطقهٔ {from_district} به منطقهٔ {to_district} رفت"
STATUS_REDIRECTED_DUE = "کارشناس منطقهٔ {district} {until} پاسخ می‌دهد."
STATUS_REPORTED = "گزارش کار رسید و پاسخ شما لازم است"
STATUS_REPORTED_MEANS = "گزارش را بخوانید و {until} بگویید کار انجام شد یا نه."
STATUS_UNIT_ASKS = "واحد مسئول از شما پرسشی دارد"
STATUS_UNIT_ASKS_MEANS = "آن را بخوانید و پاسخ دهید تا کار پیش برود."
STATUS_NOT_HELPED = "شهردار در ملاقات این درخواست را نپذیرفت"
STATUS_NOT_HELPED_WHY = "دلیل او: {why}"
STATUS_NOT_DRAWN = "در قرعهٔ {day} نوبت به شما نرسید"
STATUS_FIRST_STANDBY = "نخستین نفر فهرست ذخیره‌اید. اگر جایی خالی شود، پیامک می‌آید."
STATUS_STANDBY = (
    "نفر {place} فهرست ذخیره‌اید، از {standbys}. اگر جایی خالی شود و به شما برسد، پیامک می‌آید."
)
STATUS_NO_STANDBY = "در نوبت انتظار می‌مانید و هفته‌های انتظارتان بیشتر شد."
