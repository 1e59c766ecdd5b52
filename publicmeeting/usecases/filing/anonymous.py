"""What a visit may store before a mobile is confirmed: little, for a day, within limits for all.

Above every limit the answer is the same: sign in first, then go on. Nothing typed is lost; a draft
that already exists can still be saved.
"""

from publicmeeting.domain.errors import Denied
from publicmeeting.domain.roles import Actor
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.rate_limits import Limit, count, is_over, over, take

DRAFTS_MOST = 20_000
"""Living anonymous drafts in all; with `submitting.FIELD_MOST` some 400 MB."""
PHOTO_BYTES_MOST = 8 << 30
"""Of all anonymous photos with their originals."""


def is_anonymous(actor: Actor) -> bool:
    """Neither a confirmed mobile nor an account."""
    return actor.session_id is None and actor.person_id is None and actor.account_id is None


def admit_draft(uow: UnitOfWork, actor: Actor) -> None:
    """Denied("sign_in_first") where a further anonymous draft would be one too many."""
    if not is_anonymous(actor):
        return
    uow.drafts.lock(actor)
    if uow.drafts.id(actor) is not None:
        return
    take(uow, Limit.DRAFT_ADDRESS, uow.origin.address)
    if uow.drafts.count_anonymous() >= DRAFTS_MOST:
        raise Denied("sign_in_first")


def admit_photo(uow: UnitOfWork, actor: Actor) -> None:
    """Count an anonymous photo before a byte of it is decoded; Denied("photo_sign_in_first")."""
    if not is_anonymous(actor):
        return
    take(uow, Limit.PHOTO_ADDRESS, uow.origin.address)
    if is_over(uow, Limit.PHOTO_MEGABYTES_ADDRESS, uow.origin.address):
        raise over(uow, Limit.PHOTO_MEGABYTES_ADDRESS, uow.origin.address)
    if uow.drafts.anonymous_bytes() >= PHOTO_BYTES_MOST:
        raise Denied("photo_sign_in_first")


def count_photo(uow: UnitOfWork, actor: Actor, size: int) -> None:
    """Count its bytes once they are known, also of a file that could not be read."""
    if is_anonymous(actor):
        megabytes = max(1, size >> 20)
        count(uow, Limit.PHOTO_MEGABYTES_ADDRESS, uow.origin.address, amount=megabytes)


def take_back_photo(uow: UnitOfWork, actor: Actor) -> None:
    """Take back a counted photo that was not read: the browser sends it again."""
    if is_anonymous(actor):
        count(uow, Limit.PHOTO_ADDRESS, uow.origin.address, amount=-1)
