"""A check of `doctor` names each row that it cannot read, and looks at all others."""

import pytest
from sqlalchemy import text
from support.hall import Hall
from support.triggers import change_past_the_program

from publicmeeting.usecases.oversight.books import _findings as findings
from publicmeeting.usecases.oversight.rows import rows_match

TIME = "UPDATE event SET at = :cell WHERE id = :id"
FACTS = "UPDATE event SET payload = :cell WHERE id = :id"
FILED = "UPDATE request SET filed_at = '2026-11-01 00:00:00' WHERE id = :id"


def events(hall: Hall) -> list[int]:
    with hall.reading() as uow:
        return list(uow.connection.execute(text("SELECT id FROM event ORDER BY id")).scalars())


@pytest.mark.on_postgresql
def test_a_row_that_cannot_be_read_hides_no_fault_of_another(hall: Hall) -> None:
    engine, before, guest = hall.application.store.engine, events(hall), hall.guests[0].request
    never = "infinity" if engine.dialect.name == "postgresql" else "zzz"
    change_past_the_program(engine, TIME, cell=never, id=before[-1])
    change_past_the_program(engine, FACTS, cell="zzz", id=before[-2])
    change_past_the_program(engine, FILED, id=guest.id)
    with hall.reading() as uow:
        found = {one.where: one.what for one in findings(rows_match, uow, hall.clock.now)}
    assert found[f"event {before[-1]}"].startswith("its at cannot be read")
    assert found[f"event {before[-2]}"].startswith("its payload cannot be read")
    assert found[f"request {guest.code}"].startswith("its filing is")
    assert "this check" not in found
    assert events(hall) == before, "nothing is hidden from anybody else"


@pytest.mark.on_postgresql
def test_of_a_sound_city_no_row_is_set_aside(hall: Hall) -> None:
    with hall.reading() as uow:
        assert uow.inspection.set_aside() == []
