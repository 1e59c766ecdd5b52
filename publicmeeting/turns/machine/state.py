"""State of every ticket, Monday, draw and seat as derived from the log so far, and look-ups in it.

Handlers of entries look up draw, week, times and parties, and check signatures.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from publicmeeting.turns.formulas import CITY
from publicmeeting.turns.kinds import Kind, TakenOut
from publicmeeting.turns.machine.breaks import Break, Found, Refused
from publicmeeting.turns.machine.tables import HELD, DrawState, MondayState, SeatState, TicketState
from publicmeeting.turns.machine.times import LEEWAY, Times
from publicmeeting.turns.pool import GENERAL, Row, Rules
from publicmeeting.turns.rules.witness import is_statement_signed, statement_text, witnesses_of

Stood = tuple[str, int, int, str]
"""Lane, weeks, debt and preference of a ticket at an instant, as in its row."""

MOST_MISSED = 2
"""Number of missed meetings after which a ticket is in no list until its identity is verified."""


@dataclass(slots=True)
class Entry:
    """One well-formed entry; `at` in UTC."""

    seq: int
    at: datetime
    kind: Kind
    body: Mapping[str, Any]

    def text(self, key: str) -> str:
        return str(self.body[key])

    @property
    def because(self) -> list[int]:
        return list(self.body["because"])


@dataclass(slots=True)
class Ticket:
    """One place in a district's line.

    `line`: number of the entry that decides which line she is in time for. `since_debt`: seats
    given up since the debt arose. `excluded`: Jalali Monday → the entry that left it out.
    """

    name: str
    district: int
    filed: int
    line: int
    prefers: str
    state: TicketState = TicketState.IN
    came_in: int = 0
    out: int = 0
    out_why: TakenOut | None = None
    lane: str = GENERAL
    waited: int = 0
    debt: int = 0
    missed: int = 0
    given_up: int = 0
    unanswered: int = 0
    since_debt: int = 0
    is_proven: bool = True
    is_verified: bool = False
    """Filed or verified later by a card or a sign-on, the highest level."""
    has_moved: bool = False
    gave_up: int = 0
    """The newest entry by which she gave a seat up, or refused an offer."""
    is_made_good: bool = False
    """Whether she was once owed a seat that went on because of an act she denied."""
    excluded: dict[str, int] = field(default_factory=dict)
    names: tuple[str, ...] = ()
    """Her tickets before a redirect."""
    seat: tuple[str, str] | None = None
    """Draw and time of the seat that she has or is offered."""
    left_hall: str = ""
    """The newest draw of which she gave up a seat that she had stood in."""

    def is_named(self, name: object) -> bool:
        """Whether this is her ticket, or was before a redirect."""
        return name == self.name or name in self.names

    def reset(self) -> None:
        self.waited = self.debt = self.given_up = self.unanswered = self.since_debt = 0

    def owe(self) -> None:
        self.debt, self.since_debt = 1, 0

    def row(self) -> Row:
        return _row(self.name, self.lane, self.waited, self.debt, self.prefers)

    def copied(self) -> "Ticket":
        return replace(self, excluded=dict(self.excluded))


@dataclass(slots=True)
class Seat:
    """One seat of a drawn Monday; `freed` is the entry that freed it."""

    time: str
    state: SeatState
    holder: str = ""
    freed: int = 0
    freed_at: datetime | None = None
    stood_in: bool = False
    ends: datetime | None = None


@dataclass(slots=True)
class Slip:
    """State of a seat and its ticket before reception wrote an arrival or a no-show."""

    entry: Entry
    state: SeatState
    ticket: Ticket
    present: Entry | None
    arrival: int


@dataclass(slots=True)
class Pool:
    """The fixed list of a draw: rows by ticket, root, and the frozen file."""

    seq: int
    at: datetime
    rows: dict[str, Row]
    root: str
    file: dict[str, Any]


@dataclass(slots=True)
class Draw:
    """One district's draw of one Monday."""

    name: str
    district: int
    monday: date
    day: str
    rules: Rules
    seats: list[str]
    opened: int
    seats_opened: tuple[str, ...] = ()
    """The seats it was opened with."""
    state: DrawState = DrawState.OPEN
    monday_state: MondayState = MondayState.OPEN
    monday_seq: int = 0
    absent: frozenset[str] = frozenset()
    """Holders of a seat when it was closed, who had not come by ten minutes after their time."""
    closed_at: datetime | None = None
    is_held: bool = False
    """Somebody was called in that day, in whatever state the Monday is now."""
    pool: Pool | None = None
    first_pool: Pool | None = None
    outside: dict[str, Stood] = field(default_factory=dict)
    """Tickets that only an act in their own name excluded from the first list, as they were then.

    Cleared when the sealed values are opened, since no objection changes the list after that.
    """
    missing: dict[str, Row] = field(default_factory=dict)
    """Those of them that the second list must include."""
    changed_by: list[int] = field(default_factory=list)
    objected: list[str] = field(default_factory=list)
    """The tickets of the objections to its lists, in order."""
    drawn: int = 0
    drawn_at: datetime | None = None
    seated: frozenset[str] = frozenset()
    """Tickets that the draw gave a seat; they gained no week by it."""
    standby: tuple[str, ...] = ()
    asked: set[str] = field(default_factory=set)
    wanted: set[str] = field(default_factory=set)
    """Tickets that have asked for an offer of a free seat, which each may do once."""
    wants: dict[str, Entry] = field(default_factory=dict)
    """Those of them that have had no offer since, with that entry."""
    held: dict[str, Seat] = field(default_factory=dict)
    present: dict[str, Entry] = field(default_factory=dict)
    arrivals: dict[str, int] = field(default_factory=dict)
    came_at: dict[str, datetime] = field(default_factory=dict)
    """When reception last wrote that a ticket's holder had come."""
    held_at: datetime | None = None
    meetings: dict[str, Entry] = field(default_factory=dict)
    """Ticket → her `met`, until the meeting is recorded."""
    free_from: datetime | None = None
    """End of the last meeting recorded so far, from when the room was free."""
    slips: dict[str, Slip] = field(default_factory=dict)
    """Ticket → reception's newest entry on it, while that may be undone."""
    is_list_wrong: bool = False
    """The announced list is not the one that follows from the log."""
    cured: set[str] = field(default_factory=set)

    @property
    def seats_drawn(self) -> list[str]:
        """The seats fixed with the list; closing the Monday later does not remove any."""
        return list(self.pool.file["seats"]) if self.pool else list(self.seats)

    @property
    def is_frozen(self) -> bool:
        return self.pool is not None

    @property
    def is_second_list_due(self) -> bool:
        """Whether objections have changed the first list, and the second is not written."""
        return bool(self.changed_by) and self.pool is self.first_pool

    def free_seats(self) -> list[Seat]:
        return [seat for seat in self.held.values() if seat.state is SeatState.FREE]


