"""The state of the line within one transaction: that of the public log at its end."""

import pickle
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import date, datetime
from typing import Any

from publicmeeting.domain.errors import Unavailable
from publicmeeting.domain.mondays import DrawState
from publicmeeting.store.database.repository import Repository
from publicmeeting.store.database.transaction import Transaction
from publicmeeting.store.line.logged_days import (
    LetGo,
    Listing,
    LoggedDraw,
    LoggedWeek,
    Objections,
    Opened,
    contests,
    free_seats,
    kept_out_by,
    logged_draw,
    logged_once,
    logged_week,
    weeks_lost,
)
from publicmeeting.store.line.shared_book import Replay, SharedBook
from publicmeeting.store.public_record.log import Log
from publicmeeting.turns.kinds import Kind
from publicmeeting.turns.log import Entry
from publicmeeting.turns.machine.entries.draws import listed_file, voidable
from publicmeeting.turns.machine.entries.standby import candidates, may_want, unasked, wanting
from publicmeeting.turns.machine.entries.tickets import is_displacing_late, lists_missed
from publicmeeting.turns.machine.entries.undoing import is_owed
from publicmeeting.turns.machine.state import Book
from publicmeeting.turns.machine.tables import HELD, ON, MondayState
from publicmeeting.turns.pool import Row

_COUNTS = ("waited", "debt", "given_up", "unanswered")


