"""Decisions of mayor and overseer, pressed on their pages and read on the citizen's.

Each journey takes a case of its own from the demo city; none moves the clock.
"""

import re
from pathlib import Path

from axe_core import violations
from deciding_steps import (
    as_it_stands,
    as_she_stands,
    at_her_page,
    unanswered_contests,
    waiting_orders,
    waiting_requests,
)
from person import PATIENT, Meet, Person
from playwright.sync_api import expect
from support.served_city import Served

from publicmeeting.application import Application
from publicmeeting.domain.choices import NoShowReason, SheetPart, Verdict
from publicmeeting.domain.orders.promises import stem
from publicmeeting.domain.records import Order
from publicmeeting.domain.stages import Action, OrderAction, OrderStage, Stage
from publicmeeting.kit.digits import persian
from publicmeeting.text.lifecycle.actions_text import ACTION, DONE
from publicmeeting.text.lifecycle.reasons_text import NO_SHOW, NO_SHOW_OUTCOME
from publicmeeting.text.lifecycle.stages_text import ORDER_STAGE
from publicmeeting.text.line import lanes_text
from publicmeeting.text.officials import staff_text
from publicmeeting.text.orders import orders_text, promises_text
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.text.tracking import case_text, citizen_orders_text

A, O = Action, OrderAction  # noqa: E741  (columns of the table)
P = OrderStage
WORD = "تا روز تازه خودم از محل بازدید می‌کنم."
SEEN = "بازدید کردیم؛ کار همان‌گونه که گزارش شد انجام شده است."
_LINES = """all => all.map((one) => {
  const text = document.createRange();
  text.selectNodeContents(one.querySelector("span"));
  return new Set([...text.getClientRects()].map((line) => line.top)).size;
})"""
"""How many lines the label of each button takes."""


def test_the_mayor_gives_more_time_and_everybody_reads_until_when(
    meet: Meet, town: Served, application: Application, axe: str
) -> None:
    order = waiting_orders(application, "mayor5", O.EXTEND, P.IN_ACTION)[0]
    citizen = at_her_page(meet, town, application, order)
    mayor = _mayor_at(meet, order)
    mayor.sees(orders_text.WAITS_FOR_YOU)
    mayor.button(ACTION[O.EXTEND]).click()
    mayor.page.locator("[name=note]").fill(WORD)
    mayor.rests()
    assert violations(mayor.page, axe) == []
    mayor.shot("extend")
    mayor.page.locator("#send-step").click()
    mayor.sees(orders_text.SENT)
    after = as_it_stands(application, order)
    assert after.due_on > order.due_on
    assert after.first_due_on == order.first_due_on
    citizen.sees(citizen_orders_text.MAYOR_WROTE.format(note=WORD))
    unit = meet("unit", "desk")
    unit.has_come_in_as("unit5")
    unit.goes(f"/unit/{order.number}/")
    unit.sees(DONE[O.EXTEND])
    citizen.shot("extended")


def test_the_mayor_upholds_a_report_and_she_can_open_it_again(
    meet: Meet, town: Served, application: Application
) -> None:
    order = waiting_orders(application, "mayor15", O.UPHOLD, P.CONTESTED)[0]
    citizen = at_her_page(meet, town, application, order)
    mayor = _mayor_at(meet, order)
    mayor.button(ACTION[O.UPHOLD]).click()
    note = mayor.page.locator("[name=note]")
    note.fill(SEEN)
    # He opens another button's form meanwhile; what he has written is still there afterwards.
    mayor.button(ACTION[O.RETRY]).click()
    expect(note).to_have_value("")
    mayor.button(ACTION[O.UPHOLD]).click()
    expect(note).to_have_value(SEEN)
    mayor.shot("uphold")
    mayor.page.locator("#send-step").click()
    mayor.sees(orders_text.SENT)
    citizen.sees(SEEN)
    expect(citizen.button(ACTION[O.REOPEN])).to_be_visible()
    assert as_it_stands(application, order).stage is P.DONE
    citizen.shot("upheld")


def test_the_overseer_upholds_a_second_contest(
    meet: Meet, town: Served, application: Application
) -> None:
    order = _second_contest(application, 4)
    citizen = at_her_page(meet, town, application, order)
    overseer = _overseer_opens(meet, "contests", order.number)
    buttons = overseer.page.locator(".decision button")
    assert buttons.evaluate_all(_LINES) == [1, 1], "half of the bar is empty"
    overseer.button(ACTION[O.UPHOLD]).click()
    overseer.page.locator("#send-step").click()
    overseer.sees(refusal("need_note"))
    _takes_template(overseer, promises_text.TEMPLATES[O.UPHOLD][0])
    _sends(overseer, O.UPHOLD)
    overseer.sees(promises_text.DECIDED.format(what=DONE[O.UPHOLD]))
    citizen.sees(promises_text.TEMPLATES[O.UPHOLD][0])
    assert as_it_stands(application, order).stage is P.DONE


