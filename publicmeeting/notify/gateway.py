"""An SMS provider described by settings: one HTTP call, its answer read by a path."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import httpx

from publicmeeting.config import SmsGateway
from publicmeeting.domain.people import local_mobile
from publicmeeting.text.sms import code_in

SECONDS = 10.0


class HttpPhone:
    """Sends codes and other texts through the gateways of the settings.

    A provider sends codes by an approved template of its own, so they have a gateway apart;
    without one they go as texts.
    """

    def __init__(
        self, texts: SmsGateway, codes: SmsGateway | None = None,
        transport: httpx.BaseTransport | None = None,
    ) -> None:  # fmt: skip
        self._texts = texts
        self._codes = codes
        self._client = httpx.Client(timeout=SECONDS, transport=transport)

    def send(self, mobile: str, text: str) -> None:
        """`mobile` in E.164. OSError when the gateway cannot be reached or says no."""
        code = code_in(text)
        gateway = self._codes if code and self._codes else self._texts
        words = {"mobile": local_mobile(mobile), "text": text, "code": code}
        try:
            answer = self._client.request(**call(gateway, words))
            answer.raise_for_status()
        except httpx.HTTPError as error:
            # Never the whole error: its address may carry the provider's key.
            raise OSError(f"the SMS gateway failed: {type(error).__name__}") from None
        if not accepted(gateway, answer.text):
            raise OSError("the SMS gateway did not accept the message")


def call(gateway: SmsGateway, words: Mapping[str, str]) -> dict[str, Any]:
    """The request as httpx takes it. ValueError when headers or body are not JSON objects.

    Placeholders are filled inside the values, so that no text can change the shape of the call.
    """
    url = _filled(gateway.url, {name: quote(word, safe="") for name, word in words.items()})
    body = _filled(_mapping(gateway.body), words)
    kind = {"json": "json", "form": "data", "query": "params"}[gateway.body_format]
    headers = _filled(_mapping(gateway.headers), words)
    return {"method": gateway.method, "url": url, "headers": headers, kind: body}


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


def _mapping(text: str) -> dict[str, Any]:
    match json.loads(text):
        case dict() as found:
            return found
    raise ValueError("headers and body of an SMS gateway are JSON objects")


def _filled(value: Any, words: Mapping[str, str]) -> Any:  # noqa: ANN401  (any JSON value)
    """Every string in a JSON value, with its placeholders filled once."""
    if isinstance(value, dict):
        return {name: _filled(item, words) for name, item in value.items()}
    if isinstance(value, list):
        return [_filled(item, words) for item in value]
    if not isinstance(value, str):
        return value
    parts = value.split("{")
    filled = [parts[0]]
    for part in parts[1:]:
        name, closed, rest = part.partition("}")
        known = closed and name in words
        filled.append(words[name] + rest if known else "{" + part)
    return "".join(filled)
