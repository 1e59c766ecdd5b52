"""Citizens: found by the keyed hash of their identity, never by a readable number."""

import hmac
from collections.abc import Collection
from dataclasses import dataclass
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
from publicmeeting.store.database.repository import Repository, new_id, write
from publicmeeting.store.database.rows.cases import ImageRow, OutboxRow, RequestRow
from publicmeeting.store.database.rows.people import DraftRow, PersonRow
from publicmeeting.store.database.transaction import Transaction
from publicmeeting.store.database.vault import UNREADABLE, WrongKey

_NOBODY, _NO_MOBILE = "nobody", "+989000000000"
NO_IDENTITY = "displaced"
"""In place of a kind, in the mark of a person whose identity is proved to be somebody else's."""

_READ = ("id", "kind", "identity", "name", "mobile", "level", "displaced_at")
"""The columns of which a `Person` is made."""
_PERSON = sqlalchemy.select(*(getattr(PersonRow, name) for name in _READ))
_BY_ID = _PERSON.where(col(PersonRow.id) == bindparam("person"))
_BY_IDS = _PERSON.where(col(PersonRow.id).in_(bindparam("people", expanding=True)))
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


_DISPLACED = sqlalchemy.select(col(PersonRow.displaced_at)).where(
    col(PersonRow.id) == bindparam("person")
)
_MATCH_SOON = (
    update(PersonRow)
    .where(col(PersonRow.id) == bindparam("person"))
    .where(col(PersonRow.level) == Level.TYPED.value)
    .where(col(PersonRow.mobile).is_not(None))
    .where(col(PersonRow.displaced_at).is_(None))
    .values(match_due_at=bindparam("due"))
)
# What every filing needs is put together once: that costs more than to run it.


@dataclass(frozen=True, slots=True)
class Standing:
    """How sure the city is of a person, by what, and since when; machine time."""

    level: Level
    proven_by: str
    """`sso:PROVIDER`, `desk:ACCOUNT`, `matching`; empty while it was only typed."""
    proven_at: datetime | None
    known_since: datetime


