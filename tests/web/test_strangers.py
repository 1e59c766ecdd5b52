"""A stranger's effect on other people, as their browsers see it."""

import re
from dataclasses import replace
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from browsers import Browser, Browsers
from httpx2 import Response
from signed_in import sign_in
from support.citizens import a_form, citizen, file, someone
from support.city import City

from publicmeeting.application import Application
from publicmeeting.domain.people import IdentityKind, Level
from publicmeeting.text.refusals.refusals_text import refusal as sentence
from publicmeeting.usecases.accounts.signing_in.proven import displace
from publicmeeting.usecases.filing.submitting import submit
from publicmeeting.usecases.identity import Outcome, Proof, prove_identity
from publicmeeting.usecases.rate_limits import RULES, Limit


def outcome(answer: Response) -> str:
    """Return the refusal in the address to which an answer leads."""
    query = parse_qs(urlsplit(answer.headers.get("location", "")).query)
    return query.get("e", [""])[0]


def test_who_is_refused_an_identity_learns_nothing_of_whose_it_is(
    browsers: Browsers, application: Application, city: City
) -> None:
    """Typed, proved, or taken from a stranger: the answers have the same bytes."""
    file(application, someone(1))
    verified, squatted = someone(2), someone(3)
    squatter = citizen(application, someone(80).mobile)
    application.execute_now(submit, squatter, a_form(squatted))
    with application.store.unit_of_work(application.clock()) as uow:
        for who in (verified, squatted):
            proof = Proof(IdentityKind.NATIONAL, who.identity, Level.VERIFIED, "sso:my", who.name)
            proven = prove_identity(uow, proof)
            if proven.outcome is Outcome.CONFLICT:
                displace(uow, proven.person, proof, application.clock())

    def answer(number: int) -> tuple[int, bytes]:
        stranger = browsers(f"198.51.100.{number}")
        sign_in(stranger, application, someone(90 + number))
        form = a_form(someone(number))
        matter = {"subject": form.subject, "title": form.title, "text": form.text}
        stranger.post("/plain/request/", {"step": "1", "district": "6"})
        stranger.post("/plain/request/", {"step": "2", **matter})
        who = {"step": "4", "kind": "national", "name": form.name, "identity": form.identity}
        answered = stranger.post("/plain/request/", who)
        shown = re.sub(rb"[0-9]{10}|\xdb[\xb0-\xb9]", b"", answered.content)
        return answered.status_code, shown

    answers = {answer(number) for number in (1, 2, 3)}
    assert len(answers) == 1
    ((status, seen),) = answers
    assert status == 422
    assert sentence("identity_not_with_mobile") in unescape(seen.decode())


def test_drafts_of_nobody_come_to_an_end_and_say_where_to_go_on(
    browsers: Browsers, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(RULES, Limit.DRAFT_ADDRESS, replace(RULES[Limit.DRAFT_ADDRESS], most=3))
    words = [outcome(browsers("203.0.113.9").post("/draft", {"district": "6"})) for _ in range(4)]
    assert words == ["", "", "", "sign_in_first"]
    assert outcome(browsers("192.0.2.7").post("/draft", {"district": "6"})) == ""


def test_a_draft_keeps_no_field_longer_than_its_form(browser: Browser, city: City) -> None:
    answer = browser.post("/draft", {"step": "1", "district": "x" * 19_900})
    assert re.search("e=form_broken", answer.headers["location"])


def test_figures_are_not_open_to_the_world_behind_a_proxy_nobody_told_us_of(
    browsers: Browsers, city: City
) -> None:
    proxy = browsers("127.0.0.1")
    assert proxy.get("/metrics", **{"x-forwarded-for": "5.200.200.9"}).status_code == 404
    assert "proxy" in proxy.get("/health").json()
