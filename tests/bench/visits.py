"""`bench visits`: what an ordinary page costs the server each time it opens, without its socket.

The handlers that a page loads are called one after another in this process, as `PageLoad` calls
them. The cost of Reflex and the socket is part of `bench filing --wire`.
"""

import asyncio
import shutil
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

from reflex_base.event import Event
from reflex_base.registry import RegistrationContext
from support.plans import statements_sent
from support.served_city import seeded_city, settings_for
from support.staff_tab import Tab

from bench.figures import Measured, percentile
from publicmeeting.application import Application, open_application
from publicmeeting.domain.people import Door
from publicmeeting.domain.stages import Stage
from publicmeeting.store.accounts.sessions import Keys
from publicmeeting.store.lifecycle.lists import Filter
from publicmeeting.ui import routes
from publicmeeting.ui.shell.session import Session

LOOKS, FIRST = 14, 4
"""How often each page is opened, and how many of the first times are not counted.

The first ones prepare what all others share.
"""
_RECEPTION = "reception6"


@dataclass(frozen=True, slots=True)
class _Visit:
    """A visitor who opens a page: an official by user name, or a citizen by her cookies."""

    what: str
    route: str
    address: str
    who: str | Keys


def measure() -> list[Measured]:
    """Return the median of statements and processor time of each visit."""
    with tempfile.TemporaryDirectory(prefix="publicmeeting-") as parent:
        folder = Path(parent) / "data"
        shutil.copytree(seeded_city(), folder)
        application = open_application(settings_for(folder))
        figures = [
            figure for visit in _visits(application) for figure in _looked(application, visit)
        ]
        application.store.close()
    return figures


def _visits(application: Application) -> Iterator[_Visit]:
    visit = application.cookies.new_visit()
    with application.store.unit_of_work(application.clock()) as uow:
        case = uow.requests.find(uow.lists.requests(Filter(stages=(Stage.WAITING,)), 1)[0].code)
        assert case is not None
        hers = uow.people.get(case.person_id)
        session = uow.sessions.open_proved(None, hers.id, hers.mobile, Door.DEMO)
    keys = Keys(session, visit)
    yield _Visit("/, nobody", "/", "/", Keys(visit=visit))
    yield _Visit("/, a citizen", "/", "/", keys)
    yield _Visit("/mine/", "/mine", "/mine/", keys)
    with patch("publicmeeting.ui.citizen.timeline.forms.code_of", lambda _state: case.code):
        yield _Visit("/mine/CODE/", "/mine/[code]", f"/mine/{case.code}/", keys)
    yield _Visit("/monday/, reception", "/monday", "/monday/", _RECEPTION)


def _looked(application: Application, visit: _Visit) -> list[Measured]:
    took, asked = list[float](), 0
    page = next(one for one in routes.PAGES if one.path == visit.route)
    loads = [*([Session.load] if page.names_reader else []), *page.on_load]
    for at in range(LOOKS):
        who = visit.who
        tab = Tab(application, who) if isinstance(who, str) else Tab(application, keys=who)
        tab.go(visit.address)
        with statements_sent(application.store) as statements:
            begun = time.process_time()
            asyncio.run(load(tab, loads))
            spent = (time.process_time() - begun) * 1000
        if at >= FIRST:
            took.append(spent)
            asked = len(statements)
    return [
        Measured(f"{visit.what}: statements", asked, ""),
        Measured(f"{visit.what}: processor time", percentile(took, 0.5), "ms"),
    ]


async def load(tab: Any, loads: list[Any]) -> None:
    """Call what a page loads, one handler after another, without background handlers."""
    for event in Event.from_event_type(loads):
        registered = RegistrationContext.get().event_handlers[event.name]
        if not registered.handler.is_background:
            await registered.handler.fn(tab.state(registered.states[0]))
