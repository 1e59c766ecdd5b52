"""Officials sign in by name and password."""

import pytest
from browsers import Browser
from support.city import PASSWORD, City


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


@pytest.mark.parametrize("username", ["desk", "nobody", "", "de\0sk"])
def test_a_wrong_password_and_an_unknown_name_are_answered_alike(
    browser: Browser, city: City, username: str
) -> None:
    answer = browser.post("/auth/staff", {"username": username, "password": "wrong\0"})
    assert answer.headers["location"] == "/sign-in/?e=password_wrong"
    cookies = [value for name, value in answer.headers.multi_items() if name == "set-cookie"]
    assert [value.partition("=")[0] for value in cookies] == ["mistyped"]
    assert username.strip() == "" or username not in cookies[0], "it is sealed"


@pytest.mark.parametrize("typed", ["desk۴", "DESK٤", " desk4 "])
def test_a_name_with_digits_of_any_keyboard_signs_in(
    browser: Browser, city: City, typed: str
) -> None:
    answer = browser.post("/auth/staff", {"username": typed, "password": PASSWORD})
    assert answer.headers["location"] == "/desk/"
    assert browser.cookie("session")
