"""Kinds of log entries: their exact keys, the form of each value, and who attests them.

This one table is the source of the schema at `/log/schema.json`, of the documentation and of every
check of an entry's form (docs/turns.md section 5). `turns.machine` has what an entry does to the
line.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise

from publicmeeting.kit.jalali import from_iso
from publicmeeting.turns import shape


class Kind(StrEnum):
    """Kind of an entry, as spelled in the published log."""

    LOG_OPENED = "log_opened"
    RULES_PROPOSED = "rules_proposed"
    RULES_AGREED = "rules_agreed"
    RULES_SIGNED = "rules_signed"
    RULES_ANNOUNCED = "rules_announced"
    MONDAY_OPENED = "monday_opened"
    MONDAY_CLOSED = "monday_closed"
    MONDAY_HELD = "monday_held"
    MONDAY_NOT_HELD = "monday_not_held"
    MONDAY_ENDED = "monday_ended"
    LINE_CLOSED = "line_closed"
    COMMITMENT = "commitment"
    FREEZE = "freeze"
    OBJECTION = "objection"
    REVEAL = "reveal"
    REVEALS_CLOSED = "reveals_closed"
    VALUE = "value"
    VALUE_STANDS = "value_stands"
    DRAW = "draw"
    FILED = "filed"
    REDIRECTED = "redirected"
    TAKEN_OUT = "taken_out"
    TAKEN_IN = "taken_in"
    MONDAY_EXCLUDED = "monday_excluded"
    MONDAY_INCLUDED = "monday_included"
    VERIFIED = "verified"
    LANE_ASKED = "lane_asked"
    LANE_JUDGED = "lane_judged"
    LANE_GRANTED = "lane_granted"
    CONTESTED = "contested"
    CONTEST_JUDGED = "contest_judged"
    WEEKS_BACK = "weeks_back"
    SEAT_CONFIRMED = "seat_confirmed"
    SEAT_GIVEN_UP = "seat_given_up"
    SEAT_LAPSED = "seat_lapsed"
    OFFERED = "offered"
    OFFER_ACCEPTED = "offer_accepted"
    OFFER_REFUSED = "offer_refused"
    OFFER_UNANSWERED = "offer_unanswered"
    FREE_WANTED = "free_wanted"
    TAKEN_FREE = "taken_free"
    PRESENT = "present"
    ARRIVAL = "arrival"
    ARRIVAL_UNDONE = "arrival_undone"
    STOOD_IN = "stood_in"
    SKIP = "skip"
    NO_SHOW = "no_show"
    NO_SHOW_UNDONE = "no_show_undone"
    CAME_LATE = "came_late"
    MET = "met"
    MEETING_RECORDED = "meeting_recorded"
    NOT_RECEIVED = "not_received"
    NOT_CALLED = "not_called"
    OUTAGE = "outage"
    AUDITED = "audited"
    BOOKS_DIFFER = "books_differ"
    AUDIENCE_OFF_SYSTEM = "audience_off_system"


class Attestation(StrEnum):
    """Who attests an entry. Kinds that are hard to recompute have public counts in compensation."""

    COMPUTED = "k"
    """Every reader can derive it from earlier entries."""
    CITIZEN = "c"
    """The citizen's act as recorded by the city; she gets a signed receipt at once."""
    WITNESS = "w"
    """Has a witness's signature."""
    TWO_OFFICERS = "2"
    """Two officers of two units."""
    OFFICER = "o"
    """One official."""
    CITY = "s"
    """The city."""


class TakenOut(StrEnum):
    """Why a ticket leaves the line."""

    INFO_ASKED = "info_asked"
    DECLINED = "declined"
    ANSWERED = "answered"
    LAPSED = "lapsed"
    SETTLED = "settled"
    DISPLACED = "displaced"
    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"


class TakenIn(StrEnum):
    """Why a ticket returns to the line."""

    GIVEN = "given"
    OBJECTED = "objected"
    INSISTED = "insisted"
    UNDONE = "undone"


