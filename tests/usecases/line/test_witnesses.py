"""Commitments and reveals of witnesses, and every way to cheat with them.

Races are in `test_ceremony_races`.
"""

from datetime import timedelta

import pytest
from support.city import FEW
from support.line import DISTRICT, DRAWN, MONDAY, Line
from support.witnesses import Witness, value_of

from publicmeeting.domain.errors import Denied, Invalid
from publicmeeting.domain.roles import COMMAND_LINE, NOBODY
from publicmeeting.kit.clock import at_tehran, in_tehran
from publicmeeting.text.public_record.ceremony_text import ONLY_CITY
from publicmeeting.turns.formulas import CITY, commitment, seed
from publicmeeting.turns.log import verify_chain
from publicmeeting.turns.verification import verify
from publicmeeting.ui.shell.road import road_steps
from publicmeeting.usecases.accounts.staff_accounts import AddAccount, add_account, hash_password
from publicmeeting.usecases.base import Nothing, OneCase
from publicmeeting.usecases.districts.instants import named_instants
from publicmeeting.usecases.line import drawing, late_value, reveals
from publicmeeting.usecases.tracking.timeline import timeline_page

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
TUESDAY, WEDNESDAY = MONDAY - 6 * DAY, MONDAY - 5 * DAY


@pytest.fixture
def council(line: Line) -> Witness:
    return Witness(line, "council")


@pytest.fixture
def press(line: Line) -> Witness:
    return Witness(line, "press")


def test_a_commitment_enters_all_files_of_its_monday_and_the_log(
    line: Line, council: Witness
) -> None:
    promised = council.commits()
    files = [line.draw(district=number).file for number in FEW]
    assert {file["commitments"]["council"] for file in files} == {promised}
    assert {tuple(file["commitments"]) for file in files} == {(CITY, "council")}
    assert [verify(file) for file in files] == [()] * len(FEW)
    assert "council" not in line.draw(MONDAY + WEEK).file["commitments"]
    assert line.entries("commitment")[-1] == {
        "monday": "1405-09-09",
        "party": "council",
        "commitment": promised,
    }


def test_one_witness_gives_one_commitment_for_one_monday(council: Witness) -> None:
    assert council.commits() == council.commits(), "pressed twice"
    with pytest.raises(Denied, match="commitment_given"):
        council.commits(value=value_of("council", MONDAY, "another"))


def test_a_commitment_is_in_time_until_the_freeze_and_late_from_then_on(
    line: Line, council: Witness, press: Witness
) -> None:
    line.until(TUESDAY, "11:59")
    council.commits()
    line.until(TUESDAY, "12:00")
    with pytest.raises(Denied, match="commitment_late"):
        press.commits()
    assert set(line.draw().file["commitments"]) == {CITY, "council"}


def test_a_commitment_is_late_once_a_single_list_is_frozen(line: Line, press: Witness) -> None:
    line.until(TUESDAY, "11:59")
    with line.city.application.store.unit_of_work(line.clock()) as uow:
        drawing.freeze(uow, DISTRICT, MONDAY, at_tehran(TUESDAY, "12:00"))
    with pytest.raises(Denied, match="commitment_late"):
        press.commits()
    assert "press" not in line.draw(district=4).file["commitments"]


def test_a_commitment_copied_from_another_party_is_refused(
    line: Line, council: Witness, press: Witness
) -> None:
    promised = council.commits()
    with pytest.raises(Denied, match="commitment_used"):
        press.commits(promised=promised)
    citys = line.draw(MONDAY + WEEK).file["commitments"][CITY]
    with pytest.raises(Denied, match="commitment_used"):
        press.commits(promised=citys)


def test_a_value_is_used_once(line: Line, council: Witness, press: Witness) -> None:
    value = council.commits() and council.kept[MONDAY]
    with pytest.raises(Denied, match="commitment_used"):
        council.commits(MONDAY + WEEK, value=value)
    line.until(TUESDAY, "20:00")
    council.shows()
    citys = line.entries("reveal")[0]["value"]
    for known in (value, citys):
        with pytest.raises(Denied, match="commitment_used"):
            press.commits(MONDAY + WEEK, value=known)


