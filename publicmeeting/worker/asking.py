"""Questions of the worker to services outside: a witness's signature, and whose a mobile is.

They are asked outside every transaction and all other work. Reachable witnesses are asked to sign
each moment of a Monday, until they have.
"""

import base64
import logging
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta

from publicmeeting.domain.errors import Refusal
from publicmeeting.domain.roles import NOBODY
from publicmeeting.kit.outside.http_call import why
from publicmeeting.notify.phone import NotSentError, UnansweredError
from publicmeeting.notify.witnesses import Asked
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.turns.rules.witness import Witness
from publicmeeting.turns.tree.checkpoint import Checkpoint
from publicmeeting.turns.tree.merkle import consistency
from publicmeeting.turns.tree.note import SignedNote
from publicmeeting.usecases.alone import is_part_missing
from publicmeeting.usecases.identity import claim_matches, write_answer
from publicmeeting.usecases.public_record.cosigning import Cosign, cosign, note_to_sign, unsigned
from publicmeeting.worker.parts import Parts

AGAIN = timedelta(minutes=1)
_POLLS_EVERY = timedelta(seconds=3)
_LEASE = timedelta(seconds=30)
_JOB = "witnesses"
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Question:
    witness: Witness
    old: int
    proof: tuple[str, ...]
    note: str


class Witnessing:
    """Asks witnesses; one per process, and only the holder of the lease works.

    What each witness knows is remembered only to save a second request; the witness itself answers
    it.
    """

    def __init__(self, parts: Parts, holder: str) -> None:
        self._parts = parts
        self._holder = holder
        self._asked_at: dict[str, datetime] = {}
        self._known: dict[str, int] = {}
        self._polled_at: datetime | None = None

    def ask(self) -> int:
        """Ask each witness with an unsigned moment, once a minute; return how many signed."""
        now = self._parts.clock()
        if self._polled_at is not None and timedelta(0) <= now - self._polled_at < _POLLS_EVERY:
            return 0
        self._polled_at = now
        due = [witness for witness in self._unsigned() if self._is_due(witness, now)]
        if not due or not self._lease():
            return 0
        return sum(self._sign(witness, now) for witness in due)

    def _unsigned(self) -> list[Witness]:
        with self._unit(reading=True) as uow:
            return list(unsigned(uow))

    def _is_due(self, witness: Witness, now: datetime) -> bool:
        asked_at = self._asked_at.get(witness.key.vkey)
        return asked_at is None or not timedelta(0) <= now - asked_at < AGAIN

    def _lease(self) -> bool:
        with self._unit() as uow:
            return uow.clockwork.lease(_JOB, self._holder, _LEASE)

    def _sign(self, witness: Witness, now: datetime) -> bool:
        key = witness.key.vkey
        self._asked_at[key] = now
        try:
            for old in self._sizes(key):
                question = self._question(witness, old)
                answer = self._put(question)
                if answer.known_size is None:
                    return self._keep(question, answer)
                self._known[key] = answer.known_size
        except (NotSentError, UnansweredError, Refusal) as failure:
            _log.warning("a witness did not sign: %s", why(failure))
        return False

    def _sizes(self, key: str) -> Iterator[int]:
        """Yield the size that it is believed to know, then the one that it has answered."""
        yield self._known.get(key, 0)
        yield self._known.get(key, 0)

    def _question(self, witness: Witness, old: int) -> _Question:
        """Return the question to a witness.

        NotSentError if it knows more than the log has: one of the two is wrong.
        """
        with self._unit(reading=True) as uow:
            size = uow.log.head().seq
            if old > size:
                raise NotSentError("the witness knows a longer log")
            wanted = note_to_sign(uow)
            size = wanted if wanted >= old else size  # a witness never signs a smaller one
            note = str(uow.log.note(size))
            path = consistency(old, size, uow.log.nodes(size))
        proof = tuple(base64.b64encode(node).decode() for node in path)
        return _Question(witness, old, proof, note)

    def _put(self, question: _Question) -> Asked:
        url, note = question.witness.url, question.note
        return self._parts.witness_client.add_checkpoint(url, question.old, question.proof, note)

    def _keep(self, question: _Question, answer: Asked) -> bool:
        """Store this witness's own lines after checking them."""
        name = f"— {question.witness.key.name} "
        lines = [line for line in answer.lines if line.startswith(name)]
        text = SignedNote.read(question.note).text
        if not lines:
            return False
        with self._unit() as uow:
            city_now = self._parts.clock() + uow.clockwork.offset()
            note = f"{text}\n" + "".join(f"{line}\n" for line in lines)
            cosign(uow, NOBODY, Cosign(note=note), city_now)
        self._known[question.witness.key.vkey] = Checkpoint.read(text).size
        return True

    def _unit(self, *, reading: bool = False) -> AbstractContextManager[UnitOfWork]:
        return self._parts.store.unit_of_work(self._parts.clock(), reading=reading)


def match(application: Parts) -> int:
    """Ask about persons who wait for it; return how many were answered.

    Does nothing without a service, and while its circuit is open.
    """
    matcher = application.matcher
    if matcher is None or matcher.is_refusing:
        return 0
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        if not uow.people.matches_due():
            return 0
    with application.store.unit_of_work(application.clock()) as uow:
        asked = claim_matches(uow, matcher.a_day)
    answered = 0
    for person in asked:
        try:
            is_owner: bool | None = matcher.is_owner(person.identity, person.mobile or "")
        except (NotSentError, UnansweredError, ValueError) as failure:
            _log.warning("a mobile could not be matched: %s", why(failure))
            is_owner = None
        try:
            with application.store.unit_of_work(application.clock()) as uow:
                write_answer(uow, person, is_owner=is_owner)
        except Exception as fault:
            if is_part_missing(fault):
                raise
            _log.exception("an answer about a mobile could not be written")
            continue
        answered += is_owner is not None
    return answered
