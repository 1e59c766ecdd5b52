"""The launcher: its messages, and when it makes `.venv` again."""

import errno
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from publicmeeting import __main__ as launcher
from publicmeeting.config import PROJECT


def refusal(call, *arguments):
    with pytest.raises(launcher.CannotStartError) as reason:
        call(*arguments)
    return str(reason.value)


@pytest.fixture
def fresh(tmp_path):
    """A copy of the launcher in an empty project folder; it works in the folder where it lies."""
    copy = tmp_path / "publicmeeting" / "__main__.py"
    copy.parent.mkdir()
    copy.write_bytes(Path(launcher.__file__).read_bytes())
    spec = importlib.util.spec_from_file_location("fresh_launcher", copy)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("version", [(3, 6), (3, 10), (2, 7)])
def test_an_old_python_is_told_which_one_is_needed(version):
    sentence = refusal(launcher.refuse_old_python, version)
    assert f"Python {version[0]}.{version[1]}," in sentence
    assert "3.11 or newer" in sentence


@pytest.mark.parametrize("version", [(3, 11), (3, 13), (3, 14)])
def test_a_new_python_is_accepted(version):
    launcher.refuse_old_python(version)


def test_the_key_changes_with_the_pins_and_with_the_python(tmp_path, monkeypatch):
    pins = tmp_path / "requirements.txt"
    pins.write_text("reflex==0.10.1\n")
    key = launcher.key_of(pins)
    assert launcher.key_of(pins) == key
    pins.write_text("reflex==0.10.2\n")
    other_pins = launcher.key_of(pins)
    pins.write_text("reflex==0.10.1\n")
    monkeypatch.setattr(sys, "version_info", (3, 99, 0))
    assert len({key, other_pins, launcher.key_of(pins)}) == 3


@pytest.mark.parametrize(
    ("output", "sentence"),
    [
        (
            "WARNING: Retrying, NewConnectionError()\nERROR: No matching distribution found",
            launcher.NO_NETWORK,
        ),
        (
            "SSLError([SSL: CERTIFICATE_VERIFY_FAILED])\nERROR: No matching distribution found",
            launcher.NOT_TRUSTED,
        ),
        ("ERROR: No matching distribution found for reflex==0.10.1", launcher.NOT_IN_INDEX),
        ("OSError: [Errno 28] No space left on device", launcher.DISK_FULL),
        ("[Errno 13] Permission denied: 'x'", launcher.NOT_WRITABLE),
    ],
)
def test_the_output_of_pip_becomes_one_sentence(output, sentence):
    assert launcher.why_it_failed(output) == sentence


def test_an_unknown_failure_shows_the_last_line_and_the_log():
    sentence = launcher.why_it_failed("much\nERROR: odd wheel\n\n")
    assert "(ERROR: odd wheel)" in sentence
    assert str(launcher.LOG) in sentence


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        (errno.EROFS, launcher.NOT_WRITABLE),
        (errno.EACCES, launcher.NOT_WRITABLE),
        (errno.ENOSPC, launcher.DISK_FULL),
    ],
)
def test_an_error_of_the_disk_becomes_one_sentence(number, sentence):
    assert launcher.sentence_for(OSError(number, "as the system says it")) == sentence


def test_too_little_room_is_refused_before_anything_is_loaded():
    sentence = refusal(launcher.refuse_full_disk, 10**9)
    assert "1000000000 MB are needed" in sentence
    launcher.refuse_full_disk(0)


def test_a_venv_somebody_else_made_is_left_alone(fresh):
    fresh.VENV.mkdir()
    (fresh.VENV / "pyvenv.cfg").write_text("home = elsewhere\n")
    with pytest.raises(fresh.CannotStartError, match="was not made by this program"):
        fresh.make_venv()
    assert (fresh.VENV / "pyvenv.cfg").exists()


def test_a_venv_that_another_folder_lends_is_never_emptied(fresh, tmp_path, monkeypatch):
    lent = tmp_path / "lent"
    lent.mkdir()
    (lent / "publicmeeting.txt").write_text("outdated")
    (lent / "bin").mkdir()
    fresh.VENV.symlink_to(lent)
    monkeypatch.setattr(sys, "_base_executable", "/bin/false")
    with pytest.raises(fresh.CannotStartError, match="another folder"):
        fresh.make_venv()
    assert (lent / "bin").is_dir()


