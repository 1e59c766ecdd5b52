"""Frozen values that the store returns: events, requests, orders, images and their parts."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from publicmeeting.domain.matter import Matter
from publicmeeting.domain.mondays import MondayState
from publicmeeting.domain.people import Level
from publicmeeting.domain.roles import MEETING, Role
from publicmeeting.domain.stages import (
    SEATING,
    TAKES_BACK,
    Action,
    OrderAction,
    OrderStage,
    Stage,
)
from publicmeeting.kit.stored import StoredEnum


class PictureKind(StoredEnum):
    DRAFT = "photo"
    """Image of a draft and then of the request; belongs to the visit until somebody signs in."""
    CALLER = "caller"
    """Image for a citizen whom an officer files for; the officer's until the request is filed."""
    PROOF = "proof"
    """Image that a citizen adds later, with a step on her own case."""
    LANE_DOCUMENT = "lane"
    """Document for a lane or a contest; it may show her name, so it is not among the images of the
    case."""
    PAPER = "paper"
    """Photograph of the mayor's handwriting, for a sheet."""
    SHEET = "order"
    """Image of the mayor's order, drawn by the program."""
    BEFORE = "before"
    REPORT = "report"
    """A unit's images of one order's site, before and after the work, until its report."""
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Event:
    """One fact of the audit. `payload` holds ids, enums, dates and hashes only, never text.

    `note` is what a person wrote. It lives in an erasable encrypted row of its own, so that the
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
    """When the new stage becomes late or, if a clock row fires then, when the clock acts."""
    id: int = 0
    is_confirmed: bool = True
    """False for a judge's answer whose tag does not fit (`store/line/lanes/judge_tags.py`)."""
    is_genuine: bool = True
    """False for an event that the database owner wrote, changed or moved.

    Only the histories of a few cases are checked (`store/lifecycle/event_tags.py`), no long list.
    """
    is_after_gap: bool = False
    """Whether the database owner removed an event before this one."""

    @property
    def pressed_at(self) -> datetime:
        """When the button was pressed: earlier than `at` if the tablet had no network then."""
        pressed = self.payload.get(PRESSED_AT)
        return datetime.fromisoformat(pressed) if isinstance(pressed, str) else self.at


def own_time(history: tuple[Event, ...], monday: date, seats: Collection[str], time: str) -> str:
    """Return the start time of a seat as a step of hers names it; `time` is that of its row.

    The rows of two visitors may have been exchanged, so that a friend goes in earlier. `seats` are
    the start times of the Monday.
    """
    steps = [one.payload for one in history if one.action in SEATING and one.is_genuine]
    own = [str(step.get("time")) for step in steps if step.get("monday") == monday.isoformat()]
    return time if time in own else next((one for one in reversed(own) if one in seats), time)


def own_answer_by(
    history: tuple[Event, ...], monday: date, time: str, answer_by: datetime
) -> datetime:
    """Return until when this seat must be answered, as the step that gave it to her says.

    `answer_by` is that of its row, for a seat that needs no answer. An earlier one in the row would
    refuse her yes while she is in time.
    """
    place = (monday.isoformat(), time)
    ends = (
        step.due_at
        for step in reversed(history)
        if step.action in SEATING and step.is_genuine and step.due_at is not None
        if (step.payload.get("monday"), step.payload.get("time")) == place
    )
    return next(ends, answer_by)


PRESSED_AT = "pressed_at"
"""Payload key: the instant of a press that arrived later."""


def standing(history: tuple[Event, ...]) -> tuple[Event, ...]:
    """Return the events that still count: without undone events and without the undoing ones.

    If `history` holds a single day only, the undone event may belong to an earlier day and be
    missing.
    """
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


def without_withdrawn(history: tuple[Event, ...]) -> tuple[Event, ...]:
    """Return an order's events without the reports that their unit withdrew."""
    counting: list[Event] = []
    for event in history:
        if event.action is OrderAction.WITHDRAW_REPORT:
            reports = (e for e in reversed(counting) if e.action is OrderAction.REPORT)
            if (report := next(reports, None)) is not None:
                counting.remove(report)
        counting.append(event)
    return tuple(counting)


