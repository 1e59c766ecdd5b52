"""What a deleted picture's row has named is remembered: only that may leave the files by the score.

The database itself writes it down, whoever deletes the row. A file that no row names and that
nobody has dropped may belong to a newer database than this one.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

_COLUMNS = ("web", "thumb", "kept")


def upgrade() -> None:
    op.create_table("dropped_file", sa.Column("name", sa.String, primary_key=True))
    if op.get_bind().dialect.name == "sqlite":
        steps = " ".join(
            f"INSERT OR IGNORE INTO dropped_file SELECT OLD.{column} WHERE OLD.{column} <> '';"
            for column in _COLUMNS
        )
        op.execute(f"CREATE TRIGGER image_dropped AFTER DELETE ON image BEGIN {steps} END")
        return
    steps = " ".join(
        f"INSERT INTO dropped_file SELECT OLD.{column} WHERE OLD.{column} <> ''"
        " ON CONFLICT DO NOTHING;"
        for column in _COLUMNS
    )
    op.execute(
        "CREATE FUNCTION remember_dropped_files() RETURNS trigger LANGUAGE plpgsql AS $$"
        f" BEGIN {steps} RETURN NULL; END $$"
    )
    op.execute(
        "CREATE TRIGGER image_dropped AFTER DELETE ON image"
        " FOR EACH ROW EXECUTE FUNCTION remember_dropped_files()"
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER image_dropped")
    else:
        op.execute("DROP TRIGGER image_dropped ON image")
        op.execute("DROP FUNCTION remember_dropped_files()")
    op.drop_table("dropped_file")
