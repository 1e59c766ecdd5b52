"""The table of pages: path, component, title, roles, and what each reads when it opens."""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import reflex as rx

from publicmeeting.domain.districts.texts import EDITORS
from publicmeeting.domain.officials.audit import READERS
from publicmeeting.domain.roles import MEETING, Role
from publicmeeting.text.common import chrome_text, titles_text
from publicmeeting.ui.citizen import enter as citizen_enter
from publicmeeting.ui.citizen import home, mine, receipt, track
from publicmeeting.ui.citizen.home import HomeState
from publicmeeting.ui.citizen.mine import MineState
from publicmeeting.ui.citizen.receipt import ProofState, ReceiptState
from publicmeeting.ui.citizen.request import page as request
from publicmeeting.ui.citizen.request.state import BookingState
from publicmeeting.ui.citizen.timeline import page as timeline
from publicmeeting.ui.citizen.timeline.page import TimelineState
from publicmeeting.ui.citizen.track import TrackState
from publicmeeting.ui.city import audit as city_audit
from publicmeeting.ui.city import calendar as city_calendar
from publicmeeting.ui.city import rules as make_rules
from publicmeeting.ui.city import security as city_security
from publicmeeting.ui.city import value as city_value
from publicmeeting.ui.city.audit import AuditState
from publicmeeting.ui.city.calendar import CalendarState
from publicmeeting.ui.city.people import official as city_official
from publicmeeting.ui.city.people import page as city_people
from publicmeeting.ui.city.people.state import OfficialPageState, PeopleState
from publicmeeting.ui.city.promises import page as city_promises
from publicmeeting.ui.city.promises.state import CityPromisesState
from publicmeeting.ui.city.rules import MakeRulesState
from publicmeeting.ui.city.rules_by_two import RulesByTwoState
from publicmeeting.ui.city.security import SecurityState
from publicmeeting.ui.city.value import ValueState
from publicmeeting.ui.design.controls import button
from publicmeeting.ui.design.frames import phone_page
from publicmeeting.ui.design.states import dead_end
from publicmeeting.ui.mayor import orders as mayor_orders
from publicmeeting.ui.mayor import profile, review
from publicmeeting.ui.mayor.agenda import page as agenda
from publicmeeting.ui.mayor.agenda.day_place import DayPlaceState
from publicmeeting.ui.mayor.agenda.state import AgendaState, HoldingState
from publicmeeting.ui.mayor.meeting import page as meeting
from publicmeeting.ui.mayor.meeting.state import MeetingState
from publicmeeting.ui.mayor.order import page as mayor_order
from publicmeeting.ui.mayor.order.state import MayorOrderState
from publicmeeting.ui.mayor.orders import MayorOrdersState
from publicmeeting.ui.mayor.profile import ProfileState, StockTextState
from publicmeeting.ui.mayor.review import ReviewState
from publicmeeting.ui.public import draws, log, rules
from publicmeeting.ui.public.ceremony import page as ceremony
from publicmeeting.ui.public.ceremony.state import CeremonyState
from publicmeeting.ui.public.draws import DrawsState
from publicmeeting.ui.public.log import LogState
from publicmeeting.ui.public.rules import RulesState
from publicmeeting.ui.public.verify import page as verify
from publicmeeting.ui.public.verify.state import VerifyState
from publicmeeting.ui.shell.audiences import AudiencesState
from publicmeeting.ui.shell.demo import DemoState, demo_bar
from publicmeeting.ui.shell.navigation import Rail
from publicmeeting.ui.shell.session import EnterState, Session
from publicmeeting.ui.staff import briefs, calls, lanes, paper_entry, person
from publicmeeting.ui.staff import enter as staff_enter
from publicmeeting.ui.staff.assist import follow
from publicmeeting.ui.staff.assist import page as assist
from publicmeeting.ui.staff.assist.follow_state import FollowState
from publicmeeting.ui.staff.assist.state import AssistState
from publicmeeting.ui.staff.briefs import BriefsState
from publicmeeting.ui.staff.calls import CallsState
from publicmeeting.ui.staff.desk import page as desk
from publicmeeting.ui.staff.desk.state import DeskState
from publicmeeting.ui.staff.lanes import LanesState
from publicmeeting.ui.staff.monday import page as monday
from publicmeeting.ui.staff.monday.state import MondayState
from publicmeeting.ui.staff.paper_entry import PaperEntryState
from publicmeeting.ui.staff.person import PersonState
from publicmeeting.ui.staff.texts import page as texts
from publicmeeting.ui.staff.texts.state import TextsState
from publicmeeting.ui.staff.unit import page as unit
from publicmeeting.ui.staff.unit.state import UnitState
from publicmeeting.usecases.line.rules import AGREE


