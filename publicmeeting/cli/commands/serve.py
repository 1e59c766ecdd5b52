"""`serve`: the command for a process supervisor; it serves, and neither builds nor migrates."""

import argparse
import os
import sys

from publicmeeting.cli.commands.build import are_built
from publicmeeting.cli.machine.environment import server_environment
from publicmeeting.cli.prepare import check
from publicmeeting.cli.serve import ALONE
from publicmeeting.cli.stop import StopError
from publicmeeting.config import Settings, settings


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("serve", help="serve what is built and migrated, and no more")
    parser.set_defaults(perform=_perform)


def _perform(_arguments: argparse.Namespace) -> None:
    """Replace this process by the serving one, so that a supervisor stops the real one."""
    refuse_unready(settings())
    command = [sys.executable, "-m", "publicmeeting.cli.serve", ALONE]
    os.execve(sys.executable, command, server_environment(settings()))  # noqa: S606 (no shell)


def refuse_unready(settings: Settings) -> None:
    """Raise StopError if pages, tables, key or files do not fit.

    The command changes no file of the program: its folder may be read-only and needs no build
    tools.
    """
    if not are_built(settings.env):
        raise StopError(
            "There are no pages that fit this program: unpack a whole release, "
            f"or build them with PUBLICMEETING_ENV={settings.env}."
        )
    check(settings)
