"""Every press that may write into the public log, tried in one state of a city and rolled back.

Each press is made twice in a row. After each one that was not refused, three auditors read the log.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any
from unittest.mock import patch

from auditor import Memory, program

from publicmeeting.application import SENT_AGAIN
from publicmeeting.domain.choices import CODES, NO_SHOW_REASONS
from publicmeeting.domain.errors import Refusal
from publicmeeting.domain.lifecycle.tables import REQUEST_STEPS, Step
from publicmeeting.domain.line.lanes import open_contests
from publicmeeting.domain.people import IdentityKind, Level
from publicmeeting.domain.records import Filing
from publicmeeting.domain.roles import NOBODY, Actor, Role
from publicmeeting.domain.stages import Need
from publicmeeting.kit.clock import TEHRAN
from publicmeeting.kit.jalali import iso
from publicmeeting.kit.process.context import press as current_press
from publicmeeting.kit.process.context import set_press
from publicmeeting.store.line.shared_book import SharedBook
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.turns.formulas import CITY, commitment, draw_id
from publicmeeting.turns.kinds import Kind
from publicmeeting.usecases.accounts.signing_in.proven import displace
from publicmeeting.usecases.base import Nothing, OneCase
from publicmeeting.usecases.districts.closing import CloseMonday, close_monday
from publicmeeting.usecases.filing.submitting import file_request
from publicmeeting.usecases.identity import Outcome, Proof, prove_identity
from publicmeeting.usecases.lifecycle.payloads import TakeStep
from publicmeeting.usecases.lifecycle.steps import OWN_USE_CASE, take_step
from publicmeeting.usecases.line.ceremony.late_value import enter_word
from publicmeeting.usecases.line.ceremony.witness_words import (
    Commit,
    EnterValue,
    Reveal,
    commit,
    enter_value,
    reveal,
)
from publicmeeting.usecases.line.objections.list_objections import ObjectToList, object_to_list
from publicmeeting.usecases.line.objections.undoing import (
    deny_giving_up,
    take_seat_back,
    undo_leaving,
)
from publicmeeting.usecases.line.offers import TakeFree, take_free, want_free
from publicmeeting.usecases.line.rules import (
    RulesForm,
    announce_rules,
    form_of,
    rules_draft,
)
from publicmeeting.usecases.line.rules_by_two import (
    OneRulesProposal,
    SignRules,
    agree_to_rules,
    sign_rules,
    waiting_rules,
)
from publicmeeting.usecases.meetings.audiences import StateAudiences, state_audiences
from publicmeeting.usecases.meetings.in_hall.hall import CheckIn, check_in, hall_code
from publicmeeting.usecases.meetings.in_hall.standby import Standby, note_present
from publicmeeting.usecases.meetings.on_paper.paper_entry import (
    EnterArrivals,
    EnterMeeting,
    enter_arrivals,
    enter_meeting,
)
from publicmeeting.usecases.meetings.room import FinishMeeting, finish_meeting
from publicmeeting.usecases.oversight import books
from publicmeeting.usecases.public_record.auditing import audited
from publicmeeting.usecases.screening.lane_judging import JudgeLane, judge_lane
from support.city import WITNESSES
from support.contests import contest_id, judges_of
from support.line import DISTRICT, MATTER, MONDAY, Citizen, Line
from support.three_auditors import PublishedLog, published_log
from support.witnesses import Witness, value_of

Press = Callable[[UnitOfWork, datetime], object]
WEEK = timedelta(weeks=1)
MONDAYS = [MONDAY + week * WEEK for week in range(4)]
ELSEWHERE = "4"
NOTE = "این کار را خودمان درست کردیم."
OTHER = "+989350000077"
WHO = {
    Role.DESK: ("desk", "second_desk"),
    Role.UNIT: ("technical",),
    Role.OVERSEER: ("overseer",),
    Role.RECEPTION: ("reception",),
    Role.MAYOR: ("mayor",),
    Role.DEPUTY: ("deputy",),
}
_UNSIGNED = frozenset({"not_cosigned", "cosigned_late"})
"""Findings that are expected, because no witness signs the log of the tests' city."""
KEY, OTHER_KEY = "a" * 24, "b" * 24


