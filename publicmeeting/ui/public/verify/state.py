"""State of `/verify/`: remaining risks with their figures, and objections to a list."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field

import reflex as rx

from publicmeeting.kit.digits import grouped
from publicmeeting.kit.jalali import moment_words
from publicmeeting.text.public_record import verify_text
from publicmeeting.ui.reflex.forms import text_of
from publicmeeting.ui.reflex.view_model import VarField, ViewModel
from publicmeeting.ui.shell.act import Asking, execute, query
from publicmeeting.ui.shell.parts.line import Reply, reply
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.line.objections.list_objections import ObjectToList, object_to_list
from publicmeeting.usecases.public_record.log import PROGRAM, LogFigures
from publicmeeting.usecases.public_record.open_risks import OpenRisks, open_risks


@dataclass(frozen=True)
class RiskView:
    """One wrong that the city could do, why it matters, and the figure that would show it."""

    title: str
    why: str
    figure: str


def risk_views(found: OpenRisks) -> list[RiskView]:
    """Return the risks. Before its first Monday the city has no figures of Mondays."""
    views = [*_of_people(found), *_of_mondays(found), *_of_the_log(found.log)]
    return [RiskView(*view) for view in views]


def _of_people(found: OpenRisks) -> Iterator[tuple[str, str, str]]:
    n, log = grouped, found.log
    yield (
        verify_text.LATE,
        verify_text.LATE_WHY,
        verify_text.LATE_FIGURE.format(count=n(found.turned_away)),
    )
    yield (
        verify_text.PHANTOM,
        verify_text.PHANTOM_WHY,
        verify_text.PHANTOM_FIGURE.format(
            typed=n(log.typed), filed=n(log.filed), twice=n(log.missed_twice)
        ),
    )
    yield (
        verify_text.DOOR,
        verify_text.DOOR_WHY,
        verify_text.DOOR_FIGURE.format(
            missed=n(log.missed),
            called=n(found.arrived + log.missed),
            contested=n(log.contested),
            upheld=n(log.upheld),
            skipped=n(log.skipped),
        ),
    )
    yield (
        verify_text.COLLUDE,
        verify_text.COLLUDE_WHY,
        verify_text.COLLUDE_FIGURE.format(
            granted=n(found.lanes_granted), asked=n(found.lanes_asked)
        ),
    )
    yield (
        verify_text.NAMED,
        verify_text.NAMED_WHY,
        verify_text.NAMED_FIGURE.format(undone=n(log.undone), acts=n(log.in_her_name)),
    )
    yield (
        verify_text.DISPLACED,
        verify_text.DISPLACED_WHY,
        verify_text.DISPLACED_FIGURE.format(count=n(log.displaced), typed=n(log.typed)),
    )
    yield (
        verify_text.FORGOTTEN,
        verify_text.FORGOTTEN_WHY,
        verify_text.FORGOTTEN_FIGURE.format(count=n(found.found_late)),
    )


def _of_mondays(found: OpenRisks) -> Iterator[tuple[str, str, str]]:
    n = grouped
    figures = {
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
        verify_text.HELD: (
            verify_text.HELD_WHY,
            verify_text.HELD_FIGURE.format(held=n(found.held), mondays=n(found.mondays)),
        ),
        verify_text.ALONE_TITLE: (
            verify_text.ALONE_WHY,
            verify_text.ALONE_FIGURE.format(witnessed=n(found.witnessed), weeks=n(found.weeks)),
        ),
    }
    for title, (why, figure) in figures.items():
        yield title, why, figure if found.mondays else verify_text.NO_FIGURES


def _of_the_log(log: LogFigures) -> Iterator[tuple[str, str, str]]:
    if log.witnesses:
        bought = verify_text.BOUGHT_FIGURE.format(
            witnesses=grouped(log.witnesses), quorum=grouped(log.quorum)
        )
    else:
        bought = verify_text.BOUGHT_NONE
    yield verify_text.BOUGHT, verify_text.BOUGHT_WHY, bought
    code = verify_text.CODE_FIGURE.format(method="SHA-256", mark=PROGRAM[:16])
    yield verify_text.CODE, verify_text.CODE_WHY, code
    down = verify_text.DOWN_EMPTY
    if log.newest_at is not None:
        down = verify_text.DOWN_FIGURE.format(
            size=grouped(log.seq), moment=moment_words(log.newest_at)
        )
    yield verify_text.DOWN, verify_text.DOWN_WHY, down


@dataclass(frozen=True)
class Sums(ViewModel):
    """The content of the page."""

    is_watched: bool = False
    risks: tuple[RiskView, ...] = ()
    reply: Reply = field(default_factory=Reply)
    asking: bool = False


class VerifyState(Asking, rx.State):
    """State of `/verify/`; the browser itself recomputes the draw."""

    sums: Sums = Sums()

    is_watched = VarField[bool]("sums")
    risks = VarField[tuple[RiskView, ...]]("sums")
    reply = VarField[Reply]("sums")
    asking = VarField[bool]("sums")

    @rx.event
    async def load(self) -> None:
        """Read the figures of the last eight weeks."""
        self.reply, self.asking = Reply(), False
        figures = await query(self, open_risks, Nothing())
        if figures is not None:
            self.is_watched = figures.is_watched
            self.risks = tuple(risk_views(figures))

    @rx.event
    async def object_to_list(self, ticket: str, monday: str) -> AsyncIterator[None]:
        """Send «I am not in the list» for a ticket that the browser did not find in this Monday's
        draw."""
        self.reply, self.asking = Reply(), True
        yield
        answer = await execute(
            self, object_to_list, ObjectToList, ticket=text_of(ticket), monday=text_of(monday)
        )
        self.asking = False
        if answer is not None:
            self.reply = reply(answer)
