"""The administrator's list of officials, and the page of one of them."""

from datetime import date

from publicmeeting.domain.officials.audit import AccountEventKind as K
from publicmeeting.domain.officials.audit import PasswordBy
from publicmeeting.domain.officials.invitations import DecisionKind, OfficialState
from publicmeeting.domain.roles import Role, Term
from publicmeeting.kit.digits import persian
from publicmeeting.kit.jalali import day_words
from publicmeeting.text.lifecycle import roles_text

TITLE = "کارکنان"
OVERDUE = "مهلت {count} اعتراض گذشته و ناظر شهر پاسخ نداده است. اگر نیست، نقش را به دیگری هم بدهید."
UNHELD = (
    "برای {day} در منطقهٔ {districts} شهردار فعالی نیست و جانشینی هم برای آن روز انتخاب نشده است. "
    "تا شهرداری ثبت نشود، کسی صدا زده نمی‌شود."
)
NO_RECEPTION = (
    "برای {day} در منطقهٔ {districts} پذیرش کارمند فعالی ندارد. "
    "تا یکی ثبت نشود، آمدن کسی ثبت نمی‌شود."
)
UNSENT = (
    "{count} پیام برای شهروندان فرستاده نشده است و دوباره فرستاده می‌شود. "
    "اعتبار و قرارداد درگاه پیامک را ببینید."
)
UNREAD = (
    "این واحدها کارمند فعالی ندارند: {units}. "
    "تا نقش واحد به کسی داده نشود، این دستورها دیده نمی‌شود."
)
UNREAD_UNIT = "{unit} منطقهٔ {district} ({count} دستور)"
AND = " و "
LEAD = "هر کس با لینک خود می‌آید و گذرواژه‌اش را خودش انتخاب می‌کند. هر تغییر این‌جا می‌ماند."
SEARCH = "جست‌وجوی نام، نام کاربری یا واحد"
BY_ROLE, ANY_ROLE = "نقش", "همهٔ نقش‌ها"
BY_STATE = "وضع حساب"
NONE, NONE_WHY = "کسی با این نشانه‌ها نیست.", "نام را کوتاه‌تر بنویسید یا همه را نشان دهید."
NO_ROLE_TODAY = "امروز نقشی ندارد"
NO_ROLE = "هنوز نقشی ندارد"
LINK_UNTIL, LINK_OVER = "لینک تا {until}", "لینک باز ندارد"
WAITS = "در انتظار مدیر دوم"
IMPORT = "چند نفر با هم، از فایل CSV"

STATE: dict[OfficialState, str] = {
    OfficialState.ACTIVE: "فعال",
    OfficialState.INVITED: "دعوت‌شده",
    OfficialState.SUSPENDED: "معلق",
    OfficialState.ENDED: "پایان‌یافته",
}

INVITE = "دعوت یک همکار"
INVITE_LEAD = "پس از دعوت یک لینک ساخته می‌شود که یک بار و تا ۳ روز باز است."
NAME, USERNAME, USERNAME_HINT = "نام و نام خانوادگی", "نام کاربری", "حرف لاتین و رقم، مانند nasrin"
MOBILE, MOBILE_HINT = (
    "موبایل (اختیاری)",
    ("خبر هر تغییر حساب و لینک به آن پیامک می‌شود؛ لینک مدیر و ناظر نه."),
)
ROLE, CHOOSE_ROLE = "نقش", "نقش را انتخاب کنید"
DISTRICT, CHOOSE_DISTRICT = "منطقه", "بی منطقه؛ همهٔ شهر"
UNIT, NO_UNIT = "واحد، برای نقش «واحد مسئول»", "بی واحد"
FROM, UNTIL = "از روز (اختیاری)", "تا پایان روز (اختیاری)"
DAY_HINT = "مانند ۱۴۰۵/۱۲/۲۹؛ خالی یعنی بی مرز"
TWO_HINT = "نقش شهردار، ناظر شهر و مدیر سامانه را مدیر دیگری هم باید بپذیرد."
DO_INVITE = "ساختن حساب و لینک"

