"""The corners of a photographed paper, which the mayor drags to the paper's edges."""

from typing import Any

import reflex as rx

from publicmeeting.text.meetings import meeting_text
from publicmeeting.text.orders import sheet_text
from publicmeeting.ui.design.flow import Handler
from publicmeeting.ui.reflex.scripts import link_script


class CornerEditor(rx.NoSSRComponent):
    """Component of corners.js, the file beside this one."""

    library = link_script(__name__, "corners.js")
    tag = "CornerEditor"

    photo: rx.Var[str]
    words: rx.Var[dict[str, Any]]
    on_made: rx.EventHandler[rx.event.passthrough_event_spec(str)]  # type: ignore[type-arg, valid-type]  # Reflex's own form


def corners(photo: str, on_made: Handler) -> rx.Component:
    """A photo with four corners to drag.

    `photo` is the address of the picture (`/images/ID`). `on_made` receives the id of the
    straightened picture.
    """
    return CornerEditor.create(
        photo=photo,
        words={
            "lead": sheet_text.INK_CORNERS_LEAD,
            "corners": sheet_text.INK_CORNERS,
            "corner": list(sheet_text.INK_CORNER),
            "alt": meeting_text.PAPER_ALT,
            "go": sheet_text.INK_STRAIGHTEN,
            "busy": sheet_text.INK_STRAIGHTENING,
            "looking": sheet_text.INK_LOOKING,
            "straight": sheet_text.INK_STRAIGHT,
            "failed": sheet_text.INK_STRAIGHT_FAILED,
        },
        on_made=on_made,
    )
