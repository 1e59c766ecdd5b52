"""Pictures that are sent: photos, as a raw body or a form, and a camera frame with a QR code."""

import hashlib
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import IO

import anyio
import anyio.to_thread
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Message

from publicmeeting.application import Application
from publicmeeting.domain.errors import Invalid, Refusal, TooBusy, Unavailable
from publicmeeting.domain.matter import PHOTOS_MOST
from publicmeeting.domain.records import Image, PictureKind
from publicmeeting.kit.process.figures import REFUSALS
from publicmeeting.media.intake.photo import DEFAULT, MIB, Photo, take_photo
from publicmeeting.media.intake.sniff import kind_of
from publicmeeting.media.objects import on_disk
from publicmeeting.media.sheets.qr import read_qr
from publicmeeting.text.refusals.refusals_text import refusal as sentence
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.filing.pictures import (
    KeepPhoto,
    OnePhoto,
    RefusedPhoto,
    SendPhoto,
    SentPhoto,
    count_refused,
    drop_photo,
    keep_photo,
    may_send,
    sent_before,
    take_back,
)
from publicmeeting.usecases.meetings.in_hall.passes import code_in, may_scan
from publicmeeting.web import browser
from publicmeeting.web.addresses import came_from, local, see_other
from publicmeeting.web.layers.faults import unavailable_status

SPOOLED_MOST, OF_AN_ADDRESS = 2**30, 2**28
"""Maximum bytes in one process, in total and for one address.

An operator's telephones share one address. 800 of them may each send a photo of the page's script
at once, or 61 a photo of four megabytes.
"""


class Spool:
    """Bytes of the uploads in progress, in total and by address."""

    def __init__(self, most: int = SPOOLED_MOST, of_an_address: int = OF_AN_ADDRESS) -> None:
        self.most, self.of_an_address = most, of_an_address
        self._lying = Counter[str]()

    @contextmanager
    def counting(self, request: Request) -> Iterator[Request]:
        """Yield the same request; reading it raises TooBusy if the limit is reached."""
        address, came = browser.address(request), 0

        async def counted() -> Message:
            nonlocal came
            message = await request.receive()
            size = len(message.get("body", b""))
            if (
                self._lying[address] + size > self.of_an_address
                or self._lying.total() + size > self.most
            ):
                raise TooBusy
            came += size
            self._lying[address] += size
            return message

        try:
            yield Request(request.scope, counted)
        finally:
            self._lying[address] -= came
            self._lying += Counter()  # removes addresses with zero bytes


@contextmanager
def counting(request: Request) -> Iterator[Request]:
    """Apply `Spool.counting` with the spool of this process."""
    spool: Spool = request.app.state.spool
    with spool.counting(request) as counted:
        yield counted


# Bytes of an upload: counted as they arrive, stored outside memory, never more than allowed.

MOST_BYTES = DEFAULT.file_bytes
READ_ON = 10 * MOST_BYTES
"""Maximum number of bytes that are read of a file that is too large.

Most browsers lose an answer that is sent while they still upload. So such a file is read to its end
and discarded.
"""


