"""Drawn photographs of the story, taken in by the same door as a citizen's own."""

from collections.abc import Callable
from concurrent.futures import Executor, Future

from publicmeeting.media.blobs import Blobs
from publicmeeting.media.intake import Photo, take_photo
from publicmeeting.media.pictures import KINDS, demo_photo, demo_repair
from publicmeeting.usecases.photos import KeepPhoto

VARIANTS = 2


class Pictures:
    """Each picture is drawn once, beside the story; the same picture may serve many.

    Without any to draw, nobody sends one.
    """

    def __init__(self, blobs: Blobs, composers: Executor | None) -> None:
        self._blobs = blobs
        self._sent: dict[str, int] = {}
        self._drawn: dict[tuple[str, str, int], Future[Photo]] = {}
        if composers is None:
            return
        for kind in KINDS:
            for seed in range(VARIANTS):
                self._drawn["photo", kind, seed] = composers.submit(_taken, demo_photo, kind, seed)
            self._drawn["report", kind, 0] = composers.submit(_taken, demo_repair, kind, 0)

    def photo(self, kind: str) -> KeepPhoto | None:
        """The next one of this kind."""
        self._sent[kind] = seed = (self._sent.get(kind, -1) + 1) % VARIANTS
        return self._keep("photo", kind, seed)

    def report(self, kind: str) -> KeepPhoto | None:
        return self._keep("report", kind, 0)

    def _keep(self, use: str, kind: str, seed: int) -> KeepPhoto | None:
        if not self._drawn:
            return None
        photo = self._drawn[use, kind, seed].result()
        return KeepPhoto(
            kind=use, web=self._blobs.put(photo.web), thumb=self._blobs.put(photo.thumb),
            original=photo.sha256, width=photo.width, height=photo.height,
        )  # fmt: skip


def _taken(draw: Callable[[str, int], bytes], kind: str, seed: int) -> Photo:
    return take_photo(draw(kind, seed))
