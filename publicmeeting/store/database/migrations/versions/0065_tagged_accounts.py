"""Accounts have a tag that only the city's key makes, of names, doors and roles.

The step believes the rows that it finds. It needs the key that the database was sealed with, as
soon as there is an account; with another key it changes nothing.
"""

from collections import defaultdict
from datetime import date

import sqlalchemy as sa
from alembic import context, op

from publicmeeting.kit.hashing import canonical_json, sha_bytes
from publicmeeting.store.database.vault import Vault, WrongKey

revision = "0065"
down_revision = "0064"

_account = sa.table(
    "account",
    sa.column("id", sa.String),
    sa.column("username", sa.String),
    sa.column("name", sa.String),
    sa.column("password_hash", sa.String),
    sa.column("active", sa.Boolean),
    sa.column("suspended_at", sa.DateTime(timezone=True)),
    sa.column("tag", sa.String),
)
_grant = sa.table(
    "role_grant",
    sa.column("account_id", sa.String),
    sa.column("role", sa.String),
    sa.column("district", sa.Integer),
    sa.column("unit_id", sa.String),
    sa.column("from_on", sa.Date),
    sa.column("until_on", sa.Date),
)
_totp = sa.table(
    "totp",
    sa.column("account_id", sa.String),
    sa.column("secret", sa.LargeBinary),
    sa.column("since", sa.DateTime(timezone=True)),
)
_passkey = sa.table("passkey", sa.column("account_id", sa.String))


def upgrade() -> None:
    empty = sa.Column("tag", sa.String, nullable=False, server_default=sa.text("''"))
    op.add_column("account", empty)
    here = op.get_bind()
    accounts = here.execute(sa.select(*list(_account.c)[:-1])).all()
    if not accounts:
        return
    vault = _vault()
    terms = defaultdict[str, list[str]](list)
    for row in here.execute(sa.select(_grant)):
        days = [_day(row.from_on), _day(row.until_on)]
        terms[row.account_id].append(canonical_json([row.role, row.district, row.unit_id, *days]))
    in_use = _totp.c.since.is_not(None)
    apps = {
        row.account_id: sha_bytes(row.secret)
        for row in here.execute(sa.select(_totp).where(in_use))
    }
    passkeys = set(here.execute(sa.select(_passkey.c.account_id)).scalars())
    for row in accounts:
        state = [
            row.id,
            row.username,
            row.name,
            row.password_hash,
            row.active,
            row.suspended_at is not None,
            apps.get(row.id, ""),
            row.id in passkeys,
            sorted(terms[row.id]),
        ]
        tag = vault.lookup("account.tag", canonical_json(state))
        here.execute(_account.update().where(_account.c.id == row.id).values(tag=tag))


def downgrade() -> None:
    op.drop_column("account", "tag")


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _vault() -> Vault:
    """Raises `WrongKey` when it is not the one this database was sealed with."""
    vault: Vault | None = context.config.attributes["vault"]
    known = (
        op.get_bind().execute(sa.text("SELECT value FROM fact WHERE key = 'key_check'")).scalar()
    )
    if vault is None or known not in {None, vault.check}:
        raise WrongKey("key_check")
    return vault
