"""The main road: a request, its Monday, the mayor's order, and the promise until it is done.

Five people act on five screens; nobody reloads an open page.
"""

from filing_steps import (
    chooses_district,
    confirms_mobile,
    fill_in_herself,
    fill_in_matter,
    leaves_matter,
    presses_file,
    sends_photo,
)
from person import Meet, Person
from playwright.sync_api import expect
from promise_steps import QUIET, as_file, is_ordered_and_followed
from road_steps import (
    accepts,
    arrives,
    confirms,
    is_called_in,
    is_called_twice,
    is_for_everybody,
    opens_timeline,
    scans_beside_the_field,
)
from support.citizens import someone

from publicmeeting.application import Application
from publicmeeting.domain.stages import Action
from publicmeeting.seeder.pictures import painted
from publicmeeting.text.lifecycle.actions_text import DONE

OWN_CITY = True


def test_a_request_becomes_a_promise_that_is_kept(
    meet: Meet, application: Application, axe: str
) -> None:
    who = someone(70_001)
    maryam, keeper = meet("maryam"), meet("keeper", "desk")
    keeper.goes("/")

    code = _files(maryam, who)
    opens_timeline(maryam, code)
    desk = meet("desk", "desk")
    accepts(desk, maryam, code, QUIET)

    keeper.moves_clock("freeze")
    keeper.moves_clock("draw")
    confirms(maryam)
    keeper.moves_clock("meetings")

    reception = meet("reception", "desk")
    arrives(reception, code, who, QUIET)
    maryam.sees(DONE[Action.ARRIVE])
    maryam.shot("arrived")
    scans_beside_the_field(reception)
    is_called_twice(reception, maryam, code, application, axe)

    mayor = meet("mayor", "tablet")
    is_called_in(mayor, maryam, QUIET)
    is_for_everybody(axe, mayor, desk)
    is_ordered_and_followed(mayor, meet("unit", "desk"), maryam, code)
    assert code in maryam.page.url


def _files(maryam: Person, who: object) -> str:
    maryam.goes("/")
    maryam.shot("home")
    maryam.goes("/request/")
    maryam.shot("district")
    chooses_district(maryam, QUIET)
    fill_in_matter(maryam)
    sends_photo(maryam, as_file("broken.webp", painted("pavement-0")))
    maryam.shot("matter")
    leaves_matter(maryam)
    maryam.shot("mobile")
    confirms_mobile(maryam, who)
    fill_in_herself(maryam, who)
    maryam.shot("review")
    code = presses_file(maryam)
    expect(maryam.page.locator("article.pass")).to_be_visible()
    maryam.rests()
    maryam.shot("receipt")
    return code
