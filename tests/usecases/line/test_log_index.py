"""Entries about a ticket or a draw are found by an index, without reading the whole log."""

from typing import Any

from support.citizens import file, someone
from support.city import City
from support.line import Line

from publicmeeting.application import Application
from publicmeeting.store.line.log_index import index_rows
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


def test_the_index_says_what_the_log_says(line: Line) -> None:
    line.drawn(2)
    with line.reading() as uow:
        entries = uow.log.after(0)
        wanted = {row for entry in entries for row in index_rows(entry.seq, entry.kind, entry.body)}
        assert uow.log_index.rows(1, entries[-1].seq) == wanted


def test_a_redirect_stands_under_both_its_tickets() -> None:
    body = {"old": "a" * 64, "new": "b" * 64, "district": 5, "officer": "", "because": [1]}
    assert [row[1] for row in index_rows(9, Kind.REDIRECTED, body)] == ["a" * 64, "b" * 64]
    assert list(index_rows(1, Kind.LOG_OPENED, {"origin": "x", "continues": ""})) == []
