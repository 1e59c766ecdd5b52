"""Unfinished orders of a mayor or deputy for one visitor: sealed, and readable by nobody else."""

import json
from collections.abc import Mapping

from publicmeeting.store.database.repository import Repository
from publicmeeting.store.database.rows.people import DraftRow
from publicmeeting.store.database.vault import Vault

FIELDS, STROKES = PARTS = ("fields", "strokes")
_ID, _OWNER = 32, 12


class Unfinished(Repository):
    """Drafts of orders; `what` is a part that is read and written as a whole: fields or strokes.

    They are stored among the citizens' drafts and expire with them. Their ids are keyed hashes of
    account and request.
    """

    def read(self, what: str, account_id: str, request_id: str) -> dict[str, str]:
        row = self._session.get(DraftRow, self._key(what, account_id, request_id))
        if row is None:
            return {}
        fields: dict[str, str] = json.loads(self._vault.open("draft.fields", row.id, row.fields))
        return fields

    def lock(self, account_id: str, request_id: str) -> None:
        """Lock the draft, so that two tabs write one after the other."""
        self._transaction.advisory_lock(f"unfinished/{account_id}/{request_id}")

    def save(self, what: str, account_id: str, request_id: str, fields: Mapping[str, str]) -> None:
        """Store exactly these fields, without empty ones."""
        key = self._key(what, account_id, request_id)
        text = json.dumps({k: v for k, v in fields.items() if v}, ensure_ascii=False)
        row = self._session.get(DraftRow, key) or DraftRow(
            id=key, fields=b"", updated_at=self._transaction.machine_now
        )
        row.fields = self._vault.seal("draft.fields", key, text)
        row.updated_at = self._transaction.machine_now
        self._session.add(row)
        self._session.flush()

    def drop(self, what: str, account_id: str, request_id: str) -> None:
        row = self._session.get(DraftRow, self._key(what, account_id, request_id))
        if row is not None:
            self._session.delete(row)
            self._session.flush()

    def owner(self, account_id: str) -> str:
        """Return a keyed hash by which a browser recognises the owner of unsent strokes."""
        return self._vault.lookup("unfinished", account_id)[:_OWNER]

    def _key(self, what: str, account_id: str, request_id: str) -> str:
        return draft_key(self._vault, what, account_id, request_id)


def draft_key(vault: Vault, what: str, account_id: str, request_id: str) -> str:
    return vault.lookup("unfinished", f"{what}/{account_id}/{request_id}")[:_ID]
