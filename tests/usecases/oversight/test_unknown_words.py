"""One row with a word of no release, or a file that is no JSON, hides nothing of anybody else."""

import pytest
from support.damage import DEEP
from support.hall import TECHNICAL, Hall
from support.line import DISTRICT, MONDAY, Line
from support.triggers import write

from publicmeeting.domain.errors import Denied, Unavailable
from publicmeeting.domain.roles import NOBODY
from publicmeeting.kit.clock import at_tehran, end_of_day
from publicmeeting.kit.hashing import canonical_json
from publicmeeting.store.lifecycle.lists import Filter
from publicmeeting.usecases.base import Nothing, OneCase
from publicmeeting.usecases.oversight.promises import promise_figures
from publicmeeting.usecases.public_record.tree import OneRow, draw_row
from publicmeeting.usecases.tracking.timeline import timeline_page

PLACE = (
    "INSERT INTO place (name, kind, districts, source)"
    " VALUES ('x', :kind, :districts, 'x'), ('y', 'street', '6', 'y')"
)
STAGE = "UPDATE request SET stage = 'zzz' WHERE id = :id"
ORDER = "UPDATE mayor_order SET stage = 'zzz' WHERE number = :number"
FILE = "UPDATE draw SET file = :file WHERE id = :id"
ENTRY = "UPDATE public_log SET body = :deep WHERE seq = (SELECT max(seq) FROM public_log)"


@pytest.mark.on_postgresql(rows=(0,))
@pytest.mark.parametrize(("kind", "districts"), [("zzz", "6"), ("street", "six")])
def test_a_street_that_cannot_be_read_ends_no_search(hall: Hall, kind: str, districts: str) -> None:
    write(hall, PLACE, kind=kind, districts=districts)
    with hall.reading() as uow:
        assert "y" in [place.name for place in uow.places.all()]


@pytest.mark.on_postgresql
def test_a_case_of_no_stage_takes_no_list_from_an_office(hall: Hall) -> None:
    spoiled, other, *_ = (guest.request.id for guest in hall.guests)
    write(hall, STAGE, id=spoiled)
    day = at_tehran(MONDAY)
    with hall.reading() as uow:
        seats = uow.seats.day(DISTRICT, MONDAY, day, end_of_day(MONDAY))
        assert other in [one.request_id for one in seats]
        assert other in [one.id for one in uow.lists.requests(Filter())]


def test_an_order_of_no_stage_takes_no_list_from_a_unit(hall: Hall) -> None:
    spoiled, other = (hall.met(guest, TECHNICAL)[0].number for guest in hall.guests[:2])
    write(hall, ORDER, number=spoiled)
    with hall.reading() as uow:
        assert {order.number for order in uow.orders.listed(limit=10)} == {spoiled, other}
    (figures,) = hall.query("overseer", promise_figures, Nothing())
    assert figures.orders == 1


@pytest.mark.on_postgresql
def test_a_drawn_file_that_cannot_be_read_ends_no_page_of_its_citizens(line: Line) -> None:
    citizen, *_ = line.drawn(2)
    draw = line.draw()
    application = line.city.application
    row = OneRow(draw=draw.id, ticket=citizen.request.ticket)
    for file in ("x", "{}", DEEP):
        write(line, FILE, file=file, id=draw.id)
        page = application.query_as(citizen.actor, timeline_page, OneCase(code=citizen.code))
        assert page.request.code == citizen.code
        with pytest.raises(Denied, match="not_found"):
            application.query_as(NOBODY, draw_row, row)
    write(line, FILE, file=canonical_json(draw.file), id=draw.id)


@pytest.mark.on_postgresql
def test_an_endlessly_nested_entry_is_a_log_that_is_not_the_signed_one(line: Line) -> None:
    write(line, ENTRY, deep=DEEP)
    with line.reading() as uow, pytest.raises(Unavailable, match="log_behind"):
        uow.line_book.catch_up()
    line.overlooked.add("public log")
