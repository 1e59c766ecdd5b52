"""Entries of the public log: each event that touches turns is a leaf of one Merkle tree.

An entry is one canonical JSON text of `at`, `body`, `kind` and `seq` in printable ASCII. A reader
encodes it again and compares the bytes. The city signs the tree's root after every append, so no
entry can be changed, removed or inserted without changing the root. People appear by ticket only.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from publicmeeting.kit.hashing import MOST_COUNTED
from publicmeeting.turns import shape
from publicmeeting.turns.finding import Finding, FindingCode
from publicmeeting.turns.kinds import Kind
from publicmeeting.turns.tree.merkle import leaf_hash
from publicmeeting.turns.tree.tiles import ENTRY_MOST

_AT = "%Y-%m-%dT%H:%M:%SZ"
_PRINTABLE = re.compile(r"[\x20-\x7e]*")
_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"))
DEEPEST = 200
"""Maximum nesting of lists and objects; beyond it JSON readers of different languages differ."""
_KEYS = frozenset({"seq", "at", "kind", "body"})


_KINDS = frozenset(kind.value for kind in Kind)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as published; `seq` counts from 1, so the index of its leaf is `seq` - 1."""

    seq: int
    at: str
    kind: Kind
    body: Mapping[str, Any]

    @property
    def published(self) -> dict[str, Any]:
        return {
            "at": self.at,
            "body": dict(self.body),
            "kind": self.kind.value,
            "seq": self.seq,
        }

    @property
    def data(self) -> bytes:
        """The leaf of the tree: canonical JSON."""
        return entry_data(self.seq, self.at, self.kind, canonical(self.body))

    @property
    def leaf(self) -> bytes:
        """The hash of the leaf."""
        return leaf_hash(self.data)


@dataclass(frozen=True, slots=True)
class LogMark:
    """State of the log after `seq` entries; `root` is the hash over all of them."""

    seq: int
    root: str

    @property
    def printed(self) -> str:
        """Form for paper and screens, with enough of the root to exclude any other log."""
        return f"{self.seq}-{self.root[:16]}"

    @property
    def short(self) -> str:
        """Form for messages."""
        return f"{self.seq}-{self.root[:8]}"


def entry(seq: int, at: datetime, kind: Kind, body: Mapping[str, Any]) -> Entry:
    """Return the entry with this number; fractions of a second are dropped from `at`.

    Raises ValueError for a naive time, a `seq` below 1, or a body without a canonical text.
    """
    if at.tzinfo is None or seq < 1:
        raise ValueError("an entry needs a zoned time and a number from 1")
    new = Entry(seq, moment(at), kind, json.loads(canonical(body)))
    if len(new.data) > ENTRY_MOST:
        raise ValueError("an entry may not be longer than a bundle can say")
    return new


def entry_data(seq: int, at: str, kind: str, body: str) -> bytes:
    """Return an entry's bytes from its parts and the canonical text of its body."""
    return entry_text(seq, at, kind, body).encode("ascii")


def entry_text(seq: int, at: str, kind: str, body: str) -> str:
    """Return the same as text."""
    return f'{{"at":"{at}","body":{body},"kind":"{kind}","seq":{seq}}}'


def read_entry(data: bytes) -> Entry:
    """Parse an entry's bytes; ValueError for any that `Entry.data` would not have produced."""
    try:
        published = json.loads(data.decode("ascii"))
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as fault:
        raise ValueError("not an entry") from fault
    found = _read(published)
    if found is None or found.data != data or len(data) > ENTRY_MOST:
        raise ValueError("not the canonical text of an entry")
    return found


def _read(published: object) -> Entry | None:
    if not isinstance(published, Mapping) or any(_wrong_places(published)):
        return None
    values = (published[key] for key in ("seq", "at", "kind", "body"))
    seq, at, kind, body = values
    return Entry(seq, at, Kind(kind), body)


def canonical(body: object) -> str:
    """Return the text of a body: keys sorted, no spaces, printable ASCII, whole numbers from 0.

    Raises ValueError for everything that two languages could read differently: other letters,
    floats, null, booleans, integers beyond a browser's exact range.
    """
    _refuse_ambiguous(body)
    text = _ENCODER.encode(body)
    if text.count("[") + text.count("{") > DEEPEST and _is_deep(body, DEEPEST):
        raise ValueError("the log has no form for what lies so deep")
    return text


def _is_deep(value: object, most: int) -> bool:
    inside: Iterable[object] = ()
    if isinstance(value, Mapping):
        inside = value.values()
    elif isinstance(value, list | tuple):
        inside = value
    return not most or any(_is_deep(part, most - 1) for part in inside)


def _refuse_ambiguous(value: object) -> None:
    if type(value) is str and value.isascii() and value.isprintable():
        return  # the most common case
    match value:
        case str() if _PRINTABLE.fullmatch(value):
            return
        case bool():
            pass
        case int() if 0 <= value <= MOST_COUNTED:
            return
        case Mapping():
            for key, item in value.items():
                if not isinstance(key, str):
                    break
                _refuse_ambiguous(key)
                _refuse_ambiguous(item)
            else:
                return
        case list() | tuple():
            for item in value:
                _refuse_ambiguous(item)
            return
    raise ValueError(f"the log has no form for {value!r}")


def moment(at: datetime) -> str:
    """Return the text of an instant as written in entries."""
    return at.astimezone(UTC).strftime(_AT)


@lru_cache(maxsize=1024)
def instant(text: str) -> datetime:
    """Parse the text made by `moment`; ValueError for any other text."""
    if not shape.is_moment(text):
        raise ValueError(text)
    return datetime.fromisoformat(text)


def verify_chain(entries: Iterable[object], first: int = 1, since: str = "") -> tuple[Finding, ...]:
    """Return the faults within a range of the log, as entries or as published mappings.

    `first` is its first number, `since` the `at` of the entry before it. Never raises, whatever the
    items are. A changed entry, or entries missing at the end, can only be detected with a
    checkpoint.
    """
    return tuple(_chain_faults(entries, first, since))


def _chain_faults(entries: Iterable[object], seq: int, since: str) -> Iterator[Finding]:
    """Yield faults, continuing from each entry as published, so that one break is one finding.

    Stops at a malformed entry, because the position of the following ones is unknown.
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
        elif published["at"] < since:  # of one form, so their texts sort by time
            yield Finding(FindingCode.TIME_GOES_BACK, place)
        seq, since = published["seq"] + 1, published["at"]


def _wrong_places(published: object) -> Iterator[str]:
    if not isinstance(published, Mapping) or set(published) != _KEYS:
        yield "entry"
        return
    if not shape.is_count(published["seq"]) or not published["seq"]:
        yield "seq"
    if not shape.is_moment(published["at"]):
        yield "at"
    if not isinstance(published["kind"], str) or published["kind"] not in _KINDS:
        yield "kind"
    if not _has_canonical_form(published["body"]):
        yield "body"


def _has_canonical_form(value: object) -> bool:
    try:
        canonical(value)
    except (ValueError, RecursionError):
        return False
    return isinstance(value, Mapping)
