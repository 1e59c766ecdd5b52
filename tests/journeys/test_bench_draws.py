"""The benches of draws run in a browser of their own and find no fault in small draws."""

import pytest
from bench import draw, verify
from bench.tab import open_tab

from publicmeeting.cli.stop import StopError


@pytest.mark.parametrize("bench", [draw, verify])
def test_small_draws_are_right_three_times(bench):
    figures = {one.what: one for one in bench.measure(30)}
    assert figures["findings"].value == 0
    assert not any(figure.is_over for figure in figures.values())


def test_what_the_browser_refuses_stops_the_bench(tmp_path):
    with open_tab(tmp_path) as tab, pytest.raises(StopError, match="no such word"):
        tab.evaluate("Promise.reject(new Error('no such word'))")
