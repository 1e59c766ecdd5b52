"""What was asked about an order and has no answer yet; the unit's report ends all of it."""

from publicmeeting.domain.records import Case, Event
from publicmeeting.domain.stages import OrderAction


def open_extension(case: Case) -> Event | None:
    """The unit's command for more time that nobody has answered. With its report it is over: the
    date it named was for that work, not for what a contest asks anew."""
    last = case.last(
        OrderAction.ASK_EXTENSION,
        OrderAction.EXTEND,
        OrderAction.REFUSE_EXTENSION,
        OrderAction.REPORT,
    )
    return last if last and last.action is OrderAction.ASK_EXTENSION else None


def question_to_citizen(case: Case) -> Event | None:
    """What the unit has asked her and she has not answered; a report needs no answer any more."""
    last = case.last(OrderAction.ASK_CITIZEN, OrderAction.TELL_UNIT, OrderAction.REPORT)
    return last if last and last.action is OrderAction.ASK_CITIZEN else None
