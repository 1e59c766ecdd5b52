"""Demo scenes of what is built: an alley at night, a house that comes apart."""

import random

from PIL import Image, ImageChops, ImageDraw

from publicmeeting.media.backdrop import FLOOR, FRAME, PLASTER, WIDTH, wall_and_pavement
from publicmeeting.media.darkroom import (
    Rgb,
    blob,
    cast_shadow,
    chance_of,
    crack,
    filled,
    laid_down,
    leaf_shadow,
    masked,
    rough,
    shaded,
    surface,
)
from publicmeeting.media.perspective import Point


def alley(seed: int, *, repaired: bool) -> Image.Image:
    """A lane at night: the lamp dead, or lit again."""
    layout = chance_of(seed, "alley")
    vanish = layout.uniform(440, 640), 330.0
    scene = Image.new("RGB", FRAME, (54, 62, 88))
    for side in (0, WIDTH):
        dark, light = layout.choice(PLASTER)
        wall = surface(layout, (900, 500), dark, light, cell=110, grit=0.3)
        _doors(layout, wall)
        near_top, far = -330, (vanish[0] + (side - vanish[0]) * 0.13)
        corners = [(side, near_top), (far, 240), (far, 372), (side, 900)]
        ahead = laid_down(wall, corners, FRAME)
        scene.paste(ahead, mask=ahead.getchannel("A"))
    ground = surface(layout, (700, 700), (70, 70, 70), (136, 134, 130), cell=120, grit=0.6)
    ImageDraw.Draw(ground).rectangle((318, 0, 382, 700), fill=(66, 62, 56))
    far_left, far_right = vanish[0] - vanish[0] * 0.13, vanish[0] + (WIDTH - vanish[0]) * 0.13
    floor = laid_down(ground, [(far_left, 370), (far_right, 370), (WIDTH, 900), (0, 900)], FRAME)
    scene.paste(floor, mask=floor.getchannel("A"))
    lamp = vanish[0] + layout.choice((-1, 1)) * layout.uniform(190, 240), 150.0
    draw = ImageDraw.Draw(scene)
    draw.line((*lamp, lamp[0], 560), fill=(96, 98, 100), width=11)
    draw.line(
        (lamp[0], lamp[1] + 3, lamp[0] + (vanish[0] - lamp[0]) * 0.42, lamp[1] - 24),
        fill=(96, 98, 100),
        width=8,
    )
    head = lamp[0] + (vanish[0] - lamp[0]) * 0.45, lamp[1] - 22
    draw.rectangle((head[0] - 32, head[1] - 8, head[0] + 32, head[1] + 8), fill=(128, 130, 132))
    return _by_night(layout, scene, head if repaired else None, vanish)


def _doors(rng: random.Random, wall: Image.Image) -> None:
    draw = ImageDraw.Draw(wall)
    for x in range(60, 860, 230):
        metal = rng.choice(((74, 84, 92), (92, 70, 52), (60, 78, 70)))
        draw.rectangle((x, 270, x + 96, 500), fill=metal, outline=(40, 38, 36), width=5)
        draw.rectangle(
            (x + 108, 110, x + 186, 210), fill=(52, 58, 66), outline=(120, 116, 108), width=6
        )


def _by_night(
    rng: random.Random, scene: Image.Image, lamp: Point | None, far: Point
) -> Image.Image:
    """The scene by the light there is: a window's, a far street's, the lamp's if it works."""
    light = Image.new("RGB", FRAME, (26, 29, 42))
    _glow(light, (far[0], far[1] + 20), 150, (120, 98, 66))
    _glow(light, (rng.uniform(40, 240), 300), 170, (74, 56, 30))
    if lamp is not None:
        _glow(light, (lamp[0], lamp[1] + 330), 720, (228, 190, 124))
        _glow(light, lamp, 260, (255, 226, 168))
    dark = ImageChops.multiply(scene, light)
    dark = ImageChops.add(dark, ImageChops.multiply(scene, light), scale=1.15)
    if lamp is not None:
        draw = ImageDraw.Draw(dark)
        draw.rectangle(
            (lamp[0] - 26, lamp[1] + 4, lamp[0] + 26, lamp[1] + 11), fill=(255, 246, 220)
        )
        _glow(dark, lamp, 130, (140, 118, 80))
    return dark


def _glow(picture: Image.Image, middle: Point, radius: int, colour: Rgb) -> None:
    """Add light that fades with distance."""
    fade = ImageChops.invert(Image.radial_gradient("L")).resize((radius * 2, radius * 2))
    fade = fade.point([round(max(v - 74, 0) ** 1.6 * 255 / (181**1.6)) for v in range(256)])
    place = round(middle[0] - radius), round(middle[1] - radius)
    layer = Image.new("RGB", FRAME)
    layer.paste(colour, place, fade)
    picture.paste(ImageChops.add(picture, layer))


