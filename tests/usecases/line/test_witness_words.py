"""Signed statements of witnesses, and every way to cheat with them.

Races are in `test_ceremony_races`.
"""

from datetime import timedelta

import pytest
from support.city import FEW
from support.each import in_one_city
from support.line import DISTRICT, MONDAY, Line
from support.triggers import write
from support.witness_keys import key_of
from support.witnesses import Witness, value_of

from publicmeeting.domain.errors import Denied, Invalid
from publicmeeting.domain.roles import NOBODY
from publicmeeting.kit.clock import at_tehran
from publicmeeting.kit.hashing import canonical_json
from publicmeeting.turns.formulas import CITY
from publicmeeting.turns.kinds import Kind
from publicmeeting.turns.rules.witness import is_statement_signed, statement_text
from publicmeeting.turns.verification import verify
from publicmeeting.usecases.line import drawing
from publicmeeting.usecases.line.ceremony.witness_words import (
    ENTRIES_MOST,
    Commit,
    EnterValue,
    Reveal,
    commit,
    enter_value,
    reveal,
)

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
TUESDAY, WEDNESDAY = MONDAY - 6 * DAY, MONDAY - 5 * DAY
ISO = "1405-09-09"


@pytest.fixture
def council(line: Line) -> Witness:
    return Witness(line, "council")


@pytest.fixture
def press(line: Line) -> Witness:
    return Witness(line, "press")


def test_a_commitment_enters_all_files_of_its_monday_and_the_log(
    line: Line, council: Witness
) -> None:
    promised = council.commits()
    files = [line.draw(district=number).file for number in FEW]
    assert {file["commitments"]["council"] for file in files} == {promised}
    assert {tuple(file["commitments"]) for file in files} == {(CITY, "council")}
    assert [verify(file) for file in files] == [()] * len(FEW)
    assert "council" not in line.draw(MONDAY + WEEK).file["commitments"]
    body = line.entries("commitment")[-1]
    assert body.keys() == {"monday", "party", "commitment", "sig"}
    with line.reading() as uow:
        origin = uow.log.keys().origin
    lines = statement_text(origin, "commitment", ISO, "council", promised)
    assert is_statement_signed(key_of("council"), lines, body["sig"]), "any reader can check it"


def test_one_witness_gives_one_commitment_for_one_monday(line: Line, council: Witness) -> None:
    assert council.commits() == council.commits(), "sent twice"
    assert len(line.entries("commitment")) == len({*map(str, line.entries("commitment"))})
    with pytest.raises(Denied, match="commitment_made"):
        council.commits(value=value_of("council", MONDAY, "another"))


def test_a_commitment_is_in_time_until_the_freeze_and_late_from_then_on(
    line: Line, council: Witness, press: Witness
) -> None:
    line.until(TUESDAY, "11:59")
    council.commits()
    line.until(TUESDAY, "12:00")
    with pytest.raises(Denied, match="commitment_late"):
        press.commits()
    assert set(line.draw().file["commitments"]) == {CITY, "council"}


def test_a_commitment_is_late_once_a_single_list_is_frozen(line: Line, press: Witness) -> None:
    line.begins(TUESDAY, "11:59")
    with line.city.application.store.unit_of_work(line.clock()) as uow:
        drawing.freeze(uow, DISTRICT, MONDAY, at_tehran(TUESDAY, "12:00"))
    with pytest.raises(Denied, match="commitment_late"):
        press.commits()
    assert "press" not in line.draw(district=4).file["commitments"]


@pytest.mark.on_postgresql
def test_a_list_that_only_its_row_calls_frozen_makes_no_commitment_late(
    line: Line, council: Witness
) -> None:
    forged = "UPDATE draw SET state = 'frozen', file = '{', frozen_at = drawn_at WHERE id = :draw"
    sound = "UPDATE draw SET state = 'open', file = :file WHERE id = :draw"
    draw = line.draw()
    write(line, forged, draw=draw.id)
    promised = council.commits()
    assert line.entries("commitment")[-1]["commitment"] == promised
    assert line.draw(district=4).file["commitments"]["council"] == promised
    write(line, sound, draw=draw.id, file=canonical_json(draw.file))


