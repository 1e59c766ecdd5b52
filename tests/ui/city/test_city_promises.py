"""The overseer's page of promises in one tab."""

import asyncio
from datetime import date

import pytest
from support.each import in_one_city
from support.hall import Guest, Hall
from support.line import Line
from support.staff_tab import Tab, do, sent

from publicmeeting.domain.stages import Action, OrderAction, OrderStage
from publicmeeting.text.lifecycle.actions_text import ACTION, DONE
from publicmeeting.text.orders import promises_text
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.ui.city.promises.state import CityPromisesState, address, figures_view
from publicmeeting.ui.mayor.order.state import MayorOrderState
from publicmeeting.ui.shell.navigation import Rail
from publicmeeting.usecases.lifecycle.payloads import TakeStep
from publicmeeting.usecases.lifecycle.steps import take_step
from publicmeeting.usecases.oversight.promises import DistrictPromises

O = OrderAction  # noqa: E741  (the letter of the table)


def opened(hall: Hall, query: str = "", who: str = "overseer") -> CityPromisesState:
    return Tab(hall.application, who).opens(CityPromisesState, f"/city/promises/{query}")


@pytest.fixture
def number(hall: Hall, guest: Guest) -> str:
    """Number of an order reported twice and contested twice."""
    return hall.contested_twice(guest)


def missed(hall: Hall, guest: Guest) -> None:
    hall.clock.forward(minutes=40)
    for action in (Action.CALL, Action.CALL, Action.NO_SHOW):
        hall.act("reception", guest, action)
    contest = TakeStep(code=guest.code, action=Action.CONTEST_NO_SHOW, note="در سالن بودم.")
    hall.execute(guest.actor, take_step, contest)


@in_one_city("who", ["mayor", "desk", "technical", "administrator"])
def test_another_role_finds_nothing_here(hall: Hall, who: str) -> None:
    assert opened(hall, who=who).missing


def test_an_empty_city_says_so_and_its_figures_too(hall: Hall) -> None:
    state = opened(hall)
    assert (state.lines.none, state.figures.table) == (promises_text.EMPTY, ())
    assert [tab.count for tab in state.lines.tabs] == ["۰"] * 5


def test_a_second_contest_is_read_without_a_name_and_decided(
    hall: Hall, guest: Guest, number: str
) -> None:
    state = opened(hall)
    (row,) = state.lines.rows
    assert (row.href, row.tile.text) == (f"/city/promises/?order={number}", "۶")
    state = opened(hall, f"?order={number}")
    assert state.item.text == guest.request.text
    assert [words_ for _, words_ in state.item.quotes] == ["انجام شد.", "نیمه‌کاره است."]
    assert {button.action for button in state.buttons} == {O.RETRY, O.UPHOLD}
    with hall.reading() as uow:
        person = uow.people.get(guest.request.person_id)
    for secret in (person.name, person.identity, str(person.mobile)):
        assert secret not in repr(state.dict())
    sent(state, O.UPHOLD, note="")
    assert set(state.errors) == {"note"}
    asyncio.run(do(state, CityPromisesState.send, {"note": "بازدید شد."}))
    assert guest.orders[0].stage is OrderStage.DONE
    assert state.done
    assert not state.lines.rows
    assert not state.buttons
    assert [line[6] for line in state.figures.table] == ["۱"], "upheld, counted apart"


def test_a_form_that_is_open_when_the_page_is_loaded_again_has_the_note(
    hall: Hall, number: str
) -> None:
    state = opened(hall, f"?order={number}")
    asyncio.run(do(state, CityPromisesState.choose, O.UPHOLD))
    asyncio.run(do(state, CityPromisesState.keep_note, "بازدید شد."))
    asyncio.run(do(state, CityPromisesState.load))
    assert (state.form.action, state.form.draft) == (O.UPHOLD, "بازدید شد.")
    assert state.errors == {}


