"""Cases of guards of the line and its lanes: key, action, a refused case, a passing one."""

from dataclasses import replace
from datetime import timedelta

from cases import (
    CITIZEN,
    DESK,
    FILED,
    JUDGE,
    LATER,
    OTHER_DESK,
    OTHER_JUDGE,
    RECEPTION,
    contest_judged,
    contest_picked,
    filed,
    invited,
    judged,
    lane_asked,
    missed,
    take,
)

from publicmeeting.domain.records import FREE, OpenLine
from publicmeeting.domain.roles import CLOCK, Actor, Grant, Role
from publicmeeting.domain.stages import Action as A  # noqa: N817  (the letter of the table)

NAMED = replace(lane_asked(), name_seen_by=frozenset({"judge"}))

THIRD_JUDGE = Actor(account_id="judge-3", grants=(Grant(Role.UNIT, None, "d06-civil"),))
BOTH = take(contest_picked("judge-2", "judge-3"), A.ASK_LANE, CITIZEN, lane="access", photos=1)
BOTH = take(BOTH, A.PICK_JUDGES, CLOCK, judges=["judge", "judge-2"])
ANSWERED = contest_judged(contest_picked())
SEEN = replace(contest_picked(), name_seen_by=frozenset({"judge"}))
CAME_LATE = take(missed(), A.COME_LATE, RECEPTION, identity="matched")
CAME_LATE = take(CAME_LATE, A.DAY_OVER, CLOCK)

CLOSES = FILED + timedelta(days=1)
NEAR = CLOSES + timedelta(days=2)
IN_TIME = filed(open_lines=(OpenLine(CLOSES, NEAR, NEAR + LATER),))
OBJECTED = replace(
    take(take(filed(), A.DECLINE, DESK, reason="judged"), A.OBJECT, CITIZEN),
    open_lines=IN_TIME.open_lines,
)

GIVEN_UP = take(invited(), A.GIVE_UP_SEAT, CITIZEN)
FREE_AGAIN = replace(GIVEN_UP, seat_back=invited().seat)
DENIED = take(GIVEN_UP, A.DENY_GIVE_UP, CITIZEN)
LISTED_SINCE = replace(GIVEN_UP, undo_until=NEAR - LATER)
FREE_SEAT = replace(
    take(invited(), A.GIVE_UP_SEAT, CITIZEN, **{FREE: True}), seat_back=invited().seat
)
LATE_FOR_IT = FREE_AGAIN.seat_back.answer_by + LATER

LINE_GUARDS = [
    ("seat_gone", A.UNDO_GIVE_UP, (GIVEN_UP, CITIZEN), (FREE_AGAIN, CITIZEN)),
    ("too_late", A.UNDO_GIVE_UP, (FREE_AGAIN, CITIZEN, LATE_FOR_IT), (FREE_AGAIN, CITIZEN)),
    (
        "too_late",
        A.UNDO_GIVE_UP,
        (FREE_AGAIN, CITIZEN, LATE_FOR_IT),
        (FREE_SEAT, CITIZEN, LATE_FOR_IT),
    ),
    ("nothing_to_deny", A.DENY_GIVE_UP, (FREE_AGAIN, CITIZEN), (GIVEN_UP, CITIZEN)),
    ("nothing_to_deny", A.DENY_GIVE_UP, (DENIED, CITIZEN), (GIVEN_UP, CITIZEN)),
    ("deny_late", A.DENY_GIVE_UP, (LISTED_SINCE, CITIZEN, NEAR), (GIVEN_UP, CITIZEN, NEAR)),
    ("line_closed", A.ASK_INFO, (IN_TIME, DESK, CLOSES), (IN_TIME, DESK, CLOSES - LATER)),
    ("list_near", A.ANSWER, (IN_TIME, DESK, NEAR), (IN_TIME, DESK, NEAR - LATER)),
    ("list_near", A.ANSWER, (OBJECTED, OTHER_DESK, NEAR), (OBJECTED, OTHER_DESK, NEAR - LATER)),
    ("list_near", A.DECLINE, (IN_TIME, DESK, NEAR), (OBJECTED, OTHER_DESK, NEAR)),
    ("lane_held", A.ASK_LANE, (filed(lane="access"), CITIZEN), (filed(), CITIZEN)),
    ("lane_asked_already", A.ASK_LANE, (lane_asked(), CITIZEN), (filed(), CITIZEN)),
    ("no_lane_asked", A.DECIDE_LANE, (filed(), CLOCK), (lane_asked(), CLOCK)),
    ("judged_already", A.JUDGE_LANE, (judged(), JUDGE), (judged(), OTHER_JUDGE)),
    ("name_seen", A.JUDGE_LANE, (NAMED, JUDGE), (NAMED, OTHER_JUDGE)),
    ("not_your_role", A.JUDGE_LANE, (BOTH, THIRD_JUDGE), (BOTH, JUDGE)),
    ("judged_already", A.JUDGE_NO_SHOW, (ANSWERED, JUDGE), (ANSWERED, OTHER_JUDGE)),
    ("name_seen", A.JUDGE_NO_SHOW, (SEEN, JUDGE), (SEEN, OTHER_JUDGE)),
    ("nothing_lost", A.CONTEST_NO_SHOW, (CAME_LATE, CITIZEN), (missed(), CITIZEN)),
]
