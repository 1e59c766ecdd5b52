"""`/hall/`: settings of reception for its hall: screens and recordings.

The page works without scripts. With scripts, `settings.js` decodes a recording before sending it
and refuses silence.
"""

from pathlib import Path
from typing import IO
from urllib.parse import quote

import anyio.to_thread
from markupsafe import Markup
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from publicmeeting.application import Application
from publicmeeting.domain.errors import Denied, Invalid, Refusal
from publicmeeting.domain.meetings.voice import CLIPS, LARGEST_KIB, LONGEST_SECONDS
from publicmeeting.kit.clock import tehran_day
from publicmeeting.kit.digits import ascii_digits, persian, whole_number
from publicmeeting.kit.jalali import day_month, day_words
from publicmeeting.media.intake.sound import LARGEST, Sound, take_sound
from publicmeeting.media.objects import on_disk
from publicmeeting.media.sheets.qr import qr_svg
from publicmeeting.store.districts.halls import HallDisplay
from publicmeeting.text.meetings import hall_text
from publicmeeting.text.meetings.voice_text import WORDS
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.meetings.in_hall.displays import (
    HallSettings,
    KeepRecording,
    MadeDisplay,
    OneClip,
    OneDisplay,
    OneHall,
    end_display,
    hall_settings,
    keep_recording,
    make_display,
    may_record,
    reset_recording,
)
from publicmeeting.web import browser
from publicmeeting.web.addresses import see_other
from publicmeeting.web.hall.routes import clip_address
from publicmeeting.web.plain import elements
from publicmeeting.web.plain.elements import Ours, el, link
from publicmeeting.web.plain.page import not_found, page
from publicmeeting.web.routes.pictures import PRIVATE
from publicmeeting.web.routes.sign_in import STAFF_DOOR

SETTINGS = "/hall/"
MONDAY = "/monday/"
_DISTRICT = "district"
_DIGITS_MOST = 2
_HEARS = Path(__file__).with_suffix(".js")
_BODY_MOST = 4 * LARGEST
"""Maximum body of an upload, in bytes.

A larger body is not read at all; a smaller one that exceeds `LARGEST` is refused with a sentence.
"""
_REFUSED, _OK = 422, 200
_ELSEWHERE = frozenset({"session_ended", "not_your_role", "not_found"})


async def make(request: Request) -> Response:
    """Add a screen; its address is shown in this answer only."""
    command = OneHall(district=_district(request))
    try:
        made = await browser.execute(request, make_display, command)
    except Refusal as word:
        return await _answer(request, word)
    return await show(request, made=made)


async def end(request: Request) -> Response:
    """`display` → its key no longer works."""
    fields = await browser.form(request)
    command = OneDisplay(district=_district(request), display=browser.word(fields, "display"))
    try:
        await browser.execute(request, end_display, command)
    except Refusal as word:
        return await _answer(request, word)
    return await show(request, done=hall_text.ENDED)


async def record(request: Request) -> Response:
    """`sound`, a file → the hall uses it from the next call on."""
    clip = request.path_params["clip"]
    application = browser.application(request)
    try:
        await browser.query(request, may_record, _clip_of(request))
        async with request.form(max_files=1, max_fields=browser.FORM_FIELDS) as fields:
            sent = fields.get("sound")
            if not isinstance(sent, UploadFile) or not sent.size:
                raise Invalid("sound_missing", field="sound")
            command = await anyio.to_thread.run_sync(
                _keep, application, _clip_of(request), sent.file
            )
        await browser.execute(request, keep_recording, command)
    except Refusal as word:
        return await _answer(request, word)
    return await show(request, done=hall_text.SAVED.format(words=WORDS[clip]), opened=clip)


async def reset(request: Request) -> Response:
    """Restore the shipped clip."""
    clip = request.path_params["clip"]
    try:
        await browser.execute(request, reset_recording, _clip_of(request))
    except Refusal as word:
        return await _answer(request, word)
    return await show(request, done=hall_text.RESTORED.format(words=WORDS[clip]), opened=clip)


