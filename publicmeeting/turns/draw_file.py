"""The published draw file: one JSON mapping that grows from open to frozen to drawn.

Nothing in it names a person. Each state is built on the former one as it was published, so a draw
can only run on what everybody could already read.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, TypeAlias

from publicmeeting.turns import formulas
from publicmeeting.turns.formulas import CITY
from publicmeeting.turns.pool import Row, Rules
from publicmeeting.turns.rule import give

DrawFile: TypeAlias = dict[str, Any]
"""Plain JSON values only; published as it is."""

OPEN_KEYS = ("draw", "district", "rules", "rules_hash", "seats", "commitments")
FROZEN_KEYS = (*OPEN_KEYS, "pool", "pool_root")
DRAWN_KEYS = (*FROZEN_KEYS, "reveals", "public_value", "seed", "seated", "standby")


def open_file(
    district: int,
    monday: date,
    rules: Rules,
    seats: Sequence[str],
    commitments: Mapping[str, str],
) -> DrawFile:
    """A Monday that was opened. `seats` are start times `HH:MM`, none for a closed Monday.

    `commitments` (party → hash) may still grow until the freeze.
    """
    return {
        "draw": formulas.draw_id(district, monday),
        "district": district,
        "rules": dict(rules.body),
        "rules_hash": rules.hash,
        "seats": list(seats),
        "commitments": dict(sorted(commitments.items())),
    }


def frozen_file(opened: DrawFile, rows: Iterable[Row]) -> DrawFile:
    """The pool as of the freeze; from here on nobody can enter or leave it."""
    pool = sorted(rows, key=lambda row: row.text)
    root = formulas.pool_root(opened["draw"], opened["rules_hash"], opened["seats"], pool)
    return {**opened, "pool": [row.body for row in pool], "pool_root": root}


def drawn_file(frozen: DrawFile, reveals: Mapping[str, str], public_value: str = "") -> DrawFile:
    """The draw itself, run on the frozen file.

    `reveals` (party → value) of those who revealed, `public_value` the dice digits or empty.
    ValueError without the city's reveal, or for a value its party had not committed to.
    """
    if CITY not in reveals:
        raise ValueError("no draw runs without the city's reveal")
    for party, value in reveals.items():
        if frozen["commitments"].get(party) != formulas.commitment(party, value):
            raise ValueError(f"not the value this party committed to: {party}")
    seed = formulas.seed(frozen["draw"], frozen["pool_root"], reveals, public_value)
    rows = [Row.from_body(body) for body in frozen["pool"]]
    outcome = give(rows, frozen["seats"], Rules.from_body(frozen["rules"]), seed)
    return {
        **frozen,
        "reveals": dict(sorted(reveals.items())),
        "public_value": public_value,
        "seed": seed,
        "seated": [seated.body for seated in outcome.seated],
        "standby": list(outcome.standby),
    }


def is_witnessed(drawn: Mapping[str, Any]) -> bool:
    """Whether anybody beside the city revealed; if not, the city could have known the outcome."""
    return any(party != CITY for party in drawn["reveals"])
