"""The only entry for uploaded pictures: they are decoded and encoded again, pixel by pixel."""

import hashlib
import io
import tempfile
import threading
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from PIL import Image, ImageCms

from publicmeeting.domain.errors import Invalid
from publicmeeting.media.intake.heic import memory_of as memory_of_heic
from publicmeeting.media.intake.heic import size_of, small_heic, whole_memory_of
from publicmeeting.media.intake.shrink import memory_of, shrunk
from publicmeeting.media.intake.sniff import PICTURES, has_hidden_content, kind_of
from publicmeeting.media.intake.webp import small_webp

# Pillow warns of each tag of a camera's notes that it cannot read, with numbers of the file in the
# sentence. Python writes every such sentence to the log past its limits, and keeps it for ever.
warnings.filterwarnings("ignore", module=r"PIL\.")


class Room:
    """A memory budget for all threads, granted in the order of requests."""

    def __init__(self, size: int) -> None:
        self.size = size
        self._used = 0
        self._freed = threading.Condition()
        self._line = threading.Lock()

    @contextmanager
    def taken(self, size: int) -> Iterator[None]:
        """Hold `size` bytes; raises ValueError if that exceeds the whole budget."""
        if size > self.size:
            raise ValueError("more than the whole room")
        with self._line, self._freed:
            self._freed.wait_for(lambda: self._used + size <= self.size)
            self._used += size
        try:
            yield
        finally:
            with self._freed:
                self._used -= size
                self._freed.notify_all()


MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of accepted pictures and sizes of the results; in bytes and pixels."""

    file_bytes: int = 12 * MIB
    pixels: int = 50_000_000
    """As many as phone cameras have; the decoder's memory limit applies as well."""
    side: int = 12_000
    web_side: int = 1600
    thumb_side: int = 320
    scans: int = 64
    """Scans of a progressive JPEG: cameras write about ten, an attack thousands."""
    profile_bytes: int = 2 * MIB
    memory: int = 225_000_000
    """Maximum memory of one picture while it is decoded, in bytes."""


DEFAULT = Limits()


@dataclass(frozen=True, slots=True)
class Photo:
    """A re-encoded picture: no metadata, upright, sRGB, JPEG."""

    web: bytes
    thumb: bytes
    width: int
    height: int
    sha256: str
    """Hash of the file as received, to recognise duplicates."""


_ROOM = Room(DEFAULT.memory)
"""Memory of all pictures that are decoded simultaneously, except HEIC; with files below 300 MB."""
_HEIC_ROOM = Room(whole_memory_of(DEFAULT.memory, DEFAULT.file_bytes))
"""Memory of HEIC decoders, enough for one of the largest.

It is separate from the others, so that a stranger's expensive HEIC does not block them.
"""
_SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
_ORIENTATION = 0x0112
_IS_UPRIGHT = 1
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_SPACE = {"RGB": "RGB", "L": "GRAY", "CMYK": "CMYK"}


def take_photo(data: bytes, *, limits: Limits = DEFAULT) -> Photo:
    """Check an uploaded file and make the two pictures that are stored.

    Raises Invalid with photo_empty, photo_too_large(megabytes), photo_kind(kind), photo_hides,
    photo_damaged or photo_too_many_pixels(megapixels).
    """
    image = open_picture(data, limits=limits, side=limits.web_side)
    return _photo(image, _jpeg(image, quality=82), data, limits)


def own_drawing(data: bytes) -> Photo:
    """Return a picture that we have drawn, unchanged, with a thumbnail."""
    return _photo(open_picture(data, side=DEFAULT.side), data, data, DEFAULT)


def _photo(image: Image.Image, web: bytes, data: bytes, limits: Limits) -> Photo:
    width, height = image.size
    image.thumbnail((limits.thumb_side, limits.thumb_side), Image.Resampling.LANCZOS)
    return Photo(web, _jpeg(image, quality=80), width, height, hashlib.sha256(data).hexdigest())


def open_picture(
    data: bytes, *, limits: Limits = DEFAULT, side: int, alpha: bool = False
) -> Image.Image:
    """Return the checked picture as fresh pixels, upright, at most `side` pixels long.

    RGB on white, or RGBA with `alpha` (ink on glass). Raises what `take_photo` raises.
    """
    _check_bytes(data, limits)
    try:
        return _decode(data, limits, side, alpha=alpha)
    except Invalid:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as bomb:
        raise _too_many_pixels(limits.pixels) from bomb
    except Exception as broken:
        # Decoders raise almost any exception for hostile bytes; all mean a damaged picture.
        raise Invalid("photo_damaged", field="photos") from broken


