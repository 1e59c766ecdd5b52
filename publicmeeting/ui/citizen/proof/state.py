"""The proof sheet's state; the secret comes to the browser only when she asks for it."""

import reflex as rx

from publicmeeting.ui.citizen.addresses import code_of
from publicmeeting.ui.shell.act import Asking, look
from publicmeeting.usecases.cases import OneCase
from publicmeeting.usecases.receipts import proof_sheet


class ProofState(Asking, rx.State):
    """`/proof/[code]/`."""

    case: str = ""
    ticket: str = ""
    salt: str = ""
    district: str = ""

    @rx.event
    async def load(self) -> None:
        """Everything but the secret."""
        self.case = self.ticket = self.salt = ""
        await self._read(secret=False)

    @rx.event
    async def show(self) -> None:
        """She wants to see it on this screen."""
        await self._read(secret=True)

    @rx.event
    async def hide(self) -> None:
        """Somebody else looks on."""
        self.salt = ""

    async def _read(self, *, secret: bool) -> None:
        sheet = await look(self, proof_sheet, OneCase(code=code_of(self)))
        if sheet is not None:
            self.case, self.ticket = sheet.code, sheet.ticket
            self.district = f"{sheet.district:02d}"
            self.salt = sheet.salt if secret else ""
