"""Orders of a unit in its officer's tab."""

import asyncio

import pytest
from support.each import in_one_city
from support.hall import SERVICES, TECHNICAL, Hall
from support.images import add_image
from support.staff_tab import Tab, do, sent

from publicmeeting.domain.records import PictureKind
from publicmeeting.domain.stages import OrderAction, OrderStage
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.ui.shell.navigation import Rail
from publicmeeting.ui.shell.steps.keys import NEXT
from publicmeeting.ui.staff.unit.state import Sent, UnitState

NOTE = "سنگ‌فرش از نو چیده شد."


def opened(hall: Hall, who: str = "technical", number: str = "", tab: str = "") -> UnitState:
    return Tab(hall.application, who).opens(
        UnitState, f"/unit/{number}/{tab}" if number else f"/unit/{tab}"
    )


def stage(hall: Hall, number: str) -> OrderStage:
    with hall.reading() as uow:
        return uow.orders.get_visible(number, hall.as_("technical")).stage


@pytest.fixture
def number(hall: Hall) -> str:
    return hall.met(hall.guests[0], TECHNICAL)[0].number


def test_a_unit_sees_its_own_orders_only(hall: Hall) -> None:
    ours, theirs = hall.met(hall.guests[0], TECHNICAL, SERVICES)
    assert [row.href for row in opened(hall).lines.rows] == [f"/unit/{ours.number}/"]
    state = opened(hall, number=theirs.number)
    assert state.order.refused == refusal("not_found")
    assert state.order.number == ""
    assert not state.missing


def test_back_at_the_list_nothing_is_said_of_an_order_that_could_not_be_opened(hall: Hall) -> None:
    tab = Tab(hall.application, "technical")
    state = tab.state(UnitState)
    for address, refused in (("/unit/14050909999/", refusal("not_found")), ("/unit/", "")):
        tab.go(address)
        asyncio.run(do(state, UnitState.load))
        assert state.order.refused == refused


@in_one_city("who", ["reception", "administrator"])
def test_another_role_finds_nothing_here(hall: Hall, who: str) -> None:
    assert opened(hall, who).missing


def test_the_order_shows_sheet_and_text_and_no_citizen(hall: Hall, number: str) -> None:
    state = opened(hall, number=number)
    guest = hall.guests[0].request
    with hall.reading() as uow:
        person = uow.people.get(guest.person_id)
    assert state.order.paper.kind == "sheet"
    assert state.order.request == guest.text
    shown = repr(state.dict())
    for secret in (person.name, person.identity, person.mobile):
        assert str(secret) not in shown


def test_a_unit_takes_on_reports_with_a_picture_and_is_told(hall: Hall, number: str) -> None:
    state = opened(hall, number=number)
    sent(state, OrderAction.TAKE_ON)
    assert stage(hall, number) is OrderStage.IN_ACTION
    with hall.application.store.unit_of_work(hall.clock()) as uow:
        image = add_image(uow, hall.as_("technical"), kind=PictureKind.REPORT)
    asyncio.run(do(state, UnitState.photos_changed, [image.id]))
    sent(state, OrderAction.REPORT, note="")
    assert set(state.errors) == {"note"}
    asyncio.run(do(state, UnitState.send, {"note": NOTE}))
    assert stage(hall, number) is OrderStage.REPORTED
    assert [len(group.photos) for group in state.order.pictures] == [1]
    assert state.sent.after == ()
    assert state.done


def test_pictures_of_a_report_begun_wait_at_their_order_and_nowhere_else(hall: Hall) -> None:
    order, other = (hall.met(guest, TECHNICAL)[0] for guest in hall.guests[:2])
    with hall.application.store.unit_of_work(hall.clock()) as uow:
        image = add_image(uow, hall.as_("technical"), kind=PictureKind.REPORT, order_id=order.id)
    state = opened(hall, number=order.number)
    assert [photo.full for photo in state.sent.after] == [f"/images/{image.id}"]
    sent(state, OrderAction.TAKE_ON)
    sent(state, OrderAction.REPORT, note=NOTE)
    assert stage(hall, order.number) is OrderStage.REPORTED
    assert state.sent.after == ()
    assert [len(group.photos) for group in state.order.pictures] == [1]
    assert opened(hall, number=other.number).sent.after == ()


