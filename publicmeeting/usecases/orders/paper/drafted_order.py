"""The order that an unfinished sheet would issue on its page."""

from datetime import datetime

from publicmeeting.domain.choices import Priority
from publicmeeting.domain.orders.ink import ink_text
from publicmeeting.domain.records import Request
from publicmeeting.domain.roles import MEETING, Actor
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.base import usecase
from publicmeeting.usecases.orders.order_checks import IssueOrders
from publicmeeting.usecases.orders.pages import unit_choices
from publicmeeting.usecases.orders.paper.drafts import (
    NO_UNIT,
    OneSheet,
    UnfinishedSheet,
    dues_of,
    unfinished_sheet,
)


@usecase(*MEETING)
def drafted_order(
    uow: UnitOfWork, actor: Actor, command: OneSheet, now: datetime
) -> IssueOrders | None:
    """Return the writer's own order; None for an empty sheet. Denied as for the sheet.

    If no unit was touched, it goes to the unit that is suggested first for the subject, as on the
    page. An unreadable choice counts as not made; the check refuses what is missing.
    """
    sheet = unfinished_sheet(uow, actor, command, now)
    fields = sheet.fields
    if not sheet.is_written:
        return None
    request = uow.requests.get_visible(command.code, actor)
    return IssueOrders(
        code=command.code,
        units=_units(uow, request, sheet),
        note=fields.get("text", ""),
        promise=fields.get("promise", ""),
        reason=fields.get("reason", ""),
        priority=(Priority.URGENT if fields.get("urgent") else Priority.NORMAL).value,
        paper=fields.get("paper", ""),
        ink=ink_text(sheet.strokes),
        due_on=fields.get("due", ""),
        dues=dues_of(fields),
        page=sheet.page,
    )


def _units(uow: UnitOfWork, request: Request, sheet: UnfinishedSheet) -> tuple[str, ...]:
    chosen = sheet.fields.get("units", "")
    if chosen:
        return tuple(unit for unit in chosen.split(",") if unit != NO_UNIT)
    suggested = [choice.unit.id for choice in unit_choices(uow, request) if choice.suggested]
    return tuple(suggested[:1]) if sheet.page == 1 else ()
