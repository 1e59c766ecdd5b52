"""Displacing a request: only after its holder could answer, and undone by her own card."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count

import pytest
from sqlmodel import col, update
from support.citizens import citizen, own_visit, someone
from support.line import MATTER, MONDAY, Citizen, Line
from support.together import refusal, together

from publicmeeting.domain.people import ERASABLE_DAYS, Door, IdentityKind, Level, local_mobile
from publicmeeting.domain.records import Filing, Person, Request
from publicmeeting.domain.roles import Actor, Role
from publicmeeting.domain.stages import IN_LINE, Action, Stage
from publicmeeting.kit.hashing import sha
from publicmeeting.notify.wording import about, notice_text
from publicmeeting.store.accounts.sessions import Keys
from publicmeeting.store.database.rows.people import SessionRow
from publicmeeting.text.notices.citizen_notices_text import DISPLACED
from publicmeeting.usecases.accounts.person.correcting import CorrectName, correct_name
from publicmeeting.usecases.accounts.person.recycled import LastDigits, answer_who
from publicmeeting.usecases.accounts.signing_in.proven import displace
from publicmeeting.usecases.base import Nothing, OneCase
from publicmeeting.usecases.filing.drafting import SpeakFor, speak_for
from publicmeeting.usecases.filing.receipts import proof_sheet
from publicmeeting.usecases.filing.submitting import file_request
from publicmeeting.usecases.identity import Outcome, Proof, prove_identity
from publicmeeting.usecases.line.lanes import AskLane, ask_lane
from publicmeeting.usecases.line.objections.list_objections import ObjectToList, object_to_list
from publicmeeting.usecases.line.objections.undoing import (
    deny_giving_up,
    take_seat_back,
    undo_leaving,
)
from publicmeeting.usecases.line.offers import TakeFree, take_free
from publicmeeting.usecases.meetings.in_hall.hall import CheckIn, check_in
from publicmeeting.usecases.tracking.my_data import erase_case
from publicmeeting.usecases.tracking.my_page import my_page
from publicmeeting.usecases.tracking.timeline import timeline_page

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
TUESDAY, WEDNESDAY = MONDAY - 6 * DAY, MONDAY - 5 * DAY
OTHER = "+989350000077"
_visits = count()


def is_displaced(line: Line, one: Citizen) -> Person:
    """Prove her identity from another mobile, whose owner says that the request is not his."""
    proof = Proof(IdentityKind.NATIONAL, one.identity, Level.VERIFIED, "sso:my", "نام کارت", OTHER)
    with line.city.application.store.unit_of_work(line.clock.now) as uow:
        proven = prove_identity(uow, proof)
        assert proven.outcome is Outcome.CONFLICT
        return displace(uow, proven.person, proof, line.clock.now)


def proves(line: Line, one: Citizen, owner: Person) -> None:
    """Verify an identity at a desk by her card, with the mobile of her request."""
    with line.city.application.store.unit_of_work(line.clock.now) as uow:
        uow.people.set_mobile(owner.id, uow.people.get(one.request.person_id).mobile)


def reclaim(line: Line, one: Citizen) -> Request:
    command = OneCase(code=one.code)
    return line.city.application.execute_as(one.actor, undo_leaving, command)


def waiting(line: Line, many: int = 10) -> Citizen:
    return next(one for one in line.drawn(many) if one.stage == "waiting")


def test_who_proves_the_identity_on_her_own_mobile_has_her_place_back(line: Line) -> None:
    one = waiting(line)
    before = one.request
    owner = is_displaced(line, one)
    assert one.stage == "withdrawn"
    word = refusal(lambda: reclaim(line, one))
    assert word.key == "reclaim_unproved", "whoever holds the mobile he typed has no card"
    proves(line, one, owner)
    after = reclaim(line, one)
    assert (after.stage, after.ticket, after.waited) == (Stage.WAITING, before.ticket, 1)
    (verified,), (back,) = line.entries("verified"), line.entries("taken_in")
    assert verified == {"ticket": before.ticket, "by": "sso"}
    assert line.log()[back["because"][0] - 1].body["why"] == "displaced"
    with line.reading() as uow:
        hers, other = uow.people.get(before.person_id), uow.people.get(owner.id)
    assert (hers.identity, hers.level, hers.is_displaced) == (one.identity, Level.VERIFIED, False)
    assert (other.identity, other.is_displaced) == ("", True)
    assert line.city.application.query_as(one.actor, proof_sheet, OneCase(code=one.code)).salt
    again = Proof(IdentityKind.NATIONAL, one.identity, Level.VERIFIED, "sso:my", "نام کارت", OTHER)
    with line.city.application.store.unit_of_work(line.clock.now) as uow:
        assert prove_identity(uow, again).outcome is Outcome.SAME, "she is displaced no more"


def test_nobody_goes_between_the_close_of_her_line_and_its_draw(line: Line) -> None:
    (one, _) = line.file(2)
    line.until(TUESDAY, "11:50")
    is_displaced(line, one)
    assert one.stage == "waiting"
    word = refusal(lambda: one.does(Action.WITHDRAW))
    assert word.key == "person_displaced", "meanwhile a stranger can do nothing with it"
    line.until(WEDNESDAY, "19:59")
    assert one.request.ticket in {row["ticket"] for row in line.draw().file["pool"]}
    line.until(WEDNESDAY, "20:01")
    assert one.stage == "withdrawn"
    (out,) = line.seqs("taken_out")
    assert out > line.seqs("draw")[0]
    assert one.code not in line.held().values()


@pytest.mark.on_postgresql
def test_who_waits_for_a_draw_before_he_goes_takes_no_free_seat(line: Line) -> None:
    line.drawn(3)
    line.until(MONDAY - 3 * DAY, "10:00")
    (one,) = line.file(1)
    line.until(MONDAY - DAY, "10:00")
    is_displaced(line, one)
    assert one.stage == "waiting", "his line has closed and is not drawn"
    run = line.city.application.execute_as
    held = line.held()
    refused = [
        refusal(lambda: run(one.actor, take_free, TakeFree(code=one.code))),
        refusal(lambda: run(one.actor, ask_lane, AskLane(code=one.code, lane="access"))),
        refusal(lambda: run(one.actor, take_seat_back, OneCase(code=one.code))),
        refusal(lambda: run(one.actor, deny_giving_up, OneCase(code=one.code))),
        refusal(lambda: run(one.actor, check_in, CheckIn(code=one.code, hall="12345"))),
        refusal(lambda: run(one.actor, correct_name, CorrectName(name="نام دیگر"))),
        refusal(lambda: one.does(Action.EXCLUDE, monday=(MONDAY + WEEK).isoformat())),
    ]
    assert {word.key for word in refused} == {"person_displaced"}
    assert line.held() == held


def test_who_is_displaced_puts_himself_into_no_second_list(line: Line) -> None:
    (one, _) = line.file(2)
    one.does(Action.EXCLUDE, monday=MONDAY.isoformat())
    line.until(TUESDAY, "11:00")
    is_displaced(line, one)
    assert one.stage == "waiting"
    line.until(TUESDAY, "12:01")
    execute_as = line.city.application.execute_as
    word = refusal(lambda: execute_as(one.actor, object_to_list, ObjectToList()))
    assert (word.key, line.entries("objection")) == ("person_displaced", [])


@pytest.mark.on_postgresql
def test_whoever_is_displaced_in_the_instant_of_his_press_has_one_of_both(line: Line) -> None:
    line.drawn(3)
    line.until(MONDAY - 3 * DAY, "10:00")
    (one,) = line.file(1)
    line.until(MONDAY - DAY, "10:00")
    command = TakeFree(code=one.code)
    taken, refused = together(
        lambda: line.city.application.execute_as(one.actor, take_free, command),
        lambda: is_displaced(line, one),
    )
    has_seat = one.code in line.held().values()
    assert has_seat == (refused == []) == (len(taken) == 2)
    assert has_seat or [word.key for word in refused] == ["person_displaced"]


def test_who_holds_a_seat_goes_after_its_monday_where_its_line_is_closed(line: Line) -> None:
    one = next(one for one in line.drawn(4) if one.stage == "invited")
    one.does(Action.CONFIRM)
    line.until(MONDAY - DAY, "21:00")
    is_displaced(line, one)
    assert one.stage == "confirmed"


def test_each_list_she_missed_is_a_week(line: Line) -> None:
    one = waiting(line)
    owner = is_displaced(line, one)
    line.until(WEDNESDAY + WEEK, "20:01")
    proves(line, one, owner)
    assert reclaim(line, one).waited == 2, "one of the first draw, one of the list without her"
    line.until(TUESDAY + 2 * WEEK, "12:01")
    rows = {row["ticket"]: row for row in line.draw(MONDAY + 2 * WEEK).file["pool"]}
    assert rows[one.request.ticket]["waited"] == 2


def test_her_seat_is_hers_again_or_owed(line: Line) -> None:
    citizens = line.drawn(10)
    one, other = [one for one in citizens if one.stage == "invited"][:2]
    seat = one.request.seat
    owner = is_displaced(line, one)
    proves(line, one, owner)
    page = line.city.application.query_as(one.actor, timeline_page, OneCase(code=one.code))
    assert page.undo_cost is None
    after = reclaim(line, one)
    assert (after.stage, after.seat) == (Stage.INVITED, seat)
    owner = is_displaced(line, other)
    line.until(WEDNESDAY + DAY, "12:00")
    assert other.code not in line.held().values()
    proves(line, other, owner)
    page = line.city.application.query_as(other.actor, timeline_page, OneCase(code=other.code))
    assert page.undo_cost is not None
    assert page.undo_cost.owed
    after = reclaim(line, other)
    assert (after.stage, after.debt) == (Stage.WAITING, 1)
    with line.reading() as uow:
        assert uow.requests.counts(other.request)[0] == 0, "it costs her nothing"


def test_what_the_other_has_filed_meanwhile_is_withdrawn_first(line: Line) -> None:
    one = waiting(line)
    owner = is_displaced(line, one)
    proves(line, one, owner)
    with line.city.application.store.unit_of_work(line.clock.now) as uow:
        actor = one.actor.__class__(person_id=owner.id, grants=one.actor.grants)
        filing = Filing(person=uow.people.get(owner.id), district=6, matter=MATTER)
        other = file_request(uow, actor, Role.CITIZEN, line.clock.now, filing)
    word = refusal(lambda: reclaim(line, one))
    assert (word.key, word.facts["code"]) == ("one_live_request", other.code)


@pytest.mark.on_postgresql
def test_what_she_filed_in_between_is_hers_as_well(line: Line) -> None:
    one = waiting(line)
    owner = is_displaced(line, one)
    actor = Actor(person_id=owner.id, grants=one.actor.grants)
    store = line.city.application.store
    with store.unit_of_work(line.clock.now) as uow:
        filing = Filing(person=owner, district=6, matter=MATTER)
        code = file_request(uow, actor, Role.CITIZEN, line.clock.now, filing).code
        uow.drafts.save(actor, {"title": "پیش‌نویس"})
    between = Citizen(line, actor, code, one.identity)
    line.official("desk", between, Action.DECLINE, reason="other_body", note="این کار دادگاه است.")
    proves(line, one, owner)
    with store.unit_of_work(line.clock.now) as uow:
        theirs = uow.sessions.open_proved(None, one.request.person_id, None, Door.CODE)
        hers = uow.sessions.open_proved(None, owner.id, None, Door.SSO)
        strangers = uow.sessions.open_proved(None, None, None, Door.SSO)
    with store.unit_of_work(line.clock.now) as uow:
        written = update(SessionRow).where(col(SessionRow.id) == sha("session", strangers))
        uow.session.connection().execute(written.values(person_id=owner.id))
    reclaim(line, one)
    with line.reading() as uow:
        assert uow.sessions.actor(Keys(strangers)).person_id is None, (
            "the database's owner wrote it"
        )
        assert uow.sessions.actor(Keys(theirs)).person_id is None, "the end of her card is asked"
        back = uow.sessions.actor(Keys(hers))
        assert back.person_id == one.request.person_id
        assert uow.drafts.read(back)["title"] == "پیش‌نویس"
    between = Citizen(line, back, code, one.identity)
    assert refusal(lambda: between.does(Action.OBJECT, note="کار شهرداری است.")).key == (
        "one_live_request"
    ), "as for everybody who has two"
    one.does(Action.WITHDRAW)
    assert between.does(Action.OBJECT, note="این کار شهرداری است.").stage is Stage.SUBMITTED


_ANSWERS = {
    Action.ASK_INFO: Action.GIVE_INFO,
    Action.ANSWER: Action.INSIST,
    Action.DECLINE: Action.OBJECT,
}


def asked(line: Line, action: Action) -> Citizen:
    """Return a request that a desk has asked about, answered or declined."""
    (one,) = line.file(1, accepted=False)
    fields = {"reason": "other_body"} if action is Action.DECLINE else {}
    line.official("desk", one, action, note="نشانی دقیق کجاست؟", **fields)
    return one


@pytest.mark.on_postgresql
@pytest.mark.parametrize("action", _ANSWERS)
def test_what_a_desk_has_asked_about_comes_back_as_it_stands(line: Line, action: Action) -> None:
    one, answer = asked(line, action), _ANSWERS[action]
    before = one.request
    owner = is_displaced(line, one)
    assert refusal(lambda: one.does(answer, note="پلاک ۱۲")).key == "person_displaced"
    assert refusal(lambda: reclaim(line, one)).key == "reclaim_unproved", "his mobile alone"
    proves(line, one, owner)
    after = reclaim(line, one)
    assert (after.stage, after.ticket) == (before.stage, before.ticket)
    assert after.history == before.history, "no act that was none is undone"
    with line.reading() as uow:
        hers, other = uow.people.get(before.person_id), uow.people.get(owner.id)
    assert (hers.identity, hers.level, hers.is_displaced) == (one.identity, Level.VERIFIED, False)
    assert (other.identity, other.is_displaced) == ("", True)
    assert line.entries("verified") == [{"ticket": before.ticket, "by": "sso"}]
    assert line.entries("taken_in") == []
    assert one.does(answer, note="پلاک ۱۲").stage in IN_LINE
    assert refusal(lambda: reclaim(line, one)).key != "reclaim_unproved"


def longer(line: Line, one: Citizen) -> str:
    """Return the text she is sent about a longer deadline."""
    with line.reading() as uow:
        notices = uow.outbox.of_request(one.request.id, "citizen")
        (notice,) = [one for one in notices if one.action == Action.WAIT_LONGER.value]
        return notice_text(about(uow, notice, notice.at)).text


def displaced_and_silent(line: Line) -> list[Citizen]:
    """Return one who is asked and one who is answered, seven weeks after both are silent."""
    silent = [asked(line, action) for action in (Action.ASK_INFO, Action.ANSWER)]
    for one in silent:
        is_displaced(line, one)
    line.until((max(map(due, silent)) + 7 * WEEK).date(), "12:00")
    return silent


def due(one: Citizen) -> datetime:
    """Return until when the desk wanted her answer."""
    (asks,) = [event for event in one.request.history if event.action in _ANSWERS]
    assert asks.due_at is not None
    return asks.due_at


def owner_of(line: Line, one: Citizen) -> Person:
    with line.reading() as uow:
        owner = uow.people.by_identity("national", one.identity)
    assert owner is not None
    return owner


def test_silence_is_no_answer_of_whoever_may_not_answer(line: Line) -> None:
    asked_one, answered = line.begun(displaced_and_silent)
    silent = {
        Action.ASK_INFO: (asked_one, Stage.NEEDS_INFO),
        Action.ANSWER: (answered, Stage.ANSWERED),
    }
    begins, _, _ = DISPLACED[Action.WAIT_LONGER][1].partition(".")
    for one, stage in silent.values():
        assert (one.stage, one.request.count(Action.WAIT_LONGER)) == (stage, 1)
        assert longer(line, one).startswith(begins)
        proves(line, one, owner_of(line, one))
        reclaim(line, one)
    line.until((max(due(one) for one, _ in silent.values()) + 8 * WEEK + DAY).date(), "12:00")
    for action, (one, stage) in silent.items():
        assert one.stage == stage, "she has the days of the table, from when it was hers again"
        assert one.does(_ANSWERS[action], note="پلاک ۱۲").stage in IN_LINE


def test_after_eight_weeks_more_it_ends_as_every_silence(line: Line) -> None:
    one, _ = line.begun(displaced_and_silent)
    line.until((due(one) + 8 * WEEK + 2 * DAY).date(), "12:00")
    assert (one.stage, one.request.count(Action.WAIT_LONGER)) == ("withdrawn", 1)
    proves(line, one, owner_of(line, one))
    assert refusal(lambda: reclaim(line, one)).key == "nothing_to_undo"


def test_a_refusal_comes_back_while_she_can_object_to_it(line: Line) -> None:
    one = asked(line, Action.DECLINE)
    line.worker.tick()  # she is notified in time
    owner = is_displaced(line, one)
    proves(line, one, owner)
    line.clock.set(line.clock.now + 8 * WEEK + DAY)
    assert refusal(lambda: reclaim(line, one)).key == "stage_moved"


@pytest.mark.on_postgresql
def test_she_objects_for_as_long_as_everybody_once_it_is_hers_again(line: Line) -> None:
    """The notice was sent before the identity was proved, and since then nobody could answer."""
    one = asked(line, Action.DECLINE)
    line.worker.tick()
    owner = is_displaced(line, one)
    proves(line, one, owner)
    line.until((line.clock.now + 2 * WEEK).date(), "12:00")
    reclaim(line, one)
    line.until((line.clock.now + 9 * DAY).date(), "12:00")
    assert one.does(Action.OBJECT, note="این کار شهرداری است.").stage is Stage.SUBMITTED


def test_not_beside_what_she_has_filed_since(line: Line) -> None:
    one = asked(line, Action.ASK_INFO)
    owner = is_displaced(line, one)
    proves(line, one, owner)
    actor = Actor(person_id=owner.id, grants=one.actor.grants)
    with line.city.application.store.unit_of_work(line.clock.now) as uow:
        filing = Filing(person=uow.people.get(owner.id), district=6, matter=MATTER)
        code = file_request(uow, actor, Role.CITIZEN, line.clock.now, filing).code
    word = refusal(lambda: reclaim(line, one))
    assert (word.key, word.facts["code"]) == ("one_live_request", code)
    newer = Citizen(line, actor, code, one.identity)
    newer.does(Action.WITHDRAW)
    reclaim(line, one)
    with line.reading() as uow:
        assert uow.requests.find(code).person_id == one.request.person_id


def test_whoever_types_her_number_as_one_of_another_kind_takes_nothing_back(line: Line) -> None:
    one = asked(line, Action.ASK_INFO)
    is_displaced(line, one)
    with line.city.application.store.unit_of_work(line.clock.now) as uow:
        mobile = uow.people.get(one.request.person_id).mobile
        other = next(kind for kind in IdentityKind if kind is not IdentityKind.NATIONAL)
        added = uow.people.add(other.value, one.identity, "دیگری", mobile)
        uow.people.prove(added.id, Level.MATCHED, "matching")
    assert refusal(lambda: reclaim(line, one)).key == "reclaim_unproved"


@pytest.mark.on_postgresql
def test_two_presses_give_it_back_once(line: Line) -> None:
    one = asked(line, Action.ASK_INFO)
    owner = is_displaced(line, one)
    proves(line, one, owner)
    _, refused = together(lambda: reclaim(line, one), lambda: reclaim(line, one))
    assert len(refused) == 1
    assert len(line.entries("verified")) == 1


def test_what_waits_to_be_brought_back_comes_first(line: Line) -> None:
    """It brings the identity back too; the other way round, her place would be lost."""
    one = asked(line, Action.DECLINE)
    with line.city.application.store.unit_of_work(line.clock.now) as uow:
        filing = Filing(person=uow.people.get(one.request.person_id), district=6, matter=MATTER)
        code = file_request(uow, one.actor, Role.CITIZEN, line.clock.now, filing).code
    newer = Citizen(line, one.actor, code, one.identity)
    owner = is_displaced(line, one)
    assert newer.stage == "withdrawn"
    proves(line, one, owner)
    assert refusal(lambda: reclaim(line, one)).key == "stage_moved"
    assert reclaim(line, newer).stage is Stage.SUBMITTED


def test_eight_weeks_and_then_it_is_too_late(line: Line) -> None:
    one = waiting(line)
    owner = is_displaced(line, one)
    proves(line, one, owner)
    line.clock.set(line.clock.now + 8 * WEEK + timedelta(seconds=1))
    assert refusal(lambda: reclaim(line, one)).key == "undo_late"


def test_nobody_erases_what_its_owner_may_still_take_back(line: Line) -> None:
    """The owner of a closed request's phone could otherwise leave her an empty one."""
    one = waiting(line)
    text = one.request.text
    owner = is_displaced(line, one)
    line.expected.add("draw_missing")  # the clock does not run meanwhile
    line.clock.set(line.clock.now + (ERASABLE_DAYS + 2) * DAY)
    erase = (one.actor, erase_case, OneCase(code=one.code))
    assert refusal(lambda: line.city.application.execute_as(*erase)).key == "erase_later"
    proves(line, one, owner)
    assert reclaim(line, one).text == text


