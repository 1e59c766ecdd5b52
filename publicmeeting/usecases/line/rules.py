"""The rules of the line: announced in public, in good time, and never changed under a Monday.

A version is a whole: what a form does not touch is taken over from the version before. Numbers and
clock times are read as people type them.
"""

import copy
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from publicmeeting.domain.calendar import next_monday
from publicmeeting.domain.choices import Lane, Prefers
from publicmeeting.domain.errors import Denied, Invalid
from publicmeeting.domain.invitations import PROPOSAL_STAYS, DecisionState
from publicmeeting.domain.roles import Actor, Role
from publicmeeting.kit.clock import at_tehran, tehran_day
from publicmeeting.kit.digits import ascii_digits
from publicmeeting.kit.jalali import iso, parts, weekday_day
from publicmeeting.store.accounts.accounts import Account
from publicmeeting.store.rules_proposals import RulesProposal
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.turns.announced import DAILY, MOMENTS, Announced, check_rules, read_rules
from publicmeeting.turns.kinds import Kind
from publicmeeting.turns.late_value import Source, form_word
from publicmeeting.turns.pool import Rules
from publicmeeting.turns.weaker import Weaker, weaker
from publicmeeting.turns.week import Week
from publicmeeting.usecases.base import ANYONE, Command, FormValidator, Nothing, usecase

LAST = "24:00"
RULES_TOPIC = "rules"
"""Published when a version was announced or proposed, or a proposal decided; the name of the lock
behind which versions come one after another."""
AGREE = (Role.ADMINISTRATOR, Role.OVERSEER)
"""Who may agree to what another administrator proposes."""
_CLOCK = re.compile(r"([0-9]{1,2}):([0-9]{2})")
_COUNT_DIGITS = 3
_NO_NUMBERS = frozenset({"late_kind", "witnesses"})


def typed_rules(form: Mapping[str, str]) -> dict[str, Any]:
    """The form's values; FormError names each wrong field at once."""
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
    """A line each: party, organisation, key and, where it answers one, its address. What they are
    is looked at with the whole version. Invalid `witness_malformed`."""
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
    digits = ascii_digits(text.strip())
    if not digits.isdecimal() or len(digits) > _COUNT_DIGITS:
        raise Invalid("rules_number")
    return int(digits)


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
"""What the rules name where the kind of the late value changes."""

BEFORE = timedelta(days=14)
"""Between the announcement and the first Monday that is held under it, at least."""

PROPOSALS_A_DAY = 3
"""By one account, whatever becomes of them. Each is in the public log for ever and rings everybody
who may agree: whoever proposed and took back all day would bury the one that matters."""

_WEEK, _DAY = timedelta(weeks=1), timedelta(days=1)
_FIRST = "00:00"
CHOICES = 12
"""Mondays an administrator may choose from, counted from the first that is far enough from now.
No version begins later: none after it may begin before it, so one for a far year would hold for
ever."""
ALONE = timedelta(weeks=2)
"""What one announces alone begins no later than this after the first Monday that is not open yet:
until it begins no other version does, so it stops what two others want."""


@dataclass(frozen=True, slots=True)
class ProposedRules:
    """A version that weakens the draw and waits for a second officer, and for a witness's name."""

    seq: int
    rules: Rules
    from_on: date
    proposed_at: datetime
    until: datetime
    weaker: tuple[Weaker, ...]
    signed_by: tuple[str, ...]
    """Parties."""


@dataclass(frozen=True, slots=True)
class RulesPage:
    """Every version, the newest first; `in_force` is the one of the coming Monday."""

    versions: tuple[Announced, ...]
    in_force: int
    proposal: ProposedRules | None
    """That waits."""

    def before(self, version: int) -> Announced | None:
        """The version it follows."""
        return next(
            (announced for announced in self.versions if announced.rules.version < version), None
        )


@usecase(*ANYONE)
def rules_page(uow: UnitOfWork, _actor: Actor, _command: Nothing, now: datetime) -> RulesPage:
    """The rules in force, those to come and those before, for everybody."""
    in_force = uow.city.rules_on(_coming(now))
    versions = tuple(uow.city.announced())
    return RulesPage(versions, in_force.version if in_force else 0, proposed_rules(uow, now))


class RulesForm(Command):
    """A version as it is typed; Persian digits and `9:30` are accepted. `…_days` are days before
    the Monday, `…_at` its clock time."""

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
    """A line each: party, organisation, key, and perhaps an address."""


