"""Citizens, found by the keyed hash of their identity, never by a readable number."""

import hmac
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy
from sqlalchemy import bindparam
from sqlmodel import col, func, select, update
from sqlmodel.sql.expression import SelectOfScalar

from publicmeeting.domain.lifecycle.access import can_see_name
from publicmeeting.domain.people import Level, local_mobile
from publicmeeting.domain.records import Case, Person
from publicmeeting.domain.roles import Actor
from publicmeeting.store.accounts.standings import SET_LAST, Standings, read_person
from publicmeeting.store.database.repository import Repository, new_id, readable_rows, write
from publicmeeting.store.database.rows.cases import ImageRow, OutboxRow, RequestRow
from publicmeeting.store.database.rows.people import DraftRow, PersonRow
from publicmeeting.store.database.transaction import Transaction
from publicmeeting.store.database.vault import UNREADABLE

_NOBODY, _NO_MOBILE = "nobody", "+989000000000"
NO_IDENTITY = "displaced"
"""Kind for the lookup hash of a person whose identity was proved to be somebody else's."""

_READ = (
    *(getattr(PersonRow, name) for name in ("id", "kind", "identity", "name", "mobile", "level")),
    SET_LAST.label("set_last"),
)
"""What a `Person` is built from."""
_PERSON = sqlalchemy.select(*_READ)
_BY_ID = _PERSON.where(col(PersonRow.id) == bindparam("person"))
_ANSWERING = _BY_ID.add_columns(col(PersonRow.pin_hash))
_BY_IDS = _PERSON.where(col(PersonRow.id).in_(bindparam("people", expanding=True))).order_by(
    col(PersonRow.id)
)
_BY_IDENTITY = _PERSON.where(col(PersonRow.identity_hash) == bindparam("mark"))
_SERVED_BY = _PERSON.where(col(PersonRow.mobile_hash) == bindparam("mark")).order_by(
    col(PersonRow.created_at)
)
_SERVED = (
    sqlalchemy.select(func.count())
    .select_from(PersonRow)
    .where(col(PersonRow.mobile_hash) == bindparam("mark"))
    .where(col(PersonRow.displaced_at).is_(None))
)


_ALWAYS = sqlalchemy.select(sqlalchemy.literal(1).label("one")).subquery()
_IDENTITY_AND_SERVED = sqlalchemy.select(
    *_READ, _SERVED.scalar_subquery().label("served")
).select_from(
    _ALWAYS.outerjoin(
        PersonRow.__table__,  # type: ignore[attr-defined]
        col(PersonRow.identity_hash) == bindparam("identity_mark"),
    )
)
"""One row, also if nobody has the identity."""
_MATCH_SOON = (
    update(PersonRow)
    .where(col(PersonRow.id) == bindparam("person"))
    .where(col(PersonRow.level) == Level.TYPED.value)
    .where(col(PersonRow.mobile).is_not(None))
    .where(col(PersonRow.displaced_at).is_(None))
    .values(match_due_at=bindparam("due"))
)
_FILED_LAST = sqlalchemy.select(func.max(RequestRow.filed_at)).where(
    col(RequestRow.person_id) == bindparam("person")
)
# Statements that every filing needs are built once: building costs more than executing.


@dataclass(frozen=True, slots=True)
class Standing:
    """How and since when the city is sure of a person's identity; machine time."""

    level: Level
    proven_by: str
    """`sso:PROVIDER`, `desk:ACCOUNT` or `matching`; empty while it was only typed."""
    proven_at: datetime | None
    known_since: datetime


