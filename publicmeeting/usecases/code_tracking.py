"""Looking a request up by its code, without signing in: stages and times only."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from publicmeeting.domain.errors import Denied
from publicmeeting.domain.records import Seat
from publicmeeting.domain.roles import Actor, Role
from publicmeeting.domain.stages import Stage
from publicmeeting.domain.timeline import Mark, timeline
from publicmeeting.kit.codes import is_tracking_code
from publicmeeting.kit.digits import ascii_digits
from publicmeeting.store.unit import Work
from publicmeeting.usecases.cases import OneCase
from publicmeeting.usecases.tracking import draws_seen
from publicmeeting.usecases.wish import ANYONE, Wish, usecase

A_QUARTER = timedelta(minutes=15)
A_DAY = timedelta(days=1)
PER_VISIT, PER_ADDRESS, PER_CODE = 10, 60, 30
"""Tries in a quarter of an hour; of one code in a day: four digits would be guessed in a week."""
TYPED_MOST = 40
TRACKING_DIGITS, PROOF_DIGITS = 10, (4, 6)
TRIED = "tried"
"""The cookie with a code that was refused: it stands in the form again, and in no address."""


class Track(Wish):
    """`last_four` digits of the mobile, or the PIN of the receipt of somebody without one."""

    code: str
    last_four: str
    address: str = ""
    """The client's address, for the rate limit."""


@usecase(*ANYONE)
def track(work: Work, actor: Actor, wish: Track, now: datetime) -> tuple[str, str]:
    """The code, for whose stages this visit may look for a day; or ("", "tracking_unknown"),
    ("", "tracking_short") for what can be no code.

    Unknown codes and wrong digits have the same answer and cost the same work. A try is counted
    either way, so the refusal is given back, not raised. Denied("too_many_requests") above the
    limits, `not_ready` without a visit.
    """
    del now
    if not actor.visit:
        raise Denied("not_ready")
    code, typed = typed_digits(wish.code), typed_digits(wish.last_four)
    work.codes.allow(f"track-visit/{actor.visit}", PER_VISIT, A_QUARTER)
    if wish.address:
        work.codes.allow(f"track-address/{wish.address}", PER_ADDRESS, A_QUARTER)
    work.codes.allow(f"track-code/{code}", PER_CODE, A_DAY)
    if len(code) != TRACKING_DIGITS or len(typed) not in PROOF_DIGITS:
        return "", "tracking_short"
    request_id, person_id = work.tracks.owner(code) or (None, None)
    right = work.people.answers_to(person_id, typed)
    if request_id is None or not right:
        return "", "tracking_unknown"
    work.tracks.grant(actor.visit, request_id)
    return code, ""


@dataclass(frozen=True, slots=True)
class StagesOnly:
    """No text, image, note or name; the marks carry none either."""

    code: str
    district: int
    stage: Stage
    filed_at: datetime
    stage_at: datetime
    due_at: datetime | None
    seat: Seat | None
    marks: tuple[Mark, ...]
    now: datetime


@usecase(*ANYONE)
def tracked(work: Work, actor: Actor, wish: OneCase, now: datetime) -> StagesOnly:
    """The stages of a request this visit was granted, or for the phone line of any.

    Denied("not_found") for everybody else.
    """
    code = typed_digits(wish.code)
    owner = work.tracks.owner(code) if is_tracking_code(code) else None
    if owner is None or not _may_look(work, actor, owner[0]):
        raise Denied("not_found")
    request = work.requests.by_id(owner[0])
    orders = work.orders.of_request(request.id)
    draws = draws_seen(work, request)
    return StagesOnly(
        code=code, district=request.district, stage=request.stage, filed_at=request.filed_at,
        stage_at=request.stage_at, due_at=request.due_at, seat=request.seat,
        marks=timeline(request, orders, actor, now, draws, stages_only=True), now=now,
    )  # fmt: skip


def typed_digits(text: str) -> str:
    """What was typed, in ASCII digits, without the spaces people put between groups."""
    return "".join(ascii_digits(text[:TYPED_MOST]).split())


def _may_look(work: Work, actor: Actor, request_id: str) -> bool:
    return actor.has(Role.PHONE) or work.tracks.granted(actor.visit, request_id)
