"""A person's notices are sent in order, and nobody's notice waits long for another person's."""

from datetime import timedelta

import pytest
from sqlmodel import col, select
from support.faulty_gateway import FaultyGateway, live
from support.line import MONDAY, WEDNESDAY, Citizen, Line

from publicmeeting.application import Application
from publicmeeting.domain.lifecycle.notices import Delivery
from publicmeeting.domain.stages import Action
from publicmeeting.kit.clock import at_tehran
from publicmeeting.notify.outbox import CLAIM, deliver
from publicmeeting.notify.phone import UnansweredError, UnreachableError
from publicmeeting.store.accounts.sessions import Keys
from publicmeeting.store.database.rows.cases import OutboxRow
from publicmeeting.store.lifecycle.outbox import BACK_OFF, UNANSWERED_PAUSE
from publicmeeting.usecases.accounts.signing_in.sign_in import AskCode, ask_code

NOON = at_tehran(MONDAY, "12:00")


def rows(application: Application, line: Line) -> list[OutboxRow]:
    with application.store.unit_of_work(line.clock(), reading=True) as uow:
        mine = select(OutboxRow).where(col(OutboxRow.person_id).is_not(None))
        return list(uow.session.exec(mine.order_by(col(OutboxRow.id))))


def happens(application: Application, line: Line, citizen: Citizen, action: Action) -> None:
    """Make a notice of this kind about her newest event."""
    with application.store.unit_of_work(line.clock()) as uow:
        uow.session.add(
            OutboxRow(
                event_id=citizen.request.history[-1].id,
                request_id=citizen.request.id,
                action=action.value,
                role="citizen",
                person_id=citizen.request.person_id,
                at=NOON,
                next_try_at=line.clock(),
            )
        )


def test_she_never_reads_that_it_is_cancelled_before_that_it_is_hers(
    line: Line, application: Application, gateway: FaultyGateway
) -> None:
    line.file(1)
    line.until(WEDNESDAY, "19:59")
    gateway.sent.clear()
    gateway.fault = UnreachableError
    line.until(WEDNESDAY, "20:01")
    live(line, application, at_tehran(WEDNESDAY, "20:30"))
    gateway.fault = None
    line.close(MONDAY)
    live(line, application, at_tehran(WEDNESDAY, "20:32"))
    seat, cancelled = gateway.sent
    assert "پاسخ: " in seat
    assert "لغو شد" in cancelled


def test_a_gateway_that_stays_gone_is_not_asked_more_often_for_each_of_hers(
    line: Line, application: Application, gateway: FaultyGateway
) -> None:
    """A new notice tries the oldest one once before its time, and that try does not count."""
    (citizen,) = line.file(1, accepted=False)
    gateway.fault = UnreachableError
    deliver(application, NOON)
    for minutes in BACK_OFF[:3]:
        line.clock.forward(minutes=minutes)
        deliver(application, NOON)
    first = rows(application, line)[0]
    happens(application, line, citizen, Action.ACCEPT)
    deliver(application, NOON)
    now = rows(application, line)
    assert (now[0].tries, now[0].next_try_at) == (first.tries, first.next_try_at)
    assert [row.tries for row in now] == [4, 1]
    assert gateway.tries == 5
    deliver(application, NOON)
    assert gateway.tries == 5


def test_each_is_given_up_half_a_day_after_it_was_made_and_the_desk_calls(
    line: Line, application: Application, gateway: FaultyGateway
) -> None:
    (citizen,) = line.file(1, accepted=False)
    gateway.fault = UnreachableError
    for minute in range(sum(BACK_OFF) + 70):
        if minute == 60:
            happens(application, line, citizen, Action.ACCEPT)
        if minute == sum(BACK_OFF) + 5:
            assert [row.state for row in rows(application, line)] == ["failed", "waiting"]
        deliver(application, NOON)
        line.clock.forward(minutes=1)
    assert [row.state for row in rows(application, line)] == ["failed", "failed"]


@pytest.mark.on_postgresql
def test_what_waited_behind_it_follows_at_once(
    line: Line, application: Application, gateway: FaultyGateway
) -> None:
    gateway.fault = UnreachableError
    line.file(1)
    for minutes in BACK_OFF[:3]:
        deliver(application, NOON)
        line.clock.forward(minutes=minutes)
    gateway.fault = None
    assert deliver(application, NOON) == 2
    filed, accepted = gateway.sent
    assert "ثبت شد" in filed
    assert "پذیرفته شد" in accepted