class ObjectionOutcome(StrEnum):
    """The log's answer to an objection that a ticket is missing in a list."""

    CHANGED = "changed"
    WRONGED = "wronged"
    LISTED = "listed"
    AS_LOGGED = "as_logged"


class GivenUp(StrEnum):
    """Why a seat was given up: `moved` costs nothing and leaves out the Mondays between."""

    CITIZEN = "citizen"
    MOVED = "moved"


class RecordedBy(StrEnum):
    """Source of a meeting's times: pressed live, pressed on an offline tablet, or paper."""

    LIVE = "live"
    TABLET = "tablet"
    PAPER = "paper"


class MeetingOutcome(StrEnum):
    """Result of a meeting: at least one order, or an explained refusal."""

    ORDERS = "orders"
    REFUSED = "refused"


class Check(StrEnum):
    """Form of a value; `FORMS` has the test of each."""

    HASH = "hash"
    DRAW = "draw"
    MONDAY = "monday"
    MONDAY_OR_EMPTY = "monday_or_empty"
    DAY = "day"
    TIME = "time"
    INSTANT = "instant"
    SIGNATURE = "signature"
    OFFICER = "officer"
    OFFICER_OR_EMPTY = "officer_or_empty"
    SEATS = "seats"
    PARTY = "party"
    PARTIES = "parties"
    COUNT = "count"
    CAUSES = "causes"
    CASE = "case"
    NAME = "name"
    TEXT = "text"
    CONTINUES = "continues"
    DISTRICT = "district"
    RULES = "rules"
    FINDINGS = "findings"
    VALUE = "value"


Words = frozenset[str]
Rule = Check | Words

_SIGNATURE = re.compile(r"[A-Za-z0-9+/]{86}==")
_OFFICER = re.compile(r"[a-z0-9-]+/[0-9a-f]{8}")
_CONTINUES = re.compile(r"(?:[!-~]+ [1-9][0-9]* [A-Za-z0-9+/]{43}=)?")
_CASE = re.compile(r"[0-9a-f]{16}")
_VALUE = re.compile(r"[0-9]{1,15}")
_PRINTABLE = re.compile(r"[\x20-\x7e]*")
_MONDAY = 0
_CENTURY = "14"
"""Prefix of all years in a log; different calendar programs agree on this century."""
NO_VALUE = "none"
"""The value of a day on which the source published nothing."""


def is_day(value: object) -> bool:
    """Whether it is a real Jalali day of this century in the form `1405-09-16`."""
    return isinstance(value, str) and _weekday(value) is not None


def is_monday(value: object) -> bool:
    """Whether it is a real Jalali day that is a Monday."""
    return isinstance(value, str) and _weekday(value) == _MONDAY


@lru_cache(maxsize=4096)
def _weekday(text: str) -> int | None:
    """Return the weekday of a real Jalali day; None for any other text."""
    try:
        day = from_iso(text)
    except ValueError:
        return None
    return day.weekday() if text.startswith(_CENTURY) else None


def is_value(value: object) -> bool:
    """Whether it is a late value: ASCII digits without a leading zero, or `none`."""
    if value == NO_VALUE:
        return True
    if not isinstance(value, str) or _VALUE.fullmatch(value) is None:
        return False
    return value == "0" or not value.startswith("0")


def _matches(pattern: re.Pattern[str]) -> Callable[[object], bool]:
    return lambda value: isinstance(value, str) and pattern.fullmatch(value) is not None


def _is_draw(value: object) -> bool:
    return shape.is_draw(value) and is_monday(str(value)[4:])


def _is_causes(value: object) -> bool:
    return (
        isinstance(value, list)
        and bool(value)
        and all(shape.is_count(number) and number > 0 for number in value)
        and all(a < b for a, b in pairwise(value))
    )


def _is_seats(value: object) -> bool:
    return isinstance(value, list) and all(map(shape.is_start, value)) and shape.is_ascending(value)


