"""The papers of her orders: each once, with what was promised, its chain of custody, its units."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from publicmeeting.domain.choices import SheetPart
from publicmeeting.kit.clock import tehran_day
from publicmeeting.kit.digits import persian
from publicmeeting.kit.jalali import clock_words, day_words, weekday_day
from publicmeeting.text.common import dates_text
from publicmeeting.text.lifecycle.roles_text import who
from publicmeeting.text.orders import document_audit_text as kept
from publicmeeting.text.orders import sheet_text
from publicmeeting.text.tracking import case_text
from publicmeeting.text.tracking import citizen_orders_text as said
from publicmeeting.ui.citizen.timeline.orders import OrderView, order_view
from publicmeeting.ui.design.models import OrderPaper
from publicmeeting.ui.design.view_model import OmitEmpty, ViewModel
from publicmeeting.usecases.orders.paper.document_audit import CheckedPaper, CheckedPart
from publicmeeting.usecases.tracking.orders import CitizenOrder
from publicmeeting.usecases.tracking.timeline import TimelinePage

MARK = 8
"""Characters of a hash that people compare."""
_NO_PAPER = OrderPaper("typed", "", "", "", "")

FormValidator = Mapping[str, CheckedPaper]


@dataclass(frozen=True)
class CustodyLine(OmitEmpty):
    """One file: what was done, when and by whom, and how its hash begins."""

    word: str
    when: str
    mark: str
    wrong: str = ""


@dataclass(frozen=True)
class CustodyView(ViewModel, OmitEmpty):
    """`sound` or `broken`; neither for a paper from before custody."""

    sound: str = ""
    broken: str = ""
    mark: str = ""
    mark_says: str = ""
    lines: tuple[CustodyLine, ...] = ()


NO_CUSTODY = CustodyView()


@dataclass(frozen=True)
class SheetView(OmitEmpty):
    """One paper; `number` is its own, which several orders may share."""

    number: str
    promise: str = ""
    shared: str = ""
    image: str = ""
    image_says: str = ""
    paper: OrderPaper = _NO_PAPER
    """Where there is no picture: a referral is text alone."""
    text: str = ""
    rest: str = ""
    """Where the text is not all that was written."""
    pdf: str = ""
    custody: CustodyView = NO_CUSTODY
    orders: tuple[OrderView, ...] = ()


def sheet_views(page: TimelinePage, papers: FormValidator) -> list[SheetView]:
    sheets: dict[str, list[CitizenOrder]] = {}
    for order in page.orders:
        sheets.setdefault(order.sheet, []).append(order)
    return [_view(page, orders, papers.get(sheet)) for sheet, orders in sheets.items()]


def _view(page: TimelinePage, orders: list[CitizenOrder], paper: CheckedPaper | None) -> SheetView:
    first, promises = orders[0], {promised(one) for one in orders}
    is_one_promise, is_shared = len(promises) == 1, len(orders) > 1
    return SheetView(
        number=first.sheet,
        promise=promised(first) if is_one_promise else "",
        shared=said.SHARED.format(count=persian(len(orders))) if is_shared else "",
        image=f"/images/{first.image.id}" if first.image else "",
        image_says=case_text.ORDER_IMAGE,
        paper=_NO_PAPER if first.image else _paper(page, first),
        text=first.text,
        rest=said.REST_BY_HAND if first.by_hand else "",
        pdf=f"/orders/{first.line.number}.pdf" if first.has_print else "",
        custody=custody_view(paper, page.request.district, page.now) if paper else NO_CUSTODY,
        orders=tuple(
            order_view(
                page, one, is_shared=is_shared, promise="" if is_one_promise else promised(one)
            )
            for one in orders
        ),
    )


def promised(one: CitizenOrder) -> str:
    """The sentence she reads first; where only the picture says it, to whom and until when."""
    if one.promise:
        return one.promise
    day = weekday_day(one.line.first_due_on)
    return said.PROMISED_TO_UNIT.format(unit=one.line.unit, day=day)


def custody_view(paper: CheckedPaper, district: int, now: datetime) -> CustodyView:
    """What the files say today, part by part."""
    made = next((one for one in paper.parts if one.part is SheetPart.COMPOSED), None)
    if made is None:
        return NO_CUSTODY
    mark = made.sha256[:MARK]
    wrong = "، ".join(kept.PART[one.part] for one in paper.parts if one.found != "same")
    since = {"day": weekday_day(tehran_day(made.at)), "time": clock_words(made.at)}
    return CustodyView(
        sound=kept.SOUND.format(**since) if paper.is_sound else "",
        broken=kept.BROKEN_LEAD.format(parts=wrong) if wrong else "",
        mark=mark,
        mark_says=kept.FINGER.format(mark=mark),
        lines=tuple(_line(one, district, now) for one in paper.parts),
    )


def _line(one: CheckedPart, district: int, now: datetime) -> CustodyLine:
    moment = dates_text.near_moment(one.at, now)
    return CustodyLine(
        word=kept.PART[one.part],
        when=kept.WHEN.format(moment=moment, who=who(one.role, district)),
        mark=one.sha256[:MARK],
        wrong="" if one.found == "same" else kept.CHANGED,
    )


def _paper(page: TimelinePage, one: CitizenOrder) -> OrderPaper:
    district = page.request.district
    return OrderPaper(
        kind="typed",
        unit_name=sheet_text.head(district),
        title=sheet_text.TITLE,
        date=day_words(tehran_day(one.line.issued_at)),
        number=persian(one.line.number),
        district=district,
        text=one.text,
    )
