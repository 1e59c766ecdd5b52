"""The second step of an official's sign-in: who must have one, and when it is not due."""

from collections.abc import Iterable
from datetime import timedelta

from publicmeeting.domain.roles import Grant, Role

OBLIGED = frozenset({Role.MAYOR, Role.DEPUTY, Role.OVERSEER, Role.ADMINISTRATOR})
"""Roles that never sign in by a password alone, where the city requires a second step."""
RECOVERY_CODES = 10
"""In one set; a new set replaces the old one."""
RECOVERY_DIGITS = 16
"""As many as on a bank card, in groups of four: anybody can read them from paper."""
TOTP_DIGITS = 6
REMEMBERED = timedelta(days=30)
"""How long a browser needs no second step for an account that has asked for that."""
FRESH = timedelta(minutes=15)
"""How long after signing in somebody may change by what he signs in."""
PASSKEYS_MOST = 10
KEY_NAME_MOST = 40
"""Characters of the name an official gives a passkey."""


def is_obliged(grants: Iterable[Grant]) -> bool:
    return any(grant.role in OBLIGED for grant in grants)
