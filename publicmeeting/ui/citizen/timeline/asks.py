"""Yes or no in one tap: was she heard, was it done? And the answer offered instead of a meeting."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from publicmeeting.domain.choices import Verdict
from publicmeeting.domain.stages import Action, OrderAction
from publicmeeting.domain.timeline import Mark
from publicmeeting.kit.clock import tehran_day
from publicmeeting.kit.jalali import weekday_day
from publicmeeting.text.common import dates_text
from publicmeeting.text.lifecycle.needs_text import ANSWERS, QUESTION
from publicmeeting.text.lifecycle.roles_text import signed
from publicmeeting.text.tracking import citizen_orders_text
from publicmeeting.ui.citizen.timeline.moves import NO_MOVE, OFFERED, Move, action_of, only
from publicmeeting.ui.design.view_model import OmitEmpty, ViewModel
from publicmeeting.usecases.tracking.orders import CitizenOrder
from publicmeeting.usecases.tracking.timeline import TimelinePage


@dataclass(frozen=True)
class QuestionView(ViewModel, OmitEmpty):
    """`move` is the step that either answer takes."""

    move: Move = NO_MOVE
    title: str = ""
    basis: str = ""
    yes: str = ""
    no: str = ""
    hint: str = ""
    """Under the sentence she may add: who reads it."""


NO_QUESTION = QuestionView()


@dataclass(frozen=True)
class OfferView(ViewModel):
    """A unit's answer that she may take instead of the meeting; nothing without `head`."""

    head: str = ""
    quote: str = ""
    quote_by: str = ""
    costs: tuple[str, ...] = ()
    accept: Move = NO_MOVE


NO_OFFER = OfferView()


def heard_view(page: TimelinePage, moves: Sequence[Move]) -> QuestionView:
    (move,) = only(moves, Action.SAY_HEARD) or (NO_MOVE,)
    ended = [m for m in page.marks if m.action in (Action.FINISH, Action.FINISH_REFUSED)]
    met_at = ended[-1].at if ended else None
    if not move.key or met_at is None:
        return NO_QUESTION
    return _question(
        move, citizen_orders_text.HEARD_BASIS.format(day=weekday_day(tehran_day(met_at)))
    )


def done_view(one: CitizenOrder, moves: Sequence[Move]) -> QuestionView:
    (move,) = only(moves, OrderAction.SAY_DONE) or (NO_MOVE,)
    if not move.key:
        return NO_QUESTION
    return _question(move, citizen_orders_text.DONE_BASIS.format(day=weekday_day(one.line.due_on)))


def _question(move: Move, basis: str) -> QuestionView:
    action = action_of(move)
    yes, no = (ANSWERS[action][verdict] for verdict in (Verdict.YES, Verdict.NO))
    hint = f"{citizen_orders_text.SENTENCE_READ_BY[action]} {citizen_orders_text.SENTENCE_HINT}"
    return QuestionView(move, QUESTION[action], basis, yes, no, hint)


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
