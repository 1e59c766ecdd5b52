"""What checks a sign-on, what it proves, and why it may prove nothing; the check of an ID token.

A token must be the provider's, for us, current, and of the begun sign-on.
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from joserfc import jwt
from joserfc.errors import (
    BadSignatureError,
    ExpiredTokenError,
    InvalidClaimError,
    InvalidKeyIdError,
    JoseError,
)
from joserfc.jwk import ECKey, Key, KeySet, RSAKey
from joserfc.jws import JWSRegistry

from publicmeeting.kit.outside.provider import Provider


class Reason(StrEnum):
    """Why a provider's answer is not believed; the security event stores it."""

    STATE = "state"
    """This visit has not begun it, it came too late, or it was used before."""
    ISSUER = "issuer"
    """The answer names another provider, or none although this one always does."""
    CODE = "code"
    """The provider rejects the code: it belongs to another sign-on, or was used before."""
    UNREADABLE = "unreadable"
    """No token, or one that is unreadable, unsigned, or signed by a forbidden algorithm."""
    SIGNATURE = "signature"
    KEY = "key"
    """Signed with a key that the provider does not publish."""
    EXPIRED = "expired"
    CLAIM = "claim"
    """For another client, by another provider, from the future, or without a required claim."""
    NONCE = "nonce"
    SUBJECT = "subject"
    """The provider's data of the person belongs to another one."""
    IDENTITY = "identity"
    """No national code, or an impossible one."""


class NotProvenError(Exception):
    """The answer proves nothing; `reason` is for the city, not for the browser that sent it."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


class NotReachedError(Exception):
    """The provider gives no usable answer; the visitor cannot do anything about it."""


@dataclass(frozen=True, slots=True)
class Secrets:
    """What checks one sign-on; stored sealed until its answer comes."""

    state: str = field(repr=False)
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer as a browser sends it: unchecked user input."""

    code: str = field(repr=False)
    issuer: str = ""
    """`iss` of RFC 9207; empty if missing."""


@dataclass(frozen=True, slots=True)
class Proven:
    """The person whom the provider has signed in; texts in its spelling, to be parsed as input."""

    identity: str = field(repr=False)
    mobile: str = field(default="", repr=False)
    name: str = field(default="", repr=False)


SKEW_SECONDS = 60
"""Tolerated difference between the provider's clock and ours."""
_KEY_TYPES: Mapping[str, type[RSAKey] | type[ECKey]] = {"RSA": RSAKey, "EC": ECKey}
_KEYS_MOST = 50
_BROKEN = (
    JoseError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    ArithmeticError,
    RecursionError,
)
"""What the library raises for malformed input."""


class UnknownKeyError(Exception):
    """No key of this set has signed the token; the provider may have a newer set."""


def keys_of(document: Mapping[str, Any]) -> KeySet:
    """Return the signing keys of a JWKS document, leaving out others and broken ones.

    ValueError if none is left.
    """
    listed = document.get("keys")
    found: list[Key] = []
    for key in listed[:_KEYS_MOST] if isinstance(listed, list) else ():
        kind = _KEY_TYPES.get(str(key.get("kty"))) if isinstance(key, dict) else None
        if kind is None or key.get("use", "sig") != "sig":
            continue
        try:
            found.append(kind.import_key(key))
        except _BROKEN:
            continue
    if not found:
        raise ValueError("no key that signs")
    return KeySet(found)


def checked_claims(
    token: str, keys: KeySet, provider: Provider, nonce: str, access_token: str, now: datetime
) -> dict[str, Any]:
    """Return the claims of a valid ID token (OpenID Connect Core, section 3.1.3.7).

    Raises `NotProvenError`; `UnknownKeyError` if another set of keys may help.
    """
    registry = JWSRegistry(algorithms=provider.algorithms, strict_check_header=False)
    try:
        read = jwt.decode(token, keys, registry=registry)
    except InvalidKeyIdError as error:
        raise UnknownKeyError from error
    except BadSignatureError as error:
        raise NotProvenError(Reason.SIGNATURE) from error
    except _BROKEN as error:
        raise NotProvenError(Reason.UNREADABLE) from error
    claims = read.claims
    rules = jwt.JWTClaimsRegistry(
        now=int(now.timestamp()),
        leeway=SKEW_SECONDS,
        iss={"essential": True, "value": provider.issuer},
        aud={"essential": True, "value": provider.client_id},
        sub={"essential": True},
        exp={"essential": True},
        iat={"essential": True},
    )
    try:
        rules.validate(claims)
    except ExpiredTokenError as error:
        raise NotProvenError(Reason.EXPIRED) from error
    except _BROKEN as error:
        raise NotProvenError(Reason.CLAIM) from error
    _check_nonce(claims, nonce)
    try:
        _check_party(claims, provider.client_id)
        _check_access_token(claims, str(read.header["alg"]), access_token)
    except InvalidClaimError as error:
        raise NotProvenError(Reason.CLAIM) from error
    return claims


def _check_nonce(claims: Mapping[str, Any], nonce: str) -> None:
    reply = claims.get("nonce")
    if not isinstance(reply, str) or not hmac.compare_digest(reply.encode(), nonce.encode()):
        raise NotProvenError(Reason.NONCE)


def _check_party(claims: Mapping[str, Any], client_id: str) -> None:
    """Check that we asked for the token; one of several audiences must be named, and be us."""
    audience, party = claims["aud"], claims.get("azp")
    is_shared = isinstance(audience, list) and len(set(audience)) > 1
    if (is_shared or party is not None) and party != client_id:
        raise InvalidClaimError("azp")


def _check_access_token(claims: Mapping[str, Any], algorithm: str, access_token: str) -> None:
    """Check `at_hash`, if present, which binds the access token to this sign-on."""
    reply = claims.get("at_hash")
    if reply is None:
        return
    digest = hashlib.new(f"sha{algorithm[2:]}", access_token.encode()).digest()
    half = base64.urlsafe_b64encode(digest[: len(digest) // 2]).rstrip(b"=").decode()
    if not isinstance(reply, str) or not hmac.compare_digest(half.encode(), reply.encode()):
        raise InvalidClaimError("at_hash")
