"""`log` commands for operators: the log's keys, and filling the log from a copy."""

import io
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import select
from support.city import SATURDAY, open_application
from support.clock import FixedClock
from support.log_bodies import stated
from support.triggers import change_past_the_program

from publicmeeting.application import open_application as open_city
from publicmeeting.cli.app import main
from publicmeeting.cli.commands import found, log
from publicmeeting.cli.prepare import update
from publicmeeting.cli.stop import StopError
from publicmeeting.config import Env, settings
from publicmeeting.domain.errors import Unavailable
from publicmeeting.domain.roles import COMMAND_LINE
from publicmeeting.store.database.migrate import upgrade_url
from publicmeeting.store.database.rows.city import LogHeadRow
from publicmeeting.store.public_record.newest_note import ENTRIES_FILE, NOTE_FILE
from publicmeeting.store.unit_of_work import Store, UnitOfWork
from publicmeeting.turns.kinds import Kind
from publicmeeting.turns.log import Entry
from publicmeeting.turns.tree.checkpoint import Checkpoint, city_key, signed
from publicmeeting.turns.tree.note import Key
from publicmeeting.turns.tree.tiles import Tile, tiles_of
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.public_record.tree import city_keys
from publicmeeting.worker.recovery import recover

TABLE = (
    'district,address,hall,mayor,seats\n6,"خیابان کارگر، پلاک ۱",تالار شهر,نام شهردار,09:00 09:15\n'
)


def of(output: str, name: str) -> str:
    return next(line.split()[-1] for line in output.splitlines() if line.startswith(name))


def test_a_reserve_key_is_made_told_and_stored_nowhere() -> None:
    output = log.make_reserve("example.ir/log")
    seed, public = of(output, "private"), of(output, "public")
    assert city_key("example.ir/log", bytes.fromhex(seed)).vkey == public
    assert Key.read(public).name == "example.ir/log"
    assert log.make_reserve("example.ir/log") != output


@pytest.mark.parametrize(
    "name", ["example.ir", "https://example.ir/log", "Example.ir/log", "/log", "log"]
)
def test_a_name_that_no_log_can_have_gets_no_key(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its key would be on paper at a witness before `found` refuses it."""
    with pytest.raises(SystemExit) as end:
        main(["log", "make-reserve", name])
    assert end.value.code == 2
    output = capsys.readouterr()
    assert output.out == ""
    assert "meeting.example/log" in output.err


def test_a_log_at_a_port_of_its_own_gets_a_key(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["log", "make-reserve", "localhost:3000/log"]) == 0
    assert "localhost:3000/log+" in capsys.readouterr().out


def test_a_city_is_founded_with_its_reserve_or_with_none_of_another_log(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'new.sqlite3'}"
    upgrade_url(url)
    application = open_application(url, tmp_path / "images", FixedClock(SATURDAY))
    table = tmp_path / "city.csv"
    table.write_text(TABLE, encoding="utf-8")
    for wrong in ("x", city_key("other.ir/log", b"\x07" * 32).vkey):
        with pytest.raises(StopError, match="--reserve"):
            found.found(application, table, wrong)
    reserve = city_key("localhost/log", b"\x07" * 32).vkey
    assert found.found(application, table, reserve) == 1
    keys = application.query_as(COMMAND_LINE, city_keys, Nothing())
    assert keys.reserve == reserve
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        rules = uow.city.announced()[0].rules.body
    assert rules["log"] == {"origin": keys.origin, "keys": [keys.daily, reserve]}
    application.store.close()


@pytest.fixture
def city(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A founded city in a folder of its own, as commands find it."""
    for name, value in {
        "PUBLICMEETING_DATA": str(tmp_path / "data"),
        "PUBLICMEETING_SECRET": "ab" * 32,
        "PUBLICMEETING_URL": "http://city.example",
    }.items():
        monkeypatch.setenv(name, value)
    settings.cache_clear()
    monkeypatch.setattr(sys, "argv", ["publicmeeting"])
    table = tmp_path / "city.csv"
    table.write_text(TABLE, encoding="utf-8")
    assert main(["migrate"]) == 0
    assert main(["found", str(table)]) == 0
    yield tmp_path / "data"
    settings.cache_clear()


def append(count: int) -> None:
    application = open_city(settings())
    try:
        with application.store.unit_of_work(application.clock()) as uow:
            for number in range(count):
                uow.log.append(Kind.AUDIENCE_OFF_SYSTEM, stated(number), application.clock())
    finally:
        application.store.close()


def copied(folder: Path) -> None:
    """Write the log's files into a folder, as a mirror has them."""
    application = open_city(settings())
    try:
        with application.store.unit_of_work(application.clock(), reading=True) as uow:
            size = uow.log.head().seq
            files = {tile.path: uow.log.tile(tile) or b"" for tile in tiles_of(size)}
            files["checkpoint"] = (uow.log.checkpoint() or "").encode()
    finally:
        application.store.close()
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)


