"""An official of two districts changes from one's pages to the other's."""

from browsers import Browser
from signed_in import sign_in_staff
from support.city import City, add_official

from publicmeeting.store.accounts.sessions import Keys
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.oversight.workplaces import workplaces


def test_a_press_in_the_rail_leads_to_the_same_page_of_the_other(
    browser: Browser, city: City
) -> None:
    add_official(
        city.application, "both", ("reception", 4, None), ("reception", 6, None), name="هر دو"
    )
    sign_in_staff(browser, "both")

    def district() -> int:
        keys = Keys(session=browser.cookie("session"), visit=browser.cookie("visit"))
        return city.application.query_now(workplaces, keys, Nothing()).district

    def goes(number: str, page: str) -> str:
        headers = {"Origin": browser.origin, "Referer": page}
        answer = browser.post("/auth/district", {"district": number}, headers=headers)
        assert answer.status_code == 303
        return answer.headers["location"]

    assert district() == 4
    assert goes("6", f"{browser.origin}/monday/") == "/monday/"
    assert district() == 6
    for number in ("5", "x", "", "۶" * 40):
        assert goes(number, "https://evil.example/") == "/"
        assert district() == 6
    foreign = {"Origin": "https://evil.example"}
    assert browser.post("/auth/district", {"district": "4"}, headers=foreign).status_code == 403
    assert district() == 6