def test_an_outdated_venv_is_emptied_and_distrusted_before_it_is_made_again(fresh, monkeypatch):
    (fresh.VENV / "lib" / "old").mkdir(parents=True)
    fresh.write(fresh.MARKER, "another key")
    monkeypatch.setattr(sys, "_base_executable", "/bin/false")
    with pytest.raises(fresh.CannotStartError):
        fresh.make_venv()
    assert fresh.read(fresh.MARKER) == fresh.UNFINISHED
    assert {path.name for path in fresh.VENV.iterdir()} == {"publicmeeting.txt", "install.log"}


def test_whoever_waits_for_an_old_venv_to_be_removed_reads_why(fresh, monkeypatch, capsys):
    """The removal takes half a minute on a slow disk."""
    (fresh.VENV / "lib").mkdir(parents=True)
    fresh.write(fresh.MARKER, "another key")

    def removed(_path):
        raise KeyboardInterrupt

    monkeypatch.setattr(fresh.shutil, "rmtree", removed)
    with pytest.raises(KeyboardInterrupt):
        fresh.make_venv()
    assert "Making .venv" in capsys.readouterr().out


def test_a_failed_step_keeps_its_whole_output(fresh):
    fresh.VENV.mkdir()
    command = [sys.executable, "-c", "print('first'); print('ERROR: odd wheel'); exit(2)"]
    with pytest.raises(fresh.CannotStartError, match="odd wheel"):
        fresh.perform(command)
    assert fresh.LOG.read_text().splitlines() == ["first", "ERROR: odd wheel"]


def test_an_interrupt_leaves_no_installation_that_writes_on(fresh, monkeypatch):
    """pip catches the signal and takes a while; the next start empties its folder."""
    fresh.VENV.mkdir()
    started = []
    real = subprocess.Popen

    def noted(*arguments, **options):
        started.append(real(*arguments, **options))
        return started[-1]

    def interrupted(*_arguments, **_options):
        raise KeyboardInterrupt

    monkeypatch.setattr(fresh.subprocess, "Popen", noted)
    monkeypatch.setattr(fresh, "print", interrupted, raising=False)
    deaf = (
        "import signal, time; signal.signal(signal.SIGINT, signal.SIG_IGN); "
        "print('Installing collected', flush=True); time.sleep(60)"
    )
    with pytest.raises(KeyboardInterrupt):
        fresh.perform([sys.executable, "-c", deaf])
    (process,) = started
    try:
        assert process.poll() is not None
    finally:
        process.kill()
        process.wait()


def test_the_launcher_holds_ctrl_c_back_until_the_command_catches_it(fresh, monkeypatch):
    found = []
    monkeypatch.chdir(fresh.ROOT)
    monkeypatch.setattr(fresh, "ready_python", lambda **_: sys.executable)
    monkeypatch.setattr(
        fresh.os, "execv", lambda *_: found.append(signal.pthread_sigmask(signal.SIG_BLOCK, ()))
    )
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ())
    try:
        fresh.main(["run"])
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
    assert signal.SIGINT in found[0]


def test_ctrl_c_before_the_launcher_is_loaded_shows_no_traceback(fresh):
    impatient = "import os, signal\nos.kill(os.getpid(), signal.SIGINT)\n"
    (fresh.ROOT / "hashlib.py").write_text(impatient)
    ran = subprocess.run(
        [sys.executable, "-m", "publicmeeting"],
        cwd=fresh.ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stdout, ran.stderr) == (-signal.SIGINT, "", "")


@pytest.mark.parametrize(("words", "code"), [([], 2), (["--help"], 0), (["-h"], 0)])
def test_whoever_only_asks_waits_for_no_packages(fresh, words, code, capsys):
    assert fresh.main(words) == code
    assert "publicmeeting run" in capsys.readouterr().out
    assert not fresh.VENV.exists()


def checks_with(python, folder):
    """Run a copy of `.ci/run` with this value of `PYTHON`, without its project."""
    run = folder / ".ci" / "run"
    run.parent.mkdir()
    shutil.copy(PROJECT / ".ci" / "run", run)
    return subprocess.run(
        [run, "--fast"],
        env={"PATH": os.environ["PATH"], "PYTHON": str(python)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_all_checks_run_with_the_python_that_the_variable_names(tmp_path):
    python = tmp_path / "chosen"
    python.write_text('#!/bin/sh\n[ "$1" = -c ] || echo "$0 $*"\n')
    python.chmod(0o755)
    done = checks_with(python, tmp_path)
    assert done.stdout == f"{python} -m publicmeeting test --fast\n"


def test_a_python_that_cannot_be_used_is_named_and_no_other_one_runs(tmp_path):
    done = checks_with("no-such-python", tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert "no-such-python cannot be used" in done.stderr
