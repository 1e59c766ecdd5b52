"""Screens at the mayor's table follow the hall of their district and the clock of the city."""

import asyncio
from collections.abc import Awaitable, Callable

import reflex as rx

from publicmeeting.office import office
from publicmeeting.ui.shell.act import keys
from publicmeeting.ui.shell.live import follow
from publicmeeting.usecases.accounts import Nothing
from publicmeeting.usecases.whoami import whoami

_MINUTE = 60


async def follow_district(
    state: rx.State, reread: Callable[[], Awaitable[None]], *topics: str
) -> None:
    """Until the page is left, read again after whatever happens in the viewer's district.

    The district is asked for anew: this may begin before the page itself has been read.
    """
    who = await office().look(whoami, keys(state), Nothing())
    await follow(state, (f"district:{who.district or 0}", *topics), reread)


async def each_minute(
    state: rx.State, second: Callable[[], int], reread: Callable[[], Awaitable[None]]
) -> None:
    """Until the page is left, read again when the city's minute is over.

    `second` gives the second of the last reading.
    """
    while True:
        await asyncio.sleep(_MINUTE - second())
        async with state:
            await reread()
