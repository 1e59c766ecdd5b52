"""Recomputes everything a reader of one published draw file can recompute, and compares the files
with the public log.

What one file cannot show is in the log: the seats and commitments of a file that is only open, and
the commitment of a party who stayed silent. A file can be right in itself and yet not be the one
that was announced: so the log is read once from its first entry, and each file compared with what
was published at the moment that binds.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from publicmeeting.kit.hashing import canonical_json, sha
from publicmeeting.turns import formulas
from publicmeeting.turns.draw_file import (
    DRAWN_KEYS,
    OPEN_KEYS,
    key_faults,
    keys_of_state,
    shape_faults,
)
from publicmeeting.turns.finding import Finding, FindingCode
from publicmeeting.turns.formulas import CITY
from publicmeeting.turns.kinds import Kind
from publicmeeting.turns.pool import Row, Rules
from publicmeeting.turns.replay import Weeks
from publicmeeting.turns.rule import assign_seats


def verify(file: object) -> tuple[Finding, ...]:
    """The faults of a draw file in any of its three states; empty when there is none.

    Never raises, whatever is handed in. A file out of shape is not recomputed: its first faults are
    those of its shape.
    """
    if not isinstance(file, Mapping):
        return (Finding(FindingCode.NOT_A_FILE),)
    keys = keys_of_state(file)
    faults = [*key_faults(file, keys), *shape_faults(file, keys)]
    return tuple(faults or _recomputed(file, keys))


def _recomputed(file: Mapping[str, Any], keys: tuple[str, ...]) -> Iterator[Finding]:
    """Each link is computed from the published one before it: a fault stays where it was made."""
    rules = Rules.from_body(file["rules"])
    if not file["draw"].startswith(f"d{file['district']:02d}-"):
        yield Finding(FindingCode.DISTRICT_DIFFERS, "district")
    if rules.hash != file["rules_hash"]:
        yield Finding(FindingCode.RULES_HASH_DIFFERS, "rules_hash")
    if CITY not in file["commitments"]:
        yield Finding(FindingCode.CITY_COMMITMENT_MISSING, "commitments")
    if keys is OPEN_KEYS:
        return
    rows = [Row.from_body(body) for body in file["pool"]]
    yield from _pool_faults(file, rows)
    if keys is DRAWN_KEYS:
        yield from _seed_faults(file)
        if not _tickets_twice(rows):
            yield from _outcome_faults(file, rows, rules)


def _pool_faults(file: Mapping[str, Any], rows: list[Row]) -> Iterator[Finding]:
    texts = [row.text for row in rows]
    if texts != sorted(texts):
        yield Finding(FindingCode.POOL_NOT_SORTED, "pool")
    yield from (
        Finding(FindingCode.TICKET_TWICE, f"pool.{ticket}") for ticket in _tickets_twice(rows)
    )
    root = formulas.pool_root(file["draw"], file["rules_hash"], file["seats"], rows)
    if root != file["pool_root"]:
        yield Finding(FindingCode.POOL_ROOT_DIFFERS, "pool_root")


def _tickets_twice(rows: list[Row]) -> list[str]:
    """Tickets of more than one row, each once; rows of one ticket may differ in everything else."""
    seen: set[str] = set()
    twice: dict[str, None] = {}
    for row in rows:
        if row.ticket in seen:
            twice[row.ticket] = None
        seen.add(row.ticket)
    return list(twice)


def _seed_faults(file: Mapping[str, Any]) -> Iterator[Finding]:
    reveals: Mapping[str, str] = file["reveals"]
    if CITY not in reveals:
        yield Finding(FindingCode.CITY_REVEAL_MISSING, "reveals")
    for party, value in reveals.items():
        committed = file["commitments"].get(party)
        if committed is None:
            yield Finding(FindingCode.REVEAL_UNCOMMITTED, f"reveals.{party}")
        elif committed != formulas.commitment(party, value):
            yield Finding(FindingCode.REVEAL_DIFFERS, f"reveals.{party}")
    seed = formulas.seed(
        file["draw"],
        file["pool_root"],
        file["commitments"],
        reveals,
        file["late_day"],
        file["late_value"],
    )
    if seed != file["seed"]:
        yield Finding(FindingCode.SEED_DIFFERS, "seed")


def _outcome_faults(file: Mapping[str, Any], rows: list[Row], rules: Rules) -> Iterator[Finding]:
    outcome = assign_seats(rows, file["seats"], rules, file["seed"])
    if [dict(seated) for seated in file["seated"]] != [seated.body for seated in outcome.seated]:
        yield Finding(FindingCode.SEATED_DIFFERS, "seated")
    if file["standby"] != list(outcome.standby):
        yield Finding(FindingCode.STANDBY_DIFFERS, "standby")


LOG = "log"
"""Where a fault of the log's own stands, beside the ids of draws."""

