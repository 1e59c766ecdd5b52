"""WebP is read by a process of its own.

Its decoder hands out all pixels in one piece, and everything else in this process would stand still
while they are copied. What harms the decoder then harms nothing else, and the key is not at hand.

    python -m publicmeeting.media.intake.webp SIDE MODE < file > pixels
"""

import io
import sys

from PIL import Image

from publicmeeting.media.intake.apart import read_apart
from publicmeeting.media.intake.shrink import shrunk

_SMALL = 2_000_000
"""Pixels that are copied at once without anybody noticing."""


def small_webp(data: bytes, source: Image.Image, side: int, *, alpha: bool) -> Image.Image:
    """Not longer than `side`; OSError for a file that cannot be read."""
    if source.width * source.height <= _SMALL:
        return shrunk(source, side, alpha=alpha)
    mode = "RGBA" if alpha else "RGB"
    with read_apart("publicmeeting.media.intake.webp", str(side), mode, data=data) as pixels:
        width, height = (int(one) for one in pixels.readline().split())
        return Image.frombytes(mode, (width, height), pixels.read())


def _child(side: int, mode: str) -> None:
    with Image.open(io.BytesIO(sys.stdin.buffer.read()), formats=("WEBP",)) as source:
        image = shrunk(source, side, alpha=mode == "RGBA")
    image.thumbnail((side, side), Image.Resampling.LANCZOS)
    sys.stdout.buffer.write(b"%d %d\n" % image.size)
    sys.stdout.buffer.write(image.convert(mode).tobytes())


if __name__ == "__main__":
    _child(int(sys.argv[1]), sys.argv[2])
