"""«چندم؟» by SMS: whoever has a seat today and no page before her asks, and is answered.

A message says only which number it came from, and that can be forged: so nothing is done by one,
and the answer goes to the registered mobile itself. Everybody else gets none: nobody learns from
it who has a seat.
"""

from datetime import datetime

from publicmeeting.domain.errors import Invalid
from publicmeeting.domain.people import parse_mobile
from publicmeeting.domain.roles import Actor
from publicmeeting.kit.codes import token
from publicmeeting.store.unit_of_work import CodeMessage, UnitOfWork
from publicmeeting.text.tracking.day_words import sms_words
from publicmeeting.usecases.base import ANYONE, Command, usecase
from publicmeeting.usecases.meetings.coming.her_day import my_day
from publicmeeting.usecases.rate_limits import Limit, take


class AskByMessage(Command):
    """`sender`: the number as the gateway names it."""

    sender: str


@usecase(*ANYONE)
def ask_by_message(uow: UnitOfWork, _actor: Actor, command: AskByMessage, now: datetime) -> None:
    """One answer for each request that has a seat today, sent after this; silence for all others.

    Denied `too_many_requests` above a few messages of one number in a quarter of an hour.
    """
    try:
        mobile = parse_mobile(command.sender)
    except Invalid:
        return
    codes = [
        uow.requests.live_code(person.id)
        for person in uow.people.served_by(uow.vault.lookup("mobile", mobile))
        if person.mobile == mobile
    ]
    requests = [found for code in codes if code and (found := uow.requests.find(code))]
    days = [day for request in requests if (day := my_day(uow, request, now))]
    if not days:
        return
    take(uow, Limit.INBOUND_SMS, mobile)
    for day in days:
        digest = uow.vault.lookup("message", f"inbound/{token(8)}")
        uow.messages.append(CodeMessage(mobile, sms_words(day, now), digest, _nothing, _nothing))


def _nothing(_uow: UnitOfWork) -> None:
    """Nobody waits for the answer, and nothing is taken back: she asks again."""
