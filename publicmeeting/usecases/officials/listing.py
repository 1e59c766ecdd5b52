"""The list of officials and the page of one, as an administrator reads them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias

from publicmeeting.domain.districts.city import UNIT_KINDS, unit_place
from publicmeeting.domain.errors import Denied
from publicmeeting.domain.mondays import ON
from publicmeeting.domain.officials.audit import AccountEventKind
from publicmeeting.domain.officials.invitations import OfficialState
from publicmeeting.domain.orders.promises import report_lies_ahead
from publicmeeting.domain.people import masked_mobile
from publicmeeting.domain.roles import OFFICIALS, Actor, Grant, Role, Term
from publicmeeting.domain.stages import OrderStage
from publicmeeting.kit.digits import ascii_digits, whole_number
from publicmeeting.kit.letters import search_key, search_words, sort_key
from publicmeeting.store.accounts.account_events import AccountEvent
from publicmeeting.store.accounts.accounts import Account
from publicmeeting.store.accounts.decisions import Decision
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.text.lifecycle.roles_text import ROLE
from publicmeeting.usecases.accounts.factors.second_step import has_second
from publicmeeting.usecases.base import Query, usecase
from publicmeeting.usecases.officials.proposals import is_handed_over

PAGE = 40
PAGES_MOST = 100
UNSENT_MOST = 20
"""How many notices may wait for a further attempt without a word about the gateway.

The alert in `deploy/prometheus-alerts.yml` has the same number.
"""
HISTORY = 100
"""Number of one official's newest entries that are shown."""
WORDS_MOST = 60
_READ_BEFORE = (
    AccountEventKind.INVITED,
    AccountEventKind.PASSWORD_CHANGED,
    AccountEventKind.MOBILE_CHANGED,
    AccountEventKind.SECOND_STEP_RESET,
)
"""Events of an account that an agreeing administrator should read first."""
_TO_REPORT = tuple(stage for stage in OrderStage if report_lies_ahead(stage))
_UNIT_NAMES = {kind.code: kind.name for kind in UNIT_KINDS}


@dataclass(frozen=True, slots=True)
class OfficialLine:
    """One official; `terms` are present and future roles, of an ended account all."""

    id: str
    username: str
    name: str
    state: OfficialState
    terms: tuple[Term, ...]
    link_until: datetime | None
    """Until when an invited official's link is valid; None if there is none."""
    is_proposed: bool
    """Whether something waits for another administrator."""


@dataclass(frozen=True, slots=True)
class Officials:
    """One page of the list; `counts` of all states under the same filter."""

    lines: tuple[OfficialLine, ...]
    counts: Mapping[OfficialState, int]
    proposals: tuple["Proposal", ...]
    page: int
    pages: int
    today: date
    overdue: int
    """Decisions of the overseer that are past their deadline."""
    unheld: tuple[date, tuple[int, ...]] | None
    """The coming Monday and the districts where nobody can receive on it; None for no district."""
    no_reception: tuple[date, tuple[int, ...]] | None
    """The same, where nobody can note an arrival, so that the mayor calls nobody in either."""
    unread: tuple[tuple[int, str, int], ...]
    """District, unit and number of the orders that no officer of the unit can read or report on."""
    unsent: int
    """Notices to citizens that the gateway has not taken, if they are more than `UNSENT_MOST`."""


@dataclass(frozen=True, slots=True)
class Proposal:
    decision: Decision
    name: str
    by_name: str
    is_own: bool
    is_own_account: bool
    """Whether it is about the reader, so that another administrator decides."""
    hands_over: bool
    """Whether agreeing removes every way of signing in, and shows a link."""
    past: tuple[AccountEvent, ...]
    """The newest event of each kind in `_READ_BEFORE`, in order of time."""
    names: Mapping[str, str]
    """Account id in `past` → its owner's name."""


class AskOfficials(Query):
    """A filter. `words` search name, user name and unit; `district` is a number.

    Empty fields do not filter; `page` counts from 1.
    """

    words: str = ""
    role: str = ""
    district: str = ""
    state: str = OfficialState.ACTIVE.value
    page: int = 1