def test_a_new_date_is_chosen_from_working_days(hall: Hall, guest: Guest, number: str) -> None:
    state = opened(hall, f"?order={number}")
    asyncio.run(do(state, CityPromisesState.choose, O.RETRY))
    day = state.form.days[3].value
    asyncio.run(do(state, CityPromisesState.send, {"due_on": day, "note": ""}))
    order = guest.orders[0]
    assert (order.stage, order.due_on.isoformat()) == (OrderStage.IN_ACTION, day)


def test_a_contested_no_show_is_no_business_of_the_overseer(hall: Hall, guest: Guest) -> None:
    missed(hall, guest)
    state = opened(hall, f"?tab=no_shows&case={guest.code}")
    assert (state.lines.rows, state.item.code) == ((), "")
    sent(state, Action.JUDGE_NO_SHOW, reason="yes/was_there")
    assert guest.request.count(Action.JUDGE_NO_SHOW) == 0


@pytest.mark.parametrize("accepted", [False, True])
def test_an_objection_to_a_redirect_says_that_the_request_can_still_go_back(
    hall: Hall, *, accepted: bool
) -> None:
    (filed,) = Line(hall.city, hall.clock).file(1, accepted=False)
    one = Guest(hall, filed.actor, filed.code)
    hall.act("desk", one, Action.REDIRECT, district="4", note="نشانی در منطقهٔ ۴ است.")
    if accepted:
        hall.act("desk4", one, Action.ACCEPT)
    objection = TakeStep(code=one.code, action=Action.OBJECT_REDIRECT, note="خانه در منطقهٔ ۶ است.")
    hall.execute(one.actor, take_step, objection)
    state = opened(hall, f"?tab=redirects&case={one.code}")
    assert state.item.stands == promises_text.MOVES_BACK.format(
        redirect=ACTION[Action.REDIRECT], district="۶"
    )
    assert {step.action for step in state.buttons} == {Action.REDIRECT, Action.KEEP_DISTRICT}
    assert "منطقهٔ ۶" in state.item.quotes[0][0], "its word is that of the desk which sent it on"
    asyncio.run(do(state, CityPromisesState.choose, Action.REDIRECT))
    asyncio.run(do(state, CityPromisesState.send, {"district": "6", "note": "حق با شهروند است."}))
    assert one.request.district == 6
    assert state.item.none == promises_text.DECIDED.format(what=DONE[Action.REDIRECT])


