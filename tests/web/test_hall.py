"""A hall's screen as a television receives it: its key, news, voice, and who sets it up."""

import base64
import hashlib
import json
import re
import struct
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from browsers import HTTP, Browser, compose, same
from signed_in import sign_in_staff
from support.city import KEY
from support.clock import FixedClock
from support.databases import Templates
from support.each import in_one_city
from support.hall import Hall, open_hall
from support.line import DISTRICT, MONDAY
from support.sounds import silent_mp3
from support.triggers import change_past_the_program

from publicmeeting.config import PROJECT, Settings
from publicmeeting.domain.choices import ClosureReason
from publicmeeting.domain.meetings.voice import CLIPS, LARGEST_KIB
from publicmeeting.domain.stages import Action
from publicmeeting.kit.clock import at_tehran
from publicmeeting.text.lifecycle.reasons_text import closure
from publicmeeting.text.meetings import hall_text
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.usecases.base import ROLES, Nothing
from publicmeeting.usecases.districts.closing import CloseMonday, close_monday
from publicmeeting.usecases.meetings.in_hall.displays import (
    OneDisplay,
    OneHall,
    end_display,
    hall_news,
    make_display,
)
from publicmeeting.usecases.meetings.in_hall.displays import hall_settings as settings_of
from publicmeeting.usecases.rate_limits import RULES, Limit
from publicmeeting.web.hall import routes as hall_routes

SCREEN = f"/hall/{DISTRICT}/"
OPEN, NEWS = f"{SCREEN}open", f"{SCREEN}news"


@pytest.fixture
def hall(templates: Templates, tmp_path: Path, clock: FixedClock) -> Iterator[Hall]:
    """Monday, 9:00: three guests before the door."""
    with open_hall(templates, tmp_path, clock) as hall:
        yield hall


@pytest.fixture
def browsers(hall: Hall, tmp_path: Path, built: Path) -> Iterator[Callable[..., Browser]]:
    settings = Settings.from_environment(
        {**HTTP, "PUBLICMEETING_DATA": str(tmp_path), "PUBLICMEETING_SECRET": KEY.hex()}
    )
    app = compose(hall.application, settings, built)
    met: list[Browser] = []

    def one(address: str = "192.0.2.7") -> Browser:
        met.append(Browser(app, settings, address))
        met[-1].get("/live")
        return met[-1]

    yield one
    for browser in met:
        browser.close()


@pytest.fixture
def television(browsers: Callable[..., Browser]) -> Browser:
    return browsers()


def key_of(hall: Hall) -> str:
    return hall.execute("reception", make_display, OneHall()).key


def opened(television: Browser, key: str) -> Browser:
    answer = television.post(OPEN, {"key": key})
    assert answer.status_code == 303
    assert answer.headers["location"] == SCREEN
    return television


def news(television: Browser, after: str = "") -> dict:
    answer = television.get(f"{NEWS}?after={after}")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    return answer.json()


def test_the_reception_makes_a_screen_and_its_address_is_shown_once(
    hall: Hall, browsers: Callable[..., Browser]
) -> None:
    desk, television = browsers(), browsers()
    sign_in_staff(desk, "reception")
    assert hall_text.NO_DISPLAYS in desk.get("/hall/").text
    answer = desk.post("/hall/displays")
    assert "no-store" in answer.headers["cache-control"]
    address = re.search(r'id="display-address">(.*?)<', answer.text)
    assert address is not None
    path, key = address[1].removeprefix(desk.origin).split("#")
    assert path == SCREEN
    assert f">{desk.origin}{SCREEN}</span>" in answer.text, "else its last stroke stands before it"
    assert "<svg" in answer.text
    again = desk.get("/hall/").text
    assert key not in again
    assert hall_text.NO_DISPLAYS not in again
    with hall.reading() as uow:
        stored = str(uow.halls.displays(DISTRICT))
    assert key not in stored
    opened(television, key)
    assert "data-first=" in television.get(SCREEN).text


