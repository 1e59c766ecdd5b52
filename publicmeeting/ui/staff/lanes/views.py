"""From asks to what a judge sees: the lane, the document, the reasons, and nothing of her."""

from dataclasses import dataclass
from urllib.parse import urlencode

from publicmeeting.domain.calendar import last_day
from publicmeeting.domain.choices import Verdict
from publicmeeting.kit.clock import tehran_day
from publicmeeting.text.common import dates_text
from publicmeeting.text.lifecycle.needs_text import LANE
from publicmeeting.text.lifecycle.reasons_text import LANE_REASON
from publicmeeting.text.line import lanes_text
from publicmeeting.text.screening import inbox_text
from publicmeeting.ui.design.models import Badge, Choice, Photo, Row
from publicmeeting.ui.reflex.view_model import ViewModel
from publicmeeting.ui.shell.steps.views import photo_views
from publicmeeting.usecases.screening.lane_judging import LaneLine, LaneList, LanePage

BETWEEN = "/"
"""Between answer and reason in the value of a choice."""


@dataclass(frozen=True)
class AskView(ViewModel):
    """One ask; `yes` and `no` are the reasons for either answer."""

    id: str = ""
    lane: str = ""
    asked: str = ""
    counts: str = ""
    badges: tuple[Badge, ...] = ()
    photos: tuple[Photo, ...] = ()
    yes: tuple[Choice, ...] = ()
    no: tuple[Choice, ...] = ()


def address(ask_id: str = "") -> str:
    return f"/lanes/?{urlencode({'ask': ask_id})}" if ask_id else "/lanes/"


def rows(seen: LaneList, chosen: str) -> list[Row]:
    return [_row(one, chosen) for one in seen.lines]


def _row(one: LaneLine, chosen: str) -> Row:
    return Row(
        title=LANE[one.lane],
        meta=inbox_text.CASE_DUE.format(until=dates_text.until_words(one.due_at)),
        href=address(one.id),
        icon="shield",
        end=dates_text.late_words(one.late_days) if one.late_days else "",
        late=one.late_days > 0,
        chosen=one.id == chosen,
    )


def ask_view(page: LanePage) -> AskView:
    line = page.line
    return AskView(
        id=line.id,
        lane=LANE[line.lane],
        asked=lanes_text.ASKED_ON.format(moment=dates_text.near_moment(line.asked_at, page.now)),
        counts=lanes_text.COUNTS_AS[line.lane],
        badges=_badges(page),
        photos=tuple(photo_views(page.documents)),
        yes=_reasons(page, Verdict.YES),
        no=_reasons(page, Verdict.NO),
    )


def _badges(page: LanePage) -> tuple[Badge, ...]:
    line = page.line
    if line.late_days:
        due = Badge(dates_text.late_words(line.late_days), "brick", "flag")
    else:
        last = last_day(line.due_at) == tehran_day(page.now)
        until = inbox_text.CASE_DUE.format(until=dates_text.until_words(line.due_at))
        due = Badge(until, "saffron" if last else "neutral", "clock")
    return (due, Badge(lanes_text.BLIND, "neutral", "mask"))


def _reasons(page: LanePage, verdict: Verdict) -> tuple[Choice, ...]:
    return tuple(
        Choice(f"{verdict.value}{BETWEEN}{reason.value}", LANE_REASON[reason])
        for answer, reason in page.reasons
        if answer is verdict
    )