def restored(dump: Path) -> None:
    """Replace the city's database by this dump."""
    database = Path(settings().database_url.removeprefix("sqlite:///"))
    for file in database.parent.glob(f"{database.name}*"):
        file.unlink()
    shutil.copy(dump, database)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_keys_are_shown_named_and_used_by_commands(
    city: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["log", "keys"]) == 0
    output = capsys.readouterr().out
    assert (of(output, "origin"), of(output, "reserve")) == ("city.example/log", "yet")
    made = log.make_reserve("city.example/log")
    assert main(["log", "set-reserve", of(made, "public")]) == 0
    assert main(["log", "set-reserve", "x"]) == 1
    monkeypatch.setattr(sys, "stdin", io.StringIO("07" * 32 + "\n"))
    assert main(["log", "use-reserve"]) == 1
    assert "nothing was changed" in capsys.readouterr().err
    monkeypatch.setattr(sys, "stdin", io.StringIO(of(made, "private") + "\n"))
    assert main(["log", "use-reserve"]) == 0
    monkeypatch.setattr(sys, "stdin", Terminal())
    monkeypatch.setattr("getpass.getpass", lambda _question: of(made, "private"))
    assert main(["log", "use-reserve"]) == 0, "once more, asked at a terminal"
    capsys.readouterr()
    assert main(["log", "keys"]) == 0
    output = capsys.readouterr().out
    assert (of(output, "daily"), of(output, "reserve")) == (of(made, "public"), "yet")


def test_an_old_backup_is_filled_by_a_command_and_goes_on(
    city: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["backup", str(tmp_path / "old.sqlite3")]) == 0
    append(300)
    mirror = tmp_path / "mirror"
    copied(mirror)
    restored(tmp_path / "old.sqlite3")
    assert (city / NOTE_FILE).exists()
    with pytest.raises(Unavailable, match="log_behind"):
        append(1)
    (mirror / Tile(None, 0).path).rename(tmp_path / "aside")
    assert main(["log", "fill", str(mirror)]) == 1
    assert "no whole copy" in capsys.readouterr().err
    cut = shutil.make_archive(str(tmp_path / "cut"), "zip", tmp_path, "mirror")
    assert main(["log", "fill", cut]) == 1
    assert "no whole copy" in capsys.readouterr().err
    (tmp_path / "aside").rename(mirror / Tile(None, 0).path)
    whole = shutil.make_archive(str(tmp_path / "whole"), "zip", tmp_path, "mirror")
    assert main(["log", "fill", whole]) == 0
    assert "Run doctor" in capsys.readouterr().out
    append(1)
    assert main(["log", "fill", str(mirror)]) == 0
    assert "has all that was signed last here" in capsys.readouterr().out


