"""A clock that stands still until a test moves it."""

from datetime import UTC, datetime, timedelta

SATURDAY = datetime(2026, 11, 21, 6, 0, tzinfo=UTC)
"""9:30 in Tehran on 30 Aban 1405, a working day. The next Monday is 23 November."""


class FixedClock:
    def __init__(self, now: datetime = SATURDAY) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def set(self, now: datetime) -> None:
        """Move the clock to an instant; a time without a zone raises ValueError."""
        if now.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        self.now = now.astimezone(UTC)

    def forward(self, **by: float) -> None:
        """Move the clock on by keywords of `timedelta`: `forward(days=1, minutes=5)`."""
        self.now += timedelta(**by)
