"""The citizen's own pages, and finding a request by its code."""

from datetime import date, timedelta

import pytest
from support.citizens import shows_card
from support.city import City
from support.clock import FixedClock
from support.documents import by_a_lane
from support.each import in_one_city
from support.hall import LEFT_OUT, Guest, Hall
from support.line import MONDAY, Line

from publicmeeting.domain.errors import Denied
from publicmeeting.domain.lifecycle.timeline import CITIZEN_ONLY, MarkState
from publicmeeting.domain.roles import Actor, Role
from publicmeeting.domain.stages import Action, OrderAction, OrderStage, Stage
from publicmeeting.kit.clock import at_tehran
from publicmeeting.kit.digits import persian
from publicmeeting.store.lifecycle.lists import Filter
from publicmeeting.turns.formulas import ticket
from publicmeeting.turns.kinds import Kind
from publicmeeting.ui.citizen.track import tracked_view
from publicmeeting.usecases.base import Nothing, OneCase
from publicmeeting.usecases.filing.receipts import proof_sheet, receipt
from publicmeeting.usecases.lifecycle.payloads import TakeStep
from publicmeeting.usecases.lifecycle.steps import take_step
from publicmeeting.usecases.rate_limits import RULES, Limit
from publicmeeting.usecases.screening.inbox import open_case
from publicmeeting.usecases.tracking.by_code import Track, track, tracked_stages
from publicmeeting.usecases.tracking.my_page import my_page
from publicmeeting.usecases.tracking.timeline import openings, timeline_page

UNKNOWN = ("", "tracking_unknown")


def refused(act, *payload) -> str:
    with pytest.raises(Denied) as word:
        act(*payload)
    return word.value.key


def test_her_list_says_what_waits_for_her(hall: Hall):
    guest = hall.guests[0]
    number = hall.met(guest)[0].number
    (mine,) = hall.query(guest.actor, my_page, Nothing()).requests
    assert (mine.line.code, mine.assisted) == (guest.code, False)
    assert [step.action for step in mine.waits_for_you] == [Action.SAY_HEARD]
    command = TakeStep(code=guest.code, action=Action.SAY_HEARD, verdict="yes")
    hall.execute(guest.actor, take_step, command)
    (mine,) = hall.query(guest.actor, my_page, Nothing()).requests
    assert mine.waits_for_you == ()
    hall.step("technical", number, OrderAction.TAKE_ON)
    hall.step("technical", number, OrderAction.ASK_CITIZEN, note="کدام پلاک؟")
    (mine,) = hall.query(guest.actor, my_page, Nothing()).requests
    assert [step.action for step in mine.waits_for_you] == [OrderAction.TELL_UNIT]
    assert mine.orders[0].stage is OrderStage.IN_ACTION


def test_her_timeline_has_the_seat_and_then_the_order_with_its_sheet(hall: Hall):
    guest = hall.guests[0]
    before = hall.query(guest.actor, timeline_page, OneCase(code=guest.code))
    assert (before.day.on, before.hall) == (MONDAY, "تالار")
    assert Action.GIVE_UP_SEAT in {step.action for step in before.steps}
    hall.met(guest)
    after = hall.query(guest.actor, timeline_page, OneCase(code=guest.code))
    assert after.orders[0].image.kind == "order"
    assert {mark.action for mark in after.marks} >= {Action.SEAT, Action.FINISH, OrderAction.ISSUE}
    been = [mark for mark in after.marks if mark.state != "ahead"]
    assert [mark.action for mark in been[-2:]] == [Action.FINISH, OrderAction.ISSUE]
    assert [mark.state for mark in been[-2:]] == ["past", "now"], (
        "what goes on is not above its past"
    )
    assert after.request.history == ()


@pytest.mark.on_postgresql
def test_a_draw_that_gave_no_seat_is_on_the_timeline(hall: Hall):
    with hall.reading() as uow:
        waiting = [uow.requests.by_id(i) for i in uow.lists.ids(Filter(stages=(Stage.WAITING,)))]
    pages = [
        hall.query(hall.guest_of(one).actor, timeline_page, OneCase(code=one.code))
        for one in waiting
    ]
    lost = [[d for m in page.marks for d in m.waits if not d.seated] for page in pages]
    assert sorted(map(len, lost))[-LEFT_OUT:] == [1] * LEFT_OUT
    assert {draw.monday for draws in lost for draw in draws} == {MONDAY}


@in_one_city("query", [timeline_page, openings, receipt, proof_sheet])
def test_another_citizen_finds_nothing(hall: Hall, query):
    hers, other = hall.guests[:2]
    command = OneCase(code=hers.code)
    assert refused(hall.query, other.actor, query, command) == "not_found"
    assert hall.query(hers.actor, query, command) is not None