@on_disk()
def _keep(application: Application, clip: OneClip, file: IO[bytes]) -> KeepRecording:
    """Store the file before the row that names it."""
    sound: Sound = take_sound(file.read(LARGEST + 1))
    name = application.originals.put(sound.data)
    return KeepRecording(
        district=clip.district,
        clip=clip.clip,
        file=name,
        kind=sound.kind,
        millis=sound.millis,
    )


def _clip_of(request: Request) -> OneClip:
    return OneClip(district=_district(request), clip=request.path_params["clip"])


def _district(request: Request) -> int:
    """Return the district in the form's address; 0 if there is none.

    The session's district is not used: another tab of this session may have changed it.
    """
    named = ascii_digits(request.query_params.get(_DISTRICT, ""))
    return whole_number(named, _DIGITS_MOST) or 0


def _at(address: str, district: int) -> str:
    return f"{address}?{_DISTRICT}={district}"


async def _answer(request: Request, word: Refusal) -> Response:
    if word.key in _ELSEWHERE:
        return _other_page(request, word)
    return await show(request, refused=refusal(word.key, **word.facts))


async def show(
    request: Request,
    *,
    made: MadeDisplay | None = None,
    done: str = "",
    refused: str = "",
    opened: str = "",
) -> Response:
    try:
        found = await browser.query(request, hall_settings, Nothing())
    except Denied as word:
        return _other_page(request, word)
    answer = page(
        hall_text.TITLE,
        elements.title(hall_text.TITLE),
        elements.notice(refused),
        elements.notice(done, tone="glaze"),
        _made(browser.settings(request).public_url, made) if made else elements.NOTHING,
        elements.section(hall_text.DISPLAYS, *_displays(found)),
        elements.section(hall_text.VOICE, *_voice(found, opened)),
        _words(),
        status=_REFUSED if refused else _OK,
        beside=link(hall_text.BACK, MONDAY),
        script=_HEARS.read_text(encoding="utf-8"),
        address=SETTINGS if refused else "",
    )
    answer.headers["Content-Security-Policy"] += "; media-src 'self'"
    return answer


def _other_page(request: Request, word: Refusal) -> Response:
    if word.key == "session_ended":
        return see_other(f"{STAFF_DOOR}?next={quote(SETTINGS)}")
    return not_found(request, PRIVATE)


def _words() -> Markup:
    """Sentences that the script shows for a recording that it refuses."""
    silent, kind = refusal("sound_short"), refusal("sound_kind")
    return el("p", id="sound-words", hidden=True, data_silent=silent, data_kind=kind)


def _made(public_url: str, made: MadeDisplay) -> Markup:
    address = f"{public_url}/hall/{made.district}/"
    key = " ".join(made.key[at : at + 4] for at in range(0, len(made.key), 4))
    link_ = f"{address}#{made.key}"
    ends = day_words(tehran_day(made.expires_at))
    before, after = hall_text.MADE_KEY.split("{address}")
    return el(
        "div",
        el("p", el("strong", hall_text.MADE)),
        el("p", hall_text.MADE_LINK),
        el("p", _address(link_, id="display-address"), class_="select-all"),
        el("p", Ours(qr_svg(link_)), role="img", aria_label=hall_text.MADE_QR, class_="qr"),
        el("p", before, _address(address), after),
        el("p", el("bdi", persian(key), dir="ltr", id="display-key"), class_="text-h2 select-all"),
        el("p", hall_text.MADE_UNTIL.format(day=ends)),
        role="status",
        class_="notice notice-glaze grid gap-2",
    )


def _address(text: str, **more: str) -> Markup:
    """An address that may break at any character, as it is wider than a telephone."""
    return el("span", text, dir="ltr", class_="block text-end break-all", **more)


