"""After all other tests: a restored copy of the city works, and doctor finds nothing wrong."""

import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest
from parts import DISTRICT, runs
from support.citizens import someone
from support.line import MATTER

from publicmeeting.application import open_application
from publicmeeting.config import Settings
from publicmeeting.domain.errors import Unavailable
from publicmeeting.domain.records import Filing, Request
from publicmeeting.domain.roles import Actor, Grant, Role
from publicmeeting.text.filing import filing_text
from publicmeeting.usecases.filing.submitting import file_request


def test_a_dump_and_the_files_make_the_same_city_elsewhere(town, folder):
    """As docs/operations.md says: the database first, then the files."""
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


def test_a_city_goes_back_to_the_moment_before_a_mistake_and_its_log_forgets_nothing(town, folder):
    """As docs/operations.md says: base backup, archived log, moment.

    Then the log is filled from what any reader has fetched, and a lost request gets a stand-in
    under its ticket.
    """
    base = town.postgres.saves_all("base")
    stays = files(town, 901)
    moment = town.postgres.runs("psql", "-Atc", "SELECT now()", town.postgres.url("city")).strip()
    lost = files(town, 902)
    copy = folder / "later"
    shutil.copytree(town.data, copy)
    status, _, archive = town.proxy.fetches("/verify/everything.zip")
    assert status == 200
    (folder / "everything.zip").write_bytes(archive)
    with town.postgres.goes_back(base, moment) as url:
        settings = {**town.settings, "DATABASE_URL": url, "PUBLICMEETING_DATA": str(copy)}
        with pytest.raises(Unavailable, match="log_behind"):
            files(town, 903, settings)
        runs(town.release, settings, "log", "fill", str(folder / "everything.zip"))
        assert "NO " not in runs(town.release, settings, "doctor")
        instead = with_ticket(settings, lost.ticket)
        assert (instead.filed_at, instead.title) == (
            lost.filed_at.replace(microsecond=999_999),
            filing_text.LOST_TITLE,
        )
        assert files(town, 904, settings).code != stays.code


def with_ticket(settings: Mapping[str, str], ticket: str) -> Request:
    application = open_application(Settings.from_environment(settings))
    try:
        with application.store.unit_of_work(application.clock(), reading=True) as uow:
            found = uow.requests.find_ticket(ticket)
            assert found is not None
            return uow.requests.by_id(found[0])
    finally:
        application.store.close()


def files(town, number: int, settings: Mapping[str, str] | None = None) -> Request:
    """File a request, as a process of the city would."""
    who = someone(number)
    application = open_application(Settings.from_environment(settings or town.settings))
    try:
        with application.store.unit_of_work(application.clock()) as uow:
            person = uow.people.add("national", who.identity, who.name, f"+98{who.mobile[1:]}")
            filing = Filing(person=person, district=DISTRICT, matter=MATTER)
            hers = Actor(person_id=person.id, grants=(Grant(Role.CITIZEN),))
            return file_request(uow, hers, Role.CITIZEN, application.clock(), filing)
    finally:
        application.store.close()


def test_an_empty_database_beside_the_citys_files_is_refused_and_nothing_is_deleted(town, folder):
    """A typing error in DATABASE_URL. The folder is a copy: nothing migrates beside a server."""
    copy = folder / "copied"
    shutil.copytree(town.data, copy)
    settings = {**town.settings, "PUBLICMEETING_DATA": str(copy)}
    application = open_application(Settings.from_environment(settings))
    application.images.put(b"whatever the city stores")
    application.store.close()
    before = names(copy)
    assert before
    town.postgres.has("mistyped")
    mistyped = {"DATABASE_URL": town.postgres.url("mistyped"), "PUBLICMEETING_DATA": str(copy)}
    with pytest.raises(AssertionError, match="--adopt"):
        runs(town.release, {**town.settings, **mistyped}, "migrate")
    assert names(copy) == before


def names(folder: Path) -> list[str]:
    """Return the names of pictures and originals."""
    folders = [folder / "images", folder / "originals"]
    return sorted(path.name for one in folders for path in one.rglob("*") if path.is_file())
