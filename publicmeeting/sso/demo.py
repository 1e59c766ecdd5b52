"""The demo's invented provider «تهران من», in this process, for the real client.

Its page is `web/routes/single_sign_on.py`. It believes anybody who presses a button, so it is
opened only in a demo.
"""

import base64
import hashlib
import json
import threading
import time
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qs

import httpx2
from joserfc import jwt
from joserfc.jwk import ECKey

from publicmeeting.kit.codes import token
from publicmeeting.kit.outside.provider import Provider

PAGE = "/pretend-sso/"
"""Its page, on our own host."""
_ISSUER = "https://pretend.invalid"
_CLIENT, _SECRET = "publicmeeting", "everybody-knows-it"
_ALGORITHM = "ES256"
_CODE_SECONDS, _TOKEN_SECONDS = 60, 300
_CODES_MOST = 500

DEMO_PROVIDER = Provider(
    name="tehran",
    title="تهران من",
    issuer=_ISSUER,
    client_id=_CLIENT,
    client_secret=_SECRET,
    authorize=PAGE,
    token=f"{_ISSUER}/token",
    jwks=f"{_ISSUER}/jwks",
    algorithms=(_ALGORITHM,),
    claim_mobile="mobile",
)


@dataclass(frozen=True, slots=True)
class _Begun:
    """A consent that waits until our client fetches its token."""

    claims: Mapping[str, str]
    nonce: str
    challenge: str
    return_to: str
    until: float


class DemoProvider(httpx2.AsyncBaseTransport):
    """Its token and key endpoints, called without a socket. Thread-safe."""

    def __init__(self) -> None:
        self._key = ECKey.generate_key("P-256", {"use": "sig", "alg": _ALGORITHM})
        self._key.ensure_kid()
        self._codes: OrderedDict[str, _Begun] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def issuer(self) -> str:
        return _ISSUER

    def code_for(self, claims: Mapping[str, str], asked: Mapping[str, str]) -> str:
        """Return a one-time code for a person who has agreed; `asked` is the request's query."""
        code = token()
        begun = _Begun(
            claims=dict(claims),
            nonce=asked.get("nonce", ""),
            challenge=asked.get("code_challenge", ""),
            return_to=asked.get("redirect_uri", ""),
            until=time.time() + _CODE_SECONDS,
        )
        with self._lock:
            self._codes[code] = begun
            while len(self._codes) > _CODES_MOST:
                self._codes.popitem(last=False)
        return code

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Answer `/jwks` and `/token`."""
        if request.url.path == "/jwks":
            return _json({"keys": [self._key.as_dict(private=False)]})
        return self._token(await request.aread())

    def _token(self, body: bytes) -> httpx2.Response:
        sent = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        with self._lock:
            begun = self._codes.pop(sent.get("code", ""), None)
        digest = hashlib.sha256(sent.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        is_right = (
            begun is not None
            and begun.until > time.time()
            and begun.challenge == challenge
            and begun.return_to == sent.get("redirect_uri")
        )
        if begun is None or not is_right:
            return _json({"error": "invalid_grant"}, 400)
        now = int(time.time())
        claims: dict[str, str | int] = {**begun.claims, "nonce": begun.nonce}
        claims |= {"iss": _ISSUER, "aud": _CLIENT, "iat": now, "exp": now + _TOKEN_SECONDS}
        header = {"alg": _ALGORITHM, "kid": self._key.kid}
        signed = jwt.encode(header, claims, self._key, [_ALGORITHM])
        return _json({"access_token": "none", "token_type": "Bearer", "id_token": signed})


def _json(document: object, status: int = 200) -> httpx2.Response:
    kind = {"content-type": "application/json"}
    return httpx2.Response(
        status, headers=kind, stream=httpx2.ByteStream(json.dumps(document).encode())
    )
