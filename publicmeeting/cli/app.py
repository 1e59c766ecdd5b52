"""The command line: finds commands in their folder, runs one, keeps refusals to one sentence."""

import argparse
import importlib
import pkgutil
import sys
from collections.abc import Callable, Sequence

from publicmeeting.cli import commands as folder
from publicmeeting.cli.audit import AUDITED, audit
from publicmeeting.cli.stop import in_one_sentence, stop_in_order


def commands(wanted: str = "") -> argparse.ArgumentParser:
    """Return the parser of all commands; a module of `cli/commands` with `register` is one.

    A command has the name of its module, so one that is `wanted` spares loading the others.
    """
    parser = argparse.ArgumentParser(
        prog="python3 -m publicmeeting",
        description="Public meetings of Tehran's 22 district mayors.",
    )
    subparsers = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    names = [found.name for found in pkgutil.iter_modules(folder.__path__)]
    registers = _registers([wanted] if wanted in names else []) or _registers(names)
    for register in registers:
        register(subparsers)
    return parser


def _registers(names: Sequence[str]) -> list[Callable[..., None]]:
    modules = [importlib.import_module(f"{folder.__name__}.{name}") for name in names]
    return [module.register for module in modules if hasattr(module, "register")]


def main(argv: Sequence[str]) -> int:
    """Run one command and return the exit code of the process."""
    arguments = commands(*argv[:1]).parse_args(argv)
    stop_in_order()
    code = in_one_sentence(lambda: arguments.perform(arguments))
    if argv[0] in AUDITED:
        audit(argv, succeeded=code == 0)
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
