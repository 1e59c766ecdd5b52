"""A citizen's receipts show ✓ only after her own browser has checked them."""

import json
from collections.abc import Callable
from pathlib import Path

from filing_steps import files
from person import Person
from playwright.sync_api import Route, expect
from support.citizens import someone

from publicmeeting.text.filing import receipt_text
from publicmeeting.text.public_record import verify_text

HER = someone(61)
TEXTS = receipt_text.SIGNED


def test_she_keeps_a_receipt_that_her_browser_has_checked(meet: Callable[..., Person]) -> None:
    citizen = meet("citizen", size="phone")
    code = files(citizen, HER, 6)
    citizen.sees(TEXTS["right"])
    # What happens next comes before it, and only one line of it is shown until she asks.
    link = citizen.page.get_by_role("link", name=TEXTS["keep"]).first
    expect(link).to_be_hidden()
    right, after = (
        citizen.page.get_by_text(words).first.bounding_box()
        for words in (TEXTS["right"], receipt_text.NEXT)
    )
    assert right is not None
    assert after is not None
    assert right["y"] > after["y"]
    citizen.page.get_by_text(TEXTS["more"]).first.click()
    with citizen.page.expect_download() as loading:
        link.click()
    saved = Path(loading.value.path()).read_text(encoding="utf-8")
    assert loading.value.suggested_filename.startswith(f"receipt-{code}-")
    assert saved.split("\n")[0].endswith("/log/receipt/v1")
    picture = citizen.page.get_by_role("img", name=TEXTS["code"])
    expect(picture).to_be_hidden()
    citizen.button(TEXTS["code"]).click()
    expect(picture).to_be_visible()
    assert not citizen.overflowing()
    citizen.goes(f"/mine/{code}/")
    citizen.sees(TEXTS["right"])
    assert not citizen.overflowing()
    citizen.page.get_by_text(TEXTS["more"]).first.click()
    citizen.page.get_by_role("link", name=TEXTS["prove"]).click()
    proved = citizen.page.get_by_role("heading", name=verify_text.PROVED_RECEIPT)
    expect(proved).to_be_focused()
    citizen.sees(verify_text.RECEIPT)
    assert citizen.page.evaluate("sessionStorage.row") is None


def test_what_is_no_receipt_of_hers_is_never_called_right(meet: Callable[..., Person]) -> None:
    citizen = meet("citizen", size="phone")
    code = files(citizen, someone(62), 6)
    citizen.sees(TEXTS["right"])

    def lie(route: Route) -> None:
        answer = route.fetch()
        body = json.loads(answer.text())
        body["receipts"][0]["note"] = body["receipts"][0]["note"].replace(
            '"district":6', '"district":7'
        )
        route.fulfill(response=answer, body=json.dumps(body))

    citizen.page.route("**/receipts/*.json", lie)
    citizen.goes(f"/mine/{code}/")
    citizen.sees(TEXTS["wrong"])
    expect(citizen.page.get_by_text(TEXTS["right"])).to_have_count(0)

    citizen.page.unroute("**/receipts/*.json")
    citizen.page.route("**/receipts/*.json", lambda route: route.abort())
    citizen.may_fail("ERR_FAILED", "receipts")
    citizen.button(TEXTS["again"]).click()
    citizen.sees(TEXTS["unread"])
    citizen.page.unroute("**/receipts/*.json")
    citizen.button(TEXTS["again"]).click()
    citizen.sees(TEXTS["right"])
