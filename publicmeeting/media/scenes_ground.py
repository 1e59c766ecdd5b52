"""Demo scenes seen by looking down: pavement, pothole, gutter, crossing."""

import math
import random
from collections.abc import Sequence

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from publicmeeting.media.backdrop import (
    FLAT,
    asphalt,
    in_light,
    seen_from_above,
    street_side,
)
from publicmeeting.media.darkroom import (
    Rgb,
    blob,
    cast_shadow,
    chance_of,
    crack,
    filled,
    happens,
    masked,
    noise,
    rough,
    shaded,
    surface,
)
from publicmeeting.media.perspective import Point

_PAVERS = (
    ((150, 142, 128), (196, 188, 172)),
    ((142, 140, 138), (192, 190, 186)),
    ((150, 122, 104), (190, 158, 138)),
)


def pavement(seed: int, *, repaired: bool) -> Image.Image:
    """Concrete slabs by the kerb; broken and sunken, or laid anew."""
    layout, wear = chance_of(seed, "pavement"), chance_of(seed, "wear", repaired)
    dark, light = layout.choice(_PAVERS)
    flat = surface(layout, FLAT, dark, light, cell=300, grit=0.5)
    slab = layout.choice((120, 150, 200))
    middle = layout.uniform(420, 780), layout.uniform(520, 800)
    _draw_slabs(layout, flat, slab)
    if not repaired:
        _break_slabs(wear, flat, slab, middle, light)
    flat = in_light(chance_of(seed, "light"), flat)
    return seen_from_above(layout, flat, street_side(layout))