def test_the_overseer_orders_the_work_again(
    meet: Meet, town: Served, application: Application
) -> None:
    order = _second_contest(application, 6)
    citizen = at_her_page(meet, town, application, order)
    unit = meet("unit", "desk")
    unit.has_come_in_as("unit6")
    unit.goes(f"/unit/{order.number}/")
    overseer = _overseer_opens(meet, "contests", order.number)
    overseer.button(ACTION[O.RETRY]).click()
    overseer.page.locator("#send-step").click()
    overseer.sees(refusal("need_due_on"))
    note = overseer.page.locator("[name=note]")
    note.fill(WORD)
    note.blur()
    expect(overseer.page.get_by_text(refusal("need_due_on"))).to_be_visible()
    overseer.page.reload()
    overseer.is_alive()
    expect(note).to_have_value(WORD)
    overseer.page.locator("[name=due_on]").select_option(index=5)
    overseer.shot("retry")
    _sends(overseer, O.RETRY)
    expect(unit.button(ACTION[O.REPORT])).to_be_visible(timeout=PATIENT)
    citizen.sees(ORDER_STAGE[P.IN_ACTION])
    assert as_it_stands(application, order).due_on > order.due_on


def test_the_overseer_answers_an_objection_to_a_refusal(
    meet: Meet, town: Served, application: Application
) -> None:
    request = waiting_requests(application, A.ANSWER_OBJECTION, (Stage.CLOSED,))[0]
    citizen = at_her_page(meet, town, application, request)
    overseer = _overseer_opens(meet, "refusals", request.code)
    overseer.button(ACTION[A.ANSWER_OBJECTION]).click()
    overseer.page.locator("[name=note]").fill("پرونده را دیدیم.")
    # A prepared sentence is appended to what is written.
    _takes_template(overseer, promises_text.TEMPLATES[A.ANSWER_OBJECTION][0])
    note = overseer.page.locator("[name=note]")
    expect(note).to_have_value(re.compile("^پرونده را دیدیم\\.\n"))
    _sends(overseer, A.ANSWER_OBJECTION)
    citizen.sees(DONE[A.ANSWER_OBJECTION])
    citizen.sees(promises_text.TEMPLATES[A.ANSWER_OBJECTION][0])


def test_the_overseer_sends_a_request_back_to_its_district(
    meet: Meet, town: Served, application: Application, axe: str
) -> None:
    request = waiting_requests(application, A.KEEP_DISTRICT, (Stage.SUBMITTED, Stage.WAITING))[0]
    home = request.history[0].payload["district"]
    citizen = at_her_page(meet, town, application, request)
    desk = meet("desk", "desk")
    desk.has_come_in_as(f"desk{home}")
    desk.goes("/desk/")
    overseer = _overseer_opens(meet, "redirects", request.code)
    overseer.sees(promises_text.WHAT_IT_DOES)
    overseer.rests()
    assert violations(overseer.page, axe) == []
    overseer.shot("redirect")
    overseer.button(ACTION[A.REDIRECT]).click()
    overseer.page.locator("[name=note]").fill("حق با شهروند است؛ نشانی در همان منطقه است.")
    overseer.page.locator("#send-step").click()
    overseer.sees(refusal("need_district"))
    overseer.page.locator("[name=district]").select_option(str(home))
    _sends(overseer, A.REDIRECT)
    expect(overseer.page.get_by_text(promises_text.EMPTY)).to_be_visible()
    overseer.shot("sent-back")
    citizen.sees(case_text.PLACE.format(district=persian(int(str(home)))))
    expect(desk.page.locator(f"a[href*='{request.code}']")).to_be_visible(timeout=PATIENT)
    assert as_she_stands(application, request).district == home


def test_two_officers_judge_a_no_show_blind_and_she_reads_the_reason(
    meet: Meet, town: Served, application: Application, axe: str
) -> None:
    request, names = unanswered_contests(application)[0]
    citizen = at_her_page(meet, town, application, request)
    citizen.sees(lanes_text.CONTEST_WHO)
    citizen.shot("contested")
    for name in names:
        officer = meet(f"officer-{name}", "desk")
        officer.has_come_in_as(name)
        officer.goes("/lanes/")
        officer.page.get_by_role("link", name=lanes_text.CONTEST_KIND).first.click()
        officer.sees(lanes_text.CONTEST_DAY)
        expect(officer.page.get_by_text(request.code)).to_have_count(0)
        officer.page.locator("#send-step").click()
        officer.sees(lanes_text.NEED)
        officer.page.get_by_text(NO_SHOW[NoShowReason.NOT_CALLED]).click()
        officer.rests()
        assert violations(officer.page, axe) == []
        officer.shot("judge")
        officer.page.locator("#send-step").click()
        officer.sees(lanes_text.DONE)
    citizen.sees(NO_SHOW_OUTCOME[Verdict.YES].format(reason=NO_SHOW[NoShowReason.NOT_CALLED]))
    citizen.shot("judged")
    after = as_she_stands(application, request)
    absent = after.last(A.NO_SHOW)
    assert absent is not None
    assert after.waited == request.waited + int(str(absent.payload["waited"]))


