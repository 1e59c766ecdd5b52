"""The files in deploy/ are accepted by the programs that read them."""

import re
import subprocess

from parts import Proxy, certificate, free_port, own

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


def test_the_container_is_made_of_what_is_there(release):
    text = (release / "deploy" / "Containerfile").read_text(encoding="utf-8")
    named = re.findall(r"/opt/publicmeeting/current/([\w./]+\.\w+)", text)
    assert [name for name in named if not (release / name).exists()] == []
