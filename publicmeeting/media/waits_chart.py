"""SVG chart of waiting times, right to left, in the light or dark scheme of its reader.

Written by hand, because three bars need no library. Shade and length show the amount, so it
survives a grey copy; the text beside each bar has every number.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from publicmeeting.media.sheets.canvas import INK, INK2, SCALE

_DARK_INK, _DARK_INK2 = "#ECE9DE", "#A7B5AF"
_DARK_SCALE = ("#2B5750", "#3A8F84", "#7FE0D2")
"""From little to much: in the dark scheme the brightest is the most."""
_WIDTH, _EDGE = 292, 2
"""Width of a sheet on a 360 px phone, so that letters have their nominal size there."""
_SMALL, _NAME, _HEAD = 14, 15, 16
_LINE = 21
_BAR, _LEAST = 16, 3
_TOP, _GAP, _FOOT = 40, 20, 44
_KEYS = 3


@dataclass(frozen=True, slots=True)
class Bar:
    """One rule: `weeks` ascending, the last one drawn as a thin line."""

    name: str
    weeks: tuple[int, int, int, int]
    lines: tuple[str, ...]


def waits_chart(title: str, bars: Sequence[Bar], keys: Sequence[str], basis: Sequence[str]) -> str:
    """Return the whole SVG file.

    `keys` name the three shades, from dark to light; `basis` are its last lines.
    """
    tops = [_TOP]
    for bar in bars:
        tops.append(tops[-1] + 2 * _LINE + _LINE * len(bar.lines) + _GAP)
    foot = tops.pop() + _FOOT
    height = foot + _LINE * len(basis) - _LINE // 2
    scale = max((bar.weeks[-1] for bar in bars), default=0) or 1
    description = " ".join(f"{bar.name}: {'؛ '.join(bar.lines)}." for bar in bars)
    description = f"{description} {'؛ '.join(basis)}."
    body = [
        _text(_EDGE, 20, title, "title"),
        *(part for top, bar in zip(tops, bars, strict=True) for part in _row(top, bar, scale)),
        *_legend(foot - _FOOT, keys),
        *(_text(_EDGE, foot + _LINE * at, line) for at, line in enumerate(basis)),
    ]
    box = f'viewBox="0 0 {_WIDTH} {height}" direction="rtl" lang="fa" class="waits"'
    named = 'role="img" aria-labelledby="waits-title waits-told"'
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" {box} {named}>',
            f'<title id="waits-title">{escape(title)}</title>',
            f'<desc id="waits-told">{escape(description)}</desc>',
            f"<style>{_style()}</style>",
            *body,
            "</svg>\n",
        )
    )


def _row(top: int, bar: Bar, scale: int) -> list[str]:
    """Return the name, three nested bars, the line to the longest wait, and the text."""
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
    parts += [_text(_EDGE, top + 60 + _LINE * at, line, "") for at, line in enumerate(bar.lines)]
    return parts


def _legend(top: int, keys: Sequence[str]) -> list[str]:
    step = (_WIDTH - 2 * _EDGE) // _KEYS
    parts = []
    for at, (shade, word) in enumerate(zip("abc", keys, strict=True)):
        box = f'x="{_right(step * at + 10)}" y="{top}" width="10" height="10"'
        parts += [f'<rect class="{shade}" {box}/>', _text(_EDGE + step * at + 14, top + 10, word)]
    return parts


def _length(weeks: int, scale: int) -> int:
    """Return the length of a bar; zero is visible too."""
    return max(_LEAST, (_WIDTH - 2 * _EDGE) * weeks // scale)


def _right(distance: int) -> int:
    """Return the x coordinate at this distance from the right edge."""
    return _WIDTH - _EDGE - distance


def _text(distance: int, y: int, words: str, class_: str = "quiet") -> str:
    kind = f' class="{class_}"' if class_ else ""
    return f'<text x="{_WIDTH - distance}" y="{y}"{kind}>{escape(words)}</text>'


def _style() -> str:
    """Return the style: follows the screen's scheme; all rules are scoped to this chart."""
    rules = [
        f".waits{{color:{INK};font:{_SMALL}px Vazirmatn,Tahoma,sans-serif}}",
        ".waits text{fill:currentColor;text-anchor:start;unicode-bidi:plaintext}",
        f".waits .title{{font-size:{_HEAD}px;font-weight:700}}",
        f".waits .name{{font-size:{_NAME}px;font-weight:700}}",
        f".waits .quiet{{fill:{INK2}}}",
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
