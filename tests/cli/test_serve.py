"""`serve` only starts what is ready, and says what is not; it builds and migrates nothing."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import types
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from queue import Queue

import pytest

from publicmeeting.cli.commands import run, serve
from publicmeeting.cli.machine import processes
from publicmeeting.cli.machine.lock import held, server_lock, wait_for_changes
from publicmeeting.cli.prepare import update
from publicmeeting.cli.stop import StopError
from publicmeeting.config import Settings, bare_environment


@pytest.fixture
def settings(tmp_path):
    environ = {"PUBLICMEETING_DATA": str(tmp_path / "data"), "PUBLICMEETING_SECRET": "ab" * 32}
    return Settings.from_environment(environ)


def test_pages_of_another_source_are_refused(settings, monkeypatch):
    monkeypatch.setattr(serve, "are_built", lambda _env: False)
    with pytest.raises(StopError, match="unpack a whole release"):
        serve.refuse_unready(settings)


def test_old_tables_and_another_key_are_refused_and_nothing_is_made(settings, monkeypatch):
    monkeypatch.setattr(serve, "are_built", lambda _env: True)
    with pytest.raises(StopError, match="run the migrate command first"):
        serve.refuse_unready(settings)
    update(settings)
    serve.refuse_unready(settings)
    other = {"PUBLICMEETING_DATA": str(settings.data_dir), "PUBLICMEETING_SECRET": "cd" * 32}
    with pytest.raises(StopError, match="not the one this database was sealed with"):
        serve.refuse_unready(Settings.from_environment(other))


def test_run_ends_at_once_if_the_database_cannot_be_prepared(settings, monkeypatch):
    """The pages take a minute."""

    @contextmanager
    def refusing(*_arguments: object) -> Iterator[subprocess.Popen[bytes]]:
        with subprocess.Popen([sys.executable, "-c", "exit(1)"]) as process:
            yield process

    monkeypatch.setattr(run, "child", refusing)
    monkeypatch.setattr(run, "build_pages", lambda _env: threading.Event().wait(20))
    begun = time.monotonic()
    with pytest.raises(StopError, match="could not be prepared"):
        run._make_ready(settings)
    assert time.monotonic() - begun < 15


def test_run_says_why_the_pages_could_not_be_built_though_the_city_is_not_there_yet(
    settings, monkeypatch
):
    """The end of the other process was taken for its failure, and nothing was said."""
    others = set(threading.enumerate())

    @contextmanager
    def filling(*_arguments: object) -> Iterator[subprocess.Popen[bytes]]:
        waits = "import signal; signal.pause()"
        with subprocess.Popen([sys.executable, "-c", waits]) as process:
            try:
                yield process
            finally:
                process.terminate()
                process.wait()
                for one in set(threading.enumerate()) - others:
                    one.join()  # whoever waits for its end

    def fails(_env: object) -> None:
        raise StopError("bun cannot be fetched")

    monkeypatch.setattr(run, "child", filling)
    monkeypatch.setattr(run, "build_pages", fails)
    with pytest.raises(StopError, match="bun cannot be fetched"):
        run._make_ready(settings)


@pytest.mark.on_postgresql
def test_a_second_run_waits_for_the_one_that_prepares_and_shows_it(settings, monkeypatch):
    shown: Queue[str] = Queue()
    monkeypatch.setattr(run, "build_pages", lambda _env: None)
    monkeypatch.setattr(
        run, "wait_for_changes", lambda settings, _show: wait_for_changes(settings, shown.put)
    )
    with ThreadPoolExecutor(1) as second:
        with held(server_lock(settings)):
            starting = second.submit(run._make_ready, settings)
            assert shown.get(timeout=60).endswith(": this start waits until it ends.")
            assert not starting.done()
        starting.result(timeout=60)
    with held(server_lock(settings), shared=True):
        run._make_ready(settings)
    assert shown.empty(), "beside a server nobody waits"


_STUBBORN = """
import signal
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("ready", flush=True)
signal.pause()
"""


def test_a_second_ctrl_c_leaves_no_process_behind(tmp_path, monkeypatch):
    """The city's composers went on for ever, with 130 MB each."""
    (tmp_path / "stubborn.py").write_text(_STUBBORN)
    output = tmp_path / "output"
    with output.open("wb") as written, ExitStack() as stack:
        arguments = ("stubborn", {"PYTHONPATH": str(tmp_path)}, written)
        process = stack.enter_context(processes.child(*arguments))
        while not output.stat().st_size:
            assert process.poll() is None
        patient = process.wait

        def interrupted(timeout: float | None = None) -> int:
            if timeout is not None:
                raise KeyboardInterrupt
            return patient()

        monkeypatch.setattr(process, "wait", interrupted)
        with pytest.raises(KeyboardInterrupt):
            stack.close()
    try:
        assert process.returncode == -signal.SIGKILL
    finally:
        process.kill()