class _BackError(Exception):
    """Rolls back everything that a press has written."""


@dataclass(frozen=True, slots=True)
class Tried:
    """What the presses of one state did: kinds of entries, resulting logs, findings by press."""

    kinds: set[Kind] = field(default_factory=set)
    logs: dict[str, PublishedLog] = field(default_factory=dict)
    faults: dict[str, list[str]] = field(default_factory=dict)


def try_all(line: Line, presses: Iterator[tuple[str, Press]]) -> Tried:
    tried = Tried()
    _refuses_a_repeated_key(line)
    for name, press in presses:
        for made, (kinds, log, found) in enumerate(_try(line, press), 1):
            tried.kinds.update(kinds)
            tried.logs[f"{name} {made}"] = log
            if found:
                tried.faults[f"{name} {made}"] = found
    return tried


def _try(line: Line, press: Press) -> list[tuple[set[Kind], PublishedLog, list[str]]]:
    """Return kinds, log and findings of each of two presses that wrote into the log unrefused."""
    left: list[tuple[set[Kind], PublishedLog, list[str]]] = []
    now, store = line.clock.now, line.city.application.store
    store._shared_book = SharedBook()  # so that the cached log does not outlive the rollback
    with suppress(_BackError, Refusal), store.unit_of_work(now) as uow:
        for key in (KEY, OTHER_KEY):
            set_press(key)
            assert _is_new(uow)
            before = uow.log.head().seq
            uow.log.appended, uow.log._head = (
                0,
                None,
            )  # as if the first press were committed already
            press(uow, now)
            uow.log.sign()
            uow.session.flush()
            kinds = {entry.kind for entry in uow.log.after(before)}
            if kinds:
                log = published_log(uow)
                left.append((kinds, log, _found(uow, log, now)))
        raise _BackError
    set_press("")
    return left


def _refuses_a_repeated_key(line: Line) -> None:
    """Check that the key of a press is accepted once, and another key beside it."""
    with suppress(_BackError), line.city.application.store.unit_of_work(line.clock.now) as uow:
        for key in (KEY, OTHER_KEY):
            for is_new in (True, False):
                set_press(key)
                assert _is_new(uow) is is_new
        raise _BackError
    set_press("")


def _is_new(uow: UnitOfWork) -> bool:
    pressed = current_press()
    assert pressed
    return uow.counters.is_first(pressed.name_of_command(), SENT_AGAIN)


def _found(uow: UnitOfWork, log: PublishedLog, now: datetime) -> list[str]:
    auditor = audited(uow)  # nothing is written meanwhile, so both checks share one audit
    with patch.object(books, "_audited", return_value=auditor):
        checks = (books.audit_holds, books.tables_follow)
        mine = [str(finding) for check in checks for finding in check(uow, now)]
    offline = program.Books(Memory(log.paths())).found
    faults = {one.code for one in offline} - program.NOTES - _UNSIGNED
    return [*mine, *(f"offline: {one}" for one in offline if one.code in faults)]


def presses_about(line: Line, citizen: Citizen) -> Iterator[tuple[str, Press]]:
    """Yield everything that anybody might press about her request, or about a Monday."""
    yield from _steps(line, citizen)
    yield from _hers(line, citizen)
    yield from _of_officials(line, citizen)


def presses_of_the_line(line: Line) -> Iterator[tuple[str, Press]]:
    """Yield everything that officials and witnesses write about the draw and its rules."""
    yield from _of_rules(line)
    yield from _of_witnesses(line)


def _steps(line: Line, citizen: Citizen) -> Iterator[tuple[str, Press]]:
    """Yield each step of the table, by every account that plays one of its roles."""
    for step in REQUEST_STEPS:
        if step.action in OWN_USE_CASE:
            continue
        names = [name for role in step.by for name in WHO.get(role, ())]
        actors = [line.city.as_(name) for name in names]
        if Role.CITIZEN in step.by:
            actors.append(citizen.actor)
        for actor in actors:
            for fields in _fields(step, citizen):
                yield _step(actor, TakeStep(code=citizen.code, action=step.action, **fields))


