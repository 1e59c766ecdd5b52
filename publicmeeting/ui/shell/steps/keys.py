"""Keyboard of a desk: which digit presses which action, and the component that listens."""

import reflex as rx

from publicmeeting.domain.lifecycle.tables import AnyAction
from publicmeeting.domain.stages import Action, OrderAction
from publicmeeting.text.officials import staff_text
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
    OrderAction.ASK_EXTENSION: 3,
    OrderAction.ASK_CITIZEN: 4,
    OrderAction.GIVE_NEWS: 5,
    OrderAction.COMMENT: 6,
    OrderAction.RETURN: 7,
    OrderAction.RETRY: 8,
    OrderAction.UPHOLD: 9,
}
"""Action → digit, unique among actions on a request and among those on an order.

A digit never depends on what else is open: an official who knows a key by heart must never take
another step with it.
"""


DONE = "step-done"
"""Id of the notice of what was done; it gets the focus, so that work goes on by keyboard."""


NEXT = "next-case"
"""Id of the link to the next case beside that notice; if it exists, it gets the focus."""


CANCEL = "cancel-step"
"""Id of the button that closes a form; it gets the focus if the form can no longer be sent."""


class DeskKeys(rx.Component):
    """Component of keys.js.

    From a form the focus returns to its button, whose id is `key-1`, `key-2` … or begins with
    `step-`.
    """

    library = link_script(__name__, "keys.js")
    tag = "DeskKeys"


def key_hints(*, finds: bool = False) -> rx.Component:
    """The keys for moving through the list and, with `finds`, to its search.

    Shown only in a wide window, where there is a keyboard.
    """
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
