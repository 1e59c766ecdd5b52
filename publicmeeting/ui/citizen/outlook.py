"""What a citizen can expect of the line, in sentences and tiles; the same on every page."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from publicmeeting.kit.digits import persian
from publicmeeting.kit.jalali import day_month
from publicmeeting.text.common import dates_text
from publicmeeting.text.districts import home_text
from publicmeeting.ui.design.models import Tile, TileKind
from publicmeeting.ui.reflex.view_model import ViewModel
from publicmeeting.usecases.line.expectation import Outlook

SHOWN = 5
"""Number of Mondays in the row."""
_WEEK = timedelta(weeks=1)
_CACHED = 200
"""Number of cached outlooks. All who file in a district at one time share one."""


@dataclass(frozen=True)
class Wait(ViewModel):
    """Tiles, range, and the basis of the estimate. Nothing is drawn without `sentence`."""

    mondays: tuple[Tile, ...] = ()
    sentence: str = ""
    basis: str = ""
    """How many are before her, and that this is no promise."""
    more: str = ""
    """The rest of what it rests on, folded."""


NO_WAIT = Wait()


@lru_cache(_CACHED)
def wait_view(outlook: Outlook) -> Wait:
    return Wait(
        monday_tiles(outlook), range_sentence(outlook), basis_text(outlook), more_text(outlook)
    )


def tile_day(day: date) -> str:
    """Return «۹ آذر» for a tile, in which a long month stands below its day."""
    return day_month(day).replace("\u00a0", " ")


def monday_tiles(outlook: Outlook) -> tuple[Tile, ...]:
    """Return five tiles from the first Monday of the range; the likely one is glazed, the rest
    paler.

    If the likely Monday is further away, a gap («…») replaces those between. Empty if it is too far
    away to estimate.
    """
    first = outlook.earliest
    if first is None:
        return ()

    def tile(day: date) -> Tile:
        inside = outlook.latest is None or day <= outlook.latest
        kind: TileKind = "glazed" if day == outlook.likely else "s2" if inside else "raw"
        return Tile(kind, tile_day(day))

    likely = outlook.likely
    if likely is None or likely - first < SHOWN * _WEEK:
        return tuple(tile(first + at * _WEEK) for at in range(SHOWN))
    around = (likely + at * _WEEK for at in (-1, 0, 1))
    return (tile(first), Tile("raw", home_text.GAP), *map(tile, around))


def range_sentence(outlook: Outlook) -> str:
    """Return the likely Monday and the range around it, as far as they can be estimated."""
    if outlook.earliest is None:
        return home_text.FAR
    first = day_month(outlook.earliest)
    if outlook.likely is None:
        return home_text.FROM_FAR.format(first=first)
    likely = day_month(outlook.likely)
    if outlook.latest is None:
        return home_text.FROM.format(likely=likely, first=first)
    if outlook.earliest == outlook.latest:
        return home_text.ON.format(day=likely)
    return home_text.BETWEEN.format(likely=likely, first=first, last=day_month(outlook.latest))


def basis_text(outlook: Outlook) -> str:
    """Return how many are before her and equal to her, and that the estimate is no promise."""
    basis = [_before(outlook.before)]
    if outlook.alike:
        basis.append(
            home_text.ONE_ALIKE
            if outlook.alike == 1
            else home_text.ALIKE.format(alike=dates_text.people(outlook.alike))
        )
    return " ".join((*basis, home_text.GUESS))


def more_text(outlook: Outlook) -> str:
    """Return what else the estimate rests on and, in a paragraph of its own, how long the latest
    meetings took to come. She can compare the two and does not confuse them."""
    sentences = [" ".join((*_seats(outlook), *_lanes(outlook)))]
    lately = outlook.recent
    if lately is not None:
        sentences.append(
            home_text.RECENT.format(
                met=dates_text.people(lately.met),
                half=dates_text.weeks(lately.half),
                most=dates_text.weeks(lately.most),
            )
        )
    return "\n".join(sentences)


def _before(count: int) -> str:
    if count == 1:
        return home_text.ONE_BEFORE
    return (
        home_text.BEFORE.format(before=dates_text.people(count))
        if count
        else home_text.NOBODY_BEFORE
    )


def _seats(outlook: Outlook) -> list[str]:
    """Return what is known of the list she is in, or else how many seats a Monday has."""
    closed = outlook.closed
    if closed is None:
        return [home_text.SERVED.format(seats=persian(outlook.seats))]
    sentences = [
        home_text.LIST_CLOSED.format(
            rows=dates_text.people(closed.rows), seats=persian(closed.seats)
        )
    ]
    if closed.most:
        up_to = home_text.LIST_LANES if closed.least == closed.most else home_text.LIST_LANES_UP_TO
        sentences.append(up_to.format(taken=persian(closed.most)))
    return sentences


def _lanes(outlook: Outlook) -> list[str]:
    """Return why the latest Monday is later than the seats alone suggest, and how often that
    happens."""
    lanes = outlook.lanes
    if lanes is None:
        return []
    so = home_text.LANES.format(quota=persian(lanes.quota))
    if not lanes.draws:
        return [f"{so}."]
    took = home_text.LANES_TOOK if lanes.taken else home_text.LANES_TOOK_NONE
    return [took.format(so=so, draws=persian(lanes.draws), taken=persian(lanes.taken))]
