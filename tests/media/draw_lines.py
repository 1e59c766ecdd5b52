"""Draw the test's sentences one by one, in a process in which libfribidi cannot be found."""

import json
import sys
from pathlib import Path

from PIL import Image, ImageDraw

from publicmeeting.media.sheets.persian_text import Face, draw_text, has_raqm, text_width, wrap

LINES = {
    "plain": "دستور ملاقات مردمی شهرداری تهران",
    "digits": "دوشنبه ۹ آذر ۱۴۰۵ ساعت ۹:۴۵",
    "zwnj": "پیاده‌روی خیابان ایتالیا درست می‌شود",
    "lam-alef": "سلام، کلاه و ملاقات، الاغ و لاله",
    "hamza": "شهرداری منطقهٔ ۶ و نامهٔ شما",
    "mixed": "نشانی publicmeeting.example و ۴۲٪ کار",
    "brackets": "واحد (فنی و عمران) و «خدمات شهری» [یک]",
    "isolate": "تلفن \u2066021-1234\u2069 داخلی ۱۲",
    "latin": "7c1e90ab (v1)",
}
FACE = Face(44, 500)
LONG = "نشانی " + "https://publicmeeting.example/" + "a/very/long/address/" * 4 + " پایان"


def picture(line: str) -> Image.Image:
    image = Image.new("L", (1100, 90), "white")
    draw_text(ImageDraw.Draw(image), (1080, 60), line, FACE, "black")
    return image


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    for name, line in LINES.items():
        picture(line).save(folder / f"{name}.png")
    widths = {name: text_width(line, FACE) for name, line in LINES.items()}
    wrapped = [text_width(line, FACE) for line in wrap(LONG, FACE, 600)]
    sys.stdout.write(json.dumps({"raqm": has_raqm(), "widths": widths, "wrapped": wrapped}))
