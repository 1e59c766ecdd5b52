"""What docs/operations.md names is there: commands, files, settings."""

import re
import shlex

import pytest
from contract.project_files import PROJECT
from contract.test_deploy import read_settings

from publicmeeting.cli.app import commands

TEXT = (PROJECT / "docs" / "operations.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```sh\n(.*?)```", TEXT, re.DOTALL)
CALLS = [
    found[1].partition(" > ")[0]
    for block in BLOCKS
    for line in block.splitlines()
    if (found := re.search(r"(?:publicmeeting\.sh|-m publicmeeting) ([^#]+)", line))
]


@pytest.mark.parametrize("call", CALLS)
def test_every_command_is_one_of_the_programs(call):
    words = shlex.split(call)
    assert commands(words[0]).parse_args(words).perform


def test_commands_are_found_at_all():
    assert {shlex.split(call)[0] for call in CALLS} == {
        "release", "migrate", "found", "admin", "doctor",
    }  # fmt: skip


def test_every_file_of_ours_exists():
    named = set(re.findall(r"(?:deploy|assets|docs)/[\w@./-]*\w", TEXT))
    assert len(named) > 4
    assert [name for name in sorted(named) if not (PROJECT / name).exists()] == []


def test_every_setting_is_named():
    whole = set(re.findall(r"`([A-Z0-9_]+)`", TEXT))
    groups = tuple(re.findall(r"`([A-Z0-9_]+_)\*`", TEXT))
    missing = {name for name in read_settings() - whole if not name.startswith(groups)}
    assert missing == set()
