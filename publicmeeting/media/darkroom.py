"""What makes a drawing look like a phone's photograph: noise, light, perspective, grain.

Everything is seeded: the same seed gives the same bytes on every machine of one Pillow version.
"""

import io
import math
import random
from collections.abc import Sequence

from PIL import Image, ImageChops, ImageDraw, ImageEnhance, ImageFilter, ImageOps

from publicmeeting.media.perspective import Point, perspective

Size = tuple[int, int]
Rgb = tuple[int, int, int]


def chance_of(seed: int, *parts: object) -> random.Random:
    """One stream of chance for one purpose, so that a repair shares the scene of its damage."""
    return random.Random(f"{seed}:{parts}")  # noqa: S311  (a picture, not a secret)


def happens(rng: random.Random, share: float) -> bool:
    """True in this share of cases, 0 to 1."""
    return rng.random() < share


def noise(rng: random.Random, size: Size, cell: float) -> Image.Image:
    """Soft grey clouds; `cell` is the size of one in pixels."""
    small = max(round(size[0] / cell), 2), max(round(size[1] / cell), 2)
    clouds = Image.frombytes("L", small, rng.randbytes(small[0] * small[1]))
    return clouds.resize(size, Image.Resampling.BICUBIC)


def rough(rng: random.Random, size: Size, cell: float, *, octaves: int = 4) -> Image.Image:
    """Clouds on clouds: stains, soil, plaster."""
    sum_of = noise(rng, size, cell)
    for octave in range(1, octaves):
        finer = noise(rng, size, max(cell / 2**octave, 1.0))
        sum_of = Image.blend(sum_of, finer, 0.42)
    return ImageOps.autocontrast(sum_of, cutoff=1)


def surface(
    rng: random.Random,
    size: Size,
    dark: Rgb,
    light: Rgb,
    *,
    cell: float = 160,
    grit: float = 0.35,
) -> Image.Image:
    """A material between two colours: large stains and a fine grit."""
    fine = Image.frombytes("L", size, rng.randbytes(size[0] * size[1]))
    fine = fine.filter(ImageFilter.GaussianBlur(0.8))
    blend = Image.blend(rough(rng, size, cell), ImageOps.autocontrast(fine, cutoff=2), grit)
    return ImageOps.colorize(blend, dark, light)


def shaded(picture: Image.Image, mask: Image.Image, amount: float) -> Image.Image:
    """Darken where the mask is white."""
    dark = ImageEnhance.Brightness(picture).enhance(1 - amount)
    return Image.composite(dark, picture, mask)


def cast_shadow(
    picture: Image.Image, outline: Sequence[Point], by: Point, *, soft: float, amount: float
) -> None:
    """Darken the picture where the outline's shadow falls, moved `by`; touches only that corner."""
    pad = soft * 3
    xs, ys = [x + by[0] for x, _ in outline], [y + by[1] for _, y in outline]
    box = (
        max(round(min(xs) - pad), 0),
        max(round(min(ys) - pad), 0),
        min(round(max(xs) + pad), picture.width),
        min(round(max(ys) + pad), picture.height),
    )
    if box[0] >= box[2] or box[1] >= box[3]:
        return
    here = picture.crop(box)
    moved = [(x - box[0], y - box[1]) for x, y in zip(xs, ys, strict=True)]
    picture.paste(shaded(here, masked(here.size, moved, soft=soft), amount), box)


def filled(
    rng: random.Random,
    picture: Image.Image,
    outline: Sequence[Point],
    dark: Rgb,
    light: Rgb,
    *,
    cell: float = 40,
    grit: float = 0.3,
) -> None:
    """Fill an outline with a material; touches only that corner of the picture."""
    left = round(min(x for x, _ in outline)) - 2
    top = round(min(y for _, y in outline)) - 2
    size = (
        round(max(x for x, _ in outline)) - left + 3,
        round(max(y for _, y in outline)) - top + 3,
    )
    moved = [(x - left, y - top) for x, y in outline]
    picture.paste(
        surface(rng, size, dark, light, cell=cell, grit=grit),
        (left, top),
        masked(size, moved, soft=0.7),
    )


def leaf_shadow(rng: random.Random, size: Size) -> Image.Image:
    """A mask of dappled shade, as under a plane tree."""
    clouds = rough(rng, size, size[0] / 5, octaves=4)
    cut = clouds.point([0] * 118 + [min((v - 118) * 12, 255) for v in range(118, 256)])
    return cut.filter(ImageFilter.GaussianBlur(size[0] / 170))


