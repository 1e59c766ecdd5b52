"""Witnesses played by tests: each has a key, and stores its values as a browser would."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from hashlib import sha256
from typing import Any

from publicmeeting.domain.roles import NOBODY
from publicmeeting.kit.jalali import iso
from publicmeeting.turns.formulas import commitment
from publicmeeting.turns.rules.witness import sign_statement, statement_text
from publicmeeting.turns.tree import note
from publicmeeting.turns.tree.note import Key, SignedNote
from publicmeeting.usecases.line.ceremony.witness_words import (
    Commit,
    EnterValue,
    Reveal,
    commit,
    enter_value,
    reveal,
)
from publicmeeting.usecases.line.rules_by_two import SignRules, sign_rules
from publicmeeting.usecases.public_record.cosigning import Cosign, cosign
from support.line import MONDAY, Line
from support.witness_keys import key_of, seed_of


def value_of(party: str, monday: date, salt: str = "") -> str:
    """Return 64 hex digits that look random, the same for the same arguments."""
    return sha256(f"{party} {monday} {salt}".encode()).hexdigest()


@dataclass
class Witness:
    line: Line
    party: str
    values: dict[date, str] = field(default_factory=dict)

    @property
    def seed(self) -> bytes:
        return seed_of(self.party)

    @property
    def key(self) -> Key:
        return key_of(self.party)

    def sign(self, kind: str, monday: date, *words: str) -> str:
        with self.line.reading() as uow:
            origin = uow.log.keys().origin
        lines = statement_text(origin, kind, iso(monday), self.party, *words)
        return sign_statement(self.seed, lines)

    def commits(
        self, monday: date = MONDAY, *, value: str = "", promised: str = "", sig: str | None = None
    ) -> str:
        """Commit to a value; returns the commitment."""
        self.values[monday] = value or value_of(self.party, monday)
        promised = promised or commitment(self.party, self.values[monday])
        sig = self.sign("commitment", monday, promised) if sig is None else sig
        words = Commit(monday=iso(monday), party=self.party, commitment=promised, sig=sig)
        self._does(commit, words)
        return promised

    def shows(self, monday: date = MONDAY, value: str = "") -> int:
        shown = value or self.values[monday]
        return self._does(reveal, Reveal(monday=iso(monday), party=self.party, value=shown))

    def enters(
        self,
        value: str,
        monday: date = MONDAY,
        day: date | None = None,
        sig: str | None = None,
    ) -> int:
        """Enter a late value; `day` is the Wednesday before unless it is named."""
        on = iso(day or monday - timedelta(days=5))
        sig = self.sign("value", monday, on, value) if sig is None else sig
        words = EnterValue(monday=iso(monday), day=on, party=self.party, value=value, sig=sig)
        return self._does(enter_value, words)

    def signs_rules(self, monday: date, digest: str, sig: str | None = None) -> int:
        """Sign proposed rules that begin with this Monday."""
        sig = self.sign("rules_signed", monday, digest) if sig is None else sig
        words = SignRules(monday=iso(monday), party=self.party, hash=digest, sig=sig)
        return self._does(sign_rules, words)

    def note(self, size: int | None = None, seconds: int | None = None) -> str:
        """Return the city's note of a size (the newest) with this witness's signature."""
        with self.line.reading() as uow:
            text = uow.log.note(size) if size else uow.log.checkpoint() or ""
        signed = SignedNote.read(text)
        at = int(self.line.clock.now.timestamp()) if seconds is None else seconds
        line = note.cosign(signed.text, self.key.name, self.seed, at)
        return str(SignedNote(signed.text, (*signed.signatures, line)))

    def cosigns(self, size: int | None = None) -> str:
        """Sign a note and send it; returns what the city stores of it."""
        return self.sends(self.note(size))

    def sends(self, text: str) -> str:
        return self._does(cosign, Cosign(note=text))

    def _does(self, usecase: Any, command: Any) -> Any:
        return self.line.city.application.execute_as(NOBODY, usecase, command)
