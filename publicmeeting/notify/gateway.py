"""An SMS provider described by settings: one HTTP call, its answer read by a path."""

import json

import httpx2

from publicmeeting.domain.people import local_mobile
from publicmeeting.kit.described_call import SmsGateway, call
from publicmeeting.text.sms import code_in

SECONDS = 10.0


class HttpPhone:
    """Sends codes and other texts through the gateways of the settings.

    A provider sends codes by an approved template of its own, so they have a gateway apart;
    without one they go as texts.
    """

    def __init__(
        self, texts: SmsGateway, codes: SmsGateway | None = None,
        transport: httpx2.BaseTransport | None = None,
    ) -> None:  # fmt: skip
        self._texts = texts
        self._codes = codes
        self._client = httpx2.Client(timeout=SECONDS, transport=transport)

    def send(self, mobile: str, text: str) -> None:
        """`mobile` in E.164. OSError when the gateway cannot be reached or says no."""
        code = code_in(text)
        gateway = self._codes if code and self._codes else self._texts
        words = {"mobile": local_mobile(mobile), "text": text, "code": code}
        try:
            answer = self._client.request(**call(gateway, words))
            answer.raise_for_status()
        except (httpx2.HTTPError, httpx2.InvalidURL, ValueError) as error:
            # Never the whole error: its address may carry the provider's key.
            raise OSError(f"the SMS gateway failed: {type(error).__name__}") from None
        if not accepted(gateway, answer.text):
            raise OSError("the SMS gateway did not accept the message")


def accepted(gateway: SmsGateway, answer: str) -> bool:
    """Whether the answer carries what the settings call success; without a path any 2xx does."""
    path, _, wanted = gateway.success.partition("=")
    if not path:
        return True
    try:
        found = json.loads(answer)
        for name in path.split("."):
            found = found[int(name)] if isinstance(found, list) else found[name]
    except (ValueError, KeyError, IndexError, TypeError):
        return False
    return str(found) == wanted
