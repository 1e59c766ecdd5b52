"""The rules of the line: announced in public in good time, unchanged for an open Monday.

Each version is complete: what a form does not contain is copied from the version before. Numbers
and clock times are read as people type them.
"""

import copy
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from publicmeeting.domain.calendar import next_monday
from publicmeeting.domain.choices import Lane, Prefers
from publicmeeting.domain.errors import Denied, Invalid, Unavailable
from publicmeeting.domain.officials.audit import OfficeAct
from publicmeeting.domain.officials.invitations import PROPOSAL_STAYS, DecisionState
from publicmeeting.domain.roles import Actor, Role
from publicmeeting.kit.clock import at_tehran, tehran_day
from publicmeeting.kit.digits import ascii_digits, whole_number
from publicmeeting.kit.jalali import iso, parts, weekday_day
from publicmeeting.store.accounts.accounts import Account
from publicmeeting.store.districts.rules_proposals import RulesProposal
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.turns.kinds import Kind
from publicmeeting.turns.pool import Rules
from publicmeeting.turns.rules.announced import DAILY, MOMENTS, Announced, check_rules, read_rules
from publicmeeting.turns.rules.late_value import Source, form_word
from publicmeeting.turns.rules.weaker import Weaker, weaker
from publicmeeting.turns.rules.week import Week
from publicmeeting.usecases.base import ANYONE, Command, FormValidator, Nothing, usecase

LAST = "24:00"
RULES_TOPIC = "rules"
"""Topic published when a version is announced or proposed, or a proposal decided.

Also the name of the lock under which versions follow one another.
"""
AGREE = (Role.ADMINISTRATOR, Role.OVERSEER)
"""Roles that may agree to what another administrator proposes."""
_CLOCK = re.compile(r"([0-9]{1,2}):([0-9]{2})")
_COUNT_DIGITS = 3
_NO_NUMBERS = frozenset({"late_kind", "witnesses"})


def typed_rules(form: Mapping[str, str]) -> dict[str, Any]:
    """Parse the form's values; FormError names every wrong field at once."""
    checked, found = FormValidator(), dict[str, Any]()
    for name, text in form.items():
        if name in _NO_NUMBERS:
            continue
        is_time = name.endswith(("_at", "_from", "_until"))
        parse = _typed_time if is_time else _OF_A_NUMBER.get(name, _typed_number)
        found[name] = checked.field(name, parse, text)
    checked.done()
    if form["late_kind"] not in set(Source):
        raise Denied("form_broken")
    witnesses = _typed_witnesses(form["witnesses"])
    return {**found, "late_kind": Source(form["late_kind"]), "witnesses": witnesses}


def _typed_witnesses(text: str) -> list[dict[str, str]]:
    """Parse one witness per line: party, organisation, key and, if it has one, address.

    The whole version is checked later. Raises Invalid("witness_malformed").
    """
    found = []
    for line in filter(None, map(str.split, text.splitlines())):
        party, org, vkey, url, *more = [*line, "", "", ""]
        if not vkey or any(more):
            raise Invalid("witness_malformed", field="witnesses")
        found.append({"party": party, "org": org, "vkey": vkey, "url": url})
    return found


def _witness_lines(witnesses: Iterable[Mapping[str, str]]) -> str:
    lines = (
        [witness["party"], witness["org"], witness["vkey"], witness["url"]] for witness in witnesses
    )
    return "\n".join(" ".join(filter(None, line)) for line in lines)


def _typed_number(text: str) -> int:
    number = whole_number(ascii_digits(text.strip()), _COUNT_DIGITS)
    if number is None:
        raise Invalid("rules_number")
    return number


def _from_one(text: str) -> int:
    number = _typed_number(text)
    if not number:
        raise Invalid("rules_from_one")
    return number


_OF_A_NUMBER = {"slot_minutes": _from_one, "offer_hours": _from_one}


def _typed_time(text: str) -> str:
    found = _CLOCK.fullmatch(ascii_digits(text.strip()))
    if found is None:
        raise Invalid("rules_time")
    time = f"{int(found[1]):02d}:{found[2]}"
    if time > LAST or found[2] > "59":
        raise Invalid("rules_clock")
    return time


SOURCES = {Source.PUBLISHED: "tsetmc.com", Source.DICE: "camera"}
"""The source that the rules name after a change of the late value's kind."""

BEFORE = timedelta(days=14)
"""Minimum time between an announcement and the first Monday under it."""

