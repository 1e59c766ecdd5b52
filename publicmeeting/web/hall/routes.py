"""`/hall/{district}/`: a television's screen, its news (long polling) and its recordings.

`/hall/samples/NAME`: the screen in each of its states, for developers; only in the demo.
"""

from dataclasses import dataclass
from datetime import date

import anyio
import anyio.to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from publicmeeting.domain.districts.city import DISTRICTS
from publicmeeting.domain.errors import Denied, Invalid
from publicmeeting.kit import randomness
from publicmeeting.kit.clock import at_tehran, utc_now
from publicmeeting.kit.digits import persian
from publicmeeting.kit.jalali import clock_words, day_words
from publicmeeting.kit.topics import hall_topic
from publicmeeting.live.pubsub import published
from publicmeeting.media.intake.sound import take_sound
from publicmeeting.text.meetings import hall_text
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.usecases.meetings.in_hall.displays import (
    DistrictClip,
    HallKey,
    hall_news,
    open_display,
    recording,
)
from publicmeeting.usecases.meetings.in_hall.hall import DayCall
from publicmeeting.web import browser
from publicmeeting.web.addresses import see_other
from publicmeeting.web.browser import HALL, drop, set_hall
from publicmeeting.web.hall.page import build, display_page, key_page
from publicmeeting.web.hall.view import Call, News, Shown, call_view, empty_news, mark_of, news_of
from publicmeeting.web.plain.page import not_found

HOLDS = 8.0
"""Longest wait of a news request, in seconds.

It must be below fifteen: after that a screen shows that it has no connection.
"""
PAUSE = 0.2
"""Pause between two reads in one news request, in seconds: at most five reads a second."""
_NO_STORE = {"Cache-Control": "no-store"}
_FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable"}
_NUMBERS = frozenset(district.number for district in DISTRICTS)
_UNKNOWN, _OFTEN, _OTHER = "hall_key_unknown", "hall_key_often", "hall_key_other"
_FORBIDDEN, _TOO_MANY = 403, 429


async def show(request: Request) -> Response:
    """Show the screen if the browser has its key, else the form for a key."""
    district = _district(request)
    if not district:
        return not_found(request)
    key = browser.cookie(request, HALL)
    if not key:
        return key_page(district)
    try:
        return display_page(district, await _news(request, district, key))
    except Denied as word:
        if word.key in {_OTHER, _OFTEN}:  # the key may be right elsewhere or later: keep the cookie
            return _refused(district, word)
        if word.key != _UNKNOWN:
            raise
    refused = await _counted(request, district, key)
    answer = _refused(district, refused)
    drop(browser.application(request).cookies, answer, HALL)
    return answer


async def open_hall(request: Request) -> Response:
    """Take a key, typed or from an address's fragment, and store it in a cookie no script reads."""
    district = _district(request)
    if not district:
        return not_found(request)
    application = browser.application(request)
    key = browser.word(await browser.form(request), "key")
    try:
        found = await browser.execute(request, open_display, HallKey(district=district, key=key))
    except Denied as word:
        if word.key not in {_UNKNOWN, _OFTEN}:
            raise
        return _refused(district, word)
    answer = see_other(f"/hall/{district}/")
    set_hall(application.cookies, answer, found.ticket, found.expires_at - utc_now())
    return answer


async def news(request: Request) -> Response:
    """Answer as soon as the screen's content differs from `?after=`, the mark of what it shows."""
    district, key = _district(request), browser.cookie(request, HALL)
    if not district or not key:
        return JSONResponse({}, _FORBIDDEN, headers=_NO_STORE)
    after = request.query_params.get("after", "")
    topics = (f"district:{district}", hall_topic(district))
    try:
        with browser.application(request).pubsub.subscription(*topics) as subscription:
            # Random, so that screens switched on together do not ask together all day.
            until = anyio.current_time() + HOLDS * (75 + randomness.below(26)) / 100
            seen, read_at = await _news(request, district, key), anyio.current_time()
            while mark_of(seen) == after and (left := until - anyio.current_time()) > 0:
                if not await published(subscription, left):
                    break  # the screen asks again, and sees what time has changed
                subscription.clear()
                seen, read_at = await _news(request, district, key), anyio.current_time()
                if mark_of(seen) == after:
                    await anyio.sleep(PAUSE)
    except Denied as word:
        if word.key not in {_UNKNOWN, _OFTEN, _OTHER}:
            raise
        if word.key == _UNKNOWN:
            await _counted(request, district, key)
        return JSONResponse({}, _status(word), headers=_NO_STORE)
    mark = mark_of(seen)
    now = seen["now"] + round((anyio.current_time() - read_at) * 1000)
    answer = {"build": build(), "now": now, "mark": mark}
    return JSONResponse(answer if mark == after else {**answer, "news": seen}, headers=_NO_STORE)


async def clip(request: Request) -> Response:
    """Return a district's own recording; each recording has its own address.

    Only a recording: the row could name the file of a citizen's document, and any media type.
    """
    application = browser.application(request)
    command = DistrictClip(district=_district(request), clip=request.path_params["clip"])
    try:
        found = await browser.query(request, recording, command)
        get = application.originals.get
        sound = await anyio.to_thread.run_sync(lambda: take_sound(get(found.file)))
    except (Denied, Invalid, KeyError):
        return not_found(request)
    headers = _FOR_EVER if request.query_params.get("v") else _NO_STORE
    return Response(sound.data, media_type=sound.kind, headers=headers)


