"""The notice of every (action, role it goes to): for the app, and for a citizen also by SMS.

`_STAFF` is what officials are notified of in the app; their notices never leave it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from publicmeeting.domain.lifecycle.tables import AnyAction
from publicmeeting.domain.roles import Role
from publicmeeting.domain.roles import Role as R  # noqa: N817  (a column of names)
from publicmeeting.domain.stages import Action as A  # noqa: N817  (the letter of the table)
from publicmeeting.domain.stages import OrderAction as O
from publicmeeting.text.common.dates_text import in_order, shown
from publicmeeting.text.notices.citizen_notices_text import (
    BY_TELEPHONE,
    DISPLACED,
    FINAL,
    GAVE_UP_LATE,
    HALL_SEAT_MISSED,
    HIDDEN,
    MOVED_FOR_STANDBY,
    NOT_HELD,
    OFFER_REFUSED,
    ORDER,
    REQUEST,
    SUBMITTED_LATE,
    UNREACHED,
)
from publicmeeting.text.notices.sms_text import SMS_MOST, sms_length

_STAFF: dict[tuple[A | O, R], tuple[str, str]] = {
    (A.SUBMIT, R.DESK): ("درخواست تازه", "درخواست {code} {until} پاسخ می‌خواهد."),
    (A.GIVE_INFO, R.DESK): ("توضیح یا مدرک رسید", "درخواست {code} {until} پاسخ می‌خواهد."),
    (A.REDIRECT, R.DESK): ("درخواستی از منطقهٔ دیگر", "درخواست {code} {until} پاسخ می‌خواهد."),
    (A.OBJECT_REDIRECT, R.OVERSEER): (
        "اعتراض به تغییر منطقه",
        "شهروند می‌گوید درخواست {code} از منطقهٔ {district} نیست.",
    ),
    (A.OBJECT, R.DESK): (
        "اعتراض به رد",
        "درخواست {code} نظر کارشناس دیگری را {until} می‌خواهد.",
    ),
    (A.INSIST, R.DESK): ("شهروند ملاقات خواست", "درخواست {code} در نوبت ملاقات است."),
    (A.ACCEPT_ANSWER, R.DESK): ("پاسخ پذیرفته شد", "درخواست {code} با پاسخ بسته شد."),
    (A.SAY_MET, R.MAYOR): (
        "ملاقات روی برگه درست بود",
        "شهروند درخواست {code} گفت روی کاغذ ملاقات شده است.",
    ),
    (A.ARRIVE, R.MAYOR): ("شهروند رسید", "نوبت ساعت {time} در سالن است."),
    (A.ARRIVE, R.DEPUTY): ("شهروند رسید", "نوبت ساعت {time} در سالن است."),
    (A.UNDO_ARRIVAL, R.MAYOR): ("پذیرش برگشت", "نوبت ساعت {time} هنوز نرسیده است."),
    (A.UNDO_ARRIVAL, R.DEPUTY): ("پذیرش برگشت", "نوبت ساعت {time} هنوز نرسیده است."),
    (A.COME_LATE, R.MAYOR): ("شهروند با تأخیر رسید", "درخواست {code} آخرین نفر امروز است."),
    (A.COME_LATE, R.DEPUTY): ("شهروند با تأخیر رسید", "درخواست {code} آخرین نفر امروز است."),
    (A.UNDO_LATE, R.MAYOR): ("پذیرش با تأخیر برگشت", "درخواست {code} در سالن نیست."),
    (A.UNDO_LATE, R.DEPUTY): ("پذیرش با تأخیر برگشت", "درخواست {code} در سالن نیست."),
    (A.OBJECT_REFUSAL, R.OVERSEER): (
        "اعتراض به پاسخ ملاقات",
        "به اعتراض درخواست {code} {until} پاسخ دهید.",
    ),
    (O.ISSUE, R.UNIT): ("دستور رسید", "دستور {order} را {until} بپذیرید یا برگردانید."),
    (O.RETURN, R.MAYOR): ("واحد کار را برگرداند", "برای دستور {order} {until} تصمیم بگیرید."),
    (O.RETURN, R.DEPUTY): ("واحد کار را برگرداند", "برای دستور {order} {until} تصمیم بگیرید."),
    (O.REASSIGN, R.UNIT): (
        "کاری به شما سپرده شد",
        "دستور {order} را {until} بپذیرید یا برگردانید.",
    ),
    (O.ASK_EXTENSION, R.MAYOR): ("واحد مهلت خواست", "دلیل دستور {order} را ببینید و پاسخ دهید."),
    (O.ASK_EXTENSION, R.DEPUTY): ("واحد مهلت خواست", "دلیل دستور {order} را ببینید و پاسخ دهید."),
    (O.EXTEND, R.UNIT): ("مهلت بیشتر داده شد", "مهلت تازهٔ دستور {order}: {due}."),
    (O.REFUSE_EXTENSION, R.UNIT): (
        "مهلت بیشتر داده نشد",
        "مهلت دستور {order} همان است: {due}.",
    ),
    (O.TELL_UNIT, R.UNIT): ("شهروند پاسخ داد", "پاسخ دربارهٔ دستور {order} رسید."),
    (O.ASK_NEWS, R.UNIT): (
        "شهروند از وضع کار پرسید",
        "دربارهٔ دستور {order} تا پنج روز کاری بنویسید.",
    ),
    (O.CONFIRM_DONE, R.UNIT): ("شهروند گفت انجام شد", "دستور {order} به پایان رسید."),
    (O.CONFIRM_DONE, R.MAYOR): ("شهروند گفت انجام شد", "دستور {order} به پایان رسید."),
    (O.CONFIRM_DONE, R.DEPUTY): ("شهروند گفت انجام شد", "دستور {order} به پایان رسید."),
    (O.CONTEST, R.UNIT): ("شهروند گفت انجام نشد", "دلیل او دربارهٔ دستور {order} را ببینید."),
    (O.CONTEST, R.MAYOR): ("شهروند گفت انجام نشد", "دربارهٔ دستور {order} {until} تصمیم بگیرید."),
    (O.CONTEST, R.DEPUTY): ("شهروند گفت انجام نشد", "دربارهٔ دستور {order} {until} تصمیم بگیرید."),
    (O.RETRY, R.UNIT): ("کار دوباره به شما رسید", "دستور {order} را تا {due} تمام کنید."),
    (O.REOPEN, R.UNIT): ("شهروند کار را دوباره باز کرد", "دلیل او دربارهٔ دستور {order} را ببینید."),
    (O.REOPEN, R.MAYOR): (
        "شهروند کار را دوباره باز کرد",
        "دربارهٔ دستور {order} {until} تصمیم بگیرید.",
    ),
    (O.REOPEN, R.DEPUTY): (
        "شهروند کار را دوباره باز کرد",
        "دربارهٔ دستور {order} {until} تصمیم بگیرید.",
    ),
    (O.COMMENT, R.UNIT): ("یادداشت تازه", "دربارهٔ دستور {order} نوشته‌ای رسید."),
    (O.SAY_DONE, R.UNIT): ("شهروند از وضع کار گفت", "پاسخ او دربارهٔ دستور {order} را ببینید."),
    (O.SAY_DONE, R.MAYOR): ("شهروند از وضع کار گفت", "پاسخ او دربارهٔ دستور {order} را ببینید."),
    (O.SAY_DONE, R.DEPUTY): ("شهروند از وضع کار گفت", "پاسخ او دربارهٔ دستور {order} را ببینید."),
    (O.SAY_NOT_HERS, R.MAYOR): (
        "شهروند گفت دستور از او نیست",
        "برگهٔ دستور {order} را ببینید. اگر از آن دیگری است، باطل شدنش را بخواهید.",
    ),
    (O.GIVE_DAYS_BACK, R.UNIT): (
        "مهلت شما جابه‌جا شد",
        "سامانه در پایان مهلت قطع بود. دستور {order} را تا {due} گزارش دهید.",
    ),
    (O.WARN_UNIT, R.UNIT): (
        "مهلت شما گذشت",
        "دستور {order} دیرکرد دارد. پس از سه روز کاری به شهردار می‌رسد.",
    ),
    (O.CLIMB_TO_MAYOR, R.UNIT): ("دیرکرد به شهردار رسید", "دستور {order} اکنون نزد شهردار است."),
    (O.CLIMB_TO_MAYOR, R.MAYOR): (
        "دیرکرد به شما رسید",
        "دستور {order} دیرکرد دارد. پس از پنج روز کاری به ناظر شهر می‌رسد.",
    ),
    (O.CLIMB_TO_MAYOR, R.DEPUTY): (
        "دیرکرد به شهردار رسید",
        "دستور {order} دیرکرد دارد. پس از پنج روز کاری به ناظر شهر می‌رسد.",
    ),
    (O.CLIMB_TO_CITY, R.MAYOR): ("دیرکرد به شهر رسید", "ناظر شهر دستور {order} را می‌بیند."),
    (O.CLIMB_TO_CITY, R.DEPUTY): ("دیرکرد به شهر رسید", "ناظر شهر دستور {order} را می‌بیند."),
    (O.CLIMB_TO_CITY, R.OVERSEER): (
        "دیرکردی به شهر رسید",
        "دستور {order} در منطقهٔ {district} دیرکرد دارد و شهردار کاری نکرده است.",
    ),
    (O.ASK_VOID, R.OVERSEER): (
        "دستوری به اشتباه ثبت شده است",
        "شهردار منطقهٔ {district} می‌گوید دستور {order} از آن شهروند دیگری است. تصمیم با شماست.",
    ),
    (O.VOID, R.UNIT): ("دستوری باطل شد", "دستور {order} به اشتباه ثبت شده بود و دیگر کاری ندارد."),
    (O.VOID, R.MAYOR): ("دستور باطل شد", "دستور درست درخواست {code} {until} با شماست."),
    (O.KEEP_ORDER, R.MAYOR): ("دستور می‌ماند", "ناظر شهر دستور {order} را باطل نکرد."),
}


FACTS = frozenset(
    {
        "code",
        "district",
        "day",
        "time",
        "until",
        "due",
        "order",
        "unit",
        "log",
        "when",
        "where",
        "why",
        "place",
    }
)
"""What a template may name, all as words: `day` and `due` dates with their weekday, `until`
the deadline of the new stage («تا پایان دوشنبه ۹ آذر»), `log` a short mark of the log
(`LogMark.short`), `when` the moment to which a draw has moved («پنجشنبه ۵ آذر، ساعت ۱۲:۰۰»),
`where` the host under which the site is found, `why` the reason of a closure with a colon before
it («: آلودگی هوا»), or nothing, as in an SMS that would cost a third part, `place` where the
Monday of her seat is held."""

_HERE = "سامانه"
"""Used for `where` in the app, and where an SMS with the host would cost a third part."""

_SMS_BEGINS = "درخواست ملاقات {code}: "
_HOUR = " ساعت "
"""Left out of a deadline in an SMS: the room is for what she is asked."""
_DATE_BEFORE_HOUR = re.compile(" [۰-۹]+\u00a0[^ ،]+،")
"""Left out as well where a third part would be needed; weekday and hour remain."""


@dataclass(frozen=True, slots=True)
class Notice:
    """A title, a sentence, and for a citizen the text of an SMS: no name and no identity in it."""

    title: str
    text: str
    sms: str = ""


NOTICE: dict[tuple[AnyAction, Role], Notice] = {
    **{
        (action, Role.CITIZEN): Notice(title, text, _SMS_BEGINS + sms)
        for action, (title, text, sms) in {**REQUEST, **ORDER}.items()
    },
    **{key: Notice(title, text) for key, (title, text) in _STAFF.items()},
}


_HALL_SEAT_MISSED = Notice(
    HALL_SEAT_MISSED[0], HALL_SEAT_MISSED[1], _SMS_BEGINS + HALL_SEAT_MISSED[2]
)
_GAVE_UP_LATE = Notice(GAVE_UP_LATE[0], GAVE_UP_LATE[1], _SMS_BEGINS + GAVE_UP_LATE[2])
_OFFER_REFUSED = Notice(OFFER_REFUSED[0], OFFER_REFUSED[1], _SMS_BEGINS + OFFER_REFUSED[2])


_LATE_RECEIPT = Notice(SUBMITTED_LATE[0], SUBMITTED_LATE[1], _SMS_BEGINS + SUBMITTED_LATE[2])


_NOT_HELD = Notice(NOT_HELD[0], NOT_HELD[1], _SMS_BEGINS + NOT_HELD[2])
_MOVED_FOR_STANDBY = Notice(
    MOVED_FOR_STANDBY[0], MOVED_FOR_STANDBY[1], _SMS_BEGINS + MOVED_FOR_STANDBY[2]
)


_UNREACHED: dict[AnyAction, Notice] = {
    action: Notice(title, text, _SMS_BEGINS + sms)
    for action, (title, text, sms) in UNREACHED.items()
}


_DISPLACED: dict[AnyAction, Notice] = {
    action: Notice(title, text, _SMS_BEGINS + sms)
    for action, (title, text, sms) in DISPLACED.items()
}


_HIDDEN: dict[AnyAction, Notice] = {
    action: Notice(title, text, _SMS_BEGINS + sms) for action, (title, text, sms) in HIDDEN.items()
}


_FINAL: dict[AnyAction, Notice] = {
    action: Notice(title, text, _SMS_BEGINS + sms) for action, (title, text, sms) in FINAL.items()
}


_BY_TELEPHONE: dict[AnyAction, Notice] = {
    action: Notice(title, text, _SMS_BEGINS + sms)
    for action, (title, text, sms) in BY_TELEPHONE.items()
}


def notice(action: AnyAction, role: Role, **facts: object) -> Notice:
    """The filled notice; KeyError where the tables do not notify this role."""
    return _filled(NOTICE[action, role], facts)


def notice_by_telephone(action: AnyAction, role: Role, **facts: object) -> Notice:
    """The same for whoever is rung at her time: she is sent nowhere and brings nothing."""
    own = _BY_TELEPHONE.get(action) if role is Role.CITIZEN else None
    return _filled(own or NOTICE[action, role], facts)


def refused_offer(**facts: object) -> Notice:
    """For a citizen whose seat given up was an offer she had not accepted, and no seat of hers."""
    return _filled(_OFFER_REFUSED, facts)


def gave_up_late(**facts: object) -> Notice:
    """For a citizen who gave a seat up so late, or so often, that it took her weeks."""
    return _filled(_GAVE_UP_LATE, facts)


def missed_hall_seat(**facts: object) -> Notice:
    """For a citizen who missed a seat given in the hall: it costs only itself."""
    return _filled(_HALL_SEAT_MISSED, facts)


def final(action: AnyAction, role: Role, **facts: object) -> Notice:
    """What was decided against a citizen after her one objection."""
    assert role is Role.CITIZEN
    return _filled(_FINAL[action], facts)


def late_receipt(**facts: object) -> Notice:
    """For whoever reads that she has filed when the day by which the desk answers is over."""
    return _filled(_LATE_RECEIPT, facts)


def not_held(**facts: object) -> Notice:
    """Of a Monday taken back, for whoever reads it when her hour is over."""
    return _filled(_NOT_HELD, facts)


def moved_for_standby(**facts: object) -> Notice:
    """Of another place, for whoever has no seat and may come as a standby."""
    return _filled(_MOVED_FOR_STANDBY, facts)


def unreached(action: AnyAction, role: Role, **facts: object) -> Notice:
    """For a citizen who has longer since what she is asked did not reach her in time; KeyError for
    what gives nobody longer."""
    assert role is Role.CITIZEN
    return _filled(_UNREACHED[action], facts)


def displaced(action: AnyAction, role: Role, **facts: object) -> Notice:
    """The same where her identity was proved to be another's."""
    assert role is Role.CITIZEN
    return _filled(_DISPLACED[action], facts)


