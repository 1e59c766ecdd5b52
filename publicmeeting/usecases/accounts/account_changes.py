"""What every change of an official's account shares: one after another, written down, notified."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

from publicmeeting.domain.account_events import AccountEventKind
from publicmeeting.domain.credentials import OBLIGED
from publicmeeting.domain.errors import Denied
from publicmeeting.domain.invitations import TWO_NEEDED, TWO_TO_GIVE
from publicmeeting.domain.people import Door
from publicmeeting.domain.roles import Actor, Grant, Role, Term
from publicmeeting.store.accounts.accounts import Account
from publicmeeting.store.unit_of_work import CodeMessage, UnitOfWork
from publicmeeting.text.notices.sms_text import POWER_TAKEN, account_sms

A_DAY = timedelta(days=1)
"""Longer than any session of an official."""
OFFICIALS_TOPIC = "officials"
"""Published when an account, an invitation or a proposal has changed."""


def take_turn(uow: UnitOfWork, actor: Actor) -> None:
    """Changes of accounts come one after another: of two that would end each other only one does.

    Denied("not_your_role") for an administrator who is none any more by then.
    """
    uow.advisory_lock(OFFICIALS_TOPIC)
    if actor.account_id and not uow.accounts.still_has(actor.account_id, Role.ADMINISTRATOR):
        raise Denied("not_your_role")
    uow.publish(OFFICIALS_TOPIC)


def account_topic(account_id: str) -> str:
    """Published when an account has changed: its open pages look at once whether they may still
    show what they show."""
    return f"account:{account_id}"


def account_lock(username: str) -> str:
    """The name behind which somebody comes in, and by what is changed: one after another."""
    return f"account/{username}"


@contextmanager
def keeping_an_administrator(uow: UnitOfWork) -> Iterator[None]:
    """Denied("last_administrator") for a change after which nobody could sign in as one without a
    last day; then nothing was changed."""
    before = uow.accounts.lasting(Role.ADMINISTRATOR)
    yield
    if before and not uow.accounts.lasting(Role.ADMINISTRATOR):
        raise Denied("last_administrator")


def working(uow: UnitOfWork, account_id: str) -> Account:
    """Denied("not_found") for nobody's id, or that of somebody whose account has ended."""
    account = uow.accounts.get(account_id)
    if account is None or account.is_ended:
        raise Denied("not_found")
    return account


def needs_two(account: Account, uow: UnitOfWork) -> bool:
    """Whether it has, or is going to have, a role that no administrator gives alone."""
    today = uow.city_day()
    return any(
        term.grant.role in TWO_NEEDED and not (term.until_on and term.until_on < today)
        for term in account.terms
    )


def tell_of_power_taken(uow: UnitOfWork, actor: Actor, account: Account, *terms: Term) -> None:
    """What no administrator gives alone one takes alone, at once, for a tablet may be stolen; all
    other administrators and the overseers are notified of it."""
    today = uow.city_day()
    if not any(
        term.grant.role in TWO_TO_GIVE and not (term.until_on and term.until_on < today)
        for term in terms
    ):
        return
    watching = (Role.ADMINISTRATOR, Role.OVERSEER)
    others = {one.id for role in watching for one in uow.accounts.with_role(role)}
    for account_id in sorted(others - {actor.account_id, account.id}):
        send_sms(uow, account_id, POWER_TAKEN)


def sign_in_anew(
    uow: UnitOfWork, account: Account, grant: Grant, from_on: date | None, until_on: date | None
) -> None:
    """A role that is used behind a second step only, and holds before a session is over, is used
    in none that was opened without one."""
    today = uow.city_day()
    is_soon = (from_on or today) <= today + A_DAY and (until_on or today) >= today
    if grant.role in OBLIGED and is_soon:
        uow.advisory_lock(account_lock(account.username))  # whoever signs in just now is one, too
        uow.sessions.end_of_account(account.id, by=Door.PASSWORD)


def role_body(
    grant: Grant, from_on: date | None = None, until_on: date | None = None
) -> dict[str, object]:
    """A role as an event or a proposal stores it; the days are Gregorian."""
    return {
        "role": grant.role.value,
        "district": grant.district,
        "unit": grant.unit_id,
        "from": from_on.isoformat() if from_on else None,
        "until": until_on.isoformat() if until_on else None,
    }


def write_and_notify(
    uow: UnitOfWork, actor: Actor, account_id: str, kind: AccountEventKind, **body: object
) -> None:
    """Write an event of this account, and notify its owner where a mobile is known; her open pages
    read again."""
    uow.publish(account_topic(account_id))
    uow.account_events.add(kind, account_id, actor.account_id, body)
    send_sms(uow, account_id, account_sms(kind))


def send_sms(uow: UnitOfWork, account_id: str, text: str) -> None:
    """One message after commit, tried once; its content can be read at `/account/` too."""
    number = uow.accounts.mobile(account_id)
    if number and text:
        informed = len(uow.account_messages)
        digest = uow.vault.lookup(
            "message", f"account/{account_id}/{uow.machine_now.timestamp()}/{informed}"
        )
        uow.account_messages.append(CodeMessage(number, text, digest, _nothing, _nothing))


def _nothing(_uow: UnitOfWork) -> None:
    """Nothing was counted that would be taken back."""
