"""When pages are built again, and whom built pages ask."""

import pytest

from publicmeeting.cli.build import answer_where_asked
from publicmeeting.cli.environment import BAKED_ORIGIN
from publicmeeting.cli.stamp import page_inputs, stamp_of, toolchain_inputs
from publicmeeting.cli.stop import StopError


@pytest.fixture
def project(tmp_path):
    """A small project of one page."""
    for name in (
        "requirements.txt",
        "rxconfig.py",
        "assets/icon.svg",
        "reflex.lock/bun.lock",
        "publicmeeting/publicmeeting.py",
        "publicmeeting/text/home.py",
        "publicmeeting/domain/data/districts.json",
        "publicmeeting/store/rows.py",
        "publicmeeting/cli/run.py",
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
        "publicmeeting/text/home.py",
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
        "publicmeeting/store/rows.py",
        "publicmeeting/cli/run.py",
        "publicmeeting/web/app.py",
        "publicmeeting/text/__pycache__/home.pyc",
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
    (project / "publicmeeting/text/home.py").rename(project / "publicmeeting/text/front.py")
    assert stamp(project) != before


def test_only_tools_and_plugins_mean_a_build_from_nothing(project):
    tools = stamp_of(project, toolchain_inputs(project))
    (project / "publicmeeting/text/home.py").write_text("changed")
    assert stamp_of(project, toolchain_inputs(project)) == tools
    (project / "rxconfig.py").write_text("changed")
    assert stamp_of(project, toolchain_inputs(project)) != tools


@pytest.fixture
def client(tmp_path):
    """Built pages as Reflex leaves them: the addresses lie in a chunk of their own."""
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
    answer_where_asked(client)
    assert (client / "assets" / "reflex-env-Ab1_.js").read_text() == (
        "var e={PING:location.origin+`/ping`,"
        "EVENT:location.origin.replace(`http`,`ws`)+`/_event`};export{e as t};"
    )
    assert not (client / "assets" / "reflex-env-Ab1_.js.br").exists()


def test_an_address_left_elsewhere_fails_the_build(client):
    (client / "assets" / "entry.js").write_text(f"fetch(`{BAKED_ORIGIN}/ping`)")
    with pytest.raises(StopError, match="entry"):
        answer_where_asked(client)
