"""Codes of an authenticator app (RFC 6238: SHA-1, six digits, thirty seconds, as all apps know)."""

from datetime import datetime

from passlib.exc import TokenError
from passlib.totp import TOTP

STEP = 30
"""Seconds of one code; a telephone whose clock is off by one of them still fits."""


def new_secret() -> str:
    """160 random bits in base 32."""
    return str(TOTP(new=True).base32_key)


def counter_of(secret: str, code: str, now: datetime) -> int | None:
    """The count of thirty seconds this code belongs to, now or one before or after; None for a
    wrong one."""
    try:
        return int(TOTP(key=secret).match(code, now, window=STEP).counter)
    except TokenError:
        return None


def secret_uri(secret: str, account: str, issuer: str) -> str:
    """What an authenticator reads from the QR."""
    return str(TOTP(key=secret).to_uri(label=account, issuer=issuer))


def grouped_secret(secret: str) -> str:
    """In groups of four, for whoever types it."""
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
