"""Audit search: everything that officials did, by person, case, kind and day.

A search is recorded before its result is read, even if nothing is found. No filter of kinds hides
searches, and their table only grows. No entry holds a citizen's name, mobile or identity, or
anything a person has written.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial

from publicmeeting.domain.errors import Denied, Invalid
from publicmeeting.domain.officials.audit import (
    READERS,
    AccountEventKind,
    AuditEntry,
    AuditFilter,
    AuditKey,
    AuditKind,
    AuditSource,
)
from publicmeeting.domain.roles import Actor
from publicmeeting.kit.clock import at_tehran, tehran_day
from publicmeeting.kit.codes import is_tracking_code
from publicmeeting.kit.digits import ascii_digits, bare, is_number
from publicmeeting.kit.jalali import from_typed
from publicmeeting.kit.letters import search_key
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.base import Command, FormValidator, Nothing, Query, usecase

PAGE = 50
EXPORT_MOST = 20_000
"""Maximum lines of one table; older entries need an earlier day."""
_DAY = timedelta(days=1)
_LONGEST = 64
_DIGITS_MOST = 18
"""No database accepts a longer number of a row."""
_YEARS = range(2000, 3000)
_NAMED = 4
"""Maximum user names listed in a refusal."""


class SearchAudit(Command):
    """A search as typed: a user name, a tracking code, a value of `AuditKind`, Jalali days.

    `before` is where the previous page ended (`AuditPage.older`).
    """

    person: str = ""
    case: str = ""
    kind: str = ""
    since: str = ""
    until: str = ""
    before: str = ""


class ReadOn(Query):
    """A further part of an export that has begun, with its resolved search."""

    wanted: AuditFilter
    before: AuditKey | None = None


@dataclass(frozen=True, slots=True)
class NamedEntry:
    """An entry with its ids resolved: officials' names, tracking code, district, order number."""

    entry: AuditEntry
    username: str
    name: str
    about: str
    """User name of the account that it was done to, or that was searched for."""
    code: str
    number: str
    district: int


@dataclass(frozen=True, slots=True)
class AuditPage:
    entries: tuple[NamedEntry, ...]
    older: str
    """The `before` of the next page; empty on the last one."""
    person: str
    """Name of the official who was searched for."""


@usecase(*READERS)
def audit_door(_uow: UnitOfWork, _actor: Actor, _command: Nothing, now: datetime) -> date:
    """Return the city's day to an official who may read the audit; nothing is read."""
    return tehran_day(now)


@usecase(*READERS)
def search_audit(uow: UnitOfWork, actor: Actor, command: SearchAudit, _now: datetime) -> AuditPage:
    """Return a page of results, newest first; the search itself is the newest entry.

    FormError `username_unknown`, `username_several`, `case_unknown`, `day_unreadable`,
    `audit_days` for days in the wrong order; Denied `form_broken` for an unknown kind or place.
    """
    wanted = _noted(uow, actor, command, AccountEventKind.AUDIT_SEARCHED)
    before = _key(command.before)
    found = uow.audit.page(wanted, before, PAGE + 1, uow.clockwork.cached_offset())
    entries = found[:PAGE]
    return AuditPage(
        entries=_named(uow, entries),
        older=_typed_key(entries[-1].place) if len(found) > PAGE else "",
        person=_name(uow, wanted.account),
    )


@usecase(*READERS)
def export_audit(uow: UnitOfWork, actor: Actor, command: SearchAudit, now: datetime) -> AuditFilter:
    """Record an export of this search, which `audit_lines` reads; refused as `search_audit`.

    Entries that are written from now on are not in it.
    """
    wanted = _noted(uow, actor, command, AccountEventKind.AUDIT_EXPORTED)
    until = min(wanted.until, now + _DAY) if wanted.until else now + _DAY
    return replace(wanted, until=until)


@usecase(*READERS)
def audit_lines(
    uow: UnitOfWork, _actor: Actor, query: ReadOn, _now: datetime
) -> tuple[NamedEntry, ...]:
    """Return the next entries of an export; empty after the last.

    Each part is a separate query, so that an official who is signed out meanwhile cannot read on.
    """
    found = uow.audit.page(query.wanted, query.before, PAGE * 10, uow.clockwork.cached_offset())
    return _named(uow, found)