PROPOSALS_A_DAY = 3
"""Maximum proposals of one account in one day, whatever becomes of them.

Each is a permanent log entry and notifies everybody who may agree. An administrator who proposed
and withdrew all day would bury the one that matters.
"""

_WEEK, _DAY = timedelta(weeks=1), timedelta(days=1)
_FIRST = "00:00"
CHOICES = 12
"""How many Mondays an administrator may choose from, counted from the first possible one.

No version begins later than that. No later version may begin before it, so one for a distant year
would stay in force until then.
"""
ALONE = timedelta(weeks=2)
"""How far after the first unopened Monday a version announced by one person may begin.

No other version begins before it does, so a later one would block what two others want.
"""


@dataclass(frozen=True, slots=True)
class ProposedRules:
    """A weaker version that waits for a second officer, and for a witness's signature."""

    seq: int
    rules: Rules
    from_on: date
    proposed_at: datetime
    until: datetime
    weaker: tuple[Weaker, ...]
    signed_by: tuple[str, ...]
    """Parties whose witnesses have signed."""


@dataclass(frozen=True, slots=True)
class RulesPage:
    """Every version, newest first; `in_force` is the number of the coming Monday's version."""

    versions: tuple[Announced, ...]
    in_force: int
    proposal: ProposedRules | None
    """The proposal that waits."""

    def before(self, version: int) -> Announced | None:
        """Return the version that this one follows."""
        return next(
            (announced for announced in self.versions if announced.rules.version < version), None
        )


@usecase(*ANYONE)
def rules_page(uow: UnitOfWork, _actor: Actor, _command: Nothing, now: datetime) -> RulesPage:
    """Return past, current and future rules, for everybody."""
    in_force = uow.city.rules_on(_coming(now))
    versions = tuple(uow.city.announced())
    return RulesPage(versions, in_force.version if in_force else 0, proposed_rules(uow, now))


class RulesForm(Command):
    """A version as it is typed; Persian digits and `9:30` are accepted.

    `…_days` are days before the Monday, `…_at` is the clock time.
    """

    from_on: str = ""
    access: str = ""
    urgent: str = ""
    early_until: str = ""
    late_from: str = ""
    slot_minutes: str = ""
    opens_days: str = ""
    opens_at: str = ""
    filing_closes_days: str = ""
    filing_closes_at: str = ""
    freeze_days: str = ""
    freeze_at: str = ""
    objections_until_days: str = ""
    objections_until_at: str = ""
    reveals_from_days: str = ""
    reveals_from_at: str = ""
    reveals_until_days: str = ""
    reveals_until_at: str = ""
    session_at: str = ""
    value_from_at: str = ""
    value_until_at: str = ""
    answer_by_days: str = ""
    answer_by_at: str = ""
    standby_until_days: str = ""
    standby_until_at: str = ""
    offer_hours: str = ""
    offer_from: str = ""
    offer_until: str = ""
    late_kind: str = ""
    witnesses: str = ""
    """One witness per line: party, organisation, key, and optionally an address."""


@dataclass(frozen=True, slots=True)
class RulesDraft:
    """What an administrator starts from: the newest version as a form, and possible Mondays."""

    newest: Announced
    form: Mapping[str, str]
    mondays: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class RulesPreview:
    """A version that could be announced now, beside the one that it would follow."""

    rules: Rules
    from_on: date
    before: Announced
    weaker: tuple[Weaker, ...] = ()
    """What it changes of the draw; any change needs the agreement of a second officer."""
    agreed_by: datetime | None = None
    """Until when a second officer can agree, if one is needed."""


@usecase(Role.ADMINISTRATOR)
def rules_draft(uow: UnitOfWork, _actor: Actor, _command: Nothing, now: datetime) -> RulesDraft:
    """Return the newest version as a form. Denied("not_found") before the city is founded."""
    newest = _newest(uow)
    return RulesDraft(newest, form_of(newest.rules.body), possible(uow, now))


@usecase(Role.ADMINISTRATOR)
def preview_rules(
    uow: UnitOfWork, _actor: Actor, command: RulesForm, now: datetime
) -> RulesPreview:
    """Return the version that a form makes, checked as by `announce_rules`, without writing."""
    return _composed(uow, command, now)


