"""Single steps on a request: who may take them, what they need, and what follows."""

from datetime import timedelta

import pytest
from support.together import refusal
from support.walk import ROADS, begin

from publicmeeting.domain.stages import LIVE, Action, Stage
from publicmeeting.kit.clock import tehran_day
from publicmeeting.turns.kinds import Kind, wrong_keys
from publicmeeting.turns.log import verify_chain
from publicmeeting.usecases.lifecycle.payloads import TakeStep
from publicmeeting.usecases.lifecycle.steps import OWN_USE_CASE, take_step

NOTE = "پلاک ۱۲ کجاست؟"


def log_entries(application) -> list[tuple[str, dict]]:
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        entries = uow.log.after(0, 10_000)
    assert verify_chain(entries) == ()
    return [(entry.kind.value, dict(entry.body)) for entry in entries]


SEATED_IN_ORDER = (Stage.INVITED, Stage.CONFIRMED, Stage.ARRIVED, Stage.IN_ROOM)
THE_ROAD = (Stage.WAITING, *SEATED_IN_ORDER, Stage.FOLLOW_UP, Stage.CLOSED)


def check(walked, stage: Stage) -> None:
    """Check the stage, a seat exactly if one belongs to it, and room for one live request."""
    request = walked.request
    assert request.stage is stage
    assert (request.seat is not None) == (stage in SEATED_IN_ORDER)
    application = walked.city.application
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        live = uow.requests.live_code(request.person_id)
    assert live == (request.code if stage in LIVE else None)


def test_a_request_walks_the_whole_road(city):
    walked = begin(city)
    for step, stage in zip(ROADS[Stage.CLOSED], THE_ROAD, strict=True):
        step(walked)
        check(walked, stage)


@pytest.mark.parametrize("stage", [stage for stage in ROADS if stage not in THE_ROAD])
def test_a_request_may_leave_the_road_early(a_request, stage):
    check(a_request(at=stage), stage)


def test_the_desk_of_another_district_finds_nothing(a_request):
    walked = a_request()
    assert refusal(lambda: walked.official("desk4", "accept")).key == "not_found"
    assert walked.official("desk", "accept").stage is Stage.WAITING


@pytest.mark.parametrize("action", [*sorted(OWN_USE_CASE), "fly", "", "take_on"])
def test_what_has_a_use_case_of_its_own_or_is_no_action_is_refused(a_request, action):
    walked = a_request()
    assert refusal(lambda: walked.official("desk", action)).key == "form_broken"


def test_a_citizen_cannot_take_an_officials_step_nor_the_clocks(a_request):
    walked = a_request()
    for action in ("accept", "take_in", "lapse_info"):
        assert refusal(lambda action=action: walked.citizen(action)).key in {
            "not_your_role",
            "stage_moved",
        }
    assert walked.request.stage is Stage.SUBMITTED


def test_who_may_not_act_learns_nothing_from_what_he_types(a_request):
    walked = a_request(at=Stage.CONFIRMED)
    for identity in (walked.who.identity, "0499370899", "x"):
        word = refusal(lambda i=identity: walked.official("mayor", "arrive", identity=i))
        assert word.key == "not_your_role"


def test_information_is_asked_for_and_given(a_request):
    walked = a_request()
    assert refusal(lambda: walked.official("desk", "ask_info")).key == "need_note"
    asked = walked.official("desk", "ask_info", note=f"  {NOTE}\u202e ")
    assert (asked.stage, asked.history[-1].note) == (Stage.NEEDS_INFO, NOTE)
    payload = walked.citizen("give_info", note="کوچهٔ بهار")
    assert payload.stage is Stage.SUBMITTED
    assert refusal(lambda: walked.official("desk", "ask_info", note=NOTE)).key == "another_officer"
    assert walked.official("second_desk", "ask_info", note=NOTE).stage is Stage.NEEDS_INFO


def test_a_note_has_an_end(a_request):
    walked = a_request()
    word = refusal(lambda: walked.official("desk", "ask_info", note="ب" * 4001))
    assert (word.key, word.facts["limit"]) == ("text_too_long", 4000)


@pytest.mark.parametrize("reason", ["because", "", "OTHER_BODY"])
def test_a_reason_is_one_of_the_list(a_request, reason):
    walked = a_request()
    word = refusal(lambda: walked.official("desk", "decline", note=NOTE, reason=reason))
    assert word.key in {"form_broken", "need_reason"}
    assert walked.official("desk", "decline", note=NOTE, reason="other_body").stage is (
        Stage.DECLINED
    )


def test_another_district_brings_another_ticket(application, a_request, clock):
    walked = a_request()
    before = walked.request.ticket
    clock.forward(days=1)
    for district in ("6", "23", "x", "", "9" * 5000):
        word = refusal(
            lambda d=district: walked.official("desk", "redirect", district=d, note=NOTE)
        )
        assert word.key in {"same_district", "district_unknown", "need_district"}
    moved = walked.official("desk", "redirect", district="۴", note=NOTE)
    assert (moved.district, moved.stage) == (4, Stage.SUBMITTED)
    assert moved.ticket != before
    (filed, _), (kind, body) = log_entries(application)[-2:]
    assert (filed, kind) == (Kind.FILED, Kind.REDIRECTED)
    assert (body["old"], body["new"], body["district"]) == (before, moved.ticket, 4)
    assert not wrong_keys(kind, body)
    assert refusal(lambda: walked.official("desk", "accept")).key == "not_found"
    assert walked.official("desk4", "accept").stage is Stage.WAITING


