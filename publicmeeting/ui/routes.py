"""The table of pages: path, page, title, who it is for, and what it reads when it opens."""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import reflex as rx

from publicmeeting.domain.roles import MEETING, Role
from publicmeeting.text.common import descriptions_text as about
from publicmeeting.text.common import titles_text as pages
from publicmeeting.ui.citizen import enter as citizen_enter
from publicmeeting.ui.citizen import proof
from publicmeeting.ui.citizen.home import page as home
from publicmeeting.ui.citizen.home.state import HomeState
from publicmeeting.ui.citizen.mine import page as mine
from publicmeeting.ui.citizen.mine.state import MineState
from publicmeeting.ui.citizen.proof import ProofState
from publicmeeting.ui.citizen.receipt import page as receipt
from publicmeeting.ui.citizen.receipt.state import ReceiptState
from publicmeeting.ui.citizen.request import page as request
from publicmeeting.ui.citizen.request.state import BookingState
from publicmeeting.ui.citizen.timeline import page as timeline
from publicmeeting.ui.citizen.timeline.state import TimelineState
from publicmeeting.ui.citizen.track import page as track
from publicmeeting.ui.citizen.track.state import TrackState
from publicmeeting.ui.city.calendar import page as city_calendar
from publicmeeting.ui.city.calendar.state import CalendarState
from publicmeeting.ui.city.promises import page as city_promises
from publicmeeting.ui.city.promises.state import CityPromisesState
from publicmeeting.ui.city.rules import page as make_rules
from publicmeeting.ui.city.rules.state import MakeRulesState
from publicmeeting.ui.city.security import page as city_security
from publicmeeting.ui.city.security.state import SecurityState
from publicmeeting.ui.city.witness import page as witness
from publicmeeting.ui.city.witness.state import WitnessState
from publicmeeting.ui.mayor.agenda import page as agenda
from publicmeeting.ui.mayor.agenda.holding import HoldingState
from publicmeeting.ui.mayor.agenda.state import AgendaState
from publicmeeting.ui.mayor.meeting import page as meeting
from publicmeeting.ui.mayor.meeting.state import MeetingState
from publicmeeting.ui.mayor.order import page as mayor_order
from publicmeeting.ui.mayor.order.state import MayorOrderState
from publicmeeting.ui.mayor.orders import page as mayor_orders
from publicmeeting.ui.mayor.orders.state import MayorOrdersState
from publicmeeting.ui.mayor.profile import page as profile
from publicmeeting.ui.mayor.profile.state import ProfileState
from publicmeeting.ui.mayor.review import page as review
from publicmeeting.ui.mayor.review.state import ReviewState
from publicmeeting.ui.public import draws, log, lost
from publicmeeting.ui.public.ceremony import page as ceremony
from publicmeeting.ui.public.ceremony.state import CeremonyState
from publicmeeting.ui.public.draws import DrawsState
from publicmeeting.ui.public.log import LogState
from publicmeeting.ui.public.rules import page as rules
from publicmeeting.ui.public.rules.state import RulesState
from publicmeeting.ui.public.verify import page as verify
from publicmeeting.ui.public.verify.state import VerifyState
from publicmeeting.ui.shell.audiences.state import AudiencesState
from publicmeeting.ui.shell.demo_bar import demo_bar
from publicmeeting.ui.shell.demo_state import DemoState
from publicmeeting.ui.shell.login_form import EnterState
from publicmeeting.ui.shell.session import Session
from publicmeeting.ui.staff.briefs import page as briefs
from publicmeeting.ui.staff.briefs.state import BriefsState
from publicmeeting.ui.staff.calls import page as calls
from publicmeeting.ui.staff.calls.state import CallsState
from publicmeeting.ui.staff.desk import page as desk
from publicmeeting.ui.staff.desk.state import DeskState
from publicmeeting.ui.staff.enter import page as staff_enter
from publicmeeting.ui.staff.lanes import page as lanes
from publicmeeting.ui.staff.lanes.state import LanesState
from publicmeeting.ui.staff.monday import page as monday
from publicmeeting.ui.staff.monday.state import MondayState
from publicmeeting.ui.staff.unit import page as unit
from publicmeeting.ui.staff.unit.state import UnitState


@dataclass(frozen=True, slots=True)
class Page:
    """One page. `roles` is for the reader of this table: the use cases are what refuse."""

    path: str
    draw: Callable[[], rx.Component]
    title: str
    on_load: tuple[Any, ...] = ()
    roles: tuple[Role, ...] = ()
    names_reader: bool = True
    """Whether its frame says who is signed in."""
    about: str = ""
    """Of a page anybody may open: what search engines and shared links say of it."""


class _Followed(Protocol):
    """A page's state that is read when the page opens, and again whenever something happens."""

    @property
    def load(self) -> object: ...

    @property
    def watch(self) -> object: ...


def _at_a_desk(
    path: str,
    draw: Callable[[], rx.Component],
    title: str,
    state: type[_Followed],
    *roles: Role,
) -> Page:
    """A page of officials that follows its list, and their session while it is open."""
    return Page(path, draw, title, (state.load, state.watch, Session.watch), roles)


