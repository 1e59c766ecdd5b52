"""Another order takes the number of a sheet while it is drawn: nothing on the table is lost."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from support.hall import SERVICES, TECHNICAL, TEXT, Guest, Hall
from support.staff_tab import Tab, do

from publicmeeting.application import Application
from publicmeeting.domain.orders.ink import read_ink
from publicmeeting.domain.records import PictureKind
from publicmeeting.kit.digits import persian
from publicmeeting.media.intake.photo import take_photo
from publicmeeting.media.sheets.ink import draw_ink
from publicmeeting.media.storage import SealedStorage
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.ui.mayor.meeting.state import MeetingState
from publicmeeting.usecases.filing.pictures import KeepPhoto, keep_photo


class Busy(SealedStorage):
    """A storage in which, once, a colleague is faster while a sheet is stored."""

    def __init__(self, application: Application, meanwhile: Callable[[], object]) -> None:
        super().__init__(application.files.objects, "images", application.store.vault)
        self._meanwhile: Callable[[], object] | None = meanwhile

    def put(self, data: bytes) -> str:
        meanwhile, self._meanwhile = self._meanwhile, None
        if meanwhile:
            meanwhile()
        return super().put(data)


INK = '{"width":1072,"height":96,"strokes":[{"colour":"blue","dots":[[10,10,0.5],[200,90,0.9]]}]}'


@pytest.fixture
def guest(hall: Hall) -> Guest:
    hall.receive(hall.guests[0])
    return hall.guests[0]


@pytest.fixture
def table(hall: Hall, guest: Guest) -> MeetingState:
    state = Tab(hall.application, "mayor").opens(MeetingState, f"/mayor/meeting/{guest.code}/")
    assert state.table.may_order
    return state


def colleague_orders(hall: Hall, guest: Guest) -> None:
    """Let the next sheet meet a colleague who is faster."""
    text = "دستور دیگری که زودتر رسید."
    hall.application.images = Busy(hall.application, lambda: hall.order(guest, SERVICES, note=text))


def pressed(state: MeetingState, form: dict[str, Any]) -> None:
    async def press() -> None:
        async for _ in MeetingState.record.fn(state, form):
            pass

    asyncio.run(press())


def test_what_was_typed_stays_and_the_new_number_is_on_the_sheet(
    hall: Hall, guest: Guest, table: MeetingState
) -> None:
    forecast, sheet = table.table.paper.number, table.initial
    asyncio.run(do(table, MeetingState.pick_unit, SERVICES))
    units = table.desk.units
    colleague_orders(hall, guest)
    pressed(table, {"text": TEXT})
    taken = guest.orders[0].number
    assert persian(taken) == forecast
    assert table.refused == refusal("number_taken", number=taken)
    assert (table.done, table.busy, table.table.met) == ("", False, False)
    assert (table.initial, table.desk.units) == (sheet, units), "the browser's own fields stay"
    assert table.table.paper.number == persian(str(int(taken) + 1))
    pressed(table, {"text": TEXT})
    assert table.refused == ""
    mine = [order for order in guest.orders if order.text == TEXT]
    assert {order.number.partition("-")[0] for order in mine} == {str(int(taken) + 1)}
    assert {order.unit_id for order in mine} == set(units)
    assert table.table.met


def test_the_photographed_paper_stays_too(hall: Hall, guest: Guest, table: MeetingState) -> None:
    photo = take_photo(draw_ink(read_ink(INK)))
    put = hall.application.images.put
    image = hall.execute(
        "mayor",
        keep_photo,
        KeepPhoto(
            kind=PictureKind.PAPER,
            web=put(photo.web),
            thumb=put(photo.thumb),
            original=photo.sha256,
            width=photo.width,
            height=photo.height,
        ),
    )
    asyncio.run(do(table, MeetingState.write_by, "photo"))
    asyncio.run(do(table, MeetingState.paper_sent, [image.id]))
    asyncio.run(do(table, MeetingState.pick_due, "2026-12-16"))
    colleague_orders(hall, guest)
    promised = {"text": TEXT, "promise": "ترمیم می‌شود.", "page": "1"}
    pressed(table, promised)
    assert table.refused
    assert [paper.full for paper in table.desk.papers] == [f"/images/{image.id}"]
    assert (table.desk.way, table.desk.due.on, table._draft.paper) == (
        "photo",
        "2026-12-16",
        image.id,
    )
    pressed(table, promised)
    (order,) = [one for one in guest.orders if one.text == TEXT]
    assert order.history[0].payload["paper"] == image.id
    assert order.unit_id == TECHNICAL
    assert order.due_on.isoformat() == "2026-12-16"


def test_a_referral_keeps_its_words(hall: Hall, guest: Guest, table: MeetingState) -> None:
    colleague_orders(hall, guest)

    async def press() -> None:
        form = {"referral": TEXT, "refer_to": [TECHNICAL]}
        async for _ in MeetingState.refer.fn(table, form):
            pass

    asyncio.run(press())
    sentence = refusal("number_taken", number=guest.orders[0].number)
    assert (table.errors, table.refused) == ({"referral": sentence}, "")
    asyncio.run(press())
    assert TEXT in {order.text for order in guest.orders}
    assert table.table.met
