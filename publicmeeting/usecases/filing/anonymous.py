"""What a visitor may store before confirming a mobile: little, for a day, within limits.

Above every limit the answer is the same: sign in first, then go on. No typed text is lost, and an
existing draft can still be saved. Signing in takes her draft and its photos off the counts of her
address (`accounts/signing_in/sign_in.py`).
"""

from publicmeeting.domain.errors import Denied
from publicmeeting.domain.roles import Actor
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.rate_limits import (
    Limit,
    count,
    is_over,
    over,
    photo_megabytes,
    take,
)

DRAFTS_MOST = 20_000
"""Maximum number of living anonymous drafts; with `submitting.FIELD_MOST` some 400 MB."""
PHOTO_BYTES_MOST = 8 << 30
"""Maximum bytes of all anonymous photos with their originals."""


def is_anonymous(actor: Actor) -> bool:
    """Return whether the actor has neither a confirmed mobile nor an account."""
    return actor.session_id is None and actor.person_id is None and actor.account_id is None


def admit_draft(uow: UnitOfWork, actor: Actor) -> None:
    """Raise Denied("sign_in_first") if another anonymous draft would exceed a limit."""
    if not is_anonymous(actor):
        return
    uow.drafts.lock(actor)
    if uow.drafts.id(actor) is not None:
        return
    take(uow, Limit.DRAFT_ADDRESS, uow.origin.address)
    if uow.drafts.count_anonymous() >= DRAFTS_MOST:
        raise Denied("sign_in_first")


def admit_photo(uow: UnitOfWork, actor: Actor) -> None:
    """Count an anonymous photo before decoding it; Denied("photo_sign_in_first") above a limit."""
    if not is_anonymous(actor):
        return
    take(uow, Limit.PHOTO_ADDRESS, uow.origin.address)
    if is_over(uow, Limit.PHOTO_MEGABYTES_ADDRESS, uow.origin.address):
        raise over(uow, Limit.PHOTO_MEGABYTES_ADDRESS, uow.origin.address)
    if uow.drafts.anonymous_bytes() >= PHOTO_BYTES_MOST:
        raise Denied("photo_sign_in_first")


def count_photo(uow: UnitOfWork, actor: Actor, size: int) -> None:
    """Count a photo's bytes when they are known, even if the file could not be read."""
    if is_anonymous(actor):
        megabytes = photo_megabytes(size)
        count(uow, Limit.PHOTO_MEGABYTES_ADDRESS, uow.origin.address, amount=megabytes)


def take_back_photo(uow: UnitOfWork, actor: Actor) -> None:
    """Take back a counted photo that was not read, because the browser sends it again."""
    if is_anonymous(actor):
        count(uow, Limit.PHOTO_ADDRESS, uow.origin.address, amount=-1)
