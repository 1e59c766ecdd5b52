"""Image rows with their owners; the bytes are in the private blob folder."""

from collections.abc import Collection
from datetime import timedelta

import sqlalchemy
from sqlalchemy import bindparam
from sqlmodel import col, delete, func, select

from publicmeeting.domain.errors import Denied
from publicmeeting.domain.lifecycle.access import can_see, is_judge, plays
from publicmeeting.domain.lifecycle.outages import prolonged
from publicmeeting.domain.records import Image, PictureKind
from publicmeeting.domain.roles import Actor, Role
from publicmeeting.store.accounts.row_tags import row_tag
from publicmeeting.store.database.repository import Repository, new_id
from publicmeeting.store.database.rows.cases import DroppedFileRow, ImageRow, RequestRow
from publicmeeting.store.database.rows.people import DraftRow
from publicmeeting.store.database.transaction import Transaction
from publicmeeting.store.lifecycle.requests import Requests
from publicmeeting.store.orders.orders import Orders
from publicmeeting.store.worker.marks import outages

_AT_ONCE = 500
STAYS = timedelta(days=14)
"""As long as a draft."""
UNNAMED_STAYS = timedelta(days=1)
"""Minimum age of an unreferenced file before cleanup: files are written before their rows."""
_READ = (
    *("id", "kind", "web", "thumb", "width", "height"),
    *("order_id", "event_id", "made_from"),
)
"""Columns from which an `Image` is built, with equal names."""
_OLDEST_FIRST = sqlalchemy.select(*(getattr(ImageRow, name) for name in _READ)).order_by(
    col(ImageRow.created_at)
)
_OF_REQUEST = _OLDEST_FIRST.where(col(ImageRow.request_id) == bindparam("request"))
_OF_DRAFT = _OLDEST_FIRST.where(col(ImageRow.draft_id) == bindparam("draft"))


