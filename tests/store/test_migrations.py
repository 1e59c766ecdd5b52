"""Migrations: the tables of the first release, and steps that a later one adds."""

import shutil
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import DateTime, bindparam, inspect, text
from support.citizens import citizen, file, someone
from support.triggers import change_past_the_program

from publicmeeting.cli.stop import without_traceback
from publicmeeting.config import Settings
from publicmeeting.domain.choices import Lane
from publicmeeting.domain.officials.audit import AccountEventKind
from publicmeeting.domain.people import IdentityKind, Level, parse_mobile
from publicmeeting.store.database import migrate
from publicmeeting.store.database.engine import connect
from publicmeeting.store.database.migrate import (
    OlderTables,
    current,
    needs_upgrade,
    upgrade,
    upgrade_url,
)
from publicmeeting.store.database.tables import METADATA
from publicmeeting.store.database.vault import Vault, WrongKey
from publicmeeting.store.rekey import check_key
from publicmeeting.store.unit_of_work import Store
from publicmeeting.turns.log import LogMark
from publicmeeting.turns.tree.merkle import EMPTY
from publicmeeting.usecases.identity import Proof, prove_identity

COMPARED = {"compare_type": True, "compare_server_default": True}
KEY = b"k" * 32
NEXT_STEP = """\"\"\"Where exactly it is, as she writes it.\"\"\"

import sqlalchemy as sa
from alembic import op

revision = "9999"
down_revision = "{newest}"


def upgrade() -> None:
    op.add_column("request", sa.Column("landmark", sa.LargeBinary, nullable=True))
"""


def settings(folder: Path) -> Settings:
    return Settings.from_environment(
        {"PUBLICMEETING_DATA": str(folder), "PUBLICMEETING_SECRET": "ab" * 32}
    )