def test_it_shows_numbers_and_neither_names_nor_codes(hall: Hall, television: Browser) -> None:
    hall.arrive(hall.guests[0])
    hall.act("reception", hall.guests[0], Action.CALL)
    opened(television, key_of(hall))
    page, body = television.get(SCREEN), news(television)["news"]
    assert body["shown"]["number"] == "۱"
    assert [one["number"] for one in body["next"]] == ["۲", "۳"]
    with hall.reading() as uow:
        people = [uow.people.get(guest.request.person_id) for guest in hall.guests]
    hidden = [word for person in people for word in (person.name, person.identity)]
    hidden += [word for guest in hall.guests for word in (guest.code, guest.request.ticket)]
    hidden += [word for guest in hall.guests for word in (guest.request.id, guest.request.subject)]
    for text in (page.text, json.dumps(body, ensure_ascii=False)):
        assert not [word for word in hidden if word in text]


def test_a_second_call_is_another_one_and_says_so(hall: Hall, television: Browser) -> None:
    opened(television, key_of(hall))
    hall.act("reception", hall.guests[0], Action.CALL)
    (first,) = news(television)["news"]["calls"]
    hall.clock.forward(minutes=2)
    hall.act("reception", hall.guests[0], Action.CALL)
    before, second = news(television)["news"]["calls"]
    assert before == first
    assert second["id"] != first["id"]
    assert second["number"] == first["number"]
    assert second["says"] != first["says"]
    assert second["nth"] == hall_text.SECOND
    assert second["clips"] == [*first["clips"], "second"]


@pytest.mark.on_postgresql
def test_news_waits_until_something_happens(hall: Hall, television: Browser) -> None:
    opened(television, key_of(hall))
    before = news(television)
    with ThreadPoolExecutor() as pool:
        begun = time.monotonic()
        asked = pool.submit(news, television, before["mark"])
        time.sleep(0.5)
        assert not asked.done()
        hall.act("reception", hall.guests[0], Action.CALL)
        after = asked.result()
    assert time.monotonic() - begun < hall_routes.HOLDS
    assert after["mark"] != before["mark"]
    assert len(after["news"]["calls"]) == 1


