"""Chain of custody of an order's sheet: the files it was made from and into, and by whom."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from publicmeeting.domain.choices import SheetPart
from publicmeeting.domain.roles import Role
from publicmeeting.store.database.repository import Repository
from publicmeeting.store.database.rows.cases import CustodyRow

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
