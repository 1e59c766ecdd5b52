"""From the steps that are open to her to buttons and forms; which are open, the tables say."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from publicmeeting.domain.lifecycle import AnyAction, Step
from publicmeeting.domain.stages import Action, Need, OrderAction
from publicmeeting.kit.jalali import weekday_day
from publicmeeting.text import my_case as words
from publicmeeting.text import needs
from publicmeeting.text.actions import ACTION
from publicmeeting.ui.design.models import Choice
from publicmeeting.ui.design.view import Sparse, View
from publicmeeting.usecases.my_turn import MyTurn

TOP, TURN, FOOT = "top", "turn", "foot"
"""Where the form of a step opens; that of an order under its own number."""

_OF_THE_TURN = (Action.CONFIRM, Action.GIVE_UP_SEAT, Action.MOVE_ONCE, Action.TAKE_FREE)
_ELSEWHERE = frozenset({Action.EXCLUDE, Action.INCLUDE, Action.ASK_LANE})
"""The Mondays have buttons of their own; a lane is asked for with a document, at the desk."""
AT_ONCE: frozenset[AnyAction] = frozenset(
    {Action.CONFIRM, Action.TAKE_FREE, OrderAction.CONFIRM_DONE}
)
"""One tap is enough: she can take each of them back."""
_ENDS: frozenset[AnyAction] = frozenset({Action.WITHDRAW, Action.GIVE_UP_SEAT})


@dataclass(frozen=True)
class Move(View, Sparse):
    """One open step; with `at_once` a tap takes it, else its form opens first."""

    key: str = ""
    action: str = ""
    number: str = ""
    """Of the order it is taken on; empty for the request itself."""
    place: str = ""
    label: str = ""
    at_once: bool = False
    lead: str = ""
    button: str = ""
    note: str = ""
    """The label of the text, if there is one."""
    note_hint: str = ""
    photos: bool = False
    mondays: tuple[Choice, ...] = ()
    ends: bool = False
    """It takes something away: its button is the dangerous one."""


NO_MOVE = Move()


def request_moves(steps: Iterable[Step], turn: MyTurn) -> tuple[Move, ...]:
    """Every step on the request that has a button of this page."""
    return tuple(
        _move(step, _place(step.action), mondays=turn.move_to)
        for step in steps
        if step.action not in _ELSEWHERE and (step.action is not Action.TAKE_FREE or _free(turn))
    )


def order_moves(steps: Iterable[Step], number: str) -> tuple[Move, ...]:
    return tuple(_move(step, number, number=number) for step in steps)


def only(moves: Sequence[Move], *actions: AnyAction) -> tuple[Move, ...]:
    """Those of these actions, in this order."""
    return tuple(move for action in actions for move in moves if move.action == action)


def without(moves: Sequence[Move], *actions: AnyAction) -> tuple[Move, ...]:
    return tuple(move for move in moves if move.action not in actions)


def _free(turn: MyTurn) -> bool:
    return turn.free is not None and bool(turn.free.times)


def _place(action: AnyAction) -> str:
    if action in _OF_THE_TURN:
        return TURN
    return FOOT if action is Action.WITHDRAW else TOP


def _move(step: Step, place: str, *, number: str = "", mondays: Sequence[date] = ()) -> Move:
    action = step.action
    takes = (*step.needs, *step.may)
    label = words.OPENER.get(action, ACTION[action])
    note = words.NOTE.get(action, needs.LABEL[Need.NOTE]) if Need.NOTE in takes else ""
    return Move(
        key=f"{number}/{action.value}",
        action=action.value,
        number=number,
        place=place,
        label=label,
        at_once=action in AT_ONCE,
        lead=words.LEAD.get(action, ""),
        button=words.BUTTON.get(action, label),
        note=note,
        note_hint=needs.NOTE_HINT_CITIZEN if Need.NOTE in step.needs else "",
        photos=Need.PHOTOS in takes,
        mondays=_choices(mondays) if Need.MONDAY in takes else (),
        ends=action in _ENDS,
    )


def _choices(days: Sequence[date]) -> tuple[Choice, ...]:
    return tuple(Choice(day.isoformat(), weekday_day(day)) for day in days)
