"""On a receipt and a proof sheet: what happens next first, and what only checkers need folded."""

import json
import re
from collections.abc import Iterator
from typing import Any

from publicmeeting.text.filing import receipt_text
from publicmeeting.ui.citizen.proof import page as proof_page
from publicmeeting.ui.citizen.receipt.page import page as receipt_page

FOLD = "details"
_FIELD = re.compile(r'.*\["(\w+)"\]$')


def texts_of(node: Any, *, is_folded: bool = False) -> Iterator[tuple[str, bool]]:
    """Each text of a drawn part in the page's order (of the reader's own: its field), and whether
    it lies in a fold; the fold's own label is outside."""
    if isinstance(node, list):
        for one in node:
            yield from texts_of(one, is_folded=is_folded)
    elif isinstance(node, dict):
        name = str(node.get("name", "")).strip('"')
        inside = (is_folded or name == FOLD) and name != "summary"
        if contents := node.get("contents"):
            text = json.loads(contents) if contents.startswith('"') else contents
            yield _FIELD.sub(r"\1", text), is_folded
        for key in ("cond_state", "true_value", "false_value", "children"):
            yield from texts_of(node.get(key), is_folded=inside)


def test_a_receipt_says_what_happens_next_before_what_only_checkers_need() -> None:
    drawn = list(texts_of(receipt_page().render()))
    order = [text for text, _ in drawn]
    parts = (
        receipt_text.TITLE,
        receipt_text.CODE,
        receipt_text.NEXT,
        receipt_text.FOLLOW,
        receipt_text.FOR_CHECKERS,
        receipt_text.TICKET,
        "ticket",
        receipt_text.LOG,
        "log",
    )
    places = [order.index(text) for text in parts]
    assert places == sorted(places)
    folded = dict(drawn)
    checkers = (*parts[5:], receipt_text.TICKET_HINT, receipt_text.LOG_HINT, receipt_text.PROOF)
    assert all(folded[text] for text in checkers)
    assert not any(folded[text] for text in parts[:5])


def test_a_proof_sheet_says_its_use_before_its_warning_and_folds_the_ticket() -> None:
    drawn = list(texts_of(proof_page().render()))
    order = [text for text, _ in drawn]
    parts = (
        receipt_text.PROOF_TITLE,
        *receipt_text.PROOF_USE,
        receipt_text.PRIVATE,
        receipt_text.SHOW,
        receipt_text.DOWNLOAD,
        receipt_text.TICKET,
        "ticket",
    )
    places = [order.index(text) for text in parts]
    assert places == sorted(places)
    assert [text for text, is_folded in drawn if is_folded] == ["ticket"]
