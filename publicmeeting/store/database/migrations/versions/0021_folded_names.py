"""User names have Latin digits, as sign-in reads them from any keyboard.

Whoever was given one with Persian or Arabic digits could not sign in any more. A name that is
taken by then stays as it is: two officials must never become one.
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"

_LATIN = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩", "0123456789" * 2)


def upgrade() -> None:
    account = sa.table(
        "account",
        sa.column("id", sa.String),
        sa.column("username", sa.String),
        sa.column("created_at", sa.DateTime(timezone=True)),
    )
    every = sa.select(account.c.id, account.c.username).order_by(account.c.created_at, account.c.id)
    found = op.get_bind().execute(every).all()
    taken = {name for _, name in found}
    for key, name in found:
        folded = name.translate(_LATIN)
        if folded not in taken:
            taken.add(folded)
            op.execute(account.update().where(account.c.id == key).values(username=folded))


def downgrade() -> None:
    """What a name was before is not known, and nobody needs it."""
