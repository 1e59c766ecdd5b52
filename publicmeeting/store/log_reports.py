"""Reports that entries of the public log refer to by hash."""

from sqlmodel import col, select

from publicmeeting.kit.hashing import sha
from publicmeeting.store.database.repository import Repository
from publicmeeting.store.database.rows.city import LogReportRow

LOST = ""
"""Text in place of a report that was lost together with its database."""


class LogReports(Repository):
    def put(self, text: str) -> str:
        """Store a report; return the hash by which an entry refers to it."""
        digest = sha(text)
        self._put(digest, text)
        return digest

    def put_lost(self, digest: str) -> None:
        """Mark a report as lost: the restored database is older, so its findings do not apply."""
        self._put(digest, LOST)

    def _put(self, digest: str, text: str) -> None:
        if self._session.get(LogReportRow, digest) is None:
            self._session.add(LogReportRow(hash=digest, text=text))

    def text(self, digest: str) -> str | None:
        """Return a report as stored; `LOST` if it was lost."""
        row = self._session.get(LogReportRow, digest)
        return row.text if row else None

    def all(self) -> list[tuple[str, str]]:
        """Return (hash, text) of all available reports, by hash."""
        query = select(LogReportRow.hash, LogReportRow.text)
        there = query.where(col(LogReportRow.text) != LOST).order_by(col(LogReportRow.hash))
        return list(self._session.exec(there))
