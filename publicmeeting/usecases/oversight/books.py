"""Checks whether the city's books agree with each other, for the command `doctor`.

The public log decides (docs/turns.md 1): it is complete, and the tables must follow from it.
Nothing is repaired here. A difference means that somebody has changed the database without the
program, or that the program has a fault. An engineer must look at either.
"""

import json
import logging
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Any
from weakref import WeakKeyDictionary

from publicmeeting.domain.calendar import HOLIDAYS_NOTICE, HOLIDAYS_UNTIL
from publicmeeting.domain.choices import Lane, Verdict
from publicmeeting.domain.errors import Refusal, Unavailable
from publicmeeting.domain.lifecycle.advance import replay
from publicmeeting.domain.mondays import DrawState, SeatState
from publicmeeting.domain.records import is_drawn
from publicmeeting.domain.roles import Actor, Role
from publicmeeting.domain.stages import LIVE, PRESENT, SEATED, Action, Stage
from publicmeeting.kit.clock import at_tehran, tehran_day
from publicmeeting.kit.hashing import canonical_json, sha
from publicmeeting.store.database.vault import DAMAGED
from publicmeeting.store.line.draws import Draw, Published
from publicmeeting.store.line.log_index import index_rows
from publicmeeting.store.oversight.inspection import CaseState
from publicmeeting.store.public_record.log import WAITED_MOST
from publicmeeting.store.public_record.reports import LOST, number_words
from publicmeeting.store.rekey import damaged
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.turns.formulas import draw_id
from publicmeeting.turns.kinds import Kind
from publicmeeting.turns.log import LogMark, instant, read_entry, verify_chain
from publicmeeting.turns.machine import tables
from publicmeeting.turns.machine.audit import Auditor
from publicmeeting.turns.machine.breaks import Break
from publicmeeting.turns.machine.state import Book, Ticket
from publicmeeting.turns.machine.tables import TicketState
from publicmeeting.turns.tree.merkle import Edge, leaf_hash
from publicmeeting.turns.tree.note import Key
from publicmeeting.turns.tree.tiles import LEVEL
from publicmeeting.turns.verification import verify
from publicmeeting.usecases.base import Command, usecase
from publicmeeting.usecases.oversight.findings import Examined, Finding, content_of
from publicmeeting.usecases.oversight.held_accounts import (
    accounts_match,
    accounts_tagged,
    roles_given,
    second_steps_match,
)
from publicmeeting.usecases.oversight.held_events import events_tagged, marks_tagged
from publicmeeting.usecases.oversight.held_seats import (
    HELD,
    mondays_follow,
    questions_follow,
    seats_follow,
)
from publicmeeting.usecases.oversight.rows import (
    notices_match,
    places_tagged,
    promises_match,
    proofs_logged,
    reached_as_set,
    rows_match,
)
from publicmeeting.usecases.public_record.auditing import audited

Check = Callable[[UnitOfWork, datetime], Iterator[Finding]]

_log = logging.getLogger(__name__)
_READ: WeakKeyDictionary[UnitOfWork, Auditor] = WeakKeyDictionary()
_AT_ONCE = 1000
_STAGES = frozenset(Stage)
_HAS_SEAT = SEATED | PRESENT
_OUT = frozenset({Stage.NEEDS_INFO, Stage.ANSWERED, Stage.DECLINED})
_COUNTED = ("waited", "debt", "given_up", "unanswered", "lane", "prefers", "missed")
_LOGGED = tables.SeatState
_BY_STAGE: dict[str, frozenset[tables.SeatState]] = {
    Stage.INVITED: frozenset({_LOGGED.GIVEN, _LOGGED.OFFERED}),
    Stage.CONFIRMED: frozenset({_LOGGED.CONFIRMED}),
}
"""States by the log of a seat whose request is in this stage; other stages allow others."""


def audit_holds(uow: UnitOfWork, _now: datetime) -> Iterator[Finding]:
    """Report every fault that an auditor finds in the log and its notes.

    A missing signature of a witness is no fault of the books. Nothing in the city could correct it,
    and a city without witnesses would always be warned. `/verify/` and `/ready` show it.
    """
    for found in _audited(uow).found:
        if not found.code.is_note and found.code is not Break.NOT_COSIGNED:
            about = " ".join(part for part in (found.draw, found.ticket[:8]) if part)
            yield Finding(f"public log {found.seq}", f"{found.code.value} {about}".rstrip())


