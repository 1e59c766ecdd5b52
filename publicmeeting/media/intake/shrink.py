"""A picture made small while it is read, without ever lying in memory twice."""

import math

from PIL import Image, _imaging

_WHITE = (255, 255, 255)
_FINER = 1.5
"""The copy for the last, careful step is at least this many times larger than what is wanted."""
_LARGE = 24_000_000
"""Pixels of which no second copy is made, however fine the picture is wanted."""
_ROWS = 256
_BYTES = {"1": 1, "L": 1, "P": 1, "I;16": 2}
"""Of a pixel in memory; any other mode takes four."""

# Pillow asks for pixels in blocks of 16 MB, which the system's allocator keeps for each thread when
# they are freed; blocks of more than 32 MB it gives back at once.
_imaging.set_block_size(64 << 20)


def memory_of(source: Image.Image, side: int, pixels: int) -> int:
    """Bytes that `shrunk` takes of an opened picture; it had `pixels` before its draft was set."""
    read = source.width * source.height * _BYTES.get(source.mode, 4)
    small = source.width * source.height * 4 // _factor(source, side) ** 2
    if source.format == "WEBP":  # its decoder keeps two canvases, hands out one, and we copy it
        return pixels * 16
    if source.format == "JPEG" and source.info.get("progressive"):
        return read + max(math.ceil(pixels * _samples(source)) * 2, small)
    return read + small


def _samples(source: Image.Image) -> float:
    """Coefficients a progressive JPEG keeps of each pixel until its last scan: 1.5 is usual."""
    layers: list[tuple[int, int]] = [one[1:3] for one in getattr(source, "layer", ())]
    if not layers:
        return 4.0
    full = max(across for across, _ in layers) * max(down for _, down in layers)
    return sum(across * down for across, down in layers) / full


def _factor(source: Image.Image, side: int) -> int:
    factor = max(int(max(source.size) / (side * _FINER)), 1)
    return max(factor, 2) if source.width * source.height > _LARGE else factor


def shrunk(source: Image.Image, side: int, *, alpha: bool) -> Image.Image:
    """The picture as RGB, RGBA, CMYK or L, still longer than `side` if it was; what is transparent
    lies on white unless `alpha` is wanted."""
    factor = _factor(source, side)
    source.load()
    _let_go(source)
    small = None
    # Strip by strip, each of as many whole rows of the small picture.
    for top in range(0, source.height, step := factor * max(_ROWS // factor, 1)):
        rows = source.crop((0, top, source.width, min(top + step, source.height)))
        strip = _eight_bit(rows, alpha=alpha).reduce(factor)
        if small is None:
            small = Image.new(strip.mode, (strip.width, math.ceil(source.height / factor)))
        small.paste(strip, (0, top // factor))
    assert small is not None, "a picture has a row"
    return small


def _let_go(source: Image.Image) -> None:
    """A loaded WebP still holds three copies: its decoder's two, and the one handed out."""
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
