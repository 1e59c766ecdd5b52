"""Migrations, up and down."""

import json
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import DateTime, TextClause, bindparam, inspect, text
from sqlmodel import SQLModel

from publicmeeting.cli.stop import without_traceback
from publicmeeting.config import Settings
from publicmeeting.domain.choices import Lane
from publicmeeting.store.accounts.row_tags import row_tag
from publicmeeting.store.database.engine import connect, sqlite_files
from publicmeeting.store.database.migrate import (
    NOTHING,
    current,
    needs_upgrade,
    upgrade,
    upgrade_url,
)
from publicmeeting.store.database.rows import cases, city, doors, people
from publicmeeting.store.database.vault import Vault, WrongKey
from publicmeeting.store.rekey import damaged
from publicmeeting.store.unit_of_work import Store
from publicmeeting.turns.log import LogMark
from publicmeeting.turns.tree.merkle import EMPTY
from publicmeeting.turns.tree.note import cosign

MODELS = (cases, city, doors, people)
"""The modules that define every table."""
COMPARED = {"compare_type": True, "compare_server_default": True}


def tables(url: str) -> set[str]:
    engine = connect(url)
    try:
        return set(inspect(engine).get_table_names()) - {"alembic_version"}
    finally:
        engine.dispose()


def test_every_step_has_a_way_back_and_forth_again(engine_url):
    assert tables(engine_url) == set(SQLModel.metadata.tables)
    upgrade_url(engine_url, NOTHING)
    assert tables(engine_url) == set()
    upgrade_url(engine_url)
    assert tables(engine_url) == set(SQLModel.metadata.tables)


def test_a_database_may_stop_at_any_step_and_go_on(engine_url):
    for step, known in (("0001", "public_log"), ("0002", "person"), ("0003", "request")):
        upgrade_url(engine_url, step)
        assert known in tables(engine_url)
        upgrade_url(engine_url)
        assert tables(engine_url) == set(SQLModel.metadata.tables)


def test_a_draw_from_before_the_figures_gets_them_from_its_file(engine_url):
    upgrade_url(engine_url, "0004")
    drawn = {"pool": [{}, {}, {}], "seated": [{}, {}], "seed": "ab"}
    files = {"open": {}, "frozen": {"pool": [{}]}, "drawn": drawn}
    engine = connect(engine_url)
    with engine.begin() as connection:
        for district, (state, file) in enumerate(files.items(), 1):
            values = {"id": state, "d": district, "state": state, "file": json.dumps(file)}
            connection.execute(
                text(
                    "INSERT INTO draw (id, district, monday, state, file)"
                    " VALUES (:id, :d, '2026-11-30', :state, :file)"
                ),
                values,
            )
    engine.dispose()
    upgrade_url(engine_url)
    with engine.begin() as connection:
        found = connection.execute(text("SELECT id, requests, seated, seed FROM draw"))
        figures = {name: tuple(row) for name, *row in found}
    engine.dispose()
    assert figures == {"open": (None,) * 3, "frozen": (1, None, None), "drawn": (3, 2, "ab")}


NEEDS, KEY = "step_free,sign_language", b"k" * 32


def dated(statement: str) -> TextClause:
    """Return a statement whose `:at` is a time as the program passes it.

    Python's own adapter for SQLite is deprecated.
    """
    return text(statement).bindparams(bindparam("at", type_=DateTime(timezone=True)))


def clear_rows(url: str) -> None:
    """Write a request and an ask as an older release wrote them."""
    upgrade_url(url, "0014", Vault(KEY))
    engine = connect(url)
    with engine.begin() as connection:
        for statement in (
            (
                "INSERT INTO person (id, kind, identity_hash, identity, name, created_at)"
                " VALUES ('p', 'national', 'h', :none, :none, :at)"
            ),
            (
                "INSERT INTO request (id, code, district, stage, version, person_id, subject,"
                " title, text, needs, prefers, lane, waited, debt, given_up, unanswered, salt,"
                " ticket, filed_at, stage_at)"
                " VALUES ('r', 'c', 6, 'waiting', 0, 'p', 'other', :none, :none,"
                f" '{NEEDS}', 'any', 'access', 0, 0, 0, 0, :none, 't', :at, :at)"
            ),
            (
                "INSERT INTO lane_ask (id, request_id, district, lane, asked_at, due_at)"
                " VALUES ('a', 'r', 6, 'access', :at, :at)"
            ),
            "INSERT INTO fact (key, value) VALUES ('key_check', :check)",
        ):
            values = {"none": b"", "at": datetime(2026, 11, 26, tzinfo=UTC)}
            values["check"] = Vault(KEY).check
            asked = {name: value for name, value in values.items() if f":{name}" in statement}
            connection.execute((dated if "at" in asked else text)(statement), asked)
    engine.dispose()


