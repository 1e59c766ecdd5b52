"""The files in deploy/ are accepted by the programs that read them."""

import re
import socket
import socketserver
import ssl
import subprocess
import threading
import time
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest
from parts import HOST, Proxy, certificate, free_port, own, until

from publicmeeting.cli.machine.debian import on_path

UNITS = ("publicmeeting@.service", "publicmeeting-doctor.service", "publicmeeting-doctor.timer")


def test_systemd_accepts_the_units(release, folder):
    python = folder / "bin" / "python"
    python.parent.mkdir(exist_ok=True)
    python.write_text("#!/bin/sh\n")
    python.chmod(0o755)
    files = []
    for name in UNITS:
        unit = (release / "deploy" / name).read_text(encoding="utf-8")
        unit = unit.replace("/opt/publicmeeting/current/.venv", str(folder))
        files.append(folder / name)
        files[-1].write_text(
            unit.replace("/opt/publicmeeting/current", str(release)), encoding="utf-8"
        )
    done = subprocess.run(
        [on_path("systemd-analyze") or "", "verify", "--man=no", *map(str, files)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_haproxy_accepts_the_proxy_as_it_is(release, folder):
    certificate(folder / "meeting.pem")
    text = own((release / "deploy" / "haproxy.cfg").read_text(encoding="utf-8"), folder, release)
    file = folder / "shipped.cfg"
    file.write_text(text, encoding="utf-8")
    done = subprocess.run(
        [on_path("haproxy") or "", "-c", "-f", str(file)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "WARNING" not in done.stderr


def test_what_is_for_whoever_runs_the_service_is_shown_to_nobody_outside(release, folder):
    outside = folder / "outside"
    outside.mkdir()
    nobody = {"one": free_port(), "two": free_port()}
    proxy = Proxy(outside, release / "deploy" / "haproxy.cfg", nobody)
    proxy.starts()
    try:
        for path in ("/metrics", "/%6detrics", "/%68ealth", "/liv%65?a=%zz", "/%72%65ady"):
            assert proxy.get(path)[0] == 404, path
        assert proxy.get("/healthy")[0] == 503, "that one is handed on, and nobody is there"
    finally:
        proxy.stops()


class _Takes(socketserver.StreamRequestHandler):
    """Is ready, opens a socket for whoever asks, and counts what comes."""

    def handle(self) -> None:
        asked = self.rfile.readline()
        while self.rfile.readline().strip():
            pass
        if b"/ready" in asked:
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
            return
        self.wfile.write(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
            b"Connection: Upgrade\r\nSec-WebSocket-Accept: x\r\n\r\n"
        )
        while part := self.connection.recv(1 << 16):
            self.server.came += len(part)


class _Dies(_Takes):
    """Is ready, and ends under any other request."""

    def handle(self) -> None:
        if b"/ready" in self.connection.recv(1 << 16, socket.MSG_PEEK):
            super().handle()


class _HasFiles(_Takes):
    """Is ready, and has the scripts of its own release alone, as during an upgrade."""

    def handle(self) -> None:
        asked = self.connection.recv(1 << 16, socket.MSG_PEEK)
        if b"/ready" in asked:
            super().handle()
            return
        status = b"200 OK" if self.server.script.encode() in asked else b"404 Not Found"
        self.wfile.write(b"HTTP/1.1 %s\r\nContent-Length: 0\r\n\r\n" % status)


class _IsBusy(_Takes):
    """Says only after three seconds that it is ready, or at once that it is not."""

    def handle(self) -> None:
        server = self.server
        if server.lacks_a_part:
            self.rfile.readline()
            self.wfile.write(b"HTTP/1.1 503 Lacks\r\nContent-Length: 0\r\n\r\n")
            return
        threading.Event().wait(3)
        with suppress(OSError):
            super().handle()
        server.answered += 1


@contextmanager
def shipped_before(
    process: socketserver.BaseServer,
    folder: Path,
    release: Path,
    second: socketserver.BaseServer | None = None,
    **other: str,
):
    """Run the shipped proxy in front of one or two processes; `other` changes its numbers."""
    folder.mkdir()
    processes = (process, second or process)
    text = (release / "deploy" / "haproxy.cfg").read_text(encoding="utf-8")
    for word, number in other.items():
        text, changed = re.subn(rf"{word} gt \d+", f"{word} gt {number}", text)
        assert changed
    text = text.replace("/opt/publicmeeting/current", str(release))
    (folder / "shipped.cfg").write_text(text, encoding="utf-8")
    for one in set(processes):
        threading.Thread(target=one.serve_forever, daemon=True).start()
    one, two = (each.server_address[1] for each in processes)
    proxy = Proxy(folder, folder / "shipped.cfg", {"one": one, "two": two})
    proxy.starts()
    try:
        yield proxy
    finally:
        proxy.stops()
        for each in set(processes):
            each.shutdown()


def joins(proxy: Proxy, address: str = HOST) -> ssl.SSLSocket:
    """Open a connection from an address."""
    careless = ssl.create_default_context()
    careless.check_hostname, careless.verify_mode = False, ssl.CERT_NONE
    plain = socket.create_connection((HOST, proxy.port), 2, source_address=(address, 0))
    return careless.wrap_socket(plain, server_hostname="localhost")


def half_a_message(proxy: Proxy) -> None:
    """Send 64 MB by a socket, for two seconds at most."""
    end = time.monotonic() + 2
    with joins(proxy) as there, suppress(OSError):
        there.sendall(
            b"GET /_event/?token=a HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
            b"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        )
        assert b" 101 " in there.recv(1 << 10)
        for _ in range(1 << 10):
            if time.monotonic() > end:
                break
            there.sendall(bytes(1 << 16))


def test_the_sockets_of_an_address_fill_no_memory(release, folder):
    with (
        socketserver.ThreadingTCPServer((HOST, 0), _Takes) as process,
        shipped_before(process, folder / "sockets", release) as proxy,
    ):
        process.came = 0
        senders = [threading.Thread(target=half_a_message, args=(proxy,)) for _ in range(3)]
        for one in senders:
            one.start()
        for one in senders:
            one.join()
    assert 1 << 20 < process.came < 20 << 20


def test_an_address_takes_no_connections_from_others(release, folder):
    with (
        socketserver.ThreadingTCPServer((HOST, 0), _Takes) as process,
        shipped_before(process, folder / "many", release, sc0_conn_cur="3") as proxy,
        ExitStack() as opened,
    ):
        for _ in range(3):
            opened.enter_context(joins(proxy))
        with pytest.raises(OSError):
            opened.enter_context(joins(proxy))
        opened.enter_context(joins(proxy, "127.0.0.9"))


def test_whoever_asked_a_process_that_ends_reads_our_page(release, folder):
    with (
        socketserver.ThreadingTCPServer((HOST, 0), _Dies) as process,
        shipped_before(process, folder / "dies", release) as proxy,
    ):
        proxy.sees(up=2)
        status, headers, text = proxy.get("/draws/")
    assert (status, headers["content-type"]) == (502, "text/html; charset=utf-8")
    assert text == (release / "assets" / "unavailable.html").read_text(encoding="utf-8")


def test_while_two_releases_serve_a_page_of_either_gets_its_scripts(release, folder):
    with (
        socketserver.ThreadingTCPServer((HOST, 0), _HasFiles) as older,
        socketserver.ThreadingTCPServer((HOST, 0), _HasFiles) as newer,
    ):
        older.script, newer.script = "/assets/older.js", "/assets/newer.js"
        with shipped_before(older, folder / "files", release, newer) as proxy:
            proxy.sees(up=2)
            asked = [older.script, newer.script, "/assets/neither.js"] * 4
            assert [proxy.get(path)[0] for path in asked] == [200, 200, 404] * 4


def test_a_busy_process_stays_and_one_that_lacks_a_part_goes(release, folder):
    with (
        socketserver.ThreadingTCPServer((HOST, 0), _IsBusy) as process,
        ExitStack() as stack,
    ):
        process.lacks_a_part, process.answered = False, 0
        proxy = stack.enter_context(shipped_before(process, folder / "busy", release))
        until(lambda: process.answered >= 6, "three late answers to the checks of each")
        assert proxy._up() == 2
        process.lacks_a_part = True
        proxy.sees(up=0)


def test_the_container_is_made_of_what_is_there(release):
    text = (release / "deploy" / "Containerfile").read_text(encoding="utf-8")
    named = re.findall(r"/opt/publicmeeting/current/([\w./]+\.\w+)", text)
    assert [name for name in named if not (release / name).exists()] == []
