"""The proof sheet's state; the secret comes to the browser only when she asks for it."""

from dataclasses import dataclass, replace

import reflex as rx

from publicmeeting.ui.citizen.shared import code_of
from publicmeeting.ui.design.view_model import ViewModel
from publicmeeting.ui.shell.act import Asking, query
from publicmeeting.usecases.filing.receipts import proof_sheet
from publicmeeting.usecases.screening.cases import OneCase


@dataclass(frozen=True)
class Sheet(ViewModel):
    """What proves her place; `salt` is the secret, empty while it is hidden."""

    code: str = ""
    ticket: str = ""
    salt: str = ""
    district: str = ""


class ProofState(Asking, rx.State):
    """`/proof/[code]/`."""

    sheet: Sheet = Sheet()

    @rx.event
    async def load(self) -> None:
        """Everything but the secret."""
        self.sheet = Sheet()
        await self._read(secret=False)

    @rx.event
    async def show(self) -> None:
        """She wants to see it on this screen."""
        await self._read(secret=True)

    @rx.event
    async def hide(self) -> None:
        """Somebody else looks on."""
        self.sheet = replace(self.sheet, salt="")

    async def _read(self, *, secret: bool) -> None:
        sheet = await query(self, proof_sheet, OneCase(code=code_of(self)))
        if sheet is not None:
            salt = sheet.salt if secret else ""
            self.sheet = Sheet(sheet.code, sheet.ticket, salt, f"{sheet.district:02d}")
