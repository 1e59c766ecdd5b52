"""After two missed meetings a request stays out of lists until its person is verified."""

from datetime import timedelta

import pytest
from support.line import MATTER, MONDAY, Citizen, Line

from publicmeeting.domain.errors import Denied
from publicmeeting.domain.people import IdentityKind, Level
from publicmeeting.domain.records import Filing
from publicmeeting.domain.roles import Role
from publicmeeting.domain.stages import Action
from publicmeeting.turns.kinds import Kind, wrong_keys
from publicmeeting.usecases.base import OneCase
from publicmeeting.usecases.filing.submitting import file_request
from publicmeeting.usecases.identity import Proof, prove_identity
from publicmeeting.usecases.line.objections.list_objections import ObjectToList, object_to_list
from publicmeeting.usecases.line.objections.why_not_listed import Absence
from publicmeeting.usecases.line.offers import TakeFree, take_free, want_free
from publicmeeting.usecases.tracking.timeline import timeline_page
from publicmeeting.usecases.tracking.turn import my_turn

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
TUESDAY, WEDNESDAY = MONDAY - 6 * DAY, MONDAY - 5 * DAY


def misses(line: Line, citizen: Citizen, monday) -> None:
    """Let her confirm and stay away."""
    if citizen.stage == "invited":
        citizen.does(Action.CONFIRM)
    line.until(monday, "11:00")
    line.official("reception", citizen, Action.CALL)
    line.official("reception", citizen, Action.CALL)
    line.official("reception", citizen, Action.NO_SHOW)


@pytest.fixture
def absent(line: Line) -> Citizen:
    """A citizen on the evening of her second missed Monday."""
    (citizen,) = line.begun(_absent)
    return citizen


def _absent(line: Line) -> list[Citizen]:
    (citizen,) = line.file(1)
    for monday in (MONDAY, MONDAY + WEEK):
        line.until(monday - 5 * DAY, "13:00")
        line.until(monday - 4 * DAY, "13:00")
        misses(line, citizen, monday)
    return [citizen]


def verify(line: Line, citizen: Citizen, by: str) -> None:
    with line.city.application.store.unit_of_work(line.clock.now) as uow:
        person = uow.people.get(citizen.request.person_id)
        prove_identity(
            uow,
            Proof(
                IdentityKind(person.kind),
                person.identity,
                Level.VERIFIED,
                by,
                person.name,
                person.mobile,
            ),
        )


def listed(line: Line, citizen: Citizen, monday) -> bool:
    return any(row["ticket"] == citizen.request.ticket for row in line.draw(monday).file["pool"])


def page_of(line: Line, citizen: Citizen):
    return line.city.application.query_as(citizen.actor, timeline_page, OneCase(code=citizen.code))


def test_she_takes_no_free_seat_and_asks_for_none_before_her_card_was_seen(
    line: Line, absent: Citizen
) -> None:
    """Whoever exists on paper only would leave a third seat empty."""
    line.until(MONDAY + 2 * WEEK - 2 * DAY, "12:00")
    take, command = TakeFree(code=absent.code), OneCase(code=absent.code)
    run = line.city.application
    assert run.query_as(absent.actor, my_turn, command).free is None
    for refused, what in ((take_free, take), (want_free, command)):
        with pytest.raises(Denied, match="proof_first"):
            run.execute_as(absent.actor, refused, what)

    verify(line, absent, "desk")
    assert run.query_as(absent.actor, my_turn, command).free.times
    assert run.execute_as(absent.actor, take_free, take).stage == "confirmed"


def test_she_is_in_no_list_and_her_page_says_so(line: Line, absent: Citizen) -> None:
    assert page_of(line, absent).is_outside
    line.until(MONDAY + 2 * WEEK - 6 * DAY, "12:00")
    assert not listed(line, absent, MONDAY + 2 * WEEK)
    answer = line.city.application.execute_as(absent.actor, object_to_list, ObjectToList())
    assert (answer.listed, answer.absence) == (False, Absence.MISSED_TWICE)


def test_nothing_is_promised_to_her_before_her_card_was_seen(line: Line, absent: Citizen) -> None:
    look, case = line.city.application.query_as, OneCase(code=absent.code)
    line.until(MONDAY + WEEK + DAY, "12:00")
    turn = look(absent.actor, my_turn, case)
    assert (turn.outlook, turn.next_draw, turn.coming) == (None, None, ())
    verify(line, absent, "desk")
    turn = look(absent.actor, my_turn, case)
    assert turn.outlook is not None
    assert turn.next_draw is not None
    assert turn.coming != ()


@pytest.mark.parametrize("by", ["sso:city", "desk:1"])
def test_a_card_or_a_sign_on_lets_her_in_again(line: Line, absent: Citizen, by: str) -> None:
    verify(line, absent, by)
    (entry,) = line.entries("verified")
    assert entry == {"ticket": absent.request.ticket, "by": by.partition(":")[0]}
    assert not wrong_keys(Kind.VERIFIED, entry)
    assert not page_of(line, absent).is_outside
    verify(line, absent, by)
    assert len(line.entries("verified")) == 1, "once said is enough"
    line.until(MONDAY + 2 * WEEK - 6 * DAY, "12:00")
    assert listed(line, absent, MONDAY + 2 * WEEK)


def test_whoever_was_verified_before_shows_her_card_again(line: Line) -> None:
    (citizen,) = line.file(1)
    verify(line, citizen, "desk:1")
    for monday in (MONDAY, MONDAY + WEEK):
        line.until(monday - 4 * DAY, "13:00")
        misses(line, citizen, monday)
    assert page_of(line, citizen).is_outside
    verify(line, citizen, "desk:1")
    assert not page_of(line, citizen).is_outside


def test_one_missed_or_come_late_is_no_reason(line: Line) -> None:
    (citizen,) = line.file(1)
    line.until(MONDAY - 4 * DAY, "13:00")
    misses(line, citizen, MONDAY)
    assert not page_of(line, citizen).is_outside


def test_her_next_request_is_filed_by_a_verified_person_only(line: Line, absent: Citizen) -> None:
    absent.does(Action.WITHDRAW)

    def file_again() -> None:
        with line.city.application.store.unit_of_work(line.clock.now) as uow:
            person = uow.people.get(absent.request.person_id)
            filing = Filing(person=person, district=5, matter=MATTER)
            file_request(uow, absent.actor, Role.CITIZEN, line.clock.now, filing)

    with pytest.raises(Denied, match="missed_twice"):
        file_again()
    verify(line, absent, "desk:1")
    file_again()
