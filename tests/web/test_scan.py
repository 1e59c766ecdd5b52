"""The server reads a QR from a camera's picture, for browsers that cannot."""

from browsers import Browser
from signed_in import sign_in_staff
from support.city import City
from support.codes import qr_png
from support.each import in_one_city

from publicmeeting.kit.codes import tracking_code

CODE = tracking_code(1405, 6)


def scan(browser: Browser, frame: bytes) -> tuple[int, dict[str, str]]:
    answer = browser._ask("POST", "/scan", content=frame, headers={"origin": browser.origin})
    return answer.status_code, answer.json()


@in_one_city(
    "text, code",
    [
        (f"http://localhost:3000/track/?code={CODE}", CODE),
        (CODE, CODE),
        ("https://evil.example/", ""),
        (f"{CODE}0", ""),
    ],
)
def test_reception_reads_the_code_of_a_pass(
    browser: Browser, city: City, text: str, code: str
) -> None:
    sign_in_staff(browser, "reception")
    assert scan(browser, qr_png(text)) == (200, {"code": code})


def test_a_frame_that_is_no_picture_is_refused(browser: Browser, city: City) -> None:
    sign_in_staff(browser, "reception")
    status, body = scan(browser, b"%PDF-1.7")
    assert (status, body["key"]) == (422, "photo_kind")


@in_one_city("username, status", [("", 401), ("technical", 403), ("overseer", 403)])
def test_others_have_no_scanner(browser: Browser, city: City, username: str, status: int) -> None:
    if username:
        sign_in_staff(browser, username)
    assert scan(browser, qr_png(CODE))[0] == status
