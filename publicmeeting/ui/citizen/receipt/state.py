"""The receipt's state: one reading, for her or for the officer who filed in her name."""

import reflex as rx

from publicmeeting.ui.citizen.receipt import views
from publicmeeting.ui.citizen.shared import code_of
from publicmeeting.ui.shell.act import Asking, query
from publicmeeting.usecases.accounts.sign_in import Nothing
from publicmeeting.usecases.accounts.viewer import whoami
from publicmeeting.usecases.filing.receipts import receipt
from publicmeeting.usecases.screening.cases import OneCase
from publicmeeting.usecases.tracking.turn import my_turn


class ReceiptState(Asking, rx.State):
    """`/receipt/[code]/`."""

    receipt: views.ReceiptView = views.ReceiptView()

    @rx.event
    async def load(self) -> None:
        """Read the receipt, and for its citizen the Mondays she can expect."""
        self.receipt = views.ReceiptView()
        command = OneCase(code=code_of(self))
        facts = await query(self, receipt, command)
        who = await query(self, whoami, Nothing()) if facts is not None else None
        if facts is None or who is None:
            return
        turn = await query(self, my_turn, command) if who.is_citizen else None
        found = turn.outlook if turn else None
        self.receipt = views.receipt_view(facts, found, who.now, is_hers=who.is_citizen)
