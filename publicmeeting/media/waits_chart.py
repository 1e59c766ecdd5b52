"""A small picture of waiting times as SVG, right to left; light or dark as its reader's screen is.

Written by hand, because three bars need no library. Amount is by shade and length, so it survives
a grey copy; the words beside each bar carry every number.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from publicmeeting.media.palette import INK, INK2, SCALE

_DARK_INK, _DARK_INK2 = "#ECE9DE", "#A7B5AF"
_DARK_SCALE = ("#2B5750", "#3A8F84", "#7FE0D2")
"""From little to much: in the dark the brightest is the most."""
_WIDTH, _EDGE = 400, 12
_BAR, _LEAST = 16, 3
_TOP, _ROW, _FOOT = 44, 96, 62
_KEYS = 3


@dataclass(frozen=True, slots=True)
class Bar:
    """One rule: `weeks` ascending, the last one drawn as a thin line to its end."""

    name: str
    weeks: tuple[int, int, int, int]
    lines: tuple[str, ...]


def waits_chart(title: str, bars: Sequence[Bar], keys: Sequence[str], basis: str) -> str:
    """The whole file. `keys` name the three shades, from dark to light."""
    height = _TOP + _ROW * len(bars) + _FOOT
    scale = max((bar.weeks[-1] for bar in bars), default=0) or 1
    told = " ".join(f"{bar.name}: {'؛ '.join(bar.lines)}." for bar in bars)
    body = [
        _text(_EDGE, 24, title, "title"),
        *(part for at, bar in enumerate(bars) for part in _row(_TOP + at * _ROW, bar, scale)),
        *_legend(_TOP + _ROW * len(bars) + 12, keys),
        _text(_EDGE, height - 12, basis, "quiet"),
    ]
    box = f'viewBox="0 0 {_WIDTH} {height}" direction="rtl" lang="fa" class="waits"'
    named = 'role="img" aria-labelledby="waits-title waits-told"'
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" {box} {named}>',
            f'<title id="waits-title">{escape(title)}</title>',
            f'<desc id="waits-told">{escape(f"{told} {basis}.")}</desc>',
            f"<style>{_style()}</style>",
            *body,
            "</svg>\n",
        )
    )


def _row(top: int, bar: Bar, scale: int) -> list[str]:
    """The name, three nested bars, the line to the longest wait, and what it means in words."""
    half, ninety, most, worst = (_length(weeks, scale) for weeks in bar.weeks)
    middle = top + 24 + _BAR // 2
    end = _right(worst)
    parts = [
        _text(_EDGE, top + 14, bar.name, "name"),
        f'<path class="longest" d="M{_right(0)} {middle}H{end}M{end} {middle - 6}v12"/>',
    ]
    for length, shade in ((most, "c"), (ninety, "b"), (half, "a")):
        box = f'x="{_right(length)}" y="{top + 24}" width="{length}" height="{_BAR}"'
        parts.append(f'<rect class="{shade}" {box}/>')
    parts += [_text(_EDGE, top + 57 + 17 * at, line, "") for at, line in enumerate(bar.lines)]
    return parts


def _legend(top: int, keys: Sequence[str]) -> list[str]:
    step = (_WIDTH - 2 * _EDGE) // _KEYS
    parts = []
    for at, (shade, word) in enumerate(zip("abc", keys, strict=True)):
        box = f'x="{_right(step * at + 12)}" y="{top}" width="12" height="12"'
        parts += [f'<rect class="{shade}" {box}/>', _text(_EDGE + step * at + 18, top + 11, word)]
    return parts


def _length(weeks: int, scale: int) -> int:
    """Zero is drawn too."""
    return max(_LEAST, (_WIDTH - 2 * _EDGE) * weeks // scale)


def _right(distance: int) -> int:
    """Where something that far from the right edge stands."""
    return _WIDTH - _EDGE - distance


def _text(distance: int, y: int, words: str, look: str = "quiet") -> str:
    kind = f' class="{look}"' if look else ""
    return f'<text x="{_WIDTH - distance}" y="{y}"{kind}>{escape(words)}</text>'


def _style() -> str:
    """Alone it follows the screen's scheme; every rule is its own, wherever it is put in."""
    rules = [
        f".waits{{color:{INK};font:13px Vazirmatn,Tahoma,sans-serif}}",
        ".waits text{fill:currentColor;text-anchor:start;unicode-bidi:plaintext}",
        ".waits .title{font-size:17px;font-weight:700}",
        ".waits .name{font-size:15px;font-weight:700}",
        f".waits .quiet{{fill:{INK2};font-size:12px}}",
        ".waits .longest{stroke:currentColor;stroke-width:2;fill:none}",
        *_shades(SCALE[1:4]),
        "@media(prefers-color-scheme:dark){",
        f".waits{{color:{_DARK_INK}}}.waits .quiet{{fill:{_DARK_INK2}}}",
        *_shades(_DARK_SCALE),
        "}",
    ]
    return "".join(rules)


def _shades(colours: Sequence[str]) -> list[str]:
    return [f".waits .{one}{{fill:{colour}}}" for one, colour in zip("cba", colours, strict=True)]
