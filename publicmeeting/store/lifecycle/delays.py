"""How late a citizen goes in, as a notice to her states it, with a tag that needs the city's key.

The database owner may invent no delay, and move none to another citizen or another time.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from publicmeeting.domain.lifecycle.notices import Timely
from publicmeeting.kit.hashing import canonical_json
from publicmeeting.kit.stored import read_object
from publicmeeting.store.accounts.row_tags import plain
from publicmeeting.store.database.rows.cases import OutboxRow
from publicmeeting.store.database.transaction import Transaction
from publicmeeting.store.database.vault import UNREADABLE, Vault

_ENDS = ("earliest", "latest")
_TAG = "tag"


@dataclass(frozen=True, slots=True)
class Delay:
    """How late a citizen goes in, as stated in a notice to her."""

    earliest: datetime
    latest: datetime
    minutes: int
    """Minutes between her own time and the likely one."""


def write_delay(vault: Vault, row: OutboxRow, delay: Delay) -> None:
    """Put a delay and its tag into the facts of a notice."""
    facts: dict[str, object] = {name: getattr(delay, name).isoformat() for name in _ENDS}
    facts["minutes"] = delay.minutes
    row.facts = canonical_json(facts | {_TAG: _tag(vault, row, facts)})


def read_delay(vault: Vault, row: OutboxRow) -> Delay | None:
    """Return the delay that a notice states; None if this program did not write it."""
    try:
        facts = read_object(row.facts)
        if facts.pop(_TAG) != _tag(vault, row, facts):
            return None
        earliest, latest = (datetime.fromisoformat(facts[key]) for key in _ENDS)
        return Delay(earliest, latest, int(facts["minutes"]))
    except UNREADABLE:
        return None


def retag_delays(transaction: Transaction, new: Vault) -> None:
    """Tag for another key every delay whose tag fits this one's."""
    is_late = col(OutboxRow.action) == Timely.LATENESS.value
    for row in transaction.session.exec(select(OutboxRow).where(is_late)):
        if delay := read_delay(transaction.vault, row):
            write_delay(new, row, delay)
            transaction.session.add(row)


def _tag(vault: Vault, row: OutboxRow, facts: Mapping[str, object]) -> str:
    # Her person is not named: the rows of one citizen may become one.
    named = [row.event_id, row.request_id, plain(row.at), facts]
    return vault.lookup("outbox.tag", canonical_json(named))
