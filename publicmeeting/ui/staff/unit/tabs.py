"""The two halves of a unit's work: its orders, and its briefs before the next meeting."""

from collections.abc import Mapping

from publicmeeting.domain.roles import Role
from publicmeeting.kit.digits import persian
from publicmeeting.text.orders import unit_text
from publicmeeting.ui.design.models import Choice
from publicmeeting.usecases.orders.lists import OPEN, TABS
from publicmeeting.usecases.oversight.workplaces import Workplaces

ORDERS, BRIEFS = "orders", "briefs"
PLACES = {ORDERS: "/unit/", BRIEFS: "/unit/briefs/"}


def address(number: str = "", which: str = OPEN) -> str:
    """Where this part of the orders, with this order beside it, stands."""
    path = f"/unit/{number}/" if number else "/unit/"
    return path if which == OPEN else f"{path}?tab={which}"


def halves(places: Workplaces | None) -> tuple[Choice, ...]:
    """With what waits in each. Briefs are written by units: a desk officer, who reads the orders
    of the district, has nothing to choose."""
    if places is None or Role.UNIT not in places.roles:
        return ()
    return (
        Choice(ORDERS, unit_text.TITLE, _waiting(places.questions)),
        Choice(BRIEFS, unit_text.BRIEFS, _waiting(places.briefs)),
    )


def tabs(counts: Mapping[str, int]) -> tuple[Choice, ...]:
    """The parts of the orders."""
    names = dict(unit_text.TABS)
    return tuple(Choice(tab, f"{names[tab]} {persian(counts.get(tab, 0))}") for tab in TABS)


def _waiting(count: int) -> str:
    return persian(count) if count else ""
