"""The administrator reads that the SMS gateway takes nothing, as after its credit is used up."""

from support.line import Line

from publicmeeting.application import Application
from publicmeeting.notify.outbox import by_day, deliver
from publicmeeting.notify.phone import NotSentError
from publicmeeting.usecases.officials.listing import UNSENT_MOST, AskOfficials, officials


class WithoutCredit:
    """A gateway that answers and rejects every message while it has no credit."""

    has_credit = False

    def send(self, _mobile: str, _text: str, _message_id: str) -> None:
        if not self.has_credit:
            raise NotSentError("credit")


def test_the_list_counts_what_the_gateway_rejects_until_it_takes_messages_again(
    line: Line, application: Application
) -> None:
    application.phone = gateway = WithoutCredit()
    administrator = line.city.as_("administrator")

    def unsent() -> int:
        return application.query_as(administrator, officials, AskOfficials()).unsent

    line.file(UNSENT_MOST, accepted=False)
    deliver(application, by_day(line.clock()))
    assert unsent() == 0, "a few wrong numbers are no fault of the gateway"
    line.file(1, accepted=False)
    deliver(application, by_day(line.clock()))
    assert unsent() == UNSENT_MOST + 1
    gateway.has_credit = True
    line.clock.forward(minutes=1)
    deliver(application, by_day(line.clock()))
    assert unsent() == 0
