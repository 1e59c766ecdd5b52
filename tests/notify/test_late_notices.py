"""A late notice is sent only if its text is still true."""

from datetime import datetime, timedelta
from itertools import product

import pytest
from support.city import City
from support.each import for_each
from support.faulty_gateway import FaultyGateway, live
from support.line import MONDAY, WEDNESDAY, Citizen, Line

from publicmeeting.application import Application
from publicmeeting.domain.calendar import is_late
from publicmeeting.domain.lifecycle.advance import open_until
from publicmeeting.domain.lifecycle.notices import TRUE_UNTIL, Delivery, Timely, TrueUntil
from publicmeeting.domain.lifecycle.tables import STEP_FOR, AnyAction
from publicmeeting.domain.records import Event
from publicmeeting.domain.roles import Role
from publicmeeting.domain.stages import Action, OrderAction, Stage
from publicmeeting.kit.clock import at_tehran, tehran_day
from publicmeeting.notify.outbox import deliver
from publicmeeting.notify.phone import UnreachableError
from publicmeeting.notify.wording import About, about, notice_text, true_until
from publicmeeting.store.lifecycle.delays import Delay
from publicmeeting.store.lifecycle.outbox import Notice
from publicmeeting.text.notices.notices_text import SMS_MOST
from publicmeeting.text.notices.notices_text import Notice as NoticeText
from publicmeeting.text.tracking.case_text import OFFER_REFUSED, OWN
from publicmeeting.ui.citizen.timeline.record import case_steps
from publicmeeting.usecases.base import Nothing, OneCase
from publicmeeting.usecases.screening.calls import calls
from publicmeeting.usecases.tracking.timeline import timeline_page

SUNDAY = MONDAY - timedelta(days=1)
HER_TIME = "09:00"
ANSWER_BY = at_tehran(MONDAY - timedelta(days=2), "20:00")
LATE = (timedelta(0), timedelta(hours=1), timedelta(hours=12), timedelta(days=3))

HAPPENS: dict[TrueUntil, datetime] = {
    TrueUntil.MINUTE: at_tehran(MONDAY, "08:58"),
    TrueUntil.SEAT: at_tehran(SUNDAY, "20:00"),
    TrueUntil.AT_THE_DOOR: at_tehran(MONDAY, "08:58"),
    TrueUntil.ANSWER: at_tehran(WEDNESDAY, "20:00"),
    TrueUntil.ALWAYS: at_tehran(MONDAY, "09:40"),
}
"""When a notice of each sort is made, about a seat on Monday at nine."""
SENT_SO_LATE: dict[TrueUntil, tuple[bool, ...]] = {
    TrueUntil.MINUTE: (True, False, False, False),
    TrueUntil.SEAT: (True, True, True, False),
    TrueUntil.AT_THE_DOOR: (True, False, False, False),
    TrueUntil.ANSWER: (True, True, True, False),
    TrueUntil.ALWAYS: (True, True, True, True),
}
"""Whether a notice is sent at once, and an hour, twelve hours and three days later."""
NEAR = {"دیروز": -1, "امروز": 0, "فردا": 1}


def facts_of(kind: AnyAction | Timely, read_at: datetime) -> About:
    own = None if isinstance(kind, Timely) else kind
    at = HAPPENS[TRUE_UNTIL[kind]]
    notice = Notice(1, 1, "r", None, kind.value, Role.CITIZEN.value, "p", at, Delivery.WAITING)
    stage = Stage.WAITING
    event = Event(own or Action.CONFIRM, Role.CLOCK, at, stage, stage, due_at=ANSWER_BY)
    delay = Delay(at, at + timedelta(minutes=20), 20) if kind is Timely.LATENESS else None
    return About(
        own,
        Role.CITIZEN,
        at,
        read_at,
        true_until(notice, event, MONDAY, HER_TIME),
        code="0506221804",
        district=6,
        day=MONDAY,
        time=HER_TIME,
        until=ANSWER_BY,
        log="70419082",
        delay=delay,
    )


def test_every_kind_that_a_citizen_gets_has_its_time() -> None:
    sent = {step.action for step in STEP_FOR.values() if Role.CITIZEN in step.notifies}
    assert set(TRUE_UNTIL) == sent | set(Timely)


