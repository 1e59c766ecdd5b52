"""The public log: every event that touches turns, each entry bound to the one before it.

An entry cannot be changed or taken out without breaking every later hash, and the first eight
characters of the newest hash stand on receipts and messages all over the city. People appear in it
by ticket only.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from publicmeeting.kit.hashing import canonical_json, sha
from publicmeeting.turns import shape
from publicmeeting.turns.finding import Finding, FindingCode
from publicmeeting.turns.kinds import Kind

GENESIS = "0" * 64
"""`prev` of the first entry."""

_AT = "%Y-%m-%dT%H:%M:%SZ"
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")
_KEYS = frozenset({"seq", "at", "kind", "body", "prev", "hash"})


_KINDS = frozenset(kind.value for kind in Kind)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as published; `at` is the text that was hashed, `seq` counts from 1."""

    seq: int
    at: str
    kind: Kind
    body: Mapping[str, Any]
    prev: str
    hash: str

    @property
    def published(self) -> dict[str, Any]:
        return {
            "seq": self.seq,
            "at": self.at,
            "kind": self.kind.value,
            "body": dict(self.body),
            "prev": self.prev,
            "hash": self.hash,
        }


def entry(seq: int, at: datetime, kind: Kind, body: Mapping[str, Any], prev: str) -> Entry:
    """The next entry after the one whose hash is `prev`; parts of a second are dropped from `at`.

    ValueError for a naive time, a `seq` below 1, or a body that has no canonical JSON.
    """
    if at.tzinfo is None or seq < 1 or not shape.is_hash(prev):
        raise ValueError("an entry needs a zoned time, a number from 1 and the hash before it")
    instant = moment(at)
    text = canonical_json(body)
    digest = _digest(seq, instant, kind, text, prev)
    return Entry(seq, instant, kind, json.loads(text), prev, digest)


def moment(at: datetime) -> str:
    """The text of a time as entries write it."""
    return at.astimezone(UTC).strftime(_AT)


def instant(text: str) -> datetime:
    """What `moment` gave, read back. ValueError for any other text."""
    if _MOMENT.fullmatch(text) is None:
        raise ValueError(text)
    return datetime.fromisoformat(text)


def _digest(seq: int, at: str, kind: str, body: str, prev: str) -> str:
    return sha("publicmeeting/log/v1", str(seq), at, kind, body, prev)


def verify_chain(
    entries: Iterable[object], first: int = 1, prev: str = GENESIS, since: str = ""
) -> tuple[Finding, ...]:
    """The faults of a stretch of the log, given as entries or as the mappings published.

    `first` and `prev` say where the stretch begins, `since` is the `at` of the entry before it.
    Never raises, whatever the items are. That the newest entries were left off shows only against
    a hash somebody kept.
    """
    return tuple(_chain_faults(entries, first, prev, since))


def _chain_faults(entries: Iterable[object], seq: int, prev: str, since: str) -> Iterator[Finding]:
    """Goes on from each entry as published, so that one broken place is one finding.

    Stops at one that is out of shape: what follows it hangs on nothing.
    """
    for item in entries:
        published = item.published if isinstance(item, Entry) else item
        wrong = list(_wrong_places(published))
        yield from (Finding(FindingCode.MALFORMED, f"{seq}.{place}") for place in wrong)
        if wrong or not isinstance(published, Mapping):
            return
        place = str(published["seq"])
        if published["seq"] != seq:
            yield Finding(FindingCode.SEQ_BROKEN, place)
        elif published["prev"] != prev:
            yield Finding(FindingCode.LINK_BROKEN, place)
        elif published["at"] < since:  # of one form, so their texts are in the order of time
            yield Finding(FindingCode.TIME_GOES_BACK, place)
        body = canonical_json(published["body"])
        digest = _digest(
            published["seq"], published["at"], published["kind"], body, published["prev"]
        )
        if published["hash"] != digest:
            yield Finding(FindingCode.HASH_DIFFERS, place)
        seq, prev, since = published["seq"] + 1, published["hash"], published["at"]


def _wrong_places(published: object) -> Iterator[str]:
    if not isinstance(published, Mapping) or set(published) != _KEYS:
        yield "entry"
        return
    if not shape.is_count(published["seq"]):
        yield "seq"
    if not _is_moment(published["at"]):
        yield "at"
    if not isinstance(published["kind"], str) or published["kind"] not in _KINDS:
        yield "kind"
    if not _has_canonical_form(published["body"]):
        yield "body"
    yield from (key for key in ("prev", "hash") if not shape.is_hash(published[key]))


def _is_moment(value: object) -> bool:
    """Exactly the published form, of an instant that exists."""
    try:
        return moment(instant(str(value))) == value
    except ValueError:
        return False


def _has_canonical_form(value: object) -> bool:
    try:
        canonical_json(value)
    except (TypeError, ValueError, RecursionError):
        return False
    return isinstance(value, Mapping)
