"""Which grants hold, as conditions of the database: accounts that may act, days that are included.

An official's power is read here, afresh for each command: whose account was ended or suspended, or
whose term has not begun or is over, has none.
"""

from datetime import date

from sqlalchemy import BindParameter, ColumnElement, and_, or_
from sqlmodel import col

from publicmeeting.store.database.rows.people import AccountRow, GrantRow


def may_act() -> ColumnElement[bool]:
    """The account of this row is neither ended nor suspended, and its owner can come in."""
    return and_(
        col(AccountRow.active),
        col(AccountRow.suspended_at).is_(None),
        col(AccountRow.password_hash) != "",
    )


def holds(on: date | BindParameter[date]) -> ColumnElement[bool]:
    """The grant of this row holds on a day."""
    return and_(
        or_(col(GrantRow.from_on).is_(None), col(GrantRow.from_on) <= on),
        or_(col(GrantRow.until_on).is_(None), col(GrantRow.until_on) >= on),
    )