def test_once_it_is_too_late_to_take_it_back_it_is_erased(line: Line) -> None:
    one = waiting(line)
    is_displaced(line, one)
    line.clock.set(line.clock.now + 8 * WEEK + 2 * DAY)
    line.city.application.execute_as(one.actor, erase_case, OneCase(code=one.code))
    assert one.request.count(Action.ERASE) == 1


@pytest.mark.on_postgresql
def test_two_presses_bring_it_back_once(line: Line) -> None:
    one = waiting(line)
    owner = is_displaced(line, one)
    proves(line, one, owner)
    _, refused = together(lambda: reclaim(line, one), lambda: reclaim(line, one))
    assert [word.key for word in refused] == ["stage_moved"]
    assert len(line.entries("taken_in")) == 1


def comes_in(line: Line, mobile: str, device: str = "") -> Keys:
    """Sign in by a code on the phone, in a browser of its own."""
    application = line.city.application
    keys = citizen(application, mobile, visit=own_visit(application, f"visit {next(_visits)}"))
    return replace(keys, device=device)


def answers(line: Line, keys: Keys, identity: str) -> str:
    """Return the browser's cookie after the last digits of the number were accepted."""
    command = LastDigits(digits=identity[-4:])
    device, refused = line.city.application.execute_now(answer_who, keys, command)
    assert not refused
    return device


