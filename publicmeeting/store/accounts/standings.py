"""What is believed of a citizen's identity and mobile, in a history that only grows.

Her row says how she is reached and how well she is proved. The database owner can write another
level there, or put an older row of hers back, which opens with its seals. So each change is an
event with keyed hashes of what it rests on, and the row is believed as far as the newest one fits.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import sqlalchemy
from sqlalchemy import ScalarSelect
from sqlmodel import col, func

from publicmeeting.domain.officials.audit import AccountEventKind
from publicmeeting.domain.people import Level
from publicmeeting.domain.records import Person
from publicmeeting.kit.hashing import canonical_json
from publicmeeting.kit.stored import read_object
from publicmeeting.store.accounts.account_events import AccountEvents
from publicmeeting.store.database.repository import Repository
from publicmeeting.store.database.rows.doors import AccountEventRow
from publicmeeting.store.database.rows.people import PersonRow
from publicmeeting.store.database.transaction import Transaction
from publicmeeting.store.database.vault import UNREADABLE, Vault
from publicmeeting.store.database.words import at_most, word
from publicmeeting.store.facts import Facts

_STANDS = col(AccountEventRow.kind) == word(AccountEventKind.CITIZEN_STANDS)
_LONGEST = 1000
_NEWEST = at_most(func.max(col(AccountEventRow.body)), _LONGEST)
"""A body begins with its number among her changes, so a copy of an earlier one is not the newest.

