"""Every form answers text that the database cannot store with a sentence."""

import pytest
from browsers import Browser
from support.citizens import someone
from support.city import City
from support.each import in_one_city


@pytest.mark.on_postgresql
@in_one_city(
    "path, field, sentence",
    [
        ("/auth/code", "mobile", "e=mobile_letters"),
        ("/auth/confirm", "code", "e=code_short"),
        ("/auth/staff", "username", "e=password_wrong"),
        ("/auth/staff", "password", "e=password_wrong"),
        ("/auth/track", "code", "e="),
        ("/auth/track", "last_four", "e="),
        ("/draft", "title", "e="),
        ("/plain/mine/", "person", "e="),
    ],
)
@in_one_city("sign", ["\0", "+2AA-"])
def test_what_no_row_can_hold_is_answered_with_a_sentence(
    browser: Browser, city: City, path: str, field: str, sentence: str, sign: str
) -> None:
    """NUL, and half of a surrogate pair, which a form may contain in a spelling of its own."""
    browser.post("/auth/code", {"mobile": someone(1).mobile})
    head = f'--x\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n'
    kind = "multipart/form-data; boundary=x; charset=utf-7"
    answer = browser.post(
        path,
        headers={"origin": browser.origin, "content-type": kind},
        content=f"{head}a{sign}b\r\n--x--\r\n".encode(),
    )
    assert answer.status_code == 303
    # A draft is stored, and half a pair is left out.
    assert sentence in answer.headers["location"] or path == "/draft"
