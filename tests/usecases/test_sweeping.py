"""What nobody needs any more goes by itself, and what somebody may still need does not."""

import hashlib
import os
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from support.citizens import citizen, file, someone
from support.city import City
from support.clock import FixedClock
from support.together import together

from publicmeeting.domain.choices import SheetPart
from publicmeeting.domain.roles import Actor, Role
from publicmeeting.office import Office
from publicmeeting.store.custody import OF_OURS
from publicmeeting.store.sessions import Keys
from publicmeeting.usecases.booking import SaveDraft, save_draft
from publicmeeting.usecases.sweeping import EVERY, Sweeper

DAY = timedelta(days=1)
TABLES = ("session", "draft", "image", "one_time_code", "rate", "track_grant")


@dataclass(frozen=True, slots=True)
class House:
    """An office, and what lies in it."""

    office: Office
    clock: FixedClock

    def sweep(self) -> None:
        Sweeper(self.office, "this process").sweep()

    def put(self, data: bytes, *, days: float = 0) -> str:
        """A file written so many days ago by the office's clock."""
        name = self.office.images.put(data)
        then = (self.clock() - timedelta(days=days)).timestamp()
        os.utime(self.office.images.path(name), (then, then))
        return name

    def picture(self, actor: Actor, name: str, *, of_draft: bool = False, **about: Any) -> str:
        with self.office.store.work(self.clock()) as work:
            draft = work.drafts.ensure(actor) if of_draft else None
            return work.images.add(
                kind="report", web=name, thumb=name, original=name, width=1, height=1,
                actor=actor, draft_id=draft, **about,
            ).id  # fmt: skip

    def named(self) -> set[str]:
        with self.office.store.work(self.clock(), reading=True) as work:
            return work.images.blobs()

    def actor(self, keys: Keys) -> Actor:
        with self.office.store.work(self.clock(), reading=True) as work:
            return work.sessions.actor(keys)

    def rows(self) -> dict[str, int]:
        with self.office.store.work(self.clock(), reading=True) as work:
            connection = work.session.connection()
            count = "SELECT count(*) FROM {}"
            return {
                one: connection.exec_driver_sql(count.format(one)).scalar_one() for one in TABLES
            }


@pytest.fixture
def house(office: Office, city: City, clock: FixedClock) -> House:
    return House(office, clock)


def test_what_has_ended_is_forgotten_and_the_case_stays(house: House, clock: FixedClock) -> None:
    keys = citizen(house.office, someone(1).mobile)
    request = file(house.office, someone(1), keys)
    visitor = Keys(visit="somebody else")
    house.office.perform_now(save_draft, visitor, SaveDraft(fields={"title": "چاله"}))
    house.picture(house.actor(visitor), house.put(b"hers"), of_draft=True)
    with house.office.store.work(clock()) as work:
        work.tracks.grant("somebody else", request.id)
    assert all(house.rows().values())
    clock.forward(days=31)
    house.sweep()
    assert not any(house.rows().values())
    with house.office.store.work(clock(), reading=True) as work:
        assert work.requests.by_id(request.id).title == request.title


def test_what_is_still_in_use_stays(house: House, clock: FixedClock) -> None:
    visitor = Keys(visit="somebody else")
    house.office.perform_now(save_draft, visitor, SaveDraft(fields={"title": "چاله"}))
    house.picture(house.actor(visitor), house.put(b"hers"), of_draft=True)
    citizen(house.office, someone(1).mobile)
    before = house.rows()
    house.sweep()
    assert house.rows() == before
    clock.forward(days=13)
    house.sweep()
    after = house.rows()
    assert [after[one] for one in ("session", "draft", "image")] == [1, 1, 1]
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
    assert set(house.office.images.names()) == {attached}


def test_a_file_without_a_row_goes_once_it_is_a_day_old(house: House) -> None:
    old, young = house.put(b"old", days=1.01), house.put(b"young", days=0.9)
    house.sweep()
    assert set(house.office.images.names()) == {young}
    assert not house.office.images.exists(old)


def test_originals_are_swept_like_pictures_and_custody_keeps_what_it_names(
    house: House, city: City, a_request: Any
) -> None:
    request, office = a_request().request, house.office
    parts = {part: office.images if part in OF_OURS else office.originals for part in SheetPart}
    named = {part: files.put(part.value.encode()) for part, files in parts.items()}
    lost = [files.put(b"of nobody") for files in (office.images, office.originals)]
    hers = office.originals.put(b"hers")
    house.picture(city.as_("desk"), house.put(b"web"), kept=hers, request_id=request.id)
    del named[SheetPart.TEXT]
    with office.store.work(house.clock()) as work:
        for part, name in named.items():
            work.custody.add(
                request_id=request.id, sheet="6-1405-9", part=part.value, sha256=name,
                account_id=None, role=Role.MAYOR, at=house.clock(),
            )  # fmt: skip
    for files in (office.images, office.originals):
        for name in files.names():
            os.utime(files.path(name), (0, 0))
    house.sweep()
    assert not any(files.exists(name) for name in lost for files in (office.images,))
    assert set(office.originals.names()) == {hers, named[SheetPart.INK], named[SheetPart.PHOTO]}
    assert {named[part] for part in OF_OURS} < set(office.images.names())
    assert hashlib.sha256(b"text").hexdigest() not in office.originals.names(), "lies in no file"


def test_one_sweep_an_hour_whoever_makes_it(house: House, clock: FixedClock) -> None:
    house.sweep()
    house.put(b"old", days=2)
    clock.forward(minutes=59)
    house.sweep()
    assert len(house.office.images.names()) == 1
    clock.forward(minutes=1)
    together(house.sweep, Sweeper(house.office, "another process").sweep)
    assert house.office.images.names() == {}


def test_nobody_sweeps_while_another_process_holds_the_lease(
    house: House, clock: FixedClock
) -> None:
    house.put(b"old", days=2)
    with house.office.store.work(clock()) as work:
        assert work.clockwork.lease("sweep", "another process", timedelta(minutes=5))
    house.sweep()
    assert len(house.office.images.names()) == 1
    clock.forward(minutes=6)
    house.sweep()
    assert house.office.images.names() == {}


def test_a_sweep_in_the_future_of_a_told_story_does_not_stop_the_next_one(
    house: House, clock: FixedClock
) -> None:
    clock.forward(days=30)
    house.sweep()
    clock.forward(days=-20)
    house.put(b"old", days=2)
    house.sweep()
    assert house.office.images.names() == {}


def test_a_sweep_that_fails_rests_and_is_made_up_for(house: House, clock: FixedClock) -> None:
    house.put(b"old", days=2)
    sweeper = Sweeper(house.office, "this process")
    house.office.images.folder.rename(house.office.images.folder.with_name("away"))
    with pytest.raises(OSError, match="No such file"):
        sweeper.sweep()
    sweeper.sweep()  # it rests
    house.office.images.folder.with_name("away").rename(house.office.images.folder)
    clock.forward(minutes=1)
    sweeper.sweep()
    assert house.office.images.names() == {}


def test_the_worker_sweeps(house: House, clock: FixedClock) -> None:
    house.put(b"old", days=2)
    house.office.worker.tick()
    assert house.office.images.names() == {}
    house.put(b"old", days=2)
    house.office.worker.tick()
    assert len(house.office.images.names()) == 1
    clock.forward(seconds=EVERY.total_seconds())
    house.office.worker.tick()
    assert house.office.images.names() == {}
