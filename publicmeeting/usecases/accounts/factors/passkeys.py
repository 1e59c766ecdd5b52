"""Passkeys (WebAuthn): a key in an official's own device, with which one touch signs in.

The browser binds the key to this site, and the key asks its owner for finger, face or PIN, so it is
both steps in one. A challenge serves one browser once. Every wrong answer gets the same refusal.
"""

import hmac
import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from cryptography.exceptions import UnsupportedAlgorithm
from fido2 import cbor
from fido2.cose import CoseKey
from fido2.server import Fido2Server
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import (
    Aaguid,
    AttestedCredentialData,
    AuthenticationResponse,
    AuthenticatorData,
    CollectedClientData,
    PublicKeyCredentialRpEntity,
    RegistrationResponse,
)

from publicmeeting.domain.errors import Denied
from publicmeeting.domain.officials.audit import AccountEventKind, SecurityKind
from publicmeeting.domain.officials.credentials import KEY_NAME_MOST, PASSKEYS_MOST
from publicmeeting.domain.people import Door
from publicmeeting.domain.roles import OFFICIALS, Actor
from publicmeeting.kit.browsers import browser_and_system
from publicmeeting.kit.codes import token
from publicmeeting.kit.letters import clean
from publicmeeting.store.accounts.factors import CHALLENGE_STAYS, Passkey
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.accounts.account_changes import account_lock, stop_resets
from publicmeeting.usecases.accounts.devices import account_owner, device_cookie
from publicmeeting.usecases.accounts.factors.keys import own_account, require_fresh
from publicmeeting.usecases.accounts.factors.second_step import Entry
from publicmeeting.usecases.base import ANYONE, Command, usecase
from publicmeeting.usecases.security_notes import account_name, note

REFUSED = "passkey_refused"
ANSWER_MOST = 16_000
"""Maximum length of a browser's answer; an unrequested attestation may be long."""
_ID_MOST = 512
_REQUIRED = "required"
_ALGORITHMS = (-7, -8, -257)
"""ES256, EdDSA and RS256, which devices support."""
_FAULTS = (
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    AssertionError,
    RecursionError,
    struct.error,
    UnsupportedAlgorithm,
)
"""What the parser raises for an answer that no authenticator made; a test tries hundreds."""
_NAMES = ("clientDataJSON", "authenticatorData", "signature", "userHandle", "attestationObject")
"""The parts of an answer, all base64url; each kind of answer has some of them."""


class Site(Command):
    """What keys are bound to, from the server's settings: the host and the pages' origins."""

    host: str
    origins: tuple[str, ...]


class Answer(Site):
    """A signed answer; `credential` is the browser's answer as JSON, unchecked user input."""

    credential: str


@usecase(*ANYONE)
def ask_touch(uow: UnitOfWork, actor: Actor, command: Site, _now: datetime) -> dict[str, object]:
    """Return the options of `navigator.credentials.get` for a sign-in, bytes as base64url.

    Denied `not_ready` without a visit.
    """
    if not actor.visit:
        raise Denied("not_ready")
    return {
        "challenge": _new_challenge(uow, actor, None),
        "rpId": command.host,
        "timeout": _milliseconds(),
        "userVerification": _REQUIRED,
    }


@usecase(*ANYONE)
def touch(uow: UnitOfWork, actor: Actor, command: Answer, _now: datetime) -> Entry:
    """Return the session of the key's owner, or the refusal `passkey_refused`.

    The refusal is returned, not raised, because the try is recorded.
    """
    found = _signed(uow, actor, command)
    if found is None:
        note(uow, SecurityKind.PASSKEY_REFUSED, "")
        return Entry(refusal=REFUSED)
    passkey, count = found
    account = uow.accounts.get(passkey.account_id)
    if account is not None:  # as behind a password: nobody signs in while the key is being removed
        uow.advisory_lock(account_lock(account.username))
        account = uow.accounts.get(passkey.account_id)
    if account is None or not account.active or not account.grants:
        note(uow, SecurityKind.PASSKEY_REFUSED, account_name(account.username) if account else "")
        return Entry(refusal=REFUSED)
    if not uow.passkeys.use(passkey.id, count):
        note(uow, SecurityKind.PASSKEY_COPIED, account_name(account.username), passkey.name)
        return Entry(refusal=REFUSED)
    stop_resets(uow, account.id)
    device = device_cookie(uow, account_owner(account))
    return Entry(uow.sessions.open_for_account(account, Door.PASSKEY), device)


