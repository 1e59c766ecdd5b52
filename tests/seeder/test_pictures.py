"""The demo city's painted pictures: photos that the upload accepts, and strokes of a pen."""

import io

import pytest
from PIL import Image

from publicmeeting.domain.orders.ink import read_ink
from publicmeeting.media.intake.photo import take_photo
from publicmeeting.seeder.pictures import (
    HANDS,
    KINDS,
    PAINTED,
    VARIANTS,
    handwriting,
    painted,
    signature,
)

NAMES = sorted(path.stem for path in PAINTED.glob("*.webp"))
MOST_BYTES = 600_000
"""Most bytes of all pictures, which are part of every release."""


def test_each_kind_of_trouble_is_there_in_its_places_and_after_the_work():
    places = {f"{kind}-{number}" for kind in KINDS for number in range(VARIANTS)}
    assert set(NAMES) == places | {f"{kind}-repaired" for kind in KINDS} | {"paper", "certificate"}


@pytest.mark.parametrize("name", NAMES)
def test_a_painted_picture_is_a_photograph_a_citizen_could_send(name):
    picture = Image.open(io.BytesIO(painted(name)))
    assert picture.format == "WEBP"
    assert not picture.getexif()
    assert take_photo(painted(name)).width in {1080, 1290}


def test_all_of_them_together_are_small():
    assert sum(len(painted(name)) for name in NAMES) <= MOST_BYTES


def test_an_unknown_picture_is_no_file():
    with pytest.raises(FileNotFoundError):
        painted("volcano-0")


def test_handwriting_and_signatures_are_strokes_of_a_pen():
    assert len(set(handwriting())) == HANDS
    for text in handwriting():
        strokes = read_ink(text).strokes
        assert len(strokes) > 5
        assert len({dot.pressure for stroke in strokes for dot in stroke.dots}) > 2
    signatures = {signature(district) for district in range(1, 23)}
    assert len(signatures) == 22
    assert all(read_ink(text).strokes for text in signatures)
