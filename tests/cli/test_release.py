"""A release contains everything a server needs, and nothing of the person who packed it."""

import os
import tarfile

import pytest

from publicmeeting.cli.app import main
from publicmeeting.cli.commands.release import PARTS, pack
from publicmeeting.config import PROJECT

WANTED = (
    ".web/backend/stateful_pages.json",
    ".web/build/client/index.html",
    ".web/build/publicmeeting.txt",
    "assets/icon.svg",
    "deploy/haproxy.cfg",
    "publicmeeting/text/districts/home_text.py",
    "requirements.txt",
)
UNWANTED = (
    ".git/config",
    ".venv/bin/python",
    ".web/node_modules/react/index.js",
    ".web/build/server/index.js",
    "assets/external/publicmeeting/check.js",
    "data/secret.key",
    "publicmeeting/__pycache__/application.pyc",
    "tests/test_home.py",
    "city.csv",
)


@pytest.fixture
def project(tmp_path):
    folder = tmp_path / "project"
    for name in (*WANTED, *UNWANTED):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name)
    return folder


def test_it_holds_what_a_server_needs_and_no_secret(project, tmp_path):
    file = tmp_path / "publicmeeting-1.tar.gz"
    pack(project, file)
    with tarfile.open(file) as archive:
        assert archive.getnames() == [f"publicmeeting-1/{name}" for name in sorted(WANTED)]
        assert {(info.uid, info.uname, info.mtime) for info in archive} == {(0, "", 0)}


def test_the_same_sources_give_the_same_bytes(project, tmp_path):
    pack(project, tmp_path / "one.tar.gz")
    for path in project.rglob("*"):
        os.utime(path, (1, 1))
    (tmp_path / "again").mkdir()
    pack(project, tmp_path / "again" / "one.tar.gz")
    first, second = (tmp_path / "one.tar.gz"), (tmp_path / "again" / "one.tar.gz")
    assert first.read_bytes() == second.read_bytes()


def test_the_folders_it_packs_are_ours():
    """Otherwise a renamed folder would be missing in silence."""
    assert [part for part in PARTS if not (PROJECT / part).exists()] == []


@pytest.mark.parametrize(("name", "words"), [("release.zip", "no name"), ("old.tar.gz", "once")])
def test_a_wrong_name_and_a_release_that_exists_are_refused(name, words, tmp_path, capsys):
    (tmp_path / "old.tar.gz").write_text("shipped")
    assert main(["release", str(tmp_path / name)]) == 1
    assert words in capsys.readouterr().err
    assert (tmp_path / "old.tar.gz").read_text() == "shipped"
