"""Notice of filings that were lost with the hours after a backup."""

from dataclasses import dataclass

import reflex as rx

from publicmeeting.text.tracking.tracking_text import lost_words
from publicmeeting.ui.design.flow import shown
from publicmeeting.ui.design.sheets import notice
from publicmeeting.ui.reflex.view_model import ViewModel
from publicmeeting.ui.shell.act import Asking, query
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.filing.lost import lost_filings


@dataclass(frozen=True)
class LostView(ViewModel):
    what: str = ""
    """Empty if none were lost lately."""
    whose: str = ""


NO_LOST = LostView()


async def read_lost(state: Asking) -> LostView:
    found = await query(state, lost_filings, Nothing())
    return LostView(*lost_words(found.number, found.first, found.last)) if found else NO_LOST


def lost_notice(view: LostView) -> rx.Component:
    """The notice above what a citizen searches or misses; nothing without losses."""
    words = notice(view.what, view.whose, tone="saffron")
    return shown(view.what, rx.el.div(words, class_name="mb-4"))
