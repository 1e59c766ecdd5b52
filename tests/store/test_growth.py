"""Frequent queries and pages cost the same, however old the city is."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy
from sqlalchemy import text
from support.grown import REQUESTS
from support.log_bodies import stated
from support.plans import Asked, asked, scanned

from publicmeeting.domain.roles import COMMAND_LINE, Actor, Grant, Role
from publicmeeting.domain.stages import Stage
from publicmeeting.kit.process import interpreter
from publicmeeting.seeder.plan import ENDS
from publicmeeting.store.lifecycle.lists import Filter
from publicmeeting.store.line.shared_book import SharedBook
from publicmeeting.turns.kinds import Kind
from publicmeeting.turns.machine.state import Ticket
from publicmeeting.turns.machine.tables import TicketState
from publicmeeting.usecases.base import Nothing, OneCase
from publicmeeting.usecases.orders.lists import OrdersList, orders_list
from publicmeeting.usecases.oversight.audit import SearchAudit, search_audit
from publicmeeting.usecases.oversight.books import Checkup, examine
from publicmeeting.usecases.oversight.promises import promise_figures
from publicmeeting.usecases.public_record.cosigning import witness_weeks
from publicmeeting.usecases.public_record.open_risks import district_risks, open_risks
from publicmeeting.usecases.screening.calls import calls
from publicmeeting.usecases.screening.inbox import ALL, SUBMITTED, Inbox, inbox
from publicmeeting.usecases.tracking.turn import my_turn

OF_WHAT_WAITS = ("outbox_to_send", "outbox_queue")
"""Indexes that contain only notices not sent yet."""
OVERSEER = Actor(account_id="o", grants=(Grant(Role.OVERSEER),))


def test_what_waits_in_the_outbox_is_found_without_reading_what_was_sent(large):
    with large.store.unit_of_work(ENDS, reading=True) as uow, asked(large.store.engine) as sending:
        uow.outbox.due(1)
        uow.outbox.waiting()
    plans = sending.plans
    assert len(plans) == 2
    assert all(any(one in plan for one in OF_WHAT_WAITS) for plan in plans), plans
    with large.store.unit_of_work(ENDS) as uow, asked(large.store.engine) as claiming:
        uow.outbox.claim(timedelta(minutes=2))
    claims = [plan for plan in claiming.plans if "outbox" in plan]
    assert any(one in plan for one in OF_WHAT_WAITS for plan in claims), claims


def test_marks_are_found_by_how_they_begin(large):
    with large.store.unit_of_work(ENDS) as uow:
        for number in range(500):
            uow.clockwork.mark_done(f"asked/2020-01-06/{number:03d}", ENDS)
        uow.clockwork.mark_done("asked/2020-01-0_/001", ENDS)
    with large.store.engine.begin() as connection:
        connection.execute(
            text("ANALYZE job" if connection.dialect.name != "sqlite" else "ANALYZE")
        )
    with large.store.unit_of_work(ENDS, reading=True) as uow, asked(large.store.engine) as looking:
        found = uow.clockwork.marks("asked/2020-01-06/00")
        assert list(uow.clockwork.marks("asked/2020-01-0_/")) == ["asked/2020-01-0_/001"]
    assert sorted(found) == [f"asked/2020-01-06/{number:03d}" for number in range(10)]
    by_name = "Index Cond" if large.store.engine.dialect.name == "postgresql" else "(name>? AND"
    assert all(by_name in plan for plan in looking.plans), looking.plans


def test_the_histories_of_a_list_are_found_by_its_requests(large):
    """SQLite once chose the index of orders, and read all events that belong to none."""
    with large.store.unit_of_work(ENDS, reading=True) as uow, asked(large.store.engine) as reading:
        ids = uow.lists.ids(Filter(districts=frozenset({6})))[:12]
        uow.requests.by_ids(ids)
    histories = [plan for plan in reading.plans if "event" in plan and "note" in plan]
    assert histories
    assert not [plan for plan in histories if "ix_event_order_id" in plan], histories


def test_what_was_filed_lately_is_found_by_when(large):
    with large.store.unit_of_work(ENDS, reading=True) as uow, asked(large.store.engine) as counting:
        uow.lists.filed_since(ENDS - timedelta(days=14), range(1, 23))
    (plan,) = counting.plans
    assert "filed_at" in plan, plan


def test_telephone_lists_are_found_without_reading_what_was_sent(large):
    with large.store.unit_of_work(ENDS, reading=True) as uow, asked(large.store.engine) as calls:
        uow.outbox.calls({6})
        uow.outbox.count_calls({6})
        uow.outbox.called_since({6}, ENDS - timedelta(days=1))
    plans = [plan for plan in calls.plans if " fact " not in plan]  # the city's time
    assert len(plans) == 3
    assert not scanned(plans, "outbox"), plans


def test_the_marks_of_a_request_are_small(large):
    with large.store.engine.connect() as connection:
        requests, marks, most = connection.execute(
            text("SELECT count(*), sum(length(marks)), max(length(marks)) FROM request_mark")
        ).one()
    assert requests == REQUESTS
    assert 500 < marks / requests < 2000
    assert most < 4096


def test_figures_of_promises_read_no_history(large):
    with asked(large.store.engine) as figures:
        found = large.query_as(OVERSEER, promise_figures, Nothing())
    assert sum(one.orders for one in found) > 100
    plans = figures.plans
    assert not scanned(plans, "event"), plans
    assert sum("event" in plan for plan in plans) == 4, (
        "what citizens have said, whose paper was another's, and which late orders an objection "
        "stops, by their actions; whether one has objected, by her request"
    )


def test_doctor_reads_every_event_once(large):
    with asked(large.store.engine) as examining:
        large.query_as(COMMAND_LINE, examine, Checkup())
    assert len(scanned(examining.plans, "event")) <= 1


@pytest.mark.parametrize(
    ("usecase", "most"), [(open_risks, 40), (district_risks, 25), (witness_weeks, 80)]
)
def test_figures_that_anybody_may_ask_for_read_no_ticket_by_itself(large, usecase, most):
    """They also read no part of the log older than what they count."""
    with asked(large.store.engine) as counting:
        large.query_as(Actor(), usecase, Nothing())
    assert len(counting) <= most
    if large.store.engine.dialect.name == "sqlite":  # PostgreSQL reads small tables whole
        for plan in counting.plans:
            assert not [line for line in plan.splitlines() if "SCAN public_log" in line], plan
            assert not scanned([plan], "request"), plan
            assert "public_log_by_kind (kind=?)" not in plan, plan
    with asked(large.store.engine) as again:
        large.query_as(Actor(), usecase, Nothing())
    assert len(again) <= len(counting)


def test_a_telephone_list_is_read_at_once_for_all_its_calls(large):
    desk = Actor(account_id="d", grants=(Grant(Role.DESK, 6),))
    with large.store.unit_of_work(ENDS) as uow:
        others = uow.lists.requests(Filter(districts=frozenset({6})), limit=12)
    with large.store.unit_of_work(ENDS) as uow:
        for other in others:
            uow.connection.execute(
                text(
                    "UPDATE outbox SET state = 'to_call'"
                    " WHERE request_id = :one AND order_id IS NULL"
                ),
                {"one": other.id},
            )
    with asked(large.store.engine) as reading:
        page = large.query_as(desk, calls, Nothing())
    assert len({call.code for call in page.waiting}) > 8
    read = [one.split("EXISTS (")[0] for one, _ in reading.statements]
    for table in ("seat", "event", "opening", "log_index"):
        assert sum(f"FROM {table}" in one for one in read) <= 1, table
    assert sum("draw.state = " in one for one, _ in reading.statements) <= 1
    assert len(reading) < len(page.waiting)


def test_an_idle_second_asks_little(large):
    for _ in range(2):
        large.worker.tick()
    with asked(large.store.engine) as idle:
        large.worker.tick()
    assert len(idle) <= 14


def test_an_idle_second_puts_no_statement_together(large):
    """Composing a statement costs ten times as much as running it when nothing waits."""
    for _ in range(2):
        large.worker.tick()
    seconds = []
    for _ in range(2):
        with executed(large.store.engine) as statements:
            large.worker.tick()
        seconds.append(
            [statement for statement in statements if isinstance(statement, sqlalchemy.Select)]
        )
    assert seconds[1]
    new = [select for select in seconds[1] if all(select is not before for before in seconds[0])]
    assert not new, list(map(str, new))


@contextmanager
def executed(engine: sqlalchemy.Engine) -> Iterator[list[object]]:
    """Record the statements as they were passed to the engine."""
    found = list[object]()

    def note(_connection: object, statement: object, *_: object) -> None:
        found.append(statement)

    sqlalchemy.event.listen(engine, "before_execute", note)
    try:
        yield found
    finally:
        sqlalchemy.event.remove(engine, "before_execute", note)


@pytest.mark.parametrize("is_settled", [True, False], ids=["served", "command"])
def test_what_a_served_process_has_read_of_the_log_is_looked_through_for_garbage_no_more(
    large, is_settled, monkeypatch
):
    """In a city of 50,000 requests each garbage collection stopped all pages for 0.4 s."""
    monkeypatch.setattr(interpreter, "_settled", [True] if is_settled else [])
    large.worker.read_log()
    tickets = [item for item in gc.get_objects() if type(item) is Ticket]
    assert bool(tickets) is not is_settled


def test_a_list_looks_at_nobody_who_has_gone_for_good_and_keeps_no_rows_of_old_ones(large):
    """Otherwise each list would read everybody of the last ten years."""
    with large.store.unit_of_work(ENDS, reading=True) as uow:
        shared, end = SharedBook(), uow.log.committed_edge()
        with shared.reading(uow.log, end) as replay:
            book = replay.book
            opened = [one for one in book.draws.values() if book.weeks[one.day].revealing]
            assert opened
            assert not any(one.outside for one in opened)
            gone = {
                ticket.name
                for ticket in book.tickets.values()
                if ticket.state is TicketState.GONE and ticket.out not in book.undo
            }
            for draw in book.draws.values():
                book.line(draw, end.size)
            asked_for = {ticket.name for many in book.by_district.values() for ticket in many}
    assert len(gone) > REQUESTS // 4
    assert not gone & asked_for
    assert asked_for


def polls(second: Asked) -> bool:
    """Return whether the clock looked for due work: draws, and everything else in one statement."""
    sent = [text for text, _ in second.statements]
    found = [any(word in one for one in sent) for word in ("min(request.due_at)", "draw.state !=")]
    assert len(set(found)) == 1
    return found[0]


def test_the_clock_looks_at_everything_again_when_something_has_happened(large):
    for _ in range(2):
        large.worker.tick()
    with large.store.unit_of_work(ENDS) as uow:
        uow.log.append(Kind.AUDIENCE_OFF_SYSTEM, stated(1), ENDS)
    with asked(large.store.engine) as first:
        large.worker.tick()
    with asked(large.store.engine) as second:
        large.worker.tick()
    assert polls(first)
    assert not polls(second)


def test_the_clock_looks_at_everything_again_after_ten_quiet_seconds(large, clock):
    for _ in range(2):
        large.worker.tick()
    clock.forward(seconds=9)
    with asked(large.store.engine) as early:
        large.worker.tick()
    clock.forward(seconds=2)
    with asked(large.store.engine) as late:
        large.worker.tick()
    assert not polls(early)
    assert polls(late)


def test_a_citizens_turn_is_reckoned_without_reading_the_city(large):
    with large.store.unit_of_work(ENDS, reading=True) as uow:
        waiting = Filter(districts=frozenset({6}), stages=(Stage.WAITING, Stage.CONFIRMED))
        one = uow.lists.requests(waiting, limit=1)[0]
    citizen = Actor(person_id=one.person_id, grants=(Grant(Role.CITIZEN),))
    large.query_as(citizen, my_turn, OneCase(code=one.code))
    with asked(large.store.engine) as turn:
        large.query_as(citizen, my_turn, OneCase(code=one.code))
    if large.store.engine.dialect.name == "sqlite":  # PostgreSQL reads small tables whole
        for table in ("request", "event", "outbox", "seat", "draw", "monday"):
            assert not scanned(turn.plans, table), (table, scanned(turn.plans, table))
    read = [text for text, _ in turn.statements if "draw.file" in text]
    assert len(read) <= 1, "of the lists only one that is frozen and not drawn is looked through"
    repeated = [text for text, _ in turn.statements if "draw.state = 'drawn'" in text]
    assert len(repeated) <= 1, "free seats and her wish for one ask for the same Monday"
    assert not [
        text for text, _ in turn.statements if "FROM seat" in text and "seat.id DESC" in text
    ]
    missed = [text for text, _ in turn.statements if "HAVING count" in text]
    assert not missed, "whether she missed too often follows from her history, which has been read"


def test_the_tabs_of_a_desk_are_counted_by_one_statement(large):
    desk = Actor(account_id="d", grants=(Grant(Role.DESK, 6),))
    with large.store.unit_of_work(ENDS, reading=True) as uow:
        one = uow.lists.requests(Filter(districts=frozenset({6})), limit=1)[0]
    for words in ("", one.title.split()[-1], one.code):
        with asked(large.store.engine) as counting:
            page = large.query_as(desk, inbox, Inbox(which=ALL, words=words))
        assert sum("count(" in text and "tab0" in text for text, _ in counting.statements) == 1
        with large.store.unit_of_work(ENDS, reading=True) as uow:
            all_ = Filter(districts=frozenset({6}), words=words)
            assert page.counts[ALL] == uow.lists.count(all_)
            submitted = replace(all_, stages=(Stage.SUBMITTED,))
            assert page.counts[SUBMITTED] == uow.lists.count(submitted)


@pytest.mark.parametrize("words", ["", "1405"], ids=["words", "number"])
def test_a_search_among_orders_looks_through_the_marks_of_their_requests_alone(large, words):
    with large.store.unit_of_work(ENDS, reading=True) as uow:
        order = uow.orders.listed(limit=1)[0]
        words = words or uow.lists.headings([order.request_id])[order.request_id][1].split()[-1]
    unit = Actor(account_id="u", grants=(Grant(Role.UNIT, order.district, order.unit_id),))
    mayor = Actor(account_id="m", grants=(Grant(Role.MAYOR, order.district),))
    for who in (unit, mayor):
        with asked(large.store.engine) as searching:
            page = large.query_as(who, orders_list, OrdersList(words=words))
        assert order.number in {line.number for line in page.lines}
        searches = [text for text, _ in searching.statements if "request_mark" in text]
        assert searches
        assert all("FROM mayor_order" in text.partition("request_mark")[2] for text in searches)
        if large.store.engine.dialect.name == "sqlite":  # PostgreSQL reads small tables whole
            plans = [plan for plan in searching.plans if "request_mark" in plan]
            assert not scanned(plans, "request_mark") + scanned(plans, "request"), plans


def test_search_marks_of_what_is_long_over_are_dropped_and_its_code_still_finds_it(large):
    closed = Filter(districts=frozenset({6}), stages=(Stage.CLOSED,))
    with large.store.unit_of_work(ENDS) as uow:
        one = uow.lists.requests(closed, limit=1)[0]
        word = Filter(words=one.title.split()[-1])
        before = uow.lists.count(word)
        assert uow.lists.forget_marks(ENDS - timedelta(days=365)) == 0
        assert uow.lists.forget_marks(ENDS) > 0
        assert 0 < uow.lists.count(word) < before, "what is still going on is found as before"
        assert [found.code for found in uow.lists.requests(Filter(words=one.code))] == [one.code]


@pytest.mark.parametrize("person", ["", "desk6"])
def test_a_page_of_the_audit_reads_no_history(large, person):
    with large.store.unit_of_work(ENDS, reading=True) as uow:
        desk = uow.accounts.by_username("desk6")
        assert desk is not None
        (case,) = uow.lists.requests(Filter(), limit=1)
    for command in (SearchAudit(person=person), SearchAudit(person=person, case=case.code)):
        with asked(large.store.engine) as sent:
            page = large.execute_as(OVERSEER, search_audit, command)
        assert page.entries
        plans = sent.plans
        assert not scanned(plans, "event"), plans
