"""What a witness's page hears: a commitment, and on Tuesday evening its value."""

import reflex as rx

from publicmeeting.text.line import witness_text
from publicmeeting.ui.city.witness import views
from publicmeeting.ui.shell.act import Asking, execute, query
from publicmeeting.ui.shell.live import always, background, follow
from publicmeeting.ui.shell.navigation import read_rail
from publicmeeting.usecases.accounts.viewer import viewer
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.line.witnesses import (
    Commit,
    ShowValue,
    commit,
    show_value,
    witness_desk,
)

EVERY = 30.0
"""Seconds after which the page is read without a message: hours end by time alone."""


class WitnessState(Asking, rx.State):
    """`/witness/`."""

    desk: views.Desk = views.Desk()
    cards: list[views.MondayCard] = []

    @rx.event
    async def load(self) -> None:
        """Read the Mondays of this witness."""
        self.errors, self.refused, self.done = {}, "", ""
        await self._read()

    @background
    async def watch(self) -> None:
        """Follow the draws until the page is left."""
        await follow(self, always("draws"), self._read, EVERY)

    @rx.event
    async def commit(self, monday: str, commitment: str) -> None:
        """The commitment that this browser has made; its value stays there."""
        committed = await execute(self, commit, Commit, monday=monday, commitment=commitment)
        await self._after(witness_text.DONE_COMMIT if committed is not None else "")

    @rx.event
    async def show(self, monday: str, value: str) -> None:
        """The value behind one's commitment, for everybody to see."""
        await execute(self, show_value, ShowValue, monday=monday, value=value)
        failed = bool(self.refused or self.errors)
        await self._after("" if failed else witness_text.DONE_SHOW)

    async def _after(self, done: str) -> None:
        await self._read()
        self.done = done
        if not self.refused:
            self.refused = next(iter(self.errors.values()), "")

    async def _read(self) -> None:
        await read_rail(self)
        who = await query(self, viewer, Nothing())
        seen = await query(self, witness_desk, Nothing())
        if seen is None or who is None:
            return
        self.desk = views.desk(seen)
        self.cards = views.cards(seen, who.now)
