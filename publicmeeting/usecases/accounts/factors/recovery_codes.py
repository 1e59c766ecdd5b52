"""Recovery codes: sixteen digits on paper, each good once.

They are hashed without the master key, so that the papers stay good when the key is changed; their
hash is slow and bound to the account, so that whoever has the database cannot try them out.
"""

import hashlib

from publicmeeting.domain.credentials import RECOVERY_CODES, RECOVERY_DIGITS
from publicmeeting.kit.codes import recovery_code
from publicmeeting.store.unit_of_work import UnitOfWork

_COST, _BLOCK, _MEMORY = 2**13, 8, 2**25
"""scrypt: 8 MiB and some 20 ms for each of 10^16 codes."""


def new_recovery_codes(uow: UnitOfWork, account_id: str) -> tuple[str, ...]:
    """A new set for this account; the old one ends. Nobody can read them again."""
    codes = tuple(recovery_code(RECOVERY_DIGITS) for _ in range(RECOVERY_CODES))
    uow.second_steps.put_recovery_codes(
        account_id, [recovery_hash(account_id, code) for code in codes]
    )
    return codes


def recovery_hash(account_id: str, code: str) -> str:
    salt = f"recovery\n{account_id}".encode()
    return hashlib.scrypt(
        code.encode(), salt=salt, n=_COST, r=_BLOCK, p=1, maxmem=_MEMORY, dklen=32
    ).hex()
