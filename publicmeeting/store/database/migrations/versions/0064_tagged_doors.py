"""Sessions, passkeys, links and recovery codes have a tag that only the city's key makes.

What lies there is believed once. Needs the key that the database was sealed with, as soon as there
is a row; with another one nothing is changed.
"""

import sqlalchemy as sa
from alembic import context, op

from publicmeeting.kit.hashing import canonical_json
from publicmeeting.store.database.vault import Vault, WrongKey

revision = "0064"
down_revision = "0063"

_HELD = {
    "session": ("id", "account_id", "person_id", "mobile_hash", "door"),
    "passkey": ("id", "account_id", "public_key"),
    "invitation": ("id", "account_id", "kind"),
    "recovery_code": ("id", "account_id"),
}


def upgrade() -> None:
    for table, held in _HELD.items():
        empty = sa.Column("tag", sa.String, nullable=False, server_default=sa.text("''"))
        op.add_column(table, empty)
        here = sa.table(table, sa.column("tag"), *map(sa.column, held))
        rows = op.get_bind().execute(sa.select(*(here.c[name] for name in held))).all()
        if not rows:
            continue
        vault = _vault()
        for row in rows:
            tag = vault.lookup(f"{table}.tag", canonical_json(list(row)))
            op.get_bind().execute(here.update().where(here.c.id == row[0]).values(tag=tag))


def downgrade() -> None:
    for table in _HELD:
        op.drop_column(table, "tag")


def _vault() -> Vault:
    """Raises `WrongKey` when it is not the one this database was sealed with."""
    vault: Vault | None = context.config.attributes["vault"]
    known = (
        op.get_bind().execute(sa.text("SELECT value FROM fact WHERE key = 'key_check'")).scalar()
    )
    if vault is None or known not in {None, vault.check}:
        raise WrongKey("key_check")
    return vault