@usecase(Role.ADMINISTRATOR)
def announce_rules(
    uow: UnitOfWork, actor: Actor, command: RulesForm, now: datetime
) -> RulesPreview:
    """Announce the next version: public from now on, and nobody can take it back.

    A version that changes anything of the draw (`weaker`) is only proposed, in public. It is
    announced after a second officer agrees (`usecases/line/rules_by_two.py`).

    Raises FormError for single fields, as `typed_rules`. Raises Invalid `monday_unknown`;
    `rules_too_soon` with the first possible Monday; `rules_all_lanes`, `rules_opens_apart` and what
    `check_rules` raises; `rules_far_alone` for a version that is not weaker. Raises Denied
    `rules_same` if nothing would change; `rules_waiting` while somebody else's proposal waits, and
    for a weaker version also while his own does; for a weaker version `rules_nobody_agrees` if
    nobody else could agree, and `rules_proposed_often` for the account's fourth proposal of a day.
    """
    uow.advisory_lock(RULES_TOPIC)
    preview = _composed(uow, command, now)
    waiting = open_proposal(uow, now)
    if waiting is not None and (preview.weaker or waiting.proposed_by != actor.account_id):
        raise Denied("rules_waiting")
    if preview.weaker:
        _propose(uow, actor, preview, now)
    else:
        announce(uow, preview.rules, preview.from_on, now)
    act = OfficeAct.RULES_PROPOSED if preview.weaker else OfficeAct.RULES_ANNOUNCED
    uow.account_events.add_act(act, actor.account_id, preview.from_on)
    uow.publish(RULES_TOPIC)
    return preview


def _propose(uow: UnitOfWork, actor: Actor, preview: RulesPreview, now: datetime) -> None:
    assert actor.account_id is not None, "an administrator has an account"
    by, accounts = actor.account_id, uow.accounts
    if all(accounts.are_one_person(account.id, by) for account in _approver_accounts(uow)):
        raise Denied("rules_nobody_agrees")
    today = at_tehran(tehran_day(now), _FIRST)
    if uow.rules_proposals.count_since(today, actor.account_id) >= PROPOSALS_A_DAY:
        raise Denied("rules_proposed_often", most=PROPOSALS_A_DAY)
    if preview.agreed_by is not None and preview.agreed_by <= now:
        day = weekday_day(preview.from_on + _WEEK)
        raise Invalid("rules_too_soon", field="from_on", day=day, days=BEFORE.days)
    body: dict[str, object] = {
        "from": iso(preview.from_on),
        "hash": preview.rules.hash,
        "rules": dict(preview.rules.body),
        "officer": city_mark(uow, actor.account_id, now),
    }
    entry = uow.log.append(Kind.RULES_PROPOSED, body, now)
    uow.rules_proposals.add(entry.seq, actor.account_id, now)


def _approver_accounts(uow: UnitOfWork) -> list[Account]:
    return [
        account
        for role in AGREE
        for account in uow.accounts.with_role(role)
        if account.has_password
    ]


def city_mark(uow: UnitOfWork, account_id: str, at: datetime) -> str:
    """Return a city official's mark in the log, the same for one account in all of its roles.

    One person can therefore not count as two by having two roles.
    """
    year, _, _ = parts(tehran_day(at))
    return uow.officer_marks.mark("city", account_id, year)


def open_proposal(uow: UnitOfWork, now: datetime) -> RulesProposal | None:
    """Return the proposal to which somebody else can still agree; None without one.

    Nor is it one if its row names another account than the log. Its proposer could then agree to it
    himself.
    """
    found = uow.rules_proposals.newest()
    if found is None or found.state is not DecisionState.PROPOSED:
        return None
    newest = _newest(uow)
    is_next = found.rules.version == newest.rules.version + 1
    has_proposer = uow.accounts.has_role_now(found.proposed_by, Role.ADMINISTRATOR)
    is_in_time = now < agreed_by(newest, found.rules, found.from_on, found.proposed_at)
    try:
        is_right = with_log(uow, found.rules.body) == found.rules.body
    except Unavailable:  # while nobody knows the city's keys, nobody can announce it
        return None
    is_own = city_mark(uow, found.proposed_by, found.proposed_at) == found.officer
    return found if is_next and has_proposer and is_in_time and is_right and is_own else None


def proposed_rules(uow: UnitOfWork, now: datetime) -> ProposedRules | None:
    """Return the waiting proposal as everybody may read it: its text from the log, no names."""
    proposal = open_proposal(uow, now)
    if proposal is None:
        return None
    before = _newest(uow)
    return ProposedRules(
        seq=proposal.seq,
        rules=proposal.rules,
        from_on=proposal.from_on,
        proposed_at=proposal.proposed_at,
        until=agreed_by(before, proposal.rules, proposal.from_on, proposal.proposed_at),
        weaker=weaker(before.rules.body, proposal.rules.body),
        signed_by=tuple(sorted(uow.rules_proposals.signed_by(proposal.seq))),
    )


