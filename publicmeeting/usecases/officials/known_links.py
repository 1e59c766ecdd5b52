"""Links that one administrator has made, beside the second step of whoever they were made for.

A mayor's link is made by one administrator, her second step is taken away by two. Whoever could
have both, one after the other, would come in as her; so of the two the later one needs two. Before
she has a second step a link is all of her account, and needs two itself.
"""

from publicmeeting.domain.account_events import AccountEventKind as K
from publicmeeting.domain.credentials import OBLIGED
from publicmeeting.domain.invitations import TWO_TO_GIVE, DecisionKind
from publicmeeting.store.accounts.accounts import Account
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.accounts.factors.pending_second import has_second

_BOTH = (K.RECOVERY_CODE_USED, K.DEVICE_REMEMBERED)
"""What only whoever has password and second step leaves in the history."""
_SET_UP = (K.SECOND_STEP_ON, K.PASSKEY_ADDED)


def is_link_all(uow: UnitOfWork, account: Account) -> bool:
    """Whether whoever uses a link would have a role that no single administrator gives: nothing
    beside the password is in its owner's hand, and he would set the second step up himself."""
    today = uow.city_day()
    was_granted_by_two = any(
        one.grant.role in TWO_TO_GIVE and not (one.until_on and one.until_on < today)
        for one in account.terms
    )
    return was_granted_by_two and not has_second(uow, account.id)


def is_link_newer(uow: UnitOfWork, account: Account) -> bool:
    """Whether a link was made since password and second step were last in one hand; also without a
    password.

    An authenticator is set up behind the password, unless there is a passkey: by that she comes in
    without it, and whatever she sets up then says nothing of who has used the link.
    """
    found = uow.account_events.newest([account.id], (K.INVITED, *_BOTH, *_SET_UP))
    numbers = {kind: one.id for (_, kind), one in found.items()}
    shown = [numbers.get(kind, 0) for kind in _BOTH]
    if K.PASSKEY_ADDED not in numbers and not uow.passkeys.of(account.id):
        shown.append(numbers.get(K.SECOND_STEP_ON, 0))
    return not account.has_password or numbers.get(K.INVITED, 0) > max(shown)


def is_reset_near(uow: UnitOfWork, account: Account) -> bool:
    """Whether her second step is proposed to be taken away, or two have taken it and she, who must
    have one, has not set it up anew."""
    if any(one.kind is DecisionKind.NEW_SECOND_STEP for one in uow.decisions.open(account.id)):
        return True
    today = uow.city_day()
    is_obliged = any(
        one.grant.role in OBLIGED and not (one.until_on and one.until_on < today)
        for one in account.terms
    )
    found = uow.account_events.newest([account.id], (K.SECOND_STEP_RESET, *_SET_UP))
    reset = found.pop((account.id, K.SECOND_STEP_RESET), None)
    is_by_two = reset is not None and reset.by_account is not None
    anew = max((one.id for one in found.values()), default=0)
    return is_obliged and is_by_two and reset is not None and reset.id > anew
