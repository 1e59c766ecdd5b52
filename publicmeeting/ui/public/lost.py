"""The page of an address that leads nowhere: one way out."""

import reflex as rx

from publicmeeting.text.common import chrome_text
from publicmeeting.ui.design.controls import button
from publicmeeting.ui.design.frames import phone_page
from publicmeeting.ui.design.states import dead_end


def page() -> rx.Component:
    """Says what happened and what to do next."""
    return phone_page(
        dead_end(
            chrome_text.NOT_FOUND, chrome_text.NOT_FOUND_WHY, button(chrome_text.HOME, href="/")
        ),
    )
