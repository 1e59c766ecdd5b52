"""Delivery states of a notice, and until when its text is true; it is not sent after that.

A gateway may be unavailable for a night and a server for days. A late notice must be true when the
citizen reads it: «come now», read an hour later, sends her to an empty room. Only notices that ask
for something or send her somewhere expire. A notice of what has happened stays true and names its
day.
"""

from collections.abc import Mapping
from datetime import timedelta
from enum import Enum, StrEnum

from publicmeeting.domain.stages import Action as A  # noqa: N817  (the letter of the table)
from publicmeeting.domain.stages import OrderAction as O


class Timely(StrEnum):
    """Notices that no event causes."""

    REMINDER = "reminder"
    """Sent on the evening before a confirmed seat, or on its morning."""
    LATENESS = "lateness"
    """How late a Monday runs."""


class TrueUntil(Enum):
    """Until when the text of a notice is true."""

    MINUTE = "a quarter of an hour after it happened"
    SEAT = "the time of the seat it names"
    AT_THE_DOOR = "the seat's time or the end of a standby's day, at least a quarter of an hour"
    ANSWER = "the deadline for her answer, after which another notice says what became of it"
    ALWAYS = "never: it says what has happened, with its days"


_U = TrueUntil

TRUE_UNTIL: Mapping[A | O | Timely, TrueUntil] = {
    Timely.REMINDER: _U.SEAT,
    Timely.LATENESS: _U.MINUTE,
    A.SUBMIT: _U.ALWAYS,
    A.ASK_INFO: _U.ANSWER,
    A.LAPSE_INFO: _U.ALWAYS,
    A.ACCEPT: _U.ALWAYS,
    A.TAKE_IN: _U.ALWAYS,
    A.REDIRECT: _U.ALWAYS,
    A.KEEP_DISTRICT: _U.ALWAYS,
    A.DECLINE: _U.ALWAYS,
    A.ANSWER: _U.ANSWER,
    A.SETTLE_ANSWER: _U.ALWAYS,
    A.OFFER_ANSWER: _U.ALWAYS,
    A.DECIDE_LANE: _U.ALWAYS,
    A.OWE_SEAT: _U.ALWAYS,
    A.SEAT: _U.ANSWER,
    A.OFFER: _U.ANSWER,
    A.TAKE_FREE: _U.SEAT,
    A.CONFIRM: _U.SEAT,
    A.GIVE_UP_SEAT: _U.ALWAYS,
    A.UNDO_GIVE_UP: _U.SEAT,
    A.DENY_GIVE_UP: _U.ALWAYS,
    A.LAPSE_SEAT: _U.ALWAYS,
    A.KEEP_SEAT: _U.SEAT,
    A.WAIT_LONGER: _U.ANSWER,
    A.MOVE_ONCE: _U.ALWAYS,
    A.CANCEL_MONDAY: _U.ALWAYS,
    A.CHANGE_PLACE: _U.AT_THE_DOOR,
    A.CHECK_ORIGINAL: _U.ALWAYS,
    A.RING: _U.MINUTE,
    A.STAND_IN: _U.AT_THE_DOOR,
    A.CALL: _U.MINUTE,
    A.FETCH: _U.MINUTE,
    A.NO_SHOW: _U.ALWAYS,
    A.UNDO_NO_SHOW: _U.ALWAYS,
    A.DECIDE_NO_SHOW: _U.ALWAYS,
    A.DAY_OVER: _U.ALWAYS,
    A.NOT_CALLED: _U.ALWAYS,
    A.FINISH: _U.ALWAYS,
    A.FINISH_REFUSED: _U.ALWAYS,
    A.ANSWER_OBJECTION: _U.ALWAYS,
    A.CONCLUDE: _U.ALWAYS,
    A.WITHDRAW: _U.ALWAYS,
    A.ACCEPT_ANSWER: _U.ALWAYS,
    A.NOTE_PAPER: _U.ALWAYS,
    A.SAY_MET: _U.ALWAYS,
    A.EXCLUDE: _U.ALWAYS,
    A.UNDO: _U.ALWAYS,
    A.DISPLACE: _U.ALWAYS,
    O.ISSUE: _U.ALWAYS,
    O.TAKE_ON: _U.ALWAYS,
    O.REASSIGN: _U.ALWAYS,
    O.EXTEND: _U.ALWAYS,
    O.GIVE_DAYS_BACK: _U.ALWAYS,
    O.ASK_CITIZEN: _U.ALWAYS,
    O.GIVE_NEWS: _U.ALWAYS,
    O.REPORT: _U.ANSWER,
    O.WITHDRAW_REPORT: _U.ALWAYS,
    O.STAY_OPEN: _U.ANSWER,
    O.RETRY: _U.ALWAYS,
    O.UPHOLD: _U.ALWAYS,
    O.SETTLE: _U.ALWAYS,
    O.COMMENT: _U.ALWAYS,
    O.WARN_UNIT: _U.ALWAYS,
    O.CLIMB_TO_MAYOR: _U.ALWAYS,
    O.CLIMB_TO_CITY: _U.ALWAYS,
    O.ASK_VOID: _U.ALWAYS,
    O.VOID: _U.ALWAYS,
    O.KEEP_ORDER: _U.ALWAYS,
}
"""One row for each notice to a citizen; a test reads each of them late."""