def unsafe_building(seed: int, *, repaired: bool) -> Image.Image:
    """An old brick house that is coming apart, or shored up behind a net and a hoarding."""
    layout, harm = chance_of(seed, "house"), chance_of(seed, "harm")
    scene = wall_and_pavement(layout)
    front = _bricks(layout, (WIDTH, FLOOR + 34))
    draw = ImageDraw.Draw(front)
    for x in (130, 450, 770):
        draw.rectangle((x, 90, x + 170, 330), fill=(196, 186, 168))
        draw.rectangle((x + 14, 104, x + 156, 318), fill=(34, 36, 40))
        for _ in range(3):
            pane = blob(
                harm, (harm.uniform(x + 30, x + 140), harm.uniform(120, 300)), (34, 40), points=6
            )
            draw.polygon(
                [(min(max(a, x + 14), x + 156), min(max(b, 104), 318)) for a, b in pane],
                fill=(96, 108, 116),
            )
    wide = crack(harm, (harm.uniform(300, 420), 0), 1.25, 640, jag=0.45)
    hollow = [*wide, *[(x + harm.uniform(12, 40), y) for x, y in reversed(wide)]]
    front.paste((30, 24, 20), mask=masked(front.size, hollow))
    for start in wide[6::9]:
        draw.line(crack(harm, start, harm.choice((0.2, 2.9)), 150), fill=(36, 28, 24), width=4)
    fallen = blob(harm, (harm.uniform(640, 860), 40), (170, 70), wild=0.3)
    front.paste(
        surface(harm, front.size, (120, 98, 76), (172, 150, 122), cell=40),
        mask=masked(front.size, fallen),
    )
    scene.paste(shaded(front, leaf_shadow(layout, front.size), 0.16), (0, 0))
    for _ in range(48):
        at = harm.gauss(640, 220), harm.gauss(590, 34)
        size = harm.uniform(9, 26)
        brick = blob(harm, at, (size, size * 0.6), points=5, wild=0.1)
        if not repaired:
            cast_shadow(scene, brick, (5, 6), soft=4, amount=0.5)
            filled(harm, scene, brick, (112, 66, 48), (176, 116, 88))
    return _shored(layout, scene) if repaired else scene


def _bricks(rng: random.Random, size: tuple[int, int]) -> Image.Image:
    wall = surface(rng, size, (132, 84, 60), (190, 140, 108), cell=140, grit=0.4)
    tint = Image.new("L", size, 128)
    tone, draw = ImageDraw.Draw(tint), ImageDraw.Draw(wall)
    for row, y in enumerate(range(0, size[1], 19)):
        for x in range(-27 if row % 2 else 0, size[0], 54):
            tone.rectangle((x, y, x + 54, y + 19), fill=round(rng.gauss(128, 15)))
    wall = ImageChops.overlay(wall, Image.merge("RGB", (tint, tint, tint)))
    draw = ImageDraw.Draw(wall)
    for row, y in enumerate(range(0, size[1], 19)):
        draw.line((0, y, size[0], y), fill=(176, 164, 146), width=3)
        for x in range(-27 if row % 2 else 0, size[0], 54):
            draw.line((x, y, x, y + 19), fill=(176, 164, 146), width=3)
    return wall


def _shored(rng: random.Random, scene: Image.Image) -> Image.Image:
    """Scaffolding, a green net over the front, blue panels along the pavement."""
    draw = ImageDraw.Draw(scene)
    for x in range(60, WIDTH, 240):
        draw.line((x, 0, x, 560), fill=(150, 150, 146), width=9)
    for y in (150, 330):
        draw.line((0, y, WIDTH, y), fill=(150, 150, 146), width=8)
        draw.rectangle((0, y + 6, WIDTH, y + 16), fill=(146, 116, 76))
    net = surface(rng, (WIDTH, 420), (22, 84, 62), (64, 148, 112), cell=90, grit=0.5)
    scene.paste(net, (0, 0), rough(rng, (WIDTH, 420), 200).point(lambda v: 150 + v * 0.3))
    for x in range(0, WIDTH, 45):
        shade = 150 if x // 45 % 2 else 128
        draw.rectangle((x, 400, x + 45, 600), fill=(40, shade // 2 + 24, shade + 22))
    draw.rectangle((0, 470, WIDTH, 496), fill=(232, 232, 226))
    for x in range(0, WIDTH, 80):
        draw.polygon([(x, 470), (x + 40, 470), (x + 16, 496), (x - 24, 496)], fill=(190, 50, 40))
    return scene
