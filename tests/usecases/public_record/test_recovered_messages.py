"""After a restore nobody gets a second SMS about the same thing, and nobody misses one."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from support.line import MONDAY, Citizen, Line
from support.restored import DAY, accused, now_at, restored

from publicmeeting.domain.stages import Action
from publicmeeting.notify.phone import DemoPhone

NO = {"reason": "other_body", "note": "کار ما نیست."}


class NotedPhone(DemoPhone):
    """A gateway that keeps the id of each message."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []

    def send(self, mobile: str, text: str, message_id: str = "") -> None:
        super().send(mobile, text)
        self.ids.append(message_id)


@pytest.fixture
def phone(line: Line) -> NotedPhone:
    """The gateway of the city before the restore."""
    line.city.application.phone = phone = NotedPhone()
    return phone


def after(back: Line) -> Sequence[tuple[str, str]]:
    """Return what the restored city has sent."""
    sent = back.city.application.phone
    assert isinstance(sent, DemoPhone)
    return list(sent.sent)


def confirm(people: list[Citizen]) -> None:
    for person in people:
        if person.stage == "invited":
            person.does(Action.CONFIRM)


def test_draw_answers_and_reminders_of_the_lost_hours_are_sent_once(
    line: Line, tmp_path: Path, phone: NotedPhone
) -> None:
    people = line.file(9)
    line.until(MONDAY - 5 * DAY, "19:00")

    def hours() -> None:
        line.until(MONDAY - 4 * DAY, "12:00")
        confirm(people)
        line.until(MONDAY - DAY, "23:30")

    back, _ = restored(line, tmp_path, hours)
    before = set(phone.sent)
    back.until(MONDAY, "08:30")
    assert any("فردا" in text for _, text in before), "a reminder"
    assert [one for one in after(back) if one in before] == []
    assert accused(back) == []


def test_what_waited_at_the_backup_and_was_sent_since_is_sent_once(
    line: Line, tmp_path: Path, phone: NotedPhone
) -> None:
    (hers, *_) = line.file(3, accepted=False)
    line.until(MONDAY - 9 * DAY, "23:00")
    line.official("desk", hers, Action.ACCEPT)

    def hours() -> None:
        line.until(MONDAY - 8 * DAY, "09:00")
        line.file(1)

    back, _ = restored(line, tmp_path, hours)
    before = set(phone.sent)
    back.until(MONDAY - 8 * DAY, "10:00")
    assert before
    assert [one for one in after(back) if one in before] == []


def test_what_was_not_sent_before_the_loss_is_sent(
    line: Line, tmp_path: Path, phone: NotedPhone
) -> None:
    """The loss comes by night, when her message waits for the morning."""
    people = line.drawn(9)
    hers = next(person for person in people if person.stage == "invited")
    line.until(MONDAY - 5 * DAY, "22:30")
    back, _ = restored(line, tmp_path, lambda: hers.does(Action.WITHDRAW))
    sent = len(phone.sent)
    back.until(MONDAY - 4 * DAY, "08:30")
    assert len(phone.sent) == sent
    assert after(back)


def test_a_message_of_the_last_minute_has_its_id_again(
    line: Line, tmp_path: Path, phone: NotedPhone
) -> None:
    """Whether it was sent is unknown; a gateway that knows ids sends it once."""
    people = line.drawn(9)
    hers = next(person for person in people if person.stage == "invited")
    line.until(MONDAY - 4 * DAY, "12:00")

    def hours() -> None:
        hers.does(Action.CONFIRM)
        line.worker.send()

    back, _ = restored(line, tmp_path, hours)
    back.city.application.phone = again = NotedPhone()
    back.clock.forward(seconds=1)
    back.worker.send()
    assert again.ids == phone.ids[-1:]


def test_a_message_that_the_gateway_refused_is_sent(
    line: Line, tmp_path: Path, phone: NotedPhone
) -> None:
    people = line.drawn(9)
    line.until(MONDAY - 4 * DAY, "12:00")
    hers = next(person for person in people if person.stage == "invited")
    hers.does(Action.CONFIRM)
    with line.city.application.store.unit_of_work(line.clock()) as uow:
        (waits,) = uow.outbox.due()
        uow.outbox.mark_failed(waits)

    def hours() -> None:
        line.clock.forward(minutes=30)
        line.file(1)

    back, _ = restored(line, tmp_path, hours)
    back.clock.forward(minutes=30)
    back.worker.send()
    assert after(back)[0] not in phone.sent


def test_a_decision_that_a_desk_presses_again_is_sent_once(
    line: Line, tmp_path: Path, phone: NotedPhone
) -> None:
    (hers, *_) = line.file(3, accepted=False)
    line.worker.send()

    def hours() -> None:
        line.official("desk", hers, Action.DECLINE, **NO)
        line.worker.send()

    back, _ = restored(line, tmp_path, hours)
    sent = len(phone.sent)
    back.clock.forward(hours=2)
    (again,) = now_at(back, [hers])
    back.official("desk", replace(again, line=back), Action.DECLINE, **NO)
    back.worker.send()
    assert sent
    assert after(back) == []
    with back.reading() as uow:
        notice = uow.outbox.of_request(again.request.id, "citizen")[-1]
    assert notice.sent_at is not None
    assert back.clock.now - notice.sent_at > timedelta(hours=1)
