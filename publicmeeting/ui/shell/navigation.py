"""The navigation rail of officials' pages, and the guard that hides a page from the wrong role."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import reflex as rx

from publicmeeting.domain.districts.texts import EDITORS
from publicmeeting.domain.officials.audit import READERS
from publicmeeting.domain.roles import MEETING, Role
from publicmeeting.kit.digits import persian
from publicmeeting.text.common import chrome_text
from publicmeeting.text.officials import staff_text
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.ui.design.controls import anchor, button, door_from_here
from publicmeeting.ui.design.flow import any_of, each, is_plain, shown
from publicmeeting.ui.design.frames import board_frame, brand, phone_page, site_bar
from publicmeeting.ui.design.icons import icon
from publicmeeting.ui.design.sheets import live_region
from publicmeeting.ui.design.states import dead_end, loading
from publicmeeting.ui.design.tehran import mark
from publicmeeting.ui.reflex.wire import LeanState
from publicmeeting.ui.shell.act import Asking, try_query
from publicmeeting.ui.shell.connection.trouble import live_sign, repeat_over_page
from publicmeeting.ui.shell.live import background, follow, own
from publicmeeting.ui.shell.session import Elsewhere, Session
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.line.rules import AGREE
from publicmeeting.usecases.oversight.workplaces import Workplaces, workplaces


@dataclass(frozen=True)
class Place:
    """One entry of the rail; `count` is how much waits there."""

    word: str
    icon: str
    href: str
    count: str = ""


@dataclass(frozen=True, slots=True)
class _Entry:
    place: Place
    roles: tuple[Role, ...]


_ENTRIES = (
    _Entry(Place(staff_text.SCREENING, "inbox", "/desk/"), (Role.DESK,)),
    _Entry(Place(staff_text.ASSIST, "chat", "/assist/"), (Role.DESK, Role.PHONE)),
    _Entry(Place(staff_text.CALLS, "phone", "/desk/calls/"), (Role.DESK, Role.PHONE)),
    _Entry(Place(staff_text.PERSON, "card", "/desk/person/"), (Role.DESK,)),
    _Entry(Place(staff_text.AGENDA, "calendar", "/mayor/"), MEETING),
    _Entry(Place(staff_text.ORDERS, "doc", "/mayor/orders/"), MEETING),
    _Entry(Place(staff_text.MONDAY, "calendar", "/monday/"), (Role.RECEPTION,)),
    _Entry(Place(staff_text.ORDERS, "doc", "/unit/"), (Role.UNIT, Role.DESK)),
    _Entry(Place(staff_text.REQUESTS, "chat", "/desk/"), (Role.UNIT,)),
    _Entry(Place(staff_text.LANES, "shield", "/lanes/"), (Role.DESK, Role.UNIT)),
    _Entry(Place(staff_text.TEXTS, "pin", "/district/"), EDITORS),
    _Entry(Place(staff_text.CITY_PROMISES, "flag", "/city/promises/"), (Role.OVERSEER,)),
    _Entry(Place(staff_text.CALENDAR, "calendar", "/city/calendar/"), (Role.ADMINISTRATOR,)),
    _Entry(Place(staff_text.PEOPLE, "people", "/city/people/"), (Role.ADMINISTRATOR,)),
    _Entry(Place(staff_text.RULES, "list", "/city/rules/"), AGREE),
    _Entry(Place(staff_text.VALUE, "dice", "/city/value/"), (Role.ADMINISTRATOR,)),
    _Entry(Place(staff_text.AUDIT, "search", "/city/audit/"), READERS),
    _Entry(Place(staff_text.SECURITY, "shield", "/city/security/"), (Role.ADMINISTRATOR,)),
)
"""If roles share an address, its first entry counts: a desk officer who is also in a unit
screens."""


class Rail(LeanState, rx.State):
    """State of the official's rail."""

    places: list[Place] = []
    district: int = 0
    news: str = ""
    """How many changes others have made to this account since its owner last read them."""
    arrived: str = ""
    """Announcement of places where more waits than before, for users who do not see the counts."""

    @rx.event
    async def load(self) -> None:
        """Read where the official works and what waits there."""
        await self._read()

    @background
    async def watch(self) -> None:
        """Follow what waits elsewhere, on a page that follows nothing itself."""
        await follow(self, own, self._count)

    async def _count(self) -> None:
        """Read again; say over the page if the last role has ended, and leave its form as it is."""
        had = self.places
        await self._read()
        if had and not self.places:
            await repeat_over_page(refusal("session_ended", kind="roleless"))

    async def _read(self) -> Workplaces | None:
        seen = await try_query(self, workplaces, Nothing())
        if seen is not None:
            places = places_of(seen)
            if places != self.places:
                before = self.places if seen.district == self.district else []
                self.arrived = arrived_words(before, places)
            self.places, self.district = places, seen.district
            self.news = persian(seen.account_news) if seen.account_news else ""
        return seen


