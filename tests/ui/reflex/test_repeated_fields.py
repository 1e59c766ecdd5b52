"""A field that a form has several times arrives with all its values."""

import asyncio
from collections.abc import Sequence
from typing import Any, get_type_hints

import pytest
from contract.surface import Handler, handlers
from reflex_base.utils.form import FORM_DATA_ENTRIES_KEY, FormData, transform_form_data
from support.citizens import citizen, own_visit, someone
from support.city import City
from support.each import for_each
from support.hall import SERVICES, TECHNICAL, TEXT, Guest, Hall
from support.staff_tab import Tab, do

from publicmeeting.application import Application
from publicmeeting.ui.citizen.request.state import BookingState
from publicmeeting.ui.citizen.timeline.page import TimelineState
from publicmeeting.ui.mayor.meeting.state import MeetingState
from publicmeeting.ui.reflex.forms import values_of
from publicmeeting.usecases.filing.submitting import SaveDraft, save_draft

FORM = "form"
"""Name of the argument of an `on_submit` handler."""


def sent(handler: Any, entries: Sequence[tuple[str, str]]) -> Any:
    """Return what Reflex passes to the handler for what a browser sends."""
    hint = get_type_hints(handler.fn)[FORM]
    return transform_form_data({FORM_DATA_ENTRIES_KEY: [list(entry) for entry in entries]}, hint)


@for_each(
    [handler for handler in handlers() if FORM in handler.parameters], ids=lambda one: one.line
)
def test_a_handler_of_a_form_takes_all_values_of_a_field(handler: Handler) -> None:
    function = handler.state.event_handlers[handler.name].fn
    assert isinstance(transform_form_data({}, get_type_hints(function)[FORM]), FormData)


@pytest.mark.parametrize("needs", [[], ["step_free", "companion"]])
def test_every_need_that_is_ticked_is_kept(
    application: Application, city: City, needs: list[str]
) -> None:
    anna = someone(1)
    keys = citizen(application, anna.mobile, visit=own_visit(application, "hers"))
    typed = {"district": "6", "subject": "street", "title": "پیاده‌رو", "text": "شکسته است. " * 5}
    application.execute_now(save_draft, keys, SaveDraft(fields=typed))
    tab = Tab(application, keys=keys)
    wizard = tab.state(BookingState)
    tab.go("/request/?step=3")
    asyncio.run(do(wizard, BookingState.load))
    entries = [("kind", "national"), ("identity", anna.identity), ("name", anna.name)]
    entries += [("needs", need) for need in needs] + [("prefers", "any")]
    asyncio.run(do(wizard, BookingState.leave_herself, sent(BookingState.leave_herself, entries)))
    assert (wizard.errors, wizard.refused) == ({}, "")
    tab.go("/request/?step=4")
    asyncio.run(do(wizard, BookingState.load))
    assert wizard.step == 4
    assert wizard.draft.needs == ",".join(needs)


def test_a_referral_goes_to_every_unit_that_is_ticked(hall: Hall) -> None:
    guest: Guest = hall.guests[0]
    hall.receive(guest)
    table = Tab(hall.application, "mayor").opens(MeetingState, f"/mayor/meeting/{guest.code}/")
    entries = [("referral", TEXT), ("refer_to", TECHNICAL), ("refer_to", SERVICES)]

    async def refer() -> None:
        async for _ in MeetingState.refer.fn(table, sent(MeetingState.refer, entries)):
            pass

    asyncio.run(refer())
    assert table.errors == {}
    assert {order.unit_id for order in guest.orders} == {TECHNICAL, SERVICES}


def test_every_document_goes_along() -> None:
    first, second = "a" * 32, "b" * 32
    form = sent(TimelineState.take, [("photos", first), ("photos", second)])
    assert values_of(form, "photos") == (first, second)
