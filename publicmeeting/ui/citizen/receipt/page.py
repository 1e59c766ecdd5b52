"""`/receipt/[code]/`: shown right after filing; it can be saved, printed and shown to others."""

import reflex as rx

from publicmeeting.text.filing import receipt_text
from publicmeeting.text.tracking import case_text
from publicmeeting.ui.citizen.receipt.state import ReceiptState as S
from publicmeeting.ui.citizen.receipts import log_receipts
from publicmeeting.ui.citizen.shared import of_her_own
from publicmeeting.ui.design.controls import button
from publicmeeting.ui.design.figures import code_groups, ltr
from publicmeeting.ui.design.flow import any_of
from publicmeeting.ui.design.frames import brand, phone_page, section, site_bar
from publicmeeting.ui.design.icons import icon
from publicmeeting.ui.design.links import anchor, text_link
from publicmeeting.ui.design.paper import estimate, fingerprint
from publicmeeting.ui.design.road import road
from publicmeeting.ui.design.sheets import notice, rows_of, sheet
from publicmeeting.ui.design.states import loading
from publicmeeting.ui.design.tehran import mark


def page() -> rx.Component:
    """The code first, then the next steps with their dates, then what only checkers need."""
    return phone_page(
        of_her_own(
            rx.cond(S.receipt.code, _receipt(), loading("card")),
            signed_out=S.signed_out,
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
        button(
            receipt_text.PRINT,
            kind="secondary",
            sign="print",
            on_click=rx.run_script("window.print()"),
        ),
        class_name="pair",
    )
    follow = button(receipt_text.FOLLOW, href=f"/mine/{code}/", sign_end="forward")
    return rx.fragment(
        rx.el.h1(receipt_text.TITLE, class_name="text-h1 mb-4"),
        rx.cond(S.receipt.assisted, notice(S.receipt.assisted, tone="neutral")),
        _card(),
        section(
            receipt_text.NEXT,
            road(S.receipt.steps, receipt_text.NEXT),
            _estimate(),
            rx.el.p(S.receipt.sms),
        ),
        rx.el.div(rx.cond(S.receipt.is_hers, follow), save, class_name="mt-4 grid gap-3"),
        rx.el.div(log_receipts(code, [S.receipt.log], with_code=True), class_name="mt-8"),
        _for_checkers(),
    )


def _card() -> rx.Component:
    """It looks like the image that she can save."""
    head = rx.el.header(
        rx.el.div(
            rx.el.span(mark(S.receipt.district), receipt_text.CODE, class_name="brand"),
            rx.el.span(S.receipt.lead, class_name="text-ink2"),
            class_name="flex flex-wrap items-center justify-between gap-x-4",
        ),
        rx.el.p(code_groups(S.receipt.digits), class_name="text-num-l font-bold"),
        class_name="pass-head on-band",
    )
    return rx.el.article(
        head,
        rx.el.div(
            rx.el.div(
                rx.el.p(S.receipt.title, class_name="wrap-anywhere"),
                rx.el.p(receipt_text.CODE_HINT, class_name="text-ink2"),
                class_name="grid flex-1 basis-40 gap-2",
            ),
            rx.el.div(
                rx.el.img(src=f"/qr/{S.receipt.code}.svg", alt=receipt_text.QR_ALT),
                class_name="qr",
            ),
            class_name="pass-body flex flex-wrap items-start justify-between gap-4",
        ),
        class_name="pass",
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
    return rx.el.details(
        rx.el.summary(
            icon("lock"),
            rx.el.span(receipt_text.FOR_CHECKERS, class_name="row-body"),
            class_name="row cursor-pointer list-none",
        ),
        rx.el.div(
            ticket, log, rx.cond(S.receipt.is_hers, _proof()), class_name="grid gap-6 bg-sheet p-4"
        ),
        class_name="no-print mt-4",
    )


def _estimate() -> rx.Component:
    return rx.cond(
        any_of(S.receipt.wait),
        sheet(estimate(case_text.WAIT_LEAD, S.receipt.wait, S.receipt.wait_range)),
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
