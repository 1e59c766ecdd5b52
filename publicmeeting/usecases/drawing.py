"""The weekly draw: freeze on Tuesday, the city's reveal and the draw on Wednesday (fairness.md 2).

Each function is one transaction's work for one district, safe to repeat: a state that has been
reached is left alone. Only the clock calls them.
"""

from datetime import date, datetime, timedelta

from publicmeeting.domain.stages import Action
from publicmeeting.kit.canonical import canonical_json
from publicmeeting.kit.hashing import sha
from publicmeeting.kit.jalali import iso
from publicmeeting.store.draws import Draw, Pending
from publicmeeting.store.unit import Work
from publicmeeting.turns.draw_file import DrawFile, drawn_file, frozen_file
from publicmeeting.turns.formulas import CITY, draw_id
from publicmeeting.turns.log import Kind
from publicmeeting.turns.week import Week
from publicmeeting.usecases.clock_steps import (
    FREEZE_TO_DRAW,
    clock_may,
    clock_takes,
    too_late_for,
    week_of,
)
from publicmeeting.usecases.mondays import cancel_monday
from publicmeeting.usecases.opening import LATE


def freeze(work: Work, district: int, monday: date, now: datetime) -> None:
    """Fix the pool; what nobody has screened in time is taken in by the clock."""
    draw = work.draws.get(district, monday)
    week = week_of(work, monday)
    if draw is None or draw.state != "open" or now < week.freeze_at:
        return
    if too_late_for(week, now):
        _close_late(work, draw, now)
    day = work.city.monday(district, monday)
    seats = list(day.seats) if day and day.state == "open" else []
    _take_in(work, district, week, now)
    rows = [row for _, row in work.draws.pool(district, monday, week.filing_closes_at)]
    file = frozen_file({**draw.file, "seats": seats}, rows)
    work.draws.freeze(draw, file, now)
    body = {"draw": draw.id, "pool_root": file["pool_root"], "rows": len(rows), "dice": False}
    work.log.append(Kind.FREEZE, body, now)


def _close_late(work: Work, draw: Draw, now: datetime) -> None:
    day = work.city.monday(draw.district, draw.monday)
    if day and day.state == "open":
        work.city.set_monday(draw.district, draw.monday, state="closed", why=LATE)
        work.log.append(Kind.MONDAY_CLOSED, {"draw": draw.id, "why": LATE}, now)


def _take_in(work: Work, district: int, week: Week, now: datetime) -> None:
    for request_id in work.draws.unscreened(district, week.filing_closes_at):
        clock_takes(work, work.requests.by_id(request_id), Action.TAKE_IN, now)


def reveal_at(work: Work, draws: list[Pending]) -> datetime | None:
    """When the city shows its value for a Monday, given that Monday's draws that have not run.

    None while one pool is still open: a value shown earlier would let somebody shape that pool.
    """
    frozen = [one.frozen_at for one in draws if one.frozen_at is not None]
    if not frozen or len(frozen) < len(draws):
        return None
    return max(week_of(work, draws[0].monday).draw_at, max(frozen) + FREEZE_TO_DRAW)


def revealed_at(work: Work, monday: date) -> datetime | None:
    """When the city has shown its value."""
    return work.clockwork.done_at(_revealing(monday))


def _revealing(monday: date) -> str:
    return f"reveal/{monday}"


def reveal(work: Work, monday: date, now: datetime) -> None:
    """The city's own value, shown by itself before anybody else's."""
    due = reveal_at(work, [one for one in work.draws.pending() if one.monday == monday])
    if due is None or now < due or revealed_at(work, monday) is not None:
        return
    body: dict[str, object] = {
        "monday": iso(monday), "party": CITY, "value": work.city.secret(monday),
    }  # fmt: skip
    work.log.append(Kind.REVEAL, body, now)
    work.clockwork.mark_done(_revealing(monday), now)
    work.ring("draws")


def reveals(work: Work, monday: date) -> dict[str, str]:
    """Party → value of everybody who has revealed, so that a draw can take it."""
    return {} if revealed_at(work, monday) is None else {CITY: work.city.secret(monday)}


def draw_due_at(work: Work, draw: Draw) -> datetime | None:
    """When this frozen draw runs: once all who committed have revealed, or half an hour after the
    city; None without the city's reveal."""
    shown_at = revealed_at(work, draw.monday)
    if draw.state != "frozen" or shown_at is None:
        return None
    if set(draw.file["commitments"]) <= set(reveals(work, draw.monday)):
        return shown_at
    week = week_of(work, draw.monday)
    return max(week.draw_latest_at, shown_at + (week.draw_latest_at - week.draw_at))


def draw(work: Work, district: int, monday: date, now: datetime) -> None:
    """Run the draw of one district, once: file, seats, weeks of waiting and log together."""
    frozen = work.draws.get(district, monday)
    due = draw_due_at(work, frozen) if frozen else None
    if frozen is None or due is None or now < due:
        return
    file = drawn_file(frozen.file, reveals(work, monday))
    work.draws.draw(frozen, file, now)
    body = {
        "draw": frozen.id, "seed": file["seed"], "seated": len(file["seated"]),
        "standby": len(file["standby"]), "file": sha(canonical_json(file)),
    }  # fmt: skip
    work.log.append(Kind.DRAW, body, now)
    work.draws.add_week(_not_seated(file))
    until = answer_by(week_of(work, monday), now)
    for seated in file["seated"]:
        _seat(work, district, monday, seated, until, now)
    day = work.city.monday(district, monday)
    if day and day.state in {"closed", "not_held"}:
        cancel_monday(work, district, monday, now)


def answer_by(week: Week, now: datetime) -> datetime:
    """Until when a seat given now can be confirmed.

    Saturday 20:00; after a late draw the end of the standby, or the Monday's own end: nobody
    loses a seat by the city's lateness.
    """
    ends = (week.answer_by, week.standby_until)
    day_after = week.standby_until + timedelta(days=1)
    return next((end for end in ends if now < end), day_after)


def _not_seated(file: DrawFile) -> list[str]:
    seated = {one["ticket"] for one in file["seated"]}
    return [row["ticket"] for row in file["pool"] if row["ticket"] not in seated]


def _seat(
    work: Work, district: int, monday: date, seated: dict[str, str], until: datetime, now: datetime
) -> None:
    """Give one drawn seat; one that a withdrawn row has won is released at once."""
    ticket, time, why = seated["ticket"], seated["time"], seated["why"]
    request = work.requests.by_ticket(ticket)
    if request is None or not clock_may(request, Action.SEAT, now):
        body: dict[str, object] = {
            "ticket": ticket, "draw": draw_id(district, monday), "time": time,
        }  # fmt: skip
        work.log.append(Kind.SEAT_GIVEN_UP, body, now)
        return
    work.seats.allot(
        district=district, monday=monday, time=time, request_id=request.id, why=why,
        answer_by=until, now=now,
    )  # fmt: skip
    given = {"monday": monday.isoformat(), "time": time, "why": why}
    clock_takes(work, request, Action.SEAT, now, given, ends_at=until)
