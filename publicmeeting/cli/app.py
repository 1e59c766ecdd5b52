"""The command line: finds the commands beside it, runs one, and keeps refusals to one sentence."""

import argparse
import importlib
import pkgutil
import signal
import sys
from collections.abc import Sequence
from types import FrameType

from publicmeeting import cli
from publicmeeting.cli.stop import in_one_sentence


def commands() -> argparse.ArgumentParser:
    """Return the parser of all commands; a module of `cli` with `register` is one."""
    parser = argparse.ArgumentParser(
        prog="python3 -m publicmeeting",
        description="Public meetings of Tehran's 22 district mayors.",
    )
    subparsers = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for found in pkgutil.iter_modules(cli.__path__, f"{cli.__name__}."):
        if found.name == __spec__.name:
            continue
        register = getattr(importlib.import_module(found.name), "register", None)
        if register is not None:
            register(subparsers)
    return parser


def main(argv: Sequence[str]) -> int:
    """Run one command and return the exit code of the process."""
    arguments = commands().parse_args(argv)
    # Ctrl-C, a service being stopped and a closed terminal mean the same: leave in order.
    # After nohup a closed terminal means nothing.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if number != signal.SIGHUP or signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _as_interrupt)
    return in_one_sentence(lambda: arguments.perform(arguments))


def _as_interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
