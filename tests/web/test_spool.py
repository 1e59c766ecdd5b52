"""Concurrent uploads use a limited amount of disk, whoever sends them and however slowly."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from browsers import Browser
from signed_in import sign_in_staff
from starlette.requests import Request
from starlette.types import Message
from support.city import City
from support.walk import a_request

from publicmeeting.domain.errors import TooBusy
from publicmeeting.domain.stages import Stage
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.web.routes import photos
from publicmeeting.web.routes.photos import Spool

BOUNDARY = {"content-type": "multipart/form-data; boundary=x"}
FILE = b'--x\r\nContent-Disposition: form-data; name="photos"; filename="a.jpg"\r\n\r\n'


def upload(size: int, address: str = "192.0.2.7") -> Request:
    """Return a request half of which has arrived and half is still to come."""

    async def receive() -> Message:
        return {"type": "http.request", "body": bytes(size // 2), "more_body": True}

    scope = {"type": "http", "method": "POST", "headers": [], "client": (address, 1)}
    return Request(scope, receive)


async def halves(request: Request, many: int) -> None:
    for _ in range(many):
        await request.receive()


def test_an_upload_that_ends_makes_room_for_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(photos.browser, "address", lambda one: one.scope["client"][0])

    async def check() -> None:
        lying = Spool(most=100, of_an_address=40)
        with lying.counting(upload(20)) as first, lying.counting(upload(40)) as second:
            await halves(first, 2)
            await halves(second, 1)
            with pytest.raises(TooBusy):
                await halves(second, 1)
            with lying.counting(upload(80, "192.0.2.8")) as other:
                await halves(other, 1)
        with lying.counting(upload(40)) as next_:
            await halves(next_, 2)
        with lying.counting(upload(80)) as request, pytest.raises(TooBusy):
            await halves(request, 2)

    asyncio.run(check())


def test_all_addresses_together_have_one_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(photos.browser, "address", lambda one: one.scope["client"][0])

    async def check() -> None:
        lying = Spool(most=100, of_an_address=40)
        with (
            lying.counting(upload(80, "192.0.2.1")) as first,
            lying.counting(upload(80, "192.0.2.2")) as second,
            lying.counting(upload(80, "192.0.2.3")) as third,
        ):
            await halves(first, 1)
            await halves(second, 1)
            with pytest.raises(TooBusy):
                await halves(third, 1)

    asyncio.run(check())


async def pieces(many: int, size: int) -> AsyncIterator[bytes]:
    yield FILE
    for _ in range(many):
        yield bytes(size)


@pytest.mark.parametrize("path", ["/photos", "/plain/request/"])
def test_a_form_for_which_there_is_no_room_is_asked_to_come_again(
    browser: Browser, city: City, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    small, counting = Spool(of_an_address=1000), Spool.counting
    monkeypatch.setattr(Spool, "counting", lambda _of_all, request: counting(small, request))
    headers = {"origin": browser.origin, **BOUNDARY}
    answer = browser.post(path, content=pieces(8, 200), headers=headers)
    assert answer.status_code == 503
    assert refusal("too_busy") in answer.text


def test_who_writes_at_a_table_is_asked_before_two_megabytes_are_read(
    browser: Browser, city: City
) -> None:
    code = a_request(city, Stage.SUBMITTED).code
    came = list[int]()

    async def body() -> AsyncIterator[bytes]:
        for number in range(4):
            came.append(number)
            yield b"[" * 1000

    answer = browser.post(f"/ink/{code}", content=body())
    assert answer.status_code in {401, 403, 404}
    assert came == []
    sign_in_staff(browser, "mayor")
    assert browser.post(f"/ink/{code}", content=body()).status_code == 422
    assert came
