"""Cases of the pretend city that wait for somebody, and their citizens at their own pages."""

from person import Meet, Person

from publicmeeting.cli.bench_city import Served
from publicmeeting.domain.advance import steps_open_to
from publicmeeting.domain.records import Order, Request
from publicmeeting.domain.roles import Actor
from publicmeeting.domain.stages import Action, OrderAction, OrderStage, Stage
from publicmeeting.office import Office
from publicmeeting.store.lifecycle.lists import Filter


def as_official(office: Office, username: str) -> Actor:
    with office.store.unit_of_work(office.clock(), reading=True) as uow:
        account = uow.accounts.by_username(username)
    assert account is not None
    return Actor(account_id=account.id, name=account.name, grants=account.grants)


def session_of(office: Office, username: str) -> str:
    """The cookie of a new session of this official."""
    with office.store.unit_of_work(office.clock()) as uow:
        account = uow.accounts.by_username(username)
        assert account is not None
        return uow.sessions.open_for_account(account)


def waiting_orders(
    office: Office, username: str, action: OrderAction, stage: OrderStage
) -> list[Order]:
    """Orders on which this official may take this step now, in the order of their numbers."""
    actor, now = as_official(office, username), office.city_now()
    with office.store.unit_of_work(now, reading=True) as uow:
        orders = uow.orders.listed(stages=(stage,), limit=500)
    open_ = (o for o in orders if action in {step.action for step in steps_open_to(actor, o, now)})
    return sorted(open_, key=lambda order: order.number)


def waiting_requests(office: Office, action: Action, stages: tuple[Stage, ...]) -> list[Request]:
    """Requests on which the overseer may take this step now."""
    actor, now = as_official(office, "overseer"), office.city_now()
    with office.store.unit_of_work(now, reading=True) as uow:
        ids = uow.lists.ids(Filter(stages=stages))
        found = [uow.requests.by_id(key) for key in ids]
    return [one for one in found if action in {s.action for s in steps_open_to(actor, one, now)}]


def at_her_page(meet: Meet, town: Served, office: Office, case: Request | Order) -> Person:
    """The citizen of a case, signed in on another day, looks at it."""
    with office.store.unit_of_work(office.clock()) as uow:
        session = uow.sessions.open_for_mobile(uow.people.get(case.person_id).mobile or "")
    code = case.code if isinstance(case, Request) else case.request_code
    citizen = meet(f"citizen-{code}")
    citizen.has_signed_in(session, town.origin)
    citizen.goes(f"/mine/{code}/")
    return citizen


def as_it_stands(office: Office, order: Order) -> Order:
    with office.store.unit_of_work(office.clock(), reading=True) as uow:
        return uow.orders.by_id(order.id)


def as_she_stands(office: Office, request: Request) -> Request:
    with office.store.unit_of_work(office.clock(), reading=True) as uow:
        return uow.requests.by_id(request.id)
