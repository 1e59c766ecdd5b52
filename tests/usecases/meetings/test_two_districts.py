"""A deputy of a second district serves both, one at a time, and says which."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from support.citizens import own_visit
from support.city import PASSWORD, City, add_official
from support.clock import FixedClock
from support.line import MONDAY, Line
from support.staff_tab import Tab, do
from support.together import refusal

from publicmeeting.domain.roles import Actor, Grant, Role
from publicmeeting.domain.stages import Action
from publicmeeting.live.pubsub import published
from publicmeeting.store.accounts.sessions import Keys
from publicmeeting.ui.mayor.agenda.day_place import DayPlaceState
from publicmeeting.ui.mayor.agenda.state import AgendaState, HoldingState
from publicmeeting.usecases.accounts.signing_in.sign_in import SignIn, sign_in
from publicmeeting.usecases.accounts.viewer import (
    WorkIn,
    other_districts,
    own_topics,
    viewer,
    work_in,
)
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.meetings.agenda import ADay, open_monday, own_table
from publicmeeting.usecases.meetings.audiences import StateAudiences, my_mondays, state_audiences
from publicmeeting.usecases.meetings.day_place import SetDayPlace, set_day_place
from publicmeeting.usecases.meetings.deputies import NameHolder, name_holder
from publicmeeting.usecases.meetings.in_hall.displays import (
    OneClip,
    OneDisplay,
    OneHall,
    end_display,
    make_display,
    may_record,
)
from publicmeeting.usecases.meetings.in_hall.passes import (
    CardNumber,
    ScannedPass,
    find_by_card,
    read_pass,
)
from publicmeeting.usecases.meetings.on_paper.paper_entry import (
    NotePaper,
    note_paper,
    paper_left,
    print_day,
)
from publicmeeting.usecases.officials.managing import (
    DateRole,
    EndRole,
    GiveRole,
    date_role,
    end_role,
    give_role,
)
from publicmeeting.usecases.oversight.workplaces import workplaces

DAY = timedelta(days=1)
PAPER = {"begun": "09:00", "ended": "09:15", "note": "قول داد."}


def of_both(city: City, role: str) -> Actor:
    """Return an account of districts 4 and 6."""
    add_official(city.application, "both", (role, 4, None), (role, 6, None), name="هر دو")
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


def test_a_second_district_given_meanwhile_waits_until_it_is_chosen_or_the_only_one(
    city: City, clock: FixedClock
) -> None:
    """One of a lower number, or that she had before, showed another hall to whoever received."""
    add_official(city.application, "both", ("reception", 6, None))
    counter, admin = comes_in(city), city.as_("administrator")
    account = city.as_("both").account_id
    given = GiveRole(account=account, role="reception", district="4")
    city.application.execute_as(admin, give_role, given)
    ask = city.application.query_now
    seen = ask(viewer, counter, Nothing())
    assert (ask(workplaces, counter, Nothing()).district, seen.elsewhere) == (6, (4,))
    with city.application.store.unit_of_work(city.application.clock(), reading=True) as uow:
        before = uow.accounts.get(account).terms[0]
    city.application.execute_as(admin, end_role, EndRole(account=account, term=before.key))
    assert ask(workplaces, counter, Nothing()).district == 4
    clock.forward(minutes=1)
    city.application.execute_as(admin, date_role, DateRole(account=account, term=before.key))
    seen = ask(viewer, counter, Nothing())
    assert (ask(workplaces, counter, Nothing()).district, seen.elsewhere) == (4, (6,))


def test_whose_lists_show_both_districts_is_offered_no_other(city: City) -> None:
    def elsewhere(*grants: Grant) -> tuple[int, ...]:
        return other_districts(Actor(account_id="both", grants=grants))

    desks = Grant(Role.DESK, 4, None), Grant(Role.DESK, 6, None)
    units = Grant(Role.UNIT, None, "d04-technical"), Grant(Role.UNIT, None, "d06-technical")
    assert elsewhere(*desks) == elsewhere(*units) == ()
    assert elsewhere(desks[0], Grant(Role.RECEPTION, 6, None)) == ()
    assert elsewhere(*desks, Grant(Role.RECEPTION, 4, None), Grant(Role.MAYOR, 6, None)) == (6,)
    assert elsewhere(desks[0], units[1]) == (6,), "his inbox is of one of them"


def test_a_choice_gives_no_district(city: City) -> None:
    desk = replace(city.as_("mayor"), at=4)
    assert city.application.query_as(desk, own_table, Nothing()) == 6


def test_the_counter_of_two_districts_knows_its_own_visitors(line: Line) -> None:
    both = replace(of_both(line.city, "reception"), at=6)
    citizen, *_ = line.drawn(3)
    citizen.does("confirm")
    line.until(MONDAY, "08:55")
    run = line.city.application.execute_as
    assert run(both, open_monday, ADay()).monday.district == 6
    assert run(both, read_pass, ScannedPass(text=citizen.code)).fault is None
    assert run(both, find_by_card, CardNumber(identity=citizen.identity)) is not None


def test_the_mayor_of_two_notes_the_paper_of_both(line: Line) -> None:
    both = of_both(line.city, "mayor")
    citizen, *_ = line.drawn(3)
    citizen.does("confirm")
    line.until(MONDAY + DAY, "09:00")
    ask, run = line.city.application.query_as, line.city.application.execute_as
    left = ask(replace(both, at=6), paper_left, Nothing())
    assert left is not None
    assert (left.monday.district, len(left.left)) == (6, 1)
    assert (
        run(both, note_paper, NotePaper(code=citizen.code, **PAPER)).count(Action.NOTE_PAPER) == 1
    )


def test_a_public_word_goes_to_the_district_it_was_said_on(line: Line) -> None:
    both = of_both(line.city, "mayor")
    line.drawn(1)
    line.until(MONDAY + DAY, "09:00")
    ask, run = line.city.application.query_as, line.city.application.execute_as
    shown = ask(replace(both, at=6), my_mondays, Nothing())
    command = StateAudiences(district=str(shown.district), monday=MONDAY.isoformat(), count="3")
    run(replace(both, at=4), state_audiences, command)  # another tab has switched meanwhile
    assert [entry["draw"][:3] for entry in line.entries("audience_off_system")] == ["d06"]
    for district in ("5", "", "0", "x"):
        wrong = command.model_copy(update={"district": district})
        assert refusal(lambda wrong=wrong: run(both, state_audiences, wrong)).key in {
            "not_found",
            "monday_unknown",
        }


def of_mondays(line: Line) -> dict[int, tuple[str, bool]]:
    with line.reading() as uow:
        days = {n: uow.city.mondays(district=n, from_on=MONDAY)[0] for n in (4, 6)}
    return {number: (day.place, bool(day.held_by)) for number, day in days.items()}


def test_a_table_left_open_is_sent_for_the_district_it_shows(line: Line) -> None:
    of_both(line.city, "mayor")
    add_official(
        line.city.application,
        "beside",
        ("deputy", 4, None),
        ("deputy", 6, None),
        name="جانشین هر دو",
    )
    line.drawn(3)
    keys = comes_in(line.city)
    line.city.application.execute_now(work_in, keys, WorkIn(district=6))
    tab = Tab(line.city.application, keys=keys)
    agenda = tab.opens(AgendaState, "/mayor/")
    place, holding = tab.opens(DayPlaceState, "/mayor/"), tab.opens(HoldingState, "/mayor/")
    sent = {"district": place.asked.district, "monday": place.asked.on}
    line.city.application.execute_now(work_in, keys, WorkIn(district=4))  # in another tab
    asyncio.run(do(place, DayPlaceState.save, {"place": "مسجد امام حسین", "guest": "", **sent}))
    one = next(
        choice.value for choice in holding.asked.people if choice.label.endswith("جانشین هر دو")
    )
    asyncio.run(do(holding, HoldingState.name, {"account": one, **sent}))
    assert of_mondays(line) == {4: ("", False), 6: ("مسجد امام حسین", True)}

    asyncio.run(agenda._read())  # the other tab has published the switch
    assert (agenda.head.district, place.asked.district, holding.asked.district) == (4, "4", "4")
    asyncio.run(do(place, DayPlaceState.save, {"place": "سرای محله", "guest": "", **sent}))
    assert place.refused, "filled in for 6, read anew for 4 while it was being sent"
    assert of_mondays(line)[4] == ("", False)


def test_a_command_of_somebody_with_two_districts_names_its_own(line: Line) -> None:
    line.drawn(3)
    run, on = line.city.application.execute_as, MONDAY.isoformat()
    account = line.city.as_("mayor").account_id or ""
    both = replace(of_both(line.city, "mayor"), at=4)
    for usecase, command in (
        (set_day_place, SetDayPlace(place="مسجد امام حسین", monday=on)),
        (name_holder, NameHolder(account=account, monday=on)),
        (print_day, ADay(monday=on)),
    ):
        word = refusal(lambda usecase=usecase, command=command: run(both, usecase, command))
        assert word.key == "not_found"
    assert run(both, print_day, ADay(district=6, monday=on)).board.monday.district == 6


def test_the_hall_that_a_settings_page_shows_is_the_one_it_changes(line: Line) -> None:
    both = replace(of_both(line.city, "reception"), at=4)
    run = line.city.application.execute_as
    for usecase, command in (
        (make_display, OneHall()),
        (end_display, OneDisplay(display="0" * 64)),
        (may_record, OneClip(clip="n07")),
    ):
        word = refusal(lambda usecase=usecase, command=command: run(both, usecase, command))
        assert word.key == "not_found"
    assert run(both, make_display, OneHall(district=6)).district == 6
    assert run(both, may_record, OneClip(district=6, clip="n07")) == 6


def test_a_pass_is_sought_in_the_list_that_stands_open(line: Line) -> None:
    citizen, *_ = line.drawn(3)
    citizen.does("confirm")
    line.until(MONDAY, "08:55")
    both = replace(of_both(line.city, "reception"), at=4)  # switched in another tab
    run = line.city.application.execute_as
    assert run(both, read_pass, ScannedPass(text=citizen.code, district=6)).fault is None
    assert (
        run(both, find_by_card, CardNumber(identity=citizen.identity, district=6)) == citizen.code
    )


def test_open_pages_of_a_sign_in_hear_that_it_works_elsewhere(city: City) -> None:
    of_both(city, "mayor")
    here = comes_in(city)
    names = city.application.query_now(own_topics, here, Nothing())

    async def goes_over() -> bool:
        with city.application.pubsub.subscription(*names) as heard:
            await city.application.execute(work_in, here, WorkIn(district=6))
            return await published(heard, 2)

    assert asyncio.run(goes_over())
