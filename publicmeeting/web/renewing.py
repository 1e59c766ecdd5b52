"""Reloads pages that could not be read, once every part they need works again.

The page's socket is closed; its browser reconnects and gets everything again, as after a lost
connection. Pages do not poll meanwhile, so a database that has just recovered is not hit by all of
them at once.
"""

import asyncio
import logging

from publicmeeting.live.sockets import Sockets
from publicmeeting.web.browser import ApplicationOf
from publicmeeting.web.checkup import NEEDED, Checkup

STEP_SECONDS = 2.0
AT_ONCE = 200
"""Maximum number of this process's pages that are reloaded at each step."""

PAUSE_SECONDS = 30.0
"""Pause before a page is reloaded whose fault was not a missing part, in seconds.

A permanent fault must not keep page and server busy.
"""

SHORT_PAUSE_SECONDS = 4.0
"""The same pause if a part was missing but has recovered before any checkup, in seconds."""

_log = logging.getLogger(__name__)


class Renewal:
    """Checks whether pages wait, and whether what they need works."""

    def __init__(self, sockets: Sockets, checkup: Checkup) -> None:
        self._sockets = sockets
        self._checkup = checkup
        self._was_missing = False

    async def step(self) -> None:
        if not self._sockets.stale():
            self._was_missing = False
            return
        found = await self._checkup.findings()
        if not all(found[part].is_well for part in NEEDED):
            self._was_missing = True
            return
        pauses = (0.0, 0.0) if self._was_missing else (PAUSE_SECONDS, SHORT_PAUSE_SECONDS)
        renewed = self._sockets.end_stale(*pauses, AT_ONCE)
        if renewed:
            _log.info("%s pages are read anew", renewed)


async def renew_pages(office_of: ApplicationOf, checkup: Checkup) -> None:
    """Reload waiting pages, until the process ends."""
    renewal = Renewal(office_of().sockets, checkup)
    while True:
        await asyncio.sleep(STEP_SECONDS)
        await renewal.step()
