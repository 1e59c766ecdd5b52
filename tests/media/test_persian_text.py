"""Persian text on images, with the system's text layout and without it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont, ImageOps, ImageStat
from support.together import in_threads

from publicmeeting.media.sheets import persian_text
from publicmeeting.media.sheets.persian_text import (
    FONT,
    Face,
    direction_of,
    draw_text,
    has_raqm,
    text_width,
    wrap,
)

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))
from draw_lines import FACE, LINES, LONG, picture  # noqa: E402  (shared with the other process)


def alike(one: Image.Image, other: Image.Image) -> float:
    """Return how much of the ink of two lines is at the same place: 0 to 1."""
    size = (600, 60)
    soft = []
    for image in (one, other):
        ink = ImageOps.invert(image.convert("L"))
        left, _, right, _ = ink.getbbox()
        fitted = ink.crop((left, 0, right, ink.height)).resize(size, Image.Resampling.LANCZOS)
        soft.append(fitted.filter(ImageFilter.GaussianBlur(3)))
    shared = ImageStat.Stat(ImageChops.darker(*soft)).sum[0]
    return shared / ImageStat.Stat(ImageChops.lighter(*soft)).sum[0]


@pytest.fixture(scope="module")
def bare(tmp_path_factory):
    """The same drawing in a process whose libfribidi is not a library."""
    folder = tmp_path_factory.mktemp("bare")
    for name in ("libfribidi.so.0", "libfribidi.so", "libfribidi.so.1"):
        (folder / name).write_text("rubbish")
    root = HERE.parents[1]
    done = subprocess.run(
        [sys.executable, str(HERE / "draw_lines.py"), str(folder)],
        env=os.environ | {"LD_LIBRARY_PATH": str(folder), "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        check=True,
    )
    return folder, json.loads(done.stdout)


def test_this_machine_has_the_layout_library_and_the_bare_one_has_not(bare):
    assert has_raqm()
    assert bare[1]["raqm"] is False


@pytest.mark.parametrize("name", LINES)
def test_without_the_library_a_line_looks_the_same(bare, name):
    folder, drawn = bare
    right, fallback = picture(LINES[name]), Image.open(folder / f"{name}.png")
    assert drawn["widths"][name] == pytest.approx(text_width(LINES[name], FACE), rel=0.04)
    assert alike(right, fallback) > 0.75
    assert alike(right, ImageOps.mirror(fallback)) < 0.6


@pytest.mark.parametrize("name", ["plain", "zwnj", "lam-alef", "hamza"])
def test_letters_drawn_unjoined_would_be_noticed(name):
    """Pillow's plain layout fails the comparison above, so the comparison is strict enough."""
    plain = Image.new("L", (1100, 90), "white")
    font = ImageFont.truetype(str(FONT), FACE.size, layout_engine=ImageFont.Layout.BASIC)
    ImageDraw.Draw(plain).text((1080, 60), LINES[name][::-1], font=font, anchor="rs", fill="black")
    assert alike(picture(LINES[name]), plain) < 0.6


def test_without_the_library_lines_break_as_narrow(bare):
    assert max(bare[1]["wrapped"]) <= 600


def test_a_joined_letter_is_narrower_than_two_single_ones():
    face = Face(40)
    assert text_width("بب", face) < 2 * text_width("ب", face) * 0.9
    assert text_width("لا", face) < text_width("ل", face) + text_width("ا", face)


def test_a_non_joiner_is_not_a_space():
    face = Face(40)
    joined, apart, spaced = (text_width(t, face) for t in ("میشود", "می‌شود", "می شود"))
    assert joined < apart < spaced


def test_isolates_have_no_width_of_their_own():
    assert text_width("\u2066021-1234\u2069", Face(40)) == text_width("021-1234", Face(40), "ltr")


@pytest.mark.parametrize(
    ("text", "way"),
    [("منطقهٔ ۶", "rtl"), ("۰۵۰۶۱۲۳۴۵۷", "ltr"), ("7c1e90ab", "ltr"), ("۹:۴۵", "ltr"), ("", "ltr")],
)
def test_codes_stay_left_to_right(text, way):
    assert direction_of(text) == way


@pytest.mark.parametrize("width", [250, 400, 900])
def test_wrapped_lines_fit_and_lose_nothing(width):
    text = "پیاده‌روی خیابان ایتالیا، از فلسطین تا وصال، تا پایان آذر ترمیم و هم‌سطح شود."
    lines = wrap(text, FACE, width)
    assert " ".join(lines) == text
    assert all(text_width(line, FACE) <= width for line in lines)


def test_line_ends_are_kept():
    assert wrap("یک\n\nدو", FACE, 500) == ["یک", "", "دو"]
    assert wrap("", FACE, 500) == [""]


def test_no_line_ends_between_a_day_and_its_month():
    until, date = "تا پایان دوشنبه", "۹\u00a0آذر"
    assert wrap(f"{until} {date}", FACE, text_width(f"{until} ۹", FACE) + 1) == [until, date]


def test_a_word_too_long_is_cut_and_each_piece_keeps_its_direction():
    lines = wrap(LONG, FACE, 600)
    assert all(text_width(line, FACE) <= 600 for line in lines)
    assert "".join(lines[1:-1]).replace("\u2066", "").replace("\u2069", "").startswith("https")
    assert wrap("م" * 300, FACE, 300)[0].startswith("مم")


def test_brackets_of_each_direction_turn_on_their_own():
    ordered = ")بلا( )ب( (v1) «ab» »ج«"
    assert persian_text._mirrored(ordered, "rtl") == "(بلا) (ب) (v1) «ab» «ج»"
    assert persian_text._mirrored(")", "rtl") == "("
    assert persian_text._mirrored(")", "ltr") == ")"


def test_threads_draw_with_their_own_fonts():
    pictures: list[bytes] = []

    def uow() -> None:
        image = Image.new("L", (1100, 90), "white")
        draw_text(ImageDraw.Draw(image), (1080, 60), LINES["plain"], FACE, "black")
        pictures.append(image.tobytes())

    in_threads(*[uow] * 8)
    assert set(pictures) == {picture(LINES["plain"]).tobytes()}


def test_the_font_has_its_licence_beside_it():
    fonts = {path.name.split("-")[0] for path in FONT.parent.iterdir() if path.suffix != ".txt"}
    assert fonts == {"Vazirmatn"}
    assert "SIL Open Font License" in (FONT.parent / "Vazirmatn-OFL.txt").read_text()