def _displays(found: HallSettings) -> list[Markup]:
    lines = [_display(found.district, at, display) for at, display in enumerate(found.displays, 1)]
    make_one = elements.form(_at("/hall/displays", found.district), elements.button(hall_text.MAKE))
    return [
        elements.muted(hall_text.DISPLAYS_LEAD),
        el("ul", *lines, class_="rows") if lines else elements.muted(hall_text.NO_DISPLAYS),
        make_one,
    ]


def _display(district: int, at: int, display: HallDisplay) -> Markup:
    number = persian(at)
    words = hall_text.DISPLAY.format(
        number=number,
        since=day_month(tehran_day(display.made_at)),
        until=day_words(tehran_day(display.expires_at)),
    )
    end_it = el(
        "button",
        hall_text.END,
        type="submit",
        aria_label=hall_text.END_LABEL.format(number=number),
        class_="btn btn-secondary btn-sm",
    )
    address = _at("/hall/displays/end", district)
    form = elements.form(address, elements.hidden(display=display.id), end_it)
    return el("li", el("span", words), form, class_="row flex flex-wrap gap-3 justify-between")


def _voice(found: HallSettings, opened: str) -> list[Markup]:
    lead = hall_text.VOICE_LEAD.format(seconds=persian(LONGEST_SECONDS), size=persian(LARGEST_KIB))
    own = [_clip(found, clip, opened) for clip in CLIPS if clip in found.clips]
    shipped = [_clip(found, clip, opened) for clip in CLIPS if clip not in found.clips]
    return [
        elements.muted(lead),
        el("ul", *own, class_="rows") if own else elements.NOTHING,
        elements.unfolding(
            hall_text.SHIPPED.format(count=persian(len(shipped))),
            el("ul", *shipped, class_="rows mt-2"),
            is_open=bool(opened) and opened not in found.clips,
        ),
    ]


def _clip(found: HallSettings, clip: str, opened: str) -> Markup:
    """One recording as a collapsed line; the one just changed is open, to be heard at once."""
    own, words = found.clips.get(clip), WORDS[clip]
    head = words
    address = f"/voice/{clip}.mp3"
    if own is not None:
        seconds = persian(f"{own.millis / 1000:.1f}".replace(".", "٫"))
        head = f"{words}\u00a0· {hall_text.OWN.format(seconds=seconds)}"
        address = clip_address(found.district, clip, own.file)
    heard = el(
        "audio",
        src=address,
        controls=True,
        preload="none",
        aria_label=hall_text.HEAR_LABEL.format(words=words),
    )
    send = elements.form(
        _at(f"/hall/voice/{clip}", found.district),
        el(
            "div",
            el(
                "input",
                type="file",
                name="sound",
                accept="audio/*",
                required=True,
                class_="input",
                aria_label=hall_text.FILE_LABEL.format(words=words),
            ),
            _small(hall_text.SEND, hall_text.SEND_LABEL.format(words=words)),
            class_="flex flex-wrap gap-2 items-center",
        ),
        files=True,
    )
    back = (
        elements.form(
            _at(f"/hall/voice/{clip}/reset", found.district),
            _small(hall_text.RESET, hall_text.RESET_LABEL.format(words=words)),
        )
        if own
        else elements.NOTHING
    )
    inside = el("div", heard, send, back, class_="mt-3 grid gap-3")
    unfolding = elements.unfolding(head, inside, is_open=clip == opened)
    return el("li", unfolding, id=f"clip-{clip}", class_="row")


def _small(word: str, aria_label: str) -> Markup:
    return el(
        "button", word, type="submit", aria_label=aria_label, class_="btn btn-secondary btn-sm"
    )


def routes() -> list[Route]:
    return [
        Route("/hall", show),
        Route("/hall/", show),
        Route("/hall/displays", make, methods=["POST"], max_body_size=browser.FORM_BYTES),
        Route("/hall/displays/end", end, methods=["POST"], max_body_size=browser.FORM_BYTES),
        Route("/hall/voice/{clip}", record, methods=["POST"], max_body_size=_BODY_MOST),
        Route(
            "/hall/voice/{clip}/reset", reset, methods=["POST"], max_body_size=browser.FORM_BYTES
        ),
    ]
