"""What demo scenes stand on: a street seen straight ahead, or the ground seen by looking down."""

import random

from PIL import Image, ImageDraw, ImageFilter

from publicmeeting.media.darkroom import (
    Size,
    happens,
    laid_down,
    leaf_shadow,
    masked,
    shaded,
    surface,
)

FRAME: Size = (1080, 810)
WIDTH, HEIGHT = FRAME
FLAT: Size = (1200, 1200)
"""The ground as it is drawn before it is laid down in perspective."""
FLOOR = 520
"""Where wall and pavement meet, in pixels from the top."""
PLASTER = (
    ((164, 149, 122), (194, 178, 149)),
    ((150, 150, 145), (182, 182, 176)),
    ((172, 144, 118), (198, 169, 140)),
)


def wall_and_pavement(rng: random.Random) -> Image.Image:
    """What most streets have: a plastered wall, a kerb of light, slabs that run away."""
    dark, light = rng.choice(PLASTER)
    scene = Image.new("RGB", FRAME)
    scene.paste(surface(rng, (WIDTH, FLOOR + 30), dark, light, cell=260, grit=0.3), (0, 0))
    draw = ImageDraw.Draw(scene)
    for y in range(90, FLOOR, 130):
        draw.line((0, y, WIDTH, y), fill=tuple(c + 8 for c in dark), width=3)
    draw.rectangle((0, FLOOR - 62, WIDTH, FLOOR + 6), fill=tuple(c - 34 for c in dark))
    flat = surface(rng, (1100, 700), (136, 130, 120), (190, 184, 172), cell=240, grit=0.5)
    lines = ImageDraw.Draw(flat)
    for x in range(0, 1100, 100):
        lines.line((x, 0, x, 700), fill=(104, 98, 88), width=4)
    for y in range(0, 700, 100):
        lines.line((0, y, 1100, y), fill=(104, 98, 88), width=4)
    corners = [
        (-40, FLOOR),
        (WIDTH + 40, FLOOR),
        (WIDTH * 1.5, HEIGHT + 40),
        (-WIDTH * 0.5, HEIGHT + 40),
    ]
    seen = laid_down(flat, [(float(x), float(y)) for x, y in corners], FRAME)
    scene.paste(seen, mask=seen.getchannel("A"))
    scene = shaded(scene, leaf_shadow(rng, FRAME), rng.choice((0.0, 0.1, 0.16)))
    edge = masked(
        FRAME,
        [(0, FLOOR - 8), (WIDTH, FLOOR - 8), (WIDTH, FLOOR + 26), (0, FLOOR + 26)],
        soft=9,
    )
    return shaded(scene, edge, 0.4)


def asphalt(rng: random.Random, size: Size) -> Image.Image:
    return surface(rng, size, (62, 62, 64), (138, 137, 134), cell=280, grit=0.62)


def street_side(rng: random.Random) -> Image.Image:
    """A strip of what lies beyond: a dull wall, or the asphalt."""
    if happens(rng, 0.5):
        return surface(rng, (FRAME[0], 260), (120, 104, 84), (178, 158, 132), cell=120)
    return asphalt(rng, (FRAME[0], 260))


def in_light(rng: random.Random, flat: Image.Image) -> Image.Image:
    """Sun through leaves on some days, a grey sky on others."""
    if happens(rng, 0.55):
        return shaded(flat, leaf_shadow(rng, flat.size), 0.36)
    return flat.filter(ImageFilter.GaussianBlur(0.3))


def seen_from_above(
    rng: random.Random, flat: Image.Image, beyond: Image.Image | None
) -> Image.Image:
    """The phone held at the chest, a little crooked."""
    width, height = FRAME
    top = rng.uniform(60, 130) if beyond is not None else -90
    lean, turn = rng.uniform(-60, 60), rng.uniform(-26, 26)
    corners = [
        (width * 0.10 + lean - 90, top + turn),
        (width * 0.90 + lean + 90, top - turn),
        (width * 1.42, height * 1.16),
        (-width * 0.42, height * 1.16),
    ]
    seen = laid_down(flat, corners, FRAME)
    scene = Image.new("RGB", FRAME, (96, 94, 90))
    if beyond is not None:
        scene.paste(beyond, (0, 0))
        scene = scene.filter(ImageFilter.GaussianBlur(3))
    else:
        scene.paste(flat.resize(FRAME), (0, 0))
    scene.paste(seen, mask=seen.getchannel("A").filter(ImageFilter.GaussianBlur(1.5)))
    return scene
