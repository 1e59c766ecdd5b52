"""From the promises of the last weeks to the rows and figures of the review."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from publicmeeting.domain.orders.promises import Outcome
from publicmeeting.kit.clock import tehran_day
from publicmeeting.kit.digits import persian
from publicmeeting.kit.jalali import day_month, weekday_day
from publicmeeting.text.common import dates_text
from publicmeeting.text.common.dates_text import shown
from publicmeeting.text.lifecycle.stages_text import ORDER_STAGE, late_words
from publicmeeting.text.orders import orders_text
from publicmeeting.ui.design.models import Badge, Row, Tile, Tone
from publicmeeting.ui.mayor.orders.views import paper_of, tags
from publicmeeting.ui.reflex.view_model import ViewModel
from publicmeeting.usecases.orders.weekly_review import Review, ReviewedMonday, ReviewLine

PATH = "/mayor/review/"
TILES_MOST = 36

_TONE: dict[Outcome, Tone] = {
    Outcome.LATE: "brick",
    Outcome.CONTESTED: "brick",
    Outcome.RUNNING: "glaze",
    Outcome.REPORTED: "neutral",
    Outcome.UPHELD: "neutral",
    Outcome.SETTLED: "neutral",
    Outcome.KEPT: "leaf",
}
"""Leaf is her own word, and nothing else."""
_TILE: dict[Outcome, str] = {
    Outcome.LATE: "late",
    Outcome.CONTESTED: "off",
    Outcome.RUNNING: "raw",
    Outcome.REPORTED: "half",
    Outcome.UPHELD: "cancelled",
    Outcome.SETTLED: "foot",
    Outcome.KEPT: "glazed",
}


@dataclass(frozen=True)
class Week(ViewModel):
    """One Monday; `says` sums it up, `none` stands where nothing was promised."""

    title: str = ""
    says: str = ""
    late: str = ""
    tiles: tuple[Tile, ...] = ()
    rows: tuple[Row, ...] = ()
    none: str = ""


@dataclass(frozen=True)
class Figure(ViewModel):
    """A number with its word, for the head of the page."""

    number: str = ""
    word: str = ""
    late: bool = False


@dataclass(frozen=True)
class Page(ViewModel):
    span: str = ""
    figures: tuple[Figure, ...] = ()
    says: str = ""
    rest: tuple[str, ...] = ()
    weeks: tuple[Week, ...] = ()
    earlier: str = ""
    later: str = ""
    empty: bool = False


def address(last: date | None) -> str:
    return f"{PATH}?last={last.isoformat()}" if last else ""


def page(seen: Review) -> Page:
    given = sum(seen.counts.values())
    kept, late = seen.counts.get(Outcome.KEPT, 0), seen.counts.get(Outcome.LATE, 0)
    newest, oldest = seen.mondays[0].on, seen.mondays[-1].on
    facts = {"given": persian(given), "kept": persian(kept), "late": persian(late)}
    return Page(
        span=orders_text.REVIEW_SPAN.format(first=day_month(oldest), last=day_month(newest)),
        figures=(
            Figure(facts["given"], orders_text.REVIEW_GIVEN),
            Figure(facts["kept"], orders_text.REVIEW_KEPT),
            Figure(facts["late"], orders_text.REVIEW_LATE, late=late > 0),
        ),
        says=orders_text.REVIEW_FIGURES_SAY.format(**facts),
        rest=_rest(seen.counts),
        weeks=tuple(_week(one, tehran_day(seen.now)) for one in seen.mondays),
        earlier=address(seen.earlier),
        later=address(seen.later),
        empty=not given,
    )


def _rest(counts: Mapping[Outcome, int]) -> tuple[str, ...]:
    """What the three figures leave out, each counted apart."""
    apart = (one for one in Outcome if one not in (Outcome.KEPT, Outcome.LATE))
    return tuple(
        f"{orders_text.REVIEW_OUTCOME[one]}: {persian(counts[one])}" for one in apart if counts[one]
    )


def _week(one: ReviewedMonday, today: date) -> Week:
    of = [line.outcome for line in one.lines]
    late = of.count(Outcome.LATE)
    return Week(
        title=weekday_day(one.on),
        says=orders_text.REVIEW_WEEK_SUM.format(
            given=persian(len(of)), kept=persian(of.count(Outcome.KEPT))
        )
        if of
        else "",
        late=orders_text.REVIEW_WEEK_LATE.format(count=persian(late)) if late else "",
        tiles=tuple(Tile(_TILE[known]) for known in of[:TILES_MOST]),
        rows=tuple(_row(line, today) for line in one.lines),
        none="" if of else orders_text.REVIEW_NONE_GIVEN,
    )


def _row(one: ReviewLine, today: date) -> Row:
    """One promise in one line: its sentence, its unit, and what has become of it."""
    line = one.line
    return Row(
        title=line.promise or line.title,
        meta=f"{line.unit} · {shown(line.number)}",
        href=f"/mayor/orders/{line.number}/",
        thumb=paper_of(line),
        tags=tags(line),
        end=_end(one, today),
        late=one.outcome is Outcome.LATE,
        badge=Badge(_word(one), _TONE[one.outcome]),
    )


def _word(one: ReviewLine) -> str:
    """By how much it is late stands before it; where it is late is the stage."""
    late = one.outcome is Outcome.LATE
    return ORDER_STAGE[one.line.stage] if late else orders_text.REVIEW_OUTCOME[one.outcome]


def _end(one: ReviewLine, today: date) -> str:
    if one.outcome is Outcome.LATE:
        return late_words(one.line.late)
    if one.outcome is Outcome.RUNNING and one.line.days_left >= 0:
        return dates_text.working_left_words(one.line.due_on, today)
    return ""
