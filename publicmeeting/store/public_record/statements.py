"""SQL statements of the public log: its head, entries, leaves and nodes."""

import sqlalchemy
from sqlalchemy import bindparam
from sqlmodel import col, func, update

from publicmeeting.store.database.rows.city import LogHeadRow, LogNodeRow, LogRow
from publicmeeting.turns.kinds import Kind

HEAD_ID = 1
HEAD = sqlalchemy.select(
    col(LogHeadRow.seq),
    col(LogHeadRow.at),
    col(LogHeadRow.edge),
    col(LogHeadRow.key),
    col(LogHeadRow.seed),
    col(LogHeadRow.note),
).where(col(LogHeadRow.id) == HEAD_ID)
"""The single row, made by a migration."""
LOCKED = HEAD.with_for_update()
AFTER = (
    sqlalchemy.select(col(LogRow.seq), col(LogRow.at), col(LogRow.kind), col(LogRow.body))
    .where(col(LogRow.seq) > bindparam("seq"))
    .order_by(col(LogRow.seq))
    .limit(bindparam("limit"))
)
LEAVES = (
    sqlalchemy.select(col(LogRow.leaf))
    .where(col(LogRow.seq) > bindparam("seq"))
    .order_by(col(LogRow.seq))
    .limit(bindparam("limit"))
)
OF_KIND = (
    sqlalchemy.select(col(LogRow.seq), col(LogRow.at), col(LogRow.body))
    .where(col(LogRow.kind) == bindparam("kind"))
    .where(col(LogRow.at) >= bindparam("since"))
    .order_by(col(LogRow.seq))
)
OF_KINDS = (
    sqlalchemy.select(col(LogRow.seq), col(LogRow.at), col(LogRow.kind), col(LogRow.body))
    .where(col(LogRow.kind).in_(bindparam("kinds", expanding=True)))
    .order_by(col(LogRow.seq))
)
COUNT_WITH = (
    sqlalchemy.select(func.count())
    .where(col(LogRow.kind) == bindparam("kind"))
    .where(col(LogRow.at) >= bindparam("since"))
    .where(col(LogRow.body).contains(bindparam("pair")))
)
COUNTS = (
    sqlalchemy.select(col(LogRow.kind), func.count())
    .where(col(LogRow.kind).in_([kind.value for kind in Kind]))
    .where(col(LogRow.at) >= bindparam("since"))
    .group_by(col(LogRow.kind))
)
"""All kinds are listed, so that the index by kind and time is searched, not scanned."""
NODES = (
    sqlalchemy.select(col(LogNodeRow.hash))
    .where(col(LogNodeRow.level) == bindparam("level"))
    .where(col(LogNodeRow.number) >= bindparam("first"))
    .order_by(col(LogNodeRow.number))
    .limit(bindparam("limit"))
)
MOVE = update(LogHeadRow).where(col(LogHeadRow.id) == HEAD_ID)
