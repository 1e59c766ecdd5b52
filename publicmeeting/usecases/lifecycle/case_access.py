"""What a viewer may see of a case, and the record that an official opened it."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from publicmeeting.domain.districts.city import unit_place
from publicmeeting.domain.errors import Denied
from publicmeeting.domain.lifecycle.access import can_see_name, plays
from publicmeeting.domain.lifecycle.advance import why_not
from publicmeeting.domain.lifecycle.guards import answered_by
from publicmeeting.domain.lifecycle.tables import ORDER_STEPS, REQUEST_STEPS, AnyAction, Step
from publicmeeting.domain.lifecycle.timeline import viewing_roles
from publicmeeting.domain.records import (
    Case,
    Image,
    Order,
    Person,
    PictureKind,
    Request,
    is_changed,
)
from publicmeeting.domain.roles import MEETING, STAFF, Actor, Role
from publicmeeting.domain.stages import OrderAction
from publicmeeting.kit.clock import tehran_day
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.lifecycle.refusals import refuse_displaced

_RECEIVING = (Role.RECEPTION, *MEETING)
LATELY = timedelta(minutes=15)
"""How long a case counts as open with the official who opened it last."""


@dataclass(frozen=True, slots=True)
class RecentOpening:
    """A colleague who recently opened the same case."""

    since: datetime
    name: str
    """The colleague's name, as officials read it."""


def note_opening(uow: UnitOfWork, actor: Actor, request: Request, now: datetime) -> None:
    """Record that an account opened this request, and whether it could read the name.

    There is one record per account, case and day; the citizen reads the list. Denied("not_found")
    for an actor without a part in the case.
    """
    _note(uow, actor, request, request, now, with_name=can_see_name(actor, request))


def note_openings(
    uow: UnitOfWork, actor: Actor, requests: Collection[Request], now: datetime, today: date
) -> tuple[Request, ...]:
    """Record the openings of those requests in a list whose names this account may read.

    Returns all requests, in order, as they are after the recording.
    """
    named = [request for request in requests if can_see_name(actor, request, today)]
    by_role: dict[Role, list[Request]] = {}
    for request in named:
        by_role.setdefault(_role(actor, request, with_name=True), []).append(request)
    for role, ours in by_role.items():
        for new in uow.requests.record_openings(ours, actor, role.value, now, with_name=True):
            uow.publish(f"request:{new.code}")
    ids = {request.id for request in named}
    return tuple(_named_by(actor, one) if one.id in ids else one for one in requests)


def _named_by(actor: Actor, request: Request) -> Request:
    assert actor.account_id is not None
    return replace(request, name_seen_by=request.name_seen_by | {actor.account_id})


def is_name_unopened(
    uow: UnitOfWork, actor: Actor, requests: Collection[Request], now: datetime
) -> bool:
    """Return whether a list shows this account a name that it has not opened today."""
    named = {request.id for request in requests if can_see_name(actor, request, tehran_day(now))}
    return bool(named - uow.requests.named_today(named, actor, now))


def take_up(uow: UnitOfWork, actor: Actor, request: Request, now: datetime) -> None:
    """Record that this account works on the case, to warn colleagues who could decide it too.

    The opening itself is already recorded. Open pages are notified unless the same account had the
    case before.
    """
    before = uow.requests.record_page_opened(request, actor, now)
    if before is None or before < now - LATELY:
        uow.publish(f"request:{request.code}")


def note_order_opening(
    uow: UnitOfWork, actor: Actor, request: Request, order: Order, now: datetime
) -> None:
    """Record an opening by the page of an order, which shows the request's text but no name."""
    _note(uow, actor, request, order, now, with_name=False)


def note_unnamed_opening(uow: UnitOfWork, actor: Actor, request: Request, now: datetime) -> None:
    """Record an opening on a page that shows no name, whatever its reader may see elsewhere."""
    _note(uow, actor, request, request, now, with_name=False)


def _note(
    uow: UnitOfWork,
    actor: Actor,
    request: Request,
    shown: Case,
    now: datetime,
    *,
    with_name: bool,
) -> None:
    if is_changed(request, shown):
        uow.security.report_forged(f"request {request.code}")
    role = _role(actor, shown, with_name=with_name)
    if uow.requests.record_opening(request, actor, role.value, now, with_name=with_name):
        uow.publish(f"request:{request.code}")


def _role(actor: Actor, shown: Case, *, with_name: bool) -> Role:
    roles = viewing_roles(actor, shown)
    known = (*(_RECEIVING if with_name else ()), *STAFF)
    role: Role | None = next((held for held in known if held in roles), None)
    if role is None or actor.account_id is None:
        raise Denied("not_found")
    return role


def opened_by_others(
    uow: UnitOfWork, actor: Actor, ids: Collection[str], now: datetime
) -> dict[str, RecentOpening]:
    """Map request id to the colleague who may decide it too and has opened it recently.

    The store keeps nothing else about who looks at which page, and the record counts for fifteen
    minutes. Opening an order of the request, or telephoning its citizen, does not count.
    """
    role = Role.DESK if actor.has(Role.DESK) else Role.UNIT
    found = uow.requests.opened_by_others(ids, actor, role, now - LATELY)
    return {request: RecentOpening(*one) for request, one in found.items()}


def require_opened(uow: UnitOfWork, actor: Actor, request: Request, now: datetime) -> None:
    """Raise Denied("not_opened") for an account that has not opened this case today."""
    if actor.account_id and not uow.requests.has_opened(request, actor, now):
        raise Denied("not_opened")


