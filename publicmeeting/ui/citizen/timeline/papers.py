"""Her papers' files, hashed again while she waits: the page says only what was found just now."""

import reflex as rx

from publicmeeting.application import application
from publicmeeting.ui.shell.act import try_query
from publicmeeting.usecases.orders.paper.document_audit import CheckedPaper, checked, papers_of
from publicmeeting.usecases.screening.cases import OneCase


async def checked_papers(state: rx.State, code: str) -> dict[str, CheckedPaper]:
    """Sheet number → what its files say; read beside the event loop."""
    papers = await try_query(state, papers_of, OneCase(code=code))
    if not papers:
        return {}
    images, originals = application().images, application().originals
    found = await rx.run_in_thread(lambda: [checked(one, images, originals) for one in papers])
    return {one.sheet: one for one in found}
