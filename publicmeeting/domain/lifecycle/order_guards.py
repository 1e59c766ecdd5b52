"""Guards of the rows of orders, and the voiding of an order; `guards` has the rows of requests.

An order on the wrong visitor's sheet is voided: the mayor asks, and the overseer decides. Meanwhile
parts of the order are hidden from the citizen, because they are another person's matter.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import takewhile

from publicmeeting.domain.calendar import deadline_working_days, is_late
from publicmeeting.domain.lifecycle.access import is_internal
from publicmeeting.domain.lifecycle.climbing import MAYORS_CONTESTS
from publicmeeting.domain.lifecycle.guards import objection_ends_at
from publicmeeting.domain.records import Case, Event, Order, Request
from publicmeeting.domain.roles import Actor, Role
from publicmeeting.domain.stages import OrderAction, OrderStage, Stage
from publicmeeting.kit.clock import end_of_day

HIDDEN_DAYS = 3
"""Working days that the overseer has to decide.

Then the sheet is shown again, so that one person alone cannot hide a promise.
"""
OF_THE_SHEET = (OrderAction.ASK_VOID, OrderAction.VOID, OrderAction.KEEP_ORDER)
"""Steps that concern a sheet, and therefore every order on it."""
_ANSWERS_HER = (OrderAction.ASK_VOID, OrderAction.COMMENT)
_ISSUED_OR_VOID = (OrderAction.ISSUE, OrderAction.VOID)


def is_void(stage: Stage | OrderStage) -> bool:
    """Whether this stage is the void one."""
    return stage is OrderStage.VOID


def void_ask(case: Case) -> Event | None:
    """Return the mayor's request that the overseer has not answered, or None."""
    last = case.last(*OF_THE_SHEET)
    return last if last and last.action is OrderAction.ASK_VOID else None


def hidden_until(case: Case) -> datetime | None:
    """Return when a sheet that waits for the overseer is shown again; None if none waits."""
    ask = void_ask(case)
    if ask is None or case.stage is OrderStage.DONE:
        return None
    return deadline_working_days(ask.at, HIDDEN_DAYS)


def readable_from(case: Case, now: datetime) -> datetime | None:
    """Return from when her silence counts again after the mayor's request to void the order.

    That is the overseer's decision, or the end of the days for it. While the decision is open it is
    not before `now`. None without such a request.
    """
    asked, last = case.last(OrderAction.ASK_VOID), case.last(*OF_THE_SHEET)
    if asked is None or last is None:
        return None
    until = deadline_working_days(asked.at, HIDDEN_DAYS)
    return max(now, until) if last is asked else min(last.at, until)


def is_hidden(case: Case, now: datetime) -> bool:
    """Whether the sheet is hidden from its citizen: until the overseer decides, and once void."""
    until = hidden_until(case)
    return is_void(case.stage) or (until is not None and now < until)


def is_order_owed(request: Request) -> bool:
    """Whether she was met and every order issued to her has become void."""
    return request.stage is Stage.FOLLOW_UP and not request.outcome_recorded


def right_order_by(order: Order) -> datetime | None:
    """Return by when the mayor owes the right order instead of this one; None if he owes none."""
    return order.due_at if order.is_right_order_owed else None


def is_right_order_open(request: Request, orders: Iterable[Order]) -> bool:
    """Whether the mayor may write her right order in place of another person's.

    Either no issued order stands, or the newest event of issuing and voiding is a void one: then
    one order on another sheet still stands.
    """
    if request.stage is not Stage.FOLLOW_UP or not request.outcome_recorded:
        return is_order_owed(request)
    found = (
        event for order in orders for event in order.history if event.action in _ISSUED_OR_VOID
    )
    newest = max(found, key=lambda event: event.id, default=None)
    return newest is not None and newest.action is OrderAction.VOID


def veiled(order: Order, now: datetime) -> Order:
    """Return the order as its citizen may read it.

    A hidden sheet has no image, no text and no notes by officials.
    """
    if not is_hidden(order, now):
        return order
    shown = (
        event
        if event.role is Role.CITIZEN or event.action in OF_THE_SHEET
        else replace(event, note=None)
        for event in order.history
    )
    return replace(order, text="", promise="", image_id=None, history=tuple(shown))


REOPEN_DAYS = 30
DONE_BY = (OrderAction.CONFIRM_DONE, OrderAction.SETTLE, OrderAction.UPHOLD)
NEWS_EVERY = timedelta(days=7)
EXTENSIONS = 2


def unit_had_its_time(case: Case, _actor: Actor, now: datetime) -> str | None:
    """An order is taken from its unit only when the time to take it on has passed."""
    waits = case.stage is OrderStage.ISSUED and not is_late(case.due_at, now)
    return "unit_has_time" if waits else None


def extension_free(case: Case, _actor: Actor, _now: datetime) -> str | None:
    """At most two extensions, and one open request at a time."""
    if case.count(OrderAction.EXTEND) >= EXTENSIONS:
        return "extended_twice"
    return "extension_asked" if open_extension(case) else None


def extension_asked(case: Case, _actor: Actor, _now: datetime) -> str | None:
    """A request for more time is open."""
    return None if open_extension(case) else "no_extension_asked"