async def read_rail(state: rx.State) -> Workplaces | None:
    """Read the rail again together with a page's list; returns what it was read from."""
    return await (await state.get_state(Rail))._read()  # noqa: SLF001 (no browser may call it)


def places_of(seen: Workplaces) -> list[Place]:
    counts = {
        "/desk/": seen.to_screen,
        "/desk/calls/": seen.to_call,
        "/unit/": seen.questions + seen.briefs,
        "/lanes/": seen.lanes_to_judge,
        "/city/promises/": seen.for_the_city,
        "/monday/": seen.unprepared,
        "/district/": seen.texts,
        "/city/rules/": seen.rules,
    }
    found: dict[str, Place] = {}
    for entry in _ENTRIES:
        place = entry.place
        if place.href not in found and seen.roles & set(entry.roles):
            count = counts.get(place.href, 0)
            found[place.href] = Place(
                place.word, place.icon, place.href, persian(count) if count else ""
            )
    return list(found.values())


def _number(count: str) -> int:
    return int(count or 0)


def arrived_words(before: Iterable[Place], now: Iterable[Place]) -> str:
    """Return the announcement of places where more waits than before; "" if there are none.

    It says how many wait now, not how many came: of two announcements within a moment a screen
    reader speaks only the last.
    """
    waited = {place.href: _number(place.count) for place in before}
    grown = [
        place for place in now if place.href in waited and _number(place.count) > waited[place.href]
    ]
    lines = (staff_text.ARRIVED_AT.format(place=place.word, count=place.count) for place in grown)
    return staff_text.ARRIVED.format(places="، ".join(lines)) if grown else ""


def staff_rail(here: str) -> rx.Component:
    """The rail of the page at the address `here`."""

    def entry(place: Place) -> rx.Component:
        return anchor(
            shown(place.count, rx.el.span(place.count, class_name="rail-count")),
            icon(place.icon),
            rx.el.span(place.word),
            href=place.href,
            class_name="rail-item",
            aria_current=rx.cond(place.href == here, "page", "false"),
        )

    return rx.el.nav(
        anchor(
            mark(Rail.district, "lg"),
            rx.el.span(chrome_text.SITE, class_name="sr-only"),
            href="/",
            class_name="brand shrink-0 self-center",
        ),
        each(Rail.places, entry),
        each(Session.elsewhere, _elsewhere),
        rx.cond(Session.reader.is_staff, rx.fragment(_account(), _lock(), _leave())),
        live_region(Rail.arrived),
        aria_label=staff_text.RAIL,
        class_name="rail on-band",
    )


def _account() -> rx.Component:
    """Link to the account page, which the server renders without scripts, with the count of
    changes.

    The link leads on to the official's means of signing in.
    """
    return anchor(
        shown(Rail.news, rx.el.span(Rail.news, class_name="rail-count")),
        icon("person"),
        rx.el.span(staff_text.ACCOUNT),
        href="/account/",
        native=True,
        class_name="rail-item ms-auto md:ms-0 md:mt-auto",
    )


