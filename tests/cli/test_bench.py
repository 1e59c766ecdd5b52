"""Helpers of the benches: percentiles, the files a page loads by itself, and foreign hosts."""

import re

import pytest
from bench.__main__ import BENCHES as MEASURING
from bench.figures import Measured, percentile, table

from publicmeeting.cli.commands.bench import BENCHES, refuse_without_tests
from publicmeeting.cli.stop import StopError
from publicmeeting.config import PROJECT


def test_every_bench_the_command_names_is_beside_the_tests():
    assert tuple(sorted(MEASURING)) == BENCHES


def test_every_bench_is_among_the_commands_and_has_its_figures():
    commands, measured = (
        (PROJECT / "docs" / page).read_text(encoding="utf-8")
        for page in ("commands.md", "measured.md")
    )
    (named,) = re.findall(r"`bench ([a-z|\\]+)`", commands)
    assert sorted(named.split(r"\|")) == list(BENCHES)
    assert {name for name in BENCHES if f"`bench {name}" not in measured} == set()


def test_a_release_which_has_no_tests_says_where_the_benches_are(tmp_path):
    with pytest.raises(StopError, match="tests/bench, which a release does not bring"):
        refuse_without_tests(tmp_path)
    refuse_without_tests(PROJECT / "tests")


@pytest.mark.parametrize(
    ("values", "share", "expected"),
    [
        ([3.0], 0.95, 3.0),
        ([4.0, 1.0, 3.0, 2.0], 0.5, 2.0),
        ([float(n) for n in range(1, 101)], 0.95, 95.0),
        ([float(n) for n in range(1, 101)], 1.0, 100.0),
    ],
)
def test_a_percentile_is_one_of_the_values_by_nearest_rank(values, share, expected):
    assert percentile(values, share) == expected


def test_a_percentile_of_nothing_is_an_error():
    with pytest.raises(ValueError, match="nothing was measured"):
        percentile([], 0.5)


@pytest.mark.parametrize(
    ("value", "limit", "is_over"),
    [(175.0, 175.0, False), (175.1, 175.0, True), (0.0, 0.0, False), (9.9, None, False)],
)
def test_a_figure_at_its_limit_keeps_it(value, limit, is_over):
    figure = Measured("scripts", value, "KB", limit)
    assert figure.is_over is is_over
    assert table([figure]).endswith("OVER") is is_over


@pytest.mark.parametrize(("value", "is_over"), [(60.0, False), (59.9, True)])
def test_a_limit_from_below_is_kept_by_what_is_larger(value, is_over):
    figure = Measured("filings a second", value, "", 60, at_least=True)
    assert figure.is_over is is_over
    assert "at least 60" in table([figure])
