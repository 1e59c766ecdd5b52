"""What waits for the overseer, and the effect of his decisions; he never learns a name."""

from datetime import date, timedelta

import pytest
from support.each import in_one_city
from support.hall import Guest, Hall
from support.line import MONDAY, Line
from support.together import refused

from publicmeeting.domain.calendar import deadline_days
from publicmeeting.domain.lifecycle.climbing import Level
from publicmeeting.domain.lifecycle.order_guards import REOPEN_DAYS
from publicmeeting.domain.roles import NOBODY
from publicmeeting.domain.stages import Action, OrderAction, OrderStage
from publicmeeting.notify.wording import about
from publicmeeting.usecases.accounts.viewer import own_topics
from publicmeeting.usecases.base import Nothing, OneCase
from publicmeeting.usecases.lifecycle.payloads import TakeStep
from publicmeeting.usecases.lifecycle.steps import take_step
from publicmeeting.usecases.officials.listing import AskOfficials, officials
from publicmeeting.usecases.orders.pages import OneOrder, open_order
from publicmeeting.usecases.orders.steps import TakeOrderStep, take_order_step
from publicmeeting.usecases.oversight.promises import (
    CLIMBED,
    CONTESTS,
    REDIRECTS,
    REFUSALS,
    VOIDS,
    CityLine,
    CityPromises,
    city_promises,
    overdue_decisions,
    promise_figures,
)
from publicmeeting.usecases.oversight.workplaces import workplaces
from publicmeeting.usecases.screening.inbox import open_case

A, O = Action, OrderAction  # noqa: E741  (columns of the table)
DAY = timedelta(days=1)
SECOND_DUE = "2026-12-22"


def waits(hall: Hall, which: str) -> tuple[CityLine, ...]:
    page = hall.query("overseer", city_promises, CityPromises(which=which))
    assert page.counts[which] == len(page.lines)
    return page.lines


def contested(hall: Hall, guest: Guest, times: int = 2) -> str:
    """Return the number of an order contested this often; the mayor ordered again between."""
    number = hall.met(guest)[0].number
    hall.step("technical", number, O.TAKE_ON)
    for time in range(times):
        if time:
            hall.step("mayor", number, O.RETRY, due_on=SECOND_DUE)
        hall.step("technical", number, O.REPORT, note="انجام شد.")
        guest.does(number, O.CONTEST, note="نیمه‌کاره است.")
    return number


def test_only_a_second_contest_comes_to_the_city(hall: Hall, guest: Guest) -> None:
    contested(hall, hall.guests[1], times=1)
    assert waits(hall, CONTESTS) == ()
    number = contested(hall, guest)
    (line,) = waits(hall, CONTESTS)
    assert (line.number, line.district, line.due_at) == (number, 6, guest.orders[0].due_at)
    assert hall.query("overseer", workplaces, Nothing()).for_the_city == 1
    assert hall.query("mayor", workplaces, Nothing()).for_the_city == 0


def test_he_orders_again_or_upholds_with_a_reason(hall: Hall, guest: Guest) -> None:
    number = contested(hall, guest)
    decide = (hall.step, "overseer", number)
    assert refused(*decide, O.UPHOLD) == "need_note"
    assert refused(*decide, O.RETRY) == "need_due_on"
    assert decide[0](*decide[1:], O.RETRY, due_on="2026-12-27").stage is OrderStage.IN_ACTION
    assert waits(hall, CONTESTS) == ()
    hall.step("technical", number, O.REPORT, note="انجام شد.")
    guest.does(number, O.CONTEST, note="هنوز نه.")
    upheld = hall.step("overseer", number, O.UPHOLD, note="بازدید شد.")
    assert upheld.stage is OrderStage.DONE
    guest.does(number, O.REOPEN, note="دوباره شکست.")
    assert [line.number for line in waits(hall, CONTESTS)] == [number]
    assert refused(hall.step, "mayor", number, O.UPHOLD, note="شد") == "overseer_decides"


def test_thirty_days_after_the_end_nothing_is_reopened(hall: Hall, guest: Guest) -> None:
    number = contested(hall, guest)
    hall.step("overseer", number, O.UPHOLD, note="بازدید شد.")
    hall.application.worker.tick()  # the message is sent to her at once
    hall.clock.forward(days=31)
    assert refused(guest.does, number, O.REOPEN, note="دوباره شکست.") == "reopen_late"