def _check_bytes(data: bytes, limits: Limits) -> None:
    if not data:
        raise Invalid("photo_empty", field="photos")
    if len(data) > limits.file_bytes:
        raise Invalid("photo_too_large", field="photos", megabytes=limits.file_bytes // MIB)
    kind = kind_of(data)
    if kind not in PICTURES:
        raise Invalid("photo_kind", field="photos", kind=kind)
    # In JPEG data FF is always followed by 00 or a restart marker, so FF DA starts a scan.
    if kind == "jpeg" and _scans(data) > limits.scans:
        raise Invalid("photo_damaged", field="photos")
    if has_hidden_content(data, kind):
        raise Invalid("photo_hides", field="photos")


def _scans(data: bytes) -> int:
    """Count in pieces, because one call holds the interpreter lock while all others wait."""
    return sum(data.count(b"\xff\xda", at, at + MIB) for at in range(0, len(data), MIB))


def _decode(data: bytes, limits: Limits, side: int, *, alpha: bool) -> Image.Image:
    with ExitStack() as room:  # left only when the decoded data are freed
        image, profile, turn = _read(data, limits, side, room, alpha=alpha)
    image.thumbnail((side, side), Image.Resampling.LANCZOS)
    if isinstance(profile, bytes) and len(profile) <= limits.profile_bytes and not alpha:
        image = _to_srgb(image, profile)
    if turn in _UPRIGHT:
        image = image.transpose(_UPRIGHT[turn])
    if not alpha and image.mode != "RGB":
        image = image.convert("RGB")
    # A new image has no comments, profiles or camera notes.
    clean = Image.new(image.mode, image.size)
    clean.paste(image)
    return clean


def _read(
    data: bytes, limits: Limits, side: int, room: ExitStack, *, alpha: bool
) -> tuple[Image.Image, object, int]:
    """Return the picture, larger than wanted, with its colour profile and orientation."""
    if kind_of(data) == "heic":
        small, profile = _read_heic(data, limits, side, room, alpha=alpha)
        return small, profile, _IS_UPRIGHT
    with Image.open(io.BytesIO(data), formats=("JPEG", "PNG", "WEBP")) as source:
        width, height = source.size
        _require_extent(width, height, limits)
        # A JPEG can be decoded at 1/2, 1/4 or 1/8; Pillow applies it to both sides, so name both.
        longer = max(width, height)
        source.draft(None, (width * side // longer or 1, height * side // longer or 1))
        needed = memory_of(source, side, width * height)
        if needed > limits.memory:
            raise _too_many_pixels(width * height * limits.memory // needed)
        room.enter_context(_ROOM.taken(needed))
        if source.format == "WEBP":
            small = small_webp(data, source, side, alpha=alpha)
        else:
            small = shrunk(source, side, alpha=alpha)
        # Only now, because a PNG reads all its pixels for it.
        return small, source.info.get("icc_profile"), _orientation(source)


def _read_heic(
    data: bytes, limits: Limits, side: int, room: ExitStack, *, alpha: bool
) -> tuple[Image.Image, bytes | None]:
    """The decoder turns the picture upright, so the camera's orientation no longer applies."""
    width, height = size_of(data)
    _require_extent(width, height, limits)
    needed = memory_of_heic(width * height)
    if needed > limits.memory:
        raise _too_many_pixels(width * height * limits.memory // needed)
    room.enter_context(_HEIC_ROOM.taken(whole_memory_of(needed, len(data))))
    return small_heic(data, side, pixels=width * height, alpha=alpha)


def _require_extent(width: int, height: int, limits: Limits) -> None:
    if width * height > limits.pixels or max(width, height) > limits.side:
        raise _too_many_pixels(limits.pixels)


def _orientation(source: Image.Image) -> int:
    try:
        return int(source.getexif().get(_ORIENTATION, 1))
    except Exception:  # noqa: BLE001  (a camera's broken notes must not cost the picture)
        return 1


def _to_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    try:
        theirs = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if theirs.profile.xcolor_space.strip() != _SPACE.get(image.mode):
            return image
        changed = ImageCms.profileToProfile(image, theirs, _SRGB, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return image  # an unreadable profile says nothing about the colours
    return changed or image


def _too_many_pixels(most: int) -> Invalid:
    return Invalid("photo_too_many_pixels", field="photos", megapixels=most // 1_000_000)


def _jpeg(image: Image.Image, quality: int) -> bytes:
    # Pillow releases the interpreter lock when it encodes into a real file, but not into memory.
    with tempfile.TemporaryFile() as out:
        image.save(out, "JPEG", quality=quality, optimize=True, progressive=True)
        out.seek(0)
        return out.read()
