"""Values of a draw: the rules it runs under, the rows of its pool, and its outcome."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from publicmeeting.domain.errors import Invalid
from publicmeeting.kit.hashing import canonical_json, sha
from publicmeeting.turns import shape

ANY = "any"
"""Preference of a citizen who can come at any time."""

GENERAL = "general"
"""Lane of everybody without another one; rules never give it a quota."""

_ALL_DAY = ("00:00", "24:00")
_ROW_KEYS = frozenset({"ticket", "lane", "waited", "debt", "prefers"})


@dataclass(frozen=True, slots=True)
class Rules:
    """One announced version of the rules. `body` is the whole mapping that is hashed.

    A draw itself reads only `lanes` (name → seats per Monday) and `windows` (name → [from, to)).
    """

    version: int
    lanes: Mapping[str, int]
    windows: Mapping[str, tuple[str, str]]
    body: Mapping[str, Any]

    @classmethod
    def from_body(cls, body: object) -> "Rules":
        """Read the mapping as published; other keys are preserved and hashed, but not interpreted.

        Raises Invalid("rules_malformed"), with the field, if no draw could run under it.
        """
        try:
            plain = json.loads(canonical_json(body))
        except (TypeError, ValueError, RecursionError) as no_json:
            raise Invalid("rules_malformed") from no_json
        if not isinstance(plain, dict):
            raise Invalid("rules_malformed")
        if not shape.is_count(plain.get("version")):
            raise Invalid("rules_malformed", field="version")
        return cls(plain["version"], _lanes(plain), _windows(plain), plain)

    @property
    def hash(self) -> str:
        return sha(canonical_json(self.body))

    def window(self, prefers: str) -> tuple[str, str]:
        """Return [from, to) of a preference; `any` and unknown names mean the whole day."""
        return _ALL_DAY if prefers == ANY else self.windows.get(prefers, _ALL_DAY)


def _lanes(body: Mapping[str, Any]) -> Mapping[str, int]:
    lanes = body.get("lanes")
    if not isinstance(lanes, dict) or not all(map(shape.is_name, lanes)):
        raise Invalid("rules_malformed", field="lanes")
    if not all(map(shape.is_count, lanes.values())):
        raise Invalid("rules_malformed", field="lanes")
    return lanes


def _windows(body: Mapping[str, Any]) -> Mapping[str, tuple[str, str]]:
    windows = body.get("windows")
    if not isinstance(windows, dict) or not all(map(shape.is_name, windows)):
        raise Invalid("rules_malformed", field="windows")
    borders: dict[str, tuple[str, str]] = {}
    for name, window in windows.items():
        match window:
            case [start, end] if shape.is_border(start) and shape.is_border(end):
                borders[name] = (start, end)
            case _:
                raise Invalid("rules_malformed", field="windows")
    return borders


@dataclass(frozen=True, slots=True)
class Row:
    """One request in the pool, as published.

    `waited` counts draws, `debt` is 0 or 1. Raises ValueError for a value that the row's text
    cannot represent.
    """

    ticket: str
    lane: str
    waited: int
    debt: int
    prefers: str

    def __post_init__(self) -> None:
        if not (
            shape.is_hash(self.ticket)
            and shape.is_name(self.lane)
            and shape.is_count(self.waited)
            and shape.is_count(self.debt)
            and self.debt <= 1
            and shape.is_name(self.prefers)
        ):
            raise ValueError(f"not a pool row: {self.ticket!r}")

    @classmethod
    def from_body(cls, body: object) -> "Row":
        """Parse a published row; ValueError for anything else, including additional keys."""
        if not isinstance(body, Mapping) or set(body) != _ROW_KEYS:
            raise ValueError("a pool row has exactly its five keys")
        return cls(**body)

    @property
    def body(self) -> dict[str, Any]:
        return {
            "ticket": self.ticket,
            "lane": self.lane,
            "waited": self.waited,
            "debt": self.debt,
            "prefers": self.prefers,
        }

    @property
    def text(self) -> str:
        """The text that enters the pool root and sorts the published pool."""
        return f"{self.ticket}|{self.lane}|{self.waited}|{self.debt}|{self.prefers}"


@dataclass(frozen=True, slots=True)
class Seated:
    """A seat that the draw assigned. `why` is `debt`, `lane:NAME` or `line`."""

    ticket: str
    time: str
    why: str

    @property
    def body(self) -> dict[str, str]:
        return {"ticket": self.ticket, "time": self.time, "why": self.why}


@dataclass(frozen=True, slots=True)
class Outcome:
    """Result of a draw.

    `seated` is in the order of assignment. `standby` lists the tickets to ask when a seat is
    released.
    """

    seated: tuple[Seated, ...]
    standby: tuple[str, ...]
