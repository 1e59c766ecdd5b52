"""Painted photographs of the demo city, taken in as a citizen's own are: no photograph of a real
street, hand or person.

The files lie in `painted/`: each kind of trouble in two places, the first of them after the work,
two papers, what mayors write with a pen on the screen, and their signatures.
"""

import ctypes
from concurrent.futures import Executor, Future
from contextlib import suppress
from pathlib import Path

from publicmeeting.domain.pictures import PictureKind
from publicmeeting.media.intake.photo import Photo, take_photo
from publicmeeting.media.storage import Storage
from publicmeeting.usecases.filing.pictures import KeepPhoto

KINDS = (
    "pavement",
    "pothole",
    "crossing",
    "gutter",
    "dry_tree",
    "rubbish",
    "blocked_pavement",
    "dark_alley",
    "unsafe_building",
)
VARIANTS = 2
HANDS = 3
PAINTED = Path(__file__).parent / "painted"


class Pictures:
    """Each picture is taken in once, by another process; the same picture may serve many.

    Without another process nobody sends one.
    """

    def __init__(self, images: Storage, originals: Storage, composers: Executor | None) -> None:
        self._images = images
        self._originals = originals
        self._sent: dict[str, int] = {}
        self._kept: dict[tuple[str, str, int], KeepPhoto] = {}
        self._taken: dict[tuple[str, str, int], Future[tuple[bytes, Photo]]] = {}
        if composers is None:
            return
        for seed in range(VARIANTS):  # the one that is sent first is taken in first
            for kind in KINDS:
                self._taken["photo", kind, seed] = composers.submit(_taken, f"{kind}-{seed}")
        for kind in KINDS:
            self._taken["repaired", kind, 0] = composers.submit(_taken, f"{kind}-repaired")
        self._taken["paper", "", 0] = composers.submit(_taken, "paper")
        self._taken["certificate", "", 0] = composers.submit(_taken, "certificate")

    @property
    def are_sent(self) -> bool:
        """Whether anybody sends pictures in this city."""
        return bool(self._taken)

    def paper(self) -> KeepPhoto | None:
        """An order written on paper, as the mayor's tablet sees it."""
        return self._keep("paper", "", 0, PictureKind.PAPER)

    def photo(self, kind: str) -> KeepPhoto | None:
        """The next one of this kind."""
        self._sent[kind] = seed = (self._sent.get(kind, -1) + 1) % VARIANTS
        return self._keep("photo", kind, seed, PictureKind.DRAFT)

    def proof(self, kind: str, seed: int) -> KeepPhoto | None:
        """The same photograph, sent later with a step on her own case."""
        return self._keep("photo", kind, seed, PictureKind.PROOF)

    def certificate(self) -> KeepPhoto | None:
        """A certificate of disability, its name covered."""
        return self._keep("certificate", "", 0, PictureKind.PROOF)

    def work(self, kind: str) -> tuple[KeepPhoto, ...]:
        """One place before the work and after it, as a unit shows it."""
        sides = (
            self._keep("photo", kind, 0, PictureKind.BEFORE),
            self._keep("repaired", kind, 0, PictureKind.REPORT),
        )
        return tuple(side for side in sides if side is not None)

    def _keep(self, what: str, kind: str, seed: int, use: PictureKind) -> KeepPhoto | None:
        if not self._taken:
            return None
        this = what, kind, seed
        if this not in self._kept:
            self._kept[this] = self._stored(use, *self._taken[this].result())
        photo = self._kept[this]
        return photo.model_copy(update={"kind": use})

    def _stored(self, use: PictureKind, data: bytes, photo: Photo) -> KeepPhoto:
        return KeepPhoto(
            kind=use,
            web=self._images.put(photo.web),
            thumb=self._images.put(photo.thumb),
            original=photo.sha256,
            original_file=self._originals.put(data),
            width=photo.width,
            height=photo.height,
        )


def _taken(name: str) -> tuple[bytes, Photo]:
    data = painted(name)
    return data, take_photo(data)


def painted(name: str) -> bytes:
    """A WebP of this name, as it lies in `painted/`."""
    return (PAINTED / f"{name}.webp").read_bytes()


def handwriting() -> tuple[str, ...]:
    """What mayors write by hand, as the pad sends it (`domain.orders.ink`)."""
    return tuple(
        (PAINTED / f"hand-{number}.json").read_text(encoding="utf-8").strip()
        for number in range(HANDS)
    )


def signature(district: int) -> str:
    """The signature of this district's mayor, as the pad sends it; a scribble, nobody's."""
    lines = (PAINTED / "signatures.json").read_text(encoding="utf-8").splitlines()[1:-1]
    return lines[district - 1].rstrip(",")


# The memory of a process that does nothing but draw one picture after another.

_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
"""mallopt(3)."""
_AS_MUCH = 256 * 1024 * 1024
_PICTURE = 32 * 1024 * 1024


def keep_memory() -> None:
    """Keep what a picture has used for the next one, instead of giving it back to the system and
    asking for it again page by page. Where the C library knows no such command, nothing happens."""
    with suppress(OSError, AttributeError, TypeError):
        command = ctypes.CDLL(None).mallopt
        command(_TRIM_THRESHOLD, _AS_MUCH)
        command(_MMAP_THRESHOLD, _PICTURE)
