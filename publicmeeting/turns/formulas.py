"""Every hash of a draw, to the byte: what anyone needs to recompute one.

`sha` joins its parts with a line feed and refuses parts that contain one. Each formula begins with
its own name and version, so that no value of one can pass for a value of another.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from publicmeeting.kit.hashing import sha
from publicmeeting.kit.jalali import from_iso, iso
from publicmeeting.turns import shape
from publicmeeting.turns.merkle import tree_hash
from publicmeeting.turns.pool import Row

CITY = "city"
"""The party without whose reveal no draw runs."""

_IDENTITY = re.compile(r"[0-9A-Z]+")


def is_witness_name(name: str) -> bool:
    """A party's name can stand in a seed; a witness's is never the city's own."""
    return shape.is_party(name) and name != CITY


def ticket(salt: str, identity: str, district: int) -> str:
    """The public pseudonym of a request: the same in every draw of its district.

    `salt` is 64 hex digits from a secure generator, made once per request and known to the citizen
    only; with it a national code could be guessed from the ticket. `identity` is in ASCII digits
    (capitals for a passport). ValueError for other forms, which nobody could recompute.
    """
    if not shape.is_hash(salt) or _IDENTITY.fullmatch(identity) is None:
        raise ValueError("salt or identity is not in its canonical form")
    return sha("publicmeeting/ticket/v1", salt, identity, f"{district:02d}")


def is_ticket_of(claimed: str, salt: str, identity: str, district: int) -> bool:
    """Whether a ticket was made of these; never of what has no canonical form."""
    try:
        return ticket(salt, identity, district) == claimed
    except ValueError:
        return False


_UNIT = re.compile(r"[a-z0-9-]+")
_LETTERS = 8


def officer(unit: str, secret: str, account: str, year: int) -> str:
    """An official in the log: the unit in clear, the person by a mark that changes every Jalali
    year and that nobody without the city's secret can join to an account.

    ValueError for a unit that cannot stand in the log, or a secret that is not 64 hex digits.
    """
    if _UNIT.fullmatch(unit) is None or not shape.is_hash(secret):
        raise ValueError(f"unit or secret is not in its canonical form: {unit!r}")
    return f"{unit}/{sha('publicmeeting/officer/v1', secret, account, str(year))[:_LETTERS]}"


def commitment(party: str, value: str) -> str:
    """Binds a party to a secret value before the pool is known; the value is shown at the draw.

    ValueError when the party's name is not `[a-z][a-z0-9-]*`. The value's form is not looked at.
    """
    if not shape.is_party(party):
        raise ValueError(f"not the name of a party: {party!r}")
    return sha("publicmeeting/commit/v1", party, value)


def draw_id(district: int, monday: date) -> str:
    """`d06-1405-09-16`: two digits of the district and the Jalali date of the Monday."""
    return f"d{district:02d}-{iso(monday)}"


def place_of(draw: str) -> tuple[int, date]:
    """District and Monday of a draw by its id. ValueError for another form."""
    district, _, day = draw.partition("-")
    if not district.startswith("d"):
        raise ValueError(draw)
    return int(district[1:]), from_iso(day)


def pool_root(draw: str, rules_hash: str, seats: Sequence[str], rows: Iterable[Row]) -> str:
    """Binds the seats, the rules and every row of a draw; the order of the rows does not matter."""
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
    """What decides the draw: nobody knows it before the late value of its day is public.

    `commitments` of all who committed, `reveals` of all who revealed in time; `day` as in
    `1405-09-11`, `late_value` as printed, or `none`.
    """
    promised, shown = _by_party(commitments), _by_party(reveals)
    counts = str(len(promised)), str(len(shown))
    parts = (draw, root, counts[0], *promised, counts[1], *shown, day, late_value)
    return sha("publicmeeting/seed/v2", *parts)


def _by_party(words: Mapping[str, str]) -> list[str]:
    """Sorted as strings of ASCII, and so by their bytes."""
    return sorted(f"{party}:{word}" for party, word in words.items())


def lot(seed: str, stage: str, ticket: str) -> str:
    """A ticket's lot in one stage, the smaller the better.

    Stages are apart, so that bad luck in a lane is not bad luck in the line.
    """
    return sha("publicmeeting/lot/v1", seed, stage, ticket)
