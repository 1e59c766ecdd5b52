"""Expiry dates of the TLS certificates that the city uses: its own and those of its services."""

import ssl
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from publicmeeting.config import Settings

SOON = timedelta(days=14)
"""Period before the end in which a certificate is reported.

Automatic renewal happens a month before, so a failure leaves two weeks for repair.
"""
_SECONDS = 5
_HTTPS = 443

Place = tuple[str, int]


def places(settings: Settings) -> tuple[Place, ...]:
    """Return host and port of everything the city connects to over TLS, each once."""
    calls = (settings.sms_text, settings.sms_code, settings.match)
    addresses = [
        settings.public_url,
        *(call.url for call in calls if call),
        *(
            address
            for provider in settings.sso
            for address in (provider.issuer, provider.token, provider.jwks)
        ),
        settings.s3.endpoint if settings.s3 else "",
    ]
    return tuple(dict.fromkeys(filter(None, map(_place, addresses))))


def _place(address: str) -> Place | None:
    parts = urlsplit(address)
    is_tls = parts.scheme == "https" and parts.hostname and "{" not in parts.netloc
    return (parts.hostname or "", parts.port or _HTTPS) if is_tls else None


def ends(place: Place) -> datetime | None:
    """Return when the certificate of a place ends, whoever signed it; None if nobody answers."""
    from cryptography.x509 import load_pem_x509_certificate

    try:
        shown = ssl.get_server_certificate(place, timeout=_SECONDS)
        return load_pem_x509_certificate(shown.encode()).not_valid_after_utc
    except (OSError, ValueError):
        return None


def ending(
    settings: Settings, now: datetime, asked: Callable[[Place], datetime | None] = ends
) -> Iterator[tuple[str, str]]:
    """Yield the place and a message for each certificate that has ended or ends soon."""
    for host, port in places(settings):
        last = asked((host, port))
        if last is None or last - now > SOON:
            continue
        day = last.astimezone(UTC).date()
        yield f"{host}:{port}", f"its certificate {'has ended' if last <= now else 'ends'} on {day}"
