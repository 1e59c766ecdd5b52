"""A large demo city, which is computed in bulk, agrees with its log and passes `doctor`."""

import pytest
from support.grown import grown_city

from publicmeeting.cli.commands.seed import large_city
from publicmeeting.config import Env, Settings
from publicmeeting.domain.roles import COMMAND_LINE
from publicmeeting.domain.stages import Stage
from publicmeeting.seeder.plan import ENDS
from publicmeeting.store.lifecycle.lists import Filter
from publicmeeting.turns.simulation import start_times
from publicmeeting.usecases.oversight.books import Checkup, examine

REQUESTS = 400


@pytest.fixture
def application(templates, tmp_path, clock):
    with grown_city(templates, tmp_path, clock, REQUESTS) as application:
        yield application


def test_its_books_agree_with_each_other(application):
    examined = application.query_as(COMMAND_LINE, examine, Checkup())
    assert not [(one.check, one.findings[:3]) for one in examined if one.findings]


def test_no_seat_is_given_up_while_a_standby_waits_for_an_offer(
    templates, tmp_path, clock, monkeypatch
):
    """Larger cities have standbys every week; here every district has one seat."""
    monkeypatch.setattr("bench.large.city.SEATS", tuple(start_times(1)))
    with grown_city(templates, tmp_path, clock, REQUESTS - 1) as application:
        (examined,) = application.query_as(
            COMMAND_LINE, examine, Checkup(checks=("an auditor of the log finds no fault",))
        )
        assert not examined.findings[:3]


def test_its_people_are_found_and_can_go_on(application, clock):
    with application.store.unit_of_work(ENDS, reading=True) as uow:
        counts = {one: uow.lists.count(Filter(stages=(one,))) for one in Stage}
        one = uow.lists.requests(Filter(stages=(Stage.CLOSED,)), limit=1)[0]
        assert uow.lists.count(Filter(words=one.title.split()[-1]))
        assert uow.lists.requests(Filter(words=one.code)) == [one]
        request = uow.requests.by_id(one.id)
        assert uow.people.get(request.person_id).name
    assert sum(counts.values()) == REQUESTS
    assert {Stage.WAITING, Stage.FOLLOW_UP, Stage.CONFIRMED, Stage.DECLINED} <= {
        one for one in Stage if counts[one]
    }
    clock.now += (application.worker.run_due_at or ENDS) - ENDS
    application.worker.tick()


def test_seed_finds_it_beside_the_benches_and_only_the_demo_has_one(tmp_path):
    settings = Settings.from_environment(
        {"PUBLICMEETING_ENV": Env.TEST.value, "PUBLICMEETING_DATA": str(tmp_path)}
    )
    with pytest.raises(ValueError, match="demo"):
        large_city(REQUESTS)(settings, print)