def _noted(
    uow: UnitOfWork, actor: Actor, command: SearchAudit, kind: AccountEventKind
) -> AuditFilter:
    """Resolve a search after recording it; a refused search is recorded too."""
    body = {
        "person": "",
        "case": _short(command.case),
        "kind": _short(command.kind),
        "since": _short(command.since),
        "until": _short(command.until),
    }
    by = actor.account_id
    uow.after_refusal.append(lambda work: work.account_events.add(kind, None, by, body))
    wanted = _wanted(uow, command)
    uow.account_events.add(kind, None, by, {**body, "person": wanted.account or ""})
    uow.after_refusal.pop()
    return wanted


def _short(typed: str) -> str:
    """Keep digits, as ASCII ones, punctuation and ASCII letters of typed text.

    A search is stored, and somebody may have typed a citizen's name into the wrong field.
    """
    return "".join(c for c in ascii_digits(typed) if c.isascii() and (c.isalnum() or c in "-/._"))[
        :_LONGEST
    ]


def _wanted(uow: UnitOfWork, command: SearchAudit) -> AuditFilter:
    form = FormValidator()
    account = form.field("person", partial(_account, uow), command.person)
    code = bare(command.case)
    request = uow.requests.find(code) if is_tracking_code(code) else None
    if code and request is None:
        form.refuse("case", "case_unknown")
    since = form.field("since", _day, command.since)
    until = form.field("until", _day, command.until)
    if since and until and since > until:
        form.refuse("until", "audit_days")
    form.done()
    _key(command.before)
    if command.kind and command.kind not in set(AuditKind):
        raise Denied("form_broken")
    return AuditFilter(
        account=account,
        request=request.id if request else None,
        code=request.code if request else "",
        kind=AuditKind(command.kind) if command.kind else None,
        since=at_tehran(since) if since else None,
        until=at_tehran(until + _DAY) if until else None,
    )


def _account(uow: UnitOfWork, typed: str) -> str | None:
    """Return the id of an official by user name, or by a name that only one has; None if empty.

    Invalid `username_unknown`, or `username_several` (facts: count, names).
    """
    person = typed.strip()
    if not person:
        return None
    officials = uow.audit.officials()
    exact = [id_ for id_, username, _ in officials if username == person.lower()]
    key = search_key(person)
    matching = [(id_, username) for id_, username, name in officials if key in search_key(name)]
    if exact:
        return exact[0]
    if not key or not matching:
        raise Invalid("username_unknown")
    if len(matching) > 1:
        some = "، ".join(username for _, username in matching[:_NAMED])
        raise Invalid("username_several", count=len(matching), names=some)
    return matching[0][0]


def _day(typed: str) -> date | None:
    """Return the typed day; None if nothing was typed. Invalid("day_unreadable")."""
    if not typed.strip():
        return None
    try:
        return from_typed(typed)
    except ValueError:
        raise Invalid("day_unreadable") from None


def _typed_key(place: AuditKey) -> str:
    return f"{place.at.isoformat()}~{place.source}~{place.key}"


def _key(typed: str) -> AuditKey | None:
    if not typed:
        return None
    parts = typed.split("~")
    try:
        at, source, key = parts
        when = datetime.fromisoformat(at)
        if (
            when.tzinfo is None
            or when.year not in _YEARS
            or (source != AuditSource.OPENING and not is_number(key, _DIGITS_MOST))
        ):
            raise Denied("form_broken")
        return AuditKey(when, AuditSource(source), key)
    except ValueError:
        raise Denied("form_broken") from None


def _name(uow: UnitOfWork, account: str | None) -> str:
    found = uow.accounts.get(account) if account else None
    return found.name if found else ""


def _named(uow: UnitOfWork, entries: Iterable[AuditEntry]) -> tuple[NamedEntry, ...]:
    """Resolve the ids of entries with one statement for each kind of object."""
    entries = tuple(entries)
    people = {account for entry in entries for account in (entry.by, _about(entry)) if account}
    usernames = uow.audit.usernames(people)
    codes = uow.audit.codes({entry.request for entry in entries if entry.request})
    numbers = uow.audit.numbers(
        {entry.order for entry in entries if entry.kind is AuditKind.STEP and entry.order}
    )
    named = []
    for entry in entries:
        username, name = usernames.get(entry.by, ("", ""))
        code, district = codes.get(entry.request, ("", 0))
        named.append(
            NamedEntry(
                entry=entry,
                username=username,
                name=name,
                about=usernames.get(_about(entry), ("", ""))[0],
                code=code,
                number=numbers.get(
                    entry.order, entry.order if entry.kind is AuditKind.DOCUMENT else ""
                ),
                district=entry.district or district,
            )
        )
    return tuple(named)


def _about(entry: AuditEntry) -> str:
    """Return the account that it was done to, or that was searched for."""
    if entry.kind is AuditKind.READING and entry.body:
        return str(entry.body["person"])
    return entry.about
