"""An order's name, stage and history look the same for every official."""

import pytest
from support.hall import SERVICES, TECHNICAL, Hall
from support.staff_tab import Tab

from publicmeeting.domain.roles import Role
from publicmeeting.domain.stages import OrderAction, OrderStage
from publicmeeting.text.lifecycle.roles_text import who
from publicmeeting.text.lifecycle.stages_text import ORDER_STAGE
from publicmeeting.text.notices.notices_text import NOTICE
from publicmeeting.ui.city.promises.state import of_order
from publicmeeting.ui.design.models import Badge, RoadStep
from publicmeeting.ui.mayor.order.state import promise
from publicmeeting.ui.shell.parts.road import ORDER_TONE
from publicmeeting.ui.staff.unit.state import UnitState, order_view
from publicmeeting.usecases.orders.pages import OneOrder, OrderPage, open_order

O = OrderAction  # noqa: E741  (the letter of the table)


def page(hall: Hall, number: str, reader: str) -> OrderPage:
    found: OrderPage = hall.execute(reader, open_order, OneOrder(number=number))
    return found


@pytest.fixture
def contested(hall: Hall) -> str:
    """Number of an order contested twice, so that the overseer reads it too."""
    return hall.contested_twice(hall.guests[0])


def test_a_stage_has_one_tone_for_unit_mayor_and_overseer(hall: Hall, contested: str) -> None:
    stage = Badge(ORDER_STAGE[OrderStage.CONTESTED], ORDER_TONE[OrderStage.CONTESTED])
    assert stage.tone == "brick"
    assert promise(page(hall, contested, "mayor")).badge == stage
    assert stage in order_view(page(hall, contested, "technical")).badges
    assert stage in of_order(page(hall, contested, "overseer")).badges


def signs(road: tuple[RoadStep, ...], words: str) -> list[RoadStep]:
    return [step for step in road if words in step.when or words in step.quote_by]


def test_mayor_and_overseer_read_which_unit_it_was(hall: Hall, contested: str) -> None:
    with hall.reading() as uow:
        unit = uow.city.unit(TECHNICAL)
    assert unit is not None
    by = who(Role.UNIT, 6, unit=unit.name)
    assert unit.name in by
    for road in (
        promise(page(hall, contested, "mayor")).road,
        of_order(page(hall, contested, "overseer")).road,
    ):
        assert signs(road, by)
        assert not signs(road, who(Role.UNIT, 6))
    quotes = of_order(page(hall, contested, "overseer")).quotes
    assert quotes[0][0].startswith(by)


def test_what_a_unit_wrote_stays_its_own_when_another_has_the_order(hall: Hall) -> None:
    number = hall.met(hall.guests[0])[0].number
    hall.step("technical", number, O.RETURN, note="کار ما نیست.")
    hall.step("mayor", number, O.REASSIGN, unit=SERVICES)
    hall.step("services", number, O.TAKE_ON)
    seen = page(hall, number, "mayor")
    marks = [mark for mark in seen.marks if mark.role is Role.UNIT and mark.event_id]
    names = {m.action: seen.unit_of_event[m.event_id] for m in marks}
    with hall.reading() as uow:
        first, second = uow.city.unit(TECHNICAL), uow.city.unit(SERVICES)
    assert first is not None
    assert second is not None
    assert names[O.RETURN] == first.name
    assert names[O.TAKE_ON] == second.name


def test_a_unit_that_is_not_known_is_one_of_its_district() -> None:
    assert who(Role.UNIT, 6) == "واحد مسئول در منطقهٔ ۶"
    assert who(Role.UNIT, 6, unit="فضای سبز") == "واحد فضای سبز در منطقهٔ ۶"
    assert who(Role.MAYOR, 6, unit="فضای سبز") == "شهردار منطقهٔ ۶"


def test_an_order_that_waits_for_weeks_is_not_called_new(hall: Hall) -> None:
    number = hall.met(hall.guests[0])[0].number
    hall.clock.forward(days=21)
    state = Tab(hall.application, "technical").opens(UnitState, "/unit/")
    (row,) = [row for row in state.lines.rows if number in row.href]
    assert row.late
    assert NOTICE[O.ISSUE, Role.UNIT].title in [tag.word for tag in row.tags]
    assert not [tag.word for tag in row.tags if "تازه" in tag.word]
