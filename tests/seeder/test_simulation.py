"""The demo city is the same each time, has somebody in every stage, and predicts no real draw."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy
from support.databases import PostgresTemplates, SqliteTemplates
from support.demo_city import EVERY_STAGE, DemoCity, demo_city, stages
from support.three_auditors import found_by_all, out_of_form, published_log

from publicmeeting.config import Env, Settings
from publicmeeting.domain.errors import Denied
from publicmeeting.domain.people import Level
from publicmeeting.domain.roles import COMMAND_LINE, Role
from publicmeeting.domain.stages import Action
from publicmeeting.kit.clock import at_tehran, tehran_day
from publicmeeting.seeder.fill import fill_if_empty
from publicmeeting.seeder.matters import MATTERS
from publicmeeting.seeder.plan import ENDS, Scope
from publicmeeting.store.lifecycle.lists import Filter
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.oversight.books import Checkup, examine
from publicmeeting.worker.demo import WitnessJobs
from publicmeeting.worker.scheduler import Scheduler

FIVE_WEEKS = Scope((6,), (6,), weeks=5, requests=32, pictures=False)
TWO_WEEKS = Scope((6,), (6,), weeks=2, requests=12, pictures=False)
THREE_WEEKS = Scope((6,), (6,), weeks=3, requests=18, pictures=False)


@pytest.fixture(scope="module")
def city(
    sqlite_templates: SqliteTemplates, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[DemoCity]:
    one = demo_city(sqlite_templates.copy("empty"), tmp_path_factory.mktemp("city"), FIVE_WEEKS)
    yield one
    one.application.store.close()


def test_somebody_stands_in_every_stage_that_a_saturday_knows(city: DemoCity):
    assert EVERY_STAGE - stages(city.application, 6).keys() == set()


def test_nobody_tries_what_the_rules_refuse_unless_the_clock_was_faster(city: DemoCity):
    assert set(city.refused) <= {"stage_moved"}


def test_what_a_unit_says_before_a_meeting_is_about_that_visitors_matter(city: DemoCity):
    subjects = {matter.brief: matter.subject for matter in MATTERS}
    assert len(subjects) == len(MATTERS)
    with city.application.store.unit_of_work(city.application.clock(), reading=True) as uow:
        found = [uow.requests.by_id(id_) for id_ in uow.lists.ids(Filter())]
    briefs = [
        (subjects[event.note], request.subject)
        for request in found
        for event in request.history
        if event.action is Action.OFFER_ANSWER
    ]
    assert briefs
    assert [matter for matter, subject in briefs if matter != subject] == []


def test_whoever_has_no_internet_is_there_too(city: DemoCity):
    with city.application.store.unit_of_work(city.application.clock(), reading=True) as uow:
        found = [uow.requests.by_id(id_) for id_ in uow.lists.ids(Filter())]
        helped = [request for request in found if request.filed_by]
        unreached = [request for request in helped if not uow.people.get(request.person_id).mobile]
    assert {request.history[0].role for request in helped} == {Role.PHONE, Role.DESK}
    assert len(unreached) == 1


def test_some_are_matched_and_none_of_them_has_anything_under_way(city: DemoCity):
    with city.application.store.unit_of_work(city.application.clock(), reading=True) as uow:
        persons = {uow.requests.by_id(id_).person_id for id_ in uow.lists.ids(Filter())}
        levels = {person: uow.people.get(person).level for person in persons}
        matched = [one for one, level in levels.items() if level is Level.MATCHED]
        assert [one for one in matched if uow.requests.live_code(one)] == []
    assert set(levels.values()) == set(Level)


def test_what_invented_witnesses_have_to_do_is_looked_for_when_something_was_written(
    city: DemoCity,
) -> None:
    application, jobs, statements = city.application, WitnessJobs(), list[str]()

    def looked(uow: UnitOfWork) -> tuple[list[tuple[object, str]], int]:
        statements.clear()
        return [(one.at, one.name) for one in jobs.of(uow)], len(statements)

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    sqlalchemy.event.listen(application.store.engine, "before_cursor_execute", note)
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        first = looked(uow)
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        again = looked(uow)
    with suppress(Denied), application.store.unit_of_work(application.clock()) as uow:
        job = min(jobs.of(uow))
        job.do(uow, job.at)
        later = looked(uow)
        raise Denied("nothing of this is written")
    sqlalchemy.event.remove(application.store.engine, "before_cursor_execute", note)
    assert (job.at, job.name) in first[0]
    assert again[0] == first[0]
    assert again[1] * 2 < first[1]
    assert (job.at, job.name) not in later[0]


def test_its_books_agree_with_each_other(city: DemoCity):
    found = city.application.query_as(COMMAND_LINE, examine, Checkup())
    assert [finding for examined in found for finding in examined.findings] == []


def test_three_auditors_find_nothing_in_its_public_log(city: DemoCity, tmp_path: Path):
    with city.application.store.unit_of_work(city.application.clock(), reading=True) as uow:
        log = published_log(uow)
    assert out_of_form(log) == []
    assert found_by_all(log, tmp_path / "scripts") == {
        "product": [],
        "browser": [],
        "downloaded": [],
    }


def test_a_job_of_a_witness_that_another_process_has_done_changes_nothing(
    sqlite_templates: SqliteTemplates, tmp_path: Path
):
    """Two processes of a demo may find the same job before one of them holds the clock."""
    application = demo_city(sqlite_templates.copy("empty"), tmp_path, TWO_WEEKS).application
    clock = Scheduler(application, demo=True)
    night = at_tehran(tehran_day(ENDS) + timedelta(days=1), "00:02")
    clock.move_clock_now(night)
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        found = [job for job in WitnessJobs().of(uow) if "/signs/" in job.name]
    assert len(found) == 2
    clock.move_clock_now(night + timedelta(minutes=20))
    with application.store.unit_of_work(application.clock()) as uow:
        signed = uow.log.cosignatures_count()
        for job in found:
            job.do(uow, job.at)
        assert uow.log.cosignatures_count() == signed
    application.store.close()


def test_told_again_on_another_engine_it_is_the_same_city_under_another_key(
    sqlite_templates: SqliteTemplates, postgresql_templates: PostgresTemplates, tmp_path: Path
):
    urls = [templates.copy("empty") for templates in (sqlite_templates, postgresql_templates)]
    cities = [demo_city(url, tmp_path / str(at), THREE_WEEKS) for at, url in enumerate(urls)]
    first, second = (city.public() for city in cities)
    keys = [city.sealed() for city in cities]
    for city in cities:
        city.application.store.close()
    postgresql_templates.drop(urls[1])
    assert first == second
    assert first["orders"]
    assert keys[0] != keys[1]


def test_a_real_city_is_never_filled_with_it(tmp_path: Path):
    demo = Settings.from_environment({"PUBLICMEETING_DATA": str(tmp_path)})
    real = replace(demo, env=Env.PRODUCTION)
    with pytest.raises(ValueError, match="only the demo"):
        fill_if_empty(real, print)
    assert list(tmp_path.iterdir()) == []
