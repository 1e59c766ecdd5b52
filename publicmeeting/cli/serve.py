"""`serve`: one granian worker for pages, routes and sockets on one port; builds and moves nothing.

What a process supervisor starts. `run` starts the same process as its child, as
`python -m publicmeeting.cli.serve` with the environment of `server_environment`.
"""

import argparse
import ctypes
import logging
import os
import signal
import sys

from publicmeeting.cli.build import are_built
from publicmeeting.cli.environment import server_environment
from publicmeeting.cli.lock import serving
from publicmeeting.cli.prepare import check
from publicmeeting.cli.stop import StopError, in_one_sentence
from publicmeeting.config import Settings, settings, warnings

_PR_SET_PDEATHSIG = 1
_THROUGH_OURS = {"handlers": [], "propagate": True}
_LOGS = {
    "formatters": {},
    "handlers": {},
    "loggers": {"_granian": {**_THROUGH_OURS}, "granian.access": {**_THROUGH_OURS}},
}
"""The server's own lines are written like all others."""
_ALONE = "--alone"


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("serve", help="serve what is built and migrated, and no more")
    parser.set_defaults(perform=_perform)


def _perform(_arguments: argparse.Namespace) -> None:
    """Become the serving process: a supervisor then sees, limits and stops the real one."""
    refuse_unready(settings())
    command = [sys.executable, "-m", "publicmeeting.cli.serve", _ALONE]
    os.execve(sys.executable, command, server_environment(settings()))  # noqa: S606 (no shell)


def refuse_unready(settings: Settings) -> None:
    """Raises `StopError` when pages, tables, key or files do not fit: nothing of the program is
    made here, so its folder may be read-only and no tool of the build is needed."""
    if not are_built(settings.env):
        raise StopError(
            "There are no pages that fit this program: unpack a whole release, "
            f"or build them with PUBLICMEETING_ENV={settings.env}."
        )
    check(settings)


def main(*, alone: bool = False) -> None:
    """Serve until told to stop, or until whoever started it is gone; says meanwhile to whoever
    changes data as a whole that it serves."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    from publicmeeting.web.logs import set_up_logs

    if not alone:
        _end_with_parent()
    set_up_logs(settings().log_form)
    for warning in warnings(settings()):
        logging.getLogger(__name__).warning(warning)
    with serving(settings()):
        Granian(
            "publicmeeting.publicmeeting:app",
            address=settings().host,
            port=settings().port,
            interface=Interfaces.ASGI,
            factory=True,
            workers=1,
            log_level=LogLevels.warning,
            log_dictconfig=_LOGS,
            # Open sockets never end by themselves.
            workers_kill_timeout=3,
        ).serve()


def _end_with_parent() -> None:
    """Free the port even when `run` is killed in a way it cannot answer (Linux)."""
    try:
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    except AttributeError:
        return


if __name__ == "__main__":
    sys.exit(in_one_sentence(lambda: main(alone=_ALONE in sys.argv[1:])))