LINK = "لینک {name}"
LINK_LEAD = "فقط همین یک بار نشان داده می‌شود. آن را تنها به خود او برسانید؛ تا ۳ روز باز است."
COPY, COPIED, HIDE = "رونوشت لینک", "رونوشت شد", "پنهان کردن لینک"
PROPOSED = "پیشنهاد شد و در انتظار مدیر دیگری است."
CHANGED = "انجام شد."
ROLE_ENDED = "گرفته شد: {role}. اگر اشتباه بود، همان را در «نقش دیگر» دوباره بدهید."

PROPOSALS = "در انتظار مدیر دوم"
PROPOSAL = "پیشنهاد {by} برای {name}، تا {until}"
AGREE, REJECT, TAKE_BACK = "پذیرفتن پیشنهاد", "رد پیشنهاد", "پس گرفتن پیشنهاد"
OWN = "پیشنهاد خودتان است؛ مدیر دیگری باید بپذیرد."
ABOUT_YOU = "دربارهٔ حساب خود شماست؛ مدیر دیگری باید بپذیرد."
HANDS_OVER = "با پذیرش شما گذرواژه، ورود دومرحله‌ای و نشست‌های کنونی این حساب از کار می‌افتد."
YOU_BRING = "لینک تازه را فقط شما می‌بینید و پیامک نمی‌شود. خودتان آن را به خود او برسانید."
LAST_LINK, NO_LINK = "آخرین لینک: {when}، {by}", "هنوز لینکی برای این حساب ساخته نشده است."
PASSWORD_BY: dict[PasswordBy, str] = {
    PasswordBy.INVITATION: "گذرواژهٔ کنونی: {when}، با لینک",
    PasswordBy.OWNER: "گذرواژهٔ کنونی: {when}، به دست خودش پس از ورود",
    PasswordBy.COMMAND_LINE: "گذرواژهٔ کنونی: {when}، در سرور",
}
LAST_MOBILE = "موبایل حساب: {when}، {by}"
LAST_RESET = "ورود دومرحله‌ای برداشته شد: {when}، {by}"

WHAT: dict[DecisionKind, str] = {
    DecisionKind.GIVE_ROLE: "نقش {role}، {days}",
    DecisionKind.NEW_LINK: "لینک تازه برای گذرواژه؛ گذرواژهٔ کنونی از کار می‌افتد",
    DecisionKind.NEW_SECOND_STEP: (
        "ورود دومرحله‌ای از نو؛ گوشی، برگه و کلیدهای کنونی از کار می‌افتد. یک روز پس از پیشنهاد "
        "پذیرفته می‌شود"
    ),
}

BACK = "همهٔ کارکنان"
ROLES, NO_ROLES = "نقش‌ها", "نقشی ندارد."
DEPUTIES = "جانشین‌ها"
END_ROLE, END_ROLE_SURE = "گرفتن این نقش", "این نقش همین حالا از او گرفته شود؟"
DATES = "روز پایان یک نقش"
LAST_DAY, DO_DATE = "تا پایان روز", "ثبت روز پایان"
WHICH = "کدام نقش"
GIVE, DO_GIVE = "نقش دیگر", "دادن این نقش"
ACCOUNT = "حساب"
MOBILE_NOW, NO_MOBILE, DO_MOBILE = "موبایل: {mobile}", "موبایلی ثبت نشده است.", "ثبت موبایل"
NEW_LINK, RESET = "لینک تازه", "گذرواژهٔ تازه با لینک"
RESET_SURE = (
    "گذرواژه و همهٔ نشست‌های او همین حالا از کار می‌افتد، و کلیدهایی که تنها با گذرواژه افزوده شده‌اند "
    "هم. لینک تازه ساخته شود؟"
)
LOST = "گوشی و برگه را گم کرده"
LOST_SURE = (
    "مدیر دیگری پس از یک روز باید بپذیرد. همین حالا به او خبر می‌دهیم و اگر وارد شود لغو می‌شود. "
    "پیشنهاد شود؟"
)
SUSPEND, SUSPEND_SURE = "تعلیق", "همین حالا از همهٔ دستگاه‌ها بیرون می‌رود. معلق شود؟"
LIFT = "برداشتن تعلیق"
END, END_SURE = "پایان حساب", "حساب برای همیشه بسته می‌شود. آن را ببندیم؟"
HISTORY, NOTHING_YET = "چه شده است", "هنوز چیزی عوض نشده است."
BY, BY_SERVER, BY_OWNER = "به دست {name}", "در سرور", "به دست خودش"
OWN_ACCOUNT = "این حساب خود شماست."