@usecase(*OFFICIALS)
def ask_key(uow: UnitOfWork, actor: Actor, command: Site, _now: datetime) -> dict[str, object]:
    """Return the options of `navigator.credentials.create` for this official's new key.

    Denied `not_fresh`, `passkeys_full`, `not_ready`.
    """
    require_fresh(uow, actor)
    account = own_account(uow, actor)
    if not actor.visit:
        raise Denied("not_ready")
    held = uow.passkeys.of(account.id)
    if len(held) >= PASSKEYS_MOST:
        raise Denied("passkeys_full", limit=PASSKEYS_MOST)
    return {
        "challenge": _new_challenge(uow, actor, account.id),
        "rp": {"id": command.host, "name": command.host},
        "user": {
            "id": websafe_encode(account.id.encode()),
            "name": account.username,
            "displayName": account.name,
        },
        "pubKeyCredParams": [{"type": "public-key", "alg": algorithm} for algorithm in _ALGORITHMS],
        "authenticatorSelection": {
            "residentKey": _REQUIRED,
            "requireResidentKey": True,
            "userVerification": _REQUIRED,
        },
        "excludeCredentials": [{"type": "public-key", "id": passkey.id} for passkey in held],
        "attestation": "none",
        "timeout": _milliseconds(),
    }


class NewKey(Answer):
    name: str = ""
    """The owner's name for the key; empty uses the browser's and system's names."""


@usecase(*OFFICIALS)
def add_key(uow: UnitOfWork, actor: Actor, command: NewKey, _now: datetime) -> str:
    """Store a new key; return its name, or "" if the answer is refused.

    A refusal is returned, because it is recorded. Denied `not_fresh`, `passkeys_full`.
    """
    require_fresh(uow, actor)
    account = own_account(uow, actor)
    if len(uow.passkeys.of(account.id)) >= PASSKEYS_MOST:
        raise Denied("passkeys_full", limit=PASSKEYS_MOST)
    passkey = _made(uow, actor, command, account.id)
    if passkey is None or uow.passkeys.get(websafe_encode(passkey.credential_id)) is not None:
        note(uow, SecurityKind.PASSKEY_REFUSED, account_name(account.username))
        return ""
    name = clean(command.name)[:KEY_NAME_MOST] or browser_and_system(uow.origin.agent)
    name = name or account.username
    uow.passkeys.add(
        Passkey(
            id=websafe_encode(passkey.credential_id),
            account_id=account.id,
            public_key=passkey.public_key,
            sign_count=passkey.count,
            name=name,
            created_at=uow.machine_now,
            used_at=None,
        )
    )
    uow.sessions.take_two_steps(actor)
    uow.account_events.add(AccountEventKind.PASSKEY_ADDED, account.id, account.id, {"name": name})
    return name


class OneKey(Command):
    key: str


@usecase(*OFFICIALS)
def remove_key(uow: UnitOfWork, actor: Actor, command: OneKey, _now: datetime) -> None:
    """Remove a key; nobody can sign in with it. Denied `not_fresh`, `not_found` if not his."""
    require_fresh(uow, actor)
    account = own_account(uow, actor)
    found = uow.passkeys.get(command.key)
    if found is None or not uow.passkeys.remove(account.id, command.key):
        raise Denied("not_found")
    body = {"name": found.name}
    uow.account_events.add(AccountEventKind.PASSKEY_REMOVED, account.id, account.id, body)


def _new_challenge(uow: UnitOfWork, actor: Actor, account_id: str | None) -> str:
    """Return a challenge that names its end and carries a mark of its visit and account.

    Nothing is stored before it is signed. So there is nothing to limit, and no stranger's questions
    keep an official behind the same address from hers.
    """
    until = int((uow.machine_now + CHALLENGE_STAYS).timestamp())
    text = f"{until}.{token()}"
    return websafe_encode(f"{text}.{_mark(uow, actor, account_id, text)}".encode())


