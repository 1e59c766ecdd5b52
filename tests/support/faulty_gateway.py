"""An SMS gateway that may fail, and the worker and the outbox simulated minute by minute."""

from datetime import datetime

from publicmeeting.application import Application
from publicmeeting.notify.outbox import deliver
from support.line import Line


class FaultyGateway:
    """A gateway that raises `fault` if it is set; otherwise `sent` collects the texts."""

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
    """Run worker and outbox once a minute of the test's clock, until a time."""
    while line.clock.now < until:
        line.clock.forward(minutes=1)
        line.worker.run_due()
        deliver(application, line.clock.now)
