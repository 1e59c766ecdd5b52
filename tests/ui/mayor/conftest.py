"""The scripts of a mayor's tablet, without a browser."""

from collections.abc import Iterator

import pytest
from support.browser_scripts import Scripts


@pytest.fixture(scope="module")
def scripts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scripts]:
    modules = "mayor/offline/table/presses.js", "mayor/ink/pad/keeping.js"
    with Scripts(tmp_path_factory.mktemp("scripts"), *modules) as running:
        yield running
