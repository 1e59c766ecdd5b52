"""`/hall/samples/NAME`: the screen in each of its states, for developers; only in the demo."""

from dataclasses import dataclass
from datetime import date, datetime

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from publicmeeting.kit.clock import at_tehran
from publicmeeting.kit.digits import persian
from publicmeeting.kit.jalali import clock_words, day_words
from publicmeeting.text.meetings import hall_text
from publicmeeting.usecases.meetings.in_hall.hall import DayCall
from publicmeeting.web import browser
from publicmeeting.web.hall.page import display_page, key_page
from publicmeeting.web.hall.view import Call, News, Shown, call_view, empty_news
from publicmeeting.web.plain.page import not_found

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


def _day(times: tuple[tuple[str, int], ...], now: datetime = _NOW) -> News:
    calls = _calls(times)
    resting: Shown = {"number": "", "title": hall_text.NOBODY, "where": hall_text.WHERE}
    last = calls[-1] if calls else resting
    ends = at_tehran(_ON, "10:00")
    return {
        **empty_news(_DISTRICT, now),
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


async def show(request: Request) -> Response:
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


def routes() -> list[Route]:
    return [Route("/hall/samples/{name}", show), Route("/hall/samples/{name}/", show)]
