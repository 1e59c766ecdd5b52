"""What a visitor can count on in the demo city, as its first start leaves it."""

import shutil
from collections.abc import Iterator

import pytest
from support.audited import all_draws
from support.demo_city import EVERY_STAGE, stages
from support.served_city import seeded_city, settings_for

from publicmeeting.application import Application, open_application
from publicmeeting.cli.commands.doctor import examined
from publicmeeting.config import Settings
from publicmeeting.domain.lifecycle.climbing import Level
from publicmeeting.domain.mondays import DrawState
from publicmeeting.domain.roles import NOBODY, Actor, Role
from publicmeeting.seeder.plan import BUSY, BUSY_SHARE, CITY, ENDS, NOT_HELD
from publicmeeting.store.lifecycle.lists import Filter
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.demo import OF_THE_CITY, OFFICIALS, PLAYED, Play, play, playable
from publicmeeting.usecases.oversight.promises import (
    CLIMBED,
    TABS,
    CityPromises,
    city_promises,
    promise_figures,
)


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of a copy of the demo city."""
    folder = tmp_path_factory.mktemp("city") / "data"
    shutil.copytree(seeded_city(), folder)
    return settings_for(folder)


@pytest.fixture(scope="module")
def city(settings: Settings) -> Iterator[Application]:
    application = open_application(settings)
    yield application
    application.store.close()


@pytest.mark.parametrize("district", [None, 6])
def test_somebody_stands_in_every_stage(city: Application, district: int | None):
    assert EVERY_STAGE - stages(city, district).keys() == set()


def test_most_people_ask_in_the_busy_districts(city: Application):
    with city.store.unit_of_work(city.clock(), reading=True) as uow:
        everywhere = uow.lists.count(Filter())
        busy = uow.lists.count(Filter(districts=frozenset(BUSY)))
    assert everywhere == CITY.requests
    assert busy / everywhere == pytest.approx(BUSY_SHARE, abs=0.02)


def test_people_have_waited_different_weeks_and_some_are_owed_a_seat(city: Application):
    with city.store.unit_of_work(city.clock(), reading=True) as uow:
        drawn = [one for one in all_draws(uow) if one.state is DrawState.DRAWN]
        not_held = uow.city.monday(*NOT_HELD)
    rows = [row for draw in drawn for row in draw.file["pool"]]
    assert {row["waited"] for row in rows} >= {0, 1, 2}
    assert max(row["waited"] for row in rows) <= 5
    assert {row["debt"] for row in rows} == {0, 1}
    assert not_held is not None
    assert not_held.state == "not_held"
    assert any(draw.file["standby"] for draw in drawn)


def test_whoever_can_be_played_is_there(city: Application):
    people = city.query_as(NOBODY, playable, Nothing())
    assert len(people) == len(OFFICIALS) + len(OF_THE_CITY) + len(PLAYED)
    for person in people:
        session, _ = city.execute_as(NOBODY, play, Play(who=person.who))
        assert session


def test_something_of_each_kind_waits_for_the_overseer(city: Application):
    with city.store.unit_of_work(city.clock(), reading=True) as uow:
        (account,) = uow.accounts.with_role(Role.OVERSEER)
    overseer = Actor(account_id=account.id, grants=account.grants)
    page = city.query_as(overseer, city_promises, CityPromises(which=CLIMBED))
    assert Level.CITY in {line.level for line in page.lines}
    assert all(page.counts[which] for which in TABS)
    figures = city.query_as(overseer, promise_figures, Nothing())
    for name in ("confirmed", "settled", "on_time", "heard_yes", "heard_no", "done_no"):
        assert sum(getattr(figure, name) for figure in figures) > 0, name


def test_the_clock_stands_where_the_story_ended(city: Application):
    with city.store.unit_of_work(city.clock(), reading=True) as uow:
        assert uow.facts.get("demo") == ENDS.isoformat()
    assert city.city_now() >= ENDS


def test_the_doctor_finds_nothing(settings: Settings):
    assert [finding for one in examined(settings) for finding in one.findings] == []
