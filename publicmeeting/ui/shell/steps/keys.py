"""The keyboard of a desk: which digit presses which action, and the component that listens."""

import reflex as rx

from publicmeeting.domain.lifecycle.tables import AnyAction
from publicmeeting.domain.stages import Action, OrderAction
from publicmeeting.text.screening import staff_text
from publicmeeting.ui.reflex.scripts import link_script

KEYS: dict[AnyAction, int] = {
    Action.ACCEPT: 1,
    Action.ASK_INFO: 2,
    Action.REDIRECT: 3,
    Action.ANSWER: 4,
    Action.DECLINE: 5,
    Action.OFFER_ANSWER: 6,
    Action.KEEP_DISTRICT: 7,
    Action.ANSWER_OBJECTION: 9,
    OrderAction.TAKE_ON: 1,
    OrderAction.REPORT: 2,
    OrderAction.COMMENT: 3,
    OrderAction.ASK_CITIZEN: 4,
    OrderAction.ASK_EXTENSION: 5,
    OrderAction.GIVE_NEWS: 6,
    OrderAction.RETURN: 7,
    OrderAction.RETRY: 8,
    OrderAction.UPHOLD: 9,
}
"""One digit for each action on a request and for each on an order, whatever else is open: a hand
that knows a key by heart must never take another step with it."""


DONE = "step-done"
"""Id of what has just been done; the focus goes there, to go on from it by keyboard."""


NEXT = "next-case"
"""Id of the link to the next case beside it; the focus goes there where there is one."""


class DeskKeys(rx.Component):
    """The component of keys.js; a button's id is `key-1`, `key-2`, …"""

    library = link_script(__name__, "keys.js")
    tag = "DeskKeys"


def key_hints(*, finds: bool = False) -> rx.Component:
    """Which keys lead through the list, and `finds` to its search: read beside a wide window, where
    there is a keyboard."""
    named = (
        *((("/", staff_text.KEY_FIND),) if finds else ()),
        ("J", staff_text.KEY_NEXT),
        ("K", staff_text.KEY_BEFORE),
    )
    return rx.el.p(
        *(
            rx.el.span(rx.el.kbd(key, class_name="key"), word, class_name="flex gap-1")
            for key, word in named
        ),
        class_name="no-print flex gap-3 text-meta text-ink2 max-xl:hidden",
    )
