"""Screens at the mayor's table follow the clock of the city."""

import asyncio
from collections.abc import Awaitable, Callable

import reflex as rx

_MINUTE = 60


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
