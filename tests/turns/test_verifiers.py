"""Two verifiers without shared code find the same in draw files: nothing, or each change."""

import ast
import sys
from datetime import date

import pytest
from auditor import PATH, program
from contract.project_files import PROJECT
from hypothesis import given
from hypothesis import strategies as st
from known_answers import FILES
from pools import any_pool, any_rules, any_seats
from small_city import honest
from support.audited import against_log
from tampering import lies

from publicmeeting.kit.hashing import sha
from publicmeeting.turns import draw_file, formulas
from publicmeeting.turns.finding import FindingCode
from publicmeeting.turns.verification import verify

CITY = honest(3)
BOOK = CITY.decoded()
MONDAY = date(2026, 11, 9)
OF_A_LOG = {FindingCode.SEQ_BROKEN, FindingCode.TIME_GOES_BACK, FindingCode.ROOT_DIFFERS}


def in_state(file, keys):
    return {key: file[key] for key in keys}


WITH_SEATS = [file for file in CITY.files.values() if file["seats"]]
FIRST, SECOND = sorted(WITH_SEATS, key=lambda file: len(file["pool"]))[:2]
CHANGED = {
    "drawn": FIRST,
    "frozen": in_state(SECOND, draw_file.FROZEN_KEYS),
    "open": in_state(SECOND, draw_file.OPEN_KEYS),
}


def found_by(verifier, file):
    """Return code and place of each finding."""
    found = verifier(file)
    if verifier is program.check_file:
        return set(found)
    return {(one.code.value, one.place) for one in found}


@pytest.mark.parametrize("known", FILES.values(), ids=FILES)
def test_both_find_nothing_in_a_known_file_in_any_of_its_states(known):
    for keys in (draw_file.OPEN_KEYS, draw_file.FROZEN_KEYS, draw_file.DRAWN_KEYS):
        file = in_state(known, keys)
        assert verify(file) == ()
        assert program.check_file(file) == []


@pytest.mark.parametrize("seed", range(2))
def test_both_find_nothing_in_the_files_of_an_honest_city(seed):
    for file in honest(seed).files.values():
        assert verify(file) == ()
        assert program.check_file(file) == []


def is_an_earlier_state(lie):
    """Return whether an open file may simply be older than a witness's commitment."""
    return lie[:2] in {("remove", "commitments"), ("replace", "commitments")}


@pytest.mark.parametrize("state", CHANGED)
def test_both_find_every_single_change_of_a_file_and_find_the_same(state):
    missed, differing = [], []
    for lie, changed in lies(CHANGED[state]):
        mine, theirs = found_by(verify, changed), found_by(program.check_file, changed)
        if mine != theirs:
            differing.append((lie, mine ^ theirs))
        if mine or (state == "open" and is_an_earlier_state(lie)):
            continue
        # A file that is right in itself may still differ from the log's.
        if not against_log([changed], BOOK).faults:
            missed.append(lie)
    assert missed == []
    assert differing == []


@given(any_pool, any_seats, any_rules, st.randoms(use_true_random=False))
def test_both_draw_alike_whatever_the_order_of_the_rows(pool, seats, some_rules, rng):
    shown = {"city": sha("value"), "press": sha("other")}
    sealed = {party: formulas.commitment(party, value) for party, value in shown.items()}
    opened = draw_file.open_file(6, MONDAY, some_rules, seats, sealed)
    file = draw_file.drawn_file(draw_file.frozen_file(opened, pool), shown, "1405-08-13", "1" * 10)
    assert verify(file) == ()
    assert program.check_file(file) == []
    rng.shuffle(file["pool"])
    shuffled = {key: file[key] for key in ("seated", "standby")}
    assert program.give(file) == shuffled
    assert {one for one, _ in program.check_file(file)} <= {"pool_not_sorted"}


def test_the_downloadable_verifier_needs_nothing():
    text = PATH.read_text(encoding="utf-8")
    parsed = ast.parse(text, feature_version=(3, 8))
    imported = {
        alias.name
        for node in ast.walk(parsed)
        if isinstance(node, ast.Import)
        for alias in node.names
    } | {node.module for node in ast.walk(parsed) if isinstance(node, ast.ImportFrom)}
    assert imported <= sys.stdlib_module_names
    assert PATH.parent == PROJECT / "assets"


def test_every_finding_about_a_file_has_its_sentence_in_both_languages():
    for language in ("en", "fa"):
        words = program.said_as(language)
        for code in FindingCode:
            if code not in OF_A_LOG:
                assert "{" not in words(code.value, "who", "what")