@dataclass(frozen=True, slots=True)
class RulesDraft:
    """What an administrator starts from: the newest version as a form, and the Mondays left."""

    newest: Announced
    form: Mapping[str, str]
    mondays: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class RulesPreview:
    """A version that could be announced now, beside the one it would follow."""

    rules: Rules
    from_on: date
    before: Announced
    weaker: tuple[Weaker, ...] = ()
    """What it changes of the draw: with any of it, somebody else has to agree."""
    agreed_by: datetime | None = None
    """Until when, where that is so."""


@usecase(Role.ADMINISTRATOR)
def rules_draft(uow: UnitOfWork, _actor: Actor, _command: Nothing, now: datetime) -> RulesDraft:
    """Denied `not_found` in a city that has not been founded."""
    newest = _newest(uow)
    return RulesDraft(newest, form_of(newest.rules.body), possible(uow, now))


@usecase(Role.ADMINISTRATOR)
def preview_rules(
    uow: UnitOfWork, _actor: Actor, command: RulesForm, now: datetime
) -> RulesPreview:
    """The version a form makes, checked as `announce_rules` checks it; nothing is written."""
    return _composed(uow, command, now)


@usecase(Role.ADMINISTRATOR)
def announce_rules(
    uow: UnitOfWork, actor: Actor, command: RulesForm, now: datetime
) -> RulesPreview:
    """Announce the next version: from now on everybody can read it, and nobody can take it back.

    One that changes anything of the draw (`weaker`) is only proposed, in public, and announced
    once somebody else agrees (`usecases/line/rules_by_two.py`).

    FormError with what `typed_rules` refuses in single fields; Invalid `monday_unknown`,
    `rules_too_soon` with the first Monday that is left, `rules_all_lanes`, `rules_opens_apart` and
    what `check_rules` raises; `rules_far_alone` for one that is not weaker; Denied `rules_same`
    where nothing would change; `rules_waiting` while somebody else's proposal waits, of a weaker
    one also while his own does; for a weaker one `rules_nobody_agrees` where nobody else could,
    `rules_proposed_often` for the fourth of one account on one day of the city.
    """
    uow.advisory_lock(RULES_TOPIC)
    made = _composed(uow, command, now)
    waiting = open_proposal(uow, now)
    if waiting is not None and (made.weaker or waiting.proposed_by != actor.account_id):
        raise Denied("rules_waiting")
    if made.weaker:
        _propose(uow, actor, made, now)
    else:
        announce(uow, made.rules, made.from_on, now)
    uow.publish(RULES_TOPIC)
    return made


def _propose(uow: UnitOfWork, actor: Actor, made: RulesPreview, now: datetime) -> None:
    assert actor.account_id is not None, "an administrator has an account"
    if not {account.id for account in _who_agree(uow)} - {actor.account_id}:
        raise Denied("rules_nobody_agrees")
    today = at_tehran(tehran_day(now), _FIRST)
    if uow.rules_proposals.count_since(today, actor.account_id) >= PROPOSALS_A_DAY:
        raise Denied("rules_proposed_often", most=PROPOSALS_A_DAY)
    if made.agreed_by is not None and made.agreed_by <= now:
        day = weekday_day(made.from_on + _WEEK)
        raise Invalid("rules_too_soon", field="from_on", day=day, days=BEFORE.days)
    body: dict[str, object] = {
        "from": iso(made.from_on),
        "hash": made.rules.hash,
        "rules": dict(made.rules.body),
        "officer": city_mark(uow, actor.account_id, now),
    }
    entry = uow.log.append(Kind.RULES_PROPOSED, body, now)
    uow.rules_proposals.add(entry.seq, actor.account_id, now)


def _who_agree(uow: UnitOfWork) -> list[Account]:
    return [
        account
        for role in AGREE
        for account in uow.accounts.with_role(role)
        if account.has_password
    ]


def city_mark(uow: UnitOfWork, account_id: str, at: datetime) -> str:
    """An official of the city in the log: the same for an account in whatever role it acts, so that
    nobody is two by two roles."""
    year, _, _ = parts(tehran_day(at))
    return uow.officer_marks.mark("city", account_id, year)


