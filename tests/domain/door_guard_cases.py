"""Cases of guards at the door of a Monday: called, absent, received, late (see `guard_cases`)."""

from dataclasses import replace
from datetime import timedelta

from cases import (
    CITIZEN,
    HOURS_END,
    LATER,
    MAYOR,
    MEETING,
    MONDAY,
    RECEPTION,
    arrived,
    at,
    confirmed,
    missed,
    take,
    waiting,
)

from publicmeeting.domain.records import STAND_IN
from publicmeeting.domain.stages import Action as A  # noqa: N817  (the letter of the table)

DAY = timedelta(days=1)
ON_THE_DAY = at(MONDAY, "10:00")


def called(times, first_after=timedelta(minutes=1), of=None):
    case = of or confirmed()
    for n in range(times):
        case = take(case, A.CALL, RECEPTION, MEETING + first_after + n * timedelta(minutes=1))
    return case


def last_of_a_day_of_a_minute():
    return replace(confirmed(), hours_end_at=MEETING + timedelta(minutes=1))


def needing(need, case=None):
    return replace(case or confirmed(), needs=(need,))


def fetched(times, first_after=timedelta(minutes=1), of=None):
    """Return a request of a visitor who cannot hear, looked for in the hall this often."""
    case = of or needing("hard_of_hearing")
    for n in range(times):
        case = take(case, A.FETCH, RECEPTION, MEETING + first_after + n * timedelta(minutes=1))
    return case


def by_telephone(case=None):
    """Return a request whose citizen asked before the day to be telephoned."""
    case = case or confirmed()
    return take(case, A.ASK_CALL, CITIZEN, at(MONDAY, "00:00") - timedelta(hours=6))


def rung(times):
    case = by_telephone()
    for n in range(times):
        case = take(case, A.RING, RECEPTION, MEETING + (n + 1) * timedelta(minutes=1))
    return case


def came_all_the_same():
    return take(by_telephone(), A.ARRIVE, RECEPTION, MEETING, identity="matched")


EVENING_BEFORE = at(MONDAY, "00:00") - timedelta(hours=3)


def coming(after):
    """Return a request called twice, whose citizen answers `after` her time that she is coming."""
    return take(called(2), A.COMING, CITIZEN, MEETING + after)


def came_late(calls=0):
    """Return a request called twice and absent, whose citizen came and was called again."""
    case = missed()
    case = take(case, A.COME_LATE, RECEPTION, MEETING + timedelta(minutes=20), identity="matched")
    case = replace(case, seat=confirmed().seat)
    return called(calls, timedelta(minutes=25), of=case)


def noted_present(who):
    """Return a request noted as present by her or reception, and then called twice."""
    return called(2, of=take(confirmed(), A.PRESENT, who, MEETING - timedelta(minutes=20)))


def came_by(why):
    """Return an arrived request whose seat was given for this reason."""
    case = arrived()
    return replace(case, seat=replace(case.seat, why=why))


def at_the_door(case):
    """Return the case with a seat that the clock gave on the day."""
    assert case.seat is not None
    return replace(case, seat=replace(case.seat, why=STAND_IN))


def received():
    return take(confirmed(), A.ARRIVE, RECEPTION, MEETING, identity="matched")


def moved(**payload):
    """Return a request of a citizen whose Monday moves at her time, and who is called twice."""
    return called(2, of=take(confirmed(), A.CHANGE_PLACE, MAYOR, MEETING, **payload))


def called_when_the_mayor_is_late(times=2, of=None):
    """Return a request of a visitor who has waited in the hall for 40 minutes."""
    return called(times, timedelta(minutes=40), of=of or arrived())


def sent_back_after_two_calls():
    case = take(called(2, of=arrived()), A.CALL_IN, RECEPTION, MEETING + timedelta(minutes=5))
    case = replace(case, outcome_recorded=False)
    return take(case, A.SEND_BACK, RECEPTION, MEETING + timedelta(minutes=9), note="قطع شد")


IN_TIME, LATE = timedelta(seconds=10), timedelta(seconds=11)
CALLED_AFTER_ARRIVING = take(received(), A.CALL, RECEPTION, MEETING)
MISSED_AT = missed().history[-1].at
CAME_LATE_AT = came_late().history[-1].at

NOTED = take(
    waiting(), A.NOTE_PAPER, MAYOR, paper_at="09:00", paper_until="09:20", monday=MONDAY.isoformat()
)

