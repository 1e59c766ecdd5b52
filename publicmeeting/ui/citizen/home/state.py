"""The home page's own state: the board, and the district that was touched."""

import time

import reflex as rx

from publicmeeting.ui.citizen.home import views
from publicmeeting.ui.shell.act import try_query
from publicmeeting.ui.shell.live import always, background, follow
from publicmeeting.ui.shell.wire import NamedByClass
from publicmeeting.usecases.accounts.sign_in import Nothing
from publicmeeting.usecases.districts.board import CityBoard, city_board

FRESH_SECONDS = 2.0
"""The board is the same for everybody: many visitors share one reading."""

_last: list[tuple[float, CityBoard]] = []


class HomeState(NamedByClass, rx.State):
    """What a passer-by may see of the city."""

    board: views.BoardView = views.BoardView()
    card: views.Card = views.Card()
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

    @background
    async def watch(self) -> None:
        """Follow the weekly draws."""
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
        self.board = views.board_view(board, self.chosen)
        mine = next((line for line in board.lines if line.district == self.chosen), None)
        self.card = views.card(mine) if mine else views.Card()
