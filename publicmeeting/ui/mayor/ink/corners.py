"""The corners of a photographed paper, to be dragged where the paper ends."""

from typing import Any

import reflex as rx

from publicmeeting.text import ink as words
from publicmeeting.text import meeting
from publicmeeting.ui.design.flow import Handler
from publicmeeting.ui.design.scripts import link_script


class CornerEditor(rx.NoSSRComponent):
    """The component of corners.js, the file beside this one."""

    library = link_script(__name__, "corners.js")
    tag = "CornerEditor"

    photo: rx.Var[str]
    words: rx.Var[dict[str, Any]]
    on_made: rx.EventHandler[rx.event.passthrough_event_spec(str)]  # type: ignore[type-arg, valid-type]  # Reflex's own form


def corners(photo: str, on_made: Handler) -> rx.Component:
    """`photo` is the address of the picture (`/images/ID`); `on_made` hears the id of the
    straightened one."""
    return CornerEditor.create(
        photo=photo,
        words={
            "lead": words.CORNERS_LEAD,
            "corners": words.CORNERS,
            "corner": list(words.CORNER),
            "says": meeting.PAPER_SAYS,
            "go": words.STRAIGHTEN,
            "busy": words.STRAIGHTENING,
            "looking": words.LOOKING,
            "straight": words.STRAIGHT,
            "failed": words.STRAIGHT_FAILED,
        },
        on_made=on_made,
    )
