"""WebP is read by a process of its own.

Its decoder hands out all pixels in one piece, and everything else in this process would stand still
while they are copied. What harms the decoder then harms nothing else, and the key is not at hand.

    python -m publicmeeting.media.webp SIDE MODE < file > pixels
"""

import io
import subprocess
import sys
import tempfile

from PIL import Image

from publicmeeting.config import PROJECT
from publicmeeting.media.shrink import shrunk

_SECONDS = 30
_SMALL = 2_000_000
"""Pixels that are copied at once without anybody noticing."""


def small_webp(data: bytes, source: Image.Image, side: int, *, alpha: bool) -> Image.Image:
    """Not longer than `side`; OSError for a file that cannot be read."""
    if source.width * source.height <= _SMALL:
        return shrunk(source, side, alpha=alpha)
    mode = "RGBA" if alpha else "RGB"
    with tempfile.TemporaryFile() as file, tempfile.TemporaryFile() as pixels:
        file.write(data)
        file.seek(0)
        try:
            subprocess.run(  # noqa: S603  (this program itself)
                [sys.executable, "-m", "publicmeeting.media.webp", str(side), mode],
                stdin=file, stdout=pixels, stderr=subprocess.DEVNULL, cwd=PROJECT,
                env={"PYTHONPATH": str(PROJECT)}, timeout=_SECONDS, check=True,
            )  # fmt: skip
        except subprocess.SubprocessError as fault:
            raise OSError("the picture cannot be read") from fault
        pixels.seek(0)
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
