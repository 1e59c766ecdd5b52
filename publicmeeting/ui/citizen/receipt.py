"""A citizen's receipt and her proof of a filing.

`/receipt/[code]/` is the receipt, which can be saved, printed and shown to others. Its citizen or
the officer who filed for her can read it. Her signed receipts (`log_receipts`) are also on the page
of her request; her own browser checks each before it is shown as valid.

`/proof/[code]/` is the proof of her place, on a page of its own because it reveals her ticket.
"""

from dataclasses import dataclass, replace
from datetime import datetime

import reflex as rx

from publicmeeting.domain.districts.city import subject
from publicmeeting.kit.digits import persian
from publicmeeting.text.common.dates_text import DateWords
from publicmeeting.text.filing import receipt_text
from publicmeeting.text.lifecycle.roles_text import ROLE
from publicmeeting.text.tracking import case_text
from publicmeeting.ui.citizen.outlook import monday_tiles, range_sentence
from publicmeeting.ui.citizen.shared import code_of, of_her_own, sign_out_here
from publicmeeting.ui.design.controls import anchor, button, print_button, text_link
from publicmeeting.ui.design.figures import ltr
from publicmeeting.ui.design.flow import any_of, direction_of
from publicmeeting.ui.design.frames import (
    back_link,
    brand,
    page_title,
    phone_page,
    section,
    site_bar,
)
from publicmeeting.ui.design.icons import icon
from publicmeeting.ui.design.models import RoadKind, RoadStep, Tile
from publicmeeting.ui.design.paper import estimate, filing_pass, fingerprint
from publicmeeting.ui.design.road import road
from publicmeeting.ui.design.sheets import notice, row_folded, rows_of, sheet
from publicmeeting.ui.design.states import loading
from publicmeeting.ui.reflex.scripts import link_script
from publicmeeting.ui.reflex.view_model import ViewModel
from publicmeeting.ui.shell.act import Asking, query
from publicmeeting.ui.shell.proofs import link_proofs
from publicmeeting.usecases.accounts.viewer import viewer
from publicmeeting.usecases.base import Nothing, OneCase
from publicmeeting.usecases.filing.receipts import Receipt, proof_sheet, receipt
from publicmeeting.usecases.line.expectation import Outlook
from publicmeeting.usecases.tracking.turn import my_turn

link_proofs()
link_script(__name__, "receipt_check.js")


class LogReceipts(rx.Component):
    """Component of receipts.js, the file beside this one."""

    library = link_script(__name__, "receipts.js")
    tag = "LogReceipts"

    code: rx.Var[str]
    since: rx.Var[list[object]]
    """Values that change when the case moves on: the receipts are then fetched again."""
    with_code: rx.Var[bool]
    texts: rx.Var[dict[str, str]]


def log_receipts(code: str, since: list[object], *, with_code: bool = False) -> rx.Component:
    """The newest receipt with ✓ or with what to do, and the others folded.

    With `with_code` it is also shown as a QR code.
    """
    return LogReceipts.create(
        code=code, since=since, with_code=with_code, texts=dict(receipt_text.SIGNED)
    )


@dataclass(frozen=True)
class ReceiptView(ViewModel):
    code: str = ""
    digits: str = ""
    district: int = 0
    lead: str = ""
    title: str = ""
    ticket: str = ""
    log: str = ""
    log_seal: str = ""
    """The part of the log's root that is drawn as tiles."""
    sms: str = ""
    assisted: str = ""
    wait: tuple[Tile, ...] = ()
    wait_range: str = ""
    steps: tuple[RoadStep, ...] = ()
    """Empty when somebody has decided on the request: the page of the request has its road."""
    filed: str = ""
    """When it was filed, if there are no steps."""
    is_hers: bool = False
    """Whether its citizen reads it, who has a timeline and a proof, not the officer who filed
    it."""


