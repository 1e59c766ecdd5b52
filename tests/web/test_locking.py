"""A locked screen: the session ends on the server, and signing in leads back to the page."""

from browsers import Browser, Browsers
from signed_in import sign_in_staff
from support.city import PASSWORD, City
from support.doors import knows
from support.each import in_one_city

from publicmeeting.application import Application


def locked(browser: Browser, page: str) -> str:
    headers = {"Origin": browser.origin, "Referer": page}
    return browser.post("/auth/lock", headers=headers).headers["location"]


def test_a_locked_screen_is_signed_out_and_leads_back(
    browser: Browser, application: Application, city: City
) -> None:
    del city
    sign_in_staff(browser, "desk")
    key = browser.cookie("session")
    place = locked(browser, f"{browser.origin}/desk/?case=0506123457")
    assert place == "/sign-in/?next=%2Fdesk%2F%3Fcase%3D0506123457&locked=1"
    assert browser.cookie("session") == ""
    assert not knows(application, key)
    back = browser.post(
        "/auth/staff",
        {"username": "desk", "password": PASSWORD},
        headers={"Referer": f"{browser.origin}{place}"},
    )
    assert back.headers["location"] == "/desk/?case=0506123457"


@in_one_city("page", ["", "https://evil.example/desk/", "//evil.example", "javascript:alert(1)"])
def test_a_lock_leads_to_no_foreign_page(browser: Browser, city: City, page: str) -> None:
    del city
    sign_in_staff(browser, "desk")
    assert locked(browser, page) == "/sign-in/?locked=1"
    assert browser.cookie("session") == ""


def test_nobody_locks_anothers_screen_and_a_second_press_does_no_harm(
    browsers: Browsers, city: City
) -> None:
    del city
    hers, nobody = browsers(), browsers()
    sign_in_staff(hers, "desk")
    foreign = {"Origin": "https://evil.example"}
    assert hers.post("/auth/lock", headers=foreign).status_code == 403
    assert nobody.post("/auth/lock").status_code == 303
    assert hers.get("/account/").status_code == 200
    for _ in range(2):
        assert locked(hers, f"{hers.origin}/desk/").endswith("locked=1")