def hidden(action: AnyAction, role: Role, **facts: object) -> Notice:
    """The same where the sheet of the order was hidden from her."""
    assert role is Role.CITIZEN
    return _filled(_HIDDEN[action], facts)


def _filled(template: Notice, facts: Mapping[str, object]) -> Notice:
    words = {name: shown(facts.get(name, "")) for name in FACTS}
    # A mark of digits alone is still a mark.
    words["log"] = _log_words(str(facts.get("log", "")))
    words["where"] = words["where"] or _HERE
    in_sms = {**words, "until": str(words["until"]).replace(_HOUR, " ")}
    sms = template.sms.format(**in_sms)
    if sms_length(sms) > SMS_MOST:
        in_sms["where"] = _HERE
        sms = template.sms.format(**in_sms)
    if sms_length(sms) > SMS_MOST:
        in_sms["why"] = ""
        sms = template.sms.format(**in_sms)
    if sms_length(sms) > SMS_MOST:
        in_sms["until"] = _DATE_BEFORE_HOUR.sub("", str(in_sms["until"]))
        sms = template.sms.format(**in_sms)
    if (over := sms_length(sms) - SMS_MOST) > 0 and words["place"]:
        in_sms["place"] = _shortened(str(words["place"]), over)
        sms = template.sms.format(**in_sms)
    return Notice(template.title, template.text.format(**words), sms)


