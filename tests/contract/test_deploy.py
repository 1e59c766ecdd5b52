"""The files of deploy/ fit the program; tests/production runs the programs that read them."""

import ast
import os
import re
import subprocess
import time
from pathlib import Path

import pytest
from contract.project_files import PACKAGE, PROJECT, nodes, tree

from publicmeeting import config
from publicmeeting.config import PAGES_ONLY, Settings, SettingsError
from publicmeeting.domain.people import BACKUPS_DAYS
from publicmeeting.kit.outside.provider import PARTS, PREFIX
from publicmeeting.web.checkup import Part
from publicmeeting.worker.cleanup import TRASH_STAYS

CONFIG = PACKAGE / "config.py"
EXAMPLE = PROJECT / "deploy" / "environment.example"
_SETTING = re.compile(r"(PUBLICMEETING_[A-Z0-9_]+|DATABASE_URL|REDIS_URL)")
_LINE = re.compile(rf"#?{_SETTING.pattern}=(.*)")


def read_settings() -> set[str]:
    """Return the names that config.py reads; names of a group are composed of two parts."""
    names = {text for text in strings(tree(CONFIG)) if _SETTING.fullmatch(text)} - {PAGES_ONLY}
    groups = {
        "PUBLICMEETING_SMS_CODE": parts_in("_sms_gateway"),
        "PUBLICMEETING_SMS_TEXT": parts_in("_sms_gateway"),
        "PUBLICMEETING_MATCH": parts_in("_sms_gateway"),
        "PUBLICMEETING_S3": parts_in("_s3") | {f"_{part}" for part in config._S3_NEEDED},
    }
    assert groups.keys() < names
    whole = {f"{group}{part}" for group, parts in groups.items() for part in parts}
    whole |= {f"{PREFIX}CITY_{part}" for part in PARTS}  # an operator chooses a provider's name
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
    """Return the settings of the example without quotes, including those that are commented out."""
    lines = EXAMPLE.read_text(encoding="utf-8").splitlines()
    found = [match for line in lines if (match := _LINE.fullmatch(line))]
    return {match[1]: match[2].strip("'") for match in found}


def live_example() -> dict[str, str]:
    """Return the settings of the example that are not commented out."""
    lines = EXAMPLE.read_text(encoding="utf-8").splitlines()
    live = {line.partition("=")[0] for line in lines}
    return {name: value for name, value in example().items() if name in live}


def test_the_example_names_every_setting_and_no_other():
    launcher = {"PUBLICMEETING_VENV"}
    assert example().keys() == read_settings() | launcher


def test_the_example_starts_once_key_address_and_gateway_are_filled_in():
    chosen = live_example()
    own = {
        "PUBLICMEETING_SECRET": "ab" * 32,
        "PUBLICMEETING_URL": "https://meeting.example",
        "PUBLICMEETING_SMS_TEXT_URL": "https://gateway.example/send",
        "PUBLICMEETING_SMS_TEXT_HEADERS": '{"X-API-KEY": "its own"}',
    }
    settings = Settings.from_environment({**chosen, **own})
    assert (settings.env, settings.is_sqlite, settings.trusted_proxy_hops) == (
        "production",
        False,
        1,
    )


def test_the_example_as_it_is_names_all_that_a_city_decides():
    """`found` would write an example's address into the public log, where nothing changes it."""
    with pytest.raises(SettingsError) as refusal:
        Settings.from_environment(live_example())
    assert {problem.partition(" ")[0] for problem in refusal.value.problems} == {
        "PUBLICMEETING_SECRET",
        "PUBLICMEETING_URL",
        "PUBLICMEETING_SMS_TEXT_URL",
        "PUBLICMEETING_SMS_TEXT_HEADERS",
    }


