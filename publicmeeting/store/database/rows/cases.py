"""Rows of requests, orders, events, notes, images and notices."""

from datetime import date, datetime

from sqlalchemy import LargeBinary, false
from sqlmodel import Field, Index, SQLModel, text

from publicmeeting.domain.records import PictureKind
from publicmeeting.store.database.words import PictureKinds, SubjectCodes


class RequestRow(SQLModel, table=True):
    __tablename__ = "request"
    id: str = Field(primary_key=True)
    code: str = Field(unique=True)
    district: int
    stage: str = Field(index=True)
    version: int = 0
    person_id: str = Field(foreign_key="person.id", index=True)
    live_person: str | None = Field(default=None, unique=True)
    """The person while the request is live: at most one live request per person in the city."""
    subject: str = Field(sa_type=SubjectCodes)
    title: bytes
    text: bytes
    needs: bytes = Field(sa_type=LargeBinary, nullable=True)
    """Her needs on the day, separated by commas; sealed, as is her lane."""
    prefers: str = "any"
    lane: bytes = Field(sa_type=LargeBinary, nullable=True)
    waited: int = 0
    debt: int = 0
    given_up: int = 0
    """Seats given up since the last reset of `waited` (docs/turns.md section 1)."""
    unanswered: int = 0
    missed: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    """No-shows that count; like the four above, derived from the public log."""
    salt: bytes
    ticket: str = Field(unique=True)
    filed_by: str | None = None
    filed_at: datetime = Field(index=True)
    stage_at: datetime
    due_at: datetime | None = Field(default=None, index=True)
    __table_args__ = (Index("ix_request_district_stage", "district", "stage"),)


class EventRow(SQLModel, table=True):
    """Append-only; ids, enums, dates and hashes only."""

    __tablename__ = "event"
    id: int | None = Field(default=None, primary_key=True)
    request_id: str = Field(foreign_key="request.id", index=True)
    order_id: str | None = Field(default=None, index=True)
    action: str
    role: str
    from_stage: str | None = None
    to_stage: str
    account_id: str | None = None
    person_id: str | None = None
    payload: str = "{}"
    note_id: str | None = None
    due_at: datetime | None = None
    at: datetime
    tag: str = Field(default="", sa_column_kwargs={"server_default": text("''")})
    """Keyed hash (`store/lifecycle/event_tags.py`)."""
    __table_args__ = (
        Index("ix_event_action", "action", "request_id"),
        *(
            Index(
                name,
                *columns,
                sqlite_where=text("account_id IS NOT NULL"),
                postgresql_where=text("account_id IS NOT NULL"),
            )
            for name, columns in (
                ("event_by_officials", ("at", "id")),
                ("event_by_official", ("account_id", "at", "id")),
            )
        ),
    )


class NoteRow(SQLModel, table=True):
    """Text that a person wrote with an event; erasable."""

    __tablename__ = "note"
    id: str = Field(primary_key=True)
    text: bytes


class MarkRow(SQLModel, table=True):
    """Blind search index: a request's marks concatenated, in an order independent of its text."""

    __tablename__ = "request_mark"
    request_id: str = Field(primary_key=True, foreign_key="request.id")
    marks: bytes


class PreparedRow(SQLModel, table=True):
    """Reception has prepared one of her needs for a Monday.

    The need is identified by its position among her needs, from 1, because these are sealed.
    """

    __tablename__ = "prepared"
    request_id: str = Field(primary_key=True, foreign_key="request.id")
    monday: date = Field(primary_key=True)
    place: int = Field(primary_key=True)
    account_id: str = Field(foreign_key="account.id")
    at: datetime


class OpeningRow(SQLModel, table=True):
    """Who opened a case, in which role and when; the citizen can read this list."""

    __tablename__ = "opening"
    request_id: str = Field(primary_key=True, foreign_key="request.id")
    account_id: str = Field(primary_key=True, foreign_key="account.id")
    day: date = Field(primary_key=True)
    role: str
    at: datetime
    """First opening of the day."""
    with_name: bool = False
    case_at: datetime | None = None
    """Last opening of the case's own page, for colleagues; opening an order does not count."""
    __table_args__ = (
        Index("ix_opening_at", "at"),
        Index("ix_opening_account_at", "account_id", "at"),
    )


class LaneAskRow(SQLModel, table=True):
    """A question that two officers judge independently: a lane request or a contested no-show.

    For lists and figures; the answers are in the events.
    """

    __tablename__ = "lane_ask"
    id: str = Field(primary_key=True)
    request_id: str = Field(foreign_key="request.id", index=True)
    district: int = Field(index=True)
    lane: bytes = Field(sa_type=LargeBinary, nullable=True)
    """Sealed; `general` for a contest."""
    contest: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    """Number of her contest; 0 for a lane request."""
    contested_seq: int | None = None
    """Number of the `contested` entry in the public log."""
    asked_at: datetime
    due_at: datetime
    decided_at: datetime | None = Field(default=None, index=True)
    verdict: str | None = None
    case_name: str = Field(default="", sa_column_kwargs={"server_default": text("''")})
    """Its name in the public log: 16 random hex digits."""
    logged_at: datetime | None = Field(default=None, index=True)
    granted_at: datetime | None = None
    """When the log recorded it; from then on she has the lane."""


