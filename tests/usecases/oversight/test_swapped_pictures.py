"""The database owner puts another file in the place of a picture, or of its thumbnail."""

import pytest
from support.hall import Hall
from support.triggers import write

from publicmeeting.domain.errors import Denied
from publicmeeting.domain.records import Image
from publicmeeting.store.rekey import damaged
from publicmeeting.usecases.filing.pictures import OnePhoto, see_photo
from publicmeeting.usecases.oversight import held_events

OF_HERS = "UPDATE image SET {column} = 'another' WHERE id = :id"


def sheet_id(hall: Hall) -> str:
    (order,) = hall.met(hall.guests[0])
    assert order.image_id is not None
    return order.image_id


def seen(hall: Hall, image_id: str) -> Image:
    found: Image = hall.query(hall.guests[0].actor, see_photo, OnePhoto(id=image_id))
    return found


@pytest.mark.on_postgresql
@pytest.mark.parametrize("column", ["web", "thumb", "original_file"])
def test_nobody_gets_a_picture_whose_file_the_owner_exchanged(hall: Hall, column: str) -> None:
    image_id = sheet_id(hall)
    assert seen(hall, image_id).thumb
    write(hall, OF_HERS.format(column=column), id=image_id)
    with pytest.raises(Denied, match="not_found"):
        seen(hall, image_id)
    with hall.reading() as uow:
        assert f"image {image_id}" in [where for where, _ in damaged(uow)]


def test_a_picture_without_a_tag_is_shown_to_nobody(hall: Hall) -> None:
    """The owner can exchange it and take the tag away."""
    image_id = sheet_id(hall)
    write(hall, "UPDATE image SET web = 'another', tag = '' WHERE id = :id", id=image_id)
    with pytest.raises(Denied, match="not_found"):
        seen(hall, image_id)
    assert named(hall) == [f"picture {image_id}"]


def named(hall: Hall) -> list[str]:
    with hall.reading() as uow:
        return [one.where for one in held_events.events_tagged(uow, hall.clock())]
