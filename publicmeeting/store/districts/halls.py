"""Screens of the halls, and their voice recordings; machine time."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import col, select

from publicmeeting.kit.codes import random_digits
from publicmeeting.kit.hashing import sha
from publicmeeting.store.database.repository import Repository, readable_rows
from publicmeeting.store.database.rows.city import HallClipRow, HallDisplayRow

KEY_DIGITS = 20
"""Digits of a key: 66 bits, and digits only, because it may be typed on a remote control."""


@dataclass(frozen=True, slots=True)
class HallDisplay:
    """A screen that is valid until it expires; `id` is a hash and opens nothing."""

    id: str
    made_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class HallClip:
    """A district's recording: the clip it replaces, and its original file."""

    clip: str
    file: str
    kind: str
    millis: int


class Halls(Repository):
    def make_display(self, district: int, by_account: str, stays: timedelta) -> str:
        """Create a screen; return its key, which is shown once and not stored."""
        key, now = random_digits(KEY_DIGITS), self._now
        self._session.add(
            HallDisplayRow(
                id=_hashed(district, key),
                district=district,
                made_by=by_account,
                made_at=now,
                expires_at=now + stays,
            )
        )
        self._session.flush()
        return key

    def display(self, district: int, key: str) -> HallDisplay | None:
        """Return the screen of this district that this key opens now, or None."""
        row = self._session.get(HallDisplayRow, _hashed(district, key))
        if row is None or row.ended_at is not None or row.expires_at <= self._now:
            return None
        return _display(row)

    def displays(self, district: int) -> list[HallDisplay]:
        """Return the valid screens, oldest first."""
        query = (
            select(HallDisplayRow)
            .where(HallDisplayRow.district == district)
            .where(col(HallDisplayRow.ended_at).is_(None))
            .where(col(HallDisplayRow.expires_at) > self._now)
            .order_by(col(HallDisplayRow.made_at), col(HallDisplayRow.id))
        )
        rows = readable_rows(self._transaction, query, "a screen", as_objects=True)
        return [_display(row) for (row,) in rows]

    def lock(self, district: int) -> None:
        """Lock this hall's screens and recordings until the transaction ends."""
        self._transaction.advisory_lock(f"hall/{district}")

    def end_display(self, district: int, display: str) -> bool:
        """End a screen; False if this district has no such screen."""
        row = self._session.get(HallDisplayRow, display)
        if row is None or row.district != district:
            return False
        row.ended_at = row.ended_at or self._now
        self._session.add(row)
        return True

    def clips(self, district: int) -> dict[str, HallClip]:
        """Return clip → the district's own recording of it."""
        query = select(HallClipRow).where(HallClipRow.district == district)
        query = query.order_by(col(HallClipRow.id))
        rows = readable_rows(self._transaction, query, "a recording", as_objects=True)
        return {row.clip: HallClip(row.clip, row.file, row.kind, row.millis) for (row,) in rows}

    def keep_clip(
        self, district: int, clip: str, *, file: str, kind: str, millis: int, by_account: str
    ) -> None:
        """Store a recording, replacing the previous one."""
        self.drop_clip(district, clip)
        self._session.add(
            HallClipRow(
                district=district,
                clip=clip,
                file=file,
                kind=kind,
                millis=millis,
                saved_by=by_account,
                saved_at=self._now,
            )
        )
        self._session.flush()

    def drop_clip(self, district: int, clip: str) -> None:
        for row in self._session.exec(
            select(HallClipRow).where(HallClipRow.district == district, HallClipRow.clip == clip)
        ):
            self._session.delete(row)
        self._session.flush()

    def recordings(self) -> list[tuple[int, str, str]]:
        """Return (district, clip, original) of every recording in use."""
        columns = (col(HallClipRow.district), col(HallClipRow.clip), col(HallClipRow.file))
        rows = self._session.execute(select(*columns).order_by(*columns[:2]))
        return [(district, clip, name) for district, clip, name in rows]

    @property
    def _now(self) -> datetime:
        return self._transaction.machine_now


def _hashed(district: int, key: str) -> str:
    """Hash with the district, so that a key opens the screen of one hall only."""
    return sha("hall-display", str(district), key)


def _display(row: HallDisplayRow) -> HallDisplay:
    return HallDisplay(row.id, row.made_at, row.expires_at)