def test_two_who_chose_the_same_value_show_it_once(
    line: Line, council: Witness, press: Witness
) -> None:
    council.commits(value="ab" * 32)
    press.commits(value="ab" * 32)
    line.until(TUESDAY, "20:00")
    council.shows()
    with pytest.raises(Denied, match="value_used"):
        press.shows()


@pytest.mark.parametrize("promised", ["", "ab" * 31, "xy" * 32, "ab" * 33])
def test_only_a_hash_is_a_commitment(council: Witness, promised: str) -> None:
    with pytest.raises(Invalid, match="commitment_form"):
        council.commits(promised=promised or "-")


def test_what_all_revealed_is_in_the_draw(line: Line, council: Witness, press: Witness) -> None:
    line.file(10)
    council.commits()
    press.commits()
    line.until(TUESDAY, "20:00")
    council.shows()
    line.until(TUESDAY, "21:59")
    press.shows()
    line.until(WEDNESDAY, DRAWN)
    draw = line.draw()
    assert draw.drawn_at == at_tehran(WEDNESDAY, DRAWN)
    assert set(draw.file["reveals"]) == {CITY, "council", "press"}
    assert verify(draw.file) == ()
    assert [one["party"] for one in line.entries("reveal")] == [CITY, "council", "press"]
    revealed = ["city", "council", "press"]
    assert line.entries("reveals_closed") == [
        {"monday": "1405-09-09", "revealed": revealed, "silent": []}
    ]
    assert verify_chain(line.log()) == ()


def test_values_are_shown_from_tuesday_evening(line: Line, council: Witness) -> None:
    council.commits()
    line.until(TUESDAY, "19:59")
    with pytest.raises(Denied, match="value_early"):
        council.shows()
    line.until(TUESDAY, "20:00")
    council.shows()


@pytest.mark.parametrize(
    ("value", "word"),
    [("cd" * 32, "value_differs"), ("ab" * 20, "value_form"), ("zz" * 32, "value_form")],
)
def test_a_value_that_does_not_match_is_refused_and_the_right_one_still_taken(
    line: Line, council: Witness, value: str, word: str
) -> None:
    council.commits()
    line.until(TUESDAY, "20:00")
    with pytest.raises(Invalid, match=word):
        council.shows(value=value)
    council.shows()
    council.shows()  # pressed twice
    assert len([one for one in line.entries("reveal") if one["party"] == "council"]) == 1
    with pytest.raises(Denied, match="value_given"):
        council.shows(value="cd" * 32)


def test_who_has_not_committed_has_nothing_to_show(line: Line, press: Witness) -> None:
    line.until(TUESDAY, "20:00")
    with pytest.raises(Denied, match="nothing_committed"):
        press.shows(value="ab" * 32)


def test_a_withheld_value_is_named_and_buys_nothing(
    line: Line, council: Witness, press: Witness
) -> None:
    """Nobody knows the value of Wednesday when she decides; nothing waits, nothing bars her."""
    line.file(10)
    council.commits()
    press.commits()
    line.until(TUESDAY, "20:00")
    council.shows()
    line.until(TUESDAY, "22:00")
    (closed,) = line.entries("reveals_closed")
    assert (closed["revealed"], closed["silent"]) == (["city", "council"], ["press"])
    with pytest.raises(Denied, match="value_late"):
        press.shows()
    line.until(WEDNESDAY, DRAWN)
    files = [line.draw(district=number).file for number in FEW]
    assert {tuple(file["reveals"]) for file in files} == {(CITY, "council")}
    assert {tuple(file["commitments"]) for file in files} == {(CITY, "council", "press")}
    assert [verify(file) for file in files] == [()] * len(FEW)
    press.commits(MONDAY + WEEK)


def test_a_value_at_ten_is_too_late_even_if_the_clock_is(line: Line, council: Witness) -> None:
    council.commits()
    line.until(TUESDAY, "20:00")
    line.sleep_until(TUESDAY, "22:00")
    with pytest.raises(Denied, match="value_late"):
        council.shows()


