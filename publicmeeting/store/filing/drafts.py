"""Unfinished requests, stored on the server; a visit owns them until somebody signs in."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

import sqlalchemy
from sqlalchemy import Select, bindparam, or_, true
from sqlmodel import col, delete, func, select, update

from publicmeeting.domain.lifecycle.outages import prolonged
from publicmeeting.domain.roles import Actor
from publicmeeting.store.database.repository import Repository, drop_row, new_id, write
from publicmeeting.store.database.rows.cases import ImageRow
from publicmeeting.store.database.rows.people import DraftRow
from publicmeeting.store.database.transaction import Transaction
from publicmeeting.store.filing.images import Images
from publicmeeting.store.worker.marks import outages

STAYS = timedelta(days=14)
ANONYMOUS_STAYS = timedelta(hours=24)
"""Retention of an untouched draft without a confirmed mobile: a night and a working day."""


_ANONYMOUS = (
    col(DraftRow.person_id).is_(None),
    col(DraftRow.signed_in).is_(False),
    col(DraftRow.visit).is_not(None),  # a mayor's order draft has no visit
)


class _Draft(NamedTuple):
    """The columns of `DraftRow`; the form reads and writes them without ORM objects."""

    id: str
    visit: str | None
    person_id: str | None
    fields: bytes
    updated_at: datetime
    signed_in: bool
    is_asked: bool = False
    has_images: bool = False
    """Not a column: whether an image refers to it."""


_STORED = _Draft._fields[:-1]
_HAS_IMAGES = sqlalchemy.exists().where(col(ImageRow.draft_id) == col(DraftRow.id))
_FOUND = sqlalchemy.select(
    *(getattr(DraftRow, name) for name in _STORED), _HAS_IMAGES.label("has_images")
).order_by(col(DraftRow.updated_at).desc())
_OF_PERSON = _FOUND.where(col(DraftRow.person_id) == bindparam("person"))
_OF_PERSON_HERE = _OF_PERSON.where(col(DraftRow.visit) == bindparam("visit"))
_UNCLAIMED = _FOUND.where(
    col(DraftRow.visit) == bindparam("visit"), col(DraftRow.person_id).is_(None)
)
_ONE = col(DraftRow.id) == bindparam("one")
_WRITE = update(DraftRow).where(_ONE).values(fields=bindparam("sealed"))
_SAVE = _WRITE.values(updated_at=bindparam("at"), signed_in=bindparam("known"))
_BELONGS_TO = update(DraftRow).where(_ONE).values(person_id=bindparam("person"))
_DROP_PICTURES = delete(ImageRow).where(
    col(ImageRow.draft_id) == bindparam("one"), col(ImageRow.request_id).is_(None)
)
# Statements of every step of a filing are built once: building costs more than executing.


def draft_lock(owner: str) -> str:
    """Return the name under which a person's drafts, or those of a visit, are locked."""
    return f"draft/{owner}"


class LeftDraft(NamedTuple):
    """A draft in a browser whose current user may be somebody else than its writer."""

    updated_at: datetime
    fields: dict[str, str]
    id: str


