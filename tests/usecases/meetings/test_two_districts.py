"""Whoever stands in for a second district serves both, one at a time, and says which."""

from dataclasses import replace
from datetime import timedelta

import pytest
from support.citizens import own_visit
from support.city import PASSWORD, City
from support.line import MONDAY, Line
from support.together import refusal

from publicmeeting.domain.roles import COMMAND_LINE, Actor
from publicmeeting.domain.stages import Action
from publicmeeting.store.accounts.sessions import Keys
from publicmeeting.usecases.accounts.signing_in.sign_in import SignIn, sign_in
from publicmeeting.usecases.accounts.staff_accounts import AddAccount, add_account, hash_password
from publicmeeting.usecases.accounts.viewer import WorkIn, viewer, work_in
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.meetings.agenda import ADay, open_monday, own_table
from publicmeeting.usecases.meetings.audiences import StateAudiences, my_mondays, state_audiences
from publicmeeting.usecases.meetings.in_hall.passes import (
    CardNumber,
    ScannedPass,
    find_by_card,
    read_pass,
)
from publicmeeting.usecases.meetings.on_paper.paper_after import NotePaper, note_paper, paper_left
from publicmeeting.usecases.oversight.workplaces import workplaces

DAY = timedelta(days=1)
PAPER = {"begun": "09:00", "ended": "09:15", "note": "قول داد."}


def of_both(city: City, role: str) -> Actor:
    """An account of districts 4 and 6."""
    command = AddAccount(
        username="both",
        name="هر دو",
        password_hash=hash_password(PASSWORD),
        roles=((role, 4, None), (role, 6, None)),
    )
    city.application.execute_as(COMMAND_LINE, add_account, command)
    return city.as_("both")


def comes_in(city: City) -> Keys:
    keys = Keys(visit=own_visit(city.application, "a counter"))
    command = SignIn(username="both", password=PASSWORD)
    session, why = city.application.execute_now(sign_in, keys, command)
    assert why == ""
    return replace(keys, session=session)


@pytest.mark.on_postgresql
def test_a_sign_in_works_in_the_district_it_has_chosen(city: City) -> None:
    of_both(city, "mayor")
    here, there = comes_in(city), comes_in(city)
    ask = city.application.query_now
    assert (ask(own_table, here, Nothing()), ask(viewer, here, Nothing()).elsewhere) == (4, (6,))
    city.application.execute_now(work_in, here, WorkIn(district=6))
    assert (ask(own_table, here, Nothing()), ask(viewer, here, Nothing()).elsewhere) == (6, (4,))
    assert ask(workplaces, here, Nothing()).district == 6
    assert ask(own_table, there, Nothing()) == 4, "another tablet stays where it is"
    for number in (5, 0, -1):
        act = WorkIn(district=number)
        word = refusal(lambda act=act: city.application.execute_now(work_in, here, act))
        assert word.key == "not_found"


def test_a_choice_gives_no_district(city: City) -> None:
    desk = replace(city.as_("mayor"), at=4)
    assert city.application.query_as(desk, own_table, Nothing()) == 6


def test_the_counter_of_two_districts_knows_its_own_visitors(line: Line) -> None:
    both = replace(of_both(line.city, "reception"), at=6)
    one, *_ = line.drawn(3)
    one.does("confirm")
    line.until(MONDAY, "08:55")
    run = line.city.application.execute_as
    assert run(both, open_monday, ADay()).monday.district == 6
    assert run(both, read_pass, ScannedPass(text=one.code)).fault is None
    assert run(both, find_by_card, CardNumber(identity=one.identity)) is not None


def test_the_mayor_of_two_notes_the_paper_of_both(line: Line) -> None:
    both = of_both(line.city, "mayor")
    one, *_ = line.drawn(3)
    one.does("confirm")
    line.until(MONDAY + DAY, "09:00")
    ask, run = line.city.application.query_as, line.city.application.execute_as
    left = ask(replace(both, at=6), paper_left, Nothing())
    assert left is not None
    assert (left.monday.district, len(left.left)) == (6, 1)
    assert run(both, note_paper, NotePaper(code=one.code, **PAPER)).count(Action.NOTE_PAPER) == 1


def test_a_public_word_goes_to_the_district_it_was_said_on(line: Line) -> None:
    both = of_both(line.city, "mayor")
    line.drawn(1)
    line.until(MONDAY + DAY, "09:00")
    ask, run = line.city.application.query_as, line.city.application.execute_as
    shown = ask(replace(both, at=6), my_mondays, Nothing())
    command = StateAudiences(district=str(shown.district), monday=MONDAY.isoformat(), count="3")
    run(replace(both, at=4), state_audiences, command)  # another tab has moved on meanwhile
    assert [one["draw"][:3] for one in line.entries("audience_off_system")] == ["d06"]
    for district in ("5", "", "0", "x"):
        wrong = command.model_copy(update={"district": district})
        assert refusal(lambda wrong=wrong: run(both, state_audiences, wrong)).key in {
            "not_found",
            "monday_unknown",
        }
