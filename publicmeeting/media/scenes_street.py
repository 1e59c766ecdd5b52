"""Demo scenes seen straight ahead: tree, bin, blocked pavement."""

import math
import random

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from publicmeeting.media.backdrop import FLOOR, FRAME, wall_and_pavement
from publicmeeting.media.darkroom import (
    blob,
    cast_shadow,
    chance_of,
    filled,
    happens,
    masked,
    shaded,
    surface,
)
from publicmeeting.media.perspective import Point

_TWIG, _THINNEST, _SHORTEST = 7, 2.2, 16
"""A limb thinner than a twig bears leaves; growth ends at the last two (pixels)."""


def dry_tree(seed: int, *, repaired: bool) -> Image.Image:
    """A street tree in its square of soil: dry, or watered and green."""
    layout, growth = chance_of(seed, "tree"), chance_of(seed, "growth")
    scene = wall_and_pavement(layout)
    foot = layout.uniform(440, 640), 660.0
    pit = [
        (foot[0] - 150, 625),
        (foot[0] + 150, 625),
        (foot[0] + 200, 742),
        (foot[0] - 200, 742),
    ]
    dark, light = ((40, 30, 22), (84, 66, 46)) if repaired else ((108, 92, 68), (168, 148, 112))
    filled(layout, scene, [(x * 1.0, y - 6.0) for x, y in pit], (150, 146, 138), (196, 190, 180))
    inner = [(foot[0] + (x - foot[0]) * 0.92, 684 + (y - 684) * 0.86) for x, y in pit]
    filled(layout, scene, inner, dark, light, cell=50, grit=0.6)
    limbs: list[tuple[Point, Point, float]] = []
    _grow(growth, limbs, foot, -math.pi / 2, 205, 46)
    mask = Image.new("L", FRAME, 0)
    draw = ImageDraw.Draw(mask)
    for start, end, width in limbs:
        draw.line((start, end), fill=255, width=max(round(width), 2))
        draw.ellipse(
            (end[0] - width / 2, end[1] - width / 2, end[0] + width / 2, end[1] + width / 2),
            fill=255,
        )
    bark = surface(layout, FRAME, (58, 48, 38), (128, 112, 92), cell=24, grit=0.5)
    lit = ImageChops.offset(mask, -9, 0)
    bark = shaded(bark, ImageChops.subtract(mask, lit).filter(ImageFilter.GaussianBlur(3)), 0.5)
    scene.paste(bark, mask=mask.filter(ImageFilter.GaussianBlur(0.7)))
    tips = [end for _, end, width in limbs if width < _TWIG]
    _leaves(chance_of(seed, "leaves"), scene, tips, green=repaired)
    return scene


def _grow(
    rng: random.Random,
    limbs: list[tuple[Point, Point, float]],
    at: Point,
    way: float,
    length: float,
    width: float,
) -> None:
    if width < _THINNEST or length < _SHORTEST:
        return
    x, y = at
    for _ in range(3):
        way += rng.gauss(0, 0.09)
        end = x + length / 3 * math.cos(way), y + length / 3 * math.sin(way)
        limbs.append(((x, y), end, width))
        x, y = end
        width *= 0.93
    for turn in (rng.uniform(0.2, 0.62), -rng.uniform(0.2, 0.62), rng.gauss(0, 0.15)):
        if happens(rng, 0.9):
            _grow(rng, limbs, (x, y), way + turn, length * rng.uniform(0.62, 0.84), width * 0.62)


def _leaves(rng: random.Random, scene: Image.Image, tips: list[Point], *, green: bool) -> None:
    """A crown that is lighter towards the sky, or the few brown leaves that still hang."""
    draw = ImageDraw.Draw(scene)
    if not green:
        for x, y in tips:
            if happens(rng, 0.6):
                tone = rng.choice(((120, 84, 44), (150, 112, 62), (96, 70, 42)))
                draw.ellipse((x - 6, y - 3, x + 6, y + 5), fill=tone)
        return
    spots = [(rng.gauss(x, 34), rng.gauss(y, 27)) for x, y in tips for _ in range(24)]
    top, bottom = min(y for _, y in spots), max(y for _, y in spots)
    rng.shuffle(spots)
    for x, y in spots:
        light = 1 - (y - top) / (bottom - top) + rng.gauss(0, 0.3)
        tone = round(34 + 58 * light), round(56 + 62 * light), round(28 + 32 * light)
        size = rng.uniform(4, 10)
        draw.ellipse((x - size, y - size * 0.6, x + size, y + size * 0.6), fill=tone)


def rubbish(seed: int, *, repaired: bool) -> Image.Image:
    """The bin at the corner: overflowing, or emptied and the ground washed."""
    layout, mess = chance_of(seed, "rubbish"), chance_of(seed, "mess")
    scene = wall_and_pavement(layout)
    left = layout.uniform(330, 500)
    if repaired:
        wet = blob(layout, (left + 190, 690), (360, 60), wild=0.12)
        scene = shaded(scene, masked(FRAME, wet, soft=14), 0.2)
    else:
        for _ in range(9):
            _bag(
                mess,
                scene,
                (mess.gauss(left + 210, 70), mess.uniform(330, 372)),
                mess.uniform(48, 76),
            )
    _bin(layout, scene, left, closed=repaired)
    if not repaired:
        for _ in range(11):
            side = mess.choice((-1, 1))
            at = left + 200 + side * mess.uniform(190, 380), mess.uniform(590, 690)
            _bag(mess, scene, at, mess.uniform(50, 92))
        for _ in range(34):
            at = mess.uniform(60, 1020), mess.uniform(640, 790)
            size = mess.uniform(6, 22)
            colour = mess.choice(((222, 220, 212), (176, 150, 106), (60, 96, 140), (160, 60, 48)))
            piece = blob(mess, at, (size, size * 0.5), points=7, wild=0.3)
            cast_shadow(scene, piece, (4, 4), soft=3, amount=0.5)
            ImageDraw.Draw(scene).polygon(piece, fill=colour)
    return scene


