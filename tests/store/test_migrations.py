"""The steps that make the tables, and back again."""

import json
from datetime import date
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, text
from sqlmodel import SQLModel

from publicmeeting.config import Settings
from publicmeeting.store.engine import connect
from publicmeeting.store.migrate import (
    NOTHING,
    current,
    needs_upgrade,
    upgrade,
    upgrade_url,
)
from publicmeeting.store.unit import Store

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


def test_a_draw_from_before_the_figures_gets_them_from_its_file(engine_url, clock):
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
    store = Store(engine_url, b"k" * 32)
    with store.work(clock(), reading=True) as work:
        found = work.draw_figures.of(date(2026, 11, 30))
    store.close()
    told = {one.id: (one.requests, one.seated, one.seed) for one in found}
    assert told == {"open": (None,) * 3, "frozen": (1, None, None), "drawn": (3, 2, "ab")}


def test_migrations_and_models_describe_the_same_tables(engine_url):
    engine = connect(engine_url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts=COMPARED)
        assert compare_metadata(context, SQLModel.metadata) == []
    engine.dispose()


def test_the_log_begins_at_its_first_hash(engine_url, clock):
    store = Store(engine_url, b"k" * 32)
    with store.work(clock(), reading=True) as work:
        assert work.log.head() == (0, "0" * 64)
    store.close()


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
