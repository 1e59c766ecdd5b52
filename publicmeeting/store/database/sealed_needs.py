"""What a request's row says of its citizen's body: sealed words of one length."""

from publicmeeting.store.database.rows.cases import RequestRow
from publicmeeting.store.database.vault import Vault


def lane_of(vault: Vault, row: RequestRow) -> str:
    return vault.open_word("request.lane", row.id, row.lane)


def needs_of(vault: Vault, row: RequestRow) -> tuple[str, ...]:
    return tuple(filter(None, vault.open_word("request.needs", row.id, row.needs).split(",")))
