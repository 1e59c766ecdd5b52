"""A citizen who is met by telephone reads nothing about the hall or her card."""

from datetime import timedelta
from typing import Any

import pytest
from support.citizens import shows_card
from support.each import for_each
from support.hall import Guest, Hall
from support.line import MONDAY

from publicmeeting.domain.lifecycle.telephone import was_rung
from publicmeeting.domain.meetings.estimate import DayState
from publicmeeting.domain.roles import Role
from publicmeeting.domain.stages import Action, Stage
from publicmeeting.kit.clock import at_tehran
from publicmeeting.notify.wording import about, notice_text
from publicmeeting.text.notices.citizen_notices_text import BY_TELEPHONE
from publicmeeting.text.notices.notices_text import notice_by_telephone, reminder_by_telephone
from publicmeeting.text.notices.sms_text import SMS_MOST, sms_length
from publicmeeting.text.tracking import case_text, day_words
from publicmeeting.ui.citizen.timeline.moves import open_moves, request_moves
from publicmeeting.ui.citizen.timeline.page import case_view
from publicmeeting.ui.stories.notice_story import by_telephone
from publicmeeting.usecases.base import OneCase
from publicmeeting.usecases.meetings.coming.her_day import her_day
from publicmeeting.usecases.meetings.coming.reminders import remind
from publicmeeting.usecases.meetings.in_hall.passes import seat_pass
from publicmeeting.usecases.tracking.timeline import timeline_page
from publicmeeting.usecases.tracking.turn import my_turn
from publicmeeting.web.routes.papers import appointment

SENDS_HER = ("کارت", "مدارک", "بیایید", "نیایید", "به پذیرش", "در سالن", "می‌آیید", "اتاق ملاقات")
"""Words that only concern visitors who come."""


@pytest.fixture
def rung(hall: Hall) -> Hall:
    """Sunday: the first guest has asked to be telephoned."""
    hall.clock.set(at_tehran(MONDAY - timedelta(days=1), "18:00"))
    shows_card(hall.application, hall.guests[0].request)
    hall.act(hall.guests[0].actor, hall.guests[0], Action.ASK_CALL)
    return hall


def page(hall: Hall, guest: Guest) -> Any:
    found = hall.query(guest.actor, timeline_page, OneCase(code=guest.code))
    turn = hall.query(guest.actor, my_turn, OneCase(code=guest.code))
    return case_view(found, turn, open_moves(found, turn), {})


def read(hall: Hall, guest: Guest) -> str:
    """Return everything that her page says of now and of the future."""
    seen = page(hall, guest)
    road = [step for step in (*seen.before, *seen.road) if step.kind in ("now", "ahead")]
    parts = [seen.status.head, seen.status.means, seen.turn.keeps, seen.turn.off_means]
    parts += [f"{step.title} {step.meaning}" for step in road]
    parts += [line.text for line in seen.turn.lines]
    return " ".join(parts)


def wrong_in(text: str) -> list[str]:
    return [word for word in SENDS_HER if word in text]


def notice_of(hall: Hall, guest: Guest, action: Action) -> str:
    with hall.reading() as uow:
        notices = uow.outbox.of_request(guest.request.id, "citizen")
        newest = [notice for notice in notices if notice.action == action][-1]
        words = notice_text(about(uow, newest, newest.at), "meeting.example")
    return f"{words.title} {words.text} {words.sms}"


def test_before_her_day_her_page_and_calendar_send_her_nowhere(rung: Hall) -> None:
    guest = rung.guests[0]
    assert wrong_in(read(rung, guest)) == []
    assert "زنگ" in read(rung, guest)
    seen = rung.query(guest.actor, seat_pass, OneCase(code=guest.code))
    entry = appointment(seen, "meeting.example")
    assert entry.place == ""
    assert wrong_in(f"{entry.summary} {entry.notes}") == []
    other = rung.guests[1]
    assert "کارت" in read(rung, other), "who comes brings it"
    came = appointment(rung.query(other.actor, seat_pass, OneCase(code=other.code)), "x")
    assert came.place


