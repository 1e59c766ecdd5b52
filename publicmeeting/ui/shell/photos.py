"""Photos on pages: thumbnails that link to the whole picture, and the upload.

The upload is a plain form at first, and its own uploader when the scripts run. Its SHA-256 script
is used by scripts of other pages too. A linked file lies in a folder named after the module that
links it, so from the folder of a page's module it is `../../../shell/photos/sha256.js`.
"""

import re
from collections.abc import Sequence

import reflex as rx

from publicmeeting.domain.matter import PHOTOS_MOST
from publicmeeting.domain.records import Image, PictureKind
from publicmeeting.kit.digits import persian
from publicmeeting.media.intake.photo import DEFAULT, MIB
from publicmeeting.media.intake.sniff import OFFERED
from publicmeeting.text.common import chrome_text
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.text.tracking import citizen_orders_text
from publicmeeting.ui.design.flow import Handler
from publicmeeting.ui.design.models import Photo
from publicmeeting.ui.reflex.scripts import link_script

_IMAGE_ID = re.compile(r"[0-9a-f]{32}")


def photo_views(
    images: Sequence[Image], label: str = chrome_text.PHOTO_OF_SEVERAL
) -> tuple[Photo, ...]:
    """Return the photos of these images; `label` names each by its place and their number."""
    return photos_of_ids([image.id for image in images], label)


def photos_named(ids: Sequence[str]) -> tuple[Photo, ...]:
    """Return the photos that a page names; texts that cannot be an id are left out."""
    known = [image for image in dict.fromkeys(ids) if _IMAGE_ID.fullmatch(image)]
    return photos_of_ids(known[:PHOTOS_MOST])


def ids_of(photos: Sequence[Photo]) -> tuple[str, ...]:
    return tuple(photo.full.rsplit("/", 1)[-1] for photo in photos)


def sorted_photos(images: Sequence[Image]) -> tuple[tuple[Photo, ...], tuple[Photo, ...]]:
    """Return the photos from before the work, and those of its result.

    If none is from before, the first is empty and the second holds all photos without that
    distinction.
    """
    before = [image for image in images if image.kind is PictureKind.BEFORE]
    after = [image for image in images if image.kind is not PictureKind.BEFORE]
    if not before:
        return (), photo_views(after)
    return (
        photo_views(before, citizen_orders_text.BEFORE_ALT),
        photo_views(after, citizen_orders_text.AFTER_ALT),
    )


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


def link_sha256() -> None:
    """Link sha256.js; every module whose scripts import it calls this."""
    link_script(__name__, "sha256.js")


link_script(__name__, "smaller.js")  # send.js imports it from its own folder


class PhotoSender(rx.Component):
    """Component of send.js, the file beside this one. The server draws it too, as a form."""

    library = link_script(__name__, "send.js")
    tag = "PhotoSender"

    action: rx.Var[str]
    photos: rx.Var[list[Photo]]
    limit: rx.Var[int]
    largest: rx.Var[int]
    offered: rx.Var[str]
    name: rx.Var[str]
    form: rx.Var[str]
    outlives: rx.Var[bool]
    owner: rx.Var[str]
    looks: rx.Var[bool]
    words: rx.Var[dict[str, str]]
    refused_class: rx.Var[str]
    """CSS classes of a refusal: Tailwind finds them in pages, not in send.js."""
    on_change: rx.EventHandler[rx.event.passthrough_event_spec(list[str])]  # type: ignore[type-arg, valid-type]  # Reflex's own form


def photo_sender(
    kind: PictureKind = PictureKind.DRAFT,
    *,
    about: str = "",
    owner: str = "",
    photos: Sequence[Photo] = (),
    on_change: Handler = None,
    limit: int,
    name: str = "",
    form: str = "",
    choose_label: str = chrome_text.PHOTO_CHOOSE,
    remove_label: str = chrome_text.PHOTO_REMOVE,
    looks_over: str = "",
) -> rx.Component:
    """Choose, send, show and remove photos of one kind (`usecases/filing/pictures.py`).

    - `photos` (a state var) are those the server already has. Without it the component remembers
      what it has sent.
    - `about` is the number of an order.
    - `on_change` receives the ids of all photos after each change; a page may ignore them.
    - `owner` identifies the signed-in person. An upload to a draft continues when the user leaves
      this step, and «back» finds it again, but not if the owner has changed.
    - `name`: inside a form, each photo's id is a field of this name.
    - `form` is the id of the form that waits for uploads that still run, if it is not around this.
    - `looks_over`: the sentence for no photo where the citizen reviews her request. Her press waits
      there for uploads that still run.
    """
    megabytes = DEFAULT.file_bytes // MIB
    return PhotoSender.create(
        action=f"/photos?kind={kind}&about={about}",
        photos=photos if isinstance(photos, rx.Var) else list(photos),
        limit=limit,
        largest=DEFAULT.file_bytes,
        offered=OFFERED,
        name=name,
        form=form,
        outlives=kind == PictureKind.DRAFT,
        owner=owner,
        looks=bool(looks_over),
        words={
            "none": looks_over,
            "choose": choose_label,
            "send": chrome_text.PHOTOS_SEND,
            "sending": chrome_text.PHOTO_SENDING,
            "first": chrome_text.PHOTO_FIRST,
            "leave": chrome_text.PHOTO_LEAVE,
            "shrinking": chrome_text.PHOTO_SHRINKING,
            "waiting": chrome_text.PHOTO_WAITING,
            "resting": chrome_text.PHOTO_RESTING,
            "failed": chrome_text.PHOTO_FAILED,
            "again": chrome_text.PHOTO_AGAIN,
            "remove": remove_label,
            "photo": chrome_text.PHOTO,
            "sent": chrome_text.PHOTO_SENT,
            "removed": chrome_text.PHOTO_REMOVED,
            "large": refusal("photo_too_large", megabytes=megabytes),
            "full": chrome_text.PHOTO_ONE_ENOUGH
            if limit == 1
            else refusal("photos_too_many", limit=limit),
            "enough": chrome_text.PHOTO_ONE_ENOUGH
            if limit == 1
            else chrome_text.PHOTOS_ENOUGH.format(limit=persian(limit)),
        },
        refused_class="relative col-span-full min-h-11 pe-12",
        **({} if on_change is None else {"on_change": on_change}),
    )
