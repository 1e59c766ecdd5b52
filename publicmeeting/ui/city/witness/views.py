"""From a witness's Mondays to the cards of the page."""

from dataclasses import dataclass
from datetime import datetime

from publicmeeting.kit.jalali import day_words
from publicmeeting.text.common import dates_text
from publicmeeting.text.line import witness_text
from publicmeeting.ui.design.models import Badge, Tone
from publicmeeting.ui.reflex.view_model import ViewModel
from publicmeeting.usecases.line.witnesses import WitnessDesk, WitnessMonday

MARK = 8


@dataclass(frozen=True)
class MondayCard:
    """`mode` decides what the part that keeps the value offers; `monday` is what it sends."""

    monday: str
    title: str
    mode: str
    status: str
    badge: Badge
    commitment: str = ""
    mark: str = ""
    active: bool = False
    """Whether there is a value to make, keep or show."""


@dataclass(frozen=True)
class Desk(ViewModel):
    party: str = ""


_LOOK: dict[str, tuple[Tone, str]] = {
    "make": ("neutral", ""),
    "keep": ("glaze", "lock"),
    "show": ("saffron", "eye"),
    "done": ("glaze", "check"),
    "named": ("brick", "close"),
    "late": ("neutral", ""),
}
_ACTIVE = ("make", "keep", "show")


def desk(seen: WitnessDesk) -> Desk:
    return Desk(seen.party)


def cards(seen: WitnessDesk, now: datetime) -> list[MondayCard]:
    return [_card(one, now) for one in seen.mondays]


def _card(one: WitnessMonday, now: datetime) -> MondayCard:
    mode = _mode(one, now)
    until = {"make": one.commit_until, "show": one.show_until}.get(mode)
    tone, icon = _LOOK[mode]
    return MondayCard(
        monday=one.on.isoformat(),
        title=witness_text.MONDAY.format(day=day_words(one.on)),
        mode=mode,
        status=witness_text.SAID[mode].format(
            until=dates_text.until_words(until) if until else "",
            moment=dates_text.near_moment(one.shows_at, now),
        ),
        badge=Badge(witness_text.BADGE[mode], tone, icon),
        commitment=one.mine.commitment if one.mine else "",
        mark=one.mine.commitment[:MARK] if one.mine else "",
        active=mode in _ACTIVE,
    )


def _mode(one: WitnessMonday, now: datetime) -> str:
    if one.mine is None:
        return "late" if now >= one.commit_until else "make"
    if one.mine.value is not None:
        return "done"
    if one.is_over or now >= one.show_until:
        return "named"
    return "keep" if now < one.shows_at else "show"
