"""Pictures get a tag over their files, which only the city's key makes.

Without it a page shows the whole picture instead of its thumbnail. The step believes the rows that
it finds, and needs the key that the database was sealed with as soon as there is one.
"""

import json

import sqlalchemy as sa
from alembic import context, op

from publicmeeting.store.database.vault import Vault, WrongKey

revision = "0073"
down_revision = "0072"

_FILES = ("id", "web", "thumb", "original", "original_file")
_image = sa.table("image", *(sa.column(name, sa.String) for name in (*_FILES, "tag")))


def upgrade() -> None:
    op.add_column(
        "image", sa.Column("tag", sa.String, nullable=False, server_default=sa.text("''"))
    )
    here = op.get_bind()
    rows = here.execute(sa.select(*(_image.c[name] for name in _FILES))).all()
    vault = _vault() if rows else None
    if vault is None:
        return
    changes = [
        {
            "one": row.id,
            "new": vault.lookup(
                "image.tag", json.dumps(list(row), separators=(",", ":"), ensure_ascii=False)
            ),
        }
        for row in rows
    ]
    tagged = _image.update().where(_image.c.id == sa.bindparam("one"))
    here.execute(tagged.values(tag=sa.bindparam("new")), changes)


def downgrade() -> None:
    op.drop_column("image", "tag")


def _vault() -> Vault:
    """Raises `WrongKey` when it is not the one this database was sealed with."""
    vault: Vault | None = context.config.attributes["vault"]
    known = (
        op.get_bind().execute(sa.text("SELECT value FROM fact WHERE key = 'key_check'")).scalar()
    )
    if vault is None or known not in {None, vault.check}:
        raise WrongKey("key_check")
    return vault
