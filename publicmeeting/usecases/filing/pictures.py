"""Pictures: who may send which kind, and who may see one."""

from datetime import datetime

from publicmeeting.domain.errors import Denied
from publicmeeting.domain.lifecycle.access import plays
from publicmeeting.domain.lifecycle.order_guards import is_hidden
from publicmeeting.domain.matter import PHOTOS_MOST
from publicmeeting.domain.records import Image, PictureKind, withdrawn_reports
from publicmeeting.domain.roles import MEETING, Actor, Role
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.accounts.signing_in.read_out_codes import HELPERS
from publicmeeting.usecases.base import ANYONE, Command, Nothing, usecase
from publicmeeting.usecases.filing.anonymous import (
    admit_draft,
    admit_photo,
    count_photo,
    take_back_photo,
)
from publicmeeting.usecases.rate_limits import Limit, count, take

OF_AN_ORDER = (PictureKind.BEFORE, PictureKind.REPORT)
SENDERS: dict[PictureKind, tuple[Role, ...]] = {
    PictureKind.DRAFT: ANYONE,
    PictureKind.PROOF: (Role.CITIZEN,),
    PictureKind.CALLER: HELPERS,
    PictureKind.BEFORE: (Role.UNIT,),
    PictureKind.REPORT: (Role.UNIT,),
    PictureKind.PAPER: MEETING,
}
LOOSE_MOST = 6
"""Maximum pictures of one kind, or of one order, that may wait to be attached."""


class SendPhoto(Command):
    """A photo to be checked before a byte of it is decoded."""

    kind: PictureKind
    about: str = ""
    """Number of the order to which a report belongs."""


@usecase(*ANYONE)
def may_send(uow: UnitOfWork, actor: Actor, command: SendPhoto, _now: datetime) -> None:
    """Refuse early a sender who may not send, or sends too often.

    Denied `not_ready`, `session_ended`, `not_your_role`, `too_many_requests`; `photo_sign_in_first`
    and `sign_in_first` at the limits of anonymous visitors; `not_found` for an order that is not
    the unit's; `photo_after_filing`.
    """
    _check_sender(actor, command.kind)
    _order(uow, actor, command.kind, command.about)
    take(uow, Limit.PHOTO_OWNER, _owner(actor))
    if command.kind is PictureKind.DRAFT:
        _check_unfiled(uow, actor)
        admit_draft(uow, actor)
        admit_photo(uow, actor)


class SentPhoto(SendPhoto):
    web: str
    """Name of the file that would be stored of it."""


@usecase(*ANYONE)
def sent_before(uow: UnitOfWork, actor: Actor, command: SentPhoto, _now: datetime) -> Image | None:
    """Return the same picture if it waits here already, as after a lost answer; else None."""
    _check_sender(actor, command.kind)
    order = _order(uow, actor, command.kind, command.about)
    draft = uow.drafts.id(actor) if command.kind is PictureKind.DRAFT else None
    if command.kind is PictureKind.DRAFT and draft is None:
        return None
    return _same(_waiting(uow, actor, command.kind, draft, order), command.web)


class RefusedPhoto(Command):
    """A file that was sent and not stored."""

    kind: PictureKind
    size: int


@usecase(*ANYONE)
def count_refused(uow: UnitOfWork, actor: Actor, command: RefusedPhoto, _now: datetime) -> None:
    """Count a broken file's bytes against its sender's limits; `may_send` has counted the file."""
    if command.kind is PictureKind.DRAFT:
        count_photo(uow, actor, command.size)


@usecase(*ANYONE)
def take_back(uow: UnitOfWork, actor: Actor, command: SendPhoto, _now: datetime) -> None:
    """Take back a photo for which the server had no room: the browser sends it again."""
    count(uow, Limit.PHOTO_OWNER, _owner(actor), amount=-1)
    if command.kind is PictureKind.DRAFT:
        take_back_photo(uow, actor)


class KeepPhoto(Command):
    """Stored versions of a photo, by the names of files already on disk."""

    kind: PictureKind
    about: str = ""
    web: str
    thumb: str
    original: str
    """SHA-256 of the file as received."""
    original_file: str | None = None
    """Name of the file among the originals."""
    width: int
    height: int
    size: int = 0
    """Bytes of all its files."""


