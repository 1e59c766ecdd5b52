"""Drawn photographs of the story, taken in by the same door as a citizen's own."""

from collections.abc import Callable
from concurrent.futures import Executor, Future

from publicmeeting.media.intake import Photo, take_photo
from publicmeeting.media.pictures import KINDS, demo_paper, demo_photo, demo_repair
from publicmeeting.media.storage import Storage
from publicmeeting.seeder import sentences
from publicmeeting.usecases.filing.pictures import BEFORE, PROOF, REPORT, KeepPhoto

VARIANTS = 2


class Pictures:
    """Each picture is drawn once, beside the story; the same picture may serve many.

    Without any to draw, nobody sends one.
    """

    def __init__(self, images: Storage, originals: Storage, composers: Executor | None) -> None:
        self._images = images
        self._originals = originals
        self._sent: dict[str, int] = {}
        self._kept: dict[tuple[str, str, int], KeepPhoto] = {}
        self._drawn: dict[tuple[str, str, int], Future[tuple[bytes, Photo]]] = {}
        if composers is None:
            return
        for seed in range(VARIANTS):  # the one that is sent first is drawn first
            for kind in KINDS:
                self._drawn["photo", kind, seed] = composers.submit(_taken, demo_photo, kind, seed)
        for kind in KINDS:
            self._drawn[REPORT, kind, 0] = composers.submit(_taken, demo_repair, kind, 0)
        self._drawn["paper", "", 0] = composers.submit(_written, sentences.ON_PAPER)
        self._drawn["certificate", "", 0] = composers.submit(_written, sentences.CERTIFICATE)

    @property
    def are_drawn(self) -> bool:
        return bool(self._drawn)

    def paper(self) -> KeepPhoto | None:
        """An order written on paper, as the mayor's tablet sees it."""
        return self._keep("paper", "", 0)

    def photo(self, kind: str) -> KeepPhoto | None:
        """The next one of this kind."""
        self._sent[kind] = seed = (self._sent.get(kind, -1) + 1) % VARIANTS
        return self._keep("photo", kind, seed)

    def proof(self, kind: str, seed: int) -> KeepPhoto | None:
        """The same photograph, sent later with a step on her own case."""
        return self._keep("photo", kind, seed, use=PROOF)

    def certificate(self) -> KeepPhoto | None:
        """A certificate of disability, its name covered."""
        return self._keep("certificate", "", 0, use=PROOF)

    def work(self, kind: str) -> tuple[KeepPhoto, ...]:
        """One place before the work and after it, as a unit shows it."""
        sides = (self._keep("photo", kind, 0, use=BEFORE), self._keep(REPORT, kind, 0))
        return tuple(one for one in sides if one is not None)

    def _keep(self, what: str, kind: str, seed: int, use: str = "") -> KeepPhoto | None:
        if not self._drawn:
            return None
        this = what, kind, seed
        if this not in self._kept:
            self._kept[this] = self._stored(what, *self._drawn[this].result())
        kept = self._kept[this]
        return kept.model_copy(update={"kind": use}) if use else kept

    def _stored(self, what: str, data: bytes, photo: Photo) -> KeepPhoto:
        return KeepPhoto(
            kind=what,
            web=self._images.put(photo.web),
            thumb=self._images.put(photo.thumb),
            original=photo.sha256,
            kept=self._originals.put(data),
            width=photo.width,
            height=photo.height,
        )


def _written(lines: tuple[str, ...]) -> tuple[bytes, Photo]:
    data = demo_paper(lines, len(lines))
    return data, take_photo(data)


def _taken(draw: Callable[[str, int], bytes], kind: str, seed: int) -> tuple[bytes, Photo]:
    data = draw(kind, seed)
    return data, take_photo(data)