class Images(Repository):
    def __init__(self, transaction: Transaction, requests: Requests, orders: Orders) -> None:
        super().__init__(transaction)
        self._requests = requests
        self._orders = orders

    def add(
        self,
        *,
        kind: PictureKind,
        web: str,
        thumb: str,
        original: str,
        width: int,
        height: int,
        actor: Actor,
        draft_id: str | None = None,
        request_id: str | None = None,
        order_id: str | None = None,
        original_file: str | None = None,
        made_from: str | None = None,
        size: int = 0,
    ) -> Image:
        """Add a row for a stored image of the actor.

        `original_file` is the name of the original. `made_from` is the id of the image that this
        one was made from. `size` is the bytes of all its files.
        """
        row = ImageRow(
            id=new_id(),
            kind=kind,
            web=web,
            thumb=thumb,
            original=original,
            width=width,
            height=height,
            draft_id=draft_id,
            request_id=request_id,
            order_id=order_id,
            by_visit=None if actor.person_id or actor.account_id else actor.visit or None,
            by_person=actor.person_id,
            by_account=actor.account_id,
            created_at=self._transaction.machine_now,
            original_file=original_file,
            made_from=made_from,
            size=size,
        )
        row.tag = self._tag(row)
        self._session.add(row)
        self._session.flush()
        return _image(row)

    def get_visible(self, image_id: str, actor: Actor) -> Image:
        """Return the actor's own unattached upload, or an image of a case that he may see.

        Everything else is `not_found`. An officer who photographed for a citizen has no right to
        her case. A picture whose files or case were changed past this program is `not_found` too,
        and so is one without a tag: the owner can empty the tag.
        """
        row = self._session.get(ImageRow, image_id)
        if row is None or not (self._is_loose_own(row, actor) or self._of_a_case(row, actor)):
            if row is not None:
                self._transaction.note_refused_object("image", row.id)
            raise Denied("not_found")
        if row.tag != self._tag(row):
            raise Denied("not_found")
        return _image(row)

    def untagged(self) -> list[str]:
        """Return the ids of pictures without a tag, oldest first."""
        query = select(ImageRow.id).where(ImageRow.tag == "").order_by(col(ImageRow.created_at))
        return list(self._session.exec(query))

    def _tag(self, row: ImageRow) -> str:
        return row_tag(self._vault, "image", row.model_dump())

    def shown_file(self, image_id: str) -> str:
        """Return the file of an image, whoever may see it; empty for an unknown image."""
        row = self._session.get(ImageRow, image_id)
        return row.web if row else ""

    def take(self, image_id: str, actor: Actor) -> ImageRow:
        """Return an unattached image of this actor, with a row lock, to attach or remove it."""
        row = self._locked(ImageRow, image_id)
        if row is None or not self._is_loose_own(row, actor):
            raise Denied("image_not_yours")
        return row

    def attach(
        self,
        ids: list[str],
        actor: Actor,
        *,
        request_id: str,
        order_id: str | None = None,
        event_id: int | None = None,
        kind: PictureKind | None = None,
    ) -> None:
        for image_id in ids:
            row = self.take(image_id, actor)
            if row.order_id not in {None, order_id}:
                raise Denied("image_not_yours")
            is_genuine = row.tag == self._tag(row)
            row.request_id, row.order_id, row.event_id = request_id, order_id, event_id
            row.kind = kind or row.kind
            row.draft_id = None
            row.tag = self._tag(row) if is_genuine else row.tag
            self._session.add(row)

    def loose(self, actor: Actor, kind: PictureKind, order_id: str | None = None) -> list[Image]:
        """Return the actor's unattached images, oldest first.

        With an order: those for a step on it; without: those for no order.
        """
        query = (
            select(ImageRow)
            .where(ImageRow.kind == kind)
            .where(col(ImageRow.order_id) == order_id)
            .where(col(ImageRow.request_id).is_(None))
            .order_by(col(ImageRow.created_at))
        )
        for column, owner in (
            (ImageRow.by_account, actor.account_id),
            (ImageRow.by_person, actor.person_id),
            (ImageRow.by_visit, actor.visit),
        ):
            if owner:
                return [_image(row) for row in self._session.exec(query.where(column == owner))]
        return []

    def of_draft(self, draft_id: str) -> list[Image]:
        return [Image(*row) for row in self._transaction.execute(_OF_DRAFT, {"draft": draft_id})]

    def sizes(self, draft_id: str) -> list[int]:
        """Return the bytes of all files of each image of a draft."""
        query = select(ImageRow.size).where(col(ImageRow.draft_id) == draft_id)
        return list(self._session.exec(query).all())

    def of_request(self, request_id: str, kind: PictureKind | None = None) -> list[Image]:
        rows = self._transaction.execute(_OF_REQUEST, {"request": request_id})
        return [Image(*row) for row in rows if kind in (None, row.kind)]

    def original(self, image_id: str) -> str | None:
        """Return the name of the original; the caller must have checked `get_visible`."""
        row = self._session.get(ImageRow, image_id)
        return row.original_file if row else None

    def drop_loose(self, image_id: str, actor: Actor) -> None:
        """Delete an unattached image, and unattached images made from it."""
        row = self.take(image_id, actor)
        self._session.exec(
            delete(ImageRow)
            .where(col(ImageRow.made_from) == row.id)
            .where(col(ImageRow.request_id).is_(None))
        )
        self._session.delete(row)

    def count_loose(self, draft_id: str) -> int:
        return self._session.exec(
            select(func.count()).select_from(ImageRow).where(ImageRow.draft_id == draft_id)
        ).one()

    def sweep(self) -> None:
        """Delete old unattached images; those of a draft are deleted with it.

        An image may have been added while another transaction deleted its draft.
        """
        now, lost = self._transaction.machine_now, outages(self._transaction)
        draft = sqlalchemy.exists().where(col(DraftRow.id) == col(ImageRow.draft_id))
        rows = self._session.exec(
            select(ImageRow.id, ImageRow.created_at)
            .where(col(ImageRow.request_id).is_(None))
            .where(~draft)
            .where(col(ImageRow.created_at) < now - STAYS)
        )
        old = [key for key, at in rows if prolonged(at, at + STAYS, lost) < now]
        for at in range(0, len(old), _AT_ONCE):
            part = old[at : at + _AT_ONCE]
            self._session.exec(delete(ImageRow).where(col(ImageRow.id).in_(part)))

    def blobs(self) -> set[str]:
        """Return all image files that rows refer to."""
        rows = self._session.exec(select(ImageRow.web, ImageRow.thumb))
        return {name for pair in rows for name in pair}

    def originals(self) -> set[str]:
        """Return all originals that rows refer to."""
        return {name for name in self._session.exec(select(ImageRow.original_file)) if name}

    def dropped(self) -> set[str]:
        """Return files of deleted rows that no cleanup has handled yet."""
        return set(self._session.exec(select(DroppedFileRow.name)))

    def forget_dropped(self, names: Collection[str]) -> None:
        """Forget these files, which are in the trash now or in use again."""
        for at in range(0, len(ordered := sorted(names)), _AT_ONCE):
            part = ordered[at : at + _AT_ONCE]
            self._session.exec(delete(DroppedFileRow).where(col(DroppedFileRow.name).in_(part)))

    def _is_loose_own(self, row: ImageRow, actor: Actor) -> bool:
        if row.request_id is not None:
            return False
        if row.by_account:
            return row.by_account == actor.account_id
        if row.by_person and row.by_person == actor.person_id:
            return True
        return bool(row.by_visit) and row.by_visit == actor.visit

    def _of_a_case(self, row: ImageRow, actor: Actor) -> bool:
        request = self._session.get(RequestRow, row.request_id) if row.request_id else None
        if request is None:
            return False
        if row.kind is PictureKind.LANE_DOCUMENT:
            return self._may_read_document(request, actor)
        if row.kind is PictureKind.UNKNOWN:
            return False
        orders = self._orders
        if row.order_id:
            return can_see(actor, orders.by_id(row.order_id))
        # The page of an order shows the citizen's images even to readers who may not open the
        # request.
        return can_see(actor, self._requests.by_id(request.id)) or any(
            can_see(actor, order) for order in orders.of_request(request.id)
        )

    def _may_read_document(self, row: RequestRow, actor: Actor) -> bool:
        """Its judges, while they judge, and the citizen; reception sees the original paper."""
        request = self._requests.by_id(row.id)
        return is_judge(actor, request) or plays(actor, Role.CITIZEN, request)


def _image(row: ImageRow) -> Image:
    return Image(
        id=row.id,
        kind=row.kind,
        web=row.web,
        thumb=row.thumb,
        width=row.width,
        height=row.height,
        order_id=row.order_id,
        event_id=row.event_id,
        made_from=row.made_from,
    )
