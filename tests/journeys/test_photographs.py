"""Photographs as phones make them: large, rotated by metadata, in formats browsers cannot open."""

import json
from io import BytesIO
from pathlib import Path

from deciding_steps import waiting_orders
from filing_steps import (
    TEXT,
    chooses_district,
    confirms_mobile,
    fill_in_herself,
    fill_in_matter,
    leaves_matter,
    presses_file,
)
from person import PATIENT, Meet, Person
from pictures import MIB, broken_photo, heic_photo, on_disk, phone_photo, photo
from PIL import Image
from playwright.sync_api import Dialog, FilePayload, Response, Route, expect
from support.citizens import someone

from publicmeeting.application import Application
from publicmeeting.domain.stages import OrderAction, OrderStage
from publicmeeting.text.common import chrome_text
from publicmeeting.text.filing import filing_text
from publicmeeting.text.lifecycle.actions_text import ACTION, DONE
from publicmeeting.text.refusals.refusals_text import refusal

LOUD, QUIET_COLOUR = 120, 90
DISTRICT = 12


def sends(person: Person, file: FilePayload | Path) -> Response:
    """Choose a file at the second step; return the upload's answer once the picture is shown."""
    person.goes("/request/")
    chooses_district(person, DISTRICT)
    fill_in_matter(person)
    with person.page.expect_response("**/photos?*", timeout=4 * PATIENT) as answered:
        person.adds_photo(file)
    expect(person.button(filing_text.REMOVE_PHOTO)).to_be_visible(timeout=2 * PATIENT)
    expect(person.page.get_by_text(chrome_text.PHOTO_SHRINKING, exact=True)).to_have_count(0)
    return answered.value


def shown(person: Person) -> Image.Image:
    """Return the large picture behind the first thumbnail, as this person gets it."""
    address = person.page.locator("a.thumb").first.get_attribute("href")
    answer = person.context.request.get(f"{person.page.url.split('/request')[0]}{address}")
    assert answer.ok
    return Image.open(BytesIO(answer.body()))


