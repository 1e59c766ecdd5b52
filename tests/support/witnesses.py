"""Witnesses as tests play them: values of their own, kept where a browser would keep them."""

from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import Any

from publicmeeting.domain.roles import Actor
from publicmeeting.turns.formulas import commitment
from publicmeeting.usecases.line.witnesses import (
    Commit,
    ShowValue,
    commit,
    show_value,
)
from support.line import MONDAY, Line


def value_of(party: str, monday: date, salt: str = "") -> str:
    """64 hex digits that look as if nobody could guess them."""
    return sha256(f"{party} {monday} {salt}".encode()).hexdigest()


@dataclass
class Witness:
    line: Line
    party: str
    kept: dict[date, str] = field(default_factory=dict)

    @property
    def actor(self) -> Actor:
        return self.line.city.as_(self.party)

    def commits(self, monday: date = MONDAY, *, value: str = "", promised: str = "") -> str:
        self.kept[monday] = value or value_of(self.party, monday)
        promised = promised or commitment(self.party, self.kept[monday])
        return self._does(commit, Commit(monday=monday.isoformat(), commitment=promised))

    def shows(self, monday: date = MONDAY, value: str = "") -> None:
        shown = value or self.kept[monday]
        self._does(show_value, ShowValue(monday=monday.isoformat(), value=shown))

    def _does(self, usecase: Any, command: Any) -> Any:
        return self.line.city.application.execute_as(self.actor, usecase, command)
