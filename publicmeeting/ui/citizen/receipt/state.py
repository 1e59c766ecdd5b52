"""The receipt's state: one reading, for her or for the officer who filed in her name."""

import reflex as rx

from publicmeeting.ui.citizen.addresses import code_of
from publicmeeting.ui.citizen.receipt import views
from publicmeeting.ui.design.models import RoadStep
from publicmeeting.ui.shell.act import Asking, look
from publicmeeting.usecases.accounts import Nothing
from publicmeeting.usecases.cases import OneCase
from publicmeeting.usecases.my_turn import my_turn
from publicmeeting.usecases.receipts import receipt
from publicmeeting.usecases.whoami import whoami


class ReceiptState(Asking, rx.State):
    """`/receipt/[code]/`."""

    receipt: views.ReceiptView = views.ReceiptView()
    steps: list[RoadStep] = []
    is_hers: bool = False

    @rx.event
    async def load(self) -> None:
        """Read the receipt, and for its citizen the Mondays she can expect."""
        self.receipt, self.steps = views.ReceiptView(), []
        wish = OneCase(code=code_of(self))
        facts = await look(self, receipt, wish)
        who = await look(self, whoami, Nothing()) if facts is not None else None
        if facts is None or who is None:
            return
        self.is_hers = who.is_citizen
        turn = await look(self, my_turn, wish) if self.is_hers else None
        self.receipt = views.receipt_view(facts, turn.outlook if turn else None, who.now)
        self.steps = views.next_steps(facts, who.now)