DOOR_GUARDS = [
    ("paper_noted", A.NOTE_PAPER, (NOTED, MAYOR, MEETING), (NOTED, MAYOR, MEETING + 7 * DAY)),
    ("paper_not_noted", A.SAY_MET, (waiting(), CITIZEN), (NOTED, CITIZEN)),
    (
        "slip_late",
        A.UNDO_ARRIVAL,
        (received(), RECEPTION, MEETING + LATE),
        (received(), RECEPTION, MEETING + IN_TIME),
    ),
    (
        "slip_moved",
        A.UNDO_ARRIVAL,
        (CALLED_AFTER_ARRIVING, RECEPTION, MEETING + IN_TIME),
        (received(), RECEPTION, MEETING + IN_TIME),
    ),
    (
        "slip_late",
        A.UNDO_NO_SHOW,
        (missed(), RECEPTION, MISSED_AT + LATE),
        (missed(), RECEPTION, MISSED_AT + IN_TIME),
    ),
    (
        "slip_late",
        A.UNDO_LATE,
        (came_late(), RECEPTION, CAME_LATE_AT + LATE),
        (came_late(), RECEPTION, CAME_LATE_AT + IN_TIME),
    ),
    (
        "slip_moved",
        A.UNDO_LATE,
        (received(), RECEPTION, MEETING + IN_TIME),
        (came_late(), RECEPTION, CAME_LATE_AT + IN_TIME),
    ),
    (
        "slip_moved",
        A.UNDO_ARRIVAL,
        (came_late(), RECEPTION, CAME_LATE_AT + IN_TIME),
        (received(), RECEPTION, MEETING + IN_TIME),
    ),
    (
        "slip_moved",
        A.UNDO_NO_SHOW,
        (waiting(), RECEPTION, ON_THE_DAY),
        (missed(), RECEPTION, MISSED_AT + IN_TIME),
    ),
    (
        "no_seat",
        A.NO_SHOW,
        (replace(arrived(), seat=None), RECEPTION, ON_THE_DAY),
        (called(2), RECEPTION, ON_THE_DAY),
    ),
    (
        "not_late_yet",
        A.NO_SHOW,
        (called(2), RECEPTION, MEETING + timedelta(minutes=9)),
        (called(2), RECEPTION, MEETING + timedelta(minutes=10)),
    ),
    (
        "place_moved",
        A.NO_SHOW,
        (moved(), RECEPTION, MEETING + timedelta(minutes=59)),
        (moved(), RECEPTION, MEETING + timedelta(minutes=60)),
    ),
    (
        "place_moved",
        A.NO_SHOW,
        (moved(), RECEPTION, MEETING + timedelta(minutes=10)),
        (moved(same_house=True), RECEPTION, MEETING + timedelta(minutes=10)),
    ),
    (
        "call_twice",
        A.NO_SHOW,
        (called(1), RECEPTION, ON_THE_DAY),
        (called(2), RECEPTION, ON_THE_DAY),
    ),
    (
        "call_twice",
        A.NO_SHOW,
        (called(2, first_after=timedelta(minutes=-5)), RECEPTION, ON_THE_DAY),
        (called(2), RECEPTION, ON_THE_DAY),
    ),
    (
        "noted_present",
        A.NO_SHOW,
        (noted_present(CITIZEN), RECEPTION, ON_THE_DAY),
        (noted_present(RECEPTION), RECEPTION, ON_THE_DAY),
    ),
    (
        "noted_present",
        A.NO_SHOW,
        (noted_present(CITIZEN), RECEPTION, ON_THE_DAY),
        (at_the_door(noted_present(CITIZEN)), RECEPTION, ON_THE_DAY),
    ),
    (
        "seen_since",
        A.NO_SHOW,
        (came_late(1), RECEPTION, MEETING + timedelta(minutes=35)),
        (came_late(2), RECEPTION, MEETING + timedelta(minutes=35)),
    ),
    (
        "just_called",
        A.NO_SHOW,
        (called_when_the_mayor_is_late(), RECEPTION, MEETING + timedelta(minutes=49)),
        (called_when_the_mayor_is_late(), RECEPTION, MEETING + timedelta(minutes=50)),
    ),
    (
        "just_called",
        A.NO_SHOW,
        (called_when_the_mayor_is_late(), RECEPTION, MEETING + timedelta(minutes=41)),
        (
            called_when_the_mayor_is_late(of=confirmed()),
            RECEPTION,
            MEETING + timedelta(minutes=41),
        ),
    ),
    (
        "seen_since",
        A.NO_SHOW,
        (sent_back_after_two_calls(), RECEPTION, ON_THE_DAY),
        (
            called_when_the_mayor_is_late(of=sent_back_after_two_calls()),
            RECEPTION,
            MEETING + timedelta(minutes=50),
        ),
    ),
    (
        "is_coming",
        A.NO_SHOW,
        (coming(timedelta(minutes=9)), RECEPTION, MEETING + timedelta(minutes=19, seconds=-1)),
        (coming(timedelta(minutes=9)), RECEPTION, MEETING + timedelta(minutes=19)),
    ),
    (
        "not_called_yet",
        A.COMING,
        (confirmed(), CITIZEN, ON_THE_DAY),
        (called(1), CITIZEN, ON_THE_DAY),
    ),
    (
        "not_called_yet",
        A.COMING,
        (
            sent_back_after_two_calls(),
            CITIZEN,
            ON_THE_DAY,
        ),
        (called(1, of=arrived()), CITIZEN, ON_THE_DAY),
    ),
    (
        "is_expected",
        A.COMING,
        (coming(timedelta(minutes=9)), CITIZEN, ON_THE_DAY),
        (called(2), CITIZEN, ON_THE_DAY),
    ),
    ("no_no_show_today", A.COME_LATE, (waiting(), RECEPTION), (missed(), RECEPTION)),
    *(
        ("fetch_instead", A.CALL, (needing(need), who, MEETING), (confirmed(), who, MEETING))
        for need in ("sign_language", "hard_of_hearing", "low_vision")
        for who in (RECEPTION, MAYOR)
    ),
    *(
        (
            "no_lane_seat",
            A.CHECK_ORIGINAL,
            (came_by(why), RECEPTION, ON_THE_DAY),
            (came_by("lane:access"), RECEPTION, ON_THE_DAY),
        )
        for why in ("line", "debt", "standby", STAND_IN)
    ),
    (
        "call_instead",
        A.FETCH,
        (needing("step_free"), RECEPTION, MEETING),
        (needing("low_vision"), RECEPTION, MEETING),
    ),
    (
        "fetch_twice",
        A.NO_SHOW,
        (replace(called(2), needs=("low_vision",)), RECEPTION, ON_THE_DAY),
        (fetched(2), RECEPTION, ON_THE_DAY),
    ),
    (
        "fetch_twice",
        A.NO_SHOW,
        (fetched(1), RECEPTION, ON_THE_DAY),
        (fetched(2), RECEPTION, ON_THE_DAY),
    ),
    (
        "fetch_twice",
        A.NO_SHOW,
        (fetched(2, first_after=timedelta(minutes=-5)), RECEPTION, ON_THE_DAY),
        (fetched(2), RECEPTION, ON_THE_DAY),
    ),
    (
        "telephone_already",
        A.ASK_CALL,
        (by_telephone(), CITIZEN, EVENING_BEFORE),
        (confirmed(), CITIZEN, EVENING_BEFORE),
    ),
    *(
        (
            "ring_unheard",
            A.ASK_CALL,
            (replace(confirmed(), needs=(need,)), CITIZEN, EVENING_BEFORE),
            (replace(confirmed(), needs=("low_vision",)), CITIZEN, EVENING_BEFORE),
        )
        for need in ("sign_language", "hard_of_hearing")
    ),
    (
        "telephone_late",
        A.ASK_CALL,
        (confirmed(), CITIZEN, at(MONDAY, "00:00")),
        (confirmed(), CITIZEN, EVENING_BEFORE),
    ),
    (
        "not_by_telephone",
        A.ASK_VISIT,
        (confirmed(), CITIZEN, EVENING_BEFORE),
        (by_telephone(), CITIZEN, EVENING_BEFORE),
    ),
    (
        "not_by_telephone",
        A.REACH,
        (confirmed(), MAYOR, MEETING),
        (by_telephone(), MAYOR, MEETING),
    ),
    (
        "not_by_telephone",
        A.RING,
        (came_all_the_same(), RECEPTION, MEETING),
        (by_telephone(), RECEPTION, MEETING),
    ),
    *(
        (
            "ring_in_vain",
            A.RING,
            (needing(need, by_telephone()), RECEPTION, MEETING),
            (needing("low_vision", by_telephone()), RECEPTION, MEETING),
        )
        for need in ("sign_language", "hard_of_hearing")
    ),
    (
        "not_her_time",
        A.RING,
        (by_telephone(), RECEPTION, MEETING - timedelta(seconds=1)),
        (by_telephone(), RECEPTION, MEETING),
    ),
    (
        "ring_instead",
        A.CALL,
        (by_telephone(), RECEPTION, MEETING),
        (came_all_the_same(), RECEPTION, MEETING),
    ),
    (
        "ring_twice",
        A.NO_SHOW,
        (rung(1), RECEPTION, ON_THE_DAY),
        (rung(2), RECEPTION, ON_THE_DAY),
    ),
    (
        "hours_over",
        A.COME_LATE,
        (missed(), RECEPTION, HOURS_END),
        (missed(), RECEPTION, HOURS_END - timedelta(seconds=1)),
    ),
    (
        "hours_over",
        A.ARRIVE,
        (confirmed(), RECEPTION, HOURS_END),
        (confirmed(), RECEPTION, HOURS_END - timedelta(seconds=1)),
    ),
    (
        "hours_over",
        A.ARRIVE,
        (last_of_a_day_of_a_minute(), RECEPTION, MEETING + timedelta(minutes=10)),
        (last_of_a_day_of_a_minute(), RECEPTION, MEETING + timedelta(minutes=9)),
    ),
    (
        "no_no_show_today",
        A.COME_LATE,
        (missed(), RECEPTION, MEETING + DAY),
        (missed(), RECEPTION, MEETING + 2 * LATER),
    ),
]
