"""Who is at this browser, as the server knows it; shown, never trusted."""

import reflex as rx

from publicmeeting.config import settings
from publicmeeting.domain.roles import Role
from publicmeeting.kit.clock import tehran_day
from publicmeeting.kit.jalali import clock_words, weekday_day
from publicmeeting.text.roles import ROLE
from publicmeeting.ui.shell.act import Asking, look
from publicmeeting.usecases.accounts import Nothing
from publicmeeting.usecases.whoami import whoami


class Session(Asking, rx.State):
    """The frame's own knowledge; every page loads it first."""

    name: str = ""
    role: str = ""
    district: int = 0
    is_citizen: bool = False
    is_known: bool = False
    """A mobile has been confirmed, though perhaps nobody has been named yet."""
    is_staff: bool = False
    today: str = ""
    clock: str = ""
    demo: bool = False

    @rx.event
    async def load(self) -> None:
        """Read who this is and what time it is in the city."""
        who = await look(self, whoami, Nothing())
        if who is None:
            return
        self.name = who.name
        self.role = "، ".join(ROLE[role] for role in who.roles if role is not Role.CITIZEN)
        self.district = who.district or 0
        self.is_citizen, self.is_known = who.is_citizen, who.has_mobile
        self.is_staff = any(role is not Role.CITIZEN for role in who.roles)
        self.today = weekday_day(tehran_day(who.now))
        self.clock = clock_words(who.now)
        self.demo = settings().is_demo
