"""Witnesses of the draws: their entries in the rules, their signatures, and quorums.

A witness acts by a key, never by an account, so that nobody but the rules can dismiss one.
"""

import re
from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from publicmeeting.domain.errors import Invalid
from publicmeeting.turns.formulas import is_witness_name
from publicmeeting.turns.tree.note import Key, KeyType, NoteError

SAID = "publicmeeting/said/v1"
CLOCKS_DIFFER = timedelta(seconds=300)
"""Maximum difference between a witness's clock and the log's."""

WITNESSES_MOST = 31
_FIELD = "witnesses"
_KEYS = {"party", "org", "vkey", "url"}
_ORG = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")
_PARTY_MOST, _TEXT_MOST = 32, 200


@dataclass(frozen=True, slots=True)
class Witness:
    """One organisation in the rules; `url` is empty if it has no `add-checkpoint` endpoint."""

    party: str
    org: str
    key: Key
    url: str


def witnesses_of(rules: Mapping[str, Any]) -> tuple[Witness, ...]:
    """Return the witnesses of rules that `check_witnesses` accepted, sorted by party."""
    found = [
        Witness(rule["party"], rule["org"], Key.read(rule["vkey"]), rule["url"])
        for rule in rules.get(_FIELD, ())
    ]
    return tuple(sorted(found, key=lambda witness: witness.party))


def check_witnesses(rules: Mapping[str, Any]) -> None:
    """Check that each is another organisation with its own key, and none belongs to the city.

    Raises Invalid `witness_malformed`, `witness_party`, `witness_key`, `witness_twice`,
    `witness_city` or `witness_url`; the field is `witnesses`.
    """
    listed, seen = rules.get(_FIELD, []), set[str]()
    if not isinstance(listed, list) or len(listed) > WITNESSES_MOST:
        raise Invalid("witness_malformed", field=_FIELD)
    log = rules.get("log") or {}
    city = [Key.read(key) for key in log.get("keys", ())]
    host = str(log.get("origin", "")).partition("/")[0].partition(":")[0]
    for one in listed:
        witness = _read(one)
        same = {witness.party, witness.org, witness.key.name, witness.key.public.hex()}
        if len(same) < len(_KEYS) or same & seen:
            raise Invalid("witness_twice", field=_FIELD)
        seen |= same
        is_city = any(key.public == witness.key.public for key in city)
        if is_city or _is_part(witness.org, host) or witness.key.name == log.get("origin"):
            raise Invalid("witness_city", field=_FIELD)


def _read(listed: object) -> Witness:
    if not isinstance(listed, dict) or listed.keys() != _KEYS:
        raise Invalid("witness_malformed", field=_FIELD)
    party, org, vkey, url = (listed[name] for name in ("party", "org", "vkey", "url"))
    texts = (party, org, vkey, url)
    if not all(isinstance(text, str) and len(text) <= _TEXT_MOST for text in texts):
        raise Invalid("witness_malformed", field=_FIELD)
    if not is_witness_name(party) or len(party) > _PARTY_MOST:
        raise Invalid("witness_party", field=_FIELD)
    if _ORG.fullmatch(org) is None:
        raise Invalid("witness_malformed", field=_FIELD)
    try:
        key = Key.read(vkey)
    except NoteError:
        raise Invalid("witness_key", field=_FIELD) from None
    if key.type is not KeyType.COSIGNATURE:
        raise Invalid("witness_key", field=_FIELD)
    if url and not _is_address(url):
        raise Invalid("witness_url", field=_FIELD)
    return Witness(party, org, key, url)


def _is_part(org: str, host: str) -> bool:
    """Whether one of two domains contains the other."""
    return bool(host) and (f".{org}".endswith(f".{host}") or f".{host}".endswith(f".{org}"))


def _is_address(url: str) -> bool:
    """Whether it is an https address without user name, password, query or fragment."""
    if not url.isascii() or not url.isprintable() or " " in url:
        return False
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    is_bare = not (parts.username or parts.password or parts.query or parts.fragment)
    return parts.scheme == "https" and bool(parts.hostname) and is_bare and port != 0


def statement_text(origin: str, kind: str, monday: str, party: str, *rest: str) -> bytes:
    """Return the bytes that a witness signs.

    `rest` is the commitment of a `commitment`, day and value of a `value`, or the hash of
    `rules_signed`.
    """
    lines = (SAID, origin, kind, monday, party, *rest)
    return "".join(f"{line}\n" for line in lines).encode()


def sign_statement(seed: bytes, lines: bytes) -> str:
    """Sign such lines; return the signature in standard base64."""
    return b64encode(Ed25519PrivateKey.from_private_bytes(seed).sign(lines)).decode()


def is_statement_signed(key: Key, lines: bytes, signature: str) -> bool:
    """Whether this key signed these lines; False for a malformed signature."""
    try:
        data = b64decode(signature, validate=True)
        Ed25519PublicKey.from_public_bytes(key.public).verify(data, lines)
    except (InvalidSignature, ValueError):
        return False
    return b64encode(data).decode() == signature


def quorum(count: int) -> int:
    """Return the quorum of that many witnesses.

    With fewer, two honest witnesses could be shown two different logs.
    """
    return count // 2 + 1


def signed_at(
    seq: int, notes: Iterable[tuple[int, Mapping[str, datetime]]], parties: Sequence[str]
) -> datetime | None:
    """Return when a quorum of these parties had signed one note that contains entry `seq`.

    None if no quorum has signed. `notes` are (size, party → time of signing).
    """
    needed, found = quorum(len(parties)), list[datetime]()
    for size, by_party in notes:
        times = sorted(at for party, at in by_party.items() if party in parties)
        if size >= seq and len(times) >= needed:
            found.append(times[needed - 1])
    return min(found, default=None)


def is_signed_in_time(
    seq: int,
    until: datetime,
    notes: Iterable[tuple[int, Mapping[str, datetime]]],
    parties: Sequence[str],
) -> bool:
    """Whether a quorum signed entry `seq` by then."""
    at = signed_at(seq, notes, parties)
    return at is not None and at <= until
