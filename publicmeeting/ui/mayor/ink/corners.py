"""The corners of a photographed paper, to be dragged where the paper ends."""

from typing import Any

import reflex as rx

from publicmeeting.text.meetings import meeting_text
from publicmeeting.text.orders import ink_text
from publicmeeting.ui.design.flow import Handler
from publicmeeting.ui.reflex.scripts import link_script


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
            "lead": ink_text.CORNERS_LEAD,
            "corners": ink_text.CORNERS,
            "corner": list(ink_text.CORNER),
            "says": meeting_text.PAPER_SAYS,
            "go": ink_text.STRAIGHTEN,
            "busy": ink_text.STRAIGHTENING,
            "looking": ink_text.LOOKING,
            "straight": ink_text.STRAIGHT,
            "failed": ink_text.STRAIGHT_FAILED,
        },
        on_made=on_made,
    )
