"""docs/turns.md suffices to check a draw: its code runs, its tables and sections are complete."""

import re

import pytest
from contract.project_files import PACKAGE, PROJECT, name_of, python_files
from known_answers import FILES

from publicmeeting.turns import draw_file
from publicmeeting.turns.kinds import BODIES, Check
from publicmeeting.turns.machine.breaks import Break
from publicmeeting.turns.machine.tables import DRAW, MONDAY, SEAT, TAKEN_IN, TAKEN_OUT, TICKET
from publicmeeting.turns.rules.announced import MOMENTS

TEXT = (PROJECT / "docs" / "turns.md").read_text(encoding="utf-8")
SECTIONS = {found[1]: found[2] for found in re.finditer(r"(?ms)^## (\d+) · (.*?)(?=^## |\Z)", TEXT)}
CITED = re.compile(r"docs/turns\.md (\d+(?:(?:, | and )\d+)*)")


@pytest.fixture(scope="module")
def documented():
    (code,) = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)
    names = {}
    exec(compile(code, "docs/turns.md", "exec"), names)
    return names["draw_again"]


@pytest.mark.parametrize("file", FILES.values(), ids=FILES)
def test_the_documented_draw_gives_the_known_answers(documented, file):
    again = documented(file)
    assert again == {key: file[key] for key in again}
    assert again.keys() == {"rules_hash", "pool_root", "seed", "seated", "standby"}


def test_the_week_names_every_moment_of_the_rules_in_their_order():
    named = re.findall(r"(?m)^\| `(\w+)` \|", SECTIONS["2"])
    assert tuple(named) == MOMENTS


def test_every_key_of_a_draw_file_is_named():
    assert set(draw_file.DRAWN_KEYS) - set(re.findall(r"`(\w+)`", SECTIONS["4"])) == set()


def test_the_log_has_a_line_for_every_kind_and_no_other():
    lines = re.findall(r"(?m)^\| (`[^|]+) \|", SECTIONS["5"])
    named = re.findall(r"`(\w+)`", " ".join(lines))
    assert set(named) == {"kind", *BODIES}


def test_the_forms_in_the_documentation_are_those_of_the_table():
    lines = re.findall(r"(?m)^\| `(\w+)` \| (.*) \| ([kcw2os ]+) \|$", SECTIONS["5"])
    assert {(kind, body, by) for kind, body, by in lines} == {
        (
            kind.value,
            " · ".join(f"{key}: {_named(rule)}" for key, rule in form.keys.items()),
            " ".join(form.attested),
        )
        for kind, form in BODIES.items()
    }


def _named(rule):
    return rule.value if isinstance(rule, Check) else "/".join(sorted(one or '""' for one in rule))


def test_every_section_that_a_docstring_cites_exists():
    cited = {
        (name_of(path), number)
        for path in python_files(PACKAGE, PROJECT / "tests")
        for found in CITED.finditer(path.read_text(encoding="utf-8"))
        for number in re.findall(r"\d+", found[1])
    }
    assert len(cited) > 30
    assert {one for one in cited if one[1] not in SECTIONS} == set()


def test_the_machines_in_the_documentation_are_those_of_the_tables():
    row = re.compile(
        r"(?m)^\| (ticket|monday|draw|seat) \| `([\w ]+)` \| ([\w ]+) \| (\S+) \| (\w+) \|$"
    )
    tables = {
        "ticket": {
            **{f"taken_out {why}": step for why, step in TAKEN_OUT.items()},
            **{f"taken_in {why}": step for why, step in TAKEN_IN.items()},
            **TICKET,
        },
        "monday": MONDAY,
        "draw": DRAW,
        "seat": SEAT,
    }
    assert set(row.findall(SECTIONS["1"])) == {
        (machine, str(kind), " ".join(sorted(step.at)), str(step.to or "="), str(step.by))
        for machine, steps in tables.items()
        for kind, step in steps.items()
    }


def test_every_break_is_named():
    named = set(re.findall(r"`(\w+)`", SECTIONS["6"]))
    assert {code.value for code in Break} <= named
    notes = set(re.findall(r"`(\w+)`°", SECTIONS["6"]))
    assert notes == {code.value for code in Break if code.is_note}