def test_the_reminder_is_hers(rung: Hall) -> None:
    with rung.application.store.unit_of_work(rung.clock.now) as uow:
        remind(uow, MONDAY, rung.clock.now)
    texts = {}
    with rung.reading() as uow:
        for guest in rung.guests[:2]:
            newest = uow.outbox.of_request(guest.request.id, "citizen")[-1]
            words = notice_text(about(uow, newest, newest.at))
            texts[guest.code] = f"{words.title} {words.text} {words.sms}"
    mine, other = (texts[guest.code] for guest in rung.guests[:2])
    assert wrong_in(mine) == []
    assert "زنگ می‌زنیم" in mine
    assert "کارت شناسایی" in other


def test_her_answers_are_buttons_of_somebody_who_stays_at_home(rung: Hall) -> None:
    guest = rung.guests[0]
    found = rung.query(guest.actor, timeline_page, OneCase(code=guest.code))
    turn = rung.query(guest.actor, my_turn, OneCase(code=guest.code))
    labels = [
        move.label for move in request_moves(found.steps, turn) if move.action != Action.ASK_VISIT
    ]
    assert wrong_in(" ".join(labels)) == []


def test_on_the_line_and_after_two_rings_she_reads_what_has_happened(rung: Hall) -> None:
    guest, other = rung.guests[:2]
    rung.clock.set(at_tehran(MONDAY, "09:00"))
    rung.act("mayor", guest, Action.RING, calls="0")
    rung.clock.forward(minutes=11)
    rung.act("mayor", guest, Action.RING, calls="1")
    rung.act("reception", guest, Action.NO_SHOW)
    day = rung.query(guest.actor, her_day, OneCase(code=guest.code))
    assert day.state is DayState.MISSED
    assert "پاسخ ندادن" in day_words.head_words(day)
    assert "پاسخ" in notice_of(rung, guest, Action.NO_SHOW)
    assert wrong_in(notice_of(rung, guest, Action.NO_SHOW)) == []
    assert "خواندیم" not in read(rung, guest)
    assert not was_rung(other.request.history, MONDAY)


def test_she_who_answered_waits_on_the_line(rung: Hall) -> None:
    guest = rung.guests[0]
    rung.clock.set(at_tehran(MONDAY, "09:00"))
    rung.act("mayor", guest, Action.REACH)
    day = rung.query(guest.actor, her_day, OneCase(code=guest.code))
    assert day.state is DayState.REACHED
    assert day_words.entry_words(day) == ""
    assert wrong_in(read(rung, guest)) == []


def test_a_monday_called_off_and_one_that_ended_are_told_her_way(rung: Hall) -> None:
    guest = rung.guests[0]
    rung.ends()
    assert guest.request.stage is Stage.WAITING
    assert wrong_in(notice_of(rung, guest, Action.NOT_CALLED)) == []


def test_whoever_asked_for_it_and_came_all_the_same_was_called_in_the_hall(rung: Hall) -> None:
    guest = rung.guests[0]
    rung.clock.set(at_tehran(MONDAY, "08:50"))
    rung.arrive(guest)
    rung.clock.set(at_tehran(MONDAY, "09:01"))
    for seen in ("0", "1"):
        rung.act("reception", guest, Action.CALL, calls=seen)
    rung.clock.forward(minutes=10)
    rung.act("reception", guest, Action.NO_SHOW)
    assert not was_rung(guest.request.history, MONDAY)
    assert "زنگ" not in notice_of(rung, guest, Action.NO_SHOW)


@for_each(list(by_telephone()), ids=lambda one: one.key[0])
def test_every_text_of_hers_fits_in_two_messages_and_sends_her_nowhere(one: Any) -> None:
    words = one.notice
    assert wrong_in(f"{words.title} {words.text} {words.sms}") == []
    assert sms_length(words.sms) <= SMS_MOST
    assert "{" not in words.text + words.sms


def test_officials_read_what_they_always_read() -> None:
    for action in BY_TELEPHONE:
        assert notice_by_telephone(action, Role.CITIZEN, code="1").sms
    words = reminder_by_telephone(
        code="0506123457", day="دوشنبه ۹ آذر", time="۹:۰۰", log="7c1e90ab", days_ahead=1
    )
    assert wrong_in(f"{words.title} {words.text} {words.sms}") == []
    assert case_text.BY_TELEPHONE
