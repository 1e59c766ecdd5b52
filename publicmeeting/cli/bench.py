"""`bench`: measures what was promised in numbers, prints a table, and fails above a limit."""

import argparse
import asyncio
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Measured:
    """One figure beside its limit; without a limit it is only told."""

    what: str
    value: float
    unit: str
    limit: float | None = None

    @property
    def is_over(self) -> bool:
        return self.limit is not None and self.value > self.limit


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("bench", help="measure pages, filing, photos or draws")
    parser.add_argument("what", choices=sorted(_BENCHES))
    parser.add_argument(
        "--many", type=int, help="pages (500), citizens (100), photos (10), rows (5000)"
    )
    parser.set_defaults(perform=_perform)


def _perform(arguments: argparse.Namespace) -> int:
    figures = _BENCHES[arguments.what](arguments.many)
    print(table(figures), flush=True)
    return 1 if any(one.is_over for one in figures) else 0


def table(figures: Sequence[Measured]) -> str:
    """The figures line by line; what is over its limit says so."""
    width = max(len(one.what) for one in figures)
    return "\n".join(
        f"{one.what:<{width}}  {one.value:>9.1f} {one.unit:<2}"
        + ("" if one.limit is None else f"  limit {one.limit:g} {one.unit}")
        + ("  OVER" if one.is_over else "")
        for one in figures
    )


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that is not below `share` (0 to 1) of all; nearest rank.

    Raises `ValueError` for no values.
    """
    if not values:
        raise ValueError("nothing was measured")
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * share) - 1)]


def _bundle(many: int | None) -> list[Measured]:
    from publicmeeting.cli.bench_bundle import measure

    del many
    return asyncio.run(measure())


def _live(many: int | None) -> list[Measured]:
    from publicmeeting.cli.bench_live import measure

    return asyncio.run(measure(many or 500))


def _filing(many: int | None) -> list[Measured]:
    from publicmeeting.cli.bench_filing import measure

    return asyncio.run(measure(many or 100))


def _images(many: int | None) -> list[Measured]:
    from publicmeeting.cli.bench_images import measure

    return asyncio.run(measure(many or 10))


def _draw(many: int | None) -> list[Measured]:
    from publicmeeting.cli.bench_draw import measure

    return measure(many or 5000)


def _verify(many: int | None) -> list[Measured]:
    from publicmeeting.cli.bench_verify import ROWS, measure

    return measure(many or ROWS)


_BENCHES: dict[str, Callable[[int | None], list[Measured]]] = {
    "bundle": _bundle,
    "live": _live,
    "filing": _filing,
    "images": _images,
    "draw": _draw,
    "verify": _verify,
}
