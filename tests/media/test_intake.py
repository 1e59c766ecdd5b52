"""Uploaded pictures: which are accepted, which refused, and what is removed from them."""

import io
import struct
import subprocess
import sys
import zlib

import pytest
from PIL import Image, ImageCms, PngImagePlugin
from support.together import in_threads

from publicmeeting.config import PROJECT
from publicmeeting.domain.errors import Invalid
from publicmeeting.media.intake.photo import _UPRIGHT, Limits, Photo, open_picture, take_photo
from publicmeeting.text.refusals.refusals_text import refusal

GPS = b"N\x00\x00\x00"


def encoded(image: Image.Image, kind: str = "JPEG", **options) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def half_red(size=(400, 200)) -> Image.Image:
    """Return an image that is red on its left half and blue on its right."""
    image = Image.new("RGB", size, "blue")
    image.paste("red", (0, 0, size[0] // 2, size[1]))
    return image


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png_of(width: int, height: int) -> bytes:
    """Return a PNG of a few bytes whose header claims this size."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 64)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def moving(kind: str) -> bytes:
    frames = [Image.new("RGB", (40, 40), colour) for colour in ("red", "green", "blue")]
    return encoded(frames[0], kind, save_all=True, append_images=frames[1:], duration=80)


def heif(brand: bytes) -> bytes:
    return b"\0\0\0\x18ftyp" + brand + b"\0\0\0\0mif1heic" + b"\0" * 64


SVG = b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
BOMB = png_of(30_000, 30_000)

REFUSED = {
    "nothing at all": (b"", "photo_empty", {}),
    "a PDF": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", "photo_kind", {"kind": "pdf"}),
    "a PDF after some rubbish": (b"\0" * 100 + b"%PDF-1.4", "photo_kind", {"kind": "pdf"}),
    "an SVG named photo.jpg": (SVG, "photo_kind", {"kind": "svg"}),
    "an SVG in UTF-16": (SVG.decode().encode("utf-16"), "photo_kind", {"kind": "svg"}),
    "a still GIF": (encoded(half_red(), "GIF"), "photo_kind", {"kind": "gif"}),
    "a moving GIF": (moving("GIF"), "photo_kind", {"kind": "gif"}),
    "a moving WebP": (moving("WEBP"), "photo_kind", {"kind": "animation"}),
    "a moving PNG": (moving("PNG"), "photo_kind", {"kind": "animation"}),
    "a BMP": (encoded(half_red(), "BMP"), "photo_kind", {"kind": "bmp"}),
    "a TIFF": (encoded(half_red(), "TIFF"), "photo_kind", {"kind": "tiff"}),
    "an AVIF": (heif(b"avif"), "photo_kind", {"kind": "avif"}),
    "a film": (heif(b"isom"), "photo_kind", {"kind": "video"}),
    "a Word document": (b"PK\x03\x04word/document.xml", "photo_kind", {"kind": "document"}),
    "a web page": (b"<!doctype html><img src=x>", "photo_kind", {"kind": "page"}),
    "a page that begins with its head": (b"<head><title>x</title>", "photo_kind", {"kind": "page"}),
    "a program of the web": (b"  <?php system($_GET[0]);", "photo_kind", {"kind": "page"}),
    "text named photo.png": ("عکس".encode(), "photo_kind", {"kind": "unknown"}),
    "a 900-megapixel header": (BOMB, "photo_too_many_pixels", {"megapixels": 50}),
    "a 100-megapixel header": (png_of(10_000, 10_000), "photo_too_many_pixels", {"megapixels": 50}),
    "a very long strip": (png_of(12_001, 10), "photo_too_many_pixels", {"megapixels": 50}),
    "half a JPEG": (encoded(half_red((900, 900)))[:2000], "photo_damaged", {}),
    "half a PNG": (encoded(half_red(), "PNG")[:200], "photo_damaged", {}),
    "half a WebP": (encoded(half_red((900, 900)), "WEBP")[:300], "photo_damaged", {}),
    "only a JPEG's first bytes": (b"\xff\xd8\xff\xe0", "photo_damaged", {}),
    "only a PNG's first bytes": (b"\x89PNG\r\n\x1a\n", "photo_damaged", {}),
    "a JPEG of a thousand scans": (
        encoded(half_red())[:-2] + b"\xff\xda\x00\x08\x01\x01\x00\x00?\x00" * 1000,
        "photo_damaged",
        {},
    ),
    "fifteen megabytes": (
        encoded(half_red()) + b"\0" * 15_000_000,
        "photo_too_large",
        {"megabytes": 12},
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_no_still_photo_is_refused_with_its_reason(case):
    data, key, facts = REFUSED[case]
    with pytest.raises(Invalid) as refused:
        take_photo(data)
    assert (refused.value.key, refused.value.facts) == (key, facts)
    assert refused.value.field == "photos"
    sentence = refusal(key, **facts)
    assert "{" not in sentence
    assert sentence.endswith(".")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_the_three_kinds_become_a_jpeg_and_a_thumbnail(kind):
    data = encoded(half_red((2400, 1200)), kind)
    photo = take_photo(data)
    web, thumb = opened(photo.web), opened(photo.thumb)
    assert isinstance(photo, Photo)
    assert (web.format, web.size) == ("JPEG", (1600, 800))
    assert (photo.width, photo.height) == (1600, 800)
    assert (thumb.format, thumb.size) == ("JPEG", (320, 160))
    red, blue = web.getpixel((100, 400)), web.getpixel((1500, 400))
    assert red[0] > 230
    assert red[2] < 40
    assert blue[2] > 230
    assert blue[0] < 40


def test_a_small_picture_is_never_enlarged():
    photo = take_photo(encoded(half_red((64, 48))))
    assert (photo.width, photo.height) == (64, 48)


def test_the_place_and_the_camera_are_gone():
    exif = Image.Exif()
    exif[0x010F] = "SecretCamera"
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (35.0, 42.0, 11.0)
    data = encoded(half_red(), exif=exif, comment=b"SecretComment", dpi=(72, 72))
    assert b"SecretCamera" in data
    assert b"SecretComment" in data
    photo = take_photo(data)
    for version in (photo.web, photo.thumb):
        assert b"Secret" not in version
        assert b"Exif" not in version
        assert not opened(version).getexif()


def with_broken_notes(tags: int) -> bytes:
    """Return a JPEG whose camera's notes lead so many tags behind the end of the file."""
    entries = b"".join(struct.pack("<HHII", tag, 2, 60_000, 8) for tag in range(tags))
    notes = b"Exif\0\0II*\0" + struct.pack("<IH", 8, tags) + entries + bytes(4)
    data = encoded(half_red())
    return data[:2] + b"\xff\xe1" + struct.pack(">H", len(notes) + 2) + notes + data[2:]


def test_a_file_writes_nothing_into_the_log_by_notes_that_cannot_be_read(tmp_path):
    """In a process of its own: here warnings are errors."""
    file = tmp_path / "notes.jpg"
    file.write_bytes(with_broken_notes(5_000))
    program = (
        "import sys; from pathlib import Path; from publicmeeting.media.intake.photo import *; "
        "print(take_photo(Path(sys.argv[1]).read_bytes()).width)"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program, file], capture_output=True, cwd=PROJECT, check=True
    )
    assert (ended.stdout, ended.stderr) == (b"400\n", b"")


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_texts_and_profiles_of_other_kinds_are_gone(kind):
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Author", "SecretAuthor")
    options = (
        {"pnginfo": notes} if kind == "PNG" else {"xmp": b"<x:xmpmeta>SecretAuthor</x:xmpmeta>"}
    )
    data = encoded(half_red(), kind, **options)
    assert b"SecretAuthor" in data
    assert b"SecretAuthor" not in take_photo(data).web


@pytest.mark.parametrize("turn", range(1, 9))
def test_a_turned_phone_still_gives_an_upright_picture(turn):
    undo = {2: 2, 3: 3, 4: 4, 5: 5, 6: 8, 7: 7, 8: 6}
    stored = half_red((400, 200))
    if turn in undo:
        stored = stored.transpose(_UPRIGHT[undo[turn]])
    exif = Image.Exif()
    exif[0x0112] = turn
    image = opened(take_photo(encoded(stored, exif=exif)).web)
    assert image.size == (400, 200)
    assert image.getpixel((50, 100))[0] > 200
    assert image.getpixel((350, 100))[2] > 200


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_other_kinds_are_turned_upright_too(kind):
    exif = Image.Exif()
    exif[0x0112] = 6
    stored = half_red((400, 200)).transpose(Image.Transpose.ROTATE_90)
    image = opened(take_photo(encoded(stored, kind, exif=exif)).web)
    assert image.size == (400, 200)
    assert image.getpixel((50, 100))[0] > 200


@pytest.mark.parametrize("turn", [0, 9, 65_535])
def test_a_senseless_orientation_is_ignored(turn):
    exif = Image.Exif()
    exif[0x0112] = turn
    assert take_photo(encoded(half_red(), exif=exif)).width == 400


@pytest.mark.filterwarnings("ignore:Corrupt EXIF")
def test_a_camera_with_broken_notes_keeps_its_picture():
    data = encoded(half_red(), exif=b"Exif\0\0MM\0*\xff\xff\xff\xff" + b"\xff" * 40)
    assert take_photo(data).width == 400


def test_a_picture_with_a_colour_profile_becomes_srgb():
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = srgb.replace(b"rXYZ", b"????").replace(b"gXYZ", b"rXYZ").replace(b"????", b"gXYZ")
    plain = opened(take_photo(encoded(half_red(), icc_profile=srgb)).web)
    turned = opened(take_photo(encoded(half_red(), icc_profile=swapped)).web)
    assert "icc_profile" not in plain.info
    assert plain.getpixel((50, 100))[0] > 230
    assert turned.getpixel((50, 100))[1] > 200
    assert turned.getpixel((50, 100))[0] < 60


def test_a_profile_that_says_nothing_is_ignored():
    xyz = ImageCms.ImageCmsProfile(ImageCms.createProfile("XYZ")).tobytes()
    for profile in (xyz, b"no profile", b"\0" * 3_000_000):
        photo = take_photo(encoded(half_red(), icc_profile=profile))
        assert opened(photo.web).getpixel((50, 100))[0] > 230


@pytest.mark.parametrize("mode", ["L", "LA", "P", "RGBA", "1", "I;16"])
def test_every_kind_of_pixel_of_a_png_is_understood(mode):
    image = (
        Image.new("I;16", (64, 64), 51_400) if mode == "I;16" else half_red((64, 64)).convert(mode)
    )
    web = opened(take_photo(encoded(image, "PNG")).web)
    assert web.mode == "RGB"
    if mode == "I;16":
        assert abs(web.getpixel((30, 30))[0] - 200) < 4


def test_print_colours_are_understood():
    assert opened(take_photo(encoded(half_red().convert("CMYK"))).web).mode == "RGB"


def test_glass_lies_on_white_and_ink_may_stay_clear():
    clear = Image.new("RGBA", (64, 64), (0, 0, 0, 0))
    data = encoded(clear, "PNG")
    assert opened(take_photo(data).web).getpixel((5, 5)) == (255, 255, 255)
    ink = open_picture(data, side=64, alpha=True)
    assert ink.mode == "RGBA"
    assert ink.getpixel((5, 5))[3] == 0


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA"])
def test_a_picture_made_small_in_strips_has_no_seams(mode):
    ramp = Image.linear_gradient("L").resize((3400, 3001)).convert(mode)
    web = opened(take_photo(encoded(ramp, "PNG")).web).convert("L")
    assert web.size == (1600, 1412)
    column = [web.getpixel((800, y)) for y in range(web.height)]
    assert max(abs(column[y] - column[y - 1]) for y in range(1, len(column))) <= 2
    assert column[0] < 3
    assert column[-1] > 252


def test_what_would_not_fit_into_memory_is_told_in_megapixels():
    strict = Limits(memory=800_000)
    with pytest.raises(Invalid, match="photo_too_many_pixels") as refused:
        take_photo(encoded(half_red((1500, 1000)), "WEBP"), limits=strict)
    assert refused.value.facts == {"megapixels": 0}
    assert take_photo(encoded(half_red((200, 200)), "WEBP"), limits=strict).width == 200


def test_limits_are_an_argument():
    strict = Limits(pixels=1000)
    with pytest.raises(Invalid, match="photo_too_many_pixels"):
        take_photo(encoded(half_red()), limits=strict)
    assert take_photo(encoded(half_red((20, 20))), limits=strict).width == 20


def test_a_picture_of_two_pictures_is_taken_by_its_first():
    """Some phones write an MPO: a JPEG with a second one appended."""
    data = encoded(
        half_red((800, 400)), "MPO", save_all=True, append_images=[Image.new("RGB", (8, 8))]
    )
    assert take_photo(data).width == 800


def test_the_same_file_has_the_same_name():
    data = encoded(half_red())
    assert take_photo(data).sha256 == take_photo(data).sha256 != take_photo(data + b"\0").sha256


def test_many_threads_take_photos_at_once():
    data, widths = encoded(half_red((1200, 600))), []
    in_threads(*[lambda: widths.append(take_photo(data).width)] * 8)
    assert widths == [1200] * 8


def test_the_pdf_sentence_says_what_to_do():
    assert refusal("photo_kind", kind="pdf").endswith("از برگه عکس بگیرید.")
    assert "۱۲ مگابایت" in refusal("photo_too_large", megabytes=12)
