"""What no try has brought to a mobile leaves the desk's list as well, a month from now."""

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from alembic import op

revision = "0061"
down_revision = "0060"

_OUTBOX = sa.table(
    "outbox",
    sa.column("state"),
    sa.column("action"),
    sa.column("true_until", sa.DateTime(timezone=True)),
)
_UNTIL_TOLD = ("decline", "redirect", "finish_refused")


def upgrade() -> None:
    failed = _OUTBOX.c.state == "failed", _OUTBOX.c.true_until.is_(None)
    ends = ~_OUTBOX.c.action.in_(_UNTIL_TOLD)
    until = datetime.now(UTC) + timedelta(days=30)
    op.execute(sa.update(_OUTBOX).where(*failed, ends).values(true_until=until))


def downgrade() -> None:
    """Which had an end before is not known, and an end more takes nothing."""
