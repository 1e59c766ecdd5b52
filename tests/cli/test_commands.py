"""Commands refuse wrong input in one sentence."""

import errno
import importlib
import io
import os
import pkgutil
import re
import signal
import socket
import subprocess
import sys
import threading
from contextlib import ExitStack

import pytest
from support.each import for_each
from support.gateway import TEXTS

from publicmeeting.cli import commands as folder
from publicmeeting.cli.app import commands, main
from publicmeeting.cli.commands.seed import refuse_outside_demo
from publicmeeting.cli.machine.debian import find_chromium, find_headless
from publicmeeting.cli.machine.lock import held, no_server, server_lock
from publicmeeting.cli.machine.processes import only_server, refuse_taken_port
from publicmeeting.cli.prepare import update
from publicmeeting.cli.stop import (
    StopError,
    line_from_stdin,
    open_closed_streams,
    sentence_for,
    without_traceback,
)
from publicmeeting.config import PROJECT, Settings, bare_environment

COMMANDS = [
    module.name
    for module in pkgutil.iter_modules(folder.__path__)
    if hasattr(importlib.import_module(f"{folder.__name__}.{module.name}"), "register")
]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command, capsys):
    with pytest.raises(SystemExit) as end:
        commands().parse_args([command, "--help"])
    assert end.value.code == 0
    assert f"publicmeeting {command}" in capsys.readouterr().out


