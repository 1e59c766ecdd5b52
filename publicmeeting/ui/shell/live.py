"""Open pages that follow the city: they await the bell and read again with their own eyes."""

import asyncio
from collections.abc import Awaitable, Callable

import reflex as rx

from publicmeeting.office import office

PAUSE_SECONDS = 0.2
"""At most five readings a second, however often the bell rings."""


async def follow(
    state: rx.State,
    topics: tuple[str, ...],
    reread: Callable[[], Awaitable[None]],
    every: float | None = None,
) -> None:
    """Until the page is left: after every ring, read again under the state's lock.

    With `every` also after so many silent seconds: what a page shows may change by time alone. For
    a background handler in `on_load`; Reflex ends it on navigation and on disconnect.
    """
    with office().bell.awaiting(*topics) as rung:
        while True:
            await _rung(rung, every)
            rung.clear()
            async with state:
                await reread()
            await asyncio.sleep(PAUSE_SECONDS)


async def _rung(rung: asyncio.Event, every: float | None) -> None:
    try:
        await asyncio.wait_for(rung.wait(), every)
    except TimeoutError:
        return
