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


@pytest.mark.on_postgresql
@pytest.mark.parametrize("to", ["another case", "another step"])
def test_nobody_gets_a_picture_that_the_owner_leads_elsewhere(hall: Hall, to: str) -> None:
    """It would show her matter to a stranger, or another's house as work that is done."""
    image_id = sheet_id(hall)
    stranger, before = hall.guests[1], seen(hall, image_id)
    case = stranger.request.id if to == "another case" else hall.guests[0].request.id
    move = "UPDATE image SET request_id = :case, order_id = NULL, event_id = 1 WHERE id = :id"
    write(hall, move, id=image_id, case=case)
    for citizen in (stranger, hall.guests[0]):
        with pytest.raises(Denied, match="not_found"):
            hall.query(citizen.actor, see_photo, OnePhoto(id=image_id))
    with hall.reading() as uow:
        assert f"image {image_id}" in [where for where, _ in damaged(uow)]
    back = "UPDATE image SET request_id = :case, order_id = :order, event_id = NULL WHERE id = :id"
    order = hall.guests[0].orders[0].id
    write(hall, back, id=image_id, case=hall.guests[0].request.id, order=order)
    assert seen(hall, image_id) == before


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