def words(url: str) -> list[object]:
    asked = ("SELECT needs FROM request", "SELECT lane FROM request", "SELECT lane FROM lane_ask")
    engine = connect(url)
    with engine.connect() as connection:
        found = [connection.execute(text(one)).scalar_one() for one in asked]
    engine.dispose()
    return found


def test_what_her_body_needs_is_sealed_in_rows_of_before_and_opened_on_the_way_back(engine_url):
    clear_rows(engine_url)
    assert words(engine_url) == [NEEDS, "access", "access"]
    upgrade_url(engine_url, vault=Vault(KEY))
    needs, lane, asked = map(bytes, words(engine_url))
    assert Vault(KEY).open_word("request.needs", "r", needs) == NEEDS
    assert Vault(KEY).open_word("request.lane", "r", lane) == "access"
    assert Vault(KEY).open_word("lane_ask.lane", "a", asked) == "access"
    for file in sqlite_files(engine_url):
        assert not file.exists() or NEEDS.encode() not in file.read_bytes()
    upgrade_url(engine_url, "0014", Vault(KEY))
    assert words(engine_url) == [NEEDS, "access", "access"]


@pytest.mark.parametrize("vault", [None, Vault(b"o" * 32)])
def test_with_another_key_nothing_is_sealed_and_no_step_is_taken(engine_url, vault):
    clear_rows(engine_url)
    with pytest.raises(WrongKey):
        upgrade_url(engine_url, vault=vault)
    assert words(engine_url) == [NEEDS, "access", "access"]


DOORS = (
    (
        "INSERT INTO account (id, username, name, password_hash, active, created_at)"
        " VALUES ('a', 'a', 'a', '', :yes, :at)"
    ),
    (
        "INSERT INTO session (id, account_id, mobile_hash, door, device, created_at, expires_at)"
        " VALUES ('his', 'a', NULL, 'password', '', :at, :at),"
        " ('hers', NULL, 'm', '', '', :at, :at)"
    ),
    (
        "INSERT INTO passkey (id, account_id, public_key, sign_count, name, created_at)"
        " VALUES ('k', 'a', 'public', 0, '', :at)"
    ),
    (
        "INSERT INTO invitation (id, account_id, kind, by_account, created_at, expires_at)"
        " VALUES ('i', 'a', 'first', 'a', :at, :at)"
    ),
    "INSERT INTO recovery_code (id, account_id) VALUES ('r', 'a')",
    (
        "INSERT INTO account (id, username, name, password_hash, active, suspended_at, created_at)"
        " VALUES ('b', 'b', 'b', 'hash', :yes, :at, :at)"
    ),
    (
        "INSERT INTO role_grant (account_id, role, district, from_on, until_on) VALUES"
        " ('a', 'desk', 6, '2026-01-01', NULL), ('a', 'deputy', 6, NULL, '2026-12-31')"
    ),
    "INSERT INTO totp (account_id, secret, since) VALUES ('a', :sealed, :at)",
    (
        "INSERT INTO account_decision"
        " (id, kind, account_id, body, proposed_by, proposed_at, not_before, state)"
        " VALUES ('d', 'new_link', 'b', '{}', 'a', :at, :at, 'proposed')"
    ),
)


def test_what_opens_a_door_in_rows_of_before_goes_on_opening_it(engine_url, clock):
    upgrade_url(engine_url, "0063", Vault(KEY))
    engine = connect(engine_url)
    with engine.begin() as connection:
        for statement in DOORS:
            values = {
                "at": datetime(2026, 11, 26, tzinfo=UTC),
                "yes": True,
                "sealed": b"sealed",
            }
            asked = {name: value for name, value in values.items() if f":{name}" in statement}
            connection.execute((dated if "at" in asked else text)(statement), asked)
    upgrade_url(engine_url, vault=Vault(KEY))
    with engine.connect() as connection:
        for table in ("session", "passkey", "invitation", "recovery_code"):
            rows = connection.execute(SQLModel.metadata.tables[table].select()).mappings().all()
            assert [row["tag"] for row in rows] == [row_tag(Vault(KEY), table, row) for row in rows]
            assert rows
    engine.dispose()
    with closing(Store(engine_url, KEY)) as store, store.unit_of_work(clock()) as uow:
        states = {one.id: (one.is_changed, one.is_suspended) for one in uow.accounts.all()}
        assert uow.decisions.open() == [], "a proposal is made again"
    assert states == {"a": (False, False), "b": (False, True)}


