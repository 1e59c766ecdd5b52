"""A process killed between an order's row and its message loses and doubles nothing.

The notice is written in the transaction of the step. Therefore each stored step sends its message,
and no step leaves two notices. Between sending and recording it, delivery is at least once: a
gateway cannot be asked whether a message has left, and a message sent twice is better than a late
promise of which nobody was told.
"""

import signal
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from support.files import folder_of
from support.forks import Forks
from support.hall import Guest, Hall
from support.line import Line

from publicmeeting.domain.lifecycle.climbing import CLIMBS
from publicmeeting.domain.stages import OrderAction
from publicmeeting.kit.clock import at_tehran, end_of_day
from publicmeeting.notify.outbox import CLAIM, deliver
from publicmeeting.notify.phone import DemoPhone
from publicmeeting.text.notices.notices_text import NOTICE

pytestmark = pytest.mark.on_postgresql

O = OrderAction  # noqa: E741  (the letter of the table)
Dies = Callable[..., None]
DUE = date(2026, 12, 2)
TO_MAYOR = date(2026, 12, 7)
MORNING = at_tehran(DUE + timedelta(days=1), "09:00")
"""The morning after the due date: it ended at midnight, when no SMS is sent."""


@pytest.fixture
def number(hall: Hall, guest: Guest) -> str:
    """Number of an order whose notices so far have been sent."""
    number = hall.met(guest, due_on=DUE.isoformat())[0].number
    with hall.application.store.unit_of_work(hall.clock()) as uow:
        uow.outbox.mark_all_sent(lambda at: at)
    return number


@pytest.fixture
def dies(forks: Forks, hall: Hall) -> Dies:
    """Runs a second process of the same city at this instant until it is killed."""

    def until_killed(*when: str) -> None:
        store, folder = hall.application.store, folder_of(hall.application.files.images)
        url = store.engine.url.render_as_string(hide_password=False)
        Path(folder).mkdir(parents=True, exist_ok=True)
        now = str(int(hall.clock().timestamp()))
        dead = forks.run("support.dying", url, str(folder), now, *when)
        assert dead.code == -signal.SIGKILL

    return until_killed


def comes_back(hall: Hall) -> None:
    """Let the lease and the claims of the killed process expire, and another one go on."""
    hall.clock.forward(seconds=CLAIM.total_seconds())
    for _ in range(3):
        hall.application.worker.tick()


def climbs(guest: Guest) -> list[OrderAction]:
    return [event.action for event in guest.orders[0].history if event.action in CLIMBS]


def texts(hall: Hall, guest: Guest, action: OrderAction) -> list[str]:
    """Return the SMS to her phone about this step."""
    assert isinstance(hall.application.phone, DemoPhone)
    (sms,) = [notice.sms for (act, _), notice in NOTICE.items() if act is action and notice.sms]
    begins = sms.split("}")[1].split("{")[0].strip(": ")[:20]
    with hall.reading() as uow:
        mobile = uow.people.get(guest.request.person_id).mobile
    return [text for to, text in hall.application.phone.sent if to == mobile and begins in text]


def test_a_step_whose_process_dies_after_its_commit_is_told_exactly_once(
    hall: Hall, guest: Guest, number: str, dies: Dies
) -> None:
    dies("told", number)
    assert guest.orders[0].count(O.TAKE_ON) == 1
    assert texts(hall, guest, O.TAKE_ON) == []
    comes_back(hall)
    assert len(texts(hall, guest, O.TAKE_ON)) == 1
    comes_back(hall)
    assert len(texts(hall, guest, O.TAKE_ON)) == 1


def test_a_climb_whose_worker_dies_after_its_commit_is_told_exactly_once(
    hall: Hall, guest: Guest, number: str, dies: Dies
) -> None:
    Line(hall.city, hall.clock).until(TO_MAYOR, "23:59")
    hall.clock.set(end_of_day(TO_MAYOR))
    dies("told")
    assert climbs(guest) == [O.WARN_UNIT, O.CLIMB_TO_MAYOR]
    assert texts(hall, guest, O.CLIMB_TO_MAYOR) == []
    hall.clock.set(at_tehran(TO_MAYOR + timedelta(days=1), "09:00"))
    comes_back(hall)
    assert climbs(guest) == [O.WARN_UNIT, O.CLIMB_TO_MAYOR]
    for action in (O.WARN_UNIT, O.CLIMB_TO_MAYOR):
        assert len(texts(hall, guest, action)) == 1


def test_a_worker_killed_before_the_commit_of_a_climb_leaves_nothing_of_it(
    hall: Hall, guest: Guest, number: str, dies: Dies
) -> None:
    hall.clock.set(MORNING)
    for statement in ("5", "10", "20"):
        dies(statement)
        assert guest.orders[0].climbs_at == end_of_day(DUE)
        hall.clock.forward(minutes=1)
    comes_back(hall)
    assert guest.orders[0].count(O.WARN_UNIT) == 1
    assert len(texts(hall, guest, O.WARN_UNIT)) == 1


def test_killed_between_sending_and_writing_it_down_sends_again_and_never_not(
    hall: Hall, guest: Guest, number: str, dies: Dies
) -> None:
    hall.step("technical", number, O.TAKE_ON)
    dies("sent")
    left = (folder_of(hall.application.files.images) / "sent.txt").read_text(encoding="utf-8")
    assert len(left.splitlines()) == 1
    assert deliver(hall.application, hall.clock()) == 0, "the dead one's claim still holds"
    comes_back(hall)
    assert len(texts(hall, guest, O.TAKE_ON)) == 1, "once more, since nobody knows it has left"
    comes_back(hall)
    assert len(texts(hall, guest, O.TAKE_ON)) == 1
