"""The database owner writes entries of the public log: the city's key signs none of them."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text
from support.city import KEY
from support.log_bodies import skipped
from support.triggers import drop_triggers

from publicmeeting.domain.errors import Unavailable
from publicmeeting.kit.clock import utc_now
from publicmeeting.store.public_record.log import Log
from publicmeeting.store.public_record.newest_note import NewestNote
from publicmeeting.store.unit_of_work import Store
from publicmeeting.turns.kinds import Kind
from publicmeeting.turns.log import Entry, canonical, entry
from publicmeeting.turns.tree.checkpoint import Checkpoint, city_key, signed
from publicmeeting.turns.tree.merkle import Edge

NOW = utc_now()
ORIGIN = "example.ir/log"
HIS = b"\x07" * 32
"""A key of the database owner."""


@pytest.fixture
def log(engine_url: str, tmp_path: Path) -> Iterator[Store]:
    with closing(Store(engine_url, KEY, newest_note=NewestNote(tmp_path / "note"))) as store:
        with store.unit_of_work(NOW) as uow:
            uow.log.open(ORIGIN, "", NOW)
        append(store)
        yield store


def append(store: Store) -> Entry:
    with store.unit_of_work(NOW) as uow:
        return uow.log.append(Kind.SKIP, skipped(), NOW)


def forge(store: Store) -> tuple[int, bytes]:
    """Write an entry and a head that fits it, as their owner can; return size and root."""
    with store.engine.begin() as connection:
        size, data = connection.execute(text("SELECT seq, edge FROM log_head")).one()
        edge, new = Edge.read(size, data), entry(size + 1, NOW, Kind.SKIP, skipped())
        edge.append(new.leaf)
        row = {"seq": new.seq, "at": new.at, "body": canonical(new.body), "leaf": new.leaf}
        insert = (
            "INSERT INTO public_log (seq, at, kind, body, leaf) "
            "VALUES (:seq, :at, 'skip', :body, :leaf)"
        )
        connection.execute(text(insert), row)
        head = {"seq": edge.size, "edge": edge.data}
        connection.execute(text("UPDATE log_head SET seq = :seq, edge = :edge"), head)
        return edge.size, edge.root


def write(store: Store, statement: str, **values: object) -> list[object]:
    with store.engine.begin() as connection:
        found = connection.execute(text(statement), values)
        return [one for (one,) in found] if found.returns_rows else []


def refused(store: Store, size: int) -> None:
    """Check that nothing follows this end of the log, and that no page signs it."""
    with pytest.raises(Unavailable, match="log_behind"):
        append(store)
    for signs in ("note", "receipt"):
        with (
            store.unit_of_work(NOW, reading=True) as uow,
            pytest.raises(Unavailable, match="log_behind"),
        ):
            getattr(uow.log, signs)(size)
    with store.unit_of_work(NOW, reading=True) as uow:
        assert uow.log.is_behind(), "/ready names it"


@pytest.mark.on_postgresql
def test_an_entry_written_by_the_database_owner_is_not_signed(log: Store) -> None:
    """By this a friend has a lane, or a rival has withdrawn, and every auditor believes it."""
    size, _ = forge(log)
    refused(log, size)


@pytest.mark.on_postgresql
def test_nor_with_a_note_of_his_own_key(log: Store) -> None:
    size, root = forge(log)
    note, key = str(signed(Checkpoint(ORIGIN, size, root), HIS)), city_key(ORIGIN, HIS).vkey
    write(log, "UPDATE log_head SET note = :note, key = :key", note=note, key=key)
    refused(log, size)


def test_nor_while_he_hides_the_key(log: Store) -> None:
    forge(log)
    write(log, "UPDATE log_head SET seed = NULL")
    with pytest.raises(Unavailable, match="log_behind"):
        append(log)


def test_nor_by_a_change_of_the_key(log: Store) -> None:
    size, _ = forge(log)
    with pytest.raises(Unavailable, match="log_behind"), log.unit_of_work(NOW) as uow:
        uow.log.set_keys(ORIGIN, b"\x09" * 32, "")
    refused(log, size)


@pytest.mark.on_postgresql
def test_what_the_program_wrote_goes_on_also_under_another_key(log: Store) -> None:
    append(log)
    with log.unit_of_work(NOW) as uow:
        uow.log.set_keys(ORIGIN, b"\x09" * 32, "")
    new = append(log)
    with log.unit_of_work(NOW, reading=True) as uow:
        assert not uow.log.is_behind()
        assert uow.log.note(new.seq)
        assert uow.log.receipt(new.seq)
        assert uow.log.receipt(1)


@pytest.mark.on_postgresql
def test_no_list_is_made_of_an_end_that_the_city_has_not_signed(log: Store) -> None:
    """He waits until a list is read, and takes the entries back before anything is appended."""
    forge(log)
    with (
        log.unit_of_work(NOW, reading=True) as uow,
        pytest.raises(Unavailable, match="log_behind"),
    ):
        uow.line_book.catch_up()


@pytest.mark.on_postgresql
def test_nor_of_changed_rows_behind_entries_of_the_same_step(log: Store) -> None:
    changed = "UPDATE public_log SET body = replace(body, 'not_ready', 'absent')"
    with log.unit_of_work(NOW) as uow:
        drop_triggers(uow)
    with log.unit_of_work(NOW) as uow:
        uow.log.append(Kind.SKIP, skipped(), NOW)
        uow.connection.execute(text(f"{changed} WHERE seq = 2"))
        with pytest.raises(Unavailable, match="log_behind"):
            uow.line_book.catch_up()
        uow.connection.execute(
            text("UPDATE public_log SET body = replace(body, 'absent', 'not_ready')")
        )
    log._shared_book._wrong = (0, 0.0)  # the minute is over
    with log.unit_of_work(NOW, reading=True) as uow:
        uow.line_book.catch_up()


def test_what_a_step_has_signed_it_may_also_certify(log: Store) -> None:
    with log.unit_of_work(NOW) as uow:
        new = uow.log.append(Kind.SKIP, skipped(), NOW)
        uow.log.sign()
        assert uow.log.receipt(new.seq)


@pytest.mark.parametrize("wrong", ["replace(body, 'not_ready', 'absent')", "'{'"])
def test_a_wrong_row_does_not_let_each_page_read_the_whole_log(
    log: Store, monkeypatch: pytest.MonkeyPatch, wrong: str
) -> None:
    reads, data_after = list[int](), Log.data_after

    def counted(self: Log, seq: int, limit: int = 1000) -> list[tuple[int, bytes]]:
        reads.append(seq)
        return data_after(self, seq, limit)

    def asks() -> None:
        with log.unit_of_work(NOW, reading=True) as uow:
            uow.line_book.catch_up()

    monkeypatch.setattr(Log, "data_after", counted)
    with log.unit_of_work(NOW) as uow:
        drop_triggers(uow)
    (was,) = write(log, "SELECT body FROM public_log WHERE seq = 2")
    write(log, f"UPDATE public_log SET body = {wrong} WHERE seq = 2")
    for _ in range(3):
        with pytest.raises(Unavailable, match="log_behind"):
            asks()
        append(log)
    assert reads == [0]
    assert log.has_wrong_entries
    write(log, "UPDATE public_log SET body = :was WHERE seq = 2", was=was)
    log._shared_book._wrong = (0, 0.0)  # the minute is over
    asks()
    assert not log.has_wrong_entries


def test_a_kind_that_the_owner_wrote_is_a_fault_and_is_read_once_a_minute(log: Store) -> None:
    with log.unit_of_work(NOW) as uow:
        drop_triggers(uow)
    write(log, "UPDATE public_log SET kind = 'unknown' WHERE seq = 2")
    for _ in range(2):
        with (
            pytest.raises(Unavailable, match="log_behind"),
            log.unit_of_work(NOW, reading=True) as uow,
        ):
            uow.line_book.catch_up()
        assert log.has_wrong_entries


@pytest.mark.on_postgresql
def test_a_reader_who_came_before_the_newest_entry_does_not_have_the_log_read_again(
    log: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads, data_after = list[int](), Log.data_after

    def counted(self: Log, seq: int, limit: int = 1000) -> list[tuple[int, bytes]]:
        reads.append(seq)
        return data_after(self, seq, limit)

    with log.unit_of_work(NOW, reading=True, unhurried=True) as early:
        size = early.log.committed_edge().size
        append(log)
        with log.unit_of_work(NOW, reading=True) as late:
            late.line_book.catch_up()
        monkeypatch.setattr(Log, "data_after", counted)
        early.line_book.catch_up()
    assert reads == []
    assert log._shared_book._replay.book.size == size + 1


def test_but_an_older_end_of_another_log_is_not_believed(log: Store) -> None:
    append(log)
    with log.unit_of_work(NOW, reading=True) as uow:
        uow.line_book.catch_up()
        size, data = uow.log.committed_edge().size, uow.log.mark(1).root
        replay = log._shared_book._replay
        assert replay.is_past(Edge(1, [bytes.fromhex(data)]))
        assert not replay.is_past(Edge(1, [b"\x01" * 32]))
        assert not replay.is_past(Edge.read(size, replay.tree.data))


LOST = [None, b"\x01damaged"]


@pytest.mark.on_postgresql
@pytest.mark.parametrize("seed", LOST, ids=["missing", "damaged"])
def test_the_reserve_key_signs_when_the_daily_key_is_lost(log: Store, seed: bytes | None) -> None:
    write(log, "UPDATE log_head SET seed = :seed", seed=seed)
    with pytest.raises(Unavailable, match="log_behind"):
        append(log)
    with log.unit_of_work(NOW) as uow:
        uow.log.set_keys(ORIGIN, b"\x09" * 32, "")
    new = append(log)
    with log.unit_of_work(NOW, reading=True) as uow:
        assert not uow.log.is_behind()
        assert uow.log.receipt(new.seq)


@pytest.mark.parametrize("seed", LOST, ids=["missing", "damaged"])
def test_but_not_an_end_that_the_newest_note_does_not_have(log: Store, seed: bytes | None) -> None:
    """The database owner damages the key, so that nobody can compare his entry."""
    forge(log)
    write(log, "UPDATE log_head SET seed = :seed", seed=seed)
    with pytest.raises(Unavailable, match="log_behind"), log.unit_of_work(NOW) as uow:
        uow.log.set_keys(ORIGIN, b"\x09" * 32, "")
    with log.unit_of_work(NOW, reading=True) as uow:
        assert uow.log.is_behind()


CHANGED = {
    "body": "UPDATE public_log SET body = replace(body, 'not_ready', 'absent') WHERE seq = 2",
    "leaf": "UPDATE public_log SET leaf = :other WHERE seq = 2",
    "broken": "UPDATE public_log SET body = '{' WHERE seq = 2",
    "kind": "UPDATE public_log SET kind = 'unknown' WHERE seq = 2",
    "gone": "DELETE FROM public_log WHERE seq = 2",
    "lost": "DELETE FROM public_log WHERE seq = 2 AND leaf != :other",
}


@pytest.mark.on_postgresql(rows=(2, 5))
@pytest.mark.parametrize(
    ("signs", "how"),
    [
        *(("receipt", how) for how in ("body", "broken", "gone", "kind", "leaf")),
        ("note", "leaf"),
        ("note", "lost"),
    ],
)
def test_no_older_size_is_signed_over_rows_that_he_has_changed(
    log: Store, signs: str, how: str
) -> None:
    for _ in range(4):
        append(log)
    with log.unit_of_work(NOW) as uow:
        drop_triggers(uow)
    values = {"other": b"\x01" * 32} if ":other" in CHANGED[how] else {}
    write(log, CHANGED[how], **values)
    with (
        log.unit_of_work(NOW, reading=True) as uow,
        pytest.raises(Unavailable, match="log_behind"),
    ):
        getattr(uow.log, signs)(2)


def test_every_size_and_entry_of_an_honest_log_is_signed(log: Store) -> None:
    for _ in range(7):
        append(log)
    with log.unit_of_work(NOW, reading=True) as uow:
        for size in range(1, uow.log.head().seq + 1):
            assert uow.log.note(size)
            assert uow.log.receipt(size)