def _step(actor: Actor, command: TakeStep) -> tuple[str, Press]:
    name = " ".join(filter(None, (command.action, command.monday, actor.name)))
    return name, lambda uow, now: take_step(uow, actor, command, now)


def _fields(step: Step, citizen: Citizen) -> Iterator[dict[str, str]]:
    fields = {}
    for need in (*step.needs, *step.may):
        match need:
            case Need.NOTE:
                fields["note"] = NOTE if need in step.needs else ""
            case Need.DISTRICT:
                fields["district"] = ELSEWHERE
            case Need.IDENTITY:
                fields["identity"] = citizen.identity
            case Need.REASON | Need.VERDICT | Need.SKIP | Need.ORIGINAL:
                codes = CODES.get((step.action, need))
                fields[need.value] = next(iter(codes)).value if codes else ""
    if Need.MONDAY not in step.needs:
        yield fields
        return
    for monday in MONDAYS:
        yield {**fields, "monday": monday.isoformat()}


def _hers(line: Line, citizen: Citizen) -> Iterator[tuple[str, Press]]:
    case = OneCase(code=citizen.code)
    for usecase in (undo_leaving, take_seat_back, deny_giving_up):
        yield usecase.__name__, _as(citizen.actor, usecase, case)
    yield "take_free", _as(citizen.actor, take_free, TakeFree(code=citizen.code))
    yield "want_free", _as(citizen.actor, want_free, case)

    def here(uow: UnitOfWork, now: datetime) -> object:
        shown = hall_code(uow, citizen.request.district, now)
        return check_in(uow, citizen.actor, CheckIn(code=citizen.code, hall=shown), now)

    yield "check_in", here
    for who, actor in (("hers", citizen.actor), ("an official", line.city.as_("phone"))):
        for monday in MONDAYS:
            command = ObjectToList(ticket=citizen.request.ticket, monday=iso(monday))
            yield f"object_to_list {monday} {who}", _as(actor, object_to_list, command)

    def again(uow: UnitOfWork, now: datetime) -> object:
        person = uow.people.get(citizen.request.person_id)
        matter = replace(MATTER, title="کاری دیگر")
        filing = Filing(person=person, district=DISTRICT, matter=matter)
        return file_request(uow, citizen.actor, Role.CITIZEN, now, filing)

    yield "file", again

    def proves(mobile: str | None) -> Press:
        def press(uow: UnitOfWork, now: datetime) -> None:
            hers = uow.people.get(citizen.request.person_id).mobile
            proof = Proof(
                IdentityKind.NATIONAL,
                citizen.identity,
                Level.VERIFIED,
                "sso:my",
                "نام",
                mobile or hers,
            )
            proven = prove_identity(uow, proof)
            if proven.outcome is Outcome.CONFLICT:
                displace(uow, proven.person, proof, now)

        return press

    yield "prove", proves(None)
    yield "prove elsewhere", proves(OTHER)