def _is_parties(value: object) -> bool:
    return (
        isinstance(value, list) and all(map(shape.is_party, value)) and value == sorted(set(value))
    )


FORMS: Mapping[Check, Callable[[object], bool]] = {
    Check.HASH: shape.is_hash,
    Check.DRAW: _is_draw,
    Check.MONDAY: is_monday,
    Check.MONDAY_OR_EMPTY: lambda value: value == "" or is_monday(value),
    Check.DAY: is_day,
    Check.TIME: shape.is_start,
    Check.INSTANT: shape.is_moment,
    Check.SIGNATURE: lambda value: value == "" or _matches(_SIGNATURE)(value),
    Check.OFFICER: _matches(_OFFICER),
    Check.OFFICER_OR_EMPTY: lambda value: value == "" or _matches(_OFFICER)(value),
    Check.SEATS: _is_seats,
    Check.PARTY: shape.is_party,
    Check.PARTIES: _is_parties,
    Check.COUNT: shape.is_count,
    Check.CAUSES: _is_causes,
    Check.CASE: _matches(_CASE),
    Check.NAME: shape.is_name,
    Check.TEXT: _matches(_PRINTABLE),
    Check.CONTINUES: _matches(_CONTINUES),
    Check.DISTRICT: lambda value: shape.is_count(value) and value in range(1, 100),
    Check.RULES: lambda value: isinstance(value, dict),
    Check.FINDINGS: shape.is_count,
    Check.VALUE: is_value,
}


def _of(words: type[StrEnum]) -> Words:
    return frozenset(word.value for word in words)


def _one_of(*words: str) -> Words:
    return frozenset(words)


@dataclass(frozen=True, slots=True)
class Form:
    """Keys of a kind with the form of each value, and who attests the entry."""

    keys: Mapping[str, Rule]
    attested: tuple[Attestation, ...]


_K, _C, _W = Attestation.COMPUTED, Attestation.CITIZEN, Attestation.WITNESS
_TWO, _O, _S = Attestation.TWO_OFFICERS, Attestation.OFFICER, Attestation.CITY

_DRAW: Mapping[str, Rule] = {"draw": Check.DRAW}
_TICKET: Mapping[str, Rule] = {"ticket": Check.HASH}
_PLACE: Mapping[str, Rule] = {**_TICKET, **_DRAW, "time": Check.TIME}
_BECAUSE: Mapping[str, Rule] = {"because": Check.CAUSES}
_OFFICER_KEY: Mapping[str, Rule] = {"officer": Check.OFFICER}
_STATEMENT: Mapping[str, Rule] = {"monday": Check.MONDAY, "party": Check.PARTY}

