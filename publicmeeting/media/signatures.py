"""Pretend signatures for the demo: scribbles with the swing of a name, nobody's."""

from collections.abc import Sequence

from publicmeeting.domain.orders.ink import LINE, WIDTH, Dot, Stroke, ink_text
from publicmeeting.media.darkroom import chance_of
from publicmeeting.media.ink import draw_strokes

_SIGNATURES: tuple[tuple[tuple[tuple[float, float], ...], ...], ...] = (
    (
        (
            (0.95, 0.52),
            (0.86, 0.30),
            (0.77, 0.22),
            (0.70, 0.42),
            (0.64, 0.72),
            (0.60, 0.84),
            (0.57, 0.66),
            (0.60, 0.36),
            (0.66, 0.10),
            (0.62, 0.06),
            (0.54, 0.34),
            (0.47, 0.72),
            (0.43, 0.80),
            (0.42, 0.60),
            (0.47, 0.30),
            (0.52, 0.12),
            (0.48, 0.10),
            (0.38, 0.44),
            (0.30, 0.78),
            (0.18, 0.90),
            (0.05, 0.80),
            (0.04, 0.72),
            (0.20, 0.70),
            (0.50, 0.74),
            (0.80, 0.66),
            (0.97, 0.58),
        ),
    ),
    (
        (
            (0.86, 0.18),
            (0.80, 0.42),
            (0.74, 0.70),
            (0.66, 0.80),
            (0.60, 0.66),
            (0.64, 0.46),
            (0.72, 0.40),
            (0.70, 0.58),
            (0.58, 0.76),
            (0.48, 0.74),
            (0.46, 0.52),
            (0.52, 0.24),
            (0.57, 0.08),
            (0.53, 0.06),
            (0.45, 0.34),
            (0.38, 0.70),
            (0.30, 0.84),
            (0.16, 0.82),
            (0.10, 0.66),
            (0.18, 0.52),
            (0.36, 0.54),
            (0.62, 0.62),
            (0.92, 0.52),
        ),
        (
            (0.70, 0.16),
            (0.66, 0.20),
        ),
    ),
    (
        (
            (0.92, 0.64),
            (0.88, 0.40),
            (0.80, 0.34),
            (0.76, 0.52),
            (0.80, 0.66),
            (0.88, 0.60),
            (0.82, 0.40),
            (0.68, 0.46),
            (0.60, 0.64),
            (0.52, 0.70),
            (0.50, 0.40),
            (0.54, 0.08),
            (0.50, 0.06),
            (0.46, 0.40),
            (0.42, 0.72),
            (0.34, 0.80),
            (0.30, 0.56),
            (0.34, 0.22),
            (0.30, 0.18),
            (0.24, 0.54),
            (0.16, 0.86),
            (0.04, 0.92),
            (0.10, 0.80),
            (0.40, 0.84),
            (0.72, 0.80),
            (0.90, 0.86),
        ),
        (
            (0.62, 0.22),
            (0.68, 0.16),
            (0.73, 0.22),
        ),
    ),
)


def demo_signature(seed: int) -> bytes:
    """A transparent PNG of a signature-like scribble, the same for the same seed."""
    width, height = 640, 330
    return draw_strokes(scrawl(seed, width, height), (width, height), width=10)


def demo_signature_ink(seed: int) -> str:
    """The same as strokes of the pad, as `domain.orders.ink` reads them."""
    strokes = scrawl(seed, WIDTH, 4 * LINE)
    return ink_text(
        Stroke(
            tuple(
                Dot(
                    min(max(round(x, 1), 0), WIDTH),
                    min(max(round(y, 1), 0), 4 * LINE - 1),
                    min(max(round(pressure, 2), 0), 1),
                )
                for x, y, pressure in stroke
            )
        )
        for stroke in strokes
    )


def scrawl(seed: int, width: int, height: int) -> list[Sequence[Dot]]:
    rng = chance_of(seed, "signature")
    slant, swing = rng.uniform(-0.10, 0.16), rng.uniform(0.85, 1.1)
    strokes: list[Sequence[Dot]] = []
    for shape in _SIGNATURES[seed % len(_SIGNATURES)]:
        stroke = []
        for x, y in shape:
            tall = 0.5 + (y - 0.5) * swing + rng.gauss(0, 0.012)
            wide = x + (0.5 - y) * slant + rng.gauss(0, 0.008)
            stroke.append(
                Dot(30 + wide * (width - 60), 24 + tall * (height - 48), rng.uniform(0.25, 0.9))
            )
        stroke[0] = stroke[0]._replace(pressure=0.1)
        stroke[-1] = stroke[-1]._replace(pressure=0.0)
        strokes.append(stroke)
    return strokes
