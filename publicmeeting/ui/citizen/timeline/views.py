"""View model of one request's page, in the order of the screen; last its road and her text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from publicmeeting.domain.records import Image, Request
from publicmeeting.domain.roles import Role
from publicmeeting.domain.stages import Action, OrderAction
from publicmeeting.domain.timeline import Mark, MarkState
from publicmeeting.kit.digits import persian
from publicmeeting.kit.jalali import weekday_day
from publicmeeting.text.common import dates_text
from publicmeeting.text.common.dates_text import DateWords
from publicmeeting.text.filing.filing_text import whole_text
from publicmeeting.text.lifecycle import needs_text
from publicmeeting.text.lifecycle.roles_text import signed
from publicmeeting.text.lifecycle.telephone_text import done
from publicmeeting.text.tracking import case_text, citizen_orders_text, road_text
from publicmeeting.text.tracking.day_words import words_of
from publicmeeting.ui.citizen.shared import sorted_photos
from publicmeeting.ui.citizen.timeline.moves import (
    NO_MOVE,
    NO_QUESTION,
    TELEPHONE,
    Move,
    OpenMoves,
    QuestionView,
    move_of,
    only,
)
from publicmeeting.ui.citizen.timeline.orders import CheckedPapers, SheetView, sheet_views
from publicmeeting.ui.citizen.timeline.status import (
    NO_ASK,
    NO_DAY,
    NO_OFFER,
    AskView,
    DayView,
    OfferView,
    StatusView,
    ask_view,
    day_view,
    heard_view,
    offer_view,
    status_view,
)
from publicmeeting.ui.citizen.timeline.turns import TurnView, turn_view
from publicmeeting.ui.design.models import Photo, RoadStep
from publicmeeting.ui.reflex.view_model import ViewModel
from publicmeeting.ui.shell.photos import photo_views
from publicmeeting.ui.shell.road import road_steps
from publicmeeting.usecases.tracking.timeline import Opening, TimelinePage
from publicmeeting.usecases.tracking.turn import MyTurn, NextDraw

_COMMENT_TITLE = {
    Role.UNIT: citizen_orders_text.WROTE_UNIT,
    Role.CITIZEN: citizen_orders_text.WROTE_YOU,
}


@dataclass(frozen=True)
class CaseStep(RoadStep):
    """A step with its pictures; those of a report from before the work are separate."""

    photos: tuple[Photo, ...] = ()
    before: tuple[Photo, ...] = ()


@dataclass(frozen=True)
class CaseHead(ViewModel):
    code: str = ""
    digits: str = ""
    place: str = ""
    title: str = ""


@dataclass(frozen=True)
class MatterView(ViewModel):
    subject: str = ""
    filed: str = ""
    text: str = ""
    needs: str = ""
    photos: tuple[Photo, ...] = ()
    opened: str = ""


@dataclass(frozen=True)
class CaseView(ViewModel):
    """Everything she reads of her request, and the steps open to her; `before` is folded."""

    head: CaseHead = CaseHead()
    status: StatusView = field(default_factory=StatusView)
    day: DayView = NO_DAY
    turn: TurnView = field(default_factory=TurnView)
    ask: AskView = NO_ASK
    offer: OfferView = NO_OFFER
    heard: QuestionView = NO_QUESTION
    sheets: tuple[SheetView, ...] = ()
    before: tuple[CaseStep, ...] = ()
    road: tuple[CaseStep, ...] = ()
    matter: MatterView = MatterView()
    withdraw: Move = NO_MOVE
    telephone: Move = NO_MOVE
    by_telephone: bool = False
    telephone_proof: str = ""
    """What a meeting by telephone requires first."""


def with_hall_code(case: CaseView, digits: str) -> CaseView:
    """Put the code from the hall's QR into the field; she sends it herself."""
    hall = case.turn.hall
    if not hall.may_say or not digits.isascii() or not digits.isdecimal():
        return case
    return replace(case, turn=replace(case.turn, hall=replace(hall, typed=digits)))


def case_view(
    page: TimelinePage, turn: MyTurn, moves: OpenMoves, papers: CheckedPapers
) -> CaseView:
    """Return the whole page. `papers` is the result of the last check of her papers' files."""
    own, day = moves.request, words_of(turn.day) if turn.day else None
    before, road = case_steps(page, turn.next_draw)
    return CaseView(
        head=head_view(page.request),
        status=status_view(page, day),
        day=day_view(day, move_of(own, Action.COMING), page.dates.time),
        ask=ask_view(page, own),
        offer=offer_view(page, move_of(own, Action.ACCEPT_ANSWER)),
        heard=heard_view(page, move_of(own, Action.SAY_HEARD)),
        turn=turn_view(page, turn, own),
        sheets=tuple(sheet_views(page, moves.orders, papers)),
        before=before,
        road=road,
        matter=matter_view(page),
        withdraw=move_of(own, Action.WITHDRAW),
        telephone=next(iter(only(own, *TELEPHONE)), NO_MOVE),
        by_telephone=turn.by_telephone,
        telephone_proof=case_text.TELEPHONE_PROOF if page.proves_first else "",
    )


