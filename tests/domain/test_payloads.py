"""What a step needs as input, and which facts follow from it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from cases import (
    ANSWER_BY,
    CITIZEN,
    DESK,
    DUE_ON,
    FILED,
    LATER,
    MAYOR,
    MEETING,
    OVERSEER,
    UNIT,
    at,
    at_stage,
    filed,
    follow_up,
    issued,
    redirected,
    reported,
    take,
    waiting,
)
from support.each import for_each

from publicmeeting.domain.choices import CODES, are_codes
from publicmeeting.domain.errors import Denied
from publicmeeting.domain.lifecycle.advance import (
    advance,
    begin,
    deadline,
    missing_needs,
    recipients,
    replay,
)
from publicmeeting.domain.lifecycle.tables import STEP_FOR, Days, Explicit, Unchanged, WorkingDays
from publicmeeting.domain.roles import CLOCK, Grant, Role
from publicmeeting.domain.stages import Action, Need, OrderAction, OrderStage, Stage

A, O = Action, OrderAction  # noqa: E741  (columns of the table)
DAY = timedelta(days=1)


WITH_NEEDS = [step for step in STEP_FOR.values() if step.needs]
GIVEN = {
    Need.REASON: "out_of_scope",
    Need.DISTRICT: 7,
    Need.UNIT: "d06-technical",
    Need.DUE_ON: "2026-12-21",
    Need.PHOTOS: ["p1"],
    Need.IDENTITY: "matched",
    Need.MONDAY: "2026-12-14",
    Need.LANE: "urgent",
    Need.VERDICT: "no",
    Need.ORIGINAL: "seen",
}


@for_each(WITH_NEEDS, ids=lambda step: step.action.value)
def test_what_is_not_given_is_refused_by_name(step):
    payload = {need.value: GIVEN[need] for need in step.needs if need is not Need.NOTE}
    assert missing_needs(step, payload, "چنین است") is None
    for need in step.needs:
        note = "" if need is Need.NOTE else "چنین است"
        assert (
            missing_needs(step, {k: v for k, v in payload.items() if k != need.value}, note) is need
        )
        if need is not Need.NOTE:
            assert missing_needs(step, {**payload, need.value: ""}, "چنین است") is need


def test_a_refused_step_raises_its_word_and_a_taken_one_says_what_happened():
    case = filed()
    with pytest.raises(Denied) as denied:
        advance(case, A.DECLINE, DESK, FILED + LATER, note="چنین است")
    assert denied.value.key == "need_reason"
    with pytest.raises(Denied) as denied:
        advance(case, A.DECLINE, CITIZEN, FILED + LATER)
    assert denied.value.key == "not_your_role"

    payload = {"reason": "out_of_scope"}
    event = advance(case, A.DECLINE, DESK, FILED + LATER, payload, note="چنین است")
    assert (event.from_stage, event.to_stage) == (Stage.SUBMITTED, Stage.DECLINED)
    assert (event.role, event.account_id, event.person_id) == (Role.DESK, "desk", None)
    assert (event.payload, event.note, event.due_at) == (payload, "چنین است", None)


CHOSEN = (Need.REASON, Need.LANE, Need.VERDICT, Need.SKIP, Need.AUDIENCE, Need.ORIGINAL)


def test_whatever_is_chosen_has_its_list():
    chosen = {(s.action, n) for s in STEP_FOR.values() for n in (*s.needs, *s.may) if n in CHOSEN}
    assert chosen == set(CODES)


@for_each(CODES)
def test_only_a_code_of_its_list_may_be_given(action, need):
    assert all(are_codes(action, {need.value: code.value}) for code in CODES[action, need])
    assert not are_codes(action, {need.value: "چون نامش را می‌دانم"})


def test_free_text_does_not_reach_the_audit_as_a_reason():
    with pytest.raises(Denied) as denied:
        take(filed(), A.DECLINE, DESK, reason="مریم احمدی")
    assert denied.value.key == "form_broken"
    assert take(filed(), A.DECLINE, DESK, reason="duplicate").stage is Stage.DECLINED


def test_a_citizens_event_names_the_person_and_an_officials_does_not():
    assert advance(filed(), A.WITHDRAW, CITIZEN, FILED).person_id == "maryam"
    official_with_a_case = replace(DESK, person_id="somebody")
    assert advance(filed(), A.ACCEPT, official_with_a_case, FILED).person_id is None


def test_an_event_names_the_office_in_which_somebody_acted():
    two_hats = replace(DESK, grants=(*OVERSEER.grants, Grant(Role.DESK, 6)))
    first = advance(filed(), A.REDIRECT, two_hats, FILED, {"district": 7}, note="چنین است")
    assert first.role is Role.DESK
    again = replace(redirected(), district=6)
    second = advance(again, A.REDIRECT, two_hats, FILED + DAY, {"district": 8}, note="چنین است")
    assert second.role is Role.OVERSEER


WEDNESDAY = at(date(2026, 11, 25), "10:00")


@for_each(
    [
        (WorkingDays(1), at(date(2026, 11, 29), "00:00")),
        (WorkingDays(2), at(date(2026, 11, 30), "00:00")),
        (Days(10), at(date(2026, 12, 6), "00:00")),
        (Explicit(), MEETING),
        (Unchanged(), ANSWER_BY),
        (None, None),
    ]
)
def test_a_deadline_passes_over_thursday_and_friday_and_ends_at_midnight(within, ends):
    assert deadline(within, ANSWER_BY, WEDNESDAY, MEETING) == ends


def test_a_holiday_is_no_working_day():
    before_nowruz = at(date(2027, 3, 20), "10:00")  # 29 Esfand 1405, itself a holiday
    assert deadline(WorkingDays(1), None, before_nowruz, None) > before_nowruz + 2 * DAY


def test_a_step_whose_deadline_the_use_case_gives_must_be_given_it():
    with pytest.raises(ValueError, match="deadline"):
        advance(waiting(), A.SEAT, CLOCK, FILED + DAY)
    assert take(waiting(), A.SEAT, CLOCK, ends_at=ANSWER_BY).due_at == ANSWER_BY


def test_what_does_not_touch_the_stage_keeps_its_clock():
    before = at_stage(Stage.INVITED)
    assert take(before, A.OFFER_ANSWER, UNIT).due_at == before.due_at == ANSWER_BY


def test_a_case_begins_with_the_role_its_row_names():
    assert begin(A.SUBMIT, DESK, Role.PHONE, FILED).to_stage is Stage.SUBMITTED
    with pytest.raises(Denied, match="not_your_role"):
        begin(A.SUBMIT, MAYOR, Role.MAYOR, FILED)
    with pytest.raises(Denied, match="need_unit"):
        begin(O.ISSUE, MAYOR, Role.MAYOR, FILED, {"due_on": DUE_ON.isoformat()})


@for_each([*Stage, *OrderStage])
def test_the_events_of_a_case_lead_to_where_it_stands(stage):
    case = at_stage(stage)
    assert replay(case.history) is stage
    assert case.stage is stage


def test_events_that_do_not_join_are_found():
    history = follow_up().history
    with pytest.raises(ValueError, match="cannot follow"):
        replay((history[0], *history[2:]))
    with pytest.raises(ValueError, match="cannot follow"):
        replay((replace(history[1], from_stage=None), *history[2:]))
    with pytest.raises(ValueError, match="does not lead"):
        replay((*history[:-1], replace(history[-1], to_stage=Stage.CLOSED)))


@pytest.mark.parametrize(
    ("actor", "audience", "roles"),
    [
        (MAYOR, "citizen", (Role.CITIZEN, Role.UNIT)),
        (MAYOR, "internal", (Role.UNIT,)),
        (UNIT, "citizen", (Role.CITIZEN,)),
        (CITIZEN, "citizen", (Role.UNIT,)),
    ],
)
def test_a_comment_is_told_to_its_readers_but_not_to_its_writer(actor, audience, roles):
    event = advance(issued(), O.COMMENT, actor, MEETING, {"audience": audience}, note="چنین است")
    assert recipients(event) == roles


def test_every_other_step_is_told_as_its_row_says():
    event = reported().history[-1]
    assert recipients(event) == STEP_FOR[O.REPORT].notifies == (Role.CITIZEN,)
