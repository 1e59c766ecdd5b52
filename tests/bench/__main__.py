"""Entry point of the benches, started by `python3 -m publicmeeting bench NAME` as a process."""

import argparse
import asyncio
import sys
from collections.abc import Callable

from bench.figures import Measured, table
from publicmeeting.cli.commands.bench import add_arguments
from publicmeeting.cli.stop import interrupt_on_signals, without_traceback


def main() -> int:
    """Measure and print the table; the exit code is 1 if a figure is beyond its limit."""
    interrupt_on_signals()
    parser = argparse.ArgumentParser(prog="python3 -m publicmeeting bench")
    add_arguments(parser)
    arguments = parser.parse_args()
    figures = BENCHES[arguments.what](arguments)
    print(table(figures), flush=True)
    return 1 if any(figure.is_over for figure in figures) else 0


def _bundle(arguments: argparse.Namespace) -> list[Measured]:
    from bench.bundle import measure

    del arguments
    return asyncio.run(measure())


def _first(arguments: argparse.Namespace) -> list[Measured]:
    from bench.first import RUNS, measure

    return measure(arguments.many or RUNS)


def _log(arguments: argparse.Namespace) -> list[Measured]:
    from bench.log import YEAR, measure

    return measure(arguments.many or YEAR)


def _live(arguments: argparse.Namespace) -> list[Measured]:
    from bench.live import measure
    from bench.monday import measure as at_nine

    if arguments.monday:
        return asyncio.run(at_nine(arguments.many or 300, shared=arguments.shared))
    return asyncio.run(measure(arguments.many or 500, shared=arguments.shared))


def _filing(arguments: argparse.Namespace) -> list[Measured]:
    from bench.filing import measure
    from bench.wire import SIZES
    from bench.wire import measure as over_the_wire

    if arguments.wire:
        sizes = (arguments.many,) if arguments.many else SIZES
        return asyncio.run(over_the_wire(sizes, shared=arguments.shared))
    return asyncio.run(measure(arguments.many or 100))


def _images(arguments: argparse.Namespace) -> list[Measured]:
    from bench.images import measure

    return asyncio.run(measure(arguments.many or 10))


def _draw(arguments: argparse.Namespace) -> list[Measured]:
    from bench.draw import measure

    return measure(arguments.many or 5000)


def _verify(arguments: argparse.Namespace) -> list[Measured]:
    from bench.verify import ROWS, measure

    return measure(arguments.many or ROWS)


def _audit(arguments: argparse.Namespace) -> list[Measured]:
    from bench.audit import WEEKS, measure

    return measure(arguments.many or WEEKS)


def _estimate(arguments: argparse.Namespace) -> list[Measured]:
    from bench.estimate import DAYS, measure

    return measure(arguments.many or DAYS)


def _growth(arguments: argparse.Namespace) -> list[Measured]:
    from bench.growth import SIZES, measure
    from publicmeeting.kit.process.interpreter import settle

    settle()  # the settings of garbage collection that a server and `doctor` use
    return measure((arguments.many,) if arguments.many else SIZES)


def _visits(arguments: argparse.Namespace) -> list[Measured]:
    from bench.visits import measure

    del arguments
    return measure()


BENCHES: dict[str, Callable[[argparse.Namespace], list[Measured]]] = {
    "audit": _audit,
    "bundle": _bundle,
    "estimate": _estimate,
    "first": _first,
    "live": _live,
    "log": _log,
    "filing": _filing,
    "growth": _growth,
    "images": _images,
    "draw": _draw,
    "verify": _verify,
    "visits": _visits,
}


if __name__ == "__main__":
    sys.exit(without_traceback(main))
