"""A process of its own decodes large WebP files, which nobody notices."""

import io
import os
import subprocess

import pytest
from PIL import Image, ImageCms

from publicmeeting.domain.errors import Invalid
from publicmeeting.media.intake.photo import open_picture, take_photo

LARGE = 2400, 1800


def webp(size=LARGE, mode="RGB", **options) -> bytes:
    image, out = Image.new(mode, size, "blue"), io.BytesIO()
    image.paste("red", (0, 0, size[0] // 2, size[1]))
    image.save(out, "WEBP", method=0, **options)
    return out.getvalue()


def sides(image: Image.Image):
    return [image.getpixel((x, image.height // 2)) for x in (20, image.width - 20)]


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L"])
def test_it_is_the_same_picture(mode):
    photo = take_photo(webp(mode=mode))
    image = Image.open(io.BytesIO(photo.web))
    assert image.size == (1600, 1200)
    left, right = sides(image)
    small = take_photo(webp((1200, 900), mode))
    assert sides(Image.open(io.BytesIO(small.web))) == [left, right]


def test_its_turn_and_profile_count_as_ever():
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = srgb.replace(b"rXYZ", b"????").replace(b"gXYZ", b"rXYZ").replace(b"????", b"gXYZ")
    exif = Image.Exif()
    exif[0x0112] = 6
    photo = take_photo(webp(exif=exif, icc_profile=swapped))
    image = Image.open(io.BytesIO(photo.web))
    assert image.size == (1200, 1600)
    red, green, _ = image.getpixel((600, 20))
    assert green > 200
    assert red < 80


def test_ink_stays_clear():
    clear = Image.new("RGBA", LARGE, (0, 0, 200, 0))
    out = io.BytesIO()
    clear.save(out, "WEBP", lossless=True, exact=True)
    ink = open_picture(out.getvalue(), side=800, alpha=True)
    assert (ink.mode, ink.size, ink.getpixel((5, 5))[3]) == ("RGBA", (800, 600), 0)


@pytest.fixture(scope="module")
def noise():
    noise, out = Image.effect_noise(LARGE, 80).convert("RGB"), io.BytesIO()
    noise.save(out, "WEBP", method=0)
    return out.getvalue()


@pytest.mark.parametrize("share", [0.2, 0.7, 0.97])
def test_a_cut_one_is_damaged(noise, share):
    with pytest.raises(Invalid, match="photo_damaged"):
        take_photo(noise[: int(len(noise) * share)])


def test_a_decoder_that_hangs_is_ended(monkeypatch):
    monkeypatch.setattr("publicmeeting.media.intake.apart._SECONDS", 0)
    with pytest.raises(Invalid, match="photo_damaged"):
        take_photo(webp())


def test_the_process_knows_no_secret(monkeypatch):
    environment = {}
    run = subprocess.run

    def noted(*words, **options):
        environment.update(options["env"])
        return run(*words, **options)

    monkeypatch.setenv("PUBLICMEETING_SECRET", "6b" * 32)
    monkeypatch.setattr(subprocess, "run", noted)
    assert take_photo(webp()).width == 1600
    assert list(environment) == ["PYTHONPATH"]
    assert "PUBLICMEETING_SECRET" in os.environ
