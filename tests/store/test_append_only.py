"""The database itself keeps the audit and the public log from being changed."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

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


def contents(office) -> list[object]:
    with office.store.engine.connect() as connection:
        events = connection.execute(text("SELECT * FROM event ORDER BY id")).all()
        return [*events, *connection.execute(text("SELECT * FROM public_log ORDER BY seq")).all()]


def change(office, statement: str) -> None:
    with office.store.engine.begin() as connection:
        connection.execute(text(statement))


@pytest.mark.parametrize("statement", CHANGES)
def test_events_and_log_refuse_changes(office, a_request, statement):
    a_request()
    before = contents(office)
    with pytest.raises(IntegrityError, match="append-only"):
        change(office, statement)
    assert contents(office) == before != []


def test_events_and_log_refuse_to_be_emptied_or_replaced(office, a_request):
    story = a_request()
    story.official("desk", "accept")
    before = contents(office)
    for statement in REPLACEMENTS[office.store.engine.dialect.name]:
        with pytest.raises(IntegrityError, match="append-only"):
            change(office, statement)
    assert contents(office) == before


def test_events_and_log_still_grow(office, a_request):
    story = a_request()
    before = contents(office)
    story.official("desk", "accept")
    assert [row for row in contents(office) if row in before] == before
    assert len(contents(office)) > len(before)


def test_the_custody_of_a_paper_refuses_changes(office, a_request):
    story = a_request()
    with office.store.unit_of_work(office.clock()) as uow:
        request = uow.requests.by_id(story.request.id)
        uow.custody.add(
            request_id=request.id,
            sheet="1405090706001",
            part="composed",
            sha256="a" * 64,
            account_id=None,
            role=Role.MAYOR,
            at=office.clock(),
        )
    for statement in ("UPDATE custody SET sha256 = 'b'", "DELETE FROM custody"):
        with pytest.raises(IntegrityError, match="append-only"):
            change(office, statement)
    with office.store.unit_of_work(office.clock(), reading=True) as uow:
        assert [one.sha256 for one in uow.custody.of_sheet("1405090706001")] == ["a" * 64]
