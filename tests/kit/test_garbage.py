"""A loaded program is taken out of what is looked at for garbage."""

import gc

import pytest

from publicmeeting.kit import garbage
from publicmeeting.kit.garbage import YOUNG, settle


def test_the_loaded_program_is_not_looked_at_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(garbage, "_settled", list[bool]())
    before = gc.get_threshold()
    try:
        settle()
        assert gc.get_freeze_count() > 0
        assert gc.get_threshold() == (YOUNG, *before[1:])
    finally:
        gc.unfreeze()
        gc.set_threshold(*before)