@dataclass(frozen=True, slots=True)
class Page:
    """One page. `roles` only informs readers of this table: the use cases refuse other roles."""

    path: str
    draw: Callable[[], rx.Component]
    title: str
    on_load: tuple[Any, ...] = ()
    roles: tuple[Role, ...] = ()
    names_reader: bool = True
    """Whether the page's frame shows who is signed in."""
    about: str = ""
    """Description of a public page for search engines and shared links."""


class _Followed(Protocol):
    """A page's state that is read when the page opens and again after each change."""

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
    """Return an official's page that follows its list and, while it is open, the official's
    session."""
    return Page(path, draw, title, (state.load, state.watch, Session.watch), roles)


def _not_found() -> rx.Component:
    """The page for an address that does not exist."""
    home_link = button(chrome_text.HOME, href="/")
    return phone_page(dead_end(chrome_text.NOT_FOUND, chrome_text.NOT_FOUND_WHY, home_link))


PAGES: tuple[Page, ...] = (
    Page(
        "/",
        home.page,
        titles_text.HOME,
        (HomeState.load, HomeState.watch),
        about=titles_text.ABOUT_HOME,
    ),
    Page("/404", _not_found, titles_text.NOT_FOUND, about=titles_text.ABOUT_NOT_FOUND),
    Page(
        "/verify",
        verify.page,
        titles_text.VERIFY,
        (VerifyState.load,),
        about=titles_text.ABOUT_VERIFY,
    ),
    Page(
        "/verify/log",
        log.page,
        titles_text.LOG,
        (LogState.load, LogState.watch),
        about=titles_text.ABOUT_LOG,
    ),
    Page(
        "/request",
        request.page,
        titles_text.REQUEST,
        (BookingState.load,),
        names_reader=False,
        about=titles_text.ABOUT_REQUEST,
    ),
    Page(
        "/receipt/[code]", receipt.page, titles_text.RECEIPT, (ReceiptState.load,), (Role.CITIZEN,)
    ),
    Page(
        "/proof/[code]", receipt.proof_page, titles_text.PROOF, (ProofState.load,), (Role.CITIZEN,)
    ),
    Page("/mine", mine.page, titles_text.MINE, (MineState.load, MineState.watch), (Role.CITIZEN,)),
    Page(
        "/mine/[code]",
        timeline.page,
        titles_text.CASE,
        (TimelineState.load, TimelineState.watch),
        (Role.CITIZEN,),
    ),
    Page(
        "/track",
        track.page,
        titles_text.TRACK,
        (TrackState.load, TrackState.watch),
        about=titles_text.ABOUT_TRACK,
    ),
    Page(
        "/enter",
        citizen_enter.page,
        titles_text.ENTER,
        (EnterState.load,),
        about=titles_text.ABOUT_ENTER,
    ),
    Page(
        "/sign-in",
        staff_enter.page,
        titles_text.STAFF_ENTER,
        (EnterState.load,),
        about=titles_text.ABOUT_STAFF_ENTER,
    ),
    Page(
        "/mayor",
        agenda.page,
        titles_text.AGENDA,
        (
            AgendaState.load,
            HoldingState.load,
            DayPlaceState.load,
            AudiencesState.load,
            AgendaState.watch,
        ),
        MEETING,
    ),
    Page(
        "/mayor/meeting/[code]",
        meeting.page,
        titles_text.MEETING,
        (MeetingState.load, MeetingState.watch),
        MEETING,
    ),
    Page(
        "/mayor/orders",
        mayor_orders.page,
        titles_text.ORDERS,
        (MayorOrdersState.load, MayorOrdersState.watch),
        MEETING,
    ),
    Page(
        "/mayor/orders/[number]",
        mayor_order.page,
        titles_text.ORDERS,
        (MayorOrderState.load, MayorOrderState.watch),
        MEETING,
    ),
    Page(
        "/mayor/profile",
        profile.page,
        titles_text.PROFILE,
        (ProfileState.load, StockTextState.load),
        MEETING,
    ),
    Page(
        "/mayor/review",
        review.page,
        titles_text.REVIEW,
        (ReviewState.load, ReviewState.watch),
        MEETING,
    ),
    Page(
        "/draws",
        draws.page,
        titles_text.DRAWS,
        (DrawsState.load, DrawsState.watch),
        about=titles_text.ABOUT_DRAWS,
    ),
    Page(
        "/ceremony",
        ceremony.page,
        titles_text.CEREMONY,
        (CeremonyState.load, CeremonyState.watch),
        about=titles_text.ABOUT_CEREMONY,
    ),
    _at_a_desk("/desk", desk.page, titles_text.INBOX, DeskState, Role.DESK, Role.UNIT),
    _at_a_desk("/desk/calls", calls.page, titles_text.CALLS, CallsState, Role.DESK, Role.PHONE),
    Page(
        "/desk/person",
        person.page,
        titles_text.PERSON,
        (PersonState.load, Rail.watch, Session.watch),
        (Role.DESK,),
    ),
    _at_a_desk("/lanes", lanes.page, titles_text.LANES, LanesState, Role.DESK, Role.UNIT),
    Page(
        "/rules",
        rules.page,
        titles_text.RULES,
        (RulesState.load, RulesState.watch),
        about=titles_text.ABOUT_RULES,
    ),
    Page(
        "/city/calendar",
        city_calendar.page,
        titles_text.CITY_CALENDAR,
        (CalendarState.load, CalendarState.watch, Rail.watch),
        (Role.ADMINISTRATOR,),
    ),
    Page(
        "/city/people",
        city_people.page,
        titles_text.CITY_PEOPLE,
        (PeopleState.load, PeopleState.watch, Rail.watch),
        (Role.ADMINISTRATOR,),
    ),
    Page(
        "/city/people/[account]",
        city_official.page,
        titles_text.CITY_PEOPLE,
        (OfficialPageState.load, OfficialPageState.watch, Rail.watch),
        (Role.ADMINISTRATOR,),
    ),
    _at_a_desk(
        "/city/promises",
        city_promises.page,
        titles_text.CITY_PROMISES,
        CityPromisesState,
        Role.OVERSEER,
    ),
    Page(
        "/district",
        texts.page,
        titles_text.DISTRICT_TEXTS,
        (TextsState.load, TextsState.watch),
        EDITORS,
    ),
    Page(
        "/city/rules",
        make_rules.page,
        titles_text.MAKE_RULES,
        (
            RulesByTwoState.load,
            MakeRulesState.load,
            RulesByTwoState.watch,
            MakeRulesState.watch,
            Rail.watch,
        ),
        AGREE,
    ),
    Page(
        "/city/value",
        city_value.page,
        titles_text.CITY_VALUE,
        (ValueState.load, ValueState.watch, Rail.watch),
        (Role.ADMINISTRATOR,),
    ),
    Page(
        "/city/audit",
        city_audit.page,
        titles_text.CITY_AUDIT,
        (AuditState.load, Rail.watch),
        READERS,
    ),
    Page(
        "/city/security",
        city_security.page,
        titles_text.CITY_SECURITY,
        (SecurityState.load, Rail.watch),
        (Role.ADMINISTRATOR,),
    ),
    Page(
        "/assist",
        assist.page,
        titles_text.ASSIST,
        (AssistState.load, Rail.watch, Session.watch),
        (Role.DESK, Role.PHONE),
    ),
    Page(
        "/assist/follow",
        follow.page,
        titles_text.FOLLOW,
        (FollowState.load, Rail.watch, Session.watch),
        (Role.DESK, Role.PHONE),
    ),
    Page(
        "/monday",
        monday.page,
        titles_text.MONDAY,
        (MondayState.load, AudiencesState.load, MondayState.watch, Session.watch),
        (Role.RECEPTION,),
    ),
    Page(
        "/monday/paper",
        paper_entry.page,
        titles_text.PAPER_ENTRY,
        (PaperEntryState.load, PaperEntryState.watch),
        (Role.RECEPTION, *MEETING),
    ),
    _at_a_desk("/unit/briefs", briefs.page, titles_text.BRIEFS, BriefsState, Role.UNIT),
    _at_a_desk("/unit", unit.page, titles_text.UNIT, UnitState, Role.UNIT, Role.DESK),
    _at_a_desk("/unit/[number]", unit.page, titles_text.UNIT, UnitState, Role.UNIT, Role.DESK),
)


def drawn(page: Page, *, demo: bool) -> Callable[[], rx.Component]:
    """Return the page's function, with the demo bar added in a demo."""
    return _with_demo_bar(page.draw) if demo else page.draw


def add_to(app: rx.App, *, demo: bool) -> None:
    """Add every page to the app.

    Most pages load the session first, and in a demo all load the demo bar.
    """
    for page in PAGES:
        first = [Session.load] if page.names_reader else []
        bar = [DemoState.load, DemoState.watch] if demo else []
        app.add_page(
            drawn(page, demo=demo),
            route=page.path,
            title=page.title,
            description=page.about or None,
            on_load=[*first, *bar, *page.on_load],
        )


def _with_demo_bar(draw: Callable[[], rx.Component]) -> Callable[[], rx.Component]:
    # Reflex groups a page's components by the module of its function, and builds a chunk for each.
    # `wraps` keeps that module.
    @functools.wraps(draw)
    def drawn() -> rx.Component:
        return rx.fragment(demo_bar(), draw())

    return drawn
