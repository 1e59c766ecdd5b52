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
    at_least: bool = False
    """Whether the limit is one from below."""

    @property
    def is_over(self) -> bool:
        """Whether the limit is not kept."""
        if self.limit is None:
            return False
        return self.value < self.limit if self.at_least else self.value > self.limit


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("bench", help="measure pages, filing, photos or draws")
    parser.add_argument("what", choices=sorted(_BENCHES))
    parser.add_argument(
        "--many",
        type=int,
        help="pages (500), citizens (100), photos (10), rows (5000), requests, visits (3)",
    )
    parser.add_argument(
        "--wire", action="store_true", help="filing: from the page to the receipt, over sockets"
    )
    parser.add_argument(
        "--shared",
        action="store_true",
        help="filing --wire, live: two processes over one PostgreSQL and one Redis",
    )
    parser.set_defaults(perform=_perform)


def _perform(arguments: argparse.Namespace) -> int:
    figures = _BENCHES[arguments.what](arguments)
    print(table(figures), flush=True)
    return 1 if any(one.is_over for one in figures) else 0


def table(figures: Sequence[Measured]) -> str:
    """The figures line by line; what is over its limit says so."""
    width = max(len(one.what) for one in figures)
    return "\n".join(
        f"{one.what:<{width}}  {one.value:>9.1f} {one.unit:<2}"
        + ("" if one.limit is None else f"  {_bound(one)} {one.limit:g} {one.unit}")
        + ("  OVER" if one.is_over else "")
        for one in figures
    )


def _bound(one: Measured) -> str:
    return "at least" if one.at_least else "limit"


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that is not below `share` (0 to 1) of all; nearest rank.

    Raises `ValueError` for no values.
    """
    if not values:
        raise ValueError("nothing was measured")
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * share) - 1)]


def _bundle(arguments: argparse.Namespace) -> list[Measured]:
    from publicmeeting.cli.bench_bundle import measure

    del arguments
    return asyncio.run(measure())


def _first(arguments: argparse.Namespace) -> list[Measured]:
    from publicmeeting.cli.bench_first import RUNS, measure

    return measure(arguments.many or RUNS)


def _live(arguments: argparse.Namespace) -> list[Measured]:
    from publicmeeting.cli.bench_live import measure

    return asyncio.run(measure(arguments.many or 500, shared=arguments.shared))


def _filing(arguments: argparse.Namespace) -> list[Measured]:
    from publicmeeting.cli.bench_filing import measure
    from publicmeeting.cli.bench_wire import SIZES
    from publicmeeting.cli.bench_wire import measure as over_the_wire

    if arguments.wire:
        sizes = (arguments.many,) if arguments.many else SIZES
        return asyncio.run(over_the_wire(sizes, shared=arguments.shared))
    return asyncio.run(measure(arguments.many or 100))


def _images(arguments: argparse.Namespace) -> list[Measured]:
    from publicmeeting.cli.bench_images import measure

    return asyncio.run(measure(arguments.many or 10))


def _draw(arguments: argparse.Namespace) -> list[Measured]:
    from publicmeeting.cli.bench_draw import measure

    return measure(arguments.many or 5000)


def _verify(arguments: argparse.Namespace) -> list[Measured]:
    from publicmeeting.cli.bench_verify import ROWS, measure

    return measure(arguments.many or ROWS)


def _growth(arguments: argparse.Namespace) -> list[Measured]:
    from publicmeeting.cli.bench_growth import SIZES, measure

    return measure((arguments.many,) if arguments.many else SIZES)


_BENCHES: dict[str, Callable[[argparse.Namespace], list[Measured]]] = {
    "bundle": _bundle,
    "first": _first,
    "live": _live,
    "filing": _filing,
    "growth": _growth,
    "images": _images,
    "draw": _draw,
    "verify": _verify,
}
