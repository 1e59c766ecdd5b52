"""Officials sign in by name and password."""

import pytest
from browsers import Browser
from support.city import PASSWORD, City
from support.each import in_one_city


@pytest.mark.parametrize(
    ("username", "workplace"),
    [
        *(("desk", "/desk/"), ("mayor", "/mayor/"), ("technical", "/unit/")),
        *(("overseer", "/city/promises/"), ("phone", "/assist/")),
    ],
)
def test_staff_begin_where_their_role_works(
    browser: Browser, city: City, username: str, workplace: str
) -> None:
    fields = {"username": f" {username.upper()} ", "password": PASSWORD}
    assert browser.post("/auth/staff", fields).headers["location"] == workplace


@in_one_city("username", ["desk", "nobody", "", "de\0sk"])
def test_a_wrong_password_and_an_unknown_name_are_answered_alike(
    browser: Browser, city: City, username: str
) -> None:
    answer = browser.post("/auth/staff", {"username": username, "password": "wrong\0"})
    assert answer.headers["location"] == "/sign-in/?e=password_wrong"
    cookies = [value for name, value in answer.headers.multi_items() if name == "set-cookie"]
    assert [value.partition("=")[0] for value in cookies] == ["mistyped"]
    assert username.strip() == "" or username not in cookies[0], "it is sealed"


def test_a_refused_name_fills_no_field_of_the_citizens_door_and_goes_with_success(
    browser: Browser, city: City
) -> None:
    """A computer of a hall may be shared by officials and citizens."""
    browser.post("/auth/staff", {"username": "desk", "password": "wrong"})
    assert "desk" not in browser.get("/plain/enter/?e=mobile_length&digits=4").text
    browser.post("/auth/staff", {"username": "desk", "password": PASSWORD})
    assert not browser.cookie("mistyped")


def test_a_refused_mobile_fills_its_own_field(browser: Browser, city: City) -> None:
    answer = browser.post("/auth/code", {"mobile": "0912 000 000", "back": "/plain/enter/"})
    assert "۰۹۱۲۰۰۰۰۰۰" in browser.get(answer.headers["location"]).text


@in_one_city("typed", ["desk۴", "DESK٤", " desk4 "])
def test_a_name_with_digits_of_any_keyboard_signs_in(
    browser: Browser, city: City, typed: str
) -> None:
    answer = browser.post("/auth/staff", {"username": typed, "password": PASSWORD})
    assert answer.headers["location"] == "/desk/"
    assert browser.cookie("session")
