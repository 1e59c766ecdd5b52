"""`build`: builds the pages into files for the browser, only if something changed."""

import argparse
import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from publicmeeting.cli.machine.environment import (
    BAKED_ORIGIN,
    TOOLS,
    build_environment,
    provide_bun,
)
from publicmeeting.cli.machine.lock import held
from publicmeeting.cli.stop import StopError
from publicmeeting.config import PAGES_ONLY, PROJECT, Env, settings_for_pages
from publicmeeting.ui.first.late_start import start_after_paint

# The build stamp: a hash of everything that can change the built pages.

# Packages that no page uses. All others count, so a new folder needs no entry.
_NO_PAGES = frozenset({"cli", "live", "media", "notify", "store", "web", "__pycache__"})
_CHOOSES_TOOLS = (
    "requirements.txt",
    "rxconfig.py",
    "publicmeeting/ui/reflex/bundle.py",
    "bunfig.toml",
    ".npmrc",
)


def page_inputs(project: Path) -> Iterator[Path]:
    """Yield every file the built pages depend on, in a fixed order."""
    yield from toolchain_inputs(project)
    for folder in (project / "reflex.lock", project / "assets"):
        # Reflex writes assets/external, and Python compiles the verifier.
        yield from _files(folder, frozenset({"external", "__pycache__"}))
    yield from _files(project / "publicmeeting", _NO_PAGES)


def toolchain_inputs(project: Path) -> Iterator[Path]:
    """Yield the files that choose tools and plugins; a change requires a clean build."""
    for name in _CHOOSES_TOOLS:
        if (project / name).exists():
            yield project / name


