"""The serving process: one granian worker for pages, routes and sockets on one port.

Run as `python -m publicmeeting.cli.serve` with the environment of `server_environment`. The command
`serve` becomes this process; `run` starts it as a child.
"""

import ctypes
import importlib
import logging
import multiprocessing
import os
import signal
import sys
from collections.abc import Callable

from publicmeeting.cli.machine.lock import serving, wait_for_changes
from publicmeeting.cli.machine.processes import only_server
from publicmeeting.cli.stop import without_traceback
from publicmeeting.config import settings, warnings
from publicmeeting.kit.process.interpreter import keep_to_one, preempt_rarely

_PR_SET_PDEATHSIG = 1
_THROUGH_OURS = {"handlers": [], "propagate": True}
_LOGS = {
    "formatters": {},
    "handlers": {},
    "loggers": {"_granian": {**_THROUGH_OURS}, "granian.access": {**_THROUGH_OURS}},
}
"""The server's own log lines use our handler."""
ALONE = "--alone"
_LEAVES_WITHIN = 3.0
"""Seconds within which the worker of a killed server frees its port."""


def main(*, alone: bool = False) -> None:
    """Serve until a signal or, as a child, until the parent ends.

    Meanwhile commands that change the data as a whole see that it serves.
    """
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    from publicmeeting.web.logs import set_up_logs

    if not alone:
        _end_with_parent(signal.SIGTERM)
    set_up_logs(settings().log_form)
    # The server would start beside a taken port without a word, and answer nobody.
    with only_server(settings(), patience=_LEAVES_WITHIN):
        for warning in warnings(settings()):
            logging.getLogger(__name__).warning(warning)
        keep_to_one()
        preempt_rarely()
        wait_for_changes(settings(), logging.getLogger(__name__).warning)
        with serving(settings()):
            Granian(
                "publicmeeting.publicmeeting:app",
                address=settings().host,
                port=settings().port,
                interface=Interfaces.ASGI,
                workers=1,
                log_level=LogLevels.warning,
                log_dictconfig=_LOGS,
                # Open sockets do not end by themselves.
                workers_kill_timeout=3,
            ).serve(target_loader=_load)


def _load(target: str) -> Callable[..., object]:
    """Load the application in the worker, which must not hold the port without its parent."""
    # Open sockets do not end by themselves, and nobody is left who would kill it.
    _end_with_parent(signal.SIGKILL)
    parent = multiprocessing.parent_process()
    if parent and parent.pid != os.getppid():
        os._exit(1)  # it died before the call above, which reports later deaths only
    module, _, name = target.partition(":")
    application: Callable[..., object] = getattr(importlib.import_module(module), name)()
    return application


def _end_with_parent(number: signal.Signals) -> None:
    """Free the port even if the parent is killed without a chance to react (Linux).

    A fork clears this, so each process calls it for itself.
    """
    try:
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, number)
    except AttributeError:
        return


if __name__ == "__main__":
    sys.exit(without_traceback(lambda: main(alone=ALONE in sys.argv[1:])))
