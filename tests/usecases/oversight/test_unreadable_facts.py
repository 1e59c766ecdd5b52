"""The database owner nests the facts of one row so deeply that reading them exhausts the stack."""

import pytest
from support.damage import DEEP
from support.hall import Hall
from support.line import DISTRICT, MONDAY
from support.triggers import change_past_the_program

from publicmeeting.domain.stages import Action
from publicmeeting.kit.digits import persian
from publicmeeting.notify.outbox import deliver
from publicmeeting.notify.phone import DemoPhone
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.meetings.day_place import SETTLES_IN, SetDayPlace, set_day_place
from publicmeeting.usecases.oversight.books import CHECKS
from publicmeeting.usecases.oversight.books import _findings as findings
from publicmeeting.usecases.tracking.my_page import my_page

FACTS = "UPDATE outbox SET facts = :deep WHERE action = 'change_place' AND request_id = :id"
PAYLOAD = "UPDATE event SET payload = :deep WHERE action = 'confirm' AND request_id = :id"


def put(hall: Hall, place: str) -> None:
    hall.execute("mayor", set_day_place, SetDayPlace(monday=MONDAY.isoformat(), place=place))


def write(hall: Hall, statement: str, at: int = 0) -> None:
    engine = hall.application.store.engine
    change_past_the_program(engine, statement, deep=DEEP, id=hall.guests[at].request.id)


def test_doctor_names_it_and_goes_on(hall: Hall) -> None:
    write(hall, PAYLOAD)
    with hall.reading() as uow:
        found = {name: list(findings(check, uow, hall.clock())) for name, check in CHECKS.items()}
    name = f"request {hall.guests[0].code}"
    assert name in {
        one.where for one in found["every event of a case is as this program has written it"]
    }


def test_everybody_else_gets_her_message(hall: Hall) -> None:
    deliver(hall.application, hall.clock())
    put(hall, "مسجد امام حسین، خیابان شریعتی")
    write(hall, PAYLOAD)
    phone = hall.application.phone
    assert isinstance(phone, DemoPhone)
    phone.sent.clear()
    hall.clock.now += SETTLES_IN
    deliver(hall.application, hall.clock())
    sent = "".join(text for _, text in phone.sent)
    assert [persian(guest.code) in sent for guest in hall.guests] == [False, True, True]
    other = hall.query(hall.guests[1].actor, my_page, Nothing())
    assert Action.CHANGE_PLACE in {one.about.action for one in other.notices}


@pytest.mark.parametrize("facts", [DEEP, "{}", "x"])
def test_a_mayor_moves_his_monday_again_past_a_damaged_notice(hall: Hall, facts: str) -> None:
    put(hall, "مسجد امام حسین، خیابان شریعتی")
    engine = hall.application.store.engine
    change_past_the_program(engine, FACTS, deep=facts, id=hall.guests[0].request.id)
    put(hall, "سالن ورزشی شهید کشوری")
    with hall.reading() as uow:
        day = uow.city.monday(DISTRICT, MONDAY)
        assert day is not None
        assert day.place == "سالن ورزشی شهید کشوری"
