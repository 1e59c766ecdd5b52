"""The notice over a code's field shows the number that the code was sent to."""

from typing import Any

import pytest
from support.citizens import own_visit, someone
from support.city import City
from support.each import in_one_city
from support.staff_tab import Tab

from publicmeeting.application import Application
from publicmeeting.store.accounts.sessions import Keys
from publicmeeting.text.common.dates_text import in_order
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.ui.citizen.request.state import BookingState
from publicmeeting.ui.shell.session import EnterState
from publicmeeting.usecases.accounts.signing_in.pending_sign_in import (
    AskAgain,
    Mistyped,
    Refilled,
    seal_mistyped,
    send_code,
)
from publicmeeting.usecases.filing.submitting import SaveDraft, save_draft

WHO = someone(1)


@pytest.fixture
def code_sent(application: Application, city: City) -> Tab:
    """A browser that has asked for a code."""
    visitor = Keys(visit=own_visit(application, "hers"))
    typed = {"district": "6", "subject": "street", "title": "پیاده‌رو", "text": "شکسته است. " * 5}
    application.execute_now(save_draft, visitor, SaveDraft(fields=typed))
    sealed = application.execute_now(
        send_code, visitor, AskAgain(mobile=WHO.mobile, host="localhost")
    )
    tab = Tab(application)
    tab._cookie = f"visit={visitor.visit}; pending={sealed}"
    return tab


@pytest.mark.parametrize(
    ("state", "address"),
    [(EnterState, "/enter/?sent=1"), (BookingState, "/request/?step=3&sent=1")],
    ids=["enter", "request"],
)
def test_a_masked_mobile_keeps_its_order_between_persian_words(
    code_sent: Tab, state: Any, address: str
) -> None:
    page = code_sent.opens(state, address)
    assert page.sent_to == in_order("۰۹۱۲•••••۰۱")
    assert (page.sent_to[0], page.sent_to[-1]) == ("\u2066", "\u2069")


@pytest.mark.parametrize("step", ["1", "2"])
def test_a_refusal_of_what_was_sent_without_a_script_is_shown_at_its_step(
    code_sent: Tab, step: str
) -> None:
    """On a slow line she presses before the scripts have come."""
    page = code_sent.opens(BookingState, f"/request/?step={step}&e=photo_damaged")
    assert page.refused == refusal("photo_damaged")
    assert code_sent.opens(BookingState, f"/request/?step={step}").refused == ""


def test_nothing_stands_there_for_whoever_asked_for_another_number(code_sent: Tab) -> None:
    page = code_sent.opens(EnterState, "/enter/?other=1")
    assert page.sent_to == ""


@pytest.mark.parametrize(
    ("state", "address"),
    [(EnterState, "/enter/?"), (BookingState, "/request/?step=3&other=1&")],
    ids=["enter", "request"],
)
def test_a_refused_mobile_stands_in_its_field_where_it_is_refused_and_nowhere_else(
    application: Application, code_sent: Tab, state: Any, address: str
) -> None:
    (visit, _) = code_sent._cookie.split("; ")
    keys = Keys(visit=visit.removeprefix("visit="))
    typed = Mistyped(field=Refilled.MOBILE, typed="0912 000 000")
    sealed = application.query_now(seal_mistyped, keys, typed)
    code_sent._cookie = f"{visit}; mistyped={sealed}"
    assert code_sent.opens(state, f"{address}e=mobile_length&digits=10").mistyped == "۰۹۱۲۰۰۰۰۰۰"
    assert code_sent.opens(state, address.rstrip("?&")).mistyped == ""


@in_one_city(
    "is_awaited, key, place",
    [
        (True, "code_wrong", "code"),
        (True, "code_not_sent", "sending"),
        (True, "mobile_full&limit=3", "code"),
        (True, "sso_cancelled", "door"),
        (False, "code_expired", "door"),
        (False, "sms_budget_spent", "door"),
        (False, "form_broken", "door"),
        (False, "mobile_length&digits=9", "mobile"),
    ],
)
def test_a_refusal_is_shown_beside_a_form_that_is_on_the_page(
    code_sent: Tab, *, is_awaited: bool, key: str, place: str
) -> None:
    """An hour later the code's field is gone, and the form for a mobile says why."""
    if not is_awaited:
        code_sent._cookie = code_sent._cookie.partition("; ")[0]
    for state, address in ((EnterState, "/enter/?"), (BookingState, "/request/?step=3&")):
        page = code_sent.opens(state, f"{address}e={key}")
        assert bool(page.sent_to) is (place in {"code", "sending"})
        assert page.errors.get(place)


@in_one_city(
    "address, shown",
    [
        ("/sign-in/?e=password_wrong", "nasrin-6"),
        ("/sign-in/?chosen=1", "nasrin-6"),
        ("/sign-in/", ""),
        ("/sign-in/?locked=1", ""),
    ],
)
def test_a_user_name_that_was_typed_or_invited_stands_in_its_field_again(
    application: Application, code_sent: Tab, address: str, shown: str
) -> None:
    """But an official who is locked out, or has left, leaves no name for the next person."""
    (visit, _) = code_sent._cookie.split("; ")
    keys = Keys(visit=visit.removeprefix("visit="))
    typed = Mistyped(field=Refilled.USERNAME, typed=" nasrin-6 ")
    sealed = application.query_now(seal_mistyped, keys, typed)
    code_sent._cookie = f"{visit}; mistyped={sealed}"
    assert code_sent.opens(EnterState, address).username == shown
