"""How seldom garbage in cycles is collected here: a collection costs more than it frees."""

import gc

YOUNG = 20_000
"""New objects between two collections; Python's 700 are less than one event of a page makes."""


def settle() -> None:
    """Call once the program is loaded: what it consists of is never garbage.

    Otherwise every full collection walks through the program and its libraries as well, and with
    a hundred pages opening at once that took a fifth of the time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, *gc.get_threshold()[1:])
