"""HTTP calls to a provider: limited in time and size, never redirected, none while it is down."""

import asyncio
import functools
import json
import threading
from collections.abc import Coroutine
from http import HTTPStatus
from typing import Any, TypeVar

import httpx2

from publicmeeting.kit.http_call import read_body, why
from publicmeeting.notify.circuit import Circuit
from publicmeeting.notify.phone import UnansweredError, UnreachableError
from publicmeeting.sso.answers import NotReachedError

T = TypeVar("T")
CALL_SECONDS = 5.0
"""Time limit of one call, however slow its answer is."""
_LONGEST_ANSWER = 128 * 1024
_CONNECTIONS = 16


class BoundedTransport(httpx2.AsyncBaseTransport):
    """Transport between Authlib's client and the connections to one provider.

    Each sign-on has its own client, which stores its token. They share the connections, which stay
    open when a client is closed. An answer is read up to a limit and uncompressed, because a
    compressed one could expand to any size.
    """

    def __init__(self, circuit: Circuit, transport: httpx2.AsyncBaseTransport | None) -> None:
        self._circuit = circuit
        limits = httpx2.Limits(max_connections=_CONNECTIONS)
        self._client = httpx2.AsyncClient(transport=transport, limits=limits)

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Return the whole answer; `NotReachedError` without a usable one."""
        request.headers["Accept-Encoding"] = "identity"
        try:
            with self._circuit.passing():
                return await self._answer(request)
        except (UnreachableError, UnansweredError) as error:
            raise NotReachedError(str(error)) from None

    async def _answer(self, request: httpx2.Request) -> httpx2.Response:
        # Neither the whole error nor the address is logged: they may hold a code or a token.
        request.extensions["timeout"] = httpx2.Timeout(CALL_SECONDS).as_dict()
        try:
            async with asyncio.timeout(CALL_SECONDS):
                answer = await self._client.send(request, stream=True, follow_redirects=False)
                try:
                    body = await read_body(answer, _LONGEST_ANSWER)
                finally:
                    await answer.aclose()
        except (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.ProxyError) as error:
            raise UnreachableError(f"the provider failed: {why(error)}") from None
        except (httpx2.HTTPError, httpx2.InvalidURL, TimeoutError, ValueError) as error:
            raise UnansweredError(f"the provider failed: {why(error)}") from None
        status = answer.status_code
        is_for_everybody = status == HTTPStatus.TOO_MANY_REQUESTS
        if answer.is_redirect or answer.is_server_error or is_for_everybody:
            raise UnreachableError(f"the provider answers {status}")
        kind = answer.headers.get("content-type", "")
        return httpx2.Response(status, headers={"content-type": kind}, content=body)


def document_of(answer: httpx2.Response) -> dict[str, Any]:
    """Return the JSON object of an answer; `NotReachedError` for any other."""
    try:
        found = json.loads(answer.content)
    except (ValueError, RecursionError):
        found = None
    if not answer.is_success or not isinstance(found, dict):
        raise NotReachedError(f"the provider answers {answer.status_code} without a document")
    return found


async def on_own_loop(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine on the one event loop of all sign-ons of this process.

    Connections belong to a loop, and a busy server then delays no call beyond its time limit.
    """
    return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, _loop()))


@functools.cache
def _loop() -> asyncio.AbstractEventLoop:
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="sso", daemon=True).start()
    return loop
