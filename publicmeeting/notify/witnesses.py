"""Client that asks a witness to sign a checkpoint: `add-checkpoint` of C2SP tlog-witness.

The address comes from announced rules, which an administrator writes. Redirects are not followed,
and it never leads into our own network.
"""

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from http import HTTPStatus
from urllib.parse import urlsplit

import httpx2

from publicmeeting.kit.digits import whole_number
from publicmeeting.kit.outside.http_call import read_body, why
from publicmeeting.notify.gateway import run
from publicmeeting.notify.phone import UnansweredError, UnreachableError

CALL_SECONDS = 5.0
"""Time limit of one call, however slow its answer is."""
_LONGEST_ANSWER = 64 * 1024
_SIZE_KIND = "text/x.tlog.size"
_DIGITS_MOST = 15
_HTTPS = 443

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]


@dataclass(frozen=True, slots=True)
class Asked:
    """A witness's answer: its lines, or the size of the log that it knows."""

    lines: tuple[str, ...] = ()
    known_size: int | None = None


class WitnessClient:
    """Asks witnesses; thread-safe."""

    def __init__(
        self,
        transport: httpx2.AsyncBaseTransport | None = None,
        resolve: Resolve | None = None,
    ) -> None:
        self._transport = transport
        self._resolve = resolve or _addresses

    @cached_property
    def _client(self) -> httpx2.AsyncClient:
        """Return the client, created at the first call in the loop of all calls.

        Creating it reads every certificate that this machine trusts, and few cities have a witness
        with an address.
        """
        return httpx2.AsyncClient(transport=self._transport, trust_env=False)

    def add_checkpoint(self, url: str, old: int, proof: Sequence[str], note: str) -> Asked:
        """Ask a witness to sign; `proof` are hashes in base64.

        Raises `UnreachableError` if it cannot be asked, `UnansweredError` for an invalid answer.
        """
        lines = "".join(f"{line}\n" for line in proof)
        body = f"old {old}\n{lines}\n{note}".encode()
        return run(self._ask(url, body), 2 * CALL_SECONDS)

    async def _ask(self, url: str, body: bytes) -> Asked:
        try:
            async with asyncio.timeout(CALL_SECONDS):
                request = await self._request(url, body)
                answer = await self._client.send(request, stream=True)
                try:
                    text = (await read_body(answer, _LONGEST_ANSWER)).decode()
                finally:
                    await answer.aclose()
        except (httpx2.HTTPError, httpx2.InvalidURL, OSError, TimeoutError, ValueError) as error:
            raise UnreachableError(f"the witness failed: {why(error)}") from None
        return _read(answer, text)

    async def _request(self, url: str, body: bytes) -> httpx2.Request:
        """Address the request to the very IP address that was resolved and checked as public.

        The name may resolve to another address a moment later. Raises ValueError if it leads into a
        private network.
        """
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or _HTTPS
        addresses = await self._resolve(host, port)
        if not addresses or not all(map(_is_public, addresses)):
            raise ValueError("not a public address")
        ip_literal = f"[{addresses[0]}]" if ":" in addresses[0] else addresses[0]
        return self._client.build_request(
            "POST",
            f"https://{ip_literal}:{port}{parts.path.rstrip('/')}/add-checkpoint",
            content=body,
            headers={
                "Host": host if port == _HTTPS else f"{host}:{port}",
                "Accept-Encoding": "identity",
                "Content-Type": "text/plain",
            },
            timeout=httpx2.Timeout(CALL_SECONDS),
            extensions={"sni_hostname": host},
        )


def _is_public(address: str) -> bool:
    try:
        return ipaddress.ip_address(address.partition("%")[0]).is_global
    except ValueError:
        return False


async def _addresses(host: str, port: int) -> Sequence[str]:
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(answer[4][0]) for answer in found]


def _read(answer: httpx2.Response, text: str) -> Asked:
    kind = answer.headers.get("content-type", "").partition(";")[0].strip()
    if answer.status_code == HTTPStatus.CONFLICT and kind == _SIZE_KIND:
        size = whole_number(text.removesuffix("\n"), _DIGITS_MOST)
        if size is not None:
            return Asked(known_size=size)
    if answer.status_code == HTTPStatus.OK and text.endswith("\n"):
        return Asked(lines=tuple(text[:-1].split("\n")))
    raise UnansweredError(f"the witness answers {answer.status_code}")
