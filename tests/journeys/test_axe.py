"""Every page, seen by each role: nothing that WCAG 2.2 AA forbids, nothing wider than its screen.

Pages are checked in light and dark, on a phone and at a desk; a citizen's also with large letters.
"""

import re
from collections.abc import Callable

import pytest
from axe_core import violations
from person import Meet
from playwright.sync_api import Browser
from readable import faults, in_dark, lost_in_large_letters

from publicmeeting.application import Application
from publicmeeting.domain.stages import OrderStage, Stage
from publicmeeting.store.lifecycle.lists import Filter
from publicmeeting.ui.routes import PAGES

SIZES = ((360, 740), (1280, 800))
TABLET = (1024, 768)
ON_A_TABLET = ("/mayor/", "/monday/", "/city/", "/ceremony/")
"""Beginnings of addresses that are also checked at the size of a tablet."""
DISTRICT = 6

Look = Callable[[Application], str]


def request_at(*stages: Stage) -> Look:
    """Return the code of a request of the district at one of these stages."""

    def look(application: Application) -> str:
        with application.store.unit_of_work(application.clock(), reading=True) as uow:
            wanted = Filter(districts=frozenset({DISTRICT}), stages=stages)
            return uow.lists.requests(wanted, limit=1)[0].code

    return look


def order_at(*stages: OrderStage) -> Look:
    """Return the number of an order of the district at one of these stages."""

    def look(application: Application) -> str:
        with application.store.unit_of_work(application.clock(), reading=True) as uow:
            found = uow.orders.listed(stages=stages, limit=200)
            return next(order.number for order in found if order.district == DISTRICT)

    return look


def account_of(username: str) -> Look:
    """Return the id of an official's account."""

    def look(application: Application) -> str:
        with application.store.unit_of_work(application.clock(), reading=True) as uow:
            account = uow.accounts.by_username(username)
            assert account is not None
            return account.id

    return look


NOBODY = ""
ADMINISTRATOR, OVERSEER, PHONE = "admin", "overseer", "phone1"
DESK, RECEPTION, UNIT, MAYOR = (
    f"{role}{DISTRICT}" for role in ("desk", "reception", "unit", "mayor")
)
OFFICIALS = (ADMINISTRATOR, OVERSEER, PHONE, DESK, RECEPTION, UNIT, MAYOR)
"""Officials by user name; the demo's door offers other people, depending on who filed last."""
LOST = "/404/"
OWN = "{own}"
"""Placeholder for the code of the citizen who is played."""

