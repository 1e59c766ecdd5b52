"""Tune the garbage collector: frequent collections of cycles cost more than they free."""

import gc

YOUNG = 20_000
"""New objects between two collections; one page event makes more than Python's default of 700."""


def collect_seldom() -> None:
    """Collect young objects less often.

    Call it as early as possible, because loading the program triggers 340 useless collections.
    """
    gc.set_threshold(YOUNG, *gc.get_threshold()[1:])


_settled: list[bool] = []
"""Not empty once this process has settled."""


def settle() -> None:
    """Exempt the loaded program from collection; call once after loading.

    Otherwise every full collection also traverses the program and its libraries. With a hundred
    pages opening at once, that took a fifth of the time.
    """
    gc.collect()
    gc.freeze()
    collect_seldom()
    _settled.append(True)


def settle_more() -> None:
    """Exempt further permanent data, after something large has been loaded for good.

    Does nothing in a process that has not settled. All objects in use at this instant count as
    permanent, so this must not be called often.
    """
    if _settled:
        gc.collect()
        gc.freeze()