def withdrawn_reports(history: tuple[Event, ...]) -> frozenset[int]:
    """Return the ids of an order's reports that their unit withdrew."""
    counting = {event.id for event in without_withdrawn(history)}
    return frozenset(event.id for event in history if event.id not in counting)


FILED_ABOUT = "subject"
"""Payload key of a filing: the subject of her request."""
FILED_FOR = "person"
"""Payload key of a filing by an officer: the id of the person he filed for."""
FREE = "free"
"""Payload key of giving up a seat that needed no answer: it counts as nothing."""
SAME_HOUSE = "same_house"
"""Payload key of a changed place: it is another hall of the same building."""
PAPER, PAPER_UNTIL = "paper_at", "paper_until"
"""Payload keys of an entry made from paper: the times written on it, like `09:15`."""


@dataclass(frozen=True, slots=True)
class Seat:
    """A start time on a Monday, held by one request."""

    monday: date
    time: str
    why: str
    answer_by: datetime

    @property
    def lane(self) -> str | None:
        """The lane that gave the seat, or None."""
        kind, _, name = self.why.partition(":")
        return name if kind == "lane" else None

    def needs_no_answer(self, due_at: datetime | None) -> bool:
        """Whether the seat is hers without an answer.

        An outage overlapped the end of her time to answer, so the request's deadline is later than
        `answer_by`.
        """
        return due_at is not None and due_at > self.answer_by


OFFERED = "standby"
"""Value of `why` for a seat that was offered to the next in the standby."""

STAND_IN = "stand_in"
"""Value of `why` for a seat that the clock assigned to somebody present in the hall."""


def is_drawn(why: str) -> bool:
    """Whether the draw gave this seat; otherwise it was passed on after the draw."""
    return why in {"debt", "line"} or why.startswith("lane:")


@dataclass(frozen=True, slots=True)
class OpenLine:
    """A line that is not frozen yet and for which a request was filed in time."""

    closes_at: datetime
    """When filing for it closes."""
    screened_by: datetime
    """From here on the desk turns nobody in this line away."""
    freeze_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """The content of a filing, after validation."""

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
    """Number of seats she did not come to, without those that were reversed."""
    needs: tuple[str, ...] = ()
    due_at: datetime | None = None
    seat: Seat | None = None
    filed_by: str | None = None
    """The account that filed in the citizen's name, if any."""
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
    """The lines that the request is in time for, earliest first.

    Loaded while the request is in screening or may return to it.
    """
    undo_until: datetime | None = None
    """After she left: until when she may undo it. None while no list has been fixed since."""
    seat_back: Seat | None = None
    """The seat she gave up last, while she may take it back.

    That is while nobody was asked for it and its day has not begun.
    """
    desk_until: datetime | None = None
    """While the request is in screening: until when the desk may take it out of the line.

    That is the first close of a line after the request last came in.
    """
    informed: tuple[tuple[int, datetime | None], ...] = ()
    """Event id, and when she was first notified or None, of each event she may still object to."""
    outages: tuple[tuple[datetime, datetime], ...] = ()
    """Outages (from, until) in a period in which she may object to something."""
    history: tuple[Event, ...] = ()

    def last(self, *actions: Action | OrderAction) -> Event | None:
        """Return the newest event of one of these actions, ignoring undone events."""
        return next((e for e in reversed(standing(self.history)) if e.action in actions), None)

    def count(self, *actions: Action | OrderAction) -> int:
        return sum(e.action in actions for e in standing(self.history))


