"""The state of `/verify/`: open risks with their figures, and objections to a list."""

from dataclasses import dataclass, field

import reflex as rx

from publicmeeting.kit.digits import grouped
from publicmeeting.text.public_record import verify_text
from publicmeeting.ui.reflex.forms import text_of
from publicmeeting.ui.reflex.var_field import VarField
from publicmeeting.ui.reflex.view_model import ViewModel
from publicmeeting.ui.shell.act import Asking, execute, query
from publicmeeting.ui.shell.road import Reply, reply
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.line.list_objections import ObjectToList, object_to_list
from publicmeeting.usecases.public_record.open_risks import OpenRisks, open_risks


@dataclass(frozen=True)
class RiskView:
    """One thing the city could do wrong, why it matters, and the figure that would show it."""

    title: str
    why: str
    figure: str


def risk_views(found: OpenRisks) -> list[RiskView]:
    """Before its first Monday the city has no figures."""
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


@dataclass(frozen=True)
class Sums(ViewModel):
    """What the page shows."""

    is_watched: bool = False
    risks: tuple[RiskView, ...] = ()
    reply: Reply = field(default_factory=Reply)
    asking: bool = False


class VerifyState(Asking, rx.State):
    """`/verify/`; the browser itself recomputes the draw."""

    sums: Sums = Sums()

    is_watched = VarField[bool]("sums")
    risks = VarField[tuple[RiskView, ...]]("sums")
    reply = VarField[Reply]("sums")
    asking = VarField[bool]("sums")

    @rx.event
    async def load(self) -> None:
        """The figures of the last eight weeks."""
        self.reply, self.asking = Reply(), False
        figures = await query(self, open_risks, Nothing())
        if figures is not None:
            self.is_watched = figures.is_watched
            self.risks = tuple(risk_views(figures))

    @rx.event
    async def object_to_list(self, ticket: str, monday: str) -> None:
        """Send «I am not in the list» for a ticket that the browser did not find in the draw of
        this Monday."""
        self.reply, self.asking = Reply(), True
        yield
        answer = await execute(
            self, object_to_list, ObjectToList, ticket=text_of(ticket), monday=text_of(monday)
        )
        self.asking = False
        if answer is not None:
            self.reply = reply(answer)