def _mark(uow: UnitOfWork, actor: Actor, account_id: str | None, text: str) -> str:
    return uow.vault.lookup("passkey", f"{actor.visit}\n{account_id or ''}\n{text}")


def _milliseconds() -> int:
    return int(CHALLENGE_STAYS.total_seconds() * 1000)


def _signed(uow: UnitOfWork, actor: Actor, command: Answer) -> tuple[Passkey, int] | None:
    """Return the key that signed this visit's challenge, which is spent, and its count, or None."""
    try:
        answer = AuthenticationResponse.from_dict(_read(command.credential))
        client, reply = answer.response.client_data, answer.response.authenticator_data
        if not _is_own(uow, actor, client, None):
            return None
        key_id = websafe_encode(answer.raw_id)
        passkey = uow.passkeys.get(key_id) if len(key_id) <= _ID_MOST else None
        if passkey is None or answer.response.user_handle != passkey.account_id.encode():
            return None
        held = AttestedCredentialData.create(Aaguid.NONE, answer.raw_id, _public_key(passkey))
        _server(command).authenticate_complete(_state(client), [held], answer)
    except _FAULTS:
        return None
    is_first = uow.passkeys.spend_challenge(client.challenge, actor.visit, None)
    return (passkey, reply.counter) if is_first else None


def _public_key(passkey: Passkey) -> CoseKey:
    key = cbor.decode(websafe_decode(passkey.public_key))
    if not isinstance(key, Mapping):
        raise TypeError("no key")
    return CoseKey.parse(key)


@dataclass(frozen=True, slots=True)
class _Made:
    credential_id: bytes
    public_key: str
    count: int


def _made(uow: UnitOfWork, actor: Actor, command: Answer, account_id: str) -> _Made | None:
    """Return the key made for this account's challenge; None if anything is wrong."""
    try:
        answer = RegistrationResponse.from_dict(_read(command.credential))
        client = answer.response.client_data
        if not _is_own(uow, actor, client, account_id):
            return None
        reply: AuthenticatorData = _server(command).register_complete(_state(client), answer)
        held = reply.credential_data
        if held is None or held.credential_id != answer.raw_id:
            return None
        if held.public_key.get(3) not in _ALGORITHMS or len(held.credential_id) > _ID_MOST // 2:
            return None
        public_key = websafe_encode(cbor.encode(held.public_key))
    except _FAULTS:
        return None
    is_first = uow.passkeys.spend_challenge(client.challenge, actor.visit, account_id)
    return _Made(held.credential_id, public_key, reply.counter) if is_first else None


def _read(text: str) -> dict[str, object]:
    """Parse the answer and keep only text values; raises one of `_FAULTS`.

    The library would take a number for the length of a value and reserve that much memory.
    """
    if len(text) > ANSWER_MOST:
        raise ValueError("longer than any answer")
    answer = json.loads(text)
    key_id, response = _text(answer["rawId"]), answer["response"]
    parts = {name: _text(response[name]) for name in _NAMES if response.get(name) is not None}
    client = json.loads(websafe_decode(parts["clientDataJSON"]))
    for name in ("type", "challenge", "origin"):
        _text(client[name])
    return {"rawId": key_id, "type": "public-key", "response": parts}


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("a text is wanted")
    return value


def _is_own(
    uow: UnitOfWork, actor: Actor, client: CollectedClientData, account_id: str | None
) -> bool:
    """Return whether the challenge was issued to this visit for this purpose, and is not old."""
    text, _, mark = client.challenge.decode("ascii").rpartition(".")
    is_ours = hmac.compare_digest(mark, _mark(uow, actor, account_id, text))
    if not actor.visit or not is_ours or client.cross_origin is not False:
        return False
    return int(text.partition(".")[0]) > uow.machine_now.timestamp()


def _state(client: CollectedClientData) -> dict[str, str]:
    """Return the library's state; it compares the challenge again, whose mark was checked."""
    return {"challenge": websafe_encode(client.challenge), "user_verification": _REQUIRED}


def _server(site: Site) -> Fido2Server:
    entity = PublicKeyCredentialRpEntity(name=site.host, id=site.host)
    return Fido2Server(entity, verify_origin=lambda origin: origin in site.origins)