@dataclass(frozen=True, slots=True)
class Upload:
    """A raw body in a temporary file; `size` also counts discarded bytes."""

    file: IO[bytes]
    size: int

    def whole(self) -> IO[bytes]:
        """Return the file from its beginning; raises Invalid("photo_too_large")."""
        if self.size > MOST_BYTES:
            raise Invalid("photo_too_large", field="photos", megabytes=MOST_BYTES // MIB)
        self.file.seek(0)
        return self.file


@asynccontextmanager
async def receive(request: Request) -> AsyncIterator[Upload]:
    """Receive a raw body, whatever its headers declare."""
    with counting(request) as counted, SpooledTemporaryFile(max_size=MIB) as spooled:
        came = 0
        async for chunk in counted.stream():
            came += len(chunk)
            if came <= MOST_BYTES:
                with on_disk():
                    spooled.write(chunk)
        yield Upload(spooled, came)


WIZARD = "/request/?step=2"
NO_STORE = {"Cache-Control": "no-store"}
HEIC_WAITS = 10.0
"""Maximum wait for the HEIC slot, in seconds; then the browser shows it and retries."""
_HEAD = 1024
"""Number of bytes by which a file type is recognised."""
_STATUS = {
    "photo_too_large": 413,
    "too_many_requests": 429,
    "photo_sign_in_first": 429,
    "sign_in_first": 429,
    "session_ended": 401,
    "not_your_role": 403,
    "other_official": 403,
    "not_found": 404,
}
_REFUSED = 422


async def send(request: Request) -> Response:
    """Take a photo as a raw body; `?kind=`, and `&about=` an order's number.

    Answers `{id, thumb, full, width, height}` or `{error: sentence}`.
    """
    if request.headers.get("content-type", "").startswith("multipart/form-data"):
        return await _send_form(request)
    kind, about = _kind_and_subject(request)
    try:
        await _ask(request, kind, about)
        async with (
            receive(request) as sent,
            _counting_refused(request, kind, sent.size),
        ):
            image = await _keep(request, kind, about, sent.whole())
    except Refusal as refusal:
        return refused(refusal)
    return taken_in(image)


def taken_in(image: Image) -> Response:
    """Return what the page needs to show a new picture."""
    where = f"/images/{image.id}"
    answer = {
        "id": image.id,
        "thumb": f"{where}/thumb",
        "full": where,
        "width": image.width,
        "height": image.height,
    }
    return JSONResponse(answer, 201, headers=NO_STORE)


async def drop(request: Request) -> Response:
    """Delete a photo before it belongs to a case."""
    by_script = request.method == "DELETE"
    here = local(WIZARD, came_from(request, browser.settings(request).origins))
    form = await browser.form(request)
    command = OnePhoto(id=request.path_params["id"])
    try:
        await browser.execute(request, drop_photo, command)
    except Refusal as refusal:
        return refused(refusal) if by_script else see_other(here, refusal)
    if by_script:
        return JSONResponse({}, headers=NO_STORE)
    return see_other(local(here, browser.word(form, "next")))


async def _send_form(request: Request) -> Response:
    here = local(WIZARD, came_from(request, browser.settings(request).origins))
    async with files_of(request) as form:
        kind, about = _kind_and_subject(request)
        kind = PictureKind(browser.word(form, "kind") or kind)
        try:
            await take(request, kind, about, form)
        except Refusal as refusal:
            return see_other(here, refusal)
        return see_other(local(here, browser.word(form, "next")))


def _kind_and_subject(request: Request) -> tuple[PictureKind, str]:
    """Return the kind of the picture, and the order it is about."""
    asked = request.query_params
    return PictureKind(asked.get("kind", PictureKind.DRAFT)), asked.get("about", "")


@asynccontextmanager
async def files_of(request: Request) -> AsyncIterator[FormData]:
    """Yield a form with as many photos as one request may have.

    Raises TooBusy if too many bytes arrive at once.
    """
    with counting(request) as counted:
        async with counted.form(
            max_files=PHOTOS_MOST + 1,
            max_fields=browser.FORM_FIELDS,
            max_part_size=browser.FORM_BYTES,
        ) as form:
            yield form


async def take(request: Request, kind: PictureKind, about: str, form: FormData) -> None:
    """Store every file of `photos`; the first refusal ends it, and earlier files stay."""
    for file in form.getlist("photos"):
        # A browser sends an empty file field as a file without a name.
        if not isinstance(file, UploadFile) or not (file.filename or file.size):
            continue
        await _ask(request, kind, about)
        async with _counting_refused(request, kind, file.size or 0):
            if file.size is not None and file.size > DEFAULT.file_bytes:
                limit = DEFAULT.file_bytes // MIB
                raise Invalid("photo_too_large", field="photos", megabytes=limit)
            await _keep(request, kind, about, file.file)


async def _ask(request: Request, kind: PictureKind, about: str) -> None:
    command = SendPhoto(kind=kind, about=about)
    await browser.execute(request, may_send, command)


@asynccontextmanager
async def _counting_refused(request: Request, kind: PictureKind, size: int) -> AsyncIterator[None]:
    """Count a refused photo like a stored one, unless the fault is ours: it cost us the same."""
    try:
        yield
    except Unavailable:
        raise
    except Refusal:
        command = RefusedPhoto(kind=kind, size=size)
        await browser.execute(request, count_refused, command)
        raise


async def _keep(request: Request, kind: PictureKind, about: str, file: IO[bytes]) -> Image:
    application = browser.application(request)
    # Waits for a slot here, not in the worker threads, which stay free for commands.
    limiter: anyio.CapacityLimiter = request.app.state.decoding
    if _is_heic(file):
        photo = await _decode_heic(request, kind, file)
    else:
        photo = await anyio.to_thread.run_sync(_decoded, file, limiter=limiter)
    # A browser that did not wait for a slow store sends it again, and is answered at once.
    sent = SentPhoto(kind=kind, about=about, web=hashlib.sha256(photo.web).hexdigest())
    found = await browser.query(request, sent_before, sent)
    if found is not None:
        return found
    made = await anyio.to_thread.run_sync(_stored, application, photo, file, sent, limiter=limiter)
    return await browser.execute(request, keep_photo, made)


def _is_heic(file: IO[bytes]) -> bool:
    head = file.read(_HEAD)
    file.seek(0)
    return kind_of(head) == "heic"


async def _decode_heic(request: Request, kind: PictureKind, file: IO[bytes]) -> Photo:
    """Decode in the HEIC slot; raises TooBusy, without counting the photo, if it stays occupied."""
    place: anyio.Semaphore = request.app.state.decoding_heic
    try:
        with anyio.fail_after(HEIC_WAITS):
            await place.acquire()
    except TimeoutError:
        busy = TooBusy()
        REFUSALS.labels(busy.key).inc()
        await browser.execute(request, take_back, SendPhoto(kind=kind))
        raise busy from None
    try:
        return await anyio.to_thread.run_sync(_decoded, file)
    finally:
        place.release()


@on_disk()
def _decoded(file: IO[bytes]) -> Photo:
    """Raises what `take_photo` raises."""
    return take_photo(file.read())


@on_disk()
def _stored(application: Application, photo: Photo, file: IO[bytes], sent: SentPhoto) -> KeepPhoto:
    """Store all files before the row that names them."""
    file.seek(0)
    data = file.read()
    images, originals = application.images, application.originals
    # Beside each other: a bucket may be slow.
    with ThreadPoolExecutor() as threads:
        web = threads.submit(images.put, photo.web)
        thumb = threads.submit(images.put, photo.thumb)
        original = threads.submit(originals.put, data)
    return KeepPhoto(
        kind=sent.kind,
        about=sent.about,
        web=web.result(),
        thumb=thumb.result(),
        original=photo.sha256,
        original_file=original.result(),
        width=photo.width,
        height=photo.height,
        size=len(photo.web) + len(photo.thumb) + len(data),
    )


def refused(refusal: Refusal) -> Response:
    answer = {"error": sentence(refusal.key, **refusal.facts), "key": refusal.key}
    status = _STATUS.get(refusal.key, _REFUSED)
    if isinstance(refusal, Unavailable):
        status = unavailable_status(refusal)
    return JSONResponse(answer, status, headers=NO_STORE)


async def scan(request: Request) -> Response:
    """A frame of reception's camera → `{code}`, empty if it has none; the picture is not stored.

    For browsers that cannot read a QR code.
    """
    try:
        await browser.execute(request, may_scan, Nothing())
        limiter: anyio.CapacityLimiter = request.app.state.decoding
        async with receive(request) as sent:
            text = await anyio.to_thread.run_sync(_code_of, sent.whole(), limiter=limiter)
    except Refusal as refusal:
        return refused(refusal)
    return JSONResponse({"code": code_in(text)}, headers=NO_STORE)


def _code_of(frame: IO[bytes]) -> str:
    return read_qr(frame.read()) or ""


def routes() -> list[Route]:
    return [
        Route("/photos", send, methods=["POST"], max_body_size=READ_ON),
        Route("/photos/{id}", drop, methods=["DELETE"], max_body_size=browser.FORM_BYTES),
        Route("/photos/{id}/drop", drop, methods=["POST"], max_body_size=browser.FORM_BYTES),
        Route("/scan", scan, methods=["POST"], max_body_size=MOST_BYTES),
    ]
