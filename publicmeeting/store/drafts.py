"""Unfinished requests: kept on the server, owned by a visit until somebody signs in."""

import json
from collections.abc import Mapping
from datetime import timedelta

from sqlmodel import col, delete, select, update

from publicmeeting.domain.roles import Actor
from publicmeeting.store.door import Door, new_id
from publicmeeting.store.rows.cases import ImageRow
from publicmeeting.store.rows.people import DraftRow

STAYS = timedelta(days=14)


class Drafts(Door):
    def read(self, actor: Actor) -> dict[str, str]:
        row = self._row(actor)
        if row is None:
            return {}
        fields: dict[str, str] = json.loads(self._vault.open("draft.fields", row.id, row.fields))
        return fields

    def save(self, actor: Actor, fields: Mapping[str, str]) -> None:
        """Merge these fields into the draft; empty values erase."""
        row = self._row(actor) or self._new(actor)
        kept = {**self.read(actor), **fields} if row.fields else dict(fields)
        kept = {k: v for k, v in kept.items() if v}
        row.fields = self._vault.seal("draft.fields", row.id, json.dumps(kept, ensure_ascii=False))
        row.updated_at = self._work.machine_now
        self._session.add(row)
        self._session.flush()

    def id(self, actor: Actor) -> str | None:
        row = self._row(actor)
        return row.id if row else None

    def ensure(self, actor: Actor) -> str:
        if self._row(actor) is None:
            self.save(actor, {})
        found = self._row(actor)
        assert found is not None
        return found.id

    def claim(self, visit: str, person_id: str) -> None:
        """Signing in moves the visit's draft to the person; hers from elsewhere stays if newer."""
        mine = self._session.exec(select(DraftRow).where(DraftRow.visit == visit)).first()
        if mine is None:
            return
        others = self._session.exec(select(DraftRow).where(DraftRow.person_id == person_id)).all()
        for other in others:
            if other.id != mine.id:
                self._drop(other)
        mine.person_id = person_id
        self._session.add(mine)
        # Her pictures go with her to another device.
        pictures = update(ImageRow).where(col(ImageRow.draft_id) == mine.id)
        self._session.exec(pictures.values(by_person=person_id))

    def drop(self, actor: Actor) -> None:
        row = self._row(actor)
        if row is not None:
            self._drop(row)

    def sweep(self) -> None:
        old = self._work.machine_now - STAYS
        for row in self._session.exec(select(DraftRow).where(DraftRow.updated_at < old)):
            self._drop(row)

    def _drop(self, row: DraftRow) -> None:
        self._session.exec(
            delete(ImageRow)
            .where(col(ImageRow.draft_id) == row.id)
            .where(col(ImageRow.request_id).is_(None))
        )
        self._session.delete(row)
        self._session.flush()

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
        return self._session.exec(
            select(DraftRow)
            .where(DraftRow.visit == actor.visit)
            .where(col(DraftRow.person_id).is_(None) | (col(DraftRow.person_id) == actor.person_id))
        ).first()

    def _new(self, actor: Actor) -> DraftRow:
        return DraftRow(
            id=new_id(), visit=actor.visit or None, person_id=actor.person_id, fields=b"",
            updated_at=self._work.machine_now,
        )  # fmt: skip
