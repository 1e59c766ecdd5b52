"""The database owner shows her another paper in the place of her order, or changes its number."""

import pytest
from support.hall import TECHNICAL, Guest, Hall
from support.orders import issue_undrawn
from support.triggers import write

from publicmeeting.domain.choices import SheetPart
from publicmeeting.domain.errors import Denied
from publicmeeting.usecases.base import OneCase
from publicmeeting.usecases.orders.order_checks import IssueOrders
from publicmeeting.usecases.orders.pages import OneOrder
from publicmeeting.usecases.orders.paper.document_audit import (
    FileState,
    check_paper,
    printable_file,
    request_papers,
)
from publicmeeting.usecases.oversight.rows import promises_match
from publicmeeting.usecases.tracking.timeline import TimelinePage, timeline_page

SWAPS = {
    "the picture of another order": "UPDATE mayor_order SET image_id ="
    " (SELECT image_id FROM mayor_order WHERE number = :other) WHERE number = :number",
    "its picture led to another file": "UPDATE image SET web = 'another' WHERE id ="
    " (SELECT image_id FROM mayor_order WHERE number = :number) AND :other <> ''",
}


def page_of(hall: Hall, guest: Guest) -> TimelinePage:
    page: TimelinePage = hall.query(guest.actor, timeline_page, OneCase(code=guest.code))
    return page


def found(hall: Hall) -> list[str]:
    with hall.reading() as uow:
        return [f"{one.where}: {one.what}" for one in promises_match(uow, hall.clock())]


@pytest.mark.on_postgresql
@pytest.mark.parametrize("swap", SWAPS.values(), ids=SWAPS)
def test_another_paper_in_the_place_of_her_order_is_not_shown(hall: Hall, swap: str) -> None:
    guest, friend = hall.guests[:2]
    number, other = hall.met(guest)[0].number, hall.met(friend)[0].number
    (before,) = page_of(hall, guest).orders
    assert before.image is not None
    assert not page_of(hall, guest).is_changed
    assert found(hall) == []
    # Every sheet of these tests is the same picture.
    write(hall, "UPDATE image SET web = 'his' WHERE order_id = :id", id=friend.orders[0].id)
    write(hall, swap, number=number, other=other)
    page = page_of(hall, guest)
    (after,) = page.orders
    assert (after.image, after.promise) == (None, before.promise)
    assert page.is_changed
    assert any(f"order {number}: its picture is" in one for one in found(hall))


def test_a_paper_whose_recorded_hash_is_changed_with_it_is_not_sound(hall: Hall) -> None:
    guest = hall.guests[0]
    hall.met(guest)
    write(hall, "UPDATE image SET web = 'another' WHERE order_id IS NOT NULL")
    write(hall, "UPDATE custody SET sha256 = 'another' WHERE part = 'composed'")
    (paper,) = hall.query(guest.actor, request_papers, OneCase(code=guest.code))
    (part,) = (
        one
        for one in check_paper(paper, hall.application.images, hall.application.originals).parts
        if one.part is SheetPart.COMPOSED
    )
    assert paper.shown == "another"
    assert part.found is FileState.CHANGED


def test_a_changed_number_of_an_order_is_found(hall: Hall) -> None:
    number = hall.met(hall.guests[0])[0].number
    write(hall, "UPDATE mayor_order SET number = 'another' WHERE number = :number", number=number)
    assert found(hall) == [f"order another: its number is another, its events say {number}"]


LED = "UPDATE custody SET sha256 = :sha WHERE sheet = :number AND part = 'printable'"


def test_no_row_prints_the_page_of_another_order_under_this_one(hall: Hall) -> None:
    """He reads the paper of a stranger on the page of an order of his own."""
    numbers = []
    for guest, printable in zip(hall.guests[:2], ("a" * 64, "b" * 64), strict=True):
        hall.receive(guest)
        command = IssueOrders(code=guest.code, units=(TECHNICAL,), note="آسفالت شود.")
        (order,) = issue_undrawn(hall.application, hall.as_("mayor"), command, printable=printable)
        hall.finish(guest)
        numbers.append(order.number)
    write(hall, LED, sha="b" * 64, number=numbers[0])
    mine = hall.query(hall.guests[0].actor, printable_file, OneOrder(number=numbers[0]))
    assert mine == "a" * 64
    write(hall, "UPDATE event SET payload = '{}' WHERE action = 'issue'")
    with pytest.raises(Denied, match="not_found"):
        hall.query(hall.guests[0].actor, printable_file, OneOrder(number=numbers[0]))


ANOTHER_ISSUE = (
    "INSERT INTO event (request_id, order_id, action, role, from_stage, to_stage, payload, at, tag)"
    " SELECT request_id, order_id, action, role, from_stage, to_stage, '{}', at, ''"
    " FROM event WHERE action = 'issue' AND order_id = :id"
)


def test_no_picture_is_shown_for_an_order_whose_issue_is_not_genuine(hall: Hall) -> None:
    """He swaps the picture, and spoils the event that names the right one."""
    guest = hall.guests[0]
    (order,) = hall.met(guest)
    write(hall, "UPDATE image SET web = 'his' WHERE order_id = :id", id=order.id)
    write(hall, "UPDATE event SET account_id = 'other' WHERE order_id = :id", id=order.id)
    page = page_of(hall, guest)
    assert [one.image for one in page.orders] == [None]
    assert page.is_changed


def test_an_invented_issue_hides_no_true_picture_and_shows_no_other(hall: Hall) -> None:
    guest = hall.guests[0]
    (order,) = hall.met(guest)
    write(hall, ANOTHER_ISSUE, id=order.id)
    assert [one.image is None for one in page_of(hall, guest).orders] == [False]
    write(hall, "UPDATE image SET web = 'his' WHERE order_id = :id", id=order.id)
    assert [one.image for one in page_of(hall, guest).orders] == [None]
