"""What the mayor has written and not yet issued; kept on the server, by the visitor's code."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from publicmeeting.ui.design.models import Photo
from publicmeeting.ui.design.view import View
from publicmeeting.usecases.wish import MAX_TEXT

KEPT_MOST = 20
"""Visitors whose drafts one open page remembers."""
_IMAGE = re.compile("[0-9a-f]{32}")
TEXTS = ("text", "reason", "refusal", "referral")


@dataclass(frozen=True)
class Draft:
    """`units` is None until the mayor has touched them; `paper` an uploaded picture's id."""

    text: str = ""
    reason: str = ""
    refusal: str = ""
    referral: str = ""
    units: tuple[str, ...] | None = None
    due: str = ""
    paper: str = ""
    by_photo: bool = False

    def with_text(self, name: str, value: object) -> "Draft":
        """The same with one text changed.

        Unknown names are none of ours; a field that is not drawn comes without a text.
        """
        if name not in TEXTS or not isinstance(value, str):
            return self
        return replace(self, **{name: value[: 2 * MAX_TEXT]})  # type: ignore[arg-type]  # a text


@dataclass(frozen=True)
class Laid(View):
    """What the fields begin with when a sheet is laid on the table.

    `number` counts the sheets: a new one takes the place of what was written.
    """

    text: str = ""
    reason: str = ""
    refusal: str = ""
    referral: str = ""
    number: int = 0


def kept(drafts: Mapping[str, Draft], code: str, draft: Draft) -> dict[str, Draft]:
    """The drafts with this one, the oldest forgotten."""
    others = {other: one for other, one in drafts.items() if other != code}
    newest = dict(list(others.items())[-(KEPT_MOST - 1) :])
    return {**newest, code: draft}


def image_id(sent: object) -> str:
    """The last id the sender tells of, if it has the form of one."""
    ids = [one for one in sent if isinstance(one, str)] if isinstance(sent, list) else []
    return ids[-1] if ids and _IMAGE.fullmatch(ids[-1]) else ""


def paper_photos(paper: str, says: str) -> list[Photo]:
    """The photographed paper as the part that sends photos shows it."""
    return [Photo(f"/images/{paper}/thumb", f"/images/{paper}", says)] if paper else []
