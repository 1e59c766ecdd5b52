"""The database itself refuses changes of events and of the public log."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from support.each import in_one_city

from publicmeeting.domain.officials.audit import AccountEventKind
from publicmeeting.domain.roles import Role

CHANGES = [
    "UPDATE event SET role = 'mayor'",
    "DELETE FROM event",
    "UPDATE public_log SET body = '{}'",
    "DELETE FROM public_log WHERE seq = 1",
]
REPLACEMENTS = {
    "sqlite": [
        "INSERT OR REPLACE INTO event SELECT * FROM event WHERE id = 1",
        "INSERT OR REPLACE INTO public_log SELECT * FROM public_log WHERE seq = 1",
        "UPDATE OR REPLACE public_log SET seq = 1 WHERE seq = 2",
    ],
    "postgresql": [
        "TRUNCATE event CASCADE",
        "TRUNCATE public_log",
        """INSERT INTO public_log SELECT * FROM public_log WHERE seq = 1
            ON CONFLICT (seq) DO UPDATE SET body = '{}'""",
    ],
}


def contents(application) -> list[object]:
    with application.store.engine.connect() as connection:
        events = connection.execute(text("SELECT * FROM event ORDER BY id")).all()
        return [*events, *connection.execute(text("SELECT * FROM public_log ORDER BY seq")).all()]


def change(application, statement: str) -> None:
    with application.store.engine.begin() as connection:
        connection.execute(text(statement))


@in_one_city("statement", CHANGES)
def test_events_and_log_refuse_changes(application, a_request, statement):
    a_request()
    before = contents(application)
    with pytest.raises(IntegrityError, match="append-only"):
        change(application, statement)
    assert contents(application) == before != []


def test_events_and_log_refuse_to_be_emptied_or_replaced(application, a_request):
    walked = a_request()
    walked.official("desk", "accept")
    before = contents(application)
    for statement in REPLACEMENTS[application.store.engine.dialect.name]:
        with pytest.raises(IntegrityError, match="append-only"):
            change(application, statement)
    assert contents(application) == before


def test_events_and_log_still_grow(application, a_request):
    walked = a_request()
    before = contents(application)
    walked.official("desk", "accept")
    assert [row for row in contents(application) if row in before] == before
    assert len(contents(application)) > len(before)


def test_the_custody_of_a_paper_refuses_changes(application, a_request):
    walked = a_request()
    with application.store.unit_of_work(application.clock()) as uow:
        request = uow.requests.by_id(walked.request.id)
        uow.document_audit.add(
            request_id=request.id,
            sheet="1405090706001",
            part="composed",
            sha256="a" * 64,
            account_id=None,
            role=Role.MAYOR,
            at=application.clock(),
        )
    for statement in ("UPDATE custody SET sha256 = 'b'", "DELETE FROM custody"):
        with pytest.raises(IntegrityError, match="append-only"):
            change(application, statement)
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        assert [one.sha256 for one in uow.document_audit.of_sheet("1405090706001")] == ["a" * 64]


def test_what_was_done_to_an_account_refuses_changes(application, city):
    mayor = city.as_("mayor").account_id
    for statement in (
        "UPDATE account_event SET by_account = NULL",
        "DELETE FROM account_event",
    ):
        with pytest.raises(IntegrityError, match="append-only"):
            change(application, statement)
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        (added,) = uow.account_events.of_account(mayor, most=9)
    assert (added.kind, added.by_account) == (AccountEventKind.ADDED, None)
