"""Permissions to see a case, changed by the database owner."""

import pytest
from sqlmodel import text
from support.line import Line


@pytest.mark.on_postgresql
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE track_grant SET request_id = :other",
        "UPDATE track_grant SET visit = 'another'",
        "UPDATE track_grant SET until = '2030-01-01 00:00:00'",
    ],
)
def test_a_permission_that_is_led_elsewhere_opens_no_case(line: Line, statement: str) -> None:
    """With one an officer reads a name and a national code, or acts for a caller."""
    hers, other = (citizen.request.id for citizen in line.file(2))
    with line.city.application.store.unit_of_work(line.clock.now) as uow:
        uow.tracks.grant("his", hers)
    with line.city.application.store.unit_of_work(line.clock.now) as uow:
        assert uow.tracks.granted("his", hers)
        values = {"other": other} if "other" in statement else {}
        uow.connection.execute(text(statement), values)
        uow.session.expire_all()
        for visit in ("his", "another"):
            for one in (hers, other):
                assert not uow.tracks.granted(visit, one)
            uow.tracks.move(visit, "new")
        assert not uow.tracks.granted("new", hers)
        assert not uow.tracks.granted("new", other)


def test_a_permission_follows_a_visit_that_signs_in(line: Line) -> None:
    hers, other = (citizen.request.id for citizen in line.file(2))
    with line.city.application.store.unit_of_work(line.clock.now) as uow:
        uow.tracks.grant("before", hers)
        uow.tracks.move("before", "after")
        uow.session.flush()
        assert uow.tracks.granted("after", hers)
        assert not uow.tracks.granted("after", other)
        assert not uow.tracks.granted("before", hers)
