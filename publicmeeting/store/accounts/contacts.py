"""Which mobile was set last for a citizen, in a history that only grows.

Her row says how she is reached. The database owner can put an older row of hers back, which opens
with its seals, and the number of then may be somebody else's by now.
"""

from collections.abc import Iterator

import sqlalchemy
from sqlalchemy import ScalarSelect
from sqlmodel import col

from publicmeeting.domain.officials.audit import AccountEventKind
from publicmeeting.kit.stored_json import read_object
from publicmeeting.store.accounts.account_events import AccountEvents
from publicmeeting.store.database.repository import Repository
from publicmeeting.store.database.rows.doors import AccountEventRow
from publicmeeting.store.database.rows.people import PersonRow
from publicmeeting.store.database.transaction import Transaction
from publicmeeting.store.database.vault import UNREADABLE, Vault
from publicmeeting.store.database.words import word
from publicmeeting.store.facts import Facts

_SET = col(AccountEventRow.kind) == word(AccountEventKind.CITIZEN_REACHED)
SET_LAST: ScalarSelect[str] = (
    sqlalchemy.select(col(AccountEventRow.body))
    .where(col(AccountEventRow.account_id) == col(PersonRow.id), _SET)
    .order_by(col(AccountEventRow.id).desc())
    .limit(1)
    .correlate(PersonRow)
    .scalar_subquery()
)
"""The newest such event of a person; NULL if she is reached as she was at first."""
_REACHED = sqlalchemy.select(
    col(PersonRow.id), col(PersonRow.mobile), SET_LAST.label("set_last")
).where(col(PersonRow.id).in_(sqlalchemy.select(col(AccountEventRow.account_id)).where(_SET)))


class Contacts(Repository):
    def __init__(self, transaction: Transaction, events: AccountEvents, facts: Facts) -> None:
        super().__init__(transaction)
        self._events, self._facts = events, facts

    def note(self, person_id: str, mobile: str | None) -> None:
        """Write that she is reached by this mobile from now on, or by none."""
        body = {"mark": self._mark(person_id, mobile)}
        self._events.add(AccountEventKind.CITIZEN_REACHED, person_id, None, body)

    def is_newest(self, person_id: str, mobile: str | None, set_last: str | None) -> bool:
        """Whether a mobile is the one of `SET_LAST`."""
        try:
            wanted = read_object(set_last)["mark"] if set_last is not None else None
        except UNREADABLE:
            return False
        return set_last is None or wanted == self._mark(person_id, mobile)

    def outdated(self) -> Iterator[str]:
        """Yield the ids of persons whose row has another mobile than was set last."""
        for key, sealed, set_last in self._transaction.execute(_REACHED.order_by(PersonRow.id)):
            try:
                mobile = self._vault.open("person.mobile", key, sealed) if sealed else None
            except UNREADABLE:
                continue  # it is named where all that is sealed is opened
            if not self.is_newest(key, mobile, set_last):
                yield key

    def _mark(self, person_id: str, mobile: str | None) -> str:
        """Return a hash by the first master key: a change of the key rewrites no history."""
        return Vault.lookup_by(self._facts.first_key(), "contact", f"{person_id}/{mobile or ''}")