@usecase(*ANYONE)
def keep_photo(uow: UnitOfWork, actor: Actor, command: KeepPhoto, _now: datetime) -> Image:
    """Add a picture's row; the same picture again (after a lost answer) returns the same row.

    The page shows waiting pictures of a draft or order, so one too many is refused there:
    Denied("photos_too_many", limit=…). Elsewhere it replaces the oldest waiting one. Raises what
    `may_send` raises.
    """
    _check_sender(actor, command.kind)
    # Simultaneous photos are counted one after another
    uow.advisory_lock(f"photos/{_owner(actor)}")
    order = _order(uow, actor, command.kind, command.about)
    if command.kind is PictureKind.DRAFT:
        uow.drafts.lock(actor)  # she may file concurrently
        _check_unfiled(uow, actor)
        admit_draft(uow, actor)
    draft = uow.drafts.ensure(actor) if command.kind is PictureKind.DRAFT else None
    waiting = _waiting(uow, actor, command.kind, draft, order)
    same = _same(waiting, command.web)
    if same is not None:
        return same
    limit = PHOTOS_MOST if draft else LOOSE_MOST
    if len(waiting) >= limit:
        if draft or order:
            raise Denied("photos_too_many", limit=limit)
        uow.images.drop_loose(waiting[0].id, actor)
    count_photo(uow, actor, command.size)
    return uow.images.add(
        kind=command.kind,
        web=command.web,
        thumb=command.thumb,
        original=command.original,
        width=command.width,
        height=command.height,
        actor=actor,
        draft_id=draft,
        order_id=order,
        original_file=command.original_file,
        size=command.size,
    )


class OnePhoto(Command):
    id: str


@usecase(*ANYONE)
def drop_photo(uow: UnitOfWork, actor: Actor, command: OnePhoto, _now: datetime) -> None:
    """Delete a picture that belongs to no case yet; Denied("image_not_yours")."""
    uow.images.drop_loose(command.id, actor)


@usecase(Role.CITIZEN)
def waiting_photos(uow: UnitOfWork, actor: Actor, _command: Nothing, _now: datetime) -> list[str]:
    """Return the ids of photos that she has sent for a step of hers and not used yet."""
    return [image.id for image in uow.images.loose(actor, PictureKind.PROOF)]


@usecase(*ANYONE)
def see_photo(uow: UnitOfWork, actor: Actor, command: OnePhoto, now: datetime) -> Image:
    """Return a picture to a viewer who may see it.

    Denied("not_found") if it is missing, forbidden, hidden, or hers with a report that its unit
    withdrew.
    """
    image = uow.images.get_visible(command.id, actor)
    order = uow.orders.by_id(image.order_id) if image.order_id else None
    is_closed = order and (
        is_hidden(order, now) or image.event_id in withdrawn_reports(order.history)
    )
    if order and is_closed and plays(actor, Role.CITIZEN, order):
        raise Denied("not_found")
    return image


def _order(uow: UnitOfWork, actor: Actor, kind: PictureKind, number: str) -> str | None:
    """Return the id of the order to which a report belongs; None for other pictures."""
    return uow.orders.get_visible(number, actor).id if kind in OF_AN_ORDER and number else None


def _waiting(
    uow: UnitOfWork, actor: Actor, kind: PictureKind, draft: str | None, order: str | None
) -> list[Image]:
    images = uow.images.of_draft(draft) if draft else uow.images.loose(actor, kind, order)
    return [image for image in images if not image.made_from]


def _same(waiting: list[Image], web: str) -> Image | None:
    return next((image for image in waiting if image.web == web), None)


def _check_unfiled(uow: UnitOfWork, actor: Actor) -> None:
    """Raise Denied("photo_after_filing") if the draft's request was filed in another tab.

    The photo would be in a draft that nobody sees. A draft begun for somebody else accepts it.
    """
    if uow.drafts.id(actor) or not actor.person_id:
        return
    if uow.requests.live_code(actor.person_id):
        raise Denied("photo_after_filing")


def _check_sender(actor: Actor, kind: PictureKind) -> None:
    by = SENDERS.get(kind)
    if by is None:
        raise Denied("form_broken")
    if by and not actor.has(*by):
        raise Denied("not_your_role" if actor.grants else "session_ended")
    if not _owner(actor):
        raise Denied("not_ready")


def _owner(actor: Actor) -> str:
    return actor.account_id or actor.person_id or actor.visit
