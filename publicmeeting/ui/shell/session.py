"""The signed-in person of this browser, as the server knows it, and the content of the sign-in
forms."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import reflex as rx

from publicmeeting.application import application
from publicmeeting.domain.people import masked_mobile
from publicmeeting.domain.roles import Role
from publicmeeting.kit.clock import tehran_day
from publicmeeting.kit.digits import persian
from publicmeeting.kit.jalali import clock_words, weekday_day
from publicmeeting.notify.codes import UNSENT
from publicmeeting.text.common import sign_in_text
from publicmeeting.text.common.dates_text import in_order
from publicmeeting.text.lifecycle.roles_text import ROLE
from publicmeeting.text.officials import account_text, staff_text
from publicmeeting.text.refusals.refusals_text import refusal_in, refusal_key
from publicmeeting.text.refusals.sign_in_refusals_text import SIGN_ON
from publicmeeting.ui.reflex.view_model import VarField, ViewModel, set_fields
from publicmeeting.ui.reflex.whereabouts import url_of
from publicmeeting.ui.reflex.wire import LeanState
from publicmeeting.ui.shell.act import Asking, cookie, query, try_query
from publicmeeting.ui.shell.live import A_MINUTE, CLOCK_MOVED, always, background, follow
from publicmeeting.usecases.accounts.signing_in.pending_sign_in import (
    MISTYPED,
    PENDING,
    Pending,
    Refill,
    Refilled,
    open_mistyped,
    pending_mobile,
)
from publicmeeting.usecases.accounts.signing_in.proven import undecided
from publicmeeting.usecases.accounts.viewer import viewer
from publicmeeting.usecases.base import Nothing


@dataclass(frozen=True)
class Way(ViewModel):
    """A provider of single sign-on: the address of its form and the label of its button."""

    action: str = ""
    label: str = ""


@dataclass(frozen=True)
class Reader(ViewModel):
    """The person who has the page open, and the city's day and time for the head of a desk."""

    name: str = ""
    role: str = ""
    is_known: bool = False
    """Whether a mobile is confirmed or an identity proved, though perhaps not both yet."""
    is_staff: bool = False
    is_citizen: bool = False
    today: str = ""
    clock: str = ""


@dataclass(frozen=True)
class Elsewhere:
    """Another district of an official who has several, and the label of its button."""

    district: int
    word: str


class Session(LeanState, rx.State):
    """State of the page's frame; every page loads it first."""

    reader: Reader = Reader()
    elsewhere: list[Elsewhere] = []

    @rx.event
    async def load(self) -> None:
        """Read who the person is and what time it is in the city."""
        who = await try_query(self, viewer, Nothing())
        if who is None:
            return
        names = [ROLE[role] for role in who.roles if role is not Role.CITIZEN]
        self.reader = Reader(
            name=who.name,
            # An account may be named after its office, which is then shown once.
            role="، ".join(name for name in names if name not in who.name),
            is_known=who.has_mobile or who.is_citizen,
            is_staff=bool(names),
            is_citizen=Role.CITIZEN in who.roles,
            today=weekday_day(tehran_day(who.now)),
            clock=clock_words(who.now),
        )
        self.elsewhere = [
            Elsewhere(elsewhere, staff_text.WORK_IN.format(district=persian(elsewhere)))
            for elsewhere in who.elsewhere
        ]

    @background
    async def watch(self) -> None:
        """Keep the city's day and time current on pages that show them.

        They change every minute, and in the demo when somebody moves the clock.
        """
        await follow(self, always(CLOCK_MOVED), self._show_time, every=A_MINUTE)

    async def _show_time(self) -> None:
        now = await city_time(self)
        if now is not None:
            today, clock = weekday_day(tehran_day(now)), clock_words(now)
            set_fields(self, "reader", today=today, clock=clock)


async def city_time(state: rx.State) -> datetime | None:
    """Return the city's time for the frame; None if it cannot be read."""
    now = application().cached_city_now()
    if now is None:
        who = await try_query(state, viewer, Nothing())
        now = who.now if who else None
    return now


def ways_in() -> tuple[Way, ...]:
    """Return the providers by which a citizen may sign in."""
    return tuple(
        Way(
            f"/auth/sso/{client.provider.name}",
            sign_in_text.ENTER_WITH.format(title=client.provider.title),
        )
        for client in application().sso.clients
    )


