"""Rows that cannot be read any more, as a bad block or a partial restore leaves them."""

from collections.abc import Callable

from sqlmodel import col, func, insert, select, update

from publicmeeting.store.database.rows.cases import EventRow, OrderRow, RequestRow
from publicmeeting.store.database.rows.people import PersonRow
from support.line import Citizen, Line
from support.triggers import change_past_the_program

Damage = Callable[[Line, Citizen], None]


def words(line: Line, citizen: Citizen) -> None:
    _set(line, citizen, title=b"\0")


def lane(line: Line, citizen: Citizen) -> None:
    _set(line, citizen, lane=b"\0")


def weeks(line: Line, citizen: Citizen) -> None:
    """Store a number of weeks that no list can contain."""
    _set(line, citizen, waited=-1)


def history(line: Line, citizen: Citizen) -> None:
    """Add an event of an unknown action."""
    row = insert(EventRow).values(
        request_id=citizen.request.id,
        action="?",
        role="?",
        to_stage="?",
        payload="{}",
        at=line.clock(),
    )
    with line.city.application.store.unit_of_work(line.clock()) as uow:
        uow.session.connection().execute(row)


DEEP = '{"a":' * 2000 + "1" + "}" * 2000


def facts(line: Line, citizen: Citizen) -> None:
    """Nest the facts of her newest event so deeply that reading them exhausts the stack."""
    request = citizen.request.id
    newest = select(func.max(EventRow.id)).where(col(EventRow.request_id) == request)
    change = "UPDATE event SET payload = :deep WHERE id = :id"
    with line.reading() as uow:
        number = uow.session.execute(newest).scalar_one()
    change_past_the_program(line.city.application.store.engine, change, deep=DEEP, id=number)


def _set(line: Line, citizen: Citizen, **values: object) -> None:
    which = update(RequestRow).where(col(RequestRow.id) == citizen.request.id)
    with line.city.application.store.unit_of_work(line.clock()) as uow:
        uow.session.connection().execute(which.values(**values))


def person(line: Line, citizen: Citizen) -> None:
    row = update(PersonRow).where(col(PersonRow.id) == citizen.actor.person_id)
    with line.city.application.store.unit_of_work(line.clock()) as uow:
        uow.session.connection().execute(row.values(mobile=b"\0", name=b"\0", identity=b"\0"))


def order_words(line: Line, citizen: Citizen) -> None:
    """Damage the text of all her orders."""
    row = update(OrderRow).where(col(OrderRow.request_id) == citizen.request.id)
    with line.city.application.store.unit_of_work(line.clock()) as uow:
        uow.session.connection().execute(row.values(text=b"\0"))
