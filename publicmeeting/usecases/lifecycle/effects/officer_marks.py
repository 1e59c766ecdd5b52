"""The official of a step as the public log names him: unit and yearly mark (docs/turns.md 5)."""

import re
from datetime import datetime

from publicmeeting.domain.records import Event, Request
from publicmeeting.domain.roles import NEVER_GRANTED, Role
from publicmeeting.kit.clock import tehran_day
from publicmeeting.kit.jalali import parts
from publicmeeting.store.unit_of_work import UnitOfWork

_DISTRICT = re.compile(r"(?:^d|-)([0-9]{2})(?=[-/])")
_OF_A_DISTRICT = (Role.DESK, Role.RECEPTION, Role.MAYOR, Role.DEPUTY)


def officer_mark(uow: UnitOfWork, event: Event, request: Request, now: datetime) -> str:
    """`desk-06/1f0c9a2b`; empty where clock or citizen took the step.

    A judge stands under the desk or the unit for whose sake he was picked.
    """
    if event.account_id is None or (event.role in NEVER_GRANTED and event.role is not Role.JUDGE):
        return ""
    unit = unit_word(uow, event.account_id, event.role, request.district)
    year, _, _ = parts(tehran_day(now))
    return uow.officer_marks.mark(unit, event.account_id, year)


def unit_word(uow: UnitOfWork, account_id: str, role: Role, district: int) -> str:
    """The unit in which somebody acts, as the log spells it: `reception-06`, `overseer`,
    `d06-technical`."""
    if role not in (Role.UNIT, Role.JUDGE):
        return f"{role}-{district:02d}" if role in _OF_A_DISTRICT else role.value
    account = uow.accounts.get(account_id)
    grants = account.grants if account else ()
    here = f"d{district:02d}-"
    if role is Role.JUDGE and any(g.role is Role.DESK and g.district == district for g in grants):
        return unit_word(uow, account_id, Role.DESK, district)
    units = sorted(g.unit_id for g in grants if g.unit_id and g.unit_id.startswith(here))
    return (units[0] if units else f"{here}unit").replace("_", "-")


def district_of(mark: str) -> int:
    """The district of an officer's mark: `desk-06/…`, `d06-technical/…`; 0 for one of the city."""
    found = _DISTRICT.search(mark)
    return int(found[1]) if found else 0
