"""The risks below `/verify/`: folded on a phone with their figures in sight, whole on paper."""

from person import Meet
from playwright.sync_api import expect

from publicmeeting.text.public_record import verify_text


def test_a_risk_unfolds_by_a_key_and_all_are_open_on_paper(meet: Meet) -> None:
    reader = meet("reader", size="phone")
    reader.goes("/verify/")
    row = reader.page.locator("summary").filter(has_text=verify_text.PHANTOM)
    expect(row).to_contain_text(verify_text.PHANTOM_FIGURE.partition("{filed}")[2].split("؛")[0])
    whys = [reader.page.get_by_text(why) for why in (verify_text.PHANTOM_WHY, verify_text.DOWN_WHY)]
    for why in whys:
        expect(why).to_be_hidden()
    row.press("Enter")
    expect(whys[0]).to_be_visible()
    expect(whys[1]).to_be_hidden()
    for _ in range(2):  # as some browsers announce it
        reader.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    for why in whys:
        expect(why).to_be_visible()
    reader.page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(whys[0]).to_be_visible()
    expect(whys[1]).to_be_hidden()
