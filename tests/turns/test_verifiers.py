"""Two verifiers that share no code find the same: nothing, or every single change."""

import ast
import json
import sys

import pytest
from contract.project_files import PROJECT
from histories import FIRST, published_history
from hypothesis import given
from hypothesis import strategies as st
from known_answers import FILES
from pools import any_pool, any_rules, any_seats
from standalone import PATH, checkpoint_of, name, product_saw, saw, standalone
from tampering import lies

from publicmeeting.kit.hashing import sha
from publicmeeting.turns import draw_file, formulas
from publicmeeting.turns.finding import FindingCode
from publicmeeting.turns.kinds import Kind
from publicmeeting.turns.log import verify_chain
from publicmeeting.turns.verification import LOG, against_log, verify

HISTORY, BOOK = published_history()


def roughly(found):
    """The two name places inside a malformed part differently: one to the item, one to the part."""
    return {
        (where, finding, place.split(".")[0].split("[")[0] if finding == "malformed" else place)
        for where, finding, place in found
    }


@pytest.mark.parametrize("known", FILES.values(), ids=FILES)
def test_both_find_nothing_in_a_known_file_in_any_of_its_states(known):
    for keys in (draw_file.OPEN_KEYS, draw_file.FROZEN_KEYS, draw_file.DRAWN_KEYS):
        file = {key: known[key] for key in keys}
        assert verify(file) == ()
        assert standalone.check_file(file) == []


def test_both_find_nothing_in_a_whole_history():
    restoring = {
        Kind.CAME_LATE,
        Kind.NO_SHOW_CONTESTED,
        Kind.DEBT,
        Kind.VALUE_STANDS,
        Kind.MONDAY_CLOSED,
    }
    assert restoring <= {entry["kind"] for entry in BOOK}
    assert product_saw(HISTORY, BOOK) == set(saw(HISTORY, BOOK)) == set()


def is_an_earlier_state(lie, file):
    """An open file may be older than a witness's commitment."""
    return "pool" not in file and lie in {
        ("remove", "commitments", "council"),
        ("replace", "commitments"),
    }


@pytest.mark.parametrize("file", HISTORY, ids=name)
def test_both_find_every_single_change_of_a_file_and_find_the_same(file):
    missed, differing = [], []
    for lie, changed in lies(file):
        others = [other for other in HISTORY if other is not file]
        mine, theirs = verify(changed), standalone.check_file(changed)
        # What is wrong in itself needs no log, and a log is slow.
        log = [] if mine and theirs else BOOK
        found = product_saw([changed, *others] if log else [changed], log)
        seen = set(saw([changed, *others] if log else [changed], log))
        if not (found and seen) and not is_an_earlier_state(lie, file):
            missed.append(lie)
        if roughly(found) != roughly(seen):
            differing.append((lie, found ^ seen))
    assert missed == []
    assert differing == []


def test_both_find_every_single_change_of_an_entry_and_find_the_same():
    missed, differing = [], []
    first_of_kind = {entry["kind"]: at for at, entry in reversed(list(enumerate(BOOK)))}
    for at in first_of_kind.values():
        entry = BOOK[at]
        for lie, changed in lies(entry):
            log = [*BOOK[:at], changed, *BOOK[at + 1 : at + 3]]
            note = checkpoint_of(BOOK[: at + 3])
            found, seen = product_saw([], log, note), set(saw([], log, str(note)))
            if not found or not seen:
                missed.append(lie)
            # A kind that is none is out of form for one, and only another root for the other.
            if lie[1] != "kind" and roughly(found) != roughly(seen):
                differing.append((at, lie, found ^ seen))
    assert missed == []
    assert differing == []


@pytest.mark.parametrize("place", range(0, len(BOOK) - 1, 5))
def test_a_log_with_a_gap_is_one_finding(place):
    log = BOOK[:place] + BOOK[place + 1 :]
    gap = {(LOG, "seq_broken", str(place + 2))}
    assert product_saw(HISTORY, log) == set(saw(HISTORY, log)) == gap


def rewritten(change):
    """The log as a city would forge it: one entry changed, all later numbers made to fit."""
    told = [entry for entry in json.loads(json.dumps(BOOK)) if change(entry) is not None]
    return [{**entry, "seq": seq} for seq, entry in enumerate(told, 1)]


def test_an_entry_dated_before_the_one_before_it_is_one_finding():
    """The clock of one machine was wrong: the numbers hold, and the times tell it."""

    def ahead(entry):
        if entry["seq"] == 7:
            entry["at"] = "2027-01-01T00:00:00Z"
        return entry

    late = rewritten(ahead)
    back = {(LOG, "time_goes_back", "8")}
    assert product_saw(HISTORY, late) == set(saw(HISTORY, late)) == back


def nth(kind, number, **changes):
    """Change the body of one entry of a kind; no changes: leave the entry out."""
    seen = iter(range(len(BOOK)))

    def change(entry):
        if entry["kind"] == kind and next(seen) == number:
            entry["body"].update(changes)
            return entry if changes else None
        return entry

    return change


