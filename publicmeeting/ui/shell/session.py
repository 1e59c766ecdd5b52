"""Who is at this browser, as the server knows it; shown, never trusted."""

from dataclasses import dataclass

import reflex as rx

from publicmeeting.domain.roles import Role
from publicmeeting.kit.clock import tehran_day
from publicmeeting.kit.jalali import clock_words, weekday_day
from publicmeeting.text.roles import ROLE
from publicmeeting.ui.design.view import View
from publicmeeting.ui.shell.act import glance
from publicmeeting.ui.shell.wire import NamedByClass
from publicmeeting.usecases.accounts import Nothing
from publicmeeting.usecases.whoami import whoami


@dataclass(frozen=True)
class Reader(View):
    """Whoever has the page open, and the city's day and time for the head of a desk."""

    name: str = ""
    role: str = ""
    is_known: bool = False
    """A mobile has been confirmed, though perhaps nobody has been named yet."""
    is_staff: bool = False
    is_citizen: bool = False
    today: str = ""
    clock: str = ""


class Session(NamedByClass, rx.State):
    """The frame's own knowledge; every page loads it first."""

    reader: Reader = Reader()

    @rx.event
    async def load(self) -> None:
        """Read who this is and what time it is in the city."""
        who = await glance(self, whoami, Nothing())
        if who is None:
            return
        offices = [ROLE[role] for role in who.roles if role is not Role.CITIZEN]
        self.reader = Reader(
            name=who.name,
            # An account may be called after its office: it is said once.
            role="، ".join(one for one in offices if one not in who.name),
            is_known=who.has_mobile,
            is_staff=bool(offices),
            is_citizen=Role.CITIZEN in who.roles,
            today=weekday_day(tehran_day(who.now)),
            clock=clock_words(who.now),
        )
