"""Shrinks a picture while it is decoded, without a second full copy in memory."""

import math

from PIL import Image, _imaging

_WHITE = (255, 255, 255)
_FINER = 1.5
"""The input of the last, careful resize is at least this many times larger than its result."""
_LARGE = 24_000_000
"""Above this number of pixels no second copy is made, at any size of the result."""
_ROWS = 256
_BYTES = {"1": 1, "L": 1, "P": 1, "I;16": 2}
"""Bytes per pixel in memory; four for all other modes."""

# Pillow allocates pixels in blocks of 16 MB, which the allocator retains for each thread when they
# are freed. Blocks of more than 32 MB are returned to the system at once.
_imaging.set_block_size(64 << 20)


def memory_of(source: Image.Image, side: int, pixels: int) -> int:
    """Return the bytes that `shrunk` needs; `pixels` is the count before the draft mode was set."""
    read = source.width * source.height * _BYTES.get(source.mode, 4)
    small = source.width * source.height * 4 // _factor(source, side) ** 2
    if source.format == "WEBP":  # its decoder holds two canvases, returns one, and we copy it
        return pixels * 16
    if source.format == "JPEG" and source.info.get("progressive"):
        return read + max(math.ceil(pixels * _samples(source)) * 2, small)
    return read + small


def _samples(source: Image.Image) -> float:
    """Return the coefficients per pixel that a progressive JPEG holds until its last scan.

    1.5 is usual.
    """
    layers: list[tuple[int, int]] = [layer[1:3] for layer in getattr(source, "layer", ())]
    if not layers:
        return 4.0
    full = max(across for across, _ in layers) * max(down for _, down in layers)
    return sum(across * down for across, down in layers) / full


def _factor(source: Image.Image, side: int) -> int:
    factor = max(int(max(source.size) / (side * _FINER)), 1)
    return max(factor, 2) if source.width * source.height > _LARGE else factor


def shrunk(source: Image.Image, side: int, *, alpha: bool) -> Image.Image:
    """Return the picture as RGB, RGBA, CMYK or L, not below `side`.

    Transparent pixels become white unless `alpha` is wanted.
    """
    factor = _factor(source, side)
    source.load()
    _let_go(source)
    small = None
    # In strips of whole rows of the result.
    for top in range(0, source.height, step := factor * max(_ROWS // factor, 1)):
        rows = source.crop((0, top, source.width, min(top + step, source.height)))
        strip = _eight_bit(rows, alpha=alpha).reduce(factor)
        if small is None:
            small = Image.new(strip.mode, (strip.width, math.ceil(source.height / factor)))
        small.paste(strip, (0, top // factor))
    assert small is not None, "a picture has a row"
    return small


def _let_go(source: Image.Image) -> None:
    """Free the copies that a loaded WebP holds: two of the decoder and the one it returned."""
    if source.format == "WEBP":
        vars(source).update(_decoder=None, fp=None)


def _eight_bit(strip: Image.Image, *, alpha: bool) -> Image.Image:
    if strip.mode.startswith("I"):  # 16-bit grey: convert() alone would clip it to white
        grey = strip.convert("I").point(lambda value: value * (1 / 256))
        return grey.convert("L").convert("RGBA") if alpha else grey.convert("L")
    if alpha:
        return strip.convert("RGBA")
    if strip.has_transparency_data:
        clear = strip.convert("RGBA")
        white = Image.new("RGB", clear.size, _WHITE)
        white.paste(clear, mask=clear.getchannel("A"))
        return white
    return strip if strip.mode in {"L", "RGB", "CMYK"} else strip.convert("RGB")