def _draw_slabs(rng: random.Random, flat: Image.Image, slab: int) -> None:
    """Each slab a little different, with a lit and a shaded edge and sand in the joints."""
    tint = Image.new("L", FLAT, 128)
    draw, tone = ImageDraw.Draw(flat), ImageDraw.Draw(tint)
    for row in range(-1, FLAT[1] // slab + 1):
        shift = slab // 2 if row % 2 else 0
        for column in range(-1, FLAT[0] // slab + 2):
            x, y = column * slab - shift, row * slab
            tone.rectangle((x, y, x + slab, y + slab), fill=round(rng.gauss(128, 13)))
    flat.paste(ImageChops.overlay(flat, Image.merge("RGB", (tint, tint, tint))))
    for row in range(-1, FLAT[1] // slab + 1):
        shift = slab // 2 if row % 2 else 0
        for column in range(-1, FLAT[0] // slab + 2):
            x, y = column * slab - shift, row * slab
            draw.rectangle((x, y, x + slab, y + slab), outline=(92, 84, 72), width=4)
            draw.line((x + 5, y + 5, x + slab - 5, y + 5), fill=(214, 208, 194), width=2)
            draw.line(
                (x + slab - 5, y + 6, x + slab - 5, y + slab - 4), fill=(118, 110, 98), width=2
            )


def _break_slabs(
    rng: random.Random, flat: Image.Image, slab: int, middle: Point, light: Rgb
) -> None:
    hole = blob(rng, middle, (slab * 1.5, slab * 1.05), wild=0.2)
    _dig(rng, flat, hole, (74, 62, 46), (132, 114, 88))
    for _ in range(rng.randint(9, 14)):
        angle, far = rng.uniform(0, math.tau), rng.uniform(0.3, 1.35)
        at = (
            middle[0] + slab * 1.5 * far * math.cos(angle),
            middle[1] + slab * far * math.sin(angle),
        )
        size = rng.uniform(0.14, 0.42) * slab
        _drop(
            flat,
            blob(rng, at, (size, size * 0.7), points=rng.randint(5, 7), wild=0.15),
            light,
        )
    draw = ImageDraw.Draw(flat)
    for _ in range(7):
        angle = rng.uniform(0, math.tau)
        start = middle[0] + slab * 1.3 * math.cos(angle), middle[1] + slab * 0.9 * math.sin(angle)
        path = crack(rng, start, angle, rng.uniform(180, 420))
        draw.line([(x + 2, y + 3) for x, y in path], fill=(206, 200, 186), width=3)
        draw.line(path, fill=(52, 46, 38), width=4)


def _dig(
    rng: random.Random, flat: Image.Image, outline: Sequence[Point], dark: Rgb, light: Rgb
) -> None:
    """A hole: soil inside, the near rim lit, the far wall in shade."""
    mask = masked(flat.size, outline, soft=1.5)
    soil = surface(rng, flat.size, dark, light, cell=90, grit=0.6)
    inner = masked(flat.size, [(x + 14, y + 26) for x, y in outline], soft=14)
    soil = shaded(soil, ImageChops.invert(inner), 0.62)
    rim = masked(flat.size, [(x - 4, y - 7) for x, y in outline], soft=3)
    flat.paste(Image.new("RGB", flat.size, (206, 198, 182)), mask=rim.point(lambda v: v * 0.5))
    flat.paste(soil, mask=mask)


def _drop(flat: Image.Image, outline: Sequence[Point], colour: Rgb) -> None:
    """A loose piece with its shadow and its broken edge."""
    cast_shadow(flat, outline, (7, 12), soft=5, amount=0.55)
    red, green, blue = colour
    draw = ImageDraw.Draw(flat)
    edge = [(x + 3, y + 7) for x, y in outline]
    draw.polygon(edge, fill=(red * 3 // 5, green * 3 // 5, blue * 3 // 5))
    draw.polygon(list(outline), fill=colour)


def pothole(seed: int, *, repaired: bool) -> Image.Image:
    """Worn asphalt with a hole, some of them full of rain; or a fresh patch."""
    layout, wear = chance_of(seed, "pothole"), chance_of(seed, "wear", repaired)
    flat = asphalt(layout, FLAT)
    middle = layout.uniform(450, 750), layout.uniform(560, 780)
    size = layout.uniform(170, 250), layout.uniform(120, 170)
    if happens(layout, 0.7):
        _paint(layout, flat, [[(0, 250), (1200, 215), (1200, 250), (0, 287)]], worn=110)
    if repaired:
        _patch(wear, flat, middle, size)
    else:
        _cracked(wear, flat, middle, size)
        outline = blob(wear, middle, size, wild=0.25)
        _dig(wear, flat, outline, (38, 34, 30), (104, 94, 80))
        if happens(layout, 0.5):
            water = [
                (middle[0] + (x - middle[0]) * 0.74 + 8, middle[1] + (y - middle[1]) * 0.68 + 20)
                for x, y in outline
            ]
            mirror = noise(wear, flat.size, 260).point(lambda v: 120 + v * 0.3)
            sky = Image.merge("RGB", (mirror, mirror, mirror.point(lambda v: v * 1.06)))
            flat.paste(sky, mask=masked(flat.size, water, soft=4).point(lambda v: v * 0.85))
        for _ in range(26):
            at = wear.gauss(middle[0], size[0]), wear.gauss(middle[1], size[1] * 1.1)
            bit = wear.uniform(4, 15)
            grey = wear.randint(104, 150)
            _drop(flat, blob(wear, at, (bit, bit * 0.7), points=6), (grey, grey - 4, grey - 10))
    return seen_from_above(layout, in_light(chance_of(seed, "light"), flat), None)


def _cracked(rng: random.Random, flat: Image.Image, middle: Point, size: Point) -> None:
    draw = ImageDraw.Draw(flat)
    for _ in range(13):
        angle = rng.uniform(0, math.tau)
        start = middle[0] + size[0] * math.cos(angle), middle[1] + size[1] * math.sin(angle)
        path = crack(rng, start, angle + rng.gauss(0, 0.5), rng.uniform(90, 360), jag=0.7)
        draw.line(path, fill=(38, 37, 36), width=rng.randint(2, 5))


def _patch(rng: random.Random, flat: Image.Image, middle: Point, size: Point) -> None:
    """A cut rectangle of new, darker asphalt with a sealed seam."""
    wide, deep = size[0] * 1.35, size[1] * 1.4
    box = [
        (middle[0] + x * wide + rng.gauss(0, 6), middle[1] + y * deep + rng.gauss(0, 6))
        for x, y in ((-1, -1), (1, -1), (1, 1), (-1, 1))
    ]
    fresh = surface(rng, flat.size, (38, 38, 40), (82, 82, 84), cell=200, grit=0.7)
    flat.paste(fresh, mask=masked(flat.size, box, soft=1))
    ImageDraw.Draw(flat).line([*box, box[0]], fill=(24, 24, 26), width=9, joint="curve")


def _paint(
    rng: random.Random, flat: Image.Image, outlines: Sequence[Sequence[Point]], *, worn: int
) -> None:
    """White road paint; the higher `worn` (up to 255), the more has gone; below 0 it is new."""
    patches = rough(rng, flat.size, 60, octaves=5)
    left = patches.point([min(max((v - worn) * 6 + 70, 26), 255) for v in range(256)])
    shape = Image.new("L", flat.size, 0)
    draw = ImageDraw.Draw(shape)
    for outline in outlines:
        draw.polygon(list(outline), fill=255)
    mask = ImageChops.multiply(shape.filter(ImageFilter.GaussianBlur(1.2)), left)
    white = surface(rng, flat.size, (206, 205, 198), (240, 240, 236), cell=200)
    flat.paste(white, mask=mask)


def crossing(seed: int, *, repaired: bool) -> Image.Image:
    """A zebra crossing before a school: hardly to be seen, or painted anew."""
    layout, wear = chance_of(seed, "crossing"), chance_of(seed, "wear", repaired)
    flat = asphalt(layout, FLAT)
    stripe, tilt = layout.choice((92, 110)), layout.uniform(-50, 50)
    stripes = [
        [(x + tilt, 330.0), (x + stripe + tilt, 330), (x + stripe - tilt, 1010), (x - tilt, 1010)]
        for x in range(-stripe * 2, FLAT[0] + stripe * 2, stripe * 2)
    ]
    _paint(wear, flat, stripes, worn=-60 if repaired else 150)
    if not repaired:
        draw = ImageDraw.Draw(flat)
        for _ in range(5):
            start = wear.uniform(0, 1200), wear.uniform(100, 1100)
            draw.line(crack(wear, start, wear.uniform(0, 6), 420), fill=(40, 40, 40), width=4)
    return seen_from_above(layout, in_light(chance_of(seed, "light"), flat), street_side(layout))


def gutter(seed: int, *, repaired: bool) -> Image.Image:
    """The open channel between street and pavement: choked, or running clear."""
    layout, wear = chance_of(seed, "gutter"), chance_of(seed, "wear", repaired)
    flat = asphalt(layout, FLAT)
    walk = surface(layout, FLAT, (150, 142, 128), (198, 190, 174), cell=260, grit=0.5)
    flat.paste(walk, mask=masked(FLAT, [(0, 0), (430, 0), (430, 1200), (0, 1200)]))
    draw = ImageDraw.Draw(flat)
    for y in range(60, 1200, 190):
        draw.line((0, y, 400, y), fill=(104, 96, 84), width=4)
    bed = surface(wear, FLAT, (44, 46, 40), (92, 92, 80), cell=120)
    channel = [(470, 0), (750, 0), (750, 1200), (470, 1200)]
    flat.paste(bed, mask=masked(FLAT, channel))
    stream = (62, 76, 72) if repaired else (52, 48, 32)
    flow = noise(wear, (FLAT[0], 160), 14).resize(FLAT, Image.Resampling.BICUBIC)
    water = Image.composite(
        Image.new("RGB", FLAT, stream),
        Image.new("RGB", FLAT, (132, 146, 142) if repaired else (82, 76, 54)),
        flow,
    )
    flat.paste(water, mask=masked(FLAT, [(512, 0), (708, 0), (708, 1200), (512, 1200)], soft=3))
    for x, grey in ((430, 176), (750, 164)):
        draw.rectangle((x, 0, x + 42, 1200), fill=(grey, grey - 5, grey - 14))
        draw.rectangle((x + 36, 0, x + 42, 1200), fill=(84, 80, 72))
    flat = shaded(flat, masked(FLAT, [(472, 0), (560, 0), (540, 1200), (472, 1200)], soft=16), 0.5)
    if not repaired:
        _choke(wear, flat)
    return seen_from_above(layout, in_light(chance_of(seed, "light"), flat), None)


def _choke(rng: random.Random, flat: Image.Image) -> None:
    """Leaves, bottles and bags that keep the water from flowing."""
    leaves = ((128, 92, 40), (158, 118, 48), (96, 74, 40), (112, 104, 50), (140, 82, 34))
    channel_left, channel_right = 478, 742
    draw = ImageDraw.Draw(flat)
    for _ in range(420):
        at = rng.gauss(610, 62), rng.gauss(640, 250)
        if not channel_left < at[0] < channel_right:
            continue
        size = rng.uniform(9, 26)
        draw.polygon(blob(rng, at, (size, size * 0.55), points=9, wild=0.3), rng.choice(leaves))
    for _ in range(rng.randint(5, 8)):
        at = rng.uniform(520, 700), rng.gauss(640, 200)
        colour = rng.choice(((224, 226, 226), (60, 96, 140), (178, 52, 44), (226, 206, 150)))
        size = rng.uniform(26, 62)
        outline = blob(rng, at, (size, size * 0.62), points=12, wild=0.3)
        cast_shadow(flat, outline, (6, 9), soft=5, amount=0.5)
        red, green, blue = colour
        deep = red * 2 // 3, green * 2 // 3, blue * 2 // 3
        filled(rng, flat, outline, deep, colour, cell=30)
