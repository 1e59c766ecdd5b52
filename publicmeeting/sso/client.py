"""Client of a provider: the authorization code flow of OpenID Connect with PKCE.

Authlib writes the requests and joserfc reads the tokens. What both leave to their caller (limits,
caches, the answer's issuer, one-time use) is here and in
`usecases/accounts/signing_in/single_sign_on.py`.

Calls are limited in time and size, never redirected, and none is made while the provider is down.
"""

import asyncio
import functools
import json
import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import Any, TypeVar
from urllib.parse import urljoin

import httpx2
from authlib.integrations.base_client import OAuthError
from authlib.integrations.httpx_client import AsyncOAuth2Client
from joserfc.jwk import KeySet

from publicmeeting.kit.clock import Clock, utc_now
from publicmeeting.kit.outside.http_call import read_body, why
from publicmeeting.kit.outside.provider import Provider, is_address
from publicmeeting.notify.circuit import Circuit, GatewayStatus
from publicmeeting.notify.phone import UnansweredError, UnreachableError
from publicmeeting.sso.answers import (
    Answer,
    NotProvenError,
    NotReachedError,
    Proven,
    Reason,
    Secrets,
    UnknownKeyError,
    checked_claims,
    keys_of,
)
from publicmeeting.sso.demo import DEMO_PROVIDER, DemoProvider

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


DISCOVERY = "/.well-known/openid-configuration"
CACHED_SECONDS = 3600.0
"""How long a discovery document and a set of keys are cached."""
NEWER_KEYS_MOST, NEWER_KEYS_SECONDS = 3, 60.0
"""How often, in how many seconds, an unknown key makes the set be read again."""
_LONGEST_CODE = 2048
_ENDPOINTS = {
    "authorize": "authorization_endpoint",
    "token": "token_endpoint",
    "jwks": "jwks_uri",
    "userinfo": "userinfo_endpoint",
}
_OUR_FAULT = frozenset({"invalid_client", "unauthorized_client", "unsupported_grant_type"})
"""Errors of a token endpoint for a client that is configured wrongly."""
_log = logging.getLogger(__name__)


