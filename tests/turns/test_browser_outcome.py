"""What is written above the rows of a draw that a browser has counted again."""

from collections.abc import Iterator

import pytest
from known_answers import FILES
from support.browser_scripts import Scripts
from support.drawn_scripts import stub_react

_SHOWN = """(file, ticket) => {
  const texts = new Proxy({}, { get: (_, name) => name });
  const outcome = Outcome({ result: { file, ticket, faults: [], isLogged: true }, texts });
  return JSON.stringify(outcome);
}"""
"""Each sentence is the name of its text."""


@pytest.fixture(scope="module")
def scripts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scripts]:
    folder = tmp_path_factory.mktemp("scripts")
    with Scripts(folder, stub_react(folder), "public/verify/check/outcome.js") as running:
        yield running


def test_whoever_sits_behind_somebody_with_fewer_weeks_is_told_so(scripts: Scripts) -> None:
    """A seat of a lane or of a debt comes before those of the line."""
    sentences = {True: 0, False: 0}
    for file in FILES.values():
        weeks = {row["ticket"]: row["waited"] for row in file["pool"]}
        for place, seat in enumerate(file["seated"]):
            if seat["why"] != "line":
                continue
            own = weeks[seat["ticket"]]
            is_behind = any(weeks[one["ticket"]] < own for one in file["seated"][:place])
            shown = scripts.run(_SHOWN, file, seat["ticket"])
            assert ('"behindFewer"' in shown, '"withWeeks"' in shown) == (is_behind, not is_behind)
            sentences[is_behind] += 1
    assert all(sentences.values())
