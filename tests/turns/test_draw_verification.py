"""Any change of a published draw file is found, and no input makes the verifier fail."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from known_answers import FILES
from pools import a_row, rules
from support.each import for_each
from tampering import CHANGES, double, places, remove, touched

from publicmeeting.kit.jalali import from_iso
from publicmeeting.turns import draw_file, formulas
from publicmeeting.turns.finding import Finding, FindingCode
from publicmeeting.turns.verification import verify

MIXED = FILES["mixed"]

junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(),
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(st.text() | st.integers() | st.none(), inner)
        | st.sets(st.integers())
    ),
    max_leaves=8,
)

LATE = ("1405-09-11", "2185979")


PLACES = list(places(MIXED))


def adds_a_silent_party(path, change):
    """Return whether the change adds a commitment without a reveal, which one file alone allows."""
    return change is double and path[0] == "commitments" and len(path) == 2


@pytest.mark.parametrize("change", CHANGES)
def test_any_single_change_of_a_drawn_file_is_found(change):
    missed = [
        path
        for path in PLACES
        if not adds_a_silent_party(path, change) and not verify(touched(MIXED, path, change))
    ]
    assert missed == []


@given(st.sampled_from(PLACES), junk)
def test_junk_in_any_place_gives_faults_and_no_exception(path, thing):
    def put(holder, key):
        holder[key] = thing

    file = touched(MIXED, path, put)
    is_unchanged = repr(file) == repr(MIXED)
    assert bool(verify(file)) != is_unchanged


@given(junk)
def test_junk_instead_of_a_file_gives_faults_and_no_exception(thing):
    assert verify(thing)


def test_a_deep_or_endless_value_gives_faults_and_no_exception():
    deep = []
    for _ in range(100_000):
        deep = [deep]
    endless = {}
    endless["itself"] = endless
    for value in (deep, endless, 10**5000, "\ud800"):
        for key in MIXED:
            assert verify({**MIXED, key: value})
    assert verify({**MIXED, 10**5000: 1, "reveals": {10**5000: 1}})


def with_(path, value):
    def put(holder, key):
        holder[key] = value

    return touched(MIXED, path, put)


@for_each(
    [
        (None, Finding(FindingCode.NOT_A_FILE)),
        (with_(("district",), 7), Finding(FindingCode.DISTRICT_DIFFERS, "district")),
        (
            with_(("rules", "lanes", "access"), 2),
            Finding(FindingCode.RULES_HASH_DIFFERS, "rules_hash"),
        ),
        (with_(("rules", "lanes", "access"), -1), Finding(FindingCode.MALFORMED, "rules.lanes")),
        (with_(("pool_root",), None), Finding(FindingCode.MALFORMED, "pool_root")),
        (with_(("pool", 3, "debt"), value=True), Finding(FindingCode.MALFORMED, "pool[3]")),
        (with_(("pool", 3, "name"), "x"), Finding(FindingCode.MALFORMED, "pool[3]")),
        (with_(("pool", 3, "waited"), 9), Finding(FindingCode.POOL_ROOT_DIFFERS, "pool_root")),
        (with_(("pool", 0), MIXED["pool"][1]), Finding(FindingCode.TICKET_TWICE, "pool.15e62ad6")),
        (with_(("pool",), MIXED["pool"][::-1]), Finding(FindingCode.POOL_NOT_SORTED, "pool")),
        (with_(("seats",), ["09:15", "09:00"]), Finding(FindingCode.MALFORMED, "seats")),
        (with_(("seats", 1), "9:15"), Finding(FindingCode.MALFORMED, "seats[1]")),
        (with_(("note",), "x"), Finding(FindingCode.KEY_TOO_MANY, "note")),
        (touched(MIXED, ("seed",), remove), Finding(FindingCode.KEY_MISSING, "seed")),
        (with_(("seed",), "0" * 64), Finding(FindingCode.SEED_DIFFERS, "seed")),
        (with_(("late_value",), "111"), Finding(FindingCode.SEED_DIFFERS, "seed")),
        (with_(("reveals", "press"), "aa08"), Finding(FindingCode.REVEAL_DIFFERS, "reveals.press")),
        (
            with_(("reveals", "other"), "aa"),
            Finding(FindingCode.REVEAL_UNCOMMITTED, "reveals.other"),
        ),
        (
            touched(MIXED, ("reveals", "city"), remove),
            Finding(FindingCode.SEED_DIFFERS, "seed"),
        ),
        (
            touched(MIXED, ("commitments", "city"), remove),
            Finding(FindingCode.CITY_COMMITMENT_MISSING, "commitments"),
        ),
        (with_(("seated", 0, "why"), "line"), Finding(FindingCode.SEATED_DIFFERS, "seated")),
        (
            with_(("standby",), MIXED["standby"][::-1]),
            Finding(FindingCode.STANDBY_DIFFERS, "standby"),
        ),
    ]
)
def test_a_fault_is_named_and_placed(file, fault):
    found = verify(file)
    assert any(f.code is fault.code and f.place.startswith(fault.place) for f in found)


def test_a_fault_in_one_link_is_not_told_again_of_the_links_after_it():
    assert verify(with_(("late_value",), "1234561234")) == (
        Finding(FindingCode.SEED_DIFFERS, "seed"),
    )


def an_open_file():
    value = "1" * 64
    commitments = {
        "press": formulas.commitment("press", "ab"),
        "city": formulas.commitment("city", value),
    }
    monday = from_iso("1405-09-16")
    return draw_file.open_file(6, monday, rules(), ["09:00", "09:15"], commitments), value


def test_a_file_grows_from_open_to_drawn_and_is_plain_json_throughout():
    opened, value = an_open_file()
    frozen = draw_file.frozen_file(opened, [a_row(n) for n in range(5)])
    drawn = draw_file.drawn_file(frozen, {"city": value}, *LATE)
    for file, keys in (
        (opened, draw_file.OPEN_KEYS),
        (frozen, draw_file.FROZEN_KEYS),
        (drawn, draw_file.DRAWN_KEYS),
    ):
        assert tuple(file) == keys
        assert json.loads(json.dumps(file)) == file
        assert verify(file) == ()


def test_a_witness_who_reveals_changes_the_seed():
    opened, value = an_open_file()
    frozen = draw_file.frozen_file(opened, [a_row(1)])
    alone = draw_file.drawn_file(frozen, {"city": value}, *LATE)
    witnessed = draw_file.drawn_file(frozen, {"press": "ab", "city": value}, *LATE)
    assert alone["seed"] != witnessed["seed"]


def test_whoever_is_silent_is_not_in_the_seed_and_the_city_too():
    opened, value = an_open_file()
    frozen = draw_file.frozen_file(opened, [a_row(1)])
    silent = draw_file.drawn_file(frozen, {"press": "ab"}, *LATE)
    nobody = draw_file.drawn_file(frozen, {}, *LATE)
    assert verify(silent) == verify(nobody) == ()
    both = draw_file.drawn_file(frozen, {"press": "ab", "city": value}, *LATE)
    assert len({one["seed"] for one in (silent, nobody, both)}) == 3


@pytest.mark.parametrize("reveals", [{"press": "ac"}, {"city": "2"}, {"mayor": "1" * 64}])
def test_no_draw_runs_on_a_value_that_was_not_committed_to(reveals):
    opened, value = an_open_file()
    frozen = draw_file.frozen_file(opened, [a_row(1)])
    with pytest.raises(ValueError):
        draw_file.drawn_file(frozen, reveals, *LATE)
    if "city" not in reveals:
        with pytest.raises(ValueError):
            draw_file.drawn_file(frozen, {**reveals, "city": value, "other": "1"}, *LATE)


def test_a_draw_of_five_thousand_is_verified_whole():
    opened, value = an_open_file()
    pool = [a_row(n, waited=n % 7, prefers=("any", "early", "late")[n % 3]) for n in range(5000)]
    drawn = draw_file.drawn_file(draw_file.frozen_file(opened, pool), {"city": value}, *LATE)
    assert len(drawn["standby"]) == 4998
    assert verify(drawn) == ()