class ProviderClient:
    """Client of one provider; its methods may be called from any event loop."""

    def __init__(
        self,
        provider: Provider,
        transport: httpx2.AsyncBaseTransport | None = None,
        clock: Clock = utc_now,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self.provider = provider
        self._clock, self._seconds = clock, seconds
        self._circuit = Circuit(provider.name)
        self._transport = BoundedTransport(self._circuit, transport)
        self._document: Mapping[str, Any] = {}
        self._document_at = float("-inf")
        self._keys: KeySet | None = None
        self._keys_at = float("-inf")
        self._newer_keys_at = deque[float](maxlen=NEWER_KEYS_MOST)
        self._reading = asyncio.Lock()

    async def authorization_url(self, secrets: Secrets, return_to: str, base: str) -> str:
        """Return where to send the browser; `base` is our origin, which resolves a path.

        Raises `NotReachedError`.
        """
        return await on_own_loop(self._authorization_url(secrets, return_to, base))

    async def proven(self, answer: Answer, secrets: Secrets, return_to: str) -> Proven:
        """Return whom this answer proves. Raises `NotProvenError` and `NotReachedError`."""
        return await on_own_loop(self._proven(answer, secrets, return_to))

    async def check(self) -> None:
        """Check that the provider can be used now; raises `NotReachedError`."""
        await on_own_loop(self._check())

    def status(self) -> GatewayStatus:
        """Return the provider's state in this process, for operators."""
        return self._circuit.status()

    async def _authorization_url(self, secrets: Secrets, return_to: str, base: str) -> str:
        address = urljoin(f"{base}/", await self._endpoint("authorize"))
        async with self._client(return_to) as client:
            url, _ = client.create_authorization_url(
                address, state=secrets.state, code_verifier=secrets.verifier, nonce=secrets.nonce
            )
        return str(url)

    async def _proven(self, answer: Answer, secrets: Secrets, return_to: str) -> Proven:
        await self._check_issuer(answer.issuer)
        if not answer.code or len(answer.code) > _LONGEST_CODE:
            raise NotProvenError(Reason.CODE)
        token = await self._token(answer.code, secrets.verifier, return_to)
        access_token = str(token.get("access_token") or "")
        claims = await self._claims(str(token.get("id_token") or ""), secrets.nonce, access_token)
        return await self._person(claims, access_token)

    async def _check(self) -> None:
        await self._endpoint("authorize")
        await self._read_keys()

    async def _check_issuer(self, issuer: str) -> None:
        """Refuse an answer of another provider before its code is sent anywhere (RFC 9207)."""
        if issuer:
            is_right = issuer == self.provider.issuer
        else:
            document = await self._discovered() if self.provider.is_discovered else {}
            is_right = document.get("authorization_response_iss_parameter_supported") is not True
        if not is_right:
            raise NotProvenError(Reason.ISSUER)

    async def _token(self, code: str, verifier: str, return_to: str) -> Mapping[str, Any]:
        address = await self._endpoint("token")
        try:
            async with self._client(return_to) as client:
                token: Mapping[str, Any] = await client.fetch_token(
                    address, grant_type="authorization_code", code=code, code_verifier=verifier
                )
        except OAuthError as error:
            if str(error.error) in _OUR_FAULT:  # a provider may send anything, also a list
                _log.error("%s does not know us: %s", self.provider.name, error.error)
                raise NotReachedError("the provider does not know us") from None
            raise NotProvenError(Reason.CODE) from None
        except (httpx2.HTTPError, ValueError, TypeError, AttributeError, RecursionError) as error:
            raise NotReachedError(f"no token: {why(error)}") from None
        return token

    async def _claims(self, id_token: str, nonce: str, access_token: str) -> dict[str, Any]:
        if not id_token:
            raise NotProvenError(Reason.UNREADABLE)
        for keys in (await self._known_keys(), None):
            found = keys or await self._newer_keys()
            now = self._clock()
            try:
                return checked_claims(id_token, found, self.provider, nonce, access_token, now)
            except UnknownKeyError:
                continue
        raise NotProvenError(Reason.KEY)

    async def _person(self, claims: Mapping[str, Any], access_token: str) -> Proven:
        """Return the claims that identify her, of the ID token or else of the userinfo endpoint."""
        provider = self.provider
        if _text(claims, provider.claim_identity):
            return self._proven_by(claims)
        address = provider.userinfo or (
            await self._endpoint("userinfo", is_needed=False) if provider.is_discovered else ""
        )
        if not address or not access_token:
            raise NotProvenError(Reason.IDENTITY)
        request = httpx2.Request(
            "GET", address, headers={"Authorization": f"Bearer {access_token}"}
        )
        answer = await self._transport.handle_async_request(request)
        if answer.is_client_error:
            raise NotProvenError(Reason.IDENTITY)
        reply = document_of(answer)
        if reply.get("sub") != claims["sub"]:
            raise NotProvenError(Reason.SUBJECT)
        return self._proven_by(reply)

    def _proven_by(self, claims: Mapping[str, Any]) -> Proven:
        provider = self.provider
        identity = _text(claims, provider.claim_identity)
        if not identity:
            raise NotProvenError(Reason.IDENTITY)
        name = " ".join(filter(None, (_text(claims, part) for part in provider.claim_name.split())))
        return Proven(identity, _mobile(claims, provider.claim_mobile), name)

    async def _endpoint(self, name: str, *, is_needed: bool = True) -> str:
        set_here: str = getattr(self.provider, name)
        if set_here:
            return set_here
        found = (await self._discovered()).get(_ENDPOINTS[name])
        is_usable = isinstance(found, str) and is_address(found)
        if is_usable and self.provider.issuer.startswith("https:"):
            is_usable = str(found).startswith("https:")
        if not is_usable and is_needed:
            raise NotReachedError(f"the provider's discovery names no usable {_ENDPOINTS[name]}")
        return str(found) if is_usable else ""

    async def _discovered(self) -> Mapping[str, Any]:
        """Return the discovery document; an older one while the provider does not answer."""
        async with self._reading:
            if self._seconds() - self._document_at < CACHED_SECONDS:
                return self._document
            try:
                self._document = await self._read_document()
                self._document_at = self._seconds()
            except NotReachedError:
                if not self._document:
                    raise
            return self._document

    async def _read_document(self) -> Mapping[str, Any]:
        found = await self._get(f"{self.provider.issuer.rstrip('/')}{DISCOVERY}")
        if found.get("issuer") != self.provider.issuer:
            raise NotReachedError("the discovery document is another provider's")
        return found

    async def _known_keys(self) -> KeySet | None:
        """Return the cached keys; None if they have to be read again."""
        if self._keys is not None and self._seconds() - self._keys_at < CACHED_SECONDS:
            return self._keys
        try:
            return await self._read_keys()
        except NotReachedError:
            if self._keys is None:
                raise
            return self._keys

    async def _newer_keys(self) -> KeySet:
        """Read the keys again after a change of them, within a rate limit."""
        now, asked = self._seconds(), self._newer_keys_at
        if len(asked) == NEWER_KEYS_MOST and now - asked[0] < NEWER_KEYS_SECONDS:
            raise NotProvenError(Reason.KEY)
        asked.append(now)
        return await self._read_keys()

    async def _read_keys(self) -> KeySet:
        document = await self._get(await self._endpoint("jwks"))
        try:
            self._keys = keys_of(document)
        except ValueError as error:
            raise NotReachedError(str(error)) from None
        self._keys_at = self._seconds()
        return self._keys

    async def _get(self, address: str) -> dict[str, Any]:
        request = httpx2.Request("GET", address, headers={"Accept": "application/json"})
        return document_of(await self._transport.handle_async_request(request))

    def _client(self, return_to: str) -> AsyncOAuth2Client:
        provider = self.provider
        return AsyncOAuth2Client(
            client_id=provider.client_id,
            client_secret=provider.client_secret or None,
            token_endpoint_auth_method=provider.auth_method,
            scope=provider.scopes,
            redirect_uri=return_to,
            code_challenge_method="S256",
            transport=self._transport,
        )


def _text(claims: Mapping[str, Any], name: str) -> str:
    """Return a claim as text; some providers write a national code as a number."""
    value = claims.get(name) if name else None
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value if isinstance(value, str) else ""


def _mobile(claims: Mapping[str, Any], name: str) -> str:
    """Return a mobile that the provider has confirmed.

    `phone_number` comes with `phone_number_verified` (OpenID Connect Core, section 5.1), which some
    write as text.
    """
    is_confirmed = str(claims.get(f"{name}_verified", True)).lower() == "true"
    return _text(claims, name) if is_confirmed else ""


class Providers:
    """Clients by name; `demo` is the demo's own provider, if there is one."""

    def __init__(
        self, clients: Iterable[ProviderClient] = (), demo: DemoProvider | None = None
    ) -> None:
        self._clients = {client.provider.name: client for client in clients}
        self.demo = demo

    def get(self, name: str) -> ProviderClient | None:
        return self._clients.get(name)

    @property
    def clients(self) -> Sequence[ProviderClient]:
        return tuple(self._clients.values())


def open_providers(described: Iterable[Provider], *, is_demo: bool) -> Providers:
    """Return the clients of these providers; a demo has an invented one besides."""
    clients = [ProviderClient(provider) for provider in described]
    if not is_demo:
        return Providers(clients)
    demo = DemoProvider()
    return Providers([*clients, ProviderClient(DEMO_PROVIDER, demo)], demo)
