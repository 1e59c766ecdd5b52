"""The chain of custody of an order's paper: which files it was made from and into, and by whom."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from publicmeeting.domain.choices import SheetPart
from publicmeeting.domain.roles import Role
from publicmeeting.store.database.repository import Repository
from publicmeeting.store.database.rows.cases import CustodyRow

FROM_OUTSIDE = frozenset({SheetPart.INK, SheetPart.PHOTO})
"""Parts that lie among the originals: what came from the mayor's hand is stored apart from what was
made of it."""
OF_OURS = frozenset(
    {SheetPart.STRAIGHTENED, SheetPart.COMPOSED, SheetPart.THUMB, SheetPart.PRINTABLE}
)
"""Parts that lie among our pictures; what was typed lies in no file."""


@dataclass(frozen=True, slots=True)
class AuditedFile:
    """One file: `part` says what it is (`usecases.custody`), `sha256` what is in it."""

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
        """In the order in which they came to be."""
        rows = self._session.exec(
            select(CustodyRow).where(CustodyRow.sheet == sheet).order_by(col(CustodyRow.id))
        )
        return tuple(AuditedFile(row.part, row.sha256, Role(row.role), row.at) for row in rows)

    def names(self, parts: frozenset[SheetPart]) -> set[str]:
        """Every file of these parts, which no sweep may take."""
        rows = self._session.exec(
            select(CustodyRow.sha256).where(
                col(CustodyRow.part).in_([part.value for part in parts])
            )
        )
        return set(rows)

    def files(self) -> list[tuple[str, str, str]]:
        """Sheet, part and hash of everything, for `doctor`."""
        rows = self._session.exec(
            select(CustodyRow.sheet, CustodyRow.part, CustodyRow.sha256).order_by(
                col(CustodyRow.id)
            )
        )
        return [(sheet, part, sha256) for sheet, part, sha256 in rows]