def stamp_of(project: Path, inputs: Iterable[Path], *words: str) -> str:
    """Return one hash over the names and contents of `inputs` and over `words`."""
    digest = hashlib.sha256("\n".join(words).encode())
    for path in inputs:
        content = path.read_bytes()
        digest.update(f"\n{path.relative_to(project).as_posix()} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()


def _files(folder: Path, left_out: frozenset[str]) -> Iterator[Path]:
    if not folder.is_dir():
        return
    for path in sorted(folder.iterdir()):
        if path.name in left_out:
            continue
        if path.is_dir():
            yield from _files(path, left_out)
        else:
            yield path


_WEB = PROJECT / ".web"
# Reflex empties .web/build before each build, so the stamp is deleted with the pages.
_STAMP = _WEB / "build" / "publicmeeting.txt"
_TOOLCHAIN = _WEB / "publicmeeting-toolchain.txt"
BUILT = (".web/backend", ".web/build/client", ".web/build/publicmeeting.txt")
"""Parts of a build that a server needs: Reflex's own records, the pages, their stamp."""
_LOCK = PROJECT / "reflex.lock"
_LOG = TOOLS / "build.log"

_PROGRESS = (
    ("Initializing the web directory", "  preparing the folder of the build"),
    ("Compiling: ", "  pages written; bundling them"),
)
_NO_NETWORK = ("DNSResolveFailed", "ConnectionRefused", "FailedToOpenSocket", "ConnectionClosed")
_NOT_TRUSTED = ("CERT_", "_CERT", "UNABLE_TO_VERIFY_LEAF_SIGNATURE")
"""Parts of bun's names for a certificate that it refuses, such as `CERT_NOT_YET_VALID`."""
_BAKED = re.compile(r"([`'\"])(http|ws)" + re.escape(BAKED_ORIGIN.removeprefix("http")))


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("build", help="build the pages without starting a server")
    parser.add_argument("--force", action="store_true", help="build even if nothing changed")
    parser.add_argument(
        "--update-lock", action="store_true", help="keep changed versions in reflex.lock"
    )
    parser.set_defaults(perform=_perform)


def _perform(arguments: argparse.Namespace) -> None:
    if arguments.force:
        _STAMP.unlink(missing_ok=True)
    build_pages(settings_for_pages().env, update_lock=arguments.update_lock)


def are_built(env: Env) -> bool:
    """Whether the pages for this kind of installation are built from the present source."""
    return _STAMP.exists() and _STAMP.read_text() == _current_stamp(env)


def build_pages(env: Env, *, update_lock: bool = False) -> None:
    """Bring the built pages up to date; if they are, do nothing.

    They contain no secret and no address, so one build serves every host. Raises StopError with the
    end of the log if the build fails.
    """
    if are_built(env):
        return
    if not os.access(PROJECT, os.W_OK):
        raise StopError(
            f"The pages have to be built, and the folder {PROJECT} cannot be written: copy the "
            "project to a folder of your own and start it there."
        )
    with held(TOOLS / "build.lock"):
        if are_built(env):
            return
        print("Building the pages (the first time takes about a minute)", flush=True)
        begun = time.monotonic()
        provide_bun()
        _forget_other_tools()
        locked = read_lock(_LOCK)
        _export(env)
        settle_lock(_LOCK, locked, update=update_lock)
        use_page_origin(_WEB / "build" / "client")
        _start_after_paint(_WEB / "build" / "client")
        _STAMP.write_text(_current_stamp(env))
        print(f"  built in {time.monotonic() - begun:.0f} s", flush=True)


def use_page_origin(client: Path) -> None:
    """Make built pages connect to the host and port they were loaded from.

    Reflex writes a fixed address into a small chunk of its own; this replaces it with the page's
    origin. Raises StopError if a later Reflex writes it elsewhere.
    """
    for chunk in (client / "assets").glob("reflex-env-*.js"):
        chunk.write_text(_BAKED.sub(_own_origin, chunk.read_text()))
        for compressed in chunk.parent.glob(f"{chunk.name}.*"):
            compressed.unlink()
    for script in client.rglob("*.js"):
        if BAKED_ORIGIN.removeprefix("http") in script.read_text():
            raise StopError(f"{script.name} still asks {BAKED_ORIGIN}: Reflex has moved it.")


def _start_after_paint(client: Path) -> None:
    try:
        start_after_paint(client)
    except ValueError as fault:
        raise StopError(str(fault)) from fault


def _own_origin(found: re.Match[str]) -> str:
    quote, scheme = found.groups()
    socket = f".replace({quote}http{quote},{quote}ws{quote})" if scheme == "ws" else ""
    return f"location.origin{socket}+{quote}"


def _current_stamp(env: Env) -> str:
    return stamp_of(PROJECT, page_inputs(PROJECT), env)


def _forget_other_tools() -> None:
    """Delete the build if Reflex or a plugin changed, because Reflex leaves old files behind."""
    key = stamp_of(PROJECT, toolchain_inputs(PROJECT))
    if not _TOOLCHAIN.exists() or _TOOLCHAIN.read_text() != key:
        shutil.rmtree(_WEB, ignore_errors=True)
        _WEB.mkdir()
        _TOOLCHAIN.write_text(key)


def _export(env: Env) -> None:
    """Run Reflex's own build; its whole output goes to the log."""
    command = [sys.executable, "-m", "reflex", "export", "--frontend-only", "--no-zip"]
    with (
        _LOG.open("w", encoding="utf-8") as log_file,
        subprocess.Popen(
            command,
            cwd=PROJECT,
            env={**build_environment(), "PUBLICMEETING_ENV": env, PAGES_ONLY: "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        ) as process,
    ):
        assert process.stdout is not None
        try:
            for line in process.stdout:
                log_file.write(line)
                for sign, words in _PROGRESS:
                    if sign in line:
                        print(words, flush=True)
        except BaseException:
            # Its bundlers are child processes and must not continue to write.
            os.killpg(process.pid, signal.SIGKILL)
            raise
    if process.returncode:
        raise StopError(_why_it_failed())


def _why_it_failed() -> str:
    output = _LOG.read_text(encoding="utf-8")
    if any(sign in output for sign in _NO_NETWORK):
        return (
            "The npm registry cannot be reached: connect this machine to the network, "
            "or name a mirror in NPM_CONFIG_REGISTRY, and start again."
        )
    if any(sign in output for sign in _NOT_TRUSTED):
        return (
            "The certificate of the npm registry is refused: put this machine's clock right, or "
            "name your network's own certificate in NODE_EXTRA_CA_CERTS, and start again."
        )
    tail = [line for line in output.splitlines() if line.strip()][-25:]
    return "\n".join([*tail, f"The pages could not be built: the whole output is in {_LOG}."])


def read_lock(folder: Path) -> dict[str, bytes]:
    """Return the files of a lock folder by name."""
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*"))}


def settle_lock(folder: Path, locked: dict[str, bytes], *, update: bool) -> None:
    """After a build: restore the `locked` versions, or with `update` use the new ones.

    A start must not change the project. If only the layout of the JSON differs, nothing is printed
    and nothing changes.
    """
    written = read_lock(folder)
    if _meaning(written) == _meaning(locked):
        committed = locked
    elif update or not locked:
        committed = {name: _readable(name, content) for name, content in written.items()}
    else:
        committed = locked
        print("  reflex.lock no longer fits: build --update-lock, and commit it", flush=True)
    for name in written.keys() - committed.keys():
        (folder / name).unlink()
    for name, content in committed.items():
        if written.get(name) != content:
            (folder / name).write_bytes(content)


def _meaning(lock: dict[str, bytes]) -> dict[str, object]:
    return {
        name: json.loads(content) if name.endswith(".json") else content
        for name, content in lock.items()
    }


def _readable(name: str, content: bytes) -> bytes:
    """Return JSON with one line for each value, so that a changed version is one changed line."""
    if not name.endswith(".json"):
        return content
    return (json.dumps(json.loads(content), indent=2, ensure_ascii=False) + "\n").encode()
