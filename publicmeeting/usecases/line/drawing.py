"""The weekly draw: freeze on Tuesday, the draw itself on Wednesday (docs/turns.md 2).

Each function is one transaction's work for one district, safe to repeat: a state that has been
reached is left alone. Only the clock calls them.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from publicmeeting.domain.choices import ClosureReason
from publicmeeting.domain.stages import Action
from publicmeeting.kit.hashing import canonical_json, sha
from publicmeeting.store.line.draws import Draw
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.turns.draw_file import DrawFile, drawn_file, frozen_file
from publicmeeting.turns.kinds import Kind
from publicmeeting.turns.week import Week
from publicmeeting.usecases.lifecycle.clock_steps import (
    clock_may,
    clock_takes,
    too_late_for,
    week_of,
)
from publicmeeting.usecases.line.mondays import cancel_monday
from publicmeeting.usecases.line.reveals import draw_due_at, late_value, reveals


def freeze(uow: UnitOfWork, district: int, monday: date, now: datetime) -> None:
    """Freeze the pool; the clock takes in what nobody has screened in time."""
    uow.witnesses.lock(monday)
    draw = uow.draws.get(district, monday)
    week = week_of(uow, monday)
    if draw is None or draw.state != "open" or now < week.freeze_at:
        return
    if too_late_for(week, now):
        _close_late(uow, draw, now)
    day = uow.city.monday(district, monday)
    seats = list(day.seats) if day and day.state == "open" else []
    take_in(uow, uow.draws.unscreened(district, week.filing_closes_at), now)
    rows = [row for _, row in uow.draws.pool(district, monday, week.filing_closes_at)]
    file = frozen_file({**draw.file, "seats": seats}, rows)
    uow.draws.freeze(draw, file, now)
    uow.log.append(Kind.FREEZE, frozen_body(file), now)


def frozen_body(file: DrawFile) -> dict[str, object]:
    """The log entry of a frozen list."""
    return {
        "draw": file["draw"],
        "pool_root": file["pool_root"],
        "rows": len(file["pool"]),
        "file": sha(canonical_json(file)),
    }


def _close_late(uow: UnitOfWork, draw: Draw, now: datetime) -> None:
    day = uow.city.monday(draw.district, draw.monday)
    if day and day.state == "open":
        why = ClosureReason.LATE.value
        uow.city.set_monday(draw.district, draw.monday, state="closed", why=why)
        uow.log.append(Kind.MONDAY_CLOSED, {"draw": draw.id, "why": why}, now)


def take_in(uow: UnitOfWork, request_ids: Iterable[str], now: datetime) -> None:
    """Late screening is the city's fault: a request in a list can no longer be declined."""
    for request_id in request_ids:
        clock_takes(uow, uow.requests.by_id(request_id), Action.TAKE_IN, now)


def draw(uow: UnitOfWork, district: int, monday: date, now: datetime) -> None:
    """Run the draw of one district, once: file, seats, weeks of waiting and log together."""
    uow.witnesses.lock(monday)  # an administrator may close the Monday at this instant
    frozen = uow.draws.get(district, monday)
    due = draw_due_at(uow, frozen) if frozen else None
    if frozen is None or due is None or now < due:
        return
    file = drawn_file(frozen.file, reveals(uow, monday), *late_value(uow, monday, now))
    uow.draws.draw(frozen, file, now)
    body = {
        "draw": frozen.id,
        "seed": file["seed"],
        "seated": len(file["seated"]),
        "standby": len(file["standby"]),
        "file": sha(canonical_json(file)),
    }
    uow.log.append(Kind.DRAW, body, now)
    uow.draws.add_week(_not_seated(file))
    until = answer_by(week_of(uow, monday), now)
    for seated in file["seated"]:
        _seat(uow, district, monday, seated, until, now)
    day = uow.city.monday(district, monday)
    closed = uow.log_index.seq_of(Kind.MONDAY_CLOSED, frozen.id)
    if day and day.state == "closed" and closed is not None:
        cancel_monday(uow, district, monday, now, because=closed, why=day.why or "")


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
    uow: UnitOfWork,
    district: int,
    monday: date,
    seated: dict[str, str],
    until: datetime,
    now: datetime,
) -> None:
    """Give one drawn seat; one that a withdrawn row has won is free by the draw itself."""
    ticket, time, why = seated["ticket"], seated["time"], seated["why"]
    request = uow.requests.by_ticket(ticket)
    if request is None or not clock_may(request, Action.SEAT, now):
        return
    uow.seats.allot(
        district=district,
        monday=monday,
        time=time,
        request_id=request.id,
        why=why,
        answer_by=until,
        now=now,
    )
    payload = {"monday": monday.isoformat(), "time": time, "why": why}
    clock_takes(uow, request, Action.SEAT, now, payload, ends_at=until)