@for_each(product(TRUE_UNTIL, enumerate(LATE)))
def test_a_notice_that_comes_late_is_true_or_stays_unsent(
    kind: AnyAction | Timely, late: tuple[int, timedelta]
) -> None:
    which, after = late
    sort = TRUE_UNTIL[kind]
    read_at = HAPPENS[sort] + after
    facts = facts_of(kind, read_at)
    is_sent = not is_late(facts.true_until, read_at)
    assert is_sent is SENT_SO_LATE[sort][which]
    if not is_sent:
        return
    words = notice_text(facts)
    for text in (words.title, words.text, words.sms):
        for near, days in NEAR.items():
            assert near not in text or tehran_day(read_at) + timedelta(days=days) == MONDAY, text


@for_each(kind for kind, until in TRUE_UNTIL.items() if until is TrueUntil.ALWAYS)
def test_what_is_sent_however_late_sends_nobody_into_the_room(kind: AnyAction | Timely) -> None:
    """By then she may have been in the room, and reads what to do afterwards."""
    words = notice_text(facts_of(kind, HAPPENS[TrueUntil.ALWAYS]))
    for text in (words.title, words.text, words.sms):
        assert "در اتاق" not in text


@for_each(TRUE_UNTIL)
def test_no_time_is_counted_from_when_it_is_read(kind: AnyAction | Timely) -> None:
    words = notice_text(facts_of(kind, HAPPENS[TRUE_UNTIL[kind]]))
    for text in (words.text, words.sms):
        assert "روز دیگر" not in text
        for within in ("تا سه روز", "تا ده روز", "پس از سه روز", "پس از پنج روز"):
            assert within not in text
        assert "تا ۳۰ روز" not in text or "پس از بسته شدنش" in text


@pytest.mark.parametrize(
    ("action", "days", "clock"),
    [
        (Action.REDIRECT, 10, "24:00"),
        (Action.DECLINE, 10, "24:00"),
        (Action.FINISH_REFUSED, 10, "24:00"),
        (Action.NO_SHOW, 3, "09:40"),
        (OrderAction.UPHOLD, 30, "24:00"),
        (OrderAction.SETTLE, 30, "24:00"),
        (Action.ACCEPT, 0, None),
    ],
)
def test_she_is_written_until_when_she_may_contradict(
    action: AnyAction, days: int, clock: str | None
) -> None:
    stage = Stage.WAITING
    until = open_until(Event(action, Role.CLOCK, at_tehran(MONDAY, "09:40"), stage, stage))
    assert until == (at_tehran(MONDAY + timedelta(days=days), clock) if clock else None)


def test_a_receipt_names_no_day_that_is_over() -> None:
    before, after = (
        notice_text(facts_of(Action.SUBMIT, ANSWER_BY + timedelta(hours=hours))).sms
        for hours in (-1, 1)
    )
    assert "شنبه ۷ آذر" in before
    assert "شنبه ۷ آذر" not in after
    assert "ثبت شد. رسید دفتر: \u206670419082\u2069" in after


def confirmed(line: Line) -> Citizen:
    (citizen,) = line.drawn(1)
    citizen.does(Action.CONFIRM)
    line.until(SUNDAY, "19:50")
    return citizen


def test_a_reminder_that_a_gateway_held_up_speaks_of_today(
    line: Line, application: Application, gateway: FaultyGateway
) -> None:
    confirmed(line)
    gateway.sent.clear()
    gateway.fault = UnreachableError
    live(line, application, at_tehran(SUNDAY, "22:05"))
    gateway.fault = None
    line.clock.set(at_tehran(MONDAY, "07:59"))
    live(line, application, at_tehran(MONDAY, "08:55"))
    (text,) = gateway.sent
    assert "امروز دوشنبه ۹ آذر، ۹:۰۰" in text
    assert "فردا" not in text


