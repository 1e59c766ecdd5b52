"""Draw files in their states, and the query of the pool."""

import calendar
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from itertools import islice
from typing import Any

import sqlalchemy
from sqlalchemy import ColumnElement, bindparam
from sqlmodel import Session, col, func, select, update

from publicmeeting.domain.errors import Refusal
from publicmeeting.domain.mondays import DRAW, OPENS_AHEAD, DrawState, check_step
from publicmeeting.domain.stages import Action, Stage
from publicmeeting.kit.hashing import canonical_json
from publicmeeting.kit.stored import read_object
from publicmeeting.store.database.repository import Repository, readable_rows, write
from publicmeeting.store.database.rows.cases import EventRow, RequestRow
from publicmeeting.store.database.rows.city import DrawRow
from publicmeeting.store.database.transaction import Transaction
from publicmeeting.store.database.vault import UNREADABLE, Forgiving
from publicmeeting.store.database.words import is_instant, word, words
from publicmeeting.store.lifecycle.request_context import lane_of
from publicmeeting.store.line.drawn_lists import DrawnList, DrawnLists
from publicmeeting.store.line.line_book import LineBook
from publicmeeting.store.line.logged_days import LoggedDraw
from publicmeeting.store.line.outside import outside
from publicmeeting.store.line.seats import line_topic
from publicmeeting.turns.formulas import draw_id
from publicmeeting.turns.pool import Row

_FIRST_DAY = date(2000, 1, 1)
_ORDER = (DrawState.OPEN, DrawState.FROZEN, DrawState.DRAWN)
_AT_ONCE = 5000
"""Maximum values per statement; both databases allow at least six times as many."""

_IS_DRAWN = col(DrawRow.state) == word(DrawState.DRAWN)
_DRAW = (
    select(DrawRow)
    .where(col(DrawRow.district) == bindparam("district"))
    .where(col(DrawRow.monday) == bindparam("monday"))
)
_PENDING = (
    sqlalchemy.select(col(DrawRow.district), col(DrawRow.monday), col(DrawRow.state))
    .where(sqlalchemy.text("draw.state != 'drawn'"))  # literal, so that the partial index applies
    .order_by(col(DrawRow.monday), col(DrawRow.district))
)
_OF_LOG = (
    update(DrawRow)
    .where(col(DrawRow.district) == bindparam("of"))
    .where(col(DrawRow.monday) == bindparam("day"))
)
_GO_ON = _OF_LOG.where(col(DrawRow.state) == bindparam("was"))
_POOL = (
    select(RequestRow)
    .where(col(RequestRow.district) == bindparam("district"))
    .where(col(RequestRow.stage).in_(words([Stage.WAITING, Stage.SUBMITTED])))
    .where(col(RequestRow.filed_at) < bindparam("filed_before"))
)
_UNSCREENED = (
    sqlalchemy.select(col(RequestRow.id))
    .where(col(RequestRow.district) == bindparam("district"))
    .where(col(RequestRow.stage) == word(Stage.SUBMITTED))
    .where(col(RequestRow.filed_at) < bindparam("filed_before"))
    .order_by(col(RequestRow.filed_at), col(RequestRow.id))
)
_WAITING = (
    sqlalchemy.select(col(RequestRow.ticket), col(RequestRow.id))
    .where(col(RequestRow.district) == bindparam("district"))
    .where(col(RequestRow.stage) == word(Stage.WAITING))
)
_CHOICES = (
    select(EventRow)
    .where(col(EventRow.request_id).in_(bindparam("requests", expanding=True)))
    .where(col(EventRow.action).in_(words(["exclude", "include", "move_once"])))
    .order_by(col(EventRow.id))
)
LAST_DRAWN = sqlalchemy.select(func.max(DrawRow.monday)).where(
    _IS_DRAWN, is_instant(col(DrawRow.monday))
)
_DRAWN_SINCE = (
    sqlalchemy.select(col(DrawRow.district), col(DrawRow.monday), col(DrawRow.drawn_at))
    .where(_IS_DRAWN)
    .where(col(DrawRow.monday) >= bindparam("day"))
    .order_by(col(DrawRow.monday), col(DrawRow.district))
)
_DRAWN_IN = (
    sqlalchemy.select(
        col(DrawRow.id), col(DrawRow.monday), col(DrawRow.drawn_at), col(DrawRow.seed)
    )
    .where(col(DrawRow.district) == bindparam("district"))
    .where(_IS_DRAWN)
    .where(is_instant(col(DrawRow.drawn_at)), is_instant(col(DrawRow.monday)))
    .where(col(DrawRow.monday) >= bindparam("day"))
    .order_by(col(DrawRow.monday))
)
_FILE = sqlalchemy.select(col(DrawRow.file)).where(col(DrawRow.id) == bindparam("draw"))


