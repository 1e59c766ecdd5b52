"""The cleanup deletes what nobody needs any more, and nothing else."""

import hashlib
import os
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select
from support.citizens import citizen, file, someone
from support.city import FEW, City, found, open_application
from support.clock import FixedClock
from support.databases import SqliteTemplates
from support.files import files_in, folder_of, path_of
from support.images import add_image
from support.swept import may_be_swept
from support.together import together

from publicmeeting.application import Application
from publicmeeting.domain.calendar import next_monday
from publicmeeting.domain.choices import SheetPart
from publicmeeting.domain.records import PictureKind
from publicmeeting.domain.roles import Actor, Role
from publicmeeting.kit.clock import tehran_day
from publicmeeting.media.files import Mark
from publicmeeting.media.storage import SealedStorage
from publicmeeting.store.accounts.sessions import Keys
from publicmeeting.store.database.engine import copy_sqlite
from publicmeeting.store.database.rows.city import JobRow
from publicmeeting.store.orders.papers import OF_OURS
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.filing.submitting import SaveDraft, save_draft
from publicmeeting.usecases.lifecycle.effects.entries import (
    attended_districts,
    forget_attendance,
    note_attendance,
)
from publicmeeting.usecases.oversight.installation import Pairing, pair, pairing
from publicmeeting.worker.cleanup import (
    EVERY,
    Cleanup,
    Stop,
    Stopped,
    note_files,
    stopped,
    sweep_files,
)
from publicmeeting.worker.health import health

DAY = timedelta(days=1)
TABLES = ("session", "draft", "image", "one_time_code", "rate", "track_grant")


@dataclass(frozen=True, slots=True)
class House:
    """An application and the files in its folder."""

    application: Application
    clock: FixedClock

    def sweep(self) -> None:
        Cleanup(self.application, "this process").sweep()

    def put(self, data: bytes, *, days: float = 0) -> str:
        """Store a file, this many days old by the application's clock."""
        name = self.application.images.put(data)
        self.written(self.application.files.images, name, days)
        return name

    def written(self, storage: SealedStorage, name: str, days: float) -> None:
        then = (self.clock() - timedelta(days=days)).timestamp()
        os.utime(path_of(storage, name), (then, then))

    def drop(self, name: str) -> None:
        """Act as if a row had named this file and was deleted."""
        with self.application.store.unit_of_work(self.clock()) as uow:
            uow.connection.exec_driver_sql(f"INSERT INTO dropped_file VALUES ('{name}')")

    def trash(self) -> set[str]:
        return {discarded.name for discarded in self.application.images.discarded()}

    def stopped(self) -> Stopped | None:
        with self.application.store.unit_of_work(self.clock(), reading=True) as uow:
            return stopped(uow)

    def picture(self, actor: Actor, name: str, *, of_draft: bool = False, **about: Any) -> str:
        with self.application.store.unit_of_work(self.clock()) as uow:
            draft = uow.drafts.ensure(actor) if of_draft else None
            return add_image(uow, actor, name, kind=PictureKind.REPORT, draft_id=draft, **about).id

    def named(self) -> set[str]:
        with self.application.store.unit_of_work(self.clock(), reading=True) as uow:
            return uow.images.blobs()

    def actor(self, keys: Keys) -> Actor:
        with self.application.store.unit_of_work(self.clock(), reading=True) as uow:
            return uow.sessions.actor(keys)

    def rows(self) -> dict[str, int]:
        with self.application.store.unit_of_work(self.clock(), reading=True) as uow:
            connection = uow.session.connection()
            count = "SELECT count(*) FROM {}"
            return {
                table: connection.exec_driver_sql(count.format(table)).scalar_one()
                for table in TABLES
            }


@pytest.fixture
def house(application: Application, city: City, clock: FixedClock) -> House:
    may_be_swept(application)
    return House(application, clock)


@pytest.mark.on_postgresql
def test_what_has_ended_is_forgotten_and_the_case_stays(house: House, clock: FixedClock) -> None:
    keys = citizen(house.application, someone(1).mobile)
    request = file(house.application, someone(1), keys)
    visitor = Keys(visit="somebody else")
    house.application.execute_now(save_draft, visitor, SaveDraft(fields={"title": "چاله"}))
    house.picture(house.actor(visitor), house.put(b"hers"), of_draft=True)
    with house.application.store.unit_of_work(clock()) as uow:
        uow.tracks.grant("somebody else", request.id)
    assert all(house.rows().values())
    clock.forward(days=31)
    house.sweep()
    assert not any(house.rows().values())
    with house.application.store.unit_of_work(clock(), reading=True) as uow:
        assert uow.requests.by_id(request.id).title == request.title


