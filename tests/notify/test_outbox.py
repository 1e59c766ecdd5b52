"""Notices leave the outbox once, by day, and none is lost."""

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlmodel import col, select, update
from support.clock import FixedClock
from support.line import DISTRICT, MONDAY, Citizen, Line
from support.plans import asked

from publicmeeting.application import Application
from publicmeeting.domain.lifecycle.notices import Delivery
from publicmeeting.domain.roles import Role
from publicmeeting.domain.stages import Action
from publicmeeting.kit.clock import at_tehran
from publicmeeting.notify import outbox
from publicmeeting.notify.outbox import CLAIM, GATHERED, PARALLEL, by_day, deliver, is_quiet
from publicmeeting.notify.phone import DemoPhone, UnansweredError
from publicmeeting.notify.wording import About, about, notice_text
from publicmeeting.store.database.rows.cases import OutboxRow, RequestRow
from publicmeeting.store.database.rows.people import PersonRow
from publicmeeting.store.lifecycle.outbox import BACK_OFF, UNANSWERED_PAUSE
from publicmeeting.text.notices.notices_text import Notice as NoticeText
from publicmeeting.usecases.lifecycle.payloads import TakeStep
from publicmeeting.usecases.lifecycle.steps import take_step


class DeadGateway:
    """A provider that takes nothing until it is repaired."""

    def __init__(self, fault: type[Exception] = ConnectionError) -> None:
        self.mended = False
        self.tried: list[str] = []
        self.ids: list[str] = []
        self._fault = fault

    def send(self, mobile: str, text: str, message_id: str) -> None:
        self.tried.append(text)
        self.ids.append(message_id)
        if not self.mended:
            raise self._fault(mobile)


class SlowGateway:
    """A provider that takes each message only after twenty minutes, like one with a long queue."""

    def __init__(self, clock: FixedClock) -> None:
        self.sent: list[str] = []
        self._clock = clock

    def send(self, _mobile: str, text: str, _message_id: str) -> None:
        self.sent.append(text)
        self._clock.forward(minutes=20)


class GatewayOfARush:
    """A provider during whose first message one more citizen files."""

    def __init__(self, line: Line, takes: timedelta) -> None:
        self._line, self._takes, self._has_filed = line, takes, False

    def send(self, _mobile: str, _text: str, _message_id: str) -> None:
        if self._has_filed:
            return
        self._has_filed = True
        self._line.clock.forward(milliseconds=1)
        self._line.file(1, accepted=False)
        self._line.clock.forward(seconds=self._takes.total_seconds())


@pytest.fixture
def phone(application: Application) -> Iterator[DemoPhone]:
    assert isinstance(application.phone, DemoPhone)
    return application.phone


def texts(phone: DemoPhone, citizen: Citizen) -> list[str]:
    return [text for _, text in phone.sent if citizen.code in _ascii(text)]


def _ascii(text: str) -> str:
    return text.translate({ord("۰") + n: str(n) for n in range(10)})


@pytest.mark.parametrize(
    ("hour", "quiet"),
    [("21:59", False), ("22:00", True), ("03:00", True), ("07:59", True), ("08:00", False)],
)
def test_nobody_is_woken(hour: str, quiet: bool) -> None:  # noqa: FBT001  (a column of the table)
    assert is_quiet(at_tehran(MONDAY, hour)) is quiet


@pytest.mark.parametrize(
    ("hour", "day", "sent"),
    [("09:30", 0, "09:30"), ("22:00", 1, "08:00"), ("03:00", 0, "08:00"), ("07:59", 0, "08:00")],
)
def test_what_waits_is_sent_from_eight_on(hour: str, day: int, sent: str) -> None:
    assert by_day(at_tehran(MONDAY, hour)) == at_tehran(MONDAY + timedelta(days=day), sent)


@pytest.mark.on_postgresql
def test_each_notice_is_sent_once(line: Line, application: Application, phone: DemoPhone) -> None:
    (citizen,) = line.file(1)
    assert deliver(application, line.clock()) == 2
    assert deliver(application, line.clock()) == 0
    filed, accepted = texts(phone, citizen)
    assert "ثبت شد" in filed
    assert "پذیرفته شد" in accepted


@pytest.mark.on_postgresql
def test_notices_that_leave_together_are_read_together(
    line: Line, application: Application, phone: DemoPhone
) -> None:
    line.file(3)
    with asked(application.store.engine) as sent:
        assert deliver(application, line.clock()) == 6
    of_each = ("FROM person ", "FROM log_index ")
    texts = [" ".join(text.split()) for text, _ in sent.statements]
    times = [sum(table in text for text in texts) for table in of_each]
    assert times == [2, 2], "each citizen has two, which leave one after the other"
    for changed in ("SET claimed_until", "SET state"):
        (first, *_) = (values for text, values in sent.statements if changed in text)
        assert not isinstance(first, list), "one UPDATE for all, not one for each"


