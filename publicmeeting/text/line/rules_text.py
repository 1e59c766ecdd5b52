"""The rules of the line in plain words: each rule, and what a new version changes."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from publicmeeting.domain.choices import Lane, Prefers
from publicmeeting.kit.digits import persian
from publicmeeting.kit.hashing import canonical_json
from publicmeeting.kit.jalali import weekday_name
from publicmeeting.text.common import dates_text
from publicmeeting.text.lifecycle.needs_text import LANE, PREFERS
from publicmeeting.text.line.witness_text import party_name
from publicmeeting.turns.rules.weaker import Weaker

TITLE = "قاعده‌های نوبت"
LEAD = "این قاعده‌ها از پیش اعلام می‌شود و برای همهٔ منطقه‌ها یکی است."
IN_FORCE = "قاعده‌های این هفته"
COMING = "قاعده‌های آینده"
SINCE = "نسخهٔ {version}، از {day}"
ANNOUNCED = "اعلام شد: {day}"
HASH = "نشان نسخه"
HASH_WHY = "این نشان در دفتر عمومی و در فایل هر قرعه هست. یک حرف هم عوض شود، نشان عوض می‌شود."
WHOLE = "همهٔ قاعده‌های این نسخه"
KEYS = "شاهدان و کلیدهایشان، برای حساب‌رس"
EXACT = "متنی که نشان از آن ساخته شده است"
CHANGES = "چه عوض می‌شود؟"
CHANGED = "نسبت به نسخهٔ {version} چه عوض شد؟"
BEFORE, AFTER = "پیش‌تر: ", "از این پس: "
NO_COMING = "تغییری اعلام نشده است. هر تغییر دست‌کم ۱۴ روز پیش از اجرا همین‌جا می‌آید."
OPEN_PROPOSAL = "پیشنهادی که هنوز در اجرا نیست"
OPEN_PROPOSED = "پیشنهاد شد: {day}، ثبت {seq} دفتر عمومی"
OPEN_NEEDS = "اگر نفر دوم، مدیر دیگری یا ناظر شهر، {until} آن را تأیید کند، اعلام می‌شود."
OPEN_SIGNED = "شاهدانی که آن را امضا کرده‌اند: {names}"
OPEN_UNSIGNED = (
    "هنوز هیچ شاهدی آن را امضا نکرده است. اگر بی‌امضا اعلام شود، هر بازرسی آن را نام می‌برد."
)
EARLIER = "نسخه‌های پیشین"
NOT_YET = "هنوز قاعده‌ای اعلام نشده است"
NOT_YET_WHY = "با گشایش سامانه، قاعده‌ها همین‌جا می‌آید."
_ABSENT = "نیست"

LANES = "سهمیه‌ها تا پایان هفتهٔ پیش"
LANES_LEAD = (
    "دو کارشناس از دو واحد، بی‌آنکه نام را ببینند، دربارهٔ هر مدرک نظر می‌دهند. روز ملاقات پذیرش اصل "
    "مدرک را کنار کارت می‌بیند."
)
LANES_NONE = "تا پایان هفتهٔ پیش کسی سهمیه نخواسته بود."
LANE_HEADS = ("منطقه و سهمیه", "خواسته شد", "داده شد", "داده نشد", "در انتظار", "دیر شده")
LANES_SUM = "در همهٔ شهر {asked} بار خواسته شد ({desks} بار در میز خدمت) و {granted} بار داده شد."
ORIGINALS = "اصل مدرک در روز ملاقات"
ORIGINALS_SUM = "با سهمیه {came} نفر آمدند و اصل مدرک {seen} نفر دیده شد."
ORIGINAL_HEADS = ("منطقه و سهمیه", "آمدند", "اصل مدرک دیده شد", "دیده نشد")
LANES_UNREAD = "{count} درخواست سهمیه خوانده نشد و در این شمارها نیست."
BY_DISTRICT = "منطقه به منطقه"
LANE_ROW = "منطقهٔ {district}، {lane}"

LATE_VALUE = "عددی که قرعه با آن انجام می‌شود"
LATE_KIND: dict[str, str] = {
    "published": "شاخص کل بورس تهران، بخش صحیح",
    "dice": "ده تاس جلوی دوربین",
}
_LATE_VALUE_LABEL = "{kind}، در {days}؛ نخستین روزی که معامله‌اش پس از باز شدن رمزها آغاز شود"
_SESSION = "آغاز معامله در روز عدد"
_WEEKDAY = {
    "wed": "چهارشنبه",
    "thu": "پنجشنبه",
    "fri": "جمعه",
    "sat": "شنبه",
    "sun": "یکشنبه",
}

MOMENT: dict[str, str] = {
    "opens": "باز شدن دوشنبه",
    "filing_closes": "پایان ثبت برای این دوشنبه",
    "freeze": "بسته شدن فهرست قرعه",
    "objections_until": "پایان اعتراض به فهرست",
    "reveals_from": "باز شدن رمزها",
    "reveals_until": "پایان باز کردن رمزها",
    "value_from": "نوشتن عدد از ساعت",
    "value_until": "نوشتن عدد تا ساعت",
    "answer_by": "پایان مهلت پاسخ به نوبت",
    "standby_until": "پایان نوبت‌های ذخیره",
}

_OF_KEYS = frozenset({"witnesses", "log"})
_SOME_MONDAY = date(2026, 11, 30)


def rule_words(body: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    """Key of each rule → its name and what it says; one we have no words for as it is written."""
    known = {
        **{f"lanes.{name}": (_lane(name), _seats(n)) for name, n in body["lanes"].items()},
        **{f"windows.{name}": (_window(name), _between(*w)) for name, w in body["windows"].items()},
        "slot_minutes": ("زمان هر ملاقات", dates_text.minutes(body["slot_minutes"])),
        **{
            f"week.{name}": (MOMENT.get(name, name), moment_words(**body["week"][name]))
            for name in sorted(body["week"], key=_place)
        },
        "offers": ("مهلت پاسخ به نوبت آزادشده", _offers(body["offers"])),
        **_late_value(body.get("late_value", {})),
        **_witnesses(body.get("witnesses", [])),
        **_log(body.get("log", {})),
    }
    described = {"version", "lanes", "windows", "slot_minutes", "week", "offers", "late_value"}
    described |= {"witnesses", "log"}
    others = {key: (key, canonical_json(body[key])) for key in sorted(set(body) - described)}
    return {**known, **others}


def is_for_auditors(key: str) -> bool:
    """Whether what a rule says is keys, which a program reads and nobody else."""
    return key.partition(".")[0] in _OF_KEYS


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Name of each rule that differs, its old and its new value, in the order of the rules."""
    was, now = rule_words(before), rule_words(after)
    names = {
        **{key: name for key, (name, _) in was.items()},
        **{key: name for key, (name, _) in now.items()},
    }
    pairs = ((key, was.get(key, ("", _ABSENT))[1], now.get(key, ("", _ABSENT))[1]) for key in names)
    return [(names[key], old, new) for key, old, new in pairs if old != new]


