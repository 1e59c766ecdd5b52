"""Steps that are open to the citizen, as buttons, forms and questions; the lifecycle tables say
which."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain

from publicmeeting.domain.choices import Lane as LaneName
from publicmeeting.domain.choices import Verdict
from publicmeeting.domain.lifecycle.tables import AnyAction, Step
from publicmeeting.domain.stages import Action, Need, OrderAction
from publicmeeting.kit.jalali import weekday_day
from publicmeeting.text.lifecycle import needs_text, telephone_text
from publicmeeting.text.lifecycle.actions_text import ACTION
from publicmeeting.text.lifecycle.needs_text import ANSWERS, QUESTION
from publicmeeting.text.tracking import case_text, citizen_orders_text
from publicmeeting.ui.design.models import Choice
from publicmeeting.ui.reflex.view_model import OmitEmpty, ViewModel
from publicmeeting.usecases.tracking.orders import CitizenOrder
from publicmeeting.usecases.tracking.timeline import TimelinePage
from publicmeeting.usecases.tracking.turn import MyTurn

TOP, TURN, LANE, LIST = "top", "turn", "lane", "list"
DAY = "day"
"""Place of her answer to a call."""
HALL = "hall"
"""Place of the field for the code on the hall's screen, and the field's name."""
FOOT, OFFERED, HEARD, REPORT = "foot", "offer", "said", "done"
"""Places of the page where the form of a step opens. The form of an order opens under its
number."""
_OF_THE_TURN = (
    Action.CONFIRM,
    Action.GIVE_UP_SEAT,
    Action.MOVE_ONCE,
    Action.TAKE_FREE,
    Action.WANT_FREE,
)
_ELSEWHERE = frozenset(
    {Action.EXCLUDE, Action.INCLUDE, Action.PRESENT, Action.CORRECT_NAME, Action.ERASE}
)
"""Steps without a button here: the Mondays and the hall's code have their own forms, and her data
has its own page."""
TELEPHONE = (Action.ASK_CALL, Action.ASK_VISIT)
"""Whether she is telephoned at her time or comes; at most one of the two is open to her."""
AT_ONCE: frozenset[AnyAction] = frozenset(
    {
        Action.CONFIRM,
        Action.UNDO,
        Action.UNDO_GIVE_UP,
        Action.DENY_GIVE_UP,
        Action.COMING,
        Action.WANT_FREE,
        *TELEPHONE,
        OrderAction.CONFIRM_DONE,
    }
)
"""Steps that one tap takes: she can undo each of them, or they take nothing from anybody.

