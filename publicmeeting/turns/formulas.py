"""All hashes of a draw, to the byte (docs/turns.md section 3).

`sha` joins its parts with a line feed and refuses parts that contain one. Each formula begins with
its own name and version, so that a value of one formula cannot pass for a value of another.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from publicmeeting.kit.hashing import sha
from publicmeeting.kit.jalali import from_iso, iso
from publicmeeting.turns import shape
from publicmeeting.turns.pool import Row
from publicmeeting.turns.tree.merkle import tree_hash

CITY = "city"
"""Party name of the city, which commits to a value in every draw."""

_IDENTITY = re.compile(r"[0-9A-Z]+")


def is_witness_name(name: str) -> bool:
    """Whether a witness may have this party name: it fits into a seed and is not the city's."""
    return shape.is_party(name) and name != CITY


def ticket(salt: str, identity: str, district: int) -> str:
    """Return the public pseudonym of a request, the same in every draw of its district.

    `salt` is 64 hex digits from a secure generator, made once per request and shown to the citizen
    only. A person with ticket and salt could guess the national code. `identity` is ASCII digits,
    with capitals for a passport. Raises ValueError for any other form, which nobody could
    recompute.
    """
    if not shape.is_hash(salt) or _IDENTITY.fullmatch(identity) is None:
        raise ValueError("salt or identity is not in its canonical form")
    return sha("publicmeeting/ticket/v1", salt, identity, f"{district:02d}")


def is_ticket_of(claimed: str, salt: str, identity: str, district: int) -> bool:
    """Whether a ticket was made from these values; False if one of them is not canonical."""
    try:
        return ticket(salt, identity, district) == claimed
    except ValueError:
        return False


_UNIT = re.compile(r"[a-z0-9-]+")
_LETTERS = 8


def officer(unit: str, secret: str, account: str, year: int) -> str:
    """Return an official's name in the log: the unit in clear, the account as a keyed hash.

    The hash changes every Jalali year and cannot be linked to an account without the city's secret.
    Raises ValueError for a unit that is not canonical, or a secret that is not 64 hex digits.
    """
    if _UNIT.fullmatch(unit) is None or not shape.is_hash(secret):
        raise ValueError(f"unit or secret is not in its canonical form: {unit!r}")
    return f"{unit}/{sha('publicmeeting/officer/v1', secret, account, str(year))[:_LETTERS]}"


def commitment(party: str, value: str) -> str:
    """Return a party's commitment to a secret value, published before the pool is known.

    The value is revealed before the draw. Its form is not checked. Raises ValueError for a party
    name that is not `[a-z][a-z0-9-]*`.
    """
    if not shape.is_party(party):
        raise ValueError(f"not the name of a party: {party!r}")
    return sha("publicmeeting/commit/v1", party, value)


def draw_id(district: int, monday: date) -> str:
    """Return the id of a draw, like `d06-1405-09-16`: district and Jalali date of the Monday."""
    return f"d{district:02d}-{iso(monday)}"


def place_of(draw: str) -> tuple[int, date]:
    """Return district and Monday of a draw id; ValueError for another form."""
    district, _, day = draw.partition("-")
    if not district.startswith("d"):
        raise ValueError(draw)
    return int(district[1:]), from_iso(day)


def pool_root(draw: str, rules_hash: str, seats: Sequence[str], rows: Iterable[Row]) -> str:
    """Return the hash of seats, rules and rows of a draw; the order of rows is irrelevant."""
    head = f"{draw}|{rules_hash}|{','.join(seats)}"
    texts = sorted(row.text for row in rows)
    return tree_hash([entry.encode() for entry in (head, *texts)])


def seed(
    draw: str,
    root: str,
    commitments: Mapping[str, str],
    reveals: Mapping[str, str],
    day: str,
    late_value: str,
) -> str:
    """Return the seed that decides the draw, unknown to all before the late value is public.

    `commitments` are those of all who committed, `reveals` those of all who revealed in time. `day`
    is like `1405-09-11`, `late_value` as printed, or `none`.
    """
    promised, shown = _by_party(commitments), _by_party(reveals)
    counts = str(len(promised)), str(len(shown))
    parts = (draw, root, counts[0], *promised, counts[1], *shown, day, late_value)
    return sha("publicmeeting/seed/v2", *parts)


def _by_party(words: Mapping[str, str]) -> list[str]:
    """Sorted as ASCII strings, which is the same as by bytes."""
    return sorted(f"{party}:{word}" for party, word in words.items())


def lot(seed: str, stage: str, ticket: str) -> str:
    """Return a ticket's lot in one stage; the smaller wins.

    Each stage has its own lots, so that bad luck in a lane is not repeated in the line.
    """
    return sha("publicmeeting/lot/v1", seed, stage, ticket)
