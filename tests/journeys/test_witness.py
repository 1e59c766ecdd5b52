"""A witness on a Monday's draw: the value never leaves her browser before it must."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from person import Meet, Person, soon
from playwright.sync_api import Locator, Request, expect

from publicmeeting.application import Application
from publicmeeting.domain.roles import NOBODY
from publicmeeting.text.line import witness_text
from publicmeeting.text.public_record import ceremony_text
from publicmeeting.turns.formulas import CITY, commitment
from publicmeeting.turns.verification import verify
from publicmeeting.usecases.public_record.ceremony import Ceremony, OneMonday
from publicmeeting.usecases.public_record.ceremony import ceremony as ceremony_of

OWN_CITY = True

DAY = "1405-09-16"
MONDAY = "2026-12-07"
SAY = witness_text.VALUE


@pytest.fixture
def council(meet: Meet) -> Iterator[Person]:
    person = meet("council", "desk", accept_downloads=True)
    yield person
    person.shot("at-the-end")


def seen(application: Application) -> Ceremony:
    return application.query_as(NOBODY, ceremony_of, OneMonday(monday=DAY))


def card(person: Person) -> Locator:
    return person.page.locator("main li").filter(has_text="۱۶ آذر")


def press(person: Person, label: str) -> None:
    card(person).get_by_role("button", name=label, exact=True).click()


def test_a_value_is_made_kept_and_shown_and_the_screen_follows(
    council: Person, meet: Meet, application: Application, tmp_path: Path
) -> None:
    crowd = meet("crowd", "phone")
    crowd.goes(f"/ceremony/?monday={DAY}")
    crowd.sees(ceremony_text.NO_WITNESS)

    council.becomes("witness/council")
    sent: list[str] = []
    council.page.on("request", lambda request: sent.append(_text(request)))
    council.page.on(
        "websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(str(frame)))
    )
    council.page.reload()
    council.is_alive()
    press(council, SAY["make"])
    value = card(council).get_by_label(SAY["value"]).inner_text()
    expect(card(council).get_by_role("button", name=SAY["first"])).to_be_visible()
    with council.page.expect_download() as download:
        press(council, SAY["download"])
    kept = tmp_path / "value.txt"
    download.value.save_as(kept)
    assert value in kept.read_text(encoding="utf-8").split()
    press(council, SAY["commit"])
    council.sees(witness_text.DONE_COMMIT)
    promised = commitment("council", value)
    assert [one.commitment for one in seen(application).parties if one.party != CITY] == [promised]
    assert any(promised in one for one in sent)
    assert not any(value in one for one in sent)
    crowd.sees(promised[:8])

    crowd.moves_clock("freeze")
    crowd.moves_clock("reveals")
    crowd.sees(ceremony_text.NOW["revealing"])
    council.sees(SAY["show"])

    comes_back_with_the_file(council, kept)
    crowd.sees(value[:8])
    crowd.moves_clock("draw")
    soon(lambda: all(one.figures.state == "drawn" for one in seen(application).draws))
    crowd.sees(ceremony_text.NOW["drawn"])
    expect(crowd.page.get_by_text(ceremony_text.ONLY_CITY)).to_have_count(0)

    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        drawn = uow.draws.get(6, date.fromisoformat(MONDAY))
    assert drawn is not None
    file = drawn.file
    assert set(file["reveals"]) == {CITY, "council"}
    assert verify(file) == ()
    crowd.page.locator(".ceremony-map .d6").click()
    crowd.sees(file["seated"][0]["ticket"][:8])
    crowd.shot("drawn")


def comes_back_with_the_file(council: Person, kept: Path) -> None:
    """Another browser has nothing of the value: only what was kept brings it back."""
    council.page.evaluate(f"localStorage.removeItem('publicmeeting/witness/council/{MONDAY}')")
    council.page.reload()
    council.is_alive()
    council.sees(SAY["bring"])
    card(council).locator("textarea").fill("ab" * 32)
    council.sees(SAY["differs"])
    card(council).locator("input[type=file]").set_input_files(kept)
    press(council, SAY["show"])
    council.sees(witness_text.DONE_SHOW)


def _text(request: Request) -> str:
    return f"{request.url} {request.post_data or ''}"
