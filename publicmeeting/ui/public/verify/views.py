"""What the city could still do wrong, each with its figure."""

from dataclasses import dataclass

from publicmeeting.kit.digits import grouped
from publicmeeting.text import verify as words
from publicmeeting.usecases.trust import Trust


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
        words.PHANTOM: (
            words.PHANTOM_WHY,
            words.PHANTOM_FIGURE.format(missed=n(found.missed), called=n(called)),
        ),
        words.FEWER: (
            words.FEWER_WHY,
            words.FEWER_FIGURE.format(seats=n(found.seats), usual=n(found.usual_seats)),
        ),
        words.OUTSIDE: (
            words.OUTSIDE_WHY,
            words.OUTSIDE_FIGURE.format(
                count=n(found.off_system), silent=n(found.silent), mondays=n(found.mondays)
            ),
        ),
        words.LATE: (words.LATE_WHY, words.LATE_FIGURE.format(count=n(found.turned_away))),
        words.FORGOTTEN: (
            words.FORGOTTEN_WHY,
            words.FORGOTTEN_FIGURE.format(count=n(found.found_late)),
        ),
        words.COLLUDE: (
            words.COLLUDE_WHY,
            words.COLLUDE_FIGURE.format(given=n(found.lanes_given), asked=n(found.lanes_asked)),
        ),
        words.ALONE_TITLE: (
            words.ALONE_WHY,
            words.ALONE_FIGURE.format(witnessed=n(found.witnessed), weeks=n(found.weeks)),
        ),
        words.HELD: (
            words.HELD_WHY,
            words.HELD_FIGURE.format(held=n(found.held), mondays=n(found.mondays)),
        ),
    }
    return [
        RiskView(title, why, figure if found.mondays else words.NO_FIGURES)
        for title, (why, figure) in figures.items()
    ]