def _shortened(place: str, over: int) -> str:
    """So much shorter, between two words, with a sign that there is more; the app has it whole."""
    left = place[: len(place) - over - 1]
    return f"{left.rpartition(' ')[0].rstrip('،') or left}…"


_NEAR = {0: "امروز", 1: "فردا"}
_TITLE, _TITLE_OTHERWISE = "{near} نوبت شماست", "یادآوری نوبت شما"
_TEXT = "{day}، ساعت {time}. کارت شناسایی و اصل مدارک را بیاورید. اگر نمی‌آیید، همین حالا بگویید."
_SMS = _SMS_BEGINS + "{near} {day}، {time}. {place}کارت شناسایی بیاورید. رسید دفتر: {log}"
PLACE_UNSURE = "جا را از ۱۳۷ بپرسید"
"""For a reminder, where nobody can know that the city wrote the place."""


_TITLE_BY_PHONE, _TITLE_BY_PHONE_OTHERWISE = "{near} به شما زنگ می‌زنیم", "یادآوری تماس ما"
_TEXT_BY_PHONE = "{day}، ساعت {time}. تلفن را نزدیک خود نگه دارید. اگر نمی‌توانید، همین حالا بگویید."
_SMS_BY_PHONE = _SMS_BEGINS + "{near} {day}، ساعت {time} به شما زنگ می‌زنیم. رسید دفتر: {log}"


