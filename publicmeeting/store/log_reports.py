"""Reports that entries of the public log name by their hash."""

from sqlmodel import col, select

from publicmeeting.kit.hashing import sha
from publicmeeting.store.database.repository import Repository
from publicmeeting.store.database.rows.city import LogReportRow

LOST = ""
"""In place of a report that went with the database it was about."""


class LogReports(Repository):
    def put(self, text: str) -> str:
        """Keep a report for whoever asks for it; returns the hash by which an entry names it."""
        digest = sha(text)
        self._put(digest, text)
        return digest

    def put_lost(self, digest: str) -> None:
        """Of a database from before this report: what it says had happened has not."""
        self._put(digest, LOST)

    def _put(self, digest: str, text: str) -> None:
        if self._session.get(LogReportRow, digest) is None:
            self._session.add(LogReportRow(hash=digest, text=text))

    def text(self, digest: str) -> str | None:
        """A report as it was stored, `LOST` where it was lost."""
        row = self._session.get(LogReportRow, digest)
        return row.text if row else None

    def all(self) -> list[tuple[str, str]]:
        """Hash and text of each that is there, by hash."""
        query = select(LogReportRow.hash, LogReportRow.text)
        there = query.where(col(LogReportRow.text) != LOST).order_by(col(LogReportRow.hash))
        return list(self._session.exec(there))
