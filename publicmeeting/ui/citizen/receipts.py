"""A citizen's signed receipts on a page; her own browser checks each before it is shown as
valid."""

import reflex as rx

from publicmeeting.text.filing import receipt_text
from publicmeeting.ui.reflex.scripts import link_script
from publicmeeting.ui.shell.proofs import link_proofs

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
