"""Judges and their answers have a tag that only the city's key makes.

Answers to a question that was decided are believed once, because the citizen knows the decision and
the public log may still wait for it. This needs the key that the database was sealed with; with
another key nothing is changed. Judges of an open question lose their answer and get no tag: the
clock picks again, and both answer again.
"""

import json
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import context, op

from publicmeeting.kit.hashing import canonical_json
from publicmeeting.store.database.vault import Vault, WrongKey

revision = "0068"
down_revision = "0067"

_TAGGED = (
    "id",
    "request_id",
    "contest",
    "contested_seq",
    "asked_at",
    "due_at",
    "case_name",
    "account_id",
    "answered_at",
    "event_id",
    "event_request",
    "event_account",
    "event_action",
    "event_at",
    "event_payload",
)

_ask = sa.table(
    "lane_ask",
    sa.column("id", sa.String),
    sa.column("request_id", sa.String),
    sa.column("contest", sa.Integer),
    sa.column("contested_seq", sa.Integer),
    sa.column("asked_at", sa.DateTime(timezone=True)),
    sa.column("due_at", sa.DateTime(timezone=True)),
    sa.column("decided_at", sa.DateTime(timezone=True)),
    sa.column("case_name", sa.String),
)
_judge = sa.table(
    "lane_judge",
    sa.column("ask_id", sa.String),
    sa.column("account_id", sa.String),
    sa.column("answered_at", sa.DateTime(timezone=True)),
    sa.column("event_id", sa.Integer),
    sa.column("tag", sa.String),
)
_event = sa.table(
    "event",
    sa.column("id", sa.Integer),
    sa.column("request_id", sa.String),
    sa.column("account_id", sa.String),
    sa.column("action", sa.String),
    sa.column("at", sa.DateTime(timezone=True)),
    sa.column("payload", sa.String),
)
_ANSWERS = (
    sa.select(
        _ask,
        _judge.c.account_id,
        _judge.c.answered_at,
        _event.c.id.label("event_id"),
        _event.c.request_id.label("event_request"),
        _event.c.account_id.label("event_account"),
        _event.c.action.label("event_action"),
        _event.c.at.label("event_at"),
        _event.c.payload.label("event_payload"),
    )
    .join_from(_judge, _ask, _ask.c.id == _judge.c.ask_id)
    .join(
        _event,
        sa.and_(
            _event.c.request_id == _ask.c.request_id,
            _event.c.account_id == _judge.c.account_id,
            _event.c.at == _judge.c.answered_at,
        ),
    )
    .where(_ask.c.decided_at.is_not(None))
    .where(_event.c.action.in_(("judge_lane", "judge_no_show")))
)


def upgrade() -> None:
    empty = sa.Column("tag", sa.String, nullable=False, server_default=sa.text("''"))
    op.add_column("lane_judge", empty)
    op.add_column("lane_judge", sa.Column("event_id", sa.Integer, nullable=True))
    here = op.get_bind()
    decided = sa.select(_ask.c.id).where(_ask.c.decided_at.is_not(None))
    here.execute(_judge.update().where(_judge.c.ask_id.not_in(decided)).values(answered_at=None))
    answers = [row for row in here.execute(_ANSWERS).mappings() if _is_about(row)]
    if not answers:
        return
    vault = _vault()
    for row in answers:
        own = _judge.update().where(_judge.c.ask_id == row["id"])
        own = own.where(_judge.c.account_id == row["account_id"])
        here.execute(own.values(event_id=row["event_id"], tag=_tag(vault, row)))


def downgrade() -> None:
    op.drop_column("lane_judge", "tag")
    op.drop_column("lane_judge", "event_id")


def _is_about(row: sa.RowMapping) -> bool:
    """Whether the event answers this question: several contests may be answered at one instant."""
    contest = json.loads(row["event_payload"]).get("contest", 0)
    kind = "judge_no_show" if row["contest"] else "judge_lane"
    return bool(contest == row["contest"] and row["event_action"] == kind)


def _tag(vault: Vault, row: sa.RowMapping) -> str:
    return vault.lookup("lane_judge.tag", canonical_json([_plain(row[name]) for name in _TAGGED]))


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