class LaneJudgeRow(SQLModel, table=True):
    """One of the two judges of a question."""

    __tablename__ = "lane_judge"
    ask_id: str = Field(primary_key=True, foreign_key="lane_ask.id")
    account_id: str = Field(primary_key=True, foreign_key="account.id", index=True)
    answered_at: datetime | None = None
    logged_seq: int | None = None
    """Number of the log entry with this answer."""
    event_id: int | None = None
    """The event with his answer; before it, the pick that made him a judge."""
    tag: str = Field(default="", sa_column_kwargs={"server_default": text("''")})
    """Keyed hash (`store/line/lanes/judge_tags.py`); without a valid one he is no judge."""


class OrderRow(SQLModel, table=True):
    __tablename__ = "mayor_order"
    id: str = Field(primary_key=True)
    number: str = Field(unique=True)
    request_id: str = Field(foreign_key="request.id", index=True)
    district: int = Field(index=True)
    unit_id: str = Field(foreign_key="unit.id", index=True)
    stage: str = Field(index=True)
    version: int = 0
    text: bytes
    promise: bytes | None = None
    """What was promised, in one plain sentence; sealed. None if nobody wrote one."""
    priority: str = Field(default="normal", sa_column_kwargs={"server_default": "normal"})
    image_id: str | None = None
    issued_at: datetime
    stage_at: datetime
    due_on: date
    first_due_on: date
    due_at: datetime | None = Field(default=None, index=True)
    climbs_at: datetime | None = Field(default=None, index=True)
    """When its lateness climbs one level; read by the clock."""
    on_time: bool | None = None
    """Whether it was last reported by the end of its first due date; None before a report."""
    ended_by: str | None = None
    """What ended it last; like all facts in this row it repeats the events."""


class ImageRow(SQLModel, table=True):
    """An image; its bytes are in the private blob folder under their hashes."""

    __tablename__ = "image"
    id: str = Field(primary_key=True)
    kind: PictureKind = Field(sa_type=PictureKinds)
    web: str
    thumb: str
    original: str
    width: int
    height: int
    draft_id: str | None = Field(default=None, index=True)
    request_id: str | None = Field(default=None, foreign_key="request.id", index=True)
    order_id: str | None = Field(default=None, index=True)
    event_id: int | None = None
    by_visit: str | None = None
    by_person: str | None = None
    by_account: str | None = None
    created_at: datetime
    original_file: str | None = None
    """Name of the encrypted original file; None for images drawn by the program."""
    made_from: str | None = None
    """Id of the image that this one was made from (a straightened paper)."""
    size: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    """Bytes of all its files with the original; 0 if not counted."""
    tag: str = Field(default="", sa_column_kwargs={"server_default": text("''")})
    """Over its files and its place."""


class DroppedFileRow(SQLModel, table=True):
    """A file that a deleted image row named; written by a trigger of the database."""

    __tablename__ = "dropped_file"
    name: str = Field(primary_key=True)


class OutboxRow(SQLModel, table=True):
    """A notice to be delivered, written with its event; also the in-app inbox."""

    __tablename__ = "outbox"
    id: int | None = Field(default=None, primary_key=True)
    event_id: int = Field(foreign_key="event.id", index=True)
    request_id: str = Field(foreign_key="request.id", index=True)
    order_id: str | None = None
    action: str
    facts: str = Field(default="", sa_column_kwargs={"server_default": text("''")})
    """Facts that its event lacks, as JSON; usually empty."""
    role: str
    person_id: str | None = Field(default=None, index=True)
    at: datetime
    state: str = "waiting"
    tries: int = 0
    next_try_at: datetime
    sent_at: datetime | None = None
    seen_at: datetime | None = None
    unanswered_at: datetime | None = None
    """Machine time of the last attempt without an answer: she may have the message."""
    called_by: str | None = None
    """Account that informed her by phone or in person; `called_at` is city time."""
    called_at: datetime | None = None
    without_words: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    """Its event or case was unreadable at the last attempt; later notices do not wait for it."""
    claimed_until: datetime | None = None
    """Machine time; a process is sending the notice until then."""
    true_until: datetime | None = None
    """City time from which the desk need not pass it on; set when it goes to the desk."""
    __table_args__ = tuple(
        Index(name, *columns, sqlite_where=text(where), postgresql_where=text(where))
        for name, columns, where in (
            ("outbox_to_send", ("id",), "state = 'waiting'"),
            ("outbox_queue", ("person_id", "id"), "state = 'waiting'"),
            ("outbox_to_call", ("id",), "state IN ('to_call', 'failed')"),
            ("outbox_called", ("called_at",), "state = 'called'"),
        )
    )
    """Partial indexes find pending work without scanning years of finished work."""


class CustodyRow(SQLModel, table=True):
    """Append-only: the hash of each file that an order sheet was made from or into."""

    __tablename__ = "custody"
    id: int | None = Field(default=None, primary_key=True)
    request_id: str = Field(foreign_key="request.id", index=True)
    sheet: str = Field(index=True)
    """Number of the sheet, which several orders may share."""
    part: str
    sha256: str
    account_id: str | None = None
    role: str
    at: datetime
    __table_args__ = (
        Index("ix_custody_at", "at", "id"),
        Index("ix_custody_account_at", "account_id", "at", "id"),
    )


class SignatureRow(SQLModel, table=True):
    """The signature that a mayor or deputy drew once, as strokes; sealed."""

    __tablename__ = "signature"
    account_id: str = Field(primary_key=True, foreign_key="account.id")
    ink: bytes
    drawn_at: datetime


class TemplateRow(SQLModel, table=True):
    """An order text that its author reuses; sealed."""

    __tablename__ = "order_template"
    id: str = Field(primary_key=True)
    account_id: str = Field(foreign_key="account.id", index=True)
    title: bytes
    text: bytes
    written_at: datetime
