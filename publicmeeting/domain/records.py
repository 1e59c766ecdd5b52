"""What the store returns: events, requests and orders as frozen values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from publicmeeting.domain.matter import Matter
from publicmeeting.domain.mondays import MondayState
from publicmeeting.domain.people import Level
from publicmeeting.domain.pictures import PictureKind
from publicmeeting.domain.roles import Role
from publicmeeting.domain.stages import TAKES_BACK, Action, OrderAction, OrderStage, Stage


@dataclass(frozen=True, slots=True)
class Event:
    """One fact of the audit. `payload` holds ids, enums, dates and hashes only, never a text.

    `note` is what a person wrote; it lives in an erasable encrypted row of its own, so that the
    append-only audit and a citizen's right to deletion can both hold.
    """

    action: Action | OrderAction
    role: Role
    at: datetime
    from_stage: Stage | OrderStage | None
    to_stage: Stage | OrderStage
    account_id: str | None = None
    person_id: str | None = None
    payload: Mapping[str, object] = field(default_factory=dict)
    note: str | None = None
    due_at: datetime | None = None
    """When the new stage counts as late (or, with a firing clock row, when the clock acts)."""
    id: int = 0
    order_id: str | None = None

    @property
    def pressed_at(self) -> datetime:
        """When it was done: before `at` where the tablet that it was pressed on had no network."""
        pressed = self.payload.get(PRESSED_AT)
        return datetime.fromisoformat(pressed) if isinstance(pressed, str) else self.at


PRESSED_AT = "pressed_at"
"""Of an event's payload: the instant of a press that arrived later."""


def standing(history: tuple[Event, ...]) -> tuple[Event, ...]:
    """What counts of these events: without what was taken back, nor the taking back. Of a single
    day's events the act may be missing that was taken back on it: it was an earlier day's."""
    counting: list[Event] = []
    for event in history:
        undone = TAKES_BACK.get(event.action, ()) if isinstance(event.action, Action) else ()
        if not undone:
            counting.append(event)
            continue
        backwards = reversed(range(len(counting)))
        newest = next((at for at in backwards if counting[at].action in undone), None)
        if newest is not None:
            del counting[newest]
        if event.action is Action.DENY_GIVE_UP:  # it counts for itself
            counting.append(event)
    return tuple(counting)


FILED_FOR = "person"
"""In the payload of a filing by an officer: the id of whom he has filed for."""
FREE = "free"
"""In the payload of giving up a seat that needed no answer: it counts as nothing."""
SAME_HOUSE = "same_house"
"""In the payload of a place that changed: it is another hall of the building she knows."""
PAPER, PAPER_UNTIL = "paper_at", "paper_until"
"""In the payload of what is entered from a paper: the hours written on it, `09:15`."""


@dataclass(frozen=True, slots=True)
class Seat:
    """A start time on a Monday, held by one request."""

    monday: date
    time: str
    why: str
    answer_by: datetime

    @property
    def lane(self) -> str | None:
        """The lane that gave it, if one did."""
        kind, _, name = self.why.partition(":")
        return name if kind == "lane" else None

    def needs_no_answer(self, due_at: datetime | None) -> bool:
        """Whether it is hers without one: the city was away when she had to give it, so that the
        request falls due later than the answer did."""
        return due_at is not None and due_at > self.answer_by


OFFERED = "standby"
"""Why she has a seat that was offered to her as the next of the drawn line."""

STAND_IN = "stand_in"
"""Why she has a seat that the clock gave her at the door."""


def is_drawn(why: str) -> bool:
    """Whether the draw gave this seat; otherwise it was passed on after it."""
    return why in {"debt", "line"} or why.startswith("lane:")