@dataclass(frozen=True, slots=True)
class Draw:
    id: str
    district: int
    monday: date
    state: DrawState
    file: dict[str, Any]
    frozen_at: datetime | None = None
    drawn_at: datetime | None = None
    frozen_event: int = 0
    """The city's newest event when the list was first frozen."""
    stored: DrawState = DrawState.UNKNOWN
    """The state in its row; `state` is never further than the log."""
    seated: frozenset[str] = frozenset()
    """Tickets to which it gave a seat."""
    standby: tuple[str, ...] = ()
    """All others of its list, in drawn order."""


@dataclass(frozen=True, slots=True)
class Pending:
    """A draw that has not run, without its file."""

    district: int
    monday: date
    state: DrawState


@dataclass(frozen=True, slots=True)
class Published:
    """A draw as listed in public."""

    id: str
    district: int
    monday: date
    state: DrawState


def _is_plausible(draw: Pending, latest: date) -> bool:
    """Whether the program can have opened it: otherwise its day would end the clock's search."""
    is_monday = draw.monday.weekday() == calendar.MONDAY
    return is_monday and _FIRST_DAY <= draw.monday <= latest and isinstance(draw.district, int)


class Draws(Repository):
    def __init__(
        self, transaction: Transaction, drawn_lists: DrawnLists, line_book: LineBook
    ) -> None:
        super().__init__(transaction)
        self._drawn_lists = drawn_lists
        self._line_book = line_book
        self._changed = set[tuple[int, date]]()
        """Draws that this transaction has changed; the log may not have that yet."""
        self._drawn_since = dict[date, list[tuple[int, date, datetime]]]()
        """Cache for reading transactions: day → draws of Mondays from that day on."""

    _pending: Sequence[Pending] | None = None
    """Cache for reading transactions."""

    def open(self, district: int, monday: date, draw_id: str, file: dict[str, object]) -> None:
        write(
            self._transaction,
            DrawRow,
            {
                "id": draw_id,
                "district": district,
                "monday": monday,
                "state": DrawState.OPEN.value,
                "file": canonical_json(file),
            },
        )

    def get(self, district: int, monday: date) -> Draw | None:
        """Return a draw with its file; None for no draw, or one that cannot be read."""
        which = {"district": district, "monday": monday}
        try:
            row = self._session.exec(_DRAW, params=which).first()
            return self._drawn(row) if row else None
        except UNREADABLE:
            self._transaction.leave_out(f"the draw of district {district} on {monday}")
            return None

    def _drawn(self, row: DrawRow) -> Draw:
        """Return a draw, its standby in the order of the log: offers follow it."""
        draw = _draw(row, self._standing(row.district, row.monday, row.state))
        if draw.state is not DrawState.DRAWN:
            return draw
        known = self._line_book.opened(row.district, row.monday)
        if known is not None and known.draw is DrawState.DRAWN:
            return replace(draw, seated=known.seated, standby=known.standby)
        seated = frozenset(seat["ticket"] for seat in draw.file["seated"])
        return replace(draw, seated=seated, standby=tuple(draw.file["standby"]))

    def _standing(self, district: int, monday: date, stored: DrawState) -> DrawState:
        """Return the state of a draw, not further than the log has it.

        A list that only its row calls fixed would be made never, and all districts wait for it. A
        row may be behind the log after a restore.
        """
        known = self._line_book.opened(district, monday)
        if known is None or (district, monday) in self._changed or stored not in _ORDER:
            return stored
        if _ORDER.index(stored) > _ORDER.index(known.draw):
            with suppress(Refusal):  # another process may have gone on a moment ago
                self._line_book.catch_up()
            known = self._line_book.opened(district, monday) or known
        return min(stored, known.draw, key=_ORDER.index)

    def is_behind(self, pending: Pending) -> bool:
        """Whether the log has a draw further than its row, as far as the log was read."""
        known = self._line_book.opened(pending.district, pending.monday)
        return known is not None and pending.state is not known.draw

    def write_logged(self, district: int, monday: date, logged: LoggedDraw) -> None:
        """Write state, file and times of a draw as the log has them."""
        values: dict[str, object] = {"state": logged.state}
        if file := logged.file:
            values |= {"file": canonical_json(file), "requests": len(file["pool"])}
            values |= {"frozen_at": logged.frozen_at, "drawn_at": logged.drawn_at}
            values |= {"seed": file.get("seed"), "seated": len(file.get("seated", ()))}
        self._transaction.execute(_OF_LOG, {"of": district, "day": monday, **values})
        self._changed.add((district, monday))
        self._transaction.publish(f"district:{district}", line_topic(district), "draws")

    def published(self, district: int | None = None) -> list[Published]:
        """Return all draws without their files, newest Monday first."""
        query = sqlalchemy.select(
            col(DrawRow.id), col(DrawRow.district), col(DrawRow.monday), col(DrawRow.state)
        ).order_by(col(DrawRow.monday).desc(), col(DrawRow.district))
        if district is not None:
            query = query.where(col(DrawRow.district) == district)
        return [Published(*row) for row in readable_rows(self._transaction, query, "a draw")]

    def drawn_ids(self) -> list[str]:
        """Return the ids of drawn files, which never change again, sorted."""
        ids = sqlalchemy.select(col(DrawRow.id)).where(_IS_DRAWN).order_by(col(DrawRow.id))
        return [draw for (draw,) in self._transaction.execute(ids)]

    def coming_files(self) -> list[tuple[str, str]]:
        """Return id and canonical JSON of all other files, sorted by id."""
        rows = sqlalchemy.select(col(DrawRow.id), col(DrawRow.file)).where(~_IS_DRAWN)
        found = self._transaction.execute(rows.order_by(col(DrawRow.id)))
        return [(draw, text) for draw, text in found]

    def text(self, draw_id: str) -> tuple[DrawState, str] | None:
        """Return state and canonical JSON of a draw file, exactly as published."""
        row = self._session.get(DrawRow, draw_id)
        return (row.state, row.file) if row else None

    def pending(self) -> Sequence[Pending]:
        """Return draws that have not run, earliest Monday first."""
        if self._pending is not None:
            return self._pending
        rows = self._transaction.connection.execute(_PENDING)
        try:
            found = [Pending(*row) for row in rows.all()]
        except UNREADABLE:
            found = self._readable_pending()
        latest = self._transaction.city_day() + OPENS_AHEAD
        found = [draw for draw in found if _is_plausible(draw, latest)]
        found = [draw for draw in self._by_log(found) if draw.state is not DrawState.DRAWN]
        if self._transaction.is_reading:
            self._pending = found
        return found

    def _by_log(self, found: list[Pending]) -> Iterator[Pending]:
        """Yield them in their states, and those that only their rows call drawn."""
        known = {(draw.district, draw.monday) for draw in found}
        for district, monday in self._line_book.undrawn() - known:
            other = self.get(district, monday)
            if other is not None:
                found = [*found, Pending(district, monday, other.state)]
        for draw in sorted(found, key=lambda draw: (draw.monday, draw.district)):
            state = self._standing(draw.district, draw.monday, draw.state)
            yield draw if state is draw.state else replace(draw, state=state)

    def _readable_pending(self) -> list[Pending]:
        """Read them one by one, so that one damaged row stops the clock's work for no other."""
        found = list[Pending]()
        for (draw,) in self._transaction.connection.execute(
            _PENDING.with_only_columns(col(DrawRow.id))
        ):
            one = _PENDING.where(col(DrawRow.id) == draw)
            try:
                found += [Pending(*row) for row in self._transaction.connection.execute(one).all()]
            except UNREADABLE:
                self._transaction.leave_out(f"draw {draw}")
        return found

    def may_be_drawn(self, day: date) -> bool:
        """Return False if a read-ahead shows that no draw has run for this Monday or later."""
        if not self._transaction.has_read(LAST_DRAWN):
            return True
        last: date | None = self._transaction.value(LAST_DRAWN)
        return last is not None and last >= day

    def drawn_since(
        self, day: date, district: int | None = None
    ) -> list[tuple[int, date, datetime]]:
        """Return (district, Monday, time) of the draws for Mondays from a day on, without files."""
        if not self.may_be_drawn(day):
            return []
        if not self._transaction.is_reading or day not in self._drawn_since:
            rows = readable_rows(self._transaction, _DRAWN_SINCE, "a draw", {"day": day})
            self._drawn_since[day] = [
                (number, monday, at)
                for number, monday, at in rows
                if at is not None and monday.weekday() == calendar.MONDAY
            ]
        return [drawn for drawn in self._drawn_since[day] if district in (None, drawn[0])]

    def draws_of_ticket(
        self, district: int, ticket: str, since: date
    ) -> list[tuple[date, datetime, DrawnList]]:
        """Return Monday, time and list of each draw with the ticket, for Mondays from a day on."""
        found = self._transaction.execute(_DRAWN_IN, {"district": district, "day": since}).all()
        lists = ((monday, at, self.drawn_list(key, at, seed)) for key, monday, at, seed in found)
        return [(on, at, drawn) for on, at, drawn in lists if drawn is not None and ticket in drawn]

    def drawn_list(self, draw: str, at: datetime, seed: str | None) -> DrawnList | None:
        """Return the list of a drawn file; None for one that cannot be read."""
        try:
            return self._drawn_lists.get((draw, at, seed), partial(self.file_text, draw))
        except UNREADABLE:
            self._transaction.leave_out(f"the list of {draw}")
            return None

    def file_text(self, draw_id: str) -> str:
        """Return the file of an existing draw."""
        return str(self._transaction.execute(_FILE, {"draw": draw_id}).scalar_one())

    def close(self, draw: Draw) -> None:
        """Remove the seats of a Monday that was closed before its freeze."""
        self._set(draw, DrawState.OPEN, {**draw.file, "seats": []})

    def freeze(self, draw: Draw, file: dict[str, Any], now: datetime) -> None:
        newest = self._session.exec(select(func.max(EventRow.id))).one() or 0
        self._set(
            draw,
            DrawState.FROZEN,
            file,
            frozen_at=now,
            requests=len(file["pool"]),
            frozen_event=newest,
        )

    def freeze_again(self, draw: Draw, file: dict[str, Any]) -> None:
        """Store the second list of a frozen draw."""
        self._set(draw, DrawState.FROZEN, file, requests=len(file["pool"]))

    def draw(self, draw: Draw, file: dict[str, Any], now: datetime) -> None:
        self._set(
            draw, DrawState.DRAWN, file, drawn_at=now, seated=len(file["seated"]), seed=file["seed"]
        )

    def pool(
        self, district: int, monday: date, filed_before: datetime
    ) -> list[tuple[str, str, str]]:
        """Return (request id, ticket, row text) of the line by the tables (docs/turns.md 2).

        The line is who filed before Saturday 24:00, waits or is unscreened, and has not left this
        Monday out. A row that no list could contain has a text that differs from all others.
        """
        opens = Forgiving(self._vault)
        which = {"district": district, "filed_before": filed_before}
        rows = self._session.exec(_POOL, params=which).all()
        ids = [r.id for r in rows]
        out = excluded(self._session, ids, monday) | outside(self._transaction, ids)
        return [
            (r.id, r.ticket, _text(r.ticket, lane_of(opens, r), r.waited, r.debt, r.prefers))
            for r in rows
            if r.id not in out
        ]

    def is_frozen_in(self, district: int, ticket: str, monday: date | None = None) -> bool:
        """Whether this ticket is in a list that is fixed and not drawn, of one Monday or of any."""
        query = (
            select(DrawRow.id)
            .where(DrawRow.district == district)
            .where(DrawRow.state == DrawState.FROZEN)
            .where(col(DrawRow.file).contains(ticket))
        )
        if monday is not None:
            query = query.where(DrawRow.monday == monday)
        return self._session.exec(query).first() is not None

    def unscreened(self, district: int, filed_before: datetime) -> list[str]:
        """Return the ids of requests that nobody has screened by the freeze, oldest first."""
        which = {"district": district, "filed_before": filed_before}
        return list(self._transaction.execute(_UNSCREENED, which).scalars())

    def add_week(self, tickets: Sequence[str]) -> None:
        """Add one week to each of these tickets, which were in a pool and got no seat."""
        for start in range(0, len(tickets), _AT_ONCE):
            self._session.exec(
                update(RequestRow)
                .where(col(RequestRow.ticket).in_(tickets[start : start + _AT_ONCE]))
                .values(waited=col(RequestRow.waited) + 1)
            )

    def waiting(self, district: int, monday: date) -> dict[str, str]:
        """Return ticket → request id of those who wait and have not left this Monday out."""
        rows = self._transaction.execute(_WAITING, {"district": district}).all()
        out = excluded(self._session, [request_id for _, request_id in rows], monday)
        return {ticket: key for ticket, key in rows if key not in out}

    def has_any(self, tickets: Collection[str]) -> bool:
        """Whether one of these tickets has a row, in whatever stage."""
        if not tickets:
            return False
        rows = select(RequestRow.id).where(col(RequestRow.ticket).in_(tickets)).limit(1)
        return self._session.exec(rows).first() is not None

    def _set(self, draw: Draw, state: DrawState, file: dict[str, Any], **what: object) -> None:
        """Change a draw from the state it was read in; ValueError if it has changed since."""
        check_step(DRAW, draw.state, state)
        values = {"state": state, "file": canonical_json(file), **what}
        which = {"of": draw.district, "day": draw.monday, "was": draw.stored}
        went = self._transaction.execute(_GO_ON, {**which, **values})
        if went.rowcount != 1:
            raise ValueError(draw.id)
        self._changed.add((draw.district, draw.monday))
        self._transaction.publish(f"district:{draw.district}", line_topic(draw.district), "draws")