def read_by_the_script(folder: Path, settings: Path) -> dict[str, str]:
    """Return the settings that deploy/publicmeeting.sh gives to the program."""
    program = folder / ".venv" / "bin" / "python"
    program.parent.mkdir(parents=True)
    program.write_text("#!/bin/sh\nenv -0\n")
    program.chmod(0o700)
    own = {"ROOT": str(folder), "SETTINGS": str(settings), "AS_ROOT": "yes"}
    around = {"PATH": "/usr/bin:/bin", **{f"PUBLICMEETING_{name}": own[name] for name in own}}
    ran = subprocess.run(
        ["/bin/sh", PROJECT / "deploy" / "publicmeeting.sh"],
        capture_output=True,
        check=True,
        env=around,
    )
    found = dict(one.split("=", 1) for one in ran.stdout.decode().split("\0") if "=" in one)
    return {name: found[name] for name in found.keys() - around - _OF_A_SHELL}


_OF_A_SHELL = {"PWD", "OLDPWD", "SHLVL", "_"}


def test_the_script_reads_the_example_as_systemd_does(tmp_path: Path):
    """Both remove quotes."""
    assert read_by_the_script(tmp_path, EXAMPLE) == live_example()


def test_the_script_reads_an_address_with_an_ampersand_as_systemd_does(tmp_path: Path):
    """A shell that sourced the file would end the value there, and name DATABASE_URL missing."""
    settings = tmp_path / "environment"
    settings.write_text(
        "# a comment\n"
        "DATABASE_URL=postgresql://city:p$1;a@db/city?sslmode=verify-full&sslrootcert=/etc/ca.pem\n"
        "  PUBLICMEETING_URL=https://meeting.example  \n"
        'PUBLICMEETING_SMS_TEXT_HEADERS=\'{"X-KEY": "a&b"}\'\n'
        'PUBLICMEETING_LOG="text"'
    )
    assert read_by_the_script(tmp_path, settings) == {
        "DATABASE_URL": (
            "postgresql://city:p$1;a@db/city?sslmode=verify-full&sslrootcert=/etc/ca.pem"
        ),
        "PUBLICMEETING_URL": "https://meeting.example",
        "PUBLICMEETING_SMS_TEXT_HEADERS": '{"X-KEY": "a&b"}',
        "PUBLICMEETING_LOG": "text",
    }


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ('X=to={mobile}&text="{text}"', 'to={mobile}&text="{text}"'),
        ("https_proxy=http://proxy:3128", "http://proxy:3128"),
        ("_x=a'b'", "a'b'"),
        ('X="pa$word`id`"', "pa$word`id`"),
        ('X="pa\\\\ss\\"\\$"', 'pa\\ss"$'),
        ("X='pa\\ss\"'  ", 'pa\\ss"'),
        (r"X=pa\ss\\", "pass\\"),
        ('X=\'{"a": 1,\n "b": 2}\'', '{"a": 1,\n "b": 2}'),
        ('X="{\\"a\\": 1,\n \\"b\\": 2}"', '{"a": 1,\n "b": 2}'),
        ("X = a b ", "a b"),
        ("X=''", ""),
        ("X=", ""),
        ("X=postgresql://db/city?\\\n  sslmode=require", "postgresql://db/city?  sslmode=require"),
        ("X=one\\\ntwo\\\nthree", "onetwothree"),
        ('X="one\\\ntwo\n"', "onetwo\n"),
        ("X='one\\\ntwo'", "one\\\ntwo"),
        ("X=ends\\  ", "ends "),
        ("X=of another system\r", "of another system"),
        ('X="a" b', "ab"),
    ],
)
def test_the_script_reads_each_value_as_systemd_does(tmp_path: Path, line: str, value: str):
    """Neither runs anything, and the next setting is read too."""
    settings = tmp_path / "environment"
    settings.write_text(f'NO-NAME=1\n{line}\nY="1"\n')
    name = line.partition("=")[0].strip()
    assert read_by_the_script(tmp_path, settings) == {name: value, "Y": "1"}