def test_a_place_is_shown_before_and_after_each_under_its_own_name(hall: Hall, number: str) -> None:
    state = opened(hall, number=number)
    sent(state, OrderAction.TAKE_ON)
    with hall.application.store.unit_of_work(hall.clock()) as uow:
        technical = hall.as_("technical")
        about = uow.orders.get_visible(number, technical).id
        before, after = (
            add_image(uow, technical, f"{at}" * 64, kind=kind, order_id=about)
            for at, kind in enumerate((PictureKind.BEFORE, PictureKind.REPORT))
        )
    asyncio.run(do(state, UnitState.before_changed, [before.id]))
    asyncio.run(do(state, UnitState.photos_changed, [after.id]))
    sent(state, OrderAction.REPORT, note=NOTE)
    (group,) = state.order.pictures
    assert [photo.full for photo in group.before] == [f"/images/{before.id}"]
    assert [photo.full for photo in group.photos] == [f"/images/{after.id}"]
    with hall.reading() as uow:
        kinds = {one.id: one.kind for one in uow.images.of_request(hall.guests[0].request.id)}
    assert (kinds[before.id], kinds[after.id]) == (PictureKind.BEFORE, PictureKind.REPORT)
    assert state.sent == Sent()


def test_a_report_begun_is_found_again_on_both_sides(hall: Hall, number: str) -> None:
    hall.step("technical", number, OrderAction.TAKE_ON)
    with hall.application.store.unit_of_work(hall.clock()) as uow:
        order = uow.orders.get_visible(number, hall.as_("technical"))
        for at, kind in enumerate((PictureKind.REPORT, PictureKind.BEFORE, PictureKind.BEFORE)):
            add_image(uow, hall.as_("technical"), f"{at}" * 64, kind=kind, order_id=order.id)
    state = opened(hall, number=number)
    assert (len(state.sent.before), len(state.sent.after)) == (2, 1)


def test_what_somebody_has_asked_stands_on_the_row_and_in_the_rail(hall: Hall, number: str) -> None:
    state = opened(hall, tab="?tab=asks")
    assert [row.tags[0].word for row in state.lines.rows] == ["دستور رسید"]
    sent(opened(hall, number=number), OrderAction.TAKE_ON)
    assert opened(hall, tab="?tab=asks").lines.rows == ()
    hall.guests[0].does(number, OrderAction.ASK_NEWS, note="چه شد؟")
    asked = opened(hall, tab="?tab=asks")
    assert [row.tags[0].word for row in asked.lines.rows] == ["شهروند از وضع کار پرسید"]
    hall.step("technical", number, OrderAction.COMMENT, note="می‌پرسیم.", audience="internal")
    assert len(opened(hall, tab="?tab=asks").lines.rows) == 1, "a comment is no answer to her"
    sent(opened(hall, number=number), OrderAction.GIVE_NEWS, note="از شنبه.")
    assert opened(hall, tab="?tab=asks").lines.rows == ()


def test_a_mayors_word_waits_for_a_word_also_while_the_citizen_is_asked(
    hall: Hall, number: str
) -> None:
    state = opened(hall, number=number)
    sent(state, OrderAction.TAKE_ON)
    sent(state, OrderAction.REPORT, note=NOTE)
    hall.step("mayor", number, OrderAction.COMMENT, note="کامل است؟", audience="internal")
    (row,) = opened(hall, tab="?tab=asks").lines.rows
    assert row.tags[0].word == "یادداشت تازه"


def test_what_was_written_for_one_step_does_not_stand_in_another(hall: Hall, number: str) -> None:
    state = opened(hall, number=number)
    asyncio.run(do(state, UnitState.choose, OrderAction.RETURN))
    asyncio.run(do(state, UnitState.keep_note, NOTE))
    asyncio.run(do(state, UnitState.cancel))
    asyncio.run(do(state, UnitState.choose, OrderAction.COMMENT))
    assert state.form.draft == ""
    asyncio.run(do(state, UnitState.cancel))
    asyncio.run(do(state, UnitState.choose, OrderAction.RETURN))
    assert state.form.draft == NOTE


