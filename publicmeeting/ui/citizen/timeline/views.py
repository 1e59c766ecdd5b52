"""What her page shows of one request, composed from the views of its road, turn and orders."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from publicmeeting.domain.lifecycle.guards import UNDOABLE
from publicmeeting.domain.records import Request, Seat
from publicmeeting.domain.roles import Role
from publicmeeting.domain.stages import INFO_ASKED, SCREENING, Action
from publicmeeting.domain.timeline import Mark
from publicmeeting.kit.digits import persian
from publicmeeting.kit.jalali import weekday_day
from publicmeeting.text.common import dates_text
from publicmeeting.text.filing.filing_text import whole_text
from publicmeeting.text.lifecycle import needs_text
from publicmeeting.text.lifecycle.roles_text import signed
from publicmeeting.text.lifecycle.stages_text import STAGE
from publicmeeting.text.tracking import case_text, citizen_orders_text
from publicmeeting.text.tracking.day_words import words_of
from publicmeeting.ui.citizen.shared import photo_views
from publicmeeting.ui.citizen.timeline.moves import (
    NO_MOVE,
    NO_QUESTION,
    OFFERED,
    TELEPHONE,
    TOP,
    Move,
    OpenMoves,
    QuestionView,
    move_of,
    only,
    question_view,
)
from publicmeeting.ui.citizen.timeline.orders import CheckedPapers, SheetView, sheet_views
from publicmeeting.ui.citizen.timeline.status import (
    NO_DAY,
    CaseStep,
    DayView,
    StatusView,
    case_steps,
    day_view,
    status_view,
)
from publicmeeting.ui.citizen.timeline.turns import TurnView, turn_view
from publicmeeting.ui.design.models import Photo
from publicmeeting.ui.reflex.view_model import ViewModel
from publicmeeting.ui.shell.road import HER_MOVE
from publicmeeting.usecases.lifecycle.effects.costs import Cost
from publicmeeting.usecases.line.objections.undoing import Denial
from publicmeeting.usecases.tracking.timeline import Opening, TimelinePage
from publicmeeting.usecases.tracking.turn import MyTurn


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
    """What the city asks of her, or a step that is open to her; `quote`: the office's own text."""

    head: str = ""
    left: str = ""
    quote: str = ""
    quote_by: str = ""
    until: str = ""
    hers: bool = False
    moves: tuple[Move, ...] = ()


@dataclass(frozen=True)
class OfferView(ViewModel):
    """A unit's answer that she may accept instead of the meeting; empty without `head`."""

    head: str = ""
    quote: str = ""
    quote_by: str = ""
    costs: tuple[str, ...] = ()
    accept: Move = NO_MOVE


NO_OFFER = OfferView()


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
    day: DayView = NO_DAY
    turn: TurnView = field(default_factory=TurnView)
    ask: AskView = AskView()
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
    """What a seat by telephone needs first."""


def with_hall_code(case: CaseView, digits: str) -> CaseView:
    """What the hall's QR brought stands in the field already; she sends it herself."""
    hall = case.turn.hall
    if not hall.may_say or not digits.isascii() or not digits.isdecimal():
        return case
    return replace(case, turn=replace(case.turn, hall=replace(hall, typed=digits)))


def case_view(
    page: TimelinePage, turn: MyTurn, moves: OpenMoves, papers: CheckedPapers
) -> CaseView:
    """`papers`: the result of the last check of the files of her papers."""
    before, road = case_steps(page, turn.next_draw)
    own = moves.request
    day = words_of(turn.day) if turn.day else None
    return CaseView(
        head=head_view(page.request),
        ask=ask_view(page, own),
        offer=offer_view(page, move_of(own, Action.ACCEPT_ANSWER)),
        heard=heard_view(page, move_of(own, Action.SAY_HEARD)),
        withdraw=move_of(own, Action.WITHDRAW),
        by_telephone=turn.by_telephone,
        telephone_proof=case_text.TELEPHONE_PROOF if page.proves_first else "",
        telephone=next(iter(only(own, *TELEPHONE)), NO_MOVE),
        matter=matter_view(page),
        before=before,
        road=road,
        sheets=tuple(sheet_views(page, moves.orders, papers)),
        turn=turn_view(page, turn, own),
        day=day_view(day, move_of(own, Action.COMING), page.dates.time),
        status=status_view(page, day),
    )


