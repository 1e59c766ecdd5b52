"""Administrative commands leave a security event: who ran which at which machine."""

import getpass
import socket
import sys
from collections.abc import Sequence

from publicmeeting.cli.stop import StopError, of_the_database
from publicmeeting.config import SettingsError

AUDITED = frozenset({"admin", "backup", "found", "log", "migrate", "rekey", "seed", "storage"})
"""Commands that change the city, its accounts, its keys or its tables, or take them away."""
_LEFT_OUT = frozenset({"--name"})
"""Options whose value is nobody's business here; passwords are in no option at all."""


def audit(argv: Sequence[str], *, succeeded: bool) -> None:
    """Record one command; says so where it cannot, and stops nothing.

    After the command, for it may make the table: what a database without tables refuses is its
    message's own matter.
    """
    from publicmeeting.config import master_key, settings
    from publicmeeting.domain.roles import COMMAND_LINE
    from publicmeeting.kit.clock import utc_now
    from publicmeeting.store.database.migrate import needs_upgrade
    from publicmeeting.store.unit_of_work import Store
    from publicmeeting.usecases.oversight.security_events import OneCommand, record_command

    try:
        if needs_upgrade(settings()):
            return
        store = Store(settings().database_url, master_key(settings()))
        try:
            with store.unit_of_work(utc_now()) as uow:
                description = described(argv) + ("" if succeeded else " (refused)")
                command = OneCommand(
                    command=description, by=getpass.getuser(), at=socket.gethostname()
                )
                record_command(uow, COMMAND_LINE, command, uow.machine_now)
        finally:
            store.close()
    except (OSError, StopError, SettingsError) as problem:
        print(f"No security event was written: {problem}", file=sys.stderr)
    except Exception as problem:
        sentence = of_the_database(problem)
        if sentence is None:
            raise
        if succeeded:  # else the command has said it itself, and has changed nothing
            print(f"No security event was written: {sentence}", file=sys.stderr)


def described(argv: Sequence[str]) -> str:
    """The command as it was typed, without what is nobody's business."""
    words = [
        word for before, word in zip(("", *argv[:-1]), argv, strict=True) if before not in _LEFT_OUT
    ]
    return " ".join(word for word in words if word not in _LEFT_OUT)
