"""The same words for whoever is telephoned at her time: she comes nowhere and brings nothing.

Only what differs is here; all other texts are the same for everybody. Where the reader is not to
know where she sits (`by_telephone` is None), the words hold for both.
"""

from collections.abc import Mapping
from typing import TypeVar

from publicmeeting.domain.stages import Action as A  # noqa: N817  (the letter of the table)
from publicmeeting.domain.stages import OrderAction, OrderStage
from publicmeeting.domain.stages import Stage as S  # noqa: N817  (the letter of the table)
from publicmeeting.text.lifecycle.actions_text import AHEAD, MEANING
from publicmeeting.text.lifecycle.stages_text import STAGE_MEANING

_K = TypeVar("_K")

_STAGE_MEANING: dict[S | OrderStage, str] = {
    S.INVITED: "نوبت تلفنی شما رسیده است. بگویید می‌پذیرید یا نه.",
    S.CONFIRMED: "نوبت را برای شما نگه داشته‌ایم. در ساعت نوبت به شما زنگ می‌زنیم.",
    S.ARRIVED: "تماس برقرار شد. روی خط بمانید تا گفت‌وگو آغاز شود.",
}
_MEANING: dict[A | OrderAction, str] = {
    A.SEAT: "نوبت شما رسید و از شما پرسیدیم می‌پذیرید یا نه.",
    A.TAKE_FREE: "نوبت برای شماست. در ساعت نوبت به شما زنگ می‌زنیم.",
    A.NO_SHOW: "دو بار زنگ زدیم و پاسخی نیامد.",
    A.NOT_CALLED: "تماسی ثبت نشد. هفته‌های انتظارتان می‌ماند و در قرعهٔ بعد هستید.",
    A.SEND_BACK: "روی خط یا نزدیک تلفن بمانید. نوبت شما سر جای خود است.",
}
_AHEAD: dict[A | OrderAction, str] = {
    A.CONFIRM: "پاسخ شما: می‌پذیرید؟",
    A.ARRIVE: "زنگ به شما در ساعت نوبت",
    A.CALL_IN: "گفت‌وگو با شهردار",
}
_DONE: dict[A | OrderAction, str] = {
    A.CONFIRM: "نوبت تلفنی پذیرفته شد",
    A.NO_SHOW: "پاسخ ندادن به تلفن ثبت شد",
    A.NOT_CALLED: "وقت ملاقات بی‌تماس گذشت",
    A.CALL_IN: "گفت‌وگوی تلفنی آغاز شد",
    A.SEND_BACK: "گفت‌وگوی تلفنی ایستاد",
}
_EITHER_STAGE: dict[S | OrderStage, str] = {
    S.INVITED: "نوبت شما رسیده است. بگویید می‌پذیرید یا نه.",
    S.CONFIRMED: "نوبت را برای شما نگه داشته‌ایم. اگر می‌آیید، کارت و اصل مدارک را بیاورید.",
    S.ARRIVED: "رسیدن نوبت شما ثبت شد. منتظر بمانید تا ملاقات آغاز شود.",
}
_EITHER_MEANING: dict[A | OrderAction, str] = {
    A.SEAT: _MEANING[A.SEAT],
    A.TAKE_FREE: "نوبت برای شماست. اگر می‌آیید، کارت و اصل مدارک را بیاورید.",
    A.ARRIVE: "منتظر بمانید تا ملاقات آغاز شود.",
    A.NO_SHOW: "دو بار صدا زدیم و پاسخی نیامد.",
    A.NOT_CALLED: "هفته‌های انتظارتان می‌ماند و در قرعهٔ بعد هستید.",
    A.SEND_BACK: "منتظر بمانید. نوبت شما سر جای خود است.",
}
_EITHER_AHEAD: dict[A | OrderAction, str] = {
    A.CONFIRM: _AHEAD[A.CONFIRM],
    A.ARRIVE: "ساعت نوبت شما",
}
_EITHER_DONE: dict[A | OrderAction, str] = {
    A.CONFIRM: "نوبت پذیرفته شد",
    A.ARRIVE: "رسیدن نوبت ثبت شد",
    A.NOT_CALLED: "وقت ملاقات گذشت",
    A.CALL_IN: "ملاقات آغاز شد",
    A.SEND_BACK: "ملاقات ایستاد",
}
STEP: dict[A | OrderAction, str] = {
    A.CONFIRM: "می‌پذیرم؛ به من زنگ بزنید",
    A.GIVE_UP_SEAT: "این نوبت را نمی‌توانم",
}
"""Her buttons."""


def stage_meaning(stage: S | OrderStage, *, by_telephone: bool | None) -> str:
    """What a stage means for her now."""
    own = _own(stage, _STAGE_MEANING, _EITHER_STAGE, by_telephone=by_telephone)
    return own or STAGE_MEANING[stage]


def meaning(action: A | OrderAction | None, *, by_telephone: bool | None) -> str:
    """What follows for her from what was done; or nothing."""
    if action is None:
        return ""
    own = _own(action, _MEANING, _EITHER_MEANING, by_telephone=by_telephone)
    return own or MEANING.get(action, "")


def ahead(action: A | OrderAction, *, by_telephone: bool | None) -> str:
    """The title of a step still to come; or nothing."""
    return _own(action, _AHEAD, _EITHER_AHEAD, by_telephone=by_telephone) or AHEAD.get(action, "")


def done(action: A | OrderAction, *, by_telephone: bool | None) -> str:
    """The title of what was done where it has one of its own; else nothing."""
    return _own(action, _DONE, _EITHER_DONE, by_telephone=by_telephone)


def _own(
    what: _K, rung: Mapping[_K, str], either: Mapping[_K, str], *, by_telephone: bool | None
) -> str:
    if by_telephone is None:
        return either.get(what, "")
    return rung.get(what, "") if by_telephone else ""
