"""Source of randomness: the system's secure generator, except in the seeder.

Only the seeder takes randomness from a seed (`repeated`), so that the demo city always has the same
codes, tickets and draws. Keys, nonces, cookies and codes sent to a phone never come from here;
their callers use `secrets`.
"""

import random
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_seeded: ContextVar[random.Random | None] = ContextVar("seeded", default=None)
"""Local to the context, so that no other thread or task uses it."""


def below(bound: int) -> int:
    """Return a random number from 0, less than `bound`."""
    dealt = _seeded.get()
    return secrets.randbelow(bound) if dealt is None else dealt.randrange(bound)


def hex_digits(count: int) -> str:
    """Return that many random lower-case hex digits."""
    dealt = _seeded.get()
    bits = 4 * count
    number = secrets.randbits(bits) if dealt is None else dealt.getrandbits(bits)
    return f"{number:0{count}x}"


@contextmanager
def repeated(seed: int) -> Iterator[None]:
    """Within this context, equal seeds yield equal values. For the seeder only."""
    mark = _seeded.set(random.Random(seed))  # noqa: S311  (predictable is what it is for)
    try:
        yield
    finally:
        _seeded.reset(mark)
