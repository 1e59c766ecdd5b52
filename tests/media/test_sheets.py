"""The order sheet, the receipt and the pass: their content, and texts that would break them."""

import hashlib
import io
import re
from dataclasses import replace
from itertools import combinations

import pytest
from PIL import Image, ImageChops, ImageOps
from support.together import in_threads

from publicmeeting.domain.districts.city import DISTRICTS
from publicmeeting.domain.errors import Invalid
from publicmeeting.domain.lifecycle.timeline import MarkState
from publicmeeting.domain.orders.ink import Dot, Ink, Stroke, read_ink
from publicmeeting.media.sheets.canvas import GLAZE, PAPER, PEN, SAFFRON, Canvas, Composed
from publicmeeting.media.sheets.ink import draw_ink, smoothed
from publicmeeting.media.sheets.order_sheet import (
    HEIGHT,
    WIDTH,
    OrderSheet,
    compose_order,
    printable,
)
from publicmeeting.media.sheets.qr import qr_svg, read_qr
from publicmeeting.media.sheets.signs import draw_fingerprint, draw_mark
from publicmeeting.media.sheets.slips import NextStep, Pass, Receipt, compose_pass, compose_receipt
from publicmeeting.seeder.pictures import signature
from publicmeeting.text.orders import sheet_text

URL = "https://publicmeeting.example/check/14050909067"
TEXT = "معاون محترم فنی و عمران\nپیاده‌روی خیابان ایتالیا تا پایان آذر ترمیم و هم‌سطح شود."
SHEET = OrderSheet(
    district=6,
    unit="شهرداری منطقهٔ ۶",
    title="دستور ملاقات مردمی",
    marks=(("تاریخ", "دوشنبه ۹ آذر ۱۴۰۵"), ("شماره", "۱۴۰۵۰۹۰۹۰۶۷")),
    check_url=URL,
    check_lines=("درستی این برگه را ببینید.",),
    foot=("دفتر عمومی", "7c1e90ab"),
    text=TEXT,
    signer=("امیرحسین کاویانی", "شهردار منطقهٔ ۶"),
    facts=(("واحد مسئول", "فنی و عمران"), ("مهلت انجام", "دوشنبه ۳۰ آذر ۱۴۰۵")),
)
PASS = Pass(
    district=6,
    title="برگهٔ نوبت",
    place="منطقهٔ ۶",
    weekday="دوشنبه",
    date="۹ آذر ۱۴۰۵",
    time=("ساعت", "۹:۴۵"),
    seat=7,
    seats=12,
    seat_line="شمارهٔ ۷ در این دوشنبه",
    values=(("نام", "مریم احمدی"), ("کد ملی", "۰۴۹•••••۸۹۹")),
    qr_text=URL,
    code=("کد رهگیری", "0506123457"),
    notes=(("pin", "خیابان دکتر فاطمی"), ("wheelchair", "ورودی بی‌پله"), ("paper", "کارت ملی")),
    log=("رسید دفتر عمومی", "7c1e90ab"),
)
RECEIPT = Receipt(
    district=6,
    title="رسید درخواست",
    place="منطقهٔ ۶",
    code=("کد رهگیری", "0506123457"),
    values=(("موضوع", "پیاده‌رو"), ("ثبت", "شنبه ۱۶ آبان ۱۴۰۵")),
    qr_text=URL,
    ticket=("نشان شما در قرعه", "0123456789abcdef" * 4),
    next_title="از این پس",
    next_steps=(
        NextStep("درخواست ثبت شد", "شنبه ۱۶ آبان", MarkState.PAST),
        NextStep("کارشناس می‌خواند", "تا سه‌شنبه ۱۹ آبان", MarkState.NOW),
        NextStep("ملاقات با شهردار", "پیامک می‌کنیم"),
    ),
    log=("رسید دفتر عمومی", "7c1e90ab"),
)


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data)).convert("RGB")


def colour(text: str) -> tuple[int, ...]:
    return tuple(bytes.fromhex(text[1:]))