class People(Repository):
    def __init__(self, transaction: Transaction, standings: Standings) -> None:
        super().__init__(transaction)
        self._standings = standings
        self._added: set[str] = set()
        self._read = dict[str, Person]()
        """Persons read ahead, by id."""

    def by_identity(self, kind: str, identity: str) -> Person | None:
        mark = self._vault.lookup(kind, identity)
        row = self._transaction.execute(_BY_IDENTITY, {"mark": mark}).first()
        return self._of_identity(row, identity) if row else None

    def by_identity_and_served(
        self, kind: str, identity: str, mobile: str
    ) -> tuple[Person | None, int]:
        """Return `by_identity` and `count_served`, in one statement."""
        marks = {
            "identity_mark": self._vault.lookup(kind, identity),
            "mark": self._vault.lookup("mobile", mobile),
        }
        row = self._transaction.execute(_IDENTITY_AND_SERVED, marks).one()
        return self._of_identity(row, identity) if row.id else None, int(row.served)

    def _of_identity(self, row: sqlalchemy.Row[*tuple[Any, ...]], identity: str) -> Person | None:
        # Lookup hashes are in plain text: the database owner could copy one into another row.
        person = self._person(row)
        return person if person.identity == identity else None

    def get(self, person_id: str) -> Person:
        """Return a person; KeyError for an unknown id."""
        if person_id in self._read:
            return self._read[person_id]
        row = self._transaction.execute(_BY_ID, {"person": person_id}).first()
        if row is None:
            raise KeyError(person_id)
        return self._person(row)

    def several(self, ids: Collection[str]) -> dict[str, Person]:
        """Return those of these persons that can be read, by id, in one statement.

        A reading transaction remembers them for `get`.
        """
        some = {"people": list(ids)}
        rows = readable_rows(self._transaction, _BY_IDS, "a person", some) if ids else []
        found = {}
        for row in rows:
            try:
                found[row.id] = self._person(row)
            except UNREADABLE:
                self._transaction.leave_out("a person")
        if self._transaction.is_reading:
            self._read |= found
        return found

    def add(
        self,
        kind: str,
        identity: str,
        name: str,
        mobile: str | None,
        *,
        match_soon: bool = False,
    ) -> Person:
        """Add a new person; see `match_soon` for that argument."""
        key, vault, now = new_id(), self._vault, self._transaction.machine_now
        row = {
            "id": key,
            "kind": kind,
            "identity_hash": vault.lookup(kind, identity),
            "identity": vault.seal("person.identity", key, identity),
            "name": vault.seal("person.name", key, name),
            "mobile": vault.seal("person.mobile", key, mobile) if mobile else None,
            "mobile_hash": vault.lookup("mobile", mobile) if mobile else None,
            "level": Level.TYPED.value,
            "proven_by": "",
            "created_at": now,
            "match_due_at": now if match_soon and mobile else None,
        }
        write(self._transaction, PersonRow, row)
        self._added.add(key)
        return Person(key, kind, identity, name, mobile)

    def is_added(self, person_id: str) -> bool:
        """Whether this transaction created her, so that she has no history and nobody sees her."""
        return person_id in self._added

    def standing(self, person_id: str) -> Standing:
        """Return the proof of her identity; KeyError for an unknown id."""
        row = self._row(person_id)
        by, at = self._proof(person_id)
        return Standing(self.get(person_id).level, by, at, row.created_at)

    def prove(self, person_id: str, level: Level, by: str) -> None:
        """Record how well her identity is proved, and by what: `sso:…`, `desk:…`, `matching`."""
        proven = replace(self.get(person_id), level=level)
        self._stand(proven, by, self._transaction.machine_now if by else None)

    def match_soon(self, person_id: str) -> None:
        """Schedule the question to the national service about her mobile, if she has one."""
        due = {"person": person_id, "due": self._transaction.machine_now}
        self._transaction.execute(_MATCH_SOON, due)

    def matches_due(self) -> bool:
        """Whether a question to the national service is due."""
        return self._session.exec(self._to_match(1)).first() is not None

    def claim_matches(self, stays: timedelta, limit: int) -> list[Person]:
        """Reserve due questions for this process for a while, and return their persons.

        Persons without a mobile, and those that cannot be read, are taken off the schedule.
        """
        rows = self._session.exec(self._to_match(limit).with_for_update(skip_locked=True)).all()
        known = self.several([row.id for row in rows if row.mobile])
        for row in rows:
            row.match_due_at = self._transaction.machine_now + stays if row.id in known else None
            self._session.add(row)
        return [known[row.id] for row in rows if row.id in known]

    def match_again(self, person_id: str, at: datetime | None) -> None:
        """Schedule the next question about her; None: not before she files again."""
        row = self._row(person_id)
        row.match_due_at = at
        self._session.add(row)

    def match_later(self, person_id: str, least: timedelta, most: timedelta) -> None:
        """Schedule the next question about her after as long as it is since she filed last.

        A service may never answer about her, and each question is paid for.
        """
        now, filed_at = self._transaction.machine_now, None
        with suppress(*UNREADABLE):  # as the database owner can make it
            filed_at = self._transaction.execute(_FILED_LAST, {"person": person_id}).scalar()
        since = self._transaction.city_time_in(0) - filed_at if filed_at else least
        self.match_again(person_id, now + min(max(least, since), most))

    def _to_match(self, limit: int) -> SelectOfScalar[PersonRow]:
        due_at = col(PersonRow.match_due_at)
        due = due_at.is_not(None) & (due_at <= self._transaction.machine_now)
        return select(PersonRow).where(due).order_by(due_at).limit(limit)

    def displace(self, person_id: str) -> None:
        """Take the identity from this row, because another person has proved that it is hers.

        History, name and mobile stay here: what was filed does not belong to the other person.
        """
        person, row = self.get(person_id), self._row(person_id)
        row.displaced_at = self._transaction.machine_now
        row.identity_hash = self._vault.lookup(NO_IDENTITY, person_id)
        row.identity = self._vault.seal("person.identity", person_id, "")
        self._stand(replace(person, identity=""), *self._proof(person_id))

    def give_identity_back(self, person_id: str, of: Person) -> None:
        """Give this row its identity and level of proof back from `of`, which loses it."""
        proven_by, _ = self._proof(of.id)
        self.displace(of.id)
        person, row = self.get(person_id), self._row(person_id)
        row.displaced_at, row.kind = None, of.kind
        row.identity_hash = self._vault.lookup(of.kind, of.identity)
        row.identity = self._vault.seal("person.identity", person_id, of.identity)
        back = replace(person, kind=of.kind, identity=of.identity, level=of.level)
        self._stand(back, proven_by, self._transaction.machine_now)
        self.rename(person_id, of.name)

    def hand_over(self, of: str, to: str) -> None:
        """Transfer everything that one row filed, drafted, photographed and received.

        Both rows are the same human being. `Sessions.hand_over` transfers the sessions in which she
        proved it. The first row loses its mobile and its proof.
        """
        self._session.flush()
        for table in (RequestRow, OutboxRow, DraftRow):
            rows = update(table).where(col(table.person_id) == of)
            self._session.exec(rows.values(person_id=to))
        pictures = update(ImageRow).where(col(ImageRow.by_person) == of)
        self._session.exec(pictures.values(by_person=to))
        self.prove(of, Level.TYPED, "")
        self.set_mobile(of, None)

    def is_displaced(self, person_id: str) -> bool:
        """Whether she is displaced now, read anew; call it while holding the lock of the person."""
        return self.get(person_id).is_displaced

    def rename(self, person_id: str, name: str) -> None:
        row = self._row(person_id)
        row.name = self._vault.seal("person.name", person_id, name)
        self._session.add(row)

    def add_mobile(self, person_id: str, mobile: str) -> None:
        """Set the mobile of somebody without one, as named by a proof elsewhere.

        The PIN on her receipt stays valid, because she has not been shown another way to track.
        """
        self._set_mobile(self.get(person_id), mobile, *self._proof(person_id))

    def set_mobile(self, person_id: str, mobile: str | None) -> None:
        """Set or remove a mobile; a match of the old one and an old PIN no longer count."""
        row, person = self._row(person_id), self.get(person_id)
        row.pin_hash = None
        by, at = self._proof(person_id)
        if person.level is Level.MATCHED and person.mobile != mobile:
            person, by, at = replace(person, level=Level.TYPED), "", None
            row.match_due_at = self._transaction.machine_now if mobile else None
        self._set_mobile(person, mobile, by, at)

    def served_by(self, mobile_hash: str) -> list[Person]:
        """Return the persons of one mobile, three at most.

        Rows whose sealed mobile differs from the hash are ignored, and those that the database
        owner has put back: the number of then may be somebody else's.
        """
        served, mark = [], self._vault.lookup
        for row in self._transaction.execute(_SERVED_BY, {"mark": mobile_hash}):
            person = self._person(row)
            is_of_hash = mark("mobile", person.mobile or "") == mobile_hash
            if is_of_hash and person.is_reached_as_set:
                served.append(person)
        return served

    def count_served(self, mobile: str) -> int:
        """Count the persons of one mobile, without displaced ones.

        A father's typing error in his child's number must not use up one of the family's places
        forever.
        """
        mark = self._vault.lookup("mobile", mobile)
        return int(self._transaction.execute(_SERVED, {"mark": mark}).scalar_one())

    def of(self, case: Case, actor: Actor) -> Person | None:
        """Return the person of a case if the actor may see her name, else None."""
        return self.get(case.person_id) if can_see_name(actor, case) else None

    def lock(self, *who: str) -> None:
        """Lock a person by id or, before she has one, by number; or the mobile that reaches her.

        Locks must be taken in the order number, mobile, id.
        """
        held = (f"person/{self._vault.lookup('hold', person)}" for person in who)
        self._transaction.advisory_lock(*held)

    def set_pin(self, person_id: str, pin: str) -> None:
        """Set the PIN on the receipt of somebody without a mobile; only its hash is stored."""
        row = self._row(person_id)
        row.pin_hash = self._vault.lookup("pin", f"{person_id}/{pin}")
        self._session.add(row)

    def is_right_answer(self, person_id: str | None, typed: str) -> bool:
        """Whether it is her PIN, the last four digits of her mobile, or all of it (`09…`).

        The work is the same for an unknown person (None), so that timing does not reveal whether a
        code exists.
        """
        row = self._transaction.execute(_ANSWERING, {"person": person_id or _NOBODY}).first()
        nobody = self._vault.seal("person.mobile", _NOBODY, _NO_MOBILE)
        has_mobile = row is not None and row.mobile is not None
        key, sealed, set_last = (
            (row.id, row.mobile, row.set_last) if row and row.mobile else (_NOBODY, nobody, None)
        )
        mobile = self._vault.open("person.mobile", key, sealed)
        reached = self._standings.is_reached_as_set(key, mobile, set_last) and has_mobile
        pin_hash = self._vault.lookup("pin", f"{person_id}/{typed}")
        reading = self._vault.lookup("mobile", typed)
        is_four = hmac.compare_digest(self._vault.lookup("mobile", mobile[-4:]), reading)
        is_whole = hmac.compare_digest(self._vault.lookup("mobile", local_mobile(mobile)), reading)
        is_pin = hmac.compare_digest((row.pin_hash if row else None) or "", pin_hash)
        return is_pin or (reached and (is_four or is_whole))

    def _row(self, person_id: str) -> PersonRow:
        row = self._session.get(PersonRow, person_id)
        if row is None:
            raise KeyError(person_id)
        return row

    def _set_mobile(self, person: Person, mobile: str | None, by: str, at: datetime | None) -> None:
        row = self._row(person.id)
        row.mobile = self._vault.seal("person.mobile", row.id, mobile) if mobile else None
        row.mobile_hash = self._vault.lookup("mobile", mobile) if mobile else None
        self._stand(replace(person, mobile=mobile), by, at)

    def _proof(self, person_id: str) -> tuple[str, datetime | None]:
        """Return by what and when her level was proved, as her history has it."""
        stands = self._standings.newest(person_id)
        return (stands.proven_by, stands.proven_at) if stands else ("", None)

    def _stand(self, person: Person, by: str, at: datetime | None) -> None:
        """Write her level with its proof, and that she stands so; her row has the rest already.

        The row is written first, so that two changes at once wait for each other there.
        """
        row = self._row(person.id)
        row.level, row.proven_by, row.proven_at = person.level.value, by, at
        self._session.add(row)
        self._session.flush()
        self._standings.note(person, by, at)

    def _person(self, row: sqlalchemy.Row[*tuple[Any, ...]]) -> Person:
        return self._standings.believed(read_person(self._vault, row), row.set_last)
