"""Photos are uploaded, and served to those who may see the case; all refusals look alike."""

import hashlib
import io
import zlib
from pathlib import Path

from browsers import Browser, Browsers, as_answered
from PIL import Image
from signed_in import file, sign_in, sign_in_staff
from support.citizens import someone
from support.city import City
from support.clock import FixedClock
from support.each import in_one_city

from publicmeeting.application import Application
from publicmeeting.text.refusals.refusals_text import refusal

MEGABYTE = 1024 * 1024


def picture(kind: str = "JPEG", colour: str = "teal", size: tuple[int, int] = (640, 480)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, kind)
    return out.getvalue()


def bomb() -> bytes:
    """Return a PNG of 900 megapixels in a few bytes."""
    head = picture("PNG", size=(8, 8))
    sides = (30_000).to_bytes(4, "big") * 2
    chunk = b"IHDR" + sides + head[24:29]
    return head[:12] + chunk + zlib.crc32(chunk).to_bytes(4, "big") + head[33:]


def test_a_photo_of_the_draft_is_stored_and_shown_to_its_visit(
    browser: Browser, city: City
) -> None:
    sent = browser.send(picture())
    photo = sent.json()
    assert (sent.status_code, photo["width"], photo["height"]) == (201, 640, 480)
    for address, longest in ((photo["full"], 1600), (photo["thumb"], 320)):
        seen = browser.get(address)
        assert seen.status_code == 200
        assert max(Image.open(io.BytesIO(seen.content)).size) <= longest
        assert seen.headers["content-type"] == "image/jpeg"
        assert seen.headers["cache-control"] == "private, no-store"
        assert seen.headers["x-content-type-options"] == "nosniff"
        assert "sandbox" in seen.headers["content-security-policy"]


@in_one_city(
    "body, status, key, facts",
    [
        (b"", 422, "photo_empty", {}),
        (b"\xff\xd8\xff" + bytes(15 * MEGABYTE), 413, "photo_too_large", {"megabytes": 12}),
        (b"%PDF-1.7\n" + bytes(100), 422, "photo_kind", {"kind": "pdf"}),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", 422, "photo_kind", {"kind": "svg"}),
        (b"GIF89a" + bytes(20), 422, "photo_kind", {"kind": "gif"}),
        (b"<html><script>", 422, "photo_kind", {"kind": "page"}),
        (picture("WEBP") + b"PK\x05\x06" + bytes(18), 422, "photo_hides", {}),
        (picture()[:900], 422, "photo_damaged", {}),
        (bomb(), 422, "photo_too_many_pixels", {"megapixels": 50}),
    ],
)
def test_what_is_no_photo_is_refused_with_its_sentence(
    browser: Browser, city: City, body: bytes, status: int, key: str, facts: dict[str, object]
) -> None:
    answer = browser.send(body, **{"content-type": "image/jpeg"})
    assert answer.status_code == status
    assert answer.json() == {"error": refusal(key, **facts), "key": key}


def test_a_file_beyond_all_measure_is_not_read(browser: Browser, city: City) -> None:
    assert browser.send(b"", **{"content-length": str(10**9)}).status_code == 413


def test_a_hundred_megabytes_are_read_away_and_refused_with_the_sentence(
    browser: Browser, city: City
) -> None:
    answer = browser.send(b"\xff\xd8\xff" + bytes(100 * MEGABYTE))
    assert (answer.status_code, answer.json()["key"]) == (413, "photo_too_large")


def test_the_file_as_it_came_is_kept_sealed_and_no_address_shows_it(
    browser: Browser, application: Application, city: City
) -> None:
    data = picture("PNG")
    photo, name = browser.send(data).json(), hashlib.sha256(data).hexdigest()
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        assert uow.images.originals() == {name}
    assert application.originals.get(name) == data
    assert browser.get(photo["full"]).content != data
    assert browser.get(f"/images/{name}").status_code == 404


def test_nothing_of_a_refused_photo_is_kept(
    browser: Browser, application: Application, city: City
) -> None:
    for body in (b"", b"%PDF-1.7", picture()[:900], bomb(), picture() + b"PK\x03\x04"):
        assert browser.send(body).status_code == 422
    assert application.images.names() == application.originals.names() == {}


def test_a_draft_has_three_photos(browser: Browser, city: City) -> None:
    colours = ("red", "green", "blue", "white")
    answers = [browser.send(picture(colour=colour)) for colour in colours]
    assert [answer.status_code for answer in answers] == [201, 201, 201, 422]
    assert answers[3].json()["error"] == refusal("photos_too_many", limit=3)


def test_the_same_photo_sent_again_is_the_same_photo(browser: Browser, city: City) -> None:
    first, again = browser.send(picture()), browser.send(picture())
    assert first.json()["id"] == again.json()["id"]


