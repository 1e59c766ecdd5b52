"""From the list of calls to its lines."""

from dataclasses import dataclass

from publicmeeting.kit.clock import in_tehran
from publicmeeting.kit.digits import persian
from publicmeeting.kit.jalali import clock_words
from publicmeeting.notify.wording import in_words
from publicmeeting.text.common import dates_text
from publicmeeting.text.screening import calls_text
from publicmeeting.ui.design.models import Badge
from publicmeeting.ui.reflex.view_model import ViewModel
from publicmeeting.usecases.screening.calls import Call, Calls, FinishedCall, Whom


@dataclass(frozen=True)
class CallLine:
    """One notice to be told; `key` names it to the server."""

    key: int
    code: str
    title: str
    about: str
    read: str
    badge: Badge
    why: str
    has_number: bool
    tell_says: str
    whom_says: str


@dataclass(frozen=True)
class ToldLine:
    key: int
    title: str
    said: str
    undo_says: str


@dataclass(frozen=True)
class WhomView(ViewModel):
    """Who is behind the line that was opened; `tel` is the number as an address."""

    key: int = 0
    name: str = ""
    mobile: str = ""
    tel: str = ""


def call_lines(page: Calls) -> list[CallLine]:
    return [_line(one, page) for one in page.waiting]


def _line(one: Call, page: Calls) -> CallLine:
    told, code = in_words(one.about), persian(one.code)
    return CallLine(
        key=one.id,
        code=code,
        title=told.title,
        about=" · ".join(
            (
                one.title,
                calls_text.CODE.format(code=code),
                calls_text.SINCE.format(moment=dates_text.near_moment(one.at, page.now)),
            )
        ),
        read=told.text,
        badge=Badge(calls_text.NO_SMS, "saffron", "mobile")
        if one.has_number
        else Badge(calls_text.NO_NUMBER, "neutral", "phone"),
        why="" if one.has_number else calls_text.NO_NUMBER_WHY,
        has_number=one.has_number,
        tell_says=calls_text.TELL_SAYS.format(title=told.title, code=code),
        whom_says=calls_text.WHOM_SAYS.format(code=code),
    )


def told_lines(page: Calls) -> list[ToldLine]:
    return [_told(one) for one in page.done]


def _told(one: FinishedCall) -> ToldLine:
    code, time = persian(one.call.code), clock_words(in_tehran(one.at))
    line = calls_text.DONE_LINE if one.by else calls_text.DONE_LINE_NOBODY
    return ToldLine(
        key=one.call.id,
        title=in_words(one.call.about).title,
        said=" · ".join((calls_text.CODE.format(code=code), line.format(by=one.by, time=time))),
        undo_says=calls_text.UNDO_SAYS.format(code=code),
    )


def whom_view(whom: Whom) -> WhomView:
    local = f"0{whom.mobile.removeprefix('+98')}" if whom.mobile.startswith("+98") else whom.mobile
    return WhomView(whom.notice, whom.name, persian(local), f"tel:{whom.mobile}")
