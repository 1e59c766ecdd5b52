"""Single sign-on providers as described by settings, validated before anybody is sent there."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from publicmeeting.kit.outside.http_call import travels_readable

PREFIX = "PUBLICMEETING_SSO_"
PARTS = (
    "ISSUER",
    "AUTHORIZE",
    "TOKEN",
    "JWKS",
    "USERINFO",
    "CLIENT_ID",
    "CLIENT_SECRET",
    "AUTH_METHOD",
    "SCOPES",
    "ALGORITHMS",
    "CLAIM_IDENTITY",
    "CLAIM_MOBILE",
    "CLAIM_NAME",
    "TITLE",
)
"""Allowed suffixes of `PUBLICMEETING_SSO_<NAME>_`."""

ALGORITHMS = ("RS256", "ES256", "PS256", "RS384", "ES384", "PS384", "RS512", "ES512", "PS512")
"""Accepted signature algorithms: with a key pair, never with a shared secret or `none`."""

AUTH_METHODS = ("client_secret_basic", "client_secret_post", "none")
_DEFAULT_ALGORITHMS = "RS256 ES256 PS256"
_DEFAULT_SCOPES = "openid profile"
_NAME = re.compile(r"[A-Z][A-Z0-9]{0,19}")
_READ_TWO_WAYS = frozenset("+%")
"""Characters of a secret that providers decode differently with `client_secret_basic`."""


@dataclass(frozen=True, slots=True)
class Provider:
    """An OpenID provider, and the city as its client. Empty endpoints are taken from its discovery.

    `claim_…` name the claims with national code, mobile and name. The name may be spread over
    several, like `given_name family_name`.
    """

    name: str
    """Name in URLs: lower-case ASCII."""
    title: str
    """Text of the button, in Persian."""
    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    auth_method: str = AUTH_METHODS[0]
    authorize: str = ""
    token: str = ""
    jwks: str = ""
    userinfo: str = ""
    scopes: str = _DEFAULT_SCOPES
    algorithms: tuple[str, ...] = tuple(_DEFAULT_ALGORITHMS.split())
    claim_identity: str = "nationalCode"
    claim_mobile: str = ""
    """Empty: the provider has no claim with a mobile."""
    claim_name: str = "name"

    @property
    def is_discovered(self) -> bool:
        """Whether an endpoint that every sign-on needs is missing and must be discovered."""
        return not (self.authorize and self.token and self.jwks)


def providers_in(environ: Mapping[str, str], problems: list[str]) -> tuple[Provider, ...]:
    """Return the providers described by the environment, by name; append faults to `problems`."""
    values: dict[str, dict[str, str]] = {}
    for name, value in environ.items():
        if not name.startswith(PREFIX) or not value:
            continue
        rest = name.removeprefix(PREFIX)
        part = next((name for name in PARTS if rest.endswith(f"_{name}")), "")
        provider = rest.removesuffix(f"_{part}") if part else ""
        if _NAME.fullmatch(provider) is None:
            problems.append(
                f"{name} is not known; it must be {PREFIX}, a name of letters and digits, and one "
                f"of {', '.join(PARTS)}."
            )
            continue
        values.setdefault(provider, {})[part] = value
    return tuple(_provider(name, values[name], problems) for name in sorted(values))


def _provider(name: str, provided: Mapping[str, str], problems: list[str]) -> Provider:
    found = Provider(
        name=name.lower(),
        title=provided.get("TITLE", ""),
        issuer=provided.get("ISSUER", ""),
        client_id=provided.get("CLIENT_ID", ""),
        client_secret=provided.get("CLIENT_SECRET", ""),
        auth_method=provided.get("AUTH_METHOD", AUTH_METHODS[0]),
        authorize=provided.get("AUTHORIZE", ""),
        token=provided.get("TOKEN", ""),
        jwks=provided.get("JWKS", ""),
        userinfo=provided.get("USERINFO", ""),
        scopes=provided.get("SCOPES", _DEFAULT_SCOPES),
        algorithms=tuple(provided.get("ALGORITHMS", _DEFAULT_ALGORITHMS).split()),
        claim_identity=provided.get("CLAIM_IDENTITY", "nationalCode"),
        claim_mobile=provided.get("CLAIM_MOBILE", ""),
        claim_name=provided.get("CLAIM_NAME", "name"),
    )
    problems += [f"{PREFIX}{name}_{fault}" for fault in _faults(found)]
    return found


def _faults(provider: Provider) -> Iterator[str]:
    """Yield faults; each begins with the setting's name and repeats no secret."""
    needed = {
        "ISSUER": provider.issuer,
        "CLIENT_ID": provider.client_id,
        "TITLE": provider.title,
    }
    yield from (f"{part} is missing." for part, value in needed.items() if not value)
    for part, address in _addresses(provider).items():
        if address and not is_address(address):
            yield f"{part} is not an address like https://sso.example/authorize."
    if provider.auth_method not in AUTH_METHODS:
        yield f"AUTH_METHOD can be {', '.join(AUTH_METHODS)}."
    elif (provider.auth_method == "none") == bool(provider.client_secret):
        yield "CLIENT_SECRET is missing, or is set beside AUTH_METHOD none."
    if not (provider.client_secret.isascii() and provider.client_id.isascii()):
        yield "CLIENT_SECRET and CLIENT_ID may hold plain ASCII only."
    if provider.auth_method == AUTH_METHODS[0] and _READ_TWO_WAYS & {
        *provider.client_secret,
        *provider.client_id,
    }:
        yield "CLIENT_SECRET holds + or %; set AUTH_METHOD to client_secret_post."
    if "openid" not in provider.scopes.split():
        yield "SCOPES must name openid."
    if not provider.algorithms or not set(provider.algorithms) <= set(ALGORITHMS):
        yield f"ALGORITHMS can be {', '.join(ALGORITHMS)}."


def _addresses(provider: Provider) -> dict[str, str]:
    """Return the provider's addresses by the names of their settings; empty ones included."""
    return {
        "ISSUER": provider.issuer,
        "AUTHORIZE": provider.authorize,
        "TOKEN": provider.token,
        "JWKS": provider.jwks,
        "USERINFO": provider.userinfo,
    }


def is_address(text: str) -> bool:
    """Whether it is an absolute http(s) URL without fragment and user name."""
    try:
        parts = urlsplit(text)
        is_whole = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    return is_whole and not parts.fragment and parts.username is None and text.isascii()


def readable_parts(provider: Provider) -> tuple[str, ...]:
    """Return the names of addresses that use plain http to another machine."""
    return tuple(
        f"{PREFIX}{provider.name.upper()}_{part}"
        for part, address in _addresses(provider).items()
        if travels_readable(address)
    )
