"""Translate database errors into refusals: conflicts of commands, and unstorable text."""

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm.exc import StaleDataError

from publicmeeting.domain.errors import Denied, Refusal, TooBusy, Unavailable

_UNIQUE = {"23505", "SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY"}
_NOT_NOW = frozenset({"40001", "40P01", "55P03", "57014", "25P03", "SQLITE_BUSY"})
"""Error codes that allow a retry.

PostgreSQL: serialization failure, deadlock, lock timeout, statement timeout, idle timeout. SQLite:
waiting for its lock.
"""
_FULL = frozenset({"53100", "SQLITE_FULL"})
"""Error codes of a full disk."""

_KEY_BY_CONSTRAINT = {
    "live_person": "one_live_request",
    "one_holder_per_seat": "seat_taken",
    "one_seat_per_request": "seat_taken",
    "seat.": "seat_taken",
    "username": "username_taken",
    "one_use_of_a_commitment": "commitment_used",
    "witness_commitment.commitment": "commitment_used",
    "one_use_of_a_value": "value_used",
    "witness_commitment.value": "value_used",
}
"""Refusal by constraint; PostgreSQL names the constraint, SQLite the columns."""


_NO_TEXT = "NUL (0x00)"


def refusal_for(error: DBAPIError | StaleDataError | UnicodeEncodeError) -> Refusal | None:
    """Return the refusal for an error; None if it is a fault of the program."""
    if isinstance(error, StaleDataError):  # the row was deleted since it was read
        return Denied("version_conflict")
    if isinstance(error, UnicodeEncodeError) or _NO_TEXT in str(error.orig):
        # A lone surrogate, or the character that PostgreSQL cannot store: no such name exists.
        return Denied("not_found")
    code = _code(error)
    if code in _NOT_NOW:
        return TooBusy()
    if has_no_room(error):
        return Unavailable("storage_full")
    if code not in _UNIQUE:
        return None
    detail = str(error.orig)
    key = next(
        (key for mark, key in _KEY_BY_CONSTRAINT.items() if mark in detail), "version_conflict"
    )
    # `live_code` checks in advance and can name the other request; here it is unknown.
    return Denied(key, code="") if key == "one_live_request" else Denied(key)


def has_no_room(error: DBAPIError | StaleDataError | UnicodeEncodeError) -> bool:
    """Return whether the database's disk is full."""
    return isinstance(error, DBAPIError) and _code(error) in _FULL


def _code(error: DBAPIError) -> str | None:
    found: str | None = getattr(error.orig, "sqlstate", None)
    return found or getattr(error.orig, "sqlite_errorname", None)


def refusal_in(error: BaseException) -> Refusal | None:
    """Return the refusal that an error is or corresponds to; None if it is a fault."""
    if isinstance(error, DBAPIError | StaleDataError):
        return refusal_for(error)
    return error if isinstance(error, Denied | Unavailable) else None
