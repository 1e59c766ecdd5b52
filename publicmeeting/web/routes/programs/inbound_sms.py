"""Webhook of the SMS gateway: messages that citizens send to the service's number."""

import contextlib
import hmac
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from publicmeeting.domain.errors import Denied
from publicmeeting.usecases.accounts.credentials import Keys
from publicmeeting.usecases.meetings.coming.her_day import AskByMessage, ask_by_message
from publicmeeting.web import browser
from publicmeeting.web.layers.origin import INBOUND_SMS
from publicmeeting.web.plain.page import not_found

_LONGEST = 20
"""Maximum number of characters that are read of a telephone number."""
_KEY = "key"


async def take(request: Request) -> Response:
    """Take a message; the answer to the gateway has no information, because seats are private."""
    inbound = browser.settings(request).sms_inbound
    key = request.query_params.get(_KEY, "")
    if inbound is None or not hmac.compare_digest(key.encode(), inbound.secret.encode()):
        return not_found(request)
    fields = dict(request.query_params)
    if request.method == "POST":
        fields |= {
            name: value
            for name, value in (await browser.form(request)).items()
            if isinstance(value, str)
        }
    command = AskByMessage(sender=fields.get(inbound.sender, "")[:_LONGEST])
    with contextlib.suppress(Denied):
        await browser.application(request).execute_sending(ask_by_message, Keys(), command)
    return Response(status_code=HTTPStatus.NO_CONTENT)


def routes() -> list[Route]:
    return [Route(INBOUND_SMS, take, methods=["GET", "POST"], max_body_size=browser.FORM_BYTES)]
