"""An HTTP call that is described by settings: fill in its placeholders, and check it in advance.

The check does not send anything, so a wrong setting is known before the first message is lost.
"""

import json
import ssl
from collections.abc import AsyncIterator, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import quote, urlsplit

FORMATS = {"json": "json", "form": "data", "query": "params"}
"""Format of a body → the argument of httpx2 for it."""

ANY_2XX = "2xx"
"""`success` of a provider whose answer says nothing more: each 2xx counts."""

_METHODS = frozenset({"GET", "POST", "PUT", "PATCH"})

_SAMPLE = {
    "mobile": "09120000000",
    "code": "000111",
    "text": "پیام نمونه",
    "id": "100000000000000002",
    "identity": "0012345679",
}


@dataclass(frozen=True, slots=True)
class SmsGateway:
    """An HTTP call of an SMS provider, or of the service that matches mobiles with identities.

    For SMS, `url`, `headers` and `body` may contain `{mobile}`, `{code}`, `{text}` and `{id}`, a
    number of the message that stays the same in a retry. For matching they may contain `{mobile}`
    and `{identity}`. `success` is a path into the JSON answer with the required value, like
    `return.status=200`; each 2xx counts if it is empty or `ANY_2XX`.
    """

    url: str = field(repr=False)
    method: str
    headers: str = field(repr=False)
    body: str = field(repr=False)
    body_format: str
    success: str

    @property
    def reads_answer(self) -> bool:
        """Whether `success` says where in the answer its yes stands."""
        return bool(self.success) and self.success != ANY_2XX


def why(error: BaseException) -> str:
    """Return the kind of an error; for a refused certificate also the reason.

    A provider with an expired certificate is not down, and the log should show that. The full error
    is not returned, because its URL may contain a key.
    """
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return f"its certificate is refused: {cause.verify_message}"
        cause = cause.__cause__ or cause.__context__
    return type(error).__name__


def call(gateway: SmsGateway, words: Mapping[str, str]) -> dict[str, Any]:
    """Return the request as arguments of httpx2; ValueError if headers or body are no JSON objects.

    Placeholders are replaced inside values, so that no text can change the structure of the call.
    """
    return {
        "method": gateway.method,
        "url": _url(gateway, words),
        "headers": _filled(_mapping(gateway.headers), words),
        FORMATS[gateway.body_format]: _filled(_mapping(gateway.body), words),
    }


def faults(gateway: SmsGateway, needed: Collection[str]) -> list[str]:
    """Return why this call cannot be made or lacks content; each begins with the setting's name.

    `needed` are the placeholders that a message needs; alternatives are written `code|text`. No
    value is repeated, because it may contain the provider's key.
    """
    found = [*_unusable(gateway)]
    if found:
        return found
    made = call(gateway, _SAMPLE)
    text = json.dumps(made, ensure_ascii=False)
    carried = {name for name, word in _SAMPLE.items() if word in text or quote(word) in text}
    return [
        f"BODY carries no {' or '.join(f'{{{word}}}' for word in name.split('|'))}; "
        "nor do the URL and the HEADERS."
        for name in needed
        if carried.isdisjoint(name.split("|"))
    ]


def _unusable(gateway: SmsGateway) -> Iterator[str]:
    if not _is_address(_url(gateway, _SAMPLE)):
        yield "URL is not an address like https://gateway.example/send."
    if gateway.method.upper() not in _METHODS:
        yield "METHOD is not one of HTTP, like POST or GET."
    if gateway.body_format not in FORMATS:
        yield f"FORMAT can be {', '.join(FORMATS)}."
    if not _is_mapping(gateway.headers):
        yield "HEADERS is not a JSON object."
    elif not all(map(_is_header, _filled(_mapping(gateway.headers), _SAMPLE).items())):
        yield "HEADERS may hold names and texts of plain ASCII only."
    if not _is_mapping(gateway.body):
        yield "BODY is not a JSON object."
    path, _, wanted = gateway.success.partition("=")
    if gateway.reads_answer and not (path and wanted):
        yield "SUCCESS is not a path and its value, like return.status=200."


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        known = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    return known and url.isascii() and url.isprintable() and " " not in url


def travels_readable(url: str) -> bool:
    """Return whether a call to this address leaves this machine without TLS.

    False for a malformed address, which another check reports.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme == "http" and parts.hostname not in {"localhost", "127.0.0.1", "::1"}


def _is_header(pair: tuple[str, Any]) -> bool:
    name, value = pair
    is_token = bool(name) and name.replace("-", "").replace("_", "").isalnum() and name.isascii()
    return is_token and isinstance(value, str) and value.isascii() and value.isprintable()


def _is_mapping(text: str) -> bool:
    try:
        # Encoded as for sending: JSON that can be parsed may contain values that no call can carry.
        json.dumps(_mapping(text), ensure_ascii=False, allow_nan=False).encode()
    except ValueError:
        return False
    return True


def _url(gateway: SmsGateway, words: Mapping[str, str]) -> str:
    quoted = {name: quote(word, safe="") for name, word in words.items()}
    return str(_filled(gateway.url, quoted))


def _mapping(text: str) -> dict[str, Any]:
    match json.loads(text):
        case dict() as found:
            return found
    raise ValueError("headers and body of an SMS gateway are JSON objects")


def _filled(value: Any, words: Mapping[str, str]) -> Any:  # noqa: ANN401  (any JSON value)
    """Return a JSON value with the placeholders in every string replaced, once."""
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


class Streamed(Protocol):
    """A response of httpx2 whose body has not been read yet."""

    @property
    def headers(self) -> Mapping[str, str]: ...

    def aiter_raw(self) -> AsyncIterator[bytes]: ...


async def read_body(answer: Streamed, longest: int) -> bytes:
    """Return the body of a streamed response.

    Raises ValueError if it has more than `longest` bytes or is compressed, because its unpacked
    size is unknown in advance.
    """
    if answer.headers.get("content-encoding", "identity") != "identity":
        raise ValueError("a packed answer")
    read = b""
    async for part in answer.aiter_raw():
        read += part
        if len(read) > longest:
            raise ValueError("too long an answer")
    return read