def reminder(
    *, code: str, day: str, time: str, log: str, days_ahead: int, place: str = ""
) -> Notice:
    """The filled notice; `day` and `time` in words, `log` a short mark of the log. It speaks
    of tomorrow or today, and later, on her page, of its day alone. As much of `place` is in the
    SMS as its parts have room for."""
    words = _reminding(code, day, time, log, days_ahead)
    title = _TITLE if words["near"] else _TITLE_OTHERWISE
    sms = _SMS.format(**words, place=f"{place}. " if place else "")
    if (over := sms_length(sms) - SMS_MOST) > 0:
        sms = _SMS.format(**words, place=f"{_shortened(place, over - 1)} ")
    return Notice(title.format(**words), _TEXT.format(**words), _one_space(sms))


def reminder_by_telephone(*, code: str, day: str, time: str, log: str, days_ahead: int) -> Notice:
    """The same for whoever is rung."""
    words = _reminding(code, day, time, log, days_ahead)
    title = _TITLE_BY_PHONE if words["near"] else _TITLE_BY_PHONE_OTHERWISE
    text, sms = _TEXT_BY_PHONE.format(**words), _SMS_BY_PHONE.format(**words)
    return Notice(title.format(**words), text, _one_space(sms))


def _reminding(code: str, day: str, time: str, log: str, days_ahead: int) -> dict[str, object]:
    near = _NEAR.get(days_ahead, "")
    return {"code": shown(code), "day": day, "time": time, "log": _log_words(log), "near": near}


_NO_MARK = "در صفحهٔ شما"


def _log_words(mark: str) -> str:
    """The mark of the log; without one, where she finds it later."""
    return in_order(mark) if mark else _NO_MARK


def _one_space(text: str) -> str:
    return text.replace("  ", " ")


_LATE_TITLE = "ملاقات‌های {day} دیرتر از برنامه است"
_LATE_TEXT = "حدود {earliest} تا {latest} به اتاق می‌روید. پیش از {earliest} در سالن باشید."
_LATE_BY_PHONE = "حدود {earliest} تا {latest} به شما زنگ می‌زنیم. تلفن را نزدیک خود نگه دارید."
_LATE_SMS = _SMS_BEGINS + "{day} دیرتر از برنامه است. "


def lateness(
    *, code: str, day: str, earliest: str, latest: str, by_telephone: bool = False
) -> Notice:
    """The filled notice; «امروز» or its day, and the clock times between which she goes in."""
    words = {"code": shown(code), "day": day, "earliest": earliest, "latest": latest}
    text = _LATE_BY_PHONE if by_telephone else _LATE_TEXT
    return Notice(
        _LATE_TITLE.format(**words), text.format(**words), (_LATE_SMS + text).format(**words)
    )
