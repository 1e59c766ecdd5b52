"""Whose answer an order waits for: the person whom the newest unanswered question asks."""

from datetime import UTC, datetime

import pytest
from support.each import for_each

from publicmeeting.domain.orders.promises import open_question
from publicmeeting.domain.records import Event, Order
from publicmeeting.domain.roles import MEETING, Role
from publicmeeting.domain.stages import OrderAction as O
from publicmeeting.domain.stages import OrderStage

NOW = datetime(2026, 11, 30, tzinfo=UTC)
CITIZEN, UNIT, MAYOR, CLOCK = Role.CITIZEN, Role.UNIT, Role.MAYOR, Role.CLOCK


def order(*steps: tuple[Role, O] | tuple[Role, O, str]) -> Order:
    history = tuple(
        Event(
            step[1],
            step[0],
            NOW,
            OrderStage.IN_ACTION,
            OrderStage.IN_ACTION,
            payload={"audience": step[2]} if len(step) > 2 else {},
        )
        for step in steps
    )
    return Order(
        id="o",
        number="1",
        request_id="r",
        request_code="c",
        district=6,
        person_id="p",
        unit_id="d06-technical",
        stage=OrderStage.IN_ACTION,
        version=1,
        text="",
        issued_at=NOW,
        stage_at=NOW,
        due_on=NOW.date(),
        first_due_on=NOW.date(),
        history=history,
    )


@for_each(
    [
        ((), None),
        (((MAYOR, O.ISSUE),), O.ISSUE),
        (((MAYOR, O.ISSUE), (UNIT, O.TAKE_ON)), None),
        (((UNIT, O.TAKE_ON), (CITIZEN, O.ASK_NEWS)), O.ASK_NEWS),
        (((CITIZEN, O.ASK_NEWS), (MAYOR, O.EXTEND)), O.ASK_NEWS),
        (((CITIZEN, O.ASK_NEWS), (CLOCK, O.WARN_UNIT)), O.ASK_NEWS),
        (((CITIZEN, O.ASK_NEWS), (UNIT, O.GIVE_NEWS)), None),
        (((UNIT, O.ASK_CITIZEN), (CITIZEN, O.TELL_UNIT)), O.TELL_UNIT),
        (((UNIT, O.REPORT), (CITIZEN, O.CONTEST), (MAYOR, O.RETRY)), O.RETRY),
        (((UNIT, O.REPORT), (CITIZEN, O.CONFIRM_DONE)), None),
        (((UNIT, O.TAKE_ON), (MAYOR, O.COMMENT, "internal")), O.COMMENT),
        (((UNIT, O.COMMENT, "citizen"),), None),
    ]
)
def test_what_waits_for_a_unit(steps, asked):
    assert open_question(order(*steps), UNIT) is asked


@pytest.mark.parametrize(
    ("steps", "asked"),
    [
        (((MAYOR, O.ISSUE), (UNIT, O.RETURN)), O.RETURN),
        (((UNIT, O.ASK_EXTENSION),), O.ASK_EXTENSION),
        (((UNIT, O.ASK_EXTENSION), (MAYOR, O.REFUSE_EXTENSION)), None),
        (((CITIZEN, O.CONTEST),), O.CONTEST),
        (((CITIZEN, O.ASK_NEWS),), None),
    ],
)
def test_what_waits_for_a_mayor(steps, asked):
    assert open_question(order(*steps), *MEETING) is asked
