"""A mayor's photographed paper: corners are guessed, and the result is straight."""

import io
import json
import math

import pytest
from browsers import Browser, Browsers
from PIL import Image
from signed_in import sign_in, sign_in_staff
from skewed import photographed
from support.city import City
from support.each import in_one_city
from support.files import path_of

from publicmeeting.application import Application
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.usecases.rate_limits import Limit, take

PHOTO, CORNERS = photographed(Image.new("RGB", (1414, 1000), (240, 236, 224)), 1)
INSET = [[x * 0.98 + 0.01, y * 0.98 + 0.01] for x, y in CORNERS]


@pytest.fixture
def mayor(browser: Browser, city: City) -> Browser:
    sign_in_staff(browser, "mayor")
    return browser


@pytest.fixture
def paper(mayor: Browser) -> str:
    return mayor.send(PHOTO, "?kind=paper").json()["id"]


def straighten(browser: Browser, paper: str, corners: object = CORNERS):
    headers = {"origin": browser.origin, "content-type": "application/json"}
    body = json.dumps({"corners": corners})
    return browser._ask("POST", f"/papers/{paper}", content=body, headers=headers)


def rows(application: Application) -> list[tuple[str, str | None]]:
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        found = uow.session.connection().exec_driver_sql("SELECT id, made_from FROM image")
        return [(key, made_from) for key, made_from in found]


def test_the_corners_of_the_paper_are_guessed(mayor: Browser, paper: str) -> None:
    answer = mayor.get(f"/papers/{paper}/corners")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    found = answer.json()["corners"]
    assert max(map(math.dist, found, CORNERS)) < 0.01


def test_the_straight_sheet_is_a_picture_of_the_mayors_and_the_photograph_stays(
    mayor: Browser, paper: str, application: Application
) -> None:
    answer = straighten(mayor, paper)
    body = answer.json()
    assert answer.status_code == 201
    assert set(body) == {"id", "thumb", "full", "width", "height"}
    sheet = Image.open(io.BytesIO(mayor.get(body["full"]).content))
    assert sheet.size == (body["width"], body["height"])
    assert sum(sheet.convert("L").histogram()[250:]) > 0.8 * sheet.width * sheet.height
    assert mayor.get(body["thumb"]).status_code == 200
    assert mayor.get(f"/images/{paper}").status_code == 200
    assert set(rows(application)) == {(paper, None), (body["id"], paper)}


def test_straightened_again_it_takes_the_earlier_ones_place(
    mayor: Browser, paper: str, application: Application
) -> None:
    first = straighten(mayor, paper).json()["id"]
    assert straighten(mayor, paper).json()["id"] == first
    second = straighten(mayor, paper, INSET).json()["id"]
    assert second != first
    assert set(rows(application)) == {(paper, None), (second, paper)}
    assert mayor.get(f"/images/{first}").status_code == 404


def test_it_goes_with_its_photograph(mayor: Browser, paper: str, application: Application) -> None:
    straighten(mayor, paper)
    assert mayor.delete(f"/photos/{paper}").status_code == 200
    assert rows(application) == []


def test_it_is_read_from_what_the_page_shows_when_the_original_is_lost(
    mayor: Browser, paper: str, application: Application
) -> None:
    for name in list(application.originals.names()):
        path_of(application.files.originals, name).unlink()
    assert straighten(mayor, paper).status_code == 201


@in_one_city(
    "corners, key",
    [
        (None, "corners_unreadable"),
        ("corners", "corners_unreadable"),
        (CORNERS[:3], "corners_unreadable"),
        ([[math.nan, 0], *CORNERS[1:]], "corners_unreadable"),
        ([[math.inf, 0], *CORNERS[1:]], "corners_unreadable"),
        ([[-1, 0], *CORNERS[1:]], "corners_outside"),
        (CORNERS[::-1], "corners_crossed"),
        ([[0.5, 0.5]] * 4, "corners_small"),
    ],
)
def test_what_cannot_be_corners_is_refused_with_its_sentence(
    mayor: Browser, paper: str, application: Application, corners: object, key: str
) -> None:
    answer = straighten(mayor, paper, corners)
    assert answer.status_code == 422
    assert answer.json() == {"error": refusal(key), "key": key}
    assert rows(application) == [(paper, None)]


@in_one_city("body", [b"", b"[]", b"7", b"{", b"\xff", b"[" * 9000, b'{"corners": 7}'])
def test_what_is_no_message_is_refused_too(mayor: Browser, paper: str, body: bytes) -> None:
    headers = {"origin": mayor.origin}
    answer = mayor._ask("POST", f"/papers/{paper}", content=body, headers=headers)
    assert answer.json()["key"] == "corners_unreadable"


def test_nobody_else_may_and_every_no_looks_the_same(
    browsers: Browsers, application: Application, paper: str
) -> None:
    answers = []
    for username in ("deputy", "mayor4", "mayor"):
        other = browsers()
        sign_in_staff(other, username)
        address = paper if username != "mayor" else "0" * 32
        answers += [straighten(other, address), other.get(f"/papers/{address}/corners")]
    assert {(one.status_code, one.content) for one in answers} == {(404, answers[0].content)}
    assert answers[0].json()["error"] == refusal("not_found")
    for username, key, status in (("desk", "not_your_role", 403), ("", "session_ended", 401)):
        other = browsers()
        if username:
            sign_in_staff(other, username)
        for address in (paper, "0" * 32):
            answer = straighten(other, address)
            assert (answer.status_code, answer.json()["key"]) == (status, key)
    citizen = browsers()
    sign_in(citizen, application)
    assert straighten(citizen, paper).json()["key"] == "session_ended"


def test_another_sites_page_cannot_send_corners(mayor: Browser, paper: str) -> None:
    headers = {"origin": "https://evil.example", "content-type": "application/json"}
    body = json.dumps({"corners": CORNERS})
    answer = mayor._ask("POST", f"/papers/{paper}", content=body, headers=headers)
    assert answer.status_code == 403


def test_one_mayor_cannot_keep_the_decoder_busy(mayor: Browser, paper: str, city: City) -> None:
    with city.application.store.unit_of_work(city.application.clock()) as uow:
        for _ in range(240):
            take(uow, Limit.STRAIGHTEN, str(city.as_("mayor").account_id))
    assert mayor.get(f"/papers/{paper}/corners").status_code == 429
    assert straighten(mayor, paper).status_code == 429


def test_a_citizens_photo_is_no_paper(mayor: Browser, city: City) -> None:
    photo = mayor.send(PHOTO).json()["id"]
    assert straighten(mayor, photo).status_code == 404
