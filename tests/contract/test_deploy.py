"""What lies in deploy/ fits the program; tests/production asks the programs that read it."""

import ast
import re
import subprocess

import pytest
from contract.project_files import PACKAGE, PROJECT, nodes, tree

from publicmeeting import config
from publicmeeting.config import PAGES_ONLY, Settings, SettingsError
from publicmeeting.kit.provider import PARTS, PREFIX

CONFIG = PACKAGE / "config.py"
EXAMPLE = PROJECT / "deploy" / "environment.example"
_SETTING = re.compile(r"(PUBLICMEETING_[A-Z0-9_]+|DATABASE_URL|REDIS_URL)")
_LINE = re.compile(rf"#?{_SETTING.pattern}=(.*)")


def read_settings() -> set[str]:
    """The names config.py reads; those of a group are put together from two parts."""
    names = {text for text in strings(tree(CONFIG)) if _SETTING.fullmatch(text)} - {PAGES_ONLY}
    groups = {
        "PUBLICMEETING_SMS_CODE": parts_in("_sms_gateway"),
        "PUBLICMEETING_SMS_TEXT": parts_in("_sms_gateway"),
        "PUBLICMEETING_MATCH": parts_in("_sms_gateway"),
        "PUBLICMEETING_S3": parts_in("_s3") | {f"_{part}" for part in config._S3_NEEDED},
    }
    assert groups.keys() < names
    whole = {f"{group}{part}" for group, parts in groups.items() for part in parts}
    whole |= {f"{PREFIX}CITY_{part}" for part in PARTS}  # a provider is called as its city likes
    return (names - groups.keys()) | whole


def parts_in(function: str) -> set[str]:
    found = [
        node
        for node in nodes(CONFIG)
        if isinstance(node, ast.FunctionDef) and node.name == function
    ]
    return {text for text in strings(found[0]) if re.fullmatch(r"_[A-Z_]+", text)} - {"_"}


def strings(tree: ast.AST) -> list[str]:
    found = [node for node in ast.walk(tree) if isinstance(node, ast.Constant)]
    return [node.value for node in found if isinstance(node.value, str)]


def example() -> dict[str, str]:
    """The settings of the example, also those that are commented out, without their quotes."""
    lines = EXAMPLE.read_text(encoding="utf-8").splitlines()
    found = [match for line in lines if (match := _LINE.fullmatch(line))]
    return {match[1]: match[2].strip("'") for match in found}


def live_example() -> dict[str, str]:
    """What is not commented out."""
    lines = EXAMPLE.read_text(encoding="utf-8").splitlines()
    live = {line.partition("=")[0] for line in lines}
    return {name: value for name, value in example().items() if name in live}


def test_the_example_names_every_setting_and_no_other():
    launcher = {"PUBLICMEETING_VENV"}
    assert example().keys() == read_settings() | launcher


def test_the_example_with_a_key_is_a_production_that_starts():
    chosen = live_example()
    settings = Settings.from_environment({**chosen, "PUBLICMEETING_SECRET": "ab" * 32})
    assert (settings.env, settings.is_sqlite, settings.trusted_proxy_hops) == (
        "production",
        False,
        1,
    )
    with pytest.raises(SettingsError, match="SECRET"):
        Settings.from_environment(chosen)


def test_shell_reads_the_example_as_systemd_does():
    """Both take quotes off; a value with a blank and none would end at it in a shell."""
    script = f'set -a; . "{EXAMPLE}"; env -0'
    ran = subprocess.run(["/bin/sh", "-euc", script], capture_output=True, check=True, env={})
    heard = dict(one.split("=", 1) for one in ran.stdout.decode().split("\0") if "=" in one)
    assert {name: heard[name] for name in heard if _SETTING.fullmatch(name)} == live_example()
