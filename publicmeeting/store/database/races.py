"""What the database itself refuses, as a refusal: the second of two commands that met, and text
that no row can hold."""

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm.exc import StaleDataError

from publicmeeting.domain.errors import Denied, Refusal, TooBusy, Unavailable

_UNIQUE = {"23505", "SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY"}
_NOT_NOW = frozenset({"40001", "40P01", "55P03", "57014", "25P03", "SQLITE_BUSY"})
"""PostgreSQL: could not be put in an order; one of two that waited for each other was let go;
waited too long for a lock; asked too long; asked nothing for too long. SQLite: for its lock."""
_FULL = frozenset({"53100", "SQLITE_FULL"})
"""The database's own disk."""

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
"""PostgreSQL names the constraint, SQLite the columns."""


_NO_TEXT = "NUL (0x00)"


def refusal_for(error: DBAPIError | StaleDataError | UnicodeEncodeError) -> Refusal | None:
    """None for an error that is no race but a fault of ours."""
    if isinstance(error, StaleDataError):  # the row is gone since it was read
        return Denied("version_conflict")
    if isinstance(error, UnicodeEncodeError) or _NO_TEXT in str(error.orig):
        # Half a letter, or the letter PostgreSQL has no place for: nothing is named like that.
        return Denied("not_found")
    code = getattr(error.orig, "sqlstate", None) or getattr(error.orig, "sqlite_errorname", None)
    if code in _NOT_NOW:
        return TooBusy()
    if code in _FULL:
        return Unavailable("storage_full")
    if code not in _UNIQUE:
        return None
    detail = str(error.orig)
    key = next(
        (key for mark, key in _KEY_BY_CONSTRAINT.items() if mark in detail), "version_conflict"
    )
    # Whoever looks first (`live_code`) can name the other request; here it is not known.
    return Denied(key, code="") if key == "one_live_request" else Denied(key)


def refusal_in(error: BaseException) -> Refusal | None:
    """The refusal that an error is, or that the database's own error comes to; None where it is a
    fault."""
    if isinstance(error, DBAPIError | StaleDataError):
        return refusal_for(error)
    return error if isinstance(error, Denied | Unavailable) else None
