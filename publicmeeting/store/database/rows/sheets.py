"""What belongs to the mayor's paper: whose hand signed it, what it was made from, stock texts."""

from datetime import datetime

from sqlmodel import Field, SQLModel


class CustodyRow(SQLModel, table=True):
    """Append-only: each file that an order sheet was made from or made into, by its hash."""

    __tablename__ = "custody"
    id: int | None = Field(default=None, primary_key=True)
    request_id: str = Field(foreign_key="request.id", index=True)
    sheet: str = Field(index=True)
    """The number of the sheet, which several orders may share."""
    part: str
    sha256: str
    account_id: str | None = None
    role: str
    at: datetime


class SignatureRow(SQLModel, table=True):
    """The signature a mayor or deputy has drawn once, as strokes; sealed."""

    __tablename__ = "signature"
    account_id: str = Field(primary_key=True, foreign_key="account.id")
    ink: bytes
    drawn_at: datetime


class TemplateRow(SQLModel, table=True):
    """An order text that its writer uses again and again; sealed."""

    __tablename__ = "order_template"
    id: str = Field(primary_key=True)
    account_id: str = Field(foreign_key="account.id", index=True)
    title: bytes
    text: bytes
    written_at: datetime
