"""Pages that could not be read are read anew, once every part they need is well again.

Such a page's socket is closed; its browser connects again by itself and is sent everything anew, as
after a lost connection. Nothing asks in between, so that a database that has just come back is not
met by everybody at once.
"""

import asyncio
import logging

from publicmeeting.live.sockets import Sockets
from publicmeeting.web.browser import ApplicationOf
from publicmeeting.web.checkup import NEEDED, Checkup

STEP_SECONDS = 2.0
AT_ONCE = 200
"""Pages of this process that are let in at each step."""

PAUSE_SECONDS = 30.0
"""A page whose fault was not that of a missing part is read anew after so long: a fault that stays
must not keep page and server busy."""

SHORT_PAUSE_SECONDS = 4.0
"""The same where only a part was missing, and back before anybody looked at the parts."""

_SERVICE_RESTART = 1012
_log = logging.getLogger(__name__)


class Renewal:
    """Looks whether pages wait, and whether what they need is there."""

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
        renewed = self._sockets.end_stale(*pauses, AT_ONCE, _SERVICE_RESTART)
        if renewed:
            _log.info("%s pages are read anew", renewed)


async def renew_pages(office_of: ApplicationOf, checkup: Checkup) -> None:
    """Until the process ends."""
    renewal = Renewal(office_of().sockets, checkup)
    while True:
        await asyncio.sleep(STEP_SECONDS)
        await renewal.step()
