"""Rows of districts, units, Mondays, draws, seats, the public log and background jobs."""

from datetime import date, datetime

from sqlmodel import Field, Index, SQLModel, UniqueConstraint, text

from publicmeeting.domain.mondays import DrawState, MondayState, SeatState
from publicmeeting.store.database.words import ClockTimes, DrawStates, MondayStates, SeatStates


class DistrictRow(SQLModel, table=True):
    __tablename__ = "district"
    number: int = Field(primary_key=True)
    mayor: str = ""


class DistrictTextRow(SQLModel, table=True):
    """One version of a district's public texts."""

    __tablename__ = "district_text"
    id: int | None = Field(default=None, primary_key=True)
    district: int = Field(foreign_key="district.number")
    body: str
    """JSON of its texts, by field."""
    from_on: date
    state: str
    proposed_by: str
    proposed_at: datetime
    decided_by: str | None = None
    decided_at: datetime | None = None
    note: str = Field(default="", sa_column_kwargs={"server_default": text("''")})
    tag: str = Field(default="", sa_column_kwargs={"server_default": text("''")})
    """Written when the version is approved."""
    __table_args__ = (
        Index("ix_district_text_district", "district", "from_on"),
        Index(
            "one_proposal_per_district",
            "district",
            unique=True,
            sqlite_where=text("state = 'proposed'"),
            postgresql_where=text("state = 'proposed'"),
        ),
    )


class HallDisplayRow(SQLModel, table=True):
    """A screen in a hall; `id` is the hash of its key; machine time."""

    __tablename__ = "hall_display"
    id: str = Field(primary_key=True)
    district: int = Field(foreign_key="district.number", index=True)
    made_by: str
    made_at: datetime
    expires_at: datetime
    ended_at: datetime | None = None


class HallClipRow(SQLModel, table=True):
    """A recording that a hall plays instead of the shipped clip of that name."""

    __tablename__ = "hall_clip"
    id: int | None = Field(default=None, primary_key=True)
    district: int = Field(foreign_key="district.number")
    clip: str
    file: str
    """SHA-256 of its original file."""
    kind: str
    millis: int
    saved_by: str
    saved_at: datetime
    __table_args__ = (UniqueConstraint("district", "clip", name="one_recording_per_clip"),)


class UnitRow(SQLModel, table=True):
    __tablename__ = "unit"
    id: str = Field(primary_key=True)
    district: int = Field(foreign_key="district.number", index=True)
    code: str
    name: str


class PlaceRow(SQLModel, table=True):
    """A street, square or station in the table supplied by the city."""

    __tablename__ = "place"
    id: int | None = Field(default=None, primary_key=True)
    name: str
    kind: str
    districts: str
    """District numbers, ascending, separated by commas."""
    source: str


class RulesRow(SQLModel, table=True):
    __tablename__ = "rules"
    version: int = Field(primary_key=True)
    body: str
    hash: str
    from_on: date
    announced_at: datetime


class RulesProposalRow(SQLModel, table=True):
    """Rules that an official proposed; their text is only in the log."""

    __tablename__ = "rules_proposal"
    seq: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    """Number of its log entry."""
    proposed_by: str
    proposed_at: datetime
    state: str
    decided_by: str | None = None
    decided_at: datetime | None = None


class SecretRow(SQLModel, table=True):
    """The city's value for one Monday, sealed under its own key until it is revealed."""

    __tablename__ = "draw_secret"
    monday: date = Field(primary_key=True)
    value: bytes
    commitment: str = Field(unique=True)


class MondayRow(SQLModel, table=True):
    __tablename__ = "monday"
    district: int = Field(primary_key=True)
    on: date = Field(primary_key=True, index=True)
    seats: str
    state: MondayState = Field(default=MondayState.OPEN, sa_type=MondayStates)
    rules: int = Field(foreign_key="rules.version")
    held_by: str | None = None
    why: str = ""
    ended_at: datetime | None = None
    """When the log recorded the end of the day."""
    place: str = Field(default="", sa_column_kwargs={"server_default": text("''")})
    guest: str = Field(default="", sa_column_kwargs={"server_default": text("''")})
    ranges_shown: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    """How many citizens were shown a range at arrival, counted at the end of the day."""
    ranges_held: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    tag: str = Field(default="", sa_column_kwargs={"server_default": text("''")})
    """Empty until somebody sets a place or a guest."""


class DrawRow(SQLModel, table=True):
    """One row per district and Monday, so that a second run is impossible."""

    __tablename__ = "draw"
    id: str = Field(primary_key=True)
    district: int
    monday: date = Field(index=True)
    state: DrawState = Field(sa_type=DrawStates)
    file: str
    frozen_at: datetime | None = None
    drawn_at: datetime | None = None
    frozen_event: int | None = None
    """The city's newest event when the list was first frozen."""
    requests: int | None = None
    """Number of rows in the frozen pool; like the following columns it repeats the file."""
    seated: int | None = None
    seed: str | None = None
    __table_args__ = (
        UniqueConstraint("district", "monday", name="one_draw_per_monday"),
        Index(
            "draw_to_run",
            "monday",
            sqlite_where=text("state != 'drawn'"),
            postgresql_where=text("state != 'drawn'"),
        ),
    )


