"""Photographs of papers as a phone takes them: skewed, on a desk, lit from one side."""

import io
import math
import random
from functools import cache

from PIL import Image, ImageChops, ImageFilter, ImageOps

from publicmeeting.media.straightening.perspective import Point, perspective
from publicmeeting.seeder.pictures import painted

SHEETS = "paper", "certificate"
SIZE = 1200, 1100
WOOD, STONE = ((86, 60, 40), (140, 102, 70)), ((60, 70, 80), (95, 105, 120))


@cache
def written(seed: int) -> Image.Image:
    """Return a flat sheet, filled to its edges by paper."""
    sheet = Image.open(io.BytesIO(painted(SHEETS[seed])))
    return sheet.crop((60, 60, sheet.width - 60, sheet.height - 80)).convert("RGB")


def camera(
    sheet: Image.Image, lean: tuple[float, float], size: tuple[int, int] = SIZE
) -> list[Point]:
    """Return where a phone sees the sheet's corners, leaning back and aside by these radians."""
    focal, away = 0.8 * max(size), 2.2
    half_width, half_height = sheet.width / sheet.height / 2, 0.5
    seen = []
    for x, y in ((-1, -1), (1, -1), (1, 1), (-1, 1)):
        u, v = x * half_width, y * half_height
        u, depth = u * math.cos(lean[1]), u * math.sin(lean[1])
        sine, cosine = math.sin(lean[0]), math.cos(lean[0])
        v, depth = v * cosine - depth * sine, v * sine + depth * cosine
        across, down = (focal * at / (away - depth) for at in (u, v))
        seen.append((across / size[0] + 0.5, down / size[1] + 0.5))
    return seen


def photographed(
    sheet: Image.Image, seed: int, corners: list[Point] | None = None
) -> tuple[bytes, list[Point]]:
    """Return a JPEG of the sheet on a desk, and its corners as shares of the picture."""
    rng, (width, height) = random.Random(seed), SIZE
    dark, light = (WOOD, STONE)[seed % 2]
    desk = _desk(rng, dark, light)
    off = [0.15 * rng.random() for _ in range(8)]
    corners = corners or [
        (0.08 + off[0], 0.08 + off[1]),
        (0.92 - off[2], 0.08 + off[3]),
        (0.92 - off[4], 0.9 - off[5]),
        (0.08 + off[6], 0.9 - off[7]),
    ]
    lying = _lying(sheet, [(x * width, y * height) for x, y in corners])
    desk.paste(lying, mask=lying.getchannel("A"))
    lamp = Image.linear_gradient("L").resize(SIZE).rotate(180 * (seed % 2))
    lamp = lamp.point([90 + value * 160 // 255 for value in range(256)])
    out = io.BytesIO()
    ImageChops.multiply(desk, Image.merge("RGB", (lamp, lamp, lamp))).save(out, "JPEG", quality=88)
    return out.getvalue(), corners


def _desk(rng: random.Random, dark: tuple[int, int, int], light: tuple[int, int, int]):
    """Return wood or stone: large stains and fine grit between two colours."""
    stains = Image.frombytes("L", (4, 4), rng.randbytes(16)).resize(SIZE, Image.Resampling.BICUBIC)
    grit = Image.frombytes("L", SIZE, rng.randbytes(SIZE[0] * SIZE[1]))
    grit = ImageOps.autocontrast(grit.filter(ImageFilter.GaussianBlur(0.8)), cutoff=2)
    return ImageOps.colorize(Image.blend(stains, grit, 0.3), dark, light)


def _lying(sheet: Image.Image, corners: list[Point]) -> Image.Image:
    """Return the sheet in perspective with its corners at these points, transparent around it."""
    flat = [(0, 0), (sheet.width, 0), (sheet.width, sheet.height), (0, sheet.height)]
    return sheet.convert("RGBA").transform(
        SIZE, Image.Transform.PERSPECTIVE, perspective(corners, flat), Image.Resampling.BICUBIC
    )