def receipt_view(
    facts: Receipt, outlook: Outlook | None, now: datetime, *, is_hers: bool
) -> ReceiptView:
    return ReceiptView(
        code=facts.code,
        digits=persian(facts.code),
        district=facts.district,
        lead=receipt_text.LEAD.format(
            district=persian(facts.district), subject=subject(facts.subject).name
        ),
        title=facts.title,
        ticket=facts.ticket,
        log=facts.log.printed,
        log_seal=facts.log.root[:8],
        sms=receipt_text.SMS if facts.has_mobile else receipt_text.NO_SMS,
        assisted=receipt_text.ASSISTED.format(who=ROLE[facts.assisted]) if facts.assisted else "",
        wait=monday_tiles(outlook) if outlook else (),
        wait_range=range_sentence(outlook) if outlook else "",
        steps=tuple(next_steps(facts, now, outlook)) if facts.is_as_filed else (),
        filed=""
        if facts.is_as_filed
        else case_text.FILED.format(moment=DateWords(now).moment(facts.filed_at)),
        is_hers=is_hers,
    )


def next_steps(facts: Receipt, now: datetime, outlook: Outlook | None = None) -> list[RoadStep]:
    """Return the next steps with absolute dates: the receipt is printed, so "today" would become
    wrong.

    If her first draw comes too early for her by `outlook`, it says so: two dates beside each other
    would look like a contradiction.
    """
    dates = DateWords(now)
    steps = [RoadStep("past", receipt_text.FILED, dates.moment(facts.filed_at))]
    if facts.screened_by:
        # The dates are those at filing. A date in the past does not mean that the step was taken.
        kind: RoadKind = "now" if now < facts.screened_by else "ahead"
        steps.append(
            RoadStep(
                kind,
                receipt_text.SCREENED,
                dates.until(facts.screened_by),
                icon="inbox",
            )
        )
    if facts.draw_at and facts.first_monday:
        when = receipt_text.DRAWN_FOR.format(
            moment=dates.moment(facts.draw_at),
            monday=dates.on(facts.first_monday),
        )
        of_others = outlook and outlook.before and outlook.earliest != facts.first_monday
        why = receipt_text.DRAWN_OTHERS if of_others else ""
        steps.append(RoadStep("ahead", receipt_text.DRAWN, when, why))
    return [*steps, RoadStep("ahead", receipt_text.MET)]


class ReceiptState(Asking, rx.State):
    """State of `/receipt/[code]/`."""

    receipt: ReceiptView = ReceiptView()

    @rx.event
    async def load(self) -> None:
        """Read the receipt and, for its citizen, the Mondays she can expect."""
        self.receipt = ReceiptView()
        command = OneCase(code=code_of(self))
        facts = await query(self, receipt, command)
        who = await query(self, viewer, Nothing()) if facts is not None else None
        if facts is None or who is None:
            return
        turn = await query(self, my_turn, command) if who.is_citizen else None
        outlook = turn.outlook if turn else None
        self.receipt = receipt_view(facts, outlook, who.now, is_hers=who.is_citizen)


S = ReceiptState


def page() -> rx.Component:
    """The page: the code, then the next steps with dates, then what only people who check a draw
    need."""
    return phone_page(
        of_her_own(
            rx.cond(S.receipt.code, _receipt(), loading("card")),
            S.receipt.code,
            signed_out=S.signed_out,
            unchosen=S.unchosen,
            missing=S.missing,
        ),
        bar=site_bar(brand(S.receipt.district), text_link(receipt_text.MINE, "/mine/")),
        announcement=rx.cond(S.receipt.code, receipt_text.TITLE, ""),
    )


def _receipt() -> rx.Component:
    code = S.receipt.code
    save = rx.el.div(
        button(
            receipt_text.SAVE,
            kind="secondary",
            sign="download",
            href=f"/receipt/{code}.png",
            native=True,
        ),
        print_button(receipt_text.PRINT),
        class_name="pair",
    )
    follow = button(receipt_text.FOLLOW, href=f"/mine/{code}/", sign_end="forward")
    return rx.fragment(
        rx.el.h1(receipt_text.TITLE, class_name="text-h1 mb-4"),
        rx.cond(S.receipt.assisted, notice(S.receipt.assisted, tone="neutral")),
        _card(),
        rx.cond(S.receipt.filed, _since_then(), _next()),
        rx.el.div(rx.cond(S.receipt.is_hers, follow), save, class_name="mt-4 grid gap-3"),
        rx.el.div(log_receipts(code, [S.receipt.log], with_code=True), class_name="mt-8"),
        _for_checkers(),
        rx.cond(S.receipt.is_hers, rx.el.div(sign_out_here(), class_name="no-print mt-8")),
    )


