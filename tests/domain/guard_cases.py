"""For each key of a guard: the action, a case that it refuses, and a similar case that passes."""

from dataclasses import replace
from datetime import date, timedelta

from cases import (
    ANSWER_BY,
    CITIZEN,
    DESK,
    DRAWN,
    FILED,
    LATER,
    MAYOR,
    MEETING,
    MONDAY,
    OTHER_DESK,
    OTHER_DISTRICT,
    OVERSEER,
    RECEPTION,
    UNIT,
    arrived,
    at,
    at_stage,
    confirmed,
    contested_no_show,
    contested_twice,
    declined,
    filed,
    in_room,
    invited,
    joined,
    missed,
    official,
    redirected,
    refused,
    take,
    waiting,
)
from door_guard_cases import DOOR_GUARDS
from line_guard_cases import LINE_GUARDS
from order_guard_cases import ORDER_GUARDS

from publicmeeting.domain.lifecycle.advance import advance
from publicmeeting.domain.lifecycle.guards import RECLAIMED_WITHIN
from publicmeeting.domain.records import Seat
from publicmeeting.domain.roles import CLOCK, Role
from publicmeeting.domain.stages import Action, OrderAction, Stage

A, O = Action, OrderAction  # noqa: E741  (columns of the table)
DAY = timedelta(days=1)
DISPLACED = take(waiting(), A.DISPLACE, CLOCK)


def objected():
    return take(declined(), A.OBJECT, CITIZEN)


def asked_twice():
    case = take(take(filed(), A.ASK_INFO, DESK), A.GIVE_INFO, CITIZEN)
    return take(take(case, A.ASK_INFO, OTHER_DESK), A.GIVE_INFO, CITIZEN)


def accepted_by_clock():
    return joined(filed(), replace(taken_in_event(), to_stage=Stage.SUBMITTED))


def taken_in_event():
    return advance(filed(), A.TAKE_IN, CLOCK, FILED + DAY)


def objected_refusal():
    return take(refused(), A.OBJECT_REFUSAL, CITIZEN)


def answered_by_desk():
    return take(filed(), A.ANSWER, DESK)


def offered_after_insisting():
    case = take(answered_by_desk(), A.INSIST, CITIZEN)
    return take(case, A.OFFER_ANSWER, UNIT)


def offered_twice():
    return take(take(waiting(), A.OFFER_ANSWER, DESK), A.OFFER_ANSWER, DESK)


def offered():
    """Return a standby with an open offer."""
    seat = Seat(MONDAY, "09:45", "standby", ANSWER_BY)
    case = take(waiting(), A.OFFER, CLOCK, DRAWN, ends_at=ANSWER_BY)
    return replace(case, seat=seat, moves_until=ANSWER_BY)


def left():
    """Return a withdrawn request; no list was fixed since, because a month had no line."""
    return take(waiting(), A.WITHDRAW, CITIZEN)


def erased():
    return take(refused(), A.ERASE, CITIZEN, A_MONTH_ON)


A_MONTH_ON = at(date(2027, 1, 15), "10:00")
DAY_BEFORE = at(MONDAY - DAY, "10:00")
NEW_DISTRICT_DESK = official(Role.DESK, "desk-7", OTHER_DISTRICT)

