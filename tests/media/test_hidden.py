"""A picture that is also a file of another kind is refused; what phones append to theirs is not."""

import io
import random
import zipfile

import pytest
from contract.project_files import PACKAGE
from PIL import Image, PngImagePlugin

from publicmeeting.domain.errors import Invalid
from publicmeeting.media.intake.photo import take_photo
from publicmeeting.media.intake.sniff import OFFERED, PICTURES, kind_of
from publicmeeting.text.refusals.refusals_text import refusal

KINDS = ("JPEG", "PNG", "WEBP")
PAGE = b"<html><body onload=alert(document.cookie)></body></html>"
FILM = b"\0\0\0\x18ftypmp42\0\0\0\0isommp42" + random.Random(4).randbytes(300_000)


def encoded(kind: str, **options) -> bytes:
    out = io.BytesIO()
    Image.effect_noise((300, 200), 40).convert("RGB").save(out, kind, **options)
    return out.getvalue()


def archive() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("run.jar", "x" * 500)
    return out.getvalue()


TAILS = {
    "an archive": archive(),
    "an archive with a comment": archive()[:-2] + b"\x10\0" + b"a longer comment",
    "the beginning of an archive": b"PK\x03\x04 and so on",
    "a padded archive of another kind": bytes(16) + b"Rar!\x1a\x07\x01\0" + bytes(90),
    "a PDF": b"%PDF-1.7\n1 0 obj<<>>endobj\n%%EOF",
    "a page": PAGE,
    "a page in capitals": PAGE.upper(),
    "an SVG": b"\n\n<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>",
    "PHP": b"<?php system($_GET['c']); ?>",
    "short PHP": b"\xffxx<?= system($_GET['c']) ?>",
    "a shell's program": b"#!/bin/sh\nrm -rf /\n",
    "a program of Windows": b"MZ\x90\0" + bytes(60),
    "a program of Linux": b"\x7fELF\x02\x01" + bytes(60),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("tail", TAILS)
def test_something_appended_is_refused(kind, tail):
    with pytest.raises(Invalid, match="photo_hides") as refused:
        take_photo(encoded(kind) + TAILS[tail])
    assert refused.value.field == "photos"
    assert refusal("photo_hides").endswith(".")


def in_a_note(note: bytes, kind: str) -> bytes:
    if kind == "PNG":
        notes = PngImagePlugin.PngInfo()
        notes.add_text("Comment", note.decode("latin-1"))
        return encoded(kind, pnginfo=notes)
    if kind == "WEBP":
        return encoded(kind, xmp=note)
    return encoded(kind, comment=note)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "note",
    [PAGE, b"%PDF-1.4 1 0 obj", b"<?php echo shell_exec('id'); ?>", b"<svg onload=alert(1)>  "],
)
def test_something_in_the_notes_is_refused(kind, note):
    with pytest.raises(Invalid, match="photo_hides"):
        take_photo(in_a_note(note, kind))


def test_a_picture_that_is_a_program_of_the_web_is_refused():
    """Its first bytes open a comment, and an appended note closes it."""
    with pytest.raises(Invalid, match="photo_hides"):
        take_photo(encoded("JPEG", comment=b"*/=alert('a program');/*"))


APPENDED = {
    "nothing": b"",
    "zeros": bytes(5000),
    "a motion photo's film": FILM,
    "Samsung's film": b"\0\0\x30\x0a\x10\0\0\0MotionPhoto_Data" + FILM + b"SEFH\x6b\0\0\0SEFT",
    "a second picture": encoded("JPEG"),
    "a maker's own notes": random.Random(9).randbytes(40_000),
}


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
@pytest.mark.parametrize("tail", APPENDED)
def test_what_phones_append_stays_welcome_and_goes_no_further(kind, tail):
    data = encoded(kind) + APPENDED[tail]
    photo = take_photo(data)
    assert photo.width == 300
    for version in (photo.web, photo.thumb):
        assert version.endswith(b"\xff\xd9")
        assert b"ftyp" not in version


XMP = (
    b'<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
    b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description '
    b'GCamera:MotionPhoto="1" xmlns:GCamera="http://ns.google.com/photos/1.0/camera/"/>'
    b'</rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
)


@pytest.mark.parametrize("kind", ["JPEG", "WEBP"])
def test_a_camera_s_own_notes_are_no_page(kind):
    assert b"xpacket" in encoded(kind, xmp=XMP)
    assert b"xpacket" not in take_photo(encoded(kind, xmp=XMP)).web


@pytest.mark.parametrize("seed", range(3))
def test_the_noise_of_a_dark_photo_is_no_page(seed):
    """Millions of random bytes contain every short text somewhere."""
    noise = Image.frombytes("RGB", (1400, 1000), random.Random(seed).randbytes(4_200_000))
    for kind in ("JPEG", "PNG"):
        out = io.BytesIO()
        noise.save(out, kind)
        assert take_photo(out.getvalue()).width == 1400


def test_a_png_by_the_name_of_a_jpeg_is_a_png():
    assert {kind_of(encoded(kind)) for kind in KINDS} == PICTURES - {"heic"}


def test_each_type_that_is_taken_is_offered_made_smaller_and_named():
    smaller = (PACKAGE / "ui" / "shell" / "smaller.js").read_text(encoding="utf-8")
    named = refusal("photo_kind", kind="unknown").lower()
    for kind in PICTURES:
        assert f"image/{kind}" in OFFERED.split(",")
        assert f'"image/{kind}"' in smaller
        assert kind in named