def _next() -> rx.Component:
    return section(
        receipt_text.NEXT,
        road(S.receipt.steps, receipt_text.NEXT),
        _estimate(),
        rx.el.p(S.receipt.sms),
    )


def _since_then() -> rx.Component:
    """The receipt after a decision: the plan at filing is out of date, and her page shows the
    road."""
    return rx.el.div(
        rx.el.p(S.receipt.filed, class_name="font-semibold"),
        rx.el.p(receipt_text.AS_FILED),
        class_name="mt-6 grid gap-1",
    )


def _card() -> rx.Component:
    """The card with the code; it looks like the image that she can save."""
    return filing_pass(
        S.receipt,
        rx.el.p(S.receipt.title, dir=direction_of(S.receipt.title), class_name="wrap-anywhere"),
        rx.el.p(receipt_text.CODE_HINT, class_name="text-ink2"),
    )


def _for_checkers() -> rx.Component:
    """Folded: what is needed to check a draw, and what proves that the ticket is hers."""
    ticket = rx.el.div(
        rx.el.h2(receipt_text.TICKET, class_name="text-h3"),
        rx.el.p(receipt_text.TICKET_HINT, class_name="text-ink2"),
        fingerprint(S.receipt.ticket, receipt_text.TICKET, cells=32),
        rx.el.p(S.receipt.ticket, dir="ltr", class_name="break-all text-meta text-ink2"),
        text_link(
            receipt_text.PROOF_CHECK,
            f"/verify/#d={S.receipt.district}&t={S.receipt.ticket}",
            native=True,
        ),
        class_name="grid gap-3",
    )
    log = rx.el.div(
        rx.el.h2(receipt_text.LOG, class_name="text-h3"), _log(), class_name="grid gap-3"
    )
    inside = rx.el.div(ticket, log, rx.cond(S.receipt.is_hers, _proof()), class_name="grid gap-6")
    return rx.el.div(
        rows_of(row_folded("lock", receipt_text.FOR_CHECKERS, inside)), class_name="no-print mt-4"
    )


def _estimate() -> rx.Component:
    return rx.cond(
        any_of(S.receipt.wait),
        sheet(estimate(S.receipt.wait, S.receipt.wait_range)),
    )


def _log() -> rx.Component:
    return rx.el.div(
        fingerprint(S.receipt.log_seal, receipt_text.LOG),
        rx.el.div(
            rx.el.p(ltr(S.receipt.log, "font-semibold")),
            rx.el.p(receipt_text.LOG_HINT, class_name="text-ink2"),
            text_link(receipt_text.LOG_SEE, "/verify/log/?mark=" + S.receipt.log),
        ),
        class_name="flex items-start gap-4",
    )


def _proof() -> rx.Component:
    row = anchor(
        icon("lock"),
        rx.el.span(
            rx.el.span(receipt_text.PROOF, class_name="row-title block"),
            rx.el.span(receipt_text.PROOF_WHY, class_name="row-meta block"),
            class_name="row-body",
        ),
        icon("forward", "sm"),
        href=f"/proof/{S.receipt.code}/",
        class_name="row",
    )
    return rows_of(row)


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


def proof_page() -> rx.Component:
    """The page: the purpose of the sheet, why it is private, and the secret after her tap."""
    return phone_page(
        of_her_own(
            rx.cond(PROOF.code, _sheet(), loading("card")),
            PROOF.code,
            signed_out=ProofState.signed_out,
            unchosen=ProofState.unchosen,
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
            rows_of(
                row_folded(
                    "qr",
                    receipt_text.TICKET,
                    fingerprint(PROOF.ticket, receipt_text.TICKET, cells=32, large=True),
                    rx.el.p(PROOF.ticket, dir="ltr", class_name="break-all text-meta text-ink2"),
                )
            ),
            class_name="mt-4 grid gap-4",
        ),
    )
