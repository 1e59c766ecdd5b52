"""The public log: every event that touches turns, each entry a leaf of one tree.

An entry is one canonical JSON text of `at`, `body`, `kind` and `seq`, in printable ASCII: who reads
it encodes it again and compares the bytes. The tree's root is signed after every append, so no
entry can be changed, taken out or put in without another root. People appear by ticket only.
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
from publicmeeting.turns.merkle import leaf_hash
from publicmeeting.turns.tiles import ENTRY_MOST

_AT = "%Y-%m-%dT%H:%M:%SZ"
_PRINTABLE = re.compile(r"[\x20-\x7e]*")
_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"))
DEEPEST = 200
"""Of lists and objects in each other: how much deeper a reader follows is each language's own."""
_KEYS = frozenset({"seq", "at", "kind", "body"})


_KINDS = frozenset(kind.value for kind in Kind)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as published; `seq` counts from 1 and is its leaf's index + 1."""

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
        """The leaf's hash."""
        return leaf_hash(self.data)


@dataclass(frozen=True, slots=True)
class LogMark:
    """What the log was when it had `seq` entries; `root` is the hash over all of them."""

    seq: int
    root: str

    @property
    def printed(self) -> str:
        """On paper and screens: enough of the root that no other log fits it."""
        return f"{self.seq}-{self.root[:16]}"

    @property
    def short(self) -> str:
        """In messages."""
        return f"{self.seq}-{self.root[:8]}"


def entry(seq: int, at: datetime, kind: Kind, body: Mapping[str, Any]) -> Entry:
    """The entry of this number; parts of a second are dropped from `at`.

    ValueError for a naive time, a `seq` below 1, or a body that has no canonical text here.
    """
    if at.tzinfo is None or seq < 1:
        raise ValueError("an entry needs a zoned time and a number from 1")
    new = Entry(seq, moment(at), kind, json.loads(canonical(body)))
    if len(new.data) > ENTRY_MOST:
        raise ValueError("an entry may not be longer than a bundle can say")
    return new


def entry_data(seq: int, at: str, kind: str, body: str) -> bytes:
    """An entry's bytes, from its parts and its body's canonical text."""
    return entry_text(seq, at, kind, body).encode("ascii")


def entry_text(seq: int, at: str, kind: str, body: str) -> str:
    """The same before it is bytes."""
    return f'{{"at":"{at}","body":{body},"kind":"{kind}","seq":{seq}}}'


def read_entry(data: bytes) -> Entry:
    """An entry's bytes, read back. ValueError for any that `Entry.data` would not have given."""
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
    """The text of a body: keys sorted, no spaces, printable ASCII, whole numbers from 0.

    ValueError for all else, so that no two languages can read it in two ways: other letters,
    floats, null, booleans, numbers a browser does not count exactly.
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
    return not most or any(_is_deep(one, most - 1) for one in inside)


def _refuse_ambiguous(value: object) -> None:
    if type(value) is str and value.isascii() and value.isprintable():
        return  # nearly all there is
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
    """The text of a time as entries write it."""
    return at.astimezone(UTC).strftime(_AT)


@lru_cache(maxsize=1024)
def instant(text: str) -> datetime:
    """What `moment` gave, read back. ValueError for any other text."""
    if not shape.is_moment(text):
        raise ValueError(text)
    return datetime.fromisoformat(text)


def verify_chain(entries: Iterable[object], first: int = 1, since: str = "") -> tuple[Finding, ...]:
    """The faults of a stretch of the log in itself, passed as entries or as the mappings published.

    `first` is its first number, `since` the `at` of the entry before it. Never raises, whatever the
    items are. What was changed, or left off at the end, shows against a checkpoint alone.
    """
    return tuple(_chain_faults(entries, first, since))


def _chain_faults(entries: Iterable[object], seq: int, since: str) -> Iterator[Finding]:
    """Goes on from each entry as published, so that one broken place is one finding.

    Stops at one that is out of shape: what follows it has no place.
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
        elif published["at"] < since:  # of one form, so their texts are in the order of time
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
