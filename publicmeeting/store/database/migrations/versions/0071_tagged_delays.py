"""How late a Monday runs, in notices of an older release, gets the tag that the city's key makes.

Without it such a notice is not sent and is missing from her list. The step believes the rows that
it finds, and needs the key that the database was sealed with as soon as there is one.
"""

import json
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import context, op

from publicmeeting.store.database.vault import Vault, WrongKey

revision = "0071"
down_revision = "0070"

_outbox = sa.table(
    "outbox",
    sa.column("id", sa.Integer),
    sa.column("event_id", sa.Integer),
    sa.column("request_id", sa.String),
    sa.column("action", sa.String),
    sa.column("at", sa.DateTime(timezone=True)),
    sa.column("facts", sa.String),
)
_CHANGED = (
    _outbox.update().where(_outbox.c.id == sa.bindparam("notice")).values(facts=sa.bindparam("new"))
)


def upgrade() -> None:
    here = op.get_bind()
    late = sa.select(_outbox).where(_outbox.c.action == "lateness")
    vault: Vault | None = None
    changes = []
    for row in here.execute(late).all():
        facts = _facts(row.facts)
        if not facts or "tag" in facts:
            continue
        vault = vault or _vault()
        named = [row.event_id, row.request_id, _seconds(row.at), facts]
        tagged = facts | {"tag": vault.lookup("outbox.tag", _canonical(named))}
        changes.append({"notice": row.id, "new": _canonical(tagged)})
    if changes:
        here.execute(_CHANGED, changes)


def downgrade() -> None:
    """Keep the tags: an older release does not read them."""


def _facts(text: str) -> dict[str, object]:
    """Return the facts of a notice; none of a damaged cell, which must not stop the upgrade."""
    try:
        facts = json.loads(text)
    except (ValueError, TypeError, RecursionError):
        return {}
    return facts if isinstance(facts, dict) else {}


def _canonical(value: object) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _seconds(at: datetime) -> int:
    # SQLite stores instants in UTC, and returns them without a zone.
    return int((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp())


def _vault() -> Vault:
    """Raises `WrongKey` when it is not the one this database was sealed with."""
    vault: Vault | None = context.config.attributes["vault"]
    known = (
        op.get_bind().execute(sa.text("SELECT value FROM fact WHERE key = 'key_check'")).scalar()
    )
    if vault is None or known not in {None, vault.check}:
        raise WrongKey("key_check")
    return vault