@dataclass(slots=True)
class Week:
    """What all draws of a Monday have in common; `day` is the Monday as a Jalali date."""

    monday: date
    day: str
    opened_at: datetime | None = None
    line_closed: int = 0
    commitments: dict[str, str] = field(default_factory=dict)
    reveals: dict[str, str] = field(default_factory=dict)
    revealing: int = 0
    reveals_closed: int = 0
    reveals_closed_at: datetime | None = None
    revealed: tuple[str, ...] = ()
    values: list[Entry] = field(default_factory=list)
    days_gone: int = 0
    stands: Entry | None = None
    late_by: float = 0.0
    """Seconds by which a late freeze moves the moments until `reveals_until`."""


@dataclass(slots=True)
class Undo:
    """State of a ticket and its seat before an act that only she can deny."""

    ticket: Ticket
    seat: Seat | None
    entry: Entry
    after: Ticket | None = None
    """The ticket after a seat was given up; the difference is what that cost."""
    won_by: int = 0
    """The draw that would have seated her, if she had not left between its list and it."""

    @property
    def freed(self) -> int:
        """The entry that freed her seat, while nobody else was asked for it."""
        return self.won_by or self.entry.seq


@dataclass(slots=True)
class Proposal:
    """A version of the rules that one officer proposed."""

    hash: str
    start: date
    officer: str
    before: Rules
    """The newest announced version then: the base for "weaker", and its witnesses sign."""
    is_agreed: bool = False
    is_signed: bool = False

    def fits(self, start: date, rules: Rules, before: Rules) -> bool:
        return (self.start, self.hash, self.before) == (start, rules.hash, before)


