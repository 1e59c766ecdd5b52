"""How the story's mayors write: signed, typed, by hand on the screen, or photographed from
paper."""

import random
from collections.abc import Callable
from concurrent.futures import Executor, Future
from datetime import date
from enum import StrEnum

from publicmeeting.domain.calendar import add_working_days
from publicmeeting.domain.roles import Actor, Role
from publicmeeting.kit.clock import tehran_day
from publicmeeting.media.pictures import demo_ink, demo_signature_ink
from publicmeeting.seeder import sentences
from publicmeeting.seeder.deck import Deck
from publicmeeting.seeder.founding import Staff
from publicmeeting.seeder.pictures import Pictures
from publicmeeting.seeder.plan import LAST_MONDAY
from publicmeeting.seeder.simulation import Simulation
from publicmeeting.usecases.filing.pictures import keep_photo
from publicmeeting.usecases.orders.asked_orders import IssueOrders, KeptSheet
from publicmeeting.usecases.orders.issuing import order_facts
from publicmeeting.usecases.orders.paper.sheet import draw_sheet, store_pictures
from publicmeeting.usecases.orders.paper.signing import KeepTemplate, Sign, keep_template, sign

_SEED = 14
_SINCE_WEEKS = 2
"""On the last Mondays mayors write as they like and sheets have a page for a printer: those of
before were typed, and the story must be told in a minute."""
_SOONER = 10
"""Working days of a second unit on the same sheet."""
_UNSIGNED = frozenset({7})
"""Districts whose mayor has not drawn a signature yet: only the printed name stands there."""


class _Way(StrEnum):
    TYPED = "typed"
    INK = "ink"
    BOTH = "both"
    PHOTO = "photo"


class Sheets:
    """Deals from a chance of its own, so that the story stays the same whatever is written."""

    def __init__(
        self, simulation: Simulation, pictures: Pictures, composers: Executor, public_url: str
    ) -> None:
        self._simulation, self._pictures = simulation, pictures
        self._composers, self._public_url = composers, public_url
        own = random.Random(_SEED)
        shares = {_Way.TYPED: 4, _Way.INK: 2, _Way.BOTH: 1, _Way.PHOTO: 1}
        self._ways: Deck[_Way] = Deck(own, shares)
        self._hands: list[Future[str]] = []
        if pictures.are_drawn:
            texts = enumerate(sentences.BY_HAND)
            self._hands = [composers.submit(demo_ink, lines, seed) for seed, lines in texts]
        self._next = 0

    def sign(self, staff: Staff) -> None:
        """Every mayor but one draws a signature, and keeps some texts at hand."""
        for (role, district), actor in staff.by.items():
            if role is not Role.MAYOR:
                continue
            if district not in _UNSIGNED:
                command = Sign(ink=demo_signature_ink(district))
                self._simulation.application.execute_as(actor, sign, command)
            for title, text in sentences.STOCK:
                kept = KeepTemplate(title=title, text=text)
                self._simulation.application.execute_as(actor, keep_template, kept)

    def lay(
        self, order: IssueOrders, host: Actor, monday: date
    ) -> tuple[IssueOrders, Callable[[], KeptSheet]]:
        """The order as it is written, and its sheet: drawn by another process meanwhile, stored by
        this one, which alone has the key of the files."""
        is_late = (LAST_MONDAY - monday).days // 7 < _SINCE_WEEKS
        if is_late:
            order = self._written(order, host)
        application = self._simulation.application
        facts = application.query_as(host, order_facts, order)
        if facts.ink:
            application.originals.put(facts.ink.encode())
        paper = application.images.get(facts.paper) if facts.paper else None
        drawn = self._composers.submit(draw_sheet, facts, self._public_url, paper, prints=is_late)
        return order, lambda: store_pictures(facts, drawn.result(), application.images)

    def _written(self, order: IssueOrders, host: Actor) -> IssueOrders:
        changes: dict[str, object] = {}
        if len(order.units) > 1:
            day = add_working_days(tehran_day(self._simulation.clock.now), _SOONER)
            changes["dues"] = {order.units[-1]: day.isoformat()}
        way = self._ways.deal()
        if way in (_Way.INK, _Way.BOTH) and self._hands:
            changes["ink"] = self._hands[self._next % len(self._hands)].result()
            self._next += 1
        paper = self._pictures.paper() if way is _Way.PHOTO else None
        if paper is not None:
            changes["paper"] = self._simulation.application.execute_as(host, keep_photo, paper).id
        if way is not _Way.BOTH and ("ink" in changes or "paper" in changes):
            changes["note"] = ""
        return order.model_copy(update=changes)