@pytest.mark.on_postgresql(rows=(2,))
@pytest.mark.parametrize(
    ("takes", "sent"),
    [(timedelta(), [1, 1]), (GATHERED - timedelta(milliseconds=1), [1, 1]), (GATHERED, [2, 0])],
)
def test_a_rush_is_gathered_for_a_second_and_no_longer(
    line: Line, application: Application, takes: timedelta, sent: list[int]
) -> None:
    line.file(1, accepted=False)
    application.phone = GatewayOfARush(line, takes)
    assert [deliver(application, line.clock()) for _ in sent] == sent


def test_what_happens_at_night_is_told_in_the_morning(
    line: Line, application: Application, phone: DemoPhone
) -> None:
    line.file(1)
    assert deliver(application, at_tehran(MONDAY, "23:00")) == 0
    assert not phone.sent
    assert deliver(application, at_tehran(MONDAY, "08:00")) == 2


@pytest.mark.on_postgresql(rows=(1,))
@pytest.mark.parametrize(("begun", "sent"), [("21:50", 1), ("21:30", 2), ("20:00", 4)])
def test_nobody_is_woken_by_what_began_to_be_sent_in_the_evening(
    line: Line,
    application: Application,
    clock: FixedClock,
    monkeypatch: pytest.MonkeyPatch,
    begun: str,
    sent: int,
) -> None:
    line.file(2)
    clock.set(at_tehran(MONDAY - timedelta(days=9), begun))
    application.phone = slow = SlowGateway(clock)
    monkeypatch.setattr(outbox, "AT_ONCE", 1)
    assert deliver(application, line.clock()) == sent == len(slow.sent)