@dataclass(slots=True)
class Book:
    """The whole state. `causes` are entries that later ones may name as a cause."""

    origin: str = ""
    size: int = 0
    at: datetime | None = None
    rules: list[tuple[date, Rules, int]] = field(default_factory=list)
    """First Monday, rules, and number of the entry."""
    proposals: dict[int, Proposal] = field(default_factory=dict)
    """Proposed rules, by their entry."""
    tickets: dict[str, Ticket] = field(default_factory=dict)
    by_district: dict[int, list[Ticket]] = field(default_factory=dict)
    """The same tickets without those known to have gone for good.

    A list looks at the tickets of one district only, and not at everybody who ever came.
    """
    draws: dict[str, Draw] = field(default_factory=dict)
    by_day: dict[str, list[Draw]] = field(default_factory=dict)
    draws_in: dict[int, list[Draw]] = field(default_factory=dict)
    """The same by district."""
    undrawn: dict[str, Draw] = field(default_factory=dict)
    """Draws that have not run yet."""
    weeks: dict[str, Week] = field(default_factory=dict)
    undo: dict[int, Undo] = field(default_factory=dict)
    causes: dict[int, Entry] = field(default_factory=dict)
    commitments: set[str] = field(default_factory=set)
    cases: dict[str, str] = field(default_factory=dict)
    answers: dict[str, list[Entry]] = field(default_factory=dict)
    """Case → its answers, until it grants its lane."""
    taken: dict[int, int] = field(default_factory=dict)
    """Weeks that a no-show or a seat given up took, by its entry, until they come back."""
    judged: dict[int, list[Entry]] = field(default_factory=dict)
    """A contest's entry → its yes answers, each made while she was in the line."""
    first_rules_at: datetime | None = None
    outages: list[tuple[datetime, datetime]] = field(default_factory=list)
    """Beginning and end of each outage."""
    clock_ran: list[datetime] = field(default_factory=list)
    """When the clock wrote entries that only it writes."""
    came_back: dict[str, int] = field(default_factory=dict)
    """Ticket → the newest entry by which it may wait again."""
    lapsed_end: datetime | None = None
    """Deadline of the answer for which the clock last took a seat."""
    files: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Draw files as published, so that faults in a list can be reported row by row."""

    def rules_for(self, monday: date) -> tuple[Rules, int] | None:
        """Return the newest announced rules whose first Monday is not after that one."""
        fitting = [(rules, seq) for start, rules, seq in self.rules if start <= monday]
        return fitting[-1] if fitting else None

    def times(self, draw: Draw, week: Week) -> Times:
        """Return the moments of a draw's Monday, as moved by a late freeze."""
        return Times(draw.monday, draw.rules.body, timedelta(seconds=week.late_by))

    def draws_of(self, day: str) -> list[Draw]:
        return self.by_day.get(day, [])

    def add_ticket(self, ticket: Ticket) -> None:
        self.tickets[ticket.name] = ticket
        self.by_district.setdefault(ticket.district, []).append(ticket)

    def add_draw(self, draw: Draw) -> None:
        self.draws[draw.name] = self.undrawn[draw.name] = draw
        self.by_day.setdefault(draw.day, []).append(draw)
        self.draws_in.setdefault(draw.district, []).append(draw)

    def in_line(self, ticket: Ticket, draw: Draw, closed: int) -> bool:
        """Whether a ticket belongs in a list that is fixed now."""
        return (
            ticket.state is TicketState.IN
            and ticket.district == draw.district
            and (ticket.seat is None or not self.has_seat(ticket))
            and ticket.line < closed
            and draw.day not in ticket.excluded
            and (ticket.missed < MOST_MISSED or ticket.is_proven)
        )

    def has_seat(self, ticket: Ticket) -> bool:
        """Whether she holds a seat; an open offer is none."""
        seat = self.seat_of(ticket)
        return seat is not None and seat.state in HELD

    def seat_of(self, ticket: Ticket) -> Seat | None:
        if ticket.seat is None:
            return None
        draw, time = ticket.seat
        return self.draws[draw].held.get(time)

    def line(self, draw: Draw, closed: int) -> dict[str, Row]:
        """Return the rows of everybody in the line of a draw now; `closed` is its `line_closed`."""
        tickets = [
            ticket
            for ticket in self.by_district.get(draw.district, ())
            if not self._is_over(ticket)
        ]
        self.by_district[draw.district] = tickets
        return {
            ticket.name: ticket.row() for ticket in tickets if self.in_line(ticket, draw, closed)
        }

    def _is_over(self, ticket: Ticket) -> bool:
        """Whether she is gone by an act that cannot be denied, so that no entry brings her back."""
        return ticket.state is TicketState.GONE and ticket.out not in self.undo

    def outside(self, draw: Draw) -> dict[str, Stood]:
        """Return the tickets that only an act they alone can deny excludes from a list now."""
        return {
            ticket.name: (ticket.lane, ticket.waited, ticket.debt, ticket.prefers)
            for ticket in self.by_district.get(draw.district, ())
            if draw.day in ticket.excluded or ticket.out in self.undo
        }

    def is_between_line_and_list(self, ticket: Ticket) -> bool:
        """Whether her district has a closed line she is in time for, without a fixed list."""
        return any(
            draw.pool is None
            and draw.district == ticket.district
            and ticket.line < self.weeks[draw.day].line_closed
            for draw in self.undrawn.values()
        )

    def is_waiting_for_draw(self, ticket: str) -> bool:
        """Whether a ticket is in a list that is fixed and not drawn."""
        return any(
            draw.pool is not None and ticket in draw.pool.rows for draw in self.undrawn.values()
        )