def agreed_by(before: Announced, rules: Rules, from_on: date, proposed_at: datetime) -> datetime:
    """Return the last instant at which a proposal can be announced.

    It is the earliest of: a week after the proposal; the opening of its first Monday by either
    version; fourteen days before that Monday.
    """
    return min(
        proposed_at + PROPOSAL_STAYS,
        Week(from_on, before.rules.body).at("opens"),
        Week(from_on, rules.body).at("opens"),
        at_tehran(from_on - BEFORE, LAST),
    )


def announce(uow: UnitOfWork, rules: Rules, from_on: date, now: datetime) -> None:
    """Store a version and announce it in the public log, once.

    Raises Invalid("rules_malformed") for a version that no auditor could read, such as one of a
    city whose log has no key, and `Unavailable` while the log cannot be read: whether a version is
    weaker depends on the one before.
    """
    uow.line_book.await_first_reading()
    read_rules(rules.body)
    uow.city.announce_rules(rules, from_on, now)
    body: dict[str, object] = {
        "from": iso(from_on),
        "hash": rules.hash,
        "rules": dict(rules.body),
    }
    uow.log.append(Kind.RULES_ANNOUNCED, body, now)


def with_log(uow: UnitOfWork, body: Mapping[str, Any]) -> dict[str, Any]:
    """Return rules with the name of the public log and the keys that sign it now."""
    keys = uow.log.keys()
    log = {"log": {"origin": keys.origin, "keys": keys.announced}} if keys.daily else {}
    return {**body, **log}


def first_possible(uow: UnitOfWork, now: datetime) -> date:
    """Return the first Monday that new rules may govern.

    It is at least 14 days ahead, not open yet, and not before the start of an announced version.
    """
    newest = next(iter(uow.city.announced()), None)
    first = _first_not_open(uow, now)
    return max(first, newest.from_on) if newest else first


def _first_not_open(uow: UnitOfWork, now: datetime) -> date:
    """Return the first Monday 14 days ahead that is not open yet, whatever has been announced."""
    soonest, opened = _soonest(now), uow.city.last_monday()
    return max(soonest, opened + _WEEK) if opened else soonest


def possible(uow: UnitOfWork, now: datetime) -> tuple[date, ...]:
    """Return all Mondays with which new rules may begin; at least one."""
    first = first_possible(uow, now)
    weeks = (_soonest(now) + CHOICES * _WEEK - first) // _WEEK
    return tuple(first + week * _WEEK for week in range(max(weeks, 1)))


def _soonest(now: datetime) -> date:
    return next_monday(tehran_day(now) + BEFORE - _DAY)


def form_of(body: Mapping[str, Any]) -> dict[str, str]:
    """Return the fields of `RulesForm` for a version."""
    lanes, windows, offers = body["lanes"], body["windows"], body["offers"]
    moments = {
        f"{name}_{part}": str(body["week"][name][key])
        for name in MOMENTS
        for part, key in (("days", "days_before"), ("at", "at"))
        if key in body["week"][name]
    }
    return {
        **{lane.value: str(lanes.get(lane.value, 0)) for lane in (Lane.ACCESS, Lane.URGENT)},
        "early_until": windows.get(Prefers.EARLY.value, (_FIRST, LAST))[1],
        "late_from": windows.get(Prefers.LATE.value, (_FIRST, LAST))[0],
        "slot_minutes": str(body["slot_minutes"]),
        **moments,
        "offer_hours": str(offers["hours"]),
        "offer_from": offers["from"],
        "offer_until": offers["until"],
        "late_kind": str(body["late_value"]["kind"]),
        "witnesses": _witness_lines(body.get("witnesses", ())),
        "session_at": str(body["late_value"]["session"]),
    }