def excluded(
    session: Session, ids: Collection[str], monday: date, then: ColumnElement[bool] | None = None
) -> set[str]:
    """Return the requests whose newest choice leaves this Monday out.

    `then` is a condition that restricts the events.
    """
    if not ids:
        return set()
    query = _CHOICES if then is None else _CHOICES.where(then)
    events = session.exec(query, params={"requests": list(ids)})
    out: set[str] = set()
    for event in events:
        payload = read_object(event.payload)
        if event.action == Action.MOVE_ONCE:
            if monday < date.fromisoformat(payload["monday"]):
                out.add(event.request_id)
        elif payload["monday"] == monday.isoformat():
            (out.add if event.action == Action.EXCLUDE else out.discard)(event.request_id)
    return out


def _text(ticket: str, lane: str, waited: int, debt: int, prefers: str) -> str:
    try:
        return Row(ticket, lane, waited, debt, prefers).text
    except ValueError:  # changed in the database past the program
        return f"{ticket}|{lane}|{waited}|{debt}|{prefers}"


def _draw(row: DrawRow, state: DrawState) -> Draw:
    return Draw(
        draw_id(row.district, row.monday),  # as the log names it, whatever the row says
        row.district,
        row.monday,
        state,
        _file(row),
        row.frozen_at,
        row.drawn_at,
        row.frozen_event or 0,
        row.state,
    )