@pytest.mark.on_postgresql(rows=(0,))
@pytest.mark.parametrize("fault", [UnreachableError, UnansweredError])
def test_whoever_is_called_in_is_told_now_whatever_waits(
    line: Line, application: Application, gateway: FaultyGateway, fault: type[Exception]
) -> None:
    (citizen,) = line.file(1, accepted=False)
    gateway.fault = fault
    deliver(application, NOON)
    gateway.fault = None
    happens(application, line, citizen, Action.CALL)
    with application.store.unit_of_work(line.clock()) as uow:
        assert [found.action for found in uow.outbox.claim(CLAIM)][-1] == Action.CALL


@pytest.mark.on_postgresql
def test_of_the_minute_the_older_comes_first_too(
    line: Line, application: Application, gateway: FaultyGateway
) -> None:
    (citizen,) = line.file(1, accepted=False)
    deliver(application, NOON)
    gateway.fault = UnreachableError
    happens(application, line, citizen, Action.FETCH)
    deliver(application, NOON)
    line.clock.forward(seconds=30)
    happens(application, line, citizen, Action.CALL)
    with application.store.unit_of_work(line.clock()) as uow:
        assert [found.action for found in uow.outbox.claim(CLAIM)] == [Action.FETCH]
        assert uow.outbox.claim(CLAIM) == [], "it is on its way: the next waits for it"


@pytest.mark.on_postgresql
def test_what_nobody_knows_whether_she_has_it_keeps_its_pause_and_its_place(
    line: Line, application: Application, gateway: FaultyGateway
) -> None:
    (citizen,) = line.file(1, accepted=False)
    gateway.fault = UnansweredError
    deliver(application, NOON)
    gateway.fault = None
    happens(application, line, citizen, Action.ACCEPT)
    line.clock.forward(seconds=UNANSWERED_PAUSE.total_seconds() - 1)
    assert deliver(application, NOON) == 0
    line.clock.forward(seconds=1)
    assert deliver(application, NOON) == 2
    assert "ثبت شد" in gateway.sent[0]


def test_of_the_minute_there_is_no_second_try_an_hour_later(
    line: Line, application: Application, gateway: FaultyGateway
) -> None:
    (citizen,) = line.file(1, accepted=False)
    deliver(application, NOON)
    gateway.fault = UnansweredError
    happens(application, line, citizen, Action.CALL)
    deliver(application, NOON)
    assert rows(application, line)[-1].state == Delivery.SHOWN


def test_a_code_waits_for_no_notice(
    line: Line, application: Application, gateway: FaultyGateway
) -> None:
    (citizen,) = line.file(1, accepted=False)
    gateway.fault = UnreachableError
    deliver(application, NOON)
    gateway.fault = None
    with line.reading() as uow:
        mobile = uow.people.get(citizen.request.person_id).mobile
    application.execute_now(ask_code, Keys(visit="hers"), AskCode(mobile=mobile))
    (code,) = gateway.sent
    assert "کد ورود" in code


def test_a_reminder_of_a_seat_that_is_hers_no_more_is_not_sent(
    line: Line, application: Application, gateway: FaultyGateway
) -> None:
    (citizen,) = line.drawn(1)
    citizen.does(Action.CONFIRM)
    line.until(MONDAY - timedelta(days=1), "19:59")
    gateway.sent.clear()
    gateway.fault = UnreachableError
    live(line, application, at_tehran(MONDAY - timedelta(days=1), "20:20"))
    line.close(MONDAY)
    gateway.fault = None
    live(line, application, at_tehran(MONDAY - timedelta(days=1), "20:22"))
    (text,) = gateway.sent
    assert "لغو شد" in text


@pytest.mark.on_postgresql
def test_what_has_no_words_holds_up_none_of_hers(
    line: Line, application: Application, gateway: FaultyGateway
) -> None:
    """Its event is gone; otherwise it would delay the notice about another case by half a day."""
    citizen, _other = line.file(2)
    with application.store.unit_of_work(line.clock()) as uow:
        first, second = uow.outbox.of_request(citizen.request.id, "citizen")
        uow.connection.exec_driver_sql(
            f"UPDATE outbox SET event_id = (SELECT max(id) FROM event) WHERE id = {first.id}"
        )
    deliver(application, NOON)
    assert any("پذیرفته شد" in text for text in gateway.sent)
    with line.reading() as uow:
        states = {row.id: row.state for row in uow.outbox.of_request(citizen.request.id, "citizen")}
    assert states == {first.id: Delivery.WAITING, second.id: Delivery.SENT}
    happens(application, line, citizen, Action.DECLINE)
    assert deliver(application, NOON) == 1
