"""Style sheets that only some pages load, so that a citizen's first visit does not.

`ui/reflex/flat_sheet.js` names the sheets of the plain pages.
"""

from typing import ClassVar

import reflex as rx
from reflex_base.constants import Dirs


class _OwnSheets(rx.Fragment):
    """Base: draws nothing, and its page loads these sheets after the common ones."""

    sheets: ClassVar[tuple[str, ...]]

    def add_imports(self) -> dict[str, list[str]]:
        return {"": [f"$/{Dirs.PUBLIC}{sheet}" for sheet in self.sheets]}


class OfficialSheets(_OwnSheets):
    """The sheets of the mayor's table and of desks, in every frame of officials."""

    sheets = ("/look/ink.css", "/look/tablet.css", "/look/desk.css")


class CeremonySheet(_OwnSheets):
    """The sheet of the page that shows a draw."""

    sheets = ("/look/ceremony.css",)
