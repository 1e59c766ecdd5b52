"""Marks of the clock get a tag over their name and time, which only the city's key makes.

Without it a mark counts as absent. The step believes the rows that it finds, and needs the key that
the database was sealed with as soon as there is one.
"""

import json
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import context, op

from publicmeeting.store.database.vault import Vault, WrongKey

revision = "0074"
down_revision = "0073"

_job = sa.table(
    "job",
    sa.column("name", sa.String),
    sa.column("done_at", sa.DateTime(timezone=True)),
    sa.column("tag", sa.String),
)
_CHANGED = _job.update().where(_job.c.name == sa.bindparam("job")).values(tag=sa.bindparam("new"))

_UNREADABLE = (ValueError, TypeError, sa.exc.DataError)


def upgrade() -> None:
    op.add_column("job", sa.Column("tag", sa.String, nullable=False, server_default=sa.text("''")))
    here = op.get_bind()
    is_done = _job.c.done_at.is_not(None)
    marks = sa.select(_job.c.name, _job.c.done_at).where(is_done)
    try:
        found = [(name, at) for name, at in here.execute(marks).all()]
    except _UNREADABLE:
        names = here.execute(marks.with_only_columns(_job.c.name)).scalars().all()
        found = [(name, at) for name in names for at in _time_of(name)]
    vault = _vault() if found else None
    changes = [
        {"job": name, "new": vault.lookup("job.tag", _canonical([name, _seconds(at)]))}
        for name, at in found
        if vault is not None
    ]
    if changes:
        here.execute(_CHANGED, changes)


def downgrade() -> None:
    op.drop_column("job", "tag")


def _time_of(name: str) -> list[datetime]:
    """Return the time of a mark; none of a damaged one, which must not stop the upgrade."""
    one = sa.select(_job.c.done_at).where(_job.c.name == name)
    try:
        return [op.get_bind().execute(one).scalar_one()]
    except _UNREADABLE:
        return []


def _seconds(at: datetime) -> int:
    # SQLite stores instants in UTC, and returns them without a zone.
    return int((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp())


def _canonical(value: object) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _vault() -> Vault:
    """Raises `WrongKey` when it is not the one this database was sealed with."""
    vault: Vault | None = context.config.attributes["vault"]
    known = (
        op.get_bind().execute(sa.text("SELECT value FROM fact WHERE key = 'key_check'")).scalar()
    )
    if vault is None or known not in {None, vault.check}:
        raise WrongKey("key_check")
    return vault