@pytest.mark.parametrize("level", [Level.TYPED, Level.MATCHED])
def test_whoever_had_been_matched_comes_to_it_by_the_number_she_has_proved(
    line: Line, level: Level
) -> None:
    one, application = waiting(line), line.city.application
    with line.city.application.store.unit_of_work(line.clock.now) as uow:
        uow.people.prove(one.request.person_id, level, "")
        mobile = local_mobile(uow.people.get(one.request.person_id).mobile or "")
    owner = is_displaced(line, one)
    before = comes_in(line, mobile)
    is_typed = level is Level.TYPED
    page = application.query_now(my_page, before, Nothing())
    assert (len(page.others), page.is_asked) == (is_typed, False), "no answer would be right"
    proves(line, one, owner)
    device = answers(line, comes_in(line, mobile), one.identity)
    hers = comes_in(line, mobile, device)
    named = application.query_now(my_page, hers, Nothing())
    assert not named.is_asked
    assert {key for key, _ in named.others} == {owner.id, one.request.person_id}
    application.execute_now(speak_for, hers, SpeakFor(person=one.request.person_id))
    undone = application.execute_now(undo_leaving, hers, OneCase(code=one.code))
    assert undone.stage is Stage.WAITING


def test_nothing_is_asked_about_the_emptied_row_and_it_takes_no_place(line: Line) -> None:
    one, application = waiting(line), line.city.application
    owner = is_displaced(line, one)
    proves(line, one, owner)
    reclaim(line, one)
    with line.reading() as uow:
        mobile = uow.people.get(one.request.person_id).mobile or ""
        assert uow.people.count_served(mobile) == 1
        assert [p.id for p in uow.people.served_by(uow.vault.lookup("mobile", mobile))] == [
            one.request.person_id
        ]
    device = answers(line, comes_in(line, local_mobile(mobile)), one.identity)
    page = application.query_now(my_page, comes_in(line, local_mobile(mobile), device), Nothing())
    assert ([key for key, _ in page.others], page.is_asked) == ([one.request.person_id], False)