def head_view(request: Request) -> CaseHead:
    return CaseHead(
        code=request.code,
        digits=persian(request.code),
        place=case_text.PLACE.format(district=persian(request.district)),
        title=request.title,
    )


def matter_view(page: TimelinePage) -> MatterView:
    request = page.request
    wanted = [
        label for need, label in needs_text.ACCESS_NEED.items() if need.value in request.needs
    ]
    return MatterView(
        subject=page.subject,
        filed=case_text.FILED.format(moment=page.dates.near(request.filed_at)),
        photos=photo_views(page.photos),
        text=whole_text(request),
        needs="، ".join(wanted),
        opened=case_text.OPENINGS.format(times=persian(page.openings)) if page.openings else "",
    )


def opening_lines(found: Sequence[Opening], now: datetime) -> list[tuple[str, str]]:
    """Return who has opened her file, by office and role, and when."""
    dates = dates_text.DateWords(now)
    return [
        (
            signed(opening.role, opening.district, opening.unit),
            dates.near(opening.at),
        )
        for opening in found
    ]


def case_steps(
    page: TimelinePage, next_draw: NextDraw | None = None
) -> tuple[tuple[CaseStep, ...], tuple[CaseStep, ...]]:
    """Return the steps before the meeting, and the road from there. The first is empty until she
    has met."""
    pictures = dict(page.documents)
    for order in page.orders:
        pictures.update(order.pictures)
    several = {}
    if len(page.orders) > 1:
        several = {order.line.number: order.line.unit for order in page.orders}
    units = {event: unit for order in page.orders for event, unit in order.units.items()}
    offered_by = page.offered_by
    road = zip(page.marks, road_steps(page.marks, page.dates, own=True), strict=True)
    steps = [
        _own_step(step, mark, page.dates, pictures, several, units.get(mark.event_id, offered_by))
        for mark, step in road
    ]
    if next_draw:
        steps = [
            _with_draw(step, next_draw, page.dates) if mark.state is MarkState.NOW else step
            for mark, step in zip(page.marks, steps, strict=True)
        ]
    cut = _meeting_index(page.marks)
    return tuple(steps[:cut]), tuple(steps[cut:])


def _own_step(
    step: RoadStep,
    mark: Mark,
    dates: DateWords,
    pictures: Mapping[int, tuple[Image, ...]],
    several: Mapping[str, str],
    unit: str,
) -> CaseStep:
    """Return a step with its pictures, in words addressed to her, signed by office and role.

    `several` names the unit of each order by its number; it is empty if there is only one order.
    """
    before, after = sorted_photos(pictures.get(mark.event_id, ()))
    fields = {**vars(step), "photos": after, "before": before}
    if title := _own_title(mark):
        fields["title"] = title
    if step.quote:
        fields["quote_by"] = signed(mark.role, mark.district, unit, own=True)
    by_unit = mark.role is Role.UNIT and bool(unit) and mark.at is not None
    if by_unit and mark.at:
        by = citizen_orders_text.BY_UNIT.format(unit=unit)
        fields["when"] = f"{dates.near(mark.at)} · {by}"
    beside = "" if by_unit else several.get(mark.order_number or "")
    if beside:
        when = case_text.OF_UNIT.format(when=step.when, unit=beside) if step.when else beside
        fields["when"] = when
    if mark.declines_offer:
        fields["title"] = case_text.OFFER_REFUSED
        fields["meaning"] = case_text.OFFER_REFUSED_MEANING if step.meaning else ""
    return CaseStep(**fields)


def _own_title(mark: Mark) -> str:
    """Return a title addressed to her, for what she did herself and what somebody wrote to her."""
    if mark.action is None or mark.state is not MarkState.PAST:
        return ""
    if mark.action is OrderAction.COMMENT:
        return _COMMENT_TITLE.get(mark.role, citizen_orders_text.WROTE_MAYOR)
    own = done(mark.action, by_telephone=mark.by_telephone)
    return own or case_text.OWN.get(mark.action, "")


def _with_draw(step: CaseStep, draw: NextDraw, dates: DateWords) -> CaseStep:
    sentence = road_text.NEXT_DRAW.format(when=dates.near(draw.at), monday=weekday_day(draw.monday))
    return replace(step, meaning=f"{step.meaning} {sentence}")


def _meeting_index(marks: Sequence[Mark]) -> int:
    """Return the index of the newest call into the room if the meeting is over, else 0."""
    if not any(mark.state is MarkState.PAST and mark.action is Action.FINISH for mark in marks):
        return 0
    calls = [at for at, mark in enumerate(marks) if mark.action is Action.CALL_IN]
    return calls[-1] if calls else 0


def current_status(page: TimelinePage, steps: Sequence[RoadStep]) -> str:
    """Return the state of the request in one sentence, for screen readers."""
    return "، ".join(
        f"{step.title}، {step.badge.word}" for step in steps if step.kind in ("now", "late")
    ) or (steps[-1].title if steps and page.marks else "")