BODIES: Mapping[Kind, Form] = {
    Kind.LOG_OPENED: Form({"origin": Check.TEXT, "continues": Check.CONTINUES}, (_S,)),
    Kind.RULES_PROPOSED: Form(
        {"from": Check.MONDAY, "hash": Check.HASH, "rules": Check.RULES, **_OFFICER_KEY}, (_O,)
    ),
    Kind.RULES_AGREED: Form({"hash": Check.HASH, **_OFFICER_KEY, **_BECAUSE}, (_O,)),
    Kind.RULES_SIGNED: Form(
        {**_STATEMENT, "hash": Check.HASH, "sig": Check.SIGNATURE, **_BECAUSE}, (_W,)
    ),
    Kind.RULES_ANNOUNCED: Form(
        {"from": Check.MONDAY, "hash": Check.HASH, "rules": Check.RULES}, (_O,)
    ),
    Kind.MONDAY_OPENED: Form(
        {
            **_DRAW,
            "rules_hash": Check.HASH,
            "seats": Check.SEATS,
            "why": _one_of("", "holiday", "late"),
        },
        (_K,),
    ),
    Kind.MONDAY_CLOSED: Form({**_DRAW, "why": _one_of("holiday", "closure", "late")}, (_O,)),
    Kind.MONDAY_NOT_HELD: Form(_DRAW, (_K,)),
    Kind.MONDAY_ENDED: Form(_DRAW, (_K,)),
    Kind.MONDAY_HELD: Form({**_DRAW, "by": _one_of("mayor", "deputy")}, (_O,)),
    Kind.LINE_CLOSED: Form({"monday": Check.MONDAY}, (_K,)),
    Kind.REVEALS_CLOSED: Form(
        {"monday": Check.MONDAY, "revealed": Check.PARTIES, "silent": Check.PARTIES}, (_K,)
    ),
    Kind.COMMITMENT: Form({**_STATEMENT, "commitment": Check.HASH, "sig": Check.SIGNATURE}, (_W,)),
    Kind.REVEAL: Form({**_STATEMENT, "value": Check.HASH}, (_W,)),
    Kind.VALUE: Form(
        {**_STATEMENT, "day": Check.DAY, "value": Check.VALUE, "sig": Check.SIGNATURE}, (_W,)
    ),
    Kind.VALUE_STANDS: Form(
        {"monday": Check.MONDAY, "day": Check.DAY, "value": Check.VALUE, **_BECAUSE}, (_K,)
    ),
    Kind.FREEZE: Form(
        {**_DRAW, "pool_root": Check.HASH, "rows": Check.COUNT, "file": Check.HASH, **_BECAUSE},
        (_K,),
    ),
    Kind.DRAW: Form(
        {
            **_DRAW,
            "seed": Check.HASH,
            "seated": Check.COUNT,
            "standby": Check.COUNT,
            "file": Check.HASH,
            **_BECAUSE,
        },
        (_K,),
    ),
    Kind.OBJECTION: Form(
        {
            **_DRAW,
            **_TICKET,
            "number": Check.COUNT,
            "outcome": _of(ObjectionOutcome),
            **_BECAUSE,
        },
        (_K,),
    ),
    Kind.FILED: Form(
        {
            **_TICKET,
            "district": Check.DISTRICT,
            "by": _one_of("citizen", "desk", "phone"),
            "level": _one_of("typed", "matched", "verified"),
            "prefers": Check.NAME,
        },
        (_S,),
    ),
    Kind.REDIRECTED: Form(
        {
            "old": Check.HASH,
            "new": Check.HASH,
            "district": Check.DISTRICT,
            **_OFFICER_KEY,
            **_BECAUSE,
        },
        (_O,),
    ),
    Kind.TAKEN_OUT: Form(
        {**_TICKET, "why": _of(TakenOut), "officer": Check.OFFICER_OR_EMPTY}, (_O, _C, _K)
    ),
    Kind.TAKEN_IN: Form({**_TICKET, "why": _of(TakenIn), **_BECAUSE}, (_S,)),
    Kind.MONDAY_EXCLUDED: Form({**_TICKET, "monday": Check.MONDAY}, (_C,)),
    Kind.MONDAY_INCLUDED: Form({**_TICKET, "monday": Check.MONDAY}, (_C,)),
    Kind.VERIFIED: Form({**_TICKET, "by": _one_of("sso", "desk")}, (_O,)),
    Kind.LANE_ASKED: Form({"case": Check.CASE, "lane": Check.NAME}, (_S,)),
    Kind.LANE_JUDGED: Form(
        {"case": Check.CASE, "verdict": _one_of("yes", "no"), **_OFFICER_KEY}, (_O,)
    ),
    Kind.LANE_GRANTED: Form({**_TICKET, "lane": Check.NAME, **_BECAUSE}, (_TWO,)),
    Kind.CONTESTED: Form({**_TICKET, **_BECAUSE}, (_S,)),
    Kind.CONTEST_JUDGED: Form(
        {**_TICKET, "verdict": _one_of("yes", "no"), **_OFFICER_KEY, **_BECAUSE}, (_O,)
    ),
    Kind.WEEKS_BACK: Form({**_TICKET, "waited": Check.COUNT, **_BECAUSE}, (_TWO,)),
    Kind.SEAT_GIVEN_UP: Form(
        {**_PLACE, "why": _of(GivenUp), "until": Check.MONDAY_OR_EMPTY}, (_C,)
    ),
    Kind.SEAT_CONFIRMED: Form(_PLACE, (_C,)),
    Kind.OFFER_ACCEPTED: Form(_PLACE, (_C,)),
    Kind.OFFER_REFUSED: Form(_PLACE, (_C,)),
    Kind.FREE_WANTED: Form({**_TICKET, **_DRAW}, (_C,)),
    Kind.TAKEN_FREE: Form(_PLACE, (_C,)),
    Kind.PRESENT: Form({**_TICKET, **_DRAW, "by": _one_of("citizen", "reception")}, (_O,)),
    Kind.OFFERED: Form({**_PLACE, "ends": Check.INSTANT, **_BECAUSE}, (_K,)),
    Kind.STOOD_IN: Form({**_PLACE, **_BECAUSE}, (_K,)),
    Kind.NOT_RECEIVED: Form({**_PLACE, **_BECAUSE}, (_K,)),
    Kind.NOT_CALLED: Form({**_PLACE, **_BECAUSE}, (_K,)),
    Kind.SEAT_LAPSED: Form(_PLACE, (_K,)),
    Kind.OFFER_UNANSWERED: Form(_PLACE, (_K,)),
    Kind.MET: Form(_PLACE, (_O,)),
    Kind.MEETING_RECORDED: Form(
        {
            **_PLACE,
            "began": Check.INSTANT,
            "ended": Check.INSTANT,
            "source": _of(RecordedBy),
            "outcome": _of(MeetingOutcome),
            **_OFFICER_KEY,
            **_BECAUSE,
        },
        (_O,),
    ),
    Kind.ARRIVAL: Form({**_PLACE, **_OFFICER_KEY}, (_O,)),
    Kind.ARRIVAL_UNDONE: Form({**_PLACE, **_OFFICER_KEY, **_BECAUSE}, (_O,)),
    Kind.NO_SHOW: Form({**_PLACE, **_OFFICER_KEY}, (_O,)),
    Kind.NO_SHOW_UNDONE: Form({**_PLACE, **_OFFICER_KEY, **_BECAUSE}, (_O,)),
    Kind.CAME_LATE: Form({**_PLACE, **_OFFICER_KEY, **_BECAUSE}, (_O,)),
    Kind.SKIP: Form({**_TICKET, **_DRAW, "reason": Check.NAME, **_OFFICER_KEY}, (_O,)),
    Kind.OUTAGE: Form({"from": Check.INSTANT, "until": Check.INSTANT}, (_S,)),
    Kind.AUDITED: Form(
        {"size": Check.COUNT, "findings": Check.FINDINGS, "report": Check.HASH}, (_K,)
    ),
    Kind.BOOKS_DIFFER: Form({**_DRAW, "report": Check.HASH}, (_K,)),
    Kind.AUDIENCE_OFF_SYSTEM: Form(
        {
            **_DRAW,
            "count": Check.COUNT,
            "by": _one_of("mayor", "deputy"),
            "corrects": Check.COUNT,
        },
        (_O,),
    ),
}
"""The exact keys of each kind of entry."""


def wrong_keys(kind: Kind, body: Mapping[str, object]) -> tuple[str, ...]:
    """Return the missing, unexpected and malformed keys of a body, sorted; empty if it is right."""
    form = BODIES[kind]
    wrong = {*form.keys} ^ {*body}
    for key, rule in form.keys.items():
        if key in body and not fits(rule, body[key]):
            wrong.add(key)
    return tuple(sorted(wrong))


def fits(rule: Rule, value: object) -> bool:
    """Whether a value has the form that the rule of its key demands."""
    if isinstance(rule, Check):
        return FORMS[rule](value)
    return isinstance(value, str) and value in rule
