"""An empty field is shown as nothing: no screen, message or sheet ever contains «None»."""

import asyncio
import dataclasses
import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from sqlmodel import select
from support.each import in_one_city
from support.hall import SERVICES, TECHNICAL, Guest, Hall
from support.staff_tab import Tab, do

from publicmeeting.domain.stages import Action, OrderAction
from publicmeeting.notify.wording import about, notice_text
from publicmeeting.store.database.rows.cases import OutboxRow
from publicmeeting.ui.citizen.request.state import BookingState
from publicmeeting.ui.citizen.timeline.moves import moves_of_orders
from publicmeeting.ui.citizen.timeline.orders import sheet_views
from publicmeeting.ui.citizen.timeline.page import TimelineState, head_view
from publicmeeting.ui.citizen.timeline.record import case_steps, matter_view
from publicmeeting.ui.mayor.agenda.state import AgendaState
from publicmeeting.ui.mayor.meeting.state import MeetingState
from publicmeeting.ui.mayor.order import state as order_page_views
from publicmeeting.ui.mayor.orders import MayorOrdersState
from publicmeeting.ui.staff.desk.state import DeskState
from publicmeeting.ui.staff.monday.state import MondayState
from publicmeeting.ui.staff.unit.state import UnitState
from publicmeeting.usecases.base import OneCase
from publicmeeting.usecases.orders.issuing import order_facts
from publicmeeting.usecases.orders.order_checks import IssueOrders
from publicmeeting.usecases.orders.pages import OneOrder, open_order
from publicmeeting.usecases.orders.paper.sheet import compose_sheet
from publicmeeting.usecases.tracking.timeline import timeline_page

PROGRAM_WORDS = re.compile(r"\b(None|null|undefined|NaN)\b")


