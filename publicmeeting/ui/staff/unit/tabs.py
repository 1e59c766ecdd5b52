"""The parts of a unit's work in one row: its orders, and its briefs before the next meeting."""

from collections.abc import Mapping

from publicmeeting.domain.roles import Role
from publicmeeting.kit.digits import persian
from publicmeeting.text import unit as words
from publicmeeting.ui.design.models import Choice
from publicmeeting.usecases.order_lists import OPEN, TABS
from publicmeeting.usecases.workplaces import Workplaces

BRIEFS = "briefs"


def address(number: str = "", which: str = OPEN) -> str:
    """Where this part of the orders, with this order beside it, stands; or the briefs."""
    if which == BRIEFS:
        return "/unit/briefs/"
    path = f"/unit/{number}/" if number else "/unit/"
    return path if which == OPEN else f"{path}?tab={which}"


def tabs(counts: Mapping[str, int], places: Workplaces | None) -> tuple[Choice, ...]:
    """Briefs are written by units; a desk officer reads the orders of the district only."""
    names = dict(words.TABS)
    orders = tuple(Choice(tab, names[tab], persian(counts.get(tab, 0))) for tab in TABS)
    if places is None or Role.UNIT not in places.roles:
        return orders
    return (*orders, Choice(BRIEFS, words.BRIEFS, persian(places.briefs)))
