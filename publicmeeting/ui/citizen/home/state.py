"""The home page's own state: the board, and the district that was touched."""

import time

import reflex as rx

from publicmeeting.ui.citizen.home import views
from publicmeeting.ui.design.models import MapTile, Tile
from publicmeeting.ui.shell.act import Asking, look
from publicmeeting.ui.shell.live import Here, follow
from publicmeeting.usecases.accounts import Nothing
from publicmeeting.usecases.city_board import CityBoard, city_board

FRESH_SECONDS = 2.0
"""The board is the same for everybody: many visitors share one reading."""

_last: list[tuple[float, CityBoard]] = []


class HomeState(Asking, rx.State):
    """What a passer-by may see of the city."""

    tiles: list[MapTile] = []
    week: list[Tile] = []
    next_words: str = ""
    card: views.Card = views.Card()
    held: views.LastMonday = views.LastMonday()
    chosen: int = 0

    @rx.event
    async def load(self) -> None:
        """Read the board."""
        await self._read()

    @rx.event
    async def choose(self, district: int) -> None:
        """A tile was touched: its district's line and an honest expectation."""
        self.chosen = int(district) if str(district).isdecimal() else 0
        await self._read()

    @rx.event(background=True)
    async def watch(self) -> None:
        """Follow the weekly draws."""
        await follow(self, _draws, self._read)

    async def _read(self) -> None:
        now = time.monotonic()
        if not _last or now - _last[0][0] > FRESH_SECONDS:
            board = await look(self, city_board, Nothing())
            if board is None:
                return
            _last[:] = [(now, board)]
        self.ready = True
        self._show(_last[0][1])

    def _show(self, board: CityBoard) -> None:
        self.tiles = views.map_tiles(board, self.chosen)
        self.week = list(views.week_tiles(board))
        self.next_words = views.next_words(board)
        self.held = views.last_monday(board)
        mine = next((line for line in board.lines if line.district == self.chosen), None)
        self.card = views.card(mine, board) if mine else views.Card()


async def _draws(here: Here) -> tuple[str, ...]:
    del here
    return ("draws",)
