"""What a row gives that the program once wrote and the database owner puts back.

The table of docs/security.md says it kind by kind.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import and_, insert, select, update
from sqlmodel import SQLModel
from support.hall import Hall
from support.line import DISTRICT, MONDAY
from support.triggers import engine_of

from publicmeeting.domain.officials.invitations import InvitationKind
from publicmeeting.domain.records import Monday, PictureKind
from publicmeeting.store.unit_of_work import UnitOfWork

Rows = Sequence[Mapping[str, Any]]
OLD, NEW = "+989121110001", "+989121110002"
DAY = timedelta(days=1)


def rows_of(hall: Hall, table: str) -> Rows:
    with engine_of(hall).connect() as connection:
        return connection.execute(select(SQLModel.metadata.tables[table])).mappings().all()


def put_back(hall: Hall, table: str, before: Rows) -> None:
    """Write each former row again that has another content by now, or is gone."""
    named = SQLModel.metadata.tables[table]
    now = {
        tuple(row[key] for key in named.primary_key.columns): row for row in rows_of(hall, table)
    }
    with engine_of(hall).begin() as connection:
        for row in before:
            key = tuple(row[column.name] for column in named.primary_key.columns)
            own = and_(*(column == row[column.name] for column in named.primary_key.columns))
            if key not in now:
                connection.execute(insert(named).values(**row))
            elif dict(now[key]) != dict(row):
                connection.execute(update(named).where(own).values(**row))


@dataclass
class City:
    """What the kinds need of the city."""

    hall: Hall
    key: str = ""

    @property
    def account(self) -> str:
        return self.hall.as_("desk").account_id or ""

    @property
    def case(self) -> str:
        return self.hall.guests[0].request.id


def monday(uow: UnitOfWork) -> Monday:
    found = uow.city.monday(DISTRICT, MONDAY)
    assert found is not None
    return found


def make_link(uow: UnitOfWork, city: City) -> None:
    city.key = uow.invitations.make(city.account, InvitationKind.FIRST, city.account, DAY)


def add_picture(uow: UnitOfWork, city: City) -> None:
    names = {name: name for name in ("web", "thumb", "original")}
    desk = city.hall.as_("desk")
    found = uow.images.add(kind=PictureKind.CALLER, width=1, height=1, actor=desk, **names)
    city.key = found.id


def add_person(uow: UnitOfWork, city: City) -> None:
    city.key = uow.people.add("national", "0499370899", "مریم یکم", OLD).id


def is_usable(uow: UnitOfWork, city: City) -> bool:
    found = uow.invitations.find(city.key)
    return found is not None and not found.is_used


Step = Callable[[UnitOfWork, City], Any]
KINDS: Mapping[str, tuple[str, Step, Step, Step, Any]] = {
    "place": (
        "monday",
        lambda uow, _: uow.city.set_place(monday(uow), "سالن یکم", ""),
        lambda uow, _: uow.city.set_place(monday(uow), "سالن دوم", ""),
        lambda uow, _: (monday(uow).place, monday(uow).is_genuine),
        ("سالن یکم", True),
    ),
    "fact": (
        "fact",
        lambda uow, _: uow.facts.put("x", "1"),
        lambda uow, _: uow.facts.put("x", "2"),
        lambda uow, _: uow.facts.get("x"),
        "1",
    ),
    "mark": (
        "job",
        lambda uow, city: uow.clockwork.mark_done("x", city.hall.clock.now),
        lambda uow, _: uow.clockwork.unmark("x"),
        lambda uow, city: uow.clockwork.done_at("x") == city.hall.clock.now,
        True,
    ),
    "permission": (
        "track_grant",
        lambda uow, city: uow.tracks.grant("visit", city.case),
        lambda uow, _: uow.tracks.forget("visit"),
        lambda uow, city: uow.tracks.granted("visit", city.case),
        True,
    ),
    "link": (
        "invitation",
        make_link,
        lambda uow, city: uow.invitations.mark_used(city.key),
        is_usable,
        True,
    ),
    "recovery code": (
        "recovery_code",
        lambda uow, city: uow.second_steps.put_recovery_codes(city.account, ["x"]),
        lambda uow, city: uow.second_steps.use_recovery_code(city.account, "x"),
        lambda uow, city: uow.second_steps.use_recovery_code(city.account, "x"),
        True,
    ),
    "picture": (
        "image",
        add_picture,
        lambda uow, city: uow.images.attach(
            [city.key], city.hall.as_("desk"), request_id=city.case
        ),
        lambda uow, city: city.key in {one.id for one in uow.images.of_request(city.case)},
        False,
    ),
    "name": (
        "person",
        add_person,
        lambda uow, city: uow.people.rename(city.key, "مریم دوم"),
        lambda uow, city: uow.people.get(city.key).name,
        "مریم یکم",
    ),
    "mobile": (
        "person",
        add_person,
        lambda uow, city: uow.people.set_mobile(city.key, NEW),
        lambda uow, _: uow.people.served_by(uow.vault.lookup("mobile", OLD)),
        [],
    ),
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_former_row_gives_what_the_table_says(hall: Hall, kind: str) -> None:
    table, write, change, read, answer = KINDS[kind]
    city, store = City(hall), hall.application.store
    with store.unit_of_work(hall.clock.now) as uow:
        write(uow, city)
    before = rows_of(hall, table)
    with store.unit_of_work(hall.clock.now) as uow:
        change(uow, city)
    put_back(hall, table, before)
    with store.unit_of_work(hall.clock.now) as uow:
        assert read(uow, city) == answer