@lru_cache(maxsize=1 << 17)
def _row(ticket: str, lane: str, waited: int, debt: int, prefers: str) -> Row:
    """Cached, because a ticket outside the line appears beside every list with the same row."""
    return Row(ticket, lane, waited, debt, prefers)


def draw_of(book: Book, entry: Entry) -> Draw:
    draw = book.draws.get(entry.text("draw"))
    if draw is None:
        raise Refused(Break.STEP_NOT_ALLOWED)
    return draw


def week_of(book: Book, entry: Entry) -> Week:
    week = book.weeks.get(entry.text("monday"))
    if week is None:
        raise Refused(Break.STEP_NOT_ALLOWED)
    return week


def lateness(entry: Entry, due: datetime) -> Iterator[Found]:
    """Yield a finding if a clock entry came before its due time, or too long after it."""
    if entry.at < due:
        yield Found(Break.EARLY, entry.seq, draw=str(entry.body.get("draw", "")))
    elif entry.at > due + LEEWAY:
        yield Found(Break.LATE, entry.seq, draw=str(entry.body.get("draw", "")))


def times_of(book: Book, week: Week) -> Times:
    found = book.rules_for(week.monday)
    if found is None:
        raise Refused(Break.STEP_NOT_ALLOWED)
    return Times(week.monday, found[0].body, timedelta(seconds=week.late_by))


def rules_of(book: Book, week: Week) -> Mapping[str, Any]:
    found = book.rules_for(week.monday)
    return found[0].body if found else {}


def require_party(book: Book, week: Week, entry: Entry) -> None:
    party = entry.text("party")
    if party != CITY and party not in parties_of(book, week):
        raise Refused(Break.STRANGER)


def parties_of(book: Book, week: Week) -> list[str]:
    return [str(witness["party"]) for witness in rules_of(book, week).get("witnesses", ())]


_WORDS = {
    Kind.COMMITMENT: ("commitment",),
    Kind.VALUE: ("day", "value"),
    Kind.RULES_SIGNED: ("hash",),
}


def is_signed(origin: str, entry: Entry, rules: Mapping[str, Any]) -> bool:
    """Whether a witness's signature on an entry is valid (docs/turns.md section 5).

    The city's entries have none, since it signs the log.
    """
    party, signature = entry.text("party"), entry.text("sig")
    if party == CITY:
        return signature == ""
    words = (entry.text(key) for key in _WORDS[entry.kind])
    lines = statement_text(origin, entry.kind.value, entry.text("monday"), party, *words)
    try:
        keys = {witness.party: witness.key for witness in witnesses_of(rules)}
    except (KeyError, TypeError, ValueError):  # malformed rules name no witness
        return False
    return party in keys and is_statement_signed(keys[party], lines, signature)
