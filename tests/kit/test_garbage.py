"""Garbage collection runs rarely, and skips the objects of the loaded program."""

import gc
import subprocess
import sys

import pytest

from publicmeeting.config import PROJECT
from publicmeeting.kit.process import interpreter
from publicmeeting.kit.process.interpreter import YOUNG, settle


@pytest.mark.parametrize("begins", ["cli.serve", "cli.app", "cli.prepare"])
def test_a_process_of_the_program_looks_seldom_while_it_loads(begins: str) -> None:
    asked = f"import gc, publicmeeting.{begins}; print(gc.get_threshold()[0])"
    done = subprocess.run(
        [sys.executable, "-c", asked], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    assert int(done.stdout) == YOUNG


def test_the_loaded_program_is_not_looked_at_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(interpreter, "_settled", list[bool]())
    before = gc.get_threshold()
    try:
        settle()
        assert gc.get_freeze_count() > 0
        assert gc.get_threshold() == (YOUNG, *before[1:])
    finally:
        gc.unfreeze()
        gc.set_threshold(*before)