def _audited(uow: UnitOfWork) -> Auditor:
    """Return the auditor after reading the log, once for both checks of one reading transaction."""
    if not uow.is_reading:
        return audited(uow)
    read = _READ.get(uow)
    if read is None:
        read = _READ[uow] = audited(uow)
    return read


def tables_follow(uow: UnitOfWork, now: datetime) -> Iterator[Finding]:
    """Compare rows of requests, lists and seats with the log."""
    book = _audited(uow).book
    rows = uow.inspection.requests()
    yield from _requests(rows, book)
    yield from seats_follow(uow, rows, book)
    yield from mondays_follow(uow, book, now)
    yield from _rules(uow, book)
    yield from _lists(uow, book)


def _lists(uow: UnitOfWork, book: Book) -> Iterator[Finding]:
    counts = uow.inspection.draw_counts()
    for published in uow.draws.published():
        draw = book.draws.get(published.id)
        root = draw.pool.root if draw and draw.pool else None
        file = content_of(uow.draws.file_text(published.id).encode())
        if file.get("pool_root") != root:
            yield Finding(f"draw {published.id}", "its list is not the one that the log makes")
            continue
        logged = (len(draw.pool.rows), len(draw.seated)) if draw and draw.pool else (0, 0)
        if counts.get(published.id, (0, 0)) != logged:
            yield Finding(f"draw {published.id}", f"is not counted as the log has it: {logged}")


def _rules(uow: UnitOfWork, book: Book) -> Iterator[Finding]:
    """Compare the rows of rules, by which the next draws run."""
    logged = {rules.version: (start, canonical_json(rules.body)) for start, rules, _ in book.rules}
    rows = {version: (start, body) for version, start, body in uow.inspection.rules()}
    for version in sorted({*logged} | {*rows}):
        if rows.get(version) != logged.get(version):
            yield Finding(f"rules {version}", "are not those that the log announced")


def _requests(rows: Sequence[CaseState], book: Book) -> Iterator[Finding]:
    known = {case.ticket for case in rows}
    for name, lost in book.tickets.items():
        if lost.state is not TicketState.GONE and name not in known:
            yield Finding(f"ticket {name[:8]}", f"is {lost.state} by the log, without a request")
    for row in rows:
        ticket = book.tickets.get(row.ticket)
        if ticket is None:
            yield Finding(f"request {row.name}", "the log knows nothing of its ticket")
        elif row.stage in LIVE:
            yield from _of_live(row, ticket, book)
        elif ticket.state is TicketState.IN:
            yield Finding(f"request {row.name}", f"is {row.stage}, by the log in the line")


def _of_live(case: CaseState, ticket: Ticket, book: Book) -> Iterator[Finding]:
    for key in _COUNTED:
        stored, logged = getattr(case, key), getattr(ticket, key)
        if stored != logged:
            yield Finding(f"request {case.name}", f"has {key} {stored}, the log says {logged}")
    if (case.stage in _OUT) == (ticket.state is TicketState.IN):
        yield Finding(f"request {case.name}", f"is {case.stage}, by the log {ticket.state}")
    seat = book.seat_of(ticket)
    if seat is not None and seat.state not in _BY_STAGE.get(case.stage, HELD):
        yield Finding(f"request {case.name}", f"is {case.stage}, by the log {seat.state}")


class Checkup(Command):
    """Names of `CHECKS` to run; empty for all of them."""

    checks: tuple[str, ...] = ()


@usecase(Role.ADMINISTRATOR)
def examine(
    uow: UnitOfWork, _actor: Actor, command: Checkup, now: datetime
) -> tuple[Examined, ...]:
    """Run checks of the books and return their findings. KeyError for an unknown check."""
    chosen = command.checks or tuple(CHECKS)
    return tuple(Examined(name, tuple(_findings(CHECKS[name], uow, now))) for name in chosen)