def visible_person(uow: UnitOfWork, actor: Actor, request: Request) -> Person | None:
    """Return the person if the account may see her name and its opening with the name is recorded.

    A name that becomes visible after the case was opened is shown at the next opening.
    """
    if actor.person_id == request.person_id or actor.account_id in request.name_seen_by:
        return uow.people.of(request, actor)
    return None


def visible_people(
    uow: UnitOfWork, actor: Actor, requests: Collection[Request], today: date
) -> dict[str, Person]:
    """Map request id to person, for the requests of a list whose names may be shown."""
    seen = {
        request.id: request.person_id
        for request in requests
        if (actor.person_id == request.person_id or actor.account_id in request.name_seen_by)
        and can_see_name(actor, request, today)
    }
    people = uow.people.several(set(seen.values()))
    return {request: people[person] for request, person in seen.items() if person in people}


def steps_refused(actor: Actor, case: Case, now: datetime) -> tuple[tuple[Step, str], ...]:
    """Return the steps of the actor's role at this stage that are refused now, with their keys."""
    table = ORDER_STEPS if isinstance(case, Order) else REQUEST_STEPS
    here = [s for s in table if case.stage in s.at and any(plays(actor, r, case) for r in s.by)]
    refusals = ((step, why_not(case, step, actor, now)) for step in here)
    return tuple((step, key) for step, key in refusals if key is not None)


def answered_events(case: Case, steps: Collection[Step]) -> dict[AnyAction, int]:
    """Return the id of the event that each of these steps would answer, for steps that have one."""
    found = {step.action: answered_by(case, step.action) for step in steps}
    return {action: event.id for action, event in found.items() if event is not None}


def photos_of(uow: UnitOfWork, request: Request) -> tuple[Image, ...]:
    """Return the pictures of the request itself, without those of its orders.

    Documents for a lane or a contest are excluded too: only its judges see them.
    """
    return tuple(
        image
        for image in uow.images.of_request(request.id)
        if image.order_id is None and image.kind is not PictureKind.LANE_DOCUMENT
    )


def documents_of(uow: UnitOfWork, request: Request) -> dict[int, tuple[Image, ...]]:
    """Map event id to the documents for her judges; only for herself."""
    found: dict[int, tuple[Image, ...]] = {}
    for image in uow.images.of_request(request.id, PictureKind.LANE_DOCUMENT):
        if image.event_id is not None:
            found[image.event_id] = (*found.get(image.event_id, ()), image)
    return found


def works_in(actor: Actor, own: Collection[int]) -> int:
    """Return in which of these districts the actor works now: the chosen one, else the first given.

    A further district that is given while he receives people does not replace theirs. 0 if he
    holds no office in them.
    """
    if actor.at in own:
        return actor.at
    given = (g.district or (unit_place(g.unit_id)[0] if g.unit_id else 0) for g in actor.grants)
    return next((number for number in given if number in own), 0)


def district_of(actor: Actor, wanted: int, *roles: Role) -> int:
    """Return the wanted district if the actor holds one of these roles there.

    0 stands for the actor's own district; of several, the one in which he works now.
    Denied("not_found") otherwise, whether the district exists or not.
    """
    own = actor.districts(*roles)
    number = wanted or works_in(actor, own)
    if number not in own:
        raise Denied("not_found")
    return number


def district_named(actor: Actor, wanted: int, *roles: Role) -> int:
    """Return the district of a command; an actor with several districts must name one.

    Another tab may have switched to the next district meanwhile, so the page that sends the command
    names its district. Denied("not_found") if an actor with several districts names none, and as in
    `district_of`.
    """
    if not wanted and len(actor.districts(*roles)) > 1:
        raise Denied("not_found")
    return district_of(actor, wanted, *roles)


def own_request(uow: UnitOfWork, actor: Actor, code: str) -> Request:
    """Return a request to its own citizen; Denied("not_found") for everybody else."""
    request = uow.requests.get_visible(code, actor)
    if request.person_id != signed_in_person(actor):
        raise Denied("not_found")
    return request


def own_request_to_change(uow: UnitOfWork, actor: Actor, code: str) -> Request:
    """Return her own request for a command that writes in it.

    Denied("person_displaced") for a citizen whose identity is proved to be another's: he may read
    what he filed but not act on it.
    """
    refuse_displaced(uow, own_request(uow, actor, code).person_id)
    return own_request(uow, actor, code)


def signed_in_person(actor: Actor) -> str:
    if actor.person_id is None:
        raise Denied("session_ended")
    return actor.person_id


def unit_name(uow: UnitOfWork, order: Order) -> str:
    """Return the name that the district gives to the order's unit."""
    unit = uow.city.unit(order.unit_id)
    return unit.name if unit else order.unit_id


def unit_of_event(uow: UnitOfWork, order: Order) -> dict[int, str]:
    """Map event id to the name of the unit that had the order then.

    A note is signed by the unit that wrote it, even after the order has moved to another unit.
    """
    unit, then = "", {}
    for event in order.history:
        if event.action in (OrderAction.ISSUE, OrderAction.REASSIGN):
            unit = str(event.payload.get("unit", unit))
        then[event.id] = unit or order.unit_id
    names = uow.city.unit_names(set(then.values()))
    return {key: names.get(id_, "") for key, id_ in then.items()}
