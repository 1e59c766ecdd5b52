"""The look: contrast, one palette, both directions of writing, a small font file."""

import hashlib
import re
from functools import cache
from pathlib import Path

import pytest
from support.each import for_each
from support.pages import drawn, page_of, tree_of

from publicmeeting.domain.districts.city import DISTRICTS
from publicmeeting.media.sheets import canvas
from publicmeeting.text.common import titles_text
from publicmeeting.text.districts import home_text
from publicmeeting.ui.design import look
from publicmeeting.ui.design.frames import CeremonySheet, OfficialSheets
from publicmeeting.ui.design.icons import SIGNS, icon
from publicmeeting.ui.design.models import Row
from publicmeeting.ui.routes import PAGES, Page
from publicmeeting.ui.shell.steps.parts import nothing_chosen
from publicmeeting.web.plain import elements

PROJECT = Path(__file__).parents[3]
LOOK = PROJECT / "assets" / "look"
UI = PROJECT / "publicmeeting" / "ui"
TOKENS = (LOOK / "tokens.css").read_text("utf-8")
SHEETS = {path.name: path.read_text("utf-8") for path in sorted(LOOK.glob("*.css"))}
UI_CODE = sorted(UI.rglob("*.py"))

OWN_PARTS = (OfficialSheets, CeremonySheet)

TEXT, SIGN = 4.5, 3.0


def _roles(opening: str) -> dict[str, str]:
    start = TOKENS.index(opening)
    block = TOKENS[start : TOKENS.index("}", start)]
    return dict(re.findall(r"--([a-z0-9]+):\s*(#[0-9a-f]{6});", block))


LIGHT = _roles(":root {")
DARK = LIGHT | _roles("@variant night {")
MODES = {"light": LIGHT, "dark": DARK}