_DISTRICT = len("d06")

Published: TypeAlias = Mapping[str, Any]
"""A draw file, an entry or its body, as JSON."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """`faults`: draw id (or `LOG`) → what does not agree.

    `unfollowed`: draws in the log, of districts that files were handed in of but not this
    one, so that the later weeks of its rows could not be counted.
    """

    faults: Mapping[str, tuple[Finding, ...]]
    unfollowed: tuple[str, ...]


@dataclass(slots=True)
class _Published:
    """What the log has published of one draw; snapshots are of the moment that binds."""

    rules_hash: object
    opened: object
    seats: object
    root: object = None
    rows: object = None
    commitments: Mapping[str, object] = field(default_factory=dict)
    reveals: Mapping[str, object] = field(default_factory=dict)
    late: Published = field(default_factory=dict)
    drawn: Published | None = None


def against_log(files: Iterable[Published], entries: Iterable[Published]) -> Agreement:
    """Compare files that have no fault of their own with a log whose chain is whole.

    The entries are those published, from the first one on. Never raises for any body an entry may
    have: what is not as expected is a fault.
    """
    history = _History(list(files))
    for entry in entries:
        history.read(entry)
    return history.agreement()


class _History:
    """The log so far, read in its order."""

    def __init__(self, files: Sequence[Published]) -> None:
        self._files = files
        # Of several states of one draw the furthest is the one whose rows are followed.
        self._pools = {file["draw"]: file for file in sorted(files, key=len) if "pool" in file}
        self._faults: defaultdict[str, list[Finding]] = defaultdict(list)
        self._weeks = Weeks()
        self._announced: set[str] = set()
        self._published: dict[str, _Published] = {}
        # By Monday, then by party; one of them serves all districts.
        self._commitments: defaultdict[str, dict[str, object]] = defaultdict(dict)
        self._reveals: defaultdict[str, dict[str, object]] = defaultdict(dict)
        self._stands: dict[str, Published] = {}

    def read(self, entry: Published) -> None:
        body, draw = entry["body"], _text(entry, "draw")
        match entry["kind"]:
            case Kind.RULES_ANNOUNCED:
                self._announced.add(_text(entry, "hash"))
            case Kind.MONDAY_OPENED:
                self._published[draw] = _Published(
                    body.get("rules_hash"), body.get("seats"), body.get("seats")
                )
            case Kind.MONDAY_CLOSED:
                self._close(draw)
            case Kind.COMMITMENT | Kind.REVEAL | Kind.VALUE_STANDS:
                self._show(entry)
            case Kind.FREEZE | Kind.OBJECTION if "pool_root" in body:
                self._freeze(draw, body)
            case Kind.DRAW:
                self._draw(draw, body)
            case _:
                self._faults[LOG].extend(self._weeks.read(entry))

    def agreement(self) -> Agreement:
        for file in self._files:
            self._faults[file["draw"]].extend(self._of_file(file))
        faults = {draw: tuple(found) for draw, found in self._faults.items() if found}
        ours = {file["draw"][:_DISTRICT] for file in self._files}
        unfollowed = (draw for draw in self._weeks.unfollowed if draw[:_DISTRICT] in ours)
        return Agreement(faults, tuple(unfollowed))

    def _close(self, draw: str) -> None:
        """Before the freeze a closed Monday loses its seats; afterwards the frozen ones stand."""
        published = self._published.get(draw)
        if published and published.root is None:
            published.seats = []

    def _show(self, entry: Published) -> None:
        """What a party commits to or reveals for one Monday, and the value that stands."""
        body, monday, party = entry["body"], _text(entry, "monday"), _text(entry, "party")
        match entry["kind"]:
            case Kind.COMMITMENT:
                self._commitments[monday].setdefault(party, body.get("commitment"))
            case Kind.REVEAL:
                self._reveals[monday].setdefault(party, body.get("value"))
            case Kind.VALUE_STANDS:
                self._stands.setdefault(monday, body)

    def _freeze(self, draw: str, body: Published) -> None:
        """The first freeze is the moment of the rows; an upheld objection publishes a new root."""
        published, file = self._published.get(draw), self._pools.get(draw)
        if published is None:
            return
        if self._reveals[_monday(draw)]:
            self._faults[draw].append(Finding(FindingCode.REVEALED_EARLY, "pool_root"))
        if published.root is None:
            published.commitments = dict(self._commitments[_monday(draw)])
            if file:
                self._faults[draw].extend(self._weeks.faults_of_rows(file))
        published.root, published.rows = body["pool_root"], body.get("rows")

    def _draw(self, draw: str, body: Published) -> None:
        published = self._published.get(draw)
        if published and published.drawn is None:
            published.drawn = body
            published.reveals = dict(self._reveals[_monday(draw)])
            published.late = self._stands.get(_monday(draw), {})
        self._weeks.add_draw(draw, self._pools.get(draw))

    def _of_file(self, file: Published) -> Iterator[Finding]:
        published = self._published.get(file["draw"])
        if published is None:
            yield Finding(FindingCode.NOT_IN_LOG, "draw")
            return
        if file["rules_hash"] != published.rules_hash or file["rules_hash"] not in self._announced:
            yield Finding(FindingCode.TOLD_OTHERWISE, "rules_hash")
            return
        known = self._commitments[_monday(file["draw"])]
        for place, agrees in _comparisons(file, published, known):
            if not agrees:
                yield Finding(FindingCode.TOLD_OTHERWISE, place)


def _comparisons(
    file: Published, published: _Published, known: Mapping[str, object]
) -> Iterator[tuple[str, bool]]:
    """Each part of a file, and whether the log has published the same; `known` are all commitments
    so far."""
    if "pool" not in file:
        # It may be older than a commitment, or than the closing of its Monday.
        yield "seats", file["seats"] in (published.opened, published.seats)
        yield "commitments", file["commitments"].items() <= known.items()
        return
    yield "seats", file["seats"] == published.seats
    yield "commitments", file["commitments"] == published.commitments
    yield "pool", len(file["pool"]) == published.rows
    yield "pool_root", file["pool_root"] == published.root
    if "seed" not in file:
        return
    drawn = published.drawn or {}
    yield "reveals", file["reveals"] == published.reveals
    yield "late_day", file["late_day"] == published.late.get("day")
    yield "late_value", file["late_value"] == published.late.get("value")
    yield "seed", file["seed"] == drawn.get("seed")
    yield "seated", len(file["seated"]) == drawn.get("seated")
    yield "standby", len(file["standby"]) == drawn.get("standby")
    yield "file", sha(canonical_json(file)) == drawn.get("file")


def _text(entry: Published, key: str) -> str:
    value = entry["body"].get(key)
    return value if isinstance(value, str) else ""


def _monday(draw: str) -> str:
    """The Jalali day in a draw's id, as commitments and reveals name their Monday."""
    return draw[4:]