def test_she_reads_who_has_opened_her_file(city: City, clock: FixedClock, a_request):
    walked = a_request()
    command = OneCase(code=walked.code)
    assert city.application.query_now(openings, walked.keys, command) == ()
    city.application.execute_as(city.as_("desk"), open_case, command)
    (opened,) = city.application.query_now(openings, walked.keys, command)
    assert (opened.role, opened.at) == (Role.DESK, clock())


@pytest.mark.on_postgresql
def test_the_receipt_tells_the_first_draw_and_the_place_in_the_log(city: City, a_request):
    walked = a_request()
    paper = city.application.query_now(receipt, walked.keys, OneCase(code=walked.code))
    assert (paper.first_monday, paper.draw_at) == (
        date(2026, 11, 30),
        at_tehran(date(2026, 11, 25), "20:00"),
    )
    assert (paper.ticket, paper.assisted, paper.has_mobile) == (walked.request.ticket, None, True)
    with city.application.store.unit_of_work(city.application.clock(), reading=True) as uow:
        filed = uow.log.after(paper.log.mark.seq - 1, 1)[0]
        assert (filed.kind, filed.body["ticket"]) == (Kind.FILED, paper.ticket)
        assert uow.log.was(paper.log.mark.seq, paper.log.root)


def test_the_proof_sheet_binds_the_ticket_and_hides_its_secrets_from_logs(city: City, a_request):
    walked = a_request()
    proof = city.application.query_now(proof_sheet, walked.keys, OneCase(code=walked.code))
    with city.application.store.unit_of_work(city.application.clock(), reading=True) as uow:
        identity = uow.people.get(walked.request.person_id).identity
    assert ticket(proof.salt, identity, proof.district) == proof.ticket
    assert proof.salt not in repr(proof)
    assert identity not in repr(proof)
    for who in ("desk", "mayor", "administrator"):
        word = refused(
            city.application.query_as, city.as_(who), proof_sheet, OneCase(code=walked.code)
        )
        assert word == "not_your_role"


def visitor(name: str = "somebody") -> Actor:
    return Actor(visit=name)


def found(city: City, code: str, digits: str, who: Actor | None = None) -> tuple[str, str]:
    command = Track(code=code, last_four=digits)
    return city.application.execute_as(who or visitor(), track, command)


def test_code_and_last_four_digits_show_the_stages_for_a_day(
    city: City, clock: FixedClock, a_request
):
    walked = a_request(at=Stage.WAITING)
    command = OneCase(code=walked.code)
    assert refused(city.application.query_as, visitor(), tracked_stages, command) == "not_found"
    spaced = f"{persian(walked.code[:4])} {walked.code[4:]}"
    assert found(city, spaced, persian(walked.who.mobile[-4:])) == (walked.code, "")
    seen = city.application.query_as(visitor(), tracked_stages, command)
    assert seen.stage is Stage.WAITING
    assert (
        refused(city.application.query_as, visitor("other"), tracked_stages, command) == "not_found"
    )
    clock.forward(hours=25)
    assert refused(city.application.query_as, visitor(), tracked_stages, command) == "not_found"


def test_what_is_pasted_out_of_a_message_is_found(city: City, a_request):
    walked = a_request(at=Stage.WAITING)
    local = walked.who.mobile.removeprefix("0")
    dashed = f"{local[:3]}-{local[3:6]} {local[6:]}"
    for code, mobile in (
        ("\u2066{}\u2069", "{}"),
        ("\u200e{}", "\u202a{}\u202c"),
        ("{}", "+98{}"),
        ("{}", "0098{}"),
        ("{}", "0{}"),
    ):
        assert found(city, code.format(walked.code), mobile.format(dashed)) == (walked.code, "")


def test_wrong_digits_and_an_unknown_code_have_one_answer(city: City, a_request):
    walked = a_request()
    assert found(city, walked.code, "0000") == UNKNOWN
    assert found(city, "0506123457", walked.who.mobile[-4:]) == UNKNOWN
    assert refused(found, city, walked.code, "0000", Actor()) == "not_ready"


def test_what_was_left_out_is_asked_for(city: City, a_request):
    walked = a_request()
    short = ("", "tracking_short")
    for code, four in (("", ""), ("x", ""), (walked.code[:9], "0000"), (walked.code, "123")):
        assert found(city, code, four) == short


def test_guessing_is_stopped_and_the_tries_are_counted(city: City, clock: FixedClock, a_request):
    walked = a_request()
    for _ in range(RULES[Limit.TRACK_VISIT].most):
        assert found(city, walked.code, "0000") == UNKNOWN
    right = walked.who.mobile[-4:]
    assert found(city, walked.code, right) == ("", "too_many_requests")
    assert found(city, walked.code, right, visitor("other")) == (walked.code, "")
    clock.forward(minutes=16)
    assert found(city, walked.code, right) == (walked.code, "")


