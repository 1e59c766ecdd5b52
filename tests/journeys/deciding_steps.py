"""Cases of the demo city that wait for somebody's step, and their citizens at their own pages."""

from itertools import count

from person import Meet, Person
from support.citizens import file, someone
from support.served_city import Served

from publicmeeting.application import Application
from publicmeeting.domain.lifecycle.advance import steps_open_to
from publicmeeting.domain.line.lanes import open_contests
from publicmeeting.domain.people import Door
from publicmeeting.domain.records import Order, Request
from publicmeeting.domain.roles import Actor, Grant, Role
from publicmeeting.domain.stages import Action, OrderAction, OrderStage, Stage
from publicmeeting.store.lifecycle.lists import Filter

_FILED = count(72_600)


def new_case(application: Application, district: int) -> str:
    """Return the code of a new request, about which no official has typed a note before."""
    return file(application, someone(next(_FILED)), district=str(district)).code


def as_official(application: Application, username: str) -> Actor:
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        account = uow.accounts.by_username(username)
    assert account is not None
    return Actor(account_id=account.id, name=account.name, grants=account.grants)


def waiting_orders(
    application: Application, username: str, action: OrderAction, stage: OrderStage
) -> list[Order]:
    """Return orders on which this official may take this step now, ordered by number."""
    actor, now = as_official(application, username), application.city_now()
    with application.store.unit_of_work(now, reading=True) as uow:
        orders = uow.orders.listed(stages=(stage,), limit=500)
    open_ = (o for o in orders if action in {step.action for step in steps_open_to(actor, o, now)})
    return sorted(open_, key=lambda order: order.number)


def waiting_requests(
    application: Application,
    action: Action,
    stages: tuple[Stage, ...],
    username: str = "overseer",
) -> list[Request]:
    """Return requests on which this official may take this step now."""
    actor, now = as_official(application, username), application.city_now()
    with application.store.unit_of_work(now, reading=True) as uow:
        ids = uow.lists.ids(Filter(stages=stages))
        found = [uow.requests.by_id(key) for key in ids]
    return [
        request
        for request in found
        if action in {s.action for s in steps_open_to(actor, request, now)}
    ]


def waiting_citizens(
    application: Application, action: Action, stages: tuple[Stage, ...]
) -> list[Request]:
    """Return requests on which their own citizens may take this step now."""
    now, found = application.city_now(), []
    with application.store.unit_of_work(now, reading=True) as uow:
        for request in map(uow.requests.by_id, uow.lists.ids(Filter(stages=stages))):
            her = Actor(person_id=request.person_id, grants=(Grant(Role.CITIZEN),))
            if action in {step.action for step in steps_open_to(her, request, now)}:
                found.append(request)
    return found


def unanswered_contests(application: Application) -> list[tuple[Request, list[str]]]:
    """Return unanswered contests of a no-show, each with the user names of its two judges."""
    found = []
    with application.store.unit_of_work(application.city_now(), reading=True) as uow:
        for key in uow.lists.ids(Filter(stages=(Stage.WAITING, Stage.INVITED, Stage.CONFIRMED))):
            request = uow.requests.by_id(key)
            for contest in open_contests(request):
                accounts = [uow.accounts.get(judge) for judge in contest.judges]
                if accounts and not contest.answers:
                    found.append((request, [account.username for account in accounts if account]))
    return found


def at_her_page(
    meet: Meet, town: Served, application: Application, case: Request | Order
) -> Person:
    """Return the citizen of a case, signed in on another day, at the page of her case."""
    with application.store.unit_of_work(application.clock()) as uow:
        mobile = uow.people.get(case.person_id).mobile
        session = uow.sessions.open_proved(None, case.person_id, mobile, Door.CODE)
    code = case.code if isinstance(case, Request) else case.request_code
    citizen = meet(f"citizen-{code}")
    citizen.has_signed_in(session, town.origin)
    citizen.goes(f"/mine/{code}/")
    return citizen


def as_it_stands(application: Application, order: Order) -> Order:
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        return uow.orders.by_id(order.id)


def as_she_stands(application: Application, request: Request) -> Request:
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        return uow.requests.by_id(request.id)
