"""An honest expectation in words and tiles, the same wherever it stands."""

from datetime import date, timedelta

from publicmeeting.kit.digits import persian
from publicmeeting.kit.jalali import day_month
from publicmeeting.text.common import dates_text
from publicmeeting.text.districts import home_text
from publicmeeting.ui.design.models import Tile, TileKind
from publicmeeting.usecases.line.expectation import Outlook

SHOWN = 5
"""Mondays in the row."""
_WEEK = timedelta(weeks=1)


def range_words(found: Outlook) -> str:
    """The one Monday to expect and the range around it, as far as either can be said."""
    if found.earliest is None:
        return home_text.FAR
    first = day_month(found.earliest)
    if found.likely is None:
        return home_text.FROM_FAR.format(first=first)
    likely = day_month(found.likely)
    if found.latest is None:
        return home_text.FROM.format(likely=likely, first=first)
    if found.earliest == found.latest:
        return home_text.ON.format(day=likely)
    return home_text.BETWEEN.format(likely=likely, first=first, last=day_month(found.latest))


def basis_words(found: Outlook) -> str:
    """What the estimate rests on and, in a paragraph of its own, what has happened lately, so
    that one can be weighed against the other and neither be taken for the other."""
    basis = [_before(found.before)]
    if found.alike:
        basis.append(
            home_text.ONE_ALIKE
            if found.alike == 1
            else home_text.ALIKE.format(alike=dates_text.people(found.alike))
        )
    basis += [*_seats(found), *_lanes(found), home_text.GUESS]
    said = [" ".join(basis)]
    lately = found.recent
    if lately is not None:
        said.append(
            home_text.RECENT.format(
                met=dates_text.people(lately.met),
                half=dates_text.weeks(lately.half),
                most=dates_text.weeks(lately.most),
            )
        )
    return "\n".join(said)


def _before(count: int) -> str:
    if count == 1:
        return home_text.ONE_BEFORE
    return (
        home_text.BEFORE.format(before=dates_text.people(count))
        if count
        else home_text.NOBODY_BEFORE
    )


def _seats(found: Outlook) -> list[str]:
    """What is known of the list she stands in, or else how many seats a Monday has."""
    closed = found.closed
    if closed is None:
        return [home_text.SERVED.format(seats=persian(found.seats))]
    said = [
        home_text.LIST_CLOSED.format(
            rows=dates_text.people(closed.rows), seats=persian(closed.seats)
        )
    ]
    if closed.most:
        up_to = home_text.LIST_LANES if closed.least == closed.most else home_text.LIST_LANES_UP_TO
        said.append(up_to.format(taken=persian(closed.most)))
    return said


def _lanes(found: Outlook) -> list[str]:
    """Why the latest Monday lies further away than the seats say, and how often that happens."""
    lanes = found.lanes
    if lanes is None:
        return []
    so = home_text.LANES.format(quota=persian(lanes.quota))
    if not lanes.draws:
        return [f"{so}."]
    took = home_text.LANES_TOOK if lanes.taken else home_text.LANES_TOOK_NONE
    return [took.format(so=so, draws=persian(lanes.draws), taken=persian(lanes.taken))]


def monday_tiles(found: Outlook) -> tuple[Tile, ...]:
    """Five tiles from the first Monday of the range on: the expected one is glazed, the rest of the
    range paler. Where the expected one lies further away, a gap («…») stands for those between;
    no tiles where it is too far to say."""
    first = found.earliest
    if first is None:
        return ()

    def tile(day: date) -> Tile:
        inside = found.latest is None or day <= found.latest
        kind: TileKind = "glazed" if day == found.likely else "s2" if inside else "raw"
        return Tile(kind, day_month(day))

    likely = found.likely
    if likely is None or likely - first < SHOWN * _WEEK:
        return tuple(tile(first + at * _WEEK) for at in range(SHOWN))
    around = (likely + at * _WEEK for at in (-1, 0, 1))
    return (tile(first), Tile("raw", home_text.GAP), *map(tile, around))