def _findings(check: Check, uow: UnitOfWork, now: datetime) -> Iterator[Finding]:
    """Run one check, again and again, until no further row prevents it from reading.

    Each such row, and each that a list has left out, is a finding and is left out of the next run.
    Any other exception is a fault of the program and is not caught.
    """
    found, ended, unread = list[Finding](), list[Finding](), uow.unread
    try:
        found.extend(check(uow, now))
    except (*DAMAGED, Refusal) as fault:
        is_refused = isinstance(fault, Refusal)  # its key says why
        _log.warning("a check could not read a row: %s", fault, exc_info=not is_refused)
        ended.append(Finding("this check", f"has ended here: {type(fault).__name__} {fault}"))
    rows = uow.inspection.set_aside() if ended or uow.unread > unread else []
    yield from (Finding(row, what) for row, what in rows)
    yield from _findings(check, uow, now) if rows else [*found, *ended]


def histories_only_grow(uow: UnitOfWork, _now: datetime) -> Iterator[Finding]:
    """Report triggers that are gone, changed or not of this program, and rules and policies.

    The database refuses to change past events. A copy may lack these triggers, or somebody may have
    removed one. `histories_stand` finds what was changed before a trigger was restored.
    """
    for table, what in uow.inspection.trigger_faults():
        yield Finding(f"table {table}", what)


def histories_stand(uow: UnitOfWork, _now: datetime) -> Iterator[Finding]:
    """Compare past events with the hashes in the reports of the weekly audits.

    The log has the hash of each report, so the author of a change must remove every report made
    since. `log fill` notes reports that a restored database lacks.
    """
    reported: dict[str, dict[int, set[str]]] = {}
    for entry in map(read_entry, uow.log.data_of(Kind.AUDITED)):
        text = uow.log_reports.text(str(entry.body["report"]))
        if text == LOST:
            continue
        if text is None or sha(text) != entry.body["report"]:
            yield Finding(f"public log {entry.seq}", "the report of this audit is gone")
            continue
        for table, found in json.loads(text).get("histories", {}).items():
            hashes = reported.setdefault(table, {}).setdefault(found["until"], set())
            hashes.add(found["sha256"])
    for table, reports in reported.items():
        if not uow.histories.has_hash(table):
            yield Finding(f"table {table}", "was audited by a newer release, and is not compared")
            continue
        found = uow.histories.hashes(table, reports)
        wrong = [until for until in reports if reports[until] != {found[until]}]
        since = sum(until > max(wrong, default=0) for until in reports)
        for until in wrong:
            last = number_words(table, until)
            what = f"is not what had happened up to {last} when that was audited"
            as_now = f"; audits that agree since then: {since}" if since else ""
            yield Finding(f"table {table}", f"{what}{as_now}")


def replays(uow: UnitOfWork, _now: datetime) -> Iterator[Finding]:
    """Check that the events of each request and order lead to the stage in its row."""
    cases = {
        **{
            request.id: (f"request {request.name}", request.stage)
            for request in uow.inspection.requests()
        },
        **{order.id: (f"order {order.name}", order.stage) for order in uow.inspection.orders()},
    }
    for key, events in uow.inspection.passages():
        where, stage = cases.pop(key, (f"case {key}", None))
        if events is None:
            yield Finding(where, "has a step, a stage or a role that this release does not know")
            continue
        try:
            replayed = replay(events)
        except ValueError as fault:
            yield Finding(where, f"its events do not join: {fault}")
            continue
        if stage != replayed:
            yield Finding(where, f"its events lead to {replayed}, its row says {stage}")
    for where, stage in cases.values():
        yield Finding(where, f"no event leads to {stage}")


def seats_match(uow: UnitOfWork, _now: datetime) -> Iterator[Finding]:
    """Check that seated and present citizens hold one seat in their district, others none."""
    held = [seat for seat in uow.inspection.seats() if seat.state is SeatState.HELD]
    count = Counter(seat.request_id for seat in held)
    district = {seat.request_id: seat.district for seat in held}
    opened = uow.inspection.mondays()
    for seat in held:
        if (seat.district, seat.monday) not in opened:
            where = f"seat {seat.monday} {seat.time} of district {seat.district}"
            yield Finding(where, "that Monday was never opened")
    for request in uow.inspection.requests():
        if request.stage not in _STAGES:
            continue  # `replays` reports it
        wanted = int(request.stage in _HAS_SEAT)
        if count[request.id] != wanted:
            what = f"holds {count[request.id]} seats and is {request.stage}"
            yield Finding(f"request {request.name}", what)
        elif wanted and district[request.id] != request.district:
            what = f"is of district {request.district} and seated in {district[request.id]}"
            yield Finding(f"request {request.name}", what)


