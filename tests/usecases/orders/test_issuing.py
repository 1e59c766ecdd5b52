"""Orders are issued in the room and followed until the citizen says that they are kept."""

from datetime import date

import pytest
from support.each import in_one_city
from support.hall import SERVICES, TECHNICAL, TEXT, Hall
from support.line import MONDAY
from support.together import refused

from publicmeeting.domain.calendar import add_working_days
from publicmeeting.domain.orders.ink import read_ink
from publicmeeting.domain.records import PictureKind
from publicmeeting.domain.stages import OrderAction, OrderStage
from publicmeeting.media.intake.photo import take_photo
from publicmeeting.media.sheets.ink import draw_ink
from publicmeeting.usecases.filing.pictures import KeepPhoto, keep_photo
from publicmeeting.usecases.orders.issuing import issue_orders, order_facts
from publicmeeting.usecases.orders.order_checks import IssueOrders, StoredSheet
from publicmeeting.usecases.orders.paper.sheet import keep_sheet

INK = '{"width":1072,"height":96,"strokes":[{"colour":"blue","dots":[[10,10,0.5],[200,90,0.9]]}]}'


@pytest.fixture
def guest(hall: Hall):
    """A guest in the room."""
    guest = hall.guests[0]
    hall.receive(guest)
    return guest


def test_an_order_has_a_number_a_unit_and_fifteen_working_days(hall: Hall, guest):
    order = hall.order(guest)[0]
    assert order.number == "1405090906001"
    assert (order.unit_id, order.text, order.stage) == (TECHNICAL, TEXT, OrderStage.ISSUED)
    assert order.due_on == order.first_due_on == add_working_days(MONDAY, 15)
    assert order.image_id


def test_a_sheet_for_two_units_makes_two_orders_that_share_it(hall: Hall, guest):
    first, second = hall.order(guest, TECHNICAL, SERVICES)
    assert [first.number, second.number] == ["1405090906001-1", "1405090906001-2"]
    third = hall.order(guest, note="نور کوچه هم درست شود.")[0]
    assert third.number == "1405090906002"
    with hall.reading() as uow:
        sheets = {
            uow.images.get_visible(o.image_id, hall.as_("mayor")).web for o in (first, second)
        }
    assert len(sheets) == 1


def test_the_same_button_twice_is_one_order(hall: Hall, guest):
    first = hall.order(guest, TECHNICAL, SERVICES)
    hall.clock.forward(minutes=1)
    assert hall.order(guest, TECHNICAL, SERVICES) == first
    assert len(guest.orders) == 2


@pytest.mark.parametrize(
    "other",
    [{"promise": "تا شنبه."}, {"priority": "urgent"}, {"due_on": "2026-12-05"}],
    ids=["promise", "urgency", "day"],
)
def test_what_differs_in_its_promise_urgency_or_day_is_another_order(hall: Hall, guest, other):
    first = hall.order(guest, promise="ترمیم می‌شود.")
    second = hall.order(guest, **{"promise": "ترمیم می‌شود.", **other})
    assert hall.order(guest, **{"promise": "ترمیم می‌شود.", **other}) == second != first
    assert len(guest.orders) == 2


def test_a_new_sheet_is_a_new_order_even_with_the_same_words(hall: Hall, guest):
    first = hall.order(guest, page=1)
    second = hall.order(guest, page=2)
    assert [order.number[-3:] for order in (*first, *second)] == ["001", "002"]


@pytest.mark.parametrize("content", [{"note": TEXT}, {"note": "", "ink": INK}], ids=["text", "ink"])
def test_a_sheet_sent_twice_is_one_order_and_the_next_one_another(hall: Hall, guest, content):
    fields = {"promise": "ترمیم می‌شود.", **content}
    first = hall.order(guest, page=1, **fields)
    assert hall.order(guest, page=1, **fields) == first
    second = hall.order(guest, page=2, **fields)
    assert hall.order(guest, page=2, **fields) == second != first
    assert len(guest.orders) == 2


