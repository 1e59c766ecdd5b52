"""Open pages that follow the city: they subscribe to topics and read again what they may see."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

import reflex as rx

from publicmeeting.application import application, rereading
from publicmeeting.domain.errors import Unavailable
from publicmeeting.live.pubsub import published
from publicmeeting.ui.reflex.router import url_of
from publicmeeting.ui.shell.act import keys
from publicmeeting.ui.shell.trouble import report_stale_page
from publicmeeting.usecases.accounts.credentials import Keys
from publicmeeting.usecases.accounts.viewer import own_topics, topics_of
from publicmeeting.usecases.base import Nothing, OneCase

PAUSE_SECONDS = 0.2
"""At most five readings a second, however often a topic is published."""
CLOCK_MOVED = "demo-clock"
"""Published when everybody has to read again; it wakes every subscription."""
A_MINUTE = 60.0


@dataclass(frozen=True, slots=True)
class Here:
    """What is known of a page before it has been read: the browser's cookies and the address."""

    keys: Keys
    path: str
    query: Mapping[str, str]

    @property
    def last(self) -> str:
        """The last part of the path: the code or number a page is about."""
        return self.path.strip("/").rpartition("/")[2]


background = rx.event(background=True, supersedes=True)
"""Declares a handler that runs beside the page. Newest wins: a tab has at most one of each, however
often somebody sends its event, because Reflex lets any number of plain ones run side by side."""

Topics = Callable[[Here], Awaitable[tuple[str, ...]]]
"""A function beside a state, not in it: following may begin before the page has been read, when
the fields of its state are empty or still those of the page before."""


async def follow(
    state: rx.State,
    topics: Topics,
    reread: Callable[[], Awaitable[None]],
    every: float | Callable[[], float | None] | None = None,
    *,
    at_once: bool = False,
    moves: bool = False,
) -> None:
    """Until the page is left: after every message, read again under the state's lock.

    With `every` also after so many silent seconds, as they are by then: what a page shows may
    change by time alone. With `moves` the topics are asked for again after each reading. For
    a background handler in `on_load`; Reflex ends it on navigation and on disconnect. `at_once`
    reads before the first message too, for a page that nothing else loads.
    """
    async with state:
        url = url_of(state)
        here = Here(keys(state), url.path, dict(url.query_parameters))
        if at_once:
            await reread()
    try:
        names = await topics(here)
    except Unavailable:
        await report_stale_page()  # opened anew, it asks again
        return
    if not names and every is None:
        return
    while True:
        with application().pubsub.subscription(*names) as subscription:
            then = names
            while then == names:
                await published(subscription, every() if callable(every) else every)
                subscription.clear()
                async with state:
                    with rereading():
                        await reread()
                await asyncio.sleep(PAUSE_SECONDS)
                then = await _moved(topics, here, names) if moves else names
        names = then
        # What was published between the two subscriptions is read now.
        async with state:
            with rereading():
                await reread()


async def _moved(topics: Topics, here: Here, names: tuple[str, ...]) -> tuple[str, ...]:
    """The topics as they are by now; where nobody has time to tell, those it has had (`names`)."""
    try:
        with rereading():
            return await topics(here)
    except Unavailable:
        return names


def always(*names: str) -> Topics:
    """The same topics for everybody."""

    async def known(here: Here) -> tuple[str, ...]:
        del here
        return names

    return known


async def own(here: Here) -> tuple[str, ...]:
    """Whatever happens in the viewer's own cases, or where an official works."""
    return await application().query(own_topics, here.keys, Nothing())


async def own_and_case(here: Here) -> tuple[str, ...]:
    """The same, and the request that the address names as its case."""
    return (*await own(here), *await _of_case(here, here.query.get("case", "")))


async def own_and_sheet(here: Here) -> tuple[str, ...]:
    """The same, for the address that ends with it, and what is chosen for its sheet."""
    of_case = await _of_case(here, here.last)
    return (*await own(here), *of_case, *((f"sheet:{here.last}",) if of_case else ()))


async def request_and_line(here: Here) -> tuple[str, ...]:
    """The request the address ends with, and the line of its district, where it is the viewer's
    own."""
    return await _of_case(here, here.last)


async def _of_case(here: Here, code: str) -> tuple[str, ...]:
    return await application().query(topics_of, here.keys, OneCase(code=code)) if code else ()
