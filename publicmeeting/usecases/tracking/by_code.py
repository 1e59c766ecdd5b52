"""Tracking of a request by its code, without signing in: stages and times only."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from publicmeeting.domain.errors import Denied, Invalid
from publicmeeting.domain.lifecycle.timeline import Mark, timeline
from publicmeeting.domain.officials.audit import SecurityKind
from publicmeeting.domain.people import local_mobile, parse_mobile
from publicmeeting.domain.records import Request, Seat, is_changed
from publicmeeting.domain.roles import Actor
from publicmeeting.domain.stages import Stage
from publicmeeting.kit.clock import tehran_day
from publicmeeting.kit.codes import is_tracking_code
from publicmeeting.kit.digits import bare
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.accounts.signing_in.proof_of_work import NEEDED, Purpose, is_proved
from publicmeeting.usecases.base import ANYONE, Command, OneCase, usecase
from publicmeeting.usecases.rate_limits import Limit, count, is_over, over
from publicmeeting.usecases.security_notes import note
from publicmeeting.usecases.tracking.timeline import draws_seen

TYPED_MOST = 40
TRACKING_DIGITS = 10
WHOLE_MOBILE = "tracking_whole_mobile"
"""Key of the refusal that asks for the whole mobile number."""
TRIED = "tried"
"""The cookie with a refused code, which fills the form again without using an address."""


class Track(Command):
    """A code, with the mobile's `last_four` digits, the whole mobile, or the receipt's PIN.

    A citizen without a mobile has a PIN.
    """

    code: str
    last_four: str
    proof: str = ""
    """A proof of work (`proof_of_work`), if one was required."""


@usecase(*ANYONE)
def track(uow: UnitOfWork, actor: Actor, command: Track, now: datetime) -> tuple[str, str]:
    """Grant this visit the request's stages for a day; return its code, or ("", refusal key).

    Keys: `tracking_unknown`; `tracking_short` for what can be no code; `tracking_whole_mobile` or
    `tracking_by_phone` while somebody guesses at this code; `proof_needed`, `too_many_requests`.
    Unknown codes and wrong digits have the same answer and cost the same work. A wrong try is
    counted, so the refusal is returned, not raised. Denied `not_ready` without a visit.

    Guesses of others never lock out the signed-in owner, or a visit that had access before.
    """
    if not actor.visit:
        raise Denied("not_ready")
    code, typed = typed_digits(command.code), typed_answer(command.last_four)
    request_id, person_id = uow.tracks.owner(code) or (None, None)
    if request_id and person_id == actor.person_id:
        uow.tracks.grant(actor.visit, request_id)
        return code, ""
    uow.advisory_lock(f"track/{code}")  # simultaneous guesses are counted one after another
    proof_of = next((proof for proof in _Proof if proof.value == len(typed)), None)
    # Asked of an unknown code too, so that its answer takes as long.
    had_access = uow.tracks.granted(actor.visit, request_id or "")
    refusal = _why_not_tried(uow, actor, code, proof_of, command.proof, had_access=had_access)
    if refusal:
        return "", refusal
    short = len(code) != TRACKING_DIGITS or proof_of is None
    right = not short and uow.people.is_right_answer(person_id, typed)
    if request_id is None or not right:
        _count_wrong(uow, actor, code, proof_of)
        named = f"request {code}" if request_id else "unknown code"
        note(uow, SecurityKind.TRACKING_WRONG, "", named)
        return "", "tracking_short" if short else "tracking_unknown"
    uow.tracks.grant(actor.visit, request_id)
    if proof_of is _Proof.PIN:  # only her receipt has it; others know digits of a mobile too
        uow.asking.mark_seen(request_id, now)
    return code, ""


def wrong_fields(refusal_key: str, typed: str) -> tuple[str, ...]:
    """Return the fields that may be wrong after a refusal; `typed` is the code that was refused.

    A code of ten digits is not too short. Its length does not show whether it exists.
    """
    if refusal_key == WHOLE_MOBILE:
        return ("last_four",)
    if refusal_key not in ("tracking_unknown", "tracking_short"):
        return ()
    is_whole = refusal_key == "tracking_short" and len(typed) == TRACKING_DIGITS
    return ("last_four",) if is_whole else ("code", "last_four")


class _Proof(Enum):
    """The kind of proof typed beside the code, by its length; it may be right or wrong."""

    LAST_FOUR = 4
    PIN = 6
    MOBILE = 11


def _why_not_tried(
    uow: UnitOfWork,
    actor: Actor,
    code: str,
    proof_of: _Proof | None,
    proof: str,
    *,
    had_access: bool,
) -> str:
    """Return the refusal's key of a try whose digits are not even checked, else empty."""
    address = uow.origin.address
    checks = [(Limit.TRACK_VISIT, actor.visit), (Limit.TRACK_ADDRESS_MOST, address)]
    if proof_of is _Proof.LAST_FOUR and not had_access:
        checks.append((Limit.TRACK_CODE, code))
    if proof_of is _Proof.PIN and not had_access:
        checks.append((Limit.TRACK_PIN, code))
    for limit, key in checks:
        if is_over(uow, limit, key):
            return over(uow, limit, key).key
    is_over_limit = is_over(uow, Limit.TRACK_ADDRESS, address)
    return NEEDED if is_over_limit and not is_proved(uow, actor, Purpose.TRACK, proof) else ""


