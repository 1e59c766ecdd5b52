"""No press, made twice in any state, writes an entry that an auditor calls a fault.

The log can never be corrected: a fault that a double tap or a vandal writes into it would accuse
the city for ever. Therefore every press is tried in each of these states, and the tests list what
can be written.
"""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from agreement import MODULES, browser_found
from support.browser_scripts import Scripts
from support.contests import answer, contest_id, judges_of, missed_on_second_monday
from support.line import MONDAY, Citizen, Line
from support.logged import OTHER, Tried, presses_about, presses_of_the_line, try_all
from support.witnesses import Witness

from publicmeeting.domain.people import IdentityKind, Level
from publicmeeting.domain.stages import Action, Stage
from publicmeeting.kit.jalali import from_iso
from publicmeeting.turns.kinds import Kind
from publicmeeting.usecases.accounts.signing_in.proven import displace
from publicmeeting.usecases.identity import Proof, prove_identity
from publicmeeting.usecases.line.objections.list_objections import ObjectToList, object_to_list

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
SATURDAY, TUESDAY, WEDNESDAY = MONDAY - 9 * DAY, MONDAY - 6 * DAY, MONDAY - 5 * DAY
NOTE = "این کار را خودمان درست کردیم."


@pytest.fixture(scope="module")
def scripts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scripts]:
    with Scripts(tmp_path_factory.mktemp("scripts"), *MODULES) as scripts:
        yield scripts


def submitted(line: Line) -> Citizen:
    (citizen,) = line.file(1, accepted=False)
    return citizen


def asked(line: Line) -> Citizen:
    citizen = submitted(line)
    line.official("desk", citizen, Action.ASK_INFO, note=NOTE)
    return citizen


def declined(line: Line) -> Citizen:
    citizen = submitted(line)
    line.official("desk", citizen, Action.DECLINE, note=NOTE, reason="judged")
    return citizen


def waiting(line: Line) -> Citizen:
    (citizen,) = line.file(1)
    return citizen


def left_out(line: Line) -> Citizen:
    citizen = waiting(line)
    citizen.does(Action.EXCLUDE, monday=MONDAY.isoformat())
    return citizen


def frozen_without_her(line: Line) -> Citizen:
    citizen = left_out(line)
    line.until(TUESDAY, "13:00")
    return citizen


def frozen_with_her(line: Line) -> Citizen:
    citizen = waiting(line)
    line.until(TUESDAY, "13:00")
    return citizen


def withdrew_behind_the_list(line: Line) -> Citizen:
    citizen = frozen_with_her(line)
    citizen.does(Action.WITHDRAW)
    return citizen


def value_awaited(line: Line) -> Citizen:
    citizen = waiting(line)
    line.until(WEDNESDAY, "15:00")
    return citizen


def withdrawn(line: Line) -> Citizen:
    citizen = waiting(line)
    citizen.does(Action.WITHDRAW)
    return citizen


def displaced(line: Line) -> Citizen:
    citizen = waiting(line)
    proof = Proof(IdentityKind.NATIONAL, citizen.identity, Level.VERIFIED, "sso:my", "نام", OTHER)
    with line.city.application.store.unit_of_work(line.clock.now) as uow:
        owner = displace(uow, prove_identity(uow, proof).person, proof, line.clock.now)
        uow.people.set_mobile(owner.id, uow.people.get(citizen.request.person_id).mobile)
    return citizen


def put_into_the_second_list(line: Line) -> Citizen:
    citizen = frozen_without_her(line)
    line.city.application.execute_as(citizen.actor, object_to_list, ObjectToList())
    return citizen


def invited(line: Line) -> Citizen:
    return next(citizen for citizen in line.drawn(10) if citizen.stage == Stage.INVITED)


def confirmed(line: Line) -> Citizen:
    citizen = invited(line)
    citizen.does(Action.CONFIRM)
    return citizen


def moved(line: Line) -> Citizen:
    citizen = confirmed(line)
    citizen.does(Action.MOVE_ONCE, monday=(MONDAY + 3 * WEEK).isoformat())
    return citizen


def gave_up(line: Line) -> Citizen:
    citizen = confirmed(line)
    citizen.does(Action.GIVE_UP_SEAT)
    return citizen


def gone_to_another(line: Line) -> Citizen:
    citizen = gave_up(line)
    line.worker.tick()
    return citizen


def offered(line: Line) -> Citizen:
    people = line.drawn(10)
    before = [person for person in people if person.stage == Stage.WAITING]
    next(person for person in people if person.stage == Stage.INVITED).does(Action.GIVE_UP_SEAT)
    line.worker.tick()
    return next(citizen for citizen in before if citizen.stage == Stage.INVITED)


