"""Public check of a printed order: whether there is such a sheet, of which district and day."""

import hmac
from dataclasses import dataclass
from datetime import date, datetime

from publicmeeting.domain.roles import Actor
from publicmeeting.kit.clock import tehran_day
from publicmeeting.kit.digits import ascii_digits
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.base import ANYONE, Command, usecase
from publicmeeting.usecases.rate_limits import Limit, count, is_over, over

LONGEST = 40


class CheckSheet(Command):
    """The parts of the address behind the code on the paper."""

    sheet: str
    mark: str


@dataclass(frozen=True, slots=True)
class Genuine:
    """Everything that the public learns of a genuine order."""

    number: str
    district: int
    issued_on: date
    is_void: bool


@usecase(*ANYONE)
def check_sheet(
    uow: UnitOfWork, _actor: Actor, command: CheckSheet, _now: datetime
) -> Genuine | None:
    """Return the sheet; None for both an unknown number and a wrong hash.

    A wrong one is counted, so the result is returned, not raised. Denied("too_many_requests") above
    the limit.
    """
    if is_over(uow, Limit.CHECK_ADDRESS, uow.origin.address):
        raise over(uow, Limit.CHECK_ADDRESS, uow.origin.address)
    sheet, mark = ascii_digits(command.sheet[:LONGEST]), command.mark[:LONGEST].lower()
    found = uow.orders.issued_on_sheet(sheet)
    right = hmac.compare_digest(uow.orders.check_mark(sheet).encode(), mark.encode())
    if found is None or not right:
        count(uow, Limit.CHECK_ADDRESS, uow.origin.address)
        return None
    district, issued_at, is_void = found
    return Genuine(sheet, district, tehran_day(issued_at), is_void)
