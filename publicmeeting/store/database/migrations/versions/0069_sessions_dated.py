"""The tag of a session covers when it was opened, so that nobody makes it last longer.

Sessions whose tag fits go on. Needs the key that the database was sealed with, as soon as there is
a session; with another key nothing is changed.
"""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import context, op

from publicmeeting.kit.hashing import canonical_json
from publicmeeting.store.database.vault import Vault, WrongKey

revision = "0069"
down_revision = "0068"

_session = sa.table(
    "session",
    sa.column("id", sa.String),
    sa.column("account_id", sa.String),
    sa.column("person_id", sa.String),
    sa.column("mobile_hash", sa.String),
    sa.column("door", sa.String),
    sa.column("created_at", sa.DateTime(timezone=True)),
    sa.column("tag", sa.String),
)
_BEFORE = ("id", "account_id", "person_id", "mobile_hash", "door")
_AFTER = (*_BEFORE, "created_at")


def upgrade() -> None:
    _retag(_BEFORE, _AFTER)


def downgrade() -> None:
    _retag(_AFTER, _BEFORE)


def _retag(before: tuple[str, ...], after: tuple[str, ...]) -> None:
    rows = op.get_bind().execute(sa.select(_session)).mappings().all()
    if not rows:
        return
    vault = _vault()
    for row in rows:
        if row["tag"] == _tag(vault, row, before):
            own = _session.update().where(_session.c.id == row["id"])
            op.get_bind().execute(own.values(tag=_tag(vault, row, after)))


def _tag(vault: Vault, row: sa.RowMapping, names: tuple[str, ...]) -> str:
    return vault.lookup("session.tag", canonical_json([_plain(row[name]) for name in names]))


def _plain(value: object) -> object:
    if not isinstance(value, datetime):
        return value
    # SQLite stores instants in UTC, and returns them without a zone.
    return int((value if value.tzinfo else value.replace(tzinfo=UTC)).timestamp())


def _vault() -> Vault:
    """Raises `WrongKey` when it is not the one this database was sealed with."""
    vault: Vault | None = context.config.attributes["vault"]
    known = (
        op.get_bind().execute(sa.text("SELECT value FROM fact WHERE key = 'key_check'")).scalar()
    )
    if vault is None or known not in {None, vault.check}:
        raise WrongKey("key_check")
    return vault
