"""Sample draws are complete, cover every kind of row, and depend only on their seed."""

from random import Random

import pytest
from auditor import program

from publicmeeting.turns.draw_file import DRAWN_KEYS
from publicmeeting.turns.simulation import MOST_SEATS, sample_draw
from publicmeeting.turns.verification import verify


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(("rows", "seats"), [(0, 0), (0, 3), (1, 0), (1, 1), (7, 3), (60, 70)])
def test_a_sample_of_any_size_is_a_draw_without_fault(seed, rows, seats):
    file = sample_draw(Random(seed), rows, seats)
    assert tuple(file) == DRAWN_KEYS
    assert (len(file["pool"]), len(file["seats"])) == (rows, seats)
    assert verify(file) == ()
    assert program.check_file(file) == []


def test_the_same_word_gives_the_same_file_and_another_word_another():
    assert sample_draw(Random("a"), 9, 3) == sample_draw(Random("a"), 9, 3)
    assert sample_draw(Random("a"), 9, 3) != sample_draw(Random("b"), 9, 3)


def test_the_samples_know_lanes_debts_weeks_wishes_witnesses_and_holidays():
    files = [sample_draw(Random(seed), 200, 20) for seed in range(20)]
    rows = [row for file in files for row in file["pool"]]
    assert {row["lane"] for row in rows} == {"general", "access", "urgent"}
    assert {row["prefers"] for row in rows} == {"any", "early", "late"}
    assert {row["debt"] for row in rows} == {0, 1}
    assert max(row["waited"] for row in rows) > 3
    assert {len(file["commitments"]) for file in files} == {2, 3, 4}
    assert any(set(file["reveals"]) < set(file["commitments"]) for file in files)
    assert {file["late_value"] == "none" for file in files} == {True, False}


def test_a_day_has_only_so_many_minutes():
    assert sample_draw(Random(1), 1, MOST_SEATS)["seats"][-1] == "23:59"
    with pytest.raises(ValueError, match="900"):
        sample_draw(Random(1), 1, MOST_SEATS + 1)
