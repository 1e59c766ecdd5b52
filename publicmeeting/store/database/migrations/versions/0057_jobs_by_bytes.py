"""Names of jobs are sorted by their bytes, so that those that begin alike are found by the index
whatever language the database sorts by."""

from alembic import op

revision = "0057"
down_revision = "0056"


def upgrade() -> None:
    _collate("C")


def downgrade() -> None:
    _collate("default")


def _collate(name: str) -> None:
    """SQLite sorts by bytes already."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f'ALTER TABLE job ALTER COLUMN name TYPE VARCHAR COLLATE "{name}"')