def test_tracking_tells_stages_and_times_and_nothing_anybody_wrote(hall: Hall):
    guest = hall.guests[0]
    hall.met(guest, note="متن دستور شهردار که پنهان است.")
    with hall.reading() as uow:
        mobile = uow.people.get(guest.request.person_id).mobile
    command = Track(code=guest.code, last_four=mobile[-4:])
    hall.execute(visitor(), track, command)
    seen = hall.query(visitor(), tracked_stages, OneCase(code=guest.code))
    assert seen.stage is Stage.FOLLOW_UP
    assert {mark.note for mark in seen.marks} == {None}
    assert all(mark.payload == {} for mark in seen.marks)
    for secret in ("پنهان", "پیاده", "مریم", guest.request.ticket):
        assert secret not in repr(seen)


def test_a_neighbour_with_code_and_mobile_does_not_read_what_her_body_needs(line: Line):
    """Only her own page says that she asked for a lane, has a document, or is fetched."""
    came, _ = by_a_lane(line)
    line.official("reception", came, Action.ARRIVE, identity=came.identity)
    line.official("reception", came, Action.CHECK_ORIGINAL, original="not_hers")
    with line.reading() as uow:
        mobile = uow.people.get(came.request.person_id).mobile
    application, command = line.city.application, OneCase(code=came.code)
    application.execute_as(visitor(), track, Track(code=came.code, last_four=mobile[-4:]))
    by_code = application.query_as(visitor(), tracked_stages, command).marks
    hers = application.query_as(came.actor, timeline_page, command).marks
    private = {Action.ASK_LANE, Action.DECIDE_LANE, Action.CHECK_ORIGINAL}
    assert private <= {mark.action for mark in hers}
    assert not CITIZEN_ONLY & {mark.action for mark in by_code}
    assert {mark.action for mark in hers} - {mark.action for mark in by_code} <= CITIZEN_ONLY


def test_a_neighbour_reads_the_same_road_of_whoever_is_rung_and_of_whoever_comes(hall: Hall):
    """Where she is at her time is private, as in the public log."""
    rung, comes = hall.guests[:2]
    hall.clock.set(at_tehran(MONDAY - timedelta(days=1), "18:00"))
    shows_card(hall.application, rung.request)
    hall.execute(rung.actor, take_step, TakeStep(code=rung.code, action=Action.ASK_CALL))

    assert by_code(hall, rung) == by_code(hall, comes)
    hall.clock.set(at_tehran(MONDAY, "08:50"))
    hall.arrive(comes)
    hall.clock.set(at_tehran(MONDAY, rung.request.seat.time))
    hall.act("reception", rung, Action.RING, calls="0")
    hall.act("reception", rung, Action.REACH)
    at_her_telephone = by_code(hall, rung)
    assert at_her_telephone == by_code(hall, comes)
    assert not [words for words in at_her_telephone if "زنگ" in words or "تلفن" in words]
    hers = hall.query(rung.actor, timeline_page, OneCase(code=rung.code)).marks
    assert {Action.ASK_CALL, Action.RING, Action.REACH} <= {mark.action for mark in hers}
    assert all(mark.by_telephone for mark in hers if mark.state is MarkState.NOW)


def by_code(hall: Hall, guest: Guest) -> list[str]:
    """Return the timeline for a reader with code and last digits, without times of day."""
    with hall.reading() as uow:
        mobile = uow.people.get(guest.request.person_id).mobile
    hall.execute(visitor(), track, Track(code=guest.code, last_four=mobile[-4:]))
    road = tracked_view(hall.query(visitor(), tracked_stages, OneCase(code=guest.code))).steps
    return [f"{step.title}: {step.meaning}" for step in road]


def test_somebody_without_a_mobile_has_the_pin_of_her_receipt(city: City, a_request):
    walked = a_request()
    with city.application.store.unit_of_work(city.application.clock()) as uow:
        uow.people.set_mobile(walked.request.person_id, None)
        uow.people.set_pin(walked.request.person_id, "604938")
    assert found(city, walked.code, walked.who.mobile[-4:]) == UNKNOWN
    assert found(city, walked.code, "۶۰۴۹۳۸") == (walked.code, "")


def test_the_phone_line_reads_nothing_without_the_callers_word(city: City, a_request):
    walked = a_request()
    command = OneCase(code=walked.code)
    assert refused(city.application.query_as, city.as_("phone"), tracked_stages, command) == (
        "not_found"
    )
    assert (
        refused(city.application.execute_as, city.as_("phone"), open_case, command)
        == "not_your_role"
    )
