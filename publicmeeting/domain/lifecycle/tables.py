"""THE tables: each step of a request or an order, with stages, roles, guards, inputs and deadline.

Buttons, refusals, timeline, notices, audit, lateness and docs/lifecycle.md are derived from these
rows; no other module names a next stage. A `Step` is one action.
"""

from dataclasses import dataclass

from publicmeeting.domain.lifecycle import absence
from publicmeeting.domain.lifecycle import guards as g
from publicmeeting.domain.lifecycle import order_guards as og
from publicmeeting.domain.lifecycle import telephone as t
from publicmeeting.domain.lifecycle.guards import Guard
from publicmeeting.domain.roles import MEETING, Role
from publicmeeting.domain.stages import Action, Need, OrderAction, OrderStage, Stage

AnyStage = Stage | OrderStage
AnyAction = Action | OrderAction


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """Ends at 24:00 Tehran time of the n-th working day after the day it began."""

    n: int


@dataclass(frozen=True, slots=True)
class Days:
    """Ends at 24:00 Tehran time of the n-th calendar day after the day it began."""

    n: int


@dataclass(frozen=True, slots=True)
class Explicit:
    """The use case passes the instant: a seat's Saturday 20:00, an offer's end, a due date."""


@dataclass(frozen=True, slots=True)
class Unchanged:
    """The deadline of the stage stays as it is."""


@dataclass(frozen=True, slots=True)
class SideDeadline:
    """n working days for an actor beside the main course of the case.

    In stage `at` it becomes the deadline of the case; in every other stage the case's own deadline
    stays.
    """

    n: int
    at: AnyStage


@dataclass(frozen=True, slots=True)
class EndSideDeadline:
    """Ends the deadline that `action` started at the side; any other deadline stays."""

    action: Action


Within = WorkingDays | Days | Explicit | Unchanged | SideDeadline | EndSideDeadline | None

CITIZEN, DESK, RECEPTION, UNIT = (Role.CITIZEN,), (Role.DESK,), (Role.RECEPTION,), (Role.UNIT,)
CLOCK, OVERSEER = (Role.CLOCK,), (Role.OVERSEER,)
EVERYONE = (Role.CITIZEN, Role.DESK, Role.RECEPTION, Role.UNIT, *MEETING, Role.OVERSEER)
NOT_JUDGES = tuple(role for role in EVERYONE if role not in (Role.DESK, Role.UNIT))
"""Roles without the two judges of a lane or a no-show.

The judges do not see each other's answer. No officer learns to which request a document or a
contest belongs, because it may contain the citizen's name.
"""
NOT_DONE = (
    OrderStage.ISSUED, OrderStage.IN_ACTION, OrderStage.RETURNED, OrderStage.REPORTED,
    OrderStage.CONTESTED,
)  # fmt: skip
"""Stages in which an order can still be made void."""
AT_THE_DOOR = (Role.CITIZEN, Role.RECEPTION, *MEETING)
"""Only those who receive her read how she is called: it reveals what she cannot hear or see."""
HEARD_BY = (Role.CITIZEN, Role.OVERSEER)
"""Only she and the overseer read whether she felt heard.

At that time her promise is still in the mayor's hands, so neither the mayor nor his offices may
learn who said no. The district's figures count it.
"""
BEFORE_THE_ROOM = (
    Stage.SUBMITTED, Stage.NEEDS_INFO, Stage.ANSWERED, Stage.DECLINED, Stage.WAITING,
    Stage.INVITED, Stage.CONFIRMED, Stage.ARRIVED,
)  # fmt: skip
"""Stages that a request may be in when the overseer answers about its district."""
UNDONE_TO = (Stage.SUBMITTED, Stage.WAITING, Stage.INVITED, Stage.CONFIRMED)
"""Stages to which a request returns if its citizen left by mistake or did not leave herself."""
AFTER_A_NO_SHOW = (
    Stage.WAITING, Stage.INVITED, Stage.CONFIRMED, Stage.ARRIVED, Stage.IN_ROOM, Stage.FOLLOW_UP,
    Stage.CLOSED, Stage.WITHDRAWN,
)  # fmt: skip
"""Stages that a request may be in when its contest is judged: each contest is answered."""