def no_question_open(case: Case, _actor: Actor, _now: datetime) -> str | None:
    """One question to the citizen at a time: each of them stops the unit's deadline."""
    return "question_open" if question_to_citizen(case) else None


def citizen_asked(case: Case, _actor: Actor, _now: datetime) -> str | None:
    """The unit has asked the citizen something that she has not answered."""
    return None if question_to_citizen(case) else "nothing_asked"


def news_due(case: Case, _actor: Actor, now: datetime) -> str | None:
    """A citizen may ask «what is happening?» once in seven days."""
    asked = case.last(OrderAction.ASK_NEWS)
    return "news_asked" if asked and now < asked.at + NEWS_EVERY else None


def news_asked(case: Case, _actor: Actor, _now: datetime) -> str | None:
    """Her question is open; one answer covers several questions, and a report all of them."""
    last = case.last(OrderAction.ASK_NEWS, OrderAction.GIVE_NEWS, OrderAction.REPORT)
    open_ = last is not None and last.action is OrderAction.ASK_NEWS
    return None if open_ else "nothing_asked"


def report_stood_till_now(case: Case, _actor: Actor, _now: datetime) -> str | None:
    """A unit withdraws one report of an order; a second mistake is the citizen's to contest."""
    return "report_withdrawn_before" if case.count(OrderAction.WITHDRAW_REPORT) else None


def second_contest_by_overseer(case: Case, actor: Actor, _now: datetime) -> str | None:
    """The mayor decides the first contest, the overseer the second."""
    if case.count(OrderAction.CONTEST, OrderAction.REOPEN) <= MAYORS_CONTESTS:
        return None if actor.has(Role.MAYOR, Role.DEPUTY) else "mayor_decides"
    if not actor.has(Role.OVERSEER):
        return "overseer_decides"
    decided = case.last(OrderAction.RETRY, OrderAction.UPHOLD)
    by_same = decided is not None and decided.role is not Role.OVERSEER and decided.account_id
    return "another_officer" if by_same and by_same == actor.account_id else None


def reopenable(case: Case, _actor: Actor, now: datetime) -> str | None:
    """Within thirty days after she learned that it is done."""
    done = isinstance(case, Order) and case.last(*DONE_BY)
    return "reopen_late" if done and now >= reopened_until(case, done, now) else None


def reopened_until(case: Case, done: Event, now: datetime) -> datetime:
    """Return until when a finished order may be reopened."""
    return objection_ends_at(case, done, REOPEN_DAYS, now)


def due_date_passed(case: Case, _actor: Actor, now: datetime) -> str | None:
    """Before the due date she cannot state whether the work is done."""
    early = isinstance(case, Order) and now < end_of_day(case.due_on)
    return "not_due_yet" if early else None


def done_unanswered(case: Case, _actor: Actor, _now: datetime) -> str | None:
    """Once for each due date: every date that the city names may be measured by her statement."""
    answer = case.last(OrderAction.SAY_DONE)
    same = isinstance(case, Order) and answer and answer.at >= end_of_day(case.due_on)
    return "done_answered" if same else None


def not_said_not_hers(case: Case, _actor: Actor, _now: datetime) -> str | None:
    """She says it once, and not after the mayor: then the overseer has the question already."""
    is_said = case.count(OrderAction.SAY_NOT_HERS, OrderAction.ASK_VOID)
    return "said_not_hers" if is_said else None


def is_said_not_hers(case: Case) -> bool:
    """Whether she says that the order is about somebody else, and the mayor has not answered.

    He answers by asking that it be void, or by a comment that she reads.
    """
    said = case.last(OrderAction.SAY_NOT_HERS)
    return said is not None and not any(
        event.role is Role.MAYOR and event.action in _ANSWERS_HER and not is_internal(event)
        for event in takewhile(lambda event: event is not said, reversed(case.history))
    )


def void_not_asked(case: Case, _actor: Actor, _now: datetime) -> str | None:
    """The mayor may ask once; an order that the overseer let stand is not hidden again."""
    return "void_asked_before" if case.count(OrderAction.ASK_VOID) else None


def void_asked(case: Case, actor: Actor, _now: datetime) -> str | None:
    """The mayor asked to void the order, and somebody else decides."""
    ask = void_ask(case)
    if ask is None:
        return "no_void_asked"
    return "another_officer" if ask.account_id == actor.account_id else None


def not_hidden(case: Case, _actor: Actor, now: datetime) -> str | None:
    """She can neither confirm nor answer what she cannot read."""
    return "order_hidden" if is_hidden(case, now) else None


def open_extension(case: Case) -> Event | None:
    """Return the unit's unanswered request for more time, or None.

    A report ends it: the requested date was for that work, not for new work after a contest.
    """
    last = case.last(
        OrderAction.ASK_EXTENSION,
        OrderAction.EXTEND,
        OrderAction.REFUSE_EXTENSION,
        OrderAction.REPORT,
    )
    return last if last and last.action is OrderAction.ASK_EXTENSION else None


def question_to_citizen(case: Case) -> Event | None:
    """Return the unit's unanswered question to the citizen, or None; a report makes it obsolete."""
    last = case.last(OrderAction.ASK_CITIZEN, OrderAction.TELL_UNIT, OrderAction.REPORT)
    return last if last and last.action is OrderAction.ASK_CITIZEN else None