def seats_left(line: Line) -> Citizen:
    line.drawn(3)
    return waiting(line)


def no_seat_left(line: Line) -> Citizen:
    line.drawn(8)
    return waiting(line)


def before_the_door(line: Line) -> Citizen:
    (citizen,) = line.begun(_before_the_door)
    return citizen


def _before_the_door(line: Line) -> list[Citizen]:
    citizen = min(
        (one for one in line.drawn(10) if one.stage == Stage.INVITED),
        key=lambda one: one.request.seat.time,
    )
    citizen.does(Action.CONFIRM)
    line.until(MONDAY, "09:12")
    return [citizen]


def called_twice(line: Line) -> Citizen:
    (citizen,) = line.begun(_called_twice)
    return citizen


def _called_twice(line: Line) -> list[Citizen]:
    citizen = before_the_door(line)
    line.until(MONDAY, "09:15")
    for _ in range(2):
        line.official("reception", citizen, Action.CALL)
    return [citizen]


def arrived(line: Line) -> Citizen:
    citizen = before_the_door(line)
    line.official("reception", citizen, Action.ARRIVE, identity=citizen.identity)
    return citizen


def missed(line: Line) -> Citizen:
    citizen = called_twice(line)
    line.official("reception", citizen, Action.NO_SHOW)
    return citizen


def came_late(line: Line) -> Citizen:
    citizen = missed(line)
    line.official("reception", citizen, Action.COME_LATE, identity=citizen.identity)
    return citizen


def in_the_room(line: Line) -> Citizen:
    citizen = arrived(line)
    line.official("reception", citizen, Action.CALL_IN)
    return citizen


def met(line: Line) -> Citizen:
    citizen = before_the_door(line)
    line.meet(citizen)
    return citizen


def behind_another(line: Line) -> Citizen:
    people = sorted(invited_of(line), key=lambda citizen: citizen.request.seat.time)[:2]
    for person in people:
        person.does(Action.CONFIRM)
    line.until(MONDAY, "09:12")
    for person in people:
        line.official("reception", person, Action.ARRIVE, identity=person.identity)
    return people[1]


def invited_of(line: Line) -> list[Citizen]:
    return [citizen for citizen in line.drawn(10) if citizen.stage == Stage.INVITED]


def in_standby_on_the_day(line: Line) -> Citizen:
    people = line.drawn(10)
    standby = next(citizen for citizen in people if citizen.stage == Stage.WAITING)
    for person in people:
        if person.stage == Stage.INVITED:
            person.does(Action.CONFIRM)
    line.until(MONDAY, "09:05")
    return standby


def closed(line: Line) -> Citizen:
    citizen = confirmed(line)
    line.close()
    return citizen


def day_over(line: Line) -> Citizen:
    citizen = met(line)
    line.until(MONDAY, "20:00")
    return citizen


def contested(line: Line) -> Citizen:
    (citizen,) = line.begun(missed_on_second_monday)
    citizen.does(Action.CONTEST_NO_SHOW, note=NOTE)
    return citizen


def judged_by_one(line: Line) -> Citizen:
    citizen = contested(line)
    answer(line, judges_of(line, citizen)[0], contest_id(line, citizen), "yes")
    return citizen


def rules_proposed(line: Line) -> Citizen:
    citizen = waiting(line)
    press = dict(presses_of_the_line(line))["rules weaker"]
    with line.city.application.store.unit_of_work(line.clock.now) as uow:
        press(uow, line.clock.now)
    return citizen


def rules_signed(line: Line) -> Citizen:
    citizen = rules_proposed(line)
    (proposed,) = line.entries("rules_proposed")
    Witness(line, "council").signs_rules(from_iso(proposed["from"]), proposed["hash"])
    return citizen


def reveals_open(line: Line) -> Citizen:
    citizen = waiting(line)
    Witness(line, "council").commits()
    line.until(TUESDAY, "21:00")
    return citizen