def amount(image: Image.Image, text: str) -> int:
    """Return how many pixels have nearly this colour."""
    plain = Image.new("RGB", image.size, colour(text))
    far = ImageChops.difference(image, plain).convert("L").point([255] * 9 + [0] * 247)
    return far.histogram()[255]


def photo(size=(800, 600)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, (120, 40, 40)).save(out, "JPEG")
    return out.getvalue()


def test_an_order_is_a_sheet_of_paper_with_one_lit_tile_and_blue_ink():
    done = compose_order(SHEET)
    sheet = opened(done.image)
    assert (done.width, done.height) == sheet.size == (WIDTH, HEIGHT)
    assert done.kind == "image/png"
    assert sheet.getpixel((10, 900)) == colour(PAPER)
    for ink in (GLAZE, PEN, SAFFRON):
        assert amount(sheet, ink) > 300, ink
    assert len(done.image) < 150_000
    assert opened(done.thumb).width == 360
    assert done.sha256 == hashlib.sha256(done.image).hexdigest()


def test_the_same_order_is_drawn_the_same():
    assert compose_order(SHEET) == compose_order(replace(SHEET))


def test_without_text_or_picture_there_is_no_ink():
    bare = opened(compose_order(replace(SHEET, text="")).image)
    assert amount(bare, PEN) == 0
    assert amount(bare, GLAZE) > 300


@pytest.mark.parametrize("times", [1, 30])
def test_a_longer_text_is_smaller_then_the_sheet_grows_and_nothing_is_cut(times):
    done = compose_order(replace(SHEET, text=TEXT * times))
    sheet = opened(done.image)
    assert done.height >= HEIGHT
    # Foot and signature are below the last line: no blue of a pen in the last 250 pixels.
    assert amount(sheet.crop((0, done.height - 250, WIDTH, done.height)), PEN) == 0
    assert amount(sheet, PEN) > 1000 * min(times, 4)


def test_a_text_without_end_is_refused():
    with pytest.raises(ValueError, match="more than fits"):
        compose_order(replace(SHEET, text="دستور\n" * 400))


