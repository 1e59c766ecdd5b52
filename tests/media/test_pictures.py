"""The demo's pictures: photographs by format, seeded, never with metadata."""

import io

import pytest
from PIL import Image, ImageChops, ImageStat

from publicmeeting.media.intake import take_photo
from publicmeeting.media.persian_text import FONT
from publicmeeting.media.pictures import (
    KINDS,
    demo_paper,
    demo_photo,
    demo_repair,
    demo_signature,
)


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def far(one: bytes, other: bytes) -> float:
    """Mean difference of two pictures, 0 to 255."""
    pair = [opened(data).convert("RGB").resize((200, 150)) for data in (one, other)]
    return sum(ImageStat.Stat(ImageChops.difference(*pair)).mean) / 3


@pytest.mark.parametrize("kind", KINDS)
def test_a_trouble_and_its_repair_are_photographs_a_citizen_could_send(kind):
    before, after = demo_photo(kind, 5), demo_repair(kind, 5)
    for data in (before, after):
        assert opened(data).format == "JPEG"
        assert take_photo(data).width == 1080
        assert len(data) < 300_000
    assert far(before, after) > 2


def test_a_seed_gives_the_same_picture_and_another_seed_another():
    one, same, other = (demo_photo("blocked_pavement", seed) for seed in (1, 1, 2))
    assert one == same
    assert far(one, other) > 5


def test_an_unknown_kind_is_a_key_error():
    with pytest.raises(KeyError):
        demo_photo("volcano", 1)


def test_a_signature_is_ink_on_glass():
    name = opened(demo_signature(3))
    assert name.mode == "RGBA"
    assert name.getpixel((0, 0))[3] == 0
    assert name.getchannel("A").getextrema()[1] > 200
    assert demo_signature(3) == demo_signature(3) != demo_signature(4)


def test_a_written_paper_is_a_photograph_and_grows_with_its_lines():
    short = demo_paper(["خدمات شهری: فردا جمع شود."], 2)
    long = demo_paper(["معاون محترم فنی و عمران", "پیاده‌رو تا پایان آذر ترمیم شود. " * 5], 2)
    assert opened(short).format == "JPEG"
    assert take_photo(short).width == 1290
    assert opened(long).height > opened(short).height


def test_each_font_has_its_licence_beside_it():
    folder = FONT.parent
    fonts = {path.name.split("-")[0] for path in folder.iterdir() if path.suffix != ".txt"}
    assert fonts == {"Vazirmatn", "NotoNastaliqUrdu"}
    for name in fonts:
        assert "SIL Open Font License" in (folder / f"{name}-OFL.txt").read_text()