def test_run_names_the_parts_that_are_not_well(settings, monkeypatch, capsys):
    """It said that the clock is behind, whatever was wrong."""
    found = {"database": "ok", "redis": "fault", "disk": "low", "figures": {"disk": {"free_mb": 9}}}
    monkeypatch.setattr(processes, "_health", lambda _settings: (503, json.dumps(found).encode()))
    monkeypatch.setattr(processes, "_WELL_WITHIN", 0)
    running = types.SimpleNamespace(poll=lambda: None)
    processes.wait_until_healthy(settings, running)
    printed = capsys.readouterr().out
    assert printed == f"Not well yet: redis. {settings.public_url}/health says more.\n"


def test_run_waits_for_a_database_that_takes_longer_than_the_pages(settings, monkeypatch):
    done: list[subprocess.Popen[bytes]] = []

    @contextmanager
    def slow(*_arguments: object) -> Iterator[subprocess.Popen[bytes]]:
        with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
            done.append(process)
            yield process

    def built(_env: object) -> None:
        assert done[0].stdin
        done[0].stdin.write(b"\n")
        done[0].stdin.flush()

    monkeypatch.setattr(run, "child", slow)
    monkeypatch.setattr(run, "build_pages", built)
    run._make_ready(settings)
    assert done[0].returncode == 0


_SERVER = """
import sys, types
from publicmeeting.cli import serve

async def answer(scope, receive, send):
    await receive()
    await send({"type": "lifespan.startup.complete"})
    print("ready", flush=True)
    await receive()

sys.modules["publicmeeting.publicmeeting"] = types.SimpleNamespace(app=lambda: answer)
"""
_KILLED_FIRST = """
import os, signal

end_with_parent = serve._end_with_parent

def too_late(number):
    parent = os.getppid()
    os.kill(parent, signal.SIGKILL)
    while os.getppid() == parent:
        pass
    end_with_parent(number)

serve._end_with_parent = too_late
"""
_STARTS = """
serve.main(alone=True)
"""


@contextmanager
def served(folder: Path, *script: str) -> Iterator["subprocess.Popen[bytes]"]:
    """Run a server that prints `ready` once its worker answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    chosen = {"PUBLICMEETING_DATA": str(folder), "PUBLICMEETING_PORT": port}
    with subprocess.Popen(
        [sys.executable, "-c", "".join(script)],
        env=bare_environment(chosen),
        stdout=subprocess.PIPE,
        start_new_session=True,
    ) as server:
        try:
            yield server
        finally:
            with suppress(ProcessLookupError):
                os.killpg(server.pid, signal.SIGKILL)


def test_no_worker_holds_the_port_after_its_parent_was_killed(socket_enabled, tmp_path):
    """The next start would be refused, because the port is taken."""
    with served(tmp_path, _SERVER, _STARTS) as server:
        assert server.stdout
        assert server.stdout.readline() == b"ready\n"
        server.kill()
        # The pipe ends with the last process that could write to it.
        assert server.communicate(timeout=20) == (b"", None)


def test_a_worker_whose_parent_died_before_it_asked_for_the_signal_leaves(socket_enabled, tmp_path):
    """The kernel sends the signal only for a parent that dies after the worker has asked."""
    with served(tmp_path, _SERVER, _KILLED_FIRST, _STARTS) as server:
        assert server.stdout
        assert server.stdout.readline() == b""
