"""View models of the administrators' pages of officials.

An entry of an account's history is put into words here; the city's audit uses the same words.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from publicmeeting.domain.districts.city import DISTRICTS, UNIT_KINDS
from publicmeeting.domain.officials.audit import AccountEventKind, PasswordBy
from publicmeeting.domain.officials.invitations import DecisionKind, OfficialState
from publicmeeting.domain.roles import OFFICIALS, Grant, Role, Term
from publicmeeting.kit.digits import persian
from publicmeeting.kit.jalali import moment_words, weekday_day
from publicmeeting.text.common import chrome_text
from publicmeeting.text.common.dates_text import in_order, moment
from publicmeeting.text.lifecycle.roles_text import ROLE
from publicmeeting.text.officials import people_text
from publicmeeting.text.officials.people_text import days_words, role_words
from publicmeeting.ui.design.models import Choice
from publicmeeting.ui.reflex.view_model import ViewModel
from publicmeeting.usecases.officials.listing import (
    Official,
    OfficialLine,
    Officials,
    Proposal,
    place_of,
)


class Event(Protocol):
    """An entry of the history, as the use cases return it."""

    @property
    def at(self) -> datetime: ...
    @property
    def by_account(self) -> str | None: ...
    @property
    def kind(self) -> AccountEventKind: ...
    @property
    def body(self) -> Mapping[str, Any]: ...


@dataclass(frozen=True)
class Happening:
    """One entry of a history."""

    what: str
    details: tuple[str, ...]
    when: str


def grant_words(grant: Grant) -> str:
    """Return a role with its district or unit, in words."""
    return role_words(grant.role, *place_of(grant))


def happening(event: Event, names: Mapping[str, str], owner: str) -> Happening:
    """Return an entry of the history of `owner`'s account, in words."""
    return Happening(
        what=f"{people_text.event_words(event.kind)}، {by_whom(event, names, owner)}",
        details=tuple(role_changes(event.body)),
        when=moment_words(event.at),
    )


def by_whom(event: Event, names: Mapping[str, str], owner: str) -> str:
    """Return who did it: a colleague, the owner, or somebody at the server's command line."""
    if event.by_account == owner:
        return people_text.BY_OWNER
    name = names.get(event.by_account or "", "")
    return people_text.BY.format(name=name) if name else people_text.BY_SERVER


def role_changes(body: Mapping[str, Any]) -> list[str]:
    """Return the roles that an event granted, removed or dated, each with its place and days."""
    patterns = {
        "roles": people_text.GRANTED,
        "added": people_text.GRANTED,
        "removed": people_text.TAKEN,
        "dated": people_text.DATED,
    }
    found = []
    for name, pattern in patterns.items():
        for role in body.get(name, ()):
            term = term_of(role)
            days = days_words(term, term.from_on or date.min)
            found.append(pattern.format(role=grant_words(term.grant), days=days))
    return found


def term_of(body: Mapping[str, Any]) -> Term:
    """Return the role in the body of an event or proposal."""
    grant = Grant(Role(body["role"]), body["district"], body["unit"])
    return Term(0, grant, _day(body["from"]), _day(body["until"]))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


HERE = "/city/people/"
"""Address of the list; an official's page is below it."""
ROLES = tuple(Choice(role.value, ROLE[role]) for role in OFFICIALS)
NUMBERS = tuple(Choice(str(district.number), district.name) for district in DISTRICTS)
UNITS = tuple(Choice(kind.code, kind.name) for kind in UNIT_KINDS)


@dataclass(frozen=True)
class Line:
    """One official in the list; `roles` are whole sentences."""

    name: str
    username: str
    href: str
    roles: tuple[str, ...]
    note: str
    waits: str


@dataclass(frozen=True)
class Waiting:
    """A proposal.

    `own` says that another administrator must decide it. `past` are earlier changes of the account,
    `leads` what agreeing does to it.
    """

    id: str
    head: str
    what: str
    href: str
    own: str
    reject: str
    past: tuple[str, ...]
    leads: tuple[str, ...]


@dataclass(frozen=True)
class PeopleView(ViewModel):
    """One page of the list."""

    lines: tuple[Line, ...] = ()
    states: tuple[Choice, ...] = ()
    proposals: tuple[Waiting, ...] = ()
    page: str = ""
    is_first: bool = True
    is_last: bool = True
    overdue: str = ""
    """That the overseer has not decided in time; else ""."""
    unheld: str = ""
    """That nobody can receive or note arrivals somewhere on the coming Monday; else ""."""
    unread: str = ""
    """That some units have orders, and no officer who can read them; else ""."""
    unsent: str = ""
    """That messages to citizens are not sent; else ""."""


@dataclass(frozen=True)
class TermView:
    """One role of an official; `id` is empty if the role has ended."""

    id: str
    words: str
    days: str


@dataclass(frozen=True)
class OfficialView(ViewModel):
    """The page of one official."""

    name: str = ""
    username: str = ""
    state: str = ""
    note: str = ""
    terms: tuple[TermView, ...] = ()
    open_terms: tuple[Choice, ...] = ()
    deputies: tuple[Line, ...] = ()
    mobile: str = ""
    history: tuple[Happening, ...] = ()
    proposals: tuple[Waiting, ...] = ()
    is_working: bool = False
    is_suspended: bool = False
    has_password: bool = False
    has_second_step: bool = False
    own: str = ""