def test_every_word_has_the_same_length_sealed():
    lengths = {len(Vault(KEY).seal_word("request.lane", "r", word)) for word in ("", *Lane, NEEDS)}
    assert len(lengths) == 1


def test_migrations_and_models_describe_the_same_tables(engine_url):
    engine = connect(engine_url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts=COMPARED)
        assert compare_metadata(context, SQLModel.metadata) == []
    engine.dispose()


def test_the_log_begins_as_an_empty_tree(engine_url, clock):
    store = Store(engine_url, b"k" * 32)
    with store.unit_of_work(clock(), reading=True) as uow:
        assert uow.log.head() == LogMark(0, EMPTY.hex())
    store.close()


def test_a_log_of_before_it_was_a_tree_stays_and_one_sentence_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    city = settings(tmp_path)
    upgrade_url(city.database_url, "0026")
    engine = connect(city.database_url)
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO public_log (seq, at, kind, body, prev, hash)"
                " VALUES (1, '2026-11-24', 'log_opened', '{}', '', 'a')"
            )
        )
    engine.dispose()
    assert without_traceback(lambda: upgrade(city)) == 1
    sentence = capsys.readouterr().err.strip()
    assert sentence.startswith("The public log of this database has another form")
    assert "\n" not in sentence
    assert current(city) == "0026"


def settings(folder: Path) -> Settings:
    return Settings.from_environment(
        {"PUBLICMEETING_DATA": str(folder), "PUBLICMEETING_SECRET": "ab" * 32}
    )


def test_a_new_installation_says_what_it_needs_and_gets_it(tmp_path):
    city = settings(tmp_path / "a folder 100%")
    assert current(city) is None
    assert needs_upgrade(city)
    assert not city.data_dir.exists(), "asking makes nothing"
    upgrade(city)
    assert not needs_upgrade(city)
    upgrade(city)


def test_a_database_of_an_older_program_needs_the_missing_steps(tmp_path):
    city = settings(tmp_path)
    upgrade_url(city.database_url, "0003")
    assert current(city) == "0003"
    assert needs_upgrade(city)


PICTURE = (
    "INSERT INTO image (id, kind, web, thumb, original, width, height, {column}, created_at)"
    " VALUES ('i', 'x', 'w', 't', 'o', 1, 1, :file, :at)"
)
A_MOVED_MONDAY = (
    (
        "INSERT INTO rules (version, body, hash, from_on, announced_at)"
        " VALUES (1, '{}', '', '2026-01-01', '2026-01-01')"
    ),
    (
        'INSERT INTO monday (district, "on", seats, state, rules, why, place)'
        " VALUES (6, '2026-11-30', '09:00', 'open', 1, '', 'مسجد')"
    ),
)


def test_each_step_of_a_city_is_shown_before_it_runs(tmp_path):
    """A step of minutes that shows nothing looks like one that hangs, and is interrupted."""
    city, lines = settings(tmp_path), []
    upgrade(city, lines.append)
    assert not lines, "a new city has nothing that takes time"
    upgrade_url(city.database_url, "0069")
    upgrade(city, lines.append)
    assert lines[0].startswith(f"step 0070, 1 of {len(lines)}: Events have a tag that ")
    assert lines[-1].startswith(f"step {current(city)}, {len(lines)} of {len(lines)}: ")


def test_what_a_district_said_before_is_its_first_version_and_comes_back(engine_url, clock):
    upgrade_url(engine_url, "0024")
    engine = connect(engine_url)
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO district (number, address, hall, mayor, seats)"
                " VALUES (6, 'خیابان کارگر', 'سالن', 'نام', '09:00,09:15')"
            )
        )
        connection.execute(
            text(
                "INSERT INTO unit (id, district, code, name) VALUES ('d06-legal', 6, 'legal', 'ح')"
            )
        )
    engine.dispose()
    upgrade_url(engine_url, "0071", Vault(KEY))
    engine = connect(engine_url)
    with engine.begin() as connection:
        for statement in A_MOVED_MONDAY:
            connection.execute(text(statement))
        picture = {"file": "file", "at": datetime(2026, 11, 28, tzinfo=UTC)}
        connection.execute(dated(PICTURE.format(column="original_file")), picture)
    engine.dispose()
    upgrade_url(engine_url, vault=Vault(KEY))
    store = Store(engine_url, KEY)
    with store.unit_of_work(clock(), reading=True) as uow:
        assert list(damaged(uow)) == [], "its picture has the right tag too"
        assert uow.images.untagged() == []
        monday = uow.city.monday(6, date(2026, 11, 30))
        assert (monday.place, monday.is_genuine) == ("مسجد", True)
        found = uow.district_texts.newest(6)
        assert uow.district_texts.on(6, date(2020, 1, 1)) == found.texts
    store.close()
    assert (found.texts.address, found.texts.seats) == ("خیابان کارگر", ("09:00", "09:15"))
    assert (found.texts.units, found.state, found.proposed_by) == (
        (("legal", "ح"),),
        "in_force",
        "",
    )
    upgrade_url(engine_url, "0024")
    engine = connect(engine_url)
    with engine.connect() as connection:
        row = connection.execute(text("SELECT address, hall, mayor, seats FROM district")).one()
    engine.dispose()
    assert tuple(row) == ("خیابان کارگر", "سالن", "نام", "09:00,09:15")


