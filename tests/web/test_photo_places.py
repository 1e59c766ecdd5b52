"""Costly and broken uploads of a stranger use one HEIC decoder at a time and her allowance."""

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from browsers import Browser, Browsers, compose
from signed_in import sign_in
from support.citizens import own_visit
from support.city import City
from support.clock import FixedClock
from test_photos import MEGABYTE, picture

from publicmeeting.application import Application
from publicmeeting.config import Settings
from publicmeeting.media.intake.photo import Photo, take_photo
from publicmeeting.media.intake.sniff import kind_of
from publicmeeting.store.accounts.sessions import Keys
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.usecases.rate_limits import RULES, Limit, count
from publicmeeting.web.routes import photos

HERE = "192.0.2.7"
HEIC = (Path(__file__).parents[1] / "media" / "heic" / "half.heic").read_bytes()
LONGEST = 10


def counted(application: Application, clock: FixedClock, limit: Limit, key: str = HERE) -> int:
    with application.store.unit_of_work(clock(), reading=True) as uow:
        return uow.counters.value(f"{limit.value}/{key}", RULES[limit].window)


class Costly:
    """A HEIC whose decoding lasts until the test lets it end."""

    def __init__(self) -> None:
        self.begun, self.ended = threading.Event(), threading.Event()

    def take(self, data: bytes) -> Photo:
        if kind_of(data) == "heic":
            self.begun.set()
            self.ended.wait(2 * LONGEST)
        return take_photo(data)


@pytest.fixture
def costly(monkeypatch: pytest.MonkeyPatch) -> Iterator[Costly]:
    one = Costly()
    monkeypatch.setattr(photos, "take_photo", one.take)
    monkeypatch.setattr(photos, "HEIC_WAITS", 0.1)
    yield one
    one.ended.set()


def test_a_costly_heic_lets_other_photos_in_and_the_next_heic_is_sent_again(
    application: Application,
    settings: Settings,
    built: Path,
    city: City,
    clock: FixedClock,
    costly: Costly,
) -> None:
    transport = httpx2.ASGITransport(compose(application, settings, built), client=(HERE, 4711))

    async def everybody() -> None:
        async with httpx2.AsyncClient(transport=transport, base_url=settings.public_url) as client:

            async def send(body: bytes, who: str) -> httpx2.Response:
                headers = {
                    "origin": settings.public_url,
                    "content-type": "application/octet-stream",
                    "cookie": f"visit={own_visit(application, who)}",
                }
                return await client.post("/photos", content=body, headers=headers)

            first = asyncio.create_task(send(HEIC, "a stranger"))
            try:
                assert await asyncio.to_thread(costly.begun.wait, LONGEST)
                async with asyncio.timeout(LONGEST):
                    refused = await send(HEIC, "she")
                    assert refused.status_code == 503
                    assert refused.json() == {"error": refusal("too_busy"), "key": "too_busy"}
                    assert (await send(picture(), "she")).status_code == 201
                assert not first.done()
            finally:
                costly.ended.set()
            assert (await first).status_code == (await send(HEIC, "she")).status_code == 201

    asyncio.run(everybody())
    with application.store.unit_of_work(clock(), reading=True) as uow:
        hers = uow.sessions.actor(Keys(visit=own_visit(application, "she"))).visit
    assert counted(application, clock, Limit.PHOTO_OWNER, hers) == 2
    assert counted(application, clock, Limit.PHOTO_ADDRESS) == 3


def test_what_counts_is_what_came_and_not_what_its_head_said(
    browser: Browser, application: Application, city: City, clock: FixedClock
) -> None:
    """Thousands of phones share an address: a false length must not use up their allowance."""
    browser.send(b"no photo", **{"content-length": str(100 * MEGABYTE)})
    assert counted(application, clock, Limit.PHOTO_MEGABYTES_ADDRESS) == 1


def test_files_that_cannot_be_kept_use_up_what_a_stranger_may_send(
    browser: Browser, browsers: Browsers, application: Application, city: City, clock: FixedClock
) -> None:
    broken = b"\xff\xd8\xff" + bytes(2 * MEGABYTE)
    assert browser.send(broken).json()["key"] == "photo_damaged"
    assert browser.send(b"\xff\xd8\xff" + bytes(13 * MEGABYTE)).json()["key"] == "photo_too_large"
    browser.post("/photos", {"kind": "photo"}, files=[("photos", ("a.heic", HEIC[:600]))])
    assert counted(application, clock, Limit.PHOTO_ADDRESS) == 3
    assert counted(application, clock, Limit.PHOTO_MEGABYTES_ADDRESS) == 2 + 13 + 1
    left = RULES[Limit.PHOTO_MEGABYTES_ADDRESS].most - 16
    with application.store.unit_of_work(clock()) as uow:
        count(uow, Limit.PHOTO_MEGABYTES_ADDRESS, HERE, amount=left - 1)
    assert browsers().send(broken).json()["key"] == "photo_damaged"
    assert browsers().send(picture()).json()["key"] == "photo_sign_in_first"
    known = browsers()
    sign_in(known, application)
    before = counted(application, clock, Limit.PHOTO_MEGABYTES_ADDRESS)
    assert known.send(broken).json()["key"] == "photo_damaged"
    assert counted(application, clock, Limit.PHOTO_MEGABYTES_ADDRESS) == before
