"""Writes that wait for each other are sent together, and nobody notices it."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy
from sqlmodel import select

from publicmeeting.application import Application
from publicmeeting.domain.errors import Denied
from publicmeeting.store.database.repository import change_row, drop_row, write, write_numbered
from publicmeeting.store.database.rows.cases import EventRow
from publicmeeting.store.database.rows.city import FactRow
from publicmeeting.store.database.rows.people import DraftRow, PersonRow, RateRow, SessionRow
from publicmeeting.store.unit_of_work import UnitOfWork

pytestmark = pytest.mark.on_postgresql
HOUR = timedelta(hours=1)


class _FaultError(Exception):
    """What ends a step."""


@pytest.fixture
def uow(application: Application) -> Iterator[UnitOfWork]:
    with application.store.unit_of_work(application.clock()) as uow:
        uow.gather_writes()
        yield uow


@pytest.fixture
def sent(application: Application) -> list[str]:
    """Statements that write."""
    statements: list[str] = []

    def note(*event: Any) -> None:
        if not event[2].startswith("SELECT"):
            statements.append(event[2])

    sqlalchemy.event.listen(application.store.engine, "before_cursor_execute", note)
    return statements


def _draft(uow: UnitOfWork, key: str) -> dict[str, object]:
    row = {"id": key, "visit": key, "fields": b"", "updated_at": uow.machine_now}
    return {**row, "signed_in": False, "is_asked": False}


def _drafts(uow: UnitOfWork) -> set[str]:
    return set(
        uow.execute(sqlalchemy.select(sqlalchemy.column("id")).select_from(DraftRow)).scalars()
    )


def test_what_waits_is_there_for_whoever_asks_in_the_same_transaction(uow: UnitOfWork) -> None:
    write(uow, DraftRow, _draft(uow, "a"), _draft(uow, "b"))
    assert _drafts(uow) == {"a", "b"}
    change_row(uow, DraftRow, "a", {"visit": "other"})
    drop_row(uow, DraftRow, "b")
    assert uow.session.exec(select(DraftRow.visit)).all() == ["other"]
    assert uow.session.get(DraftRow, "b") is None


def test_a_row_that_waits_is_changed_and_deleted(uow: UnitOfWork) -> None:
    write(uow, DraftRow, _draft(uow, "a"), _draft(uow, "b"))
    change_row(uow, DraftRow, "a", {"visit": "other"})
    drop_row(uow, DraftRow, "b")
    assert uow.session.exec(select(DraftRow.visit)).all() == ["other"]


def test_a_person_and_her_session_are_one_statement_on_postgresql(
    application: Application, sent: list[str]
) -> None:
    now = application.clock()
    with application.store.unit_of_work(now) as uow:
        row = {"id": "s", "created_at": now, "expires_at": now + HOUR, "tag": "", "district": 0}
        write(uow, SessionRow, {**row, "door": "", "device": ""})
    sent.clear()
    with application.store.unit_of_work(now) as uow:
        uow.gather_writes()
        person = uow.people.add("national", "0012345679", "مریم", None)
        change_row(uow, SessionRow, "s", {"person_id": person.id})
        uow.counters.begin("filings", HOUR)
    assert len(sent) == (1 if application.store.has_clock else 3)
    with application.store.unit_of_work(now, reading=True) as uow:
        assert uow.people.by_identity("national", "0012345679") == person
        assert uow.execute(select(SessionRow.person_id)).scalar() == person.id
        assert uow.counters.value("filings", HOUR) == 1


def test_the_last_of_them_gets_its_number(uow: UnitOfWork, a_request: Any) -> None:
    request_id = a_request().request.id
    found = uow.execute(sqlalchemy.select(*EventRow.__table__.columns)).mappings().first()
    assert found
    write(uow, DraftRow, _draft(uow, "a"))
    number = write_numbered(uow, EventRow, {**{k: v for k, v in found.items() if k != "id"}})
    assert number > found["id"]
    assert uow.session.get(EventRow, number).request_id == request_id
    assert _drafts(uow) == {"a"}


def test_what_waits_in_a_savepoint_ends_with_it(uow: UnitOfWork) -> None:
    write(uow, DraftRow, _draft(uow, "before"))
    with uow.savepoint():
        write(uow, DraftRow, _draft(uow, "done"))
    with suppress(_FaultError), uow.savepoint():
        write(uow, DraftRow, _draft(uow, "undone"))
        raise _FaultError
    assert _drafts(uow) == {"before", "done"}


def test_a_value_that_is_taken_refuses_all_of_them(application: Application) -> None:
    now = application.clock()

    def add(key: str) -> None:
        with application.store.unit_of_work(now) as uow:
            uow.gather_writes()
            write(uow, DraftRow, _draft(uow, key))
            uow.people.add("national", "0012345679", "مریم", None)

    add("first")
    with pytest.raises(Denied, match="version_conflict"):
        add("second")
    with application.store.unit_of_work(now, reading=True) as uow:
        assert _drafts(uow) == {"first"}
        assert len(uow.session.exec(select(PersonRow.id)).all()) == 1


def test_a_statement_apart_leaves_them_waiting(uow: UnitOfWork, sent: list[str]) -> None:
    write(uow, DraftRow, _draft(uow, "a"))
    before = len(sent)
    uow.execute_apart(select(FactRow.key))
    assert len(sent) == before
    assert _drafts(uow) == {"a"}
    assert uow.session.exec(select(RateRow.key)).all() == []