class Drafts(Repository):
    def __init__(self, transaction: Transaction, images: Images) -> None:
        super().__init__(transaction)
        self._images = images
        self._without_images = set[str]()
        """Ids of the actor's drafts that had no image, and get none before this ends."""

    _saved: tuple[Actor, _Draft] | None = None
    """The draft that this transaction has written and locked, with its actor."""
    _is_locked = False
    """Whether this transaction has locked the actor's draft."""
    _unclaimed: tuple[str, _Draft | None] | None = None
    """A visit and its unclaimed draft, cached by a reading transaction."""

    def read(self, actor: Actor) -> dict[str, str]:
        return self.found(actor)[1]

    def found(self, actor: Actor) -> tuple[str, dict[str, str]]:
        """Return id and fields; both are empty without a draft."""
        own = self._saved[1] if self._saved and self._saved[0] == actor else self._row(actor)
        return (own.id, self._fields(own)) if own else ("", {})

    def save(self, actor: Actor, fields: Mapping[str, str]) -> None:
        """Merge these fields into the draft; empty values erase.

        Text typed in a form whose session has ended meanwhile goes to the draft that the next user
        is asked about (`left`), and is shown with it.
        """
        self.lock(actor)
        row = self._row(actor)
        hidden = self._of_ended_session(actor) if row is None else None
        row = row or hidden
        merged = {**(self._fields(row) if row else {}), **fields}
        key = row.id if row else new_id()
        saved = _Draft(
            key,
            row.visit if row else actor.visit or None,
            row.person_id if row else actor.person_id,
            self._sealed(key, {name: value for name, value in merged.items() if value}),
            self._transaction.machine_now,
            (row is not None and row.signed_in) or actor.session_id is not None,
            row is not None and row.is_asked,
        )
        if row is None:
            new = saved._asdict()
            del new["has_images"]
            write(self._transaction, DraftRow, new)
            self._without_images.add(key)
        else:
            values = {"sealed": saved.fields, "at": saved.updated_at, "known": saved.signed_in}
            self._transaction.execute(_SAVE, {"one": key, **values})
        # A draft in question is not readable before the answer, not even in this transaction.
        self._saved = (actor, saved) if hidden is None else None

    def may_have_images(self, draft_id: str) -> bool:
        """Whether images must be looked for; False if none refers to the draft."""
        return draft_id not in self._without_images

    def sign_in(self, actor: Actor) -> None:
        """Mark this visit's drafts after a sign-in.

        If she confirmed a mobile in the request form, they are hers. If she signed in elsewhere, or
        somebody else's session at this visit has ended, they may be another person's, and she is
        asked (`left`).
        """
        begun = update(DraftRow).where(col(DraftRow.visit) == actor.visit)
        is_filing = self._transaction.origin.is_filing
        if actor.session_id is not None:
            if is_filing:
                self._session.exec(begun.values(signed_in=True))
            return
        asked, known = col(DraftRow.is_asked), col(DraftRow.signed_in)
        begun = begun.values(is_asked=or_(asked, known))
        self._session.exec(begun.values(signed_in=true()) if is_filing else begun)

    def count_anonymous(self) -> int:
        """Count the drafts of visits without a confirmed mobile."""
        query = select(func.count()).select_from(DraftRow).where(*_ANONYMOUS)
        return self._session.exec(query).one()

    def anonymous_bytes(self) -> int:
        """Return the bytes of all images of such drafts."""
        query = select(func.coalesce(func.sum(ImageRow.size), 0)).join_from(
            DraftRow, ImageRow, col(ImageRow.draft_id) == col(DraftRow.id)
        )
        return int(self._session.exec(query.where(*_ANONYMOUS)).one())

    def id(self, actor: Actor) -> str | None:
        row = self._row(actor)
        return row.id if row else None

    def ensure(self, actor: Actor) -> str:
        self.lock(actor)
        row = self._row(actor) or self._of_ended_session(actor)
        if row is not None:
            return row.id
        self.save(actor, {})
        assert self._saved is not None
        return self._saved[1].id

    def claim(self, visit: str, person_id: str) -> None:
        """Move the visit's draft and its images to the person, if it is hers.

        Fields that the visit's draft lacks are taken from her other drafts. Drafts that other
        persons began and claimed in this browser stay theirs.
        """
        self._saved = None
        own = self._first(_UNCLAIMED, visit=visit)
        if own is None or not own.signed_in or own.is_asked:
            return
        for other in self._all(_OF_PERSON, person=person_id):
            own = self._merge(other, own)
        self._transaction.execute(_BELONGS_TO, {"one": own.id, "person": person_id})
        # Her images follow her to another device.
        pictures = update(ImageRow).where(col(ImageRow.draft_id) == own.id)
        self._session.exec(pictures.values(by_person=person_id, by_visit=None))

    def left(self, actor: Actor) -> LeftDraft | None:
        """Return a draft of this visit that may belong to another person.

        Nobody has signed in for it, or nobody who is still signed in. The current user of the
        browser is asked about it.
        """
        if self._continues_draft(actor):
            return None
        found = self._of_visit(actor.visit) if actor.visit else None
        is_hers = actor.session_id is not None and found is not None and found.signed_in
        if found is None or (is_hers and not found.is_asked):
            return None
        return LeftDraft(found.updated_at, self._fields(found), found.id)

    def _continues_draft(self, actor: Actor) -> bool:
        """Whether the newest draft of this visit was just written by the signed-in actor."""
        if self._saved is None or self._saved[0] != actor or actor.session_id is None:
            return False
        own = self._saved[1]
        return own.visit == actor.visit and own.person_id is None and not own.is_asked

    def keep_left(self, actor: Actor) -> None:
        """Assign the draft in question to her, now or at her next sign-in, without asking again."""
        self.lock(actor)
        now = self._transaction.machine_now
        begun = update(DraftRow).where(col(DraftRow.visit) == actor.visit)
        begun = begun.where(col(DraftRow.person_id).is_(None))
        signed_in = actor.session_id is not None
        self._session.exec(begun.values(updated_at=now, signed_in=signed_in, is_asked=False))
        if actor.person_id and signed_in:
            self.claim(actor.visit, actor.person_id)

    def drop_left(self, actor: Actor) -> None:
        """Delete the draft in question, because it is somebody else's."""
        self.lock(actor)
        found = self.left(actor)
        if found is not None:
            self.drop(found.id)

    def move(self, visit: str, to: str) -> None:
        """Move a visit's drafts and images to its new name, including claimed ones.

        A person may give a claimed draft back.
        """
        self._saved = None
        begun = select(DraftRow.id).where(DraftRow.visit == visit)
        loose = update(ImageRow).where(col(ImageRow.draft_id).in_(begun))
        self._session.exec(loose.where(col(ImageRow.by_visit) == visit).values(by_visit=to))
        self._session.exec(update(DraftRow).where(col(DraftRow.visit) == visit).values(visit=to))

    def give_back(self, actor: Actor) -> None:
        """Return the person's draft begun in this visit to the visit, with its images.

        The reverse of `claim`. Drafts that she began in another browser stay hers.
        """
        self._saved = None
        if not actor.person_id or not actor.visit:
            return
        self.lock(actor)
        own = self._first(_OF_PERSON_HERE, person=actor.person_id, visit=actor.visit)
        if own is None:
            return
        for other in self._all(_UNCLAIMED, visit=actor.visit):
            own = self._merge(other, own)
        self._transaction.execute(_BELONGS_TO, {"one": own.id, "person": None})
        pictures = update(ImageRow).where(col(ImageRow.draft_id) == own.id)
        self._session.exec(pictures.values(by_person=None, by_visit=actor.visit))

    def _merge(self, other: _Draft, own: _Draft) -> _Draft:
        """Fill fields that `mine` lacks from `other`, and delete `other`; the newer text wins."""
        newer, older = (own, other) if own.updated_at >= other.updated_at else (other, own)
        sealed = self._sealed(own.id, {**self._fields(older), **self._fields(newer)})
        self._transaction.execute(_WRITE, {"one": own.id, "sealed": sealed})
        if self._images.count_loose(own.id) == 0:
            pictures = update(ImageRow).where(col(ImageRow.draft_id) == other.id)
            self._session.exec(pictures.values(draft_id=own.id))
            self._without_images.discard(own.id)
        self.drop(other.id)
        return own._replace(fields=sealed)

    def drop(self, draft_id: str) -> None:
        """Delete a draft, with its images that are attached to nothing."""
        self._saved = None
        if self.may_have_images(draft_id):
            self._transaction.execute(_DROP_PICTURES, {"one": draft_id})
        drop_row(self._transaction, DraftRow, draft_id)

    def sweep(self) -> None:
        """Delete old drafts; days on which the city was down do not count."""
        now, lost = self._transaction.machine_now, outages(self._transaction)
        for which, stays in (((), STAYS), (_ANONYMOUS, ANONYMOUS_STAYS)):
            old = select(DraftRow.id, DraftRow.updated_at).where(*which)
            old = old.where(col(DraftRow.updated_at) < now - stays)
            for draft_id, touched_at in self._session.exec(old).all():
                if prolonged(touched_at, touched_at + stays, lost) < now:
                    self.drop(draft_id)

    def lock(self, actor: Actor) -> None:
        """Lock the actor's draft, so that concurrent photos or fields use the same one."""
        self._transaction.advisory_lock(draft_lock(actor.person_id or actor.visit))
        self._is_locked = True

    def _row(self, actor: Actor) -> _Draft | None:
        own = self._own(actor)
        if own and not own.has_images and (self._is_locked or self._transaction.is_reading):
            self._without_images.add(own.id)
        return own

    def _own(self, actor: Actor) -> _Draft | None:
        own = self._first(_OF_PERSON, person=actor.person_id) if actor.person_id else None
        if own is None and actor.visit:
            begun = self._of_visit(actor.visit)
            # A draft is hers if its mobile was confirmed exactly when she is signed in.
            is_asked = begun is not None and (
                begun.is_asked or begun.signed_in != (actor.session_id is not None)
            )
            return None if is_asked else begun
        return own

    def _of_visit(self, visit: str) -> _Draft | None:
        """Return the visit's newest unclaimed draft."""
        if self._unclaimed is not None and self._unclaimed[0] == visit:
            return self._unclaimed[1]
        found = self._first(_UNCLAIMED, visit=visit)
        if self._transaction.is_reading:
            self._unclaimed = visit, found
        return found

    def _of_ended_session(self, actor: Actor) -> _Draft | None:
        if actor.session_id is not None or not actor.visit:
            return None
        begun = self._first(_UNCLAIMED, visit=actor.visit)
        return begun if begun is not None and begun.signed_in else None

    def _first(self, query: Select[*tuple[object, ...]], **values: str) -> _Draft | None:
        return next(iter(self._all(query, **values)), None)

    def _all(self, query: Select[*tuple[object, ...]], **values: str) -> list[_Draft]:
        return [_Draft(*row) for row in self._transaction.execute(query, values)]

    def _fields(self, row: _Draft) -> dict[str, str]:
        if not row.fields:
            return {}
        fields: dict[str, str] = json.loads(self._vault.open("draft.fields", row.id, row.fields))
        return fields

    def _sealed(self, draft_id: str, fields: Mapping[str, str]) -> bytes:
        text = json.dumps(fields, ensure_ascii=False)
        return self._vault.seal("draft.fields", draft_id, text)
