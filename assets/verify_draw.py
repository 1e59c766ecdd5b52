#!/usr/bin/env python3
"""Offline auditor of the public log of Tehran's public meetings.

It needs Python 3.8 or newer, and no other package or network.

    python3 verify_draw.py everything.zip [--ticket TICKET] [--receipt FILE] [--key KEY] [--lang fa]
    python3 verify_draw.py DRAW.json...

everything.zip comes from the city's page /verify/. Any folder or zip with a copy of the log will
do, if it holds `checkpoint`, `notes`, `note/SIZE`, `tile/entries/...` and `draws/ID.json`. The
second form checks single draw files, each in itself and without the log.

- TICKET is the public pseudonym of one request. The program prints where it stands in each list.
- FILE is a receipt, or a checkpoint that somebody stored earlier. The program says whether the log
  still contains it.
- KEY is the city's public key as a witness, a poster or a newspaper shows it.

The exit code is 0 if everything is fine, 1 if something is wrong, 2 if the input cannot be read,
and 3 if nothing is wrong but no witness outside the city has signed.

How it works: `Audit` reads the entries of the log from the first to the last and computes
everything else from them: who is in the line, with how many weeks, every list, every draw and every
seat. `Books` compares the result with what the city published: signed notes, witnesses' signatures
and draw files. Whatever differs becomes a `Finding`. Its code is explained by `WORDS` below and in
docs/turns.md, section 6. Codes in `NOTES` are worth saying, but nobody's fault.

The program shares no code with the city's service. The rule that it checks is docs/turns.md of the
city's source. A section in parentheses, such as (section 1, Seats), is a section and heading of
that page. Some terms, explained there:

- Ticket: the pseudonym under which one request of one citizen stands in the log.
- Draw: the draw of one district for one Monday. Its id is `d06-1405-09-16`: the district and the
  Jalali date of the Monday.
- Week: one Monday of the whole city. Its 22 draws share one set of rules and one random value.
- Pool: the rows of a draw, which are fixed at its freeze. Standby: the rows that got no seat.
- Party: the city or a witness. Each of them contributes to the random value.
- Clock: the city's scheduler, which writes entries by itself when they are due.
"""

import argparse
import json
import re
import sys
import zipfile
import zlib
from base64 import b64decode, b64encode
from collections import Counter, defaultdict, namedtuple
from datetime import date
from hashlib import sha256, sha512
from heapq import heappop, heappush
from pathlib import Path

# ------------------------------------------------- the form of each kind of entry (section 5)

KINDS = """
log_opened origin=text continues=continues
rules_proposed from=monday hash=hash rules=rules officer=officer
rules_agreed hash=hash officer=officer because=causes
rules_signed monday=monday party=party hash=hash sig=sig because=causes
rules_announced from=monday hash=hash rules=rules
monday_opened draw=draw rules_hash=hash seats=seats why=|holiday|late
monday_closed draw=draw why=holiday|closure|late
monday_held draw=draw by=mayor|deputy
monday_not_held draw=draw
monday_ended draw=draw
line_closed monday=monday
reveals_closed monday=monday revealed=parties silent=parties
commitment monday=monday party=party commitment=hash sig=sig
reveal monday=monday party=party value=hash
value monday=monday day=day party=party value=value sig=sig
value_stands monday=monday day=day value=value because=causes
freeze draw=draw pool_root=hash rows=count file=hash because=causes
draw draw=draw seed=hash seated=count standby=count file=hash because=causes
objection draw=draw ticket=hash number=count outcome=listed|as_logged|changed|wronged because=causes
filed ticket=hash district=district by=citizen|desk|phone level=typed|matched|verified prefers=name
redirected old=hash new=hash district=district officer=officer because=causes
taken_out ticket=hash why=OUT officer=maybe_officer
taken_in ticket=hash why=given|objected|insisted|undone because=causes
monday_excluded ticket=hash monday=monday
monday_included ticket=hash monday=monday
verified ticket=hash by=sso|desk
lane_asked case=case lane=name
lane_judged case=case verdict=yes|no officer=officer
lane_granted ticket=hash lane=name because=causes
contested ticket=hash because=causes
contest_judged ticket=hash verdict=yes|no officer=officer because=causes
weeks_back ticket=hash waited=count because=causes
seat_given_up ticket=hash draw=draw time=time why=citizen|moved until=until
seat_confirmed ticket=hash draw=draw time=time
offer_accepted ticket=hash draw=draw time=time
offer_refused ticket=hash draw=draw time=time
offer_unanswered ticket=hash draw=draw time=time
free_wanted ticket=hash draw=draw
taken_free ticket=hash draw=draw time=time
seat_lapsed ticket=hash draw=draw time=time
met ticket=hash draw=draw time=time
meeting_recorded RECORD because=causes
present ticket=hash draw=draw by=citizen|reception
offered ticket=hash draw=draw time=time ends=instant because=causes
stood_in ticket=hash draw=draw time=time because=causes
not_received ticket=hash draw=draw time=time because=causes
not_called ticket=hash draw=draw time=time because=causes
arrival ticket=hash draw=draw time=time officer=officer
arrival_undone ticket=hash draw=draw time=time officer=officer because=causes
no_show ticket=hash draw=draw time=time officer=officer
no_show_undone ticket=hash draw=draw time=time officer=officer because=causes
came_late ticket=hash draw=draw time=time officer=officer because=causes
skip ticket=hash draw=draw reason=name officer=officer
outage from=instant until=instant
audited size=count findings=count report=hash
books_differ draw=draw report=hash
audience_off_system draw=draw count=count by=mayor|deputy corrects=count
"""
"""Each kind of entry, then the keys of its body, each with the form of its value (`FORMS`).

A form such as `yes|no` that `FORMS` does not name is the list of the allowed texts. RECORD and OUT
are abbreviations, which the lines below replace.
"""
RECORD = "ticket=hash draw=draw time=time began=instant ended=instant source=live|tablet|paper"
KINDS = KINDS.replace("RECORD", RECORD + " outcome=orders|refused officer=officer")
KINDS = KINDS.replace(
    "OUT", "info_asked|declined|answered|lapsed|settled|displaced|accepted|withdrawn"
)

# The machine of a seat: for each kind of entry the states in which it is allowed, and the state
# that follows. "over" means that the seat ends with its Monday (section 1, the table of machines).
SEAT = {
    "seat_confirmed": ("given", "confirmed"),
    "seat_given_up": ("given confirmed", "free"),
    "seat_lapsed": ("given", "free"),
    "offer_accepted": ("offered", "confirmed"),
    "offer_refused": ("offered", "free"),
    "offer_unanswered": ("offered", "free"),
    "arrival": ("given confirmed", "arrived"),
    "arrival_undone": ("arrived", "confirmed"),
    "no_show": ("confirmed arrived", "missed"),
    "met": ("arrived", "met"),
    "not_received": ("given confirmed arrived", "over"),
    "not_called": ("given confirmed", "over"),
}
# The machine of a ticket. For each `why` of `taken_out`: the states in which it is allowed, the
# state that follows, and whose step it is. "in" is in the line, "out" is out of it but may return,
# and "gone" is over.
LEAVES = {
    "info_asked": ("in", "out", "officer"),
    "declined": ("in", "out", "officer"),
    "answered": ("in", "out", "officer"),
    "lapsed": ("out", "gone", "clock"),
    "settled": ("out", "gone", "clock"),
    "displaced": ("in", "gone", "clock"),
    "accepted": ("in out", "gone", "citizen"),
    "withdrawn": ("in out", "gone", "citizen"),
}
# For each `why` of `taken_in`: which `taken_out` it answers or takes back.
COMES_BACK = {"given": ["info_asked"], "objected": ["declined"], "insisted": ["answered"]}
COMES_BACK["undone"] = ["withdrawn", "accepted"]
# Seconds within which a displaced ticket may come back: 1344 hours (section 1, Undoing).
RECLAIMED = 8 * 7 * 86400
# The kinds that may be named as the reason why a ticket is not in a list (section 1, The draw).
KEEPS_OUT = "monday_excluded taken_out redirected seat_given_up filed no_show met draw"
KEEPS_OUT = {*KEEPS_OUT.split(), "seat_confirmed", "offer_accepted", "taken_free"}
# Which `taken_out` must come before these two (section 1, Tickets).
AFTER = {"lapsed": ["info_asked"], "settled": ["declined", "answered"]}

# Seconds: Tehran is 3:30 hours ahead of UTC.
TEHRAN, MINUTE, HOUR, DAY = 12600, 60, 3600, 86400
# LATE: seconds that an entry of the clock may be late. SKEW: seconds by which the city's clock may
# differ from a witness's. MOST: the first number too large for an entry. SLIP: seconds within which
# reception may undo an arrival or a no-show.
LATE, SKEW, MOST, SLIP = 600, 300, 2**53, 10
LOT, SEED, SAID = "publicmeeting/lot/v1", "publicmeeting/seed/v2", "publicmeeting/said/v1"
# The moments that every version of the rules sets under `week` (section 2).
TIMES = "opens filing_closes freeze objections_until reveals_from reveals_until answer_by"
TIMES = [*TIMES.split(), "standby_until"]
# A freeze that comes too late moves these moments of its week (section 2, "Late city").
SHIFTED = {"reveals_from", "reveals_until"}
# How many days before the Monday each possible day of the late value lies.
DAYS = {"wed": 5, "thu": 4, "fri": 3, "sat": 2, "sun": 1}
# Findings that are worth saying but nobody's fault; they do not make the exit code 1.
NOTES = {"cosigned_late", "unwitnessed", "late", "silent", "value_disputed", "no_late_value"}

DEEPEST, LARGEST = 200, 64 * 2**20
"""Limits against hostile input: deepest nesting of lists and objects, and most bytes of a file."""

HEX, NAME = "[0-9a-f]{64}", "[a-z][a-z0-9_-]*"
CLOCK = "([01][0-9]|2[0-3]):[0-5][0-9]"
INSTANT = "20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z"


def sha(*parts):
    """Return the hex SHA-256 of the parts, joined by line feeds (section 3)."""
    return sha256("\n".join(parts).encode()).hexdigest()


def canonical(value):
    """Return a value as canonical JSON: sorted keys, no spaces, no ASCII escaping (section 3)."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


# ------------------------------------------------------------------------------- days and moments
#
# A day is its ordinal, as `date.toordinal` counts. A moment is a number of seconds since 1970 in
# UTC. The table holds every day of the Jalali years 1390 to 1500.

JALALI = {}  # "1405-09-16" → ordinal of that day
_ordinal = date(2011, 3, 21).toordinal()  # 1390-01-01
for _year in range(1390, 1501):
    for _month in range(1, 13):
        _leap = (25 * _year + 11) % 33 < 8
        for _day in range(1, 32 if _month < 7 else 31 if _month < 12 or _leap else 30):
            JALALI["%04d-%02d-%02d" % (_year, _month, _day)] = _ordinal
            _ordinal += 1
ORDINAL = {ordinal: name for name, ordinal in JALALI.items()}
EPOCH = date(1970, 1, 1).toordinal()


def moment(ordinal, clock="00:00"):
    """Return the moment at which clocks in Tehran show `clock` (HH:MM) on a day."""
    return (ordinal - EPOCH) * DAY + int(clock[:2]) * HOUR + int(clock[3:]) * MINUTE - TEHRAN


def tehran_day(seconds):
    """Return the day in Tehran on which a moment lies."""
    return (seconds + TEHRAN) // DAY + EPOCH


def instant(text):
    """Return the moment of a text such as `2026-11-28T20:30:00Z`, or None if it does not exist."""
    try:
        whole = date.fromisoformat(text[:10]).toordinal()
        hours, minutes, seconds = int(text[11:13]), int(text[14:16]), int(text[17:19])
    except ValueError:
        return None
    if hours > 23 or minutes > 59 or seconds > 59:
        return None
    return (whole - EPOCH) * DAY + hours * HOUR + minutes * MINUTE + seconds


def utc(seconds):
    """Return a moment as text in UTC, the inverse of `instant`."""
    days, rest = divmod(seconds, DAY)
    days = min(days, date.max.toordinal() - EPOCH)  # a witness may sign any number
    day = date.fromordinal(days + EPOCH).isoformat()
    return "%sT%02d:%02d:%02dZ" % (day, rest // HOUR, rest // MINUTE % 60, rest % 60)


# ---------------------------------------------------- forms of values in entries (section 5)


def is_count(value):
    """Return whether a value is a whole number from 0 to 2^53 - 1; True and False are none."""
    return type(value) is int and 0 <= value < MOST


def text_form(pattern):
    """Return a check whether a value is a text that matches the whole pattern."""
    fits = re.compile(pattern).fullmatch
    return lambda value: type(value) is str and fits(value) is not None


def is_day(value):
    """Return whether a value is an existing Jalali date of the years 1400 to 1499."""
    return type(value) is str and value in JALALI and value[:2] == "14"


def is_monday(value):
    """Return whether a value is a Jalali date that is a Monday."""
    return is_day(value) and JALALI[value] % 7 == 1


def ascending(value, fits):
    """Return whether a value is a list of fitting items in strictly ascending order."""
    is_list = type(value) is list and all(map(fits, value))
    return is_list and all(one < two for one, two in zip(value, value[1:]))


is_time, is_party, is_hash = text_form(CLOCK), text_form("[a-z][a-z0-9-]*"), text_form(HEX)
is_name = text_form(NAME)
# Name of a form in `KINDS` → the check of a value.
FORMS = {
    "text": text_form("[ -~]*"),
    "continues": text_form("|[!-~]+ [1-9][0-9]* [A-Za-z0-9+/]{43}="),
    "monday": is_monday,
    "until": lambda value: value == "" or is_monday(value),
    "day": is_day,
    "hash": is_hash,
    "draw": lambda value: bool(text_form("d[0-9]{2}-.{10}")(value)) and is_monday(value[4:]),
    "district": lambda value: is_count(value) and 0 < value < 100,
    "seats": lambda value: ascending(value, is_time),
    "parties": lambda value: ascending(value, is_party),
    "causes": lambda value: ascending(value, is_count) and value != [] and value[0] > 0,
    "party": is_party,
    "sig": text_form("|[A-Za-z0-9+/]{86}=="),
    "value": text_form("none|0|[1-9][0-9]{0,14}"),
    "count": is_count,
    "name": is_name,
    "officer": text_form("[a-z0-9-]+/[0-9a-f]{8}"),
    "maybe_officer": text_form("|[a-z0-9-]+/[0-9a-f]{8}"),
    "case": text_form("[0-9a-f]{16}"),
    "time": is_time,
    "instant": lambda value: bool(text_form(INSTANT)(value)) and instant(value) is not None,
    "rules": lambda value: type(value) is dict,
}


def form_of(name):
    """Return the check of a form: one of `FORMS`, or the texts that the form itself lists."""
    return FORMS[name] if name in FORMS else text_form(name)


# Kind of an entry → key of its body → the check of the value.
BODIES = {}
for _line in KINDS.split("\n"):
    if _line:
        _kind, *_keys = _line.split(" ")
        BODIES[_kind] = {key: form_of(form) for key, form in (one.split("=", 1) for one in _keys)}


def has_only_texts_and_counts(value):
    """Return whether rules hold nothing but texts, counts, lists and objects (section 1, Rules)."""
    if type(value) is dict:
        return all(has_only_texts_and_counts(one) for one in value.values())
    if type(value) is list:
        return all(map(has_only_texts_and_counts, value))
    return type(value) is str or is_count(value)


def may_stand(value):
    """Return whether an entry may hold a value: printable ASCII, counts, lists and objects."""
    if type(value) is dict:
        return all(map(may_stand, (*value, *value.values())))
    if type(value) is list:
        return all(map(may_stand, value))
    return is_count(value) or (type(value) is str and not re.search("[^ -~]", value))


def is_deep(value, most=DEEPEST):
    """Return whether lists and objects are nested deeper than `most`."""
    inside = value.values() if type(value) is dict else value if type(value) is list else ()
    return not most or any(is_deep(one, most - 1) for one in inside)


def rules_fault(rules):
    """Return the first key of the rules that is missing or out of form, or "" if there is none.

    Rules that do not have every key of this table are no rules: `malformed` (section 1, Rules).
    """
    border = text_form(CLOCK + "|24:00")

    def has(value, **forms):
        return type(value) is dict and all(key in value and forms[key](value[key]) for key in forms)

    def named(value, fits):
        return type(value) is dict and all(is_name(one) and fits(value[one]) for one in value)

    def is_window(value):
        return type(value) is list and len(value) == 2 and all(map(border, value))

    def is_week(value):
        clocks = has(value, value_from=is_clock, value_until=is_clock)
        return clocks and all(name in value and is_moment(value[name]) for name in TIMES)

    def is_moment(value):
        return has(value, days_before=few, at=border)

    def is_clock(value):
        return has(value, at=border)

    def is_witness(value):
        return has(value, party=is_party, org=is_text, vkey=is_key, url=is_text)

    def is_key(value):
        key = is_text(value) and read_key(value)
        return bool(key) and key.kind in (1, 4)

    def are_keys(value):
        return type(value) is list and all(map(is_key, value))

    def few(value):
        return is_count(value) and value < 367

    def is_text(value):
        return type(value) is str

    def is_days(value):
        return (
            type(value) is list
            and value != []
            and all(is_before(*two) for two in zip([None, *value], value))
        )

    def is_before(one, other):
        return other in DAYS and (one is None or DAYS[one] > DAYS[other])

    def is_kind(value):
        return value in ("published", "dice")

    checks = {
        "version": is_count,
        "lanes": lambda one: named(one, is_count),
        "windows": lambda one: named(one, is_window),
        "slot_minutes": few,
        "offers": lambda one: has(one, hours=few, until=border, **{"from": is_time}),
        "week": is_week,
        "log": lambda one: has(one, origin=is_text, keys=are_keys),
        "witnesses": lambda one: type(one) is list and all(map(is_witness, one)),
        "late_value": lambda one: has(one, kind=is_kind, days=is_days, session=is_time),
    }
    for key, fits in checks.items():
        try:
            if key not in rules or not fits(rules[key]):
                return key
        except (TypeError, ValueError, AttributeError):
            return key
    return ""


def too_short(rules):
    """Return the first part of the week that is shorter than allowed, or "" (`rules_short`).

    The least lengths are fixed for every version of the rules (section 2, Bounds of the rules).
    """
    lengths = lengths_of(rules)
    return next((name for name, least in LEAST.items() if lengths[name] < least), "")


def too_long(rules):
    """Return the key of the rules that is longer than allowed, or "" (`rules_long`).

    A Monday opens at most 42 days ahead, an offer runs at most 12 hours, and a meeting takes at
    most 60 minutes (section 2, Bounds of the rules).
    """
    opens = rules["week"]["opens"]
    minutes = opens["days_before"] * 1440 - int(opens["at"][:2]) * 60 - int(opens["at"][3:])
    if minutes > 42 * 1440:
        return "opens"
    if rules["offers"]["hours"] > 12:
        return "offers.hours"
    return "slot_minutes" if rules["slot_minutes"] > 60 else ""


def lengths_of(rules):
    """Return the minutes of each part of the week in which somebody must be able to act.

    The keys are those of `LEAST`. Moments are minutes relative to the Monday's midnight.
    """
    week, offers = rules["week"], rules["offers"]

    def clock(text):
        return int(text[:2]) * 60 + int(text[3:])

    def at(name):
        return clock(week[name]["at"]) - week[name]["days_before"] * 1440

    # Minutes between 8:00 and 22:00 that have passed by then. The city sends no messages at night,
    # so hours of the night give nobody time to act.
    def by_day(minute):
        return minute // 1440 * 840 + min(max(minute % 1440, 480), 1320) - 480

    # Zero if the hours of offers include any of the night: an offer would run out unheard.
    def of_offers(since, until):
        return until - since if since >= 480 and until <= 1320 else 0

    drawn = clock(week["value_until"]["at"]) - DAYS[rules["late_value"]["days"][0]] * 1440
    return {
        "filing": at("filing_closes") - at("opens"),
        "objections": by_day(at("objections_until")) - by_day(at("freeze")),
        "reveals": at("reveals_until") - at("reveals_from"),
        "value": clock(week["value_until"]["at"]) - clock(week["value_from"]["at"]),
        "answer": at("answer_by") - drawn,
        "standby": by_day(at("standby_until")) - by_day(at("answer_by")),
        "offers": of_offers(clock(offers["from"]), clock(offers["until"])),
        "meeting": rules["slot_minutes"],
    }


LEAST = {
    "filing": 7 * 1440,
    "objections": 240,
    "reveals": 60,
    "value": 60,
    "answer": 1440,
    "standby": 240,
    "offers": 360,
    "meeting": 10,
}
"""Least minutes of each part of the week, the same for every version of the rules (section 2)."""


def weaker(old, new):
    """Return what makes one version of the rules weaker than the version before it, or "".

    Any change of the witnesses or of one of these keys counts as weaker. Such rules need a second
    officer and a witness (section 2, Bounds of the rules).
    """
    was, now = (set(map(canonical, rules["witnesses"])) for rules in (old, new))
    if was != now:
        return "witnesses"
    keys = ("late_value", "lanes", "offers", "week")
    return next((key for key in keys if canonical(old[key]) != canonical(new[key])), "")


# --------------------------------------------------------------------- Ed25519 (RFC 8032), by hand
#
# Python's standard library has no Ed25519. Points of the curve are (X, Y, Z, T) in extended
# coordinates: x = X/Z, y = Y/Z, xy = T/Z.

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
D2, ROOT_OF_MINUS_ONE = 2 * D % P, pow(2, (P - 1) // 4, P)


def point_add(one, two):
    """Return the sum of two points of the curve."""
    x1, y1, z1, t1 = one
    x2, y2, z2, t2 = two
    a, b = (y1 - x1) * (y2 - x2) % P, (y1 + x1) * (y2 + x2) % P
    c, d = t1 * t2 * D2 % P, 2 * z1 * z2 % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def point_read(data):
    """Return the point that 32 bytes encode, or None if they encode none."""
    number = int.from_bytes(data, "little")
    sign, y = number >> 255, number & (2**255 - 1)
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_ONE % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P


def table_of(point):
    """Return 64 rows of 16 multiples of a point, so that a product needs only 64 additions."""
    rows = []
    for _ in range(64):
        row = [(0, 1, 1, 0)]
        for _ in range(15):
            row.append(point_add(row[-1], point))
        rows.append(row)
        point = point_add(row[-1], point)
    return rows


def times(table, number, total):
    """Return `total` plus `number` times the point of a table."""
    for row in table:
        total = point_add(total, row[number & 15]) if number & 15 else total
        number >>= 4
    return total


BASE_Y = 4 * pow(5, P - 2, P) % P
TABLES = {}  # "base" or a public key → its table; None for a key that is no point


def is_signed(public, message, signature):
    """Return whether an Ed25519 signature of 64 bytes over a message is by this public key."""
    if "base" not in TABLES:
        TABLES["base"] = table_of(point_read(BASE_Y.to_bytes(32, "little")))
    if public not in TABLES:
        point = point_read(public)
        TABLES[public] = point and table_of((P - point[0], point[1], 1, P - point[3]))
    scalar = int.from_bytes(signature[32:], "little")
    if TABLES[public] is None or len(signature) != 64 or scalar >= ORDER:
        return False
    digest = sha512(signature[:32] + public + message).digest()
    total = times(TABLES["base"], scalar, (0, 1, 1, 0))
    total = times(TABLES[public], int.from_bytes(digest, "little") % ORDER, total)
    inverse = pow(total[2], P - 2, P)
    x, y = total[0] * inverse % P, total[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little") == signature[:32]


# A public key as notes name it: its name, its id (4 bytes), and its type (1 signs, 4 cosigns).
Key = namedtuple("Key", "name id kind public")


def read_key(text):
    """Return the `Key` of a text `name+id+base64`, or None if it is none or has another id."""
    match = re.fullmatch(r"([!-*,-~]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]{44})", str(text))
    if not match:
        return None
    data = b64decode(match[3])
    identity = sha256(match[1].encode() + b"\n" + data).digest()[:4]
    return Key(match[1], identity, data[0], data[1:]) if identity.hex() == match[2] else None


# ---------------------------------------------------------- tree, notes and tiles (section 5)


def leaf(data):
    """Return the hash of one entry as a leaf of the tree."""
    return sha256(b"\0" + data).digest()


def roots_at(entries, sizes):
    """Return the tree's root (RFC 9162, 2.1.1) at each asked size, in one pass over the entries.

    `parts` holds the roots of the complete subtrees so far, the largest first.
    """
    parts, found, wanted = [], {0: sha256(b"").digest()}, set(sizes)
    for number, entry in enumerate(entries, 1):
        parts.append(leaf(entry))
        for _ in range((number & -number).bit_length() - 1):
            right = parts.pop()
            parts[-1] = sha256(b"\1" + parts[-1] + right).digest()
        if number in wanted:
            root = parts[-1]
            for part in reversed(parts[:-1]):
                root = sha256(b"\1" + part + root).digest()
            found[number] = root
    return found


def tree_hash(texts):
    """Return the hex root of the tree over some texts."""
    return roots_at([text.encode() for text in texts], [len(texts)])[len(texts)].hex()


def unpacked(text):
    """Return the bytes of base64 in its one canonical spelling, or None.

    Python versions differ in what other spellings they accept.
    """
    try:
        data = b64decode(text, validate=True)
    except ValueError:
        return None
    return data if b64encode(data).decode() == text else None


def is_said(key, lines, sig):
    """Return whether a key signed these lines; `sig` is the base64 of the log, empty for none."""
    signed = unpacked(sig)
    text = "".join(line + "\n" for line in lines).encode()
    return bool(signed) and is_signed(key.public, text, signed)


Note = namedtuple("Note", "text signatures")


def read_note(data):
    """Return the `Note` of a signed note, or None if the bytes are none (C2SP signed-note).

    `signatures` holds a pair of signer's name and bytes for each signature line: four bytes of key
    id, then the signature.
    """
    try:
        whole = data.decode("utf-8")
    except UnicodeDecodeError:
        return None
    text, cut, tail = whole.rpartition("\n\n")
    lines = tail.split("\n")
    if not cut or lines[-1] != "" or len(lines) < 2 or re.search("[\0-\t\v-\37]", whole):
        return None
    found = []
    for line in lines[:-1]:
        match = re.fullmatch(r"— (\S+) ([A-Za-z0-9+/]+={0,2})", line)
        if not match or "+" in match[1]:
            return None
        signed = unpacked(match[2])
        if signed is None or len(signed) < 5:
            return None
        found.append((match[1], signed))
    return Note(text + "\n", found)


def read_checkpoint(text):
    """Return origin, size and root of a checkpoint's text, or None if it is none."""
    lines = text.split("\n")
    if len(lines) != 4 or lines[3] or not re.fullmatch("0|[1-9][0-9]{0,15}", lines[1]):
        return None
    root = unpacked(lines[2]) if len(lines[2]) == 44 else None
    return None if root is None or len(root) != 32 else (lines[0], int(lines[1]), root)


