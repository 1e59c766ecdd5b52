"""Tune Python in a server: the processor of its threads, their turns, and the garbage collector.

Python runs one thread at a time. Threads on several processors hand the interpreter's lock to each
other across them, which costs a busy server a quarter of its processor time. On one processor of
its own it costs nothing, and other programs have the others.

Frequent collections of cycles cost more than they free.
"""

import gc
import multiprocessing
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_NAME = "\0publicmeeting-core-{}"
"""Name of an abstract socket of Linux. Whoever has bound it has the processor, until it ends."""

_CONTAINER_FILES = (
    "/.dockerenv",
    "/run/.containerenv",
    "/run/host/container-manager",
    "/run/secrets/kubernetes.io",
)
"""What Docker, Podman, systemd-nspawn and Kubernetes put into their containers."""

_all: set[int] | None = None
"""All processors that this process may use, if it keeps to one of them."""
_taken: list[socket.socket] = []


def keep_to_one() -> int | None:
    """Run the threads that this process starts from now on on one processor, and return which.

    None, and all processors, if there is only one, if other servers have taken all of them, if the
    system cannot or may not do this, or if Python has no such lock. None too in a container: it
    does not see which processors the servers of other containers have taken.
    """
    global _all  # noqa: PLW0603  (a property of the process)
    has_lock = getattr(sys, "_is_gil_enabled", lambda: True)()
    forks = multiprocessing.get_start_method() == "fork"  # or the worker would not know `_all`
    if not hasattr(os, "sched_setaffinity") or not (has_lock and forks) or _is_container():
        return None
    usable = os.sched_getaffinity(0)
    for core in sorted(usable, reverse=True) if len(usable) > 1 else ():
        lock = socket.socket(socket.AF_UNIX)
        try:
            lock.bind(_NAME.format(core))
            os.sched_setaffinity(0, {core})
        except OSError:
            lock.close()
            continue
        _taken.append(lock)
        _all = usable
        return core
    return None


def preempt_rarely() -> bool:
    """Let the running thread finish its turn although another wakes up; return whether it does.

    For the threads that this process starts from now on. The loop and the threads of the database
    wake each other a hundred times a filing, and mostly for a lock that the running one still has.
    Programs of other users get their share as before.
    """
    try:
        os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))
    except (AttributeError, OSError):  # not Linux, or not allowed
        return False
    return True


def _is_container() -> bool:
    return any(Path(each).exists() for each in _CONTAINER_FILES)


@contextmanager
def on_all() -> Iterator[None]:
    """Let this thread, and programs that it starts, run on all processors meanwhile.

    If somebody has taken processors away from this process since, it stays where it is.
    """
    if _all is None:
        yield
        return
    before = os.sched_getaffinity(0)
    with suppress(OSError):
        os.sched_setaffinity(0, _all)
    try:
        yield
    finally:
        with suppress(OSError):
            os.sched_setaffinity(0, before)


YOUNG = 20_000
"""New objects between two collections; one page event makes more than Python's default of 700."""


def collect_seldom() -> None:
    """Collect young objects less often.

    Call it as early as possible, because loading the program triggers 340 useless collections.
    """
    gc.set_threshold(YOUNG, *gc.get_threshold()[1:])


_settled: list[bool] = []
"""Not empty once this process has settled."""


def settle() -> None:
    """Exempt the loaded program from collection; call once after loading.

    Otherwise every full collection also traverses the program and its libraries. With a hundred
    pages opening at once, that took a fifth of the time.
    """
    gc.collect()
    gc.freeze()
    collect_seldom()
    _settled.append(True)


def settle_more() -> None:
    """Exempt further permanent data, after something large has been loaded for good.

    Does nothing in a process that has not settled. All objects in use at this instant count as
    permanent, so this must not be called often.
    """
    if _settled:
        gc.collect()
        gc.freeze()