def test_a_restored_log_that_lacks_nothing_is_no_refusal(
    city: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The manual has it typed after every restore, also of a dump that nothing followed."""
    append(30)
    copied(tmp_path / "mirror")
    assert main(["backup", str(tmp_path / "now.sqlite3")]) == 0
    restored(tmp_path / "now.sqlite3")
    for words in ([], [str(tmp_path / "mirror")]):
        capsys.readouterr()
        assert main(["log", "fill", *words]) == 0
        assert "this log has all that was signed last here" in capsys.readouterr().out


def test_whoever_fills_a_log_for_minutes_sees_how_far_it_is(
    city: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("publicmeeting.worker.recovery.SHOWN_EACH", 2)
    assert main(["backup", str(tmp_path / "old.sqlite3")]) == 0
    append(5)
    restored(tmp_path / "old.sqlite3")
    capsys.readouterr()
    assert main(["log", "fill"]) == 0
    missing, *shown, _result = capsys.readouterr().out.splitlines()
    assert missing.split()[0] == "5"
    assert [line.split() for line in shown] == [["2", "of", "5"], ["4", "of", "5"]]


def test_a_city_waits_for_the_end_of_a_fill_that_was_killed_also_with_a_new_folder(
    city: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["backup", str(tmp_path / "old.sqlite3")]) == 0
    append(3)
    mirror = tmp_path / "mirror"
    copied(mirror)
    restored(tmp_path / "old.sqlite3")
    (city / NOTE_FILE).unlink()
    (city / ENTRIES_FILE).unlink()

    def killed(store: Store, lost: Sequence[Entry], _show: object) -> None:
        recover(store, lost[:1])
        raise KeyboardInterrupt

    monkeypatch.setattr("publicmeeting.worker.recovery.recover", killed)
    assert main(["log", "fill", str(mirror)]) != 0
    monkeypatch.undo()
    with pytest.raises(Unavailable, match="log_behind"):
        append(1)
    assert main(["log", "fill", str(mirror)]) == 0
    append(1)


def test_a_replica_some_entries_behind_has_them_back_from_the_data_folder(
    city: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The primary dies before anybody has fetched the newest entries."""
    append(2)
    assert main(["backup", str(tmp_path / "replica.sqlite3")]) == 0
    append(3)
    restored(tmp_path / "replica.sqlite3")
    with pytest.raises(Unavailable, match="log_behind"):
        append(1)
    entries = city / ENTRIES_FILE
    whole = entries.read_bytes()
    lines = whole.splitlines(keepends=True)
    wrong = {"not those that were signed": lines[:-1], "are missing": lines[:-3] + lines[-2:]}
    for why, some in wrong.items():
        entries.write_bytes(b"".join(some))
        assert main(["log", "fill"]) == 1
        assert why in capsys.readouterr().err
    entries.unlink()
    assert main(["log", "fill"]) == 1
    assert "name a copy" in capsys.readouterr().err
    entries.write_bytes(b"".join(reversed(lines)) + lines[0][:7])
    assert main(["log", "fill"]) == 0, "in whatever order, and behind half a line"
    append(1)
    assert main(["log", "fill"]) == 0
    assert "has all that was signed last here" in capsys.readouterr().out


def test_a_command_names_what_to_do_with_a_log_that_is_not_as_signed(
    city: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = log.make_reserve("city.example/log")
    assert main(["log", "set-reserve", of(made, "public")]) == 0
    application = open_city(settings())
    try:
        with application.store.unit_of_work(application.clock()) as uow:
            uow.connection.execute(text("UPDATE log_head SET note = 'x'"))
    finally:
        application.store.close()
    capsys.readouterr()
    monkeypatch.setattr(sys, "stdin", io.StringIO(of(made, "private") + "\n"))
    assert main(["log", "use-reserve"]) == 1
    assert "restore the database or fill the log" in capsys.readouterr().err
    assert main(["log", "fill"]) == 1
    assert "damaged row, key or note" in capsys.readouterr().err


@contextmanager
def store_of() -> Iterator[tuple[Store, UnitOfWork]]:
    application = open_city(settings())
    with closing(application.store), application.store.unit_of_work(SATURDAY, reading=True) as uow:
        yield application.store, uow


def in_log_head(change: str, **values: object) -> None:
    with store_of() as (store, _):
        engine = store.engine
    change_past_the_program(engine, f"UPDATE log_head SET {change}", **values)


def private_key() -> bytes:
    """Return the daily private key, and seal it alone, as programs did before 2026-12-01."""
    with store_of() as (store, uow):
        sealed = uow.session.exec(select(LogHeadRow.seed)).one()
        private, *_ = store.vault.open("log_head.seed", "1", sealed or b"").split(" ")
    seals_alone(bytes.fromhex(private))
    return bytes.fromhex(private)


def seals_alone(private: bytes) -> None:
    with store_of() as (store, _):
        sealed = store.vault.seal("log_head.seed", "1", private.hex())
    in_log_head("seed = :seed", seed=sealed)


def test_a_city_of_before_names_its_reserve_key_once_and_goes_on(
    city: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    append(2)
    copied(tmp_path / "mirror")
    made, name = log.make_reserve("city.example/log"), "city.example/log"
    private, forged = private_key(), city_key(name, b"\x08" * 32).vkey
    in_log_head("reserve = :forged", forged=forged)
    with pytest.raises(Unavailable, match="log_behind"):
        append(1)
    assert main(["migrate"]) == 1
    assert "a new one with seed --reset" in capsys.readouterr().err
    update(replace(settings(), env=Env.TEST))  # of no demo
    assert "log set-reserve" in capsys.readouterr().out
    main(["doctor"])
    assert "as an older program sealed it" in capsys.readouterr().out
    (city / NOTE_FILE).unlink()
    assert main(["log", "set-reserve", of(made, "public")]) == 1, "nothing shows what was signed"
    refused = capsys.readouterr().err
    assert str(city / NOTE_FILE) in refused
    assert "checkpoint" in refused
    shutil.copy(tmp_path / "mirror" / "checkpoint", city / NOTE_FILE)
    assert main(["log", "set-reserve", of(made, "public")]) == 0
    append(1)
    capsys.readouterr()
    assert main(["log", "keys"]) == 0
    assert of(capsys.readouterr().out, "reserve") == of(made, "public")

    # The daily key was stolen. Who has it puts the old seal back, with a note that fits.
    monkeypatch.setattr(sys, "stdin", io.StringIO(of(made, "private") + "\n"))
    assert main(["log", "use-reserve"]) == 0
    with store_of() as (_, uow):
        size, root = uow.log.head().seq, bytes.fromhex(uow.log.head().root)
    seals_alone(private)
    stolen, end = city_key(name, private).vkey, signed(Checkpoint(name, size, root), private)
    in_log_head("key = :key, note = :note", key=stolen, note=str(end))
    assert main(["log", "set-reserve", forged]) == 1
    with pytest.raises(Unavailable, match="log_behind"):
        append(1)


def test_a_daily_key_that_was_replaced_signs_nothing_also_from_an_older_dump(
    city: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = log.make_reserve("city.example/log")
    assert main(["log", "set-reserve", of(made, "public")]) == 0
    append(2)
    assert main(["backup", str(tmp_path / "dump.sqlite3")]) == 0
    monkeypatch.setattr(sys, "stdin", io.StringIO(of(made, "private") + "\n"))
    assert main(["log", "use-reserve"]) == 0
    with store_of() as (_, uow):
        used = uow.log.keys()
    restored(tmp_path / "dump.sqlite3")
    for _ in range(2):
        with pytest.raises(Unavailable, match="log_behind"):
            append(1)
    capsys.readouterr()
    main(["doctor"])
    assert "see log use-reserve" in capsys.readouterr().out
    monkeypatch.setattr(sys, "stdin", io.StringIO(of(made, "private") + "\n"))
    assert main(["log", "use-reserve"]) == 0
    append(1)
    with store_of() as (_, uow):
        assert uow.log.keys() == used
    append(2)
    restored(tmp_path / "dump.sqlite3")
    assert main(["log", "fill"]) == 0
    with pytest.raises(Unavailable, match="log_behind"):
        append(1)
    monkeypatch.setattr(sys, "stdin", io.StringIO(of(made, "private") + "\n"))
    assert main(["log", "use-reserve"]) == 0
    append(1)
