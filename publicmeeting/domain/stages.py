"""The words of the lifecycle: stages, actions, and what an action needs."""

from collections.abc import Mapping
from enum import StrEnum


class Stage(StrEnum):
    """The stage of a request."""

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
    """The stage of a mayor's order."""

    ISSUED = "issued"
    IN_ACTION = "in_action"
    RETURNED = "returned"
    REPORTED = "reported"
    CONTESTED = "contested"
    DONE = "done"
    VOID = "void"


class Action(StrEnum):
    """What is done to a request; one row of the table each."""

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
    TAKE_FREE = "take_free"
    CONFIRM = "confirm"
    GIVE_UP_SEAT = "give_up_seat"
    LAPSE_SEAT = "lapse_seat"
    KEEP_SEAT = "keep_seat"
    """The city was away when she had to answer for it: it stays hers."""
    WAIT_LONGER = "wait_longer"
    """The city was away at the end of a deadline of hers: she has as long again as it took."""
    MOVE_ONCE = "move_once"
    UNDO_GIVE_UP = "undo_give_up"
    DENY_GIVE_UP = "deny_give_up"
    """Once the seat has gone on: what giving it up took comes back, and it counts as one."""
    CANCEL_MONDAY = "cancel_monday"
    CHANGE_PLACE = "change_place"
    ASK_CALL = "ask_call"
    ASK_VISIT = "ask_visit"
    RING = "ring"
    """She was telephoned at her time and did not answer."""
    REACH = "reach"
    """She was telephoned and has answered: as good as having come."""
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
    """Whether reception has seen the paper that gave her a lane."""
    CONTEST_NO_SHOW = "contest_no_show"
    PICK_CONTEST = "pick_contest"
    JUDGE_NO_SHOW = "judge_no_show"
    DECIDE_NO_SHOW = "decide_no_show"
    CALL_IN = "call_in"
    SEND_BACK = "send_back"
    DAY_OVER = "day_over"
    NOT_CALLED = "not_called"
    NOTE_PAPER = "note_paper"
    """The mayor's word, too late for the day's own entries, that she was met on paper."""
    SAY_MET = "say_met"
    """Her own word that it is so; only this ends her waiting."""
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
"""What reception takes back within seconds, each by the step that does so."""

SEATING = (Action.SEAT, Action.OFFER, Action.TAKE_FREE, Action.STAND_IN)
"""By each of these she has a seat, or is offered one."""
LETS_GO = (Action.GIVE_UP_SEAT, Action.MOVE_ONCE)
"""She gives a seat up, and takes it back while nobody has been asked for it."""
TAKES_BACK: Mapping[Action, tuple[Action, ...]] = {
    **{undo: (slip,) for undo, slip in SLIPS.items()},
    Action.UNDO_GIVE_UP: LETS_GO,
    Action.DENY_GIVE_UP: LETS_GO,
}
"""What each of these makes as if it had not been: the newest of them before it."""


class OrderAction(StrEnum):
    """What is done to an order; one row of the table each."""

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
    CONFIRM_DONE = "confirm_done"
    CONTEST = "contest"
    RETRY = "retry"
    UPHOLD = "uphold"
    SETTLE = "settle"
    STAY_OPEN = "stay_open"
    """The city was away at the end of her time to answer a report."""
    REOPEN = "reopen"
    COMMENT = "comment"
    SAY_DONE = "say_done"
    GIVE_DAYS_BACK = "give_days_back"
    """The city was away at the end of a deadline of the unit's, or the mayor's."""
    WARN_UNIT = "warn_unit"
    CLIMB_TO_MAYOR = "climb_to_mayor"
    CLIMB_TO_CITY = "climb_to_city"
    ASK_VOID = "ask_void"
    """It stands on the wrong visitor's sheet, the mayor says."""
    VOID = "void"
    KEEP_ORDER = "keep_order"


class Need(StrEnum):
    """What an action needs or accepts; the form's fields are read from these."""

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
"""One live request per person in the whole city (`live_person` in the store, unique)."""

OVER = frozenset({Stage.CLOSED, Stage.DECLINED, Stage.WITHDRAWN})
"""Where nobody has anything to do; a step back into the line or to the orders is possible for some
weeks."""

SCREENING = frozenset({Stage.SUBMITTED, Stage.NEEDS_INFO, Stage.ANSWERED, Stage.DECLINED})
"""While a request is here nobody who decides on it sees a name or a phone."""

INFO_ASKED = frozenset({Stage.NEEDS_INFO})
"""The desk waits for her answer before it decides."""

UNDECIDED = frozenset({Stage.SUBMITTED})
"""Filed, and nobody has decided on it."""

TURNED_AWAY = frozenset({Stage.ANSWERED, Stage.DECLINED})
"""The desk decided against a meeting; she may still contradict it."""

IN_LINE = frozenset({Stage.SUBMITTED, Stage.WAITING})
"""On the list of the next draw: what the desk has not decided by the freeze is taken in."""

UNSEATED = frozenset({Stage.WAITING})
"""Accepted, and without a seat."""

SEATED = frozenset({Stage.INVITED, Stage.CONFIRMED})
"""She holds a seat, and has not come yet."""

EXPECTED = frozenset({Stage.CONFIRMED})
"""She has confirmed that she comes, and has not come yet."""

UNCONFIRMED = SEATED - EXPECTED
"""She holds a seat, and has not answered whether she will come."""

IN_HALL = frozenset({Stage.ARRIVED})
"""She sits in the hall and has not been called in."""

INSIDE = frozenset({Stage.IN_ROOM})
"""She is with the mayor."""

PRESENT = IN_HALL | INSIDE
COMINGS = (Action.ARRIVE, Action.COME_LATE, Action.REACH)
"""What makes her somebody who is there: seen at the counter, in time or late, or on the line."""
CALLS = (Action.CALL, Action.FETCH)
"""How she learns that it is her turn: her number is called, or reception goes to her."""
CALLED_BY_NAME = SEATED | IN_HALL
"""Reception may call her name: in the hall, or at the door before she has been noted."""