def test_a_photo_can_be_taken_back_by_its_sender_only(browsers: Browsers, city: City) -> None:
    hers, his = browsers(), browsers()
    photo = hers.send(picture()).json()
    assert his.delete(f"/photos/{photo['id']}").status_code == 422
    assert hers.get(photo["full"]).status_code == 200
    assert hers.delete(f"/photos/{photo['id']}").status_code == 200
    assert hers.get(photo["full"]).status_code == 404


def test_photos_also_come_by_a_form(browser: Browser, city: City) -> None:
    files = [("photos", ("a.jpg", picture())), ("photos", ("b.jpg", picture(colour="red")))]
    answer = browser.post("/photos", {"kind": "photo", "next": "/request/?step=3"}, files=files)
    assert answer.headers["location"] == "/request/?step=3"
    third = browser.send(picture(colour="blue")).json()
    assert browser.send(picture(colour="white")).status_code == 422
    dropped = browser.post(f"/photos/{third['id']}/drop", {"next": "/request/?step=2"})
    assert (dropped.status_code, dropped.headers["location"]) == (303, "/request/?step=2")


def test_a_refused_file_of_a_form_comes_back_as_a_word(browser: Browser, city: City) -> None:
    headers = {"origin": browser.origin, "referer": f"{browser.origin}/request/?step=2"}
    files = [("photos", ("برگه.jpg", b"%PDF-1.7 " + bytes(50)))]
    answer = browser.post("/photos", {}, headers=headers, files=files)
    assert answer.headers["location"] == "/request/?step=2&e=photo_kind"
    files = [("photos", ("a.jpg", b"\xff\xd8\xff" + bytes(13 * MEGABYTE)))]
    answer = browser.post("/photos", {}, headers=headers, files=files)
    assert answer.headers["location"] == "/request/?step=2&e=photo_too_large&megabytes=12"


@in_one_city(
    "username, kind, status",
    [
        ("", "anything", 422),
        ("", "caller", 401),
        ("", "paper", 401),
        ("", "proof", 401),
        ("desk", "caller", 201),
        ("desk", "paper", 403),
        ("mayor", "caller", 403),
        ("mayor", "paper", 201),
        ("mayor", "proof", 403),
        ("mayor", "report", 403),
        ("phone", "caller", 201),
        ("technical", "report", 201),
        ("technical", "report&about=6-1405-1", 404),
    ],
)
def test_each_kind_of_photo_has_its_senders(
    browser: Browser, city: City, username: str, kind: str, status: int
) -> None:
    if username:
        sign_in_staff(browser, username)
    assert browser.send(picture(), f"?kind={kind}").status_code == status


def test_without_a_first_page_there_is_no_draft_for_a_photo(browsers: Browsers, city: City) -> None:
    assert browsers(fresh=True).send(picture()).json()["key"] == "not_ready"


def test_one_visit_cannot_keep_the_decoder_busy(
    browser: Browser, city: City, clock: FixedClock
) -> None:
    answers = [browser.send(b"GIF89a") for _ in range(61)]
    assert {answer.status_code for answer in answers[:60]} == {422}
    assert answers[60].status_code == 429
    clock.forward(hours=1)
    assert browser.send(picture()).status_code == 201


def test_a_photo_of_a_case_is_for_those_who_may_see_the_case(
    browsers: Browsers, application: Application, city: City
) -> None:
    hers = browsers()
    who = sign_in(hers, application)
    photo = hers.send(picture()).json()
    file(hers, application, who)
    assert hers.get(photo["full"]).status_code == 200
    desk = browsers()
    sign_in_staff(desk, "desk")
    assert desk.get(photo["thumb"]).status_code == 200

    nobody, citizen, elsewhere = browsers(), browsers(), browsers()
    sign_in(citizen, application, someone(2))
    sign_in_staff(elsewhere, "desk4")
    refused = [
        nobody.get(photo["full"]),
        citizen.get(photo["full"]),
        elsewhere.get(photo["full"]),
        elsewhere.get(photo["thumb"]),
        hers.get("/images/0123456789abcdef0123456789abcdef"),
        hers.get("/images/..%2F..%2Fsecret.key"),
        hers.get("/images/%00"),
    ]
    distinct = {as_answered(answer) for answer in refused}
    assert len(distinct) == 1
    assert refused[0].status_code == 404
    assert refused[0].text == refusal("not_found")


def test_her_photos_go_with_her_to_another_device(
    browsers: Browsers, application: Application, city: City, clock: FixedClock
) -> None:
    first = browsers()
    who = sign_in(first, application)
    file(first, application, who)
    other = browsers()
    photo = other.send(picture()).json()
    clock.forward(minutes=2)
    sign_in(other, application, who)
    assert first.get(photo["thumb"]).status_code == 200
    assert browsers().get(photo["thumb"]).status_code == 404


def test_no_name_leads_out_of_the_folder(browser: Browser, city: City, tmp_path: Path) -> None:
    (tmp_path / "images" / "secret").write_text("secret")
    for name in ("secret", "../images/secret", "%2e%2e/secret", "....//secret"):
        assert "secret" not in browser.get(f"/images/{name}").text
        assert "secret" not in browser.get(f"/images/{name}/thumb").text
