"""Her signed receipts on a page: each is checked in her own browser before it is called right."""

import reflex as rx

from publicmeeting.text.filing import receipt_text
from publicmeeting.ui.reflex.scripts import link_script
from publicmeeting.ui.shell.proofs import link_proofs

link_proofs()
link_script(__name__, "receipt_check.js")


class LogReceipts(rx.Component):
    """The component of receipts.js, the file beside this one."""

    library = link_script(__name__, "receipts.js")
    tag = "LogReceipts"

    code: rx.Var[str]
    since: rx.Var[list[object]]
    """Whatever changes when the case moves on: the receipts are then fetched again."""
    with_code: rx.Var[bool]
    texts: rx.Var[dict[str, str]]


def log_receipts(code: str, since: list[object], *, with_code: bool = False) -> rx.Component:
    """The newest with ✓ or with what to do, the others folded; `with_code` as a QR, too."""
    return LogReceipts.create(
        code=code, since=since, with_code=with_code, texts=dict(receipt_text.SIGNED)
    )
