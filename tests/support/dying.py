"""A process of the city that is killed with SIGKILL in the middle of its work.

    main URL FOLDER SECONDS STATEMENT
    main URL FOLDER SECONDS told [NUMBER]
    main URL FOLDER SECONDS sent

SECONDS is the time of its clock, in seconds since 1970.

- STATEMENT: it does one pass of the clock and is killed before this SQL statement; 0 lets it live.
- `told`: it is killed right after the commit that put a notice into the outbox. The clock makes the
  notice or, with the NUMBER of an order, its unit does by taking it on.
- `sent`: it is killed right after it has sent a message, before that is stored. What was sent is a
  line of `sent.txt` beside the pictures.
"""

import os
import signal
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import event
from sqlmodel import Session

from publicmeeting.application import Application
from publicmeeting.notify.outbox import deliver
from publicmeeting.usecases.orders.steps import TakeOrderStep, take_order_step
from support.city import City, open_application
from support.clock import FixedClock


def main(url: str, folder: str, seconds: str, when: str, number: str = "") -> None:
    application = open_application(
        url, Path(folder), FixedClock(datetime.fromtimestamp(int(seconds), UTC))
    )
    if when == "told":
        _until_first_notice(application)
        _take_on(application, number) if number else application.worker.run_due()
    elif when == "sent":
        application.phone = DyingPhone(Path(folder) / "sent.txt")
        deliver(application, application.clock())
    else:
        _until_statement(application, int(when))
        application.worker.run_due()


class DyingPhone:
    """A phone that sends one message and then kills the process."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def send(self, mobile: str, text: str, message_id: str) -> None:
        with self._file.open("a", encoding="utf-8") as sent:
            sent.write(f"{mobile} {text}\n")
        _die()


def _until_statement(application: Application, left: int) -> None:
    def count(*_: object) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            _die()

    event.listen(application.store.engine, "before_cursor_execute", count)


def _until_first_notice(application: Application) -> None:
    is_first_notice = False

    def notice(_c: object, _u: object, statement: str, *_: object) -> None:
        nonlocal is_first_notice
        is_first_notice = is_first_notice or statement.startswith("INSERT INTO outbox")

    def die_after_notice(_: object) -> None:
        if is_first_notice:
            _die()

    event.listen(application.store.engine, "before_cursor_execute", notice)
    event.listen(Session, "after_commit", die_after_notice)


def _take_on(application: Application, number: str) -> None:
    command = TakeOrderStep(number=number, action="take_on")
    application.execute_as(City(application).as_("technical"), take_order_step, command)


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)