def test_her_order_is_printed_for_her_and_for_nobody_else(
    meet: Meet, town: Served, application: Application, tmp_path: Path
) -> None:
    order = _printed(application)
    citizen = at_her_page(meet, town, application, order)
    link = citizen.page.get_by_role("link", name=citizen_orders_text.PDF)
    with citizen.page.expect_download() as download:
        link.click()
    saved = tmp_path / "order.pdf"
    download.value.save_as(saved)
    body = saved.read_bytes()
    assert body.startswith(b"%PDF-")
    assert b"%%EOF" in body[-64:]
    assert len(body) > 20_000
    assert download.value.suggested_filename == f"order-{order.number}.pdf"
    address = f"/orders/{order.number}.pdf"
    stranger = at_her_page(meet, town, application, _in_action(application, 17))
    nobody = meet("nobody")
    for person in (stranger, nobody):
        assert person.context.request.get(f"{town.origin}{address}").status == 404


def test_what_news_is_asked_by_her_and_written_by_the_unit(
    meet: Meet, town: Served, application: Application
) -> None:
    order = _in_action(application, 7)
    citizen = at_her_page(meet, town, application, order)
    unit = meet("unit", "desk")
    unit.has_come_in_as("unit7")
    unit.goes(f"/unit/{order.number}/")
    question, answer = "کار به کجا رسید؟", "قرارداد بسته شد؛ از شنبه آغاز می‌شود."
    citizen.button(ACTION[O.ASK_NEWS]).click()
    citizen.page.locator("[name=note]").fill(question)
    citizen.button(case_text.BUTTON[O.ASK_NEWS]).click()
    citizen.sees(citizen_orders_text.NEWS_WAITS)
    citizen.shot("asked")
    unit.sees(question)
    unit.button(ACTION[O.GIVE_NEWS]).click()
    unit.page.locator("[name=note]").fill(answer)
    unit.page.locator("#send-step").click()
    citizen.sees(answer)
    expect(unit.button(ACTION[O.GIVE_NEWS])).to_have_count(0)
    citizen.shot("answered")


def _mayor_at(meet: Meet, order: Order) -> Person:
    mayor = meet("mayor", "tablet")
    mayor.has_come_in_as(f"mayor{order.district}")
    mayor.goes("/mayor/orders/?which=asks")
    mayor.page.locator(f"a[href*='{order.number}']").first.click()
    mayor.page.wait_for_url(f"**/mayor/orders/{order.number}/")
    return mayor


def _overseer_opens(meet: Meet, tab: str, key: str) -> Person:
    """Return the overseer at the first case of this tab, opened from the list."""
    overseer = meet("overseer", "desk")
    overseer.has_come_in_as("overseer")
    overseer.goes("/city/promises/")
    name = re.compile(f"^{dict(promises_text.TABS)[tab]}")
    overseer.page.get_by_role("button", name=name).click()
    expect(overseer.page.get_by_text(promises_text.LEADS[tab])).to_be_visible()
    overseer.page.locator(f"a[href*='={key}']").first.click()
    overseer.sees(promises_text.BOTH_SIDES)
    return overseer


def _takes_template(overseer: Person, text: str) -> None:
    overseer.page.get_by_text(staff_text.TEMPLATES).click()
    overseer.page.get_by_role("button", name=text).click()


def _sends(overseer: Person, action: Action | OrderAction) -> None:
    overseer.page.locator("#send-step").click()
    overseer.sees(promises_text.SENT.format(what=DONE[action]))


def _second_contest(application: Application, district: int) -> Order:
    found = waiting_orders(application, "overseer", O.UPHOLD, P.CONTESTED)
    return next(order for order in found if order.district == district)


def _printed(application: Application) -> Order:
    """Return an order in action whose sheet was set for printing."""
    for district in range(1, 23):
        for order in waiting_orders(application, f"unit{district}", O.REPORT, P.IN_ACTION):
            with application.store.unit_of_work(application.clock(), reading=True) as uow:
                parts = {file.part for file in uow.document_audit.of_sheet(stem(order.number))}
            if SheetPart.PRINTABLE in parts:
                return order
    raise AssertionError("no order was set for printing")


def _in_action(application: Application, district: int) -> Order:
    return waiting_orders(application, f"unit{district}", O.REPORT, P.IN_ACTION)[0]
