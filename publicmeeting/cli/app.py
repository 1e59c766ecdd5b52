"""Entry point of the command line: finds commands, runs one, prints refusals as one sentence."""

import argparse
import getpass
import importlib
import pkgutil
import socket
import sys
from collections.abc import Callable, Sequence
from contextlib import closing

from publicmeeting.cli import commands as folder
from publicmeeting.cli.stop import (
    INTERRUPTED,
    READER_LOST,
    StopError,
    interrupt_on_signals,
    is_text,
    of_the_database,
    open_closed_streams,
    uninterrupted,
    without_traceback,
)
from publicmeeting.config import SettingsError

# Administrative commands record a security event: who ran which command on which machine.

AUDITED = frozenset({"admin", "backup", "found", "log", "migrate", "rekey", "seed", "storage"})
"""Commands that change or remove the city, its accounts, its keys or its tables."""
_LEFT_OUT = "--name"
"""The option whose value must not be recorded; no option takes a password."""
_ERROR_OF_USE = 2
"""Exit code, as argparse has it."""


def audit(argv: Sequence[str], code: int) -> None:
    """Record one command and how it ended; if that fails, print why and continue.

    It runs after the command, because the command may create the table. If the database has no
    tables, nothing is recorded: the command's own message says why.
    """
    from publicmeeting.config import master_key, settings
    from publicmeeting.domain.roles import COMMAND_LINE
    from publicmeeting.kit.clock import utc_now
    from publicmeeting.store.database.migrate import needs_upgrade
    from publicmeeting.store.unit_of_work import Store
    from publicmeeting.usecases.oversight.security_events import OneCommand, record_command

    succeeded = code == 0
    # An interrupted command may have changed something.
    is_interrupted = code in {INTERRUPTED, READER_LOST}
    end = "" if succeeded else " (interrupted)" if is_interrupted else " (refused)"
    try:
        if needs_upgrade(settings()):
            return
        command = OneCommand(
            command=described(argv) + end, by=getpass.getuser(), at=socket.gethostname()
        )
        with (
            closing(Store(settings().database_url, master_key(settings()))) as store,
            store.unit_of_work(utc_now()) as uow,
        ):
            record_command(uow, COMMAND_LINE, command, uow.machine_now)
    except (OSError, StopError) as problem:
        print(f"No security event was written: {problem}", file=sys.stderr)
    except SettingsError as problem:
        if succeeded:  # else the command has printed it
            print(f"No security event was written: {problem}", file=sys.stderr)
    except Exception as problem:
        sentence = of_the_database(problem)
        if sentence is None:
            raise
        if succeeded:  # else the command has printed it, and has changed nothing
            print(f"No security event was written: {sentence}", file=sys.stderr)


def described(argv: Sequence[str]) -> str:
    """Return the command as typed, without the values that must not be recorded."""
    befores = ("", *argv[:-1])
    return " ".join(
        word
        for before, word in zip(befores, argv, strict=True)
        if not (_is_left_out(before) and "=" not in before) and not _is_left_out(word)
    )


def _is_left_out(word: str) -> bool:
    """Whether it is the option, also shortened as argparse allows, or with its value behind `=`."""
    option = word.partition("=")[0]
    return len(option) > len("--") and _LEFT_OUT.startswith(option)


def commands(wanted: str = "") -> argparse.ArgumentParser:
    """Return the parser of all commands; a module of `cli/commands` with `register` is one.

    A command has the name of its module, so if `wanted` is one, the others are not loaded.
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
    open_closed_streams()
    for word in argv:
        if not is_text(word):
            print(f"{word!a} is not UTF-8 text: type or name it otherwise.", file=sys.stderr)
            return _ERROR_OF_USE
    arguments = commands(*argv[:1]).parse_args(argv)

    def perform() -> int | None:
        interrupt_on_signals()
        code: int | None = arguments.perform(arguments)
        return code

    code = without_traceback(perform)
    if argv[0] in AUDITED:
        with uninterrupted():
            audit(argv, code)
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
