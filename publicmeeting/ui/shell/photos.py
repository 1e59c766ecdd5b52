"""Pictures on pages: thumbnails that link to the whole picture."""

from collections.abc import Sequence

from publicmeeting.domain.records import Image
from publicmeeting.kit.digits import persian
from publicmeeting.text.common import chrome_text
from publicmeeting.ui.design.models import Photo


def photo_views(
    images: Sequence[Image], label: str = chrome_text.PHOTO_OF_SEVERAL
) -> tuple[Photo, ...]:
    """Return the photos of these images; `label` names each by its place and their number."""
    return photos_of_ids([image.id for image in images], label)


def photos_of_ids(
    ids: Sequence[str], label: str = chrome_text.PHOTO_OF_SEVERAL
) -> tuple[Photo, ...]:
    count = persian(len(ids))
    return tuple(
        Photo(
            thumb=f"/images/{id_}/thumb",
            full=f"/images/{id_}",
            alt=label.format(at=persian(at), count=count),
        )
        for at, id_ in enumerate(ids, 1)
    )
