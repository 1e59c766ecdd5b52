"""What her page shows of one request, composed from the views of its road, turn and orders."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from publicmeeting.domain.calendar import deadline_days
from publicmeeting.domain.districts import subject
from publicmeeting.domain.lifecycle.guards import OBJECTION_DAYS
from publicmeeting.domain.roles import Role
from publicmeeting.domain.stages import INFO_ASKED, SCREENING, Action
from publicmeeting.domain.timeline import Mark
from publicmeeting.kit.clock import tehran_day
from publicmeeting.kit.digits import persian
from publicmeeting.kit.jalali import weekday_day
from publicmeeting.text.common import dates_text
from publicmeeting.text.filing.filing_text import whole_text
from publicmeeting.text.lifecycle import needs_text
from publicmeeting.text.lifecycle.roles_text import signed
from publicmeeting.text.lifecycle.stages_text import STAGE
from publicmeeting.text.tracking import case_text, citizen_orders_text
from publicmeeting.ui.citizen.shared import photos
from publicmeeting.ui.citizen.timeline.moves import (
    NO_MOVE,
    NO_QUESTION,
    OFFERED,
    TOP,
    Move,
    QuestionView,
    only,
    question_view,
)
from publicmeeting.ui.citizen.timeline.orders import FormValidator, SheetView, sheet_views
from publicmeeting.ui.citizen.timeline.roads import CaseStep, case_steps
from publicmeeting.ui.citizen.timeline.status import StatusView, status_view
from publicmeeting.ui.citizen.timeline.turns import TurnView, turn_view
from publicmeeting.ui.design.models import Photo
from publicmeeting.ui.reflex.view_model import ViewModel
from publicmeeting.ui.shell.marks import HER_MOVE
from publicmeeting.usecases.tracking.timeline import Opening, TimelinePage
from publicmeeting.usecases.tracking.turn import MyTurn


@dataclass(frozen=True)
class OfferView(ViewModel):
    """A unit's answer that she may take instead of the meeting; nothing without `head`."""

    head: str = ""
    quote: str = ""
    quote_by: str = ""
    costs: tuple[str, ...] = ()
    accept: Move = NO_MOVE


NO_OFFER = OfferView()


@dataclass(frozen=True)
class CaseHead(ViewModel):
    code: str = ""
    digits: str = ""
    district: int = 0
    place: str = ""
    title: str = ""
    stage: str = ""


@dataclass(frozen=True)
class AskView(ViewModel):
    """What the city wants of her, or what she may answer to it; `quote` is its own words."""

    head: str = ""
    left: str = ""
    quote: str = ""
    quote_by: str = ""
    until: str = ""
    hers: bool = False
    moves: tuple[Move, ...] = ()


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
    """Everything she reads of her request, and what is open to her; `before` is folded."""

    head: CaseHead = CaseHead()
    status: StatusView = field(default_factory=StatusView)
    turn: TurnView = field(default_factory=TurnView)
    ask: AskView = AskView()
    offer: OfferView = NO_OFFER
    heard: QuestionView = NO_QUESTION
    sheets: tuple[SheetView, ...] = ()
    before: tuple[CaseStep, ...] = ()
    road: tuple[CaseStep, ...] = ()
    matter: MatterView = MatterView()
    withdraw: Move = NO_MOVE


def case_view(
    page: TimelinePage, turn: MyTurn, moves: tuple[Move, ...], papers: FormValidator
) -> CaseView:
    """`papers`: what their files have said, sheet by sheet."""
    before, road = case_steps(page, turn.next_draw)
    sheets = tuple(sheet_views(page, papers))
    return CaseView(
        head=head_view(page),
        status=status_view(page),
        turn=turn_view(page, turn, moves),
        ask=ask_view(page, moves),
        offer=offer_view(page, moves),
        heard=heard_view(page, moves),
        sheets=sheets,
        before=tuple(before),
        road=tuple(road),
        matter=matter_view(page),
        withdraw=next((m for m in moves if m.action == Action.WITHDRAW), NO_MOVE),
    )


def head_view(page: TimelinePage) -> CaseHead:
    request = page.request
    return CaseHead(
        code=request.code,
        digits=persian(request.code),
        district=request.district,
        place=case_text.PLACE.format(district=persian(request.district)),
        title=request.title,
        stage=STAGE[request.stage],
    )


def ask_view(page: TimelinePage, moves: Sequence[Move]) -> AskView:
    """The card over the road, where a step on the request itself is open to her."""
    mine = tuple(move for move in moves if move.place == TOP and _is_still_asked(page, move))
    refused = _newest(page.marks, Action.FINISH, Action.FINISH_REFUSED)
    if refused and refused.action is Action.FINISH_REFUSED:
        return _refused_view(page, refused, mine)
    if not mine:
        return AskView()
    hers = page.request.stage in HER_MOVE
    said = _last_words(page.marks)
    due = page.request.due_at if hers else None
    return AskView(
        head=case_text.ASKED if hers else case_text.OPEN_TO_YOU,
        left=dates_text.left_words(due, page.now) if due else "",
        quote=(said.note or "") if said else "",
        quote_by=_by(page, said) if said else "",
        until=" ".join(
            filter(
                None,
                (
                    _answer_until(page, due) if due else "",
                    _keeps(page, mine),
                ),
            )
        ),
        hers=hers,
        moves=mine,
    )


def _answer_until(page: TimelinePage, due: datetime) -> str:
    """What is asked of her before the draw has its own, earlier hour in the sentence above."""
    asked = page.request.stage in INFO_ASKED
    return (case_text.INFO_UNTIL if asked else case_text.UNTIL).format(
        until=dates_text.until_words(due)
    )


