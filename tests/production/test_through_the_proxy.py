"""What people do, through TLS and a proxy that sends each request to any process."""

import pytest
from filing_steps import (
    chooses_district,
    confirms_mobile,
    fill_in_herself,
    fill_in_matter,
    leaves_matter,
    presses_file,
    sends_photo,
)
from first_look import PUBLIC, came_alive, watch, without_letters
from parts import DISTRICT
from support.citizens import someone

from publicmeeting.domain.stages import Action, Stage
from publicmeeting.text.lifecycle.actions_text import ACTION, DONE
from publicmeeting.text.lifecycle.stages_text import STAGE
from publicmeeting.text.officials import inbox_text


def test_a_citizen_files_by_a_code_and_hears_of_a_step_made_in_another_process(town, meet):
    citizen, maryam = meet("maryam"), someone(101)
    citizen.has_mobile(maryam.mobile)
    citizen.goes("/request/")
    chooses_district(citizen, DISTRICT)
    fill_in_matter(citizen)
    sends_photo(citizen)
    leaves_matter(citizen)
    confirms_mobile(citizen, maryam)
    fill_in_herself(citizen, maryam)
    code = presses_file(citizen)
    citizen.goes(f"/mine/{code}/")
    citizen.sees(DONE[Action.SUBMIT])
    hers = town.proxy.holder()
    town.proxy.keeps_from(hers)
    desk = meet("desk", phone=False)
    desk.signs_in("desk")
    desk.goes(f"/desk/?case={code}")
    desk.button(ACTION[Action.ACCEPT]).click()
    desk.page.locator("#send-step").click()
    desk.sees(inbox_text.SENT.format(stage=STAGE[Stage.WAITING]))
    citizen.sees(DONE[Action.ACCEPT])
    town.proxy.leads_to(hers)


@pytest.mark.parametrize("path", PUBLIC)
def test_in_a_real_city_scripts_take_a_page_over_as_it_stands(meet, path):
    """Whichever process rendered the page, and whichever answers it afterwards."""
    stranger = meet("stranger")
    watch(stranger.page)
    with without_letters(stranger):
        stranger.goes(path)
        found = came_alive(stranger)
    assert found.nodes
    assert (found.lost, found.moved) == ([], [])
