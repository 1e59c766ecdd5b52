"""What is said about each Monday, in words."""

from dataclasses import dataclass, field
from datetime import datetime

from publicmeeting.domain.lateness import last_day
from publicmeeting.kit.digits import persian
from publicmeeting.kit.jalali import weekday_day
from publicmeeting.text import audiences as words
from publicmeeting.text import dates
from publicmeeting.ui.design.models import Badge
from publicmeeting.ui.design.view import View
from publicmeeting.usecases.audiences import MondayStatement, Statement


@dataclass(frozen=True)
class Said(View):
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
            return words.SILENT
        return words.AWAITED.format(until=dates.until_words(due_at))
    text = words.SAID.format(count=persian(said.count)) if said.count else words.NOBODY
    if said.corrected:
        return words.CORRECTED.format(said=text)
    return words.SAID_LATE.format(said=text) if said.late else text


def _line(one: MondayStatement, now: datetime) -> Said:
    silent = one.said is None and now >= one.due_at
    lead = words.CORRECT_LEAD.format(count=persian(one.said.count)) if one.said else ""
    return Said(
        monday=one.on.isoformat(),
        day=weekday_day(one.on),
        said=words.OVERDUE.format(day=weekday_day(last_day(one.due_at)))
        if silent
        else said_words(one.said, one.due_at, now),
        badge=Badge(words.SILENT, "brick", "flag") if silent else Badge(),
        act=words.CORRECT if one.said else words.STATE,
        lead=lead,
        ask=words.ASK.format(day=weekday_day(one.on)),
        corrects=str(one.said.seq) if one.said else "",
    )
