"""Check that the rows of Mondays say what the log says, and why a day is closed."""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from datetime import date, datetime

from publicmeeting.domain.choices import CLOSURES, ClosureReason
from publicmeeting.domain.mondays import MondayState
from publicmeeting.domain.stages import Action
from publicmeeting.kit.clock import at_tehran
from publicmeeting.store.line.logged_days import states_of
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.turns.formulas import draw_id
from publicmeeting.turns.kinds import Kind
from publicmeeting.turns.machine import tables
from publicmeeting.turns.machine.state import Book
from publicmeeting.turns.machine.state import Draw as LoggedDraw
from publicmeeting.usecases.oversight.findings import Finding, content_of

_REASONS: Mapping[str, AbstractSet[str]] = {
    "": {""},
    "holiday": {ClosureReason.HOLIDAY},
    "late": {ClosureReason.LATE},
    "closure": set(CLOSURES),
}
"""Why the log says that a day is closed → the reasons that its row may have."""
_MOST = 40
"""Letters of a reason that a finding shows."""


def mondays_follow(uow: UnitOfWork, book: Book, now: datetime) -> Iterator[Finding]:
    """Compare state, end, seats and reason of each Monday with the log and its visitors' events."""
    logged, stated = _logged_reasons(uow), _stated_reasons(uow)
    for (district, on), row in sorted(uow.inspection.mondays().items()):
        try:
            name = draw_id(district, on)
        except ValueError:  # a year that no calendar has
            name = f"{on} of district {district}"
        draw = book.draws.get(name)
        if draw is None:
            yield Finding(f"monday {name}", "the log never opened it")
            continue
        is_early = row.state is MondayState.NO_VISITORS and _is_ahead(draw, now)
        if row.state not in states_of(draw) or is_early:
            yield Finding(f"monday {name}", f"is {row.state}, by the log {draw.monday_state}")
        if row.has_ended and draw.monday_state in tables.ON:
            yield Finding(f"monday {name}", "has ended, by the log it has not")
        elif not row.has_ended and draw.monday_state is tables.MondayState.ENDED:
            yield Finding(f"monday {name}", "has not ended, by the log it has")
        if row.seats != ",".join(draw.seats_opened):
            yield Finding(f"monday {name}", "its seats are not those that the log opened it with")
        wanted = stated.get((district, on)) or _REASONS.get(logged.get(name, ""), set())
        if row.why not in wanted:
            reasons = " or ".join(sorted(wanted)) or "nothing"
            yield Finding(f"monday {name}", f"its reason is {row.why[:_MOST]!r}, not {reasons}")


def _is_ahead(draw: LoggedDraw, now: datetime) -> bool:
    """Whether its day goes on by the log, and its last seat has not begun."""
    if draw.monday_state not in tables.ON or not draw.seats_opened:
        return False
    return now < at_tehran(draw.monday, draw.seats_opened[-1])


def _logged_reasons(uow: UnitOfWork) -> dict[str, str]:
    """Return draw → why its day is closed by the log, "" for one that is not."""
    found = dict[str, str]()
    for entry in map(content_of, uow.log.data_of(Kind.MONDAY_OPENED, Kind.MONDAY_CLOSED)):
        if isinstance(body := entry.get("body"), dict):
            found[str(body.get("draw"))] = str(body.get("why"))
    return found


def _stated_reasons(uow: UnitOfWork) -> dict[tuple[int, date], set[str]]:
    """Return (district, day) → the reasons in the messages to its visitors."""
    districts = {(seat.request_id, seat.monday): seat.district for seat in uow.inspection.seats()}
    found = dict[tuple[int, date], set[str]]()
    for key, event in uow.inspection.happened(Action.CANCEL_MONDAY):
        day = date.fromisoformat(str(event.payload["monday"]))
        if (why := event.payload.get("why")) and (key, day) in districts:
            found.setdefault((districts[key, day], day), set()).add(str(why))
    return found