@pytest.mark.on_postgresql
@pytest.mark.parametrize("ended_by", [O.UPHOLD, O.SETTLE])
def test_the_thirty_days_begin_when_she_hears_that_it_is_done(
    hall: Hall, guest: Guest, ended_by: O
) -> None:
    """She has no mobile, and nobody called her for weeks."""
    number = contested(hall, guest, times=2 if ended_by is O.UPHOLD else 1)
    with hall.application.store.unit_of_work(hall.clock()) as uow:
        uow.people.set_mobile(guest.request.person_id, None)
    if ended_by is O.UPHOLD:
        hall.step("overseer", number, O.UPHOLD, note="بازدید شد.")
    else:
        hall.step("mayor", number, O.RETRY, due_on=SECOND_DUE)
        hall.step("technical", number, O.REPORT, note="انجام شد.")
        heard(hall, guest, O.REPORT)
        hall.clock.forward(days=11)
        hall.application.worker.tick()
    assert guest.orders[0].last(ended_by) is not None
    hall.clock.forward(days=20)
    heard(hall, guest, ended_by)
    hall.clock.forward(days=29)
    assert guest.does(number, O.REOPEN, note="دوباره شکست.").stage is OrderStage.CONTESTED


def heard(hall: Hall, guest: Guest, action: O) -> None:
    """Let the desk call her about it; the text it reads names the day that counts."""
    hall.application.worker.tick()
    with hall.application.store.unit_of_work(hall.clock()) as uow:
        (notice,) = (
            one for one in uow.outbox.calls_of(guest.request.id) if one.action == action.value
        )
        if action is not O.REPORT:
            until = deadline_days(hall.clock(), REOPEN_DAYS)
            assert about(uow, notice, hall.clock()).until == until
        uow.outbox.mark_called(notice.id, None, hall.clock())


def test_climbed_lateness_stands_with_its_level_the_highest_first(hall: Hall, guest: Guest) -> None:
    other = hall.guests[1]
    nobodys = hall.met(guest, due_on="2026-12-02")[0].number
    taken = hall.met(other, due_on="2026-12-09")[0].number
    hall.step("technical", taken, O.TAKE_ON)
    Line(hall.city, hall.clock).until(date(2026, 12, 15), "00:01")
    assert [(line.number, line.level) for line in waits(hall, CLIMBED)] == [
        (nobodys, Level.CITY),
        (taken, Level.MAYOR),
    ]
    assert late_figure(hall) == 2
    hall.step("technical", taken, O.REPORT, note="انجام شد.")
    assert [line.number for line in waits(hall, CLIMBED)] == [nobodys]
    assert late_figure(hall) == 1


def test_what_he_decides_himself_does_not_stand_among_the_climbed(hall: Hall, guest: Guest) -> None:
    number = contested(hall, guest)
    Line(hall.city, hall.clock).until(MONDAY + 9 * DAY, "00:01")
    assert guest.orders[0].count(O.CLIMB_TO_CITY) == 1
    (line,) = waits(hall, CONTESTS)
    assert (line.number, line.level, line.late.days) == (number, Level.CITY, 2)
    assert waits(hall, CLIMBED) == ()
    assert late_figure(hall) == 0, "it is late because of himself"


def late_figure(hall: Hall) -> int:
    """Return how many late orders the figures count, in the only district with orders."""
    (figures,) = hall.query("overseer", promise_figures, Nothing())
    return figures.late


def refuse(hall: Hall, guest: Guest) -> None:
    """Let the mayor refuse with a reason, to which she objects."""
    hall.receive(guest)
    hall.finish(guest, outcome="refused", note="این کار با طرح تفصیلی نمی‌خواند.")
    objection = TakeStep(code=guest.code, action=A.OBJECT_REFUSAL, note="رأی دادگاه هست.")
    hall.execute(guest.actor, take_step, objection)


def test_an_objection_to_a_refusal_waits_ten_working_days_and_is_answered(
    hall: Hall, guest: Guest
) -> None:
    refuse(hall, guest)
    (line,) = waits(hall, REFUSALS)
    assert (line.code, line.number, line.late.days) == (guest.code, "", 0)
    hall.clock.forward(days=21)
    assert waits(hall, REFUSALS)[0].late.days > 0
    hall.act("overseer", guest, A.ANSWER_OBJECTION, note="رد شهردار درست بود.")
    assert waits(hall, REFUSALS) == ()


def overdue(hall: Hall) -> set[int]:
    """Return how many decisions are overdue, as everybody and as an administrator reads it.

    An administrator can give the overseer's role to somebody else.
    """
    page = hall.query("administrator", officials, AskOfficials())
    return {hall.query(NOBODY, overdue_decisions, Nothing()), page.overdue}


@pytest.mark.on_postgresql
def test_everybody_reads_how_often_the_overseer_is_late(hall: Hall, guest: Guest) -> None:
    refuse(hall, guest)
    number = contested(hall, hall.guests[1])
    contested(hall, hall.guests[2], times=1)  # the mayor decides about this one
    assert overdue(hall) == {0}
    hall.clock.forward(days=8)
    assert overdue(hall) == {1}
    hall.clock.forward(days=13)
    assert overdue(hall) == {2}
    hall.act("overseer", guest, A.ANSWER_OBJECTION, note="رد شهردار درست بود.")
    assert overdue(hall) == {1}
    hall.step("overseer", number, O.UPHOLD, note="بازدید شد.")
    assert overdue(hall) == {0}


