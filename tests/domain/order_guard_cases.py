"""Cases of guards of orders and of the questions after a meeting: refused and passing ones."""

from dataclasses import replace
from datetime import timedelta

from cases import (
    CITIZEN,
    DEPUTY,
    DESK,
    DUE_ON,
    MAYOR,
    MEETING,
    OVERSEER,
    UNIT,
    contested,
    contested_twice,
    done,
    filed,
    follow_up,
    in_action,
    issued,
    redirected,
    refused,
    reported,
    take,
    void_asked,
)

from publicmeeting.domain.stages import Action as A  # noqa: N817  (the letter of the table)
from publicmeeting.domain.stages import OrderAction as O
from publicmeeting.kit.clock import end_of_day

HIDDEN_UNTIL = end_of_day(MEETING.date() + timedelta(days=5))
"""Three working days after the Monday; Thursday and Friday are none."""
DAY = timedelta(days=1)
DUE = end_of_day(DUE_ON)
NEW_DUE_ON = DUE_ON + 14 * DAY


def answered():
    """Return a request closed by an answer, without a meeting."""
    return take(take(filed(), A.ANSWER, DESK), A.ACCEPT_ANSWER, CITIZEN)


def objected():
    return take(redirected(), A.OBJECT_REDIRECT, CITIZEN)


def hidden_report():
    """Return a reported order of which the overseer has not decided whether it is hers."""
    return take(reported(), O.ASK_VOID, MAYOR)


def answered_done():
    """Return an order of which she said after the due date that nothing was done."""
    return take(in_action(), O.SAY_DONE, CITIZEN, DUE + DAY, verdict="no")


def extension_asked():
    return take(in_action(), O.ASK_EXTENSION, UNIT, due_on="2027-01-01")


def citizen_asked():
    return take(in_action(), O.ASK_CITIZEN, UNIT, ends_at=MEETING)


def again(case):
    """Return the order reported, contested, and to be done again."""
    case = take(take(case, O.REPORT, UNIT), O.CONTEST, CITIZEN)
    return take(case, O.RETRY, MAYOR, due_on="2027-02-01", ends_at=MEETING + 60 * DAY)


def extended(times):
    case = in_action()
    for _ in range(times):
        case = take(case, O.ASK_EXTENSION, UNIT, due_on="2027-01-01")
        case = take(case, O.EXTEND, MAYOR, ends_at=MEETING + 40 * DAY)
    return case


ORDER_GUARDS = [
    ("no_objection", A.KEEP_DISTRICT, (redirected(), OVERSEER), (objected(), OVERSEER)),
    (
        "no_objection",
        A.KEEP_DISTRICT,
        (take(objected(), A.KEEP_DISTRICT, OVERSEER), OVERSEER),
        (objected(), OVERSEER),
    ),
    ("not_met", A.SAY_HEARD, (answered(), CITIZEN), (refused(), CITIZEN)),
    (
        "heard_answered",
        A.SAY_HEARD,
        (take(follow_up(), A.SAY_HEARD, CITIZEN, verdict="no"), CITIZEN),
        (follow_up(), CITIZEN),
    ),
    (
        "not_due_yet",
        O.SAY_DONE,
        (in_action(), CITIZEN, DUE - DAY),
        (in_action(), CITIZEN, DUE),
    ),
    (
        "done_answered",
        O.SAY_DONE,
        (answered_done(), CITIZEN, DUE + 2 * DAY),
        (replace(answered_done(), due_on=NEW_DUE_ON), CITIZEN, end_of_day(NEW_DUE_ON)),
    ),
    (
        "unit_has_time",
        O.REASSIGN,
        (issued(), MAYOR, issued().due_at - DAY),
        (issued(), MAYOR, issued().due_at),
    ),
    (
        "void_asked_before",
        O.ASK_VOID,
        (take(void_asked(), O.KEEP_ORDER, OVERSEER), MAYOR),
        (issued(), MAYOR),
    ),
    (
        "said_not_hers",
        O.SAY_NOT_HERS,
        (take(issued(), O.SAY_NOT_HERS, CITIZEN), CITIZEN),
        (issued(), CITIZEN),
    ),
    (
        "said_not_hers",
        O.SAY_NOT_HERS,
        (take(void_asked(), O.KEEP_ORDER, OVERSEER), CITIZEN),
        (reported(), CITIZEN),
    ),
    ("no_void_asked", O.VOID, (issued(), OVERSEER), (void_asked(), OVERSEER)),
    (
        "another_officer",
        O.VOID,
        (void_asked(), replace(OVERSEER, account_id=MAYOR.account_id)),
        (void_asked(), OVERSEER),
    ),
    (
        "order_hidden",
        O.CONFIRM_DONE,
        (hidden_report(), CITIZEN),
        (hidden_report(), CITIZEN, HIDDEN_UNTIL),
    ),
    (
        "report_withdrawn_before",
        O.WITHDRAW_REPORT,
        (take(take(reported(), O.WITHDRAW_REPORT, UNIT, ends_at=DUE), O.REPORT, UNIT), UNIT),
        (reported(), UNIT),
    ),
    ("extended_twice", O.ASK_EXTENSION, (extended(2), UNIT), (extended(1), UNIT)),
    ("extension_asked", O.ASK_EXTENSION, (extension_asked(), UNIT), (in_action(), UNIT)),
    ("no_extension_asked", O.EXTEND, (in_action(), MAYOR), (extension_asked(), MAYOR)),
    ("no_extension_asked", O.EXTEND, (again(extension_asked()), MAYOR), (extension_asked(), MAYOR)),
    (
        "extension_asked",
        O.ASK_EXTENSION,
        (extension_asked(), UNIT),
        (again(extension_asked()), UNIT),
    ),
    (
        "question_open",
        O.ASK_CITIZEN,
        (citizen_asked(), UNIT),
        (again(citizen_asked()), UNIT),
    ),
    (
        "question_open",
        O.ASK_CITIZEN,
        (take(in_action(), O.ASK_CITIZEN, UNIT, ends_at=MEETING), UNIT),
        (in_action(), UNIT),
    ),
    (
        "nothing_asked",
        O.TELL_UNIT,
        (in_action(), CITIZEN),
        (take(in_action(), O.ASK_CITIZEN, UNIT, ends_at=MEETING), CITIZEN),
    ),
    (
        "nothing_asked",
        O.GIVE_NEWS,
        (in_action(), UNIT),
        (take(in_action(), O.ASK_NEWS, CITIZEN), UNIT),
    ),
    (
        "news_asked",
        O.ASK_NEWS,
        (take(in_action(), O.ASK_NEWS, CITIZEN, MEETING + DAY), CITIZEN, MEETING + 7 * DAY),
        (take(in_action(), O.ASK_NEWS, CITIZEN, MEETING + DAY), CITIZEN, MEETING + 8 * DAY),
    ),
    ("overseer_decides", O.RETRY, (contested_twice(), MAYOR), (contested(), MAYOR)),
    ("overseer_decides", O.UPHOLD, (contested_twice(), DEPUTY), (contested_twice(), OVERSEER)),
    ("mayor_decides", O.RETRY, (contested(), OVERSEER), (contested_twice(), OVERSEER)),
    (
        "reopen_late",
        O.REOPEN,
        (done(), CITIZEN, done().history[-1].at + 31 * DAY),
        (done(), CITIZEN, done().history[-1].at + 30 * DAY),
    ),
]
