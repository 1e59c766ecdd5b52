"""HEIC, the photographs of newer phones, decoded in a process of its own.

The decoder is large, written in C++, and its input comes from strangers, so it never runs in a
process that has the keys.

    python -m publicmeeting.media.intake.heic SIDE MODE PIXELS MEMORY < file > output

The output is size, profile and pixels.
"""

import math
import re
import sys

from PIL import Image

from publicmeeting.media.intake.apart import PROGRAM, limit_self, read_apart

BYTES_A_PIXEL = 4.6
"""Bytes per pixel while decoding, measured: 1.5 as stored, 3 as RGB."""
_EXTENT = re.compile(rb"ispe\0\0\0\0(.{4})(.{4})", re.DOTALL)
_MOST_EXTENTS = 1000
MOST_PROFILE = 2 << 20
"""Maximum size of a colour profile, in bytes."""
_ROWS = 256
_FINER = 1.5
"""As in `shrink`: the input of the last resize is this many times larger than its result."""


def size_of(data: bytes) -> tuple[int, int]:
    """Return the declared size of the file's largest picture; raises OSError without one."""
    found = []
    for at, match in enumerate(_EXTENT.finditer(data)):
        if at == _MOST_EXTENTS:
            break
        found.append(tuple(int.from_bytes(side, "big") for side in match.groups()))
    if not found:
        raise OSError("no picture in it")
    width, height = max(found, key=lambda sides: sides[0] * sides[1])
    return width, height


def memory_of(pixels: int) -> int:
    return int(pixels * BYTES_A_PIXEL)


def whole_memory_of(picture: int, file: int) -> int:
    """Return the memory limit of the process: picture, file and program."""
    return _limit(picture, file) + PROGRAM


def _limit(picture: int, file: int) -> int:
    return picture + 2 * file


def small_heic(
    data: bytes, side: int, *, pixels: int, alpha: bool
) -> tuple[Image.Image, bytes | None]:
    """Return the picture, upright and at most `side` long, with its colour profile.

    Raises OSError for a file that cannot be read, whose picture has more pixels than declared, or
    that needs more than `memory_of` them; a large one with ten bits a colour does.
    """
    mode = "RGBA" if alpha else "RGB"
    words = (str(side), mode, str(pixels), str(_limit(memory_of(pixels), len(data))))
    with read_apart("publicmeeting.media.intake.heic", *words, data=data) as output:
        width, height, profile = (int(number) for number in output.readline().split())
        icc = output.read(profile) or None
        return Image.frombytes(mode, (width, height), output.read()), icc


def _child(side: int, mode: str, pixels: int, memory: int) -> None:
    limit_self(memory, output=side * side * 4 + MOST_PROFILE)
    import pi_heif  # type: ignore[import-untyped]  # noqa: PLC0415  (only under these limits)

    pi_heif.options.DECODE_THREADS = 1
    for left_out in ("THUMBNAILS", "DEPTH_IMAGES", "AUX_IMAGES"):
        setattr(pi_heif.options, left_out, False)
    picture = pi_heif.open_heif(sys.stdin.buffer.read(), convert_hdr_to_8bit=True)
    _require_extent(picture.size, pixels)
    lines, stride = memoryview(picture.data), picture.stride
    _require_extent(picture.size, pixels)
    image = _shrunk(lines, stride, picture.size, picture.mode, side)
    if mode == "RGB" and image.has_transparency_data:
        clear = image.convert("RGBA")
        image = Image.new("RGB", image.size, "white")
        image.paste(clear, mask=clear.getchannel("A"))
    image.thumbnail((side, side), Image.Resampling.LANCZOS)
    profile = picture.info.get("icc_profile") or b""
    profile = profile if len(profile) < MOST_PROFILE else b""
    sys.stdout.buffer.write(b"%d %d %d\n" % (*image.size, len(profile)))
    sys.stdout.buffer.write(profile)
    sys.stdout.buffer.write(image.convert(mode).tobytes())


def _require_extent(size: tuple[int, int], pixels: int) -> None:
    if not 0 < size[0] * size[1] <= pixels:
        raise OSError("larger than it said")


def _shrunk(
    lines: memoryview, stride: int, size: tuple[int, int], mode: str, side: int
) -> Image.Image:
    """Shrink in strips of whole rows of the result, without another full copy of the pixels."""
    factor = max(int(max(size) / (side * _FINER)), 1)
    width, height = size
    small = None
    for top in range(0, height, step := factor * max(_ROWS // factor, 1)):
        rows = min(step, height - top)
        part = bytes(lines[top * stride : (top + rows) * stride])
        strip = Image.frombuffer(mode, (width, rows), part, "raw", mode, stride, 1).reduce(factor)
        if small is None:
            small = Image.new(mode, (strip.width, math.ceil(height / factor)))
        small.paste(strip, (0, top // factor))
    assert small is not None, "a picture has a row"
    return small


if __name__ == "__main__":
    _child(int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