def test_a_command_whose_reader_has_gone_ends_without_a_traceback():
    with subprocess.Popen(
        [sys.executable, "-m", "publicmeeting.cli.app", "lifecycle"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as command:
        assert command.stdout
        assert command.stderr
        command.stdout.close()
        assert command.stderr.read() == ""
    assert command.returncode == 128 + signal.SIGPIPE


def test_an_interrupt_while_a_command_is_loaded_ends_it_without_a_traceback():
    """The launcher holds Ctrl-C back until the command line catches it."""

    def pressed():
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        os.kill(os.getpid(), signal.SIGINT)

    done = subprocess.run(
        [sys.executable, "-m", "publicmeeting.cli.app", "lifecycle"],
        cwd=PROJECT,
        preexec_fn=pressed,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")


def test_a_command_that_is_complete_has_succeeded_without_a_reader():
    """Only the last flush fails, as after `admin password … | true`."""
    reader, writer = os.pipe()
    os.close(reader)
    perform = "exit(without_traceback(lambda: print('done')))"
    ran = subprocess.run(
        [sys.executable, "-c", f"from publicmeeting.cli.stop import without_traceback; {perform}"],
        env={**os.environ, "PYTHONUNBUFFERED": ""},
        stdout=writer,
        stderr=subprocess.PIPE,
        check=False,
    )
    os.close(writer)
    assert (ran.returncode, ran.stderr) == (0, b"")


@for_each(COMMANDS)
def test_the_table_of_the_docs_tells_of_every_command(command):
    table = (PROJECT / "docs" / "commands.md").read_text(encoding="utf-8")
    assert re.search(rf"^\| `{command}[ `]", table, re.MULTILINE)


@pytest.mark.parametrize("word", ["fly", "accounts_file", "--fly"])
def test_an_unknown_command_is_an_error_of_use(word, capsys):
    """`accounts_file` is a module of ours, but no command."""
    with pytest.raises(SystemExit) as end:
        main([word])
    assert end.value.code == 2
    assert "usage: python3 -m publicmeeting" in capsys.readouterr().err


def test_a_free_port_is_taken_and_a_taken_one_refused(socket_enabled):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        port = other.getsockname()[1]
        other.listen()
        with pytest.raises(StopError, match=f"--port {port + 1}"):
            refuse_taken_port("127.0.0.1", port)
    refuse_taken_port("127.0.0.1", port)


def test_a_port_that_becomes_free_is_not_refused(socket_enabled):
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        port = listening.getsockname()[1]
        freed = threading.Timer(0.2, listening.close)
        freed.start()
        refuse_taken_port("127.0.0.1", port, patience=30)
        freed.join()


def test_a_start_waits_until_the_worker_of_a_killed_server_has_left(
    socket_enabled, tmp_path, monkeypatch
):
    """The worker holds the lock with its server; whoever starts it again at once was refused."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    chosen = {"PUBLICMEETING_DATA": str(tmp_path), "PUBLICMEETING_PORT": port}
    settings = Settings.from_environment(chosen)
    with ExitStack() as worker:
        worker.enter_context(only_server(settings, patience=0))
        monkeypatch.setattr("time.sleep", lambda _seconds: worker.close())
        with only_server(settings, patience=60):
            pass


@pytest.mark.parametrize("is_listening", [True, False], ids=["listening", "about to listen"])
def test_a_server_beside_a_taken_port_ends_with_a_sentence(
    socket_enabled, tmp_path, *, is_listening
):
    """It would run without a port and without a word, as if it served; two that look before either
    listens would each answer half of the people."""
    with ExitStack() as other:
        listening = other.enter_context(socket.socket())
        listening.bind(("127.0.0.1", 0))
        port = str(listening.getsockname()[1])
        chosen = {"PUBLICMEETING_DATA": str(tmp_path), "PUBLICMEETING_PORT": port}
        if is_listening:
            listening.listen()
        else:
            listening.close()
            other.enter_context(only_server(Settings.from_environment(chosen), patience=0))
        ended = subprocess.run(
            [sys.executable, "-m", "publicmeeting.cli.serve", "--alone"],
            env=bare_environment(chosen),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert ended.returncode == 1
    assert ended.stderr.startswith(f"Port {port} is in use")


@pytest.mark.parametrize("port", [0, -1, 65536])
def test_a_port_that_cannot_be_is_refused(port):
    with pytest.raises(StopError, match="There is no port"):
        refuse_taken_port("127.0.0.1", port)


def test_an_address_of_another_machine_is_refused(socket_enabled):
    with pytest.raises(StopError, match="not an address of this machine"):
        refuse_taken_port("203.0.113.7", 3000)


@pytest.fixture
def settings(tmp_path):
    return Settings.from_environment({"PUBLICMEETING_DATA": str(tmp_path / "data")})


def test_data_is_not_changed_as_a_whole_while_a_server_uses_it(settings):
    with (
        held(server_lock(settings), shared=True),
        pytest.raises(StopError, match="stop it before migrating"),
        no_server(settings, "migrating"),
    ):
        pytest.fail("a server is running")
    with no_server(settings, "migrating"):
        pass


def test_of_two_commands_at_once_the_second_reads_of_the_first_and_of_no_server(settings):
    with (
        no_server(settings, "migrating"),
        pytest.raises(StopError, match="Another command is changing"),
        no_server(settings, "migrating"),
    ):
        pytest.fail("another command is at it")


def test_several_servers_share_one_data_folder(settings):
    with (
        held(server_lock(settings), shared=True),
        held(server_lock(settings), shared=True, wait=False) as second,
    ):
        assert second


def test_the_pretend_city_stays_out_of_a_real_one(settings):
    refuse_outside_demo(settings)
    with pytest.raises(StopError, match="production"):
        refuse_outside_demo(
            Settings.from_environment(
                {
                    "PUBLICMEETING_ENV": "production",
                    "PUBLICMEETING_SECRET": "5a" * 32,
                    "PUBLICMEETING_URL": "https://meeting.example",
                    "DATABASE_URL": "postgresql://city@db/meeting",
                    **TEXTS,
                }
            )
        )


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.EROFS, "cannot be written"),
        (errno.EACCES, "cannot be written"),
        (errno.ENOSPC, "full"),
        (errno.EEXIST, "is no folder"),
        (errno.ENOTDIR, "is no folder"),
        (errno.ENAMETOOLONG, "is no folder"),
    ],
)
def test_an_error_of_the_disk_is_one_sentence(number, words):
    assert words in sentence_for(OSError(number, "as the system says it", "data"))


@pytest.mark.parametrize("where", ["/proc/publicmeeting", "/proc/1/publicmeeting/data"])
def test_a_data_folder_where_the_kernel_makes_none_is_one_sentence(where, capsys):
    """Below `/proc` the system reports a missing file instead of a refusal."""
    chosen = Settings.from_environment(
        {"PUBLICMEETING_DATA": where, "PUBLICMEETING_SECRET": "5a" * 32}
    )
    assert without_traceback(lambda: update(chosen)) == 1
    assert "cannot be written: make it writable, or set PUBL" in capsys.readouterr().err
    with pytest.raises(OSError, match=where), no_server(chosen, "migrating"):
        pass


@pytest.mark.parametrize(
    "words",
    [
        ["draw", "sample", "--out", "nowhere/draw.json"],
        ["draw", "simulate", "--svg", "nowhere/draw.svg"],
        ["release", "nowhere/publicmeeting-1.tar.gz"],
        ["seed", "--large", "-5"],
        ["seed", "--large", "0"],
    ],
    ids=" ".join,
)
def test_what_cannot_be_is_an_error_of_use_before_the_work_begins(words, capsys, tmp_path):
    words = [str(tmp_path / word) if "nowhere" in word else word for word in words]
    with pytest.raises(SystemExit) as end:
        main(words)
    assert end.value.code == 2
    refusal = capsys.readouterr().err
    assert "there is no folder" in refusal or "no number of requests" in refusal


def test_a_command_without_standard_streams_ends_as_usual(monkeypatch):
    """As a supervisor that closes all of them starts it."""
    shell = ["sh", "-c", 'exec "$@" <&- >&-', "sh"]
    program = [sys.executable, "-m", "publicmeeting.cli.app", "lifecycle"]
    done = subprocess.run([*shell, *program], cwd=PROJECT, check=False, capture_output=True)
    assert (done.returncode, done.stderr) == (0, b"")
    monkeypatch.setattr("sys.stdin", None)
    open_closed_streams()
    with sys.stdin:
        assert line_from_stdin() == ""


def test_words_that_are_no_text_are_an_error_of_use(capsys):
    """As a terminal of another encoding sends them; no row and no security event takes them."""
    assert main(["admin", "dismiss", "--username", "desk\udcff"]) == 2
    assert "is not UTF-8 text" in capsys.readouterr().err


@pytest.mark.parametrize("errors", ["strict", "surrogateescape"])
def test_a_password_that_is_no_text_is_refused_in_one_sentence(monkeypatch, errors):
    """Whether Python reads the line by the locale of a person or of a timer."""
    line = io.TextIOWrapper(io.BytesIO(b"\xff three words\n"), "utf-8", errors)
    monkeypatch.setattr("sys.stdin", line)
    with pytest.raises(StopError, match="not UTF-8"):
        line_from_stdin()


def test_other_errors_of_the_system_stay_what_they_are():
    assert sentence_for(OSError(errno.EBADF, "bad descriptor")) is None


def test_tests_depend_on_no_setting_of_the_person_who_runs_them(monkeypatch):
    monkeypatch.setenv("PUBLICMEETING_ENV", "production")
    monkeypatch.setenv("DATABASE_URL", "postgresql://city@db/meeting")
    monkeypatch.setenv("LANG", "C.UTF-8")
    environment = bare_environment({"PUBLICMEETING_DATA": "elsewhere"})
    assert environment["PUBLICMEETING_DATA"] == "elsewhere"
    assert environment["LANG"] == "C.UTF-8"
    assert environment.keys().isdisjoint({"PUBLICMEETING_ENV", "DATABASE_URL"})


@pytest.mark.parametrize(
    ("installed", "found", "headless"),
    [
        ({"google-chrome"}, "google-chrome", "google-chrome"),
        ({"chromium", "google-chrome"}, "chromium", "chromium"),
        ({"chromium", "chromium-headless-shell"}, "chromium", "chromium-headless-shell"),
        (set(), None, None),
    ],
)
def test_a_browser_of_the_machine_is_found(installed, found, headless):
    def which(name):
        return name if name in installed else None

    assert find_chromium(which) == found
    assert find_headless(which) == headless


def test_the_commands_start_without_loading_the_service():
    """So a wrong port is reported at once."""
    heavy = "{'reflex', 'sqlalchemy', 'PIL', 'granian'} & sys.modules.keys()"
    script = (
        f"import sys; from publicmeeting.cli.app import commands; commands('run'); print({heavy})"
    )
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


@pytest.mark.parametrize(
    ("words", "like"),
    [
        (["storage", "restore", "--day"], "2026-11-30"),
    ],
)
@pytest.mark.parametrize("typed", ["yesterday", "2026", "30/11/2026 08:00"])
def test_a_time_that_is_none_is_refused_with_one_that_is(
    words: list[str], like: str, typed: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        commands(words[0]).parse_args([*words, typed])
    assert f"{typed!r} is no " in (error := capsys.readouterr().err)
    assert error.rstrip().endswith(f"like {like}")