GUARDS = [
    *LINE_GUARDS,
    *ORDER_GUARDS,
    *DOOR_GUARDS,
    # word, action: the refused (case, actor, now), the allowed one beside it
    ("name_seen", A.ACCEPT, (filed(filed_by="desk"), DESK), (filed(filed_by="desk"), OTHER_DESK)),
    ("another_officer", A.ACCEPT, (objected(), DESK), (objected(), OTHER_DESK)),
    ("another_officer", A.DECLINE, (objected(), DESK), (objected(), OTHER_DESK)),
    ("another_officer", A.REDIRECT, (objected(), DESK), (objected(), OTHER_DESK)),
    (
        "another_officer",
        A.ASK_INFO,
        (take(take(filed(), A.ASK_INFO, DESK), A.GIVE_INFO, CITIZEN), DESK),
        (take(take(filed(), A.ASK_INFO, DESK), A.GIVE_INFO, CITIZEN), OTHER_DESK),
    ),
    (
        "another_officer",
        O.UPHOLD,
        (contested_twice(), official(Role.OVERSEER, "mayor", None)),
        (contested_twice(), OVERSEER),
    ),
    ("info_asked_twice", A.ASK_INFO, (asked_twice(), official(Role.DESK, "3")), (filed(), DESK)),
    ("already_in_line", A.DECLINE, (accepted_by_clock(), DESK), (filed(), DESK)),
    (
        "redirected_once",
        A.REDIRECT,
        (redirected(), NEW_DISTRICT_DESK),
        (redirected(), OVERSEER),
    ),
    ("redirect_accepted", A.REDIRECT, (waiting(), DESK), (filed(), DESK)),
    ("desk_decides", A.REDIRECT, (filed(), OVERSEER), (filed(), DESK)),
    ("nothing_redirected", A.OBJECT_REDIRECT, (filed(), CITIZEN), (redirected(), CITIZEN)),
    (
        "objected_once",
        A.OBJECT_REDIRECT,
        (take(redirected(), A.OBJECT_REDIRECT, CITIZEN), CITIZEN),
        (redirected(), CITIZEN),
    ),
    (
        "objection_late",
        A.OBJECT_REDIRECT,
        (redirected(), CITIZEN, at(date(2026, 12, 2), "00:00")),
        (redirected(), CITIZEN, at(date(2026, 12, 1), "23:59")),
    ),
    (
        "objected_once",
        A.OBJECT,
        (take(objected(), A.DECLINE, OTHER_DESK, reason="duplicate"), CITIZEN),
        (declined(), CITIZEN),
    ),
    (
        "objection_late",
        A.OBJECT,
        (declined(), CITIZEN, at(date(2026, 12, 2), "00:00")),
        (declined(), CITIZEN, at(date(2026, 12, 1), "23:59")),
    ),
    (
        "nothing_to_undo",
        A.UNDO,
        (refused(), CITIZEN),
        (take(waiting(), A.WITHDRAW, CITIZEN), CITIZEN),
    ),
    (
        "undo_late",
        A.UNDO,
        (replace(take(waiting(), A.WITHDRAW, CITIZEN), undo_until=FILED), CITIZEN, FILED + DAY),
        (replace(take(waiting(), A.WITHDRAW, CITIZEN), undo_until=FILED + DAY), CITIZEN),
    ),
    (
        "undo_late",
        A.UNDO,
        (DISPLACED, CITIZEN, DISPLACED.stage_at + RECLAIMED_WITHIN + timedelta(seconds=1)),
        (DISPLACED, CITIZEN, DISPLACED.stage_at + RECLAIMED_WITHIN),
    ),
    (
        "line_closed",
        A.DECLINE,
        (replace(filed(), desk_until=FILED), DESK, FILED),
        (replace(filed(), desk_until=FILED + DAY), DESK, FILED),
    ),
    (
        "nothing_refused",
        A.OBJECT_REFUSAL,
        (take(answered_by_desk(), A.ACCEPT_ANSWER, CITIZEN), CITIZEN),
        (refused(), CITIZEN),
    ),
    ("objected_once", A.OBJECT_REFUSAL, (objected_refusal(), CITIZEN), (refused(), CITIZEN)),
    ("erase_later", A.ERASE, (refused(), CITIZEN), (refused(), CITIZEN, A_MONTH_ON)),
    (
        "erase_undecided",
        A.ERASE,
        (objected_refusal(), CITIZEN, A_MONTH_ON),
        (refused(), CITIZEN, A_MONTH_ON),
    ),
    ("erased_already", A.OBJECT_REFUSAL, (erased(), CITIZEN), (refused(), CITIZEN)),
    (
        "erased_already",
        A.UNDO,
        (take(left(), A.ERASE, CITIZEN, A_MONTH_ON), CITIZEN, A_MONTH_ON),
        (left(), CITIZEN, A_MONTH_ON),
    ),
    (
        "erased_already",
        A.ERASE,
        (erased(), CITIZEN, A_MONTH_ON),
        (refused(), CITIZEN, A_MONTH_ON),
    ),
    (
        "objection_late",
        A.OBJECT_REFUSAL,
        (refused(), CITIZEN, refused().history[-1].at + 11 * DAY),
        (refused(), CITIZEN, refused().history[-1].at + 10 * DAY),
    ),
    ("no_objection", A.ANSWER_OBJECTION, (refused(), OVERSEER), (objected_refusal(), OVERSEER)),
    (
        "no_answer",
        A.ACCEPT_ANSWER,
        (take(answered_by_desk(), A.INSIST, CITIZEN), CITIZEN),
        (offered_after_insisting(), CITIZEN),
    ),
    ("offered_often", A.OFFER_ANSWER, (offered_twice(), DESK), (offered_twice(), OTHER_DESK)),
    (
        "offered_often",
        A.OFFER_ANSWER,
        (offered_twice(), DESK),
        (offered_twice(), DESK, offered_twice().history[-1].at + DAY),
    ),
    (
        "too_late",
        A.CONFIRM,
        (invited(), CITIZEN, ANSWER_BY + LATER),
        (invited(), CITIZEN, ANSWER_BY),
    ),
    (
        "too_late",
        A.CONFIRM,
        (replace(invited(), due_at=ANSWER_BY + DAY), CITIZEN, ANSWER_BY + LATER),
        (replace(invited(), due_at=ANSWER_BY + DAY), CITIZEN, ANSWER_BY),
    ),
    (
        "too_late",
        A.GIVE_INFO,
        (at_stage(Stage.NEEDS_INFO), CITIZEN, at(date(2026, 12, 2), "00:01")),
        (at_stage(Stage.NEEDS_INFO), CITIZEN, at(date(2026, 12, 1), "23:59")),
    ),
    (
        "too_late_to_move",
        A.MOVE_ONCE,
        (confirmed(), CITIZEN, ANSWER_BY + LATER),
        (confirmed(), CITIZEN, ANSWER_BY),
    ),
    (
        "too_late_to_move",
        A.MOVE_ONCE,
        (replace(confirmed(), moves_until=ANSWER_BY - DAY), CITIZEN, ANSWER_BY),
        (confirmed(), CITIZEN, ANSWER_BY),
    ),
    (
        "offer_not_moved",
        A.MOVE_ONCE,
        (offered(), CITIZEN),
        (take(offered(), A.CONFIRM, CITIZEN), CITIZEN),
    ),
    ("moved_once", A.MOVE_ONCE, (None, CITIZEN), (confirmed(), CITIZEN)),
    (
        "not_that_day",
        A.ARRIVE,
        (confirmed(), RECEPTION, DAY_BEFORE),
        (confirmed(), RECEPTION, MEETING),
    ),
    ("not_that_day", A.CALL_IN, (arrived(), MAYOR, MEETING + DAY), (arrived(), MAYOR, MEETING)),
    ("nothing_missed", A.CONTEST_NO_SHOW, (waiting(), CITIZEN), (missed(), CITIZEN)),
    (
        "contest_late",
        A.CONTEST_NO_SHOW,
        (missed(), CITIZEN, MEETING + 3 * DAY + timedelta(minutes=16)),
        (missed(), CITIZEN, MEETING + 3 * DAY + timedelta(minutes=15)),
    ),
    ("contested_once", A.CONTEST_NO_SHOW, (contested_no_show(), CITIZEN), (missed(), CITIZEN)),
    ("no_contest", A.PICK_CONTEST, (missed(), CLOCK), (contested_no_show(), CLOCK)),
    (
        "room_taken",
        A.CALL_IN,
        (replace(arrived(), room_taken=True), RECEPTION, MEETING),
        (arrived(), RECEPTION, MEETING),
    ),
    ("in_the_room", A.DAY_OVER, (in_room(), CLOCK, MEETING), (in_room(), CLOCK, MEETING + DAY)),
    (
        "no_outcome",
        A.FINISH,
        (replace(in_room(), outcome_recorded=False), MAYOR),
        (in_room(), MAYOR),
    ),
    (
        "order_issued",
        A.SEND_BACK,
        (in_room(), MAYOR),
        (replace(in_room(), outcome_recorded=False), MAYOR),
    ),
]


def moved_and_seated_again():
    case = take(invited(), A.MOVE_ONCE, CITIZEN, monday="2026-12-14")
    return take(case, A.SEAT, CLOCK, ends_at=ANSWER_BY + 14 * DAY)
