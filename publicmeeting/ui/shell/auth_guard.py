"""Before a page of officials: who is not signed in, and who has no part in it."""

import reflex as rx

from publicmeeting.text.common import chrome_text
from publicmeeting.text.screening import staff_text
from publicmeeting.ui.design.flow import any_of
from publicmeeting.ui.design.frames import brand, phone_page, site_bar
from publicmeeting.ui.design.links import anchor, door_from_here
from publicmeeting.ui.design.states import loading, no_way
from publicmeeting.ui.shell.act import Asking
from publicmeeting.ui.shell.navigation import Rail


def auth_guard(state: type[Asking], page: rx.Component) -> rx.Component:
    """The page once it has been read; a wrong role and a wrong address look the same."""
    enter = anchor(staff_text.ENTER, href=door_from_here("/sign-in/"), class_name="btn btn-primary")
    first = rx.cond(any_of(Rail.places), Rail.places[0].href, "/")
    out = anchor(staff_text.BACK_TO_WORK, href=first, class_name="btn btn-secondary")
    return rx.cond(
        state.signed_out,
        _alone(no_way(staff_text.NEED_ENTER, staff_text.NEED_ENTER_WHY, enter)),
        rx.cond(
            state.missing,
            _alone(
                no_way(chrome_text.NOT_FOUND, chrome_text.NOT_FOUND_WHY, out, lit=Rail.district)
            ),
            rx.cond(state.ready, page, _alone(loading("rows"))),
        ),
    )


def _alone(part: rx.Component) -> rx.Component:
    return phone_page(part, bar=site_bar(brand()))
