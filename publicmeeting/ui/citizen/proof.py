"""`/proof/[code]/`: the citizen's proof of her place, apart from the receipt because it reveals her
ticket."""

from dataclasses import dataclass, replace

import reflex as rx

from publicmeeting.text.filing import receipt_text
from publicmeeting.ui.citizen.shared import code_of, of_her_own
from publicmeeting.ui.design.controls import button
from publicmeeting.ui.design.frames import back_link, page_title, phone_page, site_bar
from publicmeeting.ui.design.paper import fingerprint
from publicmeeting.ui.design.sheets import notice, sheet
from publicmeeting.ui.design.states import loading
from publicmeeting.ui.reflex.view_model import ViewModel
from publicmeeting.ui.shell.act import Asking, query
from publicmeeting.usecases.base import OneCase
from publicmeeting.usecases.filing.receipts import proof_sheet


@dataclass(frozen=True)
class Sheet(ViewModel):
    """The proof of her place in the line. `salt` is the secret, empty while it is hidden."""

    code: str = ""
    ticket: str = ""
    salt: str = ""
    district: str = ""


class ProofState(Asking, rx.State):
    """State of `/proof/[code]/`."""

    sheet: Sheet = Sheet()

    @rx.event
    async def load(self) -> None:
        """Read everything except the secret."""
        self.sheet = Sheet()
        await self._read(secret=False)

    @rx.event
    async def show(self) -> None:
        """Show the secret on this screen."""
        await self._read(secret=True)

    @rx.event
    async def hide(self) -> None:
        """Hide the secret again."""
        self.sheet = replace(self.sheet, salt="")

    async def _read(self, *, secret: bool) -> None:
        sheet = await query(self, proof_sheet, OneCase(code=code_of(self)))
        if sheet is not None:
            salt = sheet.salt if secret else ""
            self.sheet = Sheet(sheet.code, sheet.ticket, salt, f"{sheet.district:02d}")


METHOD, FORMULA = "SHA-256", "publicmeeting/ticket/v1"
"""How a ticket is computed (`turns.formulas`), as programs read it."""

PROOF = ProofState.sheet


def page() -> rx.Component:
    """The page: the purpose of the sheet, why it is private, and the secret after her tap."""
    return phone_page(
        of_her_own(
            rx.cond(PROOF.code, _sheet(), loading("card")),
            signed_out=ProofState.signed_out,
            missing=ProofState.missing,
        ),
        bar=site_bar(back_link(receipt_text.BACK, f"/mine/{PROOF.code}/")),
    )


def _sheet() -> rx.Component:
    secret = rx.cond(
        PROOF.salt,
        rx.el.div(
            rx.el.p(PROOF.salt, dir="ltr", class_name="break-all text-start font-semibold"),
            rx.el.p(receipt_text.FORMULA.format(method=METHOD), class_name="mt-3 text-ink2"),
            rx.el.div(
                *(rx.el.p(line) for line in (FORMULA, PROOF.salt, receipt_text.YOUR_ID)),
                rx.el.p(PROOF.district),
                dir="ltr",
                class_name="mt-2 break-all rounded-[3px] bg-sunk p-3 text-start text-meta",
            ),
            class_name="mb-3",
        ),
    )
    # A single button for both: a second button in its place would not have the focus.
    turn = button(
        rx.cond(PROOF.salt, rx.fragment(receipt_text.HIDE), rx.fragment(receipt_text.SHOW)),
        kind="secondary",
        sign="eye",
        on_click=rx.cond(PROOF.salt, ProofState.hide(), ProofState.show()),
    )
    return rx.fragment(
        page_title(receipt_text.PROOF_TITLE),
        rx.el.div(
            *(rx.el.p(line) for line in receipt_text.PROOF_USE), class_name="mb-6 grid gap-3"
        ),
        notice(receipt_text.PRIVATE, receipt_text.PROOF_PRIVATE_WHY, tone="saffron"),
        rx.el.div(
            sheet(
                rx.el.div(
                    rx.el.h2(receipt_text.PROOF_SALT, class_name="text-h3 mb-3"), secret, turn
                )
            ),
            button(
                receipt_text.DOWNLOAD,
                sign="download",
                href=f"/proof/{PROOF.code}.txt",
                native=True,
            ),
            rx.el.details(
                rx.el.summary(
                    receipt_text.TICKET, class_name="row cursor-pointer list-none font-semibold"
                ),
                rx.el.div(
                    fingerprint(PROOF.ticket, receipt_text.TICKET, cells=32, large=True),
                    rx.el.p(
                        PROOF.ticket, dir="ltr", class_name="mt-3 break-all text-meta text-ink2"
                    ),
                    class_name="bg-sheet p-4",
                ),
            ),
            class_name="mt-4 grid gap-4",
        ),
    )