def test_what_is_still_in_use_stays(house: House, clock: FixedClock) -> None:
    visitor = Keys(visit="somebody else")
    house.application.execute_now(save_draft, visitor, SaveDraft(fields={"title": "چاله"}))
    house.picture(house.actor(visitor), house.put(b"hers"), of_draft=True)
    citizen(house.application, someone(1).mobile, visit=visitor.visit)
    before = house.rows()
    house.sweep()
    assert house.rows() == before
    clock.forward(days=6)
    house.sweep()
    assert [house.rows()[one] for one in ("session", "draft", "image")] == [2, 1, 1]
    clock.forward(days=7)
    house.sweep()
    after = house.rows()
    assert [after[one] for one in ("session", "draft", "image")] == [0, 1, 1]
    assert [after[one] for one in ("one_time_code", "rate")] == [0, 0]


def test_a_picture_attached_to_nothing_goes_after_two_weeks_with_its_file(
    house: House, city: City, clock: FixedClock, a_request: Any
) -> None:
    request = a_request().request
    loose, attached = house.put(b"loose", days=1), house.put(b"attached", days=40)
    house.picture(city.as_("technical"), loose)
    house.picture(city.as_("technical"), attached, request_id=request.id)
    clock.forward(days=13)
    house.sweep()
    assert house.named() == {loose, attached}
    clock.forward(days=1, seconds=1)
    house.sweep()
    assert house.named() == {attached}
    assert set(house.application.images.names()) == {attached}


@pytest.mark.on_postgresql
def test_a_picture_whose_draft_is_gone_goes_too_and_that_of_a_draft_stays(
    house: House, city: City, clock: FixedClock
) -> None:
    """It was added in the moment in which another transaction deleted the draft."""
    visitor = Keys(visit="somebody else")
    house.application.execute_now(save_draft, visitor, SaveDraft(fields={"title": "چاله"}))
    citizen(house.application, someone(1).mobile, visit=visitor.visit)
    lost, of_draft = house.put(b"lost"), house.put(b"of draft")
    house.picture(city.as_("technical"), lost, of_draft=True)
    house.picture(house.actor(visitor), of_draft, of_draft=True)
    with house.application.store.unit_of_work(clock()) as uow:
        its_draft = f"SELECT draft_id FROM image WHERE web = '{lost}'"
        uow.connection.exec_driver_sql(f"DELETE FROM draft WHERE id = ({its_draft})")
    clock.forward(days=10)
    house.application.execute_now(save_draft, visitor, SaveDraft(fields={"title": "چراغ"}))
    house.sweep()
    assert house.named() == {lost, of_draft}
    clock.forward(days=5)
    house.sweep()
    assert house.named() == {of_draft}


def test_a_file_without_a_row_goes_into_the_trash_once_it_is_a_day_old(house: House) -> None:
    old, young = house.put(b"old", days=1.01), house.put(b"young", days=0.9)
    house.sweep()
    assert set(house.application.images.names()) == {young}
    assert not house.application.images.exists(old)
    assert house.trash() == {old}


def test_originals_are_swept_like_pictures_and_custody_keeps_what_it_names(
    house: House, city: City, a_request: Any
) -> None:
    request, application = a_request().request, house.application
    parts = {
        part: application.images if part in OF_OURS else application.originals for part in SheetPart
    }
    named = {part: files.put(part.value.encode()) for part, files in parts.items()}
    lost = [files.put(b"of nobody") for files in (application.images, application.originals)]
    hers = application.originals.put(b"hers")
    house.picture(city.as_("desk"), house.put(b"web"), original_file=hers, request_id=request.id)
    del named[SheetPart.TEXT]
    with application.store.unit_of_work(house.clock()) as uow:
        for part, name in named.items():
            uow.document_audit.add(
                request_id=request.id,
                sheet="6-1405-9",
                part=part.value,
                sha256=name,
                account_id=None,
                role=Role.MAYOR,
                at=house.clock(),
            )
    for files in application.files.all:
        for name in files.names():
            os.utime(path_of(files, name), (0, 0))
    house.sweep()
    assert not any(files.exists(name) for name in lost for files in (application.images,))
    assert set(application.originals.names()) == {
        hers,
        named[SheetPart.INK],
        named[SheetPart.PHOTO],
    }
    assert {named[part] for part in OF_OURS} < set(application.images.names())
    assert hashlib.sha256(b"text").hexdigest() not in application.originals.names(), (
        "lies in no file"
    )