def test_settings_that_the_user_may_not_read_are_one_sentence(tmp_path: Path):
    settings = tmp_path / "environment"
    with pytest.raises(subprocess.CalledProcessError) as stopped:
        read_by_the_script(tmp_path, settings)
    assert stopped.value.returncode == 1
    printed = stopped.value.stderr.decode()
    assert re.fullmatch(rf"{settings} cannot be read by \w+: .*mode 0640\.\n", printed), printed


def test_a_drill_has_no_place_of_the_city(tmp_path: Path):
    """`doctor` writes to a bucket, and whoever goes on with these settings would sweep it."""
    places = {name: example()[name] for name in example() if name in _PLACES}
    settings = tmp_path / "drill"
    settings.write_text("".join(f"{name}={value}\n" for name, value in places.items()))
    (line,) = [one for one in commands() if one.startswith("sed ") and "drill" in one]
    subprocess.run(
        ["sh", "-c", line.replace("/etc/publicmeeting/drill", str(settings))], check=True
    )
    drilled = dict(one.split("=", 1) for one in settings.read_text().splitlines())
    assert drilled.keys() == places.keys() == _PLACES
    assert [name for name in _PLACES if "drill" not in drilled[name]] == []


_PLACES = {"DATABASE_URL", "PUBLICMEETING_DATA", "PUBLICMEETING_S3_BUCKET"}


def test_whoever_is_woken_finds_every_part_of_health_on_the_page():
    page = OPERATIONS.read_text(encoding="utf-8")
    assert not [part for part in Part if f"\n| `{part}` |" not in page]


OPERATIONS = PROJECT / "docs" / "operations.md"
_BLOCK = re.compile(r"```sh\n(.*?)```", re.DOTALL)
_OF_POSTGRES = ("createuser", "createdb", "pg_dump", "pg_restore", "pg_basebackup", "psql")
_PACKAGES = {
    "sudo": "sudo",
    "openssl": "openssl",
    "rsync": "rsync",
    "socat": "socat",
    "haproxy": "haproxy",
}
_PACKAGES |= dict.fromkeys(_OF_POSTGRES, "postgresql")
_OF_DEBIAN = {
    "apt",
    "cat",
    "chown",
    "cp",
    "diff",
    "echo",
    "install",
    "ln",
    "mkdir",
    "mv",
    "python3",
}
_OF_DEBIAN |= {"find", "rm", "sed", "sync", "systemctl", "tar", "touch", "useradd"}
"""Commands that every Debian has, for root."""


def commands() -> list[str]:
    """Return the commands that operations.md has operators type, without contents of files."""
    found = []
    for block in _BLOCK.findall(OPERATIONS.read_text(encoding="utf-8")):
        joined = block.replace("\\\n", " ")
        typed = re.sub(r"<<'END'\n.*?\nEND\n", "\n", joined, flags=re.DOTALL)
        lines = [line.split("  #")[0].strip() for line in typed.splitlines() if line.strip()]
        found += [line.removesuffix("&&").strip() for line in lines]
    return found


def together(beginning: str) -> str:
    """Return the block of operations.md that begins so, as an operator pastes it."""
    blocks = _BLOCK.findall(OPERATIONS.read_text(encoding="utf-8"))
    (block,) = [one for one in blocks if one.startswith(beginning)]
    return str(block)


def archived_by(folder: Path) -> str:
    """Return the command by which PostgreSQL archives its log in operations.md, for this folder."""
    (line,) = [one for one in commands() if "archive_command" in one]
    (command,) = re.findall(r"archive_command = '([^']*)'", line)
    source, target = folder / "pg_wal", folder / "archive"
    filled = command.replace("%p", f"{source}/0001").replace("%f", "0001")
    return filled.replace("/backup/wal", str(target))