def people(seen: Officials) -> PeopleView:
    page = chrome_text.LIST_PAGE.format(page=persian(seen.page), pages=persian(seen.pages))
    return PeopleView(
        lines=tuple(_line(line, seen.today) for line in seen.lines),
        states=tuple(
            Choice(state.value, people_text.STATE[state], persian(seen.counts[state]))
            for state in people_text.STATE
        ),
        proposals=tuple(_waiting(proposal, seen.today) for proposal in seen.proposals),
        page=page if seen.pages > 1 else "",
        is_first=seen.page == 1,
        is_last=seen.page == seen.pages,
        overdue=people_text.OVERDUE.format(count=persian(seen.overdue)) if seen.overdue else "",
        unheld=_not_ready(seen),
        unread=_unread(seen),
        unsent=people_text.UNSENT.format(count=persian(seen.unsent)) if seen.unsent else "",
    )


def _not_ready(seen: Officials) -> str:
    both = ((people_text.UNHELD, seen.unheld), (people_text.NO_RECEPTION, seen.no_reception))
    return " ".join(
        words.format(day=weekday_day(on), districts=people_text.AND.join(map(persian, districts)))
        for words, (on, districts) in ((words, found) for words, found in both if found)
    )


def _unread(seen: Officials) -> str:
    units = [
        people_text.UNREAD_UNIT.format(unit=unit, district=persian(number), count=persian(count))
        for number, unit, count in seen.unread
    ]
    return people_text.UNREAD.format(units="، ".join(units)) if units else ""


def one_official(seen: Official) -> OfficialView:
    line = seen.line
    is_working = line.state is not OfficialState.ENDED
    open_ = [term for term in line.terms if is_working]
    return OfficialView(
        name=line.name,
        username=line.username,
        state=people_text.STATE[line.state],
        note=_note(line, seen.today),
        terms=tuple(_term(term, seen.today, is_open=term in open_) for term in seen.terms),
        open_terms=tuple(
            Choice(term.key, f"{grant_words(term.grant)}، {days_words(term, seen.today)}")
            for term in open_
        ),
        deputies=tuple(
            Line(name, "", f"{HERE}{id_}/", (days_words(term, seen.today),), "", "")
            for id_, name, term in seen.deputies
        ),
        mobile=people_text.MOBILE_NOW.format(mobile=in_order(seen.mobile)) if seen.mobile else "",
        history=tuple(happening(event, seen.names, line.id) for event in seen.history),
        proposals=tuple(_waiting(proposal, seen.today) for proposal in seen.proposals),
        is_working=is_working,
        is_suspended=line.state is OfficialState.SUSPENDED,
        has_password=line.state is OfficialState.ACTIVE,
        has_second_step=seen.has_second_step,
        own=people_text.OWN_ACCOUNT if seen.is_own else "",
    )


def _line(line: OfficialLine, today: date) -> Line:
    return Line(
        name=line.name,
        username=line.username,
        href=f"{HERE}{line.id}/",
        roles=tuple(_role_line(term, today) for term in line.terms) or _no_role(line),
        note=_note(line, today),
        waits=people_text.WAITS if line.is_proposed else "",
    )


def _no_role(line: OfficialLine) -> tuple[str, ...]:
    """Only whoever is still invited has had no role yet; of others `_note` says it."""
    return (people_text.NO_ROLE,) if line.state is OfficialState.INVITED else ()


def _role_line(term: Term, today: date) -> str:
    is_limited = term.from_on is not None or term.until_on is not None
    words = grant_words(term.grant)
    return f"{words}، {days_words(term, today)}" if is_limited else words


def _note(line: OfficialLine, today: date) -> str:
    if line.state is OfficialState.INVITED:
        if line.link_until is None:
            return people_text.LINK_OVER
        return people_text.LINK_UNTIL.format(until=moment(line.link_until))
    says_nothing = line.state is OfficialState.ENDED or any(
        term.holds(today) for term in line.terms
    )
    return "" if says_nothing else people_text.NO_ROLE_TODAY


def _term(term: Term, today: date, *, is_open: bool) -> TermView:
    return TermView(term.key if is_open else "", grant_words(term.grant), days_words(term, today))


def _waiting(proposal: Proposal, today: date) -> Waiting:
    head = people_text.PROPOSAL.format(
        by=proposal.by_name, name=proposal.name, until=moment(proposal.decision.until)
    )
    pattern = people_text.WHAT[proposal.decision.kind]
    what = pattern
    if proposal.decision.kind is DecisionKind.GIVE_ROLE:
        term = term_of(proposal.decision.body)
        what = pattern.format(role=grant_words(term.grant), days=days_words(term, today))
    about = people_text.ABOUT_YOU if proposal.is_own_account else ""
    own = people_text.OWN if proposal.is_own else about
    shows_link = proposal.hands_over or proposal.decision.kind is DecisionKind.NEW_LINK
    agrees = (people_text.HANDS_OVER,) * proposal.hands_over + (people_text.YOU_BRING,) * shows_link
    return Waiting(
        id=proposal.decision.id,
        head=head,
        what=what,
        href=f"{HERE}{proposal.decision.account_id}/",
        own=own,
        reject=people_text.TAKE_BACK if proposal.is_own else people_text.REJECT,
        past=tuple(_past(proposal)),
        leads=() if own else agrees,
    )


def _past(proposal: Proposal) -> Iterator[str]:
    """Yield who made the last changes of the account: link, password, mobile."""
    patterns = {
        AccountEventKind.INVITED: people_text.LAST_LINK,
        AccountEventKind.MOBILE_CHANGED: people_text.LAST_MOBILE,
        AccountEventKind.SECOND_STEP_RESET: people_text.LAST_RESET,
    }
    if all(event.kind is not AccountEventKind.INVITED for event in proposal.past):
        yield people_text.NO_LINK
    for event in proposal.past:
        by = by_whom(event, proposal.names, proposal.decision.account_id)
        pattern = patterns.get(event.kind) or people_text.PASSWORD_BY[PasswordBy(event.body["by"])]
        yield pattern.format(when=moment_words(event.at), by=by)
