"""Verify one published draw file by recomputing everything it contains.

Some facts are only in the log: seats and commitments of an open file, and the commitment of a
silent party. A file may also be consistent in itself and still not follow from the log;
`turns.machine.copies` compares the two.
"""

from collections.abc import Iterator, Mapping
from typing import Any

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
from publicmeeting.turns.pool import Row, Rules
from publicmeeting.turns.rule import assign_seats


def verify(file: object) -> tuple[Finding, ...]:
    """Return the faults of a draw file in any of its three states; empty if there are none.

    Never raises, whatever the input is. A malformed file is not recomputed: only the faults of its
    form are returned.
    """
    if not isinstance(file, Mapping):
        return (Finding(FindingCode.NOT_A_FILE),)
    keys = keys_of_state(file)
    faults = [*key_faults(file, keys), *shape_faults(file, keys)]
    return tuple(faults or _recomputed(file, keys))


def _recomputed(file: Mapping[str, Any], keys: tuple[str, ...]) -> Iterator[Finding]:
    """Yield faults.

    Each value is computed from the published one before it, so that a fault does not spread.
    """
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
    """Return tickets of more than one row, each once; their rows may differ in everything else."""
    seen: set[str] = set()
    twice: dict[str, None] = {}
    for row in rows:
        if row.ticket in seen:
            twice[row.ticket] = None
        seen.add(row.ticket)
    return list(twice)


def _seed_faults(file: Mapping[str, Any]) -> Iterator[Finding]:
    reveals: Mapping[str, str] = file["reveals"]
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
