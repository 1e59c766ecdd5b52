"""Districts, units, Mondays, rules and the city's draw secrets."""

import calendar
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, time
from functools import cache, lru_cache
from typing import Any

import sqlalchemy
from sqlalchemy import bindparam
from sqlmodel import col, func, select

from publicmeeting.domain.choices import ClosureReason
from publicmeeting.domain.errors import Refusal
from publicmeeting.domain.mondays import MONDAY, ON, OPENS_AHEAD, DrawState, MondayState, check_step
from publicmeeting.domain.records import Monday, Unit
from publicmeeting.domain.roles import Role
from publicmeeting.kit.clock import at_tehran
from publicmeeting.kit.hashing import canonical_json
from publicmeeting.kit.jalali import from_iso
from publicmeeting.kit.stored import read_object
from publicmeeting.store.accounts.accounts import Accounts
from publicmeeting.store.accounts.row_tags import row_tag
from publicmeeting.store.database.repository import Repository, readable_rows, write
from publicmeeting.store.database.rows.city import (
    DistrictRow,
    DrawRow,
    LogRow,
    MondayRow,
    RulesRow,
    SecretRow,
    UnitRow,
)
from publicmeeting.store.database.transaction import Transaction
from publicmeeting.store.database.vault import UNREADABLE, Vault
from publicmeeting.store.database.words import at_most, is_instant, word, words
from publicmeeting.store.line.line_book import LineBook
from publicmeeting.store.line.logged_days import Opened
from publicmeeting.text.districts.texts_text import ASK_137
from publicmeeting.turns.kinds import Kind
from publicmeeting.turns.log import instant
from publicmeeting.turns.machine import tables
from publicmeeting.turns.machine.times import AFTER_LAST_SEAT
from publicmeeting.turns.pool import Rules
from publicmeeting.turns.rules.announced import Announced

_REASONS = frozenset(ClosureReason)
_LINE, _BODY = 2_000, 100_000
"""More letters than a cell of a Monday and than rules have."""
_MONDAYS = sqlalchemy.select(
    col(MondayRow.district),
    col(MondayRow.on),
    at_most(col(MondayRow.seats), _LINE),
    col(MondayRow.state),
    at_most(col(MondayRow.held_by), _LINE),
    at_most(col(MondayRow.why), _LINE),
    col(MondayRow.ended_at).is_not(None),
    at_most(col(MondayRow.place), _LINE),
    at_most(col(MondayRow.guest), _LINE),
    col(MondayRow.ranges_held),
    col(MondayRow.ranges_shown),
    col(MondayRow.tag),
)
"""Columns of a list of Mondays; the clock reads a dozen weeks of all districts every second."""
_MONDAY = _MONDAYS.where(col(MondayRow.district) == bindparam("district")).where(
    col(MondayRow.on) == bindparam("on")
)
_UNIT = sqlalchemy.select(
    col(UnitRow.id), col(UnitRow.district), col(UnitRow.code), col(UnitRow.name)
).where(col(UnitRow.id) == bindparam("unit"))
_RULES = sqlalchemy.select(col(RulesRow.from_on), at_most(col(RulesRow.body), _BODY)).order_by(
    col(RulesRow.version).desc()
)
_ANNOUNCED = (
    sqlalchemy.select(col(LogRow.at), col(LogRow.body))
    .where(col(LogRow.kind) == word(Kind.RULES_ANNOUNCED))
    .order_by(col(LogRow.seq).desc())
)
_DRAWN = (
    sqlalchemy.exists()
    .where(col(DrawRow.district) == col(MondayRow.district))
    .where(col(DrawRow.monday) == col(MondayRow.on))
    .where(col(DrawRow.state) == word(DrawState.DRAWN))
)


