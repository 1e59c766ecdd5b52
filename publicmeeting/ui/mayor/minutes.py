"""Screens that show the time of the city follow it."""

import asyncio
from collections.abc import Awaitable, Callable

import reflex as rx

_MINUTE = 60


async def each_minute(
    state: rx.State, second: Callable[[], int], reread: Callable[[], Awaitable[None]]
) -> None:
    """Until the page is left, read again when the city's minute is over.

    `second` gives the second of the last reading. For a background handler in `on_load`.
    """
    while True:
        await asyncio.sleep(_MINUTE - second())
        async with state:
            await reread()
