"""An order on the wrong visitor's sheet: she and the mayor say so, and the overseer decides.

The picture is gone for the citizen at once.
"""

from deciding_steps import as_it_stands, at_her_page, waiting_orders
from person import Meet
from playwright.sync_api import expect
from support.served_city import Served

from publicmeeting.application import Application
from publicmeeting.domain.stages import OrderAction, OrderStage
from publicmeeting.kit.digits import persian
from publicmeeting.text.lifecycle.actions_text import ACTION, DONE
from publicmeeting.text.lifecycle.stages_text import ORDER_STAGE
from publicmeeting.text.orders import orders_text, promises_text, sheet_text
from publicmeeting.text.tracking.case_text import BUTTON, THANKS

O, P = OrderAction, OrderStage  # noqa: E741  (columns of the table)
WHY = "برگهٔ نفر پیش بود که روی این پرونده باز مانده بود."


def test_anothers_order_leaves_her_page_by_the_word_of_two(
    meet: Meet, town: Served, application: Application
) -> None:
    found = waiting_orders(application, "mayor8", O.ASK_VOID, P.IN_ACTION)
    order = next(one for one in found if one.image_id)
    citizen = at_her_page(meet, town, application, order)
    picture = citizen.page.locator(f"img[src*='{order.image_id}']")
    expect(picture.first).to_be_attached()
    citizen.button(ACTION[O.SAY_NOT_HERS]).first.click()
    citizen.button(BUTTON[O.SAY_NOT_HERS]).click()
    citizen.sees(THANKS[O.SAY_NOT_HERS])
    mayor = meet("mayor", "tablet")
    mayor.has_come_in_as(f"mayor{order.district}")
    mayor.goes("/mayor/orders/?which=asks")
    mayor.page.locator(f"main a[href*='{order.number}']").click()
    mayor.sees(orders_text.NOT_HERS)
    mayor.button(ACTION[O.ASK_VOID]).click()
    mayor.page.locator("[name=note]").fill(WHY)
    mayor.rests()
    mayor.shot("ask-void")
    mayor.page.locator("#send-step").click()
    mayor.sees(orders_text.SENT)
    citizen.sees(WHY)
    expect(picture).to_have_count(0)
    citizen.shot("hidden-order")
    overseer = meet("overseer", "desk")
    overseer.has_come_in_as("overseer")
    overseer.goes(f"/city/promises/?tab=voids&order={order.number}")
    overseer.sees(promises_text.BOTH_SIDES)
    overseer.shot("void-asked")
    overseer.button(ACTION[O.VOID]).click()
    overseer.page.locator("#send-step").click()
    overseer.sees(promises_text.SENT.format(what=DONE[O.VOID]))
    overseer.shot("voided")
    citizen.sees(DONE[O.VOID])
    citizen.sees(ORDER_STAGE[P.VOID])
    expect(picture).to_have_count(0)
    citizen.shot("void-order")
    assert as_it_stands(application, order).stage is P.VOID
    mayor.sees(DONE[O.VOID])
    mayor.shot("void-at-his-table")
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        mark = uow.orders.check_mark(order.number.partition("-")[0])
    citizen.page.goto(f"/check/{order.number.partition('-')[0]}/{mark}/")  # a page without script
    citizen.sees(sheet_text.CHECK_VOID)
    citizen.sees(persian(order.district))
