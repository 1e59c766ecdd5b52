"""Commands at the server write a security event, which contains no secret."""

import importlib
import io
import os
import pkgutil
import signal
from argparse import Namespace
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from support.each import for_each

from publicmeeting import config
from publicmeeting.cli import commands
from publicmeeting.cli.app import AUDITED, described, main
from publicmeeting.config import Settings
from publicmeeting.domain.officials.audit import SecurityKind
from publicmeeting.kit.clock import utc_now
from publicmeeting.store.unit_of_work import Store
from publicmeeting.store.worker.clock_guard import WrongClockError
from publicmeeting.usecases.officials.table import COLUMNS

SECRET = "a password nobody may read"


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    found = Settings.from_environment(
        {"PUBLICMEETING_ENV": "test", "PUBLICMEETING_DATA": str(tmp_path / "data")}
    )
    # A command imported while `config` is replaced would hold these settings for ever.
    for name in ("admin", "migrate", "found"):
        monkeypatch.setattr(f"publicmeeting.cli.commands.{name}.settings", lambda: found)
    monkeypatch.setattr(config, "settings", lambda: found)
    return found


def entries(settings: Settings) -> list[tuple[str, str]]:
    """Return actor and kind of each security event, the oldest first."""
    store = Store(settings.database_url, config.master_key(settings))
    try:
        with store.unit_of_work(utc_now(), reading=True) as uow:
            found = uow.security.page((SecurityKind.COMMAND,))
            return [(event.who.partition(":")[0], event.what) for event in reversed(found)]
    finally:
        store.close()


def test_each_administrative_command_is_told_with_its_end(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["migrate"]) == 0
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{SECRET}\n"))
    create = ["admin", "create", "--username", "boss", "--name", "مدیر", "--role", "administrator"]
    assert main([*create, "--password-stdin"]) == 0
    assert main(["admin", "dismiss", "--username", "nobody"]) == 1
    assert entries(settings) == [
        ("command", "migrate"),
        ("command", "admin create --username boss --role administrator --password-stdin"),
        ("command", "admin dismiss --username nobody (refused)"),
    ]
    capsys.readouterr()
    assert main(["admin", "events", "--kind", "command"]) == 0
    printed = capsys.readouterr().out
    assert "admin dismiss --username nobody (refused)" in printed
    assert SECRET not in printed
    for page in ("0", "99"):
        assert main(["admin", "events", "--page", page]) == 1
        assert capsys.readouterr().err == "There is no such page of security events.\n"
    assert main(["admin", "events", "--kind", "displaced"]) == 0
    assert capsys.readouterr().out == "There are no security events of this kind.\n"


@for_each(
    (["--name", "مریم"], ["--name=مریم"], ["--na", "مریم"], ["--n=مریم"]),
    ids=" ".join,
)
def test_a_name_is_not_recorded_however_the_option_is_written(option: list[str]) -> None:
    assert described(["admin", "create", *option, "--role", "desk"]) == "admin create --role desk"


@pytest.mark.parametrize(
    "words",
    [
        ["admin", "dismiss", "--username", "boss"],
        ["admin", "import", "TABLE", "--passwords", "PASSWORDS"],
    ],
    ids=" ".join,
)
def test_a_machine_with_a_wrong_clock_changes_nothing_in_one_sentence(
    settings: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: list[str],
) -> None:
    assert main(["migrate"]) == 0
    (tmp_path / "TABLE").write_text(f"{','.join(COLUMNS)}\nphone9,سارا,phone,,\n")
    capsys.readouterr()

    def refuse(_store: Store) -> None:
        raise WrongClockError(timedelta(hours=1))

    monkeypatch.setattr(Store, "check_clock", refuse)
    monkeypatch.setattr("publicmeeting.cli.app.AUDITED", ())  # that store has no guard
    places = {name: str(tmp_path / name) for name in ("TABLE", "PASSWORDS")}
    assert main([places.get(word, word) for word in words]) == 1
    printed = capsys.readouterr()
    assert (
        printed.err == "This machine's clock is not the database's: put it right and try again.\n"
    )
    assert not (tmp_path / "PASSWORDS").exists()


def test_a_signal_after_the_command_does_not_leave_its_entry_out(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hasty Ctrl-C, or one on purpose: what was changed stays on record."""

    def interrupted() -> str:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            os.kill(os.getpid(), number)
        return "root"

    monkeypatch.setattr("getpass.getuser", interrupted)
    assert main(["migrate"]) == 0
    assert entries(settings) == [("command", "migrate")]
    assert signal.getsignal(signal.SIGTERM) is not signal.SIG_IGN


def test_an_interrupted_command_is_not_recorded_as_refused(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody refused it, and it may have changed something."""

    def interrupted(_arguments: Namespace) -> None:
        raise KeyboardInterrupt

    main(["migrate"])
    monkeypatch.setattr("publicmeeting.cli.commands.found._perform", interrupted)
    assert main(["found", "--form"]) == 130
    assert entries(settings)[-1] == ("command", "found --form (interrupted)")


def test_what_only_looks_is_not_told(settings: Settings) -> None:
    main(["migrate"])
    main(["lifecycle"])
    main(["found", "--form"])
    assert [what for _, what in entries(settings)] == ["migrate", "found --form"]


def test_a_command_without_a_database_says_its_own_word(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["admin", "dismiss", "--username", "x"]) == 1
    assert capsys.readouterr().err.startswith("The database is not ready")


def test_settings_that_are_wrong_are_named_once(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuses() -> Settings:
        return Settings.from_environment({"PUBLICMEETING_PORT": "x"})

    for module in ("publicmeeting.cli.commands.migrate", "publicmeeting.config"):
        monkeypatch.setattr(f"{module}.settings", refuses)
    assert main(["migrate"]) == 1
    assert capsys.readouterr().err.count("PUBLICMEETING_PORT") == 1


def test_names_of_people_are_left_out() -> None:
    argv = ["admin", "create", "--name", "مریم احمدی", "--username", "desk6"]
    assert described(argv) == "admin create --username desk6"


LOOKING = {
    "bench",
    "build",
    "doctor",
    "draw",
    "lifecycle",
    "release",
    "run",
    "serve",
    "test",
    "verify",
    "voice",
}
"""Commands that change neither the city nor its accounts, keys, tables or files."""


def test_of_every_command_it_is_decided_whether_it_is_told() -> None:
    """A new command must be added to one of the two lists here."""
    with_register = {
        found.name
        for found in pkgutil.iter_modules(commands.__path__)
        if hasattr(importlib.import_module(f"publicmeeting.cli.commands.{found.name}"), "register")
    }
    assert with_register == LOOKING | AUDITED
    assert not LOOKING & AUDITED


def test_a_command_with_another_key_changes_nobody(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["migrate"])
    create = ["admin", "create", "--username", "boss", "--name", "مدیر", "--role", "administrator"]
    another = replace(settings, secret=b"x" * 32)
    monkeypatch.setattr("publicmeeting.cli.commands.admin.settings", lambda: another)
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{SECRET}\n"))
    assert main([*create, "--password-stdin"]) == 1
    assert "not the one this database was sealed with" in capsys.readouterr().err
    monkeypatch.setattr("publicmeeting.cli.commands.admin.settings", lambda: settings)
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{SECRET}\n"))
    assert main([*create, "--password-stdin"]) == 0
