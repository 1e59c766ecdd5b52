"""A notice is written in the transaction of its event, or not at all."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from support.plans import asked
from support.together import refusal

from publicmeeting.domain.roles import Role
from publicmeeting.store.lifecycle.outbox import BACK_OFF
from publicmeeting.usecases.base import ROLES
from publicmeeting.usecases.lifecycle.payloads import TakeStep
from publicmeeting.usecases.lifecycle.steps import take_step

MANY_WAIT = text(
    "INSERT INTO outbox (event_id, request_id, action, facts, role, person_id, at, state, tries,"
    " next_try_at, without_words) WITH RECURSIVE numbers(n) AS"
    " (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n < 1999)"
    " SELECT event_id, request_id, action, facts, role, 'somebody ' || (n / 2), at, state, tries,"
    " next_try_at, without_words FROM outbox, numbers"
    " WHERE id = (SELECT min(id) FROM outbox WHERE role = 'citizen')"
)
"""Makes two waiting notices for each of a thousand citizens."""


class PowerCutError(Exception):
    """Simulates that the process ends between two statements."""


def counts(application) -> dict[str, int]:
    with application.store.engine.connect() as connection:
        return {
            table: connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()
            for table in ("event", "outbox", "public_log", "note")
        }


def test_a_step_writes_its_notices_with_its_event(application, a_request, clock):
    walked = a_request()
    before = counts(application)
    walked.official("desk", "ask_info", note="نشانی دقیق کجاست؟")
    after = counts(application)
    assert after["event"] == before["event"] + 1
    with application.store.unit_of_work(clock(), reading=True) as uow:
        newest = uow.outbox.of_request(walked.request.id, Role.CITIZEN)[-1]
        assert (newest.action, newest.state) == ("ask_info", "waiting")
        assert newest.event_id == walked.request.history[-1].id
        assert newest.person_id == walked.request.person_id
        assert newest in uow.outbox.inbox(walked.request.person_id)


def test_what_fails_afterwards_leaves_nothing(application, a_request, as_, clock):
    walked = a_request()
    before = counts(application)

    def cut(uow, actor, command, now):
        take_step(uow, actor, command, now)
        raise PowerCutError

    ROLES[cut] = ROLES[take_step]
    command = TakeStep(code=walked.code, action="accept")
    with pytest.raises(PowerCutError):
        application.execute_as(as_("desk"), cut, command)
    del ROLES[cut]
    assert counts(application) == before
    assert application.execute_as(as_("desk"), take_step, command).stage == "waiting"


def test_a_refused_step_leaves_nothing(application, a_request):
    walked = a_request()
    before = counts(application)
    assert refusal(lambda: walked.official("desk4", "accept")).key == "not_found"
    assert refusal(lambda: walked.official("desk", "decline", note="نه")).key == "need_reason"
    assert counts(application) == before


def test_a_notice_is_tried_again_and_then_given_up(application, a_request, clock):
    a_request()
    tries = 0
    while True:
        with application.store.unit_of_work(clock()) as uow:
            due = uow.outbox.due()
            if not due:
                break
            assert len(due) == 1
            tries += 1
            assert tries <= len(BACK_OFF) + 1
            uow.outbox.mark_failed(due[0])
            assert uow.outbox.due() == []
        clock.forward(minutes=max(BACK_OFF))
    assert tries == len(BACK_OFF) + 1


def test_a_sent_notice_is_not_sent_again(application, a_request, clock):
    a_request()
    with application.store.unit_of_work(clock()) as uow:
        uow.outbox.mark_sent(uow.outbox.due()[0])
    clock.forward(days=1)
    with application.store.unit_of_work(clock(), reading=True) as uow:
        assert uow.outbox.due() == []


def test_what_was_due_before_a_loss_counts_as_sent_to_a_mobile(application, a_request, clock):
    """A citizen without a mobile stays on the desk's list: nobody knows whether it called her."""
    walked = a_request()
    due = walked.request.filed_at + timedelta(minutes=5)
    clock.forward(hours=1)

    def left(until):
        with application.store.unit_of_work(clock()) as uow:
            uow.outbox.mark_sent_until(until, lambda _at: due)
            return len(uow.outbox.due())

    assert left(due - timedelta(seconds=1)) == 1, "not due yet"
    with application.store.engine.begin() as connection:
        connection.execute(text("UPDATE outbox SET tries = 1"))
    assert left(due) == 1, "the gateway had refused it"
    with application.store.engine.begin() as connection:
        connection.execute(text("UPDATE outbox SET tries = 0"))
        mobile = connection.execute(text("SELECT mobile FROM person")).scalar_one()
        connection.execute(text("UPDATE person SET mobile = NULL"))
    assert left(due) == 1, "nobody knows whether the desk called her"
    with application.store.engine.begin() as connection:
        connection.execute(text("UPDATE person SET mobile = :mobile"), {"mobile": mobile})
    assert left(due) == 0
    with application.store.unit_of_work(clock(), reading=True) as uow:
        (notice,) = uow.outbox.of_request(walked.request.id, Role.CITIZEN)
        assert (notice.state, notice.sent_at) == ("sent", due)


def test_a_step_pressed_again_counts_as_sent_when_it_was_first(application, a_request, clock):
    a_request()
    with application.store.unit_of_work(clock()) as uow:
        (notice,) = uow.outbox.due()
        uow.outbox.mark_sent_already(notice.event_id, notice.at)
        assert uow.outbox.due() == []
        assert uow.outbox.get(notice.id).sent_at == notice.at


@pytest.mark.on_postgresql
def test_after_a_draw_each_looks_into_her_own_queue_only(application, a_request, clock):
    """Thousands wait at once, of which the planner has no statistics yet.

    Comparing each with all others took seconds, every second.
    """
    a_request()
    with application.store.engine.begin() as connection:
        connection.execute(MANY_WAIT)
    with (
        application.store.unit_of_work(clock(), reading=True) as uow,
        asked(application.store.engine) as found,
    ):
        assert len(uow.outbox.due(48)) == 48
    (plan,) = found.plans
    assert "outbox_queue" in plan, plan


@pytest.mark.parametrize("templates", ["postgresql"], indirect=True)
def test_what_one_process_claims_no_other_claims_or_waits_for(application, a_request, clock):
    """SQLite allows one writer, so there the second process begins when the first has ended."""
    a_request().official("desk", "ask_info", note="نشانی دقیق کجاست؟")
    stays = timedelta(minutes=2)
    with application.store.unit_of_work(clock()) as here:
        claimed = here.outbox.claim(stays)
        with application.store.unit_of_work(clock()) as there:
            assert there.outbox.claim(stays) == []
        assert claimed != []