A free seat needs a second tap: if she gives it back, it is lost to her.
"""
_ENDS: frozenset[AnyAction] = frozenset({Action.WITHDRAW, Action.GIVE_UP_SEAT, Action.SAY_MET})


@dataclass(frozen=True)
class Move(ViewModel, OmitEmpty):
    """One open step. With `at_once` a tap takes it, else its form opens first."""

    key: str = ""
    action: str = ""
    number: str = ""
    """Number of the order; empty for a step on the request itself."""
    place: str = ""
    label: str = ""
    at_once: bool = False
    lead: str = ""
    button: str = ""
    note: str = ""
    """The label of the text field, if there is one."""
    note_hint: str = ""
    photos: bool = False
    photos_hint: str = ""
    mondays: tuple[Choice, ...] = ()
    lanes: tuple[Choice, ...] = ()
    about: str = ""
    """Id of the event that the step answers, if a newer event may come meanwhile."""
    ends: bool = False
    """Whether the step takes something away from her; its button is then red."""
    is_rare: bool = False
    """Whether hardly anybody needs the step; its button is then below the others, and quiet."""


NO_MOVE = Move()


@dataclass(frozen=True)
class QuestionView(ViewModel, OmitEmpty):
    """A question with two answers; both take the step `move`."""

    move: Move = NO_MOVE
    title: str = ""
    basis: str = ""
    yes: str = ""
    no: str = ""
    hint: str = ""
    """Hint below the sentence that she may add; names its readers."""


NO_QUESTION = QuestionView()


@dataclass(frozen=True, slots=True)
class OpenMoves:
    """Every step with a button on this page; those of each order under its number."""

    request: tuple[Move, ...]
    orders: Mapping[str, tuple[Move, ...]]

    def by_key(self) -> dict[str, Move]:
        of_orders = chain.from_iterable(self.orders.values())
        return {move.key: move for move in (*self.request, *of_orders)}


def open_moves(page: TimelinePage, turn: MyTurn) -> OpenMoves:
    own = tuple(_about(move, page.answered) for move in request_moves(page.steps, turn))
    if page.is_displaced:  # the request is not in the line, and this step does not put it back
        label = case_text.RECLAIM_BUTTON
        own = tuple(replace(move, label=label, button=label) for move in own)
    return OpenMoves(own, moves_of_orders(page.orders))


def _about(move: Move, answered: Mapping[AnyAction, int]) -> Move:
    """Add the id of the answered event, also to the key that the browser sends: its page may be out
    of date.

    The form of an order has its key without it, because a text typed there survives a newer report.
    """
    event_id = answered.get(action_of(move))
    if event_id is None:
        return move
    has_text = bool(move.number) and not move.at_once
    key = move.key if has_text else f"{move.key}/{event_id}"
    return replace(move, key=key, about=str(event_id))


def moves_of_orders(orders: Iterable[CitizenOrder]) -> dict[str, tuple[Move, ...]]:
    return {
        order.line.number: tuple(
            _about(move, order.answered) for move in order_moves(order.steps, order.line.number)
        )
        for order in orders
    }


def request_moves(steps: Iterable[Step], turn: MyTurn) -> tuple[Move, ...]:
    """Return every step on the request that has a button on this page."""
    steps = tuple(steps)
    own = telephone_text.STEP if turn.by_telephone else {}
    beside = not any(step.action is Action.INSIST for step in steps)
    return tuple(
        _accept_beside_line(_decline_offer(move, turn), beside=beside)
        for move in (
            replace(move, label=own.get(step.action, move.label))
            for step in steps
            for move in (
                _move(step, _place(step.action), mondays=turn.move_to, lanes=_lanes(turn)),
            )
            if step.action not in _ELSEWHERE and _is_available(step.action, turn)
        )
    )


def order_moves(steps: Iterable[Step], number: str) -> tuple[Move, ...]:
    """Return the steps on one order. A question has its own card, and its form opens there."""
    return tuple(_move(step, _order_place(step, number), number=number) for step in steps)


def question_view(move: Move, basis: str) -> QuestionView:
    """Return the question that this step answers; `NO_QUESTION` without a step. `basis` says what
    it is about."""
    if not move.key:
        return NO_QUESTION
    action = action_of(move)
    yes, no = (ANSWERS[action][verdict] for verdict in (Verdict.YES, Verdict.NO))
    hint = f"{citizen_orders_text.SENTENCE_READ_BY[action]} {citizen_orders_text.SENTENCE_HINT}"
    return QuestionView(move, QUESTION[action], basis, yes, no, hint)


def action_of(move: Move) -> AnyAction:
    return OrderAction(move.action) if move.number else Action(move.action)


def report_place(number: str) -> str:
    """Return the place of the question whether the unit's report is true."""
    return f"{REPORT}-{number}"


def question_place(number: str) -> str:
    """Return the place of the question whether the work was done, before the unit has reported."""
    return f"{HEARD}-{number}"


def _order_place(step: Step, number: str) -> str:
    if step.action in (OrderAction.CONFIRM_DONE, OrderAction.CONTEST):
        return report_place(number)
    return question_place(number) if Need.VERDICT in step.needs else number