@usecase(Role.ADMINISTRATOR)
def officials(uow: UnitOfWork, actor: Actor, query: AskOfficials, now: datetime) -> Officials:
    """Return a page of officials, by name.

    Denied("form_broken") for an unknown role, district, state or page.
    """
    role, district = _role(query.role), _district(query.district)
    if query.state not in set(OfficialState) or not 1 <= query.page <= PAGES_MOST:
        raise Denied("form_broken")
    wanted, today = OfficialState(query.state), uow.city_day()
    accounts = {account.id: account for account in uow.accounts.all()}
    words = search_words(query.words[:WORDS_MOST])
    found = [
        account
        for account in accounts.values()
        if _is_at(_current(account, today), role, district) and _is_meant(account, words)
    ]
    states = {account.id: state_of(account) for account in found}
    shown = [account for account in found if states[account.id] is wanted]
    shown.sort(key=lambda account: (sort_key(account.name), account.username))
    pages = max(1, -(-len(shown) // PAGE))
    page = min(query.page, pages)
    waiting, open_ = uow.invitations.waiting(), uow.decisions.open()
    proposed = {decision.account_id for decision in open_}
    lines = tuple(
        OfficialLine(
            id=account.id,
            username=account.username,
            name=account.name,
            state=wanted,
            terms=_current(account, today),
            link_until=waiting.get(account.id),
            is_proposed=account.id in proposed,
        )
        for account in shown[(page - 1) * PAGE : page * PAGE]
    )
    counts = {
        state: sum(official_state is state for official_state in states.values())
        for state in OfficialState
    }
    proposals = _proposals(uow, open_, accounts, actor)
    overdue = uow.promise_figures.overdue(now)
    unheld, no_reception = _not_ready(uow, accounts.values(), today)
    unread = _unread(uow, accounts.values(), today)
    failing = uow.outbox.failing()
    return Officials(
        lines,
        counts,
        proposals,
        page,
        pages,
        today,
        overdue,
        unheld,
        no_reception,
        unread,
        failing if failing > UNSENT_MOST else 0,
    )


def _unread(
    uow: UnitOfWork, accounts: Iterable[Account], today: date
) -> tuple[tuple[int, str, int], ...]:
    """Return the units without an officer who can sign in and whose role covers today, with the
    orders that they still have to report on; nobody else reads these until they are late."""
    owed = uow.orders.count_by_unit(district=None, units=None, stages=_TO_REPORT, about=None)
    served = {
        term.grant.unit_id
        for account in accounts
        if state_of(account) is OfficialState.ACTIVE
        for term in account.terms
        if term.holds(today)
    }
    alone = sorted(owed.keys() - served)
    names = uow.city.unit_names(alone)
    return tuple((unit_place(one)[0], names[one], owed[one]) for one in alone if one in names)


_Places: TypeAlias = tuple[date, tuple[int, ...]] | None


def _not_ready(
    uow: UnitOfWork, accounts: Iterable[Account], today: date
) -> tuple[_Places, _Places]:
    """Return the coming Monday with the districts that lack somebody who can sign in and whose role
    covers that day: first a mayor or a deputy named for it, without whom reception calls nobody
    (`nobody_holds`), then an officer of reception."""
    ahead = [day for day in uow.city.mondays(from_on=today) if day.state in ON]
    if not ahead:
        return None, None
    on = min(day.on for day in ahead)
    able = [
        (account.id, term.grant)
        for account in accounts
        if state_of(account) is OfficialState.ACTIVE
        for term in account.terms
        if term.holds(on)
    ]
    mayors = {grant.district for _, grant in able if grant.role is Role.MAYOR}
    deputies = {(id_, grant.district) for id_, grant in able if grant.role is Role.DEPUTY}
    receiving = {grant.district for _, grant in able if grant.role is Role.RECEPTION}
    coming = sorted((day for day in ahead if day.on == on), key=lambda day: day.district)
    unheld = tuple(
        day.district
        for day in coming
        if day.district not in mayors and (day.held_by, day.district) not in deputies
    )
    no_reception = tuple(day.district for day in coming if day.district not in receiving)
    return (on, unheld) if unheld else None, (on, no_reception) if no_reception else None


class AskOfficial(Query):
    account: str


@dataclass(frozen=True, slots=True)
class Official:
    """One official: roles with their days, deputies, and changes with their authors."""

    line: OfficialLine
    terms: tuple[Term, ...]
    """All roles that held or will hold, newest first."""
    deputies: tuple[tuple[str, str, Term], ...]
    """For a mayor: id, name and term of present and future deputies in the district."""
    mobile: str
    """Masked; empty if none is known."""
    history: tuple[AccountEvent, ...]
    names: Mapping[str, str]
    """Account id in the history → its owner's name."""
    proposals: tuple[Proposal, ...]
    has_second_step: bool
    is_own: bool
    today: date


@usecase(Role.ADMINISTRATOR)
def official(uow: UnitOfWork, actor: Actor, query: AskOfficial, _now: datetime) -> Official:
    """Return one official; Denied("not_found") for an unknown id."""
    account = uow.accounts.get(query.account)
    if account is None:
        raise Denied("not_found")
    today = uow.city_day()
    accounts = {account.id: account for account in uow.accounts.all()}
    history = tuple(uow.account_events.of_account(account.id, most=HISTORY))
    open_ = uow.decisions.open(account.id)
    mobile = uow.accounts.mobile(account.id)
    terms = [term for term in account.terms if not term.never_holds]
    line = OfficialLine(
        id=account.id,
        username=account.username,
        name=account.name,
        state=state_of(account),
        terms=_current(account, today),
        link_until=uow.invitations.waiting().get(account.id),
        is_proposed=bool(open_),
    )
    return Official(
        line=line,
        terms=tuple(sorted(terms, key=lambda term: -term.id)),
        deputies=tuple(_deputies(account, accounts.values(), today)),
        mobile=masked_mobile(mobile) if mobile else "",
        history=history,
        names={
            event.by_account: accounts[event.by_account].name
            for event in history
            if event.by_account in accounts and event.by_account is not None
        },
        proposals=_proposals(uow, open_, accounts, actor),
        has_second_step=has_second(account),
        is_own=account.id == actor.account_id,
        today=today,
    )


def state_of(account: Account) -> OfficialState:
    if account.is_ended:
        return OfficialState.ENDED
    if account.is_suspended:
        return OfficialState.SUSPENDED
    return OfficialState.ACTIVE if account.has_password else OfficialState.INVITED


def place_of(grant: Grant) -> tuple[int, str]:
    """Return district and unit name of a role; 0 and empty if it has none."""
    if grant.unit_id:
        number, code = unit_place(grant.unit_id)
        return number, _UNIT_NAMES.get(code, code)
    return grant.district or 0, ""


def _current(account: Account, today: date) -> tuple[Term, ...]:
    return tuple(
        term
        for term in account.terms
        if not term.never_holds and (account.is_ended or not term.has_ended(today))
    )


def _is_at(terms: Iterable[Term], role: Role | None, district: int) -> bool:
    if role is None and not district:
        return True
    return any(
        (role is None or term.grant.role is role)
        and (not district or place_of(term.grant)[0] == district)
        for term in terms
    )


def _is_meant(account: Account, words: list[str]) -> bool:
    """Return whether each word occurs in the name, the user name, a unit or a role's name."""
    if not words:
        return True
    units = {place_of(term.grant)[1] for term in account.terms}
    roles = {ROLE[term.grant.role] for term in account.terms}
    text = " ".join(map(search_key, (account.name, account.username, *units, *roles)))
    return all(word in text for word in words)


def _deputies(
    account: Account, everybody: Iterable[Account], today: date
) -> Iterable[tuple[str, str, Term]]:
    districts = {term.grant.district for term in account.terms if term.grant.role is Role.MAYOR}
    for one in everybody:
        for term in _current(one, today):
            is_deputy = term.grant.role is Role.DEPUTY and term.grant.district in districts
            if is_deputy and not one.is_ended:
                yield one.id, one.name, term


def _proposals(
    uow: UnitOfWork, open_: Iterable[Decision], accounts: Mapping[str, Account], actor: Actor
) -> tuple[Proposal, ...]:
    """Return proposals with what a second administrator must know: who shaped this account.

    Without those about an account that was changed past this program, whose name may be another's.
    """
    known = [
        (decision, accounts[decision.account_id])
        for decision in open_
        if decision.account_id in accounts and not accounts[decision.account_id].is_changed
    ]
    events = uow.account_events.newest({account.id for _, account in known}, _READ_BEFORE)
    return tuple(
        _proposal(uow, decision, account, accounts, actor, events) for decision, account in known
    )


def _proposal(
    uow: UnitOfWork,
    decision: Decision,
    about: Account,
    accounts: Mapping[str, Account],
    actor: Actor,
    events: Mapping[tuple[str, AccountEventKind], AccountEvent],
) -> Proposal:
    by = accounts.get(decision.proposed_by)
    found = (events.get((about.id, kind)) for kind in _READ_BEFORE)
    past = sorted((event for event in found if event is not None), key=lambda event: event.id)
    return Proposal(
        decision=decision,
        name=about.name,
        by_name=by.name if by else "",
        is_own=decision.proposed_by == actor.account_id,
        is_own_account=about.id == actor.account_id,
        hands_over=is_handed_over(uow, decision, about),
        past=tuple(past),
        names={
            event.by_account: accounts[event.by_account].name
            for event in past
            if event.by_account is not None and event.by_account in accounts
        },
    )


def _role(typed: str) -> Role | None:
    if typed and typed not in OFFICIALS:
        raise Denied("form_broken")
    return Role(typed) if typed else None


def _district(typed: str) -> int:
    digits = ascii_digits(typed)
    if not digits:
        return 0
    number = whole_number(digits, 2)
    if number is None:
        raise Denied("form_broken")
    return number