def test_an_issued_page_that_says_something_else_is_no_order_of_the_first(hall: Hall, guest):
    fields = {"promise": "ترمیم می‌شود.", "note": TEXT}
    first = hall.order(guest, page=1, **fields)
    for other in (
        {"note": "آسفالت کوچه تا شنبه."},
        {"promise": "تا شنبه."},
        {"priority": "urgent"},
        {"due_on": "2026-12-05"},
    ):
        sent = {**fields, **other}
        assert refused(lambda sent=sent: hall.order(guest, page=1, **sent)) == "page_issued"
    assert refused(lambda: hall.order(guest, SERVICES, page=1, **fields)) == "page_issued"
    both = refused(lambda: hall.order(guest, TECHNICAL, SERVICES, page=1, **fields))
    assert both == "page_issued"
    hall.clock.forward(hours=2)
    assert hall.order(guest, TECHNICAL, page=1, **fields) == first
    assert len(guest.orders) == 1


def test_another_order_that_took_the_number_meanwhile_is_noticed(hall: Hall, guest):
    command = IssueOrders(code=guest.code, units=(TECHNICAL,), note=TEXT)
    facts = hall.query("mayor", order_facts, command)
    hall.order(guest, note="دستور دیگری که زودتر رسید.")
    sheet = StoredSheet(facts.stem, "0" * 64, "1" * 64, 10, 10)
    late = command.model_copy(update={"sheet": sheet})
    assert refused(hall.execute, "mayor", issue_orders, late) == "number_taken"
    assert len(guest.orders) == 1
    again = hall.order(guest)[0]
    assert (again.number, again.text) == (f"{facts.stem[:-1]}2", TEXT)


def test_an_order_without_its_sheet_is_no_form_of_ours(hall: Hall, guest):
    command = IssueOrders(code=guest.code, units=(TECHNICAL,), note=TEXT)
    assert refused(hall.execute, "mayor", issue_orders, command) == "form_broken"


@in_one_city(
    "fields, word",
    [
        ({"note": "  "}, "order_empty"),
        ({"due_on": "2026-11-30"}, "due_on_past"),
        ({"due_on": "2026-11-29"}, "due_on_past"),
        ({"due_on": "2026-12-04"}, "holiday"),  # a Friday
        ({"due_on": "۱۴۰۵/۱۰/۰۱"}, "due_on_unknown"),
        ({"due_on": "2027-06-12"}, "due_on_far"),
        ({"paper": "somebody else's", "promise": "ترمیم می‌شود."}, "image_not_yours"),
        ({"paper": "any"}, "promise_missing"),
        ({"ink": INK}, "promise_missing"),
        ({"promise": "ا" * 161}, "promise_too_long"),
        ({"priority": "soon"}, "form_broken"),
        ({"dues": {TECHNICAL: "2026-12-04"}}, "holiday"),
        ({"note": "ا" * 4001}, "text_too_long"),
    ],
)
def test_what_an_order_lacks_is_named(hall: Hall, guest, fields, word):
    assert refused(hall.order, guest, **fields) == word
    assert guest.orders == []


def test_a_far_due_date_is_taken_with_a_reason_the_citizen_reads(hall: Hall, guest):
    order = hall.order(guest, due_on="2027-06-12", reason="کار در بهار ممکن است.")[0]
    assert order.due_on == date(2027, 6, 12)
    assert order.history[0].note == "کار در بهار ممکن است."


@in_one_city("units", [(), ("d04-technical",), ("d06-nothing",)])
def test_only_units_of_the_district_are_taken(hall: Hall, guest, units):
    command = IssueOrders(code=guest.code, units=units, note=TEXT)
    assert refused(hall.query, "mayor", order_facts, command) in {"need_unit", "unit_unknown"}


@in_one_city("who, word", [("mayor4", "not_found"), ("deputy", "not_your_role")])
def test_only_who_holds_the_monday_orders(hall: Hall, guest, who, word):
    assert refused(hall.order, guest, who=who) == word


def test_nothing_is_ordered_before_the_room_and_after_the_meeting(hall: Hall):
    met, waiting = hall.guests[0], hall.guests[1]
    hall.met(met)
    hall.arrive(waiting)
    assert refused(hall.order, waiting) == "stage_moved"
    assert refused(hall.order, met) == "stage_moved"


