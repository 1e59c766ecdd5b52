"""Live pages: an open page subscribes to topics and reads again what it may see."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

import reflex as rx

from publicmeeting.application import application, rereading
from publicmeeting.domain.errors import Unavailable
from publicmeeting.kit import randomness
from publicmeeting.kit.clock import end_of_day, tehran_day
from publicmeeting.live.pubsub import published
from publicmeeting.ui.reflex.whereabouts import url_of
from publicmeeting.ui.shell.act import keys
from publicmeeting.ui.shell.connection.trouble import report_stale_page
from publicmeeting.usecases.accounts.credentials import Keys
from publicmeeting.usecases.accounts.viewer import own_topics, topics_of
from publicmeeting.usecases.base import Nothing, OneCase

PAUSE_SECONDS = 0.2
"""Pause after each reading, in seconds: at most five readings a second, however often a topic is
published."""
CLOCK_MOVED = "demo-clock"
"""Topic published when everybody has to read again; it wakes every subscription."""
A_MINUTE = 60.0
NEW_DAY_WITHIN = 300
"""Seconds after midnight within which every open page has been read again, one after another."""


@dataclass(frozen=True, slots=True)
class Here:
    """What is known about a page before it is read: the browser's cookies and the address."""

    keys: Keys
    path: str
    query: Mapping[str, str]

    @property
    def last(self) -> str:
        """The last part of the path: the code or number that the page is about."""
        return self.path.strip("/").rpartition("/")[2]


background = rx.event(background=True, supersedes=True)
"""Decorator for a handler that runs in the background of a page.

A newer run replaces the older one, so a tab has at most one of each. Reflex would otherwise run any
number of them at once if somebody sends their event often.
"""

Topics = Callable[[Here], Awaitable[tuple[str, ...]]]
"""Function that returns a page's topics. It does not use the state: following may begin before the
page is read, when the state's fields are empty or still those of the previous page."""


async def follow(
    state: rx.State,
    topics: Topics,
    reread: Callable[[], Awaitable[None]],
    every: float | Callable[[], float | None] | None = None,
) -> None:
    """Read the page again after every message, until the page is left. For a background handler in
    `on_load`.

    It is read again after midnight too: «امروز» and «فردا» are other days then. Each reading runs
    under the state's lock. After it the topics are asked for again, because an official may work in
    another district by now. Reflex ends this handler on navigation and on disconnect.

    - `every`: read also after so many seconds without a message, because the page may change by
      time alone. A function is asked each time.
    """
    async with state:
        url = url_of(state)
        here = Here(keys(state), url.path, dict(url.query_parameters))
    try:
        names = await topics(here)
    except Unavailable:
        await report_stale_page()  # when the page is read again, it asks again
        return
    if not names and every is None:
        return

    async def read_again() -> None:
        async with state:
            with rereading():
                await reread()

    while True:
        with application().pubsub.subscription(*names) as subscription:
            then = names
            while then == names:
                await published(subscription, _quiet(every() if callable(every) else every))
                subscription.clear()
                await read_again()
                await asyncio.sleep(PAUSE_SECONDS)
                then = await _moved(topics, here, names)
        names = then
        # Messages between the two subscriptions are lost, so read once now.
        await read_again()


def until_new_minute() -> float:
    """Return the seconds until the city's next minute, for pages that show its clock."""
    return A_MINUTE - _now().second


def _now() -> datetime:
    return application().cached_city_now() or application().clock()


def _quiet(every: float | None) -> float:
    """Return after how many seconds without a message to read again: `every`, or the new day."""
    midnight = until_new_day(_now()) + randomness.below(NEW_DAY_WITHIN)
    return midnight if every is None else min(every, midnight)


def until_new_day(now: datetime) -> float:
    """Return the seconds from now to the next midnight in Tehran."""
    return (end_of_day(tehran_day(now)) - now).total_seconds()


async def _moved(topics: Topics, here: Here, names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the current topics; if they cannot be read now, return the old ones (`names`)."""
    try:
        with rereading():
            return await topics(here)
    except Unavailable:
        return names


def always(*names: str) -> Topics:
    """Return a function that returns the same topics for everybody."""

    async def known(here: Here) -> tuple[str, ...]:
        del here
        return names

    return known


async def own(here: Here) -> tuple[str, ...]:
    """Return the topics of the viewer's own cases, or of the place where an official works."""
    return await application().query(own_topics, here.keys, Nothing())


async def own_and_case(here: Here) -> tuple[str, ...]:
    """Return `own` and the request named by `?case=` in the address."""
    return (*await own(here), *await _of_case(here, here.query.get("case", "")))


async def own_and_sheet(here: Here) -> tuple[str, ...]:
    """Return `own`, the request at the end of the address, and the topic of its sheet."""
    of_case = await _of_case(here, here.last)
    return (*await own(here), *of_case, *((f"sheet:{here.last}",) if of_case else ()))


async def request_and_line(here: Here) -> tuple[str, ...]:
    """Return the topics of the request at the end of the address and of its district's line, if it
    is the viewer's own."""
    return await _of_case(here, here.last)


async def _of_case(here: Here, code: str) -> tuple[str, ...]:
    return await application().query(topics_of, here.keys, OneCase(code=code)) if code else ()
