"""Pages load several objects of a kind in one query, and show the same as one by one."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from sqlalchemy import text
from support.grown import REQUESTS
from support.plans import Asked, asked

from publicmeeting.application import Application
from publicmeeting.domain.records import RequestLine
from publicmeeting.domain.roles import NOBODY, Actor, Grant, Role
from publicmeeting.kit.clock import tehran_day
from publicmeeting.seeder.plan import ENDS
from publicmeeting.store.lifecycle.lists import Filter
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.base import Input, Nothing, OneCase
from publicmeeting.usecases.public_record.ceremony import MondaysBefore, draw_list
from publicmeeting.usecases.tracking.my_page import my_page
from publicmeeting.usecases.tracking.timeline import timeline_page

CEREMONY = ("job", "log_index", "public_log", "cosignature", "witness_commitment")


def looks(
    large: Application, actor: Actor, usecase: Callable[..., Any], query: Input
) -> tuple[Asked, Any]:
    """Return statements and answer of a second read.

    It checks the answer against a writing transaction, which reads nothing ahead.
    """
    large.query_as(actor, usecase, query)
    with asked(large.store.engine) as sent:
        found = large.query_as(actor, usecase, query)
    assert found == large.execute_as(actor, usecase, query)
    return sent, found


def times(sent: Asked, table: str) -> int:
    return sum(f"FROM {table}" in one for one, _ in sent.statements)


def citizen(person_id: str) -> Actor:
    return Actor(person_id=person_id, grants=(Grant(Role.CITIZEN),))


@pytest.mark.on_postgresql
def test_a_list_of_draws_asks_the_same_few_questions_however_many_mondays_it_has(large):
    sent, found = looks(large, NOBODY, draw_list, MondaysBefore())
    assert sum(one.is_signed is not None for one in found.mondays) > 3
    assert times(sent, "draw") <= 2
    for table in CEREMONY:
        assert times(sent, table) <= 1, table
    assert len(sent) <= 12


def draws_of(uow: UnitOfWork, line: RequestLine) -> int:
    request = uow.requests.by_id(line.id)
    since = tehran_day(request.filed_at)
    return len(uow.draws.draws_of_ticket(request.district, request.ticket, since))


@pytest.mark.on_postgresql
def test_her_timeline_asks_the_same_few_questions_however_many_draws_she_stood_in(large):
    with large.store.unit_of_work(ENDS, reading=True) as uow:
        longest = max(uow.lists.requests(Filter(), limit=REQUESTS), key=partial(draws_of, uow))
        assert draws_of(uow, longest) > 1
    sent, found = looks(
        large, citizen(longest.person_id), timeline_page, OneCase(code=longest.code)
    )
    assert sum(len(mark.waits) + len(mark.alone) for mark in found.marks) > 1
    for table in CEREMONY:
        assert times(sent, table) <= 1, table


@pytest.mark.on_postgresql
def test_her_page_asks_the_same_few_questions_however_many_requests_she_has(large):
    with large.store.engine.connect() as connection:
        most, person_id = connection.execute(
            text(
                "SELECT count(*) AS many, person_id FROM request"
                " GROUP BY person_id ORDER BY many DESC, person_id LIMIT 1"
            )
        ).one()
    assert most >= 2
    sent, found = looks(large, citizen(person_id), my_page, Nothing())
    assert len(found.requests) == most
    assert found.notices
    for table in ("event", "opening", "log_index"):
        assert times(sent, table) <= 1, table
    for column, together in (("request.salt", 2), ("mayor_order.image_id", 1)):
        read = [one for one, _ in sent.statements if column in one]
        assert len(read) <= together, "her requests as lines and as cases, and all their orders"


@pytest.mark.on_postgresql
def test_a_damaged_request_takes_no_other_from_her_page(large):
    with large.store.engine.begin() as connection:
        person_id, damaged = connection.execute(
            text(
                "SELECT person_id, min(id) FROM request"
                " GROUP BY person_id HAVING count(*) > 1 ORDER BY person_id LIMIT 1"
            )
        ).one()
        broken = text("UPDATE request SET text = 'v1:broken' WHERE id = :one")
        connection.execute(broken, {"one": damaged})
    found = large.query_as(citizen(person_id), my_page, Nothing())
    assert len(found.requests) > 1
    assert [request.is_unread for request in found.requests].count(True) == 1
    assert found == large.execute_as(citizen(person_id), my_page, Nothing())
