"""A request's lane and needs, and the lane that was asked for, are sealed in their rows.

They say what somebody's body cannot do. Needs the key that the database was sealed with, as soon as
there is a row; with another one nothing is changed.
"""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import context, op

from publicmeeting.store.database.vault import Vault, WrongKey

revision = "0015"
down_revision = "0014"

_COLUMNS = (("request", "needs"), ("request", "lane"), ("lane_ask", "lane"))
_AT_ONCE = 2000


def upgrade() -> None:
    _forget_what_is_overwritten()
    for table, column in _COLUMNS:
        op.add_column(table, sa.Column(f"{column}_new", sa.LargeBinary))
        for rows in _rows(table, column):
            vault = _vault()
            _fill(
                table,
                column,
                [
                    {"key": key, "value": vault.seal_word(f"{table}.{column}", key, told)}
                    for key, told in rows
                ],
            )
        _put_in_place(table, column)


def downgrade() -> None:
    for table, column in _COLUMNS:
        clear = sa.Column(f"{column}_new", sa.String, nullable=False, server_default="")
        op.add_column(table, clear)
        for rows in _rows(table, column):
            vault = _vault()
            _fill(
                table,
                column,
                [
                    {"key": key, "value": vault.open_word(f"{table}.{column}", key, sealed)}
                    for key, sealed in rows
                ],
            )
        _put_in_place(table, column)


def _forget_what_is_overwritten() -> None:
    """SQLite would leave the readable words in pages it does not use any more."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute("PRAGMA secure_delete=ON")


def _vault() -> Vault:
    """Raises `WrongKey` when it is not the one this database was sealed with."""
    vault: Vault | None = context.config.attributes["vault"]
    told = op.get_bind().execute(sa.text("SELECT value FROM fact WHERE key = 'key_check'")).scalar()
    if vault is None or told not in {None, vault.check}:
        raise WrongKey("key_check")
    return vault


def _rows(table: str, column: str) -> Iterator[list[sa.Row[str, Any]]]:
    here = sa.table(table, sa.column("id"), sa.column(column))
    page = sa.select(here.c.id, here.c[column]).order_by(here.c.id).limit(_AT_ONCE)
    after = page
    while rows := list(op.get_bind().execute(after).all()):
        yield rows
        after = page.where(here.c.id > rows[-1][0])


def _fill(table: str, column: str, values: list[dict[str, object]]) -> None:
    here = sa.table(table, sa.column("id"), sa.column(f"{column}_new"))
    change = here.update().where(here.c.id == sa.bindparam("key"))
    op.get_bind().execute(change.values({f"{column}_new": sa.bindparam("value")}), values)


def _put_in_place(table: str, column: str) -> None:
    op.drop_column(table, column)
    op.execute(f"ALTER TABLE {table} RENAME COLUMN {column}_new TO {column}")