@pytest.mark.parametrize(
    ("change", "finding"),
    [
        (nth("rules_announced", 0), FindingCode.TOLD_OTHERWISE),
        (nth("monday_opened", 0, seats=["09:00"]), FindingCode.TOLD_OTHERWISE),
        (nth("monday_opened", 0), FindingCode.NOT_IN_LOG),
        (nth("monday_closed", 0), FindingCode.TOLD_OTHERWISE),
        (nth("commitment", 1), FindingCode.TOLD_OTHERWISE),
        (nth("commitment", 0, commitment="0" * 64), FindingCode.TOLD_OTHERWISE),
        (nth("filed", 0), FindingCode.NEVER_FILED),
        (nth("filed", 0, district=15), FindingCode.NEVER_FILED),
        (nth("freeze", 0, pool_root="0" * 64), FindingCode.TOLD_OTHERWISE),
        (nth("freeze", 0, rows=1), FindingCode.TOLD_OTHERWISE),
        (nth("value_stands", 0), FindingCode.TOLD_OTHERWISE),
        (nth("value_stands", 0, value="2185980"), FindingCode.TOLD_OTHERWISE),
        (nth("value_stands", 0, day="1405-08-14"), FindingCode.TOLD_OTHERWISE),
        (nth("reveal", 1), FindingCode.TOLD_OTHERWISE),
        (nth("reveal", 0, value="0" * 64), FindingCode.TOLD_OTHERWISE),
        (nth("draw", 0, seed="0" * 64), FindingCode.TOLD_OTHERWISE),
        (nth("draw", 0, seated=99), FindingCode.TOLD_OTHERWISE),
        (nth("draw", 0, file="0" * 64), FindingCode.TOLD_OTHERWISE),
        (nth("draw", 0), FindingCode.WAITED_DIFFERS),
        (nth("waited_reset", 0), FindingCode.WAITED_DIFFERS),
        (nth("debt", 0), FindingCode.DEBT_DIFFERS),
        (nth("debt", 1, debt=1), FindingCode.DEBT_DIFFERS),
        (nth("lane_granted", 0), FindingCode.LANE_DIFFERS),
        (nth("lane_granted", 0, lane="urgent"), FindingCode.LANE_DIFFERS),
        (nth("no_show_contested", 0, waited=9), FindingCode.WEEKS_RESTORED_WRONG),
        (nth("no_show_contested", 0), FindingCode.WAITED_DIFFERS),
    ],
)
def test_a_log_rewritten_to_the_end_still_contradicts_the_files(change, finding):
    log = rewritten(change)
    assert verify_chain(log) == ()
    found = product_saw(HISTORY, log)
    assert finding.value in {one for _, one, _ in found}
    assert found == set(saw(HISTORY, log))


def test_a_value_shown_before_the_list_was_fixed_is_found():
    freeze = next(at for at, one in enumerate(BOOK) if one["kind"] == "freeze")
    reveal = next(at for at, one in enumerate(BOOK) if one["kind"] == "reveal")
    log = [*BOOK[:freeze], BOOK[reveal], *BOOK[freeze:reveal], *BOOK[reveal + 1 :]]
    order = iter(log)
    log = rewritten(lambda entry: entry.update({**next(order), "at": entry["at"]}) or entry)
    found = product_saw(HISTORY, log)
    assert "revealed_early" in {one for _, one, _ in found}
    assert found == set(saw(HISTORY, log))


def test_of_other_districts_nothing_is_missed():
    files = [file for file in HISTORY if file["district"] == 6]
    assert product_saw(files, BOOK) == set(saw(files, BOOK)) == set()


def test_without_a_draws_file_the_weeks_after_it_are_left_open_and_nothing_else():
    files = [file for file in HISTORY if file["draw"] != HISTORY[0]["draw"]]
    found = {(HISTORY[0]["draw"], "not_counted", HISTORY[0]["draw"])}
    assert product_saw(files, BOOK) == set(saw(files, BOOK)) == found


@given(st.lists(st.sampled_from(BOOK).flatmap(lambda entry: st.sampled_from(list(lies(entry))))))
def test_bodies_of_any_form_give_findings_and_no_exception(several):
    entries = [one for _, one in several if isinstance(one.get("body"), dict) and "kind" in one]
    entries = [{"seq": 1, **entry} for entry in entries]
    against_log(HISTORY, entries)
    list(standalone.compare(HISTORY, entries))


@given(any_pool, any_seats, any_rules, st.randoms(use_true_random=False))
def test_both_draw_alike_whatever_the_order_of_the_rows(pool, seats, some_rules, rng):
    shown = {"city": sha("value"), "press": sha("other")}
    sealed = {party: formulas.commitment(party, value) for party, value in shown.items()}
    opened = draw_file.open_file(6, FIRST, some_rules, seats, sealed)
    file = draw_file.drawn_file(draw_file.frozen_file(opened, pool), shown, "1405-08-13", "1" * 10)
    assert verify(file) == ()
    assert standalone.check_file(file) == []
    rng.shuffle(file["pool"])
    shuffled = {key: file[key] for key in ("seated", "standby")}
    assert standalone.give(file) == shuffled
    assert {one for one, _ in standalone.check_file(file)} <= {"pool_not_sorted"}


def test_the_downloadable_verifier_needs_nothing_and_fits_on_a_few_pages():
    text = PATH.read_text(encoding="utf-8")
    assert text.count("\n") <= 385
    parsed = ast.parse(text, feature_version=(3, 8))
    imported = {
        alias.name
        for node in ast.walk(parsed)
        if isinstance(node, ast.Import)
        for alias in node.names
    } | {node.module for node in ast.walk(parsed) if isinstance(node, ast.ImportFrom)}
    assert imported <= sys.stdlib_module_names
    assert PATH.parent == PROJECT / "assets"
