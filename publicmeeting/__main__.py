"""Launcher for a fresh machine: makes `.venv`, installs the pinned packages, starts `cli`.

Standard library only, and in a syntax Python 3.6 can read, so that an older Python still gets
the one sentence that helps. `PUBLICMEETING_VENV=off` uses the running Python as it is.
"""

import signal

# Until `main` catches it, Ctrl-C ends this process without a traceback of these imports.
if __name__ == "__main__" and signal.getsignal(signal.SIGINT) is signal.default_int_handler:
    signal.signal(signal.SIGINT, signal.SIG_DFL)

import errno
import hashlib
import importlib.util
import os
import platform
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
# Written last, in one step: a folder with another content of it is made again.
MARKER = VENV / "publicmeeting.txt"
TESTS_MARKER = VENV / "publicmeeting-tests.txt"
UNFINISHED = "unfinished"
LOG = VENV / "install.log"

# Measured: packages 270 MB, the build's tools and cache 350 MB, packages of the tests 370 MB.
DISK_MB = 700
DISK_MB_FOR_TESTS = 400

NOT_WRITABLE = (
    f"The folder {ROOT} cannot be written: copy the project to a folder of your own "
    "and start it there."
)
DISK_FULL = f"The disk that holds {ROOT} is full: make room and start again."
NO_NETWORK = (
    "The package index cannot be reached: connect this machine to the network, "
    "or name a mirror in PIP_INDEX_URL, and start again."
)
NOT_TRUSTED = (
    "The certificate of the package index is refused: put this machine's clock right, "
    "or name your network's own certificate in PIP_CERT, and start again."
)
NOT_IN_INDEX = (
    "The package index lacks a pinned package for this Python: use Python 3.11 to 3.13, "
    "or name a complete index in PIP_INDEX_URL."
)
# In this order: pip also says "No matching distribution" when it could reach nobody, and
# "SSLError" of a certificate.
REASONS = (
    (("No space left on device", "Disk quota exceeded"), DISK_FULL),
    (("Read-only file system", "Permission denied"), NOT_WRITABLE),
    (("CERTIFICATE_VERIFY_FAILED",), NOT_TRUSTED),
    (
        (
            "NewConnectionError",
            "NameResolutionError",
            "name resolution",
            "Network is unreachable",
            "Connection refused",
            "timed out",
            "ProxyError",
            "SSLError",
        ),
        NO_NETWORK,
    ),
    (("No matching distribution found", "Could not find a version"), NOT_IN_INDEX),
)


BARE = (
    "python3 -m publicmeeting run    shows the service with a demo city",
    "python3 -m publicmeeting test   checks everything",
    "The first start installs the packages it needs into .venv. docs/commands.md has all commands.",
)


class CannotStartError(Exception):
    """One sentence: what is in the way and what to do."""


def main(argv: "list[str]") -> int:
    """Make this machine ready and become the command line; returns only when it cannot."""
    try:
        if signal.getsignal(signal.SIGINT) is signal.SIG_DFL:
            signal.signal(signal.SIGINT, signal.default_int_handler)
        refuse_old_python(sys.version_info[:2])
        if not argv or (argv[0] in ("-h", "--help") and not MARKER.exists()):
            print("\n".join(BARE))  # whoever only asks does not wait for packages
            return 0 if argv else 2
        os.chdir(str(ROOT))
        python = ready_python(with_tests=argv[:1] == ["test"])
        # Until the command line is loaded, which can take a second, Ctrl-C waits for it.
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        os.execv(python, [python, "-m", "publicmeeting.cli.app", *argv])
    except CannotStartError as reason:
        print(reason, file=sys.stderr)
    except OSError as error:
        print(sentence_for(error), file=sys.stderr)
    except KeyboardInterrupt:
        print("\nStopped; the next start begins this part again.", file=sys.stderr)
        return 130
    return 1


def refuse_old_python(version: "tuple[int, ...]") -> None:
    if version < (3, 11):
        raise CannotStartError(
            f"This is Python {version[0]}.{version[1]}, but Python 3.11 or newer is needed: "
            "install one and start with it, for example python3.13 -m publicmeeting run."
        )


def ready_python(*, with_tests: bool) -> str:
    """Return the Python to go on with, its packages installed as pinned."""
    if os.environ.get("PUBLICMEETING_VENV") == "off":
        refuse_bare_python()
        return sys.executable
    pins = ROOT / "requirements.txt"
    test_pins = ROOT / "tests" / "requirements.txt"
    with only_one_at_a_time():
        if read(MARKER) != key_of(pins) or not PYTHON.exists():
            refuse_full_disk(DISK_MB)
            make_venv()
            install(pins)
            write(MARKER, key_of(pins))
        if with_tests and read(TESTS_MARKER) != key_of(pins, test_pins):
            refuse_full_disk(DISK_MB_FOR_TESTS)
            install(test_pins)
            write(TESTS_MARKER, key_of(pins, test_pins))
    return str(PYTHON)