@dataclass(frozen=True, slots=True)
class Step:
    """One row of a table.

    `to` is None if the stage stays. `fires` marks the step that the clock takes when the deadline
    of the stage passes. `main` marks the usual course, which a timeline shows ahead.
    """

    action: AnyAction
    at: tuple[AnyStage, ...]
    to: AnyStage | None
    by: tuple[Role, ...]
    guards: tuple[Guard, ...] = ()
    needs: tuple[Need, ...] = ()
    may: tuple[Need, ...] = ()
    notifies: tuple[Role, ...] = ()
    visible_to: tuple[Role, ...] = EVERYONE
    within: Within = None
    fires: bool = False
    main: bool = False
    back_to: tuple[AnyStage, ...] = ()
    """Other stages that the step may lead to, depending on the history; `to` is the most usual one.

    An undoing step returns to the stage that the undone step found. A confirmed meeting on paper
    closes the case if no order is open.
    """


A, S, O, P, N = Action, Stage, OrderAction, OrderStage, Need  # noqa: E741  (columns of a table)

REQUEST_STEPS: tuple[Step, ...] = (
    Step(A.SUBMIT, (), S.SUBMITTED, (*CITIZEN, Role.DESK, Role.PHONE), notifies=(*CITIZEN, *DESK),
         within=WorkingDays(2), main=True),
    Step(A.ASK_INFO, (S.SUBMITTED,), S.NEEDS_INFO, DESK,
         (g.blind, g.another_officer, g.not_taken_in, g.line_open, g.line_not_closed,
          g.info_once), (N.NOTE,),
         notifies=CITIZEN, within=Days(10)),
    Step(A.GIVE_INFO, (S.NEEDS_INFO,), S.SUBMITTED, CITIZEN, (g.in_time,), (N.NOTE,), (N.PHOTOS,),
         notifies=DESK, within=WorkingDays(2), main=True),
    Step(A.LAPSE_INFO, (S.NEEDS_INFO,), S.WITHDRAWN, CLOCK, notifies=CITIZEN, fires=True),
    Step(A.ACCEPT, (S.SUBMITTED,), S.WAITING, DESK, (g.blind, g.another_officer), may=(N.NOTE,),
         notifies=CITIZEN, main=True),
    Step(A.TAKE_IN, (S.SUBMITTED,), S.WAITING, CLOCK, notifies=CITIZEN),
    Step(A.REDIRECT, (S.SUBMITTED, S.WAITING), S.SUBMITTED, (*DESK, *OVERSEER),
         (g.blind, g.another_officer, g.redirected_once, g.accepted_only_if_objected),
         (N.DISTRICT, N.NOTE), notifies=(*CITIZEN, *DESK), within=WorkingDays(2)),
    Step(A.OBJECT_REDIRECT, (S.SUBMITTED, S.WAITING), None, CITIZEN, (g.redirect_objection_open,),
         (N.NOTE,), notifies=OVERSEER, within=Unchanged()),
    Step(A.KEEP_DISTRICT, BEFORE_THE_ROOM, None, OVERSEER, (g.redirect_objected,),
         (N.NOTE,), notifies=CITIZEN, within=Unchanged()),
    Step(A.DECLINE, (S.SUBMITTED,), S.DECLINED, DESK,
         (g.blind, g.another_officer, g.not_taken_in, g.line_not_closed,
          g.time_to_object),
         (N.REASON, N.NOTE), notifies=CITIZEN),
    Step(A.OBJECT, (S.DECLINED,), S.SUBMITTED, CITIZEN, (g.objection_open,), (N.NOTE,),
         notifies=DESK, within=WorkingDays(2)),
    Step(A.ANSWER, (S.SUBMITTED,), S.ANSWERED, (*DESK, *UNIT),
         (g.blind, g.another_officer, g.not_taken_in, g.line_not_closed,
          g.time_to_insist), (N.NOTE,),
         notifies=CITIZEN, within=Days(10)),
    Step(A.INSIST, (S.ANSWERED,), S.WAITING, CITIZEN, needs=(N.NOTE,), notifies=DESK),
    Step(A.ACCEPT_ANSWER, (S.ANSWERED, S.WAITING, S.INVITED, S.CONFIRMED), S.CLOSED, CITIZEN,
         (g.answer_is_open,), notifies=(*CITIZEN, *DESK)),
    Step(A.SETTLE_ANSWER, (S.ANSWERED,), S.CLOSED, CLOCK, notifies=CITIZEN, fires=True, main=True),
    Step(A.OFFER_ANSWER, (S.WAITING, S.INVITED, S.CONFIRMED), None, (*UNIT, *DESK),
         (g.offered_seldom,), (N.NOTE,), notifies=CITIZEN, within=Unchanged()),
    Step(A.EXCLUDE, (S.WAITING,), None, CITIZEN, needs=(N.MONDAY,), notifies=CITIZEN,
         within=Unchanged()),
    Step(A.INCLUDE, (S.WAITING,), None, CITIZEN, needs=(N.MONDAY,), within=Unchanged()),
    Step(A.ASK_LANE, (S.SUBMITTED, S.WAITING), None, CITIZEN, (g.no_lane_yet,),
         (N.LANE, N.PHOTOS), within=Unchanged(), visible_to=NOT_JUDGES),
    Step(A.PICK_JUDGES, (S.SUBMITTED, S.WAITING), None, CLOCK, (g.lane_asked,), within=Unchanged(),
         visible_to=()),
    Step(A.JUDGE_LANE, (S.SUBMITTED, S.WAITING), None, (Role.JUDGE,),
         (g.blind, g.lane_asked, g.judged_not_yet), (N.VERDICT, N.REASON), within=Unchanged(),
         visible_to=NOT_JUDGES),
    Step(A.DECIDE_LANE, (S.SUBMITTED, S.WAITING), None, CLOCK, (g.lane_asked,),
         (N.LANE, N.VERDICT), notifies=CITIZEN, within=Unchanged(), visible_to=NOT_JUDGES),
    Step(A.OWE_SEAT, (S.SUBMITTED, S.WAITING), None, CLOCK, needs=(N.MONDAY,), notifies=CITIZEN,
         within=Unchanged()),
    Step(A.SEAT, (S.WAITING,), S.INVITED, CLOCK, notifies=CITIZEN, within=Explicit(), main=True),
    Step(A.OFFER, (S.WAITING,), S.INVITED, CLOCK, notifies=CITIZEN, within=Explicit()),
    Step(A.WANT_FREE, (S.WAITING,), None, CITIZEN, within=Unchanged()),
    Step(A.TAKE_FREE, (S.WAITING,), S.CONFIRMED, CITIZEN, notifies=CITIZEN),
    Step(A.CONFIRM, (S.INVITED,), S.CONFIRMED, CITIZEN, (g.in_time,), notifies=CITIZEN, main=True),
    Step(A.GIVE_UP_SEAT, (S.INVITED, S.CONFIRMED), S.WAITING, CITIZEN, may=(N.NOTE,),
         notifies=CITIZEN),
    Step(A.LAPSE_SEAT, (S.INVITED,), S.WAITING, CLOCK, notifies=CITIZEN, fires=True),
    Step(A.KEEP_SEAT, (S.INVITED,), None, CLOCK, notifies=CITIZEN, within=Explicit()),
    Step(A.WAIT_LONGER, (S.NEEDS_INFO, S.ANSWERED), None, CLOCK, notifies=CITIZEN,
         within=Explicit()),
    Step(A.MOVE_ONCE, (S.INVITED, S.CONFIRMED), S.WAITING, CITIZEN,
         (g.seat_accepted, g.moved_not_yet, g.before_answer_by), (N.MONDAY,), notifies=CITIZEN),
    Step(A.UNDO_GIVE_UP, (S.WAITING,), S.CONFIRMED, CITIZEN, (g.seat_comes_back,),
         notifies=CITIZEN, back_to=(S.INVITED, S.CONFIRMED)),
    Step(A.DENY_GIVE_UP, (S.SUBMITTED, S.WAITING), None, CITIZEN, (g.seat_went_on,),
         notifies=CITIZEN, within=Unchanged()),
    Step(A.CANCEL_MONDAY, (S.INVITED, S.CONFIRMED, S.ARRIVED, S.IN_ROOM), S.WAITING, CLOCK,
         (g.out_of_the_room,), notifies=CITIZEN),
    Step(A.CHANGE_PLACE, (S.WAITING, S.INVITED, S.CONFIRMED, S.ARRIVED), None, (*MEETING, *CLOCK),
         notifies=CITIZEN, within=Unchanged()),
    Step(A.ASK_CALL, (S.WAITING, S.INVITED, S.CONFIRMED), None, CITIZEN,
         (t.comes_in_person, t.hears_a_ring, t.before_her_day), within=Unchanged()),
    Step(A.ASK_VISIT, (S.WAITING, S.INVITED, S.CONFIRMED), None, (*CITIZEN, *CLOCK),
         (t.asked_for_telephone, t.before_her_day), within=Unchanged()),
    Step(A.RING, (S.INVITED, S.CONFIRMED, S.ARRIVED), None, (*RECEPTION, *MEETING),
         (g.on_the_day, t.sits_at_home, t.is_not_rung_in_vain, t.her_time_has_come),
         notifies=CITIZEN, within=Unchanged()),
    Step(A.REACH, (S.INVITED, S.CONFIRMED), S.ARRIVED, (*RECEPTION, *MEETING),
         (g.on_the_day, g.time_remains, t.asked_for_telephone, t.her_time_has_come)),
    Step(A.PRESENT, (S.WAITING, S.INVITED, S.CONFIRMED), None, (*CITIZEN, *RECEPTION),
         (g.on_the_day,), within=Unchanged()),
    Step(A.STAND_IN, (S.WAITING,), S.CONFIRMED, CLOCK, notifies=CITIZEN),
    Step(A.ARRIVE, (S.INVITED, S.CONFIRMED), S.ARRIVED, RECEPTION, (g.on_the_day, g.time_remains),
         (N.IDENTITY,), notifies=MEETING, main=True),
    Step(A.UNDO_ARRIVAL, (S.ARRIVED,), S.CONFIRMED, RECEPTION, (g.on_the_day, g.just_arrived),
         notifies=MEETING, back_to=(S.INVITED, S.CONFIRMED)),
    Step(A.CALL, (S.INVITED, S.CONFIRMED, S.ARRIVED), None, (*RECEPTION, *MEETING),
         (g.on_the_day, t.is_not_rung, g.hears_the_call), notifies=CITIZEN, within=Unchanged()),
    Step(A.FETCH, (S.INVITED, S.CONFIRMED, S.ARRIVED), None, RECEPTION,
         (g.on_the_day, t.is_not_rung, g.is_to_be_fetched),
         notifies=CITIZEN, visible_to=AT_THE_DOOR, within=Unchanged()),
    Step(A.COMING, (S.INVITED, S.CONFIRMED, S.ARRIVED), None, CITIZEN,
         (g.on_the_day, g.called_today, g.coming_unanswered), within=Unchanged()),
    Step(A.NO_SHOW, (S.CONFIRMED, S.ARRIVED), S.WAITING, RECEPTION,
         (g.on_the_day, absence.present_not_noted, absence.called_twice), notifies=CITIZEN),
    Step(A.UNDO_NO_SHOW, (S.WAITING,), S.CONFIRMED, RECEPTION, (g.just_missed,),
         notifies=CITIZEN, back_to=(S.CONFIRMED, S.ARRIVED)),
    Step(A.COME_LATE, (S.WAITING,), S.ARRIVED, RECEPTION,
         (g.no_show_today, g.time_remains), (N.IDENTITY,), notifies=MEETING),
    Step(A.UNDO_LATE, (S.ARRIVED,), S.WAITING, RECEPTION, (g.on_the_day, g.just_came_late),
         notifies=MEETING, back_to=(S.WAITING,)),
    Step(A.CHECK_ORIGINAL, (S.ARRIVED, S.IN_ROOM), None, RECEPTION,
         (g.on_the_day, g.came_by_a_lane), (N.ORIGINAL,), notifies=CITIZEN,
         within=Unchanged(), visible_to=NOT_JUDGES),
    Step(A.CONTEST_NO_SHOW, (S.WAITING, S.INVITED, S.CONFIRMED), None, CITIZEN,
         (g.no_show_contestable,), (N.NOTE,), (N.PHOTOS,), within=SideDeadline(5, S.WAITING),
         visible_to=NOT_JUDGES),
    Step(A.PICK_CONTEST, AFTER_A_NO_SHOW, None, CLOCK, (g.no_show_contested,), within=Unchanged(),
         visible_to=()),
    Step(A.JUDGE_NO_SHOW, AFTER_A_NO_SHOW, None, (Role.JUDGE,),
         (g.blind, g.no_show_contested, g.contest_judged_not_yet), (N.VERDICT, N.REASON),
         within=Unchanged(), visible_to=NOT_JUDGES),
    Step(A.DECIDE_NO_SHOW, AFTER_A_NO_SHOW, None, CLOCK, (g.no_show_contested,), (N.VERDICT,),
         notifies=CITIZEN, within=EndSideDeadline(A.CONTEST_NO_SHOW), visible_to=NOT_JUDGES),
    Step(A.CALL_IN, (S.ARRIVED,), S.IN_ROOM, (*RECEPTION, *MEETING), (g.on_the_day, g.room_free),
         may=(N.SKIP,), main=True),
    Step(A.SEND_BACK, (S.IN_ROOM,), S.ARRIVED, (*RECEPTION, *MEETING), (g.nothing_ordered,),
         (N.NOTE,)),
    Step(A.DAY_OVER, (S.ARRIVED, S.IN_ROOM), S.WAITING, CLOCK, (g.out_of_the_room,),
         notifies=CITIZEN),
    Step(A.NOT_CALLED, (S.INVITED, S.CONFIRMED), S.WAITING, CLOCK, notifies=CITIZEN),
    Step(A.NOTE_PAPER, (S.WAITING, S.INVITED, S.CONFIRMED), None, MEETING,
         (g.paper_not_noted,), (N.NOTE,), notifies=CITIZEN, within=Unchanged()),
    Step(A.SAY_MET, (S.WAITING, S.INVITED, S.CONFIRMED), S.FOLLOW_UP, CITIZEN, (g.paper_noted,),
         notifies=(*CITIZEN, Role.MAYOR), back_to=(S.CLOSED,)),
    Step(A.FINISH, (S.IN_ROOM,), S.FOLLOW_UP, (*MEETING, *CLOCK), (g.outcome, g.out_of_the_room),
         notifies=CITIZEN, main=True),
    Step(A.FINISH_REFUSED, (S.IN_ROOM,), S.CLOSED, MEETING, needs=(N.NOTE,), notifies=CITIZEN),
    Step(A.OBJECT_REFUSAL, (S.CLOSED,), None, CITIZEN, (g.refusal_objection_open,), (N.NOTE,),
         notifies=OVERSEER, within=WorkingDays(10)),
    Step(A.ANSWER_OBJECTION, (S.CLOSED,), None, OVERSEER, (g.objection_waits,), (N.NOTE,),
         notifies=CITIZEN),
    Step(A.SAY_HEARD, (S.FOLLOW_UP, S.CLOSED), None, CITIZEN, (g.met, g.heard_unanswered),
         (N.VERDICT,), (N.NOTE,), within=Unchanged(), visible_to=HEARD_BY),
    Step(A.CONCLUDE, (S.FOLLOW_UP,), S.CLOSED, CLOCK, notifies=CITIZEN, main=True),
    Step(A.RESUME, (S.CLOSED,), S.FOLLOW_UP, CLOCK),
    Step(A.WITHDRAW,
         (S.SUBMITTED, S.NEEDS_INFO, S.ANSWERED, S.WAITING, S.INVITED, S.CONFIRMED),
         S.WITHDRAWN, CITIZEN, may=(N.NOTE,), notifies=CITIZEN),
    Step(A.UNDO, (S.WITHDRAWN, S.CLOSED, S.FOLLOW_UP), S.WAITING, CITIZEN, (g.undoable,),
         notifies=CITIZEN, back_to=UNDONE_TO),
    Step(A.DISPLACE,
         (S.SUBMITTED, S.WAITING, S.INVITED, S.CONFIRMED),
         S.WITHDRAWN, CLOCK, notifies=CITIZEN),
    Step(A.CORRECT_NAME, (S.SUBMITTED, S.NEEDS_INFO, S.ANSWERED, S.WAITING, S.FOLLOW_UP), None,
         CITIZEN, within=Unchanged()),
    Step(A.ERASE, (S.CLOSED, S.DECLINED, S.WITHDRAWN), None, CITIZEN, (g.erasable,),
         within=Unchanged()),
)  # fmt: skip

