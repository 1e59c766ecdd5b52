"""A form that a key of the device answers: in plain pages, with the one script of passkeys."""

import functools

from markupsafe import Markup

from publicmeeting.config import PROJECT
from publicmeeting.text.common import second_step_text
from publicmeeting.web.plain.elements import el, hidden

CREDENTIAL = "credential"
_TOUCH = PROJECT / "publicmeeting" / "ui" / "shell" / "passkey.js"
"""Pages of officials bundle it, plain pages carry it."""
_WIRED = """
for (const one of document.querySelectorAll("[data-key]")) one.addEventListener("click", touchKey);
"""


def key_form(action: str, options: str, word: str, *inside: Markup) -> Markup:
    """A form whose button asks for a key; `options` is where the question comes from. Without a
    script it is sent as it is, and refused in words."""
    failed = el(
        "p", role="alert", hidden=True, class_="error", data_key_failed=second_step_text.KEY_FAILED
    )
    press = el("button", word, type="submit", class_="btn btn-secondary", data_key=True)
    return el(
        "form",
        *inside,
        hidden(**{CREDENTIAL: ""}),
        failed,
        press,
        method="post",
        action=action,
        data_key_options=options,
        class_="grid gap-4",
    )


def sign_in_button(onward: str) -> Markup:
    """One touch and in."""
    word, where = second_step_text.KEY_ENTER, "/auth/passkey"
    return key_form(where, f"{where}/options", word, hidden(next=onward))


@functools.cache
def key_script() -> str:
    """The text of a page's script, where such a form stands on it."""
    return _TOUCH.read_text(encoding="utf-8") + _WIRED
