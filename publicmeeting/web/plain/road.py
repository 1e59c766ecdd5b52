"""The road of a request in words: what happened, where it stands, what lies ahead."""

from collections.abc import Sequence
from datetime import datetime

from publicmeeting.domain.stages import OrderStage
from publicmeeting.domain.timeline import Mark
from publicmeeting.kit.clock import tehran_day
from publicmeeting.kit.digits import persian
from publicmeeting.text.common import dates_text
from publicmeeting.text.lifecycle.actions_text import AHEAD, DONE
from publicmeeting.text.lifecycle.levels_text import late_words
from publicmeeting.text.lifecycle.meanings_text import MEANING
from publicmeeting.text.lifecycle.stages_text import NOW, ORDER_STAGE, STAGE, STAGE_MEANING
from publicmeeting.text.tracking import road_text
from publicmeeting.text.tracking.case_text import OWN
from publicmeeting.web.plain.markup import Html, el
from publicmeeting.web.plain.parts import NOTHING

_TILE = {"past": "glazed", "now": "now", "ahead": "raw"}


def road(marks: Sequence[Mark], now: datetime, *, is_hers: bool = False) -> Html:
    return el(
        "ol",
        *(_step(mark, now, is_hers=is_hers) for mark in marks),
        aria_label=road_text.TITLE,
        class_="road",
    )


def _step(mark: Mark, now: datetime, *, is_hers: bool) -> Html:
    is_now = mark.state == "now"
    badge = el("span", NOW, class_="badge badge-saffron") if is_now else NOTHING
    note = el("p", mark.note, class_="quote whitespace-pre-line") if mark.note else NOTHING
    body = el(
        "div",
        el("h3", _title(mark, is_hers=is_hers), badge, class_="road-title"),
        _line(_when(mark, now), "text-meta text-ink2"),
        _line(_meaning(mark, now)),
        note,
        class_="road-body",
    )
    tile = el("span", aria_hidden="true", class_=f"tile t-{_TILE[mark.state]}")
    current = "step" if is_now else "false"
    return el("li", tile, body, class_=f"is-{mark.state}", aria_current=current)


def _title(mark: Mark, *, is_hers: bool) -> str:
    if mark.action is None:
        past = road_text.WAITED.format(weeks=dates_text.weeks(mark.weeks))
        return past if mark.state == "past" else _name(mark)
    if mark.state == "ahead":
        return AHEAD.get(mark.action, "")
    return (OWN.get(mark.action) if is_hers else None) or DONE[mark.action]


def _name(mark: Mark) -> str:
    stage = mark.stage
    return ORDER_STAGE[stage] if isinstance(stage, OrderStage) else STAGE[stage]


def _when(mark: Mark, now: datetime) -> str:
    if mark.at and mark.until:
        return dates_text.span(tehran_day(mark.at), tehran_day(mark.until))
    if mark.at:
        return dates_text.near_moment(mark.at, now)
    return dates_text.until_words(mark.due_at) if mark.due_at else ""


def _meaning(mark: Mark, now: datetime) -> str:
    if mark.state == "now":
        if mark.late.days > 0:
            return road_text.LATE.format(late=late_words(mark.late))
        due = mark.due_at if mark.due_at and now < mark.due_at else None
        until = f" {road_text.DUE.format(until=dates_text.until_words(due))}." if due else ""
        return f"{STAGE_MEANING[mark.stage]}{until}"
    if mark.action is None:
        return road_text.WAITED_MEANING.format(count=persian(mark.weeks))
    return "" if mark.state == "ahead" or mark.note else MEANING.get(mark.action, "")


def _line(text: str, look: str = "") -> Html:
    return el("p", text, class_=look) if text else NOTHING
