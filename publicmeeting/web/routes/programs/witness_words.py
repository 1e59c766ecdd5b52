"""Signed messages of witnesses, from any program, without a cookie or an account."""

import json
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import TypeVar

from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from publicmeeting.domain.errors import Denied, Invalid, Refusal, Unavailable
from publicmeeting.kit.jalali import clock_words, day_month, iso, weekday_day
from publicmeeting.text.common.dates_text import moment
from publicmeeting.text.line import witness_text
from publicmeeting.text.line.rules_text import WEAKER
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.turns.rules.witness import Witness
from publicmeeting.usecases.accounts.credentials import Keys
from publicmeeting.usecases.base import Command, Nothing, UseCase
from publicmeeting.usecases.line.ceremony.witness_words import (
    Commit,
    EnterValue,
    Reveal,
    commit,
    enter_value,
    reveal,
)
from publicmeeting.usecases.line.rules import ProposedRules
from publicmeeting.usecases.line.rules_by_two import SignRules, sign_rules
from publicmeeting.usecases.public_record.cosigning import (
    Cosign,
    Moment,
    WitnessWeek,
    WitnessWeeks,
    cosign,
    witness_weeks,
)
from publicmeeting.web import browser
from publicmeeting.web.layers.faults import unavailable_status

W = TypeVar("W", bound=Command)
_WORD_BYTES, _NOTE_BYTES = 4096, 64 * 1024
_STATUS = {
    "monday_unknown": HTTPStatus.NOT_FOUND,
    "witness_unknown": HTTPStatus.FORBIDDEN,
    "witness_signature": HTTPStatus.FORBIDDEN,
}
_NO_STORE = {"Cache-Control": "no-store"}


def _word(kind: type[W], usecase: UseCase[W, int]) -> Callable[[Request], Awaitable[Response]]:
    async def take(request: Request) -> Response:
        """JSON with exactly the keys of the log's entry → its number."""
        try:
            command = kind.model_validate(json.loads(await request.body()))
        except (ValidationError, ValueError, RecursionError):
            return _refused(Invalid("witness_word"))
        try:
            seq = await browser.application(request).execute(usecase, Keys(), command)
        except (Denied, Invalid, Unavailable) as refused:
            return _refused(refused)
        return JSONResponse({"seq": seq}, headers=_NO_STORE)

    return take


async def cosignature(request: Request) -> Response:
    """A note with a witness's line → the note of that size with all lines."""
    try:
        command = Cosign(note=(await request.body()).decode())
    except UnicodeDecodeError:
        return _refused(Invalid("note_malformed"))
    try:
        note = await browser.application(request).execute(cosign, Keys(), command)
    except (Denied, Invalid, Unavailable) as refused:
        return _refused(refused)
    return PlainTextResponse(note, headers=_NO_STORE)


async def weeks(request: Request) -> Response:
    """Return the weeks, for the page of a witness."""
    found = await browser.application(request).query(witness_weeks, Keys(), Nothing())
    return JSONResponse(_shown(found), headers=_NO_STORE)


def _refused(refused: Refusal) -> Response:
    usual = HTTPStatus.BAD_REQUEST if isinstance(refused, Invalid) else HTTPStatus.CONFLICT
    if isinstance(refused, Unavailable):
        usual = unavailable_status(refused)
    status = _STATUS.get(refused.key, usual)
    return PlainTextResponse(refusal(refused.key, **refused.facts), status, headers=_NO_STORE)


def _shown(found: WitnessWeeks) -> dict[str, object]:
    return {
        "origin": found.origin,
        "keys": list(found.keys),
        "note": found.note,
        "ahead": round(found.ahead.total_seconds()),
        "names": witness_text.PARTY_NAMES,
        "witnesses": [_witness(witness) for witness in found.witnesses],
        "mondays": [_week(week) for week in found.weeks],
        "proposal": found.proposal and _proposal(found.proposal),
    }


def _proposal(found: ProposedRules) -> dict[str, object]:
    return {
        "seq": found.seq,
        "hash": found.rules.hash,
        "title": weekday_day(found.from_on),
        "until_words": moment(found.until),
        "changes": [WEAKER[way] for way in found.weaker],
        "signed": list(found.signed_by),
    }


def _witness(witness: Witness) -> dict[str, str]:
    return {"party": witness.party, "org": witness.org, "vkey": witness.key.vkey}


def _week(week: WitnessWeek) -> dict[str, object]:
    window = week.window
    starts, ends = (window.opens_at, window.closes_at) if window else week.reveals
    late = week.rules["late_value"]
    assert isinstance(late, dict)
    return {
        "monday": iso(week.monday),
        "title": day_month(week.monday),
        "freeze_at": week.freeze_at.timestamp(),
        "reveals_from": starts.timestamp() if week.window else None,
        "reveals_until": ends.timestamp(),
        "reveals_words": witness_text.BETWEEN.format(start=moment(starts), end=clock_words(ends)),
        "value_words": witness_text.BETWEEN.format(
            start=moment(week.value[0]), end=clock_words(week.value[1])
        ),
        "value": week.is_value_awaited
        and {
            "day": iso(week.value_day),
            "words": weekday_day(week.value_day),
            "kind": late["kind"],
            "source": witness_text.SOURCE.get(str(late["source"]), late["source"]),
        },
        "witnesses": [_witness(witness) for witness in week.witnesses],
        "parties": {
            party: {
                "commitment": word.commitment,
                "revealed": word.is_revealed,
                "value": word.value and {"day": word.value[0], "value": word.value[1]},
            }
            for party, word in week.words.items()
        },
        "opened": list(week.opened),
        "frozen": list(week.frozen),
        "moments": [_moment(one) for one in week.moments],
    }


def _moment(one: Moment) -> dict[str, object]:
    return {
        "kind": one.kind.value,
        "seq": one.seq,
        "until": one.until.timestamp(),
        "until_words": witness_text.UNTIL.format(moment=moment(one.until)),
        "signed": sorted(one.by_party),
    }


def routes() -> list[Route]:
    words = {
        "/log/commitment": _word(Commit, commit),
        "/log/reveal": _word(Reveal, reveal),
        "/log/value": _word(EnterValue, enter_value),
        "/log/rules": _word(SignRules, sign_rules),
    }
    return [
        *(
            Route(path, take, methods=["POST"], max_body_size=_WORD_BYTES)
            for path, take in words.items()
        ),
        Route("/log/cosignature", cosignature, methods=["POST"], max_body_size=_NOTE_BYTES),
        Route("/witness/weeks.json", weeks),
    ]
