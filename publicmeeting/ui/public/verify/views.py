"""What the city could still do wrong, each with its figure."""

from dataclasses import dataclass

from publicmeeting.kit.digits import grouped
from publicmeeting.text.public_record import verify_text
from publicmeeting.usecases.public_record.open_risks import Trust


@dataclass(frozen=True)
class RiskView:
    """One way, why it matters, and the figure that would show it."""

    title: str
    why: str
    figure: str


def risk_views(found: Trust) -> list[RiskView]:
    """Without a Monday behind it the city has no figures to show."""
    n = grouped
    called = found.arrived + found.missed
    figures = {
        verify_text.PHANTOM: (
            verify_text.PHANTOM_WHY,
            verify_text.PHANTOM_FIGURE.format(missed=n(found.missed), called=n(called)),
        ),
        verify_text.FEWER: (
            verify_text.FEWER_WHY,
            verify_text.FEWER_FIGURE.format(seats=n(found.seats), usual=n(found.usual_seats)),
        ),
        verify_text.OUTSIDE: (
            verify_text.OUTSIDE_WHY,
            verify_text.OUTSIDE_FIGURE.format(
                count=n(found.off_system), silent=n(found.silent), mondays=n(found.mondays)
            ),
        ),
        verify_text.LATE: (
            verify_text.LATE_WHY,
            verify_text.LATE_FIGURE.format(count=n(found.turned_away)),
        ),
        verify_text.FORGOTTEN: (
            verify_text.FORGOTTEN_WHY,
            verify_text.FORGOTTEN_FIGURE.format(count=n(found.found_late)),
        ),
        verify_text.COLLUDE: (
            verify_text.COLLUDE_WHY,
            verify_text.COLLUDE_FIGURE.format(
                given=n(found.lanes_given), asked=n(found.lanes_asked)
            ),
        ),
        verify_text.ALONE_TITLE: (
            verify_text.ALONE_WHY,
            verify_text.ALONE_FIGURE.format(witnessed=n(found.witnessed), weeks=n(found.weeks)),
        ),
        verify_text.HELD: (
            verify_text.HELD_WHY,
            verify_text.HELD_FIGURE.format(held=n(found.held), mondays=n(found.mondays)),
        ),
    }
    return [
        RiskView(title, why, figure if found.mondays else verify_text.NO_FIGURES)
        for title, (why, figure) in figures.items()
    ]