def _composed(uow: UnitOfWork, command: RulesForm, now: datetime) -> RulesPreview:
    before = _newest(uow)
    typed = typed_rules(command.model_dump(exclude={"from_on"}))
    from_on = _monday(command.from_on)
    mondays = possible(uow, now)
    if from_on < mondays[0]:
        day = weekday_day(mondays[0])
        raise Invalid("rules_too_soon", field="from_on", day=day, days=BEFORE.days)
    if from_on > mondays[-1]:
        raise Invalid("monday_unknown", field="from_on")
    body = with_log(uow, _body(before.rules, typed))
    if _without_version(body) == _without_version(before.rules.body):
        raise Denied("rules_same")
    try:
        rules = check_rules(body)
    except Invalid as refusal:
        raise Invalid(refusal.key, field=_field(refusal.field)) from refusal
    require_seats_for_all(uow, rules, now)
    _require_order_of_openings(uow.city.rules_on(from_on - _WEEK) or before.rules, rules, from_on)
    found = weaker(before.rules.body, rules.body)
    latest = max(_first_not_open(uow, now) + ALONE, mondays[0])
    if not found and from_on > latest:
        raise Invalid("rules_far_alone", field="from_on", day=weekday_day(latest))
    until = agreed_by(before, rules, from_on, now) if found else None
    return RulesPreview(rules, from_on, before, found, until)


def _require_order_of_openings(before: Rules, rules: Rules, from_on: date) -> None:
    """Require that Mondays open one after another; Invalid("rules_opens_apart").

    A Monday that should open before the previous one would be late from the start, and several
    would open at once.
    """
    last = Week(from_on - _WEEK, before.body).at("opens")
    if Week(from_on, rules.body).at("opens") < last:
        raise Invalid("rules_opens_apart", field="opens_days")


def require_seats_for_all(uow: UnitOfWork, rules: Rules, now: datetime) -> None:
    """Require that lanes leave the general line a seat, even in the smallest district.

    Raises Invalid("rules_all_lanes"). An ordinary Monday is checked. Lanes are served first, so
    quotas as large as the day would stop the line there completely.
    """
    texts = uow.district_texts.of_all(tehran_day(now)).values()
    seats = [len(text.seats) for text in texts]
    fewest = min(filter(None, seats), default=0)
    quotas = sum(rules.lanes.values())
    if fewest and quotas >= fewest:
        widest = max((Lane.ACCESS, Lane.URGENT), key=lambda lane: rules.lanes.get(lane.value, 0))
        raise Invalid("rules_all_lanes", field=widest.value, seats=fewest, quotas=quotas)


def _monday(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Invalid("need_monday", field="from_on") from None
    if day.weekday():
        raise Invalid("monday_unknown", field="from_on")
    return day


def _body(before: Rules, typed: Mapping[str, Any]) -> dict[str, Any]:
    body = copy.deepcopy(dict(before.body))
    body["version"] = before.version + 1
    body["lanes"] = {**body["lanes"], "access": typed["access"], "urgent": typed["urgent"]}
    early, late = [_FIRST, typed["early_until"]], [typed["late_from"], LAST]
    body["windows"] = {**body["windows"], "early": early, "late": late}
    body["slot_minutes"] = typed["slot_minutes"]
    body["week"] = {
        **body["week"],
        **{
            name: {"days_before": typed[f"{name}_days"], "at": typed[f"{name}_at"]}
            for name in MOMENTS
            if name not in DAILY
        },
        **{name: {"at": typed[f"{name}_at"]} for name in DAILY},
    }
    body["offers"] = {
        **body["offers"],
        "hours": typed["offer_hours"],
        "from": typed["offer_from"],
        "until": typed["offer_until"],
    }
    if typed["witnesses"] or "witnesses" in body:
        body["witnesses"] = typed["witnesses"]
    body["late_value"] = _late_value(body["late_value"], typed["late_kind"], typed["session_at"])
    return body


def _late_value(before: Mapping[str, Any], kind: Source, session: str) -> dict[str, Any]:
    """Return the late value's rules; another kind has another source and form, the same days."""
    new = {**before, "session": session}
    if kind == before["kind"]:
        return new
    return {**new, "kind": kind.value, "source": SOURCES[kind], "form": form_word(kind)}


def _field(place: str) -> str:
    """Return the form's field under which an error in the body is shown."""
    part, _, name = place.partition(".")
    if part == "week" and name in MOMENTS:
        return f"{name}_at"
    if part == "offers" and name:
        return f"offer_{name}"
    if part == "late_value":
        return "session_at" if name == "session" else "late_kind"
    return {"lanes": "access", "windows": "early_until", "offers": "offer_hours"}.get(part, part)


def _without_version(body: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in body.items() if key != "version"}


def _newest(uow: UnitOfWork) -> Announced:
    found = uow.city.announced()
    if not found:
        raise Denied("not_found")
    return found[0]


def _coming(now: datetime) -> date:
    """Return today if it is a Monday, or the next Monday."""
    return next_monday(tehran_day(now) - _DAY)