def test_a_second_press_is_no_second_step(hall: Hall, number: str) -> None:
    state = opened(hall, number=number)
    sent(state, OrderAction.TAKE_ON)
    sent(state, OrderAction.COMMENT, note=NOTE, audience="citizen")
    asyncio.run(do(state, UnitState.send, {"note": NOTE, "audience": "citizen"}))
    with hall.reading() as uow:
        assert uow.orders.get_visible(number, hall.as_("technical")).count(OrderAction.COMMENT) == 1


def test_a_picture_of_somebody_else_is_not_sent_and_the_note_stays(hall: Hall, number: str) -> None:
    state = opened(hall, number=number)
    sent(state, OrderAction.TAKE_ON)
    asyncio.run(do(state, UnitState.photos_changed, ["f" * 32]))
    sent(state, OrderAction.REPORT, note=NOTE)
    assert state.refused
    assert state._notes[f"{number}/{OrderAction.REPORT}"] == NOTE
    assert stage(hall, number) is OrderStage.IN_ACTION


def test_the_days_of_an_extension_lie_after_the_promise(hall: Hall, number: str) -> None:
    state = opened(hall, number=number)
    sent(state, OrderAction.TAKE_ON)
    asyncio.run(do(state, UnitState.choose, OrderAction.ASK_EXTENSION))
    with hall.reading() as uow:
        due = uow.orders.get_visible(number, hall.as_("technical")).due_on
    days = [day.value for day in state.form.days if day.value]
    assert min(days) > due.isoformat()
    asyncio.run(do(state, UnitState.send, {"due_on": days[0], "note": NOTE}))
    assert state.order.extension


def test_who_reads_a_comment_is_chosen_and_never_guessed(hall: Hall, number: str) -> None:
    state = opened(hall, number=number)
    sent(state, OrderAction.COMMENT, note=NOTE)
    assert state.errors == {"audience": refusal("need_audience")}
    asyncio.run(do(state, UnitState.send, {"note": NOTE, "audience": "internal"}))
    assert any(step.quote_inside for step in state.order.road)


def test_a_returned_order_has_no_more_for_the_unit_to_do_than_a_comment(
    hall: Hall, number: str
) -> None:
    state = opened(hall, number=number)
    sent(state, OrderAction.RETURN, note="این کار با واحد دیگری است.")
    assert stage(hall, number) is OrderStage.RETURNED
    assert [button.action for button in state.buttons] == [OrderAction.COMMENT]


def test_lateness_is_told_in_words(hall: Hall, number: str) -> None:
    hall.clock.forward(days=60)
    (row,) = opened(hall, tab="?tab=late").lines.rows
    assert row.late
    assert row.end.endswith("روز کاری دیرکرد در پذیرش")
    assert number in row.href


def test_after_a_step_the_next_order_is_offered_and_has_the_focus(hall: Hall, number: str) -> None:
    other = hall.met(hall.guests[1], TECHNICAL)[0].number
    state = opened(hall, number=number)
    asyncio.run(do(state, UnitState.choose, OrderAction.TAKE_ON))
    focus = asyncio.run(do(state, UnitState.send, {}))
    assert other in state.onward.href
    assert NEXT.replace("-", "_") in repr(focus)


def test_orders_of_one_meeting_begin_with_what_each_promises(hall: Hall) -> None:
    one, two = hall.met(hall.guests[0], TECHNICAL, SERVICES)
    metas = [row.meta for row in opened(hall, "desk").lines.rows]
    for order in (one, two):
        assert any(meta.startswith((order.promise or order.text).rstrip(".")) for meta in metas)


def test_an_order_that_comes_while_the_page_stands_open_is_heard(hall: Hall, number: str) -> None:
    """The rail counts questions to the unit, but not the orders of its list."""
    del number
    state = opened(hall)
    rail = asyncio.run(state.get_state(Rail))
    asyncio.run(state._reread_aloud())
    assert rail.arrived == "", "what is found on coming is no news"
    (second,) = hall.met(hall.guests[1], TECHNICAL)
    asyncio.run(state._reread_aloud())
    assert rail.arrived == "کار تازه رسید. دستورها: ۲ مورد"
    hall.met(hall.guests[2], SERVICES)
    rail.arrived = ""
    asyncio.run(state._reread_aloud())
    assert rail.arrived == "", "another unit's is not"
    hall.step("technical", second.number, OrderAction.TAKE_ON)
    asyncio.run(state._reread_aloud())
    assert rail.arrived == "", "nor is what a colleague does"