def _witnesses(listed: Sequence[Mapping[str, str]]) -> dict[str, tuple[str, str]]:
    """Each by its name, so that a change of its key shows as one."""
    return {
        f"witnesses.{witness['party']}": (
            _WITNESS.format(name=party_name(witness["party"])),
            _WITNESS_LABEL.format(
                org=dates_text.in_order(witness["org"]), key=dates_text.in_order(witness["vkey"])
            ),
        )
        for witness in listed
    }


def _log(log: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    """Its keys too are named in a draw's rules: whoever changes one is seen."""
    if not log:
        return {}
    return {
        "log.origin": (_LOG, dates_text.in_order(log["origin"])),
        "log.keys": (_LOG_KEYS, "، ".join(map(dates_text.in_order, log["keys"]))),
    }


def _late_value(late: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    if not late:
        return {}
    kind = LATE_KIND.get(late["kind"], late["kind"])
    days = " یا ".join(_WEEKDAY.get(day, day) for day in late["days"])
    return {
        "late_value": (LATE_VALUE, _LATE_VALUE_LABEL.format(kind=kind, days=days)),
        "late_value.session": (_SESSION, f"ساعت {dates_text.clock(late['session'])}"),
        "late_value.source": ("جایی که عدد از آن است", late["source"]),
    }


def moment_words(at: str, days_before: int | None = None) -> str:
    """«سه‌شنبه، ۶ روز پیش از ملاقات، ساعت ۱۲:۰۰», or «پایان شنبه، ۹ روز پیش از ملاقات»."""
    if days_before is None:
        return f"ساعت {dates_text.clock(at)}"
    day = weekday_name(_SOME_MONDAY - timedelta(days=days_before))
    ahead = f"{dates_text.days(days_before)} پیش از ملاقات" if days_before else "روز ملاقات"
    if at == "24:00":
        return f"پایان {day}، {ahead}"
    return f"{day}، {ahead}، ساعت {dates_text.clock(at)}"


def _place(moment: str) -> tuple[int, str]:
    """The moments of a week in their order; one we do not know comes last."""
    known = list(MOMENT)
    return (known.index(moment) if moment in known else len(known), moment)


def _lane(name: str) -> str:
    return LANE[Lane(name)] if name in list(Lane) else name


def _seats(n: int) -> str:
    return f"{persian(n)} نوبت در هر دوشنبه" if n else _ABSENT


def _window(name: str) -> str:
    return f"«{PREFERS[Prefers(name)]}»" if name in list(Prefers) else name


def _between(start: str, end: str) -> str:
    if start == "00:00":
        return f"تا ساعت {dates_text.clock(end)}"
    if end == "24:00":
        return f"از ساعت {dates_text.clock(start)}"
    return dates_text.hours(start, end)


def _offers(offers: Mapping[str, Any]) -> str:
    hours = f"{persian(offers['hours'])} ساعت"
    begin, end = dates_text.clock(offers["from"]), dates_text.clock(offers["until"])
    return f"{hours}، میان ساعت {begin} تا {end}"


FORM_MAKE = "قاعده‌های تازه"
FORM_MAKE_LEAD = "از نسخهٔ {version} آغاز می‌شود. هر چه را عوض نکنید، می‌ماند."
FORM_FROM = "از کدام دوشنبه؟"
FORM_FROM_HINT = "دوشنبه‌های بازشده قاعدهٔ خود را نگه می‌دارند."
FORM_LANES_OF = "سهمیهٔ هر دوشنبه"
FORM_HOURS = "وقت ملاقات"
FORM_SLOT = "زمان هر ملاقات (دقیقه)"
FORM_WEEK = "هفتهٔ قرعه"
FORM_WEEK_LEAD = "چند روز پیش از دوشنبه و چه ساعتی. زمان‌ها باید به همین ترتیب باشند."
FORM_OFFERS = "نوبت آزادشده"
FORM_DAYS_BEFORE, FORM_CLOCK = "{label}، چند روز پیش", "ساعت"
FORM_EARLY_UNTIL, FORM_LATE_FROM = "«اول وقت» تا ساعت", "«آخر وقت» از ساعت"
FORM_OFFER_HOURS, FORM_OFFER_FROM, FORM_OFFER_UNTIL = "مهلت پاسخ (ساعت)", "ساعت‌شماری از", "تا"
FORM_LATE_LEAD = (
    "کسی نباید هنگام باز شدن رمزها آن را بداند. در هفته‌ای که همهٔ روزهای بورس تعطیل است، "
    "تاس را انتخاب کنید."
)
WITNESSES = "شاهدان"
_WITNESS = "شاهد: {name}"
_WITNESS_LABEL = "{org}، با کلید {key}"
_LOG, _LOG_KEYS = "نام دفتر عمومی", "کلیدهای دفتر عمومی"
FORM_WITNESSES = "هر شاهد در یک سطر"
FORM_WITNESSES_HINT = (
    "نام کوتاه، دامنهٔ سازمان، کلید عمومی و اگر دارد نشانی https، با یک فاصله میان آن‌ها. "
    "هر شاهد سازمانی جز شهرداری است."
)
FORM_SESSION = "آغاز معامله، ساعت"
FORM_SESSION_HINT = "رمزها پیش از این ساعت باز می‌شود."
FORM_PREVIEW = "دیدن تغییرها"
FORM_COMPARE_FIRST = "خانه‌ها را عوض کنید و «دیدن تغییرها» را بزنید. هنوز چیزی اعلام نمی‌شود."
FORM_ANNOUNCE = "اعلام همگانی این نسخه"
FORM_ANNOUNCE_WHY = "پس از اعلام پس گرفته نمی‌شود. فقط نسخهٔ تازه‌ای می‌تواند جای آن را بگیرد."
FORM_DONE = "نسخهٔ {version} اعلام شد. از {day} اجرا می‌شود."
FORM_SEE = "دیدن صفحهٔ قاعده‌ها"


# Rules that one official proposes and another agrees to: what they take, who has to say yes.

WEAKER: dict[Weaker, str] = {
    Weaker.WITNESSES: "شاهدان، یا نام و کلید و نشانی یکی از آن‌ها، عوض می‌شوند.",
    Weaker.LATE_VALUE: (
        "عددی که قرعه با آن انجام می‌شود عوض می‌شود: از کجا می‌آید، در چه روزهایی یا از چه ساعتی."
    ),
    Weaker.LANES: "نوبت‌های بیشتری پیش از صف همگان داده می‌شود.",
    Weaker.FEWER_LANES: "نوبت‌های کمتری برای سهمیه‌ها می‌ماند، برای پذیرفته‌شدگان هم.",
    Weaker.OFFERS: "مهلت پاسخ به نوبت آزادشده کوتاه‌تر می‌شود.",
    Weaker.FILING: "زمان ثبت برای یک دوشنبه کوتاه‌تر می‌شود.",
    Weaker.OBJECTIONS: "زمان اعتراض به فهرست کوتاه‌تر می‌شود.",
    Weaker.REVEALS: "زمان شاهدان برای باز کردن رمزها کوتاه‌تر می‌شود.",
    Weaker.VALUE: "زمان شاهدان برای نوشتن عدد روز کوتاه‌تر می‌شود.",
    Weaker.ANSWER: "زمان برنده برای پاسخ به نوبت کوتاه‌تر می‌شود.",
    Weaker.STANDBY: "زمان رسیدن نوبت آزادشده به نفرهای بعد کوتاه‌تر می‌شود.",
    Weaker.OFFERS_DAY: "مهلت پاسخ به نوبت آزادشده در ساعت‌های کمتری از روز می‌گذرد.",
    Weaker.TIMES: "زمان‌های هفتهٔ قرعه یا نوبت آزادشده جابه‌جا می‌شود.",
}

SECOND_NEEDED = "این نسخه نفر دوم می‌خواهد."
SECOND_WHY = "خود قرعه یا حق کسی را عوض می‌کند:"
SECOND_HOW = (
    "با «پیشنهاد به نفر دوم» متن آن همین حالا در دفتر عمومی می‌آید. "
    "مدیر دیگری یا ناظر شهر {until} می‌تواند آن را تأیید کند. "
    "اگر از دوشنبهٔ دیرتری آغاز شود، فرصت بیشتری دارد."
)
PROPOSE = "پیشنهاد به نفر دوم"
PROPOSED = "نسخهٔ {version} پیشنهاد شد. نفر دوم {until} می‌تواند آن را تأیید کند."

PROPOSAL_WAITING = "پیشنهادی در انتظار نفر دوم"
PROPOSAL_BY = "پیشنهاد از {name}، {moment}"
PROPOSAL_UNTIL = "مهلت تأیید: {until}. پس از آن از نو باید پیشنهاد شود."
PROPOSAL_OWN = "این پیشنهاد خودتان است. مدیر دیگری یا ناظر شهر باید آن را تأیید کند."
SIGNED = "شاهدانی که پیشنهاد را امضا کرده‌اند: {names}"
UNSIGNED = "هنوز هیچ شاهدی این پیشنهاد را امضا نکرده است."
UNSIGNED_WHY = "از یک شاهد بخواهید با برنامهٔ شاهد آن را امضا کند: witness.py rules"
ALONE = "بدون امضای شاهد اعلام شود"
ALONE_WHY = "هر کس دفتر را بررسی کند، برای همیشه می‌بیند که شاهدی امضا نکرده است."
AGREE = "تأیید و اعلام همگانی"
REJECT = "رد پیشنهاد"
TAKE_BACK = "پس گرفتن پیشنهاد"
REJECTED = "پیشنهاد کنار گذاشته شد. نسخهٔ {version} همچنان آخرین نسخه است."
NO_PROPOSAL = "پیشنهادی در انتظار نیست"
NO_PROPOSAL_WHY = "وقتی مدیری قاعده‌ای پیشنهاد کند که نفر دوم می‌خواهد، همین‌جا می‌آید."
