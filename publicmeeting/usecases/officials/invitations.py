"""One-time links by which an official signs in and chooses a password that nobody else types."""

from dataclasses import dataclass
from datetime import datetime

from publicmeeting.domain.errors import Denied
from publicmeeting.domain.officials.audit import AccountEventKind, PasswordBy
from publicmeeting.domain.officials.audit import AccountEventKind as K
from publicmeeting.domain.officials.credentials import OBLIGED
from publicmeeting.domain.officials.invitations import (
    INVITATION_STAYS,
    TWO_TO_GIVE,
    DecisionKind,
    InvitationKind,
)
from publicmeeting.domain.roles import Actor, Term
from publicmeeting.store.accounts.accounts import Account
from publicmeeting.store.accounts.invitations import Invitation
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.text.notices.sms_text import account_sms, invitation_sms
from publicmeeting.usecases.accounts.account_changes import OFFICIALS_TOPIC, account_lock, send_sms
from publicmeeting.usecases.accounts.factors.second_step import has_second
from publicmeeting.usecases.accounts.signing_in.sign_in import HASHES
from publicmeeting.usecases.accounts.staff_accounts import password_chosen
from publicmeeting.usecases.base import ANYONE, Command, Query, usecase

PATH = "/invitation/"
CODE = "code"
"""Parameter of the link's secret, after the `?`, which none of our proxies logs."""


def link_to(site: str, key: str) -> str:
    """Return the whole address of a link; `site` is the service's public address."""
    return f"{site.rstrip('/')}{PATH}?{CODE}={key}"


def make_link(uow: UnitOfWork, actor: Actor, account: Account, site: str) -> str:
    """Create a new link, which ends older ones; return its secret.

    With a `site`, the link is sent to a known mobile. Without one, only the fact is sent: a second
    administrator who agreed hands the link over himself, because the first may have set the mobile.
    """
    kind = InvitationKind.FIRST if not account.has_password else InvitationKind.RESET
    key = uow.invitations.make(account.id, kind, actor.account_id or "", INVITATION_STAYS)
    until = uow.machine_now + INVITATION_STAYS
    body = {"kind": kind.value, "until": until.isoformat()}
    uow.account_events.add(AccountEventKind.INVITED, account.id, actor.account_id, body)
    sent = invitation_sms(link_to(site, key)) if site else account_sms(AccountEventKind.INVITED)
    send_sms(uow, account.id, sent)
    return key


@dataclass(frozen=True, slots=True)
class Offer:
    """What a link opens: for whom, and what that account may do."""

    username: str
    name: str
    kind: InvitationKind
    terms: tuple[Term, ...]
    until: datetime
    today: datetime
    """City time."""


class OpenInvitation(Query):
    code: str


@usecase(*ANYONE)
def read_invitation(uow: UnitOfWork, _actor: Actor, query: OpenInvitation, now: datetime) -> Offer:
    """Return what the holder of a link reads, without using it up.

    Denied `invitation_unknown`, `invitation_used`, `invitation_late`, `invitation_replaced` by a
    newer one, `invitation_suspended`, `invitation_ended` with the account.
    """
    invitation, account = _opened(uow, query.code)
    today = uow.city_day()
    terms = tuple(
        term for term in account.terms if not term.never_holds and not term.has_ended(today)
    )
    return Offer(account.username, account.name, invitation.kind, terms, invitation.expires_at, now)


class ChoosePassword(Command):
    code: str
    password_hash: str
    """Hash of the password, by `hash_password`."""


@usecase(*ANYONE)
def choose_password(
    uow: UnitOfWork, _actor: Actor, command: ChoosePassword, _now: datetime
) -> Account:
    """Use the link up and set the account's password; nobody is signed in.

    Denied as in `read_invitation`; of two simultaneous uses only one succeeds.
    Denied("form_broken") for a password that is not hashed.
    """
    if not HASHES.identify(command.password_hash):
        raise Denied("form_broken")
    uow.advisory_lock(OFFICIALS_TOPIC)
    invitation, account = _opened(uow, command.code)
    uow.advisory_lock(account_lock(account.username))
    uow.invitations.mark_used(command.code)
    uow.accounts.set_password(account.id, command.password_hash)
    herself = Actor(account_id=account.id)
    body = {"kind": invitation.kind.value}
    uow.account_events.add(AccountEventKind.INVITATION_USED, account.id, account.id, body)
    password_chosen(uow, herself, account, PasswordBy.INVITATION)
    uow.publish(OFFICIALS_TOPIC)
    return account


def _opened(uow: UnitOfWork, code: str) -> tuple[Invitation, Account]:
    invitation = uow.invitations.find(code)
    account = uow.accounts.get(invitation.account_id) if invitation else None
    if invitation is None or account is None:
        raise Denied("invitation_unknown")
    wrong = (
        ("invitation_ended", account.is_ended),
        ("invitation_used", invitation.is_used),
        ("invitation_replaced", not invitation.is_newest),
        ("invitation_late", invitation.expires_at <= uow.machine_now),
        ("invitation_suspended", account.is_suspended),
    )
    for key, is_refused in wrong:
        if is_refused:
            raise Denied(key)
    return invitation, account


# Links made by one administrator, against the second step of their accounts. One administrator
# makes a mayor's link; two remove her second step. An administrator with both, one after the other,
# could sign in as her, so the later of the two needs a second administrator. Before she has a
# second step, a link gives full access to her account and needs two itself.

_BOTH = (K.RECOVERY_CODE_USED, K.DEVICE_REMEMBERED)
"""Events that only the holder of password and second step causes."""
_SET_UP = (K.SECOND_STEP_ON, K.PASSKEY_ADDED)


def is_link_all(uow: UnitOfWork, account: Account) -> bool:
    """Return whether a link alone would give a role that no single administrator gives.

    That is so while the owner has no second step: the user of the link would enrol one himself.
    """
    was_granted_by_two = account.is_ever_in(TWO_TO_GIVE, uow.city_day())
    return was_granted_by_two and not has_second(account)


def is_link_newer(uow: UnitOfWork, account: Account) -> bool:
    """Return whether a link was made since password and second step were last used together.

    Also true for an account without a password. An authenticator is enrolled after the password,
    except for an owner of a passkey. She signs in without the password, so what she enrols does not
    show who has used the link.
    """
    found = uow.account_events.newest([account.id], (K.INVITED, *_BOTH, *_SET_UP))
    numbers = {kind: event.id for (_, kind), event in found.items()}
    shown = [numbers.get(kind, 0) for kind in _BOTH]
    if K.PASSKEY_ADDED not in numbers and not uow.passkeys.of(account.id):
        shown.append(numbers.get(K.SECOND_STEP_ON, 0))
    return not account.has_password or numbers.get(K.INVITED, 0) > max(shown)


def is_reset_near(uow: UnitOfWork, account: Account) -> bool:
    """Return whether the account's second step is being removed.

    True while a removal is proposed, and after two administrators removed it from an owner who must
    have one and has not enrolled again.
    """
    if any(
        decision.kind is DecisionKind.NEW_SECOND_STEP for decision in uow.decisions.open(account.id)
    ):
        return True
    is_obliged = account.is_ever_in(OBLIGED, uow.city_day())
    found = uow.account_events.newest([account.id], (K.SECOND_STEP_RESET, *_SET_UP))
    reset = found.pop((account.id, K.SECOND_STEP_RESET), None)
    is_by_two = reset is not None and reset.by_account is not None
    newest_setup = max((event.id for event in found.values()), default=0)
    return is_obliged and is_by_two and reset is not None and reset.id > newest_setup