def test_a_picture_that_goes_is_remembered_by_every_file_also_after_its_column_was_renamed(
    engine_url,
):
    """PostgreSQL stores a trigger as text, which a renaming does not change."""
    for step, column in (("0048", "kept"), ("head", "original_file"), ("0048", "kept")):
        upgrade_url(engine_url, step)
        engine = connect(engine_url)
        with engine.begin() as connection:
            connection.execute(
                dated(PICTURE.format(column=column)),
                {"file": f"file of {column}", "at": datetime(2026, 11, 28, tzinfo=UTC)},
            )
            connection.execute(text("DELETE FROM image"))
            names = set(connection.execute(text("SELECT name FROM dropped_file")).scalars())
        engine.dispose()
        assert {"w", "t", f"file of {column}"} <= names


def test_marks_of_before_have_tags_since_and_a_damaged_one_stops_no_upgrade(engine_url):
    vault, worst = Vault(KEY), "infinity" if "postgresql" in engine_url else "zzz"
    upgrade_url(engine_url, "0073")
    new = text("INSERT INTO job (name, holder, done_at) VALUES (:name, '', :at)")
    engine = connect(engine_url)
    with engine.begin() as connection:
        for name, at in (("line-closed/2026-11-30", "2026-11-21 20:30:00.250000"), ("x", worst)):
            connection.execute(new, {"name": name, "at": at})
    engine.dispose()
    upgrade_url(engine_url, vault=vault)
    now = datetime(2026, 11, 30, tzinfo=UTC)
    with closing(Store(engine_url, KEY)) as store, store.unit_of_work(now, reading=True) as uow:
        closed_at = datetime(2026, 11, 21, 20, 30, 0, 250000, tzinfo=UTC)
        assert uow.clockwork.marks("line-closed/") == {"line-closed/2026-11-30": closed_at}
        assert uow.clockwork.forged_marks() == ["x"]
    upgrade_url(engine_url, "0073")


def test_facts_of_before_get_tags(engine_url):
    upgrade_url(engine_url, "0074")
    written = text("INSERT INTO fact (key, value) VALUES (:key, :value)")
    engine = connect(engine_url)
    with engine.begin() as connection:
        for key, value in (("key_check", Vault(KEY).check), ("places", "version ۲")):
            connection.execute(written, {"key": key, "value": value})
    engine.dispose()
    with pytest.raises(WrongKey):
        upgrade_url(engine_url, vault=Vault(b"o" * 32))
    upgrade_url(engine_url, vault=Vault(KEY))
    now = datetime(2026, 12, 1, tzinfo=UTC)
    with closing(Store(engine_url, KEY)) as store, store.unit_of_work(now) as uow:
        assert uow.facts.get("places") == "version ۲"
        assert uow.facts.key_check() == Vault(KEY).check
        assert uow.facts.forged() == []


def test_lines_of_witnesses_of_before_get_tags(engine_url):
    upgrade_url(engine_url, "0075")
    line = cosign("a note\n", "example.ir/council", b"\2" * 32, 1_795_941_000)
    new = "INSERT INTO cosignature (size, name, key_id, line) VALUES (7, :name, :key, :line)"
    values = {"name": line.name, "key": line.id.hex(), "line": line.line}
    engine = connect(engine_url)
    with engine.begin() as connection:
        connection.execute(text(new), values)
    engine.dispose()
    upgrade_url(engine_url, vault=Vault(KEY))
    now = datetime(2026, 12, 1, tzinfo=UTC)
    with closing(Store(engine_url, KEY)) as store, store.unit_of_work(now) as uow:
        assert uow.log.cosignatures(7) == [(7, line)]
        assert uow.log.forged_cosignatures() == []