def test_a_question_nothing_answers_reads_the_hall_once(
    hall: Hall, television: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next poll follows at once and reads it again."""
    monkeypatch.setattr(hall_routes, "HOLDS", 0.1)
    opened(television, key_of(hall))
    before = news(television)
    readings: list[str] = []

    def counted(*arguments: Any) -> Any:
        readings.append("")
        return hall_news(*arguments)

    monkeypatch.setattr(hall_routes, "hall_news", counted)
    monkeypatch.setitem(ROLES, counted, ROLES[hall_news])
    assert news(television, before["mark"])["mark"] == before["mark"]
    assert len(readings) == 1


def test_news_that_are_none_come_without_words(
    hall: Hall, television: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hall_routes, "HOLDS", 0.8)  # longer than a read on a busy machine
    opened(television, key_of(hall))
    before = news(television)
    begun = time.monotonic()
    same_news = news(television, before["mark"])
    asked_for = time.monotonic() - begun
    assert {**same_news, "now": before["now"]} == {
        name: before[name] for name in ("build", "now", "mark")
    }
    waited = same_news["now"] - round(hall.clock().timestamp() * 1000)  # the test's clock stands
    assert 0 < waited <= round(asked_for * 1000)


@pytest.mark.on_postgresql
def test_every_wrong_key_gets_one_and_the_same_page(
    hall: Hall, browsers: Callable[..., Browser]
) -> None:
    ended, expired, right = key_of(hall), key_of(hall), key_of(hall)
    display = next(
        one
        for one in hall.query("reception", settings_of, Nothing()).displays
        if one.id == hashlib.sha256(f"hall-display\n{DISTRICT}\n{ended}".encode()).hexdigest()
    )
    hall.execute("reception", end_display, OneDisplay(display=display.id))
    wrong = right[:-1] + str((int(right[-1]) + 1) % 10)
    answers = [browsers().post(OPEN, {"key": key}) for key in (wrong, ended, "", "۱۲۳", "x" * 99)]
    hall.clock.forward(days=200)
    answers.append(browsers().post(OPEN, {"key": expired}))
    hall.clock.set(at_tehran(MONDAY, "09:00"))
    plain = [same(answer)[1] for answer in answers]
    assert len(set(plain)) == 1
    assert {answer.status_code for answer in answers} == {403}
    assert refusal("hall_key_unknown") in answers[0].text
    other = browsers().post("/hall/7/open", {"key": right})
    assert other.status_code == 403
    assert refusal("hall_key_unknown") in other.text


def test_guesses_are_counted_and_then_refused_and_close_no_hall_to_its_own_key(
    hall: Hall, browsers: Callable[..., Browser]
) -> None:
    """A hall's guests share one address with its television."""
    right, most = key_of(hall), RULES[Limit.HALL_KEY_ADDRESS].most
    guesser, television = browsers("198.51.100.9"), browsers("198.51.100.9")
    for at in range(most):
        key = f"{at:020d}"
        if at % 2:
            assert guesser.post(OPEN, {"key": key}).status_code == 403
        else:
            guesser.put_cookie("hall", key)
            assert guesser.get(NEWS).status_code == 403
    answer = guesser.post(OPEN, {"key": "9" * 20})
    assert answer.status_code == 429
    opened(television, right)


def test_guesses_in_a_cookie_end_and_blind_no_screen_of_the_same_address(
    hall: Hall, browsers: Callable[..., Browser]
) -> None:
    """A hall's guests share one address with its television."""
    right, most = key_of(hall), RULES[Limit.HALL_KEY_ADDRESS].most
    television, guesser = opened(browsers(), right), browsers()
    for at in range(most):
        guesser.put_cookie("hall", f"{at:020d}")
        assert guesser.get(NEWS).status_code == 403
    for guess in ("9" * 20, f"{DISTRICT}.{'9' * 20}.{'0' * 32}"):
        guesser.put_cookie("hall", guess)
        assert guesser.get(NEWS).status_code == 429
        page = guesser.get(SCREEN)
        assert (page.status_code, "data-first=" in page.text) == (429, False)
    assert news(television)["news"]
    assert "data-first=" in television.get(SCREEN).text


def test_the_page_of_another_hall_takes_no_screen_its_key(hall: Hall, television: Browser) -> None:
    opened(television, key_of(hall))
    for _ in range(RULES[Limit.HALL_KEY_ADDRESS].most + 1):
        assert television.get("/hall/7/news").status_code == 403
    other = television.get("/hall/7/")
    assert (other.status_code, "data-first=" in other.text) == (403, False)
    assert refusal("hall_key_other", shown=DISTRICT) in other.text
    assert "data-first=" in television.get(SCREEN).text
    assert news(television)["news"], "nor was it counted as a guess"


def test_an_ended_screen_becomes_the_page_of_the_key(hall: Hall, television: Browser) -> None:
    opened(television, key_of(hall))
    display = hall.query("reception", settings_of, Nothing()).displays[0].id
    hall.execute("reception", end_display, OneDisplay(display=display))
    assert television.get(NEWS).status_code == 403
    assert television.get(NEWS).json() == {}
    page = television.get(SCREEN)
    assert page.status_code == 403
    assert "data-first=" not in page.text
    assert television.cookie("hall") == ""
    assert television.get(SCREEN).status_code == 200


@in_one_city("path", ["/hall/0/", "/hall/23/", "/hall/999999999/"])
def test_there_is_no_hall_of_another_number(television: Browser, path: str) -> None:
    assert television.get(path).status_code == 404
    assert television.post(f"{path}open", {"key": "1"}).status_code == 404
    assert television.get(f"{path}news").status_code == 403


def test_its_policy_allows_its_own_script_and_sheet_alone(hall: Hall, television: Browser) -> None:
    for answer in (television.get(SCREEN), opened(television, key_of(hall)).get(SCREEN)):
        policy = answer.headers["content-security-policy"]
        assert "unsafe" not in policy
        for tag in ("script", "style"):
            inside = re.search(f"<{tag}>(.*?)</{tag}>", answer.text, re.DOTALL)
            assert inside is not None
            digest = base64.b64encode(hashlib.sha256(inside[1].encode()).digest()).decode()
            assert f"{tag}-src 'sha256-{digest}'" in policy
        assert " style=" not in answer.text


def wav(seconds: float = 1.0, rate: int = 8000) -> bytes:
    samples = b"\x10\x20" * int(seconds * rate)
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, rate, rate * 2, 2, 16)
    inside = b"WAVE" + form + struct.pack("<4sI", b"data", len(samples)) + samples
    return b"RIFF" + struct.pack("<I", len(inside)) + inside