def test_an_order_has_one_lateness_in_the_list_on_its_page_and_at_the_mayors(
    hall: Hall, guest: Guest, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = hall.met(guest, due_on="2026-12-07")[0].number
    Line(hall.city, hall.clock).until(date(2026, 12, 15), "00:01")
    state = opened(hall, f"?tab=climbed&order={number}")
    line = next(row for row in state.lines.rows if number in row.href)
    lateness = line.end
    assert lateness.endswith("روز کاری دیرکرد در پذیرش")
    assert line.badge in state.item.badges, "one sign for what has reached the city"
    assert lateness in [badge.word for badge in state.item.badges]
    assert lateness in [step.badge.word for step in state.item.road]
    who = promises_text.WHO_ACTS[OrderStage.ISSUED]
    assert state.item.none == promises_text.NO_STEPS_LATE.format(who=who), "nothing is decided"
    tab = Tab(hall.application, "mayor")
    monkeypatch.setattr(MayorOrderState, "_order", lambda _: number)
    asyncio.run(do(tab.state(MayorOrderState), MayorOrderState.load))
    clock = tab.state(MayorOrderState).promise.clock
    assert f"{clock.number} {clock.number_caption}" == lateness


def test_a_contest_has_one_lateness_which_says_whether_the_decision_is_late(
    hall: Hall, number: str
) -> None:
    in_time = opened(hall, f"?order={number}")
    assert (in_time.lines.rows[0].end[:2], in_time.lines.rows[0].late) == ("تا", False)
    Line(hall.city, hall.clock).until(date(2026, 12, 10), "09:00")
    late = opened(hall, f"?order={number}")
    lateness = late.lines.rows[0].end
    assert lateness.endswith("روز کاری دیرکرد در تصمیم")
    assert lateness in [badge.word for badge in late.item.badges]


def test_what_is_not_there_is_refused_in_its_place(hall: Hall) -> None:
    state = opened(hall, "?order=14050101001")
    assert state.item_refused == refusal("not_found")
    assert not state.missing
    assert opened(hall, "?tab=nothing").which == "contests"


def test_his_rail_counts_what_he_has_to_decide(hall: Hall, number: str) -> None:
    tab = Tab(hall.application, "overseer")
    tab.go("/city/promises/")
    asyncio.run(do(tab.state(CityPromisesState), CityPromisesState.load))
    counts = [(place.href, place.count) for place in tab.state(Rail).places]
    assert counts == [("/city/promises/", "۱"), ("/city/rules/", ""), ("/city/audit/", "")]


def test_figures_as_a_table_and_as_sentences_of_the_open_case() -> None:
    found = (
        DistrictPromises(4, late=1),
        DistrictPromises(6, 9, 8, 5, 3, 1, 1, 2, 4, 1, 0, 2, 7, 9, 3, 2, 1, 2),
    )
    seen = figures_view(found, 6)
    assert seen.table[1] == ("۴", "۰", "۱", "—", "۰", "۰", "۰", "۰", "—", "—", "—", "۰", "۰")
    assert seen.table[0] == (
        "۶",
        "۹",
        "۲",
        promises_text.OF.format(count="۵", all="۸"),
        "۳",
        "۱",
        "۱",
        "۲",
        promises_text.OF.format(count="۴", all="۵"),
        promises_text.OF.format(count="۰", all="۲"),
        promises_text.OF.format(count="۷", all="۹"),
        "۳",
        "۲",
    )
    assert seen.papers == "مدرک سهمیه به شهروند ربطی نداشت: منطقهٔ ۶، ۱ بار."
    assert seen.lines[-3:] == (
        promises_text.UNREACHED.format(count="۳"),
        promises_text.CLOSED.format(count="۲"),
        promises_text.NOT_HERS.format(count="۱"),
    )
    assert seen.lines[0] == "سر مهلت نخست گزارش شد: ۵ دستور از ۸."
    assert seen.lines[1] == promises_text.LATE_HERE.format(count="۲")
    assert figures_view(found, 0).lines == ()
    order = [(4, 0, 0), (5, 0, 2), (6, 1, 0), (7, 3, 0)]
    folded = figures_view([DistrictPromises(d, late=n, unreached=u) for d, n, u in order], 0)
    assert [row[0] for row in folded.folded] == [
        "منطقهٔ ۷: ۳ دیرکرد",
        "منطقهٔ ۶: ۱ دیرکرد",
        "منطقهٔ ۵: ۲ بی‌خبر",
        "منطقهٔ ۴",
    ]
    assert sorted(row[1:] for row in folded.folded) == sorted(row[1:] for row in folded.table)


def test_the_page_begins_with_the_first_part_in_which_something_waits(hall: Hall) -> None:
    assert opened(hall).which == "contests"
    (filed,) = Line(hall.city, hall.clock).file(1, accepted=False)
    one = Guest(hall, filed.actor, filed.code)
    hall.act("desk", one, Action.REDIRECT, district="4", note="نشانی در منطقهٔ ۴ است.")
    objection = TakeStep(code=one.code, action=Action.OBJECT_REDIRECT, note="خانه در منطقهٔ ۶ است.")
    hall.execute(one.actor, take_step, objection)
    state = opened(hall)
    assert (state.which, len(state.lines.rows)) == ("redirects", 1)
    chosen = opened(hall, address().partition("promises/")[2])
    assert (chosen.which, chosen.lines.rows) == ("contests", ())
