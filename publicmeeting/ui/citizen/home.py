"""The home page: what the service is, the map with waiting times, and how turns are assigned."""

import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import reflex as rx

from publicmeeting.domain.calendar import is_meeting_monday, next_monday
from publicmeeting.domain.districts.city import DISTRICTS
from publicmeeting.domain.districts.texts import DistrictTexts
from publicmeeting.domain.mondays import How
from publicmeeting.domain.records import Monday
from publicmeeting.kit.clock import tehran_day
from publicmeeting.kit.digits import persian, whole_number
from publicmeeting.kit.jalali import day_month, day_words, weekday_day
from publicmeeting.text.common import dates_text
from publicmeeting.text.districts import home_text
from publicmeeting.text.lifecycle.reasons_text import because
from publicmeeting.text.meetings import day_place_text
from publicmeeting.text.meetings.estimate_text import right_words
from publicmeeting.text.tracking import privacy_text
from publicmeeting.ui.citizen.outlook import tile_day, wait_view
from publicmeeting.ui.citizen.shared import PLAIN, web_point, without_internet
from publicmeeting.ui.design.controls import action_tiles, button, text_link
from publicmeeting.ui.design.figures import strip_with_words
from publicmeeting.ui.design.flow import any_of, each, shown
from publicmeeting.ui.design.frames import band_head, band_page, brand, section, site_foot
from publicmeeting.ui.design.models import MapTile, Tile
from publicmeeting.ui.design.paper import estimate
from publicmeeting.ui.design.paper import line as icon_line
from publicmeeting.ui.design.sheets import sheet
from publicmeeting.ui.design.tehran import tile_map, waits_legend
from publicmeeting.ui.reflex.view_model import ViewModel
from publicmeeting.ui.reflex.wire import LeanState
from publicmeeting.ui.shell.act import try_query
from publicmeeting.ui.shell.live import always, background, follow
from publicmeeting.ui.shell.parts.line import four_rules
from publicmeeting.ui.shell.session import Session
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.districts.board import CityBoard, city_board
from publicmeeting.usecases.estimate import ranges_held
from publicmeeting.usecases.line.expectation import DistrictTile, Outlook
from publicmeeting.usecases.meetings.held import HeldMonday

_LONGEST = 4
"""Number of weeks that have their own shade on the map."""
_DAYS = ("ش", "ی", "د", "س", "چ", "پ", "ج")
_MONDAY_AT = 2
_WEEK = timedelta(weeks=1)
_KINDS = {
    How.MAYOR: "glazed",
    How.DEPUTY: "foot",
    How.BOTH: "half",
    How.CLOSED: "cancelled",
    How.CUT_SHORT: "half",
    How.NO_VISITORS: "plain",
    How.SILENT: "off",
    How.PAPER: "half",
    How.AHEAD: "raw",
}


@dataclass(frozen=True)
class Card(ViewModel):
    """What the page shows of one district."""

    district: int = 0
    digits: str = ""
    name: str = ""
    line: str = ""
    lead: str = ""
    mondays: tuple[Tile, ...] = ()
    sentence: str = ""
    basis: str = ""
    more: str = ""
    place: str = ""
    held: tuple[str, ...] = ()
    """How its newest Monday was held, and how often each way in the last weeks."""
    apart: str = ""
    """A coming Monday that is held elsewhere or with somebody beside the mayor."""
    hours: str = ""
    bring: str = ""
    map: str = ""
    """Address of the map, if the district has set its point."""


@dataclass(frozen=True)
class LastMonday(ViewModel):
    title: str = ""
    count: str = ""
    """In how many districts the mayor came; empty if none was open, as on a holiday."""
    tiles: tuple[MapTile, ...] = ()
    caption: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class BoardView(ViewModel):
    """The map with the wait in each district, the coming week, and how the last Monday was held."""

    tiles: tuple[MapTile, ...] = ()
    week: tuple[Tile, ...] = ()
    soonest: str = ""
    held: LastMonday = LastMonday()
    is_watched: bool = False


def board_view(board: CityBoard, chosen: int) -> BoardView:
    return BoardView(
        tiles=map_tiles(board, chosen),
        week=week_tiles(board),
        soonest=soonest_text(board),
        held=last_monday(board),
        is_watched=board.is_watched,
    )


def week_tiles(board: CityBoard) -> tuple[Tile, ...]:
    """Return the week, from Saturday, of the earliest Monday that she can get; that Monday is
    marked."""
    monday = _earliest_monday(board)
    return tuple(
        Tile("now", tile_day(monday)) if at == _MONDAY_AT else Tile("plain", letter)
        for at, letter in enumerate(_DAYS)
    )


