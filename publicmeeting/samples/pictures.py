"""Drawn photographs of the story, taken in by the same door as a citizen's own."""

from collections.abc import Callable
from concurrent.futures import Executor, Future

from publicmeeting.media.blobs import Blobs
from publicmeeting.media.intake import Photo, take_photo
from publicmeeting.media.pictures import KINDS, demo_paper, demo_photo, demo_repair
from publicmeeting.samples.matters import CERTIFICATE
from publicmeeting.usecases.photos import PROOF, KeepPhoto

VARIANTS = 2


class Pictures:
    """Each picture is drawn once, beside the story; the same picture may serve many."""

    def __init__(self, blobs: Blobs, threads: Executor) -> None:
        self._blobs = blobs
        self._drawn: dict[tuple[str, str, int], Future[Photo]] = {}
        for kind in KINDS:
            for seed in range(VARIANTS):
                self._drawn["photo", kind, seed] = threads.submit(_taken, demo_photo, kind, seed)
            self._drawn["report", kind, 0] = threads.submit(_taken, demo_repair, kind, 0)
        self._certificate = threads.submit(_written, CERTIFICATE)

    def photo(self, kind: str, seed: int) -> KeepPhoto:
        return self._keep("photo", kind, seed)

    def proof(self, kind: str, seed: int) -> KeepPhoto:
        """The same photograph, sent later with a step on her own case."""
        return self._kept(PROOF, self._drawn["photo", kind, seed].result())

    def certificate(self) -> KeepPhoto:
        """A certificate of disability, its name covered."""
        return self._kept(PROOF, self._certificate.result())

    def report(self, kind: str) -> KeepPhoto:
        return self._keep("report", kind, 0)

    def _keep(self, use: str, kind: str, seed: int) -> KeepPhoto:
        return self._kept(use, self._drawn[use, kind, seed].result())

    def _kept(self, use: str, photo: Photo) -> KeepPhoto:
        return KeepPhoto(
            kind=use, web=self._blobs.put(photo.web), thumb=self._blobs.put(photo.thumb),
            original=photo.sha256, width=photo.width, height=photo.height,
        )  # fmt: skip


def _written(lines: tuple[str, ...]) -> Photo:
    return take_photo(demo_paper(lines, len(lines)))


def _taken(draw: Callable[[str, int], bytes], kind: str, seed: int) -> Photo:
    return take_photo(draw(kind, seed))
