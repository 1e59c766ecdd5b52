"""The ink pad and the corners of a photographed paper: components drawn only in the browser."""

from collections.abc import Sequence
from typing import Any

import reflex as rx

from publicmeeting.domain.orders.ink import DOTS_MOST, LINE, SIDE_MOST, WIDTH
from publicmeeting.media.sheets.ink import NIB
from publicmeeting.text.meetings import meeting_text
from publicmeeting.text.orders import sheet_text
from publicmeeting.ui.design.flow import Handler
from publicmeeting.ui.reflex.scripts import link_script

for _file in ("strokes.js", "hand.js", "keeping.js", "shelf.js"):
    link_script(__name__, _file)

TOOLS = "ink-tools"
"""Id of the element where the pad puts its pens, undo and eraser."""


class InkPad(rx.NoSSRComponent):
    """Component of pad.js, the file beside this one."""

    library = link_script(__name__, "pad.js")
    tag = "InkPad"

    action: rx.Var[str]
    page: rx.Var[int]
    owner: rx.Var[str]
    way: rx.Var[str]
    width: rx.Var[int]
    line: rx.Var[int]
    nib: rx.Var[float]
    lines: rx.Var[int]
    deepest: rx.Var[int]
    most: rx.Var[int]
    tools: rx.Var[str]
    form: rx.Var[str]
    end: rx.Var[str]
    name: rx.Var[str]
    start: rx.Var[str]
    saved: rx.Var[list[str]]
    live: rx.Var[bool]
    busy: rx.Var[bool]
    words: rx.Var[dict[str, str]]
    on_change: rx.EventHandler[rx.event.passthrough_event_spec(int)]  # type: ignore[type-arg, valid-type]  # Reflex's own form


def ink_pad(
    *,
    action: str = "",
    page: int = 0,
    owner: str = "",
    way: str = "",
    lines: int = 3,
    nib: float = NIB,
    form: str = "",
    end: str = "",
    name: str = "",
    start: str = "",
    saved: Sequence[str] = (),
    live: bool = True,
    busy: bool = False,
    empty_text: str = sheet_text.INK_EMPTY,
    on_change: Handler = None,
) -> rx.Component:
    """A sheet to write on, at least `lines` ruled lines high. Its tools are in the element `TOOLS`.

    - `action` (`/ink/CODE`): every stroke is saved there as it is written, on the sheet `page` of
      `owner`. The page's fields named in `saved` are saved too. The form with the id `form`, or the
      button with the id `end`, waits until everything has arrived.
    - `name`: the strokes are instead a field of that form, as JSON, and begin with `start`.
    - `busy`: while it is true, and from the submission of the form on, the fields are read-only.
    - `live`: if false, the strokes are shown but none can be added.
    - `on_change` receives the number of strokes.
    - `way`: when it changes, the element with the id `part-WAY` scrolls into view.
    """
    return InkPad.create(
        action=action,
        page=page,
        owner=owner,
        way=way,
        width=WIDTH,
        line=LINE,
        nib=nib,
        lines=lines,
        deepest=SIDE_MOST // LINE,
        most=DOTS_MOST,
        tools=TOOLS,
        form=form,
        end=end,
        name=name,
        start=start,
        saved=list(saved),
        live=live,
        busy=busy,
        words={
            "tools": sheet_text.INK_TOOLS,
            "blue": sheet_text.INK_BLUE,
            "black": sheet_text.INK_BLACK,
            "rubber": sheet_text.INK_RUBBER,
            "undo": sheet_text.INK_UNDO,
            "more": sheet_text.INK_MORE,
            "empty": empty_text,
            "written": sheet_text.INK_WRITTEN,
            "rests": sheet_text.INK_RESTS,
            "waiting": sheet_text.INK_WAITING,
            "unstored": sheet_text.INK_UNSTORED,
            "submit": sheet_text.INK_HOLDING,
            "click": sheet_text.INK_ENDING,
            "full": sheet_text.INK_FULL,
            "issuing": sheet_text.INK_ISSUING,
        },
        **({} if on_change is None else {"on_change": on_change}),
    )


def tools_place() -> rx.Component:
    """The element for the pad's tools."""
    return rx.el.div(id=TOOLS)


class CornerEditor(rx.NoSSRComponent):
    """Component of corners.js: the corners that the mayor drags to the edges of a paper."""

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
