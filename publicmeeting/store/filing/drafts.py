"""Unfinished requests: kept on the server, owned by a visit until somebody signs in."""

import json
from collections.abc import Mapping
from datetime import timedelta

from sqlmodel import col, delete, func, select, update
from sqlmodel.sql.expression import SelectOfScalar

from publicmeeting.domain.roles import Actor
from publicmeeting.store.database.repository import Repository, new_id
from publicmeeting.store.database.rows.cases import ImageRow
from publicmeeting.store.database.rows.people import DraftRow
from publicmeeting.store.database.transaction import Transaction
from publicmeeting.store.filing.images import Images

STAYS = timedelta(days=14)
ANONYMOUS_STAYS = timedelta(hours=24)
"""Untouched, where no mobile has been confirmed: a night and a working day."""


_ANONYMOUS = (
    col(DraftRow.person_id).is_(None),
    col(DraftRow.signed_in).is_(False),
    col(DraftRow.visit).is_not(None),  # what a mayor has begun to write has none
)


class Drafts(Repository):
    def __init__(self, transaction: Transaction, images: Images) -> None:
        super().__init__(transaction)
        self._images = images

    _saved: tuple[Actor, DraftRow] | None = None
    """Whose draft this transaction has written, and locks."""

    def read(self, actor: Actor) -> dict[str, str]:
        return self.found(actor)[1]

    def found(self, actor: Actor) -> tuple[str, dict[str, str]]:
        """Id and fields; both empty where nothing has been begun."""
        mine = self._saved[1] if self._saved and self._saved[0] == actor else self._row(actor)
        return (mine.id, self._fields(mine)) if mine else ("", {})

    def save(self, actor: Actor, fields: Mapping[str, str]) -> None:
        """Merge these fields into the draft; empty values erase."""
        self.lock(actor)
        row = self._row(actor) or self._new(actor)
        merged = {**self._fields(row), **fields}
        self._write(row, {name: value for name, value in merged.items() if value})
        row.updated_at = self._transaction.machine_now
        row.signed_in = row.signed_in or actor.session_id is not None
        self._session.add(row)
        self._session.flush()
        self._saved = (actor, row)

    def sign_in(self, visit: str) -> None:
        """A mobile was confirmed at this visit: what it has begun is anybody's no more."""
        begun = update(DraftRow).where(col(DraftRow.visit) == visit)
        self._session.exec(begun.values(signed_in=True))

    def count_anonymous(self) -> int:
        """Drafts of visits at which no mobile has been confirmed."""
        query = select(func.count()).select_from(DraftRow).where(*_ANONYMOUS)
        return self._session.exec(query).one()

    def anonymous_bytes(self) -> int:
        """Of all pictures of such drafts."""
        query = select(func.coalesce(func.sum(ImageRow.size), 0)).join_from(
            DraftRow, ImageRow, col(ImageRow.draft_id) == col(DraftRow.id)
        )
        return int(self._session.exec(query.where(*_ANONYMOUS)).one())

    def id(self, actor: Actor) -> str | None:
        row = self._row(actor)
        return row.id if row else None

    def ensure(self, actor: Actor) -> str:
        self.lock(actor)
        if self._row(actor) is None:
            self.save(actor, {})
        found = self._row(actor)
        assert found is not None
        return found.id

    def claim(self, visit: str, person_id: str) -> None:
        """Signing in moves the visit's draft and its pictures to the person.

        What she had typed elsewhere is kept where the visit's draft says nothing. What somebody
        else has begun in the same browser and claimed stays theirs.
        """
        self._saved = None
        mine = self._session.exec(self._unclaimed(visit)).first()
        if mine is None:
            return
        hers = self._session.exec(select(DraftRow).where(DraftRow.person_id == person_id)).all()
        for other in hers:
            self._merge(other, mine)
        mine.person_id = person_id
        self._session.add(mine)
        # Her pictures go with her to another device.
        pictures = update(ImageRow).where(col(ImageRow.draft_id) == mine.id)
        self._session.exec(pictures.values(by_person=person_id, by_visit=None))

    def move(self, visit: str, to: str) -> None:
        """What a visit has begun goes on under its new name, pictures and all; also what it began
        and a person has claimed, which she may give back."""
        self._saved = None
        begun = select(DraftRow.id).where(DraftRow.visit == visit)
        loose = update(ImageRow).where(col(ImageRow.draft_id).in_(begun))
        self._session.exec(loose.where(col(ImageRow.by_visit) == visit).values(by_visit=to))
        self._session.exec(update(DraftRow).where(col(DraftRow.visit) == visit).values(visit=to))

    def give_back(self, actor: Actor) -> None:
        """The reverse of `claim`: what this visit has begun is its own again, with its pictures.

        What the person has begun in another browser stays hers.
        """
        self._saved = None
        if not actor.person_id or not actor.visit:
            return
        self.lock(actor)
        hers = self._session.exec(
            select(DraftRow)
            .where(DraftRow.person_id == actor.person_id)
            .where(DraftRow.visit == actor.visit)
            .order_by(col(DraftRow.updated_at).desc())
        ).first()
        if hers is None:
            return
        for other in self._session.exec(self._unclaimed(actor.visit)).all():
            self._merge(other, hers)
        hers.person_id = None
        self._session.add(hers)
        pictures = update(ImageRow).where(col(ImageRow.draft_id) == hers.id)
        self._session.exec(pictures.values(by_person=None, by_visit=actor.visit))

    def _merge(self, other: DraftRow, mine: DraftRow) -> None:
        """Fill what `mine` lacks from `other`, which goes; the newer text wins."""
        newer, older = (mine, other) if mine.updated_at >= other.updated_at else (other, mine)
        self._write(mine, {**self._fields(older), **self._fields(newer)})
        if self._images.count_loose(mine.id) == 0:
            pictures = update(ImageRow).where(col(ImageRow.draft_id) == other.id)
            self._session.exec(pictures.values(draft_id=mine.id))
        self._drop(other)

    def drop(self, actor: Actor) -> None:
        row = self._row(actor)
        if row is not None:
            self._drop(row)

    def sweep(self) -> None:
        now = self._transaction.machine_now
        old = [col(DraftRow.updated_at) < now - STAYS]
        anonymous = [*_ANONYMOUS, col(DraftRow.updated_at) < now - ANONYMOUS_STAYS]
        for which in (old, anonymous):
            for row in self._session.exec(select(DraftRow).where(*which)).all():
                self._drop(row)

    def _drop(self, row: DraftRow) -> None:
        self._saved = None
        self._session.exec(
            delete(ImageRow)
            .where(col(ImageRow.draft_id) == row.id)
            .where(col(ImageRow.request_id).is_(None))
        )
        self._session.delete(row)
        self._session.flush()

    def lock(self, actor: Actor) -> None:
        """Two photos that come at once, or two fields, find the same draft, not one each."""
        self._transaction.advisory_lock(f"draft/{actor.person_id or actor.visit}")

    def _row(self, actor: Actor) -> DraftRow | None:
        if actor.person_id:
            row = self._session.exec(
                select(DraftRow)
                .where(DraftRow.person_id == actor.person_id)
                .order_by(col(DraftRow.updated_at).desc())
            ).first()
            if row:
                return row
        if not actor.visit:
            return None
        return self._session.exec(self._unclaimed(actor.visit)).first()

    def _unclaimed(self, visit: str) -> SelectOfScalar[DraftRow]:
        return (
            select(DraftRow)
            .where(DraftRow.visit == visit)
            .where(col(DraftRow.person_id).is_(None))
            .order_by(col(DraftRow.updated_at).desc())
        )

    def _new(self, actor: Actor) -> DraftRow:
        return DraftRow(
            id=new_id(),
            visit=actor.visit or None,
            person_id=actor.person_id,
            fields=b"",
            updated_at=self._transaction.machine_now,
        )

    def _fields(self, row: DraftRow) -> dict[str, str]:
        if not row.fields:
            return {}
        fields: dict[str, str] = json.loads(self._vault.open("draft.fields", row.id, row.fields))
        return fields

    def _write(self, row: DraftRow, fields: Mapping[str, str]) -> None:
        text = json.dumps(fields, ensure_ascii=False)
        row.fields = self._vault.seal("draft.fields", row.id, text)
        self._session.add(row)