def test_archiving_goes_on_after_a_full_disk(tmp_path: Path):
    """A file that finds no room must not stay in the archive half written.

    Otherwise PostgreSQL archives nothing more and fills its own disk, and a recovery ends there.
    """
    command = archived_by(tmp_path)
    source, target = tmp_path / "pg_wal" / "0001", tmp_path / "archive" / "0001"
    for file in (source, target):
        file.parent.mkdir()
    source.write_bytes(b"wal" * 50_000)

    def archives(before: str = "") -> bool:
        done = subprocess.run(["sh", "-c", before + command], capture_output=True, check=False)
        return done.returncode == 0

    assert not archives("ulimit -f 100; ")
    assert not target.exists()
    assert archives()
    assert target.read_bytes() == source.read_bytes()
    assert archives(), "PostgreSQL asks again where it was killed before it had noted that it did"
    source.write_bytes(b"of another city")
    assert not archives()
    assert target.read_bytes() != source.read_bytes()


def test_a_dump_is_for_root_alone():
    """The dump holds names and password hashes, and root's files are readable to all by default."""
    typed = commands()
    dumps = [(at, one) for at, one in enumerate(typed) if "pg_dump" in one]
    assert len(dumps) == 2
    for at, line in dumps:
        file = line.rpartition("> ")[2]
        assert f"install -m 0600 /dev/null {file}" in typed[:at], line


def pasted(block: str, folder: Path, fails: str = "") -> list[str]:
    """Run a block with every program replaced, and return those that ran; one may fail."""
    programs, ran = folder / "programs", folder / "ran"
    programs.mkdir()
    program = f'#!/bin/sh\nset -- "${{0##*/}}" "$@"\necho "$@" >> {ran}\n'
    program += f'case "$*" in {fails or "nothing"}*) exit 1; esac\n'
    for name in _OF_DEBIAN | _PACKAGES.keys() | {"publicmeeting.sh"}:
        (programs / name).write_text(program)
        (programs / name).chmod(0o700)
    typed = re.sub(r"(/opt/publicmeeting/\S*|/usr/bin)/(?=python|publicmeeting\.sh)", "", block)
    own = typed.replace("/backup/", f"{folder}/")
    around = {"PATH": str(programs)}
    subprocess.run(["/bin/bash", "-c", own], env=around, capture_output=True, check=False)
    return ran.read_text().splitlines()


@pytest.mark.parametrize("fails", ["sudo", "rsync"])
def test_a_backup_that_fails_leaves_the_copies_before(tmp_path: Path, fails: str):
    """A full disk would make a broken copy the newest, and in time remove every good one."""
    ran = pasted(together("DAY="), tmp_path, fails)
    assert ran[-1].startswith(f"{fails} ")


def test_a_backup_that_succeeds_becomes_the_newest(tmp_path: Path):
    ran = pasted(together("DAY="), tmp_path)
    assert [one.split()[0] for one in ran][-4:] == ["rsync", "ln", "find", "publicmeeting.sh"]
    assert ran[-1] == "publicmeeting.sh backup --done"


def test_the_dump_before_an_upgrade_has_everything_that_was_filed(tmp_path: Path):
    """An operator who goes back by the dump would lose what was filed between dump and stop."""
    ran = [
        " ".join(one.split()[:2]) for one in pasted(together("tar -xzf publicmeeting-2"), tmp_path)
    ]
    end = ["systemctl stop", "install -m", "sudo -u", "ln -sfn", "publicmeeting.sh migrate"]
    assert ran[-6:] == [*end, "systemctl start"]


@pytest.mark.parametrize("fails", ["sudo", "publicmeeting.sh"])
def test_an_upgrade_without_its_dump_or_its_tables_starts_no_server(tmp_path: Path, fails: str):
    ran = pasted(together("tar -xzf publicmeeting-2"), tmp_path, fails)
    assert ran[-1].startswith(f"{fails} ")


