"""The shape of a draw file: which keys it may have, and what may stand under each."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from publicmeeting.domain.errors import Invalid
from publicmeeting.turns import shape
from publicmeeting.turns.draw_file import DRAWN_KEYS, FROZEN_KEYS, OPEN_KEYS
from publicmeeting.turns.finding import Finding, FindingCode
from publicmeeting.turns.pool import Row, Rules

_SEATED_KEYS = frozenset({"ticket", "time", "why"})


def keys_of_state(file: Mapping[Any, Any]) -> tuple[str, ...]:
    """The keys of the furthest state of which the file has anything."""
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
    "public_value": _one(shape.is_plain),
    "seed": _one(shape.is_hash),
    "seated": _each(_is_seated),
    "standby": _each(shape.is_hash),
}
