"""Rows of an order's sheet: its files, the unfinished sheet, signatures and templates.

The chain of custody names the files the sheet was made from and into, and by whom. An unfinished
sheet of a mayor or deputy for one visitor is sealed, and readable by nobody else.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, func, select

from publicmeeting.domain.choices import SheetPart
from publicmeeting.domain.roles import Role
from publicmeeting.store.database.repository import Repository, new_id
from publicmeeting.store.database.rows.cases import CustodyRow, SignatureRow, TemplateRow
from publicmeeting.store.database.rows.people import DraftRow
from publicmeeting.store.database.vault import Forgiving, Vault

FROM_OUTSIDE = frozenset({SheetPart.INK, SheetPart.PHOTO})
"""Parts stored among the originals, separate from what the program made of them."""
OF_OURS = frozenset(
    {SheetPart.STRAIGHTENED, SheetPart.COMPOSED, SheetPart.THUMB, SheetPart.PRINTABLE}
)
"""Parts stored among the program's own images; typed text is in no file."""


@dataclass(frozen=True, slots=True)
class AuditedFile:
    """One file: `part` is its kind, `sha256` the hash of its content."""

    part: str
    sha256: str
    role: Role
    at: datetime


class DocumentAudits(Repository):
    def add(
        self,
        *,
        request_id: str,
        sheet: str,
        part: str,
        sha256: str,
        account_id: str | None,
        role: Role,
        at: datetime,
    ) -> None:
        self._session.add(
            CustodyRow(
                request_id=request_id,
                sheet=sheet,
                part=part,
                sha256=sha256,
                account_id=account_id,
                role=role.value,
                at=at,
            )
        )

    def of_sheet(self, sheet: str) -> tuple[AuditedFile, ...]:
        """Return the files of a sheet in order of creation."""
        rows = self._session.exec(
            select(CustodyRow).where(CustodyRow.sheet == sheet).order_by(col(CustodyRow.id))
        )
        return tuple(AuditedFile(row.part, row.sha256, Role(row.role), row.at) for row in rows)

    def names(self, parts: frozenset[SheetPart]) -> set[str]:
        """Return all files of these parts, which the cleanup must not remove."""
        rows = self._session.exec(
            select(CustodyRow.sha256).where(
                col(CustodyRow.part).in_([part.value for part in parts])
            )
        )
        return set(rows)

    def files(self) -> list[tuple[str, str, str]]:
        """Return (sheet, part, hash) of all files, for `doctor`."""
        rows = self._session.exec(
            select(CustodyRow.sheet, CustodyRow.part, CustodyRow.sha256).order_by(
                col(CustodyRow.id)
            )
        )
        return [(sheet, part, sha256) for sheet, part, sha256 in rows]


FIELDS, STROKES, GONE = PARTS = ("fields", "strokes", "gone")
FORM = "form"
"""Part in which a long form of an official is stored while it is typed."""
_ID, _OWNER = 32, 12


