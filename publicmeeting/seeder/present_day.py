"""Additions for the day on which the demo begins, after the twelve weeks are over."""

from collections import Counter
from datetime import datetime, timedelta
from functools import partial

from publicmeeting.application import Application
from publicmeeting.domain.choices import UNHEARD
from publicmeeting.domain.lifecycle.tables import NOT_DONE
from publicmeeting.domain.orders.promises import stem
from publicmeeting.domain.records import Order, RequestLine
from publicmeeting.domain.roles import Actor, Role
from publicmeeting.domain.stages import Action, OrderAction, OrderStage, Stage
from publicmeeting.kit.clock import at_tehran, tehran_day, utc_now
from publicmeeting.kit.jalali import iso
from publicmeeting.seeder import matters
from publicmeeting.seeder.filing import Case, Filing
from publicmeeting.seeder.founding import FOUNDER, PASSWORD, Staff
from publicmeeting.seeder.people import HOURS, NEW_HALLS
from publicmeeting.seeder.plan import ENDS, LAST_MONDAY, Scope
from publicmeeting.seeder.simulation import Simulation
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.accounts.person.card_in_hand import (
    AcceptCard,
    Reach,
    Whose,
    accept_card,
)
from publicmeeting.usecases.accounts.staff_accounts import AddAccount, add_account, hash_password
from publicmeeting.usecases.districts.texts import (
    DecideTexts,
    OneDistrict,
    ProposeTexts,
    decide_texts,
    district_texts,
    propose_texts,
)
from publicmeeting.usecases.identity import CLAIM, write_answer
from publicmeeting.usecases.lifecycle.payloads import TakeStep
from publicmeeting.usecases.lifecycle.steps import take_step
from publicmeeting.usecases.meetings.day_place import SetDayPlace, set_day_place
from publicmeeting.usecases.officials.managing import GiveRole, Invite, give_role, invite
from publicmeeting.usecases.orders.steps import TakeOrderStep, take_order_step

_DAYS = {
    6: {"guest": "نرگس معدنی، عضو شورای شهر"},
    15: {"place": "مسجد جامع افسریه", "guest": "ناصر امانی، عضو شورای شهر"},
}
"""District → particulars of its coming Monday."""
_BY_TELEPHONE = frozenset({4})
"""Districts in which the last confirmed citizen who hears asks for a telephone appointment."""


def plan_coming(simulation: Simulation, staff: Staff, filing: Filing) -> None:
    """Arrange the coming Monday, on the Saturday on which the demo begins.

    Each step is planned alone: a refused one is left out and stops neither the others nor the city.
    """
    ahead = [
        line
        for line in filing.lines(Stage.CONFIRMED)
        if line.seat is not None and line.seat.monday > LAST_MONDAY
    ]
    may_ask = [
        line
        for line in ahead
        if line.district in _BY_TELEPHONE
        and filing.cases[line.code].person.mobile
        and UNHEARD.isdisjoint(line.needs)
    ]
    last = {line.district: line for line in sorted(may_ask, key=_starts)}
    for line in last.values():
        ask = partial(_ask_call, simulation.application, staff, filing.cases[line.code])
        simulation.plan(simulation.clock.now, ask)
    for district, typed in _DAYS.items():
        mondays = {line.seat.monday for line in ahead if line.seat and line.district == district}
        if mondays and district in staff.districts:
            day = SetDayPlace.model_validate({"monday": min(mondays).isoformat(), **typed})
            mayor = staff.of(Role.MAYOR, district)
            put = partial(simulation.application.execute_as, mayor, set_day_place, day)
            simulation.plan(simulation.clock.now, put)


def _ask_call(application: Application, staff: Staff, case: Case) -> None:
    """Show her card at another district's desk, and ask for a telephone appointment.

    The desk of her own district has screened her request, so it may not accept her card.
    """
    desks = [number for number in staff.districts if number != case.district]
    if not desks:
        return
    card = AcceptCard(
        whose=Whose.MINE.value,
        identity=case.person.identity,
        name=case.person.name,
        reach=Reach.KEEP.value,
    )
    application.execute_as(staff.of(Role.DESK, desks[0]), accept_card, card)
    command = TakeStep(code=case.code, action=Action.ASK_CALL.value)
    application.execute_as(case.citizen, take_step, command)


def plan_slips(simulation: Simulation, staff: Staff, districts: tuple[int, ...]) -> None:
    """Add orders on the wrong visitor's sheet to these districts, each planned alone.

    In each, one waits for the overseer, and one is void and its replacement still missing. No stage
    loses its only order or its newest one, because the demo signs in as the newest one's citizen.
    """
    for district in districts:
        simulation.plan(
            simulation.clock.now, partial(_slip, simulation.application, staff, district)
        )


def _slip(application: Application, staff: Staff, district: int) -> None:
    mayor, overseer = staff.of(Role.MAYOR, district), _overseer(application)
    orders = _spare(application, district)[:2]
    for order in orders:
        _decide(application, mayor, order, OrderAction.ASK_VOID, matters.SLIP)
    for order in orders[:1]:
        _decide(application, overseer, order, OrderAction.VOID, matters.SLIP_SEEN)


_ASKS_NOBODY = frozenset(
    {
        OrderAction.ISSUE,
        OrderAction.TAKE_ON,
        OrderAction.COMMENT,
        OrderAction.WARN_UNIT,
        OrderAction.CLIMB_TO_MAYOR,
        OrderAction.SAY_DONE,
    }
)