def move_of(moves: Sequence[Move], action: AnyAction) -> Move:
    """Return the move of this action; `NO_MOVE` if the step is not open."""
    return next((move for move in moves if move.action == action), NO_MOVE)


def only(moves: Sequence[Move], *actions: AnyAction) -> tuple[Move, ...]:
    """Return the moves of these actions, in the order of the actions."""
    return tuple(move for action in actions for move in moves if move.action == action)


def without(moves: Sequence[Move], *actions: AnyAction) -> tuple[Move, ...]:
    return tuple(move for move in moves if move.action not in actions)


def _is_available(action: AnyAction, turn: MyTurn) -> bool:
    """Return whether the city has what the step takes: a free seat or none, a lane to ask for."""
    if action is Action.TAKE_FREE:
        return turn.free is not None and bool(turn.free.times)
    if action is Action.WANT_FREE:
        return turn.want is not None and not turn.want.is_asked
    return action is not Action.ASK_LANE or bool(_lanes(turn))


def _lanes(turn: MyTurn) -> tuple[LaneName, ...]:
    return turn.lane.may_ask if turn.lane else ()


def is_offer(turn: MyTurn) -> bool:
    """Return whether the seat she holds is an offer that she has not accepted yet."""
    return turn.cost is not None and turn.cost.of_an_offer


def _decline_offer(move: Move, turn: MyTurn) -> Move:
    """Make giving up a seat that is only offered one tap: it costs her nothing, and another citizen
    waits for it."""
    if move.action != Action.GIVE_UP_SEAT or not is_offer(turn):
        return move
    return replace(move, label=case_text.DECLINE_OFFER, at_once=True, ends=False)


def _accept_beside_line(move: Move, *, beside: bool) -> Move:
    """Mark the acceptance of an answer offered `beside` the line: it gives up the meeting."""
    if move.action != Action.ACCEPT_ANSWER or not beside:
        return move
    return replace(move, place=OFFERED, ends=True)


def _place(action: AnyAction) -> str:
    if action is Action.SAY_HEARD:
        return HEARD
    if action is Action.ASK_LANE:
        return LANE
    if action is Action.COMING:
        return DAY
    if action in _OF_THE_TURN:
        return TURN
    return FOOT if action in (Action.WITHDRAW, *TELEPHONE) else TOP


def _move(
    step: Step,
    place: str,
    *,
    number: str = "",
    mondays: Sequence[date] = (),
    lanes: Sequence[LaneName] = (),
) -> Move:
    action = step.action
    takes = (*step.needs, *step.may)
    label = case_text.OPENER.get(action, ACTION[action])
    note = case_text.NOTE.get(action, needs_text.LABEL[Need.NOTE]) if Need.NOTE in takes else ""
    return Move(
        key=f"{number}/{action.value}",
        action=action.value,
        number=number,
        place=place,
        label=label,
        at_once=action in AT_ONCE,
        lead=case_text.LEAD.get(action, ""),
        button=case_text.BUTTON.get(action, label),
        note=note,
        note_hint=needs_text.NOTE_HINT_CITIZEN if Need.NOTE in step.needs else "",
        photos=Need.PHOTOS in takes,
        photos_hint=case_text.PHOTOS.get(action, ""),
        mondays=_monday_choices(mondays) if Need.MONDAY in takes else (),
        lanes=_lane_choices(lanes) if Need.LANE in takes else (),
        ends=action in _ENDS,
        is_rare=action is OrderAction.SAY_NOT_HERS,
    )


def _lane_choices(lanes: Sequence[LaneName]) -> tuple[Choice, ...]:
    return tuple(
        Choice(
            lane.value,
            case_text.LANE.format(name=needs_text.LANE[lane], hint=needs_text.LANE_HINT[lane]),
        )
        for lane in lanes
    )


def _monday_choices(days: Sequence[date]) -> tuple[Choice, ...]:
    return tuple(Choice(day.isoformat(), weekday_day(day)) for day in days)