class Unfinished(Repository):
    """Drafts of orders; `what` is a part that is read and written as a whole.

    The parts are the fields, the strokes, and the ids of strokes that were erased or issued.
    They are stored among the citizens' drafts and expire with them. Their ids are keyed hashes of
    account and request, or of account and form (`domain/officials/typed_forms.py`).
    """

    def read(self, what: str, account_id: str, request_id: str) -> dict[str, str]:
        row = self._session.get(DraftRow, self._key(what, account_id, request_id))
        if row is None:
            return {}
        fields: dict[str, str] = json.loads(self._vault.open("draft.fields", row.id, row.fields))
        return fields

    def read_all(
        self, what: Collection[str], account_ids: Collection[str], request_id: str
    ) -> dict[str, dict[str, str]]:
        """Return account id → the fields of these parts together, for accounts that have any.

        An unreadable part is left out: it is no fault of whoever asks about his colleagues.
        """
        keys = {self._key(part, one, request_id): one for one in account_ids for part in what}
        rows = (
            self._session.exec(select(DraftRow).where(col(DraftRow.id).in_(keys))) if keys else ()
        )
        found: dict[str, dict[str, str]] = {}
        vault = Forgiving(self._vault)
        for row in rows:
            fields = json.loads(vault.open("draft.fields", row.id, row.fields) or "{}")
            found.setdefault(keys[row.id], {}).update(fields)
        return found

    def lock(self, account_id: str, request_id: str) -> None:
        """Lock the draft, so that two tabs write one after the other."""
        self._transaction.advisory_lock(f"unfinished/{account_id}/{request_id}")

    def save(self, what: str, account_id: str, request_id: str, fields: Mapping[str, str]) -> None:
        """Store exactly these fields, without empty ones."""
        key = self._key(what, account_id, request_id)
        text = json.dumps({k: v for k, v in fields.items() if v}, ensure_ascii=False)
        row = self._session.get(DraftRow, key) or DraftRow(
            id=key, fields=b"", updated_at=self._transaction.machine_now
        )
        row.fields = self._vault.seal("draft.fields", key, text)
        row.updated_at = self._transaction.machine_now
        self._session.add(row)
        self._session.flush()

    def drop(self, what: str, account_id: str, request_id: str) -> None:
        row = self._session.get(DraftRow, self._key(what, account_id, request_id))
        if row is not None:
            self._session.delete(row)
            self._session.flush()

    def owner(self, account_id: str) -> str:
        """Return a keyed hash by which a browser recognises the owner of unsent strokes."""
        return self._vault.lookup("unfinished", account_id)[:_OWNER]

    def _key(self, what: str, account_id: str, request_id: str) -> str:
        return draft_key(self._vault, what, account_id, request_id)


def draft_key(vault: Vault, what: str, account_id: str, request_id: str) -> str:
    return vault.lookup("unfinished", f"{what}/{account_id}/{request_id}")[:_ID]


@dataclass(frozen=True, slots=True)
class Signature:
    """Strokes as `domain.orders.ink` parses them, and since when they are in use."""

    ink: str
    drawn_at: datetime


@dataclass(frozen=True, slots=True)
class Template:
    id: str
    title: str
    text: str


class Signing(Repository):
    def signature(self, account_id: str) -> Signature | None:
        row = self._session.get(SignatureRow, account_id)
        if row is None:
            return None
        return Signature(self._vault.open("signature.ink", account_id, row.ink), row.drawn_at)

    def sign(self, account_id: str, ink: str, now: datetime) -> None:
        """Store the signature; sheets composed earlier keep theirs."""
        row = self._session.get(SignatureRow, account_id)
        sealed = self._vault.seal("signature.ink", account_id, ink)
        if row is None:
            row = SignatureRow(account_id=account_id, ink=sealed, drawn_at=now)
        row.ink, row.drawn_at = sealed, now
        self._session.add(row)

    def unsign(self, account_id: str) -> None:
        row = self._session.get(SignatureRow, account_id)
        if row is not None:
            self._session.delete(row)

    def templates(self, account_id: str) -> tuple[Template, ...]:
        """Return the templates, newest first."""
        rows = self._session.exec(
            select(TemplateRow)
            .where(TemplateRow.account_id == account_id)
            .order_by(col(TemplateRow.written_at).desc(), col(TemplateRow.id))
        )
        return tuple(self._template(row) for row in rows)

    def count_templates(self, account_id: str) -> int:
        return self._session.exec(
            select(func.count())
            .select_from(TemplateRow)
            .where(TemplateRow.account_id == account_id)
        ).one()

    def keep_template(self, account_id: str, title: str, text: str, now: datetime) -> Template:
        key = new_id()
        row = TemplateRow(
            id=key,
            account_id=account_id,
            title=self._vault.seal("order_template.title", key, title),
            text=self._vault.seal("order_template.text", key, text),
            written_at=now,
        )
        self._session.add(row)
        return Template(key, title, text)

    def drop_template(self, account_id: str, template_id: str) -> bool:
        """Delete a template; False if it is not this account's."""
        row = self._session.get(TemplateRow, template_id)
        if row is None or row.account_id != account_id:
            return False
        self._session.delete(row)
        return True

    def _template(self, row: TemplateRow) -> Template:
        return Template(
            row.id,
            self._vault.open("order_template.title", row.id, row.title),
            self._vault.open("order_template.text", row.id, row.text),
        )
