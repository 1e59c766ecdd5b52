"""What is asked every second, and every page, costs the same however old the city is."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import text
from support.city import open_office
from support.grown import grown
from support.plans import asked, scanned

from publicmeeting.domain.roles import COMMAND_LINE, Actor, Grant, Role
from publicmeeting.office import Office
from publicmeeting.samples.plan import ENDS
from publicmeeting.usecases.accounts import Nothing
from publicmeeting.usecases.doctor import Checkup, examine
from publicmeeting.usecases.promise_figures import promise_figures

REQUESTS = 600
OVERSEER = Actor(account_id="o", grants=(Grant(Role.OVERSEER),))


@pytest.fixture
def large(templates, tmp_path, clock) -> Iterator[Office]:
    url = templates.copy(f"grown_{REQUESTS}", grown(tmp_path / "template", REQUESTS))
    clock.now = ENDS
    office = open_office(url, tmp_path / "images", clock)
    yield office
    office.store.close()
    templates.drop(url)


def test_what_waits_in_the_outbox_is_found_without_reading_what_was_sent(large):
    with large.store.work(ENDS, reading=True) as work, asked(large.store.engine) as sending:
        work.outbox.due(1)
        work.outbox.waiting()
    plans = sending.plans
    assert len(plans) == 2
    assert all("outbox_to_send" in plan for plan in plans), plans
    with large.store.work(ENDS) as work, asked(large.store.engine) as claiming:
        work.outbox.claim(timedelta(minutes=2))
    assert any("outbox_to_send" in plan for plan in claiming.plans), claiming.plans


def test_telephone_lists_are_found_without_reading_what_was_sent(large):
    with large.store.work(ENDS, reading=True) as work, asked(large.store.engine) as calls:
        work.outbox.calls({6})
        work.outbox.count_calls({6})
        work.outbox.told_since({6}, ENDS - timedelta(days=1))
    plans = calls.plans
    assert len(plans) == 3
    assert not scanned(plans, "outbox"), plans


def test_the_marks_of_a_request_are_small(large):
    with large.store.engine.connect() as connection:
        requests, marks, most = connection.execute(
            text("SELECT count(*), sum(length(marks)), max(length(marks)) FROM request_mark")
        ).one()
    assert requests == REQUESTS
    assert 500 < marks / requests < 2000
    assert most < 4096


def test_figures_of_promises_read_no_history(large):
    with asked(large.store.engine) as figures:
        found = large.look_as(OVERSEER, promise_figures, Nothing())
    assert sum(one.orders for one in found) > 100
    plans = figures.plans
    assert not scanned(plans, "event"), plans
    assert sum("event" in plan for plan in plans) == 1, "what citizens have said, by its action"


def test_doctor_reads_every_event_once(large):
    with asked(large.store.engine) as examining:
        large.look_as(COMMAND_LINE, examine, Checkup())
    assert len(scanned(examining.plans, "event")) <= 1
