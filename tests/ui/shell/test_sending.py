"""What the photo upload shows when there is no room for another photo."""

import json

import pytest

from publicmeeting.text.common import chrome_text
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.ui.shell.photos import photo_sender


def in_script(text: str) -> str:
    """Return a text as the rendered page's script contains it."""
    return json.dumps(text)[1:-1]


def drawn(limit: int) -> str:
    return str(photo_sender("paper", limit=limit))


@pytest.mark.parametrize("limit", [2, 3])
def test_of_several_photos_one_may_be_taken_back(limit: int) -> None:
    assert in_script(refusal("photos_too_many", limit=limit)) in drawn(limit)
    assert in_script(chrome_text.PHOTO_ONE_ENOUGH) not in drawn(limit)


def test_where_there_is_room_for_one_photo_it_is_said_without_a_number() -> None:
    assert in_script(chrome_text.PHOTO_ONE_ENOUGH) in drawn(1)
    assert in_script(refusal("photos_too_many", limit=1)) not in drawn(1)
    assert in_script("بیش از ۱ عکس") not in drawn(1)