PAGES: tuple[Page, ...] = (
    Page("/", home.page, pages.HOME, (HomeState.load, HomeState.watch), about=about.HOME),
    Page("/404", lost.page, pages.NOT_FOUND, about=about.NOT_FOUND),
    Page("/verify", verify.page, pages.VERIFY, (VerifyState.load,), about=about.VERIFY),
    Page("/verify/log", log.page, pages.LOG, (LogState.load, LogState.watch), about=about.LOG),
    Page(
        "/request",
        request.page,
        pages.REQUEST,
        (BookingState.load,),
        names_reader=False,
        about=about.REQUEST,
    ),
    Page("/receipt/[code]", receipt.page, pages.RECEIPT, (ReceiptState.load,), (Role.CITIZEN,)),
    Page("/proof/[code]", proof.page, pages.PROOF, (ProofState.load,), (Role.CITIZEN,)),
    Page("/mine", mine.page, pages.MINE, (MineState.load, MineState.watch), (Role.CITIZEN,)),
    Page(
        "/mine/[code]",
        timeline.page,
        pages.CASE,
        (TimelineState.load, TimelineState.watch),
        (Role.CITIZEN,),
    ),
    Page("/track", track.page, pages.TRACK, (TrackState.load, TrackState.watch), about=about.TRACK),
    Page("/enter", citizen_enter.page, pages.ENTER, (EnterState.load,), about=about.ENTER),
    Page(
        "/sign-in", staff_enter.page, pages.STAFF_ENTER, (EnterState.load,), about=about.STAFF_ENTER
    ),
    Page(
        "/mayor",
        agenda.page,
        pages.AGENDA,
        (
            AgendaState.load,
            HoldingState.load,
            AudiencesState.load,
            AgendaState.watch,
            AgendaState.tick,
        ),
        MEETING,
    ),
    Page(
        "/mayor/meeting/[code]",
        meeting.page,
        pages.MEETING,
        (MeetingState.load, MeetingState.watch, MeetingState.tick),
        MEETING,
    ),
    Page(
        "/mayor/orders",
        mayor_orders.page,
        pages.ORDERS,
        (MayorOrdersState.load, MayorOrdersState.watch),
        MEETING,
    ),
    Page(
        "/mayor/orders/[number]",
        mayor_order.page,
        pages.ORDERS,
        (MayorOrderState.load, MayorOrderState.watch),
        MEETING,
    ),
    Page("/mayor/profile", profile.page, pages.PROFILE, (ProfileState.load,), MEETING),
    Page(
        "/mayor/review",
        review.page,
        pages.REVIEW,
        (ReviewState.load, ReviewState.watch),
        MEETING,
    ),
    _at_a_desk("/witness", witness.page, pages.WITNESS, WitnessState, Role.WITNESS),
    Page("/draws", draws.page, pages.DRAWS, (DrawsState.load, DrawsState.watch), about=about.DRAWS),
    Page(
        "/ceremony",
        ceremony.page,
        pages.CEREMONY,
        (CeremonyState.load, CeremonyState.watch),
        about=about.CEREMONY,
    ),
    _at_a_desk("/desk", desk.page, pages.INBOX, DeskState, Role.DESK, Role.UNIT),
    _at_a_desk("/desk/calls", calls.page, pages.CALLS, CallsState, Role.DESK),
    _at_a_desk("/lanes", lanes.page, pages.LANES, LanesState, Role.DESK, Role.UNIT),
    Page("/rules", rules.page, pages.RULES, (RulesState.load, RulesState.watch), about=about.RULES),
    Page(
        "/city/calendar",
        city_calendar.page,
        pages.CITY_CALENDAR,
        (CalendarState.load, CalendarState.watch),
        (Role.ADMINISTRATOR,),
    ),
    _at_a_desk(
        "/city/promises", city_promises.page, pages.CITY_PROMISES, CityPromisesState, Role.OVERSEER
    ),
    Page(
        "/city/rules",
        make_rules.page,
        pages.MAKE_RULES,
        (MakeRulesState.load, MakeRulesState.watch),
        (Role.ADMINISTRATOR,),
    ),
    Page(
        "/city/security",
        city_security.page,
        pages.CITY_SECURITY,
        (SecurityState.load,),
        (Role.ADMINISTRATOR,),
    ),
    Page(
        "/monday",
        monday.page,
        pages.MONDAY,
        (MondayState.load, AudiencesState.load, MondayState.watch, Session.watch),
        (Role.RECEPTION,),
    ),
    _at_a_desk("/unit/briefs", briefs.page, pages.BRIEFS, BriefsState, Role.UNIT),
    _at_a_desk("/unit", unit.page, pages.UNIT, UnitState, Role.UNIT, Role.DESK),
    _at_a_desk("/unit/[number]", unit.page, pages.UNIT, UnitState, Role.UNIT, Role.DESK),
)


def drawn(page: Page, *, demo: bool) -> Callable[[], rx.Component]:
    """A page with all that stands around it in this kind of city."""
    return _with_demo_bar(page.draw) if demo else page.draw


def add_to(app: rx.App, *, demo: bool) -> None:
    """Add every page to the app; most load the session first, and all the demo's bar in a demo."""
    for page in PAGES:
        first = [Session.load] if page.names_reader else []
        bar = [DemoState.watch] if demo else []
        app.add_page(
            drawn(page, demo=demo),
            route=page.path,
            title=page.title,
            description=page.about or None,
            on_load=[*first, *bar, *page.on_load],
        )


def _with_demo_bar(draw: Callable[[], rx.Component]) -> Callable[[], rx.Component]:
    # Reflex files the parts of a page under the module that drew it: a chunk for each page.
    @functools.wraps(draw)
    def drawn() -> rx.Component:
        return rx.fragment(demo_bar(), draw())

    return drawn
