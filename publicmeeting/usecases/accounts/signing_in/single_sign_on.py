"""Single sign-on: what is stored while she is at the provider, and the session that follows.

Nothing here calls a provider. `web/routes/single_sign_on.py` does so between two of these use
cases, so that no transaction waits for another server.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from publicmeeting.domain.errors import Denied, Invalid
from publicmeeting.domain.officials.audit import SecurityKind
from publicmeeting.domain.people import (
    Door,
    IdentityKind,
    Level,
    parse_identity,
    parse_mobile,
    parse_name,
)
from publicmeeting.domain.roles import Actor
from publicmeeting.kit.codes import token
from publicmeeting.sso.answers import Reason, Secrets
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.accounts.devices import device_cookie, person_owner
from publicmeeting.usecases.accounts.signing_in.proven import open_proven_session
from publicmeeting.usecases.base import ANYONE, Command, usecase
from publicmeeting.usecases.identity import Outcome, Proof
from publicmeeting.usecases.rate_limits import Limit, take
from publicmeeting.usecases.security_notes import note

_VERIFIER_BYTES = 48
"""Yields 64 characters; RFC 7636 requires 43 to 128."""


class BeginSignOn(Command):
    """A sign-on to begin; `onward` and `back` are local paths to its end and its start."""

    provider: str
    onward: str
    back: str


@usecase(*ANYONE)
def begin_sign_on(uow: UnitOfWork, actor: Actor, command: BeginSignOn, _now: datetime) -> Secrets:
    """Store a sign-on for ten minutes; return what to send to the provider.

    Denied `not_ready` without a visit, `too_many_requests` above the limits.
    """
    if not actor.visit:
        raise Denied("not_ready")
    take(uow, Limit.SSO_VISIT, actor.visit)
    take(uow, Limit.SSO_ADDRESS, uow.origin.address)
    secrets = Secrets(token(), token(), token(_VERIFIER_BYTES))
    stored = json.dumps([secrets.nonce, secrets.verifier, command.back])
    uow.sign_ons.begin(secrets.state, command.provider, actor.visit, stored, command.onward)
    return secrets


class TakeSignOn(Command):
    """The answer's state, as the browser sent it, and the provider in its address."""

    provider: str
    state: str


@dataclass(frozen=True, slots=True)
class BegunSignOn:
    secrets: Secrets
    onward: str
    back: str


@usecase(*ANYONE)
def take_sign_on(uow: UnitOfWork, actor: Actor, command: TakeSignOn, _now: datetime) -> BegunSignOn:
    """Return the sign-on of this visit and provider, once.

    Denied("sso_stale") for a state that was not begun here, came too late or was used; it is a
    security event.
    """
    found = uow.sign_ons.take(command.state, command.provider, actor.visit)
    if found is None:
        note(uow, SecurityKind.SSO_REFUSED, "", f"{command.provider}/{Reason.STATE.value}")
        raise Denied("sso_stale")
    stored, onward = found
    nonce, verifier, back = json.loads(stored)
    return BegunSignOn(Secrets(command.state, nonce, verifier), onward, back)


class RefuseSignOn(Command):
    provider: str
    reason: Reason


@usecase(*ANYONE)
def refuse_sign_on(uow: UnitOfWork, _actor: Actor, command: RefuseSignOn, _now: datetime) -> Denied:
    """Record that a provider's answer was not believed; return the refusal.

    It is `sso_no_identity` if the answer names nobody, else `sso_refused`.
    """
    note(uow, SecurityKind.SSO_REFUSED, "", f"{command.provider}/{command.reason.value}")
    return Denied("sso_no_identity" if command.reason is Reason.IDENTITY else "sso_refused")


class FinishSignOn(Command):
    """What the provider states about her, in its own spelling."""

    provider: str
    identity: str
    mobile: str
    name: str


@dataclass(frozen=True, slots=True)
class FinishedSignOn:
    """Cookies of her session, and of the browser that is known from now on.

    In a dispute the session acts for nobody: another mobile holds her identity, and she decides on
    a separate page.
    """

    key: str
    device: str
    """Empty in a dispute."""
    is_disputed: bool


@usecase(*ANYONE)
def finish_sign_on(
    uow: UnitOfWork, actor: Actor, command: FinishSignOn, _now: datetime
) -> FinishedSignOn:
    """Open the session of a person whom a provider has signed in; her identity is verified.

    An impossible mobile or name is left out. So is a mobile that serves others here and not her,
    because it may be theirs since she gave it to the provider. Denied("sso_no_identity") for an
    impossible national code, Denied("sso_no_name") for a new person without a name.
    """
    try:
        identity = parse_identity(IdentityKind.NATIONAL, command.identity)
    except Invalid as error:
        note(uow, SecurityKind.SSO_REFUSED, "", f"{command.provider}/{Reason.IDENTITY.value}")
        raise Denied("sso_no_identity") from error
    proof = Proof(
        kind=IdentityKind.NATIONAL,
        identity=identity,
        level=Level.VERIFIED,
        by=f"sso:{command.provider}",
        name=_parsed(parse_name, command.name) or "",
        mobile=_own_mobile(uow, identity, _parsed(parse_mobile, command.mobile)),
    )
    try:
        key, proven = open_proven_session(uow, actor, proof, Door.SSO)
    except Invalid as error:
        raise Denied("sso_no_name") from error
    is_disputed = proven.outcome is Outcome.CONFLICT
    device = "" if is_disputed else device_cookie(uow, person_owner(proven.person.id))
    return FinishedSignOn(key, device, is_disputed)


def _own_mobile(uow: UnitOfWork, identity: str, mobile: str | None) -> str | None:
    """Return the provider's mobile unless it serves others and not her; then a code decides."""
    served = uow.people.served_by(uow.vault.lookup("mobile", mobile)) if mobile else []
    own = (IdentityKind.NATIONAL, identity)
    is_hers = not served or own in [(person.kind, person.identity) for person in served]
    return mobile if is_hers else None


def _parsed(parse: Callable[[str], str], text: str) -> str | None:
    try:
        return parse(text)
    except Invalid:
        return None