def head_view(request: Request) -> CaseHead:
    return CaseHead(
        code=request.code,
        digits=persian(request.code),
        district=request.district,
        place=case_text.PLACE.format(district=persian(request.district)),
        title=request.title,
        stage=STAGE[request.stage],
    )


def ask_view(page: TimelinePage, moves: Sequence[Move]) -> AskView:
    """The card above the road, where a step on the request itself is open to her."""
    mine = tuple(move for move in moves if move.place == TOP and _is_open(page.request, move))
    refused = _newest(page.marks, Action.FINISH, Action.FINISH_REFUSED)
    if refused and refused.action is Action.FINISH_REFUSED:
        return _refused_view(page, refused, mine)
    if not mine:
        return AskView()
    hers = page.request.stage in HER_MOVE
    note = _newest_note(page.marks)
    due = page.request.due_at if hers and not _is_longer_anyway(page) else None
    return AskView(
        head=_ask_head(mine, hers=hers),
        left=page.dates.left(due) if due else "",
        quote=(note.note or "") if note else "",
        quote_by=_signature(page, note) if note else "",
        until=" ".join(
            filter(
                None,
                (
                    _answer_until(page, due) if due else "",
                    _place_stays_until(page, mine),
                    _taken_back(page, mine),
                ),
            )
        ),
        hers=hers,
        moves=mine,
    )


def _is_longer_anyway(page: TimelinePage) -> bool:
    """Her silence ends nothing at this deadline: since she is displaced it will be made longer."""
    return page.is_displaced and _newest(page.marks, Action.WAIT_LONGER) is None


def _ask_head(mine: Sequence[Move], *, hers: bool) -> str:
    if any(move.action == Action.SAY_MET for move in mine):
        return case_text.PAPER_ASKED
    return case_text.ASKED if hers else case_text.OPEN_TO_YOU


def _is_open(request: Request, move: Move) -> bool:
    """She may object to a redirect only until the new district has judged the request."""
    return move.action != Action.OBJECT_REDIRECT or request.stage in SCREENING


def _answer_until(page: TimelinePage, due: datetime) -> str:
    """Where information is missing, the status above already names the earlier hour of the draw."""
    sentence = case_text.INFO_UNTIL if page.request.stage in INFO_ASKED else case_text.UNTIL
    return sentence.format(until=page.dates.until(due))


def _taken_back(page: TimelinePage, mine: Sequence[Move]) -> str:
    """What taking back a seat, or undoing her leaving, brings and costs."""
    actions = {move.action for move in mine}
    seat, cost = page.request.seat_back, page.undo_cost
    if seat is not None and Action.UNDO_GIVE_UP in actions:
        return case_text.SEAT_BACK.format(**_day_and_time(seat))
    if page.denial is not None:
        return _denied(page.denial)
    if Action.UNDO not in actions:
        return ""
    left = _newest(page.marks, *UNDOABLE)
    if page.is_displaced:
        return case_text.RECLAIM_ASKED
    lead = case_text.RECLAIM if left is not None and left.action is Action.DISPLACE else ""
    return f"{lead} {_undone(cost) if cost else ''}".strip()


def _day_and_time(seat: Seat) -> dict[str, str]:
    return {"day": weekday_day(seat.monday), "time": dates_text.clock(seat.time)}


def _undone(cost: Cost) -> str:
    """What a seat counts that does not come back with her."""
    if cost.owed:
        return case_text.UNDO_OWED
    costs = case_text.UNDO_COSTS_WEEKS if cost.weeks else case_text.UNDO_COSTS
    return f"{costs} {case_text.UNDO_COSTS_DEBT}" if cost.debt else costs


def _denied(denial: Denial) -> str:
    """What comes back where her seat has gone on and giving it up was not hers."""
    if denial.cost.owed:
        return case_text.DENY_OWED
    return case_text.DENY_WEEKS if denial.weeks else case_text.DENY_DEBT


