"""Pictures for the demo city, drawn and seeded: no photograph of a real street, hand or person."""

from typing import Protocol

from PIL import Image

from publicmeeting.media.darkroom import chance_of, photographed
from publicmeeting.media.handwriting import demo_ink, demo_paper
from publicmeeting.media.scenes_built import alley, unsafe_building
from publicmeeting.media.scenes_ground import crossing, gutter, pavement, pothole
from publicmeeting.media.scenes_street import blocked_pavement, dry_tree, rubbish
from publicmeeting.media.signatures import demo_signature, demo_signature_ink

__all__ = [
    "KINDS",
    "demo_ink",
    "demo_paper",
    "demo_photo",
    "demo_repair",
    "demo_signature",
    "demo_signature_ink",
]


class _Scene(Protocol):
    def __call__(self, seed: int, *, repaired: bool) -> Image.Image: ...


_SCENES: dict[str, _Scene] = {
    "pavement": pavement,
    "pothole": pothole,
    "crossing": crossing,
    "gutter": gutter,
    "dry_tree": dry_tree,
    "rubbish": rubbish,
    "blocked_pavement": blocked_pavement,
    "dark_alley": alley,
    "unsafe_building": unsafe_building,
}
KINDS = tuple(_SCENES)


def demo_photo(kind: str, seed: int) -> bytes:
    """A JPEG of a trouble in the street, the same for a seed; KeyError for an unknown kind."""
    return _photo(kind, seed, repaired=False)


def demo_repair(kind: str, seed: int) -> bytes:
    """The same place after the work was done, on another day."""
    return _photo(kind, seed, repaired=True)


def _photo(kind: str, seed: int, *, repaired: bool) -> bytes:
    lens = chance_of(seed, "lens", kind, repaired)
    return photographed(lens, _SCENES[kind](seed, repaired=repaired), night=kind == "dark_alley")