class SeatRow(SQLModel, table=True):
    """The allocation table; only `Seats.allot` writes it."""

    __tablename__ = "seat"
    id: int | None = Field(default=None, primary_key=True)
    district: int
    monday: date = Field(index=True)
    time: str = Field(sa_type=ClockTimes)
    request_id: str = Field(foreign_key="request.id", index=True)
    why: str
    answer_by: datetime
    state: SeatState = Field(default=SeatState.HELD, sa_type=SeatStates)
    assigned_at: datetime
    ended_at: datetime | None = None
    freed_by: int | None = None
    """Number of the log entry that freed it; only repeats the log, and nothing reads it."""
    __table_args__ = (
        Index(
            "one_holder_per_seat",
            "district",
            "monday",
            "time",
            unique=True,
            sqlite_where=text("state = 'held'"),
            postgresql_where=text("state = 'held'"),
        ),
        Index(
            "one_seat_per_request",
            "request_id",
            unique=True,
            sqlite_where=text("state = 'held'"),
            postgresql_where=text("state = 'held'"),
        ),
    )


class LogRow(SQLModel, table=True):
    """The public log; append-only by triggers on both engines."""

    __tablename__ = "public_log"
    __table_args__ = (Index("public_log_by_kind", "kind", "at"),)
    seq: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    at: str
    kind: str = Field(index=True)
    body: str
    """Canonical, so that the entry's bytes consist of these four columns as they are."""
    leaf: bytes
    """Leaf hash of those bytes."""


class LogHeadRow(SQLModel, table=True):
    """A single row: the end of the log, the newest note, and the signing keys."""

    __tablename__ = "log_head"
    id: int = Field(primary_key=True)
    seq: int
    at: str | None = None
    """Time of the newest entry, which no later one may precede. None for an empty log."""
    edge: bytes
    """The tree's right edge, sufficient to append."""
    note: str
    """The signed checkpoint of this size; empty without a key."""
    key: str
    """The city's daily key as announced; its name is the log's origin."""
    seed: bytes | None = None
    """Its private half, sealed together with both announced keys."""
    reserve: str
    """The city's second key, whose private half was never on this system."""


class LogNodeRow(SQLModel, table=True):
    """Hashes of the levels above the leaves, one for each 256 below it."""

    __tablename__ = "log_node"
    level: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    hash: bytes


class CosignatureRow(SQLModel, table=True):
    """A witness's signature line under the note of one size: the first one of each key."""

    __tablename__ = "cosignature"
    size: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    name: str = Field(primary_key=True)
    key_id: str = Field(primary_key=True)
    line: str
    tag: str = Field(default="", sa_column_kwargs={"server_default": text("''")})
    """Keyed hash (`store/public_record/cosignatures.py`); without it the line is absent."""


class LogIndexRow(SQLModel, table=True):
    """Index of entries by ticket and by draw, Monday or case, derived from the log alone."""

    __tablename__ = "log_index"
    seq: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    ticket: str = Field(primary_key=True)
    """Empty if the entry names none; a redirect has a row for each of its two tickets."""
    about: str
    """A draw, a Monday or the case of a lane request; or empty."""
    kind: str
    __table_args__ = (
        Index("ix_log_index_ticket", "ticket", "seq"),
        Index("ix_log_index_about", "about", "kind", "seq"),
    )


class JobRow(SQLModel, table=True):
    """Lease of a clock job, and the mark that it is done."""

    __tablename__ = "job"
    name: str = Field(primary_key=True)
    holder: str = ""
    until: datetime | None = None
    done_at: datetime | None = None
    tag: str = Field(default="", sa_column_kwargs={"server_default": text("''")})
    """Of the mark; written with `done_at`."""


class FactRow(SQLModel, table=True):
    """Small facts of this installation: key check, clock offset."""

    __tablename__ = "fact"
    key: str = Field(primary_key=True)
    value: str
    tag: str = Field(default="", sa_column_kwargs={"server_default": text("''")})
    """Keyed hash (`store/facts.py`); without a valid one the fact is absent."""


class CommitmentRow(SQLModel, table=True):
    """A witness's commitment for one Monday; the value is added when it is revealed."""

    __tablename__ = "witness_commitment"
    monday: date = Field(primary_key=True)
    party: str = Field(primary_key=True, index=True)
    commitment: str = Field(unique=True)
    committed_at: datetime
    value: str | None = Field(default=None, unique=True)
    shown_at: datetime | None = None


class ListObjectionRow(SQLModel, table=True):
    """The objection «I am not in the list», as releases before 2026-12-02 repeated it from the log.

    Nothing writes or reads it.
    """

    __tablename__ = "list_objection"
    draw: str = Field(primary_key=True, foreign_key="draw.id")
    ticket: str = Field(primary_key=True)
    changed: bool
    at: datetime


class LogReportRow(SQLModel, table=True):
    """Findings of the clock in the log or the tables, under the hash that its entry names."""

    __tablename__ = "log_report"

    hash: str = Field(primary_key=True, max_length=64)
    text: str