def _file(row: DrawRow) -> dict[str, Any]:
    """Return its file; an empty one if it cannot be read before the draw, which needs only the log.

    The list of a district for which all others wait would never be fixed.
    """
    try:
        return read_object(row.file)
    except UNREADABLE:
        if row.state is DrawState.DRAWN:
            raise
        return {}


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures of one draw; None for what has not happened yet."""

    id: str
    district: int
    monday: date
    state: DrawState
    frozen_at: datetime | None
    requests: int | None
    seated: int | None


_FIGURES = sqlalchemy.select(
    col(DrawRow.id),
    col(DrawRow.district),
    col(DrawRow.monday),
    col(DrawRow.state),
    col(DrawRow.frozen_at),
    col(DrawRow.requests),
    col(DrawRow.seated),
).order_by(col(DrawRow.district))
_FIGURES_OF = _FIGURES.where(col(DrawRow.monday) == bindparam("monday"))
_FIGURES_OF_MANY = _FIGURES.where(col(DrawRow.monday).in_(bindparam("mondays", expanding=True)))


class DrawFigures(Repository):
    def __init__(self, transaction: Transaction) -> None:
        super().__init__(transaction)
        self._of: dict[date, Sequence[Figures]] = {}
        """Cache for reading transactions."""

    def of(self, monday: date) -> Sequence[Figures]:
        """Return the draws of a Monday by district."""
        if monday in self._of:
            return self._of[monday]
        rows = readable_rows(self._transaction, _FIGURES_OF, "a draw", {"monday": monday})
        found = [Figures(*row) for row in rows]
        if self._transaction.is_reading:
            self._of[monday] = found
        return found

    def read(self, mondays: Collection[date]) -> None:
        """Read ahead the draws of these Mondays; only a reading transaction caches them."""
        if not mondays or not self._transaction.is_reading:
            return
        found: dict[date, list[Figures]] = {monday: [] for monday in mondays}
        values = {"mondays": list(found)}
        for row in readable_rows(self._transaction, _FIGURES_OF_MANY, "a draw", values):
            found[row.monday].append(Figures(*row))
        self._of.update(found)

    def mondays(self, limit: int, before: date | None = None) -> list[date]:
        """Return Mondays that have draws, latest first, and no day that none can have opened.

        `before` leaves out that day and all after it.
        """
        latest = self._transaction.city_day() + OPENS_AHEAD
        days = sqlalchemy.select(col(DrawRow.monday)).distinct()
        days = days.where(col(DrawRow.monday).between(_FIRST_DAY, latest))
        if before:
            days = days.where(col(DrawRow.monday) < before)
        rows = self._transaction.execute(days.order_by(col(DrawRow.monday).desc()))
        mondays = (day for (day,) in rows if day.weekday() == calendar.MONDAY)
        return list(islice(mondays, limit))