@pytest.mark.on_postgresql
def test_who_was_in_a_hall_is_forgotten_after_eight_weeks(house: House) -> None:
    today = tehran_day(house.clock())
    old, recent = (next_monday(today - timedelta(weeks=weeks)) for weeks in (10, 8))
    with house.application.store.unit_of_work(house.clock()) as uow:
        for monday in (old, recent):
            note_attendance(uow, 6, monday, "1" * 64, house.clock())
        forget_attendance(uow, 6, old, "1" * 64)
        uow.clockwork.mark_done(f"reveal/{old}", house.clock())
    house.sweep()
    with house.application.store.unit_of_work(house.clock(), reading=True) as uow:
        names = set(uow.session.exec(select(JobRow.name)))
        assert attended_districts(uow, recent) == {6}
    assert f"reveal/{old}" in names
    assert not [name for name in names if name.startswith(f"present/{old}")]


@pytest.mark.on_postgresql
def test_one_sweep_an_hour_whoever_makes_it(house: House, clock: FixedClock) -> None:
    house.sweep()
    house.put(b"old", days=2)
    clock.forward(minutes=59)
    house.sweep()
    assert len(house.application.images.names()) == 1
    clock.forward(minutes=1)
    together(house.sweep, Cleanup(house.application, "another process").sweep)
    assert house.application.images.names() == {}


def test_nobody_sweeps_while_another_process_holds_the_lease(
    house: House, clock: FixedClock
) -> None:
    house.put(b"old", days=2)
    with house.application.store.unit_of_work(clock()) as uow:
        assert uow.clockwork.lease("sweep", "another process", timedelta(minutes=5))
    house.sweep()
    assert len(house.application.images.names()) == 1
    clock.forward(minutes=6)
    house.sweep()
    assert house.application.images.names() == {}


def test_a_sweep_in_the_future_of_a_told_story_does_not_stop_the_next_one(
    house: House, clock: FixedClock
) -> None:
    clock.forward(days=30)
    house.sweep()
    clock.forward(days=-20)
    house.put(b"old", days=2)
    house.sweep()
    assert house.application.images.names() == {}


def test_a_sweep_that_fails_rests_and_is_made_up_for(house: House, clock: FixedClock) -> None:
    house.put(b"old", days=2)
    sweeper = Cleanup(house.application, "this process")
    images = folder_of(house.application.files.images)
    images.rename(images.with_name("away"))
    with pytest.raises(OSError, match="No such file"):
        sweeper.sweep()
    sweeper.sweep()  # it does nothing
    images.with_name("away").rename(images)
    clock.forward(minutes=1)
    sweeper.sweep()
    assert house.application.images.names() == {}


def test_the_worker_sweeps(house: House, clock: FixedClock) -> None:
    house.put(b"old", days=2)
    house.application.worker.tick()
    assert house.application.images.names() == {}
    house.put(b"old", days=2)
    house.application.worker.tick()
    assert len(house.application.images.names()) == 1
    clock.forward(seconds=EVERY.total_seconds())
    house.application.worker.tick()
    assert house.application.images.names() == {}


# No file is deleted only because a database does not know it -----------------------------------


def test_an_empty_database_beside_a_full_folder_loses_nothing(
    house: House, engine_url: str, tmp_path: Path
) -> None:
    names = {house.put(f"picture {at}".encode(), days=3) for at in range(20)}
    empty = open_application(engine_url, tmp_path / "images", house.clock)
    Cleanup(empty, "a server with a typo in its DATABASE_URL").sweep()
    assert set(house.application.images.names()) == names
    assert pairing(empty.store, empty.files, house.clock()) is Pairing.UNKNOWN_DATABASE
    with empty.store.unit_of_work(house.clock(), reading=True) as uow:
        assert stopped(uow) == Stopped(Stop.UNPAIRED)
    empty.store.close()


def test_nothing_goes_from_a_database_without_requests(
    application: Application, city: City, clock: FixedClock
) -> None:
    may_be_swept(application, request=False)
    house = House(application, clock)
    name = house.put(b"somebody's", days=3)
    house.sweep()
    assert set(application.images.names()) == {name}
    assert house.stopped() == Stopped(Stop.NO_REQUESTS)