def test_the_overseer_neither_sees_nor_judges_a_contested_no_show(hall: Hall, guest: Guest) -> None:
    hall.clock.forward(minutes=40)
    for _ in range(2):
        hall.act("reception", guest, A.CALL)
    hall.act("reception", guest, A.NO_SHOW)
    contest = TakeStep(code=guest.code, action=A.CONTEST_NO_SHOW, note="در سالن بودم.")
    hall.execute(guest.actor, take_step, contest)
    fields = {"verdict": "yes", "reason": "was_there"}
    assert refused(hall.act, "overseer", guest, A.JUDGE_NO_SHOW, **fields) == "not_found"
    assert refused(waits, hall, "no_shows") == "form_broken"
    page = hall.query(hall.city.as_("overseer"), city_promises, CityPromises())
    assert set(page.counts) == {CONTESTS, CLIMBED, REFUSALS, REDIRECTS, VOIDS}
    assert not any(page.counts.values())


def redirected(hall: Hall) -> Guest:
    """Return a request that its desk sent to another district, to which she objects."""
    (filed,) = Line(hall.city, hall.clock).file(1, accepted=False)
    one = Guest(hall, filed.actor, filed.code)
    hall.act("desk", one, A.REDIRECT, district="4", note="نشانی در منطقهٔ ۴ است.")
    objection = TakeStep(code=one.code, action=A.OBJECT_REDIRECT, note="خانه در منطقهٔ ۶ است.")
    hall.execute(one.actor, take_step, objection)
    return one


def test_an_objection_to_a_redirect_is_answered_by_going_back_or_by_a_reason(
    hall: Hall,
) -> None:
    goes, stays = redirected(hall), redirected(hall)
    assert {line.code for line in waits(hall, REDIRECTS)} == {goes.code, stays.code}
    hall.act("overseer", goes, A.REDIRECT, district="6", note="حق با شهروند است.")
    assert goes.request.district == 6
    assert refused(hall.act, "overseer", stays, A.KEEP_DISTRICT) == "need_note"
    hall.act("overseer", stays, A.KEEP_DISTRICT, note="پلاک در منطقهٔ ۴ است.")
    assert stays.request.district == 4
    assert waits(hall, REDIRECTS) == ()
    assert refused(hall.act, "overseer", goes, A.KEEP_DISTRICT, note="نه") == "no_objection"


def test_an_objection_is_answered_even_if_the_desk_was_faster(hall: Hall) -> None:
    one = redirected(hall)
    hall.act("desk4", one, A.ACCEPT)
    assert [line.code for line in waits(hall, REDIRECTS)] == [one.code]
    hall.act("overseer", one, A.KEEP_DISTRICT, note="پلاک در منطقهٔ ۴ است.")
    assert waits(hall, REDIRECTS) == ()


@in_one_city("who", ["mayor", "desk", "technical", "administrator"])
def test_nobody_else_reads_the_list(hall: Hall, who: str) -> None:
    assert refused(hall.query, who, city_promises, CityPromises()) == "not_your_role"


def test_a_list_there_is_not_is_refused(hall: Hall) -> None:
    broken = CityPromises(which="everything")
    assert refused(hall.query, "overseer", city_promises, broken) == "form_broken"


def test_he_opens_a_case_without_a_name_and_the_citizen_can_see_that_he_did(
    hall: Hall, guest: Guest
) -> None:
    number = contested(hall, guest)
    order = hall.execute("overseer", open_order, OneOrder(number=number))
    # The order's page has her text; he may not open the request with all its steps.
    assert refused(hall.execute, "overseer", open_case, OneCase(code=guest.code)) == "not_found"
    refuse(hall, guest := hall.guests[1])
    case = hall.execute("overseer", open_case, OneCase(code=guest.code))
    with hall.reading() as uow:
        person = uow.people.get(guest.request.person_id)
        openings = [role for role, *_ in uow.requests.openings(guest.request)]
    assert case.person is None
    for secret in (person.name, person.identity, str(person.mobile)):
        assert secret not in repr(order) + repr(case)
    assert openings == ["overseer"]


def test_what_happens_to_any_promise_rings_at_his_page(hall: Hall, guest: Guest) -> None:
    assert "city" in hall.query("overseer", own_topics, Nothing())
    assert "city" not in hall.query("mayor", own_topics, Nothing())
    number = contested(hall, guest)
    with hall.application.store.unit_of_work(hall.clock()) as uow:
        command = TakeOrderStep(number=number, action=O.UPHOLD.value, note="بازدید شد.")
        take_order_step(uow, hall.as_("overseer"), command, hall.clock())
        assert "city" in uow.topics_to_publish
