"""After all of it: a copy of the city lives elsewhere, and doctor finds nothing in it."""

import shutil
from pathlib import Path

import pytest
from parts import runs


def test_a_dump_and_the_files_make_the_same_city_elsewhere(town, folder):
    """As docs/operations.md has it: the database first, then the files."""
    dump = folder / "city.dump"
    town.postgres.runs("pg_dump", "-Fc", f"--file={dump}", town.postgres.url("city"))
    copy = folder / "copy"
    shutil.copytree(town.data, copy)
    town.postgres.has("restored")
    restored = town.postgres.url("restored")
    town.postgres.runs(
        "pg_restore", "--no-owner", "--exit-on-error", f"--dbname={restored}", str(dump)
    )
    settings = {**town.settings, "DATABASE_URL": restored, "PUBLICMEETING_DATA": str(copy)}
    output = runs(town.release, settings, "doctor")
    assert "every picture" in output
    assert "NO " not in output


def test_an_empty_database_beside_the_citys_files_is_refused_and_nothing_is_deleted(town, folder):
    """A typing error in DATABASE_URL. The folder is a copy: nothing migrates beside a server."""
    copy = folder / "files"
    shutil.copytree(town.data, copy)
    before = names(copy)
    assert before
    town.postgres.has("mistyped")
    mistyped = {"DATABASE_URL": town.postgres.url("mistyped"), "PUBLICMEETING_DATA": str(copy)}
    with pytest.raises(AssertionError, match="--adopt"):
        runs(town.release, {**town.settings, **mistyped}, "migrate")
    assert names(copy) == before


def names(folder: Path) -> list[str]:
    """Of pictures and originals."""
    folders = [folder / "images", folder / "originals"]
    return sorted(path.name for one in folders for path in one.rglob("*") if path.is_file())
