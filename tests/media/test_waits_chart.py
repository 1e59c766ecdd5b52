"""The chart of waiting times is readable without eyes, without a network and without its page."""

import re
from xml.etree import ElementTree as ET

import pytest

from publicmeeting.media.waits_chart import Bar, waits_chart

SVG = "{http://www.w3.org/2000/svg}"


def chart(*bars):
    return ET.fromstring(waits_chart("چند <هفته>؟", bars, ("نیمی", "۹۰", "۹۹"), ("پایه", "بارها")))


BAR = Bar("نوبت & قرعه", (1, 2, 4, 8), ("نیمی ۱ هفته", "دلال هیچ"))


def test_it_has_a_title_and_tells_every_figure_to_whoever_does_not_see_it():
    drawn = chart(BAR)
    title, description = drawn.find(f"{SVG}title"), drawn.find(f"{SVG}desc")
    assert drawn.get("role") == "img"
    assert drawn.get("aria-labelledby").split() == [title.get("id"), description.get("id")]
    assert title.text == "چند <هفته>؟"
    for words in (BAR.name, *BAR.lines, "پایه", "بارها"):
        assert words in description.text


def test_bars_are_as_long_as_the_weeks_and_grow_from_the_right():
    rects = chart(BAR).findall(f"{SVG}rect")[:3]
    ends = {int(rect.get("x")) + int(rect.get("width")) for rect in rects}
    assert len(ends) == 1
    most, ninety, half = (int(rect.get("width")) for rect in rects)
    assert most == 2 * ninety == 4 * half


def test_on_a_phone_no_letter_is_smaller_than_14_pixels():
    """On a screen of 360 pixels, a sheet leaves 294 for the picture."""
    drawn = chart(BAR)
    assert int(drawn.get("viewBox").split()[2]) <= 294
    sizes = re.findall(r"(\d+)px", drawn.find(f"{SVG}style").text)
    assert min(map(int, sizes)) >= 14


@pytest.mark.parametrize("weeks", [(0, 0, 0, 0), (0, 0, 0, 5)])
def test_zero_is_drawn_too(weeks):
    rects = chart(Bar("نوبت", weeks, ())).findall(f"{SVG}rect")
    assert all(int(rect.get("width")) > 0 for rect in rects)


def test_no_style_reaches_beyond_the_picture_and_nothing_is_fetched():
    text = waits_chart("نوبت", [BAR], ("نیمی", "۹۰", "۹۹"), ("پایه",))
    style = text.partition("<style>")[2].partition("</style>")[0]
    rules = style.replace("@media(prefers-color-scheme:dark){", "").split("}")
    assert all(rule.startswith(".waits") for rule in rules if rule)
    assert "url(" not in text
    assert "href" not in text
    assert "script" not in text
