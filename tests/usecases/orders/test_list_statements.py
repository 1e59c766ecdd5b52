"""A list of many promises needs as many database queries as a list of few."""

import pytest
from support.hall import SERVICES, TECHNICAL, Hall
from support.plans import statements_sent

from publicmeeting.domain.stages import OrderAction
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.orders.lists import ASKS, DONE, LATE, OPEN, OrdersList, orders_list
from publicmeeting.usecases.oversight.workplaces import workplaces


def statements_of(hall: Hall, who: str, query: object, command: object) -> int:
    """Count the statements of a query, once the process has read the outages.

    It reads the outages for all lists together.
    """
    hall.query(who, query, command)
    with statements_sent(hall.application.store) as statements:
        hall.query(who, query, command)
        return len(statements)


@pytest.mark.on_postgresql
@pytest.mark.parametrize(
    ("who", "query", "command"),
    [
        *(("mayor", orders_list, OrdersList(which=which)) for which in (OPEN, LATE, ASKS, DONE)),
        ("technical", orders_list, OrdersList()),
        ("technical", workplaces, Nothing()),
    ],
)
def test_more_orders_cost_no_more_questions(
    hall: Hall, who: str, query: object, command: object
) -> None:
    def finished(number: str, unit: str) -> None:
        hall.step(unit, number, OrderAction.TAKE_ON)
        hall.step(unit, number, OrderAction.REPORT, note="شد.")
        hall.step(hall.guests[0].actor, number, OrderAction.CONFIRM_DONE)

    first = hall.guests[0]
    hall.receive(first)
    hall.order(first, TECHNICAL)
    done = hall.order(first, TECHNICAL, note="جدول خیابان تعمیر شود.")
    returned = hall.order(first, TECHNICAL, note="چراغ پارک روشن شود.")
    hall.finish(first)
    finished(done[0].number, "technical")
    hall.step("technical", returned[0].number, OrderAction.RETURN, note="با واحد دیگری است.")
    hall.clock.forward(days=40)
    before = statements_of(hall, who, query, command)
    hall.clock.forward(days=-40)
    for guest in hall.guests[1:]:
        made = hall.met(guest, TECHNICAL, SERVICES)
        hall.step("technical", made[0].number, OrderAction.RETURN, note="با واحد دیگری است.")
    hall.clock.forward(days=40)
    assert statements_of(hall, who, query, command) == before