_EVENT: dict[K, str] = {
    K.ADDED: "حساب ساخته شد",
    K.INVITED: "لینک گذرواژه ساخته شد",
    K.INVITATION_USED: "لینک باز و استفاده شد",
    K.PASSWORD_CHANGED: "گذرواژه عوض شد",
    K.ROLES_CHANGED: "نقش‌ها عوض شد",
    K.MOBILE_CHANGED: "موبایل حساب عوض شد",
    K.SUSPENDED: "حساب معلق شد",
    K.LIFTED: "تعلیق برداشته شد",
    K.ENDED: "حساب پایان یافت",
    K.SESSIONS_ENDED: "نشست‌ها بسته شد",
    K.PROPOSED: "پیشنهادی برای مدیر دوم نوشته شد",
    K.AGREED: "مدیر دوم پذیرفت",
    K.REJECTED: "پیشنهاد رد یا پس گرفته شد",
    K.SECOND_STEP_ON: "ورود دومرحله‌ای راه افتاد",
    K.SECOND_STEP_OFF: "ورود دومرحله‌ای خاموش شد",
    K.RECOVERY_CODES_MADE: "کدهای بازیابی تازه ساخته شد",
    K.RECOVERY_CODE_USED: "با کد بازیابی وارد شد",
    K.PASSKEY_ADDED: "کلید دستگاه افزوده شد",
    K.PASSKEY_REMOVED: "کلید دستگاه برداشته شد",
    K.DEVICE_REMEMBERED: "دستگاهی به یاد سپرده شد",
    K.DEVICE_FORGOTTEN: "دستگاهی فراموش شد",
    K.SECOND_STEP_RESET: "ورود دومرحله‌ای برداشته شد تا از نو راه بیفتد",
    K.AUDIT_SEARCHED: "در این دفتر جست‌وجو کرد",
    K.AUDIT_EXPORTED: "جدول این دفتر را برداشت",
    K.OFFICE_ACT: "کاری در سمت خود کرد",
    K.CITIZEN_REACHED: "موبایل یک شهروند عوض شد",
    K.CITIZEN_STANDS: "موبایل یا اثبات هویت یک شهروند عوض شد",
    K.UNKNOWN: "کاری که این نسخه نمی‌شناسد",
}
"""Of the page of one official, and of her own account."""

GRANTED, TAKEN, DATED = "داده شد: {role}، {days}", "گرفته شد: {role}", "{role}، {days}"


def event_words(kind: K) -> str:
    """What happened, in a few words."""
    return _EVENT[kind]


# A role with its place and its days in words, wherever an official's roles are read.

_IN_DISTRICT, _IN_UNIT = "{role} منطقهٔ {district}", "واحد {unit}، منطقهٔ {district}"
_FROM, _UNTIL, _ONE_DAY = "از {day}", "تا پایان {day}", "فقط {day}"
_ALWAYS, _OVER = "بدون روز پایان", "تمام شد: {day}"


def role_words(role: Role, district: int, unit: str = "") -> str:
    """«میز خدمت منطقهٔ ۶», «واحد فنی و عمران، منطقهٔ ۶», «ناظر شهر»."""
    if unit:
        return _IN_UNIT.format(unit=unit, district=persian(district))
    if not district:
        return roles_text.ROLE[role]
    return _IN_DISTRICT.format(role=roles_text.ROLE[role], district=persian(district))


