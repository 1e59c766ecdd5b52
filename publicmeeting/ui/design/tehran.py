"""Tehran in tiles: the map of districts, the mark made of it, and the Alborz mountains."""

from collections.abc import Sequence
from typing import Any, Literal

import reflex as rx
from reflex_base.utils.imports import ImportVar
from reflex_base.vars import VarData

from publicmeeting.domain.districts.city import DISTRICTS, district
from publicmeeting.ui.design.flow import Handler, each, is_plain, pick, shown
from publicmeeting.ui.design.icons import Use, icon
from publicmeeting.ui.design.models import MapTile
from publicmeeting.ui.reflex.scripts import link_script

_CELL, _STEP = 9, 10
MARK_BOX = "0 0 59 59"

# Heights of the columns from west to east; Damavand is the last peak. Beyond them are lower hills,
# for screens wider than thirty tiles.
ALBORZ = (1, 1, 2, 2, 3, 3, 4, 3, 4, 5, 5, 6, 6, 5, 5, 4, 4, 3, 3, 2, 2, 3, 2, 2, 3, 4, 5, 4, 3, 2)
HILLS = (1, 2, 3, 2, 3, 4, 3, 3, 2, 1, 2, 2, 3, 4, 3, 2, 1, 2, 1, 2, 3, 3, 4, 3, 2, 2, 1, 2, 3, 2)
_SNOW_LINE = 5
_TALLEST = 6

_touch = link_script(__name__, "touch.js")


def touch(name: str) -> rx.Var[str]:
    """Return a function of touch.js, the file beside this one, as a prop."""
    return rx.Var(name, _var_data=VarData(imports={_touch: [ImportVar(tag=name)]}))


def _square(x: int, y: int, width: int = _CELL, height: int = _CELL) -> str:
    return f"M{x} {y}h{width}v{height}h-{width}z"


def _district_square(number: int) -> str:
    tile = district(number).tile
    return _square(
        (tile.column - 1) * _STEP,
        (tile.row - 1) * _STEP,
        tile.column_span * _STEP - 1,
        tile.row_span * _STEP - 1,
    )


def mark_paths() -> dict[str, str]:
    """Return the paths of the whole mark and of each of its tiles, by their ids in the icon
    sheet."""
    squares = {f"m-{one.number}": _district_square(one.number) for one in DISTRICTS}
    return {"mark": "".join(squares.values()), **squares}


def mark(lit: int = 0, size: Literal["", "lg"] = "") -> rx.Component:
    """The mark with the reader's district lit; none is lit if the district is unknown."""
    return rx.el.svg(
        Use.create(href="#mark"),
        shown(lit, Use.create(href=f"#m-{lit}", class_name="lit")),
        view_box=MARK_BOX,
        aria_hidden="true",
        class_name="mark mark-lg" if size == "lg" else "mark",
    )


def ridge() -> rx.Component:
    """The Alborz in tiles, for the home and sign-in pages only."""
    columns = (*HILLS, *ALBORZ, *reversed(HILLS))
    paths = {"rg1": "", "rg2": "", "rg3": "", "snow": ""}
    for column, height in enumerate(columns):
        for level in range(1, height + 1):
            shade = _shade(column, level, height)
            paths[shade] += _square(column * _STEP, (_TALLEST - level) * _STEP)
    return rx.el.div(
        rx.el.svg(
            *(rx.el.path(d=path, class_name=shade) for shade, path in paths.items()),
            view_box=f"0 0 {len(columns) * _STEP} {_TALLEST * _STEP}",
            class_name="ridge",
        ),
        aria_hidden="true",
        class_name="ridge-wrap",
    )


def _shade(column: int, level: int, height: int) -> str:
    if level == height and height >= _SNOW_LINE:
        return "snow"
    return ("rg1", "rg2", "rg3", "rg2", "rg1")[(column * 3 + level * 2) % 5]


def tile_map(
    tiles: Sequence[MapTile],
    aria_label: str,
    *,
    mode: Literal["choose", "waits", "held"] = "choose",
    on_choose: Handler = None,
    name: str = "",
    small: bool = False,
) -> rx.Component:
    """The 22 districts, north up, in reading order 1 to 22.

    With `on_choose` (an event with the number) or `name` (a submit button per district) each tile
    is a control: arrow keys move by geography and Enter chooses. Otherwise the map is one picture
    that `aria_label` describes. With both, a tile that is touched before the scripts run sends its
    form. `waits` leaves space for pips. A chosen tile has the kind `now`.
    """

    def cell(tile: MapTile) -> rx.Component:
        classes = f"tile t-{tile.kind} d{tile.number}"
        face = [
            shown(tile.kind == "off", icon("close")),
            shown(tile.kind != "off", rx.el.span(tile.text)),
            *([pips(tile.pips)] if mode == "waits" else []),
        ]
        props: dict[str, Any] = {
            "class_name": classes,
            "aria_label": tile.label,
            "data_walk": "true",
        }
        if on_choose is None and not name:
            return rx.el.div(*face, class_name=classes, aria_hidden="true")
        if on_choose is not None:
            chosen = on_choose(tile.number)
            props["on_click"] = chosen.prevent_default if name else chosen
            props["aria_pressed"] = pick(tile.kind == "now", "true", "false")
        if name:
            props |= {"name": name, "value": f"{tile.number}"}
        return rx.el.button(*face, type="submit" if name else "button", **props)

    alive = bool(name) or on_choose is not None
    return rx.el.div(
        rx.el.div(
            each(tiles, cell),
            dir="ltr",
            role="group" if alive else "img",
            aria_label=aria_label,
            class_name=_map_classes(mode, small=small),
            custom_attrs={"onKeyDown": touch("walk"), "onFocus": touch("settle")} if alive else {},
        ),
        class_name="map-scroll",
    )


def _map_classes(mode: str, *, small: bool) -> str:
    return "map map-small" if small else "map map-tall" if mode == "waits" else "map"


def pips(count: int) -> rx.Component:
    """Up to four squares: the number that the shade of their tile shows too."""
    if is_plain(count) and not count:
        return rx.fragment()
    return rx.el.span(
        *(rx.el.i() for _ in range(4)), aria_hidden="true", class_name=f"pips p{count}"
    )


def waits_legend(words: Sequence[str]) -> rx.Component:
    """The four shades with their pips above their words; plain data."""
    return rx.el.ol(
        *(
            rx.el.li(
                rx.el.span(pips(step), class_name=f"tile t-s{step} h-5"),
                rx.el.span(word),
                class_name="grid content-start gap-1 text-center text-meta text-ink2",
            )
            for step, word in enumerate(words, 1)
        ),
        class_name="mx-auto grid w-full max-w-[37.5rem] grid-cols-4 gap-1",
    )
