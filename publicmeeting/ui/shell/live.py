"""Open pages that follow the city: they await the bell and read again with their own eyes."""

import asyncio
from collections.abc import Awaitable, Callable

import reflex as rx

from publicmeeting.office import office

PAUSE_SECONDS = 0.2
"""At most five readings a second, however often the bell rings."""


async def follow(
    state: rx.State, topics: tuple[str, ...], reread: Callable[[], Awaitable[None]]
) -> None:
    """Until the page is left: after every ring, read again under the state's lock.

    For a background handler in `on_load`; Reflex ends it on navigation and on disconnect.
    """
    with office().bell.awaiting(*topics) as rung:
        while True:
            await rung.wait()
            rung.clear()
            async with state:
                await reread()
            await asyncio.sleep(PAUSE_SECONDS)