@pytest.mark.on_postgresql
def test_typed_written_and_photographed_orders_become_a_sheet(hall: Hall, guest):
    photo = take_photo(draw_ink(read_ink(INK)))
    paper = KeepPhoto(
        kind=PictureKind.PAPER,
        web=hall.application.images.put(photo.web),
        thumb=hall.application.images.put(photo.thumb),
        original=photo.sha256,
        width=photo.width,
        height=photo.height,
    )
    image = hall.execute("mayor", keep_photo, paper)
    for fields in ({"note": TEXT}, {"paper": image.id}, {"ink": INK}):
        order = _issue(hall, guest, promise="ترمیم می‌شود.", **fields)[0]
        with hall.reading() as uow:
            sheet = uow.images.get_visible(order.image_id, guest.actor)
        assert hall.application.images.exists(sheet.web)
        assert (sheet.kind, sheet.order_id) == ("order", order.id)
    assert [order.number[-3:] for order in guest.orders] == ["001", "002", "003"]


@in_one_city(
    "ink",
    [
        "x",
        "{}",
        '{"width": 9, "height": 9, "strokes": []}',
        '{"width": 9, "height": 9, "strokes": [{"colour": "blue", "dots": []}]}',
        '{"width": 9, "height": 9, "strokes": [{"colour": "blue", "dots": [[99, 1, 1]]}]}',
        '{"width": 9, "height": 9, "strokes": [{"colour": "blue", "dots": [[NaN, 1, 1]]}]}',
        '{"width": 9, "height": 9, "strokes": [{"colour": "blue", "dots": [[true, 1, 1]]}]}',
        '{"width": 9, "height": 9, "strokes": [{"colour": "red", "dots": [[1, 1, 1]]}]}',
        '{"width": 9e9, "height": 9, "strokes": [{"colour": "blue", "dots": [[1, 1, 1]]}]}',
        "[" * 100_000,
    ],
)
def test_strokes_that_are_none_are_refused(hall: Hall, guest, ink):
    assert refused(_issue, hall, guest, ink=ink) == "ink_unreadable"
    assert guest.orders == []


def test_a_unit_takes_its_order_on_and_another_does_not_know_of_it(hall: Hall):
    number = hall.met(hall.guests[0])[0].number
    assert refused(hall.step, "services", number, OrderAction.TAKE_ON) == "not_found"
    taken = hall.step("technical", number, OrderAction.TAKE_ON)
    assert taken.stage is OrderStage.IN_ACTION
    assert refused(hall.step, "technical", number, OrderAction.TAKE_ON) == "stage_moved"


@pytest.mark.on_postgresql
def test_what_the_unit_returns_the_mayor_gives_to_another(hall: Hall):
    order = hall.met(hall.guests[0])[0]
    assert refused(hall.step, "technical", order.number, OrderAction.RETURN) == "need_note"
    hall.step("technical", order.number, OrderAction.RETURN, note="کار خدمات شهری است.")
    step = (hall.step, "mayor", order.number, OrderAction.REASSIGN)
    assert refused(*step) == "need_unit"
    assert refused(*step, unit="d04-technical") == "unit_unknown"
    moved = hall.step(*step[1:], unit=SERVICES)
    assert (moved.unit_id, moved.due_on) == (SERVICES, order.due_on)
    assert refused(hall.step, "technical", order.number, OrderAction.TAKE_ON) == "not_found"


@pytest.mark.on_postgresql
def test_an_order_that_is_not_taken_on_in_time_may_go_to_another_unit(hall: Hall):
    order = hall.met(hall.guests[0])[0]
    step = (hall.step, "mayor", order.number, OrderAction.REASSIGN)
    assert refused(*step, unit=SERVICES) == "unit_has_time"
    hall.clock.forward(days=4)
    assert refused(*step, unit=TECHNICAL) == "same_unit"
    assert refused(hall.step, "technical", order.number, OrderAction.REASSIGN) == "not_your_role"
    moved = hall.step(*step[1:], unit=SERVICES)
    assert (moved.stage, moved.unit_id) == (OrderStage.ISSUED, SERVICES)
    assert moved.due_on == moved.first_due_on == order.due_on
    assert refused(hall.step, "technical", order.number, OrderAction.TAKE_ON) == "not_found"
    assert refused(*step, unit=TECHNICAL) == "unit_has_time"


def _issue(hall: Hall, guest, **fields):
    command = IssueOrders(code=guest.code, units=(TECHNICAL,), **fields)
    sheet = keep_sheet(
        hall.query("mayor", order_facts, command), hall.application, "https://example.org"
    )
    return hall.execute("mayor", issue_orders, command.model_copy(update={"sheet": sheet}))