@pytest.mark.on_postgresql(rows=(0,))
@pytest.mark.parametrize(("wakes", "many"), [("08:30", 1), ("09:00", 0), ("15:00", 0)])
def test_a_reminder_made_on_the_day_speaks_of_today_and_none_is_made_after_her_time(
    line: Line, application: Application, gateway: FaultyGateway, wakes: str, many: int
) -> None:
    confirmed(line)
    gateway.sent.clear()
    line.clock.set(at_tehran(MONDAY, wakes))  # the machine was off
    live(line, application, line.clock.now + timedelta(minutes=2))
    texts = [text for text in gateway.sent if "۹:۰۰" in text]
    assert len(texts) == many
    assert all("امروز دوشنبه ۹ آذر" in text for text in texts)


def test_no_reminder_goes_out_after_her_time(
    line: Line, application: Application, gateway: FaultyGateway
) -> None:
    confirmed(line)
    gateway.sent.clear()
    gateway.fault = UnreachableError
    live(line, application, at_tehran(SUNDAY, "20:05"))
    gateway.fault = None
    line.clock.set(at_tehran(MONDAY, "09:00"))
    deliver(application, line.clock.now)
    assert gateway.sent == []


@pytest.mark.on_postgresql
def test_the_desk_reads_it_as_it_is_then_and_never_what_is_over(
    line: Line, application: Application, city: City, gateway: FaultyGateway
) -> None:
    """She has no mobile, so the desk reads the evening's reminder to her in the morning."""
    citizen = confirmed(line)
    with application.store.unit_of_work(line.clock()) as uow:
        uow.people.set_mobile(citizen.request.person_id, None)
    live(line, application, at_tehran(SUNDAY, "20:01"))
    desk = city.as_("desk")

    def titles() -> list[str]:
        found = application.query_as(desk, calls, Nothing()).waiting
        return [notice_text(call.about).title for call in found]

    assert titles()[-1] == "فردا نوبت شماست"
    line.clock.set(at_tehran(MONDAY, "08:10"))
    assert titles()[-1] == "امروز نوبت شماست"
    line.clock.set(at_tehran(MONDAY, HER_TIME))
    assert "امروز نوبت شماست" not in titles()
    with application.store.unit_of_work(line.clock()) as uow:
        before = uow.outbox.count_calls({6})
        uow.outbox.sweep()
        assert uow.outbox.count_calls({6}) == before == len(titles())
        kinds = uow.outbox.of_request(citizen.request.id, Role.CITIZEN)
    assert {kind.state for kind in kinds if kind.action == Timely.REMINDER} == {Delivery.SHOWN}


SEATS = 8


@pytest.fixture
def two(line: Line) -> tuple[Citizen, Citizen]:
    """Return one citizen who gave her seat back, and one who refused its offer."""
    by_ticket = {citizen.request.ticket: citizen for citizen in line.file(SEATS + 2)}
    line.until(MONDAY - timedelta(days=5), "20:00")
    file = line.draw().file
    gives_up = by_ticket[file["seated"][0]["ticket"]]
    refuses = by_ticket[file["standby"][0]]
    gives_up.does(Action.GIVE_UP_SEAT)
    line.until(MONDAY - timedelta(days=5), "20:10")
    refuses.does(Action.GIVE_UP_SEAT)
    return gives_up, refuses


def newest_notice(line: Line, citizen: Citizen) -> NoticeText:
    with line.reading() as uow:
        notices = uow.outbox.of_request(citizen.request.id, Role.CITIZEN)
        newest = max(notices, key=lambda notice: notice.id)
        return notice_text(about(uow, newest, newest.at))


def test_the_message_says_that_an_offer_was_refused(
    line: Line, two: tuple[Citizen, Citizen]
) -> None:
    gave_up, refused = (newest_notice(line, citizen) for citizen in two)
    assert gave_up.title == "نوبت را پس دادید"
    assert refused.title == "پیشنهاد نوبت را نپذیرفتید"
    assert "پس دادید" not in refused.sms
    assert "چیزی از شما کم نشد" in refused.sms
    assert len(refused.sms) <= SMS_MOST


def test_so_does_her_timeline(line: Line, two: tuple[Citizen, Citizen]) -> None:
    titles = []
    for citizen in two:
        page = line.city.application.query_as(
            citizen.actor, timeline_page, OneCase(code=citizen.code)
        )
        titles.append({step.title for step in case_steps(page)})
    assert OWN[Action.GIVE_UP_SEAT] in titles[0] - titles[1]
    assert OFFER_REFUSED in titles[1] - titles[0]
