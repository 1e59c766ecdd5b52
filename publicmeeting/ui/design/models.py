"""Frozen view models of the components: plain words and numbers.

Screens build them in `views.py` from domain objects. State vars may hold them, alone or in lists,
and components read their fields in the browser in the same way. An empty text means: not shown.
Numbers for people are already Persian words here. Integers only choose a place or a pattern.
"""

from dataclasses import dataclass
from typing import Literal

from publicmeeting.ui.reflex.view_model import OmitEmpty, ViewModel

TileKind = str
"""Look of a tile.

- raw: ahead
- half: partly
- foot: by a deputy
- glazed: done
- now: the reader's own
- late
- off: not held
- cancelled: cancelled with notice
- plain: can be chosen
- candidate
- end: last day
- pen: day of the order
- s1 to s5: the scale of data
"""

Tone = Literal["", "neutral", "glaze", "saffron", "leaf", "brick"]
"""neutral or none; glaze: running; saffron: her answer is due; leaf: confirmed by the citizen;
brick: late."""

RoadKind = Literal["past", "now", "late", "ahead"]


@dataclass(frozen=True)
class Tile:
    kind: TileKind = ""
    text: str = ""


@dataclass(frozen=True)
class MapTile(OmitEmpty):
    """One district on the map. `label` is its accessible name, a whole sentence."""

    number: int
    text: str = ""
    label: str = ""
    kind: TileKind = "plain"
    pips: int = 0


@dataclass(frozen=True)
class Badge(ViewModel):
    word: str = ""
    tone: Tone = ""
    icon: str = ""


@dataclass(frozen=True)
class Choice:
    value: str
    label: str
    count: str = ""


@dataclass(frozen=True)
class Row(OmitEmpty):
    """A line that opens something.

    `tile` is a number at its start and `end` a word at its end. `note` is a third line in the
    colour glaze (what is linked to it), `tags` are words under the lines. `thumb` is the address of
    a small picture of its paper. `late` colours the end brick.
    """

    title: str
    meta: str = ""
    href: str = ""
    icon: str = ""
    tile: Tile = Tile()
    end: str = ""
    note: str = ""
    tags: tuple[Badge, ...] = ()
    thumb: str = ""
    late: bool = False
    badge: Badge = Badge()
    danger: bool = False
    chosen: bool = False
    strip: tuple[Tile, ...] = ()
    strip_label: str = ""


@dataclass(frozen=True)
class RoadStep(OmitEmpty):
    """One step of the road, with its evidence: a strip of tiles, a quote and a link."""

    kind: RoadKind
    title: str
    when: str = ""
    meaning: str = ""
    icon: str = ""
    badge: Badge = Badge()
    strip: tuple[Tile, ...] = ()
    strip_label: str = ""
    quote: str = ""
    quote_by: str = ""
    quote_inside: bool = False
    link: str = ""
    href: str = ""


@dataclass(frozen=True)
class Invitation:
    """The offered seat.

    `deadline` is the bold middle of the sentence about the deadline. If no answer is expected it is
    empty, and `deadline_after` is the whole sentence.
    """

    head: str
    left: str
    day: str
    month: str
    date: str
    time: str
    place: str
    guest: str = ""
    """The official who sits beside the mayor on that day."""
    deadline_before: str = ""
    deadline: str = ""
    deadline_after: str = ""
    reassurance: str = ""
    confirmed: bool = False


@dataclass(frozen=True)
class OrderPaper(ViewModel):
    """The order as it looks.

    `kind` "waiting": the session is not yet checked, so only an outline is drawn. "sheet": the
    composed picture, which includes letterhead and foot.
    """

    kind: Literal["written", "typed", "photo", "sheet", "waiting"] = "waiting"
    unit_name: str = ""
    title: str = ""
    date: str = ""
    number: str = ""
    district: int = 0
    image: str = ""
    image_alt: str = ""
    text: str = ""
    foot: str = ""
    log: str = ""


@dataclass(frozen=True)
class PromiseDay:
    """A working day; `column` is 1 (Saturday) to 5 (Wednesday)."""

    kind: TileKind
    column: int
    text: str


@dataclass(frozen=True)
class PromiseClock:
    lead: str
    due: str
    number: str
    number_caption: str
    days: tuple[PromiseDay, ...]
    sentence: str
    unit: str = ""
    late: bool = False


@dataclass(frozen=True)
class Pass:
    title: str
    district_name: str
    district: int
    weekday: str
    date: str
    time_label: str
    time: str
    seats: tuple[Tile, ...]
    seats_caption: str
    name_label: str
    name: str
    identity_label: str
    identity: str
    code_label: str
    code: str
    qr: str
    qr_alt: str


@dataclass(frozen=True)
class PassLine:
    icon: str
    text: str
    strong: str = ""


@dataclass(frozen=True)
class Photo(ViewModel):
    """The addresses of a thumbnail and of the whole picture."""

    thumb: str = ""
    full: str = ""
    alt: str = ""
