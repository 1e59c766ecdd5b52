"""Cases as they stand when a guard has to decide."""

from dataclasses import replace
from datetime import timedelta

from cases import (
    ANSWER_BY,
    CITIZEN,
    DESK,
    FILED,
    MAYOR,
    MEETING,
    OTHER_DESK,
    RECEPTION,
    UNIT,
    confirmed,
    declined,
    filed,
    in_action,
    invited,
    joined,
    lane_asked,
    missed,
    refused,
    take,
)

from publicmeeting.domain.advance import advance
from publicmeeting.domain.roles import CLOCK
from publicmeeting.domain.stages import Action, OrderAction, Stage

A, O = Action, OrderAction  # noqa: E741  (columns of the table)
DAY = timedelta(days=1)


def objected():
    return take(declined(), A.OBJECT, CITIZEN)


def asked_twice():
    case = take(take(filed(), A.ASK_INFO, DESK), A.GIVE_INFO, CITIZEN)
    return take(take(case, A.ASK_INFO, OTHER_DESK), A.GIVE_INFO, CITIZEN)


def extension_asked():
    return take(in_action(), O.ASK_EXTENSION, UNIT, due_on="2027-01-01")


def extended(times):
    case = in_action()
    for _ in range(times):
        case = take(case, O.ASK_EXTENSION, UNIT, due_on="2027-01-01")
        case = take(case, O.EXTEND, MAYOR, ends_at=MEETING + 40 * DAY)
    return case


def called(times, first_after=timedelta(minutes=1)):
    case = confirmed()
    for n in range(times):
        case = take(case, A.CALL, RECEPTION, MEETING + first_after + n * timedelta(minutes=1))
    return case


def accepted_by_clock():
    return joined(filed(), replace(taken_in_event(), to_stage=Stage.SUBMITTED))


def taken_in_event():
    return advance(filed(), A.TAKE_IN, CLOCK, FILED + DAY)


def named_judge():
    return replace(lane_asked(), name_seen_by=frozenset({"judge"}))


def contested_no_show():
    return take(missed(), A.CONTEST_NO_SHOW, CITIZEN)


def objected_refusal():
    return take(refused(), A.OBJECT_REFUSAL, CITIZEN)


def answered_by_desk():
    return take(filed(), A.ANSWER, DESK)


def offered_after_insisting():
    case = take(answered_by_desk(), A.INSIST, CITIZEN)
    return take(case, A.OFFER_ANSWER, UNIT)


def moved_and_seated_again():
    case = take(invited(), A.MOVE_ONCE, CITIZEN, monday="2026-12-14")
    return take(case, A.SEAT, CLOCK, ends_at=ANSWER_BY + 14 * DAY)