class People(Repository):
    def __init__(self, transaction: Transaction) -> None:
        super().__init__(transaction)
        self._added: set[str] = set()

    def by_identity(self, kind: str, identity: str) -> Person | None:
        mark = self._vault.lookup(kind, identity)
        row = self._transaction.execute(_BY_IDENTITY, {"mark": mark}).first()
        person = self._person(row) if row else None
        # Marks stand in the clear: whoever writes to the database could lend her his own.
        return person if person and person.identity == identity else None

    def get(self, person_id: str) -> Person:
        """KeyError for an unknown id."""
        row = self._transaction.execute(_BY_ID, {"person": person_id}).first()
        if row is None:
            raise KeyError(person_id)
        return self._person(row)

    def several(self, ids: Collection[str]) -> dict[str, Person]:
        """Those of these ids that can be read, by id; one statement however many."""
        rows = self._transaction.execute(_BY_IDS, {"people": list(ids)}) if ids else ()
        found = {}
        for row in rows:
            try:
                found[row.id] = self._person(row)
            except UNREADABLE:
                self._transaction.leave_out("a person")
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
        """Somebody nobody knows yet; with `match_soon` as `match_soon` has it."""
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
        """Whether this transaction has made her: then nothing has happened to her yet, and nobody
        else knows her."""
        return person_id in self._added

    def standing(self, person_id: str) -> Standing:
        """KeyError for an unknown id."""
        row = self._row(person_id)
        return Standing(Level(row.level), row.proven_by, row.proven_at, row.created_at)

    def prove(self, person_id: str, level: Level, by: str) -> None:
        """How sure the city is of her, and by what: `sso:…`, `desk:…`, `matching`."""
        row = self._row(person_id)
        row.level, row.proven_by = level.value, by
        row.proven_at = self._transaction.machine_now
        self._session.add(row)

    def match_soon(self, person_id: str) -> None:
        """Have the national service asked about her mobile, once there is one."""
        due = {"person": person_id, "due": self._transaction.machine_now}
        self._transaction.execute(_MATCH_SOON, due)

    def matches_due(self) -> bool:
        """Whether anybody is to be asked about now."""
        return self._session.exec(self._to_match(1)).first() is not None

    def claim_matches(self, stays: timedelta, limit: int) -> list[Person]:
        """Persons to be asked about now, reserved for this process for a while; whoever has no
        mobile or cannot be read any more is asked about no more."""
        rows = self._session.exec(self._to_match(limit).with_for_update(skip_locked=True)).all()
        found = []
        for row in rows:
            person = self._readable(row) if row.mobile else None
            row.match_due_at = self._transaction.machine_now + stays if person else None
            self._session.add(row)
            if person is not None:
                found.append(person)
        return found

    def _readable(self, row: PersonRow) -> Person | None:
        try:
            return self._person(row)
        except (WrongKey, ValueError):
            return None

    def match_again(self, person_id: str, at: datetime | None) -> None:
        """When the service is to be asked about her again; None: not before she files again."""
        row = self._row(person_id)
        row.match_due_at = at
        self._session.add(row)

    def _to_match(self, limit: int) -> SelectOfScalar[PersonRow]:
        due_at = col(PersonRow.match_due_at)
        due = due_at.is_not(None) & (due_at <= self._transaction.machine_now)
        return select(PersonRow).where(due).order_by(due_at).limit(limit)

    def displace(self, person_id: str) -> None:
        """Take the identity away from this row, for another that is proved to be its owner's.

        Her history, name and mobile stay: what was filed is not hers who comes now.
        """
        row = self._row(person_id)
        row.displaced_at = self._transaction.machine_now
        row.identity_hash = self._vault.lookup(NO_IDENTITY, person_id)
        row.identity = self._vault.seal("person.identity", person_id, "")
        self._session.add(row)
        self._session.flush()

    def give_identity_back(self, person_id: str, of: Person) -> None:
        """The identity is this row's again, and as sure as it was in the other, which loses it."""
        proven_by = self.standing(of.id).proven_by
        self.displace(of.id)
        row = self._row(person_id)
        row.displaced_at, row.kind = None, of.kind
        row.identity_hash = self._vault.lookup(of.kind, of.identity)
        row.identity = self._vault.seal("person.identity", person_id, of.identity)
        self._session.add(row)
        self._session.flush()
        self.prove(person_id, of.level, proven_by)
        self.rename(person_id, of.name)

    def hand_over(self, of: str, to: str) -> None:
        """What one row has filed, begun, photographed and been sent is another's, who is the same
        human being; so are the sessions in which she proved it (`Sessions.hand_over`). The first is
        nobody's any more: no mobile serves it, and nobody is asked about it."""
        self._session.flush()
        for table in (RequestRow, OutboxRow, DraftRow):
            hers = update(table).where(col(table.person_id) == of)
            self._session.exec(hers.values(person_id=to))
        pictures = update(ImageRow).where(col(ImageRow.by_person) == of)
        self._session.exec(pictures.values(by_person=to))
        self.prove(of, Level.TYPED, "")
        self.set_mobile(of, None)

    def is_displaced(self, person_id: str) -> bool:
        """As it is now, whatever was read before: ask under the lock of the person."""
        return self._transaction.execute(_DISPLACED, {"person": person_id}).scalar() is not None

    def rename(self, person_id: str, name: str) -> None:
        row = self._row(person_id)
        row.name = self._vault.seal("person.name", person_id, name)
        self._session.add(row)

    def change_mobile(self, person_id: str, mobile: str) -> None:
        """Her own choice of another one: what was known by the old one alone is not known by it."""
        row = self._row(person_id)
        if row.level == Level.MATCHED:
            row.level, row.proven_by, row.proven_at = Level.TYPED, "", None
            row.match_due_at = self._transaction.machine_now
        row.pin_hash = None
        self._set_mobile(row, mobile)

    def add_mobile(self, person_id: str, mobile: str) -> None:
        """Of whoever had none: a proof elsewhere named it. The PIN on her receipt goes on being
        hers, since nobody has shown her another way."""
        self._set_mobile(self._row(person_id), mobile)

    def set_mobile(self, person_id: str, mobile: str | None) -> None:
        """Give a person another mobile, or none; the national service has answered for the one
        before, and a PIN from before is hers no more."""
        row = self._row(person_id)
        row.pin_hash = None
        before = row.mobile_hash
        self._set_mobile(row, mobile)
        if row.level == Level.MATCHED and row.mobile_hash != before:
            row.level, row.proven_by = Level.TYPED, ""
            row.match_due_at = self._transaction.machine_now if mobile else None

    def served_by(self, mobile_hash: str) -> list[Person]:
        """The persons one mobile serves (three at most); not one whose own is another."""
        rows = self._transaction.execute(_SERVED_BY, {"mark": mobile_hash})
        persons, mark = map(self._person, rows), self._vault.lookup
        return [one for one in persons if mark("mobile", one.mobile or "") == mobile_hash]

    def count_served(self, mobile: str) -> int:
        """How many persons one mobile serves, without those whose number is proved to be another's:
        a father's slip in his child's number takes no place of the family for ever."""
        mark = self._vault.lookup("mobile", mobile)
        return int(self._transaction.execute(_SERVED, {"mark": mark}).scalar_one())

    def of(self, case: Case, actor: Actor) -> Person | None:
        """The person of a case for those who may know her name; None for all others."""
        return self.get(case.person_id) if can_see_name(actor, case) else None

    def lock(self, *who: str) -> None:
        """One work at a time for a person, by her id or, before she has one, her number; or for the
        mobile she is to be reached by. Asked for in the order of number, mobile, id."""
        held = (f"person/{self._vault.lookup('hold', one)}" for one in who)
        self._transaction.advisory_lock(*held)

    def set_pin(self, person_id: str, pin: str) -> None:
        """The number printed on a receipt of somebody without a mobile; only its hash is stored."""
        row = self._row(person_id)
        row.pin_hash = self._vault.lookup("pin", f"{person_id}/{pin}")
        self._session.add(row)

    def is_her_answer(self, person_id: str | None, typed: str) -> bool:
        """Whether these are the last four digits of her mobile or all of it (`09…`), or her PIN.

        The same work for nobody (None), so that the time does not reveal an unknown code.
        """
        row = self._session.get(PersonRow, person_id or _NOBODY)
        nobody = self._vault.seal("person.mobile", _NOBODY, _NO_MOBILE)
        reached = row is not None and row.mobile is not None
        key, sealed = (row.id, row.mobile) if row and row.mobile else (_NOBODY, nobody)
        mobile = self._vault.open("person.mobile", key, sealed)
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

    def _set_mobile(self, row: PersonRow, mobile: str | None) -> None:
        row.mobile = self._vault.seal("person.mobile", row.id, mobile) if mobile else None
        row.mobile_hash = self._vault.lookup("mobile", mobile) if mobile else None
        self._session.add(row)
        self._session.flush()

    def _person(self, row: PersonRow | sqlalchemy.Row[*tuple[Any, ...]]) -> Person:
        vault = self._vault
        return Person(
            id=row.id,
            kind=row.kind,
            identity=vault.open("person.identity", row.id, row.identity),
            name=vault.open("person.name", row.id, row.name),
            mobile=vault.open("person.mobile", row.id, row.mobile) if row.mobile else None,
            level=Level(row.level),
            is_displaced=row.displaced_at is not None,
        )
