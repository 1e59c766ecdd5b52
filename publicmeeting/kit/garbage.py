"""How seldom garbage in cycles is collected here: a collection costs more than it frees."""

import gc

YOUNG = 20_000
"""New objects between two collections; Python's 700 are less than one event of a page makes."""


def collect_seldom() -> None:
    """Call as early as possible: while a program loads, 340 collections free nothing."""
    gc.set_threshold(YOUNG, *gc.get_threshold()[1:])


_settled: list[bool] = []
"""Something, once this process has settled."""


def settle() -> None:
    """Call once the program is loaded: what it consists of is never garbage.

    Otherwise every full collection walks through the program and its libraries as well, and with
    a hundred pages opening at once that took a fifth of the time.
    """
    gc.collect()
    gc.freeze()
    collect_seldom()
    _settled.append(True)


def settle_more() -> None:
    """Call once when something large has been read that stays as long as the process; does nothing
    in a process that has not settled.

    Whatever is in use at this instant is taken for as lasting, so this is not for every second.
    """
    if _settled:
        gc.collect()
        gc.freeze()
