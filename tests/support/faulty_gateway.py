"""A gateway that may fail, and the worker and the outbox beside it, minute by minute."""

from datetime import datetime

from publicmeeting.application import Application
from publicmeeting.notify.outbox import deliver
from support.line import Line


class FaultyGateway:
    """Takes everything while `fault` is None; `sent` are the texts it has taken."""

    def __init__(self) -> None:
        self.fault: type[Exception] | None = None
        self.sent: list[str] = []
        self.tries = 0

    def send(self, mobile: str, text: str, message_id: str) -> None:
        del mobile, message_id
        self.tries += 1
        if self.fault:
            raise self.fault("gone")
        self.sent.append(text)


def live(line: Line, application: Application, until: datetime) -> None:
    """Minute by minute, as the worker does."""
    while line.clock.now < until:
        line.clock.forward(minutes=1)
        line.worker.run_due()
        deliver(application, line.clock.now)
