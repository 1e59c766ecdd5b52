"""Rules about the look: pages name roles and logical sides; only the tokens hold a colour."""

import re
from collections.abc import Iterator

from .sources import PACKAGE, Found, Project, Source, rule

_UI = f"{PACKAGE}ui/"
_SHEETS = "assets/look/"
_TOKENS = f"{_SHEETS}tokens.css"
_BAND = re.compile(r"--band: (#[0-9a-f]{6});")
"""The colour of a phone's own bar: the browser reads it from the page, before any style sheet."""

_SIDED = re.compile(
    r"""(?<![\w-])(?:[a-z0-9]+:)*-?(?:
        m[lr]-|p[lr]-|left-|right-|text-left|text-right|border-[lr](?:-|\b)|
        rounded-(?:[lr]|t[lr]|b[lr])(?:-|\b)|float-(?:left|right)|clear-(?:left|right)
    )""",
    re.VERBOSE,
)
_PALETTE = re.compile(
    r"\b(?:bg|text|border|fill|stroke|ring|outline|decoration|from|to|via)-"
    r"(?:slate|gray|zinc|neutral|stone|red|orange|amber|yellow|lime|green|emerald|teal|cyan|sky|"
    r"blue|indigo|violet|purple|fuchsia|pink|rose|black|white)\b"
)
_COLOUR = re.compile(r"(?<![\w/-])#(?:[0-9a-fA-F]{3}){1,2}\b")
_WIDTH = re.compile(r"\bmax-w-(?!\d+\b)(\w+)")
_CONTAINER = re.compile(r"--container-(\w+):")
_STYLE = re.compile(r"\bstyle\s*=")
_BLANK = re.compile(r'!= ""(?!")')
_QUOTED = re.compile(r'"([^"\n]*)"')
_SHEET_COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}\b")
_SHEET_SIDE = re.compile(
    r"(?:margin|padding|border)-(?:left|right)|text-align:\s*(?:left|right)|^\s*(?:left|right):",
    re.MULTILINE,
)


@rule
def page_sides(project: Project) -> Iterator[Found]:
    """Pages are laid out by start and end, so that they turn with the direction of writing."""
    for source in project.below(_UI):
        for quoted in _QUOTED.finditer(source.text):
            for found in _SIDED.finditer(quoted[1]):
                yield Found(source.name, source.line(quoted.start()), f"names a side: {found[0]}")


@rule
def page_colours(project: Project) -> Iterator[Found]:
    """Pages name roles of colours, neither values nor Tailwind's palette."""
    (band, *_) = _BAND.findall(project.sources[_TOKENS].text)
    for source in project.below(_UI):
        yield from _matching(source, _PALETTE, "is of no role of ours")
        for found in _COLOUR.finditer(source.text):
            if found[0] != band:
                yield Found(
                    source.name, source.line(found.start()), f"{found[0]} is a value, no role"
                )


@rule
def page_widths(project: Project) -> Iterator[Found]:
    """A width named on a page is a container of the tokens; no style exists for another name."""
    names = frozenset(_CONTAINER.findall(project.sources[_TOKENS].text))
    for source in project.below(_UI):
        for found in _WIDTH.finditer(source.text):
            if found[1] not in names:
                yield Found(source.name, source.line(found.start()), f"{found[0]} has no style")


@rule
def page_styles(project: Project) -> Iterator[Found]:
    """Pages have no style attributes, which the content security policy forbids."""
    for source in project.below(_UI):
        yield from _matching(source, _STYLE, "is an attribute of style")


@rule
def page_blanks(project: Project) -> Iterator[Found]:
    """Pages ask whether a var holds something: the fields of a blank view are undefined, not ""."""
    for source in project.below(_UI):
        yield from _matching(
            source, _BLANK, "is true of a blank view; ask whether it holds something"
        )


@rule
def sheet_colours(project: Project) -> Iterator[Found]:
    """Only the file of tokens holds values of colours."""
    for source in project.below(_SHEETS, ending=".css"):
        if source.name != _TOKENS:
            yield from _matching(source, _SHEET_COLOUR, "is a value; name a token")


@rule
def sheet_sides(project: Project) -> Iterator[Found]:
    """Style sheets have no physical sides and no mirrored text."""
    for source in project.below(_SHEETS, ending=".css"):
        yield from _matching(source, _SHEET_SIDE, "is a side; name start or end")


def _matching(source: Source, pattern: re.Pattern[str], why: str) -> Iterator[Found]:
    for found in pattern.finditer(source.text):
        match = found[0].strip()
        yield Found(source.name, source.line(found.end()), f"{match} {why}")
