"""What witnesses add to a draw, and who said that a list was wrong."""

from datetime import date, datetime

from sqlmodel import Field, SQLModel


class CommitmentRow(SQLModel, table=True):
    """One word of one witness for one Monday; the value comes into it when it is shown."""

    __tablename__ = "witness_commitment"
    monday: date = Field(primary_key=True)
    party: str = Field(primary_key=True, index=True)
    commitment: str = Field(unique=True)
    committed_at: datetime
    value: str | None = Field(default=None, unique=True)
    shown_at: datetime | None = None
    named_at: datetime | None = None
    """When the log named this witness for having stayed silent."""


class DiceRow(SQLModel, table=True):
    """Ten digits of one Monday: there is no second roll."""

    __tablename__ = "dice"
    monday: date = Field(primary_key=True)
    digits: str
    party: str
    rolled_at: datetime


class ListObjectionRow(SQLModel, table=True):
    """«I am not in the list», once for a ticket and a draw."""

    __tablename__ = "list_objection"
    draw: str = Field(primary_key=True, foreign_key="draw.id")
    ticket: str = Field(primary_key=True)
    changed: bool
    at: datetime