def live_marks(uow: UnitOfWork, _now: datetime) -> Iterator[Finding]:
    """Check that the column behind the unique index of live requests fits the stage."""
    for request in uow.inspection.requests():
        if request.stage not in _STAGES:
            continue
        wanted = request.person_id if request.stage in LIVE else None
        if request.live_person != wanted:
            yield Finding(
                f"request {request.name}", f"is marked wrongly as live or not: {request.stage}"
            )


def tickets_are_hers(uow: UnitOfWork, _now: datetime) -> Iterator[Finding]:
    """Check that each ticket was made from the number of the person in its row, who filed it.

    This finds a seat passed on by changing the person in a row, or by making a new ticket.
    """
    found = dict(uow.inspection.misfiled())
    for code, is_read in found.items():
        what = "belongs to another person than its ticket"
        unread = "cannot be compared with its ticket: its salt or its person is unreadable"
        yield Finding(f"request {code}", what if is_read else unread)
    for code in uow.inspection.filed_by_others():
        if code not in found:
            yield Finding(f"request {code}", "was filed by another person than its own")


def sealed_opens(uow: UnitOfWork, _now: datetime) -> Iterator[Finding]:
    """Check that all sealed texts can be decrypted and that sign-in finds a person's own cases."""
    for where, what in damaged(uow):
        yield Finding(where, what)


def lanes_judged(uow: UnitOfWork, now: datetime) -> Iterator[Finding]:
    """Check that every lane was given by two officers, and that none was lost.

    A judge without a tag was refused already. He has no power, and an open question gets new
    judges. His answer is named if the log still waits for it.
    """
    for judge in uow.lanes.all_judges():
        is_awaited = judge.is_decided and judge.answered_at and judge.logged_seq is None
        if not judge.is_confirmed and (judge.has_tag or is_awaited):
            where = f"judge {judge.account_id} of question {judge.ask_id}"
            yield Finding(where, "was not written so by this program, and does not count")
    yield from questions_follow(uow)
    granted: dict[str, object] = {}
    today = at_tehran(tehran_day(now))
    for key, event in uow.inspection.happened(Action.DECIDE_LANE):
        # The request has the lane from the midnight on at which the log gets it.
        if event.payload["verdict"] == Verdict.YES and event.at < today:
            granted[key] = event.payload["lane"]
    for request in uow.inspection.requests():
        wanted = granted.get(request.id, Lane.GENERAL)
        if request.lane != wanted:
            yield Finding(
                f"request {request.name}", f"has the lane {request.lane}, was given {wanted}"
            )


def log_holds(uow: UnitOfWork, _now: datetime) -> Iterator[Finding]:
    """Check that the public log is one tree whose time never goes back, with its signed head."""
    seq, since, edge, nodes = 0, "", Edge(), dict[tuple[int, int], bytes]()
    misindexed = set[int]()
    while page := uow.log.data_after(seq, _AT_ONCE):
        published = [content_of(data) for _, data in page]
        for fault in verify_chain(published, seq + 1, since):
            yield Finding(f"public log {fault.place}", fault.code.value)
        leaves = [leaf_hash(data) for _, data in page]
        stored = uow.log.leaves_after(seq, _AT_ONCE)
        for (number, _), leaf, recorded in zip(page, leaves, stored, strict=True):
            if leaf != recorded:
                yield Finding(f"public log {number}", "it is not the entry of its hash")
        misindexed |= _misindexed(uow, page, published)
        nodes |= _tiles_made(edge, leaves)
        seq, since = page[-1][0], str(published[-1].get("at", since))
    if misindexed := misindexed | uow.log_index.strays():
        what = f"the index of {len(misindexed)} entries does not say what is in them"
        yield Finding("public log", f"{what}: {min(misindexed)}")
    if not _has_head(uow, LogMark(seq, edge.root.hex())):
        yield Finding("public log", f"its head is not its newest entry, {seq}")
    elif not uow.log.continues_newest_note():
        yield Finding("public log", "it is not the log that was signed last on this machine")
    if uow.log.stored_nodes() != nodes:
        yield Finding("public log", "its tiles are not those of its entries")