def texts(value: object) -> Iterator[str]:
    """Yield every text in a state or a view."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from texts(one)
    elif isinstance(value, list | tuple | set | frozenset):
        for one in value:
            yield from texts(one)
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        for field in dataclasses.fields(value):
            yield from texts(getattr(value, field.name))


def wrong(value: object) -> list[str]:
    return [text for text in texts(value) if PROGRAM_WORDS.search(text)]


def opened(hall: Hall, who: str, address: str, kind: Any) -> Any:
    return Tab(hall.application, who).opens(kind, address)


def shown(state: Any) -> list[str]:
    """Return what is wrong on the page, and in what its server remembers."""
    return wrong(state.dict()) + wrong(state._backend_vars)


@pytest.fixture
def walked(hall: Hall) -> Guest:
    """A visitor with two promises, for which every optional note was left out."""
    guest, other, waits = hall.guests
    hall.met(other, TECHNICAL)
    hall.arrive(waits)
    hall.receive(guest)
    first, second = hall.order(guest, TECHNICAL, SERVICES, note="ترمیم شود.")
    hall.finish(guest)
    hall.step("technical", first.number, OrderAction.TAKE_ON)
    hall.step("technical", first.number, OrderAction.REPORT, note="شد.")
    guest.does(first.number, OrderAction.CONFIRM_DONE)
    hall.step("services", second.number, OrderAction.TAKE_ON)
    guest.does(second.number, OrderAction.ASK_NEWS, note="چه شد؟")
    return guest


def test_no_screen_says_none(hall: Hall, walked: Guest) -> None:
    first = walked.orders[0].number
    for who, address, kind in (
        ("desk", f"/desk/?tab=all&case={walked.code}", DeskState),
        ("technical", f"/unit/{first}/", UnitState),
        ("services", "/unit/", UnitState),
        ("reception", "/monday/", MondayState),
        ("mayor", "/mayor/", AgendaState),
        ("mayor", "/mayor/orders/", MayorOrdersState),
        ("mayor", f"/mayor/meeting/{walked.code}/", MeetingState),
        ("mayor", f"/mayor/meeting/{hall.guests[2].code}/", MeetingState),
    ):
        state = opened(hall, who, address, kind)
        assert state.ready
        assert not state.missing, address
        assert shown(state) == [], address


def test_neither_does_her_own_page_or_the_page_of_a_promise(hall: Hall, walked: Guest) -> None:
    page = hall.query(walked.actor, timeline_page, OneCase(code=walked.code))
    sheets = sheet_views(page, moves_of_orders(page.orders), {})
    assert wrong([head_view(page.request), sheets, case_steps(page), matter_view(page)]) == []
    for order in walked.orders:
        page = hall.execute("mayor", open_order, OneOrder(number=order.number))
        assert wrong(order_page_views.promise(page)) == []


def test_neither_does_a_message(hall: Hall, walked: Guest) -> None:
    del walked
    with hall.reading() as uow:
        rows = uow.session.exec(select(OutboxRow)).all()
        messages = [notice_text(about(uow, uow.outbox._notice(row), row.at)) for row in rows]
    assert len(messages) > 20
    assert wrong(messages) == []


def test_neither_does_the_sheet_of_an_order_without_typed_text(hall: Hall) -> None:
    guest = hall.guests[0]
    hall.receive(guest)
    stroke = '{"colour": "blue", "dots": [[10, 10, 0.5], [200, 90, 0.9]]}'
    ink = f'{{"width": 400, "height": 200, "strokes": [{stroke}]}}'
    command = IssueOrders(code=guest.code, units=(TECHNICAL,), ink=ink, promise="ترمیم می‌شود.")
    facts = hall.query("mayor", order_facts, command)
    assert wrong(facts) == []
    assert compose_sheet(facts, "http://localhost").image


@in_one_city(
    "who, address, kind, handler, before",
    [
        ("desk", "/desk/?tab=all&case={code}", DeskState, DeskState.keep_note, ()),
        ("desk", "/desk/", DeskState, DeskState.find, ()),
        ("technical", "/unit/", UnitState, UnitState.keep_note, ()),
        ("reception", "/monday/", MondayState, MondayState.keep_note, ()),
        ("mayor", "/mayor/meeting/{code}/", MeetingState, MeetingState.pick_due, ()),
        ("", "/request/", BookingState, BookingState.keep_field, ("title",)),
        ("", "/request/", BookingState, BookingState.find, ()),
        ("", "/mine/{code}/", TimelineState, TimelineState.keep, ()),
    ],
)
def test_a_field_that_is_left_empty_is_kept_empty(
    hall: Hall,
    who: str,
    address: str,
    kind: Any,
    handler: Any,
    before: tuple[str, ...],
) -> None:
    tab = Tab(hall.application, who)
    tab.go(address.format(code=hall.guests[0].code))
    state = tab.state(kind)
    for nothing in ("", "  ", None):
        asyncio.run(do(state, handler, *before, nothing))
        assert shown(state) == []


def test_a_form_sent_empty_shows_nothing_of_it(hall: Hall) -> None:
    (order,) = hall.met(hall.guests[0], TECHNICAL)
    state = opened(hall, "technical", f"/unit/{order.number}/", UnitState)
    for nothing in ({}, {"note": ""}, {"note": None}):
        asyncio.run(do(state, UnitState.choose, OrderAction.COMMENT))
        asyncio.run(do(state, UnitState.send, dict(nothing)))
        assert shown(state) == []


def test_a_meeting_is_not_broken_off_with_nothing(hall: Hall) -> None:
    guest = hall.guests[0]
    hall.receive(guest)
    state = opened(hall, "mayor", f"/mayor/meeting/{guest.code}/", MeetingState)
    for nothing in ({}, {"back": ""}, {"back": None, "note": None}):
        asyncio.run(do(state, MeetingState.send_back, dict(nothing)))
        assert state.errors
        assert guest.request.last(Action.SEND_BACK) is None
        assert shown(state) == []
