"""Style sheets that only some pages load: a citizen's first visit is spared them.

Those of plain pages alone are named in `ui/reflex/flat_sheet.js`.
"""

from typing import ClassVar

import reflex as rx
from reflex_base.constants import Dirs


class _OwnSheets(rx.Fragment):
    """Draws nothing; a page it stands on loads these sheets after those of all pages."""

    sheets: ClassVar[tuple[str, ...]]

    def add_imports(self) -> dict[str, list[str]]:
        return {"": [f"$/{Dirs.PUBLIC}{sheet}" for sheet in self.sheets]}


class OfficialSheets(_OwnSheets):
    """Of the mayor's table and of desks; in every frame of officials."""

    sheets = ("/look/ink.css", "/look/tablet.css", "/look/desk.css")


class CeremonySheet(_OwnSheets):
    """Of the ceremony of a draw."""

    sheets = ("/look/ceremony.css",)
