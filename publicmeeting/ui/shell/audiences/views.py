"""What is said about each Monday, in words."""

from dataclasses import dataclass, field
from datetime import datetime

from publicmeeting.domain.calendar import last_day
from publicmeeting.kit.digits import persian
from publicmeeting.kit.jalali import weekday_day
from publicmeeting.text.common import dates_text
from publicmeeting.text.meetings import audiences_text
from publicmeeting.ui.design.models import Badge
from publicmeeting.ui.reflex.view_model import ViewModel
from publicmeeting.usecases.meetings.audiences import MondayStatement, Statement


@dataclass(frozen=True)
class Said(ViewModel):
    """One Monday; `corrects` is the log entry a correction takes back."""

    monday: str = ""
    day: str = ""
    said: str = ""
    badge: Badge = field(default_factory=Badge)
    act: str = ""
    lead: str = ""
    ask: str = ""
    corrects: str = ""


def lines(found: tuple[MondayStatement, ...], now: datetime) -> list[Said]:
    return [_line(one, now) for one in found]


def said_words(said: Statement | None, due_at: datetime, now: datetime) -> str:
    """«۳ نفر», «هیچ‌کس», or that nothing has been said."""
    if said is None:
        if now >= due_at:
            return audiences_text.SILENT
        return audiences_text.AWAITED.format(until=dates_text.until_words(due_at))
    text = (
        audiences_text.SAID.format(count=persian(said.count))
        if said.count
        else audiences_text.NOBODY
    )
    if said.corrected:
        return audiences_text.CORRECTED.format(said=text)
    return audiences_text.SAID_LATE.format(said=text) if said.late else text


def _line(one: MondayStatement, now: datetime) -> Said:
    silent = one.statement is None and now >= one.due_at
    lead = (
        audiences_text.CORRECT_LEAD.format(count=persian(one.statement.count))
        if one.statement
        else ""
    )
    return Said(
        monday=one.on.isoformat(),
        day=weekday_day(one.on),
        said=audiences_text.OVERDUE.format(day=weekday_day(last_day(one.due_at)))
        if silent
        else said_words(one.statement, one.due_at, now),
        badge=Badge(audiences_text.SILENT, "brick", "flag") if silent else Badge(),
        act=audiences_text.CORRECT if one.statement else audiences_text.STATE,
        lead=lead,
        ask=audiences_text.ASK.format(day=weekday_day(one.on)),
        corrects=str(one.statement.seq) if one.statement else "",
    )