def days_words(term: Term, today: date) -> str:
    """«از شنبه ۱ آذر ۱۴۰۵ تا پایان …»; «بدون روز پایان» where nothing limits it."""
    first, last = term.from_on, term.until_on
    if last is not None and last < today:
        return _OVER.format(day=day_words(last))
    if first is not None and first == last:
        return _ONE_DAY.format(day=day_words(first))
    parts = [_FROM.format(day=day_words(first))] if first and first > today else []
    parts += [_UNTIL.format(day=day_words(last))] if last else []
    return "، ".join(parts) or _ALWAYS


# Several officials from one table: the file, a preview, what is wrong in it, the links.

IMPORT_TITLE = "چند همکار از یک فایل"
IMPORT_LEAD = (
    "فایل CSV با سطر نخست زیر. هر همکار یک سطر است، تا {limit} سطر. نخست نشان می‌دهیم چه ساخته "
    "می‌شود؛ تا همهٔ سطرها درست نباشد هیچ حسابی ساخته نمی‌شود. سطر کسی را که نیست پاک کنید."
)
IMPORT_FORM = "فایل خالی همهٔ شهر"
IMPORT_FILE, IMPORT_LOOK = "فایل CSV", "دیدن نتیجه"
IMPORT_BACK = "کارکنان"
IMPORT_CAN = "{count} حساب ساخته می‌شود: {roles}."
IMPORT_ONE_ROLE = "{count} {role}"
IMPORT_BAD = "{bad} سطر درست نیست و این بار حسابی ساخته نشد."
IMPORT_BAD_ROW = "سطر {line}"
IMPORT_MEND = "این سطرها را در فایل درست کنید و همان فایل را دوباره بفرستید."
IMPORT_MORE = "و {count} سطر دیگر"
IMPORT_MAKE = "ساختن {count} حساب"
IMPORT_MADE = "{count} حساب ساخته شد."
IMPORT_KEEP = "فایل لینک‌ها را همین حالا نگه دارید: دوباره نشان داده نمی‌شود و هر لینک ۳ روز باز است."
IMPORT_KEEP_THEN = (
    "هر لینک را تنها به صاحبش برسانید و فایل را پاک کنید. لینک گم‌شده را تکی دوباره بسازید."
)
IMPORT_DOWNLOAD = "نگه داشتن فایل لینک‌ها"
IMPORT_AGAIN = "فرستادن دوبارهٔ فایل"
IMPORT_WAITS = "{count} حساب تا موافقت مدیر دیگر لینکی ندارد. به او خبر دهید."
IMPORT_AGREED_FIRST = "پس از موافقت مدیر دیگر"
"""In the place of a link, which the other administrator then reads."""
IMPORT_HEADS = ("username", "name", "role", "link")
IMPORT_COLUMNS = "شمار ستون‌ها {columns} است و باید {wanted} باشد."

IMPORT_FAULT: dict[str, str] = {
    "username": "نام کاربری ندارد.",
    "name": "نام ندارد.",
    "role": "نقش یکی از این‌ها نیست: desk، reception، mayor، deputy، unit، phone.",
    "number": "منطقه عدد نیست.",
    "needs_unit": "نقش unit واحد می‌خواهد، مانند فایل خالی همهٔ شهر.",
    "no_unit": "فقط نقش unit واحد دارد.",
    "no_district": "این نقش برای همهٔ شهر است و منطقه ندارد.",
    "needs_district": "این نقش منطقه می‌خواهد.",
}
"""By `RowFault` of the table, but for the number of columns."""
IMPORT_REFUSED: dict[str, str] = {
    "district_unknown": "منطقه عددی از ۱ تا ۲۲ است.",
    "unit_unknown": "چنین واحدی در شهر نیست. ستون unit را مانند فایل خالی همهٔ شهر بنویسید.",
}
"""By key of a refusal whose own sentence speaks of a form with a list."""
