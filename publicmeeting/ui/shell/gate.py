"""Before a page of officials: who is not signed in, and who has no part in it."""

import reflex as rx

from publicmeeting.text import shell
from publicmeeting.text import staff as words
from publicmeeting.ui.design.flow import any_of
from publicmeeting.ui.design.frames import brand, phone_page, site_bar
from publicmeeting.ui.design.links import anchor, door_from_here
from publicmeeting.ui.design.states import loading, no_way
from publicmeeting.ui.shell.act import Asking
from publicmeeting.ui.shell.rails import Rail


def gate(state: type[Asking], page: rx.Component) -> rx.Component:
    """The page once it has been read; a wrong role and a wrong address look the same."""
    enter = anchor(words.ENTER, href=door_from_here("/sign-in/"), class_name="btn btn-primary")
    first = rx.cond(any_of(Rail.places), Rail.places[0].href, "/")
    out = anchor(words.BACK_TO_WORK, href=first, class_name="btn btn-secondary")
    return rx.cond(
        state.signed_out,
        _alone(no_way(words.NEED_ENTER, words.NEED_ENTER_WHY, enter)),
        rx.cond(
            state.missing,
            _alone(no_way(shell.NOT_FOUND, shell.NOT_FOUND_WHY, out, lit=Rail.district)),
            rx.cond(state.ready, page, _alone(loading("rows"))),
        ),
    )


def _alone(part: rx.Component) -> rx.Component:
    return phone_page(part, bar=site_bar(brand()))
