"""Where a Monday is held and what a district says of itself get tags that the city's key makes.

Without a tag a page says «ask 137» in their place. The step believes the rows that it finds, and
needs the key that the database was sealed with as soon as there is one.
"""

import json
from datetime import date

import sqlalchemy as sa
from alembic import context, op

from publicmeeting.store.database.vault import Vault, WrongKey

revision = "0072"
down_revision = "0071"

_monday = sa.table(
    "monday",
    sa.column("district", sa.Integer),
    sa.column("on", sa.Date),
    sa.column("place", sa.String),
    sa.column("guest", sa.String),
    sa.column("tag", sa.String),
)
_text = sa.table(
    "district_text",
    sa.column("id", sa.Integer),
    sa.column("district", sa.Integer),
    sa.column("from_on", sa.Date),
    sa.column("body", sa.String),
    sa.column("state", sa.String),
    sa.column("tag", sa.String),
)
_DECIDED = ("approved", "in_force", "replaced")


def upgrade() -> None:
    for table in (_monday, _text):
        op.add_column(
            table.name, sa.Column("tag", sa.String, nullable=False, server_default=sa.text("''"))
        )
    here = op.get_bind()
    moved = sa.select(_monday).where((_monday.c.place != "") | (_monday.c.guest != ""))
    approved = sa.select(_text).where(_text.c.state.in_(_DECIDED))
    mondays, texts = here.execute(moved).all(), here.execute(approved).all()
    vault = _vault() if mondays or texts else None
    changes = [
        {
            "number": row.district,
            "day": row.on,
            "new": _tag(vault, "monday", row.district, row.on, row.place, row.guest),
        }
        for row in mondays
    ]
    own = (_monday.c.district == sa.bindparam("number")) & (_monday.c.on == sa.bindparam("day"))
    if changes:
        here.execute(_monday.update().where(own).values(tag=sa.bindparam("new")), changes)
    changes = [
        {
            "one": row.id,
            "new": _tag(vault, "district_text", row.id, row.district, row.from_on, row.body),
        }
        for row in texts
    ]
    one = _text.c.id == sa.bindparam("one")
    if changes:
        here.execute(_text.update().where(one).values(tag=sa.bindparam("new")), changes)


def downgrade() -> None:
    for table in (_monday, _text):
        op.drop_column(table.name, "tag")


def _tag(vault: Vault | None, table: str, *values: object) -> str:
    assert vault is not None
    plain = [one.isoformat() if isinstance(one, date) else one for one in values]
    return vault.lookup(
        f"{table}.tag", json.dumps(plain, separators=(",", ":"), ensure_ascii=False)
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
