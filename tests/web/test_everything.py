"""The archive of the whole log: of one size, the same for all readers, and without faults."""

import asyncio
import io
import subprocess
import sys
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from browsers import Browser
from support.city import City
from support.each import in_one_city
from support.log_bodies import stated
from support.walk import WalkedCase

from publicmeeting.application import Application
from publicmeeting.kit.hashing import sha_bytes
from publicmeeting.store.public_record.log import Log
from publicmeeting.turns.kinds import Kind
from publicmeeting.turns.log import read_entry
from publicmeeting.turns.tree.checkpoint import Checkpoint
from publicmeeting.turns.tree.note import SignedNote, cosign
from publicmeeting.web.routes.programs import public_log

PATH = "/verify/everything.zip"
TOP = "everything/"


@pytest.fixture(autouse=True)
def always_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """Serve no archive from a moment ago."""
    monkeypatch.setattr(public_log, "_REST", 0)


def unpacked(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        assert len(names) == len(set(names))
        assert all(name.startswith(TOP) for name in names)
        return {name.removeprefix(TOP): archive.read(name) for name in names}


def size_of(files: dict[str, bytes]) -> int:
    return Checkpoint.read(SignedNote.read(files["checkpoint"]).text).size


def append(application: Application, count: int = 1) -> None:
    with application.store.unit_of_work(application.clock()) as uow:
        for step in range(count):
            uow.log.append(Kind.AUDIENCE_OFF_SYSTEM, stated(step), uow.machine_now)


@pytest.mark.on_postgresql
def test_it_holds_what_the_readme_says_and_the_program_reads_it(
    browser: Browser, application: Application, drawn: WalkedCase, tmp_path: Path
) -> None:
    with application.store.unit_of_work(application.clock()) as uow:
        size = uow.log.head().seq
        text = SignedNote.read(uow.log.note(size)).text
        uow.log.add_cosignature(size, cosign(text, "example.ir/council", b"\2" * 32, 1_795_941_000))
    answer = browser.get(PATH)
    assert answer.headers["content-type"] == "application/zip"
    assert 'filename="everything.zip"' in answer.headers["content-disposition"]
    assert int(answer.headers["content-length"]) == len(answer.content)
    assert answer.headers["x-log-size"] == str(size)
    files = unpacked(answer.content)
    listed = browser.get("/verify/draws.json").json()
    assert {name for name in files if name.startswith("draws/")} == {
        f"draws/{one['draw']}.json" for one in listed
    }
    assert {"README.txt", "verify_draw.py", "checkpoint", "notes", f"note/{size}"} <= set(files)
    assert files["notes"] == f"{size}\n".encode()
    assert str(size) in files["README.txt"].decode()
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        audits = [read_entry(data).body for data in uow.log.data_of(Kind.AUDITED)]
    reports = {name: data for name, data in files.items() if name.startswith("reports/")}
    assert {*reports} == {f"reports/{audit['report']}.json" for audit in audits}
    assert all(name == f"reports/{sha_bytes(data)}.json" for name, data in reports.items())
    assert files["verify_draw.py"] == public_log._PROGRAM.read_bytes()
    whole = tmp_path / "everything.zip"
    whole.write_bytes(answer.content)
    program = tmp_path / "verify_draw.py"
    program.write_bytes(files["verify_draw.py"])
    done = subprocess.run(
        [sys.executable, "-I", str(program), str(whole), "--lang", "fa"],
        capture_output=True,
        encoding="utf-8",
        env={"PYTHONIOENCODING": "utf-8"},
        check=False,
    )
    faults = [line for line in done.stdout.splitlines() if line.endswith("]")]
    faults = [line for line in faults if not line.startswith("یادآوری:")]
    assert all("[not_cosigned]" in line for line in faults), "nobody signs here"
    assert done.stdout.splitlines()[-1].startswith("نادرست:")
    for secret in (drawn.code, drawn.who.name, drawn.who.identity, drawn.who.mobile):
        assert not any(secret.encode() in data for data in files.values())


def test_the_same_log_is_the_same_archive_and_one_entry_more_another(
    browser: Browser, application: Application, drawn: WalkedCase
) -> None:
    first, second = browser.get(PATH), browser.get(PATH)
    assert (first.content, first.headers["etag"]) == (second.content, second.headers["etag"])
    mark = {"If-None-Match": first.headers["etag"]}
    assert browser.get(PATH, **mark).status_code == 304
    append(application)
    third = browser.get(PATH, **mark)
    assert third.status_code == 200
    assert third.headers["etag"] != first.headers["etag"]
    assert size_of(unpacked(third.content)) == size_of(unpacked(first.content)) + 1


def test_a_broken_download_goes_on_in_the_same_archive_only(
    browser: Browser, application: Application, drawn: WalkedCase
) -> None:
    whole = browser.get(PATH)
    rest = {"Range": "bytes=100-", "If-Range": whole.headers["etag"]}
    answer = browser.get(PATH, **rest)
    assert (answer.status_code, answer.content) == (206, whole.content[100:])
    assert browser.get(PATH, Range="bytes=100-").status_code == 200
    append(application)
    changed = browser.get(PATH, **rest)
    assert changed.status_code == 200
    assert size_of(unpacked(changed.content)) > 0


@in_one_city("asked", ["bytes=-1", "bytes=9-3", "bytes=x", "bytes=999999999-", "x=1"])
def test_an_odd_range_is_no_error(browser: Browser, drawn: WalkedCase, asked: str) -> None:
    etag = browser.get(PATH).headers["etag"]
    for headers in ({"Range": asked}, {"Range": asked, "If-Range": etag}):
        assert browser.get(PATH, **headers).status_code in (200, 206, 400, 416)


def test_who_only_asks_how_large_it_is_gets_no_bytes(browser: Browser, drawn: WalkedCase) -> None:
    answer = browser._ask("HEAD", PATH)
    assert answer.status_code == 200
    assert int(answer.headers["content-length"]) > 1000
    assert answer.content == b""
    assert browser.post(PATH).status_code == 405


def test_before_the_log_is_opened_there_is_none(
    browser: Browser, application: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Log, "note", lambda self, size: "")
    assert browser.get(PATH).status_code == 404


def test_many_who_ask_at_once_wait_for_one(
    application: Application, drawn: WalkedCase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(public_log, "_REST", 1000)
    make, made = public_log._make, []

    async def counted(path: Path, *arguments: Any) -> str:
        made.append(path)
        return await make(path, *arguments)

    monkeypatch.setattr(public_log, "_make", counted)
    archives = public_log.Archives()

    async def at_once() -> list[public_log.Archive]:
        return await asyncio.gather(*(archives.newest(application) for _ in range(20)))

    found = asyncio.run(at_once())
    assert len(set(found)) == len(made) == 1
    append(application)
    assert asyncio.run(archives.newest(application)) == found[0], "not anew for every entry"


def test_what_is_written_while_it_is_made_waits_for_the_next(
    browser: Browser, application: Application, drawn: WalkedCase, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also a list that is drawn meanwhile."""
    parts = public_log._parts

    async def slowly(*arguments: Any) -> AsyncIterator[tuple[str, bytes]]:
        async for part in parts(*arguments):
            append(application)
            yield part

    monkeypatch.setattr(public_log, "_parts", slowly)
    answer = browser.get(PATH)
    files = unpacked(answer.content)
    entries = sum(
        read_count(data) for name, data in files.items() if name.startswith("tile/entries/")
    )
    assert entries == size_of(files) == int(answer.headers["x-log-size"])


def read_count(data: bytes) -> int:
    at = count = 0
    while at < len(data):
        at += 2 + int.from_bytes(data[at : at + 2])
        count += 1
    return count


def test_only_two_are_kept_on_disk(
    browser: Browser, application: Application, drawn: WalkedCase
) -> None:
    archives = public_log.Archives()

    async def four() -> list[public_log.Archive]:
        found = []
        for _ in range(4):
            append(application)
            found.append(await archives.newest(application))
        return found

    found = asyncio.run(four())
    assert [archive.path.exists() for archive in found] == [False, False, True, True]


def test_the_city_is_not_asked_twice_for_the_same(
    city: City, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(public_log, "_REST", 1000)
    first = browser.get(PATH)
    monkeypatch.setattr(public_log, "everything", None)
    assert browser.get(PATH).content == first.content
