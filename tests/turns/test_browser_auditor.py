"""The auditor in the browser: how it reads an entry, a date and a draw, to the byte."""

import json
from datetime import date, timedelta

import pytest
from auditor import program
from known_answers import FILES
from small_city import honest
from support.browser_scripts import Scripts

from publicmeeting.kit.clock import at_tehran
from publicmeeting.kit.jalali import iso
from publicmeeting.turns.kinds import BODIES, Check, Kind, fits
from publicmeeting.turns.machine.times import Times
from publicmeeting.turns.rules.announced import DEFAULT_RULES

FOLDER = "public/verify/check"
MODULES = ("entries", "forms", "week", "draw", "audit")


@pytest.fixture(scope="module")
def scripts(tmp_path_factory):
    modules = (f"{FOLDER}/{name}.js" for name in MODULES)
    with Scripts(tmp_path_factory.mktemp("scripts"), *modules) as running:
        yield running


ENTRY = {
    "at": "2026-11-28T20:30:00Z",
    "body": {"monday": "1405-09-16"},
    "kind": "line_closed",
    "seq": 2,
}
RIGHT = '{"at":"2026-11-28T20:30:00Z","body":{"monday":"1405-09-16"},"kind":"line_closed","seq":2}'
READ = "(all) => all.map((text) => readEntry(new TextEncoder().encode(text)))"


def test_an_entry_has_one_form(scripts):
    (answer,) = scripts.run(READ, [RIGHT])
    assert answer == {"entry": ENTRY}


@pytest.mark.parametrize(
    "text",
    [
        RIGHT.replace(",", ", "),
        RIGHT + "\n",
        " " + RIGHT,
        RIGHT.replace("line", "\\u006cine"),
        RIGHT.replace('"seq":2', '"seq":2,"seq":2'),
        json.dumps(dict(reversed(ENTRY.items())), separators=(",", ":")),
    ],
)
def test_another_spelling_of_the_same_is_not_canonical(scripts, text):
    assert scripts.run(READ, [text]) == [{"code": "not_canonical"}]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "[]",
        RIGHT[:-1],
        RIGHT[:40],
        RIGHT.replace('"seq":2', '"seq":2.0'),
        RIGHT.replace('"seq":2', '"seq":0'),
        RIGHT.replace('"seq":2', '"seq":-2'),
        RIGHT.replace('"seq":2', '"seq":2e0'),
        RIGHT.replace('"seq":2', '"seq":9007199254740993'),
        RIGHT.replace('"seq":2', '"seq":2,"more":1'),
        RIGHT.replace('"1405-09-16"', "null"),
        RIGHT.replace('"1405-09-16"', "true"),
        RIGHT.replace("1405", "۱۴۰۵"),
        RIGHT.replace("1405", "\\u06f1405"),
        RIGHT.replace("11-28", "11-31"),
        RIGHT.replace("T20:30", "T24:30"),
        RIGHT.replace("Z", "+00:00"),
        RIGHT.replace("1405-09-16", "x" * 65_536),
        "[" * 6000 + "]" * 6000,
    ],
)
def test_what_is_no_entry_is_malformed(scripts, text):
    assert scripts.run(READ, [text]) == [{"code": "malformed"}]


def test_bytes_that_are_no_text_are_malformed(scripts):
    assert scripts.run("(text) => readEntry(unhex(text))", "ff00c328") == {"code": "malformed"}