@pytest.fixture
def next_release(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A program that has one step more than this one."""
    newest = migrate._steps().get_current_head()
    steps = tmp_path / "migrations"
    shutil.copytree(migrate._STEPS, steps)
    (steps / "versions/9999_landmark.py").write_text(NEXT_STEP.format(newest=newest))
    monkeypatch.setattr(migrate, "_STEPS", steps)
    migrate._steps.cache_clear()
    yield
    migrate._steps.cache_clear()


@pytest.fixture
def machine_in_tehran() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("TZ", "Asia/Tehran")
        time.tzset()
        yield
    time.tzset()


def test_migrations_and_rows_describe_the_same_tables(engine_url):
    engine = connect(engine_url)
    with engine.connect() as connection:
        assert set(inspect(engine).get_table_names()) - {"alembic_version"} == set(METADATA.tables)
        context = MigrationContext.configure(connection, opts=COMPARED)
        assert compare_metadata(context, METADATA) == []
    engine.dispose()


def test_every_word_has_the_same_length_sealed():
    needs = "step_free,sign_language"
    lengths = {len(Vault(KEY).seal_word("request.lane", "r", word)) for word in ("", *Lane, needs)}
    assert len(lengths) == 1


def test_the_log_begins_as_an_empty_tree(engine_url, clock):
    with closing(Store(engine_url, KEY)) as store, store.unit_of_work(clock(), reading=True) as uow:
        assert uow.log.head() == LogMark(0, EMPTY.hex())


def test_a_new_installation_says_what_it_needs_and_gets_it(tmp_path):
    city, lines = settings(tmp_path / "a folder 100%"), []
    assert current(city) is None
    assert needs_upgrade(city)
    assert not city.data_dir.exists(), "asking makes nothing"
    upgrade(city, lines.append)
    assert not lines, "a new city has nothing that takes time"
    assert not needs_upgrade(city)
    upgrade(city)


@pytest.mark.parametrize(
    ("changed", "step"),
    [
        ("UPDATE alembic_version SET version_num = '0040'", "0040"),
        ("DELETE FROM alembic_version", "missing"),
        ("DROP TABLE alembic_version", "missing"),
    ],
)
def test_tables_of_a_trial_stay_and_one_sentence_says_so(tmp_path, capsys, changed, step):
    """Or somebody has changed the step of a city: nobody must be led to delete it."""
    city = settings(tmp_path)
    upgrade(city)
    engine = connect(city.database_url)
    with engine.begin() as connection:
        connection.execute(text(changed))
    engine.dispose()
    assert without_traceback(lambda: upgrade(city)) == 1
    sentence = capsys.readouterr().err.strip()
    assert f"a trial before the first release (step {step})" in sentence
    assert "\n" not in sentence
    assert "remove" not in sentence.lower()
    assert current(city) == (step if step.isdecimal() else None)
    with pytest.raises(OlderTables):
        needs_upgrade(city)


def test_the_next_release_shows_each_step_and_this_one_still_serves(tmp_path, request, monkeypatch):
    """A step of minutes that shows nothing looks like one that hangs, and is interrupted."""
    city, lines = settings(tmp_path / "data"), []
    upgrade(city)
    request.getfixturevalue("next_release")
    assert needs_upgrade(city)
    upgrade(city, lines.append)
    assert lines == ["step 9999, 1 of 1: Where exactly it is, as she writes it."]
    assert current(city) == "9999"
    monkeypatch.undo()
    migrate._steps.cache_clear()
    assert not needs_upgrade(city)


@pytest.mark.on_postgresql
def test_levels_and_mobiles_of_before_their_history_hold_as_far_as_they_are_proved(
    application, city, machine_in_tehran
):
    """The owner of the database may have written any of them, also what nobody can read."""
    # carded, matched, forged, moved, unreadable
    her = [someone(number) for number in range(1, 6)]
    check_key(application.store)
    engine, vault = application.store.engine, application.store.vault
    with application.store.unit_of_work(application.clock()) as uow:
        added = [
            uow.people.add("national", who.identity, who.name, parse_mobile(who.mobile)).id
            for who in her
        ]
        uow.people.prove(added[1], Level.MATCHED, "matching")
    for who in her:
        keys = citizen(application, who.mobile)
        file(application, who, keys)
    with application.store.unit_of_work(application.clock()) as uow:
        number, mobile = her[0].identity, parse_mobile(her[0].mobile)
        card = Proof(IdentityKind.NATIONAL, number, Level.VERIFIED, "desk:1", mobile=mobile)
        prove_identity(uow, card)
        earlier = vault.lookup_by(uow.facts.first_key(), "contact", f"{added[3]}/earlier")
        event = AccountEventKind.CITIZEN_REACHED
        uow.account_events.add(event, added[3], None, {"mark": earlier})
        since = uow.people.standing(added[0]).proven_at
    gone = "DELETE FROM account_event WHERE kind = 'citizen_stands'"
    change_past_the_program(engine, gone)
    called = "UPDATE person SET level = 'verified', proven_by = 'sso:x' WHERE id = :person"
    change_past_the_program(engine, called, person=added[2])
    change_past_the_program(engine, called, person=added[4])
    proven = "UPDATE person SET proven_at = :at WHERE id = :person"
    unreadable = "infinity" if engine.dialect.name == "postgresql" else "x"
    change_past_the_program(engine, proven, person=added[4], at=unreadable)
    filed_last = "(SELECT max(seq) FROM public_log WHERE kind = 'filed')"
    change_past_the_program(engine, f"UPDATE public_log SET body = '[]' WHERE seq = {filed_last}")
    change_past_the_program(engine, "UPDATE alembic_version SET version_num = '0077'")
    with pytest.raises(WrongKey):
        upgrade_url(engine.url.render_as_string(hide_password=False), vault=Vault(b"x" * 32))
    upgrade_url(engine.url.render_as_string(hide_password=False), vault=vault)
    change_past_the_program(engine, proven, person=added[4], at=None)
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        found = [uow.people.get(key) for key in added[:4]]
        levels = [person.level for person in found]
        assert levels == [Level.VERIFIED, Level.MATCHED, Level.TYPED, Level.TYPED]
        assert [person.is_called_proved for person in found] == [True, True, True, False]
        assert [person.is_reached_as_set for person in found] == [True, True, True, False]
        assert {key for key, _ in uow.standings.outdated()} == set(added[3:])
        assert uow.people.standing(added[0]).proven_at == since


def test_a_picture_that_goes_is_remembered_by_every_file(engine_url):
    added = text(
        "INSERT INTO image (id, kind, web, thumb, original, width, height, original_file,"
        " created_at) VALUES ('i', 'x', 'w', 't', 'o', 1, 1, 'file', :at)"
    ).bindparams(bindparam("at", type_=DateTime(timezone=True)))
    engine = connect(engine_url)
    with engine.begin() as connection:
        connection.execute(added, {"at": datetime(2026, 11, 28, tzinfo=UTC)})
        connection.execute(text("DELETE FROM image"))
        names = set(connection.execute(text("SELECT name FROM dropped_file")).scalars())
    engine.dispose()
    assert names == {"w", "t", "file"}


def test_a_step_that_fails_changes_nothing(engine_url, next_release):
    """The second machine, or a second press, finds the tables as they were."""
    engine = connect(engine_url)
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE request ADD COLUMN landmark VARCHAR"))
        before = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    with pytest.raises(Exception, match="landmark"):
        upgrade_url(engine_url)
    with engine.connect() as connection:
        after = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    engine.dispose()
    assert before == after
