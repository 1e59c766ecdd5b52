"""Findings of a check of the city, in plain words for an engineer at a terminal."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault: `where` it is and `what` is wrong."""

    where: str
    what: str


@dataclass(frozen=True, slots=True)
class Examined:
    """One check and all its findings."""

    check: str
    findings: tuple[Finding, ...]


def content_of(data: bytes) -> Mapping[str, Any]:
    """Return the content of an entry of the log; empty if somebody has made it unreadable."""
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
