"""The printable sheet: a page with the same bytes each time, only the picture and a title."""

import io
import re

import pytest
from PIL import Image

from publicmeeting.media.sheets.order_sheet import printable
from publicmeeting.media.sheets.palette import PAPER, PEN

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