def _count_wrong(uow: UnitOfWork, actor: Actor, code: str, proof_of: _Proof | None) -> None:
    count(uow, Limit.TRACK_VISIT, actor.visit)
    if proof_of is _Proof.LAST_FOUR:
        count(uow, Limit.TRACK_CODE, code)
    if proof_of is _Proof.PIN:
        count(uow, Limit.TRACK_PIN, code)
    for limit in (Limit.TRACK_ADDRESS, Limit.TRACK_ADDRESS_MOST):
        count(uow, limit, uow.origin.address)


@dataclass(frozen=True, slots=True)
class StagesOnly:
    """Stages of a request: no text, image, note or name, not even in the marks."""

    code: str
    district: int
    stage: Stage
    due_at: datetime | None
    seat: Seat | None
    marks: tuple[Mark, ...]
    now: datetime
    is_changed: bool = False
    """Whether a step was written, changed or removed in the database past this program."""

    @property
    def seat_ahead(self) -> Seat | None:
        """Return her seat until the end of its day."""
        return self.seat if self.seat and self.seat.monday >= tehran_day(self.now) else None


@usecase(*ANYONE)
def tracked_stages(uow: UnitOfWork, actor: Actor, command: OneCase, now: datetime) -> StagesOnly:
    """Return the stages of a request granted to this visit; Denied("not_found") otherwise."""
    granted = _granted(uow, actor, command)
    if granted is None:
        raise Denied("not_found")
    return stages_of(uow, uow.requests.by_id(granted), actor, now)


@usecase(*ANYONE)
def tracked_topics(
    uow: UnitOfWork, actor: Actor, command: OneCase, _now: datetime
) -> tuple[str, ...]:
    """Return the topics of the page; empty for a visitor who only knows the code."""
    code = typed_digits(command.code)
    return () if _granted(uow, actor, command) is None else (f"request:{code}",)


def _granted(uow: UnitOfWork, actor: Actor, command: OneCase) -> str | None:
    """Return the id of the request whose stages this visit may see."""
    code = typed_digits(command.code)
    owner = uow.tracks.owner(code) if is_tracking_code(code) else None
    return owner[0] if owner and uow.tracks.granted(actor.visit, owner[0]) else None


def stages_of(
    uow: UnitOfWork, request: Request, actor: Actor, now: datetime, *, is_proved: bool = False
) -> StagesOnly:
    """Return what may be shown of a request without its citizen's session."""
    orders = uow.orders.of_request(request.id)
    draws = draws_seen(uow, request)
    return StagesOnly(
        code=request.code,
        district=request.district,
        stage=request.stage,
        due_at=request.due_at,
        seat=request.seat,
        marks=timeline(request, orders, actor, now, draws, stages_only=True, is_proved=is_proved),
        now=now,
        is_changed=is_changed(request, *orders),
    )


def typed_digits(text: str) -> str:
    """Return typed text in ASCII digits, without separators between groups."""
    return bare(text[:TYPED_MOST])


def typed_answer(text: str) -> str:
    """Return a typed proof in the same form; a whole mobile as `09…`, in any spelling."""
    try:
        return local_mobile(parse_mobile(text[:TYPED_MOST]))
    except Invalid:
        return typed_digits(text)
