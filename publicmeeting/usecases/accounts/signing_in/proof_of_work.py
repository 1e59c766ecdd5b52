"""A small proof of work, required after many tries from one address or at one name.

A browser with scripts finds the number in about a second. One without waits half a minute, which
only a limited number at one address may do. Each proof serves one try. It makes guessing in bulk
expensive; the limits behind it stop it (`rate_limits`).
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from publicmeeting.domain.errors import Denied
from publicmeeting.domain.roles import Actor
from publicmeeting.kit.codes import token
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.accounts.credentials import open_of_visit, seal_for_visit
from publicmeeting.usecases.base import ANYONE, Command, Query, usecase
from publicmeeting.usecases.rate_limits import DAY, Limit, count, is_over

BITS = 16
"""Leading zero bits of a proof: 65,536 hashes on average, some seconds on a cheap telephone."""
WAIT = timedelta(seconds=30)
STAYS = timedelta(minutes=15)
NEEDED = "proof_needed"
"""The refusal's key."""
_PLACE = "visit.form"
_LONGEST = 300
_DIGITS_MOST = 12


class Purpose(StrEnum):
    """What a proof is valid for."""

    PASSWORD = "password"  # noqa: S105  (a purpose)
    CODE = "code"
    TRACK = "track"


class AskProof(Command):
    """A challenge to issue; `fields` of the form will be sent again with the proof."""

    purpose: str
    fields: dict[str, str]


@dataclass(frozen=True, slots=True)
class Challenge:
    """A challenge and the sealed form.

    A proof of `text` is `text.N`: the SHA-256 of `MARK.N` begins with `bits` zeros, where MARK is
    the last part of `text` (so the input is one block of the hash). Alternatively it is `text.`
    alone, not before `wait` seconds from now. `form` is the form's fields, sealed for this visit.
    """

    text: str
    bits: int
    wait: int
    form: str


@usecase(*ANYONE)
def new_challenge(uow: UnitOfWork, actor: Actor, command: AskProof, _now: datetime) -> Challenge:
    ready, until = (uow.machine_now + after for after in (WAIT, STAYS))
    facts = (Purpose(command.purpose), _seconds(ready), _seconds(until), token(12).replace(".", ""))
    text = ".".join(map(str, facts))
    form = seal_for_visit(uow, actor, _PLACE, json.dumps(command.fields), STAYS)
    return Challenge(f"{text}.{_mark(uow, actor, text)}", BITS, int(WAIT.total_seconds()), form)


class SealedForm(Query):
    """A sealed form as the browser sent it back."""

    form: str


@usecase(*ANYONE)
def sent_fields(
    uow: UnitOfWork, actor: Actor, query: SealedForm, _now: datetime
) -> Mapping[str, str]:
    """Return the fields of a sealed form; Denied("form_broken") if old or of another visit."""
    form = open_of_visit(uow, actor, _PLACE, query.form)
    if form is None:
        raise Denied("form_broken")
    fields: Mapping[str, str] = json.loads(form)
    return fields


def is_proved(uow: UnitOfWork, actor: Actor, purpose: Purpose, proof: str) -> bool:
    """Use a proof up; return whether it was valid for this purpose and visit, and unused."""
    parts = proof.split(".") if len(proof) <= _LONGEST else []
    if len(parts) != 6 or not all(part.isascii() and part.isdecimal() for part in parts[1:3]):  # noqa: PLR2004  (purpose, two times, nonce, mark, answer)
        return False
    stated, ready, until, nonce, mark, answer = parts
    text = ".".join(parts[:4])
    right = hmac.compare_digest(_mark(uow, actor, text).encode(), mark.encode())
    now = _seconds(uow.machine_now)
    if not right or stated != purpose or int(until) <= now:
        return False
    if not answer:
        if int(ready) > now or is_over(uow, Limit.PROOF_WAITED, uow.origin.address):
            return False
        count(uow, Limit.PROOF_WAITED, uow.origin.address)
    elif len(answer) > _DIGITS_MOST or not _is_solved(proof):
        return False
    return uow.counters.add(f"proof/{nonce}", DAY) == 1


def _is_solved(proof: str) -> bool:
    hashed = ".".join(proof.rsplit(".", 2)[1:])
    digest = hashlib.sha256(hashed.encode()).digest()
    return int.from_bytes(digest) >> (len(digest) * 8 - BITS) == 0


def _mark(uow: UnitOfWork, actor: Actor, text: str) -> str:
    return uow.vault.lookup("proof", f"{actor.visit}\n{text}")[:32]


def _seconds(at: datetime) -> int:
    return int(at.timestamp())
