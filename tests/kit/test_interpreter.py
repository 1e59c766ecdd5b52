"""A server's Python: a processor of its own, threads that take turns, rare garbage collection."""

import gc
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from publicmeeting.config import PROJECT
from publicmeeting.kit.process import interpreter
from publicmeeting.kit.process.interpreter import YOUNG, settle

THIS_THREAD = 0


class Machine:
    """A machine with some processors; `runs_on` are those of this thread."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *processors: int) -> None:
        self.runs_on = set(processors)
        monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(self.runs_on), raising=False)
        monkeypatch.setattr(os, "sched_setaffinity", self._move, raising=False)
        monkeypatch.setattr(interpreter, "_NAME", f"\0test-{os.getpid()}-{id(self)}-{{}}")
        monkeypatch.setattr(interpreter, "_all", None)
        monkeypatch.setattr(interpreter, "_CONTAINER_FILES", ())

    def _move(self, thread: int, processors: set[int]) -> None:
        assert thread == THIS_THREAD
        self.runs_on = set(processors)

    def next_server(self, monkeypatch: pytest.MonkeyPatch, *processors: int) -> None:
        """Begin another process beside those that have processors."""
        self.runs_on = set(processors)
        monkeypatch.setattr(interpreter, "_all", None)


@pytest.fixture(autouse=True)
def _released(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(interpreter, "_taken", list[socket.socket]())
    yield
    for lock in interpreter._taken:
        lock.close()


def test_two_servers_take_two_processors_and_the_third_takes_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    machine = Machine(monkeypatch, 2, 3)
    assert (interpreter.keep_to_one(), machine.runs_on) == (3, {3})
    machine.next_server(monkeypatch, 2, 3)
    assert (interpreter.keep_to_one(), machine.runs_on) == (2, {2})
    machine.next_server(monkeypatch, 2, 3)
    assert (interpreter.keep_to_one(), machine.runs_on) == (None, {2, 3})
    interpreter._taken.pop().close()
    assert interpreter.keep_to_one() == 2


def test_a_server_that_may_not_choose_its_processor_starts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    machine = Machine(monkeypatch, 0, 1)

    def refuse(*_: object) -> None:
        raise PermissionError

    with monkeypatch.context() as refusing:
        refusing.setattr(os, "sched_setaffinity", refuse)
        assert interpreter.keep_to_one() is None
        assert interpreter._taken == []
    assert interpreter.keep_to_one() == 1
    monkeypatch.setattr(os, "sched_setaffinity", refuse)
    with interpreter.on_all():
        assert machine.runs_on == {1}


def test_a_program_that_it_starts_may_use_all_processors(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = Machine(monkeypatch, 0, 1)
    with interpreter.on_all():
        assert machine.runs_on == {0, 1}
    interpreter.keep_to_one()
    with interpreter.on_all():
        assert machine.runs_on == {0, 1}
    assert machine.runs_on == {1}


def test_a_machine_with_one_processor_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = Machine(monkeypatch, 0)
    assert (interpreter.keep_to_one(), machine.runs_on) == (None, {0})


def test_a_container_is_left_to_whoever_gives_it_its_processors(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    machine = Machine(monkeypatch, 0, 1)
    monkeypatch.setattr(interpreter, "_CONTAINER_FILES", (str(tmp_path / "none"), str(tmp_path)))
    assert (interpreter.keep_to_one(), machine.runs_on) == (None, {0, 1})
    monkeypatch.setattr(interpreter, "_CONTAINER_FILES", (str(tmp_path / "none"),))
    assert interpreter.keep_to_one() == 1


def test_a_system_or_a_python_for_which_it_makes_no_sense_is_left_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    machine = Machine(monkeypatch, 0, 1)
    monkeypatch.setattr(sys, "_is_gil_enabled", lambda: False, raising=False)
    assert (interpreter.keep_to_one(), machine.runs_on) == (None, {0, 1})
    monkeypatch.setattr(sys, "_is_gil_enabled", lambda: True)
    monkeypatch.delattr(os, "sched_setaffinity")
    assert (interpreter.keep_to_one(), machine.runs_on) == (None, {0, 1})


@pytest.fixture
def _restored() -> Iterator[None]:
    before = os.sched_getscheduler(THIS_THREAD)
    yield
    os.sched_setscheduler(THIS_THREAD, before, os.sched_param(0))


@pytest.mark.usefixtures("_restored")
def test_threads_that_a_server_starts_finish_their_turn() -> None:
    assert interpreter.preempt_rarely()
    with ThreadPoolExecutor(1) as threads:
        assert threads.submit(os.sched_getscheduler, THIS_THREAD).result() == os.SCHED_BATCH


def test_a_server_that_may_not_choose_how_it_takes_turns_starts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "sched_setscheduler", refuse)
    assert not interpreter.preempt_rarely()
    monkeypatch.delattr(os, "sched_setscheduler")
    assert not interpreter.preempt_rarely()


@pytest.mark.parametrize("begins", ["cli.serve", "cli.app", "cli.prepare"])
def test_a_process_of_the_program_looks_seldom_while_it_loads(begins: str) -> None:
    asked = f"import gc, publicmeeting.{begins}; print(gc.get_threshold()[0])"
    done = subprocess.run(
        [sys.executable, "-c", asked], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    assert int(done.stdout) == YOUNG


def test_the_loaded_program_is_not_looked_at_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(interpreter, "_settled", list[bool]())
    before = gc.get_threshold()
    try:
        settle()
        assert gc.get_freeze_count() > 0
        assert gc.get_threshold() == (YOUNG, *before[1:])
    finally:
        gc.unfreeze()
        gc.set_threshold(*before)
