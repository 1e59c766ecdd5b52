"""WebP, decoded in a process of its own.

The decoder returns all pixels in one piece, and copying them would block the whole process. An
exploit of the decoder also reaches neither memory nor keys.

    python -m publicmeeting.media.intake.webp SIDE MODE < file > pixels
"""

import io
import sys

from PIL import Image

from publicmeeting.media.intake.apart import read_apart
from publicmeeting.media.intake.shrink import shrunk

_SMALL = 2_000_000
"""Number of pixels that can be copied without a noticeable delay."""


def small_webp(data: bytes, source: Image.Image, side: int, *, alpha: bool) -> Image.Image:
    """Return the picture, at most `side` long; raises OSError for a file that cannot be read."""
    if source.width * source.height <= _SMALL:
        return shrunk(source, side, alpha=alpha)
    mode = "RGBA" if alpha else "RGB"
    with read_apart("publicmeeting.media.intake.webp", str(side), mode, data=data) as pixels:
        width, height = (int(number) for number in pixels.readline().split())
        return Image.frombytes(mode, (width, height), pixels.read())


def _child(side: int, mode: str) -> None:
    with Image.open(io.BytesIO(sys.stdin.buffer.read()), formats=("WEBP",)) as source:
        image = shrunk(source, side, alpha=mode == "RGBA")
    image.thumbnail((side, side), Image.Resampling.LANCZOS)
    sys.stdout.buffer.write(b"%d %d\n" % image.size)
    sys.stdout.buffer.write(image.convert(mode).tobytes())


if __name__ == "__main__":
    _child(int(sys.argv[1]), sys.argv[2])
