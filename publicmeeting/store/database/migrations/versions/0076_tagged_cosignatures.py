"""Witnesses' lines under notes of the log get a tag, which only the city's key makes.

Without it a line counts as absent. The step believes the rows that it finds, and needs the key that
the database was sealed with as soon as there is one.
"""

import json

import sqlalchemy as sa
from alembic import context, op

from publicmeeting.store.database.vault import Vault, WrongKey

revision = "0076"
down_revision = "0075"

_COLUMNS = ("size", "name", "key_id", "line")
_line = sa.table(
    "cosignature",
    sa.column("size", sa.Integer),
    *(sa.column(name, sa.String) for name in ("name", "key_id", "line", "tag")),
)


def upgrade() -> None:
    _guard_nothing()
    op.add_column(
        "cosignature", sa.Column("tag", sa.String, nullable=False, server_default=sa.text("''"))
    )
    here = op.get_bind()
    rows = here.execute(sa.select(*(_line.c[name] for name in _COLUMNS))).all()
    vault = _vault() if rows else None
    changes = [
        {
            "at_size": row.size,
            "by_name": row.name,
            "by_key": row.key_id,
            "new": vault.lookup(
                "cosignature.tag",
                json.dumps(list(row), separators=(",", ":"), ensure_ascii=False),
            ),
        }
        for row in rows
        if vault is not None
    ]
    if changes:
        own = sa.and_(
            _line.c.size == sa.bindparam("at_size"),
            _line.c.name == sa.bindparam("by_name"),
            _line.c.key_id == sa.bindparam("by_key"),
        )
        here.execute(_line.update().where(own).values(tag=sa.bindparam("new")), changes)
    _guard("UPDATE OF size, name, key_id, line")


def downgrade() -> None:
    _guard_nothing()
    op.drop_column("cosignature", "tag")
    _guard("UPDATE")


def _guard_nothing() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER cosignature_no_update")
    else:
        op.execute("DROP TRIGGER cosignature_only_grows ON cosignature")


def _guard(update: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            f"CREATE TRIGGER cosignature_no_update BEFORE {update} ON cosignature"
            " BEGIN SELECT RAISE(ABORT, 'append-only'); END"
        )
        return
    op.execute(
        f"CREATE TRIGGER cosignature_only_grows BEFORE {update} OR DELETE ON cosignature"
        " FOR EACH ROW EXECUTE FUNCTION only_grows()"
    )


def _vault() -> Vault:
    """Raises `WrongKey` when it is not the one this database was sealed with."""
    vault: Vault | None = context.config.attributes["vault"]
    known = (
        op.get_bind().execute(sa.text("SELECT value FROM fact WHERE key = 'key_check'")).scalar()
    )
    if vault is None or known not in {None, vault.check}:
        raise WrongKey("key_check")
    return vault
