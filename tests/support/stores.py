"""S3-compatible stores on this machine, each as a process of its own.

Tests may open no sockets in Python, so each store chooses its port itself and prints it.
"""

import re
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from publicmeeting.config import S3
from publicmeeting.media.files import BucketStore, forget_files

_TESTS = Path(__file__).parents[1]
ACCESS, SECRET, BUCKET = "city", "a secret of the city", "meetings"
_WITHIN = 60.0


def emptied(settings: S3) -> BucketStore:
    """Return the bucket, emptied of what earlier tests have left."""
    bucket = BucketStore(settings)
    forget_files(bucket)
    return bucket


@contextmanager
def rclone(folder: Path) -> Iterator[S3]:
    """Run `rclone serve s3`, which checks keys and signatures; buckets are folders."""
    (folder / BUCKET).mkdir(parents=True)
    program = Path(sys.executable).with_name("rclone")
    with _served(
        "rclone",
        folder,
        [
            str(program),
            "serve",
            "s3",
            str(folder),
            "--auth-key",
            f"{ACCESS},{SECRET}",
            "--config",
            str(folder / "none.conf"),
            "--addr",
            "127.0.0.1:0",
        ],
    ) as settings:
        yield settings


@contextmanager
def moto(folder: Path) -> Iterator[S3]:
    """Run moto's server, which holds everything in memory and honours conditions of requests."""
    folder.mkdir(parents=True)
    script = f"import moto.server; from support.stores import serve_moto; serve_moto({BUCKET!r})"
    with _served("moto", folder, [sys.executable, "-c", script]) as settings:
        yield settings


def serve_moto(bucket: str) -> None:
    """Serve on a free port, print it, and make the bucket; runs in the store's own process."""
    import boto3  # noqa: PLC0415  (only this process needs it)
    from moto.server import ThreadedMotoServer  # noqa: PLC0415

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    address = "http://{}:{}".format(*server.get_host_and_port())
    boto3.client(
        "s3",
        endpoint_url=address,
        aws_access_key_id=ACCESS,
        aws_secret_access_key=SECRET,
        region_name="us-east-1",
    ).create_bucket(Bucket=bucket)
    sys.stderr.write(f"serving on {address}/\n")
    sys.stderr.flush()
    while True:
        time.sleep(3600)


@contextmanager
def refusing(folder: Path, answer: str, *, ended: bool = False) -> Iterator[S3]:
    """Run a store that answers everything with this status and body, such as `503 <Error/>`.

    With `ended` it is behind TLS, and its certificate has expired.
    """
    folder.mkdir(parents=True)
    call = f"serve_refusal({answer!r}, ended={ended})"
    script = f"from support.stores import serve_refusal; {call}"
    with _served("refusing", folder, [sys.executable, "-c", script]) as settings:
        yield settings


def serve_refusal(answer: str, *, ended: bool) -> None:
    """Serve refusals; runs in a process of its own, as `serve_moto` does."""
    status, _, body = answer.partition(" ")

    class Refuses(BaseHTTPRequestHandler):
        def _refuse(self) -> None:
            self.rfile.read(int(self.headers.get("content-length") or 0))
            self.send_response(int(status))
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body.encode())

        do_GET = do_PUT = do_HEAD = do_DELETE = _refuse  # noqa: N815  (names of the library)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Refuses)
    scheme = "http"
    if ended:
        scheme, context = "https", ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*_ended_certificate(Path.home()))
        server.socket = context.wrap_socket(server.socket, server_side=True)
    sys.stderr.write(f"serving on {scheme}://127.0.0.1:{server.server_port}/\n")
    sys.stderr.flush()
    server.serve_forever()


def _ended_certificate(folder: Path) -> tuple[Path, Path]:
    """Return the files of a certificate of 127.0.0.1 that expired yesterday, and of its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "store")])
    now = datetime.now(UTC)
    address = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=9))
        .not_valid_after(now - timedelta(days=1))
        .add_extension(address, critical=False)
        .sign(key, SHA256())
    )
    files = folder / "store.pem", folder / "store.key"
    files[0].write_bytes(made.public_bytes(Encoding.PEM))
    files[1].write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return files


@contextmanager
def _served(name: str, folder: Path, command: list[str]) -> Iterator[S3]:
    log = folder.with_name(f"{folder.name}-{name}.log")
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=_TESTS,
            stdout=output,
            stderr=output,
            stdin=subprocess.DEVNULL,
            env={"PYTHONPATH": f"{_TESTS}:{_TESTS.parent}", "PATH": "", "HOME": str(folder)},
        )
    try:
        yield S3(_address(log, process), BUCKET, "us-east-1", ACCESS, SECRET)
    finally:
        process.kill()
        process.wait()


def _address(log: Path, process: subprocess.Popen[bytes]) -> str:
    """Return the address that the store prints."""
    deadline = time.monotonic() + _WITHIN
    while time.monotonic() < deadline and process.poll() is None:
        found = re.search(r"(https?://127\.0\.0\.1:\d+)/", log.read_text(encoding="utf-8"))
        if found:
            return found[1]
        threading.Event().wait(0.05)
    raise RuntimeError(f"the store did not start: {log.read_text(encoding='utf-8')}")