OF_THE_MINUTE = frozenset(kind.value for kind, until in TRUE_UNTIL.items() if until is _U.MINUTE)
"""Kinds, as the outbox names them, that overtake all others, because they expire in minutes."""

EVEN_AT_NIGHT = frozenset({A.CANCEL_MONDAY.value, A.CHANGE_PLACE.value})
"""Kinds that are sent even at night: they cancel a seat of the next morning or change its place.

A citizen with an hour's way and a seat at nine leaves home before daytime sending begins.
"""

MAY_BE_OBJECTED = (A.DECLINE, A.REDIRECT, A.FINISH_REFUSED)
"""Decisions against her that become final when the days for an objection are over."""

ASKS_FOR_AN_ANSWER = frozenset(
    kind.value
    for kind, until in TRUE_UNTIL.items()
    if until is _U.ANSWER or kind in MAY_BE_OBJECTED
)
"""Kinds that ask for an answer by a deadline, or that she may object to until some day."""

ENDS_UNTOLD = frozenset({A.SEAT.value, A.OFFER.value, A.NO_SHOW.value})
"""Kinds whose deadline ends even if the notice has not reached her.

A seat goes to the next citizen, and a no-show can be contested for three days only, which the log
counts. All other deadlines wait for her.
"""

_OF_A_SEAT = frozenset({A.SEAT.value, A.OFFER.value})
_OF_THE_LINE = frozenset({A.ACCEPT.value, A.TAKE_IN.value})
_OF_AN_ANSWER = frozenset({A.ANSWER.value, A.WAIT_LONGER.value})
_OF_A_REPORT = frozenset({O.REPORT.value, O.STAY_OPEN.value})
ANSWERED_BY: Mapping[A | O, frozenset[str]] = {
    A.GIVE_INFO: frozenset({A.ASK_INFO.value, A.WAIT_LONGER.value}),
    A.INSIST: _OF_AN_ANSWER,
    A.ACCEPT_ANSWER: _OF_AN_ANSWER | _OF_THE_LINE,
    A.WITHDRAW: frozenset({A.ASK_INFO.value}) | _OF_AN_ANSWER | _OF_THE_LINE,
    A.OBJECT: frozenset({A.DECLINE.value}),
    A.OBJECT_REDIRECT: frozenset({A.REDIRECT.value}),
    A.OBJECT_REFUSAL: frozenset({A.FINISH_REFUSED.value}),
    A.CONFIRM: _OF_A_SEAT,
    A.GIVE_UP_SEAT: _OF_A_SEAT,
    A.CONTEST_NO_SHOW: frozenset({A.NO_SHOW.value}),
    A.SAY_MET: frozenset({A.NOTE_PAPER.value}) | _OF_THE_LINE,
    O.TELL_UNIT: frozenset({O.ASK_CITIZEN.value}),
    O.WITHDRAW_REPORT: _OF_A_REPORT,
    O.CONFIRM_DONE: _OF_A_REPORT,
    O.CONTEST: _OF_A_REPORT,
    O.REOPEN: frozenset({O.UPHOLD.value, O.SETTLE.value}),
}
"""Action → kinds of notices to the citizen that it makes obsolete.

After she has answered, or the unit has withdrawn what it asked, a notice with the question would
only confuse: an officer who read it to her would ask again. Acts in her name are not in this table,
even if they were undone: she must learn of them. An action that ends the request does not drop a
seat's question either: somebody else may have taken it in her name, and her undo brings request and
question back.
"""

INFORMED_IN_TIME = timedelta(days=1)
"""If she is notified before the end of the day after the notice, its named deadline holds.

A night may delay a message until the morning of that day.
"""

UNREACHED = "untold"
"""Why a deadline was extended (`why` of its event): the question had not reached her."""
DISPLACED = "displaced"
"""The same: her identity was in another person's row, so that she could not answer."""
HIDDEN = "hidden"
"""The same: the sheet of the order was hidden from her."""


# Delivery of a notice to its recipient.


class Delivery(StrEnum):
    """Delivery state; `SENT`, `SHOWN` and `CALLED` are final."""

    WAITING = "waiting"
    """To be sent to a citizen's mobile; earlier attempts may have failed."""
    SENT = "sent"
    SHOWN = "shown"
    """Never sent: officials read it on their pages, or the citizen has just seen it herself."""
    TO_CALL = "to_call"
    """She has no mobile: the desk calls her."""
    FAILED = "failed"
    """No attempt reached her mobile: the desk calls her."""
    CALLED = "called"
    """The desk has informed her."""


BY_TELEPHONE = (Delivery.TO_CALL, Delivery.FAILED)
"""States that wait for a call by the desk."""
