"""From a witness's Mondays to the cards of the page."""

from dataclasses import dataclass
from datetime import datetime

from publicmeeting.kit.clock import tehran_day
from publicmeeting.kit.digits import persian
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
    dice: str = ""
    active: bool = False
    """Whether there is a value to make, keep or show."""


@dataclass(frozen=True)
class DiceForm(ViewModel):
    monday: str = ""
    title: str = ""


@dataclass(frozen=True)
class Desk(ViewModel):
    party: str = ""
    barred: str = ""


_LOOK: dict[str, tuple[Tone, str]] = {
    "make": ("neutral", ""),
    "keep": ("glaze", "lock"),
    "show": ("saffron", "eye"),
    "done": ("glaze", "check"),
    "named": ("brick", "close"),
    "late": ("neutral", ""),
    "barred": ("neutral", ""),
}
_ACTIVE = ("make", "keep", "show")


def desk(seen: WitnessDesk) -> Desk:
    until = seen.barred_until
    barred = witness_text.BARRED.format(until=day_words(tehran_day(until))) if until else ""
    return Desk(seen.party, barred)


def cards(seen: WitnessDesk, now: datetime) -> list[MondayCard]:
    return [_card(one, now, barred=seen.barred_until is not None) for one in seen.mondays]


def _card(one: WitnessMonday, now: datetime, *, barred: bool) -> MondayCard:
    mode = _mode(one, now, barred=barred)
    until = {"make": one.commit_until, "show": one.show_until}.get(mode)
    tone, icon = _LOOK[mode]
    return MondayCard(
        monday=one.on.isoformat(),
        title=witness_text.MONDAY.format(day=day_words(one.on)),
        mode=mode,
        status=witness_text.SAID[mode].format(
            until=dates_text.until_words(until) if until else "",
            moment=dates_text.near_moment(one.city_shows_at, now),
        ),
        badge=Badge(witness_text.BADGE[mode], tone, icon),
        commitment=one.mine.commitment if one.mine else "",
        mark=one.mine.commitment[:MARK] if one.mine else "",
        dice=_dice(one, now),
        active=mode in _ACTIVE,
    )


def _mode(one: WitnessMonday, now: datetime, *, barred: bool) -> str:
    if one.mine is None:
        if now >= one.commit_until:
            return "late"
        return "barred" if barred else "make"
    if one.mine.value is not None:
        return "done"
    if one.mine.named_at is not None or (one.show_until and now >= one.show_until):
        return "named"
    return "keep" if one.city_shown_at is None else "show"


def _dice(one: WitnessMonday, now: datetime) -> str:
    if one.dice is not None:
        return witness_text.DICE_GIVEN.format(digits=persian(one.dice.digits))
    if one.dice_at is not None and now < one.dice_at:
        return witness_text.DICE_AT.format(moment=dates_text.near_moment(one.dice_at, now))
    return ""


def dice_form(seen: WitnessDesk, now: datetime) -> DiceForm:
    """The Monday whose dice are to be typed now, if there is one."""
    for one in seen.mondays:
        waits = one.dice is None and one.city_shown_at is None
        if waits and one.dice_at is not None and now >= one.dice_at:
            return DiceForm(one.on.isoformat(), witness_text.MONDAY.format(day=day_words(one.on)))
    return DiceForm()