def test_nothing_goes_before_doctor_was_fine_nor_after_it_no_longer_is(
    house: House, clock: FixedClock
) -> None:
    def alarm() -> Stopped | None:
        return house.application.query_now(health, Keys(), Nothing()).sweep_stopped

    with house.application.store.unit_of_work(clock()) as uow:
        uow.facts.put("files_fine", "")
        uow.facts.put("files_were_fine", "")
    note_files(house.application.store, clock(), fine=False)
    old = house.put(b"old", days=2)
    house.sweep()
    assert house.stopped() == Stopped(Stop.UNCHECKED)
    assert alarm() is None, "a young installation"
    assert set(house.application.images.names()) == {old}
    note_files(house.application.store, clock(), fine=True)
    clock.forward(hours=1)
    house.sweep()
    assert house.stopped() is None
    assert house.trash() == {old}
    for _ in range(2):
        note_files(house.application.store, clock(), fine=False)
    house.put(b"later", days=2)
    clock.forward(days=30)
    house.sweep()
    assert alarm() == Stopped(Stop.NO_LONGER_FINE), "what was erased would stay for ever, unseen"
    assert house.trash() == {old}


def test_more_than_a_few_files_that_nobody_dropped_stay_until_somebody_has_looked(
    house: House, clock: FixedClock, caplog: pytest.LogCaptureFixture
) -> None:
    names = {house.put(f"picture {at}".encode(), days=3) for at in range(51)}
    house.sweep()
    assert set(house.application.images.names()) == names
    assert house.stopped() == Stopped(Stop.TOO_MANY, 51)
    assert "too_many 51" in caplog.text
    found_health = house.application.query_now(health, Keys(), Nothing())
    assert found_health.sweep_stopped == Stopped(Stop.TOO_MANY, 51)
    assert sweep_files(house.application, clock(), beyond=True).discarded == 51
    assert house.trash() == names
    assert house.stopped() is None


def test_what_was_dropped_goes_however_much_it_is(house: House, city: City) -> None:
    names = [house.put(f"picture {at}".encode(), days=20) for at in range(60)]
    for name in names:
        house.picture(city.as_("desk"), name)
    with house.application.store.unit_of_work(house.clock()) as uow:
        uow.connection.exec_driver_sql("DELETE FROM image")
        assert uow.images.dropped() == set(names)
    house.sweep()
    assert house.trash() == set(names)
    with house.application.store.unit_of_work(house.clock(), reading=True) as uow:
        assert uow.images.dropped() == set()


def test_a_missing_file_stops_the_sweep(house: House, city: City) -> None:
    old = house.put(b"old", days=3)
    house.picture(city.as_("desk"), hashlib.sha256(b"lost").hexdigest())
    house.sweep()
    assert house.stopped() == Stopped(Stop.FILES_MISSING, 1)
    assert set(house.application.images.names()) == {old}


def test_a_restored_older_database_beside_newer_files_loses_nothing(
    house: House, city: City, clock: FixedClock
) -> None:
    """The old dump lacks the log entry by which the files remember their database."""
    newer = {house.put(f"newer {at}".encode(), days=3) for at in range(10)}
    files = house.application.files
    mark = files.mark()
    assert mark is not None
    files.set_mark(Mark(mark.installation, mark.seq + 3, "f" * 64))
    assert pairing(house.application.store, files, clock()) is Pairing.OLDER_DATABASE
    house.sweep()
    assert house.stopped() == Stopped(Stop.OLDER_DATABASE)
    assert set(house.application.images.names()) == newer
    # Even later, when another entry has that number.
    files.set_mark(Mark(mark.installation, mark.seq, "f" * 64))
    clock.forward(hours=1)
    house.sweep()
    assert set(house.application.images.names()) == newer
    pair(house.application.store, files, clock(), adopt=True)
    assert pairing(house.application.store, files, clock()) is Pairing.FITS