def _place_stays_until(page: TimelinePage, mine: Sequence[Move]) -> str:
    """Until when an objection still leaves her in the list that is fixed next."""
    line = next(iter(page.request.open_lines), None)
    may = any(move.action in (Action.OBJECT, Action.INSIST) for move in mine)
    if line is None or not may or page.now >= line.freeze_at:
        return ""
    return case_text.KEEPS_LIST.format(until=page.dates.until(line.freeze_at))


def _refused_view(page: TimelinePage, refused: Mark, mine: tuple[Move, ...]) -> AskView:
    """The mayor has refused: his words come first, then what she can still do."""
    answer = _newest(page.marks, Action.ANSWER_OBJECTION)
    reason = answer or refused
    return AskView(
        head=case_text.REFUSED_ANSWERED if answer else case_text.REFUSED,
        quote=reason.note or "",
        quote_by=_signature(page, reason),
        until=case_text.REFUSED_FINAL if answer else _objection_until(page, mine),
        moves=mine,
    )


def _objection_until(page: TimelinePage, mine: Sequence[Move]) -> str:
    """Until when she may object, or until when her objection is answered."""
    may_object = any(move.action == Action.OBJECT_REFUSAL for move in mine)
    if page.refusal is not None and may_object:
        return case_text.REFUSED_MAY.format(until=page.dates.until(page.refusal.objection_until))
    due = page.request.due_at
    if not _newest(page.marks, Action.OBJECT_REFUSAL) or due is None:
        return case_text.REFUSED_OVER
    late = case_text.REFUSED_LATE if page.now >= due else case_text.REFUSED_OBJECTED
    return late.format(until=page.dates.until(due))


def offer_view(page: TimelinePage, accept: Move) -> OfferView:
    """An answer offered beside her place in the line: she loses that only by accepting it."""
    answer = _newest(page.marks, Action.OFFER_ANSWER)
    if accept.place != OFFERED or answer is None:
        return NO_OFFER
    unit = page.offered_by
    by = signed(answer.role, answer.district, unit)
    costs = tuple(_costs(page.request))
    return OfferView(
        head=citizen_orders_text.OFFERED.format(unit=unit)
        if unit
        else citizen_orders_text.OFFERED_UNNAMED,
        quote=answer.note or "",
        quote_by=page.dates.signed(by, answer.at),
        costs=costs,
        accept=replace(accept, lead=f"{citizen_orders_text.OFFER_SURE} {' '.join(costs)}"),
    )


def _costs(request: Request) -> Iterable[str]:
    """What she gives up with the meeting; she reads it before she accepts."""
    yield citizen_orders_text.OFFER_CLOSES
    if request.seat:
        yield citizen_orders_text.OFFER_COSTS_SEAT.format(**_day_and_time(request.seat))
    yield citizen_orders_text.OFFER_COSTS_WAIT


def heard_view(page: TimelinePage, move: Move) -> QuestionView:
    """Whether she was heard, once she has met the mayor; `move` is the step that says so."""
    meeting = _newest(page.marks, Action.FINISH, Action.FINISH_REFUSED)
    if meeting is None or meeting.at is None:
        return NO_QUESTION
    basis = citizen_orders_text.HEARD_BASIS.format(day=page.dates.day(meeting.at))
    return question_view(move, basis)


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
    """Who has opened her file, by office and role, and when."""
    dates = dates_text.DateWords(now)
    return [
        (
            signed(opening.role, opening.district, opening.unit),
            dates.near(opening.at),
        )
        for opening in found
    ]


def _newest(marks: Sequence[Mark], *actions: Action) -> Mark | None:
    return next((mark for mark in reversed(marks) if mark.action in actions), None)


def _newest_note(marks: Sequence[Mark]) -> Mark | None:
    """The newest note of an official on the request itself."""
    return next(
        (
            mark
            for mark in reversed(marks)
            if mark.note and mark.order_number is None and mark.role is not Role.CITIZEN
        ),
        None,
    )


def _signature(page: TimelinePage, mark: Mark) -> str:
    """Which office wrote it, and when."""
    by = signed(mark.role, mark.district, page.offered_by, own=True)
    return page.dates.signed(by, mark.at)