def test_no_copy_outlives_what_the_city_promises(tmp_path: Path):
    """The privacy page names `BACKUPS_DAYS`; copies of the files in one folder would keep all.

    What is erased stays in the trash first, and the last copy of it begins its age only then.
    """
    typed, most = commands(), BACKUPS_DAYS - TRASH_STAYS.days
    (ends,) = [one for one in typed if one.startswith("find /backup ")]
    ages = {
        "2026-01-01-0200": most,
        "before-2.dump": most,
        "2026-03-01-0200": most - 5,
        "wal": most,
        "base": most,
    }
    now = time.time()
    for name, days in ages.items():
        copy = tmp_path / name
        copy.mkdir()
        (copy / "files").mkdir()
        os.utime(copy, (now, now - days * 86_400))
    (tmp_path / "newest").symlink_to(tmp_path / "2026-03-01-0200")
    subprocess.run(["sh", "-c", ends.replace("/backup", str(tmp_path))], check=True)
    assert {one.name for one in tmp_path.iterdir()} == {"2026-03-01-0200", "newest", "wal", "base"}
    assert f"are deleted after {most - 2} days" in OPERATIONS.read_text(encoding="utf-8")
    copies = [one.split()[-1] for one in typed if one.startswith("rsync ") and "/backup" in one]
    assert [one for one in copies if one.startswith("/backup")] == []


def test_the_program_is_compiled_once_wherever_it_is_installed():
    """No server may write into a release, so otherwise each start compiles the program again.

    Every file of a release has the same time, so its content decides whether it was compiled.
    """
    container = (PROJECT / "deploy" / "Containerfile").read_text(encoding="utf-8")
    built = container.replace("\\\n", " ").splitlines()
    for lines in (commands(), re.split(r"&&|\n", "\n".join(built))):
        installed = [python[1] for line in lines if (python := _INSTALLS.search(line))]
        compiled = [line.split() for line in lines if " -m compileall " in line]
        assert installed
        assert compiled == [_compiles(folder) for folder in installed]


_INSTALLS = re.compile(r"(\S+)/\.venv/bin/python -m pip install")


def _compiles(folder: str) -> list[str]:
    mode = ["-q", "--invalidation-mode", "checked-hash"]
    return [f"{folder}/.venv/bin/python", "-m", "compileall", *mode, f"{folder}/publicmeeting"]


def test_the_unit_of_a_server_allows_what_the_program_asks_of_the_system():
    """`systemd` refuses the group @resources; a later line may allow some of its calls again."""
    unit = (PROJECT / "deploy" / "publicmeeting@.service").read_text(encoding="utf-8")
    filters = [line.partition("=")[2] for line in unit.splitlines() if "SystemCallFilter=" in line]
    at = next(at for at, line in enumerate(filters) if line.startswith("~"))
    assert "@resources" in filters[at]
    allowed = set(" ".join(filters[at + 1 :]).split())
    assert {"sched_setaffinity", "sched_setscheduler", "setpriority"} <= allowed


def test_every_command_for_operators_is_there_after_its_installation():
    """Commands also ask PostgreSQL as a user that has a role: root has none, nor the settings."""
    (installed,) = [command for command in commands() if command.startswith("apt install")]
    for line in commands():
        assert "$DATABASE_URL" not in line, line
        for part in re.split(r"\s(?:&&|\|)\s", line):
            if re.fullmatch(r'[A-Z_]+="[^"]*"', part):
                continue
            words = [one for one in part.split() if not re.fullmatch(r"[A-Z_]+=\S*", one)]
            name, *rest = words
            if name.startswith("/opt/publicmeeting/"):
                continue
            # Root may have a python3 of her own, which no other user may start.
            assert words[:3] != ["python3", "-m", "venv"], line
            name = name.removeprefix("/usr/bin/")
            assert name in _OF_DEBIAN or _PACKAGES[name] in installed.split(), line
            if name == "sudo":
                assert rest[:2] == ["-u", "postgres"], line
            assert name not in _OF_POSTGRES, line
