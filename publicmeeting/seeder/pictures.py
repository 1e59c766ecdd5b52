"""Painted photographs of the demo city, stored like a citizen's own; nothing on them is real.

The files are in `painted/`: each kind of problem in two places, the first of them also after the
work, two papers, handwriting of mayors, and their signatures.
"""

import ctypes
from concurrent.futures import Executor, Future
from contextlib import suppress
from pathlib import Path

from publicmeeting.domain.records import PictureKind
from publicmeeting.media.intake.photo import Photo, take_photo
from publicmeeting.media.storage import SealedStorage
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
    """Pictures, each decoded once by another process and used several times.

    Without another process no pictures are sent.
    """

    def __init__(
        self, images: SealedStorage, originals: SealedStorage, composers: Executor | None
    ) -> None:
        self._images = images
        self._originals = originals
        self._sent: dict[str, int] = {}
        self._kept: dict[tuple[str, str, int], KeepPhoto] = {}
        self._taken: dict[tuple[str, str, int], Future[tuple[bytes, Photo]]] = {}
        if composers is None:
            return
        for seed in range(VARIANTS):  # in the order in which they are needed
            for kind in KINDS:
                self._taken["photo", kind, seed] = composers.submit(_taken, f"{kind}-{seed}")
        for kind in KINDS:
            self._taken["repaired", kind, 0] = composers.submit(_taken, f"{kind}-repaired")
        self._taken["paper", "", 0] = composers.submit(_taken, "paper")
        self._taken["certificate", "", 0] = composers.submit(_taken, "certificate")

    @property
    def are_sent(self) -> bool:
        """Whether people send pictures in this city."""
        return bool(self._taken)

    def paper(self) -> KeepPhoto | None:
        """Return an order written on paper, as a mayor's tablet photographs it."""
        return self._keep("paper", "", 0, PictureKind.PAPER)

    def photo(self, kind: str) -> KeepPhoto | None:
        """Return the next picture of this kind."""
        self._sent[kind] = seed = (self._sent.get(kind, -1) + 1) % VARIANTS
        return self._keep("photo", kind, seed, PictureKind.DRAFT)

    def proof(self, kind: str, seed: int) -> KeepPhoto | None:
        """Return the same photograph, sent later with a step on her own case."""
        return self._keep("photo", kind, seed, PictureKind.PROOF)

    def certificate(self) -> KeepPhoto | None:
        """Return a certificate of disability with a covered name."""
        return self._keep("certificate", "", 0, PictureKind.PROOF)

    def work(self, kind: str) -> tuple[KeepPhoto, ...]:
        """Return one place before and after the work, as a unit shows it."""
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
    """Return the WebP with this name in `painted/`."""
    return (PAINTED / f"{name}.webp").read_bytes()


def handwriting() -> tuple[str, ...]:
    """Return mayors' handwriting, in the format of the pad (`domain.orders.ink`)."""
    return tuple(
        (PAINTED / f"hand-{number}.json").read_text(encoding="utf-8").strip()
        for number in range(HANDS)
    )


def signature(district: int) -> str:
    """Return the invented signature of this district's mayor, in the format of the pad."""
    lines = (PAINTED / "signatures.json").read_text(encoding="utf-8").splitlines()[1:-1]
    return lines[district - 1].rstrip(",")


# Memory settings of a process that only draws pictures.

_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
"""Parameters of mallopt(3)."""
_AS_MUCH = 256 * 1024 * 1024
_PICTURE = 32 * 1024 * 1024


def keep_memory() -> None:
    """Reuse memory for the next picture instead of returning it to the system page by page.

    Does nothing if the C library has no mallopt.
    """
    with suppress(OSError, AttributeError, TypeError):
        command = ctypes.CDLL(None).mallopt
        command(_TRIM_THRESHOLD, _AS_MUCH)
        command(_MMAP_THRESHOLD, _PICTURE)
