"""A provider of single sign-on in memory, which is honest unless a test makes it lie."""

import base64
import hashlib
import json
from collections.abc import AsyncIterator, Callable
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx2
from joserfc import jwt
from joserfc.jwk import ECKey

from publicmeeting.kit.outside.provider import Provider
from support.clock import FixedClock

Lie = Callable[[dict[str, Any], dict[str, Any]], str | None]
"""Changes header and claims of a token, or returns another token."""

ISSUER = "https://sso.example"
CLIENT, SECRET = "publicmeeting", "a secret of ours"


def provider(**other: Any) -> Provider:
    """Return the provider as our settings describe it."""
    return Provider(
        **{
            "name": "city",
            "title": "تهران من",
            "issuer": ISSUER,
            "client_id": CLIENT,
            "client_secret": SECRET,
            "claim_mobile": "mobile",
            **other,
        }
    )


class LyingProvider(httpx2.AsyncBaseTransport):
    """A provider that signs in `who`; `lie` may change the header and claims of the next token."""

    def __init__(self, clock: FixedClock) -> None:
        self._clock = clock
        self.key = ECKey.generate_key("P-256", {"kid": "1", "use": "sig", "alg": "ES256"})
        self.shown = [self.key]
        self.who: dict[str, Any] = {}
        self.lie: Lie = lambda _h, _c: None
        self.names_issuer = True
        self.asked: list[str] = []
        self.answers: dict[str, httpx2.Response | Exception] = {}
        self.userinfo: dict[str, Any] | None = None
        self._begun: dict[str, dict[str, str]] = {}

    def signs_in(self, url: str, **who: Any) -> str:
        """Return the query with which the browser comes back from `url` to our own address."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        assert asked["code_challenge_method"] == "S256"
        code = f"code-{len(self._begun)}"
        self._begun[code] = asked
        self.who = who or self.who
        issuer = {"iss": ISSUER} if self.names_issuer else {}
        return urlencode({"code": code, "state": asked["state"], **issuer})

    def rotates(self) -> None:
        """Sign with a new key from now on."""
        self.key = ECKey.generate_key("P-256", {"kid": "2", "use": "sig", "alg": "ES256"})
        self.shown = [self.key]

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        self.asked.append(request.url.path)
        if (answer := self.answers.get(request.url.path)) is not None:
            if isinstance(answer, Exception):
                raise answer
            return httpx2.Response(
                answer.status_code, headers=answer.headers, stream=Pieces(answer.content)
            )
        match request.url.path:
            case "/.well-known/openid-configuration":
                ends = {
                    "authorization_endpoint": "authorize",
                    "token_endpoint": "token",
                    "jwks_uri": "jwks",
                    "userinfo_endpoint": "userinfo",
                }
                document = {name: f"{ISSUER}/{path}" for name, path in ends.items()}
                reply = "authorization_response_iss_parameter_supported"
                return _json({"issuer": ISSUER, reply: self.names_issuer, **document})
            case "/jwks":
                return _json({"keys": [key.as_dict(private=False) for key in self.shown]})
            case "/token":
                await request.aread()
                return self._token(request)
            case "/userinfo" if self.userinfo is not None:
                assert request.headers["authorization"] == "Bearer access"
                return _json(self.userinfo)
        return _json({}, 404)

    def _token(self, request: httpx2.Request) -> httpx2.Response:
        sent = {name: values[0] for name, values in parse_qs(request.content.decode()).items()}
        basic = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        assert request.headers["authorization"] == f"Basic {basic}"
        begun = self._begun.pop(sent["code"], None)
        digest = hashlib.sha256(sent["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if begun is None or begun["code_challenge"] != challenge:
            return _json({"error": "invalid_grant"}, 400)
        assert begun["redirect_uri"] == sent["redirect_uri"]
        now = int(self._clock().timestamp())
        header = {"alg": "ES256", "kid": self.key.kid}
        claims = {"iss": ISSUER, "aud": CLIENT, "sub": "7", "nonce": begun["nonce"]}
        claims |= {"iat": now, "exp": now + 300, **self.who}
        written = self.lie(header, claims)
        token = written or jwt.encode(header, claims, self.key, ["ES256"])
        return _json({"access_token": "access", "token_type": "Bearer", "id_token": token})


class Pieces(httpx2.AsyncByteStream):
    """A body that arrives in pieces, as from a network."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for at in range(0, len(self._content), 65_536):
            yield self._content[at : at + 65_536]


def _json(document: object, status: int = 200) -> httpx2.Response:
    kind = {"content-type": "application/json"}
    return httpx2.Response(status, headers=kind, stream=Pieces(json.dumps(document).encode()))
