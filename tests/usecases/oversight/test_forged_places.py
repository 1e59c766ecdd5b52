"""The database owner writes where a Monday is held: nobody is sent there, and `doctor` names it."""

from contextlib import closing

import pytest
from support.hall import Hall
from support.line import MONDAY
from support.triggers import write

from publicmeeting.domain.lifecycle.notices import Delivery, Timely
from publicmeeting.domain.officials.audit import SecurityKind
from publicmeeting.domain.roles import Actor, Role
from publicmeeting.domain.stages import Action
from publicmeeting.kit.clock import utc_now
from publicmeeting.notify.outbox import deliver
from publicmeeting.notify.wording import about, notice_text
from publicmeeting.store.database.vault import Vault
from publicmeeting.store.rekey import rekey
from publicmeeting.store.unit_of_work import Store
from publicmeeting.text.districts.texts_text import ASK_137
from publicmeeting.text.notices.notices_text import PLACE_UNSURE
from publicmeeting.usecases.base import Nothing, OneCase
from publicmeeting.usecases.districts.board import city_board
from publicmeeting.usecases.meetings.agenda import ADay
from publicmeeting.usecases.meetings.day_place import (
    SETTLES_IN,
    SetDayPlace,
    day_place,
    set_day_place,
)
from publicmeeting.usecases.meetings.in_hall.passes import SeatPass, seat_pass
from publicmeeting.usecases.oversight.rows import places_tagged

MOSQUE = "مسجد امام حسین، خیابان شریعتی"
WRONG = "بیابان شهریار، کیلومتر ۴۰"
MOVED = "UPDATE monday SET place = :place WHERE district = 6"
ADDRESS = (
    'UPDATE district_text SET body = replace(body, \'"address":"\', \'"address":"\' || :place)'
    " WHERE district = 6"
)
APPROVED = (
    "INSERT INTO district_text (district, body, from_on, state, proposed_by, proposed_at, note)"
    ' SELECT district, replace(body, \'"address":"\', \'"address":"\' || :place), from_on,'
    " state, proposed_by, proposed_at, note FROM district_text WHERE district = 6"
)


def put(hall: Hall, place: str) -> None:
    hall.execute("mayor", set_day_place, SetDayPlace(monday=MONDAY.isoformat(), place=place))


def pass_of(hall: Hall) -> SeatPass:
    guest = hall.guests[0]
    found: SeatPass = hall.query(guest.actor, seat_pass, OneCase(code=guest.code))
    return found


def named(hall: Hall) -> list[str]:
    with hall.reading() as uow:
        return [one.where for one in places_tagged(uow, hall.clock())]


def states(hall: Hall) -> list[tuple[int, Delivery]]:
    with hall.reading() as uow:
        request = hall.guests[0].request
        return [
            (one.id, one.state)
            for one in uow.outbox.of_request(request.id, Role.CITIZEN.value)
            if one.action == Action.CHANGE_PLACE.value
        ]


@pytest.mark.on_postgresql
@pytest.mark.parametrize("before", ["", MOSQUE])
def test_a_place_that_the_owner_wrote_is_on_no_pass_and_no_page(hall: Hall, before: str) -> None:
    if before:
        put(hall, before)
        assert pass_of(hall).place.address == before
    assert named(hall) == []
    write(hall, MOVED, place=WRONG)
    assert pass_of(hall).place.address == ASK_137
    assert hall.query(Actor(), city_board, Nothing()).apart[6].place == ASK_137
    assert f"monday of district 6, {MONDAY}" in named(hall)
    form = hall.query("mayor", day_place, ADay(monday=MONDAY.isoformat()))
    assert form.monday.place == "", "he types the true one again"
    put(hall, MOSQUE)
    assert pass_of(hall).place.address == MOSQUE


EMPTIED = "UPDATE monday SET place = '', guest = '', tag = '' WHERE district = 6"


@pytest.mark.on_postgresql
def test_a_place_that_is_emptied_with_its_tag_is_not_as_if_it_were_never_set(hall: Hall) -> None:
    put(hall, MOSQUE)
    write(hall, EMPTIED)
    assert pass_of(hall).place.address == ASK_137
    assert f"monday of district 6, {MONDAY}" in named(hall)
    hall.clock.now += SETTLES_IN
    deliver(hall.application, hall.clock())
    assert states(hall)[-1][1] == Delivery.WAITING
    put(hall, MOSQUE)
    put(hall, "")
    assert pass_of(hall).place.is_genuine
    assert named(hall) == []


@pytest.mark.on_postgresql
@pytest.mark.parametrize("statement", [ADDRESS, APPROVED])
def test_an_address_that_the_owner_wrote_is_on_no_pass_and_no_page(
    hall: Hall, statement: str
) -> None:
    usual = pass_of(hall).place
    assert usual.is_genuine
    write(hall, statement, place=WRONG)
    found = pass_of(hall).place
    assert (found.address, found.hall, found.point) == (ASK_137, "", "")
    assert hall.query(Actor(), city_board, Nothing()).texts[6].address == ASK_137
    assert named(hall) == ["district 6"]


def test_a_reminder_goes_out_without_a_place_that_the_owner_wrote(hall: Hall) -> None:
    def reminded() -> str:
        with hall.reading() as uow:
            notices = uow.outbox.of_request(hall.guests[0].request.id, Role.CITIZEN.value)
            one = next(one for one in notices if one.action == Timely.REMINDER.value)
            return notice_text(about(uow, one, one.at)).sms

    put(hall, MOSQUE)
    assert f". {MOSQUE}. " in reminded()
    write(hall, EMPTIED)
    assert f". {PLACE_UNSURE}. " in reminded()
    write(hall, MOVED, place=WRONG)
    assert f". {PLACE_UNSURE}. " in reminded()
    put(hall, MOSQUE)
    put(hall, "")
    assert PLACE_UNSURE not in reminded()
    write(hall, ADDRESS, place=WRONG)
    assert f". {PLACE_UNSURE}. " in reminded()


@pytest.mark.parametrize(("before", "statement"), [(MOSQUE, MOVED), ("", ADDRESS)])
def test_no_message_sends_her_to_a_place_that_the_owner_wrote(
    hall: Hall, before: str, statement: str
) -> None:
    put(hall, MOSQUE)
    if not before:  # back to the district's hall
        hall.clock.now += SETTLES_IN
        deliver(hall.application, hall.clock())
        put(hall, before)
    write(hall, statement, place=WRONG)
    hall.clock.now += SETTLES_IN
    deliver(hall.application, hall.clock())
    number, state = states(hall)[-1]
    assert state == Delivery.WAITING
    with hall.reading() as uow:
        reports = [one.what for one in uow.security.page((SecurityKind.FORGED,))]
    assert f"notice {number}" in reports


def test_places_stay_genuine_under_another_key(hall: Hall) -> None:
    put(hall, MOSQUE)
    other = b"n" * 32
    rekey(hall.application.store, Vault(other), {})
    url = hall.application.store.engine.url.render_as_string(hide_password=False)
    with closing(Store(url, other)) as store, store.unit_of_work(utc_now(), reading=True) as uow:
        assert list(places_tagged(uow, hall.clock())) == []
        day = uow.city.monday(6, MONDAY)
        assert day is not None
        assert day.place == MOSQUE