def is_red_on_the_left(image: Image.Image) -> bool:
    left = image.getpixel((image.width // 8, image.height // 2))
    right = image.getpixel((image.width * 7 // 8, image.height // 2))
    assert isinstance(left, tuple)
    assert isinstance(right, tuple)
    return left[0] > LOUD > QUIET_COLOUR > left[1] and not right[0] > LOUD > QUIET_COLOUR > right[1]


def files_it(person: Person, number: int) -> None:
    """File the request; the photo is on the review and on her own page."""
    leaves_matter(person)
    who = someone(number)
    confirms_mobile(person, who)
    fill_in_herself(person, who)
    expect(person.page.locator(".thumb img")).to_have_count(1)
    code = presses_file(person)
    person.goes(f"/mine/{code}/")
    expect(person.page.locator(".thumb img")).to_have_count(1)


def test_a_photograph_of_48_megapixels_and_more_than_12_megabytes_is_filed(
    meet: Meet, tmp_path: Path
) -> None:
    maryam = meet("maryam")
    file = phone_photo()
    assert len(file["buffer"]) > 12 * MIB
    answer = sends(maryam, on_disk(file, tmp_path))
    assert int(answer.request.all_headers()["content-length"]) < 4 * MIB
    assert answer.status == 201
    image = shown(maryam)
    assert image.size == (1200, 1600), "upright, as it was taken"
    assert is_red_on_the_left(image)
    maryam.shot("a-heavy-photo")
    files_it(maryam, 71_101)


def test_what_makes_a_photograph_smaller_comes_with_its_step(meet: Meet) -> None:
    """Not with the first page, whose scripts everybody awaits, nor only when a photo is chosen."""
    maryam = meet("maryam")
    asked: list[str] = []
    maryam.page.on("request", lambda one: asked.append(one.url.rpartition("/")[2]))

    def has_come() -> bool:
        return any(name.startswith("smaller") for name in asked)

    maryam.goes("/request/")
    maryam.settles()
    assert asked
    assert not has_come()
    chooses_district(maryam, DISTRICT)
    maryam.until(has_come)


def test_a_small_photograph_travels_as_it_is(meet: Meet) -> None:
    maryam = meet("maryam")
    small = BytesIO()
    Image.new("RGB", (1200, 900), "#8a6f4d").save(small, "JPEG")
    file = FilePayload(name="small.jpg", mimeType="image/jpeg", buffer=small.getvalue())
    answer = sends(maryam, file)
    assert int(answer.request.all_headers()["content-length"]) == len(file["buffer"])


def test_a_heic_that_this_browser_cannot_open_is_filed_and_shown(meet: Meet) -> None:
    maryam = meet("maryam")
    file = heic_photo()
    answer = sends(maryam, file)
    assert int(answer.request.all_headers()["content-length"]) == len(file["buffer"])
    image = shown(maryam)
    assert image.size == (800, 600)
    assert is_red_on_the_left(image)
    maryam.shot("a-heic")
    files_it(maryam, 71_102)


def has_one_on_its_way(person: Person) -> Route:
    """Start an upload that nobody answers yet, and return it."""
    person.goes("/request/")
    chooses_district(person, DISTRICT)
    fill_in_matter(person)
    return adds_one_on_its_way(person)


def adds_one_on_its_way(person: Person, kind: str = "photo") -> Route:
    under_way: list[Route] = []

    def holds(upload: Route) -> None:
        under_way.append(upload)

    person.page.route("**/photos?*", holds)
    person.adds_photo(photo(), kind)
    person.until(lambda: under_way)
    return under_way[0]


def goes_on_before_it_arrives(person: Person) -> Route:
    under_way = adds_one_on_its_way(person)
    person.button(filing_text.KEEP_ON).click()
    on = person.page.locator(f"[data-waits='{chrome_text.PHOTO_FIRST}']")
    expect(on).to_be_visible()
    person.shot("waits-for-photo")
    return under_way


def test_whoever_goes_on_waits_for_a_photo_on_its_way(meet: Meet) -> None:
    """If it is refused she stays, if she takes it back or it arrives she goes on."""
    maryam = meet("maryam")
    maryam.may_fail("422")
    maryam.goes("/request/")
    chooses_district(maryam, DISTRICT)
    fill_in_matter(maryam)
    answer = json.dumps({"error": refusal("photo_damaged")})
    goes_on_before_it_arrives(maryam).fulfill(status=422, body=answer)
    maryam.sees(refusal("photo_damaged"))
    expect(maryam.button(filing_text.KEEP_ON)).to_be_visible()
    expect(maryam.page.locator("[data-waits]")).to_have_count(0)
    for way in ("takes it back", "arrives"):
        under_way = goes_on_before_it_arrives(maryam)
        if way == "arrives":
            under_way.continue_()
        else:
            maryam.button(chrome_text.PHOTO_LEAVE).click()
        expect(maryam.page.get_by_role("heading", name=filing_text.SELF_TITLE)).to_be_visible()
        maryam.goes("/request/?step=2")
        expect(maryam.button(filing_text.REMOVE_PHOTO)).to_have_count(int(way == "arrives"))


def test_a_report_waits_for_its_photo_on_its_way(meet: Meet, application: Application) -> None:
    order = waiting_orders(application, "unit6", OrderAction.REPORT, OrderStage.IN_ACTION)[-1]
    unit = meet("unit")
    unit.has_come_in_as(f"unit{order.district}")
    unit.goes(f"/unit/{order.number}/")
    unit.button(ACTION[OrderAction.REPORT]).click()
    unit.page.locator("[name=note]").fill(TEXT)
    under_way = adds_one_on_its_way(unit, "report")
    send = unit.page.locator("#send-step")
    send.click()
    expect(send).to_have_attribute("data-waits", chrome_text.PHOTO_FIRST)
    under_way.continue_()
    unit.sees(DONE[OrderAction.REPORT])
    expect(unit.page.locator("article .thumb img")).to_be_visible()


def test_one_too_many_is_sent_once_another_is_removed(meet: Meet) -> None:
    maryam = meet("maryam")
    page = maryam.page
    maryam.may_fail("422")
    maryam.goes("/request/")
    chooses_district(maryam, DISTRICT)
    maryam.adds_photo(broken_photo(1))
    expect(page.get_by_role("alert").filter(has_text="heavy.jpg")).to_be_visible()
    expect(page.get_by_text(chrome_text.PHOTO_SENDING, exact=True)).to_have_count(0)
    colours = ("#334455", "#aa4455", "#11cc55", "#cc1155")
    maryam.adds_photo([photo(f"{colour}.jpg", colour) for colour in colours])
    last = page.get_by_role("alert").filter(has_text=f"{colours[-1]}.jpg")
    expect(last).to_be_visible(timeout=2 * PATIENT)
    thumbs = page.locator("a.thumb")
    expect(thumbs).to_have_count(3)
    first = thumbs.first.get_attribute("href")
    maryam.button(filing_text.REMOVE_PHOTO).first.click()
    expect(last).to_have_count(0)
    expect(thumbs).to_have_count(3)
    expect(page.locator(f"a.thumb[href='{first}']")).to_have_count(0)


def test_back_leaves_a_photo_on_its_way_and_finds_it_again(meet: Meet) -> None:
    maryam = meet("maryam")
    under_way = has_one_on_its_way(maryam)
    page = maryam.page
    page.go_back()
    expect(page.get_by_role("heading", name=filing_text.DISTRICT_TITLE)).to_be_visible()
    page.go_forward()
    expect(maryam.button(chrome_text.PHOTO_LEAVE)).to_be_visible()
    maryam.button(filing_text.KEEP_ON).click()
    expect(page.locator(f"[data-waits='{chrome_text.PHOTO_FIRST}']")).to_be_visible()
    under_way.continue_()
    expect(page.get_by_role("heading", name=filing_text.SELF_TITLE)).to_be_visible()
    page.go_back()
    expect(maryam.button(filing_text.REMOVE_PHOTO)).to_be_visible()


def test_a_photo_arrives_while_she_reads_another_page(meet: Meet) -> None:
    maryam = meet("maryam")
    under_way = has_one_on_its_way(maryam)
    page = maryam.page
    page.locator("header .brand").click()
    page.wait_for_url(lambda url: "/request/" not in url)
    with page.expect_response("**/photos?*"):
        under_way.continue_()
    page.go_back()
    expect(maryam.button(filing_text.REMOVE_PHOTO)).to_be_visible()


def test_whoever_would_leave_with_a_photo_on_its_way_is_asked_first(meet: Meet) -> None:
    maryam = meet("maryam")
    under_way = has_one_on_its_way(maryam)
    page = maryam.page
    asked: list[str] = []

    def stays(question: Dialog) -> None:
        asked.append(question.type)
        question.dismiss()

    page.on("dialog", stays)
    page.evaluate("location.href = '/privacy/'")
    maryam.until(lambda: asked == ["beforeunload"])
    under_way.continue_()
    expect(maryam.button(filing_text.REMOVE_PHOTO)).to_be_visible()
    page.evaluate("location.href = '/privacy/'")
    page.wait_for_url("**/privacy/")
    assert asked == ["beforeunload"]


def test_a_photo_on_its_way_is_not_shown_to_the_next_person(meet: Meet) -> None:
    """Her session is ended elsewhere while the page stays open."""
    maryam = meet("maryam")
    maryam.becomes("citizen/closed")
    maryam.goes("/request/")
    chooses_district(maryam, DISTRICT)
    maryam.page.route("**/photos?**", lambda _: None)
    maryam.adds_photo(photo())
    pictures = maryam.page.locator("main img")
    expect(pictures).to_have_count(1)
    maryam.may_fail("ERR_", "WebSocket", "Failed to fetch")
    origin = maryam.page.url.partition("/request")[0]
    maryam.context.request.post(
        "/auth/leave-everywhere", headers={"Origin": origin}, max_redirects=0
    )
    expect(maryam.page.get_by_role("heading", name=filing_text.MATTER_TITLE)).to_have_count(0)
    chooses_district(maryam, DISTRICT)
    expect(pictures).to_have_count(0)


def changes_the_review_with_one_on_its_way(person: Person) -> Route:
    """Go from the review by «change» to the photo, and by the browser's «back» to the review."""
    page = person.page
    page.get_by_role(
        "link", name=filing_text.CHANGE_WHAT.format(what=filing_text.STEPS[1])
    ).first.click()
    under_way = adds_one_on_its_way(person)
    page.go_back()
    expect(page.get_by_role("heading", name=filing_text.REVIEW_TITLE)).to_be_visible()
    expect(person.button(chrome_text.PHOTO_LEAVE)).to_be_visible()
    person.button(filing_text.FILE).click()
    expect(page.locator(f"[data-waits='{chrome_text.PHOTO_FIRST}']")).to_be_visible()
    return under_way


def test_what_is_on_its_way_at_the_review_is_refused_there_or_filed_with_it(meet: Meet) -> None:
    maryam = meet("maryam")
    maryam.may_fail("422")
    page, who = maryam.page, someone(71_103)
    maryam.goes("/request/")
    chooses_district(maryam, DISTRICT)
    fill_in_matter(maryam)
    leaves_matter(maryam)
    confirms_mobile(maryam, who)
    fill_in_herself(maryam, who)
    answer = json.dumps({"error": refusal("photo_damaged")})
    changes_the_review_with_one_on_its_way(maryam).fulfill(status=422, body=answer)
    maryam.sees(refusal("photo_damaged"))
    expect(maryam.button(filing_text.FILE)).to_be_visible()
    under_way = changes_the_review_with_one_on_its_way(maryam)
    maryam.shot("review-waits-for-photo")
    under_way.continue_()
    page.wait_for_url("**/receipt/*/")
    there = maryam.another_tab(page.url.partition(maryam.origin)[2].replace("/receipt/", "/mine/"))
    expect(there.page.locator(".thumb img")).to_have_count(1)
    there.page.close()
    # Nothing of it is read in the next request.
    page.locator("header .brand").first.click()
    page.wait_for_url(lambda url: "/receipt/" not in url)
    page.locator("a[href^='/request/']").first.click()
    maryam.button(filing_text.ANOTHER).click()
    chooses_district(maryam, DISTRICT)
    expect(page.locator("#send-photo:not([name])")).to_have_count(1)
    expect(page.get_by_text(refusal("photo_damaged"))).to_have_count(0)