SAMPLES = {
    Check.HASH: ["0" * 64, "f" * 63, "F" * 64, 1, ""],
    Check.DRAW: ["d06-1405-09-16", "d06-1405-09-17", "d6-1405-09-16", "d06-1405-13-01"],
    Check.MONDAY: ["1405-09-16", "1405-09-17", "1405-9-16", "1404-12-30", ""],
    Check.MONDAY_OR_EMPTY: ["", "1405-09-16", "1405-09-17", 0],
    Check.DAY: ["1405-09-17", "1405-12-30", "1403-12-30", "1405-00-10", "140-05-01"],
    Check.TIME: ["09:00", "24:00", "9:00", "23:59", "23:60"],
    Check.INSTANT: ["2026-11-28T20:30:00Z", "2026-11-28T20:30Z", "2026-02-30T20:30:00Z"],
    Check.SIGNATURE: ["", "A" * 86 + "==", "A" * 88, "A"],
    Check.OFFICER: ["desk-06/00c0ffee", "/00c0ffee", "desk", "", "Desk/00c0ffee"],
    Check.OFFICER_OR_EMPTY: ["", "desk-06/00c0ffee", "desk/1"],
    Check.SEATS: [[], ["09:00"], ["09:00", "09:00"], ["10:00", "09:00"], ["24:00"], "09:00"],
    Check.PARTY: ["city", "a-1", "a_b", "1a", ""],
    Check.PARTIES: [[], ["city", "press"], ["press", "city"], ["a", "a"], [1]],
    Check.COUNT: [0, 7, 2**53 - 1, 2**53, -1, "7", 1.5],
    Check.CAUSES: [[1], [1, 9], [9, 1], [1, 1], [0], [], "1"],
    Check.CASE: ["0" * 16, "0" * 15, 16],
    Check.NAME: ["a_b-c", "A", "", "1"],
    Check.TEXT: ["", "a b~", "۱", "\n", 5],
    Check.CONTINUES: ["", "a.ir/log 7 " + "A" * 43 + "=", "a.ir/log 0 " + "A" * 43 + "=", "x", 1],
    Check.DISTRICT: [1, 22, 99, 100, 0, "6"],
    Check.RULES: [{}, {"a": 1}, [], ""],
    Check.FINDINGS: [0, 3, -1],
    Check.VALUE: ["none", "0", "2185979", "02", "1" * 15, "1" * 16, "2185979.4", "۲", " 2", 7],
}
FORMS = """() => Object.fromEntries(
  Object.entries(FORMS).map(([kind, form]) => [kind, Object.keys(form)]))"""
FIT = "(kind, key, values) => values.map((value) => FORMS[kind][key](value))"


def test_the_forms_of_all_kinds_are_those_of_the_product(scripts):
    expected = {kind.value: set(form.keys) for kind, form in BODIES.items()}
    assert {kind: set(keys) for kind, keys in scripts.run(FORMS).items()} == expected


@pytest.mark.parametrize("kind", list(Kind))
def test_what_may_stand_under_a_key_is_what_the_product_lets_stand(scripts, kind):
    for key, rule in BODIES[kind].keys.items():
        values = SAMPLES[rule] if isinstance(rule, Check) else [*rule, "other", "", 1]
        assert scripts.run(FIT, kind.value, key, values) == [
            fits(rule, value) for value in values
        ], key


def test_every_day_of_the_century_is_the_calendars(scripts):
    first, last = date(2021, 3, 21), date(2121, 3, 20)
    days = [first + timedelta(days=at) for at in range((last - first).days)]
    names = [iso(day) for day in days]
    numbers = scripts.run("(all) => all.map(dayNumber)", names)
    assert numbers == [(day - date(1970, 1, 1)).days for day in days]
    assert scripts.run("(all) => all.map(dayText)", numbers) == names
    mondays = scripts.run("(all) => all.map(isMonday)", names)
    assert mondays == [day.weekday() == 0 for day in days]
    assert not any(
        scripts.run(
            "(all) => all.map(isDay)",
            ["1405-07-31", "1405-13-01", "1399-12-29", "1500-01-01", "x", 7],
        )
    )


def test_a_moment_of_the_week_is_tehrans(scripts):
    monday = date(2026, 12, 7)
    rules = {"week": {"freeze": {"at": "12:00", "days_before": 6}, "value_from": {"at": "14:00"}}}
    found = scripts.run("(name, rules) => new Week(name, rules).at('freeze')", iso(monday), rules)
    assert found == at_tehran(monday - timedelta(days=6), "12:00").timestamp()
    days = scripts.run(
        "(name) => valueDays({ days: ['wed', 'sat', 'sun'] }, dayNumber(name)).map(dayText)",
        iso(monday),
    )
    assert days == [iso(monday - timedelta(days=back)) for back in (5, 2, 1)]


