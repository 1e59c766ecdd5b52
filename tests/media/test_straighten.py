"""A photographed paper becomes a straight white sheet; impossible corners are refused."""

import io
import math

import pytest
from PIL import Image, ImageDraw
from skewed import camera, photographed, written

from publicmeeting.domain.errors import Invalid
from publicmeeting.media.straightening.edges import suggested
from publicmeeting.media.straightening.perspective import AROUND, checked, perspective, sheet_ratio
from publicmeeting.media.straightening.straighten import straightened
from publicmeeting.text.refusals.refusals_text import refusal

INKS = {
    "blue": (30, 58, 140),
    "red": (190, 30, 40),
    "black": (35, 35, 38),
    "pencil": (150, 150, 150),
}
NAN = float("nan")
HANDS = 2
"""Number of different sheets; each seed photographs one of them under its own lamp and angle."""


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def bars(colour, size=(1414, 1000)) -> Image.Image:
    """Return a cream sheet with a frame of bars at an equal distance from its edges."""
    sheet = Image.new("RGB", size, (240, 236, 224))
    draw = ImageDraw.Draw(sheet)
    for x in (200, size[0] - 220):
        draw.rectangle((x, 200, x + 20, size[1] - 200), fill=colour)
    return sheet


def shares(image: Image.Image):
    """Return which shares of the sheet are white and ink."""
    counts = image.convert("L").histogram()
    return sum(counts[250:]) / sum(counts), sum(counts[:128]) / sum(counts)


@pytest.mark.parametrize("seed", range(6))
def test_the_corners_are_found_under_a_lamp_from_one_side(seed):
    data, corners = photographed(written(seed % HANDS), seed)
    assert max(map(math.dist, suggested(data), corners)) < 0.01


@pytest.mark.parametrize("seed", range(4))
def test_the_sheet_is_white_and_its_ink_dark_and_blue(seed):
    data, corners = photographed(written(seed % HANDS), seed)
    sheet = opened(straightened(data, corners))
    white, ink = shares(sheet)
    assert (sheet.format, sheet.mode, max(sheet.size) <= 1600) == ("JPEG", "RGB", True)
    assert white > 0.8
    assert 0.01 < ink < 0.2
    dark = [p for p in sheet.resize((400, 300)).get_flattened_data() if sum(p) < 300]
    assert sum(blue > red + 20 for red, _, blue in dark) > 0.9 * len(dark)