def test_a_dump_of_before_is_restored_and_then_a_better_one(
    sqlite_templates: SqliteTemplates, tmp_path: Path, clock: FixedClock
) -> None:
    """Files stored since belong to one of them, and neither database may lose them."""
    url = sqlite_templates.copy(
        f"city_{len(FEW)}", lambda url: found(url, tmp_path / "template", FEW)
    )
    house = House(open_application(url, tmp_path / "images", clock), clock)
    may_be_swept(house.application)
    copy_sqlite(url, dump := tmp_path / "dump.sqlite3")
    request = file(house.application, someone(2), citizen(house.application, someone(2).mobile))
    newer = {house.put(f"since the dump {at}".encode(), days=2) for at in range(3)}
    with house.application.store.unit_of_work(clock()) as uow:
        actor = Actor(person_id=request.person_id)
        for name in newer:
            add_image(uow, actor, name, request_id=request.id)
    house.sweep()
    assert house.stopped() is None
    older = open_application(f"sqlite:///{dump}", tmp_path / "images", clock)
    for _ in range(3):
        clock.forward(days=20)
        Cleanup(older, "after the restore").sweep()
    with older.store.unit_of_work(clock(), reading=True) as uow:
        assert stopped(uow) == Stopped(Stop.OLDER_DATABASE)
    older.store.close()
    assert set(house.application.images.names()) == newer
    assert pairing(house.application.store, house.application.files, clock()) is Pairing.FITS
    house.application.store.close()


def test_a_file_in_the_trash_comes_back_as_soon_as_a_row_names_it(
    house: House, city: City, clock: FixedClock
) -> None:
    name = house.put(b"of a later dump", days=2)
    house.sweep()
    assert house.trash() == {name}
    house.picture(city.as_("desk"), name)
    clock.forward(hours=1)
    house.sweep()
    assert (house.trash(), set(house.application.images.names())) == (set(), {name})
    assert house.application.images.get(name) == b"of a later dump"


def test_the_trash_is_emptied_after_a_month_and_a_doctor_that_was_fine_without_it(
    house: House, clock: FixedClock
) -> None:
    name = house.put(b"old", days=2)
    house.sweep()
    clock.forward(days=40)
    house.sweep()
    assert house.trash() == {name}, "doctor has not looked since it went"
    note_files(house.application.store, clock(), fine=True)
    clock.forward(days=2)
    house.sweep()
    assert house.trash() == set()
    again = house.put(b"old", days=2)
    clock.forward(hours=1)
    house.sweep()
    note_files(house.application.store, clock(), fine=True)
    clock.forward(days=29)
    house.sweep()
    assert house.trash() == {again}, "not a month yet"


def test_files_and_database_are_paired_once_and_strangers_never(
    application: Application, city: City, clock: FixedClock, engine_url: str, tmp_path: Path
) -> None:
    store, files = application.store, application.files
    assert pairing(store, files, clock()) is Pairing.FITS, "both are new"
    assert pair(store, files, clock()) is Pairing.FITS
    mark = files.mark()
    assert mark is not None
    assert pair(store, files, clock()) is Pairing.FITS
    assert files.mark() == mark

    elsewhere = files_in(tmp_path / "elsewhere")
    assert pairing(store, elsewhere, clock()) is Pairing.UNKNOWN_FILES, "another machine's folder"
    elsewhere.images.put(b"of another city")
    assert pair(store, elsewhere, clock()) is Pairing.UNKNOWN_FILES
    elsewhere.set_mark(Mark("another city"))
    assert pair(store, elsewhere, clock()) is Pairing.DIFFERENT
    assert elsewhere.mark() == Mark("another city"), "nothing was changed"
    assert pair(store, elsewhere, clock(), adopt=True) is Pairing.FITS
    taken = elsewhere.mark()
    assert taken is not None
    assert taken.installation == mark.installation


def test_of_two_new_databases_one_has_the_folder(
    application: Application, city: City, clock: FixedClock, engine_url: str, tmp_path: Path
) -> None:
    """The folder is empty; with one id for both, each would sweep the other's files."""
    store, files = application.store, application.files
    assert pair(store, files, clock()) is Pairing.FITS
    mark = files.mark()
    second = open_application(engine_url, tmp_path / "images", clock).store
    assert pair(second, files, clock()) is Pairing.UNKNOWN_DATABASE
    assert files.mark() == mark, "nothing was changed"
    assert pair(second, files, clock(), adopt=True) is Pairing.FITS
    assert pairing(store, files, clock()) is Pairing.DIFFERENT
    second.close()


def test_of_an_earlier_program_only_what_fits_is_paired(
    application: Application, city: City, clock: FixedClock
) -> None:
    application.images.put(b"a picture")
    assert pair(application.store, application.files, clock()) is Pairing.STRANGERS
    House(application, clock).picture(city.as_("desk"), application.images.put(b"a picture"))
    assert pair(application.store, application.files, clock()) is Pairing.FITS