def test_nothing_is_closed_or_drawn_without_the_citys_reveal(line: Line, council: Witness) -> None:
    council.commits()
    line.until(TUESDAY, "12:00")
    ten = at_tehran(TUESDAY, "22:00")
    with line.city.application.store.unit_of_work(line.clock()) as uow:
        reveals.close_reveals(uow, MONDAY, ten)
        late_value.write_standing(uow, MONDAY, at_tehran(WEDNESDAY, DRAWN))
        drawing.draw(uow, DISTRICT, MONDAY, at_tehran(WEDNESDAY, DRAWN))
    assert line.draw().state == "frozen"
    assert line.entries("reveals_closed") == line.entries("value_stands") == []


def test_each_value_changes_the_outcome(line: Line, council: Witness) -> None:
    line.file(1)
    council.commits()
    line.until(TUESDAY, "20:00")
    council.shows()
    line.until(WEDNESDAY, DRAWN)
    file = line.draw().file
    alone = {CITY: file["reveals"][CITY]}
    words = (file["draw"], file["pool_root"], file["commitments"])
    alone = seed(*words, alone, file["late_day"], file["late_value"])
    assert file["seed"] != alone
    assert file["commitments"]["council"] == commitment("council", file["reveals"]["council"])


def test_a_second_run_of_a_witnessed_draw_changes_nothing(line: Line, council: Witness) -> None:
    line.file(9)
    council.commits()
    line.until(TUESDAY, "20:00")
    council.shows()
    line.until(WEDNESDAY, DRAWN)
    before = (line.draw(), line.held(), line.log())
    later = at_tehran(WEDNESDAY, "20:45")
    with line.city.application.store.unit_of_work(line.clock()) as uow:
        reveals.reveal(uow, MONDAY, later)
        reveals.close_reveals(uow, MONDAY, later)
        late_value.write_standing(uow, MONDAY, later)
        drawing.draw(uow, DISTRICT, MONDAY, later)
    assert (line.draw(), line.held(), line.log()) == before


@pytest.mark.parametrize("name", ["city", "the_press", "1press", "شاهد", "-press", "press:a"])
def test_a_witnesss_name_can_stand_in_a_seed_and_is_not_the_citys(line: Line, name: str) -> None:
    command = AddAccount(
        username=name,
        name="x",
        password_hash=hash_password("long enough for it"),
        roles=(("witness", None, None),),
    )
    with pytest.raises(Invalid, match="party_name"):
        line.city.application.execute_as(COMMAND_LINE, add_account, command)


def test_only_witnesses_commit(line: Line) -> None:
    with pytest.raises(Denied, match="not_your_role"):
        Witness(line, "administrator").commits()


def test_the_demos_buttons_stop_where_a_witness_can_still_show_a_value(
    line: Line, council: Witness
) -> None:
    def moments() -> dict[str, str]:
        named = line.city.application.query_as(NOBODY, named_instants, Nothing())
        return {one.moment.value: f"{in_tehran(one.at):%a %H:%M}" for one in named}

    assert moments()["draw"] == "Wed 20:01"
    council.commits()
    assert list(moments().items())[-1] == ("reveals", "Tue 20:01"), "no jump leads over her hours"
    line.until(TUESDAY, "20:01")
    assert moments()["sealed"] == "Tue 22:01"
    council.shows()
    line.until(WEDNESDAY, DRAWN)
    assert line.draw().state == "drawn"


@pytest.mark.parametrize("witnessed", [True, False])
def test_her_page_names_a_draw_in_which_only_the_citys_value_was(
    line: Line, council: Witness, *, witnessed: bool
) -> None:
    (citizen,) = line.file(1)
    if witnessed:
        council.commits()
    line.until(TUESDAY, "20:00")
    if witnessed:
        council.shows()
    line.until(WEDNESDAY, DRAWN)
    assert citizen.stage == "invited"
    page = line.city.application.query_as(citizen.actor, timeline_page, OneCase(code=citizen.code))
    assert [mark.alone for mark in page.marks if mark.alone] == ([] if witnessed else [(MONDAY,)])
    steps = road_steps(page.marks, page.now, own=True)
    unsigned = ONLY_CITY.removeprefix("این فهرست ")
    assert any(unsigned in step.meaning for step in steps) is not witnessed
