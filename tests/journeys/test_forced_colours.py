"""In forced colours, where no background is drawn, what a colour means is still seen."""

from person import Meet
from playwright.sync_api import expect

_KINDS = ("raw", "half", "foot", "glazed", "now", "late", "cancelled", "plain", "end")
_LOOK = """(one) => {
  const style = getComputedStyle(one), { backgroundColor, borderTopStyle, borderTopColor } = style;
  const width = ["BlockStart", "BlockEnd", "InlineStart"].map(
    (side) => style[`border${side}Width`],
  );
  const ground = ["rgb(255, 255, 255)", "rgba(255, 255, 255, 0)"].includes(backgroundColor);
  return [ground || backgroundColor, borderTopStyle, borderTopColor, ...width].join(" ");
}"""
"""What is left of a tile's look: its background, and the style, colour and widths of its border."""


def test_a_chosen_monday_is_read_like_its_date(meet: Meet) -> None:
    who = meet("grandfather", forced_colors="active")
    who.becomes("citizen/waiting")
    chosen = who.page.locator("main [aria-pressed=true]:has(.text-ink2)").first
    assert chosen.evaluate("""(one) => {
      const small = one.querySelector(".text-ink2");
      return getComputedStyle(small).color === getComputedStyle(one).color;
    }""")


def test_each_kind_of_tile_looks_different(meet: Meet) -> None:
    who = meet("grandfather", "desk", forced_colors="active")
    who.page.goto("/stories/tiles/")
    tile = who.page.locator("main li > .size-12")
    looks = {kind: tile.and_(who.page.locator(f".t-{kind}")).evaluate(_LOOK) for kind in _KINDS}
    assert len(set(looks.values())) == len(_KINDS), looks


def test_each_kind_of_seat_looks_different_on_the_screen_of_the_hall(meet: Meet) -> None:
    who = meet("visitor", "phone", forced_colors="active")
    who.page.goto("/hall/samples/many/")
    seats = who.page.locator("#seats > i")
    expect(seats.first).to_be_visible()
    classes = {seat.get_attribute("class") for seat in seats.all()}
    assert len(classes) > 3
    looks = {seat.evaluate(_LOOK) for seat in seats.all()}
    assert len(looks) == len(classes), looks