def blob(
    rng: random.Random, middle: Point, radius: Point, *, points: int = 26, wild: float = 0.22
) -> list[Point]:
    """An irregular round outline: a hole, a puddle, a crown."""
    waves = [(rng.uniform(0.3, 1), rng.uniform(0, math.tau), wave) for wave in (2, 3, 5, 7, 11)]
    outline = []
    for step in range(points):
        angle = math.tau * step / points
        bulge = sum(size / wave * math.sin(wave * angle + at) for size, at, wave in waves)
        far = 1 + wild * bulge * 1.8 + rng.gauss(0, wild * 0.12)
        outline.append(
            (
                middle[0] + radius[0] * far * math.cos(angle),
                middle[1] + radius[1] * far * math.sin(angle),
            )
        )
    return outline


def crack(
    rng: random.Random, start: Point, heading: float, length: float, *, jag: float = 0.5
) -> list[Point]:
    """A random walk that mostly keeps its heading (radians)."""
    path, x, y, way = [start], start[0], start[1], heading
    while length > 0:
        step = rng.uniform(6, 20)
        way += rng.gauss(0, jag)
        way += (heading - way) * 0.35
        x, y = x + step * math.cos(way), y + step * math.sin(way)
        path.append((x, y))
        length -= step
    return path


def masked(size: Size, outline: Sequence[Point], *, soft: float = 0) -> Image.Image:
    """A white polygon on black, its edge softened; beyond the edge nothing is."""
    mask = Image.new("L", size, 0)
    ImageDraw.Draw(mask).polygon(list(outline), fill=255)
    inside = mask.getbbox()
    if not soft or inside is None:
        return mask
    far = math.ceil(4 * soft) + 4
    left, top, right, bottom = inside
    box = (
        max(left - far, 0),
        max(top - far, 0),
        min(right + far, size[0]),
        min(bottom + far, size[1]),
    )
    mask.paste(mask.crop(box).filter(ImageFilter.GaussianBlur(soft)), box)
    return mask


def laid_down(texture: Image.Image, corners: Sequence[Point], size: Size) -> Image.Image:
    """The flat texture seen in perspective: its corners (top left, top right, bottom right, bottom
    left) come to lie on `corners` of an RGBA picture of `size`."""
    width, height = texture.size
    flat = [(0.0, 0.0), (width, 0.0), (width, height), (0.0, height)]
    coefficients = perspective(corners, flat)
    return texture.convert("RGBA").transform(
        size, Image.Transform.PERSPECTIVE, coefficients, Image.Resampling.BICUBIC
    )


def photographed(
    rng: random.Random, scene: Image.Image, *, night: bool = False, sharp: float = 0.7
) -> bytes:
    """The drawing through a cheap lens: a cast of light, dark corners, blur, grain, JPEG."""
    picture = scene.convert("RGB").filter(ImageFilter.GaussianBlur(sharp))
    warm = rng.uniform(-0.05, 0.07)
    red, green, blue = picture.split()
    red = red.point([min(round(v * (1 + warm)), 255) for v in range(256)])
    blue = blue.point([min(round(v * (1 - warm)), 255) for v in range(256)])
    picture = Image.merge("RGB", (red, green, blue))
    corners = Image.radial_gradient("L").resize(picture.size, Image.Resampling.BICUBIC)
    picture = shaded(picture, corners.point([round(v * v / 255) for v in range(256)]), 0.24)
    picture = ImageEnhance.Brightness(picture).enhance(1.0 if night else rng.uniform(1.06, 1.2))
    picture = ImageEnhance.Color(picture).enhance(0.82)
    picture = ImageEnhance.Contrast(picture).enhance(rng.uniform(1.0, 1.12))
    picture = _grained(rng, picture, 0.11 if night else 0.055)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=80, optimize=True, progressive=True)
    return out.getvalue()


def _grained(rng: random.Random, picture: Image.Image, amount: float) -> Image.Image:
    """Colour noise of a small sensor: grey grain and weaker blotches of colour."""
    width, height = picture.size
    grey = Image.frombytes("L", picture.size, rng.randbytes(width * height))
    grey = grey.filter(ImageFilter.GaussianBlur(0.6))
    grain = Image.merge("RGB", (grey, grey, grey))
    half = (width // 3, height // 3)
    colour = Image.frombytes("RGB", half, rng.randbytes(half[0] * half[1] * 3))
    grain = Image.blend(grain, colour.resize(picture.size, Image.Resampling.BICUBIC), 0.35)
    light = ImageChops.overlay(picture, grain)
    return Image.blend(picture, light, amount * 4)