def tile_path(number, width=256):
    """Return the path of a tile: `x001/234`, with `.p/WIDTH` if it is not full (C2SP)."""
    digits = "%03d" % number
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    parts = [digits[at : at + 3] for at in range(0, len(digits), 3)]
    path = "/".join(["x" + part for part in parts[:-1]] + parts[-1:])
    return path if width == 256 else "%s.p/%d" % (path, width)


# What the standard library raises for files that are cut off, damaged or hostile.
BROKEN = (OSError, EOFError, RuntimeError, ValueError, zlib.error, zipfile.BadZipFile)


class UnreadableError(Exception):
    """The input cannot be read at all. Arguments: a key of `WORDS` and what it is about."""


def read_some(opened):
    """Return the bytes of one opened file, at most `LARGEST`.

    A small archive may hold a file that no memory can hold.
    """
    with opened as file:
        data = file.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise ValueError("too large")
    return data


def unpacked_file(data):
    """Return a file's bytes, unpacked if they are still in gzip as the city sends tiles."""
    if data[:2] != b"\x1f\x8b":
        return data
    packed = zlib.decompressobj(31)
    whole = packed.decompress(data, LARGEST)
    if not packed.eof or packed.unused_data:
        raise ValueError("too large, or not all of it")
    return whole


def plain(text):
    """Return a name that is safe to print.

    Characters that steer a terminal or change the order of writing are escaped.
    """
    return "".join(one if one.isprintable() else json.dumps(one)[1:-1] for one in str(text))


