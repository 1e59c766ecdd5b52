"""The expectation for a new request is computed once a second for all readers.

A second after another process has changed the line, nobody is shown the old one.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.city import open_application
from support.line import DISTRICT, Line
from support.plans import statements_sent

from publicmeeting.application import Application
from publicmeeting.store.line.seats import line_topic
from publicmeeting.usecases.base import OneCase
from publicmeeting.usecases.lifecycle.payloads import TakeStep
from publicmeeting.usecases.lifecycle.steps import take_step
from publicmeeting.usecases.line.expectation import Outlook, expected_now
from publicmeeting.usecases.tracking.turn import my_turn


@pytest.fixture
def elsewhere(line: Line, tmp_path: Path) -> Iterator[Application]:
    """The same city in another process."""
    url = line.city.application.store.engine.url.render_as_string(hide_password=False)
    application = open_application(url, tmp_path / "images", line.clock)
    yield application
    application.store.close()


def outlook(application: Application) -> Outlook:
    now = application.clock()
    with application.store.unit_of_work(now, reading=True) as uow:
        found = expected_now(uow, DISTRICT, now)
    assert found is not None
    return found


def test_whoever_asks_in_the_same_second_costs_nothing(line: Line) -> None:
    application = line.city.application
    outlook(application)
    with statements_sent(application.store) as statements:
        outlook(application)
    assert statements == []


def test_a_filing_of_another_process_is_seen_a_second_later(
    line: Line, elsewhere: Application
) -> None:
    before = outlook(elsewhere)
    line.file(3)
    line.clock.forward(seconds=1)
    after = outlook(elsewhere)
    assert after.alike == outlook(line.city.application).alike
    assert after.alike > before.alike


def test_what_rings_from_another_process_is_seen_at_once(
    line: Line, elsewhere: Application
) -> None:
    before = outlook(elsewhere)
    line.file(3)
    elsewhere.pubsub.publish_here({line_topic(DISTRICT)})
    assert outlook(elsewhere).alike > before.alike


@pytest.mark.on_postgresql
def test_a_district_the_city_has_not_expects_nothing(line: Line) -> None:
    with line.reading() as uow:
        assert expected_now(uow, 22, line.clock.now) is None


def test_ones_own_step_that_moves_the_line_is_seen_at_once(line: Line) -> None:
    (citizen,) = line.file(1)
    outlook(line.city.application)
    line.until(line.clock.now.date(), "23:00")
    before = outlook(line.city.application)
    line.city.application.execute_as(
        citizen.actor, take_step, TakeStep(code=citizen.code, action="withdraw")
    )
    line.city.application.pubsub.publish({line_topic(DISTRICT)})
    assert outlook(line.city.application) != before


def test_what_a_district_expects_is_read_once_for_all_who_wait_in_it(line: Line) -> None:
    application = line.city.application
    first, second = line.file(2)
    application.query_as(first.actor, my_turn, OneCase(code=first.code))
    with statements_sent(application.store) as tables:
        application.query_as(second.actor, my_turn, OneCase(code=second.code))
    # Whether she has missed meetings is her own.
    assert not [one for one in tables if "count(*)" in one and "event.action" not in one]
    assert len([table for table in tables if "draw.state != 'drawn'" in table]) == 1