def send(browser: Browser, data: bytes, clip: str = "n07") -> object:
    return browser.post(f"/hall/voice/{clip}", files={"sound": ("my voice.exe", data, "text/html")})


@pytest.mark.on_postgresql
def test_a_recording_takes_the_place_of_a_clip_until_it_is_taken_back(
    hall: Hall, browsers: Callable[..., Browser]
) -> None:
    desk, television = browsers(), opened(browsers(), key_of(hall))
    sign_in_staff(desk, "reception")
    assert news(television)["news"]["clips"] == {}
    answer = send(desk, wav())
    assert answer.status_code == 200
    assert hall_text.SAVED.format(words="هفت") in answer.text
    (where,) = set(news(television)["news"]["clips"].values())
    assert where in answer.text.replace("&amp;", "&")
    heard = television.get(where)
    assert heard.content == wav()
    assert heard.headers["content-type"] == "audio/wav"
    assert heard.headers["x-content-type-options"] == "nosniff"
    send(desk, wav(0.5))
    (other,) = set(news(television)["news"]["clips"].values())
    assert other != where
    assert desk.post("/hall/voice/n07/reset").status_code == 200
    assert news(television)["news"]["clips"] == {}
    assert television.get(other).status_code == 404


def ogg() -> bytes:
    return (PROJECT / "assets" / "voice" / "n07.opus").read_bytes()


def mp3() -> bytes:
    return (PROJECT / "assets" / "voice" / "n07.mp3").read_bytes()


@in_one_city("data", [ogg(), mp3(), b"ID3\x04\0\0\0\0\0\x02ab" + mp3()])
def test_what_a_browser_can_play_is_taken(
    hall: Hall, browsers: Callable[..., Browser], data: bytes
) -> None:
    desk = browsers()
    sign_in_staff(desk, "reception")
    assert send(desk, data).status_code == 200
    with hall.reading() as uow:
        assert 300 < uow.halls.clips(DISTRICT)["n07"].millis < 1000


@in_one_city(
    "data, word",
    [
        (b"", "sound_missing"),
        (b"<html><script>alert(1)</script>", "sound_kind"),
        (b"\x89PNG\r\n\x1a\n" + bytes(900), "sound_kind"),
        (b"MZ" + bytes(900), "sound_kind"),
        (ogg()[:-20], "sound_kind"),
        (mp3() + b"<script>", "sound_kind"),
        (b"OggS", "sound_kind"),
        (b"\0\0\0\x20ftypM4A " + bytes(200), "sound_kind"),
        (b"RIFF\0\0\0\0WAVE", "sound_kind"),
        (wav(0.01), "sound_short"),
        (wav(9.0), "sound_long"),
        (bytes(LARGEST_KIB * 1024 + 1), "sound_large"),
    ],
)
def test_what_is_no_short_sound_is_refused(
    hall: Hall, browsers: Callable[..., Browser], data: bytes, word: str
) -> None:
    desk = browsers()
    sign_in_staff(desk, "reception")
    answer = send(desk, data)
    assert answer.status_code == 422
    assert refusal(word, limit=8 if word == "sound_long" else LARGEST_KIB) in answer.text
    with hall.reading() as uow:
        assert uow.halls.clips(DISTRICT) == {}


def test_a_reload_after_a_refusal_shows_the_settings(
    hall: Hall, browsers: Callable[..., Browser]
) -> None:
    """The forms are sent to addresses that have no page."""
    desk = browsers()
    sign_in_staff(desk, "reception")
    sixth = [desk.post(f"/hall/displays?district={DISTRICT}") for _ in range(6)][-1]
    for refused in (sixth, send(desk, b"OggS")):
        assert refused.status_code == 422
        again = desk.reload(refused)
        assert again.status_code == 200
        assert hall_text.DISPLAYS in again.text
    assert "replaceState" not in desk.post("/hall/displays/end", {"display": "0" * 64}).text