class Drawn(program.Draw):
    """The part of a draw that says when it was drawn."""

    def __init__(self, week, at):
        self.week, self.drawn_at = week, at


@pytest.mark.parametrize("answer", [(3, "20:00"), (2, "09:00"), (2, "20:00"), (1, "10:00")])
@pytest.mark.parametrize("standby", [(2, "22:00"), (1, "20:00")])
def test_until_when_a_seat_is_answered_all_three_know_by_any_rules(scripts, answer, standby):
    """If an auditor expected a later lapse than the city, it would accuse the city for ever."""
    monday = date(2026, 12, 7)
    week = {
        **DEFAULT_RULES["week"],
        "answer_by": {"days_before": answer[0], "at": answer[1]},
        "standby_until": {"days_before": standby[0], "at": standby[1]},
    }
    rules = {**DEFAULT_RULES, "week": week, "witnesses": []}
    drawn = [
        at_tehran(monday - timedelta(days=days), clock)
        for days in (4, 3, 2, 1)
        for clock in ("07:59", "08:00", "12:00", "12:01", "20:00", "21:00")
    ]
    seconds = [int(at.timestamp()) for at in drawn]
    mine = [Times(monday, rules).answer_by(at) for at in drawn]
    expected = [int(until.timestamp()) if until else 0 for until in mine]
    call = "(name, rules, all) => all.map((at) => new Week(name, rules).answerBy(at))"
    assert scripts.run(call, iso(monday), rules, seconds) == expected
    week = program.Week(iso(monday), rules, "", 0)
    answered = [program.Audit.answer_by(None, Drawn(week, at)) for at in seconds]
    assert answered == expected


@pytest.mark.parametrize("known", FILES.values(), ids=FILES)
def test_the_known_draws_are_drawn_alike(scripts, known):
    facts = [known[key] for key in ("draw", "rules_hash", "seats", "pool")]
    assert scripts.run("(...facts) => poolRoot(...facts)", *facts) == known["pool_root"]
    facts = [known[key] for key in ("pool", "seats", "rules", "seed")]
    drawn = scripts.run("(...facts) => give(...facts)", *facts)
    assert drawn == {"seated": known["seated"], "standby": known["standby"]}


def test_the_seed_is_the_vector_of_the_specification(scripts):
    promised = {"city": "a" * 64, "council": "b" * 64}
    facts = ["d06-1405-09-16", "0" * 64, promised, {"city": "c" * 64}, "1405-09-11", "2185979"]
    seed = scripts.run("(...facts) => seedOf(...facts)", *facts)
    assert seed.startswith("c69af876b2e2e21048669c64")


def test_whoever_sits_with_fewer_weeks_is_named_with_the_reason(scripts):
    for known in FILES.values():
        weeks = {row["ticket"]: row["waited"] for row in known["pool"]}
        most = max((weeks[ticket] for ticket in known["standby"]), default=-1)
        before = [one for one in known["seated"] if weeks[one["ticket"]] < most]
        found = scripts.run("(file) => jumpers(file)", known)
        assert [(one["ticket"], one["why"]) for one in found] == [
            (one["ticket"], one["why"]) for one in before
        ]
        assert all(one["why"] != "line" for one in found)


AUDIT = """(origin, entries, notes) =>
  auditLog(origin, entries.map((text) => new TextEncoder().encode(text)), notes)"""
NOTES = {"silent", "value_disputed", "no_late_value", "cosigned_late", "late"}


@pytest.mark.parametrize("seed", range(4))
def test_an_honest_city_has_no_finding(scripts, seed):
    history = honest(seed)
    roots = history.roots()
    notes = [history.note_text(note, roots) for note in history.notes]
    entries = [entry.decode() for entry in history.entries]
    found = scripts.run(AUDIT, history.origin, entries, notes)
    assert [one for one in found if one["code"] not in NOTES] == []
