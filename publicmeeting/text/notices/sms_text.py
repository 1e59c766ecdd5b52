"""Texts that go to a mobile by themselves: the code, changes of an account; what a text costs."""

from datetime import datetime

from publicmeeting.domain.officials.audit import AccountEventKind as K
from publicmeeting.text.common.dates_text import until_words

_BEGINS = "کد ورود شما: "
_FOR_NOBODY = "به کسی نگویید."
_CODE_FOR = {"file": "کد ثبت درخواست", "track": "کد دیدن درخواست", "card": "کد تأیید موبایل"}
_ON_137, _AT_THE_DESK = "۱۳۷", "میز خدمت"
_READ_OUT = "آن را فقط برای همین کارشناس {whom} بخوانید."
_ONE_PART, _EACH_PART = 70, 67
"""Characters of a message in Persian letters that stands alone, and of each of several joined."""
SMS_MOST = 2 * _EACH_PART
"""What a notice may cost."""


MOBILE_CHANGED = (
    "ملاقات مردمی: موبایل درخواست شما عوض شد و این شماره دیگر آن را باز نمی‌کند. "
    "اگر شما نبودید، با کارت به میز خدمت بروید."
)
"""To the mobile that was hers until now; it goes at once, whatever the hour."""


COME_IN_PERSON = (
    "ملاقات مردمی: با موبایل تازه، ملاقات تلفنی شما حضوری شد؛ در همان ساعت با کارت بیایید. "
    "تلفنی می‌خواهید؟ کارت را به میز خدمت نشان دهید."
)
"""To her new mobile, which nothing but a code has proved to be hers."""


def code_text(code: str, host: str) -> str:
    """ASCII digits, and a last line that the browser itself can read (WebOTP); one SMS of 70."""
    first = f"{_BEGINS}{code}\n{_FOR_NOBODY}"
    return f"{first}\n@{host} #{code}" if host else first


def read_out_text(code: str, purpose: str, *, by_telephone: bool) -> str:
    """A code for the officer she is speaking with; no line that a browser reads: it opens
    nothing. One SMS of 70."""
    whom = _ON_137 if by_telephone else _AT_THE_DESK
    return f"{_CODE_FOR[purpose]}: {code}\n{_READ_OUT.format(whom=whom)}"


def code_in(text: str) -> str:
    """The code of a text made by `code_text`; empty for every other text.

    Providers send codes by a template of their own, which needs the bare digits.
    """
    first = text.partition("\n")[0]
    return first.removeprefix(_BEGINS) if first.startswith(_BEGINS) else ""


def sms_parts(text: str) -> int:
    """How many messages a telephone company counts for this text."""
    length = sms_length(text)
    return 1 if length <= _ONE_PART else -(-length // _EACH_PART)


def sms_length(text: str) -> int:
    """Characters as they are counted: two for one beyond the sixteen bits."""
    return len(text.encode("utf-16-le")) // 2


# What an official reads by SMS of changes to her account: no name, no role, no password.

_ACCOUNT_BEGINS = "ملاقات مردمی: "
_ENDS = " اگر خبر ندارید به مدیر سامانه بگویید."

_CHANGED: dict[K, str] = {
    K.INVITED: "برای حساب کاری شما لینک گذرواژه ساخته شد. مدیر آن را به شما می‌رساند.",
    K.PASSWORD_CHANGED: "گذرواژهٔ حساب کاری شما عوض شد.",
    K.ROLES_CHANGED: "نقش‌های حساب کاری شما عوض شد.",
    K.MOBILE_CHANGED: "موبایل حساب کاری شما عوض شد.",
    K.SUSPENDED: "حساب کاری شما معلق شد.",
    K.LIFTED: "تعلیق حساب کاری شما برداشته شد.",
    K.ENDED: "حساب کاری شما پایان یافت.",
}

SECOND_STEP_ASKED = (
    f"{_ACCOUNT_BEGINS}برای حساب کاری شما خواسته‌اند ورود دومرحله‌ای از نو راه بیفتد. "
    "اگر نخواسته‌اید، تا فردا وارد شوید؛ همان لغوش می‌کند."
)

POWER_TAKEN = (
    f"{_ACCOUNT_BEGINS}یک مدیر سامانه نقش یا حساب یک شهردار، ناظر شهر یا مدیر سامانه را گرفت. "
    "در «رویدادها» ببینید کار کیست."
)
"""To all other administrators and the overseers: whoever is silenced may have no mobile here."""

_RULES = "قاعده‌هایی پیشنهاد شده که قرعه را سست می‌کند. {until} در صفحهٔ قاعده‌ها تأیید یا رد کنید."

_LINK = "گذرواژهٔ حساب خود را تا ۳ روز این‌جا بسازید:\n{link}"


def account_sms(kind: K) -> str:
    """The text of a change; empty where nothing is sent of it."""
    return f"{_ACCOUNT_BEGINS}{_CHANGED[kind]}{_ENDS}" if kind in _CHANGED else ""


def rules_sms(until: datetime) -> str:
    """To whoever can agree to rules that another one has proposed, and until when."""
    return _ACCOUNT_BEGINS + _RULES.format(until=until_words(until))


def invitation_sms(link: str) -> str:
    return _ACCOUNT_BEGINS + _LINK.format(link=link)
