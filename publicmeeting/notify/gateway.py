"""Services described by settings: an SMS gateway, and the national service for mobiles.

Each is one HTTP call whose answer is read by a path. The national service knows whose a mobile is.
"""

import asyncio
import functools
import json
import threading
from collections.abc import Coroutine
from http import HTTPStatus
from typing import Any, TypeVar

import httpx2

from publicmeeting.domain.people import local_mobile
from publicmeeting.kit.outside.http_call import SmsGateway, call, why
from publicmeeting.notify.circuit import Circuit, GatewayStatus
from publicmeeting.notify.phone import NotSentError, UnansweredError, UnreachableError
from publicmeeting.text.notices.sms_text import code_in

T = TypeVar("T")
CODE_SECONDS = 3.0
"""Time limit of a code's call; somebody waits for the answer."""

TEXT_SECONDS = 10.0
"""Time limit of a notice's call; nobody waits, and a longer wait avoids sending it twice."""

_CONNECTING = 2 / 3
"""Share of the time for connecting; a longer call had a connection and may have been sent."""
_LONGEST_ANSWER = 64 * 1024
_CONNECTIONS = 64
_FOR_EVERYBODY = frozenset(
    {
        HTTPStatus.UNAUTHORIZED,
        HTTPStatus.PROXY_AUTHENTICATION_REQUIRED,
        HTTPStatus.TOO_MANY_REQUESTS,
    }
)
"""Statuses that one caller gets but that concern all messages, as do all 3xx and 5xx."""

_NEVER_LEFT = (
    httpx2.ConnectError,
    httpx2.ConnectTimeout,
    httpx2.PoolTimeout,
    httpx2.ProxyError,
    httpx2.UnsupportedProtocol,
    httpx2.LocalProtocolError,
    httpx2.InvalidURL,
    ValueError,
)


class HttpPhone:
    """Sends codes and other texts through the configured gateways; thread-safe.

    A provider sends codes by its own approved template, so codes have a separate gateway; without
    one they are sent as texts. Each call has one overall time limit, because a socket's timeouts
    begin again with every byte of a slow answer.
    """

    def __init__(
        self,
        texts: SmsGateway,
        codes: SmsGateway | None = None,
        transport: httpx2.AsyncBaseTransport | None = None,
        *,
        code_seconds: float = CODE_SECONDS,
        text_seconds: float = TEXT_SECONDS,
    ) -> None:
        self._texts, self._text_circuit = texts, Circuit("texts")
        self._codes, self._code_circuit = codes or texts, Circuit("codes")
        self._code_seconds, self._text_seconds = code_seconds, text_seconds
        limits = httpx2.Limits(max_connections=_CONNECTIONS)
        self._client = httpx2.AsyncClient(transport=transport, limits=limits)

    def send(self, mobile: str, text: str, message_id: str) -> None:
        """Send one text; `mobile` is E.164.

        Raises `NotSentError`, `UnreachableError` or `UnansweredError`.
        """
        code = code_in(text)
        gateway, circuit, seconds = (
            (self._codes, self._code_circuit, self._code_seconds)
            if code
            else (self._texts, self._text_circuit, self._text_seconds)
        )
        values = {"mobile": local_mobile(mobile), "text": text, "code": code, "id": message_id}
        with circuit.passing():
            if not run(ask(self._client, gateway, values, seconds), 2 * seconds):
                reason = f"2xx without {gateway.success}"
                raise NotSentError(f"the SMS gateway did not accept the message: {reason}")

    def status(self) -> tuple[GatewayStatus, ...]:
        """Return the state of both gateways in this process.

        If codes are sent as texts, there are still two, because their time limits differ.
        """
        return self._text_circuit.status(), self._code_circuit.status()


