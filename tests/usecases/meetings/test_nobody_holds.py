"""A Monday that nobody holds, or a machine with a wrong clock: nobody is called or absent."""

import asyncio
from datetime import timedelta

import pytest
from sqlmodel import col, delete
from support.city import KEY
from support.hall import Hall
from support.line import DISTRICT, MONDAY
from support.staff_tab import Tab, do

from publicmeeting.domain.errors import Denied
from publicmeeting.domain.mondays import How
from publicmeeting.domain.roles import NOBODY, Role
from publicmeeting.domain.stages import Action, Stage
from publicmeeting.kit.clock import at_tehran
from publicmeeting.store.database.rows.people import GrantRow
from publicmeeting.store.unit_of_work import Store
from publicmeeting.store.worker import clock_guard
from publicmeeting.store.worker.clock_guard import WrongClockError
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.ui.staff.monday.state import MondayState
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.districts.board import city_board
from publicmeeting.usecases.meetings.agenda import ADay
from publicmeeting.usecases.meetings.deputies import NameHolder, day_holder, name_holder


def leaves(hall: Hall, *roles: Role) -> None:
    """End these offices of the district in the middle of the day."""
    with hall.application.store.unit_of_work(hall.clock.now) as uow:
        of_them = col(GrantRow.role).in_([role.value for role in roles])
        uow.session.exec(delete(GrantRow).where(of_them, col(GrantRow.district) == DISTRICT))


def test_nobody_is_called_to_a_door_that_nobody_opens(hall: Hall) -> None:
    here, away = hall.guests[:2]
    leaves(hall, Role.MAYOR)
    assert hall.query("reception", day_holder, ADay()) is None
    hall.arrive(here)
    assert here.request.stage is Stage.ARRIVED, "who has come is received all the same"
    for action, guest in ((Action.CALL, here), (Action.CALL_IN, here), (Action.CALL, away)):
        with pytest.raises(Denied, match="nobody_holds"):
            hall.act("reception", guest, action)
    door = Tab(hall.application, "reception").opens(MondayState, "/monday/")
    assert door.day.is_unheld
    assert not door.day.holder
    asyncio.run(do(door, MondayState.press, here.code, Action.CALL_IN.value))
    assert door.refused == refusal("nobody_holds")


def test_nobody_is_absent_from_a_meeting_that_nobody_holds(hall: Hall) -> None:
    """The calls came before; a missing visitor loses no weeks."""
    away = hall.guests[0]
    for _ in range(2):
        hall.act("reception", away, Action.CALL)
    leaves(hall, Role.MAYOR, Role.DEPUTY)
    hall.clock.set(at_tehran(MONDAY, "09:15"))
    with pytest.raises(Denied, match="nobody_holds"):
        hall.act("reception", away, Action.NO_SHOW)
    hall.ends(is_checked=True)
    assert (away.request.missed, away.request.debt) == (0, 1)
    past = hall.query(NOBODY, city_board, Nothing()).past[DISTRICT]
    assert past[0].how is How.SILENT


def test_the_deputy_who_was_named_holds_it_without_a_mayor(hall: Hall) -> None:
    account = hall.as_("deputy").account_id
    assert account is not None
    hall.execute("mayor", name_holder, NameHolder(account=account, monday=MONDAY.isoformat()))
    leaves(hall, Role.MAYOR)
    door = Tab(hall.application, "reception").opens(MondayState, "/monday/")
    assert not door.day.is_unheld
    hall.act("reception", hall.guests[0], Action.CALL)
    leaves(hall, Role.DEPUTY)
    with pytest.raises(Denied, match="nobody_holds"):
        hall.act("reception", hall.guests[0], Action.CALL)


@pytest.mark.on_postgresql
@pytest.mark.parametrize("minutes", [30, -30])
def test_a_machine_whose_clock_was_moved_calls_nobody_and_notes_nobody_as_absent(
    hall: Hall, monkeypatch: pytest.MonkeyPatch, minutes: int
) -> None:
    application, guest = hall.application, hall.guests[0]
    for _ in range(2):
        hall.act("reception", guest, Action.CALL)
    if not application.store.has_clock:
        return  # with SQLite there is no second clock to compare
    monkeypatch.setattr(Store, "clock_drift", lambda _: timedelta(minutes=minutes))
    monkeypatch.setattr(clock_guard, "_STAYS", timedelta(0))
    before, application.store = application.store, Store(before_url(hall), KEY, checks_clock=True)
    hall.clock.forward(minutes=minutes)
    try:
        for action in (Action.NO_SHOW, Action.CALL):
            with pytest.raises(WrongClockError, match="clock_wrong"):
                hall.act("reception", guest, action)
    finally:
        application.store.close()
        application.store = before
    assert guest.request.missed == 0
    assert guest.request.count(Action.CALL) == 2


def before_url(hall: Hall) -> str:
    return hall.application.store._url