def soonest_text(board: CityBoard) -> str:
    """Return the earliest Monday for a citizen who files now, and that the list before it is
    closed.

    On a Sunday the closed list is tomorrow's, and without this sentence she would wonder about it.
    """
    soonest = home_text.SOONEST.format(day=day_words(_earliest_monday(board)))
    coming = next_monday(tehran_day(board.now))
    closed = min((line.outlook.joins for line in board.lines), default=coming) - _WEEK
    if closed < coming or not is_meeting_monday(closed):
        return soonest
    return f"{soonest} {home_text.CLOSED_BEFORE.format(day=day_month(closed))}"


def _earliest_monday(board: CityBoard) -> date:
    """Return the earliest Monday with seats in any district, for a citizen who files now.

    A holiday has a line but no seats.
    """
    lines = [line.outlook for line in board.lines]
    coming = next_monday(tehran_day(board.now))
    return min((line.earliest or line.joins for line in lines), default=coming)


def weeks_waited(expected: Outlook, now_day: date) -> int:
    """Return the weeks begun from now to the likely Monday, at most `_LONGEST`."""
    if expected.likely is None:
        return _LONGEST
    return min(_LONGEST, max(1, -(-(expected.likely - now_day).days // 7)))


def map_tiles(board: CityBoard, chosen: int) -> tuple[MapTile, ...]:
    today = tehran_day(board.now)
    tiles = []
    for line in board.lines:
        weeks = weeks_waited(line.outlook, today)
        digits = persian(line.district)
        sentence = home_text.TILE_LABEL_LONG if weeks == _LONGEST else home_text.TILE_LABEL
        tiles.append(
            MapTile(
                number=line.district,
                text=digits,
                label=sentence.format(district=digits, weeks=dates_text.weeks(weeks)),
                kind="now" if line.district == chosen else f"s{weeks}",
                pips=weeks,
            )
        )
    return tuple(tiles)


def card(
    line: DistrictTile,
    texts: DistrictTexts | None = None,
    apart: Monday | None = None,
    held: tuple[str, ...] = (),
) -> Card:
    digits = persian(line.district)
    waiting = dates_text.people(line.waiting)
    offered = home_text.NO_MONDAY_LINE.format(waiting=waiting)
    if line.next_monday:
        offered = home_text.DISTRICT_LINE.format(
            day=day_month(line.next_monday), seats=persian(line.seats), waiting=waiting
        )
    wait = wait_view(line.outlook)
    return Card(
        district=line.district,
        digits=digits,
        name=home_text.NAME.format(district=digits),
        line=offered,
        lead=home_text.ESTIMATE,
        mondays=wait.mondays,
        sentence=wait.sentence,
        basis=wait.basis,
        more=wait.more,
        place="، ".join(filter(None, (texts.address, texts.hall))) if texts else "",
        held=held,
        apart=apart_words(apart) if apart else "",
        hours=texts.hours if texts else "",
        bring=texts.bring if texts else "",
        map=web_point(texts.point) if texts and texts.point else "",
    )


def apart_words(day: Monday) -> str:
    """Return where a coming Monday is held, and who sits beside the mayor."""
    words = "؛ ".join(day_place_text.facts(day.place, day.guest))
    return f"{day_place_text.NEXT_DAY.format(day=weekday_day(day.on))} {words}"


def last_monday(board: CityBoard) -> LastMonday:
    """Return how the last Monday was held. A district without invitations is in neither count."""
    if board.last_monday is None or not board.held:
        return LastMonday()
    tiles = tuple(
        MapTile(number=held_monday.district, kind=_KINDS[held_monday.how])
        for held_monday in board.held
    )
    counted = Counter(held_monday.how for held_monday in board.held)
    came = counted[How.MAYOR]
    missing = [held_monday.district for held_monday in board.held if held_monday.how is How.SILENT]
    not_held = home_text.NOT_HELD if len(missing) == 1 else home_text.NOT_HELD_SEVERAL
    notes = [not_held.format(districts=_numbers(missing))] if missing else []
    notes += [
        words.format(count=persian(counted[how]))
        for how, words in home_text.HELD_OTHERWISE.items()
        if counted[how]
    ]
    off = defaultdict(list)
    for monday in board.held:
        if monday.how is How.CLOSED:
            off[monday.why].append(monday.district)
    notes += [
        home_text.CALLED_OFF.format(districts=_numbers(numbers), why=because(why))
        for why, numbers in off.items()
    ]
    title = home_text.LAST_MONDAY.format(day=day_month(board.last_monday))
    was_open = any(how not in (How.CLOSED, How.AHEAD) for how in counted)
    return LastMonday(
        title=title,
        count=persian(came) if was_open else "",
        tiles=tiles,
        caption=home_text.LAST_CAPTION.format(count=persian(came)) if was_open else title,
        notes=tuple(notes),
    )


def _numbers(districts: Sequence[int]) -> str:
    if len(districts) == len(DISTRICTS):
        return home_text.WHOLE_CITY
    numbers = "، ".join(persian(number) for number in districts)
    return home_text.IN_DISTRICTS.format(districts=numbers)


def held_words(
    past: Sequence[HeldMonday],
    today: date,
    telephoned: int = 0,
    without_arrival: int = 0,
    sent_away: tuple[int, int] = (0, 0),
) -> tuple[str, ...]:
    """Return how a district's newest Monday was held, and how often each way in the last eight
    weeks, with the number of meetings that were noted on paper beside those of the log, of meetings
    by telephone, of seats without an arrival and of visitors who were not received or not again."""
    if not past:
        return ()
    newest = past[0]
    day = home_text.TODAY if newest.on == today else weekday_day(newest.on)
    words = home_text.HELD_TODAY if newest.on == today else home_text.HELD
    first = (
        [words[newest.how].format(day=day, why=because(newest.why), **_on_paper(newest))]
        if newest.how in words
        else list[str]()
    )
    counted: Counter[How] = Counter(monday.how for monday in past)
    parts = [
        home_text.TIMES_OF[how].format(count=persian(counted[how]))
        for how in home_text.TIMES_OF
        if counted[how]
    ]
    if beside := sum(monday.on_paper[0] for monday in past if monday.how is not How.PAPER):
        parts.append(home_text.NOTED_BESIDE.format(count=persian(beside)))
    if telephoned:
        parts.append(home_text.TELEPHONED.format(count=persian(telephoned)))
    if without_arrival:
        parts.append(home_text.WITHOUT_ARRIVAL.format(count=persian(without_arrival)))
    away, again = sent_away
    if away:
        sentence = home_text.SENT_AWAY_AGAIN if again else home_text.SENT_AWAY
        parts.append(sentence.format(count=persian(away), again=persian(again)))
    weeks = [home_text.EIGHT_WEEKS.format(parts="، ".join(parts))] if parts else list[str]()
    right = right_words(ranges_held(monday.ranges for monday in past))
    return tuple(filter(None, (*first, *weeks, right)))


def _on_paper(day: HeldMonday) -> dict[str, str]:
    noted, confirmed = day.on_paper
    words = home_text.CONFIRMED.format(count=dates_text.people(confirmed))
    return {
        "noted": dates_text.people(noted),
        "confirmed": words if confirmed else home_text.CONFIRMED_BY_NOBODY,
    }


def plain_tiles(numbers: Sequence[int]) -> list[MapTile]:
    """Return the map before the board has been read: every district, without shade."""
    return [MapTile(n, persian(n), home_text.NAME.format(district=persian(n))) for n in numbers]


FRESH_SECONDS = 2.0
"""Seconds for which visitors share one reading of the board, which is the same for all."""

_last: list[tuple[float, CityBoard]] = []


class HomeState(LeanState, rx.State):
    """State of the home page: what anybody may see of the city."""

    board: BoardView = BoardView()
    card: Card = Card()
    chosen: int = 0

    @rx.event
    async def load(self) -> None:
        """Read the board of the city."""
        await self._read()

    @rx.event
    async def choose(self, district: int) -> None:
        """Show the line of the chosen district and what to expect there."""
        self.chosen = whole_number(str(district), 2) or 0
        await self._read()

    @background
    async def watch(self) -> None:
        """Read again after each weekly draw."""
        await follow(self, always("draws"), self._read)

    async def _read(self) -> None:
        now = time.monotonic()
        if not _last or now - _last[0][0] > FRESH_SECONDS:
            board = await try_query(self, city_board, Nothing())
            if board is None:
                return
            _last[:] = [(now, board)]
        self._show(_last[0][1])

    def _show(self, board: CityBoard) -> None:
        self.board = board_view(board, self.chosen)
        chosen = next((line for line in board.lines if line.district == self.chosen), None)
        if chosen is None:
            self.card = Card()
            return
        self.card = card(
            chosen,
            board.texts.get(chosen.district),
            board.apart.get(chosen.district),
            held_words(
                board.past.get(chosen.district, ()),
                tehran_day(board.now),
                board.telephoned.get(chosen.district, 0),
                board.without_arrival.get(chosen.district, 0),
                board.sent_away.get(chosen.district, (0, 0)),
            ),
        )


S = HomeState


_BLANK_WEEK = [Tile("plain", letter) for letter in ("ش", "ی", "د", "س", "چ", "پ", "ج")]
_ROOM = "min-h-[3lh] sm:min-h-[2lh]"
"""CSS height of the longest sentence under the week, so that nothing moves when it arrives."""

HELD = S.board.held


def page() -> rx.Component:
    """The home page. The first screen has the promise, next Monday, two actions and the top of the
    map.

    On a wide screen the map is beside the rules.
    """
    return band_page(
        _head(),
        rx.el.div(
            _districts(),
            rx.el.div(
                section(
                    home_text.HOW,
                    four_rules(is_watched=S.board.is_watched),
                    rx.el.p(text_link(home_text.JUMPED, "/verify/")),
                    without_internet(),
                ),
                rx.cond(HELD.title, section(HELD.title, _last_monday())),
            ),
            class_name="columns",
        ),
        wide=True,
        announcement=rx.cond(
            S.card.district,
            f"{S.card.name}: {S.card.line}. {S.card.lead} {S.card.sentence}",
            "",
        ),
        site_footer=site_foot(
            [
                (home_text.MINE, "/mine/"),
                (home_text.TRACK, "/track/"),
                (home_text.DRAWS, "/draws/"),
                (home_text.VERIFY, "/verify/"),
                (home_text.RULES_OF, "/rules/"),
                (privacy_text.WAY, "/privacy/"),
                (home_text.STAFF, "/sign-in/"),
            ],
            wide=True,
        ),
    )


def _head() -> rx.Component:
    week = rx.cond(
        any_of(S.board.week),
        strip_with_words(S.board.week, S.board.soonest, room=_ROOM),
        strip_with_words(_BLANK_WEEK, " ", room=_ROOM),
    )
    door = rx.cond(
        Session.reader.is_known,
        text_link(home_text.MINE, "/mine/"),
        text_link(home_text.SIGN_IN, "/enter/"),
    )
    return band_head(
        rx.el.div(
            rx.el.div(
                rx.el.h1(home_text.HEADLINE, class_name="text-hero"),
                rx.el.p(home_text.LEAD, class_name="mt-2 mb-5 text-ink2"),
                week,
            ),
            rx.el.div(
                action_tiles(
                    [("meet", home_text.REQUEST, "/request/"), ("road", home_text.TRACK, "/track/")]
                ),
                class_name="mt-5",
            ),
            class_name="columns !items-end",
        ),
        bar=rx.fragment(brand(S.chosen), door),
        wide=True,
    )


def _districts() -> rx.Component:
    blank = plain_tiles([d.number for d in DISTRICTS])
    return section(
        home_text.DISTRICT,
        # Without scripts a tile is a submit button of this form. With scripts the starter prevents
        # the submission.
        rx.el.form(
            rx.cond(any_of(S.board.tiles), _map(S.board.tiles), _map(blank)),
            rx.el.noscript(
                rx.el.p(home_text.WITHOUT_SCRIPT, class_name="mt-2 text-ink2"),
                rx.el.input(type="hidden", name="next", value=f"{PLAIN}?step=2"),
            ),
            method="post",
            action="/draft",
            on_submit=None,
            custom_attrs={"data-plain": "true"},
        ),
        waits_legend(home_text.LEGEND),
        rx.cond(S.card.district, _card()),
        lead=home_text.DISTRICT_LEAD,
    )


def _map(tiles: Sequence[MapTile]) -> rx.Component:
    return tile_map(tiles, home_text.MAP_LABEL, mode="waits", on_choose=S.choose, name="district")


def _card() -> rx.Component:
    return sheet(
        rx.el.div(
            rx.el.span(S.card.digits, class_name="tile t-now size-16 text-h1"),
            rx.el.div(
                rx.el.h3(S.card.name, class_name="text-h3"),
                rx.el.p(S.card.line, class_name="text-ink2"),
            ),
            class_name="flex items-center gap-4",
        ),
        estimate(S.card.mondays, S.card.sentence, S.card.basis, S.card.more, lead=S.card.lead),
        each(S.card.held, lambda words: rx.el.p(words)),
        rx.cond(
            S.card.place,
            rx.el.div(
                icon_line("pin", S.card.place),
                rx.cond(S.card.apart, icon_line("flag", S.card.apart)),
                rx.cond(S.card.map, text_link(home_text.MAP, S.card.map)),
                rx.cond(S.card.hours, icon_line("clock", S.card.hours, home_text.HOURS)),
                rx.cond(S.card.bring, icon_line("doc", S.card.bring)),
                class_name="grid gap-2",
            ),
        ),
        rx.el.div(button(home_text.REQUEST, href="/request/")),
    )


def _last_monday() -> rx.Component:
    return sheet(
        rx.el.div(
            tile_map(HELD.tiles, HELD.caption, mode="held", small=True),
            rx.el.div(
                shown(
                    HELD.count,
                    rx.el.p(
                        rx.el.span(HELD.count, class_name="text-num-l"), " ", home_text.MAYORS_CAME
                    ),
                ),
                each(HELD.notes, lambda note: rx.el.p(note, class_name="text-ink2")),
                class_name="flex-1 basis-48",
            ),
            class_name="flex flex-wrap items-center gap-4",
        )
    )