@pytest.mark.parametrize("level", [Level.TYPED, Level.MATCHED])
def test_whoever_has_the_number_now_is_not_named_what_was_filed_with_it(
    line: Line, level: Level
) -> None:
    one, application = waiting(line), line.city.application
    with line.city.application.store.unit_of_work(line.clock.now) as uow:
        uow.people.prove(one.request.person_id, level, "")
        mobile = uow.people.get(one.request.person_id).mobile or ""
    is_displaced(line, one)
    somebody = someone(77)
    with line.city.application.store.unit_of_work(line.clock.now) as uow:
        other = uow.people.add(IdentityKind.NATIONAL.value, somebody.identity, "دیگری", mobile)
        uow.people.prove(other.id, Level.VERIFIED, "desk:1")
    keys = comes_in(line, local_mobile(mobile))
    device = answers(line, keys, somebody.identity)
    page = application.query_now(my_page, comes_in(line, local_mobile(mobile), device), Nothing())
    named = {key for key, _ in page.others} | {page.person_id}
    assert (one.request.person_id in named) == (level is Level.TYPED)


def test_nor_is_whoever_types_her_number_as_one_of_another_kind(line: Line) -> None:
    one, application = waiting(line), line.city.application
    with line.city.application.store.unit_of_work(line.clock.now) as uow:
        uow.people.prove(one.request.person_id, Level.MATCHED, "")
        mobile = uow.people.get(one.request.person_id).mobile or ""
    is_displaced(line, one)
    with line.city.application.store.unit_of_work(line.clock.now) as uow:
        other = next(kind for kind in IdentityKind if kind is not IdentityKind.NATIONAL)
        uow.people.add(other.value, one.identity, "دیگری", mobile)
    page = application.query_now(my_page, comes_in(line, local_mobile(mobile)), Nothing())
    assert one.request.person_id not in {key for key, _ in page.others}
