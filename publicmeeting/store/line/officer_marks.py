"""Names of officials in the public log: unit, and a keyed hash that changes each Jalali year."""

from publicmeeting.store.database.repository import Repository
from publicmeeting.store.database.transaction import Transaction
from publicmeeting.store.database.vault import Vault
from publicmeeting.store.facts import Facts
from publicmeeting.turns.formulas import officer

_SECRET, _PLACE = "officer_secret", "fact.value"


class OfficerMarks(Repository):
    def __init__(self, transaction: Transaction, facts: Facts) -> None:
        super().__init__(transaction)
        self._facts = facts

    def mark(self, unit: str, account_id: str, year: int) -> str:
        """Return `unit/8 hex digits`: the same all year, without revealing the account."""
        return officer(unit, self._secret(), account_id, year)

    def keep_secret(self, new: Vault) -> None:
        """Store the secret under a new master key, so that the names stay the same."""
        self._facts.put(_SECRET, new.seal(_PLACE, _SECRET, self._secret()).hex())

    def _secret(self) -> str:
        """Return the secret of the first master key, as 64 hex digits."""
        stored = self._facts.get(_SECRET)
        if stored is None:
            return self._vault.lookup(_SECRET, "v1")
        return self._vault.open(_PLACE, _SECRET, bytes.fromhex(stored))