def test_what_is_over_when_its_turn_comes_is_not_sent(
    line: Line, application: Application, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    citizens = line.drawn(2)
    for citizen in citizens:
        citizen.does(Action.CONFIRM)
    line.until(MONDAY, "09:00")
    for citizen in citizens:
        line.official("reception", citizen, Action.ARRIVE, identity=citizen.identity)
        line.official("reception", citizen, Action.CALL)
    application.phone = slow = SlowGateway(clock)
    monkeypatch.setattr(outbox, "AT_ONCE", 1)
    deliver(application, line.clock())
    assert len(slow.sent) == 1, "the second would send somebody who has long been called"


@pytest.mark.on_postgresql
def test_a_dead_gateway_is_tried_again_later_and_later(
    line: Line, application: Application, clock: FixedClock
) -> None:
    application.phone = gateway = DeadGateway()
    line.file(1, accepted=False)
    noon = at_tehran(MONDAY, "12:00")
    for minutes in BACK_OFF:
        tried = len(gateway.tried)
        assert deliver(application, noon) == 0
        assert len(gateway.tried) == tried + 1
        clock.forward(minutes=minutes, seconds=-1)
        deliver(application, noon)
        assert len(gateway.tried) == tried + 1
        clock.forward(seconds=1)
        with line.reading() as uow:
            assert uow.outbox.failing() == 1
    gateway.mended = True
    assert deliver(application, noon) == 1
    assert deliver(application, noon) == 0
    with line.reading() as uow:
        assert uow.outbox.failing() == 0


@pytest.mark.on_postgresql
def test_of_what_nobody_knows_there_is_one_more_try_after_a_long_pause(
    line: Line, application: Application, clock: FixedClock
) -> None:
    application.phone = gateway = DeadGateway(UnansweredError)
    (citizen,) = line.file(1, accepted=False)
    noon = at_tehran(MONDAY, "12:00")
    deliver(application, noon)
    clock.forward(seconds=UNANSWERED_PAUSE.total_seconds() - 1)
    deliver(application, noon)
    assert len(gateway.ids) == 1
    clock.forward(seconds=1)
    deliver(application, noon)
    for _ in range(3):
        clock.forward(days=1)
        deliver(application, noon)
    assert len(gateway.ids) == 2
    assert len(set(gateway.ids)) == 1
    with line.reading() as uow:
        (call,) = uow.outbox.calls({6})
        assert about(uow, call, call.at).code == citizen.code


def test_a_second_try_that_is_answered_is_the_end(
    line: Line, application: Application, clock: FixedClock
) -> None:
    application.phone = gateway = DeadGateway(UnansweredError)
    line.file(1, accepted=False)
    noon = at_tehran(MONDAY, "12:00")
    deliver(application, noon)
    gateway.mended = True
    clock.forward(seconds=UNANSWERED_PAUSE.total_seconds())
    assert deliver(application, noon) == 1
    clock.forward(days=1)
    assert deliver(application, noon) == 0
    assert len(gateway.ids) == 2


def test_a_number_given_anew_after_a_restored_backup_is_another_message(
    line: Line, application: Application, clock: FixedClock
) -> None:
    """The gateway remembers ids of sent messages: an equal id would suppress the new message."""
    application.phone = gateway = DeadGateway()
    gateway.mended = True
    line.file(1, accepted=False)
    noon = at_tehran(MONDAY, "12:00")
    assert deliver(application, noon) == 1
    with application.store.unit_of_work(clock()) as uow:
        (row,) = uow.session.exec(select(OutboxRow).where(col(OutboxRow.sent_at).is_not(None)))
        row.at, row.state = row.at + timedelta(days=1), Delivery.WAITING
        row.next_try_at, row.claimed_until = clock(), None
        uow.session.add(row)
    assert deliver(application, noon) == 1
    assert len(set(gateway.ids)) == 2


class BusyGateway:
    """Answers nobody until as many wait as may be sent at once."""

    def __init__(self, together: int) -> None:
        self.all_here = threading.Barrier(together, timeout=30)
        self.sent: list[tuple[str, str]] = []

    def send(self, mobile: str, text: str, message_id: str) -> None:
        self.all_here.wait()
        self.sent.append((message_id, text))


@pytest.mark.on_postgresql
def test_many_are_on_their_way_at_once_and_nobodys_overtake_each_other(
    line: Line, application: Application
) -> None:
    citizens = line.file(PARALLEL)  # two notices each
    application.phone = gateway = BusyGateway(PARALLEL)
    assert deliver(application, at_tehran(MONDAY, "12:00")) == 2 * PARALLEL
    assert len({one for one, _ in gateway.sent}) == 2 * PARALLEL
    for citizen in citizens:
        filed, accepted = (text for _, text in gateway.sent if citizen.code in _ascii(text))
        assert "ثبت شد" in filed
        assert "پذیرفته شد" in accepted


def test_what_is_told_to_officials_waits_for_no_gateway(
    line: Line, application: Application
) -> None:
    line.file(1)
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        states = uow.connection.exec_driver_sql(
            "SELECT DISTINCT state FROM outbox WHERE person_id IS NULL"
        ).scalars()
        assert set(states) == {Delivery.SHOWN}


@pytest.mark.on_postgresql(rows=(0,))
@pytest.mark.parametrize("fault", [ConnectionError, RuntimeError])
def test_a_gateway_that_stays_dead_hands_over_to_the_telephone(
    line: Line, application: Application, clock: FixedClock, fault: type[Exception]
) -> None:
    application.phone = gateway = DeadGateway(fault)
    (citizen,) = line.file(1, accepted=False)
    for _ in range(len(BACK_OFF) + 2):
        deliver(application, at_tehran(MONDAY, "12:00"))
        clock.forward(days=1)
    assert len(gateway.tried) == len(BACK_OFF) + 1
    with line.reading() as uow:
        (call,) = uow.outbox.calls({6})
        assert about(uow, call, call.at).code == citizen.code


@pytest.mark.on_postgresql
def test_a_process_that_dies_while_sending_leaves_the_notice_to_the_next(
    line: Line, application: Application, clock: FixedClock, phone: DemoPhone
) -> None:
    line.file(1, accepted=False)
    with application.store.unit_of_work(clock()) as uow:
        assert len(uow.outbox.claim(CLAIM)) == 1
    assert deliver(application, line.clock()) == 0
    clock.forward(seconds=CLAIM.total_seconds())
    assert deliver(application, line.clock()) == 1
    assert len(phone.sent) == 1


def test_a_notice_without_words_does_not_keep_the_others_back(
    line: Line, application: Application, phone: DemoPhone, caplog: pytest.LogCaptureFixture
) -> None:
    broken, fine = line.file(2, accepted=False)
    with application.store.unit_of_work(line.clock()) as uow:
        uow.session.connection().exec_driver_sql(
            f"UPDATE outbox SET event_id = (SELECT max(id) FROM event) "
            f"WHERE request_id = '{broken.request.id}'"
        )
    assert deliver(application, line.clock()) == 1
    assert len(texts(phone, fine)) == 1
    assert "has no words" in caplog.text


def test_a_case_that_cannot_be_opened_any_more_does_not_keep_the_others_back(
    line: Line, application: Application, phone: DemoPhone, caplog: pytest.LogCaptureFixture
) -> None:
    broken, fine = line.file(2, accepted=False)
    with application.store.unit_of_work(line.clock()) as uow:
        broke = update(RequestRow).where(col(RequestRow.id) == broken.request.id)
        uow.session.connection().execute(broke.values(title=b"\0"))
    assert deliver(application, line.clock()) == 1
    assert len(texts(phone, fine)) == 1
    assert "has no words" in caplog.text


@pytest.mark.on_postgresql(rows=(0,))
@pytest.mark.parametrize("column", ["mobile", "name", "identity"])
def test_a_person_who_cannot_be_read_any_more_does_not_keep_the_others_back(
    line: Line,
    application: Application,
    phone: DemoPhone,
    clock: FixedClock,
    caplog: pytest.LogCaptureFixture,
    column: str,
) -> None:
    broken, *others = line.file(3, accepted=False)
    with application.store.unit_of_work(line.clock()) as uow:
        broke = update(PersonRow).where(col(PersonRow.id) == broken.actor.person_id)
        uow.session.connection().execute(broke.values({column: b"\0"}))
    assert deliver(application, line.clock()) == 2
    assert [len(texts(phone, citizen)) for citizen in others] == [1, 1]
    assert "has no reader" in caplog.text
    with line.reading() as uow:
        (notice,) = uow.outbox.of_request(broken.request.id, "citizen")
    assert (notice.state, notice.tries) == (Delivery.WAITING, 1), "tried again, then the desk's"


@pytest.mark.parametrize("fault", [AssertionError, StopIteration])
def test_nor_does_a_fault_in_the_words_themselves(
    line: Line,
    application: Application,
    phone: DemoPhone,
    monkeypatch: pytest.MonkeyPatch,
    fault: type[Exception],
) -> None:
    broken, fine = line.file(2, accepted=False)

    def words(facts: About, host: str = "") -> NoticeText:
        if facts.code == broken.code:
            raise fault
        return notice_text(facts, host)

    monkeypatch.setattr(outbox, "notice_text", words)
    assert deliver(application, line.clock()) == 1
    assert len(texts(phone, fine)) == 1


@pytest.mark.on_postgresql
def test_whoever_has_no_mobile_is_on_the_desks_list(
    line: Line, application: Application, phone: DemoPhone
) -> None:
    (citizen,) = line.file(1, accepted=False)
    with application.store.unit_of_work(line.clock()) as uow:
        uow.people.set_mobile(citizen.actor.person_id or "", None)
    deliver(application, line.clock())
    assert not phone.sent
    with line.reading() as uow:
        assert [call.request_id for call in uow.outbox.calls({6})] == [citizen.request.id]
        assert uow.outbox.calls({4}) == []


def test_a_notice_tells_the_seat_as_it_was_when_it_was_given(
    line: Line, application: Application, phone: DemoPhone
) -> None:
    line.worker.tick()
    (citizen,) = line.drawn(1)
    citizen.does(Action.GIVE_UP_SEAT)
    deliver(application, line.clock())
    (seat,) = [text for text in texts(phone, citizen) if "پاسخ: " in text]
    assert "نوبت دوشنبه ۹ آذر، ۹:۰۰. می‌آیید؟" in seat
    assert "تا شنبه ۷ آذر، ۲۰:۰۰" in seat


def test_an_sms_about_a_turn_carries_the_logs_head(
    line: Line, application: Application, phone: DemoPhone
) -> None:
    (citizen,) = line.file(1)
    deliver(application, line.clock())
    with line.reading() as uow:
        mark = uow.log.head().short
    assert texts(phone, citizen)[-1].endswith(f"رسید دفتر: \u2066{mark}\u2069")


def test_an_sms_sends_her_to_the_sites_own_address(
    line: Line, application: Application, phone: DemoPhone
) -> None:
    (citizen,) = line.file(1, accepted=False)
    application.host = "meeting.example"
    with application.store.unit_of_work(line.clock()) as uow:
        command = TakeStep(code=citizen.code, action=Action.ASK_INFO, note="نشانی را بنویسید.")
        take_step(uow, line.city.as_("desk"), command, line.clock())
    deliver(application, line.clock())
    assert "در meeting.example بفرستید" in texts(phone, citizen)[-1]


def test_the_reminder_speaks_of_tomorrow(line: Line, application: Application) -> None:
    line.worker.tick()
    (citizen,) = line.drawn(1)
    citizen.does(Action.CONFIRM)
    line.until(MONDAY.replace(day=29), "20:00")
    with line.reading() as uow:
        (reminder,) = [
            one
            for one in uow.outbox.of_request(citizen.request.id, Role.CITIZEN)
            if one.action == "reminder"
        ]
        text_of_reminder = notice_text(about(uow, reminder, reminder.at))
    assert text_of_reminder.title == "فردا نوبت شماست"
    assert "دوشنبه ۹ آذر، ساعت ۹:۰۰" in text_of_reminder.text
    assert len(text_of_reminder.sms) <= 134
    with line.reading() as uow:
        hers = uow.district_texts.on(DISTRICT, MONDAY)
    assert hers is not None
    assert f"، ۹:۰۰. {hers.address[:12]}" in text_of_reminder.sms, "she may read nothing else"
