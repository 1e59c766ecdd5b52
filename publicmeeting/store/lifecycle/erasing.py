"""Erase the texts and images of a closed case; events and orders stay.

Audit rows hold ids only (`EventRow`); their texts are in rows of their own, which are deleted here.
The image files follow later: a trigger records the names in deleted rows, and the cleanup moves the
files to the trash.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement
from sqlmodel import col, delete, func, select

from publicmeeting.domain.records import Request
from publicmeeting.domain.roles import Role
from publicmeeting.store.database.repository import Repository
from publicmeeting.store.database.rows.cases import (
    EventRow,
    ImageRow,
    MarkRow,
    NoteRow,
    PreparedRow,
    RequestRow,
)


@dataclass(frozen=True, slots=True)
class Erasable:
    """Number of notes and images that erasing a case deletes, beside its title and text."""

    notes: int
    pictures: int


class Erasing(Repository):
    def erasable(self, request: Request) -> Erasable:
        """Count what would be erased, without reading it."""
        notes = (
            select(func.count())
            .select_from(EventRow)
            .join(NoteRow, col(NoteRow.id) == col(EventRow.note_id))
        )
        pictures = select(func.count()).select_from(ImageRow)
        return Erasable(
            notes=self._session.exec(notes.where(_notes_of(request))).one(),
            pictures=self._session.exec(pictures.where(_pictures_of(request))).one(),
        )

    def erase(self, request: Request, instead: Mapping[str, str]) -> None:
        """Erase the case; `instead` has a replacement text by field name."""
        row = self._session.get(RequestRow, request.id)
        if row is None:
            raise KeyError(request.id)
        for name, text in instead.items():
            setattr(row, name, self._vault.seal(f"request.{name}", row.id, text))
        row.needs = self._vault.seal_word("request.needs", row.id, "")
        self._session.add(row)
        self._session.flush()
        notes = select(EventRow.note_id).where(_notes_of(request))
        self._session.exec(delete(NoteRow).where(col(NoteRow.id).in_(notes)))
        self._session.exec(delete(ImageRow).where(_pictures_of(request)))
        self._session.exec(delete(MarkRow).where(col(MarkRow.request_id) == request.id))
        self._session.exec(delete(PreparedRow).where(col(PreparedRow.request_id) == request.id))


def _notes_of(request: Request) -> ColumnElement[bool]:
    """Notes on the request, and the citizen's notes on its orders.

    Officials' notes on an order stay, because they document a promise of the city.
    """
    own = col(EventRow.order_id).is_(None) | (col(EventRow.role) == Role.CITIZEN.value)
    return (col(EventRow.request_id) == request.id) & col(EventRow.note_id).is_not(None) & own


def _pictures_of(request: Request) -> ColumnElement[bool]:
    """Images of the request, and those she added to its orders; papers and reports stay."""
    own = col(ImageRow.order_id).is_(None) | (col(ImageRow.by_person) == request.person_id)
    return (col(ImageRow.request_id) == request.id) & own