def _bin(rng: random.Random, scene: Image.Image, left: float, *, closed: bool) -> None:
    """A wheeled steel bin as they stand in Tehran's streets."""
    right, top, bottom = left + 400, 372, 668
    body = [(left, top), (right, top), (right - 26, bottom), (left + 26, bottom)]
    cast_shadow(scene, body, (34, 22), soft=16, amount=0.5)
    dark, light = rng.choice((((44, 74, 60), (82, 116, 96)), ((96, 102, 104), (148, 154, 154))))
    filled(rng, scene, [(float(x), float(y)) for x, y in body], dark, light, cell=70)
    draw = ImageDraw.Draw(scene)
    for share in (0.25, 0.5, 0.75):
        x = left + 400 * share
        draw.line((x, top + 34, x + (0.5 - share) * 40, bottom - 12), fill=dark, width=7)
    draw.rectangle((left - 12, top - 6, right + 12, top + 26), fill=tuple(c - 14 for c in dark))
    draw.line((left - 12, top - 5, right + 12, top - 5), fill=light, width=3)
    for x in (left + 62, right - 62):
        draw.ellipse((x - 26, bottom - 18, x + 26, bottom + 34), fill=(30, 30, 32))
        draw.ellipse((x - 9, bottom - 1, x + 9, bottom + 17), fill=(120, 120, 118))
    if closed:
        lid = [
            (left - 14, top - 4),
            (left + 30, top - 66),
            (right - 30, top - 66),
            (right + 14, top - 4),
        ]
        filled(rng, scene, lid, dark, light, cell=90)


def _bag(rng: random.Random, scene: Image.Image, at: Point, size: float) -> None:
    """A tied plastic bag: dark, folded, with a knot."""
    outline = blob(rng, at, (size, size * 0.8), points=22, wild=0.1)
    cast_shadow(scene, outline, (10, 14), soft=9, amount=0.55)
    dark, light = rng.choice(
        (
            ((18, 18, 20), (86, 88, 94)),
            ((24, 40, 84), (84, 112, 170)),
            ((150, 150, 146), (226, 226, 222)),
        )
    )
    filled(rng, scene, outline, dark, light, cell=size * 0.5, grit=0.12)
    top = min(y for _, y in outline)
    knot = [
        (at[0] - 12, top + 8),
        (at[0] - 20, top - 18),
        (at[0], top - 6),
        (at[0] + 18, top - 22),
        (at[0] + 12, top + 8),
    ]
    filled(rng, scene, knot, dark, light, cell=12)


def blocked_pavement(seed: int, *, repaired: bool) -> Image.Image:
    """A shop that has spread its crates over the pavement, or has taken them in."""
    layout, goods = chance_of(seed, "shop"), chance_of(seed, "goods")
    scene = wall_and_pavement(layout)
    draw = ImageDraw.Draw(scene)
    cloth = layout.choice(((150, 44, 40), (36, 92, 84), (44, 72, 128)))
    draw.rectangle((90, 150, 990, FLOOR), fill=(62, 56, 52))
    _shutter(scene, (110, 170, 970, FLOOR - 5))
    for x in range(70, 1010, 94):
        stripe = cloth if (x - 70) // 94 % 2 else (226, 222, 212)
        draw.polygon([(x + 20, 120), (x + 114, 120), (x + 94, 210), (x, 210)], fill=stripe)
    cast_shadow(
        scene, [(70, 210), (1010, 210), (1010, 246), (70, 246)], (0, 6), soft=10, amount=0.5
    )
    if not repaired:
        for row, y in enumerate((560, 640, 722)):
            for x in range(120 + row * 34, 900, 150):
                if happens(goods, 0.86):
                    _crate(goods, scene, (x + goods.gauss(0, 12), y + goods.gauss(0, 8)))
    return scene


def _shutter(scene: Image.Image, box: tuple[int, int, int, int]) -> None:
    """A rolled-down steel door."""
    left, top, right, bottom = box
    draw = ImageDraw.Draw(scene)
    for y in range(top, bottom, 17):
        for row, grey in enumerate((172, 160, 150, 140, 126, 96)):
            draw.rectangle((left, y + row * 3, right, y + row * 3 + 2), fill=(grey, grey, grey - 4))


def _crate(rng: random.Random, scene: Image.Image, at: Point) -> None:
    """A crate of fruit, or a carton."""
    x, y = at
    wide, high = rng.uniform(112, 140), rng.uniform(58, 92)
    box = [(x, y - high), (x + wide, y - high), (x + wide, y), (x, y)]
    cast_shadow(scene, box, (14, 12), soft=8, amount=0.5)
    filled(rng, scene, box, (126, 92, 56), (190, 150, 100), cell=50)
    draw = ImageDraw.Draw(scene)
    for slat in (0.34, 0.67):
        draw.line((x, y - high * slat, x + wide, y - high * slat), fill=(86, 60, 36), width=4)
    fruit = rng.choice(
        ((196, 52, 40), (226, 140, 40), (110, 140, 50), (222, 190, 70), (98, 60, 110))
    )
    for _ in range(30):
        a, b, size = rng.uniform(x + 8, x + wide - 8), y - high + rng.gauss(-4, 7), 11
        draw.ellipse(
            (a - size, b - size, a + size, b + size), fill=tuple(round(c * 0.72) for c in fruit)
        )
        draw.ellipse((a - size + 2, b - size, a + size - 4, b + size - 6), fill=fruit)