def test_the_page_decodes_what_the_server_cannot_hear(
    hall: Hall, browsers: Callable[..., Browser]
) -> None:
    """A silent MP3 has values: without scripts it is accepted; the page's script detects it."""
    desk = browsers()
    sign_in_staff(desk, "reception")
    page = desk.get("/hall/")
    (script,) = re.findall(r"<script type=\"module\">(.*?)</script>", page.text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in page.headers["content-security-policy"]
    assert f'data-silent="{refusal("sound_short")}"' in page.text
    assert send(desk, silent_mp3()).status_code == 200


@in_one_city("who", ["", "desk", "mayor", "overseer"])
def test_nobody_else_sets_a_hall_up(hall: Hall, browsers: Callable[..., Browser], who: str) -> None:
    stranger = browsers()
    if who:
        sign_in_staff(stranger, who)
    status = 404 if who else 303
    assert stranger.get("/hall/").status_code == status
    assert stranger.post("/hall/displays").status_code == status
    assert stranger.post("/hall/displays/end", {"display": "0" * 64}).status_code == status
    assert send(stranger, wav()).status_code == status
    assert stranger.post("/hall/voice/n07/reset").status_code == status
    with hall.reading() as uow:
        assert uow.halls.displays(DISTRICT) == []
        assert uow.halls.clips(DISTRICT) == {}


def test_no_clip_is_of_another_name_and_no_file_is_heard_but_a_recording(
    hall: Hall, browsers: Callable[..., Browser]
) -> None:
    desk = browsers()
    sign_in_staff(desk, "reception")
    assert send(desk, wav(), "n41").status_code == 404
    assert send(desk, wav(), "..").status_code in {404, 405}
    photo = hall.application.originals.put(b"somebody's photograph")
    for name in ("n07", photo, "n41"):
        assert desk.get(f"/hall/{DISTRICT}/clip/{name}?v={photo[:16]}").status_code == 404


def test_a_row_that_names_a_photograph_as_a_recording_gives_it_to_nobody(
    hall: Hall, browsers: Callable[..., Browser]
) -> None:
    """The database owner has no key, and would read every sealed document by it."""
    desk = browsers()
    sign_in_staff(desk, "reception")
    send(desk, wav())
    photo = hall.application.originals.put(b"\xff\xd8\xff a sealed photograph of a certificate")
    engine, row = hall.application.store.engine, "UPDATE hall_clip SET kind = :kind"
    change_past_the_program(engine, row, kind="text/html")
    there = f"/hall/{DISTRICT}/clip/n07"
    assert browsers().get(there).headers["content-type"] == "audio/wav"
    change_past_the_program(engine, "UPDATE hall_clip SET file = :file", file=photo)
    assert browsers().get(there).status_code == 404


def test_every_clip_is_shipped_in_both_forms_and_all_are_small() -> None:
    folder = PROJECT / "assets" / "voice"
    names = {f"{clip}.{form}" for clip in CLIPS for form in ("opus", "mp3")}
    assert {path.name for path in folder.iterdir()} == names
    assert sum(path.stat().st_size for path in folder.iterdir()) < 500_000


def test_an_old_television_can_read_its_script_and_its_sheet() -> None:
    """Browsers of 2018: no arrow functions, no cascade layers, no `gap` in flex rows."""
    folder = PROJECT / "publicmeeting" / "web" / "hall"
    script = re.sub(r"/\*.*?\*/|//[^\n]*", "", (folder / "display.js").read_text(), flags=re.DOTALL)
    for new in ("=>", "`", "?.", "??", "fetch(", "async ", "await "):
        assert new not in script
    assert not re.search(r"\b(let|const|class|import|export)\s", script)
    sheet = re.sub(r"/\*.*?\*/", "", (folder / "display.css").read_text(), flags=re.DOTALL)
    for new in (
        "@layer",
        "min(",
        "max(",
        "clamp(",
        "aspect-ratio",
        ":has(",
        ":is(",
        " gap:",
        "inset-",
    ):
        assert new not in sheet
    assert "#" not in re.sub(r"\.[\w-]+", "", sheet), "colours are named in the tokens alone"


def test_whoever_is_sent_back_into_the_hall_is_shown_to_nobody_as_called(
    hall: Hall, television: Browser
) -> None:
    """Nobody must walk to the room because of a number that waits again."""
    opened(television, key_of(hall))
    guest = hall.guests[0]
    hall.arrive(guest)
    hall.act("reception", guest, Action.CALL)
    assert news(television)["news"]["shown"]["where"] == hall_text.ROOM
    hall.clock.forward(minutes=1)
    hall.act("mayor", guest, Action.CALL_IN)
    hall.clock.forward(minutes=1)
    hall.act("mayor", guest, Action.SEND_BACK, note="کارت همراهش نبود.")
    seen = news(television)["news"]
    assert (seen["shown"]["number"], seen["shown"]["title"]) == ("", hall_text.WAITING)
    assert seen["next"][0]["number"] == "۱", "she is next again"


def test_the_number_of_an_absent_visitor_is_called_no_longer(
    hall: Hall, television: Browser
) -> None:
    """Her seat, with its number, may go to a standby, who would read that she is called."""
    absent = hall.guests[0]
    opened(television, key_of(hall))
    for _ in range(2):
        hall.act("reception", absent, Action.CALL)
    hall.clock.forward(minutes=11)
    assert news(television)["news"]["shown"]["number"] == "۱"
    hall.act("reception", absent, Action.NO_SHOW)
    nobody = {"number": "", "title": hall_text.WAITING, "where": hall_text.WHERE}
    assert news(television)["news"]["shown"] == nobody
    hall.act("reception", absent, Action.COME_LATE, identity=hall.card(absent))
    assert news(television)["news"]["shown"] == nobody, "she is here, and goes in last"


def test_a_closed_day_says_why_and_calls_nobody(hall: Hall, television: Browser) -> None:
    """A visitor who has come must not wait for her number."""
    opened(television, key_of(hall))
    for monday in (MONDAY, MONDAY + timedelta(days=7)):
        closes(hall, monday)
    why = closure(ClosureReason.POWER)
    seen = news(television)["news"]
    assert seen["shown"] == {"number": "", "title": hall_text.NO_MEETING, "where": why}
    assert seen["presence"] == "", "not that the mayor receives"
    assert (seen["next"], seen["code"]) == ([], None)
    hall.clock.forward(days=1)
    ahead = news(television)["news"]["shown"]
    assert ahead["title"] == hall_text.NO_MEETING
    assert ahead["where"].endswith(f": {why}"), "not as the day of the next meetings"


def closes(hall: Hall, monday: date) -> None:
    command = CloseMonday(monday=f"{monday}", district=f"{DISTRICT}", reason=ClosureReason.POWER)
    hall.execute("administrator", close_monday, command)


def test_a_day_that_is_closed_during_a_meeting_shows_who_is_inside(
    hall: Hall, television: Browser
) -> None:
    opened(television, key_of(hall))
    hall.receive(hall.guests[0])
    closes(hall, MONDAY)
    assert news(television)["news"]["shown"]["number"] == "۱"
    hall.order(hall.guests[0])
    hall.finish(hall.guests[0])
    assert news(television)["news"]["shown"]["where"] == closure(ClosureReason.POWER)


def test_when_the_last_has_gone_nobody_is_asked_to_wait_for_a_number(
    hall: Hall, television: Browser
) -> None:
    opened(television, key_of(hall))
    hall.clock.set(at_tehran(MONDAY, "19:59"))
    assert news(television)["news"]["next"], "the clock has not ended the day yet"
    assert news(television)["news"]["shown"]["title"] == hall_text.NOBODY
    hall.ends("20:00")
    shown = news(television)["news"]["shown"]
    assert shown == {"number": "", "title": hall_text.OVER, "where": hall_text.OVER_LEAD}
