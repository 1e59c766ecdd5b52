"""What a check of the city has found: plain words for the engineer at a terminal."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with what."""

    where: str
    what: str


@dataclass(frozen=True, slots=True)
class Examined:
    """One check and all it found."""

    check: str
    findings: tuple[Finding, ...]
