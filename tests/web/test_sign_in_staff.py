"""Officials sign in by name and password; what a form may bring that no row can hold."""

import pytest
from browsers import Browser
from support.citizens import someone
from support.city import PASSWORD, City

WHO = someone(1)


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


@pytest.mark.parametrize(
    ("path", "field", "said"),
    [
        ("/auth/code", "mobile", "e=mobile_letters"),
        ("/auth/confirm", "code", "e=code_wrong"),
        ("/auth/staff", "username", "e=password_wrong"),
        ("/auth/staff", "password", "e=password_wrong"),
        ("/auth/track", "code", "e="),
        ("/auth/track", "last_four", "e="),
        ("/draft", "title", "e="),
        ("/plain/mine/", "person", "e="),
    ],
)
@pytest.mark.parametrize("sign", ["\0", "+2AA-"])
def test_what_no_row_can_hold_is_answered_with_a_sentence(
    browser: Browser, city: City, path: str, field: str, said: str, sign: str
) -> None:
    """NUL, and half a letter, which a form may bring in a spelling of its own."""
    browser.post("/auth/code", {"mobile": WHO.mobile})
    head = f'--x\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n'
    kind = "multipart/form-data; boundary=x; charset=utf-7"
    answer = browser.post(
        path, headers={"origin": browser.origin, "content-type": kind},
        content=f"{head}a{sign}b\r\n--x--\r\n".encode(),
    )  # fmt: skip
    assert answer.status_code == 303
    # A draft is kept with the sign where the database has a place for it.
    assert said in answer.headers["location"] or (path, sign) == ("/draft", "\0")


def test_a_password_cannot_be_guessed_through(browser: Browser, city: City) -> None:
    for _ in range(10):
        browser.post("/auth/staff", {"username": "desk", "password": "wrong"})
    right = browser.post("/auth/staff", {"username": "desk", "password": PASSWORD})
    assert right.headers["location"] == "/sign-in/?e=too_many_requests"
