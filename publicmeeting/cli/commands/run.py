"""`run`: starts the whole service with one command, and stops it with Ctrl-C."""

import argparse
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

from publicmeeting.cli.commands.build import build_pages
from publicmeeting.cli.machine.environment import server_environment
from publicmeeting.cli.machine.lock import held, server_lock, wait_for_changes
from publicmeeting.cli.machine.processes import child, refuse_taken_port, wait_until_healthy
from publicmeeting.cli.opening import ADOPT, add_adopt
from publicmeeting.cli.stop import StopError
from publicmeeting.config import Settings, child_environment

if TYPE_CHECKING:
    import subprocess


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("run", help="start the service")
    parser.add_argument("--port", type=int, help="default 3000")
    parser.add_argument("--host", help="default 127.0.0.1: this machine only")
    add_adopt(parser)
    parser.set_defaults(perform=_perform)


def _perform(arguments: argparse.Namespace) -> None:
    wanted = {"PUBLICMEETING_PORT": arguments.port, "PUBLICMEETING_HOST": arguments.host}
    changes = {name: str(value) for name, value in wanted.items() if value is not None}
    settings = Settings.from_environment(child_environment(changes))
    refuse_taken_port(settings.host, settings.port)
    _make_ready(settings, *([ADOPT] if arguments.adopt else []))
    with child("publicmeeting.cli.serve", server_environment(settings)) as server:
        # Computed while the server starts, because it takes as long.
        sign_ins = _sign_ins(settings)
        wait_until_healthy(settings, server)
        print(f"\nReady: {settings.public_url}   (Ctrl-C stops it)")
        print("\n".join(sign_ins), flush=True)
        try:
            server.wait()
        except KeyboardInterrupt:
            print("\nStopping.", flush=True)
            return
    raise StopError("The server has ended by itself; its last words stand above.")


def _make_ready(settings: Settings, *arguments: str) -> None:
    """Prepare database and pages in parallel.

    A second server of the same data folder finds the lock taken, and the data ready once it may
    share the lock.
    """
    with held(server_lock(settings), wait=False) as first:
        if not first:
            build_pages(settings.env)
            wait_for_changes(settings, partial(print, flush=True))
            return
        environment = server_environment(settings)
        with (
            child("publicmeeting.cli.prepare", environment, None, *arguments) as preparing,
            _no_longer_than(preparing),
        ):
            build_pages(settings.env)


@contextmanager
def _no_longer_than(preparing: "subprocess.Popen[bytes]") -> Iterator[None]:
    """Wait for both this block and a process; StopError as soon as the process fails.

    Without it somebody with a wrong key would wait a minute for the pages before `run` ends. If the
    block fails first, its reason is the one that counts, and the process is ended.
    """
    has_failed = threading.Event()
    main = threading.main_thread().ident
    assert main is not None

    def watch() -> None:
        if preparing.wait() and not has_failed.is_set():
            signal.pthread_kill(main, signal.SIGINT)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield
        watcher.join()
    except KeyboardInterrupt:
        if preparing.poll() is None:
            raise  # somebody has pressed Ctrl-C
        raise StopError("The database could not be prepared; the reason stands above.") from None
    except BaseException:
        has_failed.set()
        raise


def _sign_ins(settings: Settings) -> list[str]:
    """Return the lines about signing in to the demo; none for a real city."""
    if not settings.is_demo:
        return []
    from publicmeeting.seeder.fill import sign_ins

    return ["", "Sign-ins of the demo city:", *(f"  {line}" for line in sign_ins())]