def keys_are_set(uow: UnitOfWork, _now: datetime) -> Iterator[Finding]:
    """Check that the log's row names the keys that this program has set."""
    keys = uow.log.keys()
    if not keys.daily and uow.log.data_after(0, 1):
        yield Finding("public log", "it has no key")
    elif keys.is_alone:
        what = "its private key is as an older program sealed it: see log set-reserve"
        yield Finding("public log", what)
    elif not keys.is_stored:
        yield Finding("public log", "its row names other keys than this program has set")
    elif keys.reserve and uow.newest_note.is_by(Key.read(keys.reserve)):
        what = "its reserve key has replaced its daily key: see log use-reserve"
        yield Finding("public log", what)


def newest_note_is_readable(uow: UnitOfWork, _now: datetime) -> Iterator[Finding]:
    """Check the file that shows whether the database was rolled back behind what was signed."""
    if uow.newest_note.is_damaged:
        yield Finding("public log", "the file of its newest note cannot be read: see operations.md")


def _tiles_made(edge: Edge, leaves: list[bytes]) -> dict[tuple[int, int], bytes]:
    """Return the nodes with which tiles begin, as these leaves complete them; the edge grows."""
    return {
        (height // LEVEL, index): made
        for leaf in leaves
        for height, index, made in edge.append(leaf)
        if height and height % LEVEL == 0
    }


def _misindexed(
    uow: UnitOfWork, page: Sequence[tuple[int, bytes]], published: Sequence[Mapping[str, Any]]
) -> set[int]:
    """Return entries whose index rows are wrong.

    A later entry could not find such an entry as its cause, and would be a permanent fault of the
    log.
    """
    wanted = {
        row
        for (number, _), entry in zip(page, published, strict=True)
        if isinstance(entry.get("body"), dict)
        for row in index_rows(number, entry.get("kind", ""), entry["body"])
    }
    return {int(str(seq)) for seq, *_ in wanted ^ uow.log_index.rows(page[0][0], page[-1][0])}


def _has_head(uow: UnitOfWork, wanted: LogMark) -> bool:
    try:
        return uow.log.head() == wanted
    except Unavailable:  # the stored right edge does not fit the size
        return False


def draws_hold(uow: UnitOfWork, _now: datetime) -> Iterator[Finding]:
    """Check that each draw file verifies, agrees with the log, and contains each drawn seat."""
    logged = dict[tuple[str, str], Mapping[str, object]]()
    at = dict[tuple[str, str], str]()
    """Kind and name → time of the first such entry."""
    for entry in map(content_of, uow.log.data_of(Kind.FREEZE, Kind.DRAW)):
        if isinstance(entry.get("body"), dict):
            name = str(entry["body"].get("draw"))
            logged[entry["kind"], name] = entry["body"]
            at.setdefault((entry["kind"], name), str(entry.get("at")))
    # A redirected request has another ticket by now.
    sent_on = {key for key, _ in uow.inspection.happened(Action.REDIRECT)}
    tickets = {
        request.id: "" if request.id in sent_on else request.ticket
        for request in uow.inspection.requests()
    }
    drawn: dict[tuple[int, date], set[tuple[str, str, str]]] = {}
    for seat in uow.inspection.seats():
        if is_drawn(seat.why):
            seated = tickets.get(seat.request_id, ""), seat.time, seat.why
            drawn.setdefault((seat.district, seat.monday), set()).add(seated)
    stored = set[str]()
    for published in uow.draws.published():
        stored.add(published.id)
        draw = uow.draws.get(published.district, published.monday)
        if draw is None:
            yield Finding(f"draw {published.id}", "its file cannot be read")
            continue
        for what in _of_other_day(published, draw, at):
            yield Finding(f"draw {published.id}", what)
        seats = drawn.get((published.district, published.monday), set())
        for what in _draw_faults(draw, logged, seats) if draw else ():
            yield Finding(f"draw {published.id}", what)
    for name in sorted({name for _, name in logged} - stored):
        yield Finding(f"draw {name}", "is in the log, and its file is gone")


def _of_other_day(
    published: Published, draw: Draw | None, at: Mapping[tuple[str, str], str]
) -> Iterator[str]:
    """Compare a draw's day with its name, and its times with the log."""
    try:
        is_own = published.id == draw_id(published.district, published.monday)
    except ValueError:  # a year that no calendar has
        is_own = False
    if not is_own:
        yield f"is of district {published.district} and {published.monday}"
    if draw is None:
        return
    for kind, stands in ((Kind.FREEZE, draw.frozen_at), (Kind.DRAW, draw.drawn_at)):
        entered = at.get((kind, draw.id))
        if entered is not None and not _is_then(stands, entered):
            yield f"its {kind.value} was at {stands}, by the log at {entered}"


def _is_then(stands: datetime | None, logged: str) -> bool:
    """Whether a time is that of an entry, which may be a little later than its transaction."""
    return stands is not None and abs(instant(logged) - stands) <= WAITED_MOST


def _draw_faults(
    draw: Draw,
    logged: Mapping[tuple[str, str], Mapping[str, object]],
    seats: set[tuple[str, str, str]],
) -> Iterator[str]:
    for fault in verify(draw.file):
        yield f"{fault.code.value} {fault.place}".rstrip()
    frozen, drawn = logged.get((Kind.FREEZE, draw.id)), logged.get((Kind.DRAW, draw.id))
    states = {
        DrawState.OPEN: (False, False),
        DrawState.FROZEN: (True, False),
        DrawState.DRAWN: (True, True),
    }
    if (frozen is not None, drawn is not None) != states.get(draw.stored):
        yield f"by the log it is not {draw.stored}"
    if frozen and frozen.get("pool_root") != draw.file.get("pool_root"):
        yield "the log has another pool"
    if drawn and drawn.get("file") != sha(canonical_json(draw.file)):
        yield "the log has another file"
    seated = {(one["ticket"], one["time"], one["why"]) for one in draw.file.get("seated", ())}
    places = {(time, why) for _, time, why in seated}
    for ticket, time, why in sorted(seats - seated):
        if not ticket and (time, why) in places:
            continue
        yield f"the seat at {time} was given to {ticket[:8]} as {why}, not by the draw"


def holidays_known(_uow: UnitOfWork, now: datetime) -> Iterator[Finding]:
    """Report that the table of holidays ends soon; after it holidays by the moon are unknown."""
    if tehran_day(now) >= HOLIDAYS_UNTIL - HOLIDAYS_NOTICE:
        what = f"the table ends at {HOLIDAYS_UNTIL}: take a release that has the next year's"
        yield Finding("holidays", what)


CHECKS: dict[str, Check] = {
    "the database refuses to change what has happened": histories_only_grow,
    "what had happened is what the weekly audits found": histories_stand,
    "every event of a case is as this program has written it": events_tagged,
    "every place to come to is as this program has written it": places_tagged,
    "every mark of the clock is as this program has written it": marks_tagged,
    "every event leads to its case's stage": replays,
    "seats belong to those who hold them": seats_match,
    "one live request a person": live_marks,
    "every ticket is that of its person's number": tickets_are_hers,
    "whoever is verified is so by the log": proofs_logged,
    "all that is sealed opens, and is found by its own marks": sealed_opens,
    "every citizen is proved and reached as was set last": reached_as_set,
    "lanes are given by their judges only": lanes_judged,
    "promises and deadlines are those of their events": promises_match,
    "the public log is the tree that was signed": log_holds,
    "the public log's keys are those that were set": keys_are_set,
    "the file of the log's newest note can be read": newest_note_is_readable,
    "draws verify and agree with log and seats": draws_hold,
    "an auditor of the log finds no fault": audit_holds,
    "requests and lists follow from the log": tables_follow,
    "the holiday table reaches into the future": holidays_known,
    "every role stands in its account's history": roles_given,
    "who may sign in, and with which password, is in the account's history": accounts_match,
    "the second step of every account is as its history says": second_steps_match,
    "every account is as this program has written it": accounts_tagged,
    "seats, filing and stages are those of their events": rows_match,
    "every notice of the last month is there, and hers": notices_match,
}


def examined_together() -> Iterator[tuple[str, ...]]:
    """Yield the names of `CHECKS` in order, grouped: all that read the whole log form one group."""
    whole_log = {audit_holds, tables_follow}
    for _, names in groupby(CHECKS, key=lambda name: CHECKS[name] in whole_log or name):
        yield tuple(names)