def _luminance(colour: str) -> float:
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (
        channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
        for channel in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of WCAG 2."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


PAIRS = [
    *(("ink", on, TEXT) for on in ("ground", "sheet", "sunk", "glazewash", "saffronwash")),
    *(("ink", on, TEXT) for on in ("brickwash", "leafwash")),
    *(("ink2", on, TEXT) for on in ("ground", "sheet", "sunk", "glazewash")),
    *(("edge", on, SIGN) for on in ("ground", "sheet", "sunk")),
    *(("glaze", on, TEXT) for on in ("ground", "sheet", "sunk", "glazewash")),
    *(("onglaze", on, TEXT) for on in ("glaze", "glazeedge")),
    *((text, on, TEXT) for text in ("onband", "onband2") for on in ("band", "band2")),
    ("turq", "band", SIGN),
    ("onturq", "turq", TEXT),
    ("onsaffron", "saffron", TEXT),
    *(("saffron", on, SIGN) for on in ("band", "band2")),
    *(("saffrontext", on, TEXT) for on in ("ground", "sheet", "saffronwash")),
    *(("leaf", on, TEXT) for on in ("ground", "sheet", "leafwash")),
    *(("brick", on, TEXT) for on in ("ground", "sheet", "brickwash")),
    *((text, "paper", TEXT) for text in ("pen", "paperink", "paperink2", "paperglaze")),
    ("on12", "s1", TEXT),
    ("on12", "s2", TEXT),
    ("on3", "s3", TEXT),
    ("on45", "s4", TEXT),
    ("on45", "s5", TEXT),
    ("sheet", "ink", TEXT),
    ("sheet", "brick", TEXT),
]


@for_each((mode, *pair) for mode in MODES for pair in PAIRS)
def test_a_pair_of_roles_can_be_read(mode: str, front: str, back: str, least: float) -> None:
    roles = MODES[mode]
    assert contrast(roles[front], roles[back]) >= least


ON_PAPER = [
    *(("ink", on, TEXT) for on in ("paper", "sheet", "sunk")),
    *(("ink2", on, TEXT) for on in ("paper", "sheet")),
    *(("glaze", on, TEXT) for on in ("paper", "sheet")),
    *(("onglaze", on, TEXT) for on in ("glaze", "glazeedge")),
    *(("brick", on, TEXT) for on in ("paper", "sheet")),
    ("edge", "paper", SIGN),
]


@for_each((mode, *pair) for mode in MODES for pair in ON_PAPER)
def test_a_button_and_an_error_on_paper_can_be_read(
    mode: str, front: str, back: str, least: float
) -> None:
    """Paper stays light in the dark, so what lies on it must not take the page's dark surfaces."""
    block = SHEETS["paper.css"].split(".paper {", 1)[1].split("}", 1)[0]
    roles = dict(MODES[mode])
    for name, other in re.findall(r"--(\w+): var\(--(\w+)\);", block):
        roles[name] = MODES[mode][other]
    assert contrast(roles[front], roles[back]) >= least


@pytest.mark.parametrize("mode", MODES)
def test_saffron_is_framed_in_ink_because_it_cannot_stand_on_paper_alone(mode: str) -> None:
    roles = MODES[mode]
    assert contrast(roles["ink"], roles["ground"]) > 12
    assert re.search(r"\.t-now \{[^}]*border: 2px solid var\(--ink\)", SHEETS["tiles.css"])


def test_copies_of_a_colour_where_no_sheet_reaches_are_alike() -> None:
    other = {"TURQUOISE": "turq", "WHITE": "pure"}
    papers = {
        name: value for name, value in vars(canvas).items() if name[0].isupper() and name.isupper()
    }
    scale = papers.pop("SCALE")
    assert papers == {
        name: LIGHT[other.get(name, name.replace("_", "").lower())].upper() for name in papers
    }, "publicmeeting/media/sheets/canvas.py"
    assert scale == tuple(LIGHT[f"s{level}"].upper() for level in range(1, 6))
    signs = {
        "icon.svg": [LIGHT["glaze"], DARK["glaze"]],
        "icon-called.svg": [LIGHT["ink"], LIGHT["saffron"]],
        "icon-maskable.svg": [LIGHT["band"], LIGHT["turq"]],
        "manifest.webmanifest": [LIGHT["ground"], LIGHT["band"]],
    }
    for name, colours in signs.items():
        assert _colours(name) == set(colours), f"assets/{name}"
    light, dark = (
        dict(re.findall(r"--(\w+): (#[0-9a-f]{6});", block))
        for block in _asset("unavailable.html").split("@media (prefers-color-scheme: dark)")
    )
    assert light == {name: LIGHT[name] for name in light}, "assets/unavailable.html"
    assert dark == {name: DARK[name] for name in light}, "assets/unavailable.html"


def _asset(name: str) -> str:
    return (PROJECT / "assets" / name).read_text("utf-8")


def _colours(name: str) -> set[str]:
    return set(re.findall(r"#[0-9a-f]{6}", _asset(name)))


OWN = {Path(sheet).name for part in OWN_PARTS for sheet in part.sheets}
COMMON = {Path(sheet).name for sheet in look.STYLESHEETS}
_CLASS = re.compile(r"\.([a-z][\w-]*)")
_NAME = re.compile(r"[\w-]+")
_CLASSES = re.compile(r"className:([^,}]*)")


def test_every_sheet_is_served_and_every_served_sheet_exists() -> None:
    flat_sheet = (UI / "reflex" / "flat_sheet.js").read_text("utf-8")
    plain = set(re.findall(r'"public/look/([\w-]+\.css)"', flat_sheet))
    assert OWN | COMMON | plain == set(SHEETS)
    assert len(OWN) + len(COMMON) + len(plain) == len(SHEETS)


@cache
def classes_of(sheet: str) -> frozenset[str]:
    return frozenset(_CLASS.findall(SHEETS[sheet]))


def classes(sheets: set[str]) -> set[str]:
    return {name for sheet in sheets for name in classes_of(sheet)}


@for_each(PAGES, ids=lambda page: page.path)
def test_a_page_loads_the_sheets_of_its_classes(page: Page) -> None:
    tree = str(tree_of(page.path))
    named = {name for text in _CLASSES.findall(tree) for name in _NAME.findall(text)}
    imports = page_of(page.path)._get_all_imports()
    loaded = {Path(sheet.tag or "").name for sheet in imports.get("", [])}
    for sheets in ({Path(sheet).name for sheet in part.sheets} for part in OWN_PARTS):
        is_dressed = bool(named & (classes(sheets) - classes(COMMON)))
        assert (is_dressed, sheets & loaded) == (is_dressed, sheets if is_dressed else set())


FONTS = PROJECT / "assets" / "fonts"
FACE = re.compile(r'url\("/fonts/([^"]+)"\).*?unicode-range: ([^;]+);', re.DOTALL)


def test_the_fonts_are_light_and_carry_their_licence() -> None:
    sizes = {file.name: file.stat().st_size for file in FONTS.glob("*.woff2")}
    assert max(sizes.values()) <= 24 * 1024, sizes
    assert "SIL OPEN FONT LICENSE" in (FONTS / "OFL.txt").read_text("utf-8").upper()


def test_a_font_is_named_by_its_content_because_browsers_keep_it() -> None:
    faces = dict(FACE.findall(SHEETS["tokens.css"]))
    assert set(faces) == {file.name for file in FONTS.glob("*.woff2")}
    for name in faces:
        hashed = hashlib.sha256((FONTS / name).read_bytes()).hexdigest()
        assert Path(name).stem.endswith(f"-{hashed[:8]}")


def test_the_first_font_has_every_sign_of_a_persian_sentence() -> None:
    ranges = dict(FACE.findall(SHEETS["tokens.css"]))[Path(look.FONT).name]
    pairs = [one.strip().removeprefix("U+").partition("-") for one in ranges.split(",")]
    there = {n for a, _, b in pairs for n in range(int(a, 16), int(b or a, 16) + 1)}
    sentences = " ".join(
        var
        for module in (home_text, titles_text)
        for var in vars(module).values()
        if isinstance(var, str)
    )
    assert {sign for sign in sentences if sign >= "\u0600" and ord(sign) not in there} == set()


def test_every_sign_named_in_a_page_is_drawn() -> None:
    named = re.compile(
        r"(?:\bicon\(|sign=|sign_end=|icon=|icon_tile\(|icon_button\()\s*\"([a-z]+)\""
    )
    used = {name for path in UI_CODE for name in named.findall(path.read_text("utf-8"))}
    assert used
    assert used <= set(SIGNS)


def test_a_misspelt_sign_fails_while_the_page_is_built() -> None:
    assert icon("check")
    with pytest.raises(KeyError):
        icon("chekc")


def test_the_map_of_the_sheet_lies_as_the_districts_do() -> None:
    for district in DISTRICTS:
        found = re.search(rf"\.d{district.number} \{{ grid-area: ([^;]+);", SHEETS["map.css"])
        assert found, district.number
        numbers = [int(part) for part in found.group(1).split(" / ")]
        row, column = numbers[:2]
        row_end, column_end = numbers[2:] or (row + 1, column + 1)
        assert (row, column) == (district.tile.row, district.tile.column)
        assert (row_end - row, column_end - column) == (
            district.tile.row_span,
            district.tile.column_span,
        )


_KINDS = (
    *("raw", "half", "foot", "glazed", "now", "late", "off", "cancelled", "plain"),
    *("candidate", "end", "pen", "s1", "s2", "s3", "s4", "s5"),
)


@for_each(_KINDS)
def test_every_kind_of_tile_has_its_look(kind: str) -> None:
    assert re.search(rf"\.t-{kind}\b", SHEETS["tiles.css"])


def test_motion_stops_for_those_who_ask_and_colours_may_be_forced() -> None:
    assert "prefers-reduced-motion: reduce" in SHEETS["base.css"]
    assert "forced-colors: active" in SHEETS["base.css"]
    assert "@media print" in SHEETS["base.css"]


def test_quiet_words_are_no_paler_for_whoever_asks_for_contrast() -> None:
    """The rule must win over the dark mode's rule, which sets the same colour."""
    strong = SHEETS["base.css"].partition("(prefers-contrast: more) {")[2].partition("\n}")[0]
    assert ":root:root:root {" in strong
    assert "--ink2: var(--ink);" in strong
    assert "--line: var(--edge);" in strong


def test_which_line_is_open_is_seen_where_the_system_chooses_the_colours() -> None:
    """Its background and shadow would vanish there, and its ink would be blue on black."""
    forced = SHEETS["base.css"].partition("forced-colors: active")[2].partition("@media")[0]
    assert ".row-chosen, .row-next {\n    border: 3px solid Highlight;" in forced
    assert ".paper {\n    forced-color-adjust: none;" in forced


def test_what_stands_on_the_band_is_dark_on_paper() -> None:
    """Tiles print their colours exactly, but the band is not printed."""
    paper = SHEETS["base.css"].partition("@media print")[2].partition(".on-band {")[2]
    rule = paper.partition("}")[0]
    assert "--onband: var(--ink);" in rule
    assert "--onband2: var(--ink2);" in rule


def test_parts_of_one_kind_have_one_look_on_all_pages() -> None:
    """What unfolds is words, a row or a button, and a row is one component with one sign."""
    odd = [
        f"{path}: {classes}"
        for path, page in drawn().items()
        for classes in re.findall(
            r'\{"name": "\\"summary\\"", "props": \[(.*?)\], "children"', page
        )
        if not re.search(r'className:\\"(disclosure|row|btn|demo-head)|^$', classes)
    ]
    assert odd == []
    on_plain_pages = [
        file.name for file in (UI.parent / "web").rglob("*.py") if '"details"' in file.read_text()
    ]
    assert on_plain_pages == ["elements.py"]
    in_scripts = {
        classes
        for file in UI.parent.rglob("*.js")
        for classes in re.findall(r'h\("summary", \{ class(?:Name)?: "(.*?)"', file.read_text())
    }
    assert in_scripts == {"disclosure link"}
    assert 'class="disclosure link"' in elements.unfolding("بیشتر")
    switches = {path for path, page in drawn().items() if r"className:\"segment" in page}
    assert switches == {
        "/assist",
        "/assist/follow",
        "/mayor/meeting/[code]",
        "/unit",
        "/unit/[number]",
        "/unit/briefs",
    }, "only between two pages or papers; filters of a list are chips"
    unseen = re.compile(r'\\"h1\\"", "props": \["className:\\"sr-only')
    heads = {path for path, page in drawn().items() if unseen.search(page)}
    beside = {path for path, page in drawn().items() if "desk desk-three" in page}
    assert heads == beside, "an unseen title is for a list and what is open beside it"


def test_what_asks_to_choose_a_line_is_not_printed() -> None:
    choose = nothing_chosen((Row(title="خط", href="/desk/?case=1"),), "برگزینید", "نخستین")
    assert '"className:"no-print""' in str(choose.render()).replace("\\", "").replace("'", '"')