def _spare(application: Application, district: int) -> list[Order]:
    """Return orders of the stage with the most of them, from the second newest backwards.

    Each is alone on its paper and has no open question.
    """
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        orders = uow.orders.listed(district=district, limit=None)
    papers = Counter(stem(order.number) for order in orders)
    by_stage: dict[OrderStage, list[Order]] = {}
    for order in sorted(orders, key=lambda order: order.number):
        is_quiet = order.history[-1].action in _ASKS_NOBODY
        if is_quiet and order.stage in NOT_DONE and papers[stem(order.number)] == 1:
            by_stage.setdefault(order.stage, []).append(order)
    return max(by_stage.values(), key=len, default=[])[-2::-1]


def _decide(
    application: Application, actor: Actor, order: Order, action: OrderAction, note: str
) -> None:
    command = TakeOrderStep(number=order.number, action=action.value, note=note)
    application.execute_as(actor, take_order_step, command)


def _overseer(application: Application) -> Actor:
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        (account,) = uow.accounts.with_role(Role.OVERSEER)
    return Actor(account_id=account.id, grants=account.grants)


def _starts(line: RequestLine) -> str:
    return line.seat.time if line.seat else ""


# Officials of the demo city for the administrator's pages: one invited, one with a future role, and
# proposals that wait for a second administrator.

SECOND = "admin2"
"""The second administrator, who agrees to the first one's proposals."""
_DISTRICT = 6
_ELSEWHERE = "reception19"
_SOON, _A_TERM = timedelta(days=7), timedelta(days=90)


def add_invited(application: Application) -> None:
    """Add invited officials, after the simulation, so that its random numbers stay the same."""
    hashed = hash_password(PASSWORD)
    with application.store.unit_of_work(utc_now()) as uow:
        now = uow.machine_now + uow.clockwork.offset()
        role = (Role.ADMINISTRATOR.value, None, None)
        account = AddAccount(
            username=SECOND, name="مدیر دوم سامانه", password_hash=hashed, roles=(role,)
        )
        add_account(uow, FOUNDER, account, now)
        _invite(uow, now)


def _invite(uow: UnitOfWork, now: datetime) -> None:
    today = uow.city_day()
    until = iso(today + _A_TERM)
    deputy = Invite(
        username="karimi",
        name="مریم کریمی",
        role=Role.DEPUTY,
        district=str(_DISTRICT),
        until_on=until,
    )
    made = invite(uow, FOUNDER, deputy, now)
    first, elsewhere = uow.accounts.by_username("admin"), uow.accounts.by_username(_ELSEWHERE)
    if elsewhere is not None:
        role = GiveRole(
            account=elsewhere.id,
            role=Role.DESK,
            district="19",
            from_on=iso(today + _SOON),
            until_on=until,
        )
        give_role(uow, FOUNDER, role, now)
    if first is not None:
        administrator = Actor(account_id=first.id, name=first.name, grants=first.grants)
        asked = GiveRole(account=made.account_id, role=Role.OVERSEER)
        give_role(uow, administrator, asked, now)


# Changes of districts' texts: one in the past, and one that waits for a second officer.

_PAST, _LATELY = timedelta(days=26), timedelta(days=3)
"""Time before the last Monday of the seeded weeks, and after it."""
_WAITS = 6
_BRING = "کارت ملی و اصل مدارک را بیاورید. ۲۰ دقیقه زودتر بیایید؛ ورودی خیابان اصلی باز است."


def plan_texts(simulation: Simulation, staff: Staff, scope: Scope) -> None:
    """Plan the changes of texts by officials of the busy districts."""
    for at, district in enumerate(scope.busy):
        desk, second = staff.of(Role.DESK, district), staff.second_desk[district]
        day = LAST_MONDAY - _PAST
        hall = NEW_HALLS[at % len(NEW_HALLS)]
        change = partial(_propose, simulation, desk, district, hall=hall, hours=HOURS)
        simulation.plan(at_tehran(day, "09:40"), change)
        yes = partial(_put_in_force, simulation, second, district)
        simulation.plan(at_tehran(day, "13:05"), yes)
    for district in set(scope.busy) & {_WAITS}:
        desk = staff.of(Role.DESK, district)
        late = partial(_propose, simulation, desk, district, bring=_BRING)
        simulation.plan(at_tehran(LAST_MONDAY + _LATELY, "10:15"), late)


def _propose(simulation: Simulation, actor: Actor, district: int, **change: str) -> None:
    application = simulation.application
    newest = application.query_as(actor, district_texts, OneDistrict(district=district)).newest
    texts = newest.texts
    typed = {
        "district": district,
        "base": newest.id,
        "from_on": tehran_day(simulation.clock.now).isoformat(),
        "address": texts.address,
        "hall": texts.hall,
        "hours": texts.hours,
        "bring": texts.bring,
        "point": texts.point,
        "seats": " ".join(texts.seats),
    }
    command = ProposeTexts.model_validate({**typed, **change})
    application.execute_as(actor, propose_texts, command)


def _put_in_force(simulation: Simulation, actor: Actor, district: int) -> None:
    application = simulation.application
    waiting = application.query_as(actor, district_texts, OneDistrict(district=district)).waiting
    if waiting is not None:
        yes = DecideTexts(version=waiting.version.id, is_yes=True)
        application.execute_as(actor, decide_texts, yes)


# Answers of the national matching service about some citizens of the demo city.

_OWNERS = ("1", "3", "5", "7", "9")
"""Last digits of the identity numbers whose owners also own their mobiles."""
_MOST = 10_000


def match_some(application: Application) -> None:
    """Write answers, positive ones only for people without a live request.

    A person with a positive answer must type the end of her identity number on a new browser. A
    visitor who plays somebody with a live request should not need to know it.
    """
    with application.store.unit_of_work(ENDS) as uow:
        for person in uow.people.claim_matches(CLAIM, _MOST):
            is_owner = person.identity.endswith(_OWNERS) and not uow.requests.live_code(person.id)
            write_answer(uow, person, is_owner=is_owner)
