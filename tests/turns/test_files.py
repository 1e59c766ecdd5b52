"""A log agrees with itself and its own files, and disagrees with any other file or log."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_city import honest
from support.audited import LOG, against_log
from tampering import lies

from publicmeeting.turns import draw_file
from publicmeeting.turns.machine.breaks import Break
from publicmeeting.turns.pool import Row
from publicmeeting.turns.verification import verify

CITY = honest(3)
BOOK, DRAWN = CITY.decoded(), list(CITY.files.values())
DRAW = DRAWN[2]
STATES = (draw_file.OPEN_KEYS, draw_file.FROZEN_KEYS)


def earlier(file, keys):
    return {key: file[key] for key in keys}


def about(draw, kind):
    """Return the last entry of a kind about a draw."""
    return next(
        one["seq"]
        for one in reversed(BOOK)
        if one["kind"] == kind and one["body"].get("draw") == draw
    )


def codes(faults, name):
    return {fault.code for fault in faults.get(name, ())}


@pytest.mark.parametrize("seed", range(6))
def test_an_honest_city_agrees_with_its_files_in_any_of_their_states(seed):
    city = honest(seed)
    files = list(city.files.values())
    files += [earlier(file, keys) for keys in STATES for file in files]
    assert against_log(files, city.decoded()).faults == {}


def test_a_closed_monday_has_two_open_files():
    closed = next(file for file in DRAWN if file["seats"])["draw"]
    at = about(closed, "monday_opened")
    log = [one for one in BOOK[:at] if one["kind"] != "filed"]
    log.append({**BOOK[at], "kind": "monday_closed", "body": {"draw": closed, "why": "closure"}})
    log = [{**one, "seq": seq} for seq, one in enumerate(log, 1)]
    opened = earlier(CITY.files[closed], draw_file.OPEN_KEYS)
    opened["commitments"] = {}
    for seats, found in ((opened["seats"], set()), ([], set()), (["23:00"], {Break.FILE_DIFFERS})):
        assert codes(against_log([{**opened, "seats": seats}], log).faults, closed) == found


def test_a_file_that_is_right_in_itself_but_of_another_list_is_named_with_its_entry():
    rows = [Row.from_body(body) for body in DRAW["pool"]][1:]
    frozen = draw_file.frozen_file(earlier(DRAW, draw_file.OPEN_KEYS), rows)
    drawn = draw_file.drawn_file(frozen, DRAW["reveals"], DRAW["late_day"], DRAW["late_value"])
    for file, kind in ((frozen, "freeze"), (drawn, "draw")):
        assert verify(file) == ()
        (found,) = against_log([file], BOOK).faults[DRAW["draw"]]
        assert (found.code, found.seq) == (Break.FILE_DIFFERS, about(DRAW["draw"], kind))


def test_a_draw_that_the_log_does_not_know_is_named():
    name = f"d22{DRAW['draw'][3:]}"
    (found,) = against_log([{**DRAW, "draw": name}], BOOK).faults[name]
    assert (found.code, found.seq) == (Break.FILE_DIFFERS, 0)


def test_a_file_further_than_its_log_is_named():
    before = BOOK[: about(DRAW["draw"], "freeze") - 1]
    frozen = earlier(DRAW, draw_file.FROZEN_KEYS)
    for file in (DRAW, frozen):
        assert Break.FILE_DIFFERS in codes(against_log([file], before).faults, DRAW["draw"])
    assert against_log([earlier(DRAW, draw_file.OPEN_KEYS)], before).faults == {}


def rewritten(change):
    """Return a forged log: one entry changed, all later numbers made to fit."""
    forged = [change(json.loads(json.dumps(one))) for one in BOOK]
    forged = [one for one in forged if one]
    places = {one["seq"]: seq for seq, one in enumerate(forged, 1)}
    for seq, one in enumerate(forged, 1):
        causes = one["body"].get("because")
        if causes:
            one["body"]["because"] = [places.get(cause, cause) for cause in causes]
        one["seq"] = seq
    return forged


def test_who_was_never_filed_is_named_by_her_ticket():
    ticket = DRAW["pool"][0]["ticket"]

    def unfiled(entry):
        is_hers = entry["kind"] == "filed" and entry["body"]["ticket"] == ticket
        return None if is_hers else entry

    faults = against_log(DRAWN, rewritten(unfiled)).faults
    assert (Break.LET_IN, ticket) in {(found.code, found.ticket) for found in faults[DRAW["draw"]]}


@pytest.mark.parametrize(
    ("kind", "key", "value", "code"),
    [
        ("freeze", "pool_root", "0" * 64, Break.POOL_ROOT_DIFFERS),
        ("freeze", "file", "0" * 64, Break.FILE_DIFFERS),
        ("draw", "seed", "0" * 64, Break.SEED_DIFFERS),
        ("draw", "seated", 99, Break.SEATED_DIFFERS),
        ("draw", "standby", 99, Break.STANDBY_DIFFERS),
        ("draw", "file", "0" * 64, Break.FILE_DIFFERS),
    ],
)
def test_what_the_log_says_of_a_draw_follows_from_the_log(kind, key, value, code):
    def lie(entry):
        if entry["kind"] == kind and entry["body"]["draw"] == DRAW["draw"]:
            entry["body"][key] = value
        return entry

    assert code in codes(against_log([DRAW], rewritten(lie)).faults, DRAW["draw"])


def test_what_is_of_no_draw_stands_at_the_log():
    doubled = [*BOOK[:40], BOOK[39], *BOOK[40:]]
    assert Break.SEQ_BROKEN in codes(against_log([], doubled).faults, LOG)


JUNK = st.sampled_from(
    [None, 7, "x", [], {}, {"body": {}}, {"seq": float("nan")}, {"kind": b"x"}, {"at": "آب"}]
)
LIES = st.sampled_from(BOOK).flatmap(lambda entry: st.sampled_from(list(lies(entry))))


@settings(deadline=None)
@given(st.lists(st.one_of(JUNK, LIES.map(lambda lie: lie[1])), max_size=8))
def test_entries_of_any_form_give_breaks_and_no_exception(several):
    assert against_log([DRAW], several).faults
    against_log([DRAW], [*BOOK[:60], *several])