def _of_officials(line: Line, citizen: Citizen) -> Iterator[tuple[str, Press]]:
    as_ = line.city.as_
    refused = FinishMeeting(code=citizen.code, outcome="refused", note=NOTE)
    yield "finish", _as(as_("mayor"), finish_meeting, refused)
    standby = Standby(code=citizen.code, identity=citizen.identity)
    yield "note_present", _as(as_("reception"), note_present, standby)
    hour = (line.clock.now.astimezone(TEHRAN) - timedelta(minutes=5)).strftime("%H:%M")
    before = (line.clock.now.astimezone(TEHRAN) - timedelta(minutes=9)).strftime("%H:%M")
    rows = EnterArrivals(rows=((citizen.code, before, citizen.identity),))
    yield "enter_arrivals", _as(as_("reception"), enter_arrivals, rows)
    meeting = EnterMeeting(code=citizen.code, begun=before, ended=hour)
    yield "enter_meeting", _as(as_("mayor"), enter_meeting, meeting)
    for monday in MONDAYS:
        day = monday.isoformat()
        close = CloseMonday(monday=day, district=str(DISTRICT), reason="heat")
        yield f"close {monday}", _as(as_("administrator"), close_monday, close)
        for who in ("mayor", "reception", "deputy"):
            for corrects in {"", _stated(line, monday)}:
                words = StateAudiences(
                    district=str(DISTRICT), monday=day, count="2", corrects=corrects
                )
                yield f"audiences {monday} {who}", _as(as_(who), state_audiences, words)
    if open_contests(citizen.request) and open_contests(citizen.request)[0].judges:
        ask = contest_id(line, citizen)
        for actor in judges_of(line, citizen):
            for verdict, reasons in NO_SHOW_REASONS.items():
                judged = JudgeLane(id=ask, verdict=verdict, reason=reasons[0])
                yield f"judge {verdict} {actor.name}", _as(actor, judge_lane, judged)


def _stated(line: Line, monday: date) -> str:
    """Return the number of the newest statement about a Monday, as a correction names it."""
    draw = draw_id(DISTRICT, monday)
    found = [entry.seq for entry in line.log() if entry.kind is Kind.AUDIENCE_OFF_SYSTEM]
    return str(max((seq for seq in found if line.log()[seq - 1].body["draw"] == draw), default=""))


def _of_rules(line: Line) -> Iterator[tuple[str, Press]]:
    application, as_ = line.city.application, line.city.as_
    draft = application.query_as(as_("administrator"), rules_draft, Nothing())
    from_on = (MONDAY + 6 * WEEK).isoformat()
    fewer = " ".join(WITNESSES[0]).strip()
    fields = form_of(draft.newest.rules.body)
    for name, change in (("weaker", {"witnesses": fewer}), ("same", {})):
        form = RulesForm.model_validate({**fields, **change, "from_on": from_on})
        yield f"rules {name}", _as(as_("administrator"), announce_rules, form)
    waiting = application.query_as(as_("overseer"), waiting_rules, Nothing())
    if waiting is None:
        return
    agree = OneRulesProposal(seq=waiting.seq, unsigned="")
    for who in ("overseer", "administrator"):  # unsigned rules are named by auditors, and hold
        yield f"agree {who}", _as(as_(who), agree_to_rules, agree)
    witness = Witness(line, "council")
    digest = waiting.rules.hash
    signed = witness.sign("rules_signed", waiting.from_on, digest)
    words = SignRules(monday=iso(waiting.from_on), party="council", hash=digest, sig=signed)
    yield "sign rules", _as(NOBODY, sign_rules, words)


def _of_witnesses(line: Line) -> Iterator[tuple[str, Press]]:
    witness = Witness(line, "council")
    for monday in MONDAYS:
        value = value_of("council", monday)
        promised = commitment("council", value)
        sig = witness.sign("commitment", monday, promised)
        words = Commit(monday=iso(monday), party="council", commitment=promised, sig=sig)
        yield f"commit {monday}", _as(NOBODY, commit, words)
        shown = Reveal(monday=iso(monday), party="council", value=value)
        yield f"reveal {monday}", _as(NOBODY, reveal, shown)
        on = monday - timedelta(days=5)
        sig = witness.sign("value", monday, iso(on), "2185979")
        entered = EnterValue(
            monday=iso(monday), day=iso(on), party="council", value="2185979", sig=sig
        )
        yield f"value {monday}", _as(NOBODY, enter_value, entered)
        yield f"city's value {monday}", _city_value(monday, on)


def _city_value(monday: date, on: date) -> Press:
    return lambda uow, now: enter_word(uow, monday, on, CITY, "2185979", "", now)


def _as(actor: Actor, usecase: Any, command: Any) -> Press:
    return lambda uow, now: usecase(uow, actor, command, now)
