"""What a visitor has begun before she signs in."""

from publicmeeting.domain.roles import Actor
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.rate_limits import Limit, count, photo_megabytes


def sign_in_draft(uow: UnitOfWork, actor: Actor) -> None:
    """Note that a sign-in of this visit has just succeeded, for its drafts.

    If it was for filing, the draft and its photos no longer count as left by nobody at her address.
    Thousands of telephones share one, and those who go on leave nothing.
    """
    is_anonymous = actor.session_id is None and uow.origin.is_filing
    draft = uow.drafts.id(actor) if is_anonymous else None
    if draft is not None:
        address = uow.origin.address
        count(uow, Limit.DRAFT_ADDRESS, address, amount=-1)
        for size in uow.images.sizes(draft):
            count(uow, Limit.PHOTO_ADDRESS, address, amount=-1)
            count(uow, Limit.PHOTO_MEGABYTES_ADDRESS, address, amount=-photo_megabytes(size))
    uow.drafts.sign_in(actor)
