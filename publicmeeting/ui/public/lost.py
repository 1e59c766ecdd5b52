"""The page of an address that leads nowhere: one way out."""

import reflex as rx

from publicmeeting.text.common import shell_text
from publicmeeting.ui.design.controls import button
from publicmeeting.ui.design.frames import phone_page
from publicmeeting.ui.design.states import no_way


def page() -> rx.Component:
    """Says what happened and what to do."""
    return phone_page(
        no_way(shell_text.NOT_FOUND, shell_text.NOT_FOUND_WHY, button(shell_text.HOME, href="/")),
    )