def _first(
    *waits: sqlalchemy.ColumnElement[bool],
) -> tuple[sqlalchemy.Select[Any], sqlalchemy.Select[*tuple[Any, ...]]]:
    """Return two statements: the earliest day and the rows of the matching Mondays.

    They must have seats, be drawn, and fulfil these conditions: those of a week or two. The rows of
    the earliest day alone would let one that the clock cannot end keep back all others.
    """
    ours = (*waits, col(MondayRow.seats) != "", _DRAWN)
    first = sqlalchemy.select(func.min(MondayRow.on)).where(*ours)
    return first, _MONDAYS.where(*ours).order_by(col(MondayRow.on), col(MondayRow.district))


FIRST_OPEN_ON, _FIRST_OPEN = _first(col(MondayRow.state) == word(MondayState.OPEN))
FIRST_UNENDED_ON, _FIRST_UNENDED = _first(
    col(MondayRow.state).in_(words([*ON, MondayState.NO_VISITORS])),
    col(MondayRow.ended_at).is_(None),
)
_FIRST_DAY = date(2000, 1, 1)
FURTHEST = sqlalchemy.select(func.max(MondayRow.on))


_OPEN_DRAWS = (
    sqlalchemy.select(col(DrawRow.monday))
    .where(col(DrawRow.district) == bindparam("district"))
    .where(col(DrawRow.state) == DrawState.OPEN, is_instant(col(DrawRow.monday)))
    .order_by(col(DrawRow.monday))
)


