"""JSON Schema of the public log's entries, generated from the table of kinds."""

from typing import Any

from publicmeeting.kit.hashing import MOST_COUNTED
from publicmeeting.turns.kinds import BODIES, Check, Kind, Rule

_HASH = "^[0-9a-f]{64}$"
_MONDAY = "^14[0-9]{2}-[0-9]{2}-[0-9]{2}$"
_AT = "^20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$"
_OFFICER = "^[a-z0-9-]+/[0-9a-f]{8}$"
_TIME = "^([01][0-9]|2[0-3]):[0-5][0-9]$"
_PARTY = "^[a-z][a-z0-9-]*$"
_SIGNATURE = "^[A-Za-z0-9+/]{86}==$"
_COUNT = {"type": "integer", "minimum": 0, "maximum": MOST_COUNTED}


def _text(pattern: str) -> dict[str, Any]:
    return {"type": "string", "pattern": pattern}


def _or_empty(pattern: str) -> dict[str, Any]:
    return _text(f"^$|{pattern}")


def _list(items: dict[str, Any], *, least: int = 0) -> dict[str, Any]:
    return {"type": "array", "items": items, "uniqueItems": True, "minItems": least}


CHECKS: dict[Check, dict[str, Any]] = {
    Check.HASH: _text(_HASH),
    Check.DRAW: _text("^d[0-9]{2}-14[0-9]{2}-[0-9]{2}-[0-9]{2}$"),
    Check.MONDAY: _text(_MONDAY),
    Check.MONDAY_OR_EMPTY: _or_empty(_MONDAY),
    Check.DAY: _text(_MONDAY),
    Check.TIME: _text(_TIME),
    Check.INSTANT: _text(_AT),
    Check.SIGNATURE: _or_empty(_SIGNATURE),
    Check.OFFICER: _text(_OFFICER),
    Check.OFFICER_OR_EMPTY: _or_empty(_OFFICER),
    Check.SEATS: _list(_text(_TIME)),
    Check.PARTY: _text(_PARTY),
    Check.PARTIES: _list(_text(_PARTY)),
    Check.COUNT: _COUNT,
    Check.CAUSES: _list({**_COUNT, "minimum": 1}, least=1),
    Check.CASE: _text("^[0-9a-f]{16}$"),
    Check.NAME: _text("^[a-z][a-z0-9_-]*$"),
    Check.TEXT: _text("^[ -~]*$"),
    Check.CONTINUES: _or_empty("^[!-~]+ [1-9][0-9]* [A-Za-z0-9+/]{43}=$"),
    Check.DISTRICT: {"type": "integer", "minimum": 1, "maximum": 99},
    Check.RULES: {"type": "object"},
    Check.FINDINGS: _COUNT,
    Check.VALUE: _text("^(none|0|[1-9][0-9]{0,14})$"),
}
"""Schema of each form. It cannot express that a day exists, is a Monday, or that a list ascends."""


def log_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of an entry, with exactly the keys of its kind."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "An entry of the public log",
        "type": "object",
        "required": ["at", "body", "kind", "seq"],
        "additionalProperties": False,
        "properties": {
            "at": _text(_AT),
            "body": {"type": "object"},
            "kind": {"enum": sorted(kind.value for kind in BODIES)},
            "seq": {**_COUNT, "minimum": 1},
        },
        "oneOf": [
            {"properties": {"kind": {"const": kind.value}, "body": _body(kind)}} for kind in BODIES
        ],
    }


def _body(kind: Kind) -> dict[str, Any]:
    keys = BODIES[kind].keys
    return {
        "type": "object",
        "required": sorted(keys),
        "additionalProperties": False,
        "properties": {key: _rule(rule) for key, rule in sorted(keys.items())},
        "description": "attested: "
        + " ".join(attestation.value for attestation in BODIES[kind].attested),
    }


def _rule(rule: Rule) -> dict[str, Any]:
    return CHECKS[rule] if isinstance(rule, Check) else {"enum": sorted(rule)}
