"""Single sign-on of citizens: at a certified provider, at one that is down, at the demo's."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from filing_steps import (
    chooses_district,
    confirms_mobile,
    files,
    fill_in_matter,
    leaves_matter,
    presses_file,
)
from person import Meet, Person
from playwright.sync_api import expect
from support.citizens import someone
from support.peer import Peer
from support.served_city import Served, served_city

from publicmeeting.domain.stages import Action
from publicmeeting.sso.demo import DEMO_PROVIDER
from publicmeeting.text.common import sign_in_text
from publicmeeting.text.filing import filing_text, whose_text
from publicmeeting.text.lifecycle.actions_text import DONE
from publicmeeting.text.refusals.refusals_text import refusal

NATION, OFF = "درگاه ملی", "درگاه خاموش"
NEW, HER, ROBBED = someone(41), someone(42), someone(43)
OTHER_MOBILE = someone(44)
PEOPLE = {
    "new": {"name": NEW.name, "nationalCode": NEW.identity},
    "her": {"name": HER.name, "nationalCode": HER.identity, "mobile": HER.mobile},
    "robbed": {"name": ROBBED.name, "nationalCode": ROBBED.identity, "mobile": ROBBED.mobile},
}


@pytest.fixture(scope="module")
def peer() -> Iterator[Peer]:
    """A provider of another site than the city: `localhost` is not 127.0.0.1."""
    peer = Peer(PEOPLE)
    yield peer
    peer.stop()


@pytest.fixture(scope="module")
def town(peer: Peer) -> Iterator[Served]:
    more = {**peer.settings("NATION", NATION), **Peer({}).settings("OFF", OFF)}
    with served_city(more) as served:
        peer.start(way_back(served))
        yield served
        log = served.log.read_text(encoding="utf-8")
        assert "Traceback" not in log, log


def way_back(town: Served) -> str:
    return f"{town.origin}/auth/sso/nation/return"


def presses(person: Person, title: str) -> None:
    leaves_fonts_alone(person)
    person.button(sign_in_text.ENTER_WITH.format(title=title)).click()


def leaves_fonts_alone(person: Person) -> None:
    """Expect errors of fonts, which the provider's pages fetch from a foreign host."""
    person.may_fail("fonts.googleapis.com")
    person.page.route("https://fonts.googleapis.com/**", lambda route: route.abort())


def signs_in_there(person: Person, login: str) -> None:
    """Sign in at the certified provider: a login, then consent."""
    page = person.page
    page.locator("[name=login]").fill(login)
    page.locator("[name=password]").fill("anything")
    page.locator("button[type=submit]").click()
    page.get_by_text("Authorize").wait_for()
    page.locator("button[type=submit]").click()


def test_a_newcomer_by_the_portals_link_cancels_once_and_files(meet: Meet) -> None:
    newcomer = meet("newcomer")
    page = newcomer.page
    newcomer.goes("/request/?district=6&subject=street&from=portal")
    expect(page.get_by_role("heading", name=filing_text.MATTER_TITLE)).to_be_visible()
    expect(page.locator("[name=subject]")).to_have_value("street")
    fill_in_matter(newcomer)
    leaves_matter(newcomer)
    newcomer.shot("three-doors")

    presses(newcomer, NATION)
    page.get_by_text("[ Cancel ]").click()
    newcomer.is_alive()
    newcomer.sees(refusal("sso_cancelled"))
    newcomer.shot("cancelled")

    presses(newcomer, NATION)
    signs_in_there(newcomer, "new")
    page.wait_for_url("**/request/?step=3")
    newcomer.is_alive()
    confirms_mobile(newcomer, NEW)
    expect(page.get_by_text(NEW.name)).to_be_visible()
    newcomer.button(filing_text.KEEP_ON).click()
    expect(page.get_by_role("heading", name=filing_text.REVIEW_TITLE)).to_be_visible()
    presses_file(newcomer)

    newcomer.goes("/request/?district=7&from=portal")
    newcomer.sees(filing_text.LIVE_ONE)


def test_who_has_filed_by_code_finds_her_request_after_the_keys_have_changed(
    meet: Meet, peer: Peer, town: Served
) -> None:
    code = files(meet("she"), HER, district=6)
    peer.stop()
    elsewhere = meet("elsewhere")
    elsewhere.goes("/enter/")
    presses(elsewhere, OFF)
    elsewhere.is_alive()
    elsewhere.sees(refusal("sso_unreachable"))
    expect(elsewhere.page.locator("[name=mobile]")).to_be_visible()
    elsewhere.shot("provider-down")

    peer.start(way_back(town))
    presses(elsewhere, NATION)
    signs_in_there(elsewhere, "her")
    elsewhere.page.wait_for_url("**/mine/")
    elsewhere.is_alive()
    expect(elsewhere.page.locator(f"a[href*='{code}']").first).to_be_visible()


def test_whom_a_stranger_has_filed_for_puts_it_aside_and_begins_anew(meet: Meet) -> None:
    stranger = meet("stranger")
    code = files(stranger, replace(ROBBED, mobile=OTHER_MOBILE.mobile), district=7)
    stranger.goes(f"/mine/{code}/")

    robbed = meet("robbed")
    robbed.goes("/enter/")
    presses(robbed, NATION)
    signs_in_there(robbed, "robbed")
    robbed.page.wait_for_url("**/enter/whose/**")
    robbed.sees(whose_text.TITLE)
    robbed.shot("whose")
    expect(robbed.page.locator(f"a[href*='{code}']")).to_have_count(0)
    robbed.page.get_by_role("link", name=whose_text.DISPLACE).click()
    robbed.sees(whose_text.SURE_TITLE)
    robbed.button(whose_text.SURE).click()

    stranger.sees(DONE[Action.DISPLACE])
    robbed.goes("/mine/")
    expect(robbed.page.locator(f"a[href*='{code}']")).to_have_count(0)
    robbed.goes("/request/")
    chooses_district(robbed, 7)
    fill_in_matter(robbed)
    leaves_matter(robbed)
    expect(robbed.page.get_by_text(ROBBED.name)).to_be_visible()
    robbed.button(filing_text.KEEP_ON).click()
    own = presses_file(robbed)
    assert own != code


def test_the_demos_demo_provider_is_marked_and_walked(meet: Meet) -> None:
    """On a large screen in the dark, by a person whose session the plain pages show."""
    player = meet("player", "desk", color_scheme="dark")
    page = player.page
    page.goto("/plain/enter/")
    presses(player, DEMO_PROVIDER.title)
    expect(page.get_by_text(sign_in_text.DEMO_WARNING)).to_be_visible()
    player.shot("pretend")
    player.button(sign_in_text.DEMO_CANCEL).click()
    expect(page.get_by_text(refusal("sso_cancelled"))).to_be_visible()
    presses(player, DEMO_PROVIDER.title)
    page.get_by_role("button", name=sign_in_text.DEMO_AGREE.format(name="")).last.click()
    page.wait_for_url("**/plain/mine/")
    expect(page.locator("main .rows a").first).to_be_visible()