class City(Repository):
    def __init__(self, transaction: Transaction, accounts: Accounts, line_book: LineBook) -> None:
        super().__init__(transaction)
        self._accounts = accounts
        self._line_book = line_book
        self._days: dict[tuple[int, date], Monday | None] = {}
        """Cache of Mondays, for reading transactions."""
        self._lists: dict[tuple[date | int | None, ...], list[Monday]] = {}
        """Cache of lists of Mondays."""
        self._units: dict[str, Unit | None] = {}
        """Cache of units by id."""
        self._open_draws: dict[int, list[date]] = {}
        """Cache of a district's Mondays whose lists are not fixed yet."""

        self._changed = set[tuple[int, date]]()
        """Mondays that this transaction has changed; the log may not have them yet."""

    _rules: list[tuple[date, Rules]] | None = None
    """All versions, newest first; read once per transaction."""

    def add_district(self, number: int, *, mayor: str) -> None:
        self._session.add(DistrictRow(number=number, mayor=mayor))
        self._session.flush()

    def districts(self) -> list[DistrictRow]:
        return list(self._session.exec(select(DistrictRow).order_by(col(DistrictRow.number))))

    def add_unit(self, unit: Unit) -> None:
        self._session.add(
            UnitRow(id=unit.id, district=unit.district, code=unit.code, name=unit.name)
        )
        self._session.flush()

    def unit(self, unit_id: str) -> Unit | None:
        if unit_id in self._units:
            return self._units[unit_id]
        row = self._transaction.execute(_UNIT, {"unit": unit_id}).first()
        found = Unit(*row) if row else None
        if self._transaction.is_reading:
            self._units[unit_id] = found
        return found

    def open_draws(self, district: int) -> list[date]:
        """Return the Mondays whose lists are not fixed yet, next one first.

        Cached, because every request in screening needs those of its district.
        """
        if district in self._open_draws:
            return self._open_draws[district]
        which = {"district": district}
        days = self._transaction.execute_apart(_OPEN_DRAWS, which).scalars()
        found = [on for on in days if self._is_plausible(on)]
        if self._transaction.is_reading:
            self._open_draws[district] = found
        return found

    def unit_names(self, ids: Collection[str]) -> dict[str, str]:
        """Return unit id → its name in its district."""
        if not ids:
            return {}
        rows = self._session.exec(select(UnitRow).where(col(UnitRow.id).in_(ids)))
        return {row.id: row.name for row in rows}

    def units(self, district: int) -> list[Unit]:
        rows = self._session.exec(select(UnitRow).where(UnitRow.district == district))
        return [Unit(r.id, r.district, r.code, r.name) for r in rows]

    def announce_rules(self, rules: Rules, from_on: date, now: datetime) -> None:
        self._session.add(
            RulesRow(
                version=rules.version,
                body=canonical_json(rules.body),
                hash=rules.hash,
                from_on=from_on,
                announced_at=now,
            )
        )
        self._session.flush()
        self._rules = None

    def rules_on(self, monday: date) -> Rules | None:
        """Return the rules in force for a Monday.

        They are those of the log: a row that says otherwise would move all draws of the city.
        `doctor` names it.
        """
        if self._rules is None:
            try:
                known = self._line_book.rules(self._rules_of_rows())
                self._rules = [(from_on, _rules(body)) for from_on, body in known or ()]
            except (*UNREADABLE, Refusal):
                self._rules = []
            if not self._rules:
                self._rules = [(version.from_on, version.rules) for version in self.announced()]
        return next((rules for from_on, rules in self._rules if from_on <= monday), None)

    def _rules_of_rows(self) -> list[tuple[date, str]] | None:
        try:
            return [(from_on, body) for from_on, body in self._transaction.execute_apart(_RULES)]
        except UNREADABLE:
            return None

    def announced(self) -> list[Announced]:
        """Return all versions that the log announced, newest first."""
        if not self._transaction.is_reading:
            with suppress(Refusal):
                self._line_book.await_first_reading()
        found = []
        for at, body in self._transaction.execute(_ANNOUNCED):
            with suppress(*UNREADABLE, Refusal):  # `doctor` names that entry
                entry = read_object(body)
                rules = Rules.from_body(entry["rules"])
                found.append(Announced(rules, from_iso(entry["from"]), instant(at)))
        logged = [(version.from_on, canonical_json(version.rules.body)) for version in found]
        known = self._line_book.rules(logged) or ()
        return [one for one, row in zip(found, logged, strict=True) if row in known]

    def open_monday(self, monday: Monday, rules_version: int) -> None:
        write(
            self._transaction,
            MondayRow,
            {
                "district": monday.district,
                "on": monday.on,
                "seats": ",".join(monday.seats),
                "state": monday.state,
                "rules": rules_version,
                "why": monday.why,
            },
        )

    def monday(self, district: int, on: date) -> Monday | None:
        if on.weekday() != calendar.MONDAY:
            return None
        if self._transaction.is_reading and (district, on) in self._days:
            return self._days[district, on]
        row = self._transaction.execute(_MONDAY, {"district": district, "on": on}).first()
        self._days[district, on] = found = self._checked(*row) if row else None
        return found

    def mondays(
        self, *, on: date | None = None, district: int | None = None, from_on: date | None = None
    ) -> list[Monday]:
        named = {"on": on, "district": district, "from_on": from_on}
        values = {name: value for name, value in named.items() if value is not None}
        wanted = tuple(named.values())
        if not self._transaction.is_reading or wanted not in self._lists:
            self._lists[wanted] = self._listed(_mondays_by(*values), values)
        return list(self._lists[wanted])

    def first_open(self) -> list[Monday]:
        """Return the drawn Mondays with seats that are still open, by day and district."""
        nobody = self._transaction.has_read_none(FIRST_OPEN_ON)
        found = [] if nobody else self._listed(_FIRST_OPEN)
        found = self._with_those_of_log(found, (tables.MondayState.OPEN,))
        return [day for day in found if day.state is MondayState.OPEN]

    def first_unended(self) -> list[Monday]:
        """Return the drawn Mondays with seats that have not ended, by day and district.

        A closed or not-held Monday has no end of its own.
        """
        nobody = self._transaction.has_read_none(FIRST_UNENDED_ON)
        found = [] if nobody else self._listed(_FIRST_UNENDED)
        found = self._with_those_of_log(found, tables.ON)
        is_on = {*ON, MondayState.NO_VISITORS}
        return [day for day in found if day.state in is_on and not day.has_ended]

    def _with_those_of_log(
        self, found: list[Monday], states: Collection[tables.MondayState]
    ) -> list[Monday]:
        """Add the Mondays up to today that the log has in such a state, whatever their rows are."""
        known = {(day.district, day.on) for day in found}
        missed = self._line_book.drawn_in(states, self._transaction.city_day()) - known
        for on in {on for _, on in missed}:
            found = [*found, *(day for day in self.mondays(on=on) if (day.district, on) in missed)]
        return sorted(found, key=lambda day: (day.on, day.district)) if missed else found

    def _listed(
        self,
        query: sqlalchemy.Select[*tuple[Any, ...]],
        values: Mapping[str, object] | None = None,
    ) -> list[Monday]:
        found = []
        for row in readable_rows(self._transaction, query, "a Monday", values or {}):
            try:
                if self._is_plausible(row.on):
                    found.append(self._checked(*row))
            except UNREADABLE:
                self._transaction.leave_out("a Monday")
        return found

    def _is_plausible(self, on: date) -> bool:
        """Whether the city can have opened this day; another would end lists and lead nowhere."""
        latest = self._transaction.city_day() + OPENS_AHEAD
        return on.weekday() == calendar.MONDAY and _FIRST_DAY <= on <= latest

    def _checked(self, *row: Any) -> Monday:  # noqa: ANN401  (the columns of `_MONDAYS`)
        """Return the Monday, with a warning in place of what the database owner wrote."""
        district, on, seats, state, held_by, why, ended, *columns, tag = row
        stands = self._standing(district, on, state, has_ended=bool(ended))
        # Only a closed day has a reason: a word in this cell must send nobody home.
        why = why if stands[0] is MondayState.CLOSED and why in _REASONS else ""
        found = _monday(
            district, on, self.starts(district, on, seats), held_by, why, stands, *columns
        )
        if not (tag or found.place or found.guest):
            return found
        if tag == _tag(self._vault, found):
            return replace(found, is_set=True)
        return replace(found, place=ASK_137, guest="", is_genuine=False)

    def starts(self, district: int, on: date, stored: str) -> tuple[str, ...]:
        """Return the start times with which the log opened a Monday.

        Those of its row count only until this process has read the log. ValueError if one of them
        is no time.
        """
        opened = self._line_book.opened(district, on)
        if opened is not None:
            return opened.seats
        found = tuple(filter(None, stored.split(",")))
        for start in found:
            time.fromisoformat(start)
        return found

    def _standing(
        self, district: int, on: date, state: MondayState, *, has_ended: bool
    ) -> tuple[MondayState, bool]:
        """Return the state of a Monday, and whether it has ended, by the log.

        Its row counts until this process has read the log, and for what this transaction has
        changed itself. Another process may have changed it a moment ago; the log is then read on.
        """
        known, stored = self._line_book.opened(district, on), (state, has_ended)
        if known is None or (district, on) in self._changed:
            return stored
        if (stands := self._by_log(known, on, state)) != stored:
            with suppress(Refusal):
                self._line_book.catch_up()
            known = self._line_book.opened(district, on) or known
            stands = self._by_log(known, on, state)
        return stands

    def _by_log(self, known: Opened, on: date, state: MondayState) -> tuple[MondayState, bool]:
        is_none = state is MondayState.NO_VISITORS and not known.has_ended
        if state not in known.states or (is_none and not self._may_have_none(known, on)):
            state = known.states[0]
        return state, known.has_ended

    def _may_have_none(self, known: Opened, on: date) -> bool:
        """Whether a day may count as one without visitors, which the log does not say."""
        if known.is_awaited or not known.seats:
            return False
        now = self._transaction.city_time_in(0)
        return now >= at_tehran(on, known.seats[-1]) + AFTER_LAST_SEAT

    def last_monday(self) -> date | None:
        """Return the latest Monday that was opened.

        None opens more than six weeks ahead. A later one, or one that cannot be read, was written
        past the program, and would keep every other Monday from opening.
        """
        latest = self._transaction.city_day() + OPENS_AHEAD
        with suppress(*UNREADABLE):
            furthest: date | None = self._transaction.value(FURTHEST)
            if furthest is None or furthest <= latest:
                return furthest
        plausible = col(MondayRow.on).between(_FIRST_DAY, latest)
        opened: date | None = self._transaction.execute(FURTHEST.where(plausible)).scalar()
        return opened

    def set_monday(
        self,
        district: int,
        on: date,
        *,
        state: MondayState | None = None,
        held_by: str | None = None,
        why: str | None = None,
        ended_at: datetime | None = None,
        ranges: tuple[int, int] | None = None,
    ) -> None:
        row = self._session.get(MondayRow, (district, on))
        if row is None:
            raise KeyError((district, on))
        if state is not None:
            was, _ = self._standing(district, on, row.state, has_ended=False)
            if was is not state:  # the log may have it already, after a restore
                check_step(MONDAY, was, state)
            row.state = state
        self._changed.add((district, on))
        row.held_by = held_by or row.held_by
        row.why = why if why is not None else row.why
        row.ended_at = ended_at or row.ended_at
        row.ranges_held, row.ranges_shown = ranges or (row.ranges_held, row.ranges_shown)
        self._session.add(row)
        self._transaction.publish(f"district:{district}")

    def set_place(self, day: Monday, place: str, guest: str) -> None:
        """Set where a Monday is held, and who sits beside the mayor."""
        row = self._session.get_one(MondayRow, (day.district, day.on))
        row.place, row.guest = place, guest
        row.tag = _tag(self._vault, replace(day, place=place, guest=guest))
        self._session.add(row)
        self._transaction.publish(f"district:{day.district}")

    def held_by_deputy(self, monday: Monday) -> bool:
        """Whether a deputy held this day."""
        return monday.held_by is not None and any(
            term.grant.role is Role.DEPUTY
            for account in [self._accounts.get(monday.held_by)]
            if account is not None
            for term in account.terms
        )

    def commit_secret(self, monday: date, value: str, commitment: str) -> None:
        """Store the city's value sealed until its draw; a value that was used before is refused."""
        sealed = self._vault.seal_secret(monday.isoformat(), value)
        self._session.add(SecretRow(monday=monday, value=sealed, commitment=commitment))
        self._session.flush()

    def commitment(self, monday: date) -> str | None:
        row = self._session.get(SecretRow, monday)
        return row.commitment if row else None

    def secret(self, monday: date) -> str:
        """Return the value itself; only for the reveal."""
        row = self._session.get(SecretRow, monday)
        if row is None:
            raise KeyError(monday)
        return self._vault.open_secret(monday.isoformat(), row.value)