@dataclass(frozen=True, slots=True)
class OpenLine:
    """A line that is not frozen yet, and for which a request was filed in time."""

    closes_at: datetime
    """When filing for it closes."""
    screened_by: datetime
    """From here on nobody of it is turned away any more."""
    freeze_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """What is filed, once it has been checked."""

    person: "Person"
    district: int
    matter: Matter
    needs: tuple[str, ...] = ()
    prefers: str = "any"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request(Matter):
    """One citizen's request to meet the mayor of one district, with its whole history."""

    id: str
    code: str
    district: int
    stage: Stage
    version: int
    person_id: str
    filed_at: datetime
    stage_at: datetime
    ticket: str
    prefers: str = "any"
    lane: str = "general"
    waited: int = 0
    debt: int = 0
    missed: int = 0
    """Seats she did not come to, where that has not been taken back."""
    needs: tuple[str, ...] = ()
    due_at: datetime | None = None
    seat: Seat | None = None
    filed_by: str | None = None
    """The account that filed in the citizen's name, if one did."""
    name_seen_by: frozenset[str] = frozenset()
    """Accounts that have seen the name of this case: they cannot screen it."""
    day_held_by: str | None = None
    """The account that holds the Monday of the seat (mayor or named deputy)."""
    room_taken: bool = False
    """Whether another visitor of the same Monday is in the room."""
    outcome_recorded: bool = False
    moves_until: datetime | None = None
    """With a seat: until when it may be moved to another Monday."""
    hours_end_at: datetime | None = None
    """End of the meeting hours on the Monday of her seat, or of the one she missed."""
    open_lines: tuple[OpenLine, ...] = ()
    """While it stands, or may stand again, before the desk: those it is in time for, the next
    Monday's first."""
    undo_until: datetime | None = None
    """Once she has left: until when she may undo it. None while no list was fixed since."""
    seat_back: Seat | None = None
    """The seat she gave up last, while she may have it back: nobody was asked for it, and its day
    has not begun."""
    desk_until: datetime | None = None
    """While it stands before the desk: until when it may take it out of the line, which is the
    first close of a line after it last came in."""
    informed: tuple[tuple[int, datetime | None], ...] = ()
    """Of what she may still object to: the event, and when she was first notified of it; None while
    nobody has."""
    outages: tuple[tuple[datetime, datetime], ...] = ()
    """When the city did not run, where she may contradict something until some day."""
    history: tuple[Event, ...] = ()

    def last(self, *actions: Action | OrderAction) -> Event | None:
        """The newest event of one of these actions, not what was taken back at once."""
        return next((e for e in reversed(standing(self.history)) if e.action in actions), None)

    def count(self, *actions: Action | OrderAction) -> int:
        return sum(e.action in actions for e in standing(self.history))


@dataclass(frozen=True, slots=True)
class Order:
    """A mayor's order to one unit: the promise that is followed until it is fulfilled."""

    id: str
    number: str
    request_id: str
    request_code: str
    district: int
    person_id: str
    unit_id: str
    stage: OrderStage
    version: int
    text: str
    issued_at: datetime
    stage_at: datetime
    due_on: date
    first_due_on: date
    image_id: str | None = None
    promise: str = ""
    """What was promised, in one plain sentence that the citizen reads first."""
    priority: str = "normal"
    due_at: datetime | None = None
    climbs_at: datetime | None = None
    """When its lateness goes one level up."""
    is_right_order_owed: bool = False
    """It has become void, newest of all that was issued in its meeting, and nothing stands."""
    day_held_by: str | None = None
    informed: tuple[tuple[int, datetime | None], ...] = ()
    """Of what called it done: the same as of a request's decision."""
    outages: tuple[tuple[datetime, datetime], ...] = ()
    """When the city did not run, where she may have it reopened until some day."""
    history: tuple[Event, ...] = ()

    def last(self, *actions: Action | OrderAction) -> Event | None:
        """The newest event of one of these actions."""
        return next((e for e in reversed(self.history) if e.action in actions), None)

    def count(self, *actions: Action | OrderAction) -> int:
        return sum(e.action in actions for e in self.history)


Case = Request | Order


@dataclass(frozen=True, slots=True)
class Person:
    """A citizen: an identity number with its kind; a mobile is only a way to reach her."""

    id: str
    kind: str
    identity: str
    name: str
    mobile: str | None = None
    level: Level = Level.TYPED
    is_displaced: bool = False
    """The identity is proved to be somebody else's: `identity` is empty, and nothing more is filed
    for this row."""


@dataclass(frozen=True, slots=True)
class RequestLine:
    """A request as one row of a list: no history, so no step can be taken on it."""

    id: str
    code: str
    district: int
    stage: Stage
    subject: str
    title: str
    snippet: str
    filed_at: datetime
    stage_at: datetime
    due_at: datetime | None
    person_id: str
    needs: tuple[str, ...] = ()
    seat: Seat | None = None
    linked: int = 0
    """How many other requests the same person has filed, without saying who."""


@dataclass(frozen=True, slots=True)
class Image:
    """A stored picture: content hashes of its sizes, and what it belongs to."""

    id: str
    kind: PictureKind
    web: str
    thumb: str
    width: int
    height: int
    order_id: str | None = None
    event_id: int | None = None
    made_from: str | None = None


@dataclass(frozen=True, slots=True)
class Monday:
    """A meeting day of a district: its seats' start times, strictly ascending."""

    district: int
    on: date
    seats: tuple[str, ...]
    state: MondayState
    held_by: str | None = None
    why: str = ""
    ended_at: datetime | None = None
    """When the log recorded that the day is over."""
    place: str = ""
    """Where it is held, with its address, where that is not the district's own hall."""
    guest: str = ""
    """Who sits beside the mayor on this day: a member of the city council."""
    ranges: tuple[int, int] = (0, 0)
    """How many went in within the range they were shown at their arrival, and how many were shown
    one; counted once the day is over."""

    @property
    def is_off(self) -> bool:
        """Nobody is received: a holiday, or closed."""
        return self.state is MondayState.CLOSED or not self.seats


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of a district's municipality that carries out orders; id `d06-civil`."""

    id: str
    district: int
    code: str
    name: str
