"""Guards of the rows of orders; `guards` has those of requests."""

from datetime import datetime, timedelta

from publicmeeting.domain.calendar import is_late
from publicmeeting.domain.lifecycle.climbing import MAYORS_CONTESTS
from publicmeeting.domain.lifecycle.guards import objection_ends_at
from publicmeeting.domain.lifecycle.voiding import is_hidden, void_ask
from publicmeeting.domain.records import Case, Event, Order
from publicmeeting.domain.roles import Actor, Role
from publicmeeting.domain.stages import OrderAction, OrderStage
from publicmeeting.kit.clock import end_of_day

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


def void_not_asked(case: Case, _actor: Actor, _now: datetime) -> str | None:
    """The mayor may ask once; an order that the overseer let stand is not hidden again."""
    return "void_asked_before" if case.count(OrderAction.ASK_VOID) else None


def void_asked(case: Case, actor: Actor, _now: datetime) -> str | None:
    """The mayor asked to void the order, and somebody else decides."""
    ask = void_ask(case)
    if ask is None:
        return "nothing_asked"
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
