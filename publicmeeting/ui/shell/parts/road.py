"""A sign, words and a badge for each step of a request or an order; and an order's paper."""

from collections.abc import Mapping, Sequence

from publicmeeting.domain.lifecycle.climbing import Level
from publicmeeting.domain.lifecycle.timeline import Mark, MarkState
from publicmeeting.domain.stages import OrderStage, Stage
from publicmeeting.kit.clock import tehran_day
from publicmeeting.kit.jalali import day_month, day_words
from publicmeeting.text.common.dates_text import DateWords, shown
from publicmeeting.text.lifecycle.stages_text import LEVEL
from publicmeeting.text.orders import sheet_text
from publicmeeting.text.tracking import road_text
from publicmeeting.text.tracking.road_words import NO_UNITS, StepWords, road_words
from publicmeeting.ui.design.models import Badge, OrderPaper, RoadKind, RoadStep, Tile, Tone
from publicmeeting.usecases.orders.pages import OrderPage

_SIGN: dict[Stage | OrderStage, str] = {
    Stage.SUBMITTED: "inbox",
    Stage.NEEDS_INFO: "chat",
    Stage.ANSWERED: "chat",
    Stage.WAITING: "clock",
    Stage.INVITED: "bell",
    Stage.CONFIRMED: "calendar",
    Stage.ARRIVED: "person",
    Stage.IN_ROOM: "meet",
    Stage.FOLLOW_UP: "clock",
    Stage.CLOSED: "check",
    Stage.DECLINED: "close",
    Stage.WITHDRAWN: "close",
    OrderStage.ISSUED: "doc",
    OrderStage.IN_ACTION: "clock",
    OrderStage.RETURNED: "undo",
    OrderStage.REPORTED: "bell",
    OrderStage.CONTESTED: "flag",
    OrderStage.DONE: "check",
    OrderStage.VOID: "close",
}


_ENDED = {Stage.CLOSED, Stage.WITHDRAWN, OrderStage.DONE, OrderStage.VOID}
"""Stages in which nothing is to come: the last step is past as the others."""
_KIND: dict[MarkState, RoadKind] = {
    MarkState.PAST: "past",
    MarkState.NOW: "past",
    MarkState.AHEAD: "ahead",
}


def climbed(level: Level, late_days: int) -> tuple[Badge, ...]:
    """Return the badge of a late order that has reached the mayor or the city."""
    return (Badge(LEVEL[level], "brick", "flag"),) if late_days and level > Level.UNIT else ()


def road_steps(
    marks: Sequence[Mark], dates: DateWords, units: Mapping[int, str] = NO_UNITS, *, own: bool
) -> list[RoadStep]:
    """Return all steps of the road, in the words of `road_words`."""
    words = road_words(marks, dates, units, own=own)
    return [road_step(mark, step) for mark, step in zip(marks, words, strict=True)]


def road_step(mark: Mark, words: StepWords) -> RoadStep:
    """Return one step, with its sign, its badge and a tile for each of its draws."""
    is_now = mark.state is MarkState.NOW and mark.stage not in _ENDED
    late = is_now and mark.late.days > 0
    strip = _draws(mark) if is_now or mark.action is None else ()
    return RoadStep(
        kind="late" if late else "now" if is_now else _KIND[mark.state],
        title=words.title,
        when=words.when,
        meaning=words.meaning,
        icon=_SIGN[mark.stage] if mark.state is MarkState.NOW else "",
        badge=Badge(words.badge, "brick" if late else "saffron", "flag" if late else "")
        if is_now
        else Badge(),
        strip=strip,
        strip_label=road_text.EACH_DRAW if strip else "",
        quote=mark.note or "",
        quote_by=words.by,
        quote_inside=mark.state is MarkState.PAST and mark.payload.get("audience") == "internal",
    )


def _draws(mark: Mark) -> tuple[Tile, ...]:
    """Return one tile for each draw, with its Monday; the one that seated her is framed.

    Saffron is for what concerns her now, which the invitation uses.
    """
    return tuple(
        Tile("end" if draw.seated else "glazed", day_month(draw.monday)) for draw in mark.waits
    )


ORDER_TONE: dict[OrderStage, Tone] = {
    OrderStage.ISSUED: "neutral",
    OrderStage.IN_ACTION: "glaze",
    OrderStage.RETURNED: "neutral",
    OrderStage.REPORTED: "glaze",
    OrderStage.CONTESTED: "brick",
    OrderStage.DONE: "neutral",
    OrderStage.VOID: "neutral",
}
"""Colour of an order's stage on officials' pages.

Leaf is reserved for what the citizen has confirmed; the road shows her confirmation.
"""


def order_paper(page: OrderPage, alt: str) -> OrderPaper:
    """Return the order's composed picture with its letterhead; without a picture, the typed text.

    `alt` is the picture's alternative text.
    """
    order = page.order
    return OrderPaper(
        kind="sheet" if order.image_id else "typed",
        unit_name=sheet_text.head(order.district),
        title=sheet_text.TITLE,
        date=day_words(tehran_day(order.issued_at)),
        number=str(shown(order.number)),
        district=order.district,
        image=f"/images/{order.image_id}" if order.image_id else "",
        image_alt=alt,
        text=order.text,
    )
