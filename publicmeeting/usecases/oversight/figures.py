"""Each district's promises in numbers, with every kind of ending counted apart.

Silence is not a yes, and an explanation is neither. Whether the citizens were heard is known to
the overseer alone: in a district with few answers a number would tell who said no.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from publicmeeting.domain.choices import Verdict
from publicmeeting.domain.estimate import LOOKING_BACK
from publicmeeting.domain.lifecycle.advance import road_ahead
from publicmeeting.domain.roles import Actor, Role
from publicmeeting.domain.stages import Action, OrderAction, OrderStage
from publicmeeting.kit.clock import tehran_day
from publicmeeting.store.oversight import OrderFact
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.base import Nothing, usecase


@dataclass(frozen=True, slots=True)
class DistrictPromises:
    """One district. `on_time` of `measured`: reported by the end of the **first** due date, of
    those whose first due date has passed or whose report stands. A report that the mayor sent back
    does not stand, one that was upheld against her word does; one made again after the date is
    late. Days on which the city did not run are given back."""

    district: int
    orders: int = 0
    measured: int = 0
    on_time: int = 0
    confirmed: int = 0
    """By the citizen herself."""
    settled: int = 0
    """By ten silent days."""
    upheld: int = 0
    """With an explanation, against her word."""
    heard_yes: int = 0
    heard_no: int = 0
    done_yes: int = 0
    """Asked after a due date that had passed without a report."""
    done_no: int = 0
    ranges_held: int = 0
    """Of the last eight weeks: visitors who went in within the range they were shown."""
    ranges_shown: int = 0
    unreached: int = 0
    """Now: what she was asked, whose deadline has passed and which has not reached her."""


@usecase(Role.OVERSEER)
def promise_figures(
    uow: UnitOfWork, _actor: Actor, _command: Nothing, now: datetime
) -> tuple[DistrictPromises, ...]:
    """Of every district in which something was promised, said, foretold or not told, by its
    number."""
    counted: dict[int, Counter[str]] = {}
    for orders in uow.promise_figures.orders(tehran_day(now)):
        figures = counted.setdefault(orders.district, Counter())
        figures.update(dict.fromkeys(_counts(orders), orders.many))
    answers = uow.promise_figures.answers(Action.SAY_HEARD, OrderAction.SAY_DONE)
    for (district, action, verdict), count in answers.items():
        name = f"{_SAID[action]}_{Verdict(verdict).value}"
        counted.setdefault(district, Counter())[name] += count
    for day in uow.city.mondays(from_on=tehran_day(now) - LOOKING_BACK):
        held, shown = day.ranges
        if shown:
            figures = counted.setdefault(day.district, Counter())
            figures.update({"ranges_held": held, "ranges_shown": shown})
    for district, count in uow.asking.unreached(now).items():
        counted.setdefault(district, Counter())["unreached"] = count
    return tuple(DistrictPromises(number, **counted[number]) for number in sorted(counted))


_SAID = {Action.SAY_HEARD.value: "heard", OrderAction.SAY_DONE.value: "done"}
_ENDED = {
    OrderAction.CONFIRM_DONE.value: "confirmed",
    OrderAction.SETTLE.value: "settled",
    OrderAction.UPHOLD.value: "upheld",
}


def _counts(orders: OrderFact) -> list[str]:
    """The names of the figures in which these orders count."""
    road = road_ahead(OrderStage(orders.stage))
    owed = any(step.action is OrderAction.REPORT for step in road)
    stands = orders.on_time is not None and not owed
    found = ["orders"]
    if stands or orders.due:
        found.append("measured")
    if stands and orders.on_time:
        found.append("on_time")
    if not road and orders.ended_by:
        found.append(_ENDED[orders.ended_by])
    return found
