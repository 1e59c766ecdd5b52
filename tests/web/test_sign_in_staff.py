"""Officials sign in by name and password."""

import pytest
from browsers import Browser
from support.city import PASSWORD, City


@pytest.mark.parametrize(
    ("username", "workplace"),
    [
        *(("desk", "/desk/"), ("mayor", "/mayor/"), ("technical", "/unit/")),
        *(("overseer", "/city/promises/"), ("phone", "/mine/")),
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
    assert "set-cookie" not in answer.headers


def test_a_password_cannot_be_guessed_through(browser: Browser, city: City) -> None:
    for _ in range(10):
        browser.post("/auth/staff", {"username": "desk", "password": "wrong"})
    right = browser.post("/auth/staff", {"username": "desk", "password": PASSWORD})
    assert right.headers["location"] == "/sign-in/?e=too_many_requests"