@pytest.mark.parametrize("name", INKS)
def test_each_ink_keeps_its_colour_and_stands_where_it_stood(name):
    flat = bars(INKS[name])
    data, corners = photographed(flat, 3, camera(flat, (0.5, 0.2)))
    sheet = opened(straightened(data, corners))
    width, height = sheet.size
    assert abs(width / height - math.sqrt(2)) < 0.01
    for share in (210 / 1414, (1414 - 210) / 1414):
        left, middle, right = (
            sheet.getpixel((round((share + off) * width), height // 2)) for off in (-0.03, 0, 0.03)
        )
        assert min(left) > 240 < min(right)
        assert max(middle) < 235
        strongest = max(range(3), key=lambda band: middle[band])
        assert {"blue": strongest == 2, "red": strongest == 0}.get(
            name, max(middle) - min(middle) < 40
        )
    edge = [sheet.getpixel((x, y)) for x in range(0, width, 9) for y in (0, height - 1)]
    assert sum(min(pixel) > 200 for pixel in edge) > 0.95 * len(edge), "no frame of desk"


@pytest.mark.parametrize("lean", [(0, 0), (0.6, 0), (0, -0.6), (-0.4, 0.3), (0.5, 0.5)])
@pytest.mark.parametrize("size", [(1000, 1000), (1800, 1000), (1000, 1700), (1414, 1000)])
def test_a_sheet_that_leans_keeps_its_proportions(size, lean):
    flat = Image.new("RGB", size, "white")
    seen = [(x * 1200, y * 1100) for x, y in camera(flat, lean)]
    assert sheet_ratio(seen, (1200, 1100)) == pytest.approx(size[0] / size[1], rel=0.04)


def test_an_upright_sheet_that_fills_the_picture_stays_as_it_is():
    out = io.BytesIO()
    bars(INKS["blue"], (900, 1200)).save(out, "PNG")
    sheet = opened(straightened(out.getvalue(), ((0, 0), (1, 0), (1, 1), (0, 1))))
    assert (abs(sheet.width - 900) < 60, sheet.height) == (True, 1200) or sheet.height > 1200


@pytest.mark.parametrize("colour", ["white", "black", "peru"])
def test_a_picture_without_a_paper_has_corners_all_around(colour):
    out = io.BytesIO()
    Image.new("RGB", (640, 480), colour).save(out, "JPEG")
    assert suggested(out.getvalue()) == AROUND


@pytest.mark.parametrize("size", [(1, 1), (3, 900), (900, 3), (20, 20)])
def test_the_smallest_pictures_are_no_trouble(size):
    out = io.BytesIO()
    Image.new("RGB", size, "white").save(out, "PNG")
    assert suggested(out.getvalue()) == AROUND
    assert opened(straightened(out.getvalue(), AROUND)).mode == "RGB"


def test_the_corners_are_those_of_the_picture_as_it_is_shown():
    data, corners = photographed(written(1), 1)
    turned = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6
    opened(data).transpose(Image.Transpose.ROTATE_90).save(turned, "JPEG", quality=90, exif=exif)
    assert max(map(math.dist, suggested(turned.getvalue()), corners)) < 0.01


SOUND = ((0.1, 0.1), (0.9, 0.12), (0.88, 0.9), (0.1, 0.85))
REFUSED = {
    "none": ((), "corners_unreadable"),
    "three": (SOUND[:3], "corners_unreadable"),
    "five": ((*SOUND, (0.5, 0.5)), "corners_unreadable"),
    "no numbers": ((("a", "b"),) * 4, "corners_unreadable"),
    "one number each": (((0.1,),) * 4, "corners_unreadable"),
    "no points": ((1, 2, 3, 4), "corners_unreadable"),
    "nothing": (None, "corners_unreadable"),
    "too large a number": (((10**400, 0), *SOUND[1:]), "corners_unreadable"),
    "no number": (((NAN, 0.1), *SOUND[1:]), "corners_unreadable"),
    "endless": (((float("-inf"), 0.1), *SOUND[1:]), "corners_unreadable"),
    "left of the picture": (((-0.1, 0.1), *SOUND[1:]), "corners_outside"),
    "below it": ((*SOUND[:3], (0.1, 1.1)), "corners_outside"),
    "crossed": ((SOUND[0], SOUND[2], SOUND[1], SOUND[3]), "corners_crossed"),
    "seen from behind": (SOUND[::-1], "corners_crossed"),
    "dented": ((*SOUND[:2], (0.3, 0.3), SOUND[3]), "corners_crossed"),
    "three in a line": (((0.1, 0.1), (0.5, 0.1), (0.9, 0.1), (0.1, 0.9)), "corners_crossed"),
    "all in one": (((0.5, 0.5),) * 4, "corners_small"),
    "two in one": ((SOUND[0], SOUND[0], *SOUND[2:]), "corners_small"),
    "a stamp": (((0.4, 0.4), (0.46, 0.4), (0.46, 0.46), (0.4, 0.46)), "corners_small"),
    "a strip": (((0.1, 0.5), (0.9, 0.5), (0.9, 0.51), (0.1, 0.51)), "corners_small"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_corners_is_refused(case):
    corners, key = REFUSED[case]
    with pytest.raises(Invalid) as refused:
        checked(corners)
    assert (refused.value.key, refused.value.field) == (key, "corners")
    assert refusal(key).endswith(".")


def test_sound_corners_pass_also_a_hair_outside():
    assert checked(SOUND) == SOUND
    assert checked(((-1e-9, 0), (1, 0), (1, 1 + 1e-9), (0, 1))) == ((0, 0), (1, 0), (1, 1), (0, 1))


def test_nothing_is_decoded_for_refused_corners():
    with pytest.raises(Invalid, match="corners_small"):
        straightened(b"no picture", REFUSED["all in one"][0])
    with pytest.raises(Invalid, match="photo_kind"):
        straightened(b"no picture", SOUND)


def test_the_eight_numbers_lead_each_corner_to_its_own():
    seen, flat = [(3, 4), (90, 11), (80, 95), (7, 70)], [(0, 0), (50, 0), (50, 70), (0, 70)]
    a, b, c, d, e, f, g, h = perspective(seen, flat)
    for (x, y), (u, v) in zip(seen, flat, strict=True):
        under = g * x + h * y + 1
        assert (a * x + b * y + c) / under == pytest.approx(u)
        assert (d * x + e * y + f) / under == pytest.approx(v)
