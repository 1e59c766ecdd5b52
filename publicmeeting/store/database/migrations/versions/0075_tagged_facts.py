"""Facts of the installation get a tag over name and value, which only the city's key makes.

Without it a fact counts as absent. The step believes the rows that it finds, and needs the key that
the database was sealed with as soon as there is one.
"""

import json

import sqlalchemy as sa
from alembic import context, op

from publicmeeting.store.database.vault import Vault, WrongKey

revision = "0075"
down_revision = "0074"

_fact = sa.table("fact", *(sa.column(name, sa.String) for name in ("key", "value", "tag")))
_UNTAGGED = ("key_check", "tables_served_from")


def upgrade() -> None:
    op.add_column("fact", sa.Column("tag", sa.String, nullable=False, server_default=sa.text("''")))
    here = op.get_bind()
    tagged = sa.select(_fact.c.key, _fact.c.value).where(_fact.c.key.not_in(_UNTAGGED))
    rows = here.execute(tagged).all()
    vault = _vault() if rows else None
    changes = [
        {
            "one": row.key,
            "new": vault.lookup(
                "fact.tag", json.dumps(list(row), separators=(",", ":"), ensure_ascii=False)
            ),
        }
        for row in rows
        if vault is not None
    ]
    if changes:
        own = _fact.update().where(_fact.c.key == sa.bindparam("one"))
        here.execute(own.values(tag=sa.bindparam("new")), changes)


def downgrade() -> None:
    op.drop_column("fact", "tag")


def _vault() -> Vault:
    """Raises `WrongKey` when it is not the one this database was sealed with."""
    vault: Vault | None = context.config.attributes["vault"]
    known = (
        op.get_bind().execute(sa.text("SELECT value FROM fact WHERE key = 'key_check'")).scalar()
    )
    if vault is None or known not in {None, vault.check}:
        raise WrongKey("key_check")
    return vault
