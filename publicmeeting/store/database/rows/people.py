"""Rows of citizens, accounts, sessions, drafts and one-time codes."""

from datetime import date, datetime

from sqlmodel import Field, Index, SQLModel, false, text


class PersonRow(SQLModel, table=True):
    __tablename__ = "person"
    __table_args__ = (
        Index(
            "ix_person_match_due_at",
            "match_due_at",
            sqlite_where=text("match_due_at IS NOT NULL"),
            postgresql_where=text("match_due_at IS NOT NULL"),
        ),
    )
    id: str = Field(primary_key=True)
    kind: str
    identity_hash: str = Field(unique=True)
    identity: bytes
    name: bytes
    mobile: bytes | None = None
    mobile_hash: str | None = Field(default=None, index=True)
    pin_hash: str | None = None
    level: str = Field(default="typed", sa_column_kwargs={"server_default": "typed"})
    """How sure the city is that the identity is hers: a `Level` of `domain/people.py`."""
    proven_by: str = Field(default="", sa_column_kwargs={"server_default": text("''")})
    proven_at: datetime | None = None
    displaced_at: datetime | None = None
    """Since when the identity belongs to another row, because it was typed by somebody else."""
    match_due_at: datetime | None = None
    """When the national service is to be asked whether the mobile is hers; machine time."""
    created_at: datetime


class AccountRow(SQLModel, table=True):
    __tablename__ = "account"
    id: str = Field(primary_key=True)
    username: str = Field(unique=True)
    name: str
    password_hash: str
    active: bool = True
    mobile: bytes | None = None
    """Sealed; where the official is notified of changes to the account."""
    suspended_at: datetime | None = None
    changes_read_at: datetime | None = None
    """Until when the official has read the changes of the account; machine time."""
    tag: str = Field(default="", sa_column_kwargs={"server_default": text("''")})
    """Keyed hash of the password hash, the state, the second step and the roles.

    `account_tag` in `store/accounts/row_tags.py` makes it. If it does not fit, the account may not
    act.
    """
    created_at: datetime


class GrantRow(SQLModel, table=True):
    __tablename__ = "role_grant"
    id: int | None = Field(default=None, primary_key=True)
    account_id: str = Field(foreign_key="account.id", index=True)
    role: str
    district: int | None = None
    unit_id: str | None = Field(default=None, foreign_key="unit.id")
    from_on: date | None = None
    until_on: date | None = None
    """First and last day of the grant; None means no limit."""
    given_at: datetime | None = None
    """Machine time; None for a grant from before this column: with its account."""


class SessionRow(SQLModel, table=True):
    """A session; `id` is the hash of the cookie; machine time."""

    __tablename__ = "session"
    id: str = Field(primary_key=True)
    person_id: str | None = Field(default=None, foreign_key="person.id", index=True)
    account_id: str | None = Field(default=None, foreign_key="account.id", index=True)
    mobile_hash: str | None = None
    mobile: bytes | None = None
    """Sealed; the mobile that a confirmed code reached, before she has named the person."""
    door: str = Field(default="", sa_column_kwargs={"server_default": text("''")})
    """How she signed in: a `Door` of `domain/people.py`."""
    device: str = Field(default="", sa_column_kwargs={"server_default": text("''")})
    """Browser and system in two words, for its owner's list of sessions."""
    proof: bytes | None = None
    """Sealed; the identity proved here, until she has answered whose earlier filings with it are.

    The session acts for nobody until then.
    """
    district: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    """The district in which an official with several works here; 0 if none is chosen."""
    tag: str = Field(default="", sa_column_kwargs={"server_default": text("''")})
    """Row tag over owner and door (`store/accounts/row_tags.py`).

    Without a valid one the row opens nothing.
    """
    created_at: datetime
    expires_at: datetime


class DraftRow(SQLModel, table=True):
    """An unfinished request; belongs to a visit until its owner has signed in."""

    __tablename__ = "draft"
    __table_args__ = (
        Index(
            "ix_draft_anonymous",
            "signed_in",
            "updated_at",
            sqlite_where=text("person_id IS NULL"),
            postgresql_where=text("person_id IS NULL"),
        ),
    )
    id: str = Field(primary_key=True)
    visit: str | None = Field(default=None, index=True)
    """Visit in which it was begun; once it has an owner, only she can open it."""
    person_id: str | None = Field(default=None, index=True)
    fields: bytes
    updated_at: datetime
    signed_in: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    """Whether a mobile was confirmed in its visit.

    Before that the draft belongs to anybody at the browser, and is kept briefly.
    """
    is_asked: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    """Whether somebody signed in at its visit since, who may be another person.

    Nobody reads it before answering whose it is.
    """


class CodeRow(SQLModel, table=True):
    """A one-time code sent to a mobile; machine time."""

    __tablename__ = "one_time_code"
    id: str = Field(primary_key=True)
    mobile_hash: str = Field(index=True)
    visit: str
    code_hash: str
    created_at: datetime
    expires_at: datetime
    tries: int = 0
    used: bool = False


class TrackRow(SQLModel, table=True):
    """Permission of a visit to see the stages of one request, for 24 hours.

    An officer's permission lasts minutes: he reads a name on a pass, or acts for a caller.
    """

    __tablename__ = "track_grant"
    visit: str = Field(primary_key=True)
    request_id: str = Field(primary_key=True, foreign_key="request.id")
    until: datetime
    tag: str = Field(default="", sa_column_kwargs={"server_default": text("''")})
    """Row tag (`store/accounts/row_tags.py`); without a valid one the row opens nothing."""


class RateRow(SQLModel, table=True):
    """How often something was tried in a window; machine time."""

    __tablename__ = "rate"
    key: str = Field(primary_key=True)
    since: datetime
    ends_at: datetime
    """End of the window, stored per row so that no window outlives its row."""
    count: int


class SecurityEventRow(SQLModel, table=True):
    """Equal events of one actor at one address within an hour; machine time.

    The database only allows `count` and `last_at` to grow, and refuses to delete rows younger than
    `STAYS` of `store/accounts/security.py`.
    """

    __tablename__ = "security_event"
    __table_args__ = (Index("ix_security_event_kind_last_at", "kind", "last_at"),)
    id: int | None = Field(default=None, primary_key=True)
    repeats: str = Field(unique=True)
    """Hash of the values that make two events equal."""
    kind: str
    who: str
    """`account:…` by user name, `mobile:…` and `person:…` by hashes, `command:…` by system user."""
    address: str
    device: str
    what: str
    at: datetime
    last_at: datetime = Field(index=True)
    count: int
