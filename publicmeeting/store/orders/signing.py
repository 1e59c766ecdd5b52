"""Saved signatures and order templates of a mayor or deputy."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, func, select

from publicmeeting.store.database.repository import Repository, new_id
from publicmeeting.store.database.rows.cases import SignatureRow, TemplateRow


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