async def waiting_mobile(state: Asking) -> str:
    """Return the masked mobile for which this visit has requested a code, or "".

    Also "" if she asks for another way in, or a single sign-on has just failed.
    It is wrapped in direction isolates: between Persian words its groups would change places.
    """
    asked = url_of(state).query_parameters
    is_elsewhere = asked.get("other") or refusal_key(asked) in SIGN_ON
    sealed = "" if is_elsewhere else cookie(state, PENDING)
    mobile = await query(state, pending_mobile, Pending(sealed=sealed)) if sealed else None
    return in_order(masked_mobile(mobile)) if mobile else ""


async def mistyped_mobile(state: Asking) -> str:
    """Return the mobile that was just refused, for correction, or ""."""
    if not refusal_key(url_of(state).query_parameters).startswith("mobile"):
        return ""
    return persian(await _mistyped(state, Refilled.MOBILE))


def leads_to_mobile(state: Asking) -> Any:
    """Return the event that leads to the mobile's field if she asks for another number.

    Her link has gone with the form of the code, and the focus with it.
    """
    return rx.set_focus("mobile") if url_of(state).query_parameters.get("other") else None


async def typed_username(state: Asking) -> str:
    """Return the user name of an official whose sign-in was refused or who has just chosen a
    password."""
    asked = url_of(state).query_parameters
    if not (asked.get("chosen") or refusal_key(asked)):
        return ""
    return await _mistyped(state, Refilled.USERNAME)


async def _mistyped(state: Asking, field: Refilled) -> str:
    sealed = cookie(state, MISTYPED)
    refill = Refill(sealed=sealed, field=field)
    return (await query(state, open_mistyped, refill) if sealed else None) or ""


def door_errors(state: rx.State, *, has_code: bool) -> dict[str, str]:
    """Return the refusal in the address as an error of a place on the page.

    If the page has a field for the code (or for an official's password), the place is this field,
    or `sending` for a code that could not be sent. Otherwise it is the mobile's field, or `door`
    above the form: an expired code has no field any more.
    """
    query = url_of(state).query_parameters
    sentence, key = refusal_in(query), refusal_key(query)
    if not sentence:
        return {}
    if has_code:
        return {"sending" if key in UNSENT else "code": sentence}
    return {"mobile" if key.startswith("mobile") else "door": sentence}


@dataclass(frozen=True)
class Door(ViewModel):
    """What a sign-in page shows besides its answer."""

    sent_to: str = ""
    """The masked mobile to which a code has just been sent."""
    mistyped: str = ""
    """The mobile that was just refused."""
    username: str = ""
    """First value of the officials' user name field."""
    asks_whose: bool = False
    """Whether she has proved who she is but has not yet answered whether a request is hers."""
    ways: tuple[Way, ...] = ()
    then: str = ""
    """What to do after an action on another page."""


class EnterState(Asking, rx.State):
    """The sign-in pages of citizens and of officials."""

    door: Door = Door()
    sent_to = VarField[str]("door")
    mistyped = VarField[str]("door")
    username = VarField[str]("door")
    asks_whose = VarField[bool]("door")
    ways = VarField[tuple[Way, ...]]("door")
    then = VarField[str]("door")

    @rx.event
    async def load(self) -> Any:
        """Read which form to open, and what was refused."""
        query = url_of(self).query_parameters
        self.sent_to = await waiting_mobile(self)
        self.mistyped = await mistyped_mobile(self)
        self.username = await typed_username(self)
        is_office = url_of(self).path.startswith("/sign-in")
        self.errors = door_errors(self, has_code=is_office or bool(self.sent_to))
        self.asks_whose = await try_query(self, undecided, Nothing()) is not None
        self.ways = ways_in()
        self.done, self.then = _why_here(query)
        return leads_to_mobile(self)


def _why_here(query: Mapping[str, str]) -> tuple[str, str]:
    """Return what an official has just done before this page, and what to do now."""
    if query.get("chosen"):
        return account_text.INVITED_CHOSEN, account_text.INVITED_CHOSEN_THEN
    return (staff_text.LOCKED, staff_text.LOCKED_THEN) if query.get("locked") else ("", "")