def test_a_photographed_paper_lies_from_edge_to_edge_and_is_a_jpeg():
    done = compose_order(replace(SHEET, text="", paper=photo()))
    sheet = opened(done.image)
    assert done.kind == "image/jpeg"
    for x in (2, WIDTH // 2, WIDTH - 3):
        red, green, _ = sheet.getpixel((x, 700))
        assert red > 90 > green
    both = compose_order(replace(SHEET, paper=photo()))
    assert both.height > done.height


def test_no_two_texts_lie_over_each_other_however_long_the_log_has_grown(
    monkeypatch: pytest.MonkeyPatch,
):
    """The log's state is its number of entries, the beginning of its root, and its key's id."""
    drawn: list[tuple[float, float, float, str]] = []
    real = Canvas.text

    def noted(canvas, at, text, *rest, anchor="rs", **more) -> float:
        width = real(canvas, at, text, *rest, anchor=anchor, **more)
        left = at[0] - {"l": 0, "m": width / 2, "r": width}[anchor[0]]
        drawn.append((at[1], left, left + width, text))
        return width

    monkeypatch.setattr(Canvas, "text", noted)
    foot = ("دفتر عمومی", "12345678-225923805b0cecfb 75ea9100")
    compose_order(replace(SHEET, check_lines=sheet_text.CHECK, foot=foot))
    assert foot[1] in {text for *_, text in drawn}
    over = [
        (one[3], other[3])
        for one, other in combinations(drawn, 2)
        if abs(one[0] - other[0]) < 30 and one[1] < other[2] and other[1] < one[2]
    ]
    assert over == []


def test_a_very_tall_picture_does_not_make_an_endless_sheet():
    assert compose_order(replace(SHEET, paper=photo((40, 4000)))).height < HEIGHT * 3


def test_strokes_and_signature_are_laid_through_their_glass():
    strokes = draw_ink(
        Ink(1000, 500, (Stroke((Dot(20, 20), Dot(600, 300), Dot(900, 40))),)), width=14
    )
    done = compose_order(
        replace(SHEET, text="", ink=strokes, signature=draw_ink(read_ink(signature(2))))
    )
    sheet = opened(done.image)
    assert done.kind == "image/png"
    assert amount(sheet.crop((0, 320, WIDTH, 900)), PEN) > 2000
    assert amount(sheet.crop((84, 1150, 560, 1500)), PEN) > 1000
    assert amount(sheet, "#000000") == 0


def test_a_broken_picture_is_refused_not_drawn():
    for field in ("paper", "ink", "signature"):
        with pytest.raises(Invalid, match="photo_"):
            compose_order(replace(SHEET, **{field: b"%PDF-1.7"}))


def test_a_long_name_of_a_unit_shrinks_beside_the_date():
    done = compose_order(replace(SHEET, unit="شهرداری منطقهٔ بیست و دو کلان‌شهر تهران بزرگ"))
    between = opened(done.image).crop((445, 60, 465, 250))
    assert between.getcolors() == [(20 * 190, colour(PAPER))]


@pytest.mark.parametrize("number", range(1, 23))
def test_each_district_lights_its_own_tile(number):
    canvas = Canvas(240, 240, "#FFFFFF")
    draw_mark(canvas, (0, 0), 240, number)
    tile = next(district.tile for district in DISTRICTS if district.number == number)
    middle = (
        round((tile.column - 1 + tile.column_span / 2) * 40),
        round((tile.row - 1 + tile.row_span / 2) * 40),
    )
    assert canvas.image.getpixel(middle) == colour(SAFFRON)
    lit = ImageOps.invert(canvas.image)
    assert amount(canvas.image, SAFFRON) < 40 * 40 * tile.row_span * tile.column_span
    assert lit.getbbox() == (0, 0, 240, 240)


def test_no_tile_is_lit_while_the_district_is_unknown():
    canvas = Canvas(240, 240, "#FFFFFF")
    draw_mark(canvas, (0, 0), 240, None)
    assert amount(canvas.image, SAFFRON) == 0


def test_a_fingerprint_changes_with_every_digit():
    seen = set()
    for digits in ("7c1e90ab", "7c1e90aa", "0c1e90ab", "ffffffff"):
        canvas = Canvas(90, 30, "#FFFFFF")
        draw_fingerprint(canvas, (0, 0), digits, 10)
        seen.add(canvas.image.tobytes())
    assert len(seen) == 4


@pytest.mark.parametrize(("compose", "slip"), [(compose_receipt, RECEIPT), (compose_pass, PASS)])
def test_a_slip_is_a_light_phone_wide_png(compose, slip):
    done = compose(slip)
    assert isinstance(done, Composed)
    picture = opened(done.image)
    assert picture.width == 1080
    assert done.kind == "image/png"
    assert len(done.image) < 160_000
    assert amount(picture, SAFFRON) > 300
    assert picture.getpixel((3, 3)) == picture.getpixel((3, done.height - 4)) == (241, 238, 229)
    assert compose(slip) == done


@pytest.mark.parametrize("seats", [1, 20])
def test_a_pass_lights_exactly_the_persons_seat(seats):
    done = opened(compose_pass(replace(PASS, seat=1, seats=seats)).image)
    none = opened(compose_pass(replace(PASS, seat=0, seats=seats)).image)
    strip = (0, 480, 1080, 600)
    assert amount(done.crop(strip), SAFFRON) > 300
    assert amount(none.crop(strip), SAFFRON) == 0


def test_long_words_make_a_slip_longer_not_wider():
    short, long = (
        compose_receipt(RECEIPT),
        compose_receipt(
            replace(RECEIPT, values=(("موضوع", "آسفالت، پیاده‌رو، جوی و روشنایی " * 4),))
        ),
    )
    assert long.width == short.width
    assert long.height > short.height


@pytest.mark.parametrize(
    ("compose", "sheet"),
    [
        (compose_order, SHEET),
        (compose_order, replace(SHEET, paper=photo())),
        (compose_receipt, RECEIPT),
        (compose_pass, PASS),
    ],
)
def test_the_code_on_a_sheet_can_be_read_by_a_camera(compose, sheet):
    assert read_qr(compose(sheet).image) == URL


def test_a_skewed_frame_of_a_pass_is_read_and_an_empty_one_is_not():
    frame = opened(compose_pass(PASS).image).rotate(11, expand=True, fillcolor="gray")
    out = io.BytesIO()
    frame.resize((frame.width // 2, frame.height // 2)).save(out, "JPEG", quality=60)
    assert read_qr(out.getvalue()) == URL
    assert read_qr(photo()) is None
    with pytest.raises(Invalid, match="photo_kind"):
        read_qr(b"%PDF-1.7")


def test_a_qr_for_a_page_has_no_style_and_its_quiet_zone():
    svg = qr_svg(URL)
    assert svg.startswith("<svg ")
    assert svg.endswith("</svg>")
    assert "style" not in svg
    assert 'd="M4 4.5h7' in svg


def test_a_qr_of_nothing_is_refused():
    with pytest.raises(ValueError, match="nothing"):
        qr_svg("")


def test_ink_is_smooth_and_clear():
    stroke = [Dot(10, 10), Dot(60, 80), Dot(110, 10)]
    path = smoothed(stroke)
    assert all(dot in path for dot in stroke)
    assert len(path) > 60
    picture = Image.open(
        io.BytesIO(draw_ink(Ink(120, 100, tuple(map(Stroke, ((*stroke,), (), (Dot(5, 5),)))))))
    )
    assert picture.mode == "RGBA"
    assert picture.getpixel((119, 99))[3] == 0


def test_sheets_are_composed_in_many_threads_at_once():
    results: list[str] = []
    in_threads(*[lambda: results.append(compose_pass(PASS).sha256)] * 3)
    assert set(results) == {compose_pass(PASS).sha256}


TITLE = "دستور ۶-۱۴۰۵-۱"


def sheet(size=(1240, 1754), kind="PNG") -> bytes:
    image, out = Image.new("RGB", size, PAPER), io.BytesIO()
    image.paste(PEN, (100, 100, 200, 200))
    image.save(out, kind)
    return out.getvalue()


def page(pdf: bytes) -> Image.Image:
    return Image.open(io.BytesIO(pdf[pdf.index(b"\xff\xd8") :]))


@pytest.mark.parametrize("size", [(1240, 1754), (1240, 7000), (1240, 400)])
@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_it_is_one_white_page_of_a4_with_the_whole_sheet_on_it(size, kind):
    pdf = printable(sheet(size, kind), TITLE)
    assert pdf.startswith(b"%PDF-1.")
    assert pdf.rstrip().endswith(b"%%EOF")
    assert pdf.count(b"/Type /Page\n") == 1
    box = [float(side) for side in re.search(rb"MediaBox \[ (.*?) \]", pdf).group(1).split()]
    assert box == pytest.approx([0, 0, 595.3, 841.9], abs=1)
    image = page(pdf)
    assert image.width * image.height < 13_000_000
    for at in (
        (0, 0),
        (image.width // 2, image.height - 1),
        (image.width // 2, image.height // 20),
    ):
        assert min(image.getpixel(at)) >= 253
    blue = image.convert("RGB").resize((210, 297)).get_flattened_data()
    assert any(pixel[2] > pixel[0] + 60 for pixel in blue)


def test_the_same_sheet_is_the_same_file_and_tells_only_its_title():
    pdf = printable(sheet(), TITLE)
    assert pdf == printable(sheet(), TITLE)
    assert TITLE.encode("utf-16-be") in pdf
    for word in (b"Date", b"Author", b"Creator", b"Producer", b"/ID"):
        assert word not in re.sub(rb"stream.*?endstream", b"", pdf, flags=re.DOTALL)
    assert b"/Title" not in printable(sheet())
