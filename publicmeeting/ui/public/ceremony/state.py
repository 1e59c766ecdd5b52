"""The state of the ceremony: read again after every change, with a countdown in between."""

from dataclasses import dataclass, field
from typing import Any

import reflex as rx

from publicmeeting.ui.design.models import Tile
from publicmeeting.ui.public.ceremony import views
from publicmeeting.ui.reflex.forms import Form
from publicmeeting.ui.reflex.var_field import VarField
from publicmeeting.ui.reflex.view_model import ViewModel
from publicmeeting.ui.shell.act import Asking, execute, query
from publicmeeting.ui.shell.live import always, background, follow
from publicmeeting.ui.shell.road import Reply, reply
from publicmeeting.usecases.line.objections.list_objections import ObjectToList, object_to_list
from publicmeeting.usecases.public_record.ceremony import OneDraw, OneMonday, ceremony, draw_result

EVERY = 30.0
"""Seconds after which the page is read even without a change, for hours end by time alone."""
LONGEST = 10
DISTRICTS = range(1, 23)
RESULT = "result"
"""Id of the element with the result of the chosen district."""


@dataclass(frozen=True)
class Wall(ViewModel):
    """What the page shows, in one var, since every page is sent the names of all vars."""

    head: views.Head = field(default_factory=views.Head)
    parties: tuple[views.PartyRow, ...] = ()
    value: tuple[Tile, ...] = ()
    tiles: tuple[views.DrawTile, ...] = ()
    chosen: int = 0
    detail: views.Detail = field(default_factory=views.Detail)
    reply: Reply = field(default_factory=Reply)
    asking: bool = False


class CeremonyState(Asking, rx.State):
    """`/ceremony/`; the Monday stands in the address, the next one without it."""

    wall: Wall = Wall()

    head = VarField[views.Head]("wall")
    parties = VarField[tuple[views.PartyRow, ...]]("wall")
    value = VarField[tuple[Tile, ...]]("wall")
    tiles = VarField[tuple[views.DrawTile, ...]]("wall")
    chosen = VarField[int]("wall")
    detail = VarField[views.Detail]("wall")
    reply = VarField[Reply]("wall")
    asking = VarField[bool]("wall")

    @rx.event
    async def load(self) -> None:
        """Read the Monday of the address."""
        self.chosen, self.detail, self.reply = 0, views.Detail(), Reply()
        await self._read()

    @background
    async def watch(self) -> None:
        """Follow the draws until the page is left."""
        await follow(self, always("draws"), self._read, EVERY)

    @rx.event
    async def choose(self, district: int) -> Any:
        """Show the result of one district's draw; choosing it again closes it."""
        if district not in DISTRICTS:
            return None
        self.chosen = 0 if district == self.chosen else district
        self.detail = views.Detail()
        await self._read()
        return rx.set_focus(RESULT) if self.chosen else None

    @rx.event
    async def raise_objection(self, form: Form) -> None:
        """Send «I am not in the list», with a ticket or for her own request."""
        self.reply, self.asking = Reply(), True
        answer = await execute(self, object_to_list, ObjectToList, form, monday=self._monday())
        self.asking = False
        await self._read()
        if answer is not None:
            self.reply = reply(answer)

    def _monday(self) -> str:
        return self.router.url.query_parameters.get("monday", "")[:LONGEST]

    async def _read(self) -> None:
        found = await query(self, ceremony, OneMonday(monday=self._monday()))
        if found is None:
            return
        self.head = views.head(found)
        self.parties = tuple(views.party_rows(found))
        self.value = tuple(views.value_tiles(found))
        self.tiles = tuple(views.draw_tiles(found, self.chosen))
        frozen = {one.figures.district for one in found.draws if one.figures.state != "open"}
        if self.chosen in frozen:
            one_draw = OneDraw(monday=self._monday(), district=self.chosen)
            result = await query(self, draw_result, one_draw)
            self.detail = views.detail(result) if result is not None else views.Detail()
