"""`/mayor/review/?last=…`: the orders of the last weeks, side by side."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import reflex as rx

from publicmeeting.domain.orders.promises import Outcome
from publicmeeting.kit.clock import tehran_day
from publicmeeting.kit.digits import persian
from publicmeeting.kit.jalali import day_month, weekday_day
from publicmeeting.text.common import dates_text
from publicmeeting.text.lifecycle.stages_text import ORDER_STAGE, late_words
from publicmeeting.text.orders import orders_text
from publicmeeting.ui.design.controls import anchor, button
from publicmeeting.ui.design.figures import strip
from publicmeeting.ui.design.flow import any_of, each, shown
from publicmeeting.ui.design.models import Badge, Row, Tile, Tone
from publicmeeting.ui.design.sheets import rows, sheet
from publicmeeting.ui.design.states import empty, loading
from publicmeeting.ui.mayor.orders import order_words, paper_of, tags
from publicmeeting.ui.mayor.table import (
    TWO_LINES,
    Head,
    for_the_mayor,
    head,
    leave_button,
    plain_table,
    refusals,
    table_head,
    table_title,
    to_agenda,
)
from publicmeeting.ui.reflex.view_model import ViewModel
from publicmeeting.ui.shell.act import Asking, query
from publicmeeting.ui.shell.live import background, follow, own
from publicmeeting.ui.shell.parts.road import ORDER_TONE
from publicmeeting.usecases.orders.lists import (
    Review,
    ReviewedMonday,
    ReviewLine,
    WeeklyReview,
    weekly_review,
)

PATH = "/mayor/review/"
TILES_MOST = 36

_TONE: dict[Outcome, Tone] = {
    Outcome.CONTESTED: "brick",
    Outcome.RUNNING: "glaze",
    Outcome.REPORTED: "neutral",
    Outcome.UPHELD: "neutral",
    Outcome.SETTLED: "neutral",
    Outcome.KEPT: "leaf",
    Outcome.VOID: "neutral",
}
"""Colour of each outcome. Leaf is only for what the citizen has confirmed."""
_TILE: dict[Outcome, str] = {
    Outcome.LATE: "late",
    Outcome.CONTESTED: "off",
    Outcome.RUNNING: "raw",
    Outcome.REPORTED: "half",
    Outcome.UPHELD: "cancelled",
    Outcome.SETTLED: "foot",
    Outcome.KEPT: "glazed",
    Outcome.VOID: "cancelled",
}


@dataclass(frozen=True)
class Week(ViewModel):
    """One Monday; `sentence` sums it up, `none` is shown if nothing was promised."""

    title: str = ""
    sentence: str = ""
    late: str = ""
    tiles: tuple[Tile, ...] = ()
    rows: tuple[Row, ...] = ()
    none: str = ""


@dataclass(frozen=True)
class Figure(ViewModel):
    """A number with its label, for the head of the page."""

    number: str = ""
    word: str = ""
    late: bool = False


@dataclass(frozen=True)
class Page(ViewModel):
    span: str = ""
    figures: tuple[Figure, ...] = ()
    rest: tuple[str, ...] = ()
    weeks: tuple[Week, ...] = ()
    earlier: str = ""
    later: str = ""
    empty: bool = False


def address(last: date | None) -> str:
    return f"{PATH}?last={last.isoformat()}" if last else ""


def review_view(seen: Review) -> Page:
    count = sum(seen.counts.values())
    on_time, late = seen.counts.get(Outcome.KEPT, 0), seen.counts.get(Outcome.LATE, 0)
    newest, oldest = seen.mondays[0].on, seen.mondays[-1].on
    facts = {"made": persian(count), "kept": persian(on_time), "late": persian(late)}
    return Page(
        span=orders_text.REVIEW_SPAN.format(first=day_month(oldest), last=day_month(newest)),
        figures=(
            Figure(facts["made"], orders_text.REVIEW_ISSUED),
            Figure(facts["kept"], orders_text.REVIEW_ON_TIME),
            Figure(facts["late"], orders_text.REVIEW_LATE, late=late > 0),
        ),
        rest=_rest(seen.counts),
        weeks=tuple(_week_view(monday, tehran_day(seen.now)) for monday in seen.mondays),
        earlier=address(seen.earlier),
        later=address(seen.later),
        empty=not count,
    )


def _rest(counts: Mapping[Outcome, int]) -> tuple[str, ...]:
    """Return the outcomes that the three figures leave out, each with its count."""
    apart = (outcome for outcome in Outcome if outcome not in (Outcome.KEPT, Outcome.LATE))
    return tuple(
        f"{orders_text.REVIEW_OUTCOME[outcome]}: {persian(counts[outcome])}"
        for outcome in apart
        if counts[outcome]
    )


def _week_view(monday: ReviewedMonday, today: date) -> Week:
    of = [line.outcome for line in monday.lines]
    late = of.count(Outcome.LATE)
    return Week(
        title=weekday_day(monday.on),
        sentence=orders_text.REVIEW_WEEK_SUM.format(
            made=persian(len(of)), kept=persian(of.count(Outcome.KEPT))
        )
        if of
        else "",
        late=orders_text.REVIEW_WEEK_LATE.format(count=persian(late)) if late else "",
        tiles=tuple(Tile(_TILE[known]) for known in of[:TILES_MOST]),
        rows=tuple(_row(line, today) for line in monday.lines),
        none="" if of else orders_text.REVIEW_NONE_ISSUED,
    )


def _row(review_line: ReviewLine, today: date) -> Row:
    """Return one order in one line: promise, unit, and outcome."""
    line = review_line.line
    badge = _badge(review_line)
    return Row(
        title=line.title,
        meta=order_words(line, line.unit),
        href=f"/mayor/orders/{line.number}/",
        thumb=paper_of(line),
        tags=tuple(tag for tag in tags(line) if tag.word != badge.word),
        end=_end(review_line, today),
        late=review_line.outcome is Outcome.LATE,
        badge=badge,
    )


def _badge(line: ReviewLine) -> Badge:
    """Return the outcome; of a late order the stage, because the delay is shown before it."""
    if line.outcome is Outcome.LATE:
        return Badge(ORDER_STAGE[line.line.stage], ORDER_TONE[line.line.stage])
    return Badge(orders_text.REVIEW_OUTCOME[line.outcome], _TONE[line.outcome])


def _end(line: ReviewLine, today: date) -> str:
    if line.outcome is Outcome.LATE:
        return late_words(line.line.late)
    if line.outcome is Outcome.RUNNING and line.line.days_left >= 0:
        return dates_text.working_left_words(line.line.due_on, today)
    return ""


class ReviewState(Asking, rx.State):
    """State of `/mayor/review/`."""

    head: Head = Head()
    page: Page = Page()
    _last: str = ""

    @rx.event
    async def load(self) -> None:
        """Read the weeks that the address names."""
        self._last = self.router.url.query_parameters.get("last", "")
        self.refused = ""
        await self._read()

    @background
    async def watch(self) -> None:
        """Read again after any change of an order."""
        await follow(self, own, self._read)

    async def _read(self) -> None:
        seen = await query(self, weekly_review, WeeklyReview(last=self._last))
        if seen is None and self._last and self.refused:
            # An address that no page links to: show a message and the last weeks.
            self._last, self.refused = "", orders_text.REVIEW_UNKNOWN
            seen = await query(self, weekly_review, WeeklyReview())
        if seen is None:
            return
        self.head = head(tehran_day(seen.now), seen.district, seen.now)
        self.page = review_view(seen)


def page() -> rx.Component:
    """The page: figures and links to other weeks at the side, the weeks beside them."""
    to_orders = button(
        orders_text.TITLE, kind="secondary", size="sm", sign="doc", href="/mayor/orders/"
    )
    return for_the_mayor(
        ReviewState,
        plain_table(
            head=table_head(ReviewState.head, to_orders, to_agenda()),
            title=table_title(orders_text.REVIEW_TITLE),
            side=[rx.cond(ReviewState.ready, _side(), loading("card"))],
            main=[rx.cond(ReviewState.ready, _main(), loading("rows"))],
        ),
    )


def _side() -> rx.Component:
    """The figures of the weeks beside them; on a phone above them."""
    return rx.el.div(
        rx.el.div(
            rx.el.p(ReviewState.page.span, class_name="font-semibold"),
            rx.el.dl(each(ReviewState.page.figures, _figure), class_name="grid gap-1"),
            rx.el.ul(each(ReviewState.page.rest, rx.el.li), class_name="text-meta text-ink2"),
            class_name="grid gap-3",
        ),
        rx.el.nav(
            _turn(orders_text.REVIEW_EARLIER, ReviewState.page.earlier),
            _turn(orders_text.REVIEW_LATER, ReviewState.page.later),
            aria_label=orders_text.REVIEW_TURN,
            class_name="grid grid-cols-2 gap-1",
        ),
        leave_button(),
        class_name="grid gap-6",
    )


def _figure(figure: Figure) -> rx.Component:
    classes = "min-w-10 text-hero font-bold leading-none"
    return rx.el.div(
        rx.el.dd(figure.number, class_name=rx.cond(figure.late, f"{classes} text-brick", classes)),
        rx.el.dt(figure.word),
        class_name="flex items-center gap-3",
    )


def _turn(word: str, href: str) -> rx.Component:
    return rx.cond(
        href,
        anchor(word, href=href, class_name="btn btn-secondary btn-sm"),
        rx.el.span(),
    )


def _main() -> rx.Component:
    return rx.el.div(
        refusals(ReviewState),
        rx.cond(
            ReviewState.page.empty,
            empty(
                orders_text.REVIEW_EMPTY,
                orders_text.REVIEW_EMPTY_LEAD,
                district=ReviewState.head.district,
            ),
            rx.fragment(
                rx.el.p(orders_text.REVIEW_LEAD, class_name="text-ink2"),
                each(ReviewState.page.weeks, _week_part),
            ),
        ),
        leave_button(at_end=True),
        class_name="grid gap-6",
    )


def _week_part(week: Week) -> rx.Component:
    return rx.el.section(
        rx.el.div(
            rx.el.h2(week.title, class_name="text-h2"),
            rx.el.p(
                week.sentence,
                shown(
                    week.late,
                    rx.el.strong("\u00a0· ", week.late, class_name="text-brick"),
                ),
                class_name="text-meta text-ink2",
            ),
            class_name="flex flex-wrap items-center justify-between gap-x-4",
        ),
        shown(any_of(week.tiles), rx.el.div(strip(week.tiles, week.sentence, "dots"))),
        rx.cond(
            any_of(week.rows),
            rx.el.div(rows(week.rows), class_name=TWO_LINES),
            sheet(rx.el.p(week.none, class_name="text-ink2")),
        ),
        class_name="grid gap-2",
    )
