"""Faults that can be found by recomputing a published file or the public log."""

from dataclasses import dataclass
from enum import StrEnum


class FindingCode(StrEnum):
    """Code of a fault; `text` has its sentence, and the code itself is never shown."""

    NOT_A_FILE = "not_a_file"
    KEY_MISSING = "key_missing"
    KEY_TOO_MANY = "key_too_many"
    MALFORMED = "malformed"

    DISTRICT_DIFFERS = "district_differs"
    RULES_HASH_DIFFERS = "rules_hash_differs"
    CITY_COMMITMENT_MISSING = "city_commitment_missing"
    POOL_NOT_SORTED = "pool_not_sorted"
    TICKET_TWICE = "ticket_twice"
    POOL_ROOT_DIFFERS = "pool_root_differs"
    REVEAL_UNCOMMITTED = "reveal_uncommitted"
    REVEAL_DIFFERS = "reveal_differs"
    SEED_DIFFERS = "seed_differs"
    SEATED_DIFFERS = "seated_differs"
    STANDBY_DIFFERS = "standby_differs"

    SEQ_BROKEN = "seq_broken"
    TIME_GOES_BACK = "time_goes_back"
    ROOT_DIFFERS = "root_differs"


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault and its location, such as `pool[3]` or `commitments.city`."""

    code: FindingCode
    place: str = ""