async def _news(request: Request, district: int, key: str) -> News:
    application = browser.application(request)
    command = HallKey(district=district, key=key)
    seen = await browser.query(request, hall_news, command)
    if seen is None:
        return empty_news(district, await anyio.to_thread.run_sync(application.city_now))
    return news_of(
        seen, {one: clip_address(district, c.clip, c.file) for one, c in seen.clips.items()}
    )


def clip_address(district: int, name: str, file: str) -> str:
    return f"/hall/{district}/clip/{name}?v={file[:16]}"


async def _counted(request: Request, district: int, key: str) -> Denied:
    """Count a key that no longer works like a wrong key that was typed."""
    command = HallKey(district=district, key=key)
    try:
        await browser.execute(request, open_display, command)
    except Denied as word:
        return word
    return Denied(_UNKNOWN)


def _refused(district: int, word: Denied) -> Response:
    return key_page(district, refusal(word.key, **word.facts), _status(word))


def _status(word: Denied) -> int:
    return _TOO_MANY if word.key == _OFTEN else _FORBIDDEN


def _district(request: Request) -> int:
    """Return the district of the address; 0 if it does not exist."""
    number: int = request.path_params["district"]
    return number if number in _NUMBERS else 0


def routes() -> list[Route]:
    return [
        Route("/hall/{district:number}", show),
        Route("/hall/{district:number}/", show),
        Route(
            "/hall/{district:number}/open",
            open_hall,
            methods=["POST"],
            max_body_size=browser.FORM_BYTES,
        ),
        Route("/hall/{district:number}/news", news),
        Route("/hall/{district:number}/clip/{clip}", clip),
        Route("/hall/samples/{name}", show_sample),
        Route("/hall/samples/{name}/", show_sample),
    ]


_DISTRICT = 6
_ON = date(2026, 11, 30)
_NOW = at_tehran(_ON, "09:54")
_SEATS = ("done", "done", "missed", "done", "done", "done", "now", *("ahead",) * 5)
_CALLED = (("09:00", 1), ("09:14", 2), ("09:20", 2), ("09:31", 4), ("09:44", 5), ("09:54", 7))


@dataclass(frozen=True, slots=True)
class _Sample:
    news: News
    age: int = 0
    """Age of the news, in milliseconds."""
    is_mute: bool = False
    called: int = 0
    """Id of the call that is being announced."""


def _calls(times: tuple[tuple[str, int], ...]) -> list[Call]:
    heard: dict[int, int] = {}
    calls = []
    for at, (time, number) in enumerate(times, 1):
        heard[number] = heard.get(number, 0) + 1
        calls.append(
            DayCall(
                id=at,
                number=number,
                at=at_tehran(_ON, time),
                nth=heard[number],
                is_announced=True,
            )
        )
    return [call_view(call) for call in calls]


def _day(times: tuple[tuple[str, int], ...]) -> News:
    calls = _calls(times)
    resting: Shown = {"number": "", "title": hall_text.NOBODY, "where": hall_text.WHERE}
    last = calls[-1] if calls else resting
    ends = at_tehran(_ON, "10:00")
    return {
        **empty_news(_DISTRICT, _NOW),
        "date": day_words(_ON),
        "presence": hall_text.HOLDS.format(role="شهردار"),
        "shown": {"number": last["number"], "title": last["title"], "where": last["where"]},
        "calls": calls,
        "next": [{"number": persian(8), "here": True}, {"number": persian(10), "here": False}],
        "absent": hall_text.NEXT_ABSENT.format(number=persian(10)),
        "late": "حدود ۵ تا ۲۰ دقیقه دیرتر از برنامه",
        "summary": "ملاقات شد: ۵ نفر، نیامد: ۱ نفر، مانده: ۵ نفر",
        "seats": list(_SEATS),
        "code": {
            "digits": persian("40713"),
            "qr": "/qr/hall/40713.svg",
            "until": round(ends.timestamp() * 1000),
            "lead": hall_text.CODE_LEAD.format(time=clock_words(ends)),
        },
    }


def _samples() -> dict[str, _Sample]:
    several_calls = _day(_CALLED)
    again = _day((*_CALLED[:5], ("09:47", 12), ("09:54", 12)))
    return {
        "none": _Sample(_day(())),
        "one": _Sample(_day(_CALLED[:1]), called=1),
        "many": _Sample(several_calls, called=6),
        "again": _Sample(again, called=7),
        "quiet": _Sample(several_calls, age=21_000),
        "silent": _Sample(several_calls, age=71_000),
        "mute": _Sample(several_calls, is_mute=True),
        "closed": _Sample(empty_news(_DISTRICT, _NOW)),
    }


async def show_sample(request: Request) -> Response:
    if not browser.settings(request).is_demo:
        return not_found(request)
    name = request.path_params["name"]
    if name == "key":
        return key_page(_DISTRICT)
    sample = _samples().get(name)
    if sample is None:
        return not_found(request)
    how = {
        "data_age": str(sample.age),
        "data_mute": "yes" if sample.is_mute else "no",
        "data_called": str(sample.called),
    }
    return display_page(_DISTRICT, sample.news, how)
