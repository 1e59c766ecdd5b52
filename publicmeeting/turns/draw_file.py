"""The published draw file: one JSON object that grows from open to frozen to drawn.

It names no person. Each state extends the previous one as published, so a draw can only run on data
that everybody could already read. The second half of the module has the keys of each state and the
form of each value (docs/turns.md section 4).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, TypeAlias

from publicmeeting.domain.errors import Invalid
from publicmeeting.turns import formulas, kinds, shape
from publicmeeting.turns.finding import Finding, FindingCode
from publicmeeting.turns.pool import Row, Rules
from publicmeeting.turns.rule import assign_seats

DrawFile: TypeAlias = dict[str, Any]
"""Plain JSON values only; published as it is."""

OPEN_KEYS = ("draw", "district", "rules", "rules_hash", "seats", "commitments")
FROZEN_KEYS = (*OPEN_KEYS, "pool", "pool_root")
DRAWN_KEYS = (*FROZEN_KEYS, "reveals", "late_day", "late_value", "seed", "seated", "standby")


def open_file(
    district: int,
    monday: date,
    rules: Rules,
    seats: Sequence[str],
    commitments: Mapping[str, str],
) -> DrawFile:
    """Return the file of an opened Monday.

    `seats` are start times `HH:MM`, empty for a closed Monday. `commitments` (party → hash) may
    still grow until the freeze.
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
    """Return the file with the pool at the freeze; from here on nobody can enter or leave it."""
    pool = sorted(rows, key=lambda row: row.text)
    root = formulas.pool_root(opened["draw"], opened["rules_hash"], opened["seats"], pool)
    return {**opened, "pool": [row.body for row in pool], "pool_root": root}


def drawn_file(frozen: DrawFile, reveals: Mapping[str, str], day: str, late_value: str) -> DrawFile:
    """Run the draw on the frozen file and return the drawn file.

    `reveals` (party → value) has the parties that revealed in time. `day` (`1405-09-11`) and
    `late_value` are the standing value according to the log. Raises ValueError for a value that its
    party had not committed to.
    """
    for party, value in reveals.items():
        if frozen["commitments"].get(party) != formulas.commitment(party, value):
            raise ValueError(f"not the value this party committed to: {party}")
    rows = [Row.from_body(body) for body in frozen["pool"]]
    return run_draw(frozen, rows, Rules.from_body(frozen["rules"]), reveals, day, late_value)


def run_draw(
    frozen: DrawFile,
    rows: Iterable[Row],
    rules: Rules,
    reveals: Mapping[str, str],
    day: str,
    late_value: str,
) -> DrawFile:
    """Return the drawn file of a frozen one whose rows and rules have been read."""
    seed = formulas.seed(
        frozen["draw"], frozen["pool_root"], frozen["commitments"], reveals, day, late_value
    )
    outcome = assign_seats(rows, frozen["seats"], rules, seed)
    return {
        **frozen,
        "reveals": dict(sorted(reveals.items())),
        "late_day": day,
        "late_value": late_value,
        "seed": seed,
        "seated": [seated.body for seated in outcome.seated],
        "standby": list(outcome.standby),
    }


_SEATED_KEYS = frozenset({"ticket", "time", "why"})


def keys_of_state(file: Mapping[Any, Any]) -> tuple[str, ...]:
    """Return the keys of the latest state of which the file has any key."""
    for keys, before in ((DRAWN_KEYS, FROZEN_KEYS), (FROZEN_KEYS, OPEN_KEYS)):
        if any(key in file for key in keys if key not in before):
            return keys
    return OPEN_KEYS


def key_faults(file: Mapping[Any, Any], keys: tuple[str, ...]) -> Iterator[Finding]:
    yield from (Finding(FindingCode.KEY_MISSING, key) for key in keys if key not in file)
    yield from (Finding(FindingCode.KEY_TOO_MANY, _name(key)) for key in file if key not in keys)


def shape_faults(file: Mapping[Any, Any], keys: tuple[str, ...]) -> Iterator[Finding]:
    for key in keys:
        if key in file:
            places = _SHAPES[key](file[key])
            yield from (Finding(FindingCode.MALFORMED, key + place) for place in places)


def _name(key: object) -> str:
    return key if isinstance(key, str) else type(key).__name__


def _one(is_right: Callable[[object], bool]) -> Callable[[object], Iterator[str]]:
    def places(value: object) -> Iterator[str]:
        if not is_right(value):
            yield ""

    return places


def _by_party(is_right: Callable[[object], bool]) -> Callable[[object], Iterator[str]]:
    def places(value: object) -> Iterator[str]:
        if not isinstance(value, Mapping):
            yield ""
            return
        for party, item in value.items():
            if not shape.is_party(party) or not is_right(item):
                yield f".{_name(party)}"

    return places


def _each(is_right: Callable[[object], bool]) -> Callable[[object], Iterator[str]]:
    def places(value: object) -> Iterator[str]:
        if not isinstance(value, list):
            yield ""
            return
        yield from (f"[{index}]" for index, item in enumerate(value) if not is_right(item))

    return places


def _rules_places(value: object) -> Iterator[str]:
    try:
        Rules.from_body(value)
    except Invalid as refusal:
        yield f".{refusal.field}".rstrip(".")


def _is_row(value: object) -> bool:
    try:
        Row.from_body(value)
    except ValueError:
        return False
    return True


def _is_seated(value: object) -> bool:
    return (
        isinstance(value, Mapping)
        and set(value) == _SEATED_KEYS
        and all(isinstance(item, str) for item in value.values())
    )


def _seats_places(value: object) -> Iterator[str]:
    wrong = list(_each(shape.is_start)(value))
    yield from wrong
    if not wrong and isinstance(value, list) and not shape.is_ascending(value):
        yield ""


_SHAPES: Mapping[str, Callable[[object], Iterator[str]]] = {
    "draw": _one(shape.is_draw),
    "district": _one(shape.is_count),
    "rules": _rules_places,
    "rules_hash": _one(shape.is_hash),
    "seats": _seats_places,
    "commitments": _by_party(shape.is_hash),
    "pool": _each(_is_row),
    "pool_root": _one(shape.is_hash),
    "reveals": _by_party(shape.is_plain),
    "late_day": _one(kinds.is_day),
    "late_value": _one(kinds.is_value),
    "seed": _one(shape.is_hash),
    "seated": _each(_is_seated),
    "standby": _each(shape.is_hash),
}