class Folder:
    """A copy of the log: a folder, or a zip of one, with whatever else lies around it.

    `files` maps each path to a function that reads it. `top` is the folder in which `checkpoint`
    lies.
    """

    def __init__(self, path):
        """List the files of a folder or zip; raise an error if two readers might differ."""
        self.files = {}
        if path.is_dir():
            found = {one.relative_to(path).as_posix(): one for one in path.rglob("*")}
            self.files = {
                name: lambda one=one: read_some(one.open("rb"))
                for name, one in found.items()
                if one.is_file()
            }
        elif path.is_file():
            try:
                whole = zipfile.ZipFile(str(path))
            except BROKEN as error:
                raise UnreadableError("cut_off", str(path)) from error
            parts = [part for part in whole.infolist() if not part.filename.endswith("/")]
            # A zip may hold two parts of one name, of which another program would unpack the other.
            # Compression methods other than these two raise different errors in each Python.
            ways = {part.compress_type for part in parts} - {
                zipfile.ZIP_STORED,
                zipfile.ZIP_DEFLATED,
            }
            self.files = {
                part.filename: lambda part=part: read_some(whole.open(part)) for part in parts
            }
            if ways or len(self.files) < len(parts):
                raise UnreadableError("cut_off", str(path))
        else:
            raise UnreadableError("no_folder", str(path))
        heads = [name for name in self.files if name.split("/")[-1] == "checkpoint"]
        heads.sort(key=len)
        # Of two checkpoints at the same depth, another reader might take the other.
        if len(heads) > 1 and len(heads[0]) == len(heads[1]):
            raise UnreadableError("cut_off", heads[1])
        self.top = heads[0][: -len("checkpoint")] if heads else ""
        self.has_log = bool(heads)

    def read(self, name):
        """Return the unpacked bytes of one path of the log, or None if the copy lacks it."""
        if self.top + name not in self.files:
            return None
        try:
            return unpacked_file(self.files[self.top + name]())
        except BROKEN as error:
            raise UnreadableError("cut_off", name) from error

    def draws(self):
        """Yield name and object of every draw file, wherever it lies in the copy.

        A copy with two files of one draw is refused: a person who opens a file herself might read
        the other one.
        """
        seen = set()
        for name in sorted(self.files):
            if re.search(r"(^|/)d[0-9]{2}-[0-9-]{10}\.json$", name):
                draw = name.split("/")[-1]
                if draw in seen:
                    raise UnreadableError("cut_off", name)
                seen.add(draw)
                yield name, read_json(self.files[name], name)

    def entries(self, size):
        """Return the first `size` entries, read from bundles of 256.

        Each entry of a bundle has its length before it, in two bytes.
        """
        found = []
        for number in range(-(-size // 256)):
            width = min(256, size - number * 256)
            paths = [
                "tile/entries/" + tile_path(number, width),
                "tile/entries/" + tile_path(number),
            ]
            data = next((one for one in map(self.read, paths) if one is not None), None)
            if data is None:
                raise UnreadableError("tile_missing", paths[0])
            at = 0
            for _ in range(width):
                length = int.from_bytes(data[at : at + 2], "big")
                entry = data[at + 2 : at + 2 + length]
                if not length or len(entry) < length:
                    raise UnreadableError("cut_off", paths[0])
                found.append(entry)
                at += 2 + length
        return found


def read_json(read, name):
    """Return the object of one JSON file, read strictly.

    Two languages may read some numbers differently: floats and numbers of 18 digits or more. They
    become a complex number, which fits no form. An object that has one key twice becomes one too,
    because each reader might see another value.
    """

    def odd(_):
        return complex(0)

    def whole(text):
        return int(text) if len(text) < 18 else complex(0)

    def once(pairs):
        return complex(0) if len(dict(pairs)) < len(pairs) else dict(pairs)

    try:
        found = json.loads(
            unpacked_file(read()).decode("utf-8"),
            object_pairs_hook=once,
            parse_float=odd,
            parse_constant=odd,
            parse_int=whole,
        )
        if is_deep(found):
            raise ValueError("too deep")
    except (RecursionError, *BROKEN) as error:
        raise UnreadableError("cut_off", name) from error
    return found


# ------------------------------------------- one draw file, checked in itself (sections 3, 4)


def row_text(row):
    """Return the text of a pool's row, under which it is sorted and hashed (section 3)."""
    return "{ticket}|{lane}|{waited}|{debt}|{prefers}".format(**row)


def pool_root(draw, rules_hash, seats, rows):
    """Return the pool root: the tree's root over the head text and the sorted rows (section 3)."""
    head = "|".join([draw, rules_hash, ",".join(seats)])
    return tree_hash([head, *sorted(map(row_text, rows))])


def give(file):
    """Return who has which seat, and the standby (section 3, "Order of giving").

    First come rows with a debt, by lot. Then comes each lane, by lot, up to its quota. Then comes
    the line, by weeks waited and then by lot.
    """
    rows, rules, seed, free = file["pool"], file["rules"], file["seed"], list(file["seats"])

    def by_lot(stage, some):
        return sorted(some, key=lambda row: sha(LOT, seed, stage, row["ticket"]) + row["ticket"])

    steps = [("debt", by_lot("debt", [row for row in rows if row["debt"]]), len(free))]
    for lane, quota in sorted(rules["lanes"].items()):
        mine = [row for row in rows if row["lane"] == lane]
        steps.append(("lane:" + lane, by_lot("lane:" + lane, mine), quota))
    line = sorted(by_lot("line", rows), key=lambda row: -row["waited"])
    seated, done = [], set()
    for why, some, quota in [*steps, ("line", line, len(free))]:
        left = [row for row in some if row["ticket"] not in done]
        for row in left[: min(quota, len(free))]:
            windows = {} if row["prefers"] == "any" else rules["windows"]
            start, end = windows.get(row["prefers"], ("00:00", "24:00"))
            time = next((seat for seat in free if start <= seat < end), free[0])
            free.remove(time)
            done.add(row["ticket"])
            seated.append({"ticket": row["ticket"], "time": time, "why": why})
    standby = [row["ticket"] for row in line if row["ticket"] not in done]
    return {"seated": seated, "standby": standby}


def seed_of(file):
    """Return the seed of the lots, from commitments, reveals and the late value (section 3)."""
    sealed = sorted("%s:%s" % one for one in file["commitments"].items())
    shown = sorted("%s:%s" % one for one in file["reveals"].items())
    parts = [file["draw"], file["pool_root"], str(len(sealed)), *sealed, str(len(shown)), *shown]
    return sha(SEED, *parts, file["late_day"], file["late_value"])


# The keys of a draw file in each of its three states.
OPEN = ["draw", "district", "rules", "rules_hash", "seats", "commitments"]
FROZEN = [*OPEN, "pool", "pool_root"]
DRAWN = [*FROZEN, "reveals", "late_day", "late_value", "seed", "seated", "standby"]
ROW = {"ticket": is_hash, "lane": is_name, "waited": is_count, "prefers": is_name}
ROW["debt"] = lambda value: type(value) is int and value in (0, 1)


def is_plain(value):
    """Return whether a value is a text without line feeds and without halves of surrogate pairs."""
    return type(value) is str and not re.search("[\n\ud800-\udfff]", value)


def is_canonical(value):
    """Return whether two languages write a value as the same canonical JSON.

    It may hold whole numbers, texts without halves of surrogate pairs, booleans and null.
    """
    if type(value) is dict:
        return all(is_canonical(one) for pair in value.items() for one in pair)
    if type(value) is list:
        return all(map(is_canonical, value))
    if type(value) is str:
        return not re.search("[\ud800-\udfff]", value)
    return value is None or type(value) is bool or (type(value) is int and abs(value) < MOST)


def wrong_rules(rules):
    """Return where a draw cannot read its rules: [""] is the whole, [".lanes"] one key."""
    border = text_form(CLOCK + "|24:00")

    def is_window(value):
        return type(value) is list and len(value) == 2 and all(map(border, value))

    if type(rules) is not dict or not is_canonical(rules):
        return [""]
    if not is_count(rules.get("version")):
        return [".version"]
    for key, fits in (("lanes", is_count), ("windows", is_window)):
        named = rules.get(key)
        if type(named) is not dict or not all(is_name(one) and fits(named[one]) for one in named):
            return ["." + key]
    return []


# Each of the next three makes a check, which returns the wrong places of a value as suffixes of its
# key: "" for the whole value, "[3]" for an item, ".city" for a party's.


def one(fits):
    """Return a check of one value as a whole."""
    return lambda value: [] if fits(value) else [""]


def each(fits):
    """Return a check of a list, item by item."""

    def places(value):
        if type(value) is not list:
            return [""]
        return ["[%d]" % at for at, item in enumerate(value) if not fits(item)]

    return places


def by_party(fits):
    """Return a check of an object whose keys are parties."""

    def places(value):
        if type(value) is not dict:
            return [""]
        return ["." + name for name in value if not (is_party(name) and fits(value[name]))]

    return places


def of_keys(**forms):
    """Return a check of an object that has exactly these keys, each with its own form."""

    def fits(value):
        is_whole = type(value) is dict and value.keys() == forms.keys()
        return is_whole and all(forms[key](value[key]) for key in forms)

    return fits


def is_text(value):
    """Return whether a value is a text."""
    return type(value) is str


# Key of a draw file → the check that returns its wrong places.
IN_FILE = {
    "draw": one(text_form("d[0-9]{2}-[0-9]{4}-[0-9]{2}-[0-9]{2}")),
    "district": one(is_count),
    "rules": wrong_rules,
    "rules_hash": one(is_hash),
    "seats": lambda value: each(is_time)(value) or one(FORMS["seats"])(value),
    "commitments": by_party(is_hash),
    "pool": each(of_keys(**ROW)),
    "pool_root": one(is_hash),
    "reveals": by_party(is_plain),
    "late_day": one(is_day),
    "late_value": one(FORMS["value"]),
    "seed": one(is_hash),
    "seated": each(of_keys(ticket=is_text, time=is_text, why=is_text)),
    "standby": each(is_hash),
}


def check_file(file):
    """Return pairs of code and place, one for each fault of one draw file in itself.

    A file that is out of its form is not computed again: `not_a_file`, `key_missing`,
    `key_too_many` and `malformed` come alone.
    """
    if type(file) is not dict:
        return [("not_a_file", "")]
    keys = OPEN
    for further in (FROZEN, DRAWN):
        keys = further if {*file} & ({*further} - {*keys}) else keys
    wrong = [("key_missing", key) for key in keys if key not in file]
    wrong += [("key_too_many", key) for key in file if key not in keys]
    for key in keys:
        wrong += [
            ("malformed", key + at) for at in (IN_FILE[key](file[key]) if key in file else [])
        ]
    return wrong or list(recomputed(file))


def found_in(file, draw):
    """Yield the faults of one draw file as findings about its draw."""
    for code, place in check_file(file):
        part = place.split(".", 1)[1] if place.startswith(("reveals.", "pool.")) else ""
        yield Finding(code, 0, draw, part, place)


def recomputed(file):
    """Yield the faults of a well-formed draw file, computing each part from published ones.

    Each value is computed from the published values before it, so that one fault is named once,
    where it was made. A changed pool, for example, gives `pool_root_differs` but not also
    `seed_differs`.
    """
    sealed, shown, pool = file["commitments"], file.get("reveals", {}), file.get("pool", [])
    rows, follows = [row_text(row) for row in pool], {}
    if "city" not in sealed:
        yield "city_commitment_missing", "commitments"
    if rows != sorted(rows):
        yield "pool_not_sorted", "pool"
    twice = [name for name, often in Counter(row[:64] for row in rows).items() if often > 1]
    yield from (("ticket_twice", "pool." + name) for name in twice)
    follows["district"] = int(file["draw"][1:3])
    follows["rules_hash"] = sha(canonical(file["rules"]))
    if "pool" in file:
        facts = (file["draw"], file["rules_hash"], file["seats"], pool)
        follows["pool_root"] = pool_root(*facts)
    for party in shown:
        if sealed.get(party) != sha("publicmeeting/commit/v1", party, shown[party]):
            code = "reveal_differs" if party in sealed else "reveal_uncommitted"
            yield code, "reveals." + party
    if "seed" in file:
        follows["seed"] = seed_of(file)
        follows.update({} if twice else give(file))
    yield from ((key + "_differs", key) for key in follows if file[key] != follows[key])


# ------------------------------------------- what follows from the entries of the log (section 1)

# `seq` is the entry's number (0 if the finding is about none), `draw` the name of the draw or file.
# `who` and `what` are filled into the sentence of `code` in `WORDS`.
Finding = namedtuple("Finding", "code seq draw who what")


# What a ticket had of a Monday when it left or let go, as a tuple: number and moment of that entry,
# the draw, the seat's time, its state ("given", "confirmed" or "offered"), when the answer to it
# ends (0 for never), and whether it was a seat stood in. This is the empty one.
NOTHING_LET_GO = (0, 0, None, "", "", 0, False)


class Ticket:
    """One request in one district, as the log has made it so far (section 1, Tickets).

    - `state`: "in" the line, "out" of it but may return, or "gone".
    - `filed`: the entry that made this ticket. `line`: the `filed` of the first ticket of a chain
      of redirects; it decides which closing of a line she is in time for. `names`: all tickets of
      the chain.
    - `seat`, `offer`: the pair (draw, time) that she has, or None. `had_seat`: the entry that gave
      the last seat.
    - `left`: number, `why` and moment of the entry that took her out last.
    - `closings`: how many lines had closed in the city when she last came in.
    - `waited`, `debt`, `missed`, `given_up`, `unanswered`: the counts of section 1. `since_debt`:
      seats given up since the debt arose. `missed_seq`: her newest no-show.
    - `lists`: the lists of her district, first fixed since she left, that she was in time for.
    - `excluded`: each Monday she left out → the entry that says so. `is_moved`: she has used the
      one move to a later Monday.
    - `is_verified`: no verification is missing since her last no-show. `is_sure`: filed as
      verified, or verified since, so that nobody can displace her.
    - `undo_until`: the draw whose list was the first after she left; its objections end the
      undoing.
    - `seat_left`: what she had of a Monday when she left (see `NOTHING_LET_GO`).
    - `let_go`: the same of her newest seat given up or offer refused, with the counts that it took.
    - `is_made_good`: a seat that did not come back was owed to her once already.
    """

    def __init__(self, name, district, filed, prefers):
        self.name, self.district, self.prefers, self.lane = name, district, prefers, "general"
        self.filed = self.line = filed
        self.state, self.seat, self.offer, self.left, self.closings = "in", None, None, None, 0
        self.waited = self.debt = self.missed = self.given_up = self.since_debt = 0
        self.unanswered = self.missed_seq = self.lists = 0
        self.excluded, self.is_moved, self.is_verified, self.is_sure = {}, False, True, False
        self.names = {name}
        self.undo_until, self.had_seat, self.seat_left = None, 0, None
        self.let_go, self.is_made_good = None, False

    def reset(self):
        """Make waited, debt, given_up and unanswered 0."""
        self.waited = self.debt = self.given_up = self.unanswered = 0

    def owe(self):
        """Note that the city owes her a seat: debt 1."""
        self.debt, self.since_debt = 1, 0

    def give_up(self):
        """Count a seat given up (section 1, Seats).

        The second since a debt arose ends the debt. The third since the last reset is a reset.
        """
        self.given_up += 1
        self.since_debt += 1
        if self.since_debt >= 2:
            self.debt = 0
        if self.given_up >= 3:
            self.reset()

    def row(self):
        """Return her row of a pool."""
        return {
            "ticket": self.name,
            "lane": self.lane,
            "waited": self.waited,
            "debt": self.debt,
            "prefers": self.prefers,
        }

    def waits(self):
        """Return whether she is in the line and has no seat; an open offer is none."""
        return self.state == "in" and self.seat is None

    def is_barred(self):
        """Return whether two missed meetings keep her out of lists until she is verified."""
        return self.missed >= 2 and not self.is_verified


class Week:
    """One Monday of the whole city: its rules, commitments, reveals and late value (section 2).

    - `day`: the Monday. `opened`: the moment of the first `monday_opened`. `draws`: its draws.
    - `commits`, `reveals`: party → hash and party → value.
    - `closed`, `sealed`, `stands`: the entries `line_closed`, `reveals_closed` and `value_stands`,
      0 until they are there. `frozen`, `last_draw`: the newest first freeze and the newest draw.
    - `shift`: seconds by which its latest freeze was late, which move the reveals.
    - `days`: the days whose value can count. `at`: the index of the day that is due. `said`: index
      of a day → party → (entry, value). `disputed`: the days on which values differed.
    - `verdict`: the day and value that must stand by now, or None.
    - `keys`: each witness's party → key. `quorum`: how many witnesses are more than half.
    """

    def __init__(self, name, rules, rules_hash, opened):
        self.name, self.rules, self.rules_hash, self.opened = name, rules, rules_hash, opened
        self.day, self.draws, self.commits, self.reveals = JALALI[name], [], {}, {}
        self.closed = self.sealed = self.stands = self.last_draw = 0
        self.shift, self.frozen, self.days, self.at, self.said = 0, 0, [], 0, {}
        self.verdict, self.disputed = None, set()
        self.keys = {one["party"]: read_key(one["vkey"]) for one in rules["witnesses"]}
        self.quorum = len(self.keys) // 2 + 1

    def time(self, name):
        """Return a moment of the rules, such as `freeze`; a late freeze moves the reveals."""
        rule = self.rules["week"][name]
        at = moment(self.day - rule["days_before"], rule["at"])
        return at + (self.shift if name in SHIFTED else 0)

    def value_time(self, name, day):
        """Return the moment `value_from` or `value_until` of one day of the late value."""
        return moment(self.day - DAYS[day], self.rules["week"][name]["at"])

    def session(self, day):
        """Return when the session of a day begins; by then nobody may know the day's value."""
        return moment(self.day - DAYS[day], self.rules["late_value"]["session"])

    def has_seats(self):
        """Return whether any district has seats on this Monday."""
        return any(draw.seats for draw in self.draws)


class Draw:
    """The draw of one district for one Monday, and the seats of that Monday (section 1).

    - `state`: open, frozen or drawn. `monday`: open, held, closed, not_held or ended.
    - `closed`, `ended`, `drawn`: the entries that closed, ended and drew it, 0 until then;
      `closed_at`, `drawn_at`, `held_at` their moments.
    - `pool`: ticket → row. `root`: the pool root that the city published. `freezes`: the entries.
    - `missing`: the row of each ticket that is not in the first list; `kept_out`: the entries that
      keep it out. `changed`: the objections (entry, ticket) that bring somebody into the second
      list. `wronged`: tickets that the announced list lacks. `objections`: how many there were.
    - `shift`: seconds by which its freeze was late.
    - `seated`: who won a seat. `standby`: the others, in order. `asked`: who had an offer.
    - `wanted`: who asked for an offer of a free seat. `wants`: who of them had no offer since →
      (entry, moment).
    - `held`: time → (ticket, state). `free`: time → (entry, moment) since when it is free. `freed`:
      time → the entry that freed it last, also on a closed Monday. `offers`: time → (ticket, end).
      `ends`: time → until when the seat is answered, 0 for never.
    - `stood`: who stands in. `left_hall`: who gave such a seat up. `present`: ticket → moment. `arrived`: ticket → entry. `came`: ticket
      → moment. `slips`: what reception wrote last of each ticket and may undo. `absent`: who had
      not come by her time when the Monday was closed.
    - `meetings`: ticket → (its `met`, moment, time), until the meeting is recorded. `free_from`:
      the latest end of a recorded meeting.
    """

    def __init__(self, name, week, seats):
        self.name, self.week, self.seats, self.district = name, week, seats, int(name[1:3])
        self.state, self.monday, self.closed, self.ended = "open", "open", 0, 0
        self.is_held, self.held_at, self.came, self.meetings, self.free_from = False, 0, {}, {}, 0
        self.pool, self.kept_out, self.missing, self.freezes = {}, {}, {}, []
        self.objections, self.changed, self.wronged, self.root = 0, [], set(), ""
        self.standby, self.asked, self.free, self.held, self.offers = [], set(), {}, {}, {}
        self.seated, self.stood, self.present, self.drawn_at = set(), set(), {}, 0
        self.arrived, self.ends, self.shift, self.slips = {}, {}, 0, {}
        self.left_hall, self.wanted, self.wants = set(), set(), {}
        self.freed, self.absent, self.closed_at, self.drawn = {}, set(), 0, 0

    def objections_until(self):
        """Return until when citizens may object to its list."""
        return self.week.time("objections_until") + self.shift


class Audit:
    """Replay of the whole log: computes what follows from the entries, and compares.

    `found` holds every finding. The four machines of section 1 (ticket, Monday, draw, seat) are the
    methods `on_KIND`, one for each kind of entry. Each checks whether the step is allowed now,
    reports a finding if it is not, and moves the state. A step that is not allowed moves nothing; a
    few faults, such as one that is only early, are named and the step still counts (section 6).

    Times that belong to the clock are planned in `agenda` when they become known. An item that is
    not `done` ten minutes after its time is reported as `late`.
    """

    def __init__(self, entries, files, origin=""):
        """Decode and replay all entries.

        `entries` are the bytes of each entry, `files` the published draw files by their draw,
        `origin` the log's name as the checkpoint has it.
        """
        self.raw, self.files, self.origin, self.found, self.log = entries, files, origin, [], []
        self.tickets, self.weeks, self.draws, self.here = {}, {}, {}, defaultdict(dict)
        self.rules, self.known_rules, self.announced = [], {}, set()
        self.newest, self.proposals = None, {}  # (entry, rules) announced last; entry → proposal
        # case → lane; entry → `lane_judged`; entry → (no-show, answers); entry → no-show
        self.cases, self.verdicts, self.contests, self.misses = {}, {}, {}, {}
        self.answers = {}  # case → what officers answered, until it gives its lane
        self.judged = {}  # entry of a contest → (no-show, ticket, [(moment, officer) who said yes])
        # moments at which the clock wrote; ticket → newest entry that brought it back or left it
        # without a seat
        self.clock_ran, self.back = [], {}
        # (from, until) of each outage; end of the answer to the seat that lapsed last
        self.outages, self.lapsed_end = [], 0
        self.seen_commitments, self.closings, self.agenda, self.done = set(), 0, [], set()
        self.seq = self.now = self.first_rules = 0
        self.draw_name, self.order, self.shown = "", 0, {}
        self.decode()
        for seq, entry in enumerate(self.log, 1):
            self.seq = seq
            if entry is not None:
                self.replay(entry)
        self.seq, self.draw_name = len(self.log), ""
        self.remind(self.now)
        self.find_missing_draws()

    def find(self, code, who="", what="", draw=None, seq=None):
        """Add a finding; without `draw` and `seq`, about the entry that is replayed now."""
        where = self.draw_name if draw is None else draw
        self.found.append(Finding(code, self.seq if seq is None else seq, where, who, str(what)))

    def decode(self):
        """Check form, numbers and times of all entries, and fill `log`.

        `log` has (kind, body, moment) for each entry, or None for one that is out of its form and
        therefore moves nothing. The order of the checks is that of section 6 ("form of the log").
        An entry that is only `not_canonical`, `seq_broken` or `time_back` is named, and still
        moves.
        """

        def refuse(text):
            raise ValueError(text)

        last, odd = 0, re.compile(rb"[^ -~]")
        for seq, data in enumerate(self.raw, 1):
            self.seq = seq
            self.log.append(None)
            try:
                entry = json.loads(data.decode("ascii"), parse_float=refuse, parse_constant=refuse)
            except (ValueError, RecursionError):
                self.find("malformed", what=data[:40].decode("ascii", "replace"))
                continue
            if data.count(b"[") + data.count(b"{") > DEEPEST and is_deep(entry):
                self.find("malformed", what="body")
                continue
            if type(entry) is not dict or entry.keys() != {"at", "body", "kind", "seq"}:
                self.find("malformed", what="at body kind seq")
                continue
            if not may_stand(entry) or len(data) > ENTRY_MOST:
                self.find("malformed", what="body" if is_count(entry["seq"]) else "seq")
                continue
            if canonical(entry).encode() != data or odd.search(data) or is_escaped_oddly(data):
                self.find("not_canonical")
            if entry["seq"] != seq or type(entry["seq"]) is not int:
                self.find("seq_broken", what=entry["seq"])
            at = instant(entry["at"]) if text_form(INSTANT)(entry["at"]) else None
            if at is None:
                self.find("malformed", what="at")
                continue
            if at < last:
                self.find("time_back", what=entry["at"])
            last = max(at, last)
            kind, body = entry["kind"], entry["body"]
            forms = BODIES.get(kind) if type(kind) is str else None
            if forms is None:
                self.find("kind_unknown", what=kind)
                continue
            if type(body) is not dict or body.keys() != forms.keys():
                keys = sorted({*body} ^ {*forms}) if type(body) is dict else ["body"]
                self.find("keys_differ", what=" ".join(keys))
                continue
            wrong = [key for key in forms if not forms[key](body[key])]
            if wrong:
                self.find("keys_differ", what=" ".join(wrong))
                continue
            self.log[-1] = (kind, body, at)
            if kind == "rules_announced" and not self.fault_of(body["rules"]):
                self.known_rules[sha(canonical(body["rules"]))] = body["rules"]

    def fault_of(self, rules):
        """Return what is wrong with the form of some rules, or ""."""
        return rules_fault(rules) if has_only_texts_and_counts(rules) else "rules"

    def replay(self, entry):
        """Take one entry: report what is overdue by then, check its causes, and call `on_KIND`.

        An entry must name causes that are before it (`cause_missing`), a draw that is open, and a
        ticket that was filed (`never_filed`).
        """
        kind, body, now = entry
        self.remind(now)
        self.now, self.draw_name = now, body.get("draw", "")
        for cause in body.get("because", []):
            if cause >= self.seq or self.log[cause - 1] is None:
                self.find("cause_missing", what=cause)
                return
        if self.draw_name and kind != "monday_opened" and self.draw_name not in self.draws:
            self.find("step_not_allowed", what=kind)
            return
        if "ticket" in body and kind != "filed" and body["ticket"] not in self.tickets:
            self.find("never_filed", body["ticket"], kind)
            return
        draw = self.draws.get(self.draw_name) if kind != "monday_opened" else None
        ticket = self.tickets.get(body.get("ticket")) if kind != "filed" else None
        week = self.weeks.get(body["monday"]) if kind in NEED_WEEK else None
        if kind in BY_CLOCK:
            self.clock_ran.append(now)
        if kind in BACK:
            self.back[body["ticket"]] = self.seq
        if kind in NEED_WEEK and week is None:
            self.find("step_not_allowed", body["monday"], kind)
            return
        getattr(self, "on_" + kind)(body, *[one for one in (ticket, draw, week) if one])

    # Entries of the clock come at most ten minutes late: `agenda` has what is due, `done` what was
    # done.

    def plan(self, due, *what):
        """Expect an entry of the clock at a moment; `what` is its kind and what it is about."""
        self.order += 1
        heappush(self.agenda, (due, self.order, what))

    def remind(self, now):
        """Report as `late` what was due more than ten minutes before `now` and is not done.

        The late value's day may have passed without a value; then the next day is due instead.
        """
        while self.agenda and self.agenda[0][0] + LATE < now:
            due, _, what = heappop(self.agenda)
            if what in self.done:
                continue
            if what[0] == "value_stands":
                week = self.weeks[what[1]]
                self.settle(week, due)
                if week.at != what[2]:
                    continue
            if what[0] == "offer_unanswered":
                draw = self.draws[what[1]]
                ends = draw.offers.get(what[3], (None, 0))[1]
                if ends > due and draw.monday != "closed":
                    continue  # she refused it and was offered the same seat again, as she wanted
            self.done.add(what)
            self.find("late", what=" ".join(map(str, what)), draw="")

    def cause(self, body, *allowed):
        """Return whether `because` is one of the allowed lists; else report `cause_wrong`."""
        if body["because"] in [sorted(one) for one in allowed]:
            return True
        told = " ".join(map(str, body["because"]))
        self.find("cause_wrong", body.get("ticket", ""), told)
        return False

    def step(self, is_allowed, body, what, code="step_not_allowed"):
        """Return whether a step is allowed; else report `code`."""
        if not is_allowed:
            self.find(code, body.get("ticket", body.get("party", "")), what)
        return is_allowed

    # Log, rules, Mondays (section 1, Mondays and Rules)

    def on_log_opened(self, body):
        """Check that this is the first entry, and that it names the log of the checkpoint."""
        is_first = self.step(self.seq == 1, body, "log_opened")
        if is_first and self.origin and body["origin"] != self.origin:
            self.find("note_malformed", body["origin"], self.origin)

    def on_rules_announced(self, body):
        """Check announced rules: form, hash, time, log, lengths, and who agreed to weaker ones.

        `rules_late`: a Monday that these rules govern is open already.
        """
        rules, digest = body["rules"], body["hash"]
        if self.fault_of(rules):
            self.find("malformed", what="rules." + self.fault_of(rules))
            return
        if sha(canonical(rules)) != digest:
            self.find("rules_hash_differs", what=digest)
            return
        self.first_rules = self.first_rules or self.now
        start = JALALI[body["from"]]
        late = [week.name for week in self.weeks.values() if week.day >= start]
        if late:
            self.find("rules_late", what=min(late))
        if self.origin and rules["log"]["origin"] != self.origin:
            self.find("note_malformed", rules["log"]["origin"], self.origin)
        if not late and (short := too_short(rules)):
            self.find("rules_short", what=short)
        if not late and (long := too_long(rules)):
            self.find("rules_long", what=long)
        if not late:
            self.look_for_second(body["from"], digest, rules)
            self.newest = (self.seq, rules)
        self.rules.append((start, digest, rules))

    def look_for_second(self, start, digest, rules):
        """Check that weaker rules were proposed, agreed to and signed.

        A second officer must have agreed (`rules_alone`), and a witness of the rules before must
        have signed (`rules_unsigned`), to a proposal of the same rules and start that followed the
        rules before.
        """
        way = weaker(self.newest[1], rules) if self.newest else ""
        if not way:
            return
        wanted = (start, digest, self.newest[0])
        fitting = [one["said"] for one in self.proposals.values() if one["is"] == wanted]
        if not any("agreed" in said for said in fitting):
            self.find("rules_alone", what=way)
        elif self.newest[1]["witnesses"] and not any("signed" in said for said in fitting):
            self.find("rules_unsigned", what=way)

    def on_rules_proposed(self, body):
        """Remember a proposal, with the rules that were in force when it was made."""
        if not self.step(self.newest is not None, body, "rules_proposed"):
            return
        if self.fault_of(body["rules"]):
            self.find("malformed", what="rules." + self.fault_of(body["rules"]))
            return
        if sha(canonical(body["rules"])) != body["hash"]:
            self.find("rules_hash_differs", what=body["hash"])
            return
        seq, rules = self.newest
        self.proposals[self.seq] = {
            "is": (body["from"], body["hash"], seq),
            "by": body["officer"],
            "rules": rules,
            "said": set(),
        }

    def proposal(self, body, start=None):
        """Return the proposal that is the entry's only cause, or None with a finding.

        It must have the same hash, and the same start if `start` is given.
        """
        found = self.proposals.get(body["because"][0]) if len(body["because"]) == 1 else None
        if found and found["is"][:2] == (start or found["is"][0], body["hash"]):
            return found
        self.find("cause_wrong", what=" ".join(map(str, body["because"])))
        return None

    def on_rules_agreed(self, body):
        """Note an agreement, which another officer than the proposer must give (`by_wrong`)."""
        found = self.proposal(body)
        if found and self.step(body["officer"] != found["by"], body, "rules_agreed", "by_wrong"):
            found["said"].add("agreed")

    def on_rules_signed(self, body):
        """Note a witness's signature to a proposal.

        The rules before the proposal must name the witness (`stranger`), and her key must have
        signed (`signature_wrong`).
        """
        found = self.proposal(body, body["monday"])
        if not found:
            return
        keys = {one["party"]: read_key(one["vkey"]) for one in found["rules"]["witnesses"]}
        if body["party"] not in keys:
            self.find("stranger", body["party"], "rules_signed")
            return
        origin = self.origin or found["rules"]["log"]["origin"]
        lines = [SAID, origin, "rules_signed", body["monday"], body["party"], body["hash"]]
        is_right = is_said(keys[body["party"]], lines, body["sig"])
        if self.step(is_right, body, "rules_signed", "signature_wrong"):
            found["said"].add("signed")

    def on_monday_opened(self, body):
        """Open a Monday of one district: rules in force, seats, its time, and the Monday before it.

        - `rules_hash_differs`, `rules_late`: it does not follow the newest rules that cover it, or
          no rules do.
        - `early`, `opened_late`: it does not come at the time `opens`. A later Monday may have no
          seats.
        - `opened_twice`; `not_opened`: each week has its entry, so the last Monday was seven days
          before.
        """
        name, day = self.draw_name, body["draw"][4:]
        if name in self.draws:
            self.find("opened_twice")
            return
        in_force = [one[1] for one in self.rules if one[0] <= JALALI[day]]
        is_wrong = not in_force or in_force[-1] != body["rules_hash"]
        if is_wrong:
            code = "rules_hash_differs" if in_force else "rules_late"
            self.find(code, what=body["rules_hash"])
        rules = self.known_rules.get(body["rules_hash"])
        if rules is None:
            return
        week = self.weeks.get(day)
        if week is None:
            week = self.weeks[day] = Week(day, rules, body["rules_hash"], self.now)
            self.plan(week.time("filing_closes"), "line_closed", day)
        elif week.rules_hash != body["rules_hash"] and not is_wrong:
            self.find("rules_hash_differs", what=body["rules_hash"])
            is_wrong = True
        if not is_wrong:
            self.step((body["why"] == "") == (body["seats"] != []), body, "seats, why")
        before = [one.week.day for one in self.draws.values() if one.name[:3] == name[:3]]
        draw = self.draws[name] = Draw(name, week, body["seats"])
        week.draws.append(draw)
        if not body["seats"]:
            draw.monday = "closed"
        opens = week.time("opens")
        if is_wrong:
            pass
        elif self.now < opens:
            self.find("early", what=utc(opens))
        elif self.now > max(opens, self.first_rules) + LATE and body["seats"]:
            self.find("opened_late", what=utc(opens))
        elif week.frozen:
            self.find("opened_late", what="freeze")
        if not is_wrong and before and week.day != max(before) + 7:
            self.find("not_opened", what=day)
        self.plan(week.time("freeze"), "freeze", name)

    def on_monday_closed(self, body, draw):
        """Close a Monday: before the freeze it is drawn without seats, later its holders are owed.

        Holders who had not come by ten minutes after their time are `absent`, and not owed a seat.
        """
        is_over = draw.state == "drawn" and self.has_gone_by(draw)
        if not self.step(draw.monday in ("open", "held") and not is_over, body, draw.monday):
            return
        draw.monday, draw.closed, draw.closed_at = "closed", self.seq, self.now
        for time, (ticket, state) in draw.held.items():
            is_here = state == "arrived" or ticket.name in draw.present
            if not is_here and self.now >= moment(draw.week.day, time) + LATE:
                draw.absent.add(ticket.name)
        if draw.state == "open":
            draw.seats = []
        draw.free.clear()
        for time, (ticket, _) in draw.offers.items():
            self.plan(self.now, "offer_unanswered", draw.name, ticket.name, time)
        self.expect_end(draw)

    def expect_end(self, draw):
        """Plan what the clock writes about each holder of a Monday that was closed or not held."""
        for time, (ticket, state) in draw.held.items():
            kind = "not_called" if ticket.name in draw.absent else "not_received"
            if state != "arrived" or not draw.is_held:  # else she may be in the room, then `met`
                self.plan(self.now, kind, draw.name, ticket.name, time)
        self.done.add(("monday_ended", draw.name))

    def is_day(self, draw, body, what):
        """Return whether it is the day of the Monday now; else report `step_not_allowed`."""
        day = tehran_day(self.now)
        return self.step(day == draw.week.day, body, what)

    def has_gone_by(self, draw):
        """Return whether ten minutes have passed since the end of the last seat."""
        return draw.seats != [] and self.now > self.last_end(draw) - HOUR + 10 * MINUTE

    def on_monday_held(self, body, draw):
        """Begin a Monday: it must be open and drawn, and today."""
        is_right = draw.monday == "open" and draw.state == "drawn"
        if self.step(is_right, body, "monday_held") and self.is_day(draw, body, "monday_held"):
            draw.monday, draw.is_held, draw.held_at = "held", True, self.now

    def last_end(self, draw):
        """Return when `monday_ended` is due: 60 minutes after the last seat's end."""
        last = moment(draw.week.day, draw.seats[-1])
        return last + draw.week.rules["slot_minutes"] * MINUTE + HOUR

    def on_monday_not_held(self, body, draw):
        """End a Monday that nobody began, 60 minutes after the last seat's start or later."""
        is_right = draw.monday == "open" and draw.seats != [] and draw.state == "drawn"
        if not self.step(is_right, body, "monday_not_held"):
            return
        limit = moment(draw.week.day, draw.seats[-1]) + HOUR
        if self.now < limit:
            self.find("early", what=utc(limit))
        draw.monday, draw.ended = "not_held", self.seq
        draw.free.clear()
        self.expect_end(draw)

    def on_monday_ended(self, body, draw):
        """End a Monday, and check that no free seat passed somebody over (`not_offered`)."""
        is_right = draw.monday in ("open", "held") and draw.state == "drawn"
        if not self.step(is_right, body, "monday_ended"):
            return
        if self.now < self.last_end(draw):
            self.find("early", what=utc(self.last_end(draw)))
        for time, (_, freed) in sorted(draw.free.items()):
            self.look_for_offer(draw, time, freed)
            self.look_for_seat(draw, time, freed)
        draw.monday, draw.ended = "ended", self.seq
        draw.free.clear()
        for time, (ticket, state) in draw.held.items():
            kind = "not_received" if state == "arrived" else "not_called"
            self.plan(self.now, kind, draw.name, ticket.name, time)
        self.done.add(("monday_ended", draw.name))

    # The line closes, parties commit, lists are fixed (section 1, The draw)

    def on_line_closed(self, body, week):
        """Close the line of a week, not before `filing_closes`."""
        if not self.step(not week.closed, body, "line_closed"):
            return
        if self.now < week.time("filing_closes"):
            self.find("early", week.name, utc(week.time("filing_closes")))
        week.closed = self.seq
        self.closings += 1
        self.done.add(("line_closed", week.name))

    def said(self, kind, body, week, *what):
        """Return whether a party may speak for this Monday and has signed what it says.

        `stranger`: the rules name no such witness. `signature_wrong`: the key does not fit; the
        city's `sig` is empty, because the city signs the whole log.
        """
        party, sig = body["party"], body["sig"]
        if party == "city":
            return self.step(sig == "", body, "sig", "signature_wrong")
        if party not in week.keys:
            self.find("stranger", party, kind)
            return False
        lines = [SAID, self.origin or week.rules["log"]["origin"], kind, week.name, party, *what]
        return self.step(is_said(week.keys[party], lines, sig), body, kind, "signature_wrong")

    def on_commitment(self, body, week):
        """Take a party's commitment: in time, once, signed, and never seen before."""
        party, sealed = body["party"], body["commitment"]
        if party != "city" and party not in week.keys:
            self.find("stranger", party, "commitment")
            return
        # A commitment hashes the party's name too, so nobody can use another party's.
        if party in week.commits or (party, sealed) in self.seen_commitments:
            self.find("commitment_twice", party, week.name)
            return
        if week.frozen or (party == "city" and self.now > week.opened + LATE):
            self.find("commitment_late", party, week.name)
        elif not self.said("commitment", body, week, sealed):
            return
        if not week.frozen:
            week.commits[party] = sealed
        self.seen_commitments.add((party, sealed))

    def is_in_line(self, ticket, week):
        """Return whether a ticket is in the line of a week now (section 1, In the line)."""
        is_filed = week.closed and ticket.line < week.closed
        is_free = ticket.waits() and week.name not in ticket.excluded
        return is_filed and is_free and not ticket.is_barred()

    def on_freeze(self, body, draw):
        """Compute the list of a draw, and compare it with the list that the city fixed.

        - `frozen_early`, `reveal_early`, `commitment_late`: the freeze is not before its time,
          comes before any reveal, and after the city's commitment.
        - `not_written`: what follows from a past Monday, a contest or a lane of this district is
          missing in the log, so that the list would be wrong without a trace.
        """
        week = draw.week
        if draw.freezes:
            self.freeze_again(body, draw)
            return
        self.done.add(("freeze", draw.name))
        is_cause = self.cause(body, [week.closed])
        is_in_time = self.now >= week.time("freeze")
        if is_cause and not is_in_time:
            self.find("frozen_early", what=utc(week.time("freeze")))
        is_right = is_cause and is_in_time
        if is_right and week.reveals:
            self.find("reveal_early", what=week.name)
        if is_right and "city" not in week.commits:
            self.find("commitment_late", "city", week.name)
        for one in self.draws.values():
            if is_right and one.district == draw.district and self.is_end_missing(one):
                self.find("not_written", what=one.name)
        for name in self.owed_weeks(draw.district) if is_right else ():
            self.find("not_written", name, "weeks_back")
        if is_right and self.is_lane_missing():
            self.find("not_written", what="lane_granted")
        for ticket in list(self.here[draw.district].values()):
            self.list_one(ticket, draw)
        if self.now > week.time("freeze") + LATE:
            draw.shift = self.now - week.time("freeze")
            week.shift = max(week.shift, draw.shift)
        week.frozen = self.seq
        draw.state = "frozen"
        named = len(self.found)
        self.compare_pool(body, draw)
        if not is_right:  # the entry has its fault already; a wrong list is not named as another
            del self.found[named:]
        if all(one.freezes for one in week.draws):
            self.plan(week.time("reveals_until"), "reveals_closed", week.name)

    def is_end_missing(self, draw):
        """Return whether a Monday is past, but its end, or a holder's, is not in the log."""
        if draw.state != "drawn" or not draw.seats or tehran_day(self.now) <= draw.week.day:
            return False
        if self.now <= max(self.last_end(draw), draw.drawn_at) + LATE:
            return False
        return draw.monday in ("open", "held") or bool(draw.held)

    def list_one(self, ticket, draw):
        """Put a ticket into the list of a draw, or note which entries keep it out.

        A ticket that is gone and can never come back is forgotten, so that later lists are faster.
        """
        week = draw.week
        is_hers = ticket.line < week.closed and week.name not in ticket.excluded
        ticket.lists += is_hers
        if ticket.undo_until is None and ticket.state == "gone":
            ticket.undo_until = draw
        if self.is_in_line(ticket, week):
            draw.pool[ticket.name] = ticket.row()
            return
        kept = set()
        if week.name in ticket.excluded:
            kept.add(ticket.excluded[week.name])
        if ticket.state != "in":
            kept.add(ticket.left[0])
        if ticket.is_barred():
            kept.add(ticket.missed_seq)
        if ticket.line > week.closed:
            kept.update((ticket.filed, ticket.line))
        if ticket.seat is not None:
            kept.add(ticket.had_seat)
        draw.kept_out[ticket.name], draw.missing[ticket.name] = kept, ticket.row()
        if ticket.state == "gone" and not self.may_return(ticket, draw):
            del self.here[draw.district][ticket.name]

    def may_return(self, ticket, draw):
        """Return whether a ticket that is gone may still come back after this list."""
        if ticket.left[1] == "displaced":
            return self.now <= ticket.left[2] + RECLAIMED
        return ticket.left[1] in COMES_BACK["undone"] and ticket.undo_until is draw

    def freeze_again(self, body, draw):
        """Compare the second list: the first one and the citizens whose objection `changed` it.

        `frozen_twice`: no objection justifies it, or a party has revealed already.
        """
        week = draw.week
        is_second = len(draw.freezes) == 1 and draw.changed and draw.state == "frozen"
        if not is_second or week.reveals or week.sealed:
            self.find("frozen_twice", what=week.name)
            return
        self.done.add(("freeze_again", draw.name))
        if self.now < draw.objections_until():
            self.find("early", what=utc(draw.objections_until()))
        self.cause(body, [seq for seq, _ in draw.changed])
        for _, name in draw.changed:
            draw.pool[name] = draw.missing[name]
        self.compare_pool(body, draw)

    def frozen_file(self, draw):
        """Return the draw file in its frozen state, as it follows from the log (section 4)."""
        week = draw.week
        rows = sorted(draw.pool.values(), key=row_text)
        return {
            "draw": draw.name,
            "district": draw.district,
            "rules": week.rules,
            "rules_hash": week.rules_hash,
            "seats": draw.seats,
            "commitments": dict(week.commits),
            "pool": rows,
            "pool_root": pool_root(draw.name, week.rules_hash, draw.seats, rows),
        }

    def compare_pool(self, body, draw):
        """Compare the list that follows from the log with the one that the city published.

        If the roots differ, the published file shows which rows: `left_out`, `let_in`,
        `never_filed`, or a row's `waited_differs`, `debt_differs`, `lane_differs`,
        `prefers_differs`. The replay then goes on with the published list, if it has the published
        root, so that later entries are judged by the list that was drawn from. Citizens whom it
        lacks are `wronged`.
        """
        draw.freezes.append(self.seq)
        mine = self.frozen_file(draw)
        draw.root = body["pool_root"]
        if mine["pool_root"] == draw.root:
            if body["rows"] != len(draw.pool):
                self.find("pool_root_differs", what="rows")
            if body["file"] != sha(canonical(mine)):
                self.find("file_differs", what="freeze")
            return
        self.find("pool_root_differs", what=draw.root)
        file = self.files.get(draw.name, {})
        rows = {row["ticket"]: row for row in file.get("pool", [])}
        if not rows and draw.pool and "pool" not in file:
            return
        for name in sorted({*rows} | {*draw.pool}):
            if name not in rows:
                self.find("left_out", name, draw.name)
            elif name not in self.tickets:
                self.find("never_filed", name, draw.name)
            elif name not in draw.pool:
                self.find("let_in", name, draw.name)
            else:
                for key in ("waited", "debt", "lane", "prefers"):
                    if rows[name][key] != draw.pool[name][key]:
                        told = "%s, %s" % (rows[name][key], draw.pool[name][key])
                        self.find(key + "_differs", name, told)
        seats = file.get("seats", draw.seats)
        if pool_root(draw.name, draw.week.rules_hash, seats, rows.values()) == draw.root:
            known = {name: row for name, row in rows.items() if name in self.tickets}
            for name in {*draw.pool} - {*known}:
                draw.kept_out[name], draw.missing[name] = set(), draw.pool[name]
                draw.wronged.add(name)
            draw.pool = known

    def on_objection(self, body, ticket, draw):
        """Check the answer to an objection against a list; its outcomes are in section 1, The draw.

        - `listed`: she is in the list. `as_logged`: the named entry keeps her out.
        - `changed`: an act in her own name becomes void, and a second list is due.
        - `wronged`: the announced list lacks her wrongly, so she is owed a seat.
        """
        name, week, outcome, because = ticket.name, draw.week, body["outcome"], body["because"]
        if not self.step(draw.freezes != [], body, "objection"):
            return
        if body["number"] != draw.objections + 1:
            self.find("objection_wrong", name, "number")
            return
        kind = self.log[because[0] - 1][0] if len(because) == 1 else ""
        is_cause = outcome not in ("as_logged", "changed") or kind in KEEPS_OUT
        is_cause = is_cause and (outcome != "changed" or kind in ("monday_excluded", "taken_out"))
        if not self.step(is_cause, body, outcome, "cause_wrong"):
            return
        is_listed = name in draw.pool or name in [one for _, one in draw.changed]
        in_time = self.now <= moment(week.day) + 7 * 8 * DAY
        if outcome == "listed":
            is_right = is_listed and len(because) == 1 and because[0] in draw.freezes
        elif outcome == "as_logged":
            is_right = not is_listed and len(because) == 1
            is_right = is_right and self.keeps_out(because[0], ticket, draw)
        elif outcome == "wronged":
            is_right = name in draw.wronged and because[0] in draw.freezes and in_time
            is_right = is_right and ticket.had_seat < draw.freezes[0]
            draw.wronged.discard(name)
            if is_right:
                ticket.owe()
        else:
            is_right = self.is_void(because, ticket, draw) and not is_listed
            if is_right:
                draw.changed.append((self.seq, name))
                ticket.excluded.pop(week.name, None)
                before = (ticket.waited, ticket.debt)
                self.bring_back(ticket)
                if (ticket.waited, ticket.debt) != before:
                    draw.missing[name].update(waited=ticket.waited, debt=ticket.debt)
                self.plan(draw.objections_until(), "freeze_again", draw.name)
        if self.step(is_right and in_time, body, outcome, "objection_wrong"):
            draw.objections += 1

    def keeps_out(self, cause, ticket, draw):
        """Return whether an entry is a reason why a ticket is not in the list of a draw."""
        if ticket.name in draw.kept_out:
            kept = draw.kept_out[ticket.name]
            return cause in kept or (bool(kept) and self.excludes(cause, ticket, draw))
        if ticket.line > draw.week.closed:
            return cause in (ticket.filed, ticket.line)
        gone = ticket.left[0] if ticket.left else 0
        newest = ticket.excluded.get(draw.week.name)
        is_first = cause < draw.freezes[0]
        return is_first and (cause in (gone, newest) or self.excludes(cause, ticket, draw))

    def excludes(self, cause, ticket, draw):
        """Return whether an entry left this Monday out, before a later entry did so again."""
        kind, body, _ = self.log[cause - 1]
        is_hers = kind == "monday_excluded" and body["ticket"] in ticket.names
        monday = draw.week.name
        return is_hers and body["monday"] == monday and cause < ticket.excluded.get(monday, 0)

    def is_void(self, because, ticket, draw):
        """Return whether an objection may make the act that kept her out void.

        The act must be her own (a withdrawal, an accepted answer or a Monday left out), and nothing
        else may keep her out.
        """
        week = draw.week
        in_time = self.now <= draw.objections_until() and not week.reveals
        kept = draw.kept_out.get(ticket.name, set())
        if len(draw.freezes) != 1 or not in_time or len(because) != 1 or because[0] not in kept:
            return False
        if ticket.is_barred() or ticket.seat is not None or ticket.line >= week.closed:
            return False
        kind, body, _ = self.log[because[0] - 1]
        if kind == "monday_excluded":
            return ticket.state == "in" and ticket.excluded.get(week.name) == because[0]
        is_hers = ticket.state == "gone" and ticket.left[0] == because[0]
        is_hers = is_hers and body["why"] in COMES_BACK["undone"]
        return is_hers and week.name not in ticket.excluded and ticket.undo_until in (draw, None)

    # Parties reveal, the late value stands, the draw follows (section 2, From the list to the draw)

    def on_reveal(self, body, week):
        """Take a party's reveal: it fits the commitment, and all lists are fixed."""
        party, value = body["party"], body["value"]
        waiting = [one.name for one in week.draws if len(one.freezes) < 1 + bool(one.changed)]
        if party not in week.commits:
            self.find("stranger", party, week.name)
        elif waiting or self.now < week.time("reveals_from"):
            self.find("reveal_early", party, week.name)
        elif week.sealed or self.now > week.time("reveals_until") + LATE:
            self.find("reveal_late", party, week.name)
        elif week.commits[party] != sha("publicmeeting/commit/v1", party, value):
            self.find("reveal_differs", party, week.name)
        elif self.step(party not in week.reveals, body, "reveal"):
            week.reveals[party] = value

    def on_reveals_closed(self, body, week):
        """Close the reveals, compare who revealed, and determine the days of the late value.

        `silent` names each party that committed and did not reveal. Only days whose session has not
        begun count, because nobody may know their value yet.
        """
        is_right = not week.sealed and all(one.freezes for one in week.draws)
        if not self.step(is_right, body, "reveals_closed"):
            return
        self.done.add(("reveals_closed", week.name))
        if self.now < week.time("reveals_until"):
            self.find("early", week.name, utc(week.time("reveals_until")))
        silent = sorted({*week.commits} - {*week.reveals})
        if body["revealed"] != sorted(week.reveals) or body["silent"] != silent:
            self.find("reveals_closed_wrong", " ".join(body["revealed"]), week.name)
        for party in silent:
            self.find("silent", party, week.name)
        week.sealed = self.seq
        days = week.rules["late_value"]["days"]
        week.days = [day for day in days if week.session(day) > self.now]
        if not week.has_seats() or not week.days:
            day = (week.days or days[-1:])[0]
            week.verdict = (ORDINAL[week.day - DAYS[day]], "none")
            self.plan(self.now, "value_stands", week.name, week.at)
        else:
            self.plan(week.value_time("value_until", week.days[0]), "value_stands", week.name, 0)

    def settle(self, week, now):
        """Determine which late value must stand by now; the result is `week.verdict`.

        A value that a quorum of the witnesses entered stands at once. At `value_until` the value
        stands on which all entries agree. Otherwise the next day is due; after the last day, `none`
        stands.
        """
        while week.sealed and week.verdict is None:
            day, said = week.days[week.at], week.said.get(week.at, {})
            often = Counter(said[party][1] for party in said if party != "city")
            until = week.value_time("value_until", day)
            value = next((one for one in often if often[one] >= week.quorum), None)
            if value is None:
                if now < until:
                    return
                values = {one for _, one in said.values()}
                value = values.pop() if len(values) == 1 else "none"
            if value != "none" or week.at + 1 == len(week.days):
                week.verdict = (ORDINAL[week.day - DAYS[day]], value)
                return
            self.done.add(("value_stands", week.name, week.at))
            week.at += 1
            until = week.value_time("value_until", week.days[week.at])
            self.plan(until, "value_stands", week.name, week.at)

    def on_value(self, body, week):
        """Take a party's late value: of the day that is due, in time, signed and in its form.

        `value_disputed` notes that parties entered different values.
        """
        party, value = body["party"], body["value"]
        if party != "city" and party not in week.keys:
            self.find("stranger", party, "value")
            return
        if not self.step(bool(week.sealed), body, body["day"], "value_early"):
            return
        self.settle(week, self.now)
        current = week.days[week.at] if week.days else ""
        days = {ORDINAL[week.day - DAYS[day]]: day for day in week.days}
        day = days.get(body["day"])
        is_over = bool(week.stands or (week.verdict and week.verdict[1] == "none"))
        is_day = day is not None and day == current and not is_over
        if not self.step(is_day, body, body["day"]):
            return
        is_time = self.now >= week.value_time("value_from", day)
        if not self.step(is_time, body, body["day"], "value_early"):
            return
        if not self.said("value", body, week, body["day"], value):
            return
        form = "none|[1-6]{10}" if week.rules["late_value"]["kind"] == "dice" else "none|.*"
        if not self.step(bool(re.fullmatch(form, value)), body, value, "malformed"):
            return
        said = week.said.setdefault(week.at, {})
        said[party] = (self.seq, value)
        if len({one for _, one in said.values()}) > 1 and week.at not in week.disputed:
            week.disputed.add(week.at)
            self.find("value_disputed", week.name, body["day"])
        week.verdict = None
        self.settle(week, self.now)
        if week.verdict:
            self.plan(self.now, "value_stands", week.name, week.at)

    def on_value_stands(self, body, week):
        """Compare the late value that the city declares with the one that follows; plan the draws.

        Its causes are the entries that state the value. `no_late_value` notes a Monday drawn
        without one.
        """
        if not self.step(week.sealed and not week.stands, body, "value_stands"):
            return
        self.settle(week, self.now)
        self.done.add(("value_stands", week.name, week.at))
        told = (body["day"], body["value"])
        if week.verdict != told:
            self.find("value_stands_wrong", body["value"], body["day"])
        said = week.said.get(week.at, {})
        because = sorted(seq for seq, value in said.values() if value == body["value"])
        if told[1] == "none":
            because = because or sorted(seq for seq, _ in said.values())
            because = because if because and week.has_seats() else [week.sealed]
        is_right = week.verdict != told or body["because"] == because  # one fault, named once
        self.step(is_right, body, told[1], "value_stands_wrong")
        if told[1] == "none" and week.has_seats():
            self.find("no_late_value", week.name, body["day"])
        week.verdict, week.stands, week.stood = told, self.seq, self.now
        for draw in week.draws:
            self.plan(self.now, "draw", draw.name)

    def on_draw(self, body, draw):
        """Compute the draw, compare seed, seats, standby and file, and seat the winners.

        `drawn_early`: no list or no value yet. `drawn_twice`. If the published file has other seats
        than the rule gives, that is named, and the replay goes on with the published seats.
        """
        week = draw.week
        if draw.state == "drawn":
            self.find("drawn_twice")
            return
        if draw.state != "frozen" or not week.stands:
            self.find("drawn_early")
            return
        self.done.add(("draw", draw.name))
        self.cause(body, [week.stands])
        file = self.frozen_file(draw)
        is_mine = file["pool_root"] == draw.root
        file["pool_root"] = draw.root
        file["reveals"], file["late_day"] = dict(week.reveals), week.verdict[0]
        file["late_value"] = week.verdict[1]
        file["seed"] = seed_of(file)
        if body["seed"] != file["seed"]:
            self.find("seed_differs", what=body["seed"])  # seats and file differ then too, unnamed
        file.update(give(file))
        published = self.files.get(draw.name, {})
        if is_mine and body["seed"] == file["seed"]:
            for key in ("seated", "standby"):
                if body[key] != len(file[key]) or published.get(key, file[key]) != file[key]:
                    self.find(key + "_differs", self.first_other(published, file, key), body[key])
            if body["file"] != sha(canonical(file)):
                self.find("file_differs", what=body["file"])
        if "seated" in published and published["seated"] != file["seated"]:
            file.update({key: published[key] for key in ("seated", "standby")})
        self.shown[draw.name] = file
        draw.state, draw.drawn_at, week.last_draw = "drawn", self.now, self.seq
        draw.drawn = self.seq
        self.seat_all(draw, file)

    def first_other(self, published, file, key):
        """Return the first ticket of a published list that stands where another belongs."""
        for one, two in zip(published.get(key, []), file[key]):
            if one != two:
                return one["ticket"] if key == "seated" else one
        return ""

    def seat_all(self, draw, file):
        """Give the drawn seats, add a week to everybody without one, and plan the lapses."""
        draw.seated = {one["ticket"] for one in file["seated"]}
        for name in draw.pool:
            if name not in draw.seated:
                self.tickets[name].waited += 1
        draw.standby = [name for name in file["standby"] if name in self.tickets]
        draw.free = dict.fromkeys(draw.seats, (self.seq, self.now))
        for one in file["seated"]:
            ticket = self.tickets.get(one["ticket"])
            if ticket is not None and ticket.waits() and one["time"] in draw.free:
                draw.ends[one["time"]] = self.answer_by(draw)
                self.sit(draw, ticket, one["time"], "given")
            elif ticket is not None and ticket.state == "gone":
                self.note_won(draw, ticket, one["time"])
        if draw.monday == "closed":
            draw.free.clear()
            self.expect_end(draw)
        elif draw.seats:
            self.plan(self.last_end(draw), "monday_ended", draw.name)
            until = self.answer_by(draw)
            for time, (ticket, _) in draw.held.items():
                if until:
                    self.plan(until, "seat_lapsed", draw.name, ticket.name, time)

    def note_won(self, draw, ticket, time):
        """Note a seat that she would have won, had she not left after the list was fixed.

        It counts as one she had if she undoes that leaving (section 1, Undoing).
        """
        draw.freed[time] = self.seq
        if ticket.left[1] in COMES_BACK["undone"] and not ticket.seat_left:
            at, ends = ticket.left[2], self.answer_by(draw)
            ticket.seat_left = (self.seq, at, draw, time, "given", ends, False)

    def answer_by(self, draw):
        """Return until when a drawn seat is answered, or 0 if it was drawn too late to lapse.

        Section 2, "Answer by": a draw after Saturday 12:00 has until Sunday 14:00, one from Sunday
        8:00 on never lapses.
        """
        day, usual = draw.week.day, draw.week.time("answer_by")
        if draw.drawn_at <= moment(day - 2, "12:00") and draw.drawn_at < usual:
            return usual
        return moment(day - 1, "14:00") if draw.drawn_at < moment(day - 1, "08:00") else 0

    # A ticket: filed, redirected, out of the line and back (section 1, Tickets and Undoing)

    def on_filed(self, body):
        """Put a new ticket into the line."""
        name = body["ticket"]
        if name in self.tickets:
            self.find("filed_twice", name)
            return
        ticket = Ticket(name, body["district"], self.seq, body["prefers"])
        ticket.closings, ticket.is_sure = self.closings, body["level"] == "verified"
        self.tickets[name] = self.here[ticket.district][name] = ticket

    def is_listed(self, ticket):
        """Return whether she is in a list that is fixed and not drawn yet."""
        return any(
            draw.state == "frozen" and ticket.name in draw.pool for draw in self.draws.values()
        )

    def on_redirected(self, body):
        """Move a request to another district: the new ticket gets everything of the old one.

        `taken_out_late`: a line has closed that she is in time for, and its list is not fixed yet.
        """
        old = self.tickets.get(body["old"])
        if old is None:
            self.find("never_filed", body["old"], "redirected")
            return
        if body["new"] in self.tickets:
            self.find("filed_twice", body["new"])
            return
        if not self.cause(body, [old.line]):
            return
        is_free = old.waits() and old.offer is None and not self.is_listed(old)
        is_right = is_free and old.district != body["district"]
        if not self.step(is_right, {"ticket": old.name}, "redirected"):
            return
        if self.is_between(old):
            self.find("taken_out_late", old.name, "redirected")
            return
        new = Ticket(body["new"], body["district"], self.seq, old.prefers)
        kept = {key: value for key, value in vars(old).items() if key not in ("name", "district")}
        vars(new).update(kept, excluded=dict(old.excluded), filed=self.seq)
        new.names = {*old.names, new.name}
        old.state, old.left = "gone", (self.seq, "redirected", self.now)
        self.tickets[new.name] = self.here[new.district][new.name] = new

    def is_between(self, ticket):
        """Return whether a line she is in time for has closed in her district, without a list."""
        return any(
            draw.state == "open"
            and draw.district == ticket.district
            and ticket.line < (draw.week.closed or 0)
            for draw in self.draws.values()
        )

    def on_taken_out(self, body, ticket):
        """Take a ticket out of the line, and remember what it had of a Monday.

        - `by_wrong`: an officer is named if and only if it is an officer's step.
        - `taken_out_late`: an officer took her out after a line had closed since she came in, or
          while she has a seat, an offer or a place in a list.
        - `early`: a lapse or a settlement before 240 hours.
        """
        why, name = body["why"], ticket.name
        before, after, whose = LEAVES[why]
        if (body["officer"] != "") != (whose == "officer"):
            self.find("by_wrong", name, why)
            return
        arrived = ticket.seat and ticket.seat[0].held[ticket.seat[1]][1] == "arrived"
        is_right = ticket.state in before.split() and not arrived
        if not self.step(is_right or why == "displaced", body, why):
            return
        if why == "displaced" and not self.may_be_displaced(body, ticket):
            return
        if whose == "officer":
            is_free = not ticket.seat and not ticket.offer and not self.is_listed(ticket)
            if ticket.closings != self.closings or not is_free:
                self.find("taken_out_late", name, why)
        if why in AFTER:
            is_right = ticket.left[1] in AFTER[why]
            if self.step(is_right, body, why) and self.now < ticket.left[2] + 10 * DAY:
                self.find("early", name, why)
        ticket.left, ticket.undo_until = (self.seq, why, self.now), None
        ticket.state, ticket.lists, ticket.seat_left = after, 0, None
        if ticket.seat:
            draw, time = ticket.seat
            state, is_stood = draw.held[time][1], name in draw.stood
            ends = draw.ends.get(time, 0)
            ticket.seat_left = (self.seq, self.now, draw, time, state, ends, is_stood)
            draw.left_hall.update({name} if is_stood else ())
            self.stand_up(ticket)
        if ticket.offer:
            draw, time = ticket.offer
            ends = draw.offers[time][1]
            ticket.seat_left = (self.seq, self.now, draw, time, "offered", ends, False)
        self.leave_offer(ticket)

    def may_be_displaced(self, body, ticket):
        """Return whether another person's proof of identity may take her out now.

        Nobody can prove more than a card, so a verified ticket cannot be displaced. She must also
        have days to deny it before a list, and before her Monday: `taken_out_late`.
        """
        if not self.step(ticket.state == "in" and not ticket.is_sure, body, "displaced"):
            return False
        place = ticket.seat or ticket.offer
        is_late = place and self.now >= place[0].week.time("standby_until")
        if is_late or self.is_between(ticket) or self.is_listed(ticket):
            self.find("taken_out_late", ticket.name, "displaced")
            return False
        return True

    def leave_offer(self, ticket):
        """End her open offer, because she leaves or gets a seat; the offered seat is free again."""
        if ticket.offer:
            draw, time = ticket.offer
            del draw.offers[time]
            ticket.offer = None
            self.done.add(("offer_unanswered", draw.name, ticket.name, time))
            self.set_free(draw, time)

    def on_taken_in(self, body, ticket):
        """Bring a ticket back into the line, or undo a seat given up or an offer refused.

        Its cause must be her newest leaving of the fitting kind (`cause_wrong`). A displaced ticket
        needs a verification and gets the weeks of the lists it missed.
        """
        why, cause = body["why"], body["because"][0]
        kind, act, _ = self.log[cause - 1]
        is_let_go = kind in ("seat_given_up", "offer_refused")
        is_hers = kind == "taken_out" and act["ticket"] == ticket.name
        is_hers = is_hers or (is_let_go and act["ticket"] in ticket.names)
        if is_let_go and is_hers and why == "undone" and len(body["because"]) == 1:
            self.take_back(body, ticket, kind)
            return
        is_last = ticket.state != "in" and body["because"] == [ticket.left[0]]
        is_displaced = why == "undone" and is_last and ticket.left[1] == "displaced"
        is_last = is_last and kind == "taken_out"
        is_last = is_last and (is_displaced or ticket.left[1] in COMES_BACK[why])
        state = "gone" if why == "undone" else "out"
        if not self.step(is_hers and is_last, body, why, "cause_wrong"):
            return
        if not self.step(ticket.state == state, body, why):
            return
        if is_displaced:
            is_proved = ticket.is_sure and self.now <= ticket.left[2] + RECLAIMED
            if self.step(is_proved, body, why):
                ticket.waited += ticket.lists
                self.bring_back(ticket)
            return
        if why == "undone":
            last = ticket.undo_until
            in_time = last is None or self.now <= last.objections_until()
            self.step(in_time, body, why)
            self.bring_back(ticket)
            return
        ticket.closings, ticket.state = self.closings, "in"
        if why == "objected" and ticket.lists:
            ticket.waited += 1

    def bring_back(self, ticket):
        """Put her into the line as if she had not left, with what she had of a Monday."""
        ticket.state = "in"
        self.here[ticket.district][ticket.name] = ticket
        left, ticket.seat_left = ticket.seat_left, None
        if left:
            self.seat_again(ticket, left)

    def comes_back(self, ticket, left):
        """Return whether what she had of a Monday is still hers to have.

        It must be free by the very entry that is undone, its Monday must be open or held, and she
        must still be able to come (ten minutes after its time) or to answer.
        """
        seq, _, draw, time, state, ends, _ = left
        if draw is None or draw.free.get(time, (0, 0))[0] != seq:
            return False
        if draw.monday not in ("open", "held") or not ticket.waits() or ticket.offer:
            return False
        if draw.district != ticket.district:
            return False
        if state == "offered":
            return self.now <= ends
        return self.now < moment(draw.week.day, time) + LATE

    def is_owed(self, ticket, left):
        """Return whether she is owed a seat for one that does not come back (section 1, Undoing).

        Once a ticket: if the seat went to somebody else, or the Monday was closed by her time.
        After the offers have ended, only somebody who was present is owed.
        """
        seq, at, draw, time, _, _, is_stood = left
        if is_stood or ticket.is_made_good:
            return False
        called = moment(draw.week.day, time) + LATE
        was_closed = draw.monday == "closed" and draw.closed_at < called
        if draw.freed.get(time) == seq and not was_closed:
            return False
        return at < draw.week.time("standby_until") or not ticket.names.isdisjoint(draw.present)

    def seat_again(self, ticket, left):
        """Give back what she had of a Monday; if it is gone, owe a seat or count one given up."""
        seq, _, draw, time, state, ends, is_stood = left
        if self.comes_back(ticket, left):
            if state == "offered":
                self.ask(draw, ticket, time, ends)
                return
            self.sit_again(draw, ticket, time, state, ends)
            draw.stood.update({ticket.name} if is_stood else ())
            draw.left_hall.difference_update({ticket.name} if is_stood else ())
        elif self.log[seq - 1][1].get("why") == "displaced":
            ticket.owe()  # nothing counts as given up: somebody else took the seat from her
        elif self.is_owed(ticket, left):
            ticket.given_up += 1
            ticket.owe()
            ticket.is_made_good = True
        elif not is_stood and state != "offered":
            ticket.give_up()

    def sit_again(self, draw, ticket, time, state, ends):
        """Give back a seat in its former state; if it is unanswered, it may lapse again."""
        self.sit(draw, ticket, time, state)
        draw.ends[time] = ends
        if state == "given" and ends:
            what = ("seat_lapsed", draw.name, ticket.name, time)
            self.done.discard(what)
            self.plan(max(ends, self.now), *what)

    def undone_until(self, ticket, seq):
        """Return when objections to the first list of her district after an entry end.

        Without such a list it is now, so nothing is too late.
        """
        lists = [
            (draw.freezes[0], draw)
            for draw in self.draws.values()
            if draw.district == ticket.district and draw.freezes and draw.freezes[0] > seq
        ]
        return min(lists, key=lambda one: one[0])[1].objections_until() if lists else self.now

    def take_back(self, body, ticket, kind):
        """Undo her newest seat given up or offer refused, with everything that it took from her."""
        left, before = ticket.let_go or (NOTHING_LET_GO, {})
        is_right = body["because"] == [left[0]] and ticket.waits() and not ticket.offer
        if is_right and not self.comes_back(ticket, left):
            is_right = self.now <= self.undone_until(ticket, left[0])
            is_right = is_right and (kind == "seat_given_up" or self.is_owed(ticket, left))
        if not self.step(is_right, body, "undone"):
            return
        ticket.let_go = None
        if left[0] in self.misses:
            self.misses[left[0]]["over"] = True
        if before:
            for key in ("waited", "unanswered"):
                setattr(ticket, key, getattr(ticket, key) + before[key])
            ticket.given_up = max(0, ticket.given_up + before["given_up"])
            ticket.since_debt = max(0, ticket.since_debt - before["counted"])
            ticket.debt = max(ticket.debt, before["debt"])
            ticket.is_moved = before["is_moved"]
            for day in [day for day, seq in ticket.excluded.items() if seq == left[0]]:
                del ticket.excluded[day]
                if day in before["excluded"]:
                    ticket.excluded[day] = before["excluded"][day]
        self.seat_again(ticket, left)

    def on_monday_excluded(self, body, ticket):
        """Leave a Monday out for her, before its list is fixed."""
        if self.may_choose(body, ticket):
            ticket.excluded[body["monday"]] = self.seq

    def on_monday_included(self, body, ticket):
        """Take back that a Monday is left out, before its list is fixed."""
        is_right = self.may_choose(body, ticket) and body["monday"] in ticket.excluded
        if self.step(is_right, body, body["monday"]):
            del ticket.excluded[body["monday"]]

    def may_choose(self, body, ticket):
        """Return whether she is in the line and the Monday's list is not fixed; else report it."""
        draw = self.draws.get("d%02d-%s" % (ticket.district, body["monday"]))
        is_before = draw is None or not draw.freezes
        return self.step(ticket.state == "in" and is_before, body, body["monday"])

    def on_verified(self, body, ticket):
        """Note that her identity was verified, which ends what two missed meetings began."""
        is_right = ticket.state != "gone" or ticket.left[1] == "displaced"
        if self.step(is_right, body, "verified"):
            ticket.is_verified = ticket.is_sure = True

    # Two officers of two units decide: lanes, and weeks given back (section 1, Lanes and contests)

    def on_lane_asked(self, body):
        """Note a case of a lane; the case names no ticket."""
        self.at_night(body)
        if self.step(body["case"] not in self.cases, body, body["case"]):
            self.cases[body["case"]] = body["lane"]

    def at_night(self, body):
        """Report a lane's entry that is not written at midnight, when it could name a citizen."""
        if (self.now + TEHRAN) % DAY > LATE:
            self.find("late", body["case"], "lane")

    def on_lane_judged(self, body):
        """Note an officer's answer to a case."""
        self.at_night(body)
        if self.step(body["case"] in self.cases, body, body["case"]):
            self.verdicts[self.seq] = body
            if self.cases[body["case"]]:
                self.answers.setdefault(body["case"], []).append((body, self.now))

    def is_lane_missing(self):
        """Return whether a lane was agreed to ten minutes ago or more, and no entry grants it.

        That takes a yes by officers of two units, and nobody's no.
        """
        for said in self.answers.values():
            if any(body["verdict"] != "yes" for body, _ in said):
                continue
            old = {body["officer"].split("/")[0] for body, at in said if at + LATE < self.now}
            if len(old) > 1:
                return True
        return False

    def two_units(self, body, officers):
        """Return whether two officers are of two units; else report `same_unit`."""
        are_two = len({one.split("/")[0] for one in officers}) == 2
        return self.step(are_two, body, " ".join(officers), "same_unit")

    def on_lane_granted(self, body, ticket):
        """Grant a lane to a ticket: two yes of two units to one case, once a case."""
        said = [self.verdicts.get(seq) for seq in body["because"]]
        is_yes = len(said) == 2 and all(one and one["verdict"] == "yes" for one in said)
        is_one = is_yes and said[0]["case"] == said[1]["case"]
        if not is_one or self.cases[said[0]["case"]] != body["lane"]:
            self.find("cause_wrong", ticket.name, body["lane"])
            return
        if not self.two_units(body, [one["officer"] for one in said]):
            return
        self.cases[said[0]["case"]] = ""  # a case gives one lane, however often it is judged
        self.answers.pop(said[0]["case"], None)
        ticket.lane = body["lane"]

    def on_contested(self, body, ticket):
        """Note that she contests what took something from her, within 72 hours.

        That is a no-show, or a seat given up that took her weeks.
        """
        if not self.step(ticket.state == "in", body, "contested"):
            return
        miss = self.misses.get(body["because"][0])
        is_right = miss is not None and miss["ticket"] in ticket.names and len(body["because"]) == 1
        if not is_right or miss["over"] or not (miss["counted"] or miss["lost"]):
            self.find("cause_wrong", ticket.name, "contested")
            return
        if self.now > miss["at"] + 3 * DAY:
            self.find("answered_late", ticket.name, "contested")
        self.contests[self.seq] = (body["because"][0], {})

    def on_contest_judged(self, body, ticket):
        """Note an officer's answer to a contest."""
        contest = self.contests.get(body["because"][0])
        is_right = contest and self.log[body["because"][0] - 1][1]["ticket"] in ticket.names
        if not is_right or len(body["because"]) > 1:
            self.find("cause_wrong", ticket.name, "contest_judged")
            return
        contest[1][self.seq] = body
        if body["verdict"] == "yes" and ticket.state == "in":
            yes = self.judged.setdefault(body["because"][0], (contest[0], ticket, []))[2]
            yes.append((self.now, body["officer"]))

    def owed_weeks(self, district):
        """Yield each ticket of a district whose weeks were given back, but not in the log.

        Officers of two units must have said yes ten minutes ago or more, while she was in the line,
        and neither may be the officer of the no-show.
        """
        for missed, ticket, yes in self.judged.values():
            miss = self.misses[missed]
            officers = [officer for at, officer in yes if at + LATE < self.now]
            units = {one.split("/")[0] for one in officers if one != miss["officer"]}
            is_hers = ticket.state == "in" and ticket.district == district
            if is_hers and not miss["over"] and len(units) > 1:
                yield ticket.name

    def on_weeks_back(self, body, ticket):
        """Give back the weeks that a contested entry took, after a yes of two units.

        Undoing a seat given up does not give the same weeks again. `by_wrong`: one of the two is
        the officer of the no-show.
        """
        contest = self.contests.get(body["because"][0])
        said = [contest[1].get(seq) for seq in body["because"][1:]] if contest else []
        is_right = len(said) == 2 and all(one and one["verdict"] == "yes" for one in said)
        miss = self.misses[contest[0]] if contest else {"over": True, "ticket": ""}
        if not self.step(ticket.state == "in", body, "weeks_back"):
            return
        if not is_right or miss["over"] or miss["ticket"] not in ticket.names:
            self.find("cause_wrong", ticket.name, "weeks_back")
            return
        officers = [one["officer"] for one in said]
        if not self.two_units(body, officers):
            return
        if miss["officer"] in officers:
            self.find("by_wrong", ticket.name, miss["officer"])
            return
        miss["over"] = True
        ticket.waited += miss["lost"]
        ticket.missed -= miss["counted"]
        if ticket.let_go and ticket.let_go[0][0] == contest[0]:
            ticket.let_go[1]["waited"] = 0
        if body["waited"] != ticket.waited:
            told = "%s, %s" % (body["waited"], ticket.waited)
            self.find("weeks_back_wrong", ticket.name, told)

    # A seat, from the draw to the evening of the Monday (section 1, Seats)

    def sit(self, draw, ticket, time, state):
        """Give a ticket a seat; `seat_twice` if she has one or the seat is held."""
        if ticket.seat is not None or time in draw.held:
            self.find("seat_twice", ticket.name, time)
            return
        self.leave_offer(ticket)
        draw.free.pop(time, None)
        draw.freed.pop(time, None)
        draw.held[time] = (ticket, state)
        ticket.seat, ticket.had_seat = (draw, time), self.seq

    def stand_up(self, ticket, *, frees=True):
        """Take her seat from a ticket; the seat is free again, if `frees`."""
        draw, time = ticket.seat
        del draw.held[time]
        draw.ends.pop(time, None)
        draw.stood.discard(ticket.name)
        ticket.seat = None
        for kind in ("seat_lapsed", "not_received", "not_called"):
            self.done.add((kind, draw.name, ticket.name, time))
        if frees:
            self.set_free(draw, time)

    def set_free(self, draw, time):
        """Note which entry freed a seat; it can be offered while its Monday is open or held."""
        draw.freed[time] = self.seq
        if draw.monday in ("open", "held"):
            draw.free[time] = (self.seq, self.now)

    def take(self, kind, body, ticket, draw):
        """Return whether the seat is hers, in a state in which this step is allowed (`SEAT`)."""
        time, before = body["time"], SEAT[kind][0].split()
        mine, state = draw.held.get(time, (None, ""))
        is_right = mine is ticket and state in before
        return self.step(is_right, body, "%s %s" % (kind, time))

    def on_seat_confirmed(self, body, ticket, draw):
        """Confirm a drawn seat before its answer ends (`answered_late`)."""
        if self.take("seat_confirmed", body, ticket, draw):
            until = draw.ends.get(body["time"], 0)
            self.step(not until or self.now <= until, body, body["time"], "answered_late")
            draw.held[body["time"]] = (ticket, "confirmed")
            self.done.add(("seat_lapsed", draw.name, ticket.name, body["time"]))

    def on_seat_given_up(self, body, ticket, draw):
        """Give a seat up, or move to a later Monday, and count what that costs her.

        `moved`: once a ticket, until the answer ends; at most four Mondays are left out. Giving up
        costs nothing for a seat stood in, nor for a seat whose silence would cost nothing: its
        answer ends after `standby_until`, or an outage excuses it.
        """
        if not self.take("seat_given_up", body, ticket, draw):
            return
        week, until, is_moved = draw.week, body["until"], body["why"] == "moved"
        weeks = (JALALI[until] - week.day) // 7 if until else 0
        may_move = not ticket.is_moved and 1 <= weeks <= 5
        if not self.step(may_move if is_moved else until == "", body, body["why"]):
            return
        counts = ("waited", "debt", "given_up", "unanswered")
        before = {key: getattr(ticket, key) for key in counts}
        before.update(excluded=dict(ticket.excluded), is_moved=ticket.is_moved)
        state, ends = draw.held[body["time"]][1], draw.ends.get(body["time"], 0)
        is_free = ticket.name in draw.stood or (  # silence would cost her nothing either
            state == "given" and ends and (ends > week.time("standby_until") or self.is_kept(ends))
        )
        before["counted"] = int(not is_moved and not is_free)
        if is_moved:
            limit = draw.ends.get(body["time"], 0) or week.time("answer_by")
            self.step(self.now <= limit, body, "moved", "answered_late")
            ticket.is_moved = True
            for at in range(1, weeks):
                ticket.excluded[ORDINAL[week.day + 7 * at]] = self.seq
        elif not is_free:
            self.look_for_lapse(draw, body["time"])
            ticket.give_up()
            if self.now >= week.time("standby_until"):
                ticket.reset()
        for key in counts:  # the difference is what this entry takes, and what undoing gives back
            before[key] -= getattr(ticket, key)
        if before["waited"]:
            self.note_miss(ticket, before["waited"], 0)
        is_stood = ticket.name in draw.stood
        draw.left_hall.update({ticket.name} if is_stood else ())
        self.stand_up(ticket)
        left = (self.seq, self.now, draw, body["time"], state, ends, is_stood)
        ticket.let_go = (left, before)

    def note_miss(self, ticket, lost, counted, officer=""):
        """Note what a no-show or a seat given up took, in case she contests it.

        `counted`: missed meetings; `over`: it came back, or was undone.
        """
        self.misses[self.seq] = {
            "ticket": ticket.name,
            "lost": lost,
            "counted": counted,
            "at": self.now,
            "officer": officer,
            "over": False,
        }

    def on_seat_lapsed(self, body, ticket, draw):
        """Take an unanswered seat after its answer has ended.

        `lapsed_early`: before that end, or although an outage excuses her silence.
        """
        if not self.take("seat_lapsed", body, ticket, draw):
            return
        until = draw.ends.get(body["time"], 0)
        if not until or self.now < until or self.is_excused(until):
            self.find("lapsed_early", ticket.name, body["time"])
        self.lapsed_end = until or self.lapsed_end
        ticket.debt = 0
        ticket.unanswered += 1
        if ticket.unanswered >= 2:
            ticket.reset()
        self.stand_up(ticket)

    def may_be_asked(self, draw):
        """Return all who may be offered a seat, in order: unasked standbys, then who wants one."""
        some = [self.tickets[name] for name in draw.standby if name not in draw.asked]
        return (one for one in some + self.wanting(draw) if one.waits())

    def wanting(self, draw):
        """Return who wants a free seat: those of the standby as drawn, then the others as filed."""
        mine = [self.tickets[name] for name in draw.standby if name in draw.wants]
        others = [self.tickets[name] for name in draw.wants if name not in draw.standby]
        return mine + sorted(others, key=lambda one: one.line)

    def on_offered(self, body, ticket, draw):
        """Offer the earliest free seat to the first who may be asked.

        - `offer_without_seat`: that seat is not free. `offer_to_stranger`: she is not of the
          standby and wants none, or does not wait. `offer_out_of_order`: she or the seat is not the next.
        - `lapsed_early`: the offer ends at another time than the rules give.
        """
        time, week = body["time"], draw.week
        is_time = draw.state == "drawn" and draw.monday in ("open", "held")
        if not self.step(is_time, body, "offered"):
            return
        is_next = next(self.may_be_asked(draw), None) is ticket
        wrong = ""
        if time not in draw.free:
            wrong = "offer_without_seat"
        elif not ticket.waits() or ticket.name not in {*draw.standby, *draw.wants}:
            wrong = "offer_to_stranger"
        elif not is_next or time != min(draw.free):
            wrong = "offer_out_of_order"
        if wrong:
            self.find(wrong, ticket.name, time)
            return
        if not self.cause(body, [draw.free[time][0]]):
            return
        ends = self.offer_ends(week)
        self.step(instant(body["ends"]) == ends, body, body["ends"], "lapsed_early")
        self.leave_offer(ticket)
        draw.asked.add(ticket.name)
        draw.wants.pop(ticket.name, None)
        self.ask(draw, ticket, time, ends)

    def ask(self, draw, ticket, time, ends):
        """Open an offer of a seat, and plan its end."""
        del draw.free[time]
        draw.freed.pop(time, None)
        draw.offers[time], ticket.offer = (ticket, ends), (draw, time)
        what = ("offer_unanswered", draw.name, ticket.name, time)
        self.done.discard(what)
        self.plan(ends, *what)

    def offer_ends(self, week):
        """Return when an offer made now ends.

        The rules' hours run only between `offers.from` and `offers.until` of each day, and end at
        `standby_until` at the latest.
        """
        rule, at = week.rules["offers"], self.now
        left, until = rule["hours"] * HOUR, week.time("standby_until")
        while at < until:
            day = tehran_day(at)
            start, end = max(at, moment(day, rule["from"])), moment(day, rule["until"])
            if start + left <= end:
                return min(start + left, until)
            left -= max(end - start, 0)
            at = moment(day + 1)
        return until

    def answer_offer(self, body, ticket, draw):
        """Close an offer; return when it would have ended, or None with a finding if not hers."""
        time = body["time"]
        mine, ends = draw.offers.get(time, (None, 0))
        if not self.step(mine is ticket, body, time):
            return None
        del draw.offers[time]
        ticket.offer = None
        self.done.add(("offer_unanswered", draw.name, ticket.name, time))
        return ends

    def on_offer_accepted(self, body, ticket, draw):
        """Accept an offer before it ends: the seat is confirmed."""
        ends = self.answer_offer(body, ticket, draw)
        if ends is not None:
            self.step(self.now <= ends, body, body["time"], "answered_late")
            self.sit(draw, ticket, body["time"], "confirmed")
            draw.ends[body["time"]] = ends

    def on_offer_refused(self, body, ticket, draw):
        """Refuse an offer before it ends; the seat is free again, and she may undo the refusal."""
        ends = self.answer_offer(body, ticket, draw)
        if ends is not None:
            self.step(self.now <= ends, body, body["time"], "answered_late")
            left = (self.seq, self.now, draw, body["time"], "offered", ends, False)
            ticket.let_go = (left, {})
            self.set_free(draw, body["time"])

    def on_offer_unanswered(self, body, ticket, draw):
        """End an offer that ran out, or whose Monday was closed."""
        ends = self.answer_offer(body, ticket, draw)
        if ends is not None:
            is_over = self.now >= ends or draw.monday == "closed"
            self.step(is_over, body, body["time"], "lapsed_early")
            self.set_free(draw, body["time"])

    def on_free_wanted(self, body, ticket, draw):
        """Note that she wants an offer if a seat becomes free: once for each Monday."""
        is_right = draw.state == "drawn" and draw.monday == "open"
        is_right = is_right and ticket.waits() and not ticket.offer
        is_right = is_right and ticket.district == draw.district
        is_right = is_right and draw.week.name not in ticket.excluded
        is_asked = ticket.name not in draw.standby or ticket.name in draw.asked
        is_right = is_right and is_asked and ticket.name not in draw.wanted
        if self.step(is_right, body, "free_wanted"):
            is_in_time = self.now <= draw.week.time("standby_until")
            self.step(is_in_time, body, "free_wanted", "answered_late")
            draw.wanted.add(ticket.name)
            draw.wants[ticket.name] = (self.seq, self.now)

    def on_taken_free(self, body, ticket, draw):
        """Take a free seat, as anybody of the district may once nobody is next to be asked."""
        time = body["time"]
        is_right = draw.state == "drawn" and draw.monday == "open" and time in draw.free
        is_right = is_right and ticket.state == "in" and ticket.district == draw.district
        if not self.step(is_right, body, time):
            return
        if ticket.seat is not None or next(self.may_be_asked(draw), None) is not None:
            code = "seat_twice" if ticket.seat is not None else "free_before_asked"
            self.find(code, ticket.name, time)
            return
        self.step(self.now <= draw.week.time("standby_until"), body, time, "answered_late")
        self.sit(draw, ticket, time, "confirmed")

    def on_present(self, body, ticket, draw):
        """Note, on the day, that a holder of a seat or one of the standby is in the hall."""
        is_holder = draw in [place[0] for place in (ticket.seat, ticket.offer) if place]
        is_right = is_holder or ticket.name in draw.standby
        if self.step(is_right, body, "present") and self.is_day(draw, body, "present"):
            draw.present.setdefault(ticket.name, self.now)

    def on_arrival(self, body, ticket, draw):
        """Note that the holder of a seat has arrived, up to ten minutes after the last end."""
        is_right = self.take("arrival", body, ticket, draw) and self.is_day(draw, body, "arrival")
        is_right = is_right and self.step(not self.has_gone_by(draw), body, "arrival")
        if is_right and self.step(draw.monday in ("open", "held"), body, "arrival"):
            self.look_for_lapse(draw, body["time"])
            before = {"at": self.now, "officer": body["officer"]}
            before["state"] = draw.held[body["time"]][1]
            draw.slips[ticket.name] = ("arrival", self.seq, before)
            draw.held[body["time"]] = (ticket, "arrived")
            draw.arrived[ticket.name], draw.came[ticket.name] = self.seq, self.now

    def slip(self, kind, body, ticket, draw):
        """Return what an undoing of reception takes back, or None with a finding.

        It must be what reception wrote last of this seat (`cause_wrong`), by the same unit
        (`by_wrong`).
        """
        undone, seq, before = draw.slips.get(ticket.name, ("", 0, {}))
        if undone != kind or body["because"] != [seq]:
            self.find("cause_wrong", ticket.name, " ".join(map(str, body["because"])))
            return None
        if body["officer"].split("/")[0] != before["officer"].split("/")[0]:
            self.find("by_wrong", ticket.name, body["officer"])
            return None
        return before

    def end_slip(self, body, ticket, draw, before):
        """Finish an undoing, which is `answered_late` after ten seconds."""
        del draw.slips[ticket.name]
        is_in_time = self.now - before["at"] <= SLIP
        self.step(is_in_time, body, body["time"], "answered_late")

    def on_arrival_undone(self, body, ticket, draw):
        """Take back an arrival that reception pressed by mistake."""
        is_right = self.take("arrival_undone", body, ticket, draw)
        if not is_right or not self.step(draw.monday in ("open", "held"), body, "arrival_undone"):
            return
        before = self.slip("arrival", body, ticket, draw)
        if before:
            draw.held[body["time"]] = (ticket, before["state"])
            draw.arrived.pop(ticket.name, None)
            self.end_slip(body, ticket, draw, before)

    def missed(self, kind, body, ticket, draw):
        """Return entry and record of her no-show, if her seat is free by it and she still waits.

        Otherwise it reports a finding and returns (0, None).
        """
        seq = draw.free.get(body["time"], (0, 0))[0]
        miss = self.misses.get(seq)
        is_right = miss is not None and self.log[seq - 1][0] == "no_show" and ticket.waits()
        is_right = (
            is_right
            and miss["ticket"] == ticket.name
            and not ticket.offer
            and draw.monday in ("open", "held")
        )
        return (seq, miss) if self.step(is_right, body, kind) else (0, None)

    def on_no_show_undone(self, body, ticket, draw):
        """Take back a no-show that reception pressed by mistake, with all that it took from her."""
        seq, miss = self.missed("no_show_undone", body, ticket, draw)
        before = self.slip("no_show", body, ticket, draw) if miss else None
        if not before:
            return
        if miss["counted"]:
            if miss["over"]:
                self.find("cause_wrong", ticket.name, seq)
                return
            for key in ("waited", "given_up", "unanswered"):
                setattr(ticket, key, getattr(ticket, key) + before[key])
            ticket.debt = max(ticket.debt, before["debt"])
            ticket.missed -= 1
            ticket.is_verified = ticket.is_verified or before["is_verified"]
        else:
            draw.stood.add(ticket.name)
        miss["over"] = True
        self.sit_again(draw, ticket, body["time"], before["state"], before["ends"])
        if before["present"] is not None:
            draw.present[ticket.name] = before["present"]
        self.end_slip(body, ticket, draw, before)

    def has_run(self, since, until):
        """Return whether the clock wrote anything between two moments, ten minutes from both.

        If it did not, the log cannot tell a seat that was left out from a city that was away.
        """
        last = next((at for at in reversed(self.clock_ran) if at <= until - LATE), None)
        return last is not None and last >= since + LATE

    def stayed(self, draw):
        """Return those of the standby who wait now and have waited since the draw."""
        some = (one for one in draw.standby if self.tickets[one].waits())
        return [one for one in some if self.back.get(one, 0) < draw.drawn]

    def look_for_offer(self, draw, time, freed):
        """Report `not_offered` if a seat was free for days and somebody was next to be asked."""
        until, passed = draw.week.time("standby_until"), []
        if self.has_run(freed, until):
            passed = [one for one in self.stayed(draw) if one not in draw.asked]
        for one in self.wanting(draw):
            seq, at = draw.wants[one.name]
            has_waited = one.waits() and self.back.get(one.name, 0) < seq
            if has_waited and self.has_run(max(freed, at), until):
                passed.append(one.name)
        if passed:
            self.find("not_offered", passed[0], time)

    def look_for_seat(self, draw, time, freed):
        """Report `not_offered` if a seat stayed empty and one of the standby was in the hall."""
        due, until = self.stands_in(draw, time, freed), self.last_end(draw) - HOUR
        for name in self.stayed(draw):
            here = draw.present.get(name)
            if here is not None and self.has_run(max(due, here) + 15 * MINUTE, until):
                self.find("not_offered", name, time)
                return

    @staticmethod
    def stands_in(draw, time, freed):
        """Return from when on a free seat may be given to somebody in the hall.

        That is ten minutes before it begins, or the next quarter of an hour after it became free
        later.
        """
        at = moment(draw.week.day, time) - LATE
        return at if freed <= at else (freed // (15 * MINUTE) + 1) * 15 * MINUTE

    def on_stood_in(self, body, ticket, draw):
        """Give a free seat to the first of the standby who is in the hall.

        The right one is the first in the drawn order who was present at the first moment, of those
        at which the seat could be given, at which anybody was (`stood_in_out_of_order`). Who gave
        up a seat that she had stood in is given no other that day.
        """
        time, name = body["time"], ticket.name
        if not self.is_day(draw, body, time):
            return
        is_time = draw.monday in ("open", "held") and time in draw.free
        if not self.step(is_time, body, time):
            return
        cause, freed = draw.free[time]
        if ticket.seat is not None:
            self.find("seat_twice", name, time)
            return
        if not self.cause(body, [cause]):
            return
        at = soonest = self.stands_in(draw, time, freed)
        waiting = [one for one in draw.standby if self.tickets[one].waits()]
        here, first = [one for one in waiting if one in draw.present], ""
        here = [one for one in here if one not in draw.left_hall]
        while at <= self.now and not first:
            first = next((one for one in here if draw.present[one] <= at), "")
            at = at if first else (at // (15 * MINUTE) + 1) * 15 * MINUTE
        if first == name and self.now > at + LATE:
            self.find("late", name, time)
        if first == name and self.now < soonest:
            self.find("early", name, utc(soonest))
        if first != name:
            self.find("stood_in_out_of_order", name, time)
            return
        self.look_for_offer(draw, time, freed)
        draw.stood.add(name)
        self.sit(draw, ticket, time, "confirmed")

    def on_no_show(self, body, ticket, draw):
        """Note a no-show, which takes her weeks and counts as missed unless she stood in.

        `no_show_early`: before ten minutes after the seat's time. `no_show_but_present`: she was
        noted as present.
        """
        name = ticket.name
        if not self.take("no_show", body, ticket, draw):
            return
        if not self.is_day(draw, body, "no_show"):
            return
        if self.now < moment(draw.week.day, body["time"]) + LATE:
            self.find("no_show_early", name, body["time"])
        is_stood = name in draw.stood
        if name in draw.present and not is_stood:
            self.find("no_show_but_present", name, body["time"])
        keys = ("waited", "debt", "given_up", "unanswered", "is_verified")
        before = {key: getattr(ticket, key) for key in keys}
        before.update(at=self.now, officer=body["officer"], state=draw.held[body["time"]][1])
        before["ends"] = draw.ends.get(body["time"], 0)
        lost = 0 if is_stood else ticket.waited
        self.note_miss(ticket, lost, int(not is_stood), body["officer"])
        if not is_stood:
            ticket.reset()
            ticket.missed += 1
            ticket.is_verified, ticket.missed_seq = False, self.seq
        before["present"] = draw.present.pop(name, None)
        draw.slips[name] = ("no_show", self.seq, before)
        self.stand_up(ticket)

    def on_came_late(self, body, ticket, draw):
        """Let her have her seat after a no-show on the same day; her weeks come back."""
        time = body["time"]
        cause, miss = self.missed("came_late", body, ticket, draw)
        if not miss or not self.is_day(draw, body, "came_late"):
            return
        if not self.step(not self.has_gone_by(draw), body, "came_late"):
            return
        if not self.cause(body, [cause]):
            return
        if not miss["over"]:
            ticket.waited += miss["lost"]
            ticket.missed -= miss["counted"]
        miss["over"] = True
        draw.stood.update({ticket.name} if not miss["counted"] else ())
        self.sit(draw, ticket, time, "arrived")
        draw.arrived[ticket.name], draw.came[ticket.name] = self.seq, self.now

    def on_met(self, body, ticket, draw):
        """Note that the meeting took place, which ends the ticket."""
        if self.take("met", body, ticket, draw):
            self.step(draw.is_held, body, "met")  # allowed after the Monday's end too
            self.stand_up(ticket, frees=False)
            ticket.state, ticket.left = "gone", (self.seq, "met", self.now)
            draw.meetings[ticket.name] = (self.seq, self.now, body["time"])

    def on_meeting_recorded(self, body, ticket, draw):
        """Check the record of a meeting, by whoever held it; it moves nothing but must be possible.

        `record_wrong`: it is not on the Monday, ends before it begins, or (pressed live) begins
        before she arrived, before the Monday began, or before the meeting before it ended.
        """
        seq, met, time = draw.meetings.get(ticket.name, (0, 0, ""))
        if not self.step(seq != 0, body, "meeting_recorded"):
            return
        is_cause = body["because"] == [seq] and body["time"] == time
        if not self.step(is_cause, body, body["time"], "cause_wrong"):
            return
        holder, _, district = body["officer"].split("/")[0].partition("-")
        is_holder = holder in ("mayor", "deputy") and district == draw.name[1:3]
        if not self.step(is_holder, body, body["officer"], "by_wrong"):
            return
        del draw.meetings[ticket.name]
        began, ended = instant(body["began"]), instant(body["ended"])
        is_right = tehran_day(began) == draw.week.day and began <= ended <= self.now
        if body["source"] == "live":
            earliest = max(draw.came.get(ticket.name, 0), draw.held_at, draw.free_from)
            is_right = is_right and ended == met and began >= earliest
        draw.free_from = max(draw.free_from, ended)
        self.step(is_right, body, "%s - %s" % (body["began"], body["ended"]), "record_wrong")

    def on_not_received(self, body, ticket, draw):
        """Note that the city did not receive her: she is owed a seat."""
        if not self.take("not_received", body, ticket, draw):
            return
        state = draw.held[body["time"]][1]
        if draw.monday == "ended":
            if not self.step(state == "arrived", body, "not_received"):
                return
            self.cause(body, [draw.arrived.get(ticket.name, 0), draw.ended])
        elif not self.step(self.is_off(ticket, draw), body, "not_received"):
            return
        else:
            self.cause(body, [draw.closed or draw.ended])
        self.look_for_lapse(draw, body["time"])
        self.stand_up(ticket, frees=False)
        ticket.owe()

    def is_off(self, ticket, draw):
        """Return whether the city did not receive her although she could still have come."""
        return draw.monday in ("closed", "not_held") and ticket.name not in draw.absent

    def on_not_called(self, body, ticket, draw):
        """Note that she had not arrived by the end or the closing; her weeks stay.

        She gets one week more if she won the seat and was present.
        """
        if not self.take("not_called", body, ticket, draw):
            return
        is_over = draw.monday == "ended" or ticket.name in draw.absent
        if self.step(is_over, body, "not_called"):
            self.cause(body, [draw.ended or draw.closed])
        self.look_for_lapse(draw, body["time"])
        if ticket.name in draw.seated and ticket.name in draw.present:
            ticket.waited += 1
        self.stand_up(ticket, frees=False)

    # Statements, which move nothing, and outages (section 1, Statements and Outages)

    def on_skip(self, body, ticket, draw):
        """Note that a citizen was passed over at her call, on a drawn Monday."""
        self.step(draw.state == "drawn", body, "skip")

    def on_audited(self, body):
        """Check that the city's audit is of fewer entries than its own number."""
        self.step(body["size"] < self.seq, body, "size")

    def on_books_differ(self, body, draw):
        """Accept the city's statement that its tables differ from the log; the log decides."""

    def on_outage(self, body):
        """Take an outage of the city, which excuses everybody whose answer it took.

        It is written within 70 minutes after its end. It overlaps no other outage, and comes before
        any seat that it would excuse has lapsed, so that the city cannot choose whom it excuses.
        """
        since, until = instant(body["from"]), instant(body["until"])
        last = max([end for _, end in self.outages], default=since)
        is_right = last <= since < until <= self.now <= until + 3600 + LATE
        is_right = is_right and not since <= self.lapsed_end - 3600 < until
        if self.step(is_right, body, "outage"):
            self.outages.append((since, until))

    def is_excused(self, ends):
        """Return whether an outage covers the last hour before an answer ended."""
        return any(since <= ends - 3600 < until for since, until in self.outages)

    def is_kept(self, ends):
        """Return whether an answer has ended and an outage keeps the seat."""
        return self.now > ends + LATE and self.is_excused(ends)

    def look_for_lapse(self, draw, time):
        """Report `not_lapsed` if a seat is still given long after its end, without an outage."""
        mine, state = draw.held[time]
        ends = draw.ends.get(time, 0)
        if (
            state == "given"
            and ends
            and self.now > ends + LATE + 3600
            and not self.is_excused(ends)
        ):
            self.find("not_lapsed", mine.name, time)

    def on_audience_off_system(self, body, draw):
        """Check that a count of audiences outside the line corrects one of its draw, or none."""
        before = self.log[body["corrects"] - 1] if 0 < body["corrects"] < self.seq else None
        is_right = before and before[0] == "audience_off_system"
        is_right = is_right and before[1]["draw"] == draw.name
        self.step(body["corrects"] == 0 or bool(is_right), body, "corrects", "cause_wrong")

    def find_missing_draws(self):
        """Report each Monday that is over and was never drawn."""
        for draw in self.draws.values():
            if draw.state != "drawn" and self.now > moment(draw.week.day + 1):
                self.find("draw_missing", draw=draw.name, seq=0)


# How many findings of one code are printed. If the log was rewritten, every later note gives one.
MOST_SHOWN = 10
ENTRY_MOST = 65535  # bytes of an entry: the most that the two bytes of its length can say
# Findings after which a draw file is not compared with the log.
OUT_OF_FORM = {"not_a_file", "malformed", "key_missing", "key_too_many"}
# Kinds that the clock writes by itself: they show that the city was running.
BY_CLOCK = {"monday_opened", "line_closed", "freeze", "draw", "offered", "seat_lapsed"}
BY_CLOCK |= {"stood_in", "monday_ended"}
# Kinds after which a ticket counts as not having waited since the draw (section 1, `not_offered`).
BACK = {"taken_in", "seat_given_up", "seat_lapsed", "no_show", "not_received", "not_called"}
# Kinds whose `monday` must be open.
NEED_WEEK = {"line_closed", "commitment", "reveal", "reveals_closed", "value", "value_stands"}


def is_escaped_oddly(data):
    r"""Return whether an entry has escapes other than `\"` and `\\`."""
    return b"\\" in data and re.search(rb'\\[^"\\]', data.replace(b"\\\\", b"")) is not None


# ------------------------------ what the city and the witnesses signed, and when (sections 5, 6)


class Books:
    """A copy of the log with its signed notes and draw files; `found` holds every finding."""

    def __init__(self, folder, city_keys=()):
        """Read and check a copy: entries, keys, notes, draw files, and the moments of signatures.

        `city_keys` are keys that the user got elsewhere, for example from a poster.
        """
        self.folder, self.found = folder, []
        head = read_note(folder.read("checkpoint") or b"")
        parts = head and read_checkpoint(head.text)
        if not parts:
            raise UnreadableError("no_checkpoint", "checkpoint")
        self.origin, self.size, self.root = parts
        self.raw = folder.entries(self.size)
        self.files = {}
        for name, file in folder.draws():
            draw = name.split("/")[-1][:-5]
            wrong = list(found_in(file, draw))
            self.found += wrong
            if not {one.code for one in wrong} & OUT_OF_FORM:
                self.files[draw] = file
        self.audit = Audit(self.raw, {name: self.files[name] for name in self.files}, self.origin)
        self.find_keys(city_keys)
        self.read_notes(head)
        marks = {(name, signed[:4]) for name, signed in head.signatures}
        self.signers = [text for text, mark in self.city_texts.items() if mark in marks]
        self.found += self.audit.found
        self.compare_files()
        self.check_moments()

    def find(self, code, where, who="", what="", seq=0):
        """Add a finding about a file, a note or a receipt."""
        self.found.append(Finding(code, seq, where, who, str(what)))

    def find_keys(self, asked):
        """Collect the keys of the city and of the witnesses from all rules of the log.

        `key_unknown`: a key that the user asked for is in none of them. Then this is another city's
        log, or the poster names a key that the log hides.
        """
        self.city, self.witnesses, self.city_texts = {}, {}, {}
        for rules in self.audit.known_rules.values():
            for text in rules["log"]["keys"]:
                key = read_key(text)
                self.city[key.name, key.id] = key
                self.city_texts[text] = (key.name, key.id)
            for one in rules["witnesses"]:
                key = read_key(one["vkey"])
                self.witnesses[key.name, key.id] = key
        for text in asked:
            key = read_key(text)
            if key is None:
                raise UnreadableError("key_unreadable", text)
            if (key.name, key.id) not in self.city:
                self.find("key_unknown", "checkpoint", text)

    def open_note(self, note, where):
        """Return each witness's name → moment of signing, if a key of the city signed the note.

        Otherwise it reports a finding and returns None. Signatures by unknown keys are ignored, one
        wrong signature by a known key refuses the note.
        """
        stamps, is_city = {}, False
        for name, signed in note.signatures:
            key = self.city.get((name, signed[:4]))
            witness = self.witnesses.get((name, signed[:4]))
            if key and key.kind == 1:
                if not is_signed(key.public, note.text.encode(), signed[4:]):
                    self.find("signature_wrong", where, name)
                    return None
                is_city = True
            elif witness and len(signed) == 76:
                at = int.from_bytes(signed[4:12], "big")
                text = "cosignature/v1\ntime %d\n%s" % (at, note.text)
                if not is_signed(witness.public, text.encode(), signed[12:]):
                    self.find("signature_wrong", where, name)
                    return None
                stamps[name] = min(at, stamps.get(name, at))
            elif witness:
                self.find("signature_wrong", where, name)
                return None
        if not is_city:
            self.find("key_unknown", where, ", ".join(name for name, _ in note.signatures))
            return None
        return stamps

    def read_notes(self, head):
        """Check every signed note of the copy against the root of the entries at its size.

        - `note_malformed`: it cannot be read, is missing although listed, or names another log.
        - `log_cut`: it signs more entries than this copy has.
        - `log_rewritten`: witnesses signed other entries. `root_differs`: only the city signed
          them.
        """
        notes, prefix = {"checkpoint": head}, self.folder.top + "note/"
        listed = re.findall("[0-9]+", (self.folder.read("notes") or b"").decode("ascii", "replace"))
        names = {name[len(prefix) :] for name in self.folder.files if name.startswith(prefix)}
        names = {name for name in names if not name.startswith(".")}
        for name in sorted(names | {*listed}, key=lambda one: (len(one), one)):
            data = self.folder.read("note/" + name)
            notes["note/" + name] = read_note(data) if data is not None else None
        known = {}
        for where, note in notes.items():
            parts = note and read_checkpoint(note.text)
            if not parts or (where != "checkpoint" and where != "note/%d" % parts[1]):
                self.find("note_malformed", where, where)
            elif parts[0] != self.origin:
                self.find("note_malformed", where, parts[0])
            else:
                known[where] = (note, parts)
        sizes = {parts[1] for _, parts in known.values()}
        self.roots = roots_at(self.raw, sizes)
        self.signed = []
        for where, (note, (_, size, root)) in known.items():
            stamps = self.open_note(note, where)
            if stamps is None:
                continue
            if size > self.size:
                self.find("log_cut", where, " ".join([self.origin, *sorted(stamps)]), size)
            elif self.roots[size] != root:
                code = "log_rewritten" if stamps else "root_differs"
                self.find(code, where, " ".join(sorted(stamps)), size)
            elif stamps:
                self.signed.append((size, stamps))
                self.check_clock(where, size, stamps)

    def at(self, seq):
        """Return the moment of an entry, or None if there is none in its form."""
        entry = self.audit.log[seq - 1] if 0 < seq <= len(self.audit.log) else None
        return entry[2] if entry else None

    def check_clock(self, where, size, stamps):
        """Compare the times of entries with the times at which witnesses signed.

        `clock_ahead`, `clock_behind`: they differ by more than 300 seconds.
        """
        last, following = self.at(size), self.at(size + 1)
        if last is not None and last > max(stamps.values()) + SKEW:
            self.find("clock_ahead", where, utc(last), utc(max(stamps.values())), size)
        if following is not None and following < min(stamps.values()) - SKEW:
            self.find("clock_behind", where, utc(following), utc(min(stamps.values())), size + 1)

    def is_signed_by_quorum(self, seq, week, until):
        """Return whether more than half of the witnesses signed a note with this entry in time."""
        names = {key.name for key in week.keys.values()}
        return any(
            size >= seq
            and sum(name in names and at <= until for name, at in stamps.items()) >= week.quorum
            for size, stamps in self.signed
        )

    def check_moments(self):
        """Check that a quorum signed each week's closing, its reveals, and its draws in time.

        `not_cosigned` is the grave one: no quorum signed the lists and reveals before the session
        of the value's day, so the city could have changed them when it knew the value.
        `unwitnessed`: the rules name no witness at all.
        """
        latest = [max(stamps.values()) for _, stamps in self.signed]
        now = max([self.audit.now, *latest])
        for week in self.audit.weeks.values():
            if not week.has_seats():
                continue
            if not week.keys:  # nobody could sign: no fault, but it must be said
                if week.sealed:
                    self.find("unwitnessed", "", week.name, "", week.sealed)
                continue
            days = week.days or week.rules["late_value"]["days"][-1:]
            day = days[min(week.at, len(days) - 1)]
            value_day = week.day - DAYS[day]
            session = week.session(day)
            for code, seq, until in (
                ("cosigned_late", week.closed, week.time("filing_closes") + DAY // 2),
                ("not_cosigned", week.sealed, session),
                ("cosigned_late", week.last_draw, moment(value_day + 1, "12:00")),
            ):
                if seq and now > until and not self.is_signed_by_quorum(seq, week, until):
                    self.find(code, "", week.name, utc(until), seq)

    def compare_files(self):
        """Compare published draw files with those that follow from the log (`file_differs`)."""
        for name, file in sorted(self.files.items()):
            draw = self.audit.draws.get(name)
            if draw is None:
                self.find("file_differs", name, "draw")
                continue
            whole = self.audit.shown.get(name) or self.audit.frozen_file(draw)
            keys = DRAWN if "seed" in file else FROZEN if "pool" in file else OPEN
            for key in keys:
                is_old = len(keys) < len(DRAWN) and key in ("seats", "commitments")
                if file.get(key) != whole.get(key) and not (is_old and draw.freezes == []):
                    self.find("file_differs", name, key)

    # A receipt, or a checkpoint that somebody stored earlier

    def prove(self, data):
        """Check a signed receipt, or an older signed checkpoint, against the log.

        Return the receipt's entry, "" for a checkpoint, or None if its signature is no good.

        - `log_cut`: the log now has fewer entries than were signed then.
        - `receipt_contradicted`: the entry at that number is another one now.
        - `log_rewritten`: what was signed then is no beginning of this log.
        """
        note = read_note(data)
        if note is None:
            raise UnreadableError("no_receipt", "")
        lines = note.text.split("\n")
        is_receipt = len(lines) == 5 and lines[0] == self.origin + "/receipt/v1"
        place = lines[0] + "\n" + "\n".join(lines[2:]) if is_receipt else note.text
        parts = read_checkpoint(place)
        if not parts or (not is_receipt and parts[0] != self.origin):
            raise UnreadableError("no_receipt", "")
        if self.open_note(note, "receipt") is None:
            return None
        _, size, root = parts
        entry = lines[1] if is_receipt else ""
        found = re.search(r'"seq":([1-9][0-9]{0,15})\}$', entry)
        seq = int(found[1]) if found else 0
        if is_receipt and not seq:
            raise UnreadableError("no_receipt", "")
        if size > self.size or seq > self.size:
            self.find("log_cut", "receipt", self.origin, max(size, seq))
            return entry
        if is_receipt and self.raw[seq - 1].decode("latin-1") != entry:
            self.find("receipt_contradicted", "receipt", entry, seq, seq)
        if roots_at(self.raw, [size])[size] != root:
            self.find("log_rewritten", "receipt", "", size)
        return entry


# ------------------------------------------------------------- what the program prints

# Each code or word, then its sentence in English and in Persian. {who} and {what} are filled in.

WORDS = """
malformed: What stands at {what} is not in its right form {who}. / آنچه در {what} آمده شکل درستی ندارد {who}.
not_a_file: This is not a draw file. / این فایل، فایل قرعه نیست.
key_missing: The key {what} is missing from the draw file. / در فایل قرعه بخش {what} نیست.
key_too_many: The key {what} does not belong in a draw file. / بخش {what} جایش در فایل قرعه نیست.
district_differs: The draw's name is of another district. / نام قرعه از منطقهٔ دیگری است.
city_commitment_missing: The city had sealed no number. / شهرداری پیش از قرعه رمزی نسپرده بود.
pool_not_sorted: The rows of the list are not in their order. / ردیف‌های فهرست به ترتیب نیست.
ticket_twice: One request is in the list twice: {who} / یک درخواست دو بار در فهرست است: {who}
reveal_uncommitted: A number was shown that nobody had sealed: {who} / رمزی نشان داده شد که پیش‌تر سپرده نشده بود: {who}
not_canonical: The entry is not written in the one agreed way. / این ثبت به شکل قراردادی نوشته نشده است.
kind_unknown: There is no such kind of entry: {what}. / چنین نوع ثبتی نداریم: {what}.
keys_differ: These keys are missing, too many or not in their form: {what}{who}. / این کلیدها کم، زیاد یا بدشکل است: {what}{who}.
seq_broken: The number is {what}: an entry is missing or doubled. / شمارهٔ ثبت {what} است؛ ثبتی کم یا تکراری است.
time_back: It is dated {what}, before the entry before it. / زمانش {what} است، پیش از ثبت قبلی.
root_differs: The signed root of {what} entries is not that of this log. / ریشهٔ امضاشدهٔ {what} ثبت، ریشهٔ این دفتر نیست.
note_malformed: The signed note {who} cannot be read, is missing or is of another log; without it nobody sees what was signed then. / برگهٔ امضاشدهٔ {who} خوانده نمی‌شود، نیست یا از دفتر دیگری است؛ بی آن پیدا نیست که آن وقت چه امضا شده بود.
key_unknown: No announced key of the city signed: {who}. / کلید اعلام‌شدهٔ شهرداری امضا نکرده است: {who}.
signature_wrong: The signature of {who} is wrong. / امضای {who} درست نیست.
log_rewritten: The log was rewritten: {who} signed {what} other entries. / دفتر از نو نوشته شده است: {who} {what} ثبت دیگر را امضا کرده بود.
log_cut: This copy ends before entry {what}, which was signed already ({who}). Download it again; if it still ends there, the log was cut off. / این نسخه پیش از ثبت {what} تمام می‌شود که امضا شده بود ({who}). دوباره دریافت کنید؛ اگر باز همان بود، دفتر را بریده‌اند.
receipt_contradicted: The log now has something else at entry {what} of your receipt. / دفتر در ثبت {what} چیزی جز رسید شما نوشته است.
not_cosigned: Monday {who}: too few witnesses signed its sealed numbers before {what}. / دوشنبهٔ {who}: این فهرست را شاهدان پیش از عدد امضا نکردند ({what}).
unwitnessed: Monday {who}: its rules name no witness; nobody but the city has signed. / دوشنبهٔ {who}: قاعده‌هایش شاهدی ندارد؛ جز شهرداری کسی امضا نکرده است.
cosigned_late: Monday {who}: too few witnesses signed this by {what}. / دوشنبهٔ {who}: شاهدان این را تا {what} امضا نکردند.
clock_ahead: The city's clock is ahead: {who}, witnesses say {what}. / ساعت دفتر جلو است: {who}؛ شاهدان {what} می‌گویند.
clock_behind: The city's clock is behind: {who}, witnesses say {what}. / ساعت دفتر عقب است: {who}؛ شاهدان {what} می‌گویند.
early: This came before its time: {who} {what}. / این ثبت پیش از وقتش آمده است: {who} {what}.
late: This came late: {who} {what}. / این ثبت دیر آمده است: {who} {what}.
step_not_allowed: The rule allows no such step here: {who} {what}. / قاعده این گام را این‌جا نمی‌پذیرد: {who} {what}.
by_wrong: Somebody did this whose step it is not: {who} {what}. / این گام کار این شخص نیست: {who} {what}.
cause_missing: It names a cause that is not there: {what}. / علتی را نام برده که در دفتر نیست: {what}.
cause_wrong: It does not follow from the entries it names: {who} {what}. / از ثبت‌هایی که نام برده نتیجه نمی‌شود: {who} {what}.
same_unit: Both officers are of one unit, for {who}: {what}. / هر دو کارمند از یک واحدند، برای {who}: {what}.
not_written: What follows from a Monday that is past was not written: {who} {what}. / آنچه از پایان این دوشنبه نتیجه می‌شود نوشته نشده است: {who} {what}.
rules_late: Rules came after what they rule: {what}. / قاعده‌ها پس از بازشدن دوشنبه اعلام شده‌اند: {what}.
rules_hash_differs: These are not the announced rules: {what}. / این‌ها قاعده‌های اعلام‌شده نیست: {what}.
rules_alone: One officer alone has announced rules that weaken the draw: {what}. / قاعده‌هایی که قرعه را سست می‌کند، فقط به گفتهٔ یک نفر اعلام شده است: {what}.
rules_unsigned: No witness has signed rules that weaken the draw: {what}. / قاعده‌هایی که قرعه را سست می‌کند، امضای هیچ شاهدی ندارد: {what}.
rules_short: These rules leave less time than any rule may: {what}. / این قاعده‌ها کمتر از کمترین زمان می‌گذارند: {what}.
rules_long: These rules open Mondays, keep an offer, or make a meeting longer than any rule may: {what}. / این قاعده‌ها دوشنبه را زودتر از اندازه باز می‌کنند، یا پیشنهاد یا ملاقات را بیش از اندازه دراز می‌کنند: {what}.
opened_late: The Monday was opened too late ({what}). / این دوشنبه دیر باز شده است ({what}).
opened_twice: The Monday was opened twice. / این دوشنبه دو بار باز شده است.
not_opened: The Monday before this one ({what}) was never opened in this district. / دوشنبهٔ پیش از این ({what}) در این منطقه هرگز باز نشده است.
stranger: {who} is no witness of this Monday ({what}). / {who} شاهد این دوشنبه نیست ({what}).
commitment_late: {who} sealed its number too late for {what}. / {who} رمزش را برای دوشنبهٔ {what} دیر سپرده است.
commitment_twice: {who} sealed twice, or a number used before ({what}). / {who} دو بار رمز سپرده یا رمزی تکراری ({what}).
reveal_early: {who} showed a number before all lists were fixed ({what}). / {who} رمزش را پیش از بستن همهٔ فهرست‌ها نشان داده است ({what}).
reveal_late: {who} showed its number too late ({what}). / {who} رمزش را دیر نشان داده است ({what}).
reveal_differs: The number {who} showed is not the sealed one. / رمزی که {who} نشان داده همان رمز سپرده نیست.
reveals_closed_wrong: Another set of parties had shown its numbers: not {who} ({what}). / کسانی که رمزشان را نشان داده بودند این‌ها نیستند: {who} ({what}).
silent: {who} did not show its number ({what}). / {who} رمزش را نشان نداد ({what}).
value_early: {who} entered the value too early ({what}). / {who} عدد را زودتر از وقت نوشته است ({what}).
value_stands_wrong: The value {who} of {what} does not follow from what was entered. / عدد {who} برای {what} از نوشته‌ها نتیجه نمی‌شود.
value_disputed: Unequal values were entered for {what}; compare the source. / برای {what} عددهای نابرابر نوشته‌اند؛ با منبع بسنجید.
no_late_value: Monday {who} was drawn without a late value. / قرعهٔ دوشنبهٔ {who} بدون عدد بیرونی بود.
filed_twice: Request {who} is there twice. / درخواست {who} دو بار آمده است.
never_filed: No such request was filed: {who} ({what}). / چنین درخواستی ثبت نشده بود: {who} ({what}).
taken_out_late: Request {who} was taken out after its line had closed ({what}). / درخواست {who} پس از بسته‌شدن نوبت انتظار بیرون برده شد ({what}).
left_out: Request {who} belongs in this list and is not in it. / درخواست {who} جایش در این فهرست بود و نیست.
let_in: Request {who} does not belong in this list. / درخواست {who} جایش در این فهرست نیست.
waited_differs: Request {who}: weeks in the list and by the log are {what}. / درخواست {who}: هفته‌ها در فهرست و به حساب دفتر: {what}.
debt_differs: Request {who}: debt in the list and by the log are {what}. / درخواست {who}: بدهی شهرداری در فهرست و به حساب دفتر: {what}.
lane_differs: Request {who}: lane in the list and by the log are {what}. / درخواست {who}: سهمیه در فهرست و به حساب دفتر: {what}.
prefers_differs: Request {who}: preferred time in the list and by the log are {what}. / درخواست {who}: ساعت دلخواه در فهرست و به حساب دفتر: {what}.
frozen_early: The list was fixed before its time ({what}). / فهرست پیش از وقتش بسته شده است ({what}).
frozen_twice: The list was fixed again without a cause ({what}). / فهرست بی‌دلیل دوباره بسته شده است ({what}).
pool_root_differs: The list does not follow from the log ({what}). / فهرست از دفتر به دست نمی‌آید ({what}).
objection_wrong: The objection of {who} was answered wrongly ({what}). / به اعتراض {who} درست پاسخ نداده‌اند ({what}).
drawn_early: The draw came before its value stood. / قرعه پیش از معلوم‌شدن عدد انجام شده است.
drawn_twice: There was a second draw. / قرعه دو بار انجام شده است.
draw_missing: The Monday is over and was never drawn. / این دوشنبه گذشته و قرعه‌اش انجام نشده است.
seed_differs: The draw did not start from the number that follows: {what}. / قرعه از عددی که باید شروع نشده است: {what}.
seated_differs: Others have seats than the rule gives: {who} {what}. / نوبت‌ها به کسان دیگری جز حکم قاعده رسیده است: {who} {what}.
standby_differs: The standby stands in another order: {who} {what}. / ترتیب فهرست ذخیره چیز دیگری است: {who} {what}.
file_differs: The draw file is not what the log makes of it ({who}{what}). / فایل قرعه با دفتر نمی‌خواند ({who}{what}).
offer_out_of_order: A seat was offered to {who} out of order ({what}). / نوبت {what} خارج از ترتیب به {who} پیشنهاد شده است.
offer_to_stranger: {who} had no right to this seat ({what}). / {who} حقی به این نوبت نداشت ({what}).
offer_without_seat: No such seat was free for {who} ({what}). / نوبت {what} برای {who} آزاد نبود.
not_offered: {who} was next, and a free seat ({what}) was neither offered nor given. / نوبت آزاد {what} به {who} که نفر بعدی بود پیشنهاد یا داده نشد.
free_before_asked: {who} took a free seat ({what}) before others were asked, of the standby or who wanted it. / {who} نوبت آزاد {what} را پیش از پرسیدن از فهرست ذخیره یا کسانی که خواسته بودند گرفت.
stood_in_out_of_order: {who} was called in ({what}) before somebody ahead who was there. / {who} ({what}) پیش از کسی که جلوتر و حاضر بود صدا زده شد.
seat_twice: {who} or the seat {what} was given twice. / {who} یا نوبت {what} دو بار داده شده است.
not_lapsed: The seat {what} of {who} was never answered, and the clock left it hers; no outage says why. / نوبت {what} از {who} بی‌پاسخ ماند و ساعت شهر آن را نگرفت؛ قطعی‌ای هم نوشته نشده است.
lapsed_early: The seat {what} was taken from {who} before her time to answer was over. / نوبت {what} پیش از پایان مهلت پاسخ از {who} گرفته شد.
answered_late: {who} answered after the time for it ({what}). / {who} پس از پایان مهلت پاسخ داده است ({what}).
no_show_early: {who} was noted as missing too early ({what}). / غیبت {who} زودتر از وقت نوشته شد ({what}).
no_show_but_present: {who} was there and was noted as missing ({what}). / {who} حاضر بود و غایب نوشته شد ({what}).
record_wrong: The record of a meeting cannot be right, of {who}: {what}. / ثبت ملاقات {who} ناممکن است: {what}.
weeks_back_wrong: The weeks given back to {who} are wrong: {what}. / هفته‌هایی که به {who} برگشته درست نیست: {what}.
one_copy: Name one copy of the log, or draw files only; {who} is too many. / یک نسخهٔ دفتر یا فقط فایل‌های قرعه را بنویسید؛ {who} زیادی است.
no_folder: There is neither a folder nor a zip of the log at {who}. / در {who} نه پوشهٔ دفتر هست و نه زیپ آن.
former_option: There is no {who} any more: name the downloaded everything.zip, or its folder, alone. / گزینهٔ {who} دیگر نیست؛ فقط نام everything.zip یا پوشهٔ آن را بنویسید.
no_checkpoint: There is no readable checkpoint of a log here. / این‌جا برگهٔ امضاشدهٔ دفتر (checkpoint) نیست یا خوانده نمی‌شود.
cut_off: {who} cannot be read; it may be cut off. Download it again. / {who} خوانده نمی‌شود؛ شاید نیمه‌کاره است. دوباره دریافت کنید.
tile_missing: {who} is missing here. Download the log again. / {who} این‌جا نیست. دفتر را دوباره دریافت کنید.
key_unreadable: This is not a key of the form name+id+base64: {who} / این کلید به شکل name+id+base64 نیست: {who}
no_receipt: This is no signed receipt or checkpoint of this log. / این رسید یا برگهٔ امضاشدهٔ این دفتر نیست.
unknown: {who} is in no list here. / {who} در هیچ فهرستی از این‌ها نیست.
more: and {what} more of this kind / و {what} مورد دیگر از همین
row: row {who}, waited {what} weeks / ردیف {who}، با {what} هفته انتظار
seat: number {who} in the draw's order, a seat at {what} / نفر {who} به ترتیب قرعه، نوبت ساعت {what}
standby: number {who} of the standby / نفر {who} فهرست ذخیره
listed: in the list, not drawn yet / در فهرست است و هنوز قرعه نشده
stands: by the log now: {who}, {what} weeks / به حساب دفتر اکنون: {who}، {what} هفته
receipt_fine: Your receipt stands in the log, unchanged, at entry {what}. / رسید شما دست‌نخورده در ثبت {what} دفتر هست.
keys: The city signed with {who}; compare this with a poster, a newspaper or a witness's page. / شهرداری با این کلید امضا کرده است: {who}؛ آن را با پوستر، روزنامه یا صفحهٔ شاهدان بسنجید.
kept_fine: The log continues what was signed then. / دفتر دنبالهٔ همان است که آن روز امضا شد.
total: {who} draws, {what} log entries / {who} قرعه، {what} ثبت دفتر
"""
STATES = {"in": "در نوبت انتظار", "out": "بیرون از نوبت انتظار", "gone": "پایان‌یافته"}


def said_as(language):
    """Return the function `say(word, who, what)` that writes a sentence of `WORDS` in one language.

    It shortens hashes and, in Persian, writes numbers with Persian digits.
    """
    lines = (line.split(": ", 1) for line in WORDS.strip().split("\n"))
    words = {name: said.split(" / ")[language == "fa"] for name, said in lines}
    digits = dict(zip(range(48, 58), "۰۱۲۳۴۵۶۷۸۹")) if language == "fa" else {}

    def say(word, who="", what=""):
        def shown(fact):
            fact = json.dumps(str(fact))[1:-1].replace('\\"', '"')
            fact = re.sub("[0-9a-f]{64}", lambda one: one[0][:12] + "…", fact)
            return fact.translate(digits) if re.fullmatch("[0-9: ,/-]+", fact) else fact

        said = words[word].format(who=shown(who), what=shown(what))
        return re.sub(r" +([.):،؛]|$)", r"\1", re.sub("  +", " ", said))

    return say


def stand(ticket, audit):
    """Yield (draw, word, two facts) for each list a ticket is in, and for its state now."""
    for name, draw in sorted(audit.draws.items(), key=lambda one: one[0][4:]):
        rows = sorted(draw.pool, key=lambda one: row_text(draw.pool[one]))
        if ticket not in draw.pool:
            continue
        row = "%d/%d" % (rows.index(ticket) + 1, len(rows))
        yield name, "row", row, draw.pool[ticket]["waited"]
        file = audit.shown.get(name)
        if file is None:
            yield name, "listed", "", ""
            continue
        seated = [one["ticket"] for one in file["seated"]]
        if ticket in seated:
            at = seated.index(ticket)
            yield name, "seat", at + 1, file["seated"][at]["time"]
        elif ticket in file["standby"]:
            yield name, "standby", file["standby"].index(ticket) + 1, ""
    if ticket in audit.tickets:
        one = audit.tickets[ticket]
        yield "d%02d" % one.district, "stands", one.state, one.waited
    else:
        yield "log", "unknown", ticket, ""


def is_draw_file(path):
    """Return whether a path is an existing JSON file."""
    return path.is_file() and path.suffix == ".json"


def check(asked):
    """Check the paths that the user named.

    Return the findings, the lines about receipts, tickets and keys, and how many draws and entries
    were read.
    """
    if asked.log or asked.checkpoint:
        raise UnreadableError("former_option", "--log" if asked.log else "--checkpoint")
    if all(map(is_draw_file, asked.paths)):
        files = [
            (path, read_json(lambda path=path: read_some(path.open("rb")), str(path)))
            for path in asked.paths
        ]
        found = []
        for path, file in files:
            found += found_in(file, path.name)
        return found, [], (len(files), 0)
    if len(asked.paths) > 1:
        raise UnreadableError("one_copy", str(asked.paths[1]))
    books = Books(Folder(asked.paths[0]), asked.key)
    lines, tickets = [], [asked.ticket] if asked.ticket else []
    for path in asked.receipt:
        before = len(books.found)
        try:
            entry = books.prove(read_some(path.open("rb")))
        except (OSError, ValueError) as error:
            raise UnreadableError("cut_off", str(path)) from error
        if len(books.found) == before and entry is not None:
            seq = re.findall("[0-9]+", entry)[-1] if entry else ""
            lines.append(("receipt", "receipt_fine" if entry else "kept_fine", "", seq))
        tickets += re.findall('"(?:ticket|new)":"([0-9a-f]{64})"', entry or "")
    for ticket in tickets:
        lines += stand(ticket, books.audit)
    lines += [("checkpoint", "keys", text, "") for text in books.signers if not asked.key]
    return books.found, lines, (len(books.audit.draws), books.size)


def place_of(finding, language):
    """Return where a finding is: its entry and its draw."""
    number = str(finding.seq)
    if language == "fa":
        number = number.translate(dict(zip(range(48, 58), "۰۱۲۳۴۵۶۷۸۹")))
    entry = ("ثبت %s" if language == "fa" else "entry %s") % number if finding.seq else ""
    return " · ".join(one for one in (entry, plain(finding.draw)) if one) or "log"


def main():
    """Run the command line: print findings, answers and a verdict, and return the exit code."""
    parser = argparse.ArgumentParser(description="Audit the public log and its draws.")
    parser.add_argument("paths", nargs="+", type=Path, metavar="FOLDER")
    parser.add_argument("--ticket", default="", type=str.lower)
    parser.add_argument("--receipt", action="append", type=Path, default=[], metavar="FILE")
    parser.add_argument("--key", action="append", default=[])
    parser.add_argument("--lang", choices=["en", "fa"], default="en")
    for former in ("--log", "--checkpoint"):
        parser.add_argument(former, action="append", default=[], help=argparse.SUPPRESS)
    asked = parser.parse_args()
    sys.stdout.reconfigure(errors="replace")
    say = said_as(asked.lang)
    try:
        found, lines, read_here = check(asked)
    except UnreadableError as error:
        print(say(error.args[0], error.args[1]))
        return 2
    often = Counter()
    for one in sorted(found, key=lambda one: (one.code in NOTES, one.seq, one.draw)):
        often[one.code] += 1
        if often[one.code] > MOST_SHOWN:
            continue
        mark = ("یادآوری: " if asked.lang == "fa" else "note: ") if one.code in NOTES else ""
        said = say(one.code, one.who, one.what)
        print("%s%s: %s [%s]" % (mark, place_of(one, asked.lang), said, one.code))
    for code, count in often.items():
        if count > MOST_SHOWN:
            print("%s [%s]" % (say("more", what=count - MOST_SHOWN), code))
    for name, word, who, what in lines:
        print(
            "%s: %s"
            % (plain(name), say(word, STATES.get(who, who) if asked.lang == "fa" else who, what))
        )
    wrong = [one for one in found if one.code not in NOTES]
    code = 1 if wrong or any(word == "unknown" for _, word, _, _ in lines) else 0
    if not code and any(one.code == "unwitnessed" for one in found):
        code = 3  # nothing wrong was found, but nobody outside the city has signed it
    verdicts = {"en": ("FINE", "WRONG", "", "NO WITNESS"), "fa": ("درست", "نادرست", "", "بی‌شاهد")}
    print("%s: %s" % (verdicts[asked.lang][code if not wrong else 1], say("total", *read_here)))
    return code


if __name__ == "__main__":
    sys.exit(main())
