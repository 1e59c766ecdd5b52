"""Facts about a request's place in the line from its events: offers, no-shows, Mondays left out."""

from collections.abc import Iterable
from datetime import date

from publicmeeting.domain.line.lanes import CONTEST, WEEKS_BACK, losses_contested, returned_with
from publicmeeting.domain.records import Case, Event, Request, standing
from publicmeeting.domain.roles import Role
from publicmeeting.domain.stages import COMINGS, LETS_GO, SEATED, SEATING, Action, OrderAction

_GIVES_OR_TAKES = (
    Action.SEAT,
    Action.OFFER,
    Action.TAKE_FREE,
    Action.STAND_IN,
    Action.CONFIRM,
)


def is_offered(acts: Iterable[Action | OrderAction | None]) -> bool:
    """Whether the request holds an unaccepted offer after these actions."""
    last = [act for act in acts if act in _GIVES_OR_TAKES][-1:]
    return last == [Action.OFFER]


def is_given_in_hall(acts: Iterable[Action | OrderAction | None]) -> bool:
    """Whether the last seat that these actions gave was one given in the hall.

    Missing it costs only itself.
    """
    last = [act for act in acts if act in SEATING][-1:]
    return last == [Action.STAND_IN]


_SENT_ON = frozenset({Action.REDIRECT, Action.ACCEPT, Action.TAKE_IN})


def newest_release(history: tuple[Event, ...]) -> Event | None:
    """Return the act by which she gave up her last seat or offer, if she has had none since.

    None once she has denied it. A redirect in between does not count as taking it back.
    """
    for event in reversed(history):
        if event.action is Action.DENY_GIVE_UP:
            return None
        if event.from_stage == event.to_stage:
            continue
        if event.action in LETS_GO:
            return event
        if event.action not in _SENT_ON:
            return None
    return None


MISSED_MOST = 2
"""Number of missed meetings after which she is in no list until her identity is verified."""


def missed_meetings(history: tuple[Event, ...]) -> int:
    """Count the no-shows that still stand.

    Not counted: if she came late that day, if a contest gave them back, or if the seat was assigned
    in the hall.
    """
    missed, is_of_the_day = 0, False
    lost_by = [loss.action for loss in losses_contested(history)]
    for event in standing(history):
        match event.action:
            case Action.SEAT | Action.OFFER | Action.TAKE_FREE:
                is_of_the_day = False
            case Action.STAND_IN:
                is_of_the_day = True
            case Action.NO_SHOW if not is_of_the_day:
                missed += 1
            case Action.COME_LATE if not is_of_the_day:
                missed -= 1
            case Action.DECIDE_NO_SHOW if WEEKS_BACK in event.payload:
                missed -= lost_by[int(str(event.payload[CONTEST])) - 1] is Action.NO_SHOW
            case Action.UNDO:
                missed -= sum(lost_by[n - 1] is Action.NO_SHOW for n in returned_with(event))
    return max(missed, 0)


_LEAVES_SEAT = frozenset(
    {
        Action.NOT_CALLED,
        Action.CANCEL_MONDAY,
        Action.NO_SHOW,
        Action.GIVE_UP_SEAT,
        Action.WITHDRAW,
        Action.ACCEPT_ANSWER,
    }
)
_ENDS_WORD = frozenset({*COMINGS, Action.SEAT, Action.OFFER, Action.TAKE_FREE})
"""She showed her card, or got a seat of another Monday."""


def came_by_word_only(history: tuple[Event, ...]) -> bool:
    """Whether she ever typed the hall's code and left her seat of that day without having arrived.

    Also if she denies it: the code counts as her presence, for which she is owed another seat. A
    standby who typed it and got no seat does not count.
    """
    has_typed = False
    for event in standing(history):
        left = event.action in _LEAVES_SEAT and event.from_stage in SEATED
        if event.action is Action.PRESENT:
            has_typed = event.role is Role.CITIZEN
        elif has_typed and (left or event.action is Action.DENY_GIVE_UP):
            return True
        elif event.action in _ENDS_WORD:
            has_typed = False
    return False


def is_out(request: Request, monday: date) -> bool:
    """Whether she left this Monday out, by her newest choice about it."""
    out = False
    for event in standing(request.history):
        named = event.payload.get("monday")
        if event.action is Action.MOVE_ONCE and isinstance(named, str):
            out = out or monday < date.fromisoformat(named)
        elif named == monday.isoformat() and event.action in (Action.EXCLUDE, Action.INCLUDE):
            out = event.action is Action.EXCLUDE
    return out


NOTED_ON = "monday"
"""Payload key of the note of a paper meeting: its day, as an ISO date."""


def note_of(case: Case, monday: date) -> Event | None:
    """Return the note of a paper meeting on that Monday, or None."""
    notes = (event for event in case.history if event.action is Action.NOTE_PAPER)
    return next((note for note in notes if note.payload[NOTED_ON] == monday.isoformat()), None)