class LineBook(Repository):
    """The state of the line within one transaction."""

    def __init__(self, transaction: Transaction, log: Log, shared: SharedBook) -> None:
        super().__init__(transaction)
        self._log = log
        self._shared = shared

    def catch_up(self) -> None:
        """Replay committed entries in advance, to lock the log for a shorter time."""
        with self._as_committed():
            pass

    def rules(self, rows: Sequence[tuple[date, str]] | None) -> Sequence[tuple[date, str]] | None:
        """Return the rules that the log announced, newest first; read it only if `rows` differ.

        `rows` are those of the table, None if they cannot be read. Each is (first Monday, body).
        They are returned if this process has not read the log yet, or continues it itself.
        """
        known = self._shared.rules
        if self._log.appended or known is None or (rows is not None and known == tuple(rows)):
            return rows
        with suppress(Unavailable):
            self.catch_up()
        return self._shared.rules

    def await_first_reading(self) -> None:
        """Wait until this process has read the log once; `Unavailable` if that cannot be done.

        Whatever decides by rules or by the state of a Monday calls it: rows alone decide nothing.
        """
        if self._shared.rules is None:
            self.catch_up()

    def opened(self, district: int, monday: date) -> Opened | None:
        """Return what this process has read of a Monday; None if it has not read of it yet."""
        return self._shared.opened.get((district, monday))

    def drawn_in(self, states: Collection[MondayState], until: date) -> set[tuple[int, date]]:
        """Return (district, day) of drawn Mondays in these states, which may still change."""
        return self._shared.drawn_in(states, until)

    def undrawn(self) -> set[tuple[int, date]]:
        """Return (district, day) of the draws that have not run, as far as the log was read."""
        return self._shared.undrawn()

    def first_list(self, draw: str) -> tuple[int, list[Row], dict[str, Any]]:
        """Return the entry that closed the line of a draw, everybody in it now, and its file.

        The log stays locked until the end. Raises KeyError for a draw that the log does not know.
        """
        with self._at_head() as book:
            one = book.draws[draw]
            week = book.weeks[one.day]
            rows = book.line(one, week.line_closed)
            return week.line_closed, list(rows.values()), listed_file(one, week, rows)

    def frozen(self, day: str) -> dict[str, datetime | None]:
        """Return draw → when its first list was frozen, of all draws of a Monday.

        A row that says otherwise would move the reveals, and with them every draw of the city.
        """
        with self._as_committed() as book:
            return {
                draw.name: draw.first_pool.at if draw.first_pool else None
                for draw in book.draws_of(day)
            }

    def once(self, kind: Kind, about: str) -> int:
        """Return the entry of a kind that a draw or Monday (`1405-09-16`) has once; 0 before it.

        The index of the log may have been changed. With it this entry would be appended never, or
        twice.
        """
        with self._as_committed() as book:
            return logged_once(book, kind, about)

    def logged(self, draw: str) -> LoggedDraw:
        """Return a draw as its row must be; KeyError for a Monday that the log never opened."""
        with self._as_committed() as book:
            found = book.draws[draw]
            return logged_draw(found, book.weeks[found.day])

    def week(self, day: str) -> LoggedWeek | None:
        """Return the values of a Monday's draws; None for one that the log never opened.

        A row would draw by another value, or leave a witness's one out.
        """
        with self._as_committed() as book:
            week = book.weeks.get(day)
            return logged_week(week, book.draws_of(day)) if week is not None else None

    def freed_by(self, draw: str, time: str) -> int:
        """Return the entry that freed a seat; 0 if it is not free by the committed log."""
        with self._as_committed() as book:
            seat = book.draws[draw].held.get(time)
            return seat.freed if seat is not None else 0

    def free(self, draw: str) -> Collection[str]:
        """Return which seats of a Monday nobody has, or missed.

        The caller has locked the Monday.
        """
        with self._as_committed() as book:
            return free_seats(book.draws[draw]).keys()

    def free_as_read(
        self, district: int, monday: date, by_rows: Collection[str]
    ) -> Mapping[str, datetime] | None:
        """Return the same with since when, as far as this process has read the log.

        If the rows call others free, another process may have gone on a moment ago: the log is then
        read on. None if it has not been read yet, or has no draw of that Monday.
        """
        known = self.opened(district, monday)
        if known is not None and known.free.keys() != {*by_rows}:
            with suppress(Unavailable):
                self.catch_up()
            known = self.opened(district, monday)
        return known.free if known is not None and known.draw is DrawState.DRAWN else None

    def offered_next(self, draw: str) -> dict[str, bool]:
        """Return the tickets that are offered a free seat, in order; called as `free`.

        The value says whether she is a standby who had no offer; the others want a free seat.
        """
        with self._as_committed() as book:
            found = book.draws[draw]
            tickets = {ticket.name: True for ticket in unasked(book, found)}
            for ticket in wanting(book, found):
                tickets.setdefault(ticket.name, False)
            return tickets

    def standing_by(self, draw: str) -> list[str]:
        """Return the tickets that stand in for who is not there, in order; called as `free`.

        Without those who gave up a seat of this day that they had stood in.
        """
        with self._as_committed() as book:
            waiting = candidates(book, book.draws[draw])
            return [ticket.name for ticket in waiting if ticket.left_hall != draw]

    def wanting(self, draw: str) -> list[str]:
        """Return the tickets that want a free seat of a Monday, in the order of their offers.

        The caller has locked the Monday.
        """
        with self._as_committed() as book:
            one = book.draws.get(draw)
            return [ticket.name for ticket in wanting(book, one)] if one else []

    def may_want(self, draw: str, ticket: str) -> bool:
        """Whether she may ask for an offer of a free seat of a Monday."""
        with self._as_committed() as book:
            one, own = book.draws.get(draw), book.tickets.get(ticket)
            return one is not None and own is not None and may_want(one, own)

    def is_standby_unasked(self, draw: str) -> bool:
        """Whether somebody of the standby waits who was offered no seat of this Monday."""
        with self._as_committed() as book:
            one = book.draws.get(draw)
            return one is not None and next(unasked(book, one), None) is not None

    def ended_by(self, draw: str) -> tuple[MondayState, int]:
        """Return the state of a Monday by the log, and the entry that made it so.

        If it has not ended by the committed log, this transaction may have ended it.
        """
        with self._as_committed() as book:
            one = book.draws[draw]
            found = one.monday_state, one.monday_seq
        if found[0] not in ON or not self._log.appended:
            return found
        with self._at_head() as book:
            one = book.draws[draw]
            return one.monday_state, one.monday_seq

    def came_by(self, draw: str, ticket: str) -> int:
        """Return the entry by which a ticket's holder came and counts as present; 0 for none."""
        with self._as_committed() as book:
            return book.draws[draw].arrivals.get(ticket, 0)

    def has_seat(self, draw: str, ticket: str) -> bool:
        """Whether the log has a seat of this Monday for a ticket, or had one at its arrival.

        The second is so after a restore. True if the log cannot be read.
        """
        with suppress(Unavailable), self._as_committed() as book:
            found = book.draws.get(draw)
            return found is not None and (
                ticket in found.came_at
                or any(seat.holder == ticket and seat.state in HELD for seat in found.held.values())
            )
        return True

    def slip(self, draw: str, ticket: str) -> int:
        """Return reception's newest entry on a ticket that it may take back; 0 for none."""
        with self._as_committed() as book:
            slip = book.draws[draw].slips.get(ticket)
            return slip.entry.seq if slip is not None else 0

    def lately(self, kind: Kind, since: datetime) -> list[Entry]:
        """Return the entries of a kind since an instant, at most `COUNTED_FOR` ago, in order.

        Rows of the log may have been changed since this process read them.
        """
        with self._shared.reading(self._log, self._log.committed_edge()) as shared:
            return shared.lately(kind, since)

    def asked_by(self, silent: Mapping[str, int]) -> dict[str, tuple[int, str]]:
        """Return ticket → entry and officer of its newest removal before this entry."""
        found = dict[str, tuple[int, str]]()
        with self._as_committed() as book:
            for seq, entry in reversed(book.causes.items()):
                if len(found) == len(silent):
                    break
                if entry.kind is Kind.TAKEN_OUT and seq < silent.get(entry.text("ticket"), 0):
                    found.setdefault(entry.text("ticket"), (seq, entry.text("officer")))
        return found

    def filed_by(self, ticket: str) -> int:
        """Return the entry that filed the first ticket of a line; KeyError for no ticket.

        The index of the log may have been changed. An entry with another cause moves nothing.
        """
        with self._as_committed() as book:
            return book.tickets[ticket].filed

    def brought_by(self, ticket: str) -> int:
        """Return the entry that filed this ticket, or gave it in place of her old one."""
        with self._as_committed() as book:
            own = book.tickets[ticket]
            return book.tickets[own.names[-1]].out if own.names else own.filed

    def districts(self, tickets: Collection[str]) -> dict[str, int]:
        """Return ticket → its district, of those that the log knows."""
        with self._as_committed() as book:
            return {one: book.tickets[one].district for one in tickets if one in book.tickets}

    def lists(self, day: str) -> tuple[list[int], list[int]]:
        """Return the entries that opened a Monday in each district, and those of newest lists."""
        with self._as_committed() as book:
            draws = book.draws_of(day)
            frozen = (draw.pool.seq for draw in draws if draw.pool is not None)
            return sorted(draw.opened for draw in draws), sorted(frozen)

    def taken_out_by(self, ticket: str) -> int:
        """Return the entry that last took a ticket out of the line, in the same way."""
        with self._as_committed() as book:
            return book.tickets[ticket].out

    def second_list(self, draw: str) -> dict[str, Any]:
        """Return the file of a draw with its second list: the first, and those that it must add."""
        with self._at_head() as book:
            one = book.draws[draw]
            first = one.first_pool.rows if one.first_pool else {}
            return listed_file(one, book.weeks[one.day], {**first, **one.missing})

    def list_file(self, draw: str) -> dict[str, Any]:
        """Return the file of a draw's newest list according to the log; KeyError without a list.

        Only valid once nothing changes the list any more.
        """
        with self._as_committed() as book:
            pool = book.draws[draw].pool
            if pool is None:
                raise KeyError(draw)
            return dict(pool.file)

    def listing(self, draw: str, ticket: str) -> Listing:
        """Return what the log says of one ticket and one fixed list.

        The caller has locked its Monday and the ticket's request. A draw that the log does not know
        lists nobody; `doctor` reports it.
        """
        with self._as_committed() as book:
            one, own = book.draws.get(draw), book.tickets.get(ticket)
            if one is None:
                return Listing()
            is_listed = one.pool is not None and ticket in one.pool.rows
            return Listing(
                is_listed=is_listed,
                is_wrong=one.is_list_wrong,
                is_missing=ticket in one.missing and not is_listed,
                voidable=voidable(book, one, own) if own else 0,
                has_objected=ticket in one.objected,
            )

    def objections(self, day: str) -> Objections:
        """Return what was objected to the lists of a Monday."""
        with self._as_committed() as book:
            draws = book.draws_of(day)
            due = [draw for draw in draws if draw.is_second_list_due]
            return Objections(
                raised=sum(len({*draw.objected}) for draw in draws),
                right=sum(len(draw.changed_by) for draw in draws),
                due={draw.district: list(draw.changed_by) for draw in due},
            )

    def objected(self, draw: str) -> int:
        """Return how often somebody has objected to the lists of a draw.

        The caller has locked its Monday, or the late objections of its district.
        """
        with self._as_committed() as book:
            return len(book.draws[draw].objected)

    def contest(self, ticket: str, number: int) -> list[int]:
        """Return the entry of her contest of this number, from 1, and then those of its answers."""
        with self._as_committed() as book:
            return contests(book, ticket)[number - 1]

    def kept_out_by(self, draw: str, ticket: str, kinds: Collection[Kind]) -> int:
        """Return her newest entry of these kinds before a first list; otherwise her first one."""
        with self._as_committed() as book:
            return kept_out_by(book, draw, ticket, kinds)

    def room_free_at(self, draw: str, ticket: str) -> Collection[datetime]:
        """Return the instants before which, by the log, a visitor cannot have entered the room."""
        with self._as_committed() as book:
            one = book.draws[draw]
            return [at for at in (one.came_at.get(ticket), one.held_at, one.free_from) if at]

    def words(self) -> tuple[Collection[str], Collection[str]]:
        """Return all commitments, the city's included, and all values that were ever revealed."""
        with self._as_committed() as book:
            shown = {value for week in book.weeks.values() for value in week.reveals.values()}
            return {known.rpartition(":")[2] for known in book.commitments}, shown

    def weeks_lost(self, ticket: str) -> dict[int, int]:
        """Return entry → the weeks that it took from her, of those that have not come back."""
        with self._as_committed() as book:
            return weeks_lost(book, ticket)

    def gave_up(self, ticket: str) -> int:
        """Return the entry by which she last let a seat or an offer go; 0 if none can be denied."""
        with self._as_committed() as book:
            return book.tickets[ticket].gave_up

    def let_go(self, seq: int) -> LetGo | None:
        """Return the seat that she let go by this act, or would have won without it."""
        with self._as_committed() as book:
            undo = book.undo.get(seq)
            if undo is None or undo.ticket.seat is None:
                return None
            name, time = undo.ticket.seat
            return LetGo(name, book.draws[name].monday, time, undo.freed)

    def taken_by(self, seq: int) -> dict[str, int]:
        """Return what giving up a seat by this entry took of her counts; negative if it added.

        Raises KeyError for another entry, or an undone one.
        """
        with self._as_committed() as book:
            undo = book.undo[seq]
            after = undo.after or undo.ticket
            return {count: getattr(undo.ticket, count) - getattr(after, count) for count in _COUNTS}

    def is_owed(self, ticket: str, seq: int) -> bool:
        """Whether the city owes her a seat if she denies this act and the seat does not come back.

        The caller has locked the Monday.
        """
        with self._as_committed() as book:
            undo, own = book.undo.get(seq), book.tickets.get(ticket)
            return undo is not None and own is not None and is_owed(book, own, undo)

    def is_displacing_late(self, ticket: str, now: datetime) -> bool:
        """Whether a displaced ticket must wait for a draw or its Monday before it is taken out."""
        with self._at_head() as book:
            one = book.tickets.get(ticket)
            return one is not None and is_displacing_late(book, one, now)

    def lists_missed(self, ticket: str) -> int:
        """Return how many of her lists were fixed since a ticket was taken out."""
        with self._at_head() as book:
            one = book.tickets.get(ticket)
            return lists_missed(book, one, book.size + 1) if one is not None else 0

    @contextmanager
    def _at_head(self) -> Iterator[Book]:
        """Yield the state at the newest entry, this transaction's included, and lock the log."""
        self.catch_up()
        self._log.lock()
        with self._shared.reading(self._log, self._log.committed_edge()) as shared:
            if not self._log.appended:
                yield shared.book
                return
            copied = pickle.dumps(shared)  # a fifth of the time of `deepcopy`
        own: Replay = pickle.loads(copied)  # noqa: S301  (made here)
        if not own.carry_on(self._log, self._log.edge()):
            raise Unavailable("log_behind")
        yield own.book

    @contextmanager
    def _as_committed(self) -> Iterator[Book]:
        """Yield the state without this transaction's entries, without a lock.

        Code that goes on to requests must take their locks before that of the log.
        """
        with self._shared.reading(self._log, self._log.committed_edge()) as shared:
            yield shared.book
