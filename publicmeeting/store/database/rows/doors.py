"""Rows of sign-ons, invitations, second steps and account history."""

from datetime import datetime

from sqlmodel import BigInteger, Field, Index, SQLModel, text


class SsoAttemptRow(SQLModel, table=True):
    """A pending sign-on at a provider; `id` is the hash of its state, used once; machine time."""

    __tablename__ = "sso_attempt"
    id: str = Field(primary_key=True)
    provider: str
    visit: str
    secrets: bytes
    """Sealed: nonce and code verifier."""
    onward: str
    expires_at: datetime = Field(index=True)


class InvitationRow(SQLModel, table=True):
    """A link with which an official chooses a password; `id` is the hash of its token."""

    __tablename__ = "invitation"
    id: str = Field(primary_key=True)
    account_id: str = Field(foreign_key="account.id", index=True)
    kind: str
    by_account: str
    tag: str = Field(default="", sa_column_kwargs={"server_default": text("''")})
    """Row tag (`store/accounts/row_tags.py`); without a valid one the row opens nothing."""
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None = None


class AccountEventRow(SQLModel, table=True):
    """What was done to or by an account; append-only by triggers on both engines."""

    __tablename__ = "account_event"
    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(index=True)
    account_id: str | None = Field(default=None, index=True)
    """The account concerned; None if there is none, as for a search of the audit.

    Of `CITIZEN_STANDS` it is the id of a person.
    """
    by_account: str | None = None
    """Who acted; None for the command line and the clock."""
    kind: str
    body: str
    """JSON of ids, enums and dates."""
    __table_args__ = (Index("ix_account_event_by_account", "by_account", "at"),)


class AccountDecisionRow(SQLModel, table=True):
    """A decision that needs two administrators."""

    __tablename__ = "account_decision"
    id: str = Field(primary_key=True)
    kind: str
    account_id: str | None = Field(default=None, foreign_key="account.id")
    body: str
    proposed_by: str
    proposed_at: datetime
    not_before: datetime
    decided_by: str | None = None
    decided_at: datetime | None = None
    state: str
    tag: str = Field(default="", sa_column_kwargs={"server_default": text("''")})
    """Row tag (`store/accounts/row_tags.py`); without a valid one nobody can agree."""


class TotpRow(SQLModel, table=True):
    """The shared secret of an official's authenticator; in use from `since` on."""

    __tablename__ = "totp"
    account_id: str = Field(primary_key=True, foreign_key="account.id")
    secret: bytes
    since: datetime | None = None
    last_counter: int = Field(default=-1, sa_column_kwargs={"server_default": text("-1")})
    """Counter of the newest accepted code: it and older ones are refused."""


class RecoveryCodeRow(SQLModel, table=True):
    """A code on paper for a lost authenticator; `id` is its hash."""

    __tablename__ = "recovery_code"
    id: str = Field(primary_key=True)
    account_id: str = Field(foreign_key="account.id", index=True)
    tag: str = Field(default="", sa_column_kwargs={"server_default": text("''")})
    """Row tag (`store/accounts/row_tags.py`); without a valid one the row opens nothing."""
    used_at: datetime | None = None


class PasskeyRow(SQLModel, table=True):
    """A WebAuthn credential; `id` is the credential's own, base64url."""

    __tablename__ = "passkey"
    id: str = Field(primary_key=True)
    account_id: str = Field(foreign_key="account.id", index=True)
    public_key: str
    """COSE, base64url."""
    sign_count: int = Field(sa_type=BigInteger)
    """Unsigned 32-bit counter."""
    name: str
    tag: str = Field(default="", sa_column_kwargs={"server_default": text("''")})
    """Row tag (`store/accounts/row_tags.py`); without a valid one the row opens nothing."""
    created_at: datetime
    used_at: datetime | None = None


class PasskeyChallengeRow(SQLModel, table=True):
    """A challenge that has been signed, which serves once; `id` is its hash; machine time."""

    __tablename__ = "passkey_challenge"
    id: str = Field(primary_key=True)
    visit: str
    account_id: str | None = None
    expires_at: datetime


class RememberedDeviceRow(SQLModel, table=True):
    """A browser on which an account needs no second step; `id` is a keyed hash of both."""

    __tablename__ = "remembered_device"
    id: str = Field(primary_key=True)
    account_id: str = Field(foreign_key="account.id", index=True)
    device: str = Field(default="", sa_column_kwargs={"server_default": text("''")})
    """Browser and system in two words, for its owner's list."""
    until: datetime