def open_proposal(uow: UnitOfWork, now: datetime) -> RulesProposal | None:
    """The one that somebody else can still agree to."""
    found = uow.rules_proposals.newest()
    if found is None or found.state is not DecisionState.PROPOSED:
        return None
    newest = _newest(uow)
    is_next = found.rules.version == newest.rules.version + 1
    has_proposer = uow.accounts.still_has(found.proposed_by, Role.ADMINISTRATOR)
    is_in_time = now < agreed_by(newest, found.rules, found.from_on, found.proposed_at)
    is_right = with_log(uow, found.rules.body) == found.rules.body
    return found if is_next and has_proposer and is_in_time and is_right else None


def proposed_rules(uow: UnitOfWork, now: datetime) -> ProposedRules | None:
    """The same as everybody may read it: the log has its text, and nobody's name."""
    found = open_proposal(uow, now)
    if found is None:
        return None
    before = _newest(uow)
    return ProposedRules(
        seq=found.seq,
        rules=found.rules,
        from_on=found.from_on,
        proposed_at=found.proposed_at,
        until=agreed_by(before, found.rules, found.from_on, found.proposed_at),
        weaker=weaker(before.rules.body, found.rules.body),
        signed_by=tuple(sorted(uow.rules_proposals.signed_by(found.seq))),
    )


def agreed_by(before: Announced, rules: Rules, from_on: date, proposed_at: datetime) -> datetime:
    """The last moment at which a proposal can be announced: a week, while its first Monday is not
    open yet by either version, and fourteen days before it."""
    return min(
        proposed_at + PROPOSAL_STAYS,
        Week(from_on, before.rules.body).at("opens"),
        Week(from_on, rules.body).at("opens"),
        at_tehran(from_on - BEFORE, LAST),
    )


def announce(uow: UnitOfWork, rules: Rules, from_on: date, now: datetime) -> None:
    """Store a version and announce it in the public log, once. Invalid `rules_malformed` for one
    that no auditor could read, as of a city whose log has no key."""
    read_rules(rules.body)
    uow.city.announce_rules(rules, from_on, now)
    body: dict[str, object] = {
        "from": iso(from_on),
        "hash": rules.hash,
        "rules": dict(rules.body),
    }
    uow.log.append(Kind.RULES_ANNOUNCED, body, now)


def with_log(uow: UnitOfWork, body: Mapping[str, Any]) -> dict[str, Any]:
    """Rules with the name of the public log and the keys that sign it now."""
    keys = uow.log.keys()
    log = {"log": {"origin": keys.origin, "keys": keys.announced}} if keys.daily else {}
    return {**body, **log}


def first_possible(uow: UnitOfWork, now: datetime) -> date:
    """The first Monday that new rules may govern.

    14 days ahead, not one whose seats, rules and commitment are public already, and not before a
    version that is announced but does not hold yet.
    """
    newest = next(iter(uow.city.announced()), None)
    first = _first_not_open(uow, now)
    return max(first, newest.from_on) if newest else first


def _first_not_open(uow: UnitOfWork, now: datetime) -> date:
    """The same, whatever has been announced."""
    soonest, opened = _soonest(now), uow.city.last_monday()
    return max(soonest, opened + _WEEK) if opened else soonest


def possible(uow: UnitOfWork, now: datetime) -> tuple[date, ...]:
    """All Mondays that new rules may begin with; one at least."""
    first = first_possible(uow, now)
    weeks = (_soonest(now) + CHOICES * _WEEK - first) // _WEEK
    return tuple(first + week * _WEEK for week in range(max(weeks, 1)))


def _soonest(now: datetime) -> date:
    return next_monday(tehran_day(now) + BEFORE - _DAY)


def form_of(body: Mapping[str, Any]) -> dict[str, str]:
    """The fields of `RulesForm` as a version has them."""
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
    """Mondays open one after another: one that should open before the one before it would be late
    from the beginning, and several would open at once."""
    last = Week(from_on - _WEEK, before.body).at("opens")
    if Week(from_on, rules.body).at("opens") < last:
        raise Invalid("rules_opens_apart", field="opens_days")


def require_seats_for_all(uow: UnitOfWork, rules: Rules, now: datetime) -> None:
    """On an ordinary Monday of the smallest district a seat is left to the general line.

    Lanes are served first: quotas as large as the day would end the line there for ever.
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
    """Another kind of value has another source and form; its days stay."""
    new = {**before, "session": session}
    if kind == before["kind"]:
        return new
    return {**new, "kind": kind.value, "source": SOURCES[kind], "form": form_word(kind)}


def _field(place: str) -> str:
    """The field of the form under which an error in the body is shown."""
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
    """Today, if it is a Monday, or the next one."""
    return next_monday(tehran_day(now) - _DAY)
