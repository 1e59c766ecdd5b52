"""The countdown of the ceremony."""

import reflex as rx

from publicmeeting.text.public_record import ceremony_text
from publicmeeting.ui.design.scripts import link_script


class Countdown(rx.Component):
    """The component of count.js, the file beside this one."""

    library = link_script(__name__, "count.js")
    tag = "Countdown"

    left: rx.Var[int]
    reading: rx.Var[int]
    says: rx.Var[str]
    days: rx.Var[str]


def countdown(left: int, reading: int, says: str) -> rx.Component:
    """`left` seconds as of `reading`, which differs with every reading; `says` names the hour."""
    return Countdown.create(left=left, reading=reading, says=says, days=ceremony_text.DAY)