def test_a_commitment_copied_from_another_party_is_refused(
    line: Line, council: Witness, press: Witness
) -> None:
    promised = council.commits()
    write(line, "UPDATE witness_commitment SET commitment = 'x' WHERE party = 'council'")
    with pytest.raises(Denied, match="commitment_used"):
        press.commits(promised=promised)
    restored = "UPDATE witness_commitment SET commitment = :promised WHERE party = 'council'"
    write(line, restored, promised=promised)
    citys = line.draw(MONDAY + WEEK).file["commitments"][CITY]
    with pytest.raises(Denied, match="commitment_used"):
        press.commits(promised=citys)


def test_a_value_is_used_once(line: Line, council: Witness, press: Witness) -> None:
    value = council.commits() and council.values[MONDAY]
    with pytest.raises(Denied, match="commitment_used"):
        council.commits(MONDAY + WEEK, value=value)
    line.until(TUESDAY, "20:00")
    council.shows()
    citys = line.entries("reveal")[0]["value"]
    for known in (value, citys):
        with pytest.raises(Denied, match="commitment_used"):
            press.commits(MONDAY + WEEK, value=known)


def test_two_who_chose_the_same_value_show_it_once(
    line: Line, council: Witness, press: Witness
) -> None:
    council.commits(value="ab" * 32)
    press.commits(value="ab" * 32)
    line.until(TUESDAY, "20:00")
    council.shows()
    with pytest.raises(Denied, match="value_used"):
        press.shows()


@in_one_city("promised", ["-", "ab" * 31, "xy" * 32, "ab" * 33, "AB" * 32])
def test_only_a_hash_is_a_commitment(council: Witness, promised: str) -> None:
    with pytest.raises(Invalid, match="commitment_form"):
        council.commits(promised=promised)


def test_nobody_speaks_for_a_witness(line: Line, council: Witness, press: Witness) -> None:
    promised = "ab" * 32
    stolen = press.sign("commitment", MONDAY, promised)
    for sig in ("", "x", stolen, council.sign("commitment", MONDAY + WEEK, promised)):
        with pytest.raises(Denied, match="witness_signature"):
            council.commits(promised=promised, sig=sig)
    other_kind = council.sign("value", MONDAY, promised)
    with pytest.raises(Denied, match="witness_signature"):
        council.commits(promised=promised, sig=other_kind)
    assert not [entry for entry in line.entries("commitment") if entry["party"] == "council"]


@in_one_city("party", ["city", "union", "", "شورا", "council:x"])
def test_only_witnesses_of_the_rules_commit(line: Line, council: Witness, party: str) -> None:
    sig = council.sign("commitment", MONDAY, "ab" * 32)
    command = Commit(monday=ISO, party=party, commitment="ab" * 32, sig=sig)
    with pytest.raises(Denied, match="witness_unknown"):
        line.city.application.execute_as(NOBODY, commit, command)


@in_one_city("monday", ["", "2026-11-30", "1405-09-10", "1499-01-01", "x", "1405-9-9"])
def test_a_day_that_is_no_open_monday(line: Line, monday: str) -> None:
    words = {"monday": monday, "party": "council"}
    for usecase, command in (
        (commit, Commit(**words, commitment="ab" * 32, sig="")),
        (reveal, Reveal(**words, value="ab" * 32)),
        (enter_value, EnterValue(**words, day=ISO, value="1", sig="")),
    ):
        with pytest.raises(Denied, match="monday_unknown"):
            line.city.application.execute_as(NOBODY, usecase, command)


def test_a_value_is_shown_from_the_end_of_objections_on(line: Line, council: Witness) -> None:
    council.commits()
    line.until(TUESDAY, "19:59")
    with pytest.raises(Denied, match="value_early"):
        council.shows()
    line.until(TUESDAY, "20:00")
    seq = council.shows()
    assert council.shows() == seq, "sent twice"
    assert [entry["party"] for entry in line.entries("reveal")].count("council") == 1


def test_a_value_is_too_late_when_the_reveals_close_even_if_the_clock_is(
    line: Line, council: Witness
) -> None:
    council.commits()
    line.until(TUESDAY, "20:00")
    line.sleep_until(TUESDAY, "22:00")
    with pytest.raises(Denied, match="value_late"):
        council.shows()
    line.until(TUESDAY, "22:00")
    (closed,) = line.entries("reveals_closed")
    assert closed == {"monday": ISO, "revealed": [CITY], "silent": ["council"]}
    with pytest.raises(Denied, match="value_late"):
        council.shows()


def test_silence_bars_from_nothing(line: Line, council: Witness) -> None:
    council.commits()
    line.until(TUESDAY, "22:00")
    council.commits(MONDAY + WEEK)
    line.until(TUESDAY + WEEK, "20:00")
    council.shows(MONDAY + WEEK)


