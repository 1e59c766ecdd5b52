"""Enumerations of the lifecycle: stages, actions, the inputs of an action, and groups of stages."""

from collections.abc import Mapping
from enum import StrEnum


class Stage(StrEnum):
    """Stage of a request."""

    SUBMITTED = "submitted"
    NEEDS_INFO = "needs_info"
    ANSWERED = "answered"
    WAITING = "waiting"
    INVITED = "invited"
    CONFIRMED = "confirmed"
    ARRIVED = "arrived"
    IN_ROOM = "in_room"
    FOLLOW_UP = "follow_up"
    CLOSED = "closed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class OrderStage(StrEnum):
    """Stage of a mayor's order."""

    ISSUED = "issued"
    IN_ACTION = "in_action"
    RETURNED = "returned"
    REPORTED = "reported"
    CONTESTED = "contested"
    DONE = "done"
    VOID = "void"


class Action(StrEnum):
    """What is done to a request; each has one row in the table."""

    SUBMIT = "submit"
    ASK_INFO = "ask_info"
    GIVE_INFO = "give_info"
    LAPSE_INFO = "lapse_info"
    ACCEPT = "accept"
    TAKE_IN = "take_in"
    REDIRECT = "redirect"
    OBJECT_REDIRECT = "object_redirect"
    KEEP_DISTRICT = "keep_district"
    DECLINE = "decline"
    OBJECT = "object"
    ANSWER = "answer"
    INSIST = "insist"
    ACCEPT_ANSWER = "accept_answer"
    SETTLE_ANSWER = "settle_answer"
    OFFER_ANSWER = "offer_answer"
    EXCLUDE = "exclude"
    INCLUDE = "include"
    ASK_LANE = "ask_lane"
    PICK_JUDGES = "pick_judges"
    JUDGE_LANE = "judge_lane"
    DECIDE_LANE = "decide_lane"
    OWE_SEAT = "owe_seat"
    SEAT = "seat"
    OFFER = "offer"
    WANT_FREE = "want_free"
    """She asks for an offer if a seat becomes free; an offer uses this up."""
    TAKE_FREE = "take_free"
    CONFIRM = "confirm"
    GIVE_UP_SEAT = "give_up_seat"
    LAPSE_SEAT = "lapse_seat"
    KEEP_SEAT = "keep_seat"
    """An outage overlapped the end of her time to answer: the seat stays hers."""
    WAIT_LONGER = "wait_longer"
    """An outage overlapped the end of one of her deadlines: she gets the lost time back."""
    MOVE_ONCE = "move_once"
    UNDO_GIVE_UP = "undo_give_up"
    DENY_GIVE_UP = "deny_give_up"
    """Deny giving a seat up that has gone to somebody else.

    What the loss cost her is restored, and it counts as one seat given up.
    """
    CANCEL_MONDAY = "cancel_monday"
    CHANGE_PLACE = "change_place"
    ASK_CALL = "ask_call"
    ASK_VISIT = "ask_visit"
    RING = "ring"
    """Reception telephoned her at her time, and she did not answer."""
    REACH = "reach"
    """Reception telephoned her, and she answered; this counts as arriving."""
    PRESENT = "present"
    STAND_IN = "stand_in"
    ARRIVE = "arrive"
    UNDO_ARRIVAL = "undo_arrival"
    CALL = "call"
    FETCH = "fetch"
    COMING = "coming"
    NO_SHOW = "no_show"
    UNDO_NO_SHOW = "undo_no_show"
    COME_LATE = "come_late"
    UNDO_LATE = "undo_late"
    CHECK_ORIGINAL = "check_original"
    """Whether reception has seen the document that gave her a lane."""
    CONTEST_NO_SHOW = "contest_no_show"
    PICK_CONTEST = "pick_contest"
    JUDGE_NO_SHOW = "judge_no_show"
    DECIDE_NO_SHOW = "decide_no_show"
    CALL_IN = "call_in"
    SEND_BACK = "send_back"
    DAY_OVER = "day_over"
    NOT_CALLED = "not_called"
    NOTE_PAPER = "note_paper"
    """The mayor's statement, after the day's own entries are closed, that she was met on paper."""
    SAY_MET = "say_met"
    """Her own confirmation of it; only this ends her waiting."""
    FINISH = "finish"
    FINISH_REFUSED = "finish_refused"
    OBJECT_REFUSAL = "object_refusal"
    ANSWER_OBJECTION = "answer_objection"
    SAY_HEARD = "say_heard"
    CONCLUDE = "conclude"
    RESUME = "resume"
    WITHDRAW = "withdraw"
    UNDO = "undo"
    DISPLACE = "displace"
    CORRECT_NAME = "correct_name"
    ERASE = "erase"


SLIPS: Mapping[Action, Action] = {
    Action.UNDO_ARRIVAL: Action.ARRIVE,
    Action.UNDO_NO_SHOW: Action.NO_SHOW,
    Action.UNDO_LATE: Action.COME_LATE,
}
"""Steps of reception that can be undone within seconds: undoing step → undone step."""

SEATING = (Action.SEAT, Action.OFFER, Action.TAKE_FREE, Action.STAND_IN)
"""Actions that give or offer her a seat."""
LETS_GO = (Action.GIVE_UP_SEAT, Action.MOVE_ONCE)
"""Actions by which she gives a seat up; she may take it back while nobody has been asked for it."""
TAKES_BACK: Mapping[Action, tuple[Action, ...]] = {
    **{undo: (slip,) for undo, slip in SLIPS.items()},
    Action.UNDO_GIVE_UP: LETS_GO,
    Action.DENY_GIVE_UP: LETS_GO,
}
"""Undoing action → actions of which it cancels the newest earlier one."""


