"""Component of table.js: what the mayor's pages show while the connection is lost."""

from typing import Any

import reflex as rx

from publicmeeting.text.meetings import meeting_text, offline_text
from publicmeeting.ui.reflex.scripts import link_script
from publicmeeting.usecases.base import MAX_TEXT

link_script(__name__, "presses.js")
link_script(__name__, "leftover.js")
link_script(__name__, "unsent.js")

WORDS: dict[str, Any] = {
    "open": offline_text.OPEN,
    "back_again": offline_text.BACK_AGAIN,
    "title": offline_text.TITLE,
    "close": offline_text.CLOSE,
    "since": offline_text.SINCE,
    "unsent": offline_text.UNSENT,
    "unsent_lead": offline_text.UNSENT_LEAD,
    "sending": offline_text.SENDING,
    "all_sent": offline_text.ALL_SENT,
    "line": offline_text.LINE,
    "refused": offline_text.REFUSED,
    "waiting": offline_text.WAITING,
    "again": offline_text.AGAIN,
    "again_without": offline_text.AGAIN_WITHOUT,
    "drop": offline_text.DROP,
    "lost": offline_text.LOST,
    "stopped": offline_text.STOPPED,
    "other": offline_text.OTHER,
    "others": offline_text.OTHERS,
    "unsent_title": offline_text.PAPER,
    "written": offline_text.WRITTEN,
    "drawn": offline_text.DRAWN,
    "copy": offline_text.COPY,
    "copied": offline_text.COPIED,
    "copy_by_hand": offline_text.COPY_BY_HAND,
    "print": offline_text.PRINT,
    "print_all": offline_text.PRINT_ALL,
    "paper": offline_text.PAPER,
    "code": offline_text.CODE,
    "sure": offline_text.SURE,
    "sure_stays": offline_text.SURE_STAYS,
    "sure_call": offline_text.SURE_CALL,
    "overtaken": offline_text.OVERTAKEN,
    "left": offline_text.LEFT,
    "drawn_here": offline_text.DRAWN_HERE,
    "no": offline_text.NO,
    "inside": offline_text.INSIDE,
    "no_next": offline_text.NO_NEXT,
    "call_in": offline_text.CALL_IN,
    "not_opened": offline_text.NOT_OPENED,
    "order": offline_text.ORDER,
    "order_hint": offline_text.ORDER_HINT,
    "units": offline_text.UNITS,
    "units_hint": offline_text.UNITS_HINT,
    "end": offline_text.END,
    "need_order": offline_text.NEED_ORDER,
    "need_unit": offline_text.NEED_UNIT,
    "refuse": offline_text.REFUSE,
    "refuse_label": offline_text.REFUSE_LABEL,
    "refuse_do": offline_text.REFUSE_DO,
    "need_reason": offline_text.NEED_REASON,
    "back": offline_text.BACK,
    "list": offline_text.LIST,
    "ended": offline_text.ENDED,
    "acts": offline_text.ACT,
    "promise": meeting_text.PROMISE,
    "most": MAX_TEXT,
}


class OfflineTable(rx.NoSSRComponent):
    """Component of table.js, the file beside this one."""

    library = link_script(__name__, "table.js")
    tag = "OfflineTable"

    owner: rx.Var[str]
    code: rx.Var[str]
    clock: rx.Var[str]
    day: rx.Var[Any]
    table: rx.Var[Any]
    initial: rx.Var[Any]
    words: rx.Var[dict[str, Any]]


def offline_table(**shown: Any) -> rx.Component:
    """Store on the tablet what must be there without a network, and show it when the connection is
    lost.

    `owner` marks the account. The agenda passes `day` and `clock`; a meeting passes `code`, `table`
    and `initial`. With `owner` alone it shows presses of this tablet that the server has not
    accepted.
    """
    return OfflineTable.create(words=WORDS, **shown)