async def ask(
    client: httpx2.AsyncClient, gateway: SmsGateway, values: dict[str, str], seconds: float
) -> bool | None:
    """Make the call within `seconds` in total; return what `accepted` reads in the answer.

    Raises `NotSentError` if these values are rejected, `UnreachableError` if every message is
    rejected or the gateway was not reached, `UnansweredError` if the outcome is unknown.
    """
    # The whole error is never logged: its address may hold the provider's key.
    limits = httpx2.Timeout(seconds, connect=seconds * _CONNECTING, pool=seconds * _CONNECTING)
    try:
        async with asyncio.timeout(seconds):
            made = call(gateway, values)
            async with client.stream(**made, timeout=limits) as answer:
                beginning = await _read_beginning(answer)
    except _NEVER_LEFT as error:
        raise UnreachableError(f"the SMS gateway failed: {why(error)}") from None
    except (httpx2.HTTPError, TimeoutError) as error:
        raise UnansweredError(f"the SMS gateway gave no answer: {why(error)}") from None
    status = answer.status_code
    if status == HTTPStatus.GATEWAY_TIMEOUT:
        raise UnansweredError("the SMS gateway gave no answer: 504")
    if answer.is_redirect or answer.is_server_error or status in _FOR_EVERYBODY:
        raise UnreachableError(f"the SMS gateway takes nothing: {status}")
    if not answer.is_success:
        raise NotSentError(f"the SMS gateway did not accept the message: {status}")
    return accepted(gateway, beginning)


def accepted(gateway: SmsGateway, answer: str) -> bool | None:
    """Return whether the answer has the configured sign of success; without a path any 2xx does.

    None if it has nothing at the path.
    """
    if not gateway.reads_answer:
        return True
    path, _, wanted = gateway.success.partition("=")
    try:
        found = json.loads(answer)
        for name in path.split("."):
            found = found[int(name)] if isinstance(found, list) else found[name]
    except (ValueError, KeyError, IndexError, TypeError, RecursionError):
        return None
    return wanted in {str(found), json.dumps(found)}


async def _read_beginning(answer: httpx2.Response) -> str:
    """Read as much of a body as an answer can need."""
    read = b""
    async for part in answer.aiter_bytes():
        read += part
        if len(read) > _LONGEST_ANSWER:
            break
    return read.decode(errors="replace")


def run(work: Coroutine[Any, Any, T], seconds: float) -> T:
    """Return what a call returns in this process's one event loop for outgoing calls.

    It has a time limit of its own; `UnansweredError` if it has not ended after `seconds` anyway.
    """
    future = asyncio.run_coroutine_threadsafe(work, _loop())
    try:
        return future.result(seconds)
    except TimeoutError:
        future.cancel()
        raise UnansweredError("there was no answer") from None


@functools.cache
def _loop() -> asyncio.AbstractEventLoop:
    """Return the event loop of all gateways; only an event loop can end a whole call."""
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="sms", daemon=True).start()
    return loop


SECONDS = 3.0
"""Time limit; nobody waits for the answer, and the next person can be asked about."""


class Matcher:
    """Asks whether a mobile belongs to an identity; thread-safe."""

    def __init__(
        self,
        service: SmsGateway,
        a_day: int = 0,
        transport: httpx2.AsyncBaseTransport | None = None,
    ) -> None:
        """`a_day` is the number of questions that the city pays for in a day; 0 for no limit."""
        self._service, self.a_day = service, a_day
        self._circuit = Circuit("matching")
        self._client = httpx2.AsyncClient(transport=transport)

    @property
    def is_refusing(self) -> bool:
        """Return whether the service gets no calls for now."""
        return self._circuit.is_refusing

    def is_owner(self, identity: str, mobile: str) -> bool:
        """Return whether the service confirms that this mobile (E.164) belongs to this identity.

        Raises `NotSentError` or `UnansweredError` if it says neither yes nor no.
        """
        values = {"identity": identity, "mobile": local_mobile(mobile)}
        with self._circuit.passing():
            is_yes = run(ask(self._client, self._service, values, SECONDS), 2 * SECONDS)
            if is_yes is None:
                raise NotSentError("the matching service says neither yes nor no")
        return is_yes

    def status(self) -> GatewayStatus:
        return self._circuit.status()