OF_HERS: dict[Callable[[Line], Citizen], set[Kind]] = {
    submitted: {Kind.REDIRECTED, Kind.TAKEN_OUT, Kind.VERIFIED},
    asked: {Kind.TAKEN_IN, Kind.TAKEN_OUT},
    declined: {Kind.TAKEN_IN, Kind.FILED},
    waiting: {Kind.MONDAY_EXCLUDED, Kind.MONDAY_CLOSED, Kind.TAKEN_OUT},
    left_out: {Kind.MONDAY_EXCLUDED, Kind.MONDAY_INCLUDED},
    frozen_without_her: {Kind.OBJECTION},
    put_into_the_second_list: {Kind.TAKEN_OUT},
    frozen_with_her: {Kind.OBJECTION},
    withdrew_behind_the_list: {Kind.OBJECTION, Kind.TAKEN_IN, Kind.FILED},
    withdrawn: {Kind.TAKEN_IN, Kind.FILED},
    displaced: {Kind.TAKEN_IN, Kind.VERIFIED},
    invited: {Kind.SEAT_CONFIRMED, Kind.SEAT_GIVEN_UP, Kind.NOT_RECEIVED},
    confirmed: {Kind.SEAT_GIVEN_UP},
    closed: {Kind.MONDAY_EXCLUDED},
    moved: {Kind.MONDAY_INCLUDED, Kind.TAKEN_IN},
    gave_up: {Kind.TAKEN_IN},
    gone_to_another: {Kind.TAKEN_IN, Kind.OFFER_UNANSWERED},
    offered: {Kind.OFFER_ACCEPTED, Kind.OFFER_REFUSED},
    seats_left: {Kind.TAKEN_FREE},
    no_seat_left: {Kind.FREE_WANTED},
    before_the_door: {Kind.ARRIVAL, Kind.PRESENT, Kind.NOT_CALLED},
    called_twice: {Kind.NO_SHOW},
    arrived: {Kind.ARRIVAL_UNDONE, Kind.MONDAY_HELD},
    missed: {Kind.NO_SHOW_UNDONE, Kind.CAME_LATE, Kind.CONTESTED},
    came_late: {Kind.MONDAY_HELD, Kind.NO_SHOW},
    in_the_room: {Kind.MET, Kind.MEETING_RECORDED},
    behind_another: {Kind.SKIP},
    met: {Kind.FILED},
    in_standby_on_the_day: {Kind.PRESENT},
    day_over: {Kind.AUDIENCE_OFF_SYSTEM},
    contested: {Kind.CAME_LATE},
    judged_by_one: {Kind.CONTEST_JUDGED, Kind.WEEKS_BACK},
}
OF_THE_LINE: dict[Callable[[Line], Citizen], set[Kind]] = {
    waiting: {Kind.COMMITMENT, Kind.RULES_PROPOSED},
    frozen_with_her: {Kind.COMMITMENT},
    rules_proposed: {Kind.RULES_SIGNED},
    rules_signed: {Kind.RULES_AGREED, Kind.RULES_ANNOUNCED},
    reveals_open: {Kind.REVEAL},
    value_awaited: {Kind.VALUE},
}
"""State → some of the kinds that a press writes there."""

BY_CLOCK = {
    Kind.LOG_OPENED,
    Kind.MONDAY_OPENED,
    Kind.MONDAY_NOT_HELD,
    Kind.MONDAY_ENDED,
    Kind.LINE_CLOSED,
    Kind.FREEZE,
    Kind.REVEALS_CLOSED,
    Kind.VALUE_STANDS,
    Kind.DRAW,
    Kind.LANE_ASKED,
    Kind.LANE_JUDGED,
    Kind.LANE_GRANTED,
    Kind.SEAT_LAPSED,
    Kind.OFFERED,
    Kind.STOOD_IN,
    Kind.OUTAGE,
    Kind.AUDITED,
    Kind.BOOKS_DIFFER,
}
"""Kinds that no press writes; `test_line_races` tests two clocks at once."""


def test_each_kind_that_a_press_writes_is_written_in_some_state() -> None:
    tried = {kind for kinds in (*OF_HERS.values(), *OF_THE_LINE.values()) for kind in kinds}
    assert tried == set(Kind) - BY_CLOCK


@pytest.mark.parametrize("walk", OF_HERS, ids=lambda one: one.__name__)
def test_what_is_pressed_about_a_request(line: Line, scripts: Scripts, walk) -> None:
    tried = try_all(line, presses_about(line, walk(line)))
    finds_nothing(scripts, tried, OF_HERS[walk])


@pytest.mark.parametrize("walk", OF_THE_LINE, ids=lambda one: one.__name__)
def test_what_is_written_about_the_line(line: Line, scripts: Scripts, walk) -> None:
    walk(line)
    tried = try_all(line, presses_of_the_line(line))
    finds_nothing(scripts, tried, OF_THE_LINE[walk])


def finds_nothing(scripts: Scripts, tried: Tried, kinds: set[Kind]) -> None:
    faults = dict(tried.faults)
    for name, log in tried.logs.items():
        entries = [json.loads(entry) for entry in log.entries]
        if by_browser := browser_found(scripts, entries, log.origin):
            faults.setdefault(name, []).append(f"browser: {by_browser}")
    assert faults == {}
    assert kinds <= tried.kinds
