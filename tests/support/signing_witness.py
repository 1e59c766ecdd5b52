"""Witnesses as tests play them: a key each."""

from dataclasses import dataclass
from typing import Any

from publicmeeting.domain.roles import NOBODY
from publicmeeting.turns import note
from publicmeeting.turns.note import Key, SignedNote
from publicmeeting.usecases.public_record.cosigning import Cosign, cosign
from support.line import Line
from support.witness_keys import key_of, seed_of


@dataclass
class Witness:
    line: Line
    party: str

    @property
    def seed(self) -> bytes:
        return seed_of(self.party)

    @property
    def key(self) -> Key:
        return key_of(self.party)

    def note(self, size: int | None = None, seconds: int | None = None) -> str:
        """The city's note of a size (the newest) with this witness's line."""
        with self.line.reading() as uow:
            text = uow.log.note(size) if size else uow.log.checkpoint() or ""
        signed = SignedNote.read(text)
        at = int(self.line.clock.now.timestamp()) if seconds is None else seconds
        line = note.cosign(signed.text, self.key.name, self.seed, at)
        return str(SignedNote(signed.text, (*signed.signatures, line)))

    def cosigns(self, size: int | None = None) -> str:
        """The newest note; gives what the city keeps of it."""
        return self.sends(self.note(size))

    def sends(self, text: str) -> str:
        return self._does(cosign, Cosign(note=text))

    def _does(self, usecase: Any, command: Any) -> Any:
        return self.line.city.application.execute_as(NOBODY, usecase, command)
