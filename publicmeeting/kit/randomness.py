"""Where randomness comes from: the system's secure generator, and nothing else in a real city.

Only the seeder draws its randomness from a seed (`repeated`), so that the demo city has
the same codes, tickets and draws each time. Keys, nonces, cookies and codes sent to a telephone
never come from here: they are made by `secrets` where they are needed.
"""

import random
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_seeded: ContextVar[random.Random | None] = ContextVar("seeded", default=None)
"""A context's own: no other thread or task deals from it."""


def below(bound: int) -> int:
    """A number from 0, smaller than `bound`."""
    dealt = _seeded.get()
    return secrets.randbelow(bound) if dealt is None else dealt.randrange(bound)


def hex_digits(count: int) -> str:
    """That many lower-case hex digits."""
    dealt = _seeded.get()
    bits = 4 * count
    number = secrets.randbits(bits) if dealt is None else dealt.getrandbits(bits)
    return f"{number:0{count}x}"


@contextmanager
def repeated(seed: int) -> Iterator[None]:
    """Inside, the same seed yields the same values. For the seeder alone."""
    mark = _seeded.set(random.Random(seed))  # noqa: S311  (predictable is what it is for)
    try:
        yield
    finally:
        _seeded.reset(mark)