def refuse_bare_python() -> None:
    if importlib.util.find_spec("reflex") is None:
        raise CannotStartError(
            "PUBLICMEETING_VENV is off and this Python lacks the packages: "
            "install them with pip install -r requirements.txt, or unset the variable."
        )


def key_of(*requirements: Path) -> str:
    """Name this Python and these pins; another key means another `.venv`."""
    digest = hashlib.sha256()
    for part in (platform.python_implementation(), platform.machine(), str(sys.version_info[:2])):
        digest.update(part.encode() + b"\n")
    for path in requirements:
        digest.update(path.read_bytes())
    return digest.hexdigest()


def read(path: Path) -> str:
    return path.read_text() if path.exists() else ""


def write(path: Path, content: str) -> None:
    draft = path.with_suffix(".draft")
    draft.write_text(content)
    draft.replace(path)


@contextmanager
def only_one_at_a_time() -> "Iterator[None]":
    """Let the second of two starts in one folder wait until the first has its packages."""
    folder = os.open(str(ROOT), os.O_RDONLY)
    try:
        import fcntl  # noqa: PLC0415 (absent on Windows, where nobody waits)

        fcntl.flock(folder, fcntl.LOCK_EX)
    except ImportError:
        pass
    try:
        yield
    finally:
        os.close(folder)


def refuse_full_disk(needed_mb: int) -> None:
    free_mb = shutil.disk_usage(str(ROOT)).free // 1000**2
    if free_mb < needed_mb:
        raise CannotStartError(
            f"Only {free_mb} MB are free in {ROOT}, but about {needed_mb} MB are needed: "
            "make room and start again."
        )


def make_venv() -> None:
    """Make an empty `.venv`; an unfinished or outdated one of ours is emptied first."""
    refuse_python_without_venv()
    if VENV.is_symlink():
        raise CannotStartError(
            f"{VENV} leads to another folder and does not fit these pins: remove the link."
        )
    if VENV.exists() and any(VENV.iterdir()) and not MARKER.exists():
        raise CannotStartError(
            f"{VENV} was not made by this program: move it away, "
            "or set PUBLICMEETING_VENV=off to use the Python you are running."
        )
    print(f"Making .venv with Python {sys.version_info[0]}.{sys.version_info[1]}", flush=True)
    VENV.mkdir(exist_ok=True)
    # The marker changes first: whatever interrupts the removal, nobody trusts the rest.
    write(MARKER, UNFINISHED)
    for path in VENV.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(str(path))
        elif path != MARKER:
            path.unlink()
    # Started from inside an outdated .venv, that one's Python is gone by now.
    base = getattr(sys, "_base_executable", None) or sys.executable
    perform([base, "-m", "venv", str(VENV)])


def refuse_python_without_venv() -> None:
    if importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip"):
        return
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    raise CannotStartError(
        f"This Python {version} cannot make a virtual environment: "
        f"install its venv package first (Debian, Ubuntu: apt install python{version}-venv)."
    )


def install(requirements: Path) -> None:
    """Install pinned packages into `.venv`, and print the progress."""
    begun = time.monotonic()
    total = requirements.read_text().count("==")
    print(f"Installing the packages pinned in {requirements.relative_to(ROOT)}", flush=True)
    pip = [str(PYTHON), "-m", "pip", "install", "--no-input", "--progress-bar", "off"]
    perform([*pip, "-r", str(requirements)], total)
    print(f"  installed in {time.monotonic() - begun:.0f} s", flush=True)


def perform(command: "list[str]", packages: int = 0) -> None:
    """Run venv or pip to its end, showing each tenth of the packages it collects.

    Raises `CannotStartError` when it fails; the whole output then lies in the log.
    """
    environment = dict(os.environ, PIP_DISABLE_PIP_VERSION_CHECK="1", PIP_USER="0")
    output = []
    collected = 0
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=environment,
        universal_newlines=True,
        errors="replace",
    ) as process:
        assert process.stdout is not None
        try:
            for line in process.stdout:
                output.append(line)
                if line.startswith("Collecting "):
                    collected += 1
                    if collected % 10 == 0:
                        print(f"  {collected} of {packages} packages", flush=True)
                elif line.startswith("Installing collected"):
                    print("  unpacking", flush=True)
        except KeyboardInterrupt:
            # pip would write on for a while, into a folder that the next start empties.
            process.kill()
            process.wait()
            raise
    if process.returncode:
        LOG.write_text("".join(output))
        raise CannotStartError(why_it_failed("".join(output)))


def why_it_failed(output: str) -> str:
    """Return one sentence about why venv or pip failed, from its output."""
    for signs, sentence in REASONS:
        if any(sign in output for sign in signs):
            return sentence
    lines = [line.strip() for line in output.splitlines() if line.strip()] or ["it said nothing"]
    return f"Installing failed ({lines[-1]}): the whole output is in {LOG}."


def sentence_for(error: OSError) -> str:
    """Return what an error of the system means for the person who started the program."""
    if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
        return NOT_WRITABLE
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return DISK_FULL
    return f"Cannot start: {error}."


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
