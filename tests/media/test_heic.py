"""HEIC photos of phones become pictures like any other; hostile or broken ones are refused.

The refusal is one sentence, and other uploads are not affected. The files beside this test were
written by pillow-heif 1.8.1: `half` is red and blue, `turned` the same with a camera held upright,
`profile` has red and green exchanged, `large` has 48 megapixels of one colour, `ten_bits` is all
red, `clear` is wholly transparent, `grey` one shade.
"""

import io
import random
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import IO

import pytest
from PIL import Image

from publicmeeting.config import PROJECT
from publicmeeting.domain.errors import Invalid
from publicmeeting.media.intake import heic as heic_module
from publicmeeting.media.intake import photo
from publicmeeting.media.intake.apart import PROGRAM
from publicmeeting.media.intake.heic import memory_of, size_of
from publicmeeting.media.intake.photo import DEFAULT, Limits, Room, open_picture, take_photo
from publicmeeting.media.intake.sniff import kind_of

FILES = Path(__file__).with_name("heic")
RED, GREEN, BLUE = (254, 0, 0), (0, 254, 0), (0, 0, 254)


def heic(name: str) -> bytes:
    return (FILES / f"{name}.heic").read_bytes()


def output_of(code: str) -> str:
    """Return what a program of these lines prints, without the space around it."""
    ran = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        cwd=PROJECT,
        check=True,
        env={"PYTHONPATH": str(PROJECT)},
    )
    return ran.stdout.strip()


def picture(name: str) -> Image.Image:
    return Image.open(io.BytesIO(take_photo(heic(name)).web))