def retag_places(transaction: Transaction, new: Vault) -> None:
    """Tag for another key every Monday whose tag fits this one's."""
    for row in transaction.session.exec(select(MondayRow).where(col(MondayRow.tag) != "")):
        columns = row.model_dump()
        if row.tag == row_tag(transaction.vault, "monday", columns):
            row.tag = row_tag(new, "monday", columns)
            transaction.session.add(row)


def _tag(vault: Vault, day: Monday) -> str:
    columns = {"district": day.district, "on": day.on, "place": day.place, "guest": day.guest}
    return row_tag(vault, "monday", columns)


@cache
def _mondays_by(*named: str) -> sqlalchemy.Select[*tuple[Any, ...]]:
    """Built once for each combination of conditions: building costs more than executing."""
    conditions = {
        "on": col(MondayRow.on) == bindparam("on"),
        "district": col(MondayRow.district) == bindparam("district"),
        "from_on": col(MondayRow.on) >= bindparam("from_on"),
    }
    ordered = _MONDAYS.order_by(col(MondayRow.on), col(MondayRow.district))
    return ordered.where(*(conditions[name] for name in named))


@lru_cache(maxsize=64)
def _rules(body: str) -> Rules:
    """Cached, because an announced version never changes."""
    return Rules.from_body(read_object(body))


def _monday(
    district: int,
    on: date,
    starts: tuple[str, ...],
    held_by: str | None,
    why: str,
    stands: tuple[MondayState, bool],
    place: str,
    guest: str,
    *ranges: int,
) -> Monday:
    held, shown = (many if isinstance(many, int) else 0 for many in ranges)
    state, has_ended = stands
    return Monday(district, on, starts, state, held_by, why, has_ended, place, guest, (held, shown))