@dataclass(frozen=True, slots=True)
class Order:
    """A mayor's order to one unit: the promise that is followed up until it is fulfilled."""

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
    """When its lateness climbs one level."""
    is_right_order_owed: bool = False
    """It is void, it is the newest order of its meeting, and no order of that meeting stands."""
    day_held_by: str | None = None
    informed: tuple[tuple[int, datetime | None], ...] = ()
    """Event id, and when she was first notified or None, of each event that says it is done."""
    outages: tuple[tuple[datetime, datetime], ...] = ()
    """Outages (from, until) in a period in which she may have the order reopened."""
    history: tuple[Event, ...] = ()

    @property
    def sheet_file(self) -> str | None:
        """The file of its sheet, as the genuine event of its issue names it; it may name none.

        None without such an event: nothing then says which picture is its sheet.
        """
        issued = self._issued
        return None if issued is None else str(issued.payload.get("sheet", ""))

    @property
    def printable_file(self) -> str | None:
        """The file of its page for printing, named likewise.

        None if that event names none.
        """
        name = self._issued.payload.get("printable") if self._issued else None
        return None if name is None else str(name)

    @property
    def _issued(self) -> Event | None:
        issued = (e for e in self.history if e.action is OrderAction.ISSUE and e.is_genuine)
        return next(issued, None)

    def last(self, *actions: Action | OrderAction) -> Event | None:
        """Return the newest event of one of these actions, ignoring withdrawn reports."""
        history = without_withdrawn(self.history)
        return next((e for e in reversed(history) if e.action in actions), None)

    def count(self, *actions: Action | OrderAction) -> int:
        return sum(e.action in actions for e in without_withdrawn(self.history))


Case = Request | Order


def is_changed(*cases: Case) -> bool:
    """Whether an event or the stage of these cases was written or changed past this program."""
    events = (event for case in cases for event in case.history)
    is_event_changed = any(event.is_after_gap or not event.is_genuine for event in events)
    return is_event_changed or any(is_stage_changed(case) for case in cases)


def is_stage_changed(case: Case) -> bool:
    """Whether its newest event led to another stage.

    While all its events are genuine, a case has the stage of the newest one, whatever its row says.
    """
    return not case.history or case.history[-1].to_stage is not case.stage


@dataclass(frozen=True, slots=True)
class Person:
    """A citizen: an identity number with its kind; the mobile is only a way to reach her."""

    id: str
    kind: str
    identity: str
    name: str
    mobile: str | None = None
    level: Level = Level.TYPED
    is_displaced: bool = False
    """Whether the identity was proved to be somebody else's.

    `identity` is then empty, and no further request is filed for this row.
    """
    is_called_proved: bool = False
    """Whether her row or her history calls her proved, even if it is not believed.

    A code to her mobile alone then opens nothing of hers.
    """
    is_reached_as_set: bool = True
    """Whether her row has the mobile that was set last; another one opens nothing of hers."""


@dataclass(frozen=True, slots=True)
class RequestLine:
    """A request as one row of a list. It has no history, so no step can be taken on it."""

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
    """How many other requests the same person has filed; it does not reveal who she is."""


@dataclass(frozen=True, slots=True)
class Image:
    """A stored image: content hashes of its sizes, and what it belongs to."""

    id: str
    kind: PictureKind
    web: str
    thumb: str
    width: int
    height: int
    order_id: str | None = None
    event_id: int | None = None
    made_from: str | None = None


def is_move_to(event: Event, on: date) -> bool:
    """Whether an event says that the mayor has set another place for this Monday.

    The clock moves it with new texts of the district, which set no place of the Monday's own.
    """
    by_hand = event.action is Action.CHANGE_PLACE and event.role in MEETING and event.is_genuine
    return by_hand and event.payload.get("monday") == on.isoformat()


@dataclass(frozen=True, slots=True)
class Monday:
    """A meeting day of a district; `seats` are start times, strictly ascending."""

    district: int
    on: date
    seats: tuple[str, ...]
    state: MondayState
    held_by: str | None = None
    why: str = ""
    has_ended: bool = False
    """Whether the log has recorded the end of the day."""
    place: str = ""
    """Name and address of the place, if it is not the district's own hall."""
    guest: str = ""
    """Name of a member of the city council who sits beside the mayor on this day."""
    ranges: tuple[int, int] = (0, 0)
    """Numbers of citizens who went in within their range, and of those who were shown one.

    The range is the one shown at arrival. Counted once the day is over.
    """
    is_genuine: bool = True
    """Whether this program wrote place and guest; if not, `place` is a warning."""
    is_set: bool = False
    """Whether place or guest was ever set, even if the district's own hall was set again."""

    @property
    def is_off(self) -> bool:
        """Nobody is received: a holiday, or closed."""
        return self.state is MondayState.CLOSED or not self.seats


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of a district's municipality that carries out orders; id like `d06-civil`."""

    id: str
    district: int
    code: str
    name: str
