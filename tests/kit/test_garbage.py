"""A loaded program is taken out of what is looked at for garbage."""

import gc

from publicmeeting.kit.garbage import YOUNG, settle


def test_the_loaded_program_is_not_looked_at_again() -> None:
    before = gc.get_threshold()
    try:
        settle()
        assert gc.get_freeze_count() > 0
        assert gc.get_threshold() == (YOUNG, *before[1:])
    finally:
        gc.unfreeze()
        gc.set_threshold(*before)
