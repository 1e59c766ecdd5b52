"""Draws in figures: what a page that shows all districts at once reads instead of their files."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import defer
from sqlmodel import col, select

from publicmeeting.store.database.repository import Repository
from publicmeeting.store.database.rows.city import DrawRow


@dataclass(frozen=True, slots=True)
class Figures:
    """One draw; None where it has not come so far."""

    id: str
    district: int
    monday: date
    state: str
    frozen_at: datetime | None
    drawn_at: datetime | None
    moved_to: datetime | None
    requests: int | None
    seated: int | None
    seed: str | None


class DrawFigures(Repository):
    def of(self, monday: date) -> list[Figures]:
        """The draws of a Monday by district."""
        rows = self._session.exec(
            select(DrawRow)
            .where(DrawRow.monday == monday)
            .order_by(col(DrawRow.district))
            .options(defer(col(DrawRow.file)))  # type: ignore[arg-type]  # SQLModel's columns
        )
        return [
            Figures(
                row.id,
                row.district,
                row.monday,
                row.state,
                row.frozen_at,
                row.drawn_at,
                row.moved_to,
                row.requests,
                row.seated,
                row.seed,
            )
            for row in rows
        ]

    def mondays(self, limit: int) -> list[date]:
        """Mondays that have draws, the furthest first."""
        rows = self._session.exec(
            select(col(DrawRow.monday)).distinct().order_by(col(DrawRow.monday).desc()).limit(limit)
        )
        return list(rows)
