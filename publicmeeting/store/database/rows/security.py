"""Security events: who, from where, what, when; grouped, and kept for a time."""

from datetime import datetime

from sqlmodel import Field, Index, SQLModel


class SecurityEventRow(SQLModel, table=True):
    """One kind of event of one actor at one address within an hour; machine time.

    The database lets `count` and `last_at` grow, nothing else change, and nothing younger than
    `KEPT` of `store/accounts/security.py` go.
    """

    __tablename__ = "security_event"
    __table_args__ = (Index("ix_security_event_kind_last_at", "kind", "last_at"),)
    id: int | None = Field(default=None, primary_key=True)
    repeats: str = Field(unique=True)
    """Hash of what makes two events one row."""
    kind: str
    who: str
    """`account:…` by user name, `mobile:…` and `person:…` by marks, `command:…` by system user."""
    address: str
    device: str
    what: str
    at: datetime
    last_at: datetime = Field(index=True)
    count: int
