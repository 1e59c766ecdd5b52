"""What guards the line and its lanes: the word, the action, a refused case, a passing one."""

from dataclasses import replace
from datetime import timedelta

from cases import (
    CITIZEN,
    DESK,
    FILED,
    JUDGE,
    LATER,
    MONDAY,
    OTHER_DESK,
    OTHER_JUDGE,
    filed,
    judged,
    lane_asked,
    take,
)

from publicmeeting.domain.records import OpenLine
from publicmeeting.domain.roles import CLOCK
from publicmeeting.domain.stages import Action as A  # noqa: N817  (the letter of the table)

NAMED = replace(lane_asked(), name_seen_by=frozenset({"judge"}))

CLOSES = FILED + timedelta(days=1)
NEAR = CLOSES + timedelta(days=2)
IN_TIME = filed(open_lines=(OpenLine(MONDAY, CLOSES, NEAR, NEAR + LATER),))
OBJECTED = replace(
    take(take(filed(), A.DECLINE, DESK, reason="judged"), A.OBJECT, CITIZEN),
    open_lines=IN_TIME.open_lines,
)

LINE_GUARDS = [
    ("line_closed", A.ASK_INFO, (IN_TIME, DESK, CLOSES), (IN_TIME, DESK, CLOSES - LATER)),
    ("list_near", A.ANSWER, (IN_TIME, DESK, NEAR), (IN_TIME, DESK, NEAR - LATER)),
    ("list_near", A.ANSWER, (OBJECTED, OTHER_DESK, NEAR), (OBJECTED, OTHER_DESK, NEAR - LATER)),
    ("list_near", A.DECLINE, (IN_TIME, DESK, NEAR), (OBJECTED, OTHER_DESK, NEAR)),
    ("lane_held", A.ASK_LANE, (filed(lane="access"), CITIZEN), (filed(), CITIZEN)),
    ("lane_asked_already", A.ASK_LANE, (lane_asked(), CITIZEN), (filed(), CITIZEN)),
    ("no_lane_asked", A.DECIDE_LANE, (filed(), CLOCK), (lane_asked(), CLOCK)),
    ("judged_already", A.JUDGE_LANE, (judged(), JUDGE), (judged(), OTHER_JUDGE)),
    ("name_seen", A.JUDGE_LANE, (NAMED, JUDGE), (NAMED, OTHER_JUDGE)),
]