def _elsewhere(elsewhere: Elsewhere) -> rx.Component:
    """Button that changes to another of the official's districts. It reloads, because every page
    changes with it."""
    return _leads_on(
        "pin", elsewhere.word, "/auth/district", name="district", value=elsewhere.district
    )


def _lock() -> rx.Component:
    """Button to lock a shared desk for a while: what is typed is kept for the official's return."""
    return _leads_on("lock", staff_text.LOCK, "/auth/lock")


def _leave() -> rx.Component:
    """Button to sign out: a native form, because only an HTTP answer can delete the cookie."""
    return _leads_on("exit", staff_text.LEAVE, "/auth/leave", name="next", value="/sign-in/")


def _leads_on(sign: str, word: str, action: str, **sent: object) -> rx.Component:
    """A native form with one button; `sent` is its hidden field."""
    hidden = [rx.el.input(type="hidden", read_only=True, **sent)] if sent else []
    return rx.el.form(
        rx.el.button(icon(sign), rx.el.span(word), type="submit", class_name="rail-item"),
        *hidden,
        method="post",
        action=action,
        on_submit=None,
    )


def at_work(
    title: str, where: str = "", *, follows: bool = True, in_list: bool = False
) -> rx.Component:
    """The head of an official's page: h1, reader, role, district if any, and the city's time.

    In a list beside what is open it is an h2, because `desk_frame` has the h1.

    A page that nobody else changes, such as a form, does not follow and has no sign of it.
    """
    return rx.el.div(
        rx.el.div(
            (rx.el.h2 if in_list else rx.el.h1)(title, class_name="text-h1"),
            *((live_sign(),) if follows else ()),
            class_name="flex items-center justify-between gap-3",
        ),
        rx.el.p(
            Session.reader.name,
            rx.cond(Session.reader.role, "\u00a0· ", ""),
            Session.reader.role,
            *(() if is_plain(where) else (rx.cond(where, "\u00a0· ", ""), where)),
            rx.cond(Session.reader.today, "\u00a0· ", ""),
            Session.reader.today,
            rx.cond(Session.reader.clock, "، ", ""),
            Session.reader.clock,
            class_name="text-meta text-ink2",
        ),
    )


def live_title(title: str, *below: rx.Component) -> rx.Component:
    """The h1 of an official's page that updates by itself, and what stands below it."""
    return rx.el.div(
        rx.el.div(
            rx.el.h1(title, class_name="min-w-0 wrap-anywhere text-h1"),
            live_sign(),
            class_name="flex items-center justify-between gap-3",
        ),
        *below,
        class_name="mb-4",
    )


def auth_guard(state: type[Asking], page: rx.Component) -> rx.Component:
    """The page once it has been read. A wrong role and a wrong address look the same."""
    enter = anchor(staff_text.ENTER, href=door_from_here("/sign-in/"), class_name="btn btn-primary")
    first = rx.cond(any_of(Rail.places), Rail.places[0].href, "/")
    out = button(staff_text.BACK_TO_WORK, href=first)
    return rx.cond(
        state.signed_out,
        _alone(dead_end(staff_text.NEED_ENTER, why_enter(state), enter)),
        rx.cond(
            state.missing,
            _alone(
                dead_end(chrome_text.NOT_FOUND, chrome_text.NOT_FOUND_WHY, out, lit=Rail.district)
            ),
            rx.cond(state.ready, page, board_frame(staff_rail(""), loading("rows"))),
        ),
    )


def why_enter(state: type[Asking], why: str = staff_text.NEED_ENTER_WHY) -> Any:
    """Why an official must sign in, and why he may be unable to.

    Whoever was signed out while the page was open, or has no role today, reads that instead.
    """
    return rx.cond(state.refused, state.refused, f"{why} {staff_text.NO_WAY_IN}")


def _alone(part: rx.Component) -> rx.Component:
    return phone_page(part, bar=site_bar(brand()))
