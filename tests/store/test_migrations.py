"""Migrations: the tables of the first release, and steps that a later one adds."""

import shutil
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import DateTime, bindparam, inspect, text

from publicmeeting.cli.stop import without_traceback
from publicmeeting.config import Settings
from publicmeeting.domain.choices import Lane
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
from publicmeeting.store.database.vault import Vault
from publicmeeting.store.unit_of_work import Store
from publicmeeting.turns.log import LogMark
from publicmeeting.turns.tree.merkle import EMPTY

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