VISITS: tuple[tuple[str, str, Look | None], ...] = (
    (NOBODY, "/", None),
    (NOBODY, "/enter/", None),
    (NOBODY, "/sign-in/", None),
    (NOBODY, "/request/", None),
    (NOBODY, "/track/", None),
    (NOBODY, "/mine/", None),
    (NOBODY, "/mayor/", None),
    (NOBODY, "/rules/", None),
    (NOBODY, "/verify/", None),
    (NOBODY, "/verify/log/", None),
    (NOBODY, LOST, None),
    (NOBODY, "/draws/", None),
    (NOBODY, "/ceremony/", None),
    (NOBODY, "/ceremony/?monday=1405-09-16", None),
    *(
        (f"citizen/{stage}", f"/mine/{OWN}/", None)
        for stage in (
            "invited",
            "confirmed",
            "waiting",
            "needs_info",
            "follow_up",
            "reported",
            "closed",
        )
    ),
    ("citizen/waiting", "/mine/", None),
    ("citizen/waiting", f"/receipt/{OWN}/", None),
    ("citizen/waiting", f"/proof/{OWN}/", None),
    (DESK, "/desk/", None),
    (DESK, "/desk/?case={}", request_at(Stage.SUBMITTED)),
    (DESK, "/desk/calls/", None),
    (DESK, "/desk/person/", None),
    (DESK, "/assist/follow/", None),
    (PHONE, "/assist/", None),
    (DESK, "/unit/", None),
    (DESK, "/lanes/", None),
    (RECEPTION, "/monday/", None),
    (RECEPTION, "/monday/paper/", None),
    (UNIT, "/unit/", None),
    (UNIT, "/unit/{}/", order_at(OrderStage.IN_ACTION, OrderStage.ISSUED)),
    (UNIT, "/unit/briefs/", None),
    (UNIT, "/unit/briefs/?case={}", request_at(Stage.CONFIRMED)),
    (DESK, "/district/", None),
    (MAYOR, "/district/", None),
    (ADMINISTRATOR, "/city/calendar/", None),
    (ADMINISTRATOR, "/city/rules/", None),
    (ADMINISTRATOR, "/city/value/", None),
    (ADMINISTRATOR, "/city/security/", None),
    (ADMINISTRATOR, "/city/audit/", None),
    (OVERSEER, "/city/audit/?since=x", None),
    (ADMINISTRATOR, "/city/people/", None),
    (ADMINISTRATOR, "/city/people/{}/", account_of(MAYOR)),
    (OVERSEER, "/city/promises/", None),
    (OVERSEER, "/city/promises/?tab=climbed", None),
    (OVERSEER, "/city/promises/?order={}", order_at(OrderStage.CONTESTED)),
    (OVERSEER, "/city/promises/?tab=refusals&case={}", request_at(Stage.CLOSED)),
    (MAYOR, "/mayor/", None),
    (MAYOR, "/mayor/meeting/{}/", request_at(Stage.INVITED, Stage.CONFIRMED)),
    (MAYOR, "/mayor/orders/", None),
    (MAYOR, "/mayor/profile/", None),
    (MAYOR, "/mayor/orders/?which=asks", None),
    (MAYOR, "/mayor/review/", None),
    (MAYOR, "/mayor/orders/{}/", order_at(OrderStage.REPORTED, OrderStage.IN_ACTION)),
)
"""Who visits which address, and what replaces its braces."""

UNREADABLE = """<!doctype html><html lang="fa" dir="rtl"><title>t</title>
<body style="background:#111"><main><h1 style="color:#333">دیدار با شهردار</h1>
<p style="color:#444">فهرست نوبت خالی این هفته</p></main></body></html>"""


def test_the_check_objects_to_persian_text_that_nobody_can_read(
    chromium: Browser, axe: str
) -> None:
    page = chromium.new_page()
    page.set_content(UNREADABLE)
    found = [
        violation for violation in violations(page, axe) if violation.startswith("color-contrast")
    ]
    page.close()
    assert len(found) == 2


def test_every_page_is_visited() -> None:
    visited = {
        re.sub(r"\{[^}]*\}", "*", path.partition("?")[0]).rstrip("/") for _, path, _ in VISITS
    }
    assert {re.sub(r"\[[^]]*\]", "*", page.path).rstrip("/") for page in PAGES} - visited == set()


@pytest.mark.parametrize(
    ("who", "path", "look"), VISITS, ids=[f"{who or 'nobody'}-{path}" for who, path, _ in VISITS]
)
def test_a_page_is_readable_for_everybody(
    who: str, path: str, look: Look | None, still_there: Meet, application: Application, axe: str
) -> None:
    # A missing page causes console errors, so another person opens it.
    person = still_there("lost" if path == LOST else who.replace("/", "-") or "nobody")
    own = ""
    if who in OFFICIALS:
        person.has_come_in_as(who)
    elif who:
        own = person.comes_as(who).strip("/").rpartition("/")[2]
    address = path.replace(OWN, own).replace("{}", look(application) if look else "")
    if path == LOST:
        person.may_fail("404")
    sizes = SIZES[::-1] if who in OFFICIALS else SIZES
    in_dark(person, sizes[0])
    person.goes(address)
    sizes = (*sizes, TABLET) if path.startswith(ON_A_TABLET) else sizes
    found = [*faults(person, axe, *sizes), *person.notices()]
    if who not in OFFICIALS:
        found += lost_in_large_letters(person, is_case=OWN in path)
    assert not found, "\n".join(["", *found])