SQLite and PostgreSQL sort its digits alike.
"""
SET_LAST: ScalarSelect[str] = (
    sqlalchemy.select(_NEWEST)
    .where(col(AccountEventRow.account_id) == col(PersonRow.id), _STANDS)
    .correlate(PersonRow)
    .scalar_subquery()
)
"""The newest such event of a person; NULL if she stands as she was at first: typed."""
_OF_ONE = sqlalchemy.select(_NEWEST).where(
    col(AccountEventRow.account_id) == sqlalchemy.bindparam("person"), _STANDS
)
_BEFORE = (
    sqlalchemy.select(at_most(col(AccountEventRow.body), _LONGEST))
    .where(col(AccountEventRow.account_id) == sqlalchemy.bindparam("person"), _STANDS)
    .order_by(col(AccountEventRow.body).desc())
    .limit(100)
)
_CHANGED = sqlalchemy.or_(
    col(PersonRow.level) != Level.TYPED.value,
    col(PersonRow.displaced_at).is_not(None),
    col(PersonRow.id).in_(sqlalchemy.select(col(AccountEventRow.account_id)).where(_STANDS)),
)
_ROWS = sqlalchemy.select(PersonRow.__table__, SET_LAST.label("set_last")).where(  # type: ignore[attr-defined]
    _CHANGED
)


@dataclass(frozen=True, slots=True)
class Stands:
    """What an event says of a citizen: how she is proved, and hashes of number and mobile."""

    change: int
    identity: str
    mobile: str
    level: Level
    proven_by: str
    proven_at: datetime | None


class Standings(Repository):
    def __init__(self, transaction: Transaction, events: AccountEvents, facts: Facts) -> None:
        super().__init__(transaction)
        self._events, self._facts = events, facts
        self._key = ""

    def note(self, person: Person, proven_by: str, proven_at: datetime | None) -> None:
        """Write how she stands from now on; call it after her row has been written."""
        before = self.newest(person.id)
        change = (before.change if before else 0) + 1
        body = body_of(self._first_key, person, proven_by, proven_at, change)
        self._events.add(AccountEventKind.CITIZEN_STANDS, person.id, None, body)

    def newest(self, person_id: str) -> Stands | None:
        """Return how she stands by her history."""
        set_last = self._transaction.execute(_OF_ONE, {"person": person_id}).scalar()
        return self._genuine(person_id, set_last)

    def _genuine(self, person_id: str, set_last: str | None) -> Stands | None:
        """Return what the newest event says that this program wrote; None if there is none.

        `set_last` is `SET_LAST`. One that somebody has made up would take her mobile and her level
        away; to whoever wants those of before, it gives no more than removing events does.
        """
        found = self.read(person_id, set_last)
        if found is not None or set_last is None:
            return found
        before = self._transaction.execute(_BEFORE, {"person": person_id}).scalars()
        return next(filter(None, (self.read(person_id, body) for body in before)), None)

    def read(self, person_id: str, written: str | None) -> Stands | None:
        """Return what an event says; None if there is none, or the program did not write it."""
        try:
            body = read_object(written or "")
            stands = {key: body[key] for key in body if key != "mark"}
            if body["mark"] != self._mark(person_id, canonical_json(stands)):
                return None
            at = int(body["proved_at"])
            return Stands(
                change=int(body["change"]),
                identity=body["identity"],
                mobile=body["mobile"],
                level=Level(body["level"]),
                proven_by=body["proved_by"],
                proven_at=datetime.fromtimestamp(at, UTC) if at else None,
            )
        except UNREADABLE:
            return None

    def believed(self, person: Person, set_last: str | None) -> Person:
        """Return what is believed of a person as her row has her.

        A level holds for the number that was proved, and a match for the mobile as well. Without an
        event she is typed, whatever her row says; what opens her files asks more of her then.
        """
        stands = self._genuine(person.id, set_last)
        if stands is None:
            is_called = person.level is not Level.TYPED or set_last is not None
            return replace(person, level=Level.TYPED, is_called_proved=is_called)
        of_number = stands.identity == self._mark(person.id, person.identity)
        of_mobile = stands.mobile == self._mark(person.id, person.mobile or "")
        is_gone = stands.identity == self._mark(person.id, "")
        is_bound = (of_number or is_gone) and (of_mobile or stands.level is not Level.MATCHED)
        return replace(
            person,
            identity="" if is_gone else person.identity,
            level=stands.level if is_bound else Level.TYPED,
            is_displaced=is_gone or person.is_displaced,
            is_called_proved=bool(stands.proven_by) or stands.level is not Level.TYPED,
            is_reached_as_set=of_mobile,
        )

    def is_reached_as_set(self, person_id: str, mobile: str, set_last: str | None) -> bool:
        """Return the same as `believed`; one statement also for whoever has no history."""
        mark = self._mark(person_id, mobile)
        stands = self._genuine(person_id, set_last)
        return stands is None or stands.mobile == mark

    def outdated(self) -> Iterator[tuple[str, str]]:
        """Yield (id of a person, what her row says and her history does not)."""
        for row in self._transaction.execute(_ROWS.order_by(col(PersonRow.id))):
            try:
                person = read_person(self._vault, row)
            except UNREADABLE:
                continue  # it is named where all that is sealed is opened
            believed = self.believed(person, row.set_last)
            stands = self._genuine(row.id, row.set_last)
            by = stands.proven_by if stands else ""
            if row.set_last is not None and self.read(row.id, row.set_last) is None:
                yield row.id, "has a change in its history that this program did not write"
            elif not believed.is_reached_as_set:
                yield row.id, "has another mobile than was set last"
            elif believed.identity != person.identity:
                yield row.id, "has a number again that another person has proved"
            elif (row.displaced_at is None) is believed.is_displaced:
                yield row.id, "has lost its number by its row or by its history, not by both"
            elif (believed.level, by) != (person.level, row.proven_by):
                called = f"is called {person.level} by «{row.proven_by}»"
                yield row.id, f"{called}, by its history it is {believed.level} by «{by}»"

    @property
    def _first_key(self) -> str:
        """The first master key, so that a change of the key rewrites no history."""
        self._key = self._key or self._facts.first_key()
        return self._key

    def _mark(self, person_id: str, what: str) -> str:
        return _marked(self._first_key, person_id, what)


def body_of(
    key: str, person: Person, proven_by: str, proven_at: datetime | None, change: int
) -> dict[str, Any]:
    """Return an event's body: how a person stands after so many changes."""
    stands = {
        "change": f"{change:06d}",
        "identity": _marked(key, person.id, person.identity),
        "level": person.level.value,
        "mobile": _marked(key, person.id, person.mobile or ""),
        "proved_at": int(proven_at.timestamp()) if proven_at else 0,
        "proved_by": proven_by,
    }
    return {**stands, "mark": _marked(key, person.id, canonical_json(stands))}


def _marked(key: str, person_id: str, what: str) -> str:
    return Vault.lookup_by(key, "citizen", f"{person_id}/{what}")


def read_person(vault: Vault, row: sqlalchemy.Row[*tuple[Any, ...]]) -> Person:
    """Return a person as her row has her."""
    identity = vault.open("person.identity", row.id, row.identity)
    return Person(
        id=row.id,
        kind=row.kind,
        identity=identity,
        name=vault.open("person.name", row.id, row.name),
        mobile=vault.open("person.mobile", row.id, row.mobile) if row.mobile else None,
        level=Level(row.level),
        is_displaced=not identity,
    )
