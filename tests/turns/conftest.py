"""The browser's auditor, running beside the tests of one module."""

from collections.abc import Iterator

import pytest
from agreement import MODULES
from support.browser_scripts import Scripts


@pytest.fixture(scope="module")
def scripts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scripts]:
    with Scripts(tmp_path_factory.mktemp("scripts"), *MODULES) as running:
        yield running
