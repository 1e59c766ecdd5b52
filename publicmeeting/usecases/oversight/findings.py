"""Findings of a check of the city, in plain words for an engineer at a terminal."""

from dataclasses import dataclass


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