ORDER_STEPS: tuple[Step, ...] = (
    Step(O.ISSUE, (), P.ISSUED, MEETING, needs=(N.UNIT, N.DUE_ON), may=(N.NOTE, N.PHOTOS),
         notifies=(*CITIZEN, *UNIT), within=WorkingDays(2), main=True),
    Step(O.TAKE_ON, (P.ISSUED,), P.IN_ACTION, UNIT, notifies=CITIZEN, within=Explicit(), main=True),
    Step(O.RETURN, (P.ISSUED,), P.RETURNED, UNIT, needs=(N.NOTE,), notifies=MEETING,
         within=WorkingDays(2)),
    Step(O.REASSIGN, (P.ISSUED, P.RETURNED), P.ISSUED, MEETING, (og.unit_had_its_time,),
         (N.UNIT,), (N.NOTE,), notifies=(*CITIZEN, *UNIT), within=WorkingDays(2), main=True),
    Step(O.ASK_EXTENSION, (P.IN_ACTION,), None, UNIT, (og.extension_free,), (N.NOTE, N.DUE_ON),
         notifies=MEETING, within=Unchanged()),
    Step(O.EXTEND, (P.IN_ACTION,), None, MEETING, (og.extension_asked,), may=(N.NOTE,),
         notifies=(*CITIZEN, *UNIT), within=Explicit()),
    Step(O.REFUSE_EXTENSION, (P.IN_ACTION,), None, MEETING, (og.extension_asked,), (N.NOTE,),
         notifies=UNIT, within=Unchanged()),
    Step(O.ASK_CITIZEN, (P.IN_ACTION,), None, UNIT, (og.no_question_open,), (N.NOTE,),
         notifies=CITIZEN, within=Explicit()),
    Step(O.TELL_UNIT, (P.IN_ACTION,), None, CITIZEN, (og.citizen_asked, og.not_hidden),
         (N.NOTE,), (N.PHOTOS,), notifies=UNIT, within=Explicit()),
    Step(O.ASK_NEWS, (P.IN_ACTION,), None, CITIZEN, (og.news_due,), (N.NOTE,), notifies=UNIT,
         within=Unchanged()),
    Step(O.GIVE_NEWS, (P.IN_ACTION,), None, UNIT, (og.news_asked,), (N.NOTE,), notifies=CITIZEN,
         within=Unchanged()),
    Step(O.REPORT, (P.IN_ACTION,), P.REPORTED, UNIT, needs=(N.NOTE,), may=(N.PHOTOS,),
         notifies=CITIZEN, within=Days(10), main=True),
    Step(O.WITHDRAW_REPORT, (P.REPORTED,), P.IN_ACTION, UNIT, (og.report_stood_till_now,),
         (N.NOTE,), notifies=CITIZEN, within=Explicit()),
    Step(O.CONFIRM_DONE, (P.REPORTED,), P.DONE, CITIZEN, (og.not_hidden,), may=(N.NOTE,),
         notifies=(*UNIT, *MEETING), main=True),
    Step(O.CONTEST, (P.REPORTED,), P.CONTESTED, CITIZEN, needs=(N.NOTE,), may=(N.PHOTOS,),
         notifies=(*UNIT, *MEETING), within=WorkingDays(5)),
    Step(O.RETRY, (P.CONTESTED,), P.IN_ACTION, (*MEETING, *OVERSEER),
         (og.second_contest_by_overseer,), (N.DUE_ON,), (N.NOTE,), notifies=(*CITIZEN, *UNIT),
         within=Explicit(), main=True),
    Step(O.UPHOLD, (P.CONTESTED,), P.DONE, (*MEETING, *OVERSEER),
         (og.second_contest_by_overseer,), (N.NOTE,), notifies=CITIZEN),
    Step(O.SETTLE, (P.REPORTED,), P.DONE, CLOCK, notifies=CITIZEN, fires=True),
    Step(O.STAY_OPEN, (P.REPORTED,), None, CLOCK, notifies=CITIZEN, within=Explicit()),
    Step(O.REOPEN, (P.DONE,), P.CONTESTED, CITIZEN, (og.reopenable,), (N.NOTE,), (N.PHOTOS,),
         notifies=(*UNIT, *MEETING), within=WorkingDays(5)),
    Step(O.COMMENT, (*NOT_DONE, P.DONE), None, (*MEETING, *UNIT, *CITIZEN), needs=(N.NOTE,),
         may=(N.AUDIENCE,), notifies=(*CITIZEN, *UNIT), within=Unchanged()),
    Step(O.SAY_DONE, (P.ISSUED, P.IN_ACTION, P.RETURNED), None, CITIZEN,
         (og.due_date_passed, og.done_unanswered), (N.VERDICT,), (N.NOTE,),
         notifies=(*UNIT, *MEETING), within=Unchanged()),
    Step(O.SAY_NOT_HERS, NOT_DONE, None, CITIZEN, (og.not_said_not_hers,), may=(N.NOTE,),
         notifies=(Role.MAYOR,), within=Unchanged()),
    Step(O.GIVE_DAYS_BACK, (P.ISSUED, P.IN_ACTION, P.RETURNED, P.CONTESTED), None, CLOCK,
         notifies=(*CITIZEN, *UNIT), within=Explicit()),
    Step(O.WARN_UNIT, (P.ISSUED, P.IN_ACTION), None, CLOCK, notifies=(*CITIZEN, *UNIT),
         within=Unchanged()),
    Step(O.CLIMB_TO_MAYOR, (P.ISSUED, P.IN_ACTION, P.RETURNED, P.CONTESTED), None, CLOCK,
         notifies=(*CITIZEN, *UNIT, *MEETING), within=Unchanged()),
    Step(O.CLIMB_TO_CITY, (P.ISSUED, P.IN_ACTION, P.RETURNED, P.CONTESTED), None, CLOCK,
         notifies=(*CITIZEN, *MEETING, *OVERSEER), within=Unchanged()),
    Step(O.ASK_VOID, NOT_DONE, None, (Role.MAYOR,), (og.void_not_asked,), (N.NOTE,),
         notifies=(*CITIZEN, *OVERSEER), within=Unchanged()),
    Step(O.VOID, NOT_DONE, P.VOID, OVERSEER, (og.void_asked,), may=(N.NOTE,),
         notifies=(*CITIZEN, *UNIT, Role.MAYOR), within=WorkingDays(2)),
    Step(O.KEEP_ORDER, NOT_DONE, None, OVERSEER, (og.void_asked,), (N.NOTE,),
         notifies=(*CITIZEN, Role.MAYOR), within=Unchanged()),
)  # fmt: skip

STEP_FOR: dict[AnyAction, Step] = {s.action: s for s in (*REQUEST_STEPS, *ORDER_STEPS)}