def test_she_leaves_a_monday_out_before_its_freeze_only(application, a_request, clock):
    walked = a_request(at=Stage.WAITING)
    monday = tehran_day(clock()) + timedelta(days=9)
    for day, word in (
        (monday + timedelta(days=1), "monday_unknown"),
        ("someday", "monday_unknown"),
        (monday - timedelta(days=7), "monday_frozen"),
    ):
        assert refusal(lambda day=day: walked.citizen("exclude", monday=str(day))).key == word
    walked.citizen("exclude", monday=str(monday))
    assert pool(application, clock, monday) == []
    walked.citizen("include", monday=str(monday))
    assert pool(application, clock, monday) == [walked.request.id]
    assert [kind for kind, _ in log_entries(application)[-2:]] == [
        Kind.MONDAY_EXCLUDED,
        Kind.MONDAY_INCLUDED,
    ]


def pool(application, clock, monday) -> list[str]:
    with application.store.unit_of_work(clock(), reading=True) as uow:
        return [key for key, *_ in uow.draws.pool(6, monday, clock() + timedelta(days=1))]


def test_withdrawing_takes_her_out_of_the_line_and_frees_her_seat(application, a_request):
    walked = a_request(at=Stage.CONFIRMED)
    seat = walked.request.seat
    gone = walked.citizen("withdraw")
    assert (gone.stage, gone.seat) == (Stage.WITHDRAWN, None)
    assert [kind for kind, _ in log_entries(application)[-2:]] == [
        Kind.SEAT_CONFIRMED,
        Kind.TAKEN_OUT,
    ]
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        assert uow.seats.held(6, seat.monday) == {}


def test_the_card_at_the_door_must_be_hers(application, a_request):
    walked = a_request(at=Stage.CONFIRMED)
    seat = walked.request.seat
    assert refusal(lambda: walked.official("reception", "arrive", identity="0")).key == (
        "not_that_day"
    )
    walked.line.until(seat.monday, seat.time)
    for identity, word in (
        ("", "need_identity"),
        ("12", "national_code_length"),
        ("0499370899", "identity_mismatch"),
    ):
        act = lambda i=identity: walked.official("reception", "arrive", identity=i)  # noqa: E731 (one line of a table)
        assert refusal(act).key == word
    came = walked.official("reception", "arrive", identity=walked.who.identity)
    assert came.stage is Stage.ARRIVED
    assert "identity" not in came.history[-1].payload, "the audit holds no personal number"


@pytest.mark.parametrize(
    ("reason", "public"),
    [("away", "away"), ("asked", "hers"), ("helper_awaited", "hers")],
)
def test_an_earlier_visitor_is_passed_over_with_a_public_reason_only(
    application, a_request, reason, public
):
    """The hour leads to her ticket, so the log must not say that she needs an interpreter."""
    one, other = a_request(at=Stage.WAITING), a_request(at=Stage.WAITING)
    monday = tehran_day(application.clock()) + timedelta(days=9)
    one.line.until(monday - timedelta(days=5), "20:00")
    first, second = sorted((one, other), key=lambda walked: walked.request.seat.time)
    for walked in (first, second):
        walked.citizen("confirm")
    one.line.until(monday, "09:00")
    for walked in (second, first):
        walked.official("reception", "arrive", identity=walked.who.identity)
    call = Action.CALL_IN
    assert refusal(lambda: second.official("reception", call)).key == "need_skip"
    assert refusal(lambda: second.official("reception", call, skip="friend")).key == "form_broken"
    second.official("reception", call, skip=reason)
    (skip,) = [body for kind, body in log_entries(application) if kind == Kind.SKIP]
    assert (skip["ticket"], skip["reason"]) == (second.request.ticket, public)
    assert wrong_keys(Kind.SKIP, skip) == ()
    assert refusal(lambda: first.official("reception", call)).key == "room_taken"
    second.official("mayor", "send_back", note="همراهش نرسیده است")
    first.official("reception", call, skip="asked")
    assert "skip" not in first.request.history[-1].payload, "nobody was passed over"


def test_a_step_may_bring_three_pictures_at_most(a_request):
    walked = a_request(at=Stage.NEEDS_INFO)
    word = refusal(lambda: walked.citizen("give_info", note=NOTE, photos=("a", "b", "c", "d")))
    assert (word.key, word.facts["limit"]) == ("photos_too_many", 3)


def test_an_answer_is_accepted_or_insisted_against(a_request):
    walked = a_request(at=Stage.ANSWERED)
    assert refusal(lambda: walked.citizen("insist")).key == "need_note"
    assert walked.citizen("insist", note="ترمیم نشد").stage is Stage.WAITING
    assert refusal(lambda: walked.citizen("accept_answer")).key == "no_answer"
    other = a_request(at=Stage.ANSWERED)
    assert other.citizen("accept_answer").stage is Stage.CLOSED


def test_steps_of_a_person_without_any_part_are_refused_at_the_door(application, a_request, as_):
    walked = a_request()
    command = TakeStep(code=walked.code, action="accept")
    for username in ("administrator", "phone"):
        word = refusal(lambda u=username: application.execute_as(as_(u), take_step, command))
        assert word.key == "not_your_role"