class OrderAction(StrEnum):
    """What is done to an order; each has one row in the table."""

    ISSUE = "issue"
    TAKE_ON = "take_on"
    RETURN = "return"
    REASSIGN = "reassign"
    ASK_EXTENSION = "ask_extension"
    EXTEND = "extend"
    REFUSE_EXTENSION = "refuse_extension"
    ASK_CITIZEN = "ask_citizen"
    TELL_UNIT = "tell_unit"
    ASK_NEWS = "ask_news"
    GIVE_NEWS = "give_news"
    REPORT = "report"
    WITHDRAW_REPORT = "withdraw_report"
    """The unit takes back a report that it made by mistake and that nobody has answered."""
    CONFIRM_DONE = "confirm_done"
    CONTEST = "contest"
    RETRY = "retry"
    UPHOLD = "uphold"
    SETTLE = "settle"
    STAY_OPEN = "stay_open"
    """An outage overlapped the end of her time to answer a report."""
    REOPEN = "reopen"
    COMMENT = "comment"
    SAY_DONE = "say_done"
    SAY_NOT_HERS = "say_not_hers"
    """She states that the order on her page is about somebody else."""
    GIVE_DAYS_BACK = "give_days_back"
    """An outage overlapped the end of a deadline of the unit or the mayor."""
    WARN_UNIT = "warn_unit"
    CLIMB_TO_MAYOR = "climb_to_mayor"
    CLIMB_TO_CITY = "climb_to_city"
    ASK_VOID = "ask_void"
    """The mayor states that the order is on the wrong visitor's sheet."""
    VOID = "void"
    KEEP_ORDER = "keep_order"


class Need(StrEnum):
    """Inputs that an action needs or accepts; forms derive their fields from these."""

    NOTE = "note"
    REASON = "reason"
    DISTRICT = "district"
    UNIT = "unit"
    DUE_ON = "due_on"
    PHOTOS = "photos"
    IDENTITY = "identity"
    MONDAY = "monday"
    LANE = "lane"
    VERDICT = "verdict"
    SKIP = "skip"
    AUDIENCE = "audience"
    ORIGINAL = "original"


LIVE = frozenset(
    {
        Stage.SUBMITTED,
        Stage.NEEDS_INFO,
        Stage.ANSWERED,
        Stage.WAITING,
        Stage.INVITED,
        Stage.CONFIRMED,
        Stage.ARRIVED,
        Stage.IN_ROOM,
    }
)
"""A person has at most one live request in the whole city (`live_person` in the store, unique)."""

OVER = frozenset({Stage.CLOSED, Stage.DECLINED, Stage.WITHDRAWN})
"""Stages in which nobody has anything to do.

For some weeks a step back into the line or to the orders is possible.
"""

SCREENING = frozenset({Stage.SUBMITTED, Stage.NEEDS_INFO, Stage.ANSWERED, Stage.DECLINED})
"""While a request is here, the officers who decide on it see neither name nor phone number."""

INFO_ASKED = frozenset({Stage.NEEDS_INFO})
"""The desk waits for her answer before it decides."""

PART_OF_WAY: Mapping[Stage, int] = {
    Stage.SUBMITTED: 2,
    Stage.NEEDS_INFO: 2,
    Stage.ANSWERED: 2,
    Stage.WAITING: 3,
    Stage.INVITED: 3,
    Stage.CONFIRMED: 4,
    Stage.ARRIVED: 4,
    Stage.IN_ROOM: 4,
    Stage.FOLLOW_UP: 5,
}
"""Stage → which part of the whole way goes on: filing, screening, seat, meeting, work.

Counted from 1. The other stages have left the way.
"""

HER_MOVE: frozenset[Stage | OrderStage] = frozenset(
    {Stage.NEEDS_INFO, Stage.ANSWERED, Stage.INVITED, OrderStage.REPORTED}
)
"""The city waits for the citizen."""

UNDECIDED = frozenset({Stage.SUBMITTED})
"""Filed and not yet decided."""

TURNED_AWAY = frozenset({Stage.ANSWERED, Stage.DECLINED})
"""The desk decided against a meeting; she may still object."""

IN_LINE = frozenset({Stage.SUBMITTED, Stage.WAITING})
"""In the pool of the next draw: the clock takes in what the desk has not decided by the freeze."""

UNSEATED = frozenset({Stage.WAITING})
"""Accepted, and without a seat."""

SEATED = frozenset({Stage.INVITED, Stage.CONFIRMED})
"""She holds a seat and has not come yet."""

EXPECTED = frozenset({Stage.CONFIRMED})
"""She has confirmed her seat and has not come yet."""

UNCONFIRMED = SEATED - EXPECTED
"""She holds a seat and has not confirmed it."""

IN_HALL = frozenset({Stage.ARRIVED})
"""She is in the hall and has not been called in."""

INSIDE = frozenset({Stage.IN_ROOM})
"""She is with the mayor."""

PRESENT = IN_HALL | INSIDE
COMINGS = (Action.ARRIVE, Action.COME_LATE, Action.REACH)
"""Actions that make her present: seen at reception, in time or late, or reached by telephone."""
CALLS = (Action.CALL, Action.FETCH)
"""How she learns that it is her turn: her number is called, or reception fetches her."""
CALLED_BY_NAME = SEATED | IN_HALL
"""Stages in which reception may call her by name: in the hall, or at the door before check-in."""