@pytest.mark.parametrize(
    ("value", "word"),
    [("cd" * 32, "value_differs"), ("zz" * 32, "value_form")],
)
def test_a_value_that_does_not_match_is_refused_and_the_right_one_still_taken(
    line: Line, council: Witness, value: str, word: str
) -> None:
    council.commits()
    line.until(TUESDAY, "20:00")
    with pytest.raises(Invalid, match=word):
        council.shows(value=value)
    council.shows()


def test_who_has_not_committed_has_nothing_to_show(line: Line, press: Witness) -> None:
    line.begins(TUESDAY, "20:00")
    with pytest.raises(Denied, match="nothing_committed"):
        press.shows(value="ab" * 32)


def revealed(line: Line, *witnesses: Witness) -> None:
    for witness in witnesses:
        witness.commits()
    line.until(TUESDAY, "20:00")
    for witness in witnesses:
        witness.shows()
    line.until(WEDNESDAY, "14:00")


def test_a_quorum_of_the_same_value_draws_at_once(
    line: Line, council: Witness, press: Witness
) -> None:
    line.file(10)
    revealed(line, council, press)
    council.enters("2185979")
    line.until(WEDNESDAY, "14:03")
    assert line.draw().state == "frozen"
    press.enters("2185979")
    line.worker.tick()
    file = line.draw().file
    assert (file["late_day"], file["late_value"]) == ("1405-09-04", "2185979")
    assert set(file["reveals"]) == {CITY, "council", "press"}
    assert verify(file) == ()


@pytest.mark.on_postgresql
def test_no_row_silences_a_witness_or_draws_by_another_value(
    line: Line, council: Witness, press: Witness
) -> None:
    """All draws of the city follow from these, so they are read from the log."""
    line.file(10)
    council.commits()
    press.commits()
    write(line, "DELETE FROM witness_commitment WHERE party = 'council'")
    council.commits()
    assert [entry["party"] for entry in line.entries("commitment")].count("council") == 1
    line.until(TUESDAY, "20:00")
    council.shows()
    press.shows()
    write(line, "UPDATE witness_commitment SET value = :other WHERE party = 'press'", other="ab")
    line.until(WEDNESDAY, "14:00")
    council.enters("2185979")
    write(line, "DELETE FROM log_index WHERE kind IN ('reveals_closed', 'value')")
    press.enters("2185979")
    line.worker.tick()
    file = line.draw().file
    assert file["late_value"] == "2185979"
    assert set(file["reveals"]) == {CITY, "council", "press"}
    assert verify(file) == ()


def test_a_value_out_of_its_time_or_day(line: Line, council: Witness) -> None:
    council.commits()
    line.until(TUESDAY, "22:00")
    with pytest.raises(Denied, match="late_value"):
        council.enters("2185979")
    line.until(WEDNESDAY, "14:00")
    with pytest.raises(Denied, match="late_value"):
        council.enters("2185979", day=WEDNESDAY + 3 * DAY)
    with pytest.raises(Denied, match="late_value"):
        council.enters("2185979", day=TUESDAY)
    council.enters("2185979")


def test_a_value_out_of_form(line: Line, council: Witness) -> None:
    revealed(line)
    for value in ("2185979.4", "۲۱۸۵۹۷۹", "2 185", "02185979", "", "-1", "x" * 99):
        with pytest.raises(Invalid, match="late_value_form"):
            council.enters(value)


def test_a_value_signed_for_another_day_or_number(line: Line, council: Witness) -> None:
    revealed(line)
    for words in (("1405-09-05", "2185979"), ("1405-09-04", "2185978")):
        sig = council.sign("value", MONDAY, *words)
        with pytest.raises(Denied, match="witness_signature"):
            council.enters("2185979", sig=sig)


def test_a_slip_of_the_pen_is_put_right_a_few_times(
    line: Line, council: Witness, press: Witness
) -> None:
    revealed(line, council, press)
    seqs = [council.enters(str(number)) for number in range(1, ENTRIES_MOST + 1)]
    assert council.enters(str(ENTRIES_MOST)) == seqs[-1], "sent twice"
    with pytest.raises(Denied, match="late_value_often"):
        council.enters("9")
    press.enters(str(ENTRIES_MOST))
    line.worker.tick()
    assert line.draw().file["late_value"] == str(ENTRIES_MOST)
    assert len(line.seqs(Kind.VALUE, ISO)) == ENTRIES_MOST + 1
