"""Codes of a second step: of an authenticator app (RFC 6238), and sixteen digits on paper."""

import hashlib
from datetime import datetime

from passlib.exc import TokenError
from passlib.totp import TOTP

from publicmeeting.domain.credentials import RECOVERY_CODES, RECOVERY_DIGITS
from publicmeeting.kit.codes import recovery_code
from publicmeeting.store.unit_of_work import UnitOfWork

STEP = 30
"""Seconds of one code; a telephone whose clock is wrong by one code still works."""


def new_secret() -> str:
    """Return a new secret: 160 random bits in base 32."""
    return str(TOTP(new=True).base32_key)


def counter_of(secret: str, code: str, now: datetime) -> int | None:
    """Return the 30-second count of this code, now or one before or after; None if wrong."""
    try:
        return int(TOTP(key=secret).match(code, now, window=STEP).counter)
    except TokenError:
        return None


def secret_uri(secret: str, account: str, issuer: str) -> str:
    """Return the address that an authenticator reads from the QR."""
    return str(TOTP(key=secret).to_uri(label=account, issuer=issuer))


def grouped_secret(secret: str) -> str:
    """Return the secret in groups of four, for typing."""
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))


# Recovery codes: sixteen digits on paper, each usable once. They are hashed without the master key,
# so that papers survive a change of that key. The hash is slow and bound to the account, so that
# the holder of a database cannot try the codes out.

_COST, _BLOCK, _MEMORY = 2**13, 8, 2**25
"""Parameters of scrypt: 8 MiB and some 20 ms for each of 10^16 codes."""


def recovery_codes_of(uow: UnitOfWork, key: str) -> tuple[str, ...]:
    """Derive the set of codes from the key of a press (`Sessions.key_of_press`).

    A double tap shows only the second answer, and nothing is stored to show the set again.
    """
    tags = (uow.vault.tag("recovery code", f"{key}\n{number}") for number in range(RECOVERY_CODES))
    return tuple(f"{int(tag, 16) % 10**RECOVERY_DIGITS:0{RECOVERY_DIGITS}d}" for tag in tags)


def new_recovery_codes(
    uow: UnitOfWork, account_id: str, codes: tuple[str, ...] = ()
) -> tuple[str, ...]:
    """Store `codes`, or a random set, for this account; they cannot be read again."""
    codes = codes or tuple(recovery_code(RECOVERY_DIGITS) for _ in range(RECOVERY_CODES))
    uow.second_steps.put_recovery_codes(
        account_id, [recovery_hash(account_id, code) for code in codes]
    )
    return codes


def recovery_hash(account_id: str, code: str) -> str:
    salt = f"recovery\n{account_id}".encode()
    return hashlib.scrypt(
        code.encode(), salt=salt, n=_COST, r=_BLOCK, p=1, maxmem=_MEMORY, dklen=32
    ).hex()
