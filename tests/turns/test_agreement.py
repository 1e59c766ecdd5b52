"""Random logs and files are judged alike by the product and in a browser (`turns/agreement.py`)."""

from random import Random

import pytest
from agreement import MODULES, file_disagreements, log_disagreements
from support.browser_scripts import Scripts

COUNT = 200


@pytest.fixture(scope="module")
def scripts(tmp_path_factory):
    with Scripts(tmp_path_factory.mktemp("scripts"), *MODULES) as running:
        yield running


def test_random_files_are_judged_alike(scripts):
    assert list(file_disagreements(scripts, Random("files"), COUNT)) == []


def test_random_logs_are_judged_alike(scripts):
    assert list(log_disagreements(scripts, Random("logs"), COUNT)) == []