def sides(image: Image.Image) -> list[tuple[int, ...]]:
    return [image.getpixel((x, image.height // 2)) for x in (5, image.width - 5)]


@pytest.mark.parametrize(
    ("name", "size", "colours"),
    [
        ("half", (800, 600), [RED, BLUE]),
        ("turned", (800, 600), [RED, BLUE]),
        ("profile", (800, 600), [GREEN, BLUE]),
        ("ten_bits", (600, 400), [RED, RED]),
        ("clear", (64, 64), [(255, 255, 255)] * 2),
        ("grey", (300, 200), [(200, 200, 200)] * 2),
        ("large", (1600, 1200), [(29, 120, 139)] * 2),
    ],
)
def test_it_becomes_an_upright_jpeg_in_the_right_colours(name, size, colours):
    image = picture(name)
    assert (image.format, image.mode, image.size) == ("JPEG", "RGB", size)
    for found, wanted in zip(sides(image), colours, strict=True):
        assert all(abs(one - other) <= 3 for one, other in zip(found, wanted, strict=True))


def test_the_place_and_the_camera_are_gone():
    assert b"SecretCamera" in heic("half")
    photo = take_photo(heic("half"))
    for version in (photo.web, photo.thumb):
        assert b"Secret" not in version
        assert not Image.open(io.BytesIO(version)).getexif()


def test_ink_stays_clear():
    ink = open_picture(heic("clear"), side=40, alpha=True)
    assert (ink.mode, ink.size, ink.getpixel((5, 5))[3]) == ("RGBA", (40, 40), 0)


def saying(data: bytes, width: int, height: int) -> bytes:
    """Return the same file with another size in its header."""
    size = b"ispe\0\0\0\0" + width.to_bytes(4, "big") + height.to_bytes(4, "big")
    return re.sub(rb"(?s)ispe\0\0\0\0.{8}", size, data)


@pytest.mark.parametrize(
    ("data", "key"),
    [
        (heic("half")[:600], "photo_damaged"),
        (heic("half")[:-400], "photo_damaged"),
        (heic("half").replace(b"ispe", b"free"), "photo_damaged"),
        (heic("half").replace(b"hvcC", b"free"), "photo_damaged"),
        (saying(heic("half"), 40_000, 40_000), "photo_too_many_pixels"),
        (saying(heic("half"), 13_000, 10), "photo_too_many_pixels"),
        (saying(heic("half"), 0, 0), "photo_damaged"),
        (saying(heic("large"), 8, 8), "photo_damaged"),
        (heic("half") + b"PK\x05\x06" + bytes(18), "photo_hides"),
        (heic("half") + b"#!/bin/sh\nrm -rf /\n", "photo_hides"),
        (heic("half") + b"\0#!/bin/sh\nrm -rf /\n", "photo_hides"),
        (heic("half") + b"<script>alert(document.cookie)</script>", "photo_hides"),
        (heic("half") + bytes(13 << 20), "photo_too_large"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(64), "photo_damaged"),
        (b"\0\0\0\x1cftypmif1\0\0\0\0avifmif1miaf" + bytes(64), "photo_kind"),
        (b"\0\0\0\x18ftyphevc\0\0\0\0msf1hevc" + bytes(64), "photo_kind"),
    ],
)
def test_a_broken_or_hostile_one_is_refused_in_a_sentence(data, key):
    with pytest.raises(Invalid) as refused:
        take_photo(data)
    assert refused.value.key == key


def test_whatever_bits_fall_over_it_is_a_picture_or_a_refusal():
    rng = random.Random(20)
    for _ in range(25):
        data = bytearray(heic("half"))
        for _ in range(rng.randint(1, 20)):
            data[rng.randrange(12, len(data))] = rng.randrange(256)
        with suppress(Invalid):
            photo = take_photo(bytes(data))
            assert max(photo.width, photo.height) <= DEFAULT.web_side


def test_what_it_says_of_its_size_is_what_its_memory_is_reckoned_by():
    assert size_of(heic("large")) == (8064, 6048)
    assert memory_of(8064 * 6048) <= DEFAULT.memory
    with pytest.raises(Invalid, match="photo_too_many_pixels") as refused:
        take_photo(heic("large"), limits=Limits(memory=100_000_000))
    assert refused.value.facts == {"megapixels": 21}


@pytest.mark.parametrize(("memory", "well"), [(memory_of(8064 * 6048), True), (10_000_000, False)])
def test_the_system_ends_a_decoder_that_takes_more_memory_than_it_was_given(memory, well):
    ended = subprocess.run(
        [
            sys.executable,
            "-m",
            "publicmeeting.media.intake.heic",
            "1600",
            "RGB",
            "50000000",
            str(memory),
        ],
        input=heic("large"),
        capture_output=True,
        cwd=PROJECT,
        check=False,
        env={"PYTHONPATH": str(PROJECT)},
    )
    assert (ended.returncode == 0, bool(ended.stdout)) == (well, well)


def test_all_that_its_process_may_take_is_counted_apart_from_the_others_memory(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    granted, counted = [], []

    class Counting(Room):
        def taken(self, size: int) -> AbstractContextManager[None]:
            counted.append(size)
            return super().taken(size)

    @contextmanager
    def read(_: str, *words: str, data: bytes) -> Iterator[IO[bytes]]:
        del data
        granted.append(int(words[-1]) + PROGRAM)
        yield io.BytesIO(b"8 8 0\n" + bytes(8 * 8 * 3))

    monkeypatch.setattr(photo, "_HEIC_ROOM", Counting(photo._HEIC_ROOM.size))
    monkeypatch.setattr(heic_module, "read_apart", read)
    with photo._ROOM.taken(photo._ROOM.size):  # all the room of other pictures is taken
        take_photo(heic("large"))
    assert counted == granted
    assert granted[0] > memory_of(8064 * 6048) + PROGRAM


@pytest.mark.parametrize("brand", [b"heic", b"heix", b"mif1"])
def test_it_is_known_by_its_first_bytes_not_by_its_name(brand):
    assert kind_of(b"\0\0\0\x18ftyp" + brand + b"\0\0\0\0mif1heic" + bytes(8)) == "heic"


def test_no_decoder_of_it_is_loaded_beside_the_keys():
    code = "import publicmeeting.application, sys; print('pi_heif' in sys.modules)"
    assert output_of(code) == "False"


def test_its_process_works_where_it_may_not_step_back():
    code = (
        "import os, resource; from publicmeeting.media.intake.apart import limit_self\n"
        "def refuse(*_): raise PermissionError\n"
        "os.nice = refuse\n"
        "limit_self(10**8, 10**6)\n"
        "print(resource.getrlimit(resource.RLIMIT_CPU)[0] <= 8)"
    )
    assert output_of(code) == "True"


def test_its_process_steps_back_behind_the_city_and_has_few_seconds_of_the_processor():
    code = (
        "import os, resource; from publicmeeting.media.intake.apart import limit_self;"
        "was = os.nice(0);"
        "limit_self(10**8, 10**6);"
        "print(os.nice(0) > was, resource.getrlimit(resource.RLIMIT_CPU)[0] <= 8)"
    )
    assert output_of(code) == "True True"
