"""Entries about a ticket or a draw are found by an index, without reading the whole log."""

from typing import Any

from support.citizens import file, someone
from support.city import City
from support.line import MONDAY, Line

from publicmeeting.application import Application
from publicmeeting.domain.stages import Action
from publicmeeting.store.line.log_index import index_rows
from publicmeeting.turns.formulas import draw_id
from publicmeeting.turns.kinds import Kind


def reading(application: Application) -> Any:
    return application.store.unit_of_work(application.clock(), reading=True)


def test_entries_of_a_ticket_in_their_order(application: Application, city: City) -> None:
    request, other = file(application, someone(1)), file(application, someone(2))
    with reading(application) as uow:
        filed = uow.log_index.last_seq(request.ticket, Kind.FILED)
        assert uow.log.entry(filed).body["ticket"] == request.ticket
        assert uow.log_index.of_ticket(request.ticket) == [filed]
        assert uow.log_index.last_seq(other.ticket, Kind.FILED) > filed
        assert uow.log_index.last_seq(request.ticket, Kind.NO_SHOW) is None
        assert uow.log_index.last_seq("0" * 64) is None


def test_entries_of_a_draw_and_a_monday(line: Line) -> None:
    citizens = line.drawn(2)
    citizens[0].does(Action.CONFIRM)
    draw, ticket = draw_id(6, MONDAY), citizens[0].request.ticket
    with line.reading() as uow:
        drawn = uow.log_index.seq_of(Kind.DRAW, draw)
        assert uow.log.entry(drawn).kind is Kind.DRAW
        confirmed = uow.log_index.last_seq(ticket, Kind.SEAT_CONFIRMED)
        assert drawn < confirmed
        both = uow.log_index.of_subject(draw, Kind.SEAT_CONFIRMED, Kind.DRAW)
        assert both == [drawn, confirmed]
        assert not uow.log_index.of_subject(draw_id(5, MONDAY), Kind.SEAT_CONFIRMED)


def test_the_index_says_what_the_log_says(line: Line) -> None:
    line.drawn(2)
    with line.reading() as uow:
        for entry in uow.log.after(0):
            for seq, ticket, about, kind in index_rows(entry.seq, entry.kind, entry.body):
                where = (
                    uow.log_index.of_ticket(ticket) if ticket else uow.log_index.of_subject(about)
                )
                assert seq in where
                assert kind == entry.kind


def test_a_redirect_stands_under_both_its_tickets() -> None:
    body = {"old": "a" * 64, "new": "b" * 64, "district": 5, "officer": "", "because": [1]}
    assert [row[1] for row in index_rows(9, Kind.REDIRECTED, body)] == ["a" * 64, "b" * 64]
    assert list(index_rows(1, Kind.LOG_OPENED, {"origin": "x", "continues": ""})) == []