def _is_still_asked(page: TimelinePage, move: Move) -> bool:
    """A redirect is answered, or let stand, before the new district judges."""
    return move.action != Action.OBJECT_REDIRECT or page.request.stage in SCREENING


def _refused_view(page: TimelinePage, refused: Mark, mine: tuple[Move, ...]) -> AskView:
    """The mayor said no: that comes before all else, with his words and what is left to her."""
    answer = _newest(page.marks, Action.ANSWER_OBJECTION)
    said = answer or refused
    return AskView(
        head=case_text.REFUSED_ANSWERED if answer else case_text.REFUSED,
        quote=said.note or "",
        quote_by=_by(page, said),
        until=case_text.REFUSED_FINAL if answer else _way_on(page, refused, mine),
        moves=mine,
    )


def _way_on(page: TimelinePage, refused: Mark, mine: Sequence[Move]) -> str:
    if any(move.action == Action.OBJECT_REFUSAL for move in mine) and refused.at:
        until = dates_text.until_words(deadline_days(refused.at, OBJECTION_DAYS))
        return case_text.REFUSED_MAY.format(until=until)
    due = page.request.due_at
    if not _newest(page.marks, Action.OBJECT_REFUSAL) or due is None:
        return case_text.REFUSED_OVER
    late = case_text.REFUSED_LATE if page.now >= due else case_text.REFUSED_OBJECTED
    return late.format(until=dates_text.until_words(due))


def _newest(marks: Sequence[Mark], *actions: Action) -> Mark | None:
    return next((one for one in reversed(marks) if one.action in actions), None)


def _keeps(page: TimelinePage, mine: Sequence[Move]) -> str:
    """Until when a no keeps her in the list that is fixed next."""
    line = next(iter(page.request.open_lines), None)
    may = any(move.action in (Action.OBJECT, Action.INSIST) for move in mine)
    if line is None or not may or page.now >= line.freeze_at:
        return ""
    return case_text.KEEPS_LIST.format(until=dates_text.until_words(line.freeze_at))


def matter_view(page: TimelinePage) -> MatterView:
    request = page.request
    wanted = [
        label for need, label in needs_text.ACCESS_NEED.items() if need.value in request.needs
    ]
    return MatterView(
        subject=subject(request.subject).name,
        filed=case_text.FILED.format(moment=dates_text.near_moment(request.filed_at, page.now)),
        text=whole_text(request),
        needs="، ".join(wanted),
        photos=photos(page.photos),
        opened=case_text.OPENINGS.format(times=persian(page.openings)) if page.openings else "",
    )


def opening_lines(found: Sequence[Opening], now: datetime) -> list[tuple[str, str]]:
    """Which office, in which role, and when."""
    return [
        (signed(one.role, one.district, one.unit), dates_text.near_moment(one.at, now))
        for one in found
    ]


def _last_words(marks: Sequence[Mark]) -> Mark | None:
    """The newest note of an official on the request itself."""
    return next(
        (
            mark
            for mark in reversed(marks)
            if mark.note and mark.order_number is None and mark.role is not Role.CITIZEN
        ),
        None,
    )


def _by(page: TimelinePage, mark: Mark) -> str:
    by = signed(mark.role, mark.district, page.offered_by, own=True)
    return f"{by}، {dates_text.near_moment(mark.at, page.now)}" if mark.at else by


def heard_view(page: TimelinePage, moves: Sequence[Move]) -> QuestionView:
    (move,) = only(moves, Action.SAY_HEARD) or (NO_MOVE,)
    ended = [m for m in page.marks if m.action in (Action.FINISH, Action.FINISH_REFUSED)]
    met_at = ended[-1].at if ended else None
    if not move.key or met_at is None:
        return NO_QUESTION
    return question_view(
        move, citizen_orders_text.HEARD_BASIS.format(day=weekday_day(tehran_day(met_at)))
    )


def offer_view(page: TimelinePage, moves: Sequence[Move]) -> OfferView:
    """Beside the line and the seat, which stay hers until she herself gives them up for it."""
    (accept,) = only(moves, Action.ACCEPT_ANSWER) or (NO_MOVE,)
    said = _offered(page.marks)
    if accept.place != OFFERED or said is None:
        return NO_OFFER
    unit = page.offered_by
    by = signed(said.role, said.district, unit)
    costs = tuple(_costs(page))
    return OfferView(
        head=citizen_orders_text.OFFERED.format(unit=unit)
        if unit
        else citizen_orders_text.OFFERED_UNNAMED,
        quote=said.note or "",
        quote_by=f"{by}، {dates_text.near_moment(said.at, page.now)}" if said.at else by,
        costs=costs,
        accept=replace(accept, lead=f"{citizen_orders_text.OFFER_SURE} {' '.join(costs)}"),
    )


def _offered(marks: Sequence[Mark]) -> Mark | None:
    return next((one for one in reversed(marks) if one.action is Action.OFFER_ANSWER), None)


def _costs(page: TimelinePage) -> Iterable[str]:
    """What she gives up with the meeting, told before she does it."""
    yield citizen_orders_text.OFFER_CLOSES
    seat = page.request.seat
    if seat:
        time = dates_text.clock(seat.time)
        yield citizen_orders_text.OFFER_COSTS_SEAT.format(day=weekday_day(seat.monday), time=time)
    yield citizen_orders_text.OFFER_COSTS_WAIT
