"""The page for an address that does not exist."""

import reflex as rx

from publicmeeting.text.common import chrome_text
from publicmeeting.ui.design.controls import button
from publicmeeting.ui.design.frames import phone_page
from publicmeeting.ui.design.states import dead_end


def page() -> rx.Component:
    """What happened, and a link to the home page."""
    return phone_page(
        dead_end(
            chrome_text.NOT_FOUND, chrome_text.NOT_FOUND_WHY, button(chrome_text.HOME, href="/")
        ),
    )
